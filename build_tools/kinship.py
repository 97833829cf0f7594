"""Chapters of different transcripts that are about the same things, by the entries they share.

A chapter is the set of entries that are named in it; how often says more of the speaker than of the
subject. Two chapters are as near as the cosine of their sets, in which an entry weighs the square
of its inverse document frequency: two rare terms in common say more than five that are everywhere.

The thresholds were set by reading every pair of the first collection (36 chapters): the six pairs
that are shown have 0.066 and more, the best of those that would mislead has 0.039.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from heapq import nsmallest
from math import fsum, log, sqrt
from typing import NamedTuple


class ChapterKey(NamedTuple):
    """A chapter: the slug of its transcript, and its number there from 0."""

    transcript: str
    number: int


class Kin(NamedTuple):
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
    """What is looked up: entries that tell chapters apart, their chapters, weights and norms.

    `telling` has each chapter's entries, the rarest first; a weight is squared, as cosines have it.
    """

    telling: Mapping[ChapterKey, tuple[str, ...]]
    chapters: Mapping[str, list[ChapterKey]]
    weights: Mapping[str, float]
    norms: Mapping[ChapterKey, float]


def find_kin(entries: Mapping[ChapterKey, Set[str]]) -> dict[ChapterKey, tuple[Kin, ...]]:
    """For each chapter that has any, its nearest in other transcripts, the nearest first."""
    index = _index(entries)
    kin = {chapter: _nearest(chapter, entries, index) for chapter in sorted(entries)}
    return {chapter: found for chapter, found in kin.items() if found}


def _index(entries: Mapping[ChapterKey, Set[str]]) -> _Index:
    chapters: dict[str, list[ChapterKey]] = {}
    for chapter in sorted(entries):
        for entry in entries[chapter]:
            chapters.setdefault(entry, []).append(chapter)
    rarest_first = sorted(chapters, key=lambda entry: (len(chapters[entry]), entry))
    ranks = {
        entry: rank
        for rank, entry in enumerate(rarest_first)
        if len(chapters[entry]) * _COMMON <= len(entries)
    }
    weights = {entry: log(len(entries) / len(found)) ** 4 for entry, found in chapters.items()}
    return _Index(
        {
            chapter: tuple(sorted(found & ranks.keys(), key=ranks.__getitem__))
            for chapter, found in entries.items()
        },
        chapters,
        weights,
        # fsum: the same sum in whatever order a set gives its members.
        {
            chapter: sqrt(fsum(map(weights.__getitem__, found)))
            for chapter, found in entries.items()
        },
    )


def _nearest(
    chapter: ChapterKey, entries: Mapping[ChapterKey, Set[str]], index: _Index
) -> tuple[Kin, ...]:
    met = _meet(chapter, index)
    near = []
    for other in nsmallest(_COMPARED, met, key=lambda other: (-met[other], other)):
        shared = tuple(entry for entry in index.telling[chapter] if entry in entries[other])
        product = fsum(map(index.weights.__getitem__, shared))
        nearness = product / (index.norms[chapter] * index.norms[other])
        if len(shared) >= _SHARED and nearness >= _NEAREST:
            near.append((-nearness, Kin(other, shared)))
    return tuple(kin for _, kin in sorted(near)[:_SHOWN])


def _meet(chapter: ChapterKey, index: _Index) -> dict[ChapterKey, float]:
    """Chapters of other transcripts that share the rarest entries, and how near these make them."""
    met: dict[ChapterKey, float] = {}
    left = LOOKED_UP
    for entry in index.telling[chapter]:
        left -= len(index.chapters[entry])
        if left < 0:
            break
        weight = index.weights[entry]
        for other in index.chapters[entry]:
            if other.transcript != chapter.transcript:
                met[other] = met.get(other, 0.0) + weight / index.norms[other]
    return met
