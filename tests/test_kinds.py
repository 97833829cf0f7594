"""Every kind of correction is known wherever kinds are listed: `Kind` is the one table of them."""

import re
from xml.etree import ElementTree as ET

import pytest

from build_tools.build.plan import plan_site
from build_tools.model.edition import Kind
from tests.pages import ROOT
from tests.trees import talk_tree

CORRECTIONS = [kind for kind in Kind if kind.corrects_words]
TEI = "{http://www.tei-c.org/ns/1.0}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


def made(kind: Kind) -> dict[str, str]:
    body = f"**Ann:** We {{~~herd~>heard~~}}[^a] it.\n\n[^a]: {kind.value}, record: So."
    files = plan_site(talk_tree(body)).files
    return {
        path: data.decode() for path, data in files.items() if not path.endswith((".epub", ".png"))
    }


@pytest.mark.parametrize("kind", CORRECTIONS)
def test_tei_has_a_category_for_it(kind: Kind) -> None:
    root = ET.fromstring(made(kind)["transcripts/talk/talk.tei.xml"])
    categories = {
        element.get(XML_ID): element.findtext(f"{TEI}catDesc")
        for element in root.iter(f"{TEI}category")
    }
    (choice,) = root.iter(f"{TEI}choice")
    assert categories[str(choice.get("ana")).removeprefix("#")] == kind.meaning


@pytest.mark.parametrize("kind", CORRECTIONS)
def test_pages_show_it(kind: Kind) -> None:
    page = made(kind)["transcripts/talk.md"]
    assert f'<ins class="sic-{kind.value}"' in page
    assert f"<strong>{kind.label}, on record</strong>" in page


def test_style_knows_no_other_kind() -> None:
    sheets = (path.read_text(encoding="utf-8") for path in (ROOT / "docs/assets").rglob("*.css"))
    styled = {
        name
        for sheet in sheets
        for selector in re.findall(r"\bins:is\(([^)]*)\)|\bins(\.[\w-]+)", sheet)
        for name in re.findall(r"\.sic-(\w+)", "".join(selector))
    }
    assert styled
    assert styled <= {"conjecture", "sense", *(kind.value for kind in CORRECTIONS)}


@pytest.mark.parametrize(
    ("page", "names"), [("format.md", list(Kind)), ("contributing.md", CORRECTIONS)]
)
def test_documents_list_it(page: str, names: list[Kind]) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    rows = set(re.findall(r"^(?:\| |- )`(\w+)`(?: \||:)", text, re.MULTILINE))
    sentences = [set(re.findall(r"`(\w+)`", line)) for line in text.splitlines() if "kind" in line]
    wanted = {kind.value for kind in names}
    assert wanted <= rows or any(wanted <= listed for listed in sentences)


def test_issue_forms_list_all_kinds_or_none() -> None:
    for form in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"):
        words = set(re.findall(r"\w+", form.read_text(encoding="utf-8")))
        particular = {"homophone", "dropout", "repetition", "garble", "cutoff"}
        assert not words & particular or {kind.value for kind in CORRECTIONS} <= words, form.name
