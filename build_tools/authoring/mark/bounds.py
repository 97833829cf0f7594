"""Which words of an edition one mark is to hold, and where they stand in its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from build_tools.model.edition import Edition, Span
from build_tools.reading.rejection import file_offsets, reject_marks
from build_tools.text.differences import Difference
from build_tools.text.words import is_unspaced

# “Piece of mine” is one mishearing of “peace of mind”, the short word between them included.
_SHORT = 3
# What stands inside words and numbers: beside it the edge of a mark could make one word of two.
_TIGHT = frozenset(("", ".", ",", ":", "'", "’"))


# Where the words stand ---------------------------------------------------------------------------


class HeardWord(NamedTuple):
    """A word as heard: its slice in the file, and the numbers of the spans of its two ends."""

    key: str
    start: int
    end: int
    span: int
    last_span: int


@dataclass(frozen=True)
class HeardWords:
    """An edition's words as heard, and what stands between them, in the file and in its text.

    `gaps[n]` is the text before the n-th word, back to the word before it.
    """

    content: str
    words: tuple[HeardWord, ...]
    gaps: tuple[str, ...]
    spans: tuple[Span, ...]
    offsets: tuple[Sequence[int], ...]

    @cached_property
    def keys(self) -> list[str]:
        """What the words are compared by."""
        return [word.key for word in self.words]

    def is_tight(self, word: int) -> bool:
        """Whether a mark between a word and the one before it could make one word of both."""
        if not 0 < word < len(self.words) or self.gaps[word] not in _TIGHT:
            return False
        unspaced = (is_unspaced(self.words[n].key[0]) for n in (word - 1, word))
        return bool(self.gaps[word]) or not all(unspaced)

    def in_one_span(self, first: int, end: int) -> bool:
        """Whether nothing of the edition's language stands between a word and another."""
        return self.words[first].span == self.words[end - 1].last_span

    def said(self, first: int, end: int) -> str:
        """The file's own text from a word to another (excluded)."""
        return self.content[self.words[first].start : self.words[end - 1].end]


def place_heard_words(edition: Edition) -> HeardWords:
    """An edition's words as heard, in order."""
    rejected = reject_marks(edition)
    spans = tuple(placed.span for placed in rejected.spans)
    offsets = tuple(file_offsets(edition, placed.span) for placed in rejected.spans)
    words: list[HeardWord] = []
    gaps: list[str] = []
    position = 0
    for word in rejected.words:
        first = rejected.span_number(word.start)
        last = rejected.span_number(word.end - 1)
        into = word.start - rejected.spans[first].heard_start
        # A backslash before a letter is a sign like others; before a mark's brace it would not be.
        into -= (
            word.start > 0
            and rejected.heard[word.start - 1] == "\\"
            and (offsets[first][max(into - 1, 0)] == offsets[first][into] - 1)
        )
        start = offsets[first][into]
        end = offsets[last][word.end - rejected.spans[last].heard_start]
        words.append(HeardWord(word.key, start, end, first, last))
        gaps.append(rejected.heard[position : word.start])
        position = word.end
    return HeardWords(edition.text.content, tuple(words), tuple(gaps), spans, offsets)


# Which words one mark holds ----------------------------------------------------------------------


def widen(differences: Sequence[Difference], heard: HeardWords) -> Iterator[Difference]:
    """Differences with the words that touch them: `$5` for `5` is one change, and so is `R&D`."""
    held: Difference | None = None
    ends = (*(difference.heard_first for difference in differences[1:]), len(heard.words))
    for difference, upper in zip(differences, ends, strict=True):
        first, end, source_first, source_end = difference
        lower = held.heard_end if held else 0
        while first > lower and heard.is_tight(first):
            first, source_first = first - 1, source_first - 1
        while end < upper and heard.is_tight(end):
            end, source_end = end + 1, source_end + 1
        wider = Difference(first, end, source_first, source_end)
        if held and held.heard_end == first:
            held = held.joined(wider)
            continue
        if held:
            yield held
        held = wider
    if held:
        yield held


def join_near(differences: Iterable[Difference], heard: HeardWords) -> Iterator[Difference]:
    """Two changes with one short word between them are one, unless there is a name or a number."""
    held: Difference | None = None
    for difference in differences:
        if held and _is_one_mishearing(held, difference, heard):
            held = held.joined(difference)
            continue
        if held:
            yield held
        held = difference
    if held:
        yield held


def _is_one_mishearing(first: Difference, second: Difference, heard: HeardWords) -> bool:
    between = first.heard_end
    if second.heard_first != between + 1 or len(heard.words[between].key) > _SHORT:
        return False
    changes = all(
        d.heard_first < d.heard_end and d.source_first < d.source_end for d in (first, second)
    )
    start, end = first.heard_first, second.heard_end
    ordinary = all(word.key.isalpha() for word in heard.words[start:end])
    capital = any(map(str.isupper, heard.said(start, end)))
    return changes and ordinary and not capital and heard.in_one_span(start, end)


def settle(difference: Difference, heard: Sequence[str], source: Sequence[str]) -> Difference:
    """A repetition that was taken out stands behind what is left of it, not before."""
    first, end, source_first, source_end = difference
    length = source_end - source_first
    once = source[source_first:source_end]
    while (
        first == end
        and heard[first : first + length] == once == (source[source_end : source_end + length])
    ):
        first, source_first = first + length, source_first + length
        end, source_end = first, source_end + length
    return Difference(first, end, source_first, source_end)
