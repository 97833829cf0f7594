"""Related chapters of different transcripts, by the glossary entries that both mention.

A chapter is the set of entries that it mentions; their frequency tells more of the speaker than of
the subject. The similarity of two chapters is the cosine of their sets, weighted by the square of
the inverse document frequency, so that two rare entries count more than five frequent ones.

The thresholds were set by reading every pair of the first collection (36 chapters): the six pairs
that are shown have a similarity of 0.066 or more, the best misleading pair has 0.039.
"""

from collections.abc import Mapping, Sequence, Set
from math import fsum, log, sqrt
from operator import neg
from typing import NamedTuple


class ChapterKey(NamedTuple):
    """A chapter: the slug of its transcript, and its number there from 0."""

    transcript: str
    number: int


class Relation(NamedTuple):
    """A chapter related to another, and the entries that they share, the rarest first."""

    chapter: ChapterKey
    entries: tuple[str, ...]


# The most related chapters that are shown, and the thresholds for showing one.
_MOST_SHOWN = 3
_LEAST_SIMILAR = 0.05
_LEAST_SHARED = 2
# An entry in more than a quarter of all chapters does not distinguish them.
_COMMON = 4
# The most places of its entries that are looked up for a chapter, the rarest entries first: work is
# linear in the number of chapters. 20,000 chapters of 30 entries took 7 seconds.
MOST_LOOKUPS = 500
# The most candidates that are compared in full.
_MOST_COMPARED = 20


class _Index(NamedTuple):
    """An inverted index; chapters are numbered in the order of `keys`.

    `rarest` has the distinctive entries of each chapter, `shares` the chapters of each entry with
    its part in their similarity; weights are squared for the cosine.
    """

    keys: Sequence[ChapterKey]
    entries: Sequence[Set[str]]
    rarest: Sequence[tuple[str, ...]]
    shares: Mapping[str, Sequence[tuple[int, float]]]
    weights: Mapping[str, float]
    norms: Sequence[float]


def find_related(entries: Mapping[ChapterKey, Set[str]]) -> dict[ChapterKey, tuple[Relation, ...]]:
    """Map chapters to the related ones of other transcripts, the most similar first."""
    index = _make_index(entries)
    related = {key: _find_most_similar(number, index) for number, key in enumerate(index.keys)}
    return {chapter: found for chapter, found in related.items() if found}


def _make_index(by_chapter: Mapping[ChapterKey, Set[str]]) -> _Index:
    keys = sorted(by_chapter)
    entries = [by_chapter[key] for key in keys]
    chapters: dict[str, list[int]] = {}
    for number, found in enumerate(entries):
        for entry in found:
            chapters.setdefault(entry, []).append(number)
    distinctive = (entry for entry in chapters if len(chapters[entry]) * _COMMON <= len(keys))
    rarest_first = sorted(distinctive, key=lambda entry: (len(chapters[entry]), entry))
    ranks = {entry: rank for rank, entry in enumerate(rarest_first)}
    weights = {entry: log(len(keys) / len(found)) ** 4 for entry, found in chapters.items()}
    # fsum does not depend on the order of a set.
    norms = [sqrt(fsum(map(weights.__getitem__, found))) for found in entries]
    rarest = [tuple(sorted(found & ranks.keys(), key=ranks.__getitem__)) for found in entries]
    shares = {
        entry: [(number, weights[entry] / norms[number]) for number in chapters[entry]]
        for entry in ranks
    }
    return _Index(keys, entries, rarest, shares, weights, norms)


def _find_most_similar(number: int, index: _Index) -> tuple[Relation, ...]:
    candidates = _find_candidates(number, index)
    similar = []
    ranked = sorted(zip(map(neg, candidates.values()), candidates, strict=True))
    for _, other in ranked[:_MOST_COMPARED]:
        shared = tuple(entry for entry in index.rarest[number] if entry in index.entries[other])
        product = fsum(map(index.weights.__getitem__, shared))
        similarity = product / (index.norms[number] * index.norms[other])
        if len(shared) >= _LEAST_SHARED and similarity >= _LEAST_SIMILAR:
            similar.append((-similarity, Relation(index.keys[other], shared)))
    return tuple(relation for _, relation in sorted(similar)[:_MOST_SHOWN])


def _find_candidates(number: int, index: _Index) -> dict[int, float]:
    """Map chapters of other transcripts that share rare entries to their similarity so far."""
    candidates: dict[int, float] = {}
    left = MOST_LOOKUPS
    for entry in index.rarest[number]:
        left -= len(index.shares[entry])
        if left < 0:
            break
        for other, share in index.shares[entry]:
            if index.keys[other].transcript != index.keys[number].transcript:
                candidates[other] = candidates.get(other, 0.0) + share
    return candidates
