"""Words as rows of at most 42 characters, and rows as captions of at most two.

Breaks fall where the talk breathes: behind a full stop rather than behind a comma, behind a comma
rather than between two words; rows that belong together are about as long as one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple
from unicodedata import east_asian_width

WIDEST = 42
_ROWS = 2

_CLOSERS = "\"'”’»)]」』"
_ENDS = (".", "!", "?", "…", "。", "！", "？", "।", "؟", "۔")
_PAUSES = (",", ";", ":", "—", "–", "、", "，", "；", "،")
# What a break costs behind a sentence, behind a pause, and anywhere else; a row that is shorter
# than it could be costs the square of what is missing, as in the setting of paragraphs.
_ROW_BREAKS = (0, 100, 400)
_CAPTION_BREAKS = (900, 1300, 2200)


class Token(NamedTuple):
    """What stands between two places where a row may end.

    `glued` says that no row begins with it, `turns` that a row must, as another voice begins.
    `name` is what is shown before it where a row begins with it, `opening` what is shown there at
    the top of a caption.
    """

    text: str
    spaced: bool = True
    glued: bool = False
    turns: bool = False
    name: str = ""
    opening: str = ""


def measure(text: str) -> int:
    """How wide a text is, in characters of Latin; those of Chinese and its kin count two.

    >>> measure("Olah"), measure("你好")
    (4, 4)
    """
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def break_rows(tokens: Sequence[Token]) -> list[list[range]]:
    """The captions of a run of tokens: of each its rows, and of each row the tokens.

    A row is wider than 42 characters only where it holds nothing that could be parted.
    """
    ends = list(accumulate((measure(token.text) + token.spaced for token in tokens), initial=0))
    glued = _find_glued(tokens, ends)
    steps: dict[tuple[int, int], tuple[int, int]] = {}
    behind = [_NOTHING] * (len(tokens) + 1)
    for first in range(len(tokens) - 1, -1, -1):
        if first in glued:
            continue
        costs = []
        fits: list[tuple[int, int]] = []
        for row in range(_ROWS):
            # Mostly a second row has room for as much as a first.
            if not fits or tokens[first].opening:
                width = measure(_label(tokens[first], row)) - tokens[first].spaced - ends[first]
                fits = [
                    (max(0, WIDEST - width - ends[end]) ** 2, end)
                    for end in _row_ends(tokens, glued, ends, first, width)
                ]
            cost, end = min((missing + behind[end][row].cost, end) for missing, end in fits)
            costs.append(cost)
            steps[first, row] = end, behind[end][row].row
        if first:
            quality = 0 if tokens[first].turns else _quality(tokens[first - 1].text)
            behind[first] = _go_on(costs, quality)
    return _follow(steps, len(tokens))


class _Rest(NamedTuple):
    """What follows a row: its cost, the break included, and the row of a caption it begins in."""

    cost: float
    row: int


# At the end of the tokens, behind the first and the second row of a caption.
_NOTHING = (_Rest(0, 0), _Rest(0, 0))


def _label(token: Token, row: int) -> str:
    return token.name or (token.opening if row == 0 else "")


def _find_glued(tokens: Sequence[Token], ends: Sequence[int]) -> frozenset[int]:
    """The tokens with which no row begins; what fits in no row is parted all the same."""
    glued: set[int] = set()
    begins = 0
    for number in range(1, len(tokens) + 1):
        if number < len(tokens) and tokens[number].glued:
            continue
        first = tokens[begins]
        if measure(_label(first, 0)) + ends[number] - ends[begins] - first.spaced <= WIDEST:
            glued.update(range(begins + 1, number))
        begins = number
    return frozenset(glued)


def _row_ends(
    tokens: Sequence[Token],
    glued: frozenset[int],
    ends: Sequence[int],
    first: int,
    width: int,
) -> list[int]:
    """Where a row that begins with a token may end: it fits, or there is nothing to part."""
    found: list[int] = []
    for end in range(first + 1, len(tokens) + 1):
        if found and width + ends[end] > WIDEST:
            break
        if end not in glued:
            found.append(end)
            if end < len(tokens) and tokens[end].turns:
                break
    return found


def _go_on(costs: Sequence[float], quality: int) -> tuple[_Rest, _Rest]:
    """The best ways on from a place, behind a first row and behind a second."""
    anew = _Rest(costs[0] + _CAPTION_BREAKS[quality], 0)
    on = _Rest(costs[1] + _ROW_BREAKS[quality], 1)
    return min(on, anew), anew


def _quality(text: str) -> int:
    bare = text.rstrip(_CLOSERS)
    if bare.endswith(_ENDS):
        return 0
    return 1 if bare.endswith(_PAUSES) else 2


def _follow(steps: dict[tuple[int, int], tuple[int, int]], count: int) -> list[list[range]]:
    captions: list[list[range]] = []
    first = row = 0
    while first < count:
        end, following = steps[first, row]
        if row == 0:
            captions.append([])
        captions[-1].append(range(first, end))
        first, row = end, following
    return captions
