"""Plain edits turned into marks: their text, their places, and laws for all edits."""

import random
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from build_tools.authoring.mark.marking import Marking, mark_changes, problems_of_form
from build_tools.checks.corpus import parse_corpus
from build_tools.checks.fidelity import LIMITS, MOST_HEARD, check_fidelity
from build_tools.model.edition import Edition, Kind, Mark
from build_tools.model.source import Source
from build_tools.model.text import Text
from build_tools.reading.edition import parse_edition
from build_tools.reading.rejection import file_offsets, reject_marks
from build_tools.reading.tree import SourcedEdition, read_tree
from build_tools.text.words import find_keys, find_words
from build_tools.transcript.guess_kind import Names, collect_names
from tests.generated import TOKENS, Generated, backslashed, editions
from tests.trees import edition_file, read_edition, read_source
from tests.tries import tries

DOCS = Path(__file__).parent.parent / "docs"
TALK = "one of us Chris Ola helped to invent the field of it"
# Enough that the edition and the source have much in common, whatever follows.
SAME = "**Ann:** Before that we all said a few words that nobody has changed since then."
HEAD = edition_file(f"{SAME}\n\n")

law = settings(tries(300), suppress_health_check=list(HealthCheck))


def mark(body: str, source: str = TALK, names: Names | None = None) -> Marking:
    edition = read_edition(f"{HEAD}{body}")
    return mark_changes(
        edition, read_source(f"{SAME.removeprefix('**Ann:** ')}\n{source}"), names or {}
    )


# Cases of the page --------------------------------------------------------------------------------

_CASE = re.compile(
    r"^## (?P<name>.+)\n\n(?:```source\n(?P<source>[^`]+)\n```\n\n)?"
    r"```edition\n(?P<edition>[^`]+)```\n\n```(?P<kind>marked|problems)\n(?P<expected>[^`]+)\n```$",
    re.MULTILINE,
)
PAGE = Path(__file__).with_name("marking.md").read_text(encoding="utf-8")
CASES = list(_CASE.finditer(PAGE))


def test_every_case_of_the_page_is_read() -> None:
    assert len(CASES) == PAGE.count("\n```edition\n")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case_of_the_page(case: re.Match[str]) -> None:
    marking = mark(case["edition"], case["source"] or TALK)
    lines = [
        f"{p.place.line - HEAD.count(chr(10))}:{p.place.column}: {p.what}\n    {p.remedy}"
        for p in marking.problems
    ]
    assert bool(lines) == (case["kind"] == "problems")
    shown = "\n".join(lines) or marking.text.removeprefix(HEAD).strip("\n")
    assert shown == case["expected"]


# Footnotes ---------------------------------------------------------------------------------------

FORMS: Names = {("scaling", "laws"): Kind.TERM, ("chris", "olah"): Kind.NAME}


@pytest.mark.parametrize(
    ("heard", "said", "kind"),
    [
        ("we met Ola there", "we met Olah there", "name"),
        ("we know scaling loss there", "we know scaling laws there", "homophone"),
        ("we know scaled loss there", "we know scaling laws there", "term"),
        ("in 1994 we began", "in 2014 we began", "number"),
        ("it took fifteen years", "it took fifty years", "number"),
        ("they lost there way", "they lost their way", "homophone"),
        ("they lost there way", "they lost a way", "garble"),
        ("we saw. clods came", "we saw. Clouds came", "homophone"),
        ("he said eye think so", "he said I think so", "garble"),
        ("we need licen licenses for it", "we need licenses for it", "cutoff"),
        ("we need the the license", "we need the license", "repetition"),
        ("we need license now", "we need a license now", "dropout"),
        ("we need this um license", "we need this license", "garble"),
    ],
)
def test_kinds_are_guessed(heard: str, said: str, kind: str) -> None:
    (footnote,) = mark(said, heard, FORMS).footnotes
    assert re.match(rf"\[\^{footnote.label}\]: {kind}\b", footnote.edit.written.strip())


def test_a_passage_too_long_for_a_mark_is_reported_with_its_ends() -> None:
    words = " ".join(f"word{number}" for number in range(MOST_HEARD + 1))
    rest = " ".join(f"rest{number}" for number in range(60))
    (problem,) = mark(f"{rest}\n", f"{words} {rest}").problems
    assert problem.what.startswith("the source says “word0 word1")
    assert problem.remedy.endswith(LIMITS)
    assert mark(f"{rest}\n", f"{words.rpartition(' ')[0]} {rest}").problems == ()
    (problem,) = mark(f"{words}\n").problems
    assert "too few words in common" in problem.what


def test_a_broken_mark_stands_in_the_way_and_a_footnote_without_reason_does_not() -> None:
    text = Text(
        "talk.md",
        edition_file("a {~~b~>c and {~~d~>e~~}[^x], f[^y]\n\n[^x]: name:\n[^z]: name, record: Z."),
    )
    parsed = parse_edition("talk", text)
    assert parsed.value
    assert len(parsed.problems) > 1
    assert [p.what for p in problems_of_form(parsed.value, parsed.problems)] == [
        "“{~~” has no partner, or another mark stands between the two"
    ]


@cache
def real_editions() -> tuple[tuple[Edition, Source, Names], ...]:
    corpus = parse_corpus(read_tree(DOCS))
    names = collect_names(corpus.entries)
    return tuple((one.edition, one.source, names) for one in corpus.transcripts)


def said_keys(edition: Edition) -> tuple[str, ...]:
    paragraphs = ("".join(span.said for span in one.spans) for one in edition.paragraphs)
    return find_keys("\n\n".join(paragraphs))


_WRITTEN = re.compile(
    r"(?: \{~~ .*? ~> (?P<said> .* ) ~~\} | \{\+\+ (?P<added> .* ) \+\+\} | \{-- .* --\} )"
    r" (?: \[\^[a-z0-9-]+\] )? (?P<blank>\ ?)",
    re.VERBOSE | re.DOTALL,
)


def check_marking(edited: Edition, source: Source, names: Names) -> Marking:
    """Everything that holds of an edition that could be marked."""
    content = edited.text.content
    marking = mark_changes(edited, source, names)
    if marking.problems:
        return marking
    parsed = parse_edition(edited.slug, Text(edited.text.path, marking.text))
    marked = parsed.value
    assert marked
    assert check_fidelity(SourcedEdition(marked, source)) == ()
    assert said_keys(marked) == said_keys(edited)
    for new in marking.marks:
        match = _WRITTEN.fullmatch(new.edit.written)
        assert match, new
        kept = match["said"] or match["added"] or ""
        assert kept == content[new.edit.start : new.edit.end]
    labels = {footnote.label for footnote in marking.footnotes}
    assert len(labels) == len(marking.footnotes)
    old = {footnote.label for footnote in edited.footnotes}
    assert all(new.label in labels | old for new in marking.marks)
    before = [problem.what for problem in parse_edition(edited.slug, edited.text).problems]
    wanted = {f"footnote {label} has no reason" for label in labels}
    assert {problem.what for problem in parsed.problems} <= wanted | set(before)
    assert mark_changes(marked, source, names) == (marking.text, (), (), ())
    return marking


def plain_words(edition: Edition) -> list[tuple[int, int, bool]]:
    """The slices of unmarked words in the file, and whether each is outside links and emphasis."""
    found = []
    for paragraph in edition.paragraphs:
        for span in paragraph.spans:
            if span.mark is Mark.PLAIN:
                offsets = file_offsets(edition.text.content, span)
                bare = not span.target and not span.emphasis
                found += [
                    (offsets[word.start], offsets[word.end], bare)
                    for word in find_words(span.heard)
                ]
    return found


def edit_words(chance: random.Random, edition: Edition, number: int) -> str:
    """The file with words changed, added, dropped and swapped at random places."""
    content = edition.text.content
    places = sorted(chance.sample(plain_words(edition), number), reverse=True)
    vocabulary = [content[start:end] for start, end, _ in places] + ["Olah", "4.5", "%", "OpenAI"]
    for start, end, bare in places:
        word = content[start:end]
        other = chance.choice(vocabulary)
        way = chance.randrange(5)
        if way == 0:
            new = other
        elif way == 1:
            new = f"{word} {other}"
        elif way == 2:
            new = f"{other} {word}"
        elif way == 3 and bare:
            new = ""
        else:
            new = word.upper()
        content = content[:start] + new + content[end:]
    return content


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 20, 300])
def test_random_edits_of_the_real_editions_are_all_marked(number: int) -> None:
    chance = random.Random(f"marking {number}")
    made = 0
    for edition, source, names in real_editions():
        for _ in range(3):
            edited = read_edition(edit_words(chance, edition, number), slug=edition.slug)
            marking = check_marking(edited, source, names)
            assert marking.problems == ()
            made += len(marking.marks)
    assert made > number * 2


@law
@given(editions(), st.data())
def test_an_edit_is_marked_faithfully_or_reported(made: Generated, data: st.DataObject) -> None:
    source = read_source(made.source, form=made.form, furniture=made.furniture)
    text = made.edition
    words = plain_words(read_edition(text))
    assume(words)
    for start, end, _ in sorted(
        data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=4, unique=True)),
        reverse=True,
    ):
        new = backslashed(data.draw(st.one_of(TOKENS, st.just(""))))
        text = text[:start] + new + text[end:]
    edited = read_edition(text)
    form = problems_of_form(edited, parse_edition("talk", edited.text).problems)
    assume(not form)
    marking = check_marking(edited, source, {})
    if not marking.problems:
        assert find_keys(reject_marks(read_edition(marking.text)).heard) == made.keys
