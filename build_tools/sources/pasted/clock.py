"""The paste of a video page: each line begins with its time, glued to the text."""

from __future__ import annotations

import re

from build_tools.sources.raw import RawCue, RawSource, UnknownFile
from build_tools.text.timecode import parse_clock

# The text may begin with a digit (`00:053 million`): seconds have two, so the rest is text.
_CLOCK = re.compile(r"(?P<clock>(?:\d{1,3}:)?\d{1,2}:\d{2})(?P<text>.*)")
_GLUED = re.compile(r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?=[^\s:.,])")


def recognise_clock(file: UnknownFile) -> str:
    """Why a file is taken for a paste of this kind, or ""."""
    glued = sum(_GLUED.match(line) is not None for line in file.lines)
    if not glued or 2 * glued < len(file.lines):
        return ""
    return f"{glued} of its {len(file.lines)} lines begin with a time glued to the text"


def read_clock(content: str) -> RawSource:
    """One cue a line; a line without a time goes on with the time of the line before it."""
    cues = []
    start: int | None = None
    for number, line in enumerate(content.split("\n"), 1):
        match = _CLOCK.match(line)
        if match:
            start = parse_clock(match["clock"])
        cues.append(RawCue(number, start, match["text"] if match else line))
    return RawSource(tuple(cues))
