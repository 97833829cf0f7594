"""Caption files split into blocks: a line of times, and the lines below it up to the next times.

WebVTT, SubRip and their broken files have this in common. A blank line ends no block: editors put
blank lines into captions, and the text below them would be lost.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from build_tools.sources.captions.cue_text import parse_voices
from build_tools.sources.raw import RawCue
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
