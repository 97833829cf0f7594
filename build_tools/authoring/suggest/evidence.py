"""The evidence for detectors: a transcript's words, and the knowledge of the collection."""

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
class ReadTranscript:
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
        """The transcript's own text of words `first` to `end` (excluded), "" for none."""
        words = self.words[first:end]
        return self.transcript.heard[words.starts[0] : words.ends[-1]] if words else ""

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
        gap = (self.words.ends[number - 1], self.words.starts[number]) if number else None
        return not gap or bool(_SENTENCE_END.search(self.transcript.heard, *gap))

    def is_free(self, first: int, end: int) -> bool:
        """Whether no editor has decided on any of these words, and one mark can cover them."""
        spans = set(self.span_of[first:end])
        return 0 <= first < end <= len(self.words) and len(spans) == 1 and -1 not in spans

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
        pair = (first, second)
        return self.pairs.get(pair, 0) > 1 or bool(self.english and pair in self.english.pairs)


# Signs that may separate two sentences; a colon and a quotation mark open one.
_SENTENCE_END = re.compile(r"[.?!…:“”\"]|\n\n")
_BREAK = re.compile(r"[^\s\-‐‑–]|\n\n")


def gather_evidence(
    transcript: Transcript,
    entries: Iterable[Entry],
    others: Iterable[Transcript],
    corrections: Iterable[PastCorrection],
) -> ReadTranscript:
    """The evidence in a transcript, the glossary, other transcripts and past corrections."""
    words, keys = transcript.heard_words, transcript.heard_words.keys
    counts, pairs = Counter(keys), Counter(pairwise(keys))
    for other in others:
        counts.update(other.said_words.keys)
        pairs.update(pairwise(other.said_words.keys))
    english = lists if (lists := read_frequencies()).covers(keys) else None
    spans, collection = _spans_of_words(transcript), (tuple(entries), tuple(corrections))
    return ReadTranscript(transcript, words, keys, spans, counts, pairs, *collection, english)


def collect_past_corrections(transcripts: Iterable[Transcript]) -> Iterator[PastCorrection]:
    """Every correction of the editions in order, without repetitions within an edition."""
    for transcript in transcripts:
        slug, path = transcript.edition.slug, transcript.edition.path
        seen = set()
        for one in find_corrections(transcript):
            reason = one.footnotes[0]
            decision = (find_keys(one.heard), one.said, reason.kind, reason.here_only)
            if (key := (*decision[:2], decision[3])) not in seen:
                seen.add(key)
                yield PastCorrection(*decision, slug, reason.label, f"{path}#{one.address}")


def _spans_of_words(transcript: Transcript) -> tuple[int, ...]:
    """The number of the plain span of each word, or -1; a note confirms the word before it."""
    starts = transcript.heard_words.starts
    span_of = [-1] * len(starts)
    spans = ((one, placed) for one in transcript.paragraphs for placed in one.spans)
    for number, (paragraph, placed) in enumerate(spans):
        span, first = placed.span, bisect_left(starts, placed.heard_start)
        if span.mark is Mark.PLAIN and not span.target and not span.emphasis:
            end = bisect_left(starts, placed.heard_end)
            span_of[first:end] = [number] * (end - first)
        elif span.mark is Mark.NOTE and first > paragraph.first_word:
            span_of[first - 1] = -1
    return tuple(span_of)


def shorten_by_one(sound: str) -> set[str]:
    """A sound key and all keys that lack one of its sounds; keys one sound apart share one."""
    return {sound} | {sound[:n] + sound[n + 1 :] for n in range(len(sound)) if len(sound) > 2}


def is_inflection(one: str, other: str, endings: Iterable[str]) -> bool:
    """Whether two words are the same, or the longer one is the shorter one with an ending.

    >>> is_inflection("planning", "plan", ["s", "ing"])
    True
    """
    short, long = sorted((one, other), key=len)
    stems = (short, short[:-1], short + short[-1:])
    return one == other or any(long == stem + ending for stem in stems for ending in endings)
