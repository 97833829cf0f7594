"""Which mentions of an entry are linked: its first in each chapter, marks taken in whole."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from build_tools.model.edition import Mark
from build_tools.model.transcript import Mention, Transcript


def first_mentions(transcript: Transcript, mentions: Sequence[Mention]) -> dict[int, list[Mention]]:
    """The mentions that are linked, by paragraph: an entry's first in each chapter.

    A mention inside a link that the editor wrote does not count; one that begins or ends within a
    mark takes the whole mark in.
    """
    linked: dict[int, list[Mention]] = {}
    seen: set[tuple[int, str]] = set()
    marks = _marked_ranges(transcript)
    for mention in mentions:
        stretch = transcript.stretches[mention.stretch]
        if (stretch.chapter, mention.entry) in seen:
            continue
        whole = _widen(mention, marks.get(mention.stretch, ()))
        before = linked.get(mention.stretch, [])
        if not whole or (before and before[-1].end > whole.start):
            continue
        seen.add((stretch.chapter, mention.entry))
        linked.setdefault(mention.stretch, []).append(whole)
    return linked


class _Range(NamedTuple):
    start: int
    end: int
    is_link: bool


def _marked_ranges(transcript: Transcript) -> dict[int, list[_Range]]:
    ranges: dict[int, list[_Range]] = {}
    for number, stretch in enumerate(transcript.stretches):
        said = stretch.said_start
        for span in stretch.paragraph.spans:
            end = said + len(span.said)
            if span.target or (span.mark is not Mark.PLAIN and span.said):
                ranges.setdefault(number, []).append(_Range(said, end, bool(span.target)))
            said = end
    return ranges


def _widen(mention: Mention, ranges: Sequence[_Range]) -> Mention | None:
    start, end = mention.start, mention.end
    # They stand in order and apart; of a paragraph full of them most are passed over unlooked at.
    first = bisect_right(ranges, start, key=lambda reach: reach.end)
    for number in range(first, len(ranges)):
        reach = ranges[number]
        if reach.start >= end:
            break
        if reach.is_link:
            return None
        start, end = min(start, reach.start), max(end, reach.end)
    return mention._replace(start=start, end=end)
