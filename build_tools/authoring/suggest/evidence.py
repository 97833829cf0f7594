"""What the detectors go by: a transcript's words, which of them are free, and what is known."""

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
from build_tools.transcript.corrections import find_corrections


class Form(NamedTuple):
    """A correction that an editor made: what was heard, what was said, and what was decided.

    `label` is that of its footnote in the edition `transcript`.
    """

    heard: tuple[str, ...]
    said: str
    kind: Kind
    here_only: bool
    transcript: str
    label: str
    place: str


class Finding(NamedTuple):
    """What a detector found: words from `first` to `end` (excluded), and what was said instead.

    `said` is None where nobody can tell, "" where the words are too many. Where `first` is `end`,
    a word is missing before it. `grade` names the sort of evidence, `weight` orders within it, and
    `label` is that of the footnote which gives the reason already, if there is one.
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
    """A transcript's words as heard with all that may tell a wrong one.

    `span_of[n]` is the number of the plain span in which the n-th word stands, or -1 where a mark,
    a note, emphasis or a link of an editor is. `counts` and `pairs` are those of the whole
    collection, this transcript as heard and the others as said.
    `english` is None where the transcript is in another language.
    """

    transcript: Transcript
    words: Words
    keys: tuple[str, ...]
    span_of: tuple[int, ...]
    counts: Mapping[str, int]
    pairs: Mapping[tuple[str, str], int]
    entries: tuple[Entry, ...]
    forms: tuple[Form, ...]
    english: Frequencies | None

    def written(self, first: int, end: int) -> str:
        """The edition's own text from word `first` to word `end` (excluded)."""
        return self.transcript.heard[self.words[first].start : self.words[end - 1].end]

    def together(self, first: int, end: int) -> bool:
        """Whether words stand in one sentence, with nothing but blanks and hyphens between them."""
        heard, starts, ends = self.transcript.heard, self.words.starts, self.words.ends
        return not any(
            _PARTING.search(heard, ends[number], starts[number + 1])
            for number in range(first, end - 1)
        )

    def is_capital(self, number: int) -> bool:
        """Whether a word has a capital that no sentence gave it."""
        written = self.written(number, number + 1)
        return written[:1].isupper() and not written.isupper() and not self.begins(number)

    def begins(self, number: int) -> bool:
        """Whether a word is the first of a sentence."""
        end = self.words[number - 1].end if number else 0
        before = self.transcript.heard[end : self.words[number].start]
        return not number or bool(_SENTENCE_END.search(before))

    def is_free(self, first: int, end: int) -> bool:
        """Whether nobody has decided on any of these words, and one mark can hold them."""
        if not 0 <= first < end <= len(self.words) or self.span_of[first] < 0:
            return False
        return all(span == self.span_of[first] for span in self.span_of[first:end])

    def rarity(self, key: str) -> float:
        """How often a word is met in a million of print; endless where no list can tell."""
        if not self.english or "'" in key or not key.isalpha():
            return float("inf")
        return self.english.per_million(key)

    def is_usual(self, first: str, second: str) -> bool:
        """Whether two words often follow one another, in the collection or in print."""
        if self.pairs.get((first, second), 0) > 1:
            return True
        return self.english is not None and (first, second) in self.english.pairs

    def is_english(self, key: str) -> bool:
        """Whether a word is of the lists or made of words that are; where none can tell, it is."""
        return self.english is None or self.english.knows(key)


# What may part two sentences; a colon and a quotation mark open one.
_SENTENCE_END = re.compile(r"[.?!…:“”\"]|\n\n")
_PARTING = re.compile(r"[^\s\-‐‑–]|\n\n")


def gather_evidence(
    transcript: Transcript,
    entries: Iterable[Entry],
    others: Iterable[Transcript],
    forms: Iterable[Form],
) -> Evidence:
    """What is known about a transcript: the glossary, the other transcripts, what was corrected."""
    words = transcript.heard_words
    keys = tuple(word.key for word in words)
    counts, pairs = Counter(keys), Counter(pairwise(keys))
    for other in others:
        said = [word.key for word in other.said_words]
        counts.update(said)
        pairs.update(pairwise(said))
    english = read_frequencies()
    return Evidence(
        transcript,
        words,
        keys,
        _spans_of_words(transcript),
        counts,
        pairs,
        tuple(entries),
        tuple(forms),
        english if english.covers(keys) else None,
    )


def collect_forms(transcripts: Iterable[Transcript]) -> Iterator[Form]:
    """Every correction of editions, in order, each of its forms once an edition."""
    for transcript in transcripts:
        seen = set()
        for correction in find_corrections(transcript):
            reason = correction.footnotes[0]
            form = (find_keys(correction.heard), correction.said, reason.here_only)
            if form not in seen:
                seen.add(form)
                yield Form(
                    form[0],
                    correction.said,
                    reason.kind,
                    reason.here_only,
                    transcript.edition.slug,
                    reason.label,
                    f"{transcript.edition.path}#{correction.address}",
                )


def _spans_of_words(transcript: Transcript) -> tuple[int, ...]:
    """For each word, the number of the plain span that holds it, or -1.

    A note says that the word before it was really said so.
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
