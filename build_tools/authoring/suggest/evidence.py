"""The evidence for detectors: a transcript's words, and the knowledge of the collection."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from build_tools.checks.elsewhere import is_usually_wrong
from build_tools.model.edition import Kind, Mark
from build_tools.model.glossary import Entry
from build_tools.model.text import Words
from build_tools.model.transcript import Remark, Transcript
from build_tools.reading.decisions import Forms
from build_tools.text.frequencies import Frequencies, read_frequencies
from build_tools.text.phrases import compile_phrases, find_phrases
from build_tools.text.words import find_keys
from build_tools.transcript.remarks import find_corrections

Keys = tuple[str, ...]
# Kinds of words that are misheard everywhere or nowhere.
NAMES = (Kind.NAME, Kind.TERM)
# Signs that may separate two sentences; a colon and a quotation mark open one.
_SENTENCE_END = re.compile(r"[.?!…:“”\"]|\n\n")
_ADDRESS = re.compile(r"[@#/\\_]|\w\.\w")
_BREAK = re.compile(r"[^\s\-‐‑–]|\n\n")


class Wrong(NamedTuple):
    """How a form is usually corrected, and the footnote of this edition that says why, if any."""

    remark: Remark
    label: str


@dataclass(frozen=True, slots=True)
class ReadTranscript:
    """A transcript's words as heard with all that helps to find a wrong one.

    `span_of[n]` is the number of the plain span of word `n`, or -1 if an editor has touched it.
    `said` are the words that other transcripts say; `known` has those of them that no list has, as
    written. `wrong` are the forms that editions usually correct, `right` those that people called
    right. `english` is None for another language.
    """

    transcript: Transcript
    words: Words
    keys: tuple[str, ...]
    span_of: tuple[int, ...]
    said: Set[str]
    known: Mapping[str, str]
    entries: tuple[Entry, ...]
    wrong: Mapping[Keys, Wrong]
    right: Forms
    english: Frequencies | None

    def text(self, first: int, end: int) -> str:
        """The transcript's own text of words `first` to `end` (excluded), "" for none."""
        words = self.words[first:end]
        return self.transcript.heard[words.starts[0] : words.ends[-1]] if words else ""

    def begins_sentence(self, number: int) -> bool:
        """Whether a word is the first of a sentence."""
        gap = (self.words.ends[number - 1], self.words.starts[number]) if number else None
        return not gap or bool(_SENTENCE_END.search(self.transcript.heard, *gap))

    def is_free(self, first: int, end: int) -> bool:
        """Whether no editor has decided on any of these words, and one mark can cover them."""
        spans = set(self.span_of[first:end])
        return 0 <= first < end <= len(self.words) and len(spans) == 1 and -1 not in spans

    def is_markable(self, first: int, end: int) -> bool:
        """Whether words are free, and only blanks and hyphens separate them."""
        ends, starts = self.words.ends[first : end - 1], self.words.starts[first + 1 : end]
        gaps = zip(ends, starts, strict=True)
        broken = (_BREAK.search(self.transcript.heard, *gap) for gap in gaps)
        return self.is_free(first, end) and not any(broken)

    def frequency(self, key: str) -> float:
        """The frequency of a word in a million words of print; infinite for what is no word."""
        if not self.english or not key.isalnum() or not key[0].isalpha():
            return float("inf")
        return self.english.per_million(key)

    def is_address(self, number: int) -> bool:
        """Whether a word belongs to a handle, a path, or an address on the web."""
        heard = self.transcript.heard
        start = max(heard.rfind(blank, 0, self.words.starts[number]) for blank in " \n") + 1
        token = heard[start : self.words.ends[number] + 3]
        around = {*self.keys[max(number - 1, 0) : number], *self.keys[number + 1 : number + 2]}
        return bool(_ADDRESS.search(token)) or not around.isdisjoint({"dot", "slash"})


def gather_evidence(
    transcript: Transcript,
    entries: Iterable[Entry],
    others: Iterable[Transcript],
    corrections: Iterable[Remark],
    right: Forms = frozenset(),
) -> ReadTranscript:
    """The evidence in a transcript, the glossary, other transcripts and past corrections."""
    others, corrections = tuple(others), tuple(corrections)
    words, keys = transcript.heard_words, transcript.heard_words.keys
    english = lists if (lists := read_frequencies()).covers(keys) else None
    said = {key.removesuffix("'s") for other in others for key in other.said_words.keys}
    return ReadTranscript(
        *(transcript, words, keys, _spans_of_words(transcript), said),
        dict(_find_unlisted(others, said, english)) if english else {},
        *(tuple(entries), _find_wrong(transcript, others, corrections)),
        right.union(find_keys(one.heard) for one in corrections if one.footnotes[0].here_only),
        english,
    )


def _find_unlisted(
    others: Sequence[Transcript], said: Set[str], english: Frequencies
) -> Iterator[tuple[str, str]]:
    """The words that other transcripts say and no list has, as written, the commonest last."""
    names = {key for key in said if len(key) > 2 and key.isalnum() and key[0].isalpha()}
    unlisted = {key for key in names if not english.per_million(key)}
    written: Counter[tuple[str, str]] = Counter()
    for other in others:
        words = other.said_words
        for key, start, end in zip(words.keys, words.starts, words.ends, strict=True):
            if (bare := key.removesuffix("'s")) in unlisted:
                written[bare, other.said[start:end][: len(bare)]] += 1
    return (pair for pair, _ in reversed(written.most_common()))


def _find_wrong(
    transcript: Transcript, others: Iterable[Transcript], corrections: Sequence[Remark]
) -> dict[Keys, Wrong]:
    """The correction of each form that editors correct at least as often as they leave it."""
    forms: dict[Keys, list[Remark]] = defaultdict(list)
    editions, own = {past.transcript for past in corrections}, transcript.edition.slug
    for past in corrections:
        heard, reason = find_keys(past.heard), past.footnotes[0]
        if reason.kind.corrects_words and heard and find_keys(past.said) and not reason.here_only:
            forms[heard].append(past)
    phrases, left = compile_phrases(forms), defaultdict[int, Counter[str]](Counter)
    read = (other for other in others if other.edition.slug in editions)
    for number, other in enumerate((transcript, *read)):
        marked = {word for _, _, word in other.occurrences}
        for found in find_phrases(phrases, other.heard_words.keys):
            if found.first not in marked:
                left[found.phrase][str(number) if number else own] += 1
    wrong = {}
    for number, (heard, made) in enumerate(forms.items()):
        corrected = Counter(past.transcript for past in made)
        said = Counter(past.said for past in made)
        usual = max(made, key=lambda past: (said[past.said], past.transcript == own))
        is_name = usual.footnotes[0].kind in NAMES and len(heard) == 1
        if is_usually_wrong(own, corrected, left[number], is_name=is_name):
            label = usual.footnotes[0].label if usual.transcript == own else ""
            wrong[heard] = Wrong(usual, label)
    return wrong


def collect_past_corrections(transcripts: Iterable[Transcript]) -> Iterator[Remark]:
    """Every correction of the editions in order."""
    return (one for transcript in transcripts for one in find_corrections(transcript))


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
