"""The proof under mutation: whatever is done to an edition's words is reported in its place."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from build_tools.checks.corpus import parse_corpus
from build_tools.checks.fidelity import check_fidelity
from build_tools.model.edition import Edition, Mark
from build_tools.model.source import Source
from build_tools.model.text import Place
from build_tools.reading.rejection import reject_marks
from build_tools.reading.tree import SourcedEdition, read_tree
from build_tools.text.differences import find_differences
from build_tools.text.words import find_words
from build_tools.transcript.alignment import compile_transcript
from tests.trees import edition_file, read_edition, read_source

DOCS = Path(__file__).parent.parent / "docs"
SEED = 1903
# A chapter is read in a few milliseconds, a whole edition takes twenty times as long.
PLACES_IN_CHAPTERS = 200
PLACES_IN_WHOLE_FILES = 12


class Slot(NamedTuple):
    """A word that stands in the file as it was heard: its number, its slice, and its span's."""

    number: int
    start: int
    end: int
    span: int


class Laid(NamedTuple):
    """A piece read: its edition, the keys of its words as heard, and where they stand in the file.

    Words of a span with a backslash in it have no slot: there the file is longer than the words.
    """

    edition: Edition
    keys: tuple[str, ...]
    slots: dict[int, Slot]


class Piece(NamedTuple):
    """An edition, or a chapter of one as a file of its own, with the words that its source has."""

    name: str
    text: str
    source: Source
    laid: Laid


def lay(text: str) -> Laid:
    edition = read_edition(text)
    rejected = reject_marks(edition)
    words = find_words(rejected.heard)
    slots = {}
    index = 0
    for number, word in enumerate(words):
        while (
            index + 1 < len(rejected.spans) and rejected.spans[index + 1].heard_start <= word.start
        ):
            index += 1
        span = rejected.spans[index].span
        opening = 0 if span.mark is Mark.PLAIN else len("{~~")
        start = span.offset + opening + word.start - rejected.spans[index].heard_start
        end = start + word.end - word.start
        if text[start:end] == rejected.heard[word.start : word.end]:
            slots[number] = Slot(number, start, end, index)
    return Laid(edition, tuple(word.key for word in words), slots)


@cache
def real_editions() -> tuple[tuple[Edition, Source], ...]:
    transcripts = parse_corpus(read_tree(DOCS)).transcripts
    names = {path.stem for path in (DOCS / "transcripts").glob("*.md")} - {"index"}
    assert {transcript.edition.slug for transcript in transcripts} == names, "see sic check"
    return tuple((transcript.edition, transcript.source) for transcript in transcripts)


@cache
def whole_files() -> tuple[Piece, ...]:
    return tuple(
        Piece(edition.slug, edition.text.content, source, lay(edition.text.content))
        for edition, source in real_editions()
    )


@cache
def chapters() -> tuple[Piece, ...]:
    return tuple(
        piece for edition, source in real_editions() for piece in _chapters(edition, source)
    )


def _chapters(edition: Edition, source: Source) -> Iterator[Piece]:
    stretches = compile_transcript(edition, source).paragraphs
    content = edition.text.content
    bounds = [*(chapter.offset for chapter in edition.chapters), len(content)]
    for number, (begin, end) in enumerate(pairwise(bounds)):
        own = [stretch for stretch in stretches if stretch.chapter == number]
        if own:
            words = slice(own[0].first_word, own[-1].end_word)
            text = edition_file(content[begin:end], speakers=dict(edition.speakers))
            yield Piece(
                f"{edition.slug}, chapter {number + 1}",
                text,
                replace(source, words=source.words[words], cue_of_word=source.cue_of_word[words]),
                lay(text),
            )


Mutate = Callable[[random.Random, str, Laid], str | None]


def change_word(chance: random.Random, text: str, before: Laid) -> str | None:
    slot = chance.choice(list(before.slots.values()))
    word = chance.choice(before.keys)
    return _put(text, slot.start, slot.end, word)


def drop_word(chance: random.Random, text: str, before: Laid) -> str | None:
    slot = chance.choice(list(before.slots.values()))
    return _put(text, slot.start, slot.end, "")


def add_word(chance: random.Random, text: str, before: Laid) -> str | None:
    slot = chance.choice(list(before.slots.values()))
    return _put(text, slot.start, slot.start, chance.choice(before.keys))


def repeat_word(chance: random.Random, text: str, before: Laid) -> str | None:
    slot = chance.choice(list(before.slots.values()))
    return _put(text, slot.start, slot.start, before.keys[slot.number])


def swap_words(chance: random.Random, text: str, before: Laid) -> str | None:
    first = chance.choice(list(before.slots.values()))
    second = before.slots.get(first.number + 1)
    if not second or first.span != second.span or first.end == second.start:
        return None
    words = text[first.start : first.end], text[second.start : second.end]
    between = text[first.end : second.start]
    return text[: first.start] + words[1] + between + words[0] + text[second.end :]


_MARK = re.compile(
    r"\{~~(?:[^~]|~(?!>))*~>(?P<said>.*?)~~\}|\{\+\+(?P<added>.*?)\+\+\}|\{--.*?--\}", re.DOTALL
)


def remove_mark(chance: random.Random, text: str, before: Laid) -> str | None:
    marks = list(_MARK.finditer(text, before.edition.chapters[0].offset))
    if not marks:
        return None
    mark = chance.choice(marks)
    return text[: mark.start()] + (mark["said"] or mark["added"] or "") + text[mark.end() :]


def _put(text: str, start: int, end: int, word: str) -> str:
    """Blanks on either side keep the word from growing into its neighbours."""
    return f"{text[:start]} {word} {text[end:]}"


def equivalent_places(heard: tuple[str, ...], source: tuple[str, ...]) -> range:
    """The numbers of the words at which a mutation may be said to stand.

    It is the first word that differs. Only where a word was dropped or added beside its equal, in
    “very very good”, no one can say which of them it was: dropping either gives the same text. Then
    each place between the first difference read from the front and that read from the back is
    right, and no other.
    """
    front = _common(heard, source)
    back = _common(heard[::-1], source[::-1])
    if front + back < min(len(heard), len(source)):
        return range(front, front + 1)
    added = max(0, len(heard) - len(source))
    return range(len(heard) - back - added, front + 1)


def _common(first: tuple[str, ...], second: tuple[str, ...]) -> int:
    pairs = zip(first, second, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(first), len(second)))


def check_mutations(mutate: Mutate, pieces: tuple[Piece, ...], places: int) -> None:
    chance = random.Random(f"{SEED} {mutate.__name__}")
    weights = [len(piece.source.words) for piece in pieces]
    tried = 0
    while tried < places:
        piece = chance.choices(pieces, weights)[0]
        mutated = mutate(chance, piece.text, piece.laid)
        after = lay(mutated) if mutated else None
        if not mutated or not after or after.keys == piece.laid.keys:
            continue
        numbers = equivalent_places(after.keys, piece.laid.keys)
        if not all(number in after.slots for number in numbers):
            continue
        tried += 1
        expected = {after.edition.text.place(after.slots[number].start) for number in numbers}
        problems = check_fidelity(SourcedEdition(after.edition, piece.source))
        found = [problem.place for problem in problems]
        assert set(found[:1]) & expected, (piece.name, problems, expected)
        # Only a mark of several words may hold several differences.
        assert mutate is remove_mark or len(problems) == 1, (piece.name, problems)


MUTATIONS = (change_word, drop_word, add_word, repeat_word, swap_words, remove_mark)


def test_chapters_as_they_are_have_no_problem() -> None:
    assert len(chapters()) > len(whole_files())
    for piece in (*chapters(), *whole_files()):
        assert check_fidelity(SourcedEdition(piece.laid.edition, piece.source)) == (), piece.name


@pytest.mark.parametrize("mutate", MUTATIONS)
def test_every_mutation_of_a_chapter_is_reported_in_its_exact_place(mutate: Mutate) -> None:
    check_mutations(mutate, chapters(), PLACES_IN_CHAPTERS)


@pytest.mark.slow
@pytest.mark.parametrize("mutate", MUTATIONS)
def test_every_mutation_of_a_whole_edition_is_reported_in_its_exact_place(mutate: Mutate) -> None:
    check_mutations(mutate, whole_files(), PLACES_IN_WHOLE_FILES)


# Messages -----------------------------------------------------------------------------------------

HEAD = edition_file("").count("\n")
TALK = "00:00so let us begin\n03:07one of us, Chris Ola, helped\n03:09to invent the field of it"

OTHER_SOURCE = (
    "see whether source: file: names the right source; "
    "an edition holds every word of it, marks rejected"
)


def run_fidelity(
    body: str, *expected: tuple[int, int, str, str], source: str = TALK, form: str = "clock"
) -> None:
    """Lines are counted from the first one of the body."""
    edition = read_edition(edition_file(body, form=form))
    problems = check_fidelity(SourcedEdition(edition, read_source(source, form=form)))
    assert [
        (problem.place.line - HEAD, problem.place.column, problem.what, problem.remedy)
        for problem in problems
    ] == list(expected)
    assert {problem.place.path for problem in problems} <= {"docs/transcripts/talk.md"}


def test_a_faithful_edition_has_no_problem_whatever_its_punctuation_and_capitals() -> None:
    run_fidelity(
        "## A Title\n\n**Ann:** So: let us begin!\n\nOne of us (chris {~~Ola~>Olah~~}[^why]) "
        "HELPED\n\n## Another\n\nto invent {==the field==}{>>which?<<} of *it*.\n"
    )


def test_a_changed_word_is_told_with_both_words_and_the_mark_to_write() -> None:
    run_fidelity(
        "so let us begin\none of us, Chris Olah, helped to invent the field of it",
        (
            2,
            18,
            "the source says “Ola” (line 2, 03:07), the edition “Olah”",
            "write {~~Ola~>Olah~~}[^why] and give the reason in [^why]",
        ),
    )


def test_a_dropped_word_is_told_at_the_word_that_follows() -> None:
    run_fidelity(
        "so let us begin\none of us, Chris Ola, helped to invent field of it",
        (
            2,
            40,
            "the source says “the” (line 3, 03:09), and the edition leaves it out",
            "put it back, or write {--the--}[^why] and give the reason in [^why]",
        ),
    )


def test_words_dropped_at_the_end_are_told_behind_the_last_word() -> None:
    run_fidelity(
        "so let us begin\n\none of us, Chris Ola, helped to invent the\n",
        (
            3,
            43,
            "the source says “field of it” (line 3, 03:09), and the edition leaves it out",
            "put it back, or write {--field of it--}[^why] and give the reason in [^why]",
        ),
    )


def test_an_added_word_is_told_where_it_stands() -> None:
    run_fidelity(
        "so let us all begin one of us, Chris Ola, helped to invent the field of it",
        (
            1,
            11,
            "the edition says “all”, and the source does not (line 1, 00:00)",
            "take it out, or write {++all++}[^why] and give the reason in [^why]",
        ),
    )


def test_an_edition_without_a_word_leaves_everything_out() -> None:
    run_fidelity(
        "## Nothing\n",
        (
            1 - HEAD,
            1,
            "the edition, of 0 words, and docs/sources/talk.txt, of 3 words, have only 0 in common",
            OTHER_SOURCE,
        ),
        source="one two three",
        form="plain",
    )


def test_two_words_that_changed_places_are_one_problem() -> None:
    run_fidelity(
        "so us let begin one of us, Chris Ola, helped to invent the field of it",
        (
            1,
            4,
            "the source says “let us” (line 1, 00:00), the edition “us let”",
            "write {~~let us~>us let~~}[^why] and give the reason in [^why]",
        ),
    )


@pytest.mark.parametrize(("passed", "differences"), [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2)])
def test_a_word_that_moved_past_three_others_at_most_is_one_difference(
    passed: int, differences: int
) -> None:
    others = [f"other-{number}" for number in range(passed)]
    source = ["first", "moved", *others, "last"]
    heard = ["first", *others, "moved", "last"]
    assert len(find_differences(heard, source)) == differences
    assert len(find_differences(source, heard)) == differences


def test_a_word_that_moved_is_told_at_both_places() -> None:
    run_fidelity(
        "so let us begin one of us, helped to invent the field of it Chris Ola",
        (
            1,
            28,
            "the source says “Chris Ola” (line 2, 03:07), and the edition leaves it out",
            "put it back, or write {--Chris Ola--}[^why] and give the reason in [^why]",
        ),
        (
            1,
            61,
            (
                "the edition says “Chris Ola”, and the source does not (line 3, 03:09); "
                "the words stand at line 2, 03:07"
            ),
            "put them back where they were said",
        ),
    )


def test_a_mark_that_rejects_what_the_source_does_not_say_is_told_inside_the_mark() -> None:
    run_fidelity(
        "so let us begin one of us, Chris {~~Orla~>Olah~~}[^why], helped to invent the field of it",
        (
            1,
            37,
            "this mark rejects “Orla”, and the source says “Ola” (line 2, 03:07)",
            "write on the mark's left side what the source says: Ola",
        ),
    )


def test_a_word_dropped_before_a_mark_is_told_outside_of_the_mark() -> None:
    run_fidelity(
        "one two {~~four~>4~~}[^a] five six\n\n[^a]: number, record: So.",
        (
            1,
            12,
            "the source says “three” (line 1), and the edition leaves it out",
            "put it back, or write {--three--}[^why] and give the reason in [^why]",
        ),
        source="one two three four five six",
        form="plain",
    )


def test_a_mark_that_leaves_out_a_word_in_the_middle_is_told_inside_the_mark() -> None:
    run_fidelity(
        "one {~~two four~>2 4~~}[^a] five six\n\n[^a]: number, record: So.",
        (
            1,
            12,
            "the source says “three” (line 1), and this mark leaves it out",
            "write it on the mark's left side, where the source says it: three",
        ),
        source="one two three four five six",
        form="plain",
    )


def test_a_mark_that_rejects_a_word_of_no_source_is_told_to_reject_nothing() -> None:
    run_fidelity(
        "so {--um--}[^why] let us begin one of us, Chris Ola, helped to invent the field of it",
        (
            1,
            7,
            "this mark rejects “um”, and the source says nothing of the kind (line 1, 00:00)",
            "take these words out of the mark, or the mark out of the text",
        ),
    )


def test_a_removed_mark_is_told_as_the_word_that_it_put_in() -> None:
    run_fidelity(
        "so let us begin one of us, Chris Olah[^why], helped to invent the field of it",
        (
            1,
            34,
            "the source says “Ola” (line 2, 03:07), the edition “Olah”",
            "write {~~Ola~>Olah~~}[^why] and give the reason in [^why]",
        ),
    )


def test_columns_count_the_backslashes_that_stand_in_the_file() -> None:
    run_fidelity(
        r"so let \*us\* begun one of us, Chris Ola, helped to invent the field of it",
        (
            1,
            15,
            "the source says “begin” (line 1, 00:00), the edition “begun”",
            "write {~~begin~>begun~~}[^why] and give the reason in [^why]",
        ),
    )


def test_a_word_that_is_a_sign_behind_a_backslash_is_told_at_the_sign() -> None:
    run_fidelity(
        r"so \*let\* us \& begin one of us, Chris Ola, helped to invent the field of it",
        (
            1,
            16,
            "the edition says “&”, and the source does not (line 1, 00:00)",
            "take it out, or write {++&++}[^why] and give the reason in [^why]",
        ),
    )


def test_places_in_a_source_without_times_are_lines_alone() -> None:
    run_fidelity(
        "one two\ntree",
        (
            2,
            1,
            "the source says “three” (line 2), the edition “tree”",
            "write {~~three~>tree~~}[^why] and give the reason in [^why]",
        ),
        source="one two\nthree",
        form="plain",
    )


def test_several_differences_are_all_told() -> None:
    edition = read_edition(edition_file("one too three for five six seven ate nine"))
    source = read_source("one two three four five six seven eight nine")
    problems = check_fidelity(SourcedEdition(edition, source))
    assert [problem.place.column for problem in problems] == [5, 15, 34]
    assert {problem.place.line for problem in problems} == {HEAD + 1}


def test_an_edition_of_another_source_is_told_once_and_not_word_by_word() -> None:
    run_fidelity(
        "A wholly different talk, of which not a word is the same as in it.",
        (
            1 - HEAD,
            1,
            (
                "the edition, of 15 words, and docs/sources/talk.txt, of 16 words, "
                "have only 3 in common"
            ),
            OTHER_SOURCE,
        ),
    )


def test_nothing_is_compared_with_a_source_that_holds_no_word() -> None:
    run_fidelity("words", source="...", form="plain")


def test_problems_name_the_place_of_the_edition() -> None:
    edition = read_edition(edition_file("one too"))
    (problem,) = check_fidelity(SourcedEdition(edition, read_source("one two")))
    assert problem.place == Place("docs/transcripts/talk.md", HEAD + 1, 5)
