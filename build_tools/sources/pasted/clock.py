"""Text pasted from a video page: each line begins with its time, without a blank after it."""

from __future__ import annotations

import re

from build_tools.sources.raw import RawCue, RawSource, UnknownFile
from build_tools.text.timecode import parse_clock

# Seconds have two digits: the text may begin with a third (`00:053 million`).
_CLOCK = re.compile(r"(?P<clock>(?:\d{1,3}:)?\d{1,2}:\d{2})(?P<text>.*)")
_GLUED = re.compile(r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?=[^\s:.,])")


def recognise_clock(file: UnknownFile) -> str:
    """Why a file has a time glued to the text of most lines, or ""."""
    glued = file.count_lines(_GLUED, one_in=2)
    why = f"{glued} of its {len(file.lines)} lines begin with a time glued to the text"
    return why if glued else ""


def read_clock(content: str) -> RawSource:
    """One cue a line; a line without a time has the time of the line before it."""
    cues = []
    start: int | None = None
    for number, line in enumerate(content.split("\n"), 1):
        match = _CLOCK.match(line)
        if match:
            start = parse_clock(match["clock"])
        cues.append(RawCue(number, start, match["text"] if match else line))
    return RawSource(tuple(cues))
