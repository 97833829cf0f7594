"""Times of words: interpolated by letters between the start and the end of the word's cue.

Cues with the same time share a slot, such as several voices of one caption, and a cue without a
time joins the one before it. A cue without an end lasts until the next one begins.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from build_tools.model.source import Cue, Source

# The length of a last cue without an end, in milliseconds: for each sign, and at least.
_SIGN, _SHORTEST = 60, 1000


class Slot(NamedTuple):
    """A span of time, and the cues that share it."""

    start: int
    end: int
    cues: tuple[Cue, ...]


class CueTimes:
    """The slots of a source in order, and the slot, the start and the end of each of its words."""

    def __init__(self, source: Source) -> None:
        runs = _group_cues(source.cues)
        pairs = pairwise([*runs, []])
        self.slots = [Slot(_find_start(run), _find_end(run, end), tuple(run)) for run, end in pairs]
        self.of_word: list[int] = []
        self.begins: list[int] = []
        self.ends: list[int] = []
        places = []
        for number, slot in enumerate(self.slots):
            offsets = list(accumulate((len(cue.text) + 1 for cue in slot.cues), initial=0))
            places += [(number, slot, offset, offsets[-1]) for offset in offsets[:-1]]
        words = source.words
        for first, last, cue in zip(words.starts, words.ends, source.cue_of_word, strict=True):
            number, (start, end, _), offset, length = places[cue]
            self.of_word.append(number)
            self.begins.append(start + (end - start) * (offset + first) // length)
            self.ends.append(start + (end - start) * (offset + last) // length)
        for count, (number, following) in enumerate(pairwise([*self.of_word, -1])):
            if number != following:
                # The last word lasts to the end of the cue.
                self.ends[count] = self.slots[number].end


def has_times(source: Source) -> bool:
    """Whether a source has times: at least half of its cues have a start."""
    timed = sum(cue.start is not None for cue in source.cues)
    return bool(source.words) and 2 * timed >= len(source.cues)


def _group_cues(cues: Iterable[Cue]) -> list[list[Cue]]:
    """Runs of cues that share a time, including cues without a time."""
    runs: list[list[Cue]] = []
    first: Cue | None = None
    for cue in cues:
        apart = False
        if first and cue.start is not None:
            ends = {_known_end(first), _known_end(cue)} - {None}
            apart = first.start != cue.start or len(ends) > 1
        if apart or not runs:
            runs.append([])
            first = None
        runs[-1].append(cue)
        first = cue if first is None and cue.start is not None else first
    return runs


def _known_end(cue: Cue) -> int | None:
    return cue.end if cue.start is not None and cue.start < (cue.end or 0) else None


def _find_start(run: Iterable[Cue]) -> int:
    return next((cue.start for cue in run if cue.start is not None), 0)


def _find_end(run: Sequence[Cue], following: Sequence[Cue]) -> int:
    """The end of a run of cues: its own, the start of the next run, or an estimate."""
    start, after = _find_start(run), _find_start(following)
    known = [end for cue in run if (end := _known_end(cue)) is not None]
    usual = start + max(_SHORTEST, _SIGN * sum(len(cue.text) for cue in run))
    return max(known, default=after if following and after > start else usual)
