"""A line with a name and a time above the speech: Otter, Teams, Zoom, Rev and others.

`Ann Lee  0:01`, `Ann Lee (00:05):`, `[Ann Lee] 14:03:22`, `Ann Lee: 00:00:35`, `**Ann** (0:00)`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from build_tools.sources.labels import looks_like_name
from build_tools.sources.raw import LeftOut, RawChapter, RawCue, RawSource, UnknownFile
from build_tools.text.timecode import CLOCK, parse_clock

_CLOCK = rf"{CLOCK}(?: [ ]? [AaPp][Mm] )?"
_NAME = r"[^\s*\[(][^\n*\[(\t]{0,99}?"
_HEADER = re.compile(
    rf"""
      (?P<name> {_NAME} ) (?: [ ]{{2,}} | [ ]*\t\s* | :[ ]+ ) (?P<time> {_CLOCK} ) \s* \Z
    | (?P<bracket> {_NAME} ) [ ]* [(\[] (?P<inside> {_CLOCK} ) [)\]] [ ]* (?: :[ ]* | (?=\s*\Z) )
    | \[ (?P<zoom> [^\]\n]{{1,100}} ) \] [ ] (?P<at> {_CLOCK} ) \s* \Z
    | \*\* (?P<bold> [^*\n]{{1,100}}? ) :?\*\* :? [ ]+
      [(\[]? (?P<beside> {_CLOCK} ) [)\]]? :? \s* \Z
    """,
    re.VERBOSE,
)
_TIME = re.compile(rf"(?P<clock>{CLOCK})\s*\Z")
_HEADING = re.compile(r"#{2,6}[ \t]+(?P<title>\S[^\n]*)")
_OTTER = "Transcribed by https://otter.ai"


class _TurnStart(NamedTuple):
    """A speaker and a time; text on the same line begins at the offset `end`."""

    name: str
    start: int
    end: int


def recognise_headed(file: UnknownFile) -> str:
    """Why a file has names and times above the text, or ""."""
    starts = [start for line in file.lines if (start := _parse_turn_start(line))]
    first = bool(file.lines) and _parse_turn_start(file.lines[0]) is not None
    if not starts or not (len(starts) > 1 or first) or 50 * len(starts) < len(file.lines):
        return ""
    return f"{len(starts)} of its lines hold a name and a time, such as {starts[0].name}"


def read_headed(content: str) -> RawSource:
    """A cue for each line below a speaker's line; text above the first one is left out."""
    cues: list[RawCue] = []
    left_out: list[LeftOut] = []
    chapters: list[RawChapter] = []
    speaker, start = "", None
    above = ""
    for number, line in enumerate(content.split("\n"), 1):
        text = line.strip()
        header = _parse_turn_start(line)
        # Old files have times without names. A time directly below text is speech.
        time = _TIME.match(line) if start is not None and not above else None
        above = text
        heading = _HEADING.match(line)
        if header:
            speaker, start = header.name, header.start
            cues.append(RawCue(number, start, line[header.end :], None, speaker))
        elif time:
            start = parse_clock(time["clock"])
        elif heading:
            chapters.append(RawChapter(number, heading["title"].strip()))
            left_out.append(LeftOut(number, heading["title"], "the title of a chapter"))
        elif text == _OTTER:
            left_out.append(LeftOut(number, text, "the recogniser's own line"))
        elif start is None and text:
            left_out.append(LeftOut(number, text, "stands above the first speaker"))
        elif text:
            cues.append(RawCue(number, start, text, None, speaker))
    return RawSource(tuple(cues), tuple(left_out), tuple(chapters))


def _parse_turn_start(line: str) -> _TurnStart | None:
    header = _HEADER.match(line)
    if not header:
        return None
    name = header["name"] or header["bracket"] or header["zoom"] or header["bold"]
    clock = header["time"] or header["inside"] or header["at"] or header["beside"]
    name = " ".join(name.split()).removesuffix(":")
    if not looks_like_name(name):
        return None
    return _TurnStart(name, _parse_time_of_day(clock), header.end())


def _parse_time_of_day(clock: str) -> int:
    """The milliseconds of a clock, which may end in AM or PM."""
    digits = clock.rstrip("aApPmM ")
    noon = 12 * 3_600_000
    time = parse_clock(digits)
    half = clock[len(digits) :].strip().lower()
    return time % noon + noon * (half == "pm") if half else time
