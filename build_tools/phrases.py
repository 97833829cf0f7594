"""Runs of words found among words, all of them in one pass.

An automaton runs over words, each between two signs of its own, so that no match begins or ends
inside a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    starts = [0]
    for key in keys:
        starts.append(starts[-1] + len(key) + len(_OPEN + _CLOSE))
    number_at = {start: number for number, start in enumerate(starts)}
    matches = phrases.automaton.find_matches_as_indexes(_encode(keys), overlapping=True)
    for phrase, start, end in matches:
        yield Found(phrase, number_at[start], number_at[end])


def _encode(keys: Sequence[str]) -> str:
    return "".join(f"{_OPEN}{key}{_CLOSE}" for key in keys)
