"""Caption files split into blocks: a line of times, and the lines below it up to the next times.

WebVTT, SubRip and their broken files have this in common. A blank line ends no block: editors put
blank lines into captions, and the text below them would be lost.

Rolling captions show each line as it is spoken, and again above the next line, as YouTube's
automatic captions and those of live television do. A repeated text alone is no sign of a carried
line: the upper rows of a caption must be the lowest rows of the one before it, word for word, and
the caption must begin when the one before it ends. The lowest row is always new.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from build_tools.sources.captions.cue_text import parse_voices, plain_cue_text
from build_tools.sources.raw import LeftOut, RawCue
from build_tools.text.timecode import ARROW, CLOCK, parse_clock, write_digits

_TIMES = re.compile(
    rf"""
    [ \t\f]* (?P<start> {CLOCK} | [0-9]{{1,6}}[.,][0-9]{{1,3}} )
    {ARROW}
    (?P<end> {CLOCK} | [0-9]{{1,6}}[.,][0-9]{{1,3}} ) (?! [0-9:.,] )
    (?P<behind> .* )
    """,
    re.VERBOSE,
)
# A cue's position on the screen in WebVTT, in its first drafts and in SubRip.
_SETTING = re.compile(
    r"(?<!\S)(?:align|line|position|size|region|vertical|[ADLST]|[XY][12]):\S*", re.IGNORECASE
)
# Two times with an arrow that are written in a way of their own.
BROKEN_TIMES = re.compile(rf"(?=[^0-9]*[0-9])(?=[^:]*:)[-0-9:.,;\s]*{ARROW}[-0-9:.,;\s>]*\Z")
# In milliseconds. A shorter caption shows nothing new, only the screen between two movements;
# YouTube's last ten.
_LONGEST_PAUSE = 50
# Live captions show three rows, some four.
_MOST_ROWS = 4
# In milliseconds. Rounded times leave gaps between captions that roll.
_LONGEST_GAP = 100


class NumberedLine(NamedTuple):
    """A line of a file and its number, from 1."""

    number: int
    text: str


class CaptionBlock(NamedTuple):
    """A line of times and the lines below it, up to the next times.

    `number` is the number of the line of times, and `behind` its text after times and settings.
    """

    number: int
    start: int | None
    end: int | None
    behind: str
    lines: list[NumberedLine]


def parse_captions(content: str, form: re.Pattern[str] = _TIMES) -> list[CaptionBlock]:
    """The file's lines in blocks; the first block has the lines above all times.

    `form` is the pattern of a line of times, with the groups `start`, `end` and `behind`.
    """
    captions = [CaptionBlock(1, None, None, "", [])]
    for number, text in enumerate(content.split("\n"), 1):
        times = form.match(write_digits(text))
        behind = _SETTING.sub("", text[times.start("behind") :]).strip() if times else ""
        lines = captions[-1].lines
        # A sentence inside a cue may begin like a line of times.
        if times and not (behind and lines and lines[-1].text):
            start, end = parse_clock(times["start"]), parse_clock(times["end"])
            captions.append(CaptionBlock(number, start, end, behind, []))
        else:
            lines.append(NumberedLine(number, text))
    return captions


def voice_cues(caption: CaptionBlock) -> Iterator[RawCue]:
    """A block as cues, one for each voice."""
    for voice in parse_voices("\n".join(line.text for line in caption.lines)):
        number = caption.lines[min(voice.line, len(caption.lines) - 1)].number
        yield RawCue(number, caption.start, voice.text, caption.end, voice.speaker)


# Rolling captions -------------------------------------------------------------------------------


class UnrolledCaptions(NamedTuple):
    """Each line once, as a cue, and the carried lines as left out."""

    cues: tuple[RawCue, ...]
    left_out: tuple[LeftOut, ...]
    carrying: int


def is_rolling(captions: Sequence[CaptionBlock]) -> bool:
    """Whether captions roll: most of them carry a line over from the one before."""
    pauses = sum(_is_pause(caption) for caption in captions)
    timed_inside = any("><c>" in line.text for caption in captions for line in caption.lines)
    most = len(captions) if timed_inside or 5 * pauses > len(captions) else 2 * len(captions)
    return 3 * unroll(captions).carrying > most


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
