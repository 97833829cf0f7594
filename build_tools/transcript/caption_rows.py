"""Words as rows of at most 42 characters, and rows as captions of at most two.

Breaks fall where the talk breathes: behind a full stop rather than behind a comma, behind a comma
rather than between two words; rows that belong together are about as long as one another.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import add
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
    edges = [number for number in range(len(tokens) + 1) if number not in glued]
    return _follow(_find_ways(tokens, edges, [ends[edge] for edge in edges]), edges)


class _Ways(NamedTuple):
    """The best way on from each edge, for the first and the second row of a caption.

    `steps` says at which edge a row that begins here ends, `rows` which row of a caption begins
    behind a row that ends here, and `costs` what all from here on costs then.
    """

    steps: list[list[int]]
    rows: list[list[int]]
    costs: list[list[int]]


def _find_ways(tokens: Sequence[Token], edges: Sequence[int], widths: Sequence[int]) -> _Ways:
    """From the last edge back to the first; `widths` is how wide all tokens before an edge are."""
    last = len(edges) - 1
    ways = _Ways(*([[0] * len(edges) for _ in range(_ROWS)] for _ in _Ways._fields))
    # A row ends where another voice begins.
    turn = last
    for number in range(last - 1, -1, -1):
        token = tokens[edges[number]]
        costs = []
        for row in range(_ROWS):
            # Mostly a second row has room for as much as a first.
            if not row or token.opening:
                room = WIDEST - measure(_label(token, row)) + token.spaced + widths[number]
                # It fits, or there is nothing to part.
                stop = bisect_right(widths, room, number + 1, turn + 1)
                missing = [(room - width) ** 2 for width in widths[number + 1 : stop]] or [0]
            behind = ways.costs[row][number + 1 : number + 1 + len(missing)]
            found = list(map(add, missing, behind))
            costs.append(min(found))
            ways.steps[row][number] = number + 1 + found.index(costs[row])
        if number:
            quality = 0 if token.turns else _quality(tokens[edges[number] - 1].text)
            anew = costs[0] + _CAPTION_BREAKS[quality]
            on = costs[1] + _ROW_BREAKS[quality]
            ways.costs[0][number], ways.rows[0][number] = min((on, 1), (anew, 0))
            ways.costs[1][number] = anew
        if token.turns:
            turn = number
    return ways


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


def _quality(text: str) -> int:
    bare = text.rstrip(_CLOSERS)
    if bare.endswith(_ENDS):
        return 0
    return 1 if bare.endswith(_PAUSES) else 2


def _follow(ways: _Ways, edges: Sequence[int]) -> list[list[range]]:
    captions: list[list[range]] = []
    number = row = 0
    while number < len(edges) - 1:
        end = ways.steps[row][number]
        if row == 0:
            captions.append([])
        captions[-1].append(range(edges[number], edges[end]))
        number, row = end, ways.rows[row][end]
    return captions
