"""Lines that begin with a time, in brackets or before a blank, with or without a name.

`[00:05:32] Ann: …`, `(0:05) …`, `00:00:06 …`, `[00:17] **Ann**: …`, `00:05:32  Ann  …`, and what
Whisper prints: `[00:00:00.000 --> 00:00:07.000]   …`.
"""

from __future__ import annotations

import re

from build_tools.sources.labels import looks_like_name
from build_tools.sources.raw import RawCue, RawSource, UnknownFile
from build_tools.text.timecode import CLOCK, parse_clock


def _until(group: str) -> str:
    return rf"(?: [ \t]* (?: --?> | [-–] ) [ \t]* (?P<{group}> {CLOCK} ) )?"


_STAMP = re.compile(
    rf"""
    [ \t]* (?: \\?\[ (?P<start> {CLOCK} ) {_until("end")} \\?\]
            | \( (?P<from> {CLOCK} ) {_until("to")} \)
            | (?P<bare> {CLOCK} ) {_until("till")} (?=[ \t]) (?![ \t]*-?-?>) )
    (?: [ \t]* [-–—:] (?=[ \t]) )? [ \t]*
    """,
    re.VERBOSE,
)
_COLUMN = re.compile(r"(?P<name>\S[^\n\t]{0,59}?)(?:[ ]{2,}|\t[ \t]*)(?=\S)")


def recognise_stamped(file: UnknownFile) -> str:
    """Why most lines of a file begin with a time, or ""."""
    stamps = ((line, _STAMP.match(line)) for line in file.lines)
    stamped = sum(bool(stamp and line[stamp.end() :].strip()) for line, stamp in stamps)
    if not stamped or 2 * stamped < len(file.lines):
        return ""
    return f"{stamped} of its {len(file.lines)} lines begin with a time and a blank or a bracket"


def read_stamped(content: str) -> RawSource:
    """A cue for each line; a line without a time has the times of the line before it."""
    cues = []
    start: int | None = None
    end: int | None = None
    for number, line in enumerate(content.split("\n"), 1):
        stamp = _STAMP.match(line)
        if stamp:
            start = parse_clock(stamp["start"] or stamp["from"] or stamp["bare"])
            until = stamp["end"] or stamp["to"] or stamp["till"]
            end = parse_clock(until) if until else None
        cues.append(RawCue(number, start, line[stamp.end() :] if stamp else line, end))
    return RawSource(tuple(_take_column(cues)))


def _take_column(cues: list[RawCue]) -> list[RawCue]:
    """The cues with the names of a column as speakers, if most lines have one."""
    columns = [_COLUMN.match(cue.text) for cue in cues]
    names = [column["name"] for column in columns if column and looks_like_name(column["name"])]
    spoken = sum(bool(cue.text.strip()) for cue in cues)
    if len(names) < 2 or 2 * len(names) < spoken or len(names) < 2 * len(set(names)):
        return cues
    speakers = frozenset(names)
    return [
        cue._replace(text=cue.text[column.end() :], speaker=column["name"])
        if column and column["name"] in speakers
        else cue
        for cue, column in zip(cues, columns, strict=True)
    ]
