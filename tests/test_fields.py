"""`docs/data.md` lists every field of the published data, and every value is of its type."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import pytest
from hypothesis import given

from build_tools.build.plan import plan_site
from build_tools.model.edition import Evidence, Kind, NonSpeech
from build_tools.model.glossary import KINDS
from tests.generated import Generated, editions
from tests.pages import CHAPTER_ADDRESS, ROOT, real_site
from tests.test_laws import law

TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "list": (list,),
    "object": (dict,),
    "none": (type(None),),
}
PATTERNS = {
    "id": CHAPTER_ADDRESS,
    "sha256": "[0-9a-f]{64}",
    "digest": "[0-9a-f]{40}",
    "url": r"(transcripts|glossary)/[a-z0-9-]+/(#[a-z0-9-]+)?",
    "slug": "[a-z0-9]+(-[a-z0-9]+)*",
    "transcript": "[a-z0-9]+(-[a-z0-9]+)*",
}


_ROW = re.compile(r"^\| `([^`]+)` \| ([^|:]+)(:[^|]+)? \| (\w*) \| [^|]+ \|$", re.MULTILINE)


class Field(NamedTuple):
    """The types of a field, the only values that it may have, and its unit."""

    types: tuple[type, ...]
    values: tuple[str, ...]
    unit: str


@cache
def read_tables() -> dict[str, dict[str, Field]]:
    """The fields by path, by the file that has them."""
    text = (ROOT / "docs/data.md").read_text(encoding="utf-8")
    _, *sections = text.partition("\n## Fields of the tables\n")[2].split("\n### `")
    tables = {}
    for section in sections:
        title, _, body = section.partition("`")
        rows = _ROW.findall(body)
        tables[title] = {
            path: Field(
                tuple(one for name in form.split(" or ") for one in TYPES[name.strip()]),
                tuple(re.findall(r"`(\w+)`", values)),
                unit,
            )
            for path, form, values, unit in rows
        }
    return tables


def list_values(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every value below a record, each with the path of its field."""
    for name, inner in value.items() if isinstance(value, dict) else ():
        yield f"{path}{name}", inner
        if name != "speakers" or isinstance(inner, list):
            yield from list_values(inner, f"{path}{name}.")
            for item in inner if isinstance(inner, list) else ():
                yield from list_values(item, f"{path}{name}[].")


def list_records(files: Mapping[str, bytes]) -> Iterator[tuple[str, Any]]:
    """Every record of the data, each with the name of its file."""
    for path, data in files.items():
        if path.endswith("/transcript.json"):
            yield "transcripts/<slug>/transcript.json", json.loads(data)
        elif path in ("data/corrections.json", "data/doubts.json", "data/glossary.json"):
            yield from ((path, record) for record in json.loads(data))
        elif path == "data/turns.jsonl":
            yield from ((path, json.loads(line)) for line in data.decode().splitlines())


def check_files(files: Mapping[str, bytes]) -> set[str]:
    """Holds every value to the page; returns the files that have a record."""
    met = set()
    for name, record in list_records(files):
        met.add(name)
        fields = read_tables()[name]
        found = dict(list_values(record))
        top = {path for path in fields if "." not in path}
        assert top <= found.keys() <= fields.keys(), name
        for path, value in list_values(record):
            field = fields[path]
            assert type(value) in field.types, (name, path, value)
            assert not field.values or value is None or value in field.values, (name, path, value)
            number = isinstance(value, int | float)
            assert not isinstance(value, int | float) or value >= 0, (name, path, value)
            pattern = PATTERNS.get(path.rpartition(".")[2])
            assert not pattern or re.fullmatch(pattern, str(value)), (name, path, value)
            assert not field.unit or value is None or number, (name, path, value)
    return met


@pytest.mark.slow
def test_the_collection_has_the_fields_of_the_page() -> None:
    files = real_site("https://example.org/")
    assert check_files(files) == read_tables().keys()
    for path in ("data/corrections.csv", "data/corrections-spreadsheet.csv"):
        (columns, *_) = csv.reader(io.StringIO(files[path].decode()))
        table = path.replace("-spreadsheet", "").replace("corrections.csv", "corrections.json")
        assert columns == list(read_tables()[table]), path


@law
@given(editions())
def test_any_edition_has_the_fields_of_the_page(made: Generated) -> None:
    check_files(plan_site(made.tree).files)


@pytest.mark.parametrize(
    ("name", "path", "values"),
    [
        *(
            (name, path, [kind.value for kind in Kind if kind.is_correction])
            for name, path in (
                ("transcripts/<slug>/transcript.json", "errors.kinds[].kind"),
                ("data/corrections.json", "kind"),
            )
        ),
        ("data/corrections.json", "evidence", list(Evidence)),
        (
            "transcripts/<slug>/transcript.json",
            "turns[].non_speech[].kind",
            [kind.value for kind in NonSpeech],
        ),
        ("data/glossary.json", "kind", list(KINDS)),
    ],
)
def test_the_page_has_every_kind(name: str, path: str, values: list[str]) -> None:
    assert list(read_tables()[name][path].values) == values
