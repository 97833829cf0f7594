"""What a reader gives: cues before they have addresses, and what it passed over."""

from __future__ import annotations

from typing import NamedTuple


class RawCue(NamedTuple):
    """A cue as a file has it: the line where it begins (from 1), its times, its text, its speaker.

    `start` and `end` in milliseconds or None; `speaker` is the file's own name or label, or "". A
    file without lines of its own, such as JSON, counts its pieces instead.
    """

    line: int
    start: int | None
    text: str
    end: int | None = None
    speaker: str = ""


class LeftOut(NamedTuple):
    """Words of a file that are no speech, or the same speech once more: where, which, and why."""

    line: int
    text: str
    why: str


class RawSource(NamedTuple):
    """All that a reader found in a file: between them, the two hold every word of it."""

    cues: tuple[RawCue, ...]
    left_out: tuple[LeftOut, ...] = ()


class UnreadableSourceError(Exception):
    """A file is not of the format that it is read as: the line, what is wrong, what to do."""

    def __init__(self, line: int, what: str, remedy: str) -> None:
        self.line, self.what, self.remedy = line, what, remedy
        super().__init__(what)
