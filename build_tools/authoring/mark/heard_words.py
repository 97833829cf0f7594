"""The words of an edition as heard, and where its file holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from build_tools.model.edition import Edition, Span
from build_tools.reading.rejection import file_offsets, reject_marks
from build_tools.text.words import is_unspaced

# Signs inside words and numbers: beside one, the edge of a mark could merge two words into one.
_JOINING = frozenset(("", ".", ",", ":", "'", "’"))


class HeardWord(NamedTuple):
    """A word as heard: its slice of the file, and the numbers of its first and last span."""

    key: str
    start: int
    end: int
    span: int
    last_span: int


@dataclass(frozen=True)
class HeardWords:
    """The words of an edition as heard, with the text between them.

    `gaps[n]` is the text between word `n` and the word before it.
    """

    content: str
    words: tuple[HeardWord, ...]
    gaps: tuple[str, ...]
    spans: tuple[Span, ...]
    offsets: tuple[Sequence[int], ...]

    @cached_property
    def keys(self) -> list[str]:
        """The keys by which words are compared."""
        return [word.key for word in self.words]

    def may_merge(self, word: int) -> bool:
        """Whether a mark between a word and the one before it could merge both into one."""
        if not 0 < word < len(self.words) or self.gaps[word] not in _JOINING:
            return False
        unspaced = (is_unspaced(self.words[n].key[0]) for n in (word - 1, word))
        return bool(self.gaps[word]) or not all(unspaced)

    def are_in_one_span(self, first: int, end: int) -> bool:
        """Whether no mark, star or bracket separates words `first` to `end` (excluded)."""
        return self.words[first].span == self.words[end - 1].last_span

    def raw(self, first: int, end: int) -> str:
        """The file's own text of words `first` to `end` (excluded)."""
        return self.content[self.words[first].start : self.words[end - 1].end]


def locate_heard_words(edition: Edition) -> HeardWords:
    """The words of an edition as heard, in order."""
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
        # A backslash is plain text before a letter, but would escape the brace of a mark.
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
