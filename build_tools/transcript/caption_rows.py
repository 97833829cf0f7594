"""Line breaks for captions: rows of at most 42 characters, captions of at most two rows.

Dynamic programming finds the cheapest breaks: a break behind a sentence costs least, then behind a
comma, then between two words; rows of one caption are about equally long.
"""

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
# The cost of a break behind a sentence, behind a pause, and elsewhere; a row also costs the square
# of the width that it leaves empty, as in TeX.
_ROW_BREAKS = (0, 100, 400)
_CAPTION_BREAKS = (900, 1300, 2200)


class Token(NamedTuple):
    """The text between two possible breaks.

    No row begins with a `glued` token; a row begins with each that `turns` to another speaker.
    `name` is shown before it at the start of a row, `opening` only at the top of a caption.
    """

    text: str
    spaced: bool = True
    glued: bool = False
    turns: bool = False
    name: str = ""
    opening: str = ""


def measure(text: str) -> int:
    """Measure the width of a text in Latin characters; East Asian wide ones count two.

    >>> measure("Olah"), measure("你好")
    (4, 4)
    """
    wide = not text.isascii() and sum(east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide


def break_rows(tokens: Sequence[Token]) -> list[list[range]]:
    """Break a run of tokens into captions, each a list of rows, each a range of tokens.

    A row is wider than 42 characters only if it has no possible break.
    """
    ends = list(accumulate((measure(token.text) + token.spaced for token in tokens), initial=0))
    glued = _find_glued(tokens, ends)
    edges = [number for number in range(len(tokens) + 1) if number not in glued]
    return _collect_rows(_find_breaks(tokens, edges, [ends[edge] for edge in edges]), edges)


class _Breaks(NamedTuple):
    """The cheapest breaks from each edge on, for the first and the second row of a caption.

    `ends` has the edge at which a row that begins here ends, `rows` the row of a caption that
    begins behind a row that ends here, `costs` the cost of all breaks from here on.
    """

    ends: list[list[int]]
    rows: list[list[int]]
    costs: list[list[int]]


def _find_breaks(tokens: Sequence[Token], edges: Sequence[int], widths: Sequence[int]) -> _Breaks:
    """Fill the table from the last edge to the first; `widths` are of all tokens before an edge."""
    last = len(edges) - 1
    breaks = _Breaks(*([[0] * len(edges) for _ in range(_ROWS)] for _ in _Breaks._fields))
    # No row goes beyond the next change of speaker.
    turn = last
    for number in range(last - 1, -1, -1):
        token = tokens[edges[number]]
        costs = []
        for row in range(_ROWS):
            # A second row has the same room as a first, except behind an opening.
            if not row or token.opening:
                room = WIDEST - measure(_find_label(token, row)) + token.spaced + widths[number]
                # The edges that fit; if none does, the next one.
                stop = bisect_right(widths, room, number + 1, turn + 1)
                missing = [(room - width) ** 2 for width in widths[number + 1 : stop]] or [0]
            behind = breaks.costs[row][number + 1 : number + 1 + len(missing)]
            found = list(map(add, missing, behind))
            costs.append(min(found))
            breaks.ends[row][number] = number + 1 + found.index(costs[row])
        if number:
            quality = 0 if token.turns else _rank_break(tokens[edges[number] - 1].text)
            anew = costs[0] + _CAPTION_BREAKS[quality]
            on = costs[1] + _ROW_BREAKS[quality]
            breaks.costs[0][number], breaks.rows[0][number] = min((on, 1), (anew, 0))
            breaks.costs[1][number] = anew
        if token.turns:
            turn = number
    return breaks


def _find_label(token: Token, row: int) -> str:
    return token.name or (token.opening if row == 0 else "")


def _find_glued(tokens: Sequence[Token], ends: Sequence[int]) -> frozenset[int]:
    """Find the tokens with which no row begins; a glued run that fits in no row may break."""
    glued: set[int] = set()
    begins = 0
    for number in range(1, len(tokens) + 1):
        if number < len(tokens) and tokens[number].glued:
            continue
        first = tokens[begins]
        if measure(_find_label(first, 0)) + ends[number] - ends[begins] - first.spaced <= WIDEST:
            glued.update(range(begins + 1, number))
        begins = number
    return frozenset(glued)


def _rank_break(text: str) -> int:
    bare = text.rstrip(_CLOSERS)
    if bare.endswith(_ENDS):
        return 0
    return 1 if bare.endswith(_PAUSES) else 2


def _collect_rows(breaks: _Breaks, edges: Sequence[int]) -> list[list[range]]:
    captions: list[list[range]] = []
    number = row = 0
    while number < len(edges) - 1:
        end = breaks.ends[row][number]
        if row == 0:
            captions.append([])
        captions[-1].append(range(edges[number], edges[end]))
        number, row = end, breaks.rows[row][end]
    return captions
