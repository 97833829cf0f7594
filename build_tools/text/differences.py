"""The differences of two runs of words, joined as a person would tell them; no proof is of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

# An edition that has less than this share in common was hardly made from the source.
_RELATED = 0.5
# Aligning costs the product of both lengths. Texts of more than five hours are aligned in
# stretches, which costs the sum and does not always find the fewest differences.
_LONGEST, _STRETCH = 50_000, 10_000
# A word that moved past at most this many others is one difference with them; farther, two.
_NEAR = 3
Keys = Sequence[str]


class Difference(NamedTuple):
    """Words `heard_first:heard_end` of the edition stand where the source has its own."""

    heard_first: int
    heard_end: int
    source_first: int
    source_end: int

    def joined(self, following: Difference) -> Difference:
        """This difference, the next one, and all that stands between them."""
        return self._replace(heard_end=following.heard_end, source_end=following.source_end)


def find_differences(heard: Keys, source: Keys) -> tuple[Difference, ...]:
    """The differences of an edition's and its source's keys: those that touch or swap are one."""
    length = max(len(heard), len(source))
    stretch = length if length <= _LONGEST else _STRETCH

    def belong(before: Difference, one: Difference) -> bool:
        return before.heard_end == one.heard_first or is_swap(before, one)

    def is_swap(*both: Difference) -> bool:
        """Whether what is missing at one of two near places is what is too much at the other."""
        here, there = (heard[one.heard_first : one.heard_end] for one in both)
        ours, theirs = (source[one.source_first : one.source_end] for one in both)
        is_near = both[1].heard_first - both[0].heard_end <= _NEAR
        return is_near and here == theirs and ours == there

    joined = join_neighbours(_align(heard, source, stretch), belong)
    return tuple(_take_number(one, heard, source) for one in joined)


def _take_number(one: Difference, heard: Keys, source: Keys) -> Difference:
    """The difference with its number, if it is a minus, which is a word only before a number."""
    own = {*heard[one.heard_first : one.heard_end], *source[one.source_first : one.source_end]}
    behind = heard[one.heard_end : one.heard_end + 2] if own == {"-"} else ()
    more = next((n for n, key in enumerate(behind, 1) if key.strip(".,")[:1].isnumeric()), 0)
    return one._replace(heard_end=one.heard_end + more, source_end=one.source_end + more)


def count_same(heard: Keys, differences: Iterable[Difference]) -> int:
    """How many of the edition's words are no part of a difference."""
    return len(heard) - sum(d.heard_end - d.heard_first for d in differences)


def are_related(heard: Keys, source: Keys, same: int) -> bool:
    """Whether so much is the same that the edition may have been made from this source."""
    return same >= _RELATED * max(len(heard), len(source))


def _align(heard: Keys, source: Keys, stretch: int) -> Iterator[Difference]:
    first = source_first = 0
    while first < len(heard) or source_first < len(source):
        pair = heard[first : first + stretch], source[source_first : source_first + stretch]
        codes = list(Levenshtein.opcodes(*pair))
        end, source_end = codes[-1].src_end, codes[-1].dest_end
        if max(len(heard) - first, len(source) - source_first) > stretch:
            # Words near the cut may have their equals behind it: the next stretch begins before it.
            for code in codes:
                until = min(code.src_end, stretch * 3 // 4)
                if code.tag == "equal" and max(code.src_start, stretch // 4) < until:
                    end, source_end = until, code.dest_start + until - code.src_start
        for code in codes:
            if code.tag != "equal" and code.src_end <= end and code.dest_end <= source_end:
                there = (source_first + code.dest_start, source_first + code.dest_end)
                yield Difference(first + code.src_start, first + code.src_end, *there)
        first, source_first = first + end, source_first + source_end


def join_neighbours(
    differences: Iterable[Difference], belong: Callable[[Difference, Difference], bool]
) -> list[Difference]:
    """The differences, with neighbours that belong together joined into one."""
    joined: list[Difference] = []
    for one in differences:
        if joined and belong(joined[-1], one):
            joined[-1] = joined[-1].joined(one)
        else:
            joined.append(one)
    return joined
