"""Related chapters of different transcripts, by the glossary entries that both mention.

A chapter is the set of entries that it mentions; their frequency tells more of the speaker than of
the subject. The similarity of two chapters is the cosine of their sets, weighted by the square of
the inverse document frequency, so that two rare entries count more than five frequent ones.

The thresholds were set by reading every pair of the first collection (36 chapters): the six pairs
that are shown have a similarity of 0.066 or more, the best misleading pair has 0.039.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from math import fsum, log, sqrt
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
# linear in the number of chapters.
MOST_LOOKUPS = 500


def find_related(entries: Mapping[ChapterKey, Set[str]]) -> dict[ChapterKey, tuple[Relation, ...]]:
    """Map chapters to the related ones of other transcripts, the most similar first."""
    chapters = defaultdict[str, list[ChapterKey]](list)
    for key, named in entries.items():
        for entry in named:
            chapters[entry].append(key)
    weights = {entry: log(len(entries) / len(found)) ** 4 for entry, found in chapters.items()}
    # fsum does not depend on the order of a set.
    norms = {key: sqrt(fsum(map(weights.__getitem__, named))) for key, named in entries.items()}
    rarest = sorted(chapters, key=lambda entry: (len(chapters[entry]), entry))
    ranks = {
        entry: rank
        for rank, entry in enumerate(rarest)
        if len(chapters[entry]) * _COMMON <= len(entries)
    }
    related = {}
    for key, named in entries.items():
        similar = []
        own = sorted(named & ranks.keys(), key=ranks.__getitem__)
        for other, shared in _find_shared(key, own, chapters).items():
            if len(shared) < _LEAST_SHARED:
                continue
            similarity = fsum(map(weights.__getitem__, shared)) / (norms[key] * norms[other])
            if similarity >= _LEAST_SIMILAR:
                similar.append((-similarity, Relation(other, tuple(shared))))
        if similar:
            related[key] = tuple(relation for _, relation in sorted(similar)[:_MOST_SHOWN])
    return related


def _find_shared(
    key: ChapterKey, named: Iterable[str], chapters: Mapping[str, Sequence[ChapterKey]]
) -> dict[ChapterKey, list[str]]:
    """Map the chapters of other transcripts to the entries that they share with one."""
    shared: dict[ChapterKey, list[str]] = {}
    left = MOST_LOOKUPS
    for entry in named:
        left -= len(chapters[entry])
        if left < 0:
            break
        for other in chapters[entry]:
            if other.transcript != key.transcript:
                shared.setdefault(other, []).append(entry)
    return shared
