"""The evidence for detectors: a transcript's words, and the knowledge of the collection."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from build_tools.model.edition import Kind, Mark
from build_tools.model.glossary import Entry
from build_tools.model.text import Words
from build_tools.model.transcript import Transcript
from build_tools.text.frequencies import Frequencies, read_frequencies
from build_tools.text.words import find_keys
from build_tools.transcript.remarks import find_corrections


class PastCorrection(NamedTuple):
    """A correction that an editor made, with the label of its footnote in its edition."""

    heard: tuple[str, ...]
    said: str
    kind: Kind
    here_only: bool
    transcript: str
    label: str
    place: str


class Finding(NamedTuple):
    """A likely error in words `first` to `end` (excluded), and what was said instead.

    `said` is None if it cannot be known, "" if the words are superfluous. If `first` is `end`, a
    word is missing before it. `grade` names the sort of evidence, `weight` orders findings of one
    grade, and `label` names a footnote that gives the reason already.
    """

    first: int
    end: int
    said: str | None
    kind: Kind
    grade: str
    why: str
    weight: float = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A transcript's words as heard with all that helps to find a wrong one.

    `span_of[n]` is the number of the plain span of word `n`, or -1 if an editor set a mark, a note,
    emphasis or a link there. `counts` and `pairs` count words of the whole collection: this
    transcript as heard and the others as said. `english` is None for another language.
    """

    transcript: Transcript
    words: Words
    keys: tuple[str, ...]
    span_of: tuple[int, ...]
    counts: Mapping[str, int]
    pairs: Mapping[tuple[str, str], int]
    entries: tuple[Entry, ...]
    corrections: tuple[PastCorrection, ...]
    english: Frequencies | None

    def text(self, first: int, end: int) -> str:
        """The transcript's own text of words `first` to `end` (excluded)."""
        return self.transcript.heard[self.words[first].start : self.words[end - 1].end]

    def is_unbroken(self, first: int, end: int) -> bool:
        """Whether only blanks and hyphens separate words `first` to `end` (excluded)."""
        heard, starts, ends = self.transcript.heard, self.words.starts, self.words.ends
        return not any(
            _BREAK.search(heard, ends[number], starts[number + 1])
            for number in range(first, end - 1)
        )

    def is_capital(self, number: int) -> bool:
        """Whether a word has a capital and does not begin a sentence."""
        text = self.text(number, number + 1)
        return text[:1].isupper() and not text.isupper() and not self.begins_sentence(number)

    def begins_sentence(self, number: int) -> bool:
        """Whether a word is the first of a sentence."""
        end = self.words[number - 1].end if number else 0
        before = self.transcript.heard[end : self.words[number].start]
        return not number or bool(_SENTENCE_END.search(before))

    def is_free(self, first: int, end: int) -> bool:
        """Whether no editor has decided on any of these words, and one mark can cover them."""
        if not 0 <= first < end <= len(self.words) or self.span_of[first] < 0:
            return False
        return all(span == self.span_of[first] for span in self.span_of[first:end])

    def is_markable(self, first: int, end: int) -> bool:
        """Whether words are free and unbroken."""
        return self.is_free(first, end) and self.is_unbroken(first, end)

    def frequency(self, key: str) -> float:
        """The frequency of a word in a million words of print; infinite if no list has it."""
        if not self.english or "'" in key or not key.isalpha():
            return float("inf")
        return self.english.per_million(key)

    def is_common_pair(self, first: str, second: str) -> bool:
        """Whether two words often follow one another in the collection or in print."""
        if self.pairs.get((first, second), 0) > 1:
            return True
        return self.english is not None and (first, second) in self.english.pairs

    def is_english(self, key: str) -> bool:
        """Whether the lists have a word or the parts of it; True for another language."""
        return self.english is None or self.english.knows(key)


# Signs that may separate two sentences; a colon and a quotation mark open one.
_SENTENCE_END = re.compile(r"[.?!…:“”\"]|\n\n")
_BREAK = re.compile(r"[^\s\-‐‑–]|\n\n")


def gather_evidence(
    transcript: Transcript,
    entries: Iterable[Entry],
    others: Iterable[Transcript],
    corrections: Iterable[PastCorrection],
) -> Evidence:
    """The evidence in a transcript, the glossary, other transcripts and past corrections."""
    words = transcript.heard_words
    keys = tuple(word.key for word in words)
    counts, pairs = Counter(keys), Counter(pairwise(keys))
    for other in others:
        said = [word.key for word in other.said_words]
        counts.update(said)
        pairs.update(pairwise(said))
    lists = read_frequencies()
    english = lists if lists.covers(keys) else None
    spans, collection = _spans_of_words(transcript), (tuple(entries), tuple(corrections))
    return Evidence(transcript, words, keys, spans, counts, pairs, *collection, english)


def collect_past_corrections(transcripts: Iterable[Transcript]) -> Iterator[PastCorrection]:
    """Every correction of the editions in order, without repetitions within an edition."""
    for transcript in transcripts:
        seen = set()
        for correction in find_corrections(transcript):
            reason = correction.footnotes[0]
            heard, said = find_keys(correction.heard), correction.said
            decision = (heard, said, reason.here_only)
            if decision not in seen:
                seen.add(decision)
                place = f"{transcript.edition.path}#{correction.address}"
                slug = transcript.edition.slug
                yield PastCorrection(
                    heard, said, reason.kind, reason.here_only, slug, reason.label, place
                )


def _spans_of_words(transcript: Transcript) -> tuple[int, ...]:
    """The number of the plain span of each word, or -1.

    A word before a note gets -1: the note confirms that it was really said.
    """
    words = transcript.heard_words
    span_of = [-1] * len(words)
    starts = [word.start for word in words]
    number = 0
    for paragraph in transcript.paragraphs:
        for placed in paragraph.spans:
            span = placed.span
            first = bisect_left(starts, placed.heard_start)
            if span.mark is Mark.PLAIN and not span.target and not span.emphasis:
                end = bisect_left(starts, placed.heard_end)
                span_of[first:end] = [number] * (end - first)
            elif span.mark is Mark.NOTE and first > paragraph.first_word:
                span_of[first - 1] = -1
            number += 1
    return tuple(span_of)


def shorten_by_one(sound: str) -> set[str]:
    """A sound key and all keys that lack one of its sounds; keys one sound apart share one."""
    return {sound} | {sound[:n] + sound[n + 1 :] for n in range(len(sound)) if len(sound) > 2}


def is_inflection(one: str, other: str, endings: Iterable[str]) -> bool:
    """Whether the longer word is the shorter one with an ending.

    >>> is_inflection("planning", "plan", ["s", "ing"])
    True
    """
    short, long = sorted((one, other), key=len)
    return any(
        long in (short + ending, short[:-1] + ending, short + short[-1:] + ending)
        for ending in endings
    )
