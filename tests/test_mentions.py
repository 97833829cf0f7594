"""Names of the glossary in what was said; `tests/cases/mentions.md` has most of the rules."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_tools.build.plan import plan_site
from build_tools.checks.corpus import parse_corpus
from build_tools.model.edition import Mark
from build_tools.model.transcript import Transcript
from build_tools.transcript.alignment import compile_transcript
from build_tools.transcript.mentions import compile_matcher, find_mentions
from tests.generated import Generated, editions
from tests.pages import parse_page
from tests.test_laws import law
from tests.trees import (
    compile_faithful,
    entry_file,
    read_edition,
    read_entry,
    read_source,
    talk_tree,
    tree,
)


def _found(transcript: Transcript, form: str) -> list[tuple[str, int]]:
    """The words that mention an entry of a name, and the number of the word where each begins."""
    entry = read_entry(entry_file(form), slug="entry")
    return [
        (" ".join(transcript.said[mention.start : mention.end].split()), mention.word)
        for mention in find_mentions(transcript, compile_matcher([entry]))
    ]


@pytest.mark.parametrize(("words", "expected"), [(39, []), (40, ["rsp"])])
def test_forty_words_without_capitals_have_every_name(words: int, expected: list[str]) -> None:
    stretch = " ".join(["word"] * (words - 1))
    for body in (f"Yes. rsp {stretch}. No.", f"Yes. {stretch} rsp. No.", f"{stretch} rsp."):
        assert [said for said, _ in _found(compile_faithful(body), "RSP")] == expected


MARKED = "\n\n[^a]: name, record: So."


@pytest.mark.parametrize(
    ("body", "numbers"),
    [
        ("nought one Olah three Olah", [2, 4]),
        ("## A\n\nnought\n\none\n\n**Ann:** Olah\n\n## C\n\nthree Olah", [2, 4]),
        # Words put in and taken out before a mention do not move its number.
        (f"nought {{++more and more++}}[^a] one Olah{MARKED}", [2]),
        (f"nought {{--one two--}}[^a] Olah{MARKED}", [3]),
        (f"nought {{~~one two~>a~~}}[^a] {{~~three~>b c d~~}}[^a] Olah{MARKED}", [4]),
        # Inside a mark a mention has the number of the first word heard there.
        (f"nought {{~~one two~>with Olah~~}}[^a] three{MARKED}", [1]),
        (f"nought {{~~oh la~>Olah~~}}[^a] three Olah{MARKED}", [1, 4]),
        # If it was not heard, it has that of the next word, or of the last one in its paragraph.
        (f"nought one {{++Olah++}}[^a] two{MARKED}", [2]),
        (f"nought one {{++Olah++}}[^a]\n\ntwo{MARKED}", [1]),
    ],
)
def test_a_mention_has_the_number_of_a_source_word(body: str, numbers: list[int]) -> None:
    assert [word for _, word in _found(compile_faithful(body), "Olah")] == numbers


@law
@given(editions(), st.data())
def test_outside_marks_a_mention_has_its_own_word(made: Generated, data: st.DataObject) -> None:
    transcript = compile_transcript(
        read_edition(made.edition),
        read_source(made.source, form=made.form, furniture=made.furniture),
    )
    if not transcript.said_words:
        return
    word = data.draw(st.sampled_from(transcript.said_words))
    name = transcript.said[word.start : word.end].replace("’s", "").replace("'s", "")
    entry = read_entry(entry_file(name), slug="entry")
    mentions = find_mentions(transcript, compile_matcher([entry]))
    marked = _marked(transcript)
    for mention in mentions:
        if not any(start <= mention.start < end for start, end in marked):
            said = next(one for one in transcript.said_words if one.start == mention.start)
            assert transcript.heard_words[mention.word].key == said.key
    assert [mention.word for mention in mentions] == sorted(mention.word for mention in mentions)


def _marked(transcript: Transcript) -> list[tuple[int, int]]:
    return [
        (placed.said_start, placed.said_end)
        for placed, *_ in transcript.occurrences
        if placed.span.mark is Mark.CHANGE
    ]


def test_the_number_gives_the_line_and_the_address_of_the_published_mention() -> None:
    source = "00:03we met\n00:07Ola and\n00:07Claude\n"
    body = "**Ann:** We met {~~Ola~>Olah~~}[^a] and Claude.\n\n[^a]: name, record: So."
    entries = (entry_file("Olah"), entry_file("Claude"))
    place = {"transcript": "talk", "time": 7, "speaker": "Ann"}
    files = plan_site(talk_tree(body, *entries, source=source, form="clock")).files
    assert [entry["mentions"] for entry in json.loads(files["data/glossary.json"])] == [
        [{**place, "line": 2, "url": "transcripts/talk/#t7"}],
        [{**place, "line": 3, "url": "transcripts/talk/#t7-2"}],
    ]


def test_a_link_has_the_entry_s_address_and_the_first_its_name_and_short_text() -> None:
    entry = entry_file("Olah", short='A "researcher" & more.')
    text = "## One\n\nSo Olah.\n\n## Two\n\nAnd Olah."
    page = parse_page(plan_site(talk_tree(text, entry)).files["transcripts/talk.md"])
    links = [element.attributes for element in page.elements if "sic-term" in element.classes]
    assert [link["href"] for link in links] == ["../glossary/entry-1.md"] * 2
    assert links[0]["title"] == 'Olah: A "researcher" & more.'
    assert "title" not in links[1]


def test_two_entries_that_claim_one_name_are_told() -> None:
    entries = {
        "glossary/chris-olah.md": entry_file("Chris Olah", also=["Olah"]).encode(),
        "glossary/olah.md": entry_file("olah’s").encode(),
    }
    (problem,) = parse_corpus(entries).problems
    assert problem.what == "“olah’s” is claimed by Chris Olah (docs/glossary/chris-olah.md) too"
    assert problem.place.path == "docs/glossary/olah.md"
    assert problem.remedy == "leave the name to one of the two entries"


def test_a_name_that_is_a_word_or_a_first_name_is_told() -> None:
    short = "A long sentence about something that people say of it in the talks of this collection."
    names = {"Spark Capital": "Spark", "Dario Amodei": "Dario", "API": "APIs", "Ada Xu": "Feature"}
    files = {
        f"glossary/entry-{number}.md": entry_file(
            *(term, short * 2),
            kind="person" if term == "Dario Amodei" else "concept",
            short=short * 2,
            also=[also],
        )
        for number, (term, also) in enumerate(
            [*names.items(), *((f"X{n}", f"Y{n}") for n in "abcdef")]
        )
    }
    files["glossary/entry-3.md"] = files["glossary/entry-3.md"].replace(
        "\nalso", "\nonly: [near Xu]\nalso"
    )
    problems = parse_corpus(tree(files)).problems
    assert [(one.place.path, one.place.line, one.what, one.warning) for one in problems] == [
        ("docs/glossary/entry-0.md", 5, "“Spark” is an ordinary word or a first name", True),
        ("docs/glossary/entry-1.md", 5, "“Dario” is an ordinary word or a first name", True),
    ]
    assert problems[0].remedy.startswith("say where it is this name: only: {Spark: [a-talk,")
    few = dict(list(files.items())[:3])
    assert parse_corpus(tree(few)).problems == (), "too few words to tell the language"
