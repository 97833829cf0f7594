"""Captions that roll: each line is shown once as it is spoken and again above the next one.

Automatic captions of YouTube are written so, and so are those of live television. A line is taken
for a carried one by the way the screen moves, never because two lines are alike: it must stand in
the upper rows of a caption that begins when the one before it ends, and be the lowest rows of that
one, word for word. What stands in the lowest row is new, however often it was said before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from build_tools.sources.captions.blocks import Caption, Line
from build_tools.sources.captions.cue_text import plain_cue_text
from build_tools.sources.raw import LeftOut, RawCue

# A caption that stands for so short a time, in milliseconds, shows nothing new: it holds the screen
# between two movements. YouTube's stand for ten.
_HOLD = 50
# Live captions show three rows, some four.
_ROWS = 4
# Captions of one roll touch; where a rounded time leaves a gap, it is smaller than this.
_TOUCH = 100


class Folded(NamedTuple):
    """Each line once, as a cue, and the lines that were shown again."""

    cues: tuple[RawCue, ...]
    left_out: tuple[LeftOut, ...]
    captions_that_carry: int


def is_rolling(captions: Sequence[Caption]) -> bool:
    """Whether captions roll: nearly every one carries a line over from the one before it."""
    holds = sum(_is_hold(caption) for caption in captions)
    carrying = fold_rolling(captions).captions_that_carry
    timed_inside = any("><c>" in line.text for caption in captions for line in caption.lines)
    if timed_inside or 5 * holds > len(captions):
        return 3 * carrying > len(captions)
    return 3 * carrying > 2 * len(captions)


def fold_rolling(captions: Sequence[Caption]) -> Folded:
    """What is new in each caption, and for what is not, the line on which it was."""
    cues: list[RawCue] = []
    left_out: list[LeftOut] = []
    carrying = 0
    shown: list[Line] = []
    before: Caption | None = None
    for caption in captions:
        rows = [_row(line) for line in caption.lines]
        carried = _count_carried(shown, rows, caption) if before and _touch(before, caption) else 0
        upper, new = rows[:carried], [row for row in rows[carried:] if row.text]
        origins = shown[len(shown) - carried :]
        for row, origin in zip(upper, origins, strict=True):
            left_out.append(LeftOut(*row, "a line shown again as captions roll", origin.number))
        if new:
            text = "\n".join(row.text for row in new)
            cues.append(RawCue(new[0].number, caption.start, text, caption.end))
        carrying += bool(carried)
        shown = [*origins, *new]
        before = caption
    return Folded(tuple(cues), tuple(left_out), carrying)


def _row(line: Line) -> Line:
    return Line(line.number, " ".join(plain_cue_text(line.text).split()))


def _count_carried(shown: list[Line], rows: list[Line], caption: Caption) -> int:
    """How many of the upper rows were on the screen before, at its foot."""
    filled = len(rows)
    while filled and not rows[filled - 1].text:
        filled -= 1
    # An empty row at the foot says that the text has moved up; else the lowest row is a new one.
    most = filled if _is_hold(caption) or filled < len(rows) else filled - 1
    texts, before = [row.text for row in rows], [row.text for row in shown]
    for number in range(min(most, len(shown), _ROWS), 0, -1):
        if texts[:number] == before[-number:]:
            return number
    return 0


def _is_hold(caption: Caption) -> bool:
    return (
        caption.start is not None
        and caption.end is not None
        and 0 <= caption.end - caption.start <= _HOLD
    )


def _touch(before: Caption, caption: Caption) -> bool:
    return (
        before.end is not None
        and caption.start is not None
        and abs(caption.start - before.end) <= _TOUCH
    )
