"""Groups the differences between an edition and its source into one change for each mark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from build_tools.authoring.mark.comparison import HeardWords
from build_tools.text.differences import Difference

# “Piece of mine” for “peace of mind” is one mishearing, with the short word in its middle.
_SHORT = 3


def group_differences(
    differences: Sequence[Difference], heard: HeardWords, source_keys: Sequence[str]
) -> list[Difference]:
    """The differences that get a mark each, in order."""
    wide = _join(_widen(differences, heard), lambda one, other: one.heard_end == other.heard_first)
    joined = _join(wide, lambda one, other: _are_one_mishearing(one, other, heard))
    return [_move_behind_repetition(difference, heard.keys, source_keys) for difference in joined]


def _widen(differences: Sequence[Difference], heard: HeardWords) -> Iterator[Difference]:
    """Differences with the words that touch them: `$5` for `5` is one change, and so is `R&D`."""
    lower = 0
    uppers = (*(difference.heard_first for difference in differences[1:]), len(heard.words))
    for difference, upper in zip(differences, uppers, strict=True):
        first, end, source_first, source_end = difference
        while first > lower and heard.may_merge(first):
            first, source_first = first - 1, source_first - 1
        while end < upper and heard.may_merge(end):
            end, source_end = end + 1, source_end + 1
        yield Difference(first, end, source_first, source_end)
        lower = end


def _join(
    differences: Iterable[Difference], belong: Callable[[Difference, Difference], bool]
) -> list[Difference]:
    """The differences, with neighbours that belong together joined into one."""
    joined: list[Difference] = []
    for difference in differences:
        if joined and belong(joined[-1], difference):
            joined[-1] = joined[-1].joined(difference)
        else:
            joined.append(difference)
    return joined


def _are_one_mishearing(first: Difference, second: Difference, heard: HeardWords) -> bool:
    """Whether one short word separates two replacements without a name or a number."""
    between = first.heard_end
    if second.heard_first != between + 1 or len(heard.words[between].key) > _SHORT:
        return False
    replacements = all(
        d.heard_first < d.heard_end and d.source_first < d.source_end for d in (first, second)
    )
    start, end = first.heard_first, second.heard_end
    ordinary = all(key.isalpha() for key in heard.keys[start:end])
    capital = any(map(str.isupper, heard.raw(start, end)))
    return replacements and ordinary and not capital and heard.are_in_one_span(start, end)


def _move_behind_repetition(
    difference: Difference, heard: Sequence[str], source: Sequence[str]
) -> Difference:
    """The difference, where it removes a repetition, behind the words that are kept."""
    first, end, source_first, source_end = difference
    length = source_end - source_first
    once = source[source_first:source_end]
    while (
        first == end
        and heard[first : first + length] == once == (source[source_end : source_end + length])
    ):
        first, source_first = first + length, source_first + length
        end, source_end = first, source_end + length
    return Difference(first, end, source_first, source_end)
