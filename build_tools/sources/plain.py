"""Lines of text without times."""

from __future__ import annotations

from build_tools.sources.raw import RawCue, RawSource


def read_plain(content: str) -> RawSource:
    """One cue a line, none with a time."""
    lines = enumerate(content.split("\n"), 1)
    return RawSource(tuple(RawCue(number, None, line) for number, line in lines))
