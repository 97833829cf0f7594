"""`docs/format.md` is true: every example in it is run, and nothing that can be said is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from pydantic import BaseModel

from build_tools.front_matter import (
    EditionFields,
    EntryFields,
    ReferenceFields,
    SourceFields,
    ThemeFields,
    TimingFields,
)
from build_tools.glossary import KINDS
from build_tools.model import Kind
from build_tools.sources import FORMATS
from tests.cases import EXPECTED, ROOT, Case, check_case, read_cases

PAGE = ROOT / "docs/format.md"


@pytest.mark.parametrize("case", read_cases(PAGE), ids=str)
def test_example_holds(case: Case) -> None:
    check_case(case)


def test_every_fence_is_an_example_that_is_run() -> None:
    fences = [line for line in PAGE.read_text(encoding="utf-8").split("\n") if "```" in line]
    blocks = [block for case in read_cases(PAGE) for block in (*case.given, *case.expected)]
    assert fences == [line for block in blocks for line in (f"```{block.name}", "```")]


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        (
            "Front matter",
            [*EditionFields.model_fields, *SourceFields.model_fields, *TimingFields.model_fields],
        ),
        ("The glossary", [*EntryFields.model_fields, *ReferenceFields.model_fields, *KINDS]),
        ("Then and now", list(ThemeFields.model_fields)),
        ("Footnotes", [kind.value for kind in Kind]),
        ("Sources", list(FORMATS)),
        ("Marks", ["{~~heard~>said~~}", "{++said++}", "{--heard--}", "{==words==}"]),
    ],
)
def test_section_names_everything_that_can_be_written(heading: str, names: Iterable[str]) -> None:
    text = section(heading)
    assert [name for name in names if f"`{name}" not in text] == []


def test_every_published_file_is_shown_whole() -> None:
    shown = {
        block.name for case in read_cases(PAGE) for block in case.expected if "." in block.name
    }
    assert shown == {name for name in EXPECTED if "." in name}


@pytest.mark.parametrize(
    ("heading", "fields"), [("Front matter", EditionFields), ("The glossary", EntryFields)]
)
def test_table_says_which_keys_are_needed(heading: str, fields: type[BaseModel]) -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w*) ?\|", section(heading), re.MULTILINE)
    said = {name for name, needed in rows if needed == "yes"} & fields.model_fields.keys()
    assert said == {name for name, info in fields.model_fields.items() if info.is_required()}


def section(heading: str) -> str:
    """The text of a section, up to the next of its level."""
    text = PAGE.read_text(encoding="utf-8")
    begin = text.index(f"\n## {heading}\n")
    return text[begin : text.index("\n## ", begin + 1)]
