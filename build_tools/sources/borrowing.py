"""Times of one source for the words of another of the same talk.

The times of words that the other lacks are interpolated between their neighbours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, groupby, pairwise, starmap
from typing import NamedTuple

from build_tools.model.source import Cue, Source
from build_tools.sources.cue_times import CueTimes
from build_tools.text.differences import Difference, find_differences

# Equal words are no chance in runs of `_ENOUGH`, and in stretches of `_SHORT` between such runs.
_SHORT, _ENOUGH = 20, 3
# A caption lasts until the next one begins if the gap is shorter, in milliseconds.
_GAP = 1000


class Borrowed(NamedTuple):
    """A source with the times of another, and the number of its words that matched.

    `unmatched` are the first and the last line of each run of cues without a match.
    """

    source: Source
    matched: int
    unmatched: tuple[tuple[int, int], ...]


class _Match(NamedTuple):
    here: int
    there: int


class _Time(NamedTuple):
    start: int
    end: int


def borrow_times(source: Source, timed: Source) -> Borrowed:
    """Give a source the times of another one; nothing else of it changes."""
    matches = list(_match([word.key for word in source.words], [word.key for word in timed.words]))
    if not matches:
        return Borrowed(source, 0, ((source.cues[0].line, source.cues[-1].line),))
    times = _interpolate(matches, CueTimes(timed), len(source.words))
    spoken = {source.cue_of_word[match.here] for match in matches}
    runs = groupby(enumerate(source.cues), key=lambda cue: cue[0] in spoken)
    lines = [[cue.line for _, cue in run] for matched, run in runs if not matched]
    unmatched = tuple((run[0], run[-1]) for run in lines)
    in_time = replace(source, cues=tuple(_time_cues(source, times)))
    return Borrowed(in_time, len(matches), unmatched)


def _time_cues(source: Source, times: Sequence[_Time]) -> Iterator[Cue]:
    firsts = [*source.first_words(), len(source.words)]
    starts = [times[first].start for first in firsts[:-1]]
    for cue, (first, end), following in zip(
        source.cues, pairwise(firsts), [*starts[1:], None], strict=True
    ):
        start, ends = times[first].start, times[end - 1].end
        if following is not None and following - ends < _GAP:
            ends = following
        yield cue._replace(start=start, end=ends if ends > start else None)


# The same words ---------------------------------------------------------------------------------


def _match(here: Sequence[str], there: Sequence[str]) -> Iterator[_Match]:
    """The equal words in long runs, and those of short stretches between such runs."""
    last = Difference(len(here), len(here), len(there), len(there))
    edges = [Difference(0, 0, 0, 0), *find_differences(here, there), last]
    unsure: list[_Match] = []
    begin = edges[0]
    for before, after in pairwise(edges):
        run = range(before.heard_end, after.heard_first)
        unsure += starmap(_Match, zip(run, count(before.source_end), strict=False))
        if len(run) >= _ENOUGH or after is last:
            stretch = before.heard_end - begin.heard_first, before.source_end - begin.source_first
            if max(stretch) > _SHORT:
                unsure = unsure[-len(run) :] if len(run) >= _ENOUGH else []
            yield from unsure
            unsure, begin = [], after


# Their times ------------------------------------------------------------------------------------


def _interpolate(matches: Sequence[_Match], times: CueTimes, count: int) -> list[_Time]:
    """Give each word a time; before the first and behind the last match the pace is the average."""
    known: list[_Time] = []
    for match in matches:
        # Times never run backwards, even if those of the source do.
        start = max(times.begins[match.there], known[-1].end if known else 0)
        known.append(_Time(start, max(start, times.ends[match.there])))
    first, last = matches[0].here, matches[-1].here
    pace = (known[-1].end - known[0].start) // (last - first + 1)
    top, end = max(0, known[0].start - pace * first), known[-1].end + pace * (count - last - 1)
    edges = [_Time(top, top), *known, _Time(end, end)]
    numbers = [-1, *(match.here for match in matches), count]
    spread: list[_Time] = []
    for (before, after), (one, two) in zip(pairwise(edges), pairwise(numbers), strict=True):
        words, lasts = two - one - 1, after.start - before.end
        cuts = [before.end + lasts * word // max(1, words) for word in range(words + 1)]
        spread += (*starmap(_Time, pairwise(cuts)), after)
    return spread[:-1]
