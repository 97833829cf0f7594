"""The transcript panel of a video page, pasted: a time alone on its line, the text below it.

YouTube's panel is written so. Its chapters are bare lines between the text and the next time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from build_tools.sources.raw import LeftOut, RawChapter, RawCue, RawSource, UnknownFile
from build_tools.text.timecode import CLOCK, parse_clock

_TIME = re.compile(rf"\s*(?P<clock>{CLOCK})\s*\Z")
# The panel's own words, which come along with it.
_BUTTONS = frozenset(
    """
    transcript|show transcript|search transcript|search in video|sync to video time|
    follow along using the transcript.|chapters|english|english (auto-generated)
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
_LONGEST_TITLE = 100
_UNITS = {"hour": 3_600_000, "minute": 60_000, "second": 1000}
_SPOKEN = re.compile(r"(?P<number>[0-9]{1,4}) (?P<unit>hour|minute|second)s?")


class _Entry(NamedTuple):
    """A time and the lines below it that are not blank; above the first time, None."""

    start: int | None
    lines: list[tuple[int, str]]


def recognise_paste(file: UnknownFile) -> str:
    """Why a file is taken for a pasted panel, or ""."""
    times = sum(_TIME.match(line) is not None for line in file.lines)
    if not times or 5 * times < len(file.lines):
        return ""
    return f"{times} of its lines hold a time and nothing else"


def read_paste(content: str) -> RawSource:
    """A cue for each line of text; chapters where the panel shows them."""
    entries = [_Entry(None, [])]
    below_time = False
    for number, line in enumerate(content.split("\n"), 1):
        # Directly below a time stands what was said then, though it were a time.
        time = None if below_time else _TIME.match(line)
        below_time = time is not None
        if time:
            entries.append(_Entry(parse_clock(time["clock"]), []))
        elif line.strip():
            entries[-1].lines.append((number, line.strip()))
    left_out = [piece for entry in entries for piece in _take_furniture(entry)]
    titles = list(_take_titles(entries))
    left_out += [LeftOut(number, text, "the title of a chapter") for number, text in titles]
    cues = (RawCue(n, entry.start, text) for entry in entries for n, text in entry.lines)
    return RawSource(
        tuple(cues),
        tuple(sorted(left_out)),
        tuple(RawChapter(number, text) for number, text in titles),
    )


def _take_furniture(entry: _Entry) -> Iterator[LeftOut]:
    """Takes away the panel's own words: its buttons, and the time once more, in words."""
    if entry.start is None:
        for line in entry.lines:
            if line[1].casefold() in _BUTTONS:
                yield LeftOut(*line, "a button of the page")
        entry.lines[:] = [line for line in entry.lines if line[1].casefold() not in _BUTTONS]
    elif entry.lines and _spoken_time(entry.lines[0][1]) == entry.start:
        yield LeftOut(*entry.lines.pop(0), "the time above it, in words")


def _spoken_time(text: str) -> int:
    """Milliseconds of `1 minute, 2 seconds`; -1 where a text is no such time."""
    parts = [_SPOKEN.fullmatch(part) for part in text.split(", ")]
    if len(parts) > len(_UNITS):
        return -1
    return sum(int(p["number"]) * _UNITS[p["unit"]] for p in parts if p) if all(parts) else -1


def _take_titles(entries: list[_Entry]) -> Iterator[tuple[int, str]]:
    """Takes away chapter titles, where nearly every time has one line below it.

    Then a second line is the title of what follows, and so is a single line above the first time.
    Of the last time it cannot be known, nothing follows: its lines are speech.
    """
    first, *timed = entries
    twos = [entry for entry in timed[:-1] if len(entry.lines) == 2]
    ones = sum(len(entry.lines) == 1 for entry in timed)
    if ones < 3 * len(twos) or any(len(entry.lines) > 2 for entry in timed):
        twos = []
    bare = [first] if len(first.lines) == 1 and ones else []
    for entry in [*bare, *twos]:
        if len(entry.lines[-1][1]) <= _LONGEST_TITLE:
            yield entry.lines.pop()
