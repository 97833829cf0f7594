"""Times of one source for the words of another of the same talk.

Runs of four words that occur once in both sources are anchors; the longest series of anchors in the
same order is kept, and only the words between two anchors are compared word by word. The times of
unmatched words are interpolated between their neighbours.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise, starmap
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from build_tools.model.source import Cue, Source
from build_tools.sources.cue_times import CueTimes

# The length of an anchor, in words.
_RUN = 4
# Between two anchors: in short stretches each equal word counts, in longer ones only runs of at
# least so many; stretches with more pairs of words than the largest are not compared.
_SHORT, _ENOUGH, _LARGEST = 20, 3, 4_000_000
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
    before = _Match(-1, -1)
    for anchor in (*_find_anchors(here, there), _Match(len(here), len(there))):
        yield from _match_between(here, there, before, anchor)
        if anchor.here < len(here):
            yield anchor
        before = anchor


def _find_anchors(here: Sequence[str], there: Sequence[str]) -> Iterable[_Match]:
    """Find the runs of words that occur once in both, as many as are in the same order."""
    theirs = _find_unique(there)
    ours = ((theirs.get(run), number) for run, number in _find_unique(here).items())
    return _find_longest_increasing([_Match(one, two) for two, one in ours if two is not None])


def _find_unique(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Map each run of words that occurs once to the number of its first word, in order."""
    runs = [tuple(words[first : first + _RUN]) for first in range(len(words) - _RUN + 1)]
    counts = Counter(runs)
    return {run: number for number, run in enumerate(runs) if counts[run] == 1}


def _find_longest_increasing(matches: Sequence[_Match]) -> list[_Match]:
    """Find the longest increasing subsequence, by the place in the other source."""
    lowest: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, match in enumerate(matches):
        length = bisect_left(lowest, match.there)
        before.append(ends[length - 1] if length else -1)
        lowest[length : length + 1] = [match.there]
        ends[length : length + 1] = [number]
    longest = []
    number = ends[-1] if ends else -1
    while number >= 0:
        longest.append(matches[number])
        number = before[number]
    return longest[::-1]


def _match_between(
    here: Sequence[str], there: Sequence[str], before: _Match, after: _Match
) -> Iterator[_Match]:
    ours = here[before.here + 1 : after.here]
    theirs = there[before.there + 1 : after.there]
    if not ours or not theirs or len(ours) * len(theirs) > _LARGEST:
        return
    enough = 1 if max(len(ours), len(theirs)) <= _SHORT else _ENOUGH
    for code in Levenshtein.opcodes(ours, theirs):
        if code.tag == "equal" and code.src_end - code.src_start >= enough:
            first, second = before.here + 1 + code.src_start, before.there + 1 + code.dest_start
            for number in range(code.src_end - code.src_start):
                yield _Match(first + number, second + number)


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
