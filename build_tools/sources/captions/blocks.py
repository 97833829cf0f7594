"""Caption files taken apart: a line of times, and the lines below it up to the next such line.

WebVTT and SubRip agree in this much, and so do their broken files. A blank line ends no cue here:
editors put blank lines into captions, and what follows them would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from build_tools.sources.captions.cue_text import parse_voices
from build_tools.sources.raw import LeftOut, RawCue
from build_tools.text.timecode import CLOCK, parse_clock

_TIMES = re.compile(
    rf"""
    [ \t\f]* (?P<start> {CLOCK} | [0-9]{{1,6}}[.,][0-9]{{1,3}} )
    [ \t\f]* --?> [ \t\f]*
    (?P<end> {CLOCK} | [0-9]{{1,6}}[.,][0-9]{{1,3}} ) (?! [0-9:.,] )
    (?P<behind> .* )
    """,
    re.VERBOSE,
)
# Where a cue stands on the screen, in the spelling of WebVTT, of its first drafts and of SubRip.
_SETTING = re.compile(
    r"(?<!\S)(?:align|line|position|size|region|vertical|[ADLST]|[XY][12]):\S*", re.IGNORECASE
)


class Line(NamedTuple):
    """A line of a file and its number, from 1."""

    number: int
    text: str


@dataclass(slots=True)
class Caption:
    """Times and the lines below them, up to the next times.

    `number` is that of the line of the times; `behind` is what else stands there, settings apart.
    """

    number: int
    start: int | None
    end: int | None
    behind: str = ""
    lines: list[Line] = field(default_factory=list)


# What stands above the first times was said at a time that nobody knows.
UNTIMED = Caption(1, None, None)


class Captions(NamedTuple):
    """A file's lines above the first times, and its captions."""

    above: list[Line]
    captions: list[Caption]


def parse_captions(content: str, form: re.Pattern[str] = _TIMES) -> Captions:
    """The file's captions; every line is in one place. `form` is what a line of times looks like.

    It has the groups `start`, `end` and `behind`.
    """
    above: list[Line] = []
    captions: list[Caption] = []
    lines = above
    for number, text in enumerate(content.split("\n"), 1):
        times = form.match(text)
        behind = _SETTING.sub("", times["behind"]).strip() if times else ""
        # A sentence inside a cue may begin like times and go on.
        if times and not (behind and lines and lines[-1].text):
            caption = Caption(
                number, parse_clock(times["start"]), parse_clock(times["end"]), behind
            )
            captions.append(caption)
            lines = caption.lines
        else:
            lines.append(Line(number, text))
    return Captions(above, captions)


def split_blocks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Runs of lines between empty ones; a line that holds a blank is not empty."""
    block: list[Line] = []
    for line in lines:
        if line.text:
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def voice_cues(caption: Caption, lines: list[Line]) -> Iterator[RawCue]:
    """Some lines of a caption as cues, one for each voice."""
    if not lines:
        return
    text = "\n".join(line.text for line in lines)
    for voice in parse_voices(text):
        number = lines[min(voice.line, len(lines) - 1)].number
        yield RawCue(number, caption.start, voice.text, caption.end, voice.speaker)


def left_behind(caption: Caption) -> Iterator[LeftOut]:
    """What stands behind a caption's times and is no setting."""
    if caption.behind:
        yield LeftOut(caption.number, caption.behind, "stands behind the times of a cue")
