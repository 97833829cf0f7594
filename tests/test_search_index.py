"""The scripts that the search dialog loads: passages of transcripts, entries, sections of pages."""

import json
import re
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from build_tools.model.text import Text
from build_tools.model.transcript import Passage, Piece
from build_tools.pages.search import (
    join_printable,
    join_speech,
    list_passages,
    render_pages,
    render_speech,
)
from build_tools.reading.glossary import parse_entry
from tests.trees import compile_faithful, compile_text, entry_file, lay_out_with

PASSAGE = Passage(
    transcript="talk",
    title="A talk",
    date="2024-05-22",
    chapter="First",
    speaker="Ann",
    address="l1",
    pieces=(Piece("Hello "), Piece("Amodei", "Amadei"), Piece(". Come in.")),
)


def read(script: bytes, name: str) -> Any:
    """What a script hands over."""
    opening = f"sicIndex('{name}',"
    text = script.decode()
    assert text.startswith(opening)
    assert text.endswith(")\n")
    return json.loads(text.removeprefix(opening).removesuffix(")\n"))


def read_speech(*passages: Passage) -> list[Any]:
    """The one transcript of a script."""
    ((transcript),) = read(join_speech([b"", render_speech(passages)]), "speech")
    assert isinstance(transcript, list)
    return transcript


def said_at(body: str, source: str = "") -> list[tuple[str, str]]:
    """The texts of an edition's passages with their addresses."""
    transcript = compile_text(source, body) if source else compile_faithful(body)
    return [(one.address, one.said) for one in list_passages(lay_out_with(transcript))]


def test_a_passage_knows_who_says_it_where_and_what_was_heard() -> None:
    transcript = compile_text(
        "so hello amadei\nthank you",
        "## First\n\n**Ann:** So, hello {~~amadei~>Amodei~~}[^name].\n\n"
        "**Bo:** Thank {==you==}{>>Both?<<}.\n\n[^name]: name, record: He writes it so.\n",
    )
    first, second = list_passages(lay_out_with(transcript))
    assert (first.transcript, first.title, first.date) == ("talk", "A talk", "2024-05-22")
    assert (first.chapter, first.speaker, first.address) == ("First", "Ann", "l1")
    assert first.said == "So, hello Amodei."
    assert [one.heard for one in first.pieces if one.heard] == ["amadei"]
    assert [note.label for note in first.footnotes] == ["name"]
    assert (second.speaker, second.address, second.questions) == ("Bo", "l2", ("Both?",))


def test_a_passage_has_the_address_of_its_first_word() -> None:
    source = "one two\nthree four\nfive"
    assert said_at("One.\n\nTwo three.\n\nFour five.\n", source) == [
        ("l1", "One."),
        ("l1w2", "Two three."),
        ("l2w2", "Four five."),
    ]


def test_a_paragraph_without_a_word_of_the_source_has_the_address_of_the_next() -> None:
    body = (
        "**Ann:** One.\n\n**Bo:** {++No.++}[^n]\n\n**Ann:** Four.\n\n[^n]: dropout, record: So.\n"
    )
    assert said_at(body, "one\nfour") == [("l1", "One."), ("l2", "No."), ("l2", "Four.")]


def test_a_footnote_of_many_places_stands_with_the_first() -> None:
    transcript = compile_text(
        "ola\nola",
        "{~~ola~>Olah~~}[^olah].\n\n{~~ola~>Olah~~}[^olah].\n\n"
        "[^olah]: name, record: He writes it so.\n",
    )
    assert [len(passage.footnotes) for passage in list_passages(lay_out_with(transcript))] == [1, 0]


def test_every_word_said_is_in_one_passage() -> None:
    body = "## A\n\n**Ann:** One two.\n\n## B\n\nThree.\n\n**Bo:** Four.\n"
    assert " ".join(said for _, said in said_at(body)) == "One two. Three. Four."


def test_a_passage_names_the_entries_that_are_said_in_it() -> None:
    transcript = compile_text(
        "ola said hello\nola", "{~~ola~>Olah~~}[^o] said hello.\n\nOla.\n\n[^o]: name: So.\n"
    )
    entry = parse_entry("chris-olah", Text("", entry_file("Olah"))).value
    assert entry
    first, second = list_passages(lay_out_with(transcript, entry))
    assert (first.entries, second.entries) == (("chris-olah",), ())


def test_speech_names_speaker_chapter_words_heard_notes_and_entries() -> None:
    second = replace(PASSAGE, address="l2", chapter="", pieces=(Piece("Bye"),), questions=("Who?",))
    third = replace(second, speaker="Bo", questions=(), entries=("gizmo",))
    assert read_speech(PASSAGE, second, third) == [
        *("talk", "A talk", "2024-05-22", ["Ann", "Bo"], [["First", ""], ["", ""]]),
        [
            ["l1", 0, 0, "Hello Amodei\x91Amadei\x92. Come in."],
            ["l2", 0, 1, "Bye", ["Doubt: Who?"]],
            ["l2", 1, 1, "Bye", [], ["gizmo"]],
        ],
    ]


def test_without_a_passage_there_is_no_transcript() -> None:
    assert read(join_speech([render_speech([])]), "speech") == []


@given(st.text(), st.text(st.sampled_from("<>&\"' ;/=ltgamp\x91\x92\0\n\u2028\ud800)")))
def test_whatever_is_said_the_script_holds_it_as_text(said: str, more: str) -> None:
    hostile = Passage(
        *("talk", more, "2024", said, more, "l1"), *((Piece(said, more), Piece(more)), (), (said,))
    )
    _, title, _, (speaker,), ((chapter, _),), ((_, _, _, words, *_),) = read_speech(hostile)
    assert (title, speaker, chapter) == (*2 * [join_printable(more)], join_printable(said))
    assert not re.search(r"[\x00-\x1f\ud800-\udfff]", words)
    assert words.count("\x91") == words.count("\x92") == bool(join_printable(more))


POLICY = """---
title: Policy
---
# The *policy*

We [say](other.md#x) what `we` do.[^1]
{ .sic-lead }

## What is corrected

- **Names** and <b>terms</b> &amp; more
> quoted lines

```yaml
# no heading
```

## What is `<i>` corrected { #given .x }

| a | b |
|---|--:|
| c | d |

[^1]: A note.

## 1. What is corrected
"""


def test_pages_are_found_by_their_sections() -> None:
    found = read(render_pages([], {}, {"about/policy.md": POLICY.encode()}), "pages")
    assert found == {
        "entries": [],
        "pages": [
            [
                "about/policy",
                [
                    ["", "The policy", "We say what we do."],
                    ["what-is-corrected", "What is corrected", "Names and terms & more"],
                    ["given", "What is <i> corrected", "a b c d A note."],
                    ["1-what-is-corrected", "1. What is corrected", ""],
                ],
            ]
        ],
    }


def test_an_entry_is_found_by_all_its_names_with_how_often_it_is_said() -> None:
    text = Text("", entry_file("Olah", also=["Ola"]))
    entry = parse_entry("olah", text).value
    assert entry
    ((slug, kind, term, also, short, _, times),) = read(
        render_pages([entry], {"olah": 3}, {}), "pages"
    )["entries"]
    assert (slug, term, also, times) == ("olah", "Olah", ["Ola"], 3)
    assert kind == "Concepts"
    assert short == entry.short
