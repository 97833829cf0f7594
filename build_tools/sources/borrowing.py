"""The times of one source for the words of another of the same talk.

Where four words in a row stand once in each, they are the same four words; of these places as many
as keep their order are held on to, and only what lies between two of them is compared word by word.
Words that stand in one source alone share the time between their neighbours.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from build_tools.model.source import Cue, Source
from build_tools.sources.cue_times import CueTimes

# So many words in a row are no chance.
_RUN = 4
# Between two places that are held on to: in short stretches every equal word counts, in longer ones
# only so many in a row, and beyond the largest none are looked for.
_SHORT, _ENOUGH, _LARGEST = 20, 3, 4_000_000
# A caption that ends so shortly before the next one begins lasts until then.
_GAP = 1000


class Borrowed(NamedTuple):
    """A source with the times of another, how many of its words matched, and where none did.

    `unmatched` are the first and the last line of each stretch of such cues.
    """

    source: Source
    matched: int
    unmatched: tuple[tuple[int, int], ...]


class _Match(NamedTuple):
    """The same word in both sources, by its number."""

    here: int
    there: int


class _Time(NamedTuple):
    """From when to when a word is said."""

    start: int
    end: int


def borrow_times(source: Source, timed: Source) -> Borrowed:
    """A source with the times at which another has its words; nothing else of it changes."""
    matches = list(_match([word.key for word in source.words], [word.key for word in timed.words]))
    if not matches:
        return Borrowed(source, 0, ((source.cues[0].line, source.cues[-1].line),))
    times = _spread(matches, CueTimes(timed), len(source.words))
    spoken = {source.cue_of_word[match.here] for match in matches}
    unmatched = []
    for matched, run in groupby(range(len(source.cues)), key=lambda cue: cue in spoken):
        cues = list(run)
        if not matched:
            unmatched.append((source.cues[cues[0]].line, source.cues[cues[-1]].line))
    cues_in_time = tuple(_time_cues(source, times))
    return Borrowed(replace(source, cues=cues_in_time), len(matches), tuple(unmatched))


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
    for anchor in (*_anchors(here, there), _Match(len(here), len(there))):
        yield from _match_between(here, there, before, anchor)
        if anchor.here < len(here):
            yield anchor
        before = anchor


def _anchors(here: Sequence[str], there: Sequence[str]) -> Iterable[_Match]:
    """Where a run of words stands once in both; as many as are in the same order in both."""
    ours, theirs = _once(here), _once(there)
    return _longest_rise(
        [_Match(number, theirs[run]) for run, number in ours.items() if run in theirs]
    )


def _once(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    """The runs of words that stand once, in order, and the number of the first word of each."""
    found: dict[tuple[str, ...], int] = {}
    for number in range(len(words) - _RUN + 1):
        run = tuple(words[number : number + _RUN])
        found[run] = -1 if run in found else number
    return {run: number for run, number in found.items() if number >= 0}


def _longest_rise(matches: Sequence[_Match]) -> list[_Match]:
    """As many of these, in their order, as also stand in order in the other source."""
    lowest: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, match in enumerate(matches):
        length = bisect_left(lowest, match.there)
        before.append(ends[length - 1] if length else -1)
        lowest[length : length + 1] = [match.there]
        ends[length : length + 1] = [number]
    rise = []
    number = ends[-1] if ends else -1
    while number >= 0:
        rise.append(matches[number])
        number = before[number]
    return rise[::-1]


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
            for number in range(code.src_end - code.src_start):
                yield _Match(
                    before.here + 1 + code.src_start + number,
                    before.there + 1 + code.dest_start + number,
                )


# Their times ------------------------------------------------------------------------------------


def _spread(matches: Sequence[_Match], times: CueTimes, count: int) -> list[_Time]:
    """A time for each word; before the first match and behind the last the pace is that between."""
    known: list[_Time] = []
    for match in matches:
        # A source whose time runs backwards lends none that do.
        start = max(times.begins[match.there], known[-1].end if known else 0)
        known.append(_Time(start, max(start, times.ends[match.there])))
    first, last = matches[0].here, matches[-1].here
    pace = (known[-1].end - known[0].start) // (last - first + 1)
    spread = _share(_Time(max(0, known[0].start - pace * first), known[0].start), first)
    for number, (match, time) in enumerate(zip(matches, known, strict=True)):
        spread.append(time)
        if number + 1 < len(matches):
            between = _Time(time.end, known[number + 1].start)
            spread += _share(between, matches[number + 1].here - match.here - 1)
    rest = count - last - 1
    return spread + _share(_Time(known[-1].end, known[-1].end + pace * rest), rest)


def _share(time: _Time, words: int) -> list[_Time]:
    lasts = time.end - time.start
    return [
        _Time(time.start + lasts * word // words, time.start + lasts * (word + 1) // words)
        for word in range(words)
    ]
