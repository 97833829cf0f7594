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
from build_tools.reading.rejection import reject_marks
from build_tools.reading.tree import SourcedEdition, read_tree
from build_tools.text.differences import find_differences
from build_tools.text.words import find_words
from build_tools.transcript.alignment import compile_transcript
from tests.trees import edition_file, read_edition

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


@pytest.mark.slow
@pytest.mark.parametrize("mutate", MUTATIONS)
def test_every_mutation_of_a_chapter_is_reported_in_its_exact_place(mutate: Mutate) -> None:
    check_mutations(mutate, chapters(), PLACES_IN_CHAPTERS)


@pytest.mark.slow
@pytest.mark.parametrize("mutate", MUTATIONS)
def test_every_mutation_of_a_whole_edition_is_reported_in_its_exact_place(mutate: Mutate) -> None:
    check_mutations(mutate, whole_files(), PLACES_IN_WHOLE_FILES)


# `tests/cases/fidelity.md` has the messages.


@pytest.mark.parametrize(("passed", "differences"), [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2)])
def test_a_word_moved_past_three_others_is_one_difference(passed: int, differences: int) -> None:
    others = [f"other-{number}" for number in range(passed)]
    source = ["first", "moved", *others, "last"]
    heard = ["first", *others, "moved", "last"]
    assert len(find_differences(heard, source)) == differences
    assert len(find_differences(source, heard)) == differences
