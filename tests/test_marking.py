"""Plain edits turned into marks: their text, their places, and laws for all edits."""

import random
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from build_tools.authoring.mark.marking import Marking, mark_changes, problems_of_form
from build_tools.authoring.mark.writer import LONGEST
from build_tools.checks.corpus import parse_corpus
from build_tools.checks.fidelity import check_fidelity
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


def run_marking(
    body: str, expected: str, *definitions: str, source: str = TALK, names: Names | None = None
) -> None:
    """The body without its footnotes, and the footnotes that were added."""
    marking = mark(body, source, names)
    assert marking.problems == ()
    assert [footnote.edit.written.strip() for footnote in marking.footnotes] == list(definitions)
    text = marking.text.removeprefix(HEAD)
    for line in definitions:
        assert f"{line}\n" in f"{text}\n"
        text = f"{text}\n".replace(f"{line}\n", "", 1)
    assert text.strip() == expected.strip()


# Marks --------------------------------------------------------------------------------------------


def test_a_changed_word_is_marked_and_its_comma_stays_outside() -> None:
    run_marking(
        "One of us, Chris Olah, helped to invent the field of it.\n",
        "One of us, Chris {~~Ola~>Olah~~}[^olah], helped to invent the field of it.",
        "[^olah]: name:",
    )


def test_punctuation_capitals_and_paragraphs_need_nothing() -> None:
    body = "One of us: CHRIS “Ola”.\n\nHelped, to invent — the\nfield of *it*!\n"
    assert mark(body) == (f"{HEAD}{body}", (), (), ())


def test_an_added_word() -> None:
    run_marking(
        "one of us Chris Ola who helped to invent the field of it\n",
        "one of us Chris Ola {++who++}[^who] helped to invent the field of it",
        "[^who]: dropout:",
    )


def test_a_dropped_word_leaves_no_blank_of_its_own_behind() -> None:
    run_marking(
        "one of us, Chris, helped to invent the field of it\n",
        "one of us, Chris{-- Ola--}[^ola], helped to invent the field of it",
        "[^ola]: garble:",
    )


def test_words_dropped_at_the_end_stand_before_the_full_stop() -> None:
    run_marking(
        "one of us Chris Ola helped to invent.\n\n[^x]: note: Nothing.\n",
        "one of us Chris Ola helped to invent{-- the field of it--}[^the-field-of-it].\n\n"
        "[^x]: note: Nothing.",
        "[^the-field-of-it]: garble:",
    )


def test_words_split_or_joined_are_one_mark() -> None:
    run_marking(
        "overall of it, anyone\n",
        "{~~over all~>overall~~}[^overall] of it, {~~any one~>anyone~~}[^anyone]",
        "[^overall]: homophone:",
        "[^anyone]: homophone:",
        source="over all of it any one",
    )


def test_two_words_that_changed_places_are_one_mark() -> None:
    run_marking(
        "one us of Chris Ola helped to invent the field of it\n",
        "one {~~of us~>us of~~}[^us-of] Chris Ola helped to invent the field of it",
        "[^us-of]: garble:",
    )


def test_one_short_word_between_two_changes_belongs_to_them() -> None:
    run_marking(
        "it gives peace of mind to all\n",
        "it gives {~~piece of mine~>peace of mind~~}[^peace-of-mind] to all",
        "[^peace-of-mind]: garble:",
        source="it gives piece of mine to all",
    )


def test_two_names_are_two_marks_whatever_stands_between() -> None:
    run_marking(
        "we met Olah and Claude there\n",
        "we met {~~Ola~>Olah~~}[^olah] and {~~Clod~>Claude~~}[^claude] there",
        "[^olah]: name:",
        "[^claude]: name:",
        source="we met Ola and Clod there",
    )


def test_signs_and_numbers_that_touch_are_marked_with_what_they_touch() -> None:
    run_marking(
        "about 4.6% or $5 at R&D, which is fine for us\n",
        "about {~~4.5%~>4.6%~~}[^4-6] or {~~5~>$5~~}[^5] at {~~RD~>R&D~~}[^r-d], "
        "which is fine for us",
        "[^4-6]: number:",
        "[^5]: number:",
        "[^r-d]: name:",
        source="about 4.5% or 5 at RD which is fine for us",
    )


def test_characters_of_scripts_without_blanks_are_marked_alone() -> None:
    run_marking(
        "你好吗 我们很高兴\n",
        "你{~~号~>好~~}[^garble]吗 我们{--都--}[^garble-2]很高兴",
        "[^garble]: garble:",
        "[^garble-2]: garble:",
        source="你号吗 我们都很高兴",
    )


def test_a_mark_crosses_no_blank_line() -> None:
    run_marking(
        "one of us Chris Ola assisted\n\nin inventing the field of it\n",
        "one of us Chris Ola {~~helped~>assisted~~}[^assisted]\n\n"
        "{~~to invent~>in inventing~~}[^in-inventing] the field of it",
        "[^assisted]: garble:",
        "[^in-inventing]: garble:",
    )


def test_a_mark_may_cross_the_end_of_a_line() -> None:
    run_marking(
        "one of us Chris Ola has\nassisted to invent the field of it\n",
        "one of us Chris Ola {~~helped~>has\nassisted~~}[^has-assisted] to invent the field of it",
        "[^has-assisted]: garble:",
    )


def test_marks_in_links_and_emphasis_stay_inside_of_them() -> None:
    run_marking(
        "one of us [Chris Olah](a.md) helped *to discover* [a](b.md) field[^n] it\n\n"
        "[^n]: note: Nothing.\n",
        "one of us [Chris {~~Ola~>Olah~~}[^olah]](a.md) helped "
        "*to {~~invent~>discover~~}[^discover]* [{~~the~>a~~}[^a]](b.md) field[^n]{-- of--}[^of] it"
        "\n\n[^n]: note: Nothing.",
        "[^olah]: name:",
        "[^discover]: garble:",
        "[^a]: garble:",
        "[^of]: garble:",
    )


def test_a_rejection_stands_behind_the_mark_and_the_doubt_before_it() -> None:
    run_marking(
        "one {~~of~>off~~}[^w] Chris {==Ola==}{>>who?<<} to invent the field of it\n\n"
        "[^w]: garble, record: So.\n",
        "one {~~of~>off~~}[^w]{-- us--}[^us] Chris {==Ola==}{>>who?<<}{-- helped--}[^helped] to "
        "invent the field of it\n\n[^w]: garble, record: So.",
        "[^us]: garble:",
        "[^helped]: garble:",
    )


def test_speakers_are_no_words_and_what_was_dropped_before_one_ends_the_paragraph() -> None:
    run_marking(
        "**Ann:** one of us, Chris.\n\n**Bo:** helped to invent a field of it\n",
        "**Ann:** one of us, Chris{-- Ola--}[^ola].\n\n"
        "**Bo:** helped to invent {~~the~>a~~}[^a] field of it",
        "[^ola]: garble:",
        "[^a]: garble:",
    )


def test_start_of_a_source_sentence_begins_the_next_paragraph() -> None:
    run_marking(
        "One of us.\n\n**Bo:** we helped.\n",
        "One of us.\n\n**Bo:** {--Um--}[^um] we helped.",
        "[^um]: garble:",
        source="One of us. Um we helped.",
    )


def test_a_repetition_stands_behind_what_is_left_of_it() -> None:
    run_marking(
        "and when you look at it\n",
        "and when you{-- when you--}[^when-you] look at it",
        "[^when-you]: repetition:",
        source="and when you when you look at it",
    )


def test_signs_of_the_source_are_plain_ones_in_a_mark() -> None:
    run_marking(
        "so it is five times, he said to all of us\n",
        r"so it is {~~3 \*\*a\*\* \{\~\~b\~>c\~\~\} \[^x~>five times~~}[^five-times], "
        "he said to all of us",
        "[^five-times]: number:",
        source="so it is 3 **a** {~~b~>c~~} [^x] he said to all of us",
    )


def test_a_sign_behind_a_backslash_goes_into_the_mark_with_it() -> None:
    run_marking(
        "one of us Chris \\Olah helped to invent the \\& field of it\n",
        "one of us Chris {~~Ola~>\\Olah~~}[^olah] helped to invent the {++\\&++}[^dropout] "
        "field of it",
        "[^olah]: name:",
        "[^dropout]: dropout:",
    )


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
    assert footnote.edit.written.strip() == f"[^{footnote.label}]: {kind}:"


def test_labels_are_made_of_the_words_and_never_taken_twice() -> None:
    marking = mark(
        "and Zoë[^zoe] says it’s in 北京\n\n[^zoe]: note: Nothing.\n", "and Zo says its in 南京"
    )
    assert [footnote.label for footnote in marking.footnotes] == ["zoe-2", "its", "garble"]


def test_the_same_mishearing_has_one_footnote() -> None:
    marking = mark(
        "we met Olah and Olah and {~~Clod~>Claude~~}[^c] and Claude\n\n[^c]: name, record: So.\n",
        "we met Ola and Ola and Clod and Clod",
    )
    assert marking.text.removeprefix(HEAD) == (
        "we met {~~Ola~>Olah~~}[^olah] and {~~Ola~>Olah~~}[^olah] and {~~Clod~>Claude~~}[^c] and "
        "{~~Clod~>Claude~~}[^c]\n\n[^olah]: name:\n[^c]: name, record: So.\n"
    )


def test_a_reason_for_one_place_serves_no_other() -> None:
    marking = mark(
        "{~~Clod~>Claude~~}[^c] and Claude and so on\n\n[^c]: name, record, here only: So.\n",
        "Clod and Clod and so on",
    )
    assert [footnote.edit.written.strip() for footnote in marking.footnotes] == ["[^claude]: name:"]


def test_new_footnotes_stand_among_the_others_in_order_of_first_use() -> None:
    marking = mark(
        "one of us Krish[^b] Olah helped[^d] too invent the field of it\n\n"
        "[^b]: note: B,\n    which goes on.\n[^d]: note: D.\n"
    )
    assert marking.text.removeprefix(HEAD).partition("\n\n")[2] == (
        "[^krish]: name:\n[^b]: note: B,\n    which goes on.\n[^olah]: name:\n[^d]: note: D.\n"
        "[^too]: homophone:\n"
    )


def test_footnotes_in_the_middle_of_speech_are_left_alone() -> None:
    marking = mark(
        "one of us Chris[^n] Olah helped\n\n[^n]: note: N.\n\nto invent the field of it\n"
    )
    assert marking.text.removeprefix(HEAD) == (
        "one of us Chris[^n] {~~Ola~>Olah~~}[^olah] helped\n\n[^n]: note: N.\n\n"
        "to invent the field of it\n\n[^olah]: name:\n"
    )


def test_a_footnote_that_waits_for_its_mark_gets_it() -> None:
    run_marking(
        "one of us Chris Olah[^why] helped to invent a[^x] field of it\n\n"
        "[^why]: name, record: So.\n",
        "one of us Chris {~~Ola~>Olah~~}[^why] helped to invent {~~the~>a~~}[^x] field of it\n\n"
        "[^why]: name, record: So.",
        "[^x]: garble:",
    )


def test_a_reason_whose_mark_was_taken_out_serves_the_new_one() -> None:
    run_marking(
        "one of us Chris Olah helped to invent the field of it\n\n[^olah]: name, record: So.\n",
        "one of us Chris {~~Ola~>Olah~~}[^olah] helped to invent the field of it\n\n"
        "[^olah]: name, record: So.",
    )


# Unmarkable changes -------------------------------------------------------------------------------


def run_problem(body: str, line: int, column: int, *said: str, source: str = TALK) -> None:
    marking = mark(body, source)
    (problem,) = marking.problems
    place = problem.place
    assert (place.line - HEAD.count("\n"), place.column) == (line, column)
    for part in said:
        assert part in f"{problem.what} | {problem.remedy}"


def test_a_left_side_that_the_source_does_not_say_is_reported_and_not_wrapped() -> None:
    run_problem(
        "one of us Chris {~~Olo~>Olah~~}[^w] helped to invent the field of it\n\n"
        "[^w]: name, record: W.\n",
        *(1, 20, "the source says “Ola” (line 2), and a mark's left side here “Olo”"),
        "write on the mark's left side what the source says: Ola",
    )


def test_a_change_inside_a_doubt_is_reported() -> None:
    run_problem(
        "one of us {==Chris Olah==}{>>who?<<} helped to invent the field of it\n",
        *(1, 20, "a doubt here “Olah”", "if the doubt is solved"),
    )


def test_a_word_that_a_star_divides_is_reported() -> None:
    run_problem(
        "one of us Chris Ola helped to in*form* the field of it\n",
        *(1, 31, "across a star or a bracket", "write the whole word inside"),
    )


def test_words_taken_out_of_the_middle_of_a_doubt_are_reported() -> None:
    run_problem(
        "one of us {==Chris helped==}{>>who?<<} to invent the field of it\n",
        *(1, 20, "the source says “Ola” inside what a mark or a doubt holds here"),
    )


def test_words_that_a_heading_swallowed_are_reported() -> None:
    run_problem(
        "one of us Chris Ola\n\n## Helped to invent\n\nthe field of it\n",
        *(5, 1, "“helped to invent” was said, and stands in a heading"),
    )


def test_a_passage_too_long_for_a_mark_is_reported_with_its_ends() -> None:
    words = " ".join(f"word{number}" for number in range(LONGEST + 1))
    rest = " ".join(f"rest{number}" for number in range(60))
    run_problem(
        f"{rest}\n",
        *(1, 1, f"the source has {LONGEST + 1} others, “word0 word1", "too many for a mark"),
        source=f"{words} {rest}",
    )
    assert mark(f"{rest}\n", f"{words.rpartition(' ')[0]} {rest}").problems == ()


def test_a_passage_that_moved_is_reported_at_both_places() -> None:
    marking = mark("helped to invent the field of it, one of us Chris Ola\n")
    assert [problem.remedy for problem in marking.problems] == (
        ["put the words back where they were said"] * 2
    )


def test_an_edition_of_another_source_is_not_marked() -> None:
    other = " ".join(f"word{number}" for number in range(60))
    run_problem(f"{other}\n", 1 - HEAD.count("\n"), 1, "too few words in common")


def test_a_broken_mark_stands_in_the_way_and_a_footnote_without_reason_does_not() -> None:
    text = Text(
        "talk.md",
        edition_file("a {~~b~>c and {~~d~>e~~}[^x], f[^y]\n\n[^x]: name:\n[^z]: name, record: Z."),
    )
    parsed = parse_edition("talk", text)
    assert parsed.value
    assert len(parsed.problems) > 1
    assert [p.what for p in problems_of_form(parsed.value, parsed.problems)] == [
        "marks are nested, or this one has no end"
    ]


# Laws --------------------------------------------------------------------------------------------


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
                offsets = file_offsets(edition, span)
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
def test_whatever_is_edited_is_marked_faithfully_or_reported(
    made: Generated, data: st.DataObject
) -> None:
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
