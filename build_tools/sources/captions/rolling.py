"""Rolling captions: each line is shown as it is spoken, and again above the next line.

YouTube's automatic captions and those of live television roll. A repeated text alone is no sign of
a carried line: the upper rows of a caption must be the lowest rows of the one before it, word for
word, and the caption must begin when the one before it ends. The lowest row is always new.
"""

from collections.abc import Sequence
from typing import NamedTuple

from build_tools.sources.captions.blocks import CaptionBlock, NumberedLine
from build_tools.sources.captions.cue_text import plain_cue_text
from build_tools.sources.raw import LeftOut, RawCue

# In milliseconds. A shorter caption shows nothing new, only the screen between two movements;
# YouTube's last ten.
_LONGEST_PAUSE = 50
# Live captions show three rows, some four.
_MOST_ROWS = 4
# In milliseconds. Rounded times leave gaps between captions that roll.
_LONGEST_GAP = 100


class UnrolledCaptions(NamedTuple):
    """Each line once, as a cue, and the carried lines as left out."""

    cues: tuple[RawCue, ...]
    left_out: tuple[LeftOut, ...]
    carrying: int


def is_rolling(captions: Sequence[CaptionBlock]) -> bool:
    """Whether captions roll: most of them carry a line over from the one before."""
    pauses = sum(_is_pause(caption) for caption in captions)
    carrying = unroll(captions).carrying
    timed_inside = any("><c>" in line.text for caption in captions for line in caption.lines)
    if timed_inside or 5 * pauses > len(captions):
        return 3 * carrying > len(captions)
    return 3 * carrying > 2 * len(captions)


def unroll(captions: Sequence[CaptionBlock]) -> UnrolledCaptions:
    """The new lines of each caption as cues, and the carried lines as left out."""
    cues: list[RawCue] = []
    left_out: list[LeftOut] = []
    carrying = 0
    shown: list[NumberedLine] = []
    before: CaptionBlock | None = None
    for caption in captions:
        rows = [_clean_row(line) for line in caption.lines]
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
    return UnrolledCaptions(tuple(cues), tuple(left_out), carrying)


def _clean_row(line: NumberedLine) -> NumberedLine:
    return NumberedLine(line.number, " ".join(plain_cue_text(line.text).split()))


def _count_carried(
    shown: list[NumberedLine], rows: list[NumberedLine], caption: CaptionBlock
) -> int:
    """How many of the upper rows were the lowest rows before."""
    filled = len(rows)
    while filled and not rows[filled - 1].text:
        filled -= 1
    # The lowest row is new, unless an empty row below it shows that the text has moved up.
    most = filled if _is_pause(caption) or filled < len(rows) else filled - 1
    texts, before = [row.text for row in rows], [row.text for row in shown]
    for number in range(min(most, len(shown), _MOST_ROWS), 0, -1):
        if texts[:number] == before[-number:]:
            return number
    return 0


def _is_pause(caption: CaptionBlock) -> bool:
    return _is_within(caption.start, caption.end, 0, _LONGEST_PAUSE)


def _touch(before: CaptionBlock, caption: CaptionBlock) -> bool:
    return _is_within(before.end, caption.start, -_LONGEST_GAP, _LONGEST_GAP)


def _is_within(start: int | None, end: int | None, least: int, most: int) -> bool:
    return start is not None and end is not None and least <= end - start <= most
