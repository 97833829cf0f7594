"""Runs of words found among words, all of them in one pass.

An automaton runs over words, each between two signs of its own, so that no match begins or ends
inside a word.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, count
from operator import add
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

_OPEN, _CLOSE = "\x02", "\x03"


class Phrases(NamedTuple):
    """Phrases ready to be looked for; None where there is none."""

    automaton: AhoCorasick | None


class Found(NamedTuple):
    """The number of a phrase, and the words from `first` to `end` (excluded) where it stands."""

    phrase: int
    first: int
    end: int


def compile_phrases(phrases: Iterable[Sequence[str]]) -> Phrases:
    """Phrases, each a run of word keys of at least one word, known by their number."""
    patterns = [_encode(phrase) for phrase in phrases]
    return Phrases(AhoCorasick(patterns) if patterns else None)


def find_phrases(phrases: Phrases, keys: Sequence[str]) -> Iterator[Found]:
    """Every place of every phrase among words, those that overlap too."""
    if not phrases.automaton:
        return
    # The letters of all words before the n-th, and two signs for each of them.
    letters = accumulate(map(len, keys), initial=0)
    starts = tuple(map(add, letters, count(0, len(_OPEN + _CLOSE))))
    found = phrases.automaton.find_matches_as_indexes(_encode(keys), overlapping=True)
    for phrase, start, end in found:
        first = bisect_left(starts, start)
        yield Found(phrase, first, bisect_left(starts, end, first))


def _encode(keys: Sequence[str]) -> str:
    return _OPEN + f"{_CLOSE}{_OPEN}".join(keys) + _CLOSE if keys else ""
