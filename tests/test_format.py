"""Every example in `docs/format.md` and `docs/data.md` holds, and the pages are complete."""

import re
from collections.abc import Iterable
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from build_tools.model.edition import EditionHead, EditionSource, Kind, NonSpeech
from build_tools.model.front_matter import FrontMatter
from build_tools.model.glossary import KINDS, EntryHead, Reference
from build_tools.model.theme import ThemeHead
from build_tools.sources.formats import FORMATS
from tests.cases import EXPECTED, ROOT, Case, check_case, read_cases


def names(form: type[FrontMatter]) -> list[str]:
    return [field.name for field in fields(form)]


PAGE, DATA_PAGE = ROOT / "docs/format.md", ROOT / "docs/data.md"


@pytest.mark.parametrize("case", [*read_cases(PAGE), *read_cases(DATA_PAGE)], ids=str)
def test_example_holds(case: Case) -> None:
    check_case(case)


@pytest.mark.parametrize("page", [PAGE, DATA_PAGE], ids=lambda page: page.name)
def test_every_fence_is_an_example_that_is_run(page: Path) -> None:
    fences = [line for line in page.read_text(encoding="utf-8").split("\n") if "```" in line]
    blocks = [block for case in read_cases(page) for block in (*case.given, *case.expected)]
    assert fences == [line for block in blocks for line in (f"```{block.name}", "```")]


def test_page_for_contributors_is_short() -> None:
    assert len(PAGE.read_text(encoding="utf-8").split()) <= 2_500


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("Front matter", [*names(EditionHead), *names(EditionSource)]),
        ("The glossary", [*names(EntryHead), *names(Reference), *KINDS]),
        ("Then and now", names(ThemeHead)),
        ("Footnotes", [kind.value for kind in Kind]),
        ("Sources", list(FORMATS)),
        ("Marks", ["{~~heard~>said~~}", "{++said++}", "{--heard--}", "{==words==}"]),
        ("Marks", [one.written for one in NonSpeech]),
    ],
)
def test_section_names_everything_that_can_be_written(heading: str, names: Iterable[str]) -> None:
    text = section(heading)
    assert [name for name in names if f"`{name}" not in text] == []


def test_every_published_file_is_shown_whole() -> None:
    shown = {
        block.name for case in read_cases(DATA_PAGE) for block in case.expected if "." in block.name
    }
    assert shown == {name for name in EXPECTED if "." in name}


@pytest.mark.parametrize(
    ("heading", "form"), [("Front matter", EditionHead), ("The glossary", EntryHead)]
)
def test_table_says_which_keys_are_needed(heading: str, form: type[FrontMatter]) -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w*) ?\|", section(heading), re.MULTILINE)
    said = {name for name, needed in rows if needed == "yes"} & set(names(form))
    assert said == {
        field.name
        for field in fields(form)
        if field.default is MISSING and field.default_factory is MISSING
    }


def section(heading: str) -> str:
    """The text of a section, up to the next of its level."""
    text = f"{PAGE.read_text(encoding='utf-8')}\n## "
    begin = text.index(f"\n## {heading}\n")
    return text[begin : text.index("\n## ", begin + 1)]
