"""An edition beside its source: quotes and places for marks and problems."""

from __future__ import annotations

from typing import NamedTuple

from build_tools.authoring.mark.heard_words import HeardWords
from build_tools.model.edition import Edition
from build_tools.model.source import Source
from build_tools.model.text import Problem
from build_tools.reading.critic import unescape
from build_tools.text.timecode import render_clock
from build_tools.text.words import find_keys

_LONGEST_QUOTE = 60


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
