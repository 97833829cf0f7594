"""What a reader gives: a cue before it has an address."""

from __future__ import annotations

from typing import NamedTuple


class RawCue(NamedTuple):
    """The line where a cue begins (from 1), its start in milliseconds or None, and its text."""

    line: int
    start: int | None
    text: str
