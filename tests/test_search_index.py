"""The search index of either engine: its passages of transcripts."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_tools.build.engine import write_search
from build_tools.build.output import EngineError
from build_tools.model.transcript import Passage, Piece
from build_tools.pages.search import render_index
from build_tools.transcript.passages import list_passages
from tests.trees import compile_faithful, compile_text, lay_out_with

PAGE = "transcripts/talk/"
MATERIAL = {
    "config": {"lang": ["en"]},
    "docs": [
        {"location": "glossary/gizmo/", "title": "gizmo", "text": "<p>Glossary</p>"},
        {"location": "glossary/gizmo/#gizmo", "title": "gizmo", "text": "<p>A thing.</p>"},
        {"location": PAGE, "title": "A talk", "text": "<p>2024</p>"},
        {"location": f"{PAGE}#a-talk", "title": "A talk", "text": "<p>About.</p>"},
        {"location": f"{PAGE}#l1", "title": "First", "text": "<p>1 Ann Hello.</p>"},
        {"location": f"{PAGE}#corrections-and-notes", "title": "Notes", "text": "<p>He.</p>"},
        {"location": "policy/", "title": "Policy", "text": "<p>What is corrected.</p>"},
    ],
}
ZENSICAL = {
    "config": MATERIAL["config"],
    "items": [
        {**document, "level": 1, "path": [document["title"]], "tags": []}
        for document in MATERIAL["docs"]
        if isinstance(document, dict)
    ],
}
PASSAGE = Passage(
    transcript="talk",
    title="A talk",
    date="2024-05-22",
    chapter="First",
    speaker="Ann",
    address="l1",
    line=1,
    time=None,
    pieces=(Piece("Hello "), Piece("Amodei", "Amadei"), Piece(". Come in.")),
)


def rendered(index: dict[str, Any], *passages: Passage) -> list[dict[str, Any]]:
    """The documents of an index with passages in it."""
    written = json.loads(render_index(json.dumps(index), passages))
    assert written["config"] == index["config"]
    documents: list[dict[str, Any]] = written["docs" if "docs" in index else "items"]
    return documents


def said_at(body: str, source: str = "") -> dict[str, str]:
    """The texts of an edition's passages by their addresses."""
    transcript = compile_text(source, body) if source else compile_faithful(body)
    passages = list_passages(lay_out_with(transcript))
    assert len({passage.address for passage in passages}) == len(passages)
    return {passage.address: passage.said for passage in passages}


def test_a_passage_knows_who_says_it_where_and_what_was_heard() -> None:
    transcript = compile_text(
        "so hello amadei\nthank you",
        "## First\n\n**Ann:** So, hello {~~amadei~>Amodei~~}[^name].\n\n"
        "**Bo:** Thank {==you==}{>>Both?<<}.\n\n[^name]: name, record: He writes it so.\n",
    )
    first, second = list_passages(lay_out_with(transcript))
    assert (first.transcript, first.title, first.date) == ("talk", "A talk", "2024-05-22")
    assert (first.chapter, first.speaker, first.address, first.line) == ("First", "Ann", "l1", 1)
    assert (first.said, first.heard) == ("So, hello Amodei.", ("amadei",))
    assert [note.label for note in first.footnotes] == ["name"]
    assert (second.speaker, second.address, second.questions) == ("Bo", "l2", ("Both?",))


def test_a_passage_has_the_address_of_its_first_word() -> None:
    source = "one two\nthree four\nfive"
    assert said_at("One.\n\nTwo three.\n\nFour five.\n", source) == {
        "l1": "One.",
        "l1w2": "Two three.",
        "l2w2": "Four five.",
    }


def test_a_paragraph_without_a_word_of_the_source_is_one_passage_with_the_next() -> None:
    body = (
        "**Ann:** One.\n\n**Bo:** {++No.++}[^n]\n\n**Ann:** Four.\n\n[^n]: dropout, record: So.\n"
    )
    assert said_at(body, "one\nfour") == {"l1": "One.", "l2": "No. Ann: Four."}


def test_a_footnote_of_many_places_stands_with_the_first() -> None:
    transcript = compile_text(
        "ola\nola",
        "{~~ola~>Olah~~}[^olah].\n\n{~~ola~>Olah~~}[^olah].\n\n"
        "[^olah]: name, record: He writes it so.\n",
    )
    assert [len(passage.footnotes) for passage in list_passages(lay_out_with(transcript))] == [1, 0]


def test_every_word_said_is_in_one_passage() -> None:
    body = "## A\n\n**Ann:** One two.\n\n## B\n\nThree.\n\n**Bo:** Four.\n"
    assert " ".join(said_at(body).values()).replace("Bo: ", "") == "One two. Three. Four."


def test_in_material_a_result_names_speaker_place_and_chapter_below_its_page() -> None:
    documents = rendered(MATERIAL, PASSAGE)
    assert [document["location"] for document in documents] == [
        "glossary/gizmo/",
        "glossary/gizmo/#gizmo",
        PAGE,
        f"{PAGE}#l1",
        f"{PAGE}#a-talk",
        "policy/",
    ]
    assert documents[3] == {
        "location": f"{PAGE}#l1",
        "title": "Ann, line 1 · First",
        "text": "<p>Hello Amodei (heard: Amadei).</p><p>Come in.</p>",
    }


def test_in_zensical_a_result_names_its_transcript_too_and_a_page_is_one_result() -> None:
    documents = rendered(ZENSICAL, PASSAGE)
    assert [document["location"] for document in documents] == [
        "glossary/gizmo/",
        PAGE,
        f"{PAGE}#l1",
        "policy/",
    ]
    assert documents[0]["text"] == "<p>A thing.</p> <p>Glossary</p>"
    assert documents[2]["title"] == "First"
    assert documents[2]["path"] == ["A talk", "Ann, line 1"]


@pytest.mark.parametrize("index", [MATERIAL, ZENSICAL], ids=["material", "zensical"])
def test_pages_that_are_files_are_found_as_well(index: dict[str, Any]) -> None:
    offline = json.loads(json.dumps(index).replace(PAGE, "transcripts/talk.html"))
    locations = [document["location"] for document in rendered(offline, PASSAGE)]
    assert "transcripts/talk.html#l1" in locations
    assert "transcripts/talk.html#corrections-and-notes" not in locations


@pytest.mark.parametrize("index", [MATERIAL, ZENSICAL], ids=["material", "zensical"])
def test_an_index_without_the_page_gets_no_passage_of_it(index: dict[str, Any]) -> None:
    before = json.loads(json.dumps(index).replace(PAGE, "elsewhere/"))
    assert not [item for item in rendered(before, PASSAGE) if item["title"].startswith("Ann")]


def test_an_unknown_time_speaker_or_chapter_leaves_nothing_behind() -> None:
    bare = PASSAGE.__class__(
        "talk", "A talk", "2024", "", "", "t187", 40, 187_000, (Piece("Hello."),)
    )
    assert rendered(MATERIAL, bare)[3]["title"] == "03:07"
    assert rendered(ZENSICAL, bare)[2]["title"] == "A talk"


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag + str(attrs or ""))


@given(st.text(), st.text(st.sampled_from("<>&\"' ;/=ltgampscri\0\n\u2028!-.")))
def test_whatever_is_said_the_index_holds_no_tag_but_its_own(said: str, more: str) -> None:
    passage = Passage(
        "talk",
        more,
        "2024",
        said,
        more,
        "l1",
        1,
        None,
        (Piece(said, more), Piece(more)),
        (),
        (said,),
    )
    for index, number in ((MATERIAL, 3), (ZENSICAL, 2)):
        document = rendered(index, passage)[number]
        assert set(_Tags(document["text"]).tags) <= {"p"}
        for shown in (document["title"], *document.get("path", ())):
            assert _Tags(shown).tags == []
            assert "<" not in shown


@pytest.mark.parametrize("index", [MATERIAL, ZENSICAL], ids=["material", "zensical"])
def test_done_again_nothing_changes(index: dict[str, Any]) -> None:
    once = render_index(json.dumps(index), [PASSAGE])
    assert render_index(json.dumps(index), [PASSAGE]) == once
    assert json.loads(render_index(once, [PASSAGE])) == json.loads(once)


def test_the_script_for_files_holds_what_the_index_holds(tmp_path: Path) -> None:
    (tmp_path / "search.json").write_text(json.dumps(ZENSICAL))
    (tmp_path / "search.js").write_text("var __index = {}")
    write_search(tmp_path, [PASSAGE])
    index = (tmp_path / "search.json").read_text(encoding="utf-8")
    assert "Amadei" in index
    assert (tmp_path / "search.js").read_text(encoding="utf-8") == f"var __index = {index}"


def test_a_site_without_search_stays_as_it_is(tmp_path: Path) -> None:
    write_search(tmp_path, [PASSAGE])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("index", ["{}", "[", '{"pages": []}'])
def test_an_index_of_another_shape_stops_the_build(index: str, tmp_path: Path) -> None:
    (tmp_path / "search.json").write_text(index)
    with pytest.raises(EngineError, match=r"search\.json is no search index.*requirements/"):
        write_search(tmp_path, [PASSAGE])
