"""An edition's words as heard, where its file has them, and the source beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from build_tools.model.edition import Edition, Span
from build_tools.model.source import Source
from build_tools.model.text import Problem
from build_tools.reading.critic import unescape
from build_tools.reading.rejection import file_offsets, reject_marks
from build_tools.text.timecode import render_clock
from build_tools.text.words import find_keys, is_unspaced

_LONGEST_QUOTE = 60
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


class Comparison(NamedTuple):
    """An edition, its words as heard, and its source."""

    edition: Edition
    heard: HeardWords
    source: Source

    def source_keys(self, first: int, end: int) -> list[str]:
        """The keys of source words `first` to `end` (excluded)."""
        return [word.key for word in self.source.words[first:end]]

    def source_text(self, first: int, end: int) -> str:
        """The source's own text of words `first` to `end` (excluded), on one line."""
        words, cue_of_word = self.source.words, self.source.cue_of_word
        pieces = []
        for number in range(cue_of_word[first], cue_of_word[end - 1] + 1):
            text = self.source.cues[number].text
            start = words[first].start if number == cue_of_word[first] else 0
            stop = words[end - 1].end if number == cue_of_word[end - 1] else len(text)
            pieces += text[start:stop].split()
        shown = " ".join(pieces)
        keys = self.source_keys(first, end)
        # A source may hold invisible characters; an edition must not.
        same = shown.isprintable() and list(find_keys(shown)) == keys
        return shown if same else " ".join(keys)

    def source_break(self, word: int) -> int:
        """How the source separates a word from the one before: 2 sentence, 1 cue, 0 not at all."""
        if not 0 < word < len(self.source.words):
            return 2
        before, this = self.source.words[word - 1], self.source.words[word]
        text = self.source.cue_at(word - 1).text
        same_cue = self.source.cue_of_word[word - 1] == self.source.cue_of_word[word]
        gap = text[before.end : this.start] if same_cue else text[before.end :]
        return 2 if ends_sentence(gap) else int(not same_cue)

    def source_place(self, word: int) -> str:
        """The line or piece of a source word, with its time if it has one."""
        cue = self.source.cue_at(word)
        time = "" if cue.start is None else f", {render_clock(cue.start)}"
        return f"{self.source.unit} {cue.line}{time}"

    def quote_edition(self, first: int, end: int) -> str:
        """A short quotation of the edition's words `first` to `end` (excluded)."""
        return shorten(unescape(self.heard.raw(first, end)))

    def quote_source(self, first: int, end: int) -> str:
        """A short quotation of the source's words `first` to `end` (excluded); "" for none."""
        return shorten(self.source_text(first, end)) if first < end else ""

    def problem(self, word: int, what: str, remedy: str) -> Problem:
        """A problem at a word of the edition; at the last word if the number is too high."""
        words = self.heard.words
        offset = words[word].start if word < len(words) else words[-1].end
        return self.edition.text.problem(offset, what, remedy)


def ends_sentence(gap: str) -> bool:
    """Whether text between two words ends a sentence."""
    return "\n\n" in gap or not set(".?!…:").isdisjoint(gap)


def shorten(words: str) -> str:
    """Words on one line, without their middle if they are long."""
    shown = " ".join(words.split())
    if len(shown) <= _LONGEST_QUOTE:
        return shown
    half = _LONGEST_QUOTE // 2
    return f"{shown[:half]} … {shown[-half:]}"
