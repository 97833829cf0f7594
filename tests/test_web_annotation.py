"""Web Annotations: a library that is not ours finds every one of them, and the same words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from anchorpoint.textselectors import TextPositionSelector, TextQuoteSelector, TextSelectionError
from hypothesis import given

from build_tools.corpus import parse_corpus, read_tree
from build_tools.plan import plan_site
from build_tools.words import find_keys
from tests.generated import Generated, editions
from tests.test_data import ALL_DOCS
from tests.test_laws import law
from tests.trees import talk_tree

# The bodies' purposes and the annotations' motivations: words of the standard, and which mark is
# which.
MOTIVATIONS = ("editing", "commenting", "questioning")
PURPOSES = (*MOTIVATIONS, "classifying")


class Anchored(NamedTuple):
    """An annotation in its place, as the library found it: what it selects, what it says."""

    start: int
    end: int
    words: str
    motivation: str
    bodies: list[tuple[str, str]]
    scope: str

    @property
    def edit(self) -> str:
        """What is to stand there."""
        return next(value for purpose, value in self.bodies if purpose == "editing")


def anchor(item: Mapping[str, Any], text: str) -> Anchored:
    """An annotation anchored by its quotation and by its position, which must agree."""
    target = item["target"]
    assert target["source"] == "heard.txt"
    quote, position = target["selector"]
    assert (quote.pop("type"), position.pop("type")) == (
        "TextQuoteSelector",
        "TextPositionSelector",
    )
    start, end = position["start"], position["end"]
    words = ""
    if start < end:
        by_position = TextPositionSelector(**position)
        by_quote = TextQuoteSelector(**quote).as_unique_position(text)
        assert by_quote == by_position
        words = by_position.select_text(text)
    assert words == quote["exact"]
    assert text[:start].endswith(quote["prefix"])
    assert text[end:].startswith(quote["suffix"])
    bodies = [(body["purpose"], body["value"]) for body in item["body"]]
    assert item["motivation"] in MOTIVATIONS
    assert {purpose for purpose, _ in bodies} <= set(PURPOSES)
    return Anchored(start, end, words, item["motivation"], bodies, target["scope"])


def read_annotations(files: Mapping[str, bytes], slug: str) -> tuple[str, list[Anchored]]:
    """The text as heard, and every annotation on it, anchored."""
    text = files[f"transcripts/{slug}/heard.txt"].decode()
    collection = json.loads(files[f"transcripts/{slug}/annotations.json"])
    items = collection["first"]["items"]
    assert collection["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert collection["total"] == len(items) == len({item["id"] for item in items})
    return text, [anchor(item, text) for item in items]


def carry_out(text: str, anchored: list[Anchored]) -> tuple[str, ...]:
    """The keys of a text's words with every edit carried out."""
    pieces = []
    position = 0
    for edit in sorted((a for a in anchored if a.motivation == "editing"), key=lambda a: a[:2]):
        assert position <= edit.start
        pieces += [text[position : edit.start], " ", edit.edit, " "]
        position = edit.end
    return find_keys("".join([*pieces, text[position:]]))


@pytest.mark.parametrize("name", ALL_DOCS)
def test_every_mark_is_found_where_it_is(name: str) -> None:
    docs = read_tree(ALL_DOCS[name])
    files = plan_site(docs).files
    for transcript in parse_corpus(docs).transcripts:
        slug = transcript.edition.slug
        text, anchored = read_annotations(files, slug)
        assert text.splitlines() == [cue.text for cue in transcript.source.cues]
        assert find_keys(text) == tuple(word.key for word in transcript.source.words)
        assert carry_out(text, anchored) == tuple(word.key for word in transcript.said_words)
        assert len(anchored) == len(transcript.occurrences)
        edits = [a for a in anchored if a.motivation == "editing"]
        corrections = [
            correction
            for correction in json.loads(files["data/corrections.json"])
            if correction["transcript"] == slug
        ]
        for edit, correction in zip(edits, corrections, strict=True):
            assert ("commenting", correction["reason"]) in edit.bodies
            assert ("classifying", correction["kind"]) in edit.bodies
            assert (("classifying", "conjecture") in edit.bodies) == correction["conjecture"]
            if correction["heard"]:
                assert find_keys(edit.words) == find_keys(correction["heard"])
                assert find_keys(edit.edit) == find_keys(correction["corrected"])


@law
@given(editions())
def test_any_mark_is_found_where_it_is(made: Generated) -> None:
    text, anchored = read_annotations(plan_site(made.tree).files, "talk")
    assert find_keys(text) == made.keys
    assert carry_out(text, anchored) == made.said_keys


def annotate(body: str, source: str) -> list[Anchored]:
    """The annotations of a body with one footnote `a` for corrections and one `n` for notes."""
    footnotes = "".join(
        f"[^{label}]: {kind}: Because.\n"
        for label, kind in (("a", "name"), ("n", "note"))
        if f"[^{label}]" in body
    )
    files = plan_site(talk_tree(f"**Ann:** {body}\n\n{footnotes}", source=source)).files
    return read_annotations(files, "talk")[1]


def test_a_correction_a_note_and_a_doubt() -> None:
    body = "We met {~~Ola~>Olah~~}[^a], in {==spring==}{>>Or “sprang”?<<}.[^n]"
    edit, doubt, note = annotate(body, "We met ola\nin spring\n")
    assert edit == Anchored(
        start=7,
        end=10,
        words="ola",
        motivation="editing",
        bodies=[("editing", "Olah"), ("classifying", "name"), ("commenting", "Because.")],
        scope="./#l1",
    )
    assert (doubt.words, doubt.motivation, doubt.scope) == ("spring", "questioning", "./#l2")
    assert doubt.bodies == [("questioning", "Or “sprang”?")]
    assert (note.words, note.motivation) == ("spring", "commenting")
    assert note.bodies == [("commenting", "Because.")]


@pytest.mark.parametrize(
    ("body", "source", "expected"),
    [
        # What was not heard joins the word before it, or else the one behind it.
        ("We {++all++}[^a] met", "we met", [("we", "We all")]),
        ("{++So++}[^a] we met", "we met", [("we", "So we")]),
        ("{--we--}[^a] {++they++}[^a] met", "we met", [("we", ""), ("met", "they met")]),
        # Between changed words there is nothing to join: it is a point.
        ("{--a--}[^a] {++I++}[^a] {--b--}[^a]", "a b", [("a", ""), ("", "I"), ("b", "")]),
        ("{++So++}[^a] we {++all++}[^a] met", "we met", [("we", "So we"), ("met", "all met")]),
        ("We {++a++}[^a] {++b++}[^a] met", "we met", [("we", "We a"), ("met", "b met")]),
        # A mark inside of a word takes the whole word.
        ("The tech{++nology++}[^a] is", "the tech is", [("tech", "technology")]),
        ("The {~~tec~>bio~~}[^a]h is", "the tech is", [("tech", "bioh")]),
        ("*The* te*c{--h--}*[^a] is", "the tech is", [("tech", "tec")]),
    ],
)  # fmt: skip
def test_what_an_edit_selects(body: str, source: str, expected: list[tuple[str, str]]) -> None:
    found = annotate(body, source + "\n")
    assert [(edit.words, edit.edit) for edit in found] == expected
    assert [edit.start for edit in found] == sorted(edit.start for edit in found)


def test_the_same_words_in_many_places_are_told_apart() -> None:
    words = ["the"] * 9 + ["cat"] + ["the"] * 9
    for place in (0, 5, 9, 12, 18):
        marked = [*words]
        marked[place] = f"{{~~{marked[place]}~>a~~}}[^a]"
        (edit,) = annotate(" ".join(marked), " ".join(words) + "\n")
        assert edit.start == sum(len(word) + 1 for word in words[:place])


def test_positions_count_code_points() -> None:
    (edit,) = annotate("😀 e\u0301 {~~Ola~>Olah~~}[^a]", "😀 e\u0301 Ola\n")
    assert (edit.start, edit.end) == (5, 8)


def test_a_quotation_that_leads_elsewhere_is_missed() -> None:
    body = "We met {~~Ola~>Olah~~}[^a], and Ola met us.\n\n[^a]: name: Because.\n"
    files = dict(plan_site(talk_tree(body)).files)
    path = "transcripts/talk/annotations.json"
    for old, new in ((b'"start": 7', b'"start": 8'), (b'"We met "', b'"and "')):
        assert old in files[path]
        with pytest.raises((AssertionError, TextSelectionError)):
            read_annotations({**files, path: files[path].replace(old, new)}, "talk")
