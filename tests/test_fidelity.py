"""The proof under mutation: whatever is done to the words of an edition is reported in its place."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from build_tools.corpus import parse_corpus, read_tree
from build_tools.edition import reject_marks
from build_tools.fidelity import check_fidelity
from build_tools.model import Edition, Mark, Problem, Source, Span, Word
from build_tools.transcript import compile_transcript
from build_tools.words import find_keys, find_words
from tests.trees import edition_file, read_edition, read_source

DOCS = Path(__file__).parent.parent / "docs"
PLACES = 200
WHOLE_FILES = 20
SEED = 1903


# The real editions under mutation ------------------------------------------------------------


class Piece(NamedTuple):
    """A chapter, or a whole edition, as a file of its own with the source's words that it holds."""

    name: str
    text: str
    source: Source


class Slot(NamedTuple):
    """A word of a piece that stands in the file as it is: its number, its slice, and its span."""

    number: int
    start: int
    end: int
    span: Span


class Laid(NamedTuple):
    """A piece read: the keys of its words as heard, and those of them that can be mutated."""

    piece: Piece
    keys: tuple[str, ...]
    slots: tuple[Slot, ...]
    changes: tuple[Span, ...]


class Mutation(NamedTuple):
    """A mutated file, and every place at which the one problem may be reported."""

    text: str
    offsets: frozenset[int]


def _editions() -> list[tuple[Edition, Source]]:
    return list(parse_corpus(read_tree(DOCS)).editions)


def _whole(edition: Edition, source: Source) -> Piece:
    return Piece(edition.slug, edition.text.content, source)


def _chapters(edition: Edition, source: Source) -> Iterable[Piece]:
    transcript = compile_transcript(edition, source)
    content = edition.text.content
    bounds = [chapter.offset for chapter in edition.chapters]
    for number, (begin, end) in enumerate(pairwise([*bounds, len(content)])):
        own = [stretch for stretch in transcript.stretches if stretch.chapter == number]
        if own:
            words = slice(own[0].first_word, own[-1].end_word)
            yield Piece(
                f"{edition.slug}, chapter {number + 1}",
                edition_file(content[begin:end], speakers=dict(edition.speakers)),
                replace(
                    source, words=source.words[words], cue_of_word=source.cue_of_word[words]
                ),
            )


def _lay(piece: Piece) -> Laid:
    edition = read_edition(piece.text)
    rejected = reject_marks(edition)
    words = find_words(rejected.heard)
    slots = []
    spans = list(zip(rejected.starts, [*rejected.starts[1:], len(rejected.heard)], strict=True))
    position = 0
    for number, word in enumerate(words):
        while spans[position][1] <= word.start:
            position += 1
        start, end = spans[position]
        span = rejected.spans[position]
        offset = span.offset + (0 if span.mark is Mark.PLAIN else 3) + word.start - start
        length = word.end - word.start
        as_written = piece.text[offset : offset + length]
        # Behind a backslash the file is longer than the words; such spans are left to a unit case.
        if word.end <= end and as_written == rejected.heard[word.start : word.end]:
            slots.append(Slot(number, offset, offset + length, span))
    changes = tuple(span for span in rejected.spans if span.mark is Mark.CHANGE)
    return Laid(piece, tuple(word.key for word in words), tuple(slots), changes)


@cache
def _laid_chapters() -> list[Laid]:
    return [
        _lay(piece) for edition, source in _editions() for piece in _chapters(edition, source)
    ]


@cache
def _laid_whole() -> list[Laid]:
    return [_lay(_whole(edition, source)) for edition, source in _editions()]


def _offset_of(laid: Laid, text: str, number: int) -> int:
    """Where in a mutated file its n-th word stands; where the text ends for the one after it."""
    edition = read_edition(text)
    rejected = reject_marks(edition)
    words = find_words(rejected.heard)
    assert laid
    position = words[number].start if number < len(words) else words[-1].end
    index = max(i for i, start in enumerate(rejected.starts) if start <= position)
    span = rejected.spans[index]
    opening = 0 if span.mark is Mark.PLAIN else 3
    return span.offset + opening + position - rejected.starts[index]


