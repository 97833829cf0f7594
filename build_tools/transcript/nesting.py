"""Links, titles and names in a text as elements that lie in one another and never cross."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from build_tools.model.edition import Mark, PlacedSpan, Span
from build_tools.model.transcript import Mention


class Inline(NamedTuple):
    """A slice of the text as said that stands in a link, a name, or, without either, a title."""

    start: int
    end: int
    target: str = ""
    mention: Mention | None = None

    @property
    def is_title(self) -> bool:
        """Whether it is neither a link nor a name."""
        return not self.target and not self.mention


def nest_elements(
    placed: Sequence[PlacedSpan], mentions: Iterable[Mention] = ()
) -> tuple[Inline, ...]:
    """The links, titles and names in spans, an outer element before the inner ones.

    A title that crosses the edge of a link is cut there. A name that begins or ends in a mark, a
    title or a link and goes beyond it takes in the whole; a name that would then cross the name
    before it is left out.
    """
    links = [Inline(*run) for run in _find_runs(placed, lambda span: span.target)]
    titles = [
        Inline(start, end)
        for run in _find_runs(placed, lambda span: "title" if span.emphasis else "")
        for start, end in _cut_at_links(run[0], run[1], links)
    ]
    marks = [
        Inline(one.said_start, one.said_end)
        for one in placed
        if one.span.mark is not Mark.PLAIN and one.span.said
    ]
    names = _widen_names(mentions, (marks, titles, links))
    return tuple(sorted((*links, *titles, *names), key=_order))


def place_prose(spans: Sequence[Span]) -> list[PlacedSpan]:
    """Spans without marks, placed from the beginning of their own text."""
    starts = accumulate((len(span.said) for span in spans), initial=0)
    return [PlacedSpan(span, start, start) for span, start in zip(spans, starts, strict=False)]


def _order(element: Inline) -> tuple[int, int, bool, bool]:
    """The order of elements: by place, then the longest first, then links, titles, names."""
    return element.start, -element.end, element.mention is not None, not element.target


def _find_runs(
    placed: Iterable[PlacedSpan], key: Callable[[Span], str]
) -> Iterator[tuple[int, int, str]]:
    """The runs of spans that have one value, each with its start and end; "" is no value."""
    for value, group in groupby(placed, key=lambda one: key(one.span)):
        spans = list(group)
        if value and spans[-1].said_end > spans[0].said_start:
            yield spans[0].said_start, spans[-1].said_end, value


def _cut_at_links(start: int, end: int, links: Sequence[Inline]) -> Iterator[tuple[int, int]]:
    """A title, cut at the edges of links that it crosses."""
    before, after = _find_crossed(start, end, links)
    return pairwise(sorted({start, end, *(one.end for one in before), *(o.start for o in after)}))


def _widen_names(mentions: Iterable[Mention], wholes: Sequence[Sequence[Inline]]) -> list[Inline]:
    names: list[Inline] = []
    named = 0
    for mention in mentions:
        start, end = mention.start, mention.end
        for whole in wholes:
            before, after = _find_crossed(start, end, whole)
            start = min([start, *(one.start for one in before)])
            end = max([end, *(one.end for one in after)])
        if not start < named < end:
            names.append(Inline(start, end, "", mention))
            named = max(named, end)
    return names


def _find_crossed(
    start: int, end: int, whole: Sequence[Inline]
) -> tuple[Sequence[Inline], Sequence[Inline]]:
    """The element in which a slice begins and which ends in it; and the one that begins in it.

    Elements are in order and apart, so that at most one is on either side.
    """
    first = max(bisect_right(whole, start, key=_begin) - 1, 0)
    last = max(bisect_left(whole, end, key=_begin) - 1, 0)
    return (
        [one for one in whole[first : first + 1] if one.start < start < one.end < end],
        [one for one in whole[last : last + 1] if start < one.start < end < one.end],
    )


def _begin(element: Inline) -> int:
    return element.start
