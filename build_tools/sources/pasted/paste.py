"""The transcript panel of a video page, pasted: a time alone on its line above its text.

YouTube's panel has such lines. Its chapters are lines between a text and the next time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from build_tools.sources.raw import LeftOut, RawChapter, RawCue, RawSource, UnknownFile
from build_tools.text.timecode import CLOCK, parse_clock

_TIME = re.compile(rf"\s*(?P<clock>{CLOCK})\s*\Z")
_BUTTON_TEXTS = (
    "transcript|show transcript|search transcript|search in video|sync to video time|"
    "follow along using the transcript.|chapters|english|english (auto-generated)"
)
_BUTTONS = frozenset(_BUTTON_TEXTS.split("|"))
_LONGEST_TITLE = 100
_UNITS = {"hour": 3_600_000, "minute": 60_000, "second": 1000}
_TIME_PART = re.compile(r"(?P<number>[0-9]{1,4}) (?P<unit>hour|minute|second)s?")


class _TimedLines(NamedTuple):
    """A time, or None, and the lines with a text below it."""

    start: int | None
    lines: list[tuple[int, str]]


def recognise_paste(file: UnknownFile) -> str:
    """Why a file is a pasted panel, or ""."""
    times = file.count_lines(_TIME, one_in=5)
    return f"{times} of its lines hold a time and nothing else" if times else ""


def read_paste(content: str) -> RawSource:
    """A cue for each line of text, and the panel's chapters."""
    groups = [_TimedLines(None, [])]
    below_time = False
    for number, line in enumerate(content.split("\n"), 1):
        # The line directly below a time is speech, even if it is a time.
        time = None if below_time else _TIME.match(line)
        below_time = time is not None
        if time:
            groups.append(_TimedLines(parse_clock(time["clock"]), []))
        elif line.strip():
            groups[-1].lines.append((number, line.strip()))
    left_out = [piece for group in groups for piece in _take_furniture(group)]
    titles = list(_take_titles(groups))
    left_out += [LeftOut(number, text, "the title of a chapter") for number, text in titles]
    cues = (RawCue(n, group.start, text) for group in groups for n, text in group.lines)
    return RawSource(
        tuple(cues),
        tuple(sorted(left_out)),
        tuple(RawChapter(number, text) for number, text in titles),
    )


def _take_furniture(group: _TimedLines) -> Iterator[LeftOut]:
    """The panel's own words, removed from the lines: its buttons, and the time in words."""
    if group.start is None:
        for line in group.lines:
            if line[1].casefold() in _BUTTONS:
                yield LeftOut(*line, "a button of the page")
        group.lines[:] = [line for line in group.lines if line[1].casefold() not in _BUTTONS]
    elif group.lines and _parse_time_in_words(group.lines[0][1]) == group.start:
        yield LeftOut(*group.lines.pop(0), "the time above it, in words")


def _parse_time_in_words(text: str) -> int:
    """The milliseconds of `1 minute, 2 seconds`; -1 for another text."""
    parts = [_TIME_PART.fullmatch(part) for part in text.split(", ")]
    if len(parts) > len(_UNITS):
        return -1
    return sum(int(p["number"]) * _UNITS[p["unit"]] for p in parts if p) if all(parts) else -1


def _take_titles(groups: list[_TimedLines]) -> Iterator[tuple[int, str]]:
    """The chapter titles, removed from the lines, if nearly every time has one line below it.

    A title is the second line below a time, or a single line above the first time. A second line
    below the last time is speech, since no chapter follows it.
    """
    first, *timed = groups
    twos = [group for group in timed[:-1] if len(group.lines) == 2]
    ones = sum(len(group.lines) == 1 for group in timed)
    if ones < 3 * len(twos) or any(len(group.lines) > 2 for group in timed):
        twos = []
    bare = [first] if len(first.lines) == 1 and ones else []
    for group in [*bare, *twos]:
        if len(group.lines[-1][1]) <= _LONGEST_TITLE:
            yield group.lines.pop()
