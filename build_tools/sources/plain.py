"""Lines of text without times."""

from __future__ import annotations

from build_tools.sources.raw import RawCue


def read_plain(lines: list[str]) -> list[RawCue]:
    """One cue a line, none with a time."""
    return [RawCue(number, None, line) for number, line in enumerate(lines, 1)]
