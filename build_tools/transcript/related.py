"""Chapters of different transcripts that are about the same things, by the entries they share.

A chapter is the set of entries that are named in it; how often says more of the speaker than of the
subject. Two chapters are as near as the cosine of their sets, in which an entry weighs the square
of its inverse document frequency: two rare terms in common say more than five that are everywhere.

The thresholds were set by reading every pair of the first collection (36 chapters): the six pairs
that are shown have 0.066 and more, the best of those that would mislead has 0.039.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import groupby, repeat
from math import fsum, log, sqrt
from operator import neg
from typing import NamedTuple


class ChapterKey(NamedTuple):
    """A chapter: the slug of its transcript, and its number there from 0."""

    transcript: str
    number: int


class Relation(NamedTuple):
    """A chapter akin to another, and the entries that they share, the rarest first."""

    chapter: ChapterKey
    entries: tuple[str, ...]


# So many are shown, and none that is less near or shares fewer entries.
_SHOWN = 3
_NEAREST = 0.05
_SHARED = 2
# An entry of more than a quarter of all chapters tells none of them from the others.
_COMMON = 4
# So many places of its entries, the rarest entries first, are looked up for a chapter: work grows
# with the number of chapters and not with its square. 20,000 chapters of 30 entries took 7 seconds.
LOOKED_UP = 500
# Of the chapters met there, so many are compared in full.
_COMPARED = 20


class _Index(NamedTuple):
    """What is looked up, chapters by their numbers in order of `keys`.

    `telling` has the entries of each that tell chapters apart, the rarest first; `own` is the range
    of the chapters of its transcript. `shares` has the chapters of each entry, and how near it
    brings others to them; a weight is squared, as cosines have it.
    """

    keys: Sequence[ChapterKey]
    entries: Sequence[Set[str]]
    own: Sequence[range]
    telling: Sequence[tuple[str, ...]]
    shares: Mapping[str, Sequence[tuple[int, float]]]
    weights: Mapping[str, float]
    norms: Sequence[float]


def find_related(entries: Mapping[ChapterKey, Set[str]]) -> dict[ChapterKey, tuple[Relation, ...]]:
    """For each chapter that has any, its nearest in other transcripts, the nearest first."""
    index = _index(entries)
    kin = {key: _nearest(number, index) for number, key in enumerate(index.keys)}
    return {chapter: found for chapter, found in kin.items() if found}


def _index(by_chapter: Mapping[ChapterKey, Set[str]]) -> _Index:
    keys = sorted(by_chapter)
    entries = [by_chapter[key] for key in keys]
    chapters: dict[str, list[int]] = {}
    for number, found in enumerate(entries):
        for entry in found:
            chapters.setdefault(entry, []).append(number)
    rarest_first = sorted(chapters, key=lambda entry: (len(chapters[entry]), entry))
    ranks = {
        entry: rank
        for rank, entry in enumerate(rarest_first)
        if len(chapters[entry]) * _COMMON <= len(keys)
    }
    weights = {entry: log(len(keys) / len(found)) ** 4 for entry, found in chapters.items()}
    # fsum: the same sum in whatever order a set gives its members.
    norms = [sqrt(fsum(map(weights.__getitem__, found))) for found in entries]
    return _Index(
        keys,
        entries,
        list(_own_chapters(keys)),
        [tuple(sorted(found & ranks.keys(), key=ranks.__getitem__)) for found in entries],
        {
            entry: [(number, weights[entry] / norms[number]) for number in chapters[entry]]
            for entry in ranks
        },
        weights,
        norms,
    )


def _own_chapters(keys: Sequence[ChapterKey]) -> Iterator[range]:
    """For each chapter, the range of those of its transcript."""
    begin = 0
    for _, own in groupby(keys, key=lambda key: key.transcript):
        end = begin + len(list(own))
        yield from repeat(range(begin, end), end - begin)
        begin = end


def _nearest(number: int, index: _Index) -> tuple[Relation, ...]:
    met = _meet(number, index)
    near = []
    for _, other in sorted(zip(map(neg, met.values()), met, strict=True))[:_COMPARED]:
        shared = tuple(entry for entry in index.telling[number] if entry in index.entries[other])
        product = fsum(map(index.weights.__getitem__, shared))
        nearness = product / (index.norms[number] * index.norms[other])
        if len(shared) >= _SHARED and nearness >= _NEAREST:
            near.append((-nearness, Relation(index.keys[other], shared)))
    return tuple(kin for _, kin in sorted(near)[:_SHOWN])


def _meet(number: int, index: _Index) -> dict[int, float]:
    """Chapters of other transcripts that share the rarest entries, and how near these make them."""
    met: dict[int, float] = {}
    left = LOOKED_UP
    for entry in index.telling[number]:
        left -= len(index.shares[entry])
        if left < 0:
            break
        for other, share in index.shares[entry]:
            met[other] = met.get(other, 0.0) + share
    for own in index.own[number]:
        met.pop(own, None)
    return met
