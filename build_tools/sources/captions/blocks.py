"""Caption files split into blocks: a line of times, and the lines below it up to the next times.

WebVTT, SubRip and their broken files have this in common. A blank line ends no block: editors put
blank lines into captions, and the text below them would be lost.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from build_tools.sources.captions.cue_text import parse_voices
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


class NumberedLine(NamedTuple):
    """A line of a file and its number, from 1."""

    number: int
    text: str


@dataclass(slots=True)
class CaptionBlock:
    """A line of times and the lines below it, up to the next times.

    `number` is the number of the line of times, and `behind` its text after times and settings.
    """

    number: int
    start: int | None
    end: int | None
    behind: str = ""
    lines: list[NumberedLine] = field(default_factory=list)


# Text above the first times has an unknown time.
UNTIMED = CaptionBlock(1, None, None)


class CaptionFile(NamedTuple):
    """A file's lines above the first times, and its blocks."""

    above: list[NumberedLine]
    captions: list[CaptionBlock]


def parse_captions(content: str, form: re.Pattern[str] = _TIMES) -> CaptionFile:
    """The file's lines, each in one place.

    `form` is the pattern of a line of times, with the groups `start`, `end` and `behind`.
    """
    above: list[NumberedLine] = []
    captions: list[CaptionBlock] = []
    lines = above
    for number, text in enumerate(content.split("\n"), 1):
        times = form.match(write_digits(text))
        behind = _SETTING.sub("", text[times.start("behind") :]).strip() if times else ""
        # A sentence inside a cue may begin like a line of times.
        if times and not (behind and lines and lines[-1].text):
            caption = CaptionBlock(
                number, parse_clock(times["start"]), parse_clock(times["end"]), behind
            )
            captions.append(caption)
            lines = caption.lines
        else:
            lines.append(NumberedLine(number, text))
    return CaptionFile(above, captions)


def split_paragraphs(lines: Iterable[NumberedLine]) -> Iterator[list[NumberedLine]]:
    """The runs of lines between empty lines; a line with a blank is not empty."""
    block: list[NumberedLine] = []
    for line in lines:
        if line.text:
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def voice_cues(caption: CaptionBlock, lines: list[NumberedLine]) -> Iterator[RawCue]:
    """Some lines of a block as cues, one for each voice."""
    text = "\n".join(line.text for line in lines)
    for voice in parse_voices(text):
        number = lines[min(voice.line, len(lines) - 1)].number
        yield RawCue(number, caption.start, voice.text, caption.end, voice.speaker)


def leave_behind(caption: CaptionBlock) -> Iterator[LeftOut]:
    """The text after a block's times and settings."""
    if caption.behind:
        yield LeftOut(caption.number, caption.behind, "stands behind the times of a cue")
