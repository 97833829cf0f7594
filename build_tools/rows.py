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
_UNREACHED = float("inf")


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
    widths = [measure(token.text) + token.spaced for token in tokens]
    ends = list(accumulate(widths, initial=0))
    best = [_Ways(_UNREACHED, _UNREACHED)] * len(tokens) + [_Ways(0, 0)]
    steps: dict[tuple[int, int], tuple[int, int]] = {}
    for first in range(len(tokens) - 1, -1, -1):
        if tokens[first].glued:
            continue
        cost = [_UNREACHED] * _ROWS
        for row in range(_ROWS):
            label = tokens[first].name or (tokens[first].opening if row == 0 else "")
            width = measure(label) - tokens[first].spaced - ends[first]
            for end in _row_ends(tokens, ends, first, width):
                rest, following = _rest(tokens, best, end, row)
                total = max(0, WIDEST - width - ends[end]) ** 2 + rest
                if total < cost[row]:
                    cost[row] = total
                    steps[first, row] = end, following
        best[first] = _Ways(*cost)
    return _follow(steps, len(tokens))


class _Ways(NamedTuple):
    """The least cost of the tokens from one on, by the row of a caption in which it stands."""

    first_row: float
    second_row: float


def _row_ends(tokens: Sequence[Token], ends: Sequence[int], first: int, width: int) -> list[int]:
    """Where a row that begins with a token may end: it fits, or there is nothing to part."""
    found: list[int] = []
    for end in range(first + 1, len(tokens) + 1):
        if found and width + ends[end] > WIDEST:
            break
        if end == len(tokens) or not tokens[end].glued:
            found.append(end)
            if end < len(tokens) and tokens[end].turns:
                break
    return found


def _rest(tokens: Sequence[Token], best: Sequence[_Ways], end: int, row: int) -> tuple[float, int]:
    """The cost of what follows a row, its break included, and the row in which that goes on."""
    if end == len(tokens):
        return 0, 0
    quality = 0 if tokens[end].turns else _quality(tokens[end - 1].text)
    anew = best[end].first_row + _CAPTION_BREAKS[quality]
    on = best[end].second_row + _ROW_BREAKS[quality] if row + 1 < _ROWS else _UNREACHED
    return (on, row + 1) if on <= anew else (anew, 0)


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
