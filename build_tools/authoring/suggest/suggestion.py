"""A likely recognition error that has no mark yet."""

from __future__ import annotations

from typing import NamedTuple

from build_tools.model.edition import Kind
from build_tools.model.text import Place


class Suggestion(NamedTuple):
    """A likely error: its place, the evidence for it, and the mark to paste.

    `start` and `end` are offsets in the edition's file. `said` is None if it cannot be known, and
    the mark is then a doubt. `footnote` is the line to add, "" if the mark needs none. `line` is
    the number of the source's line or piece, as `unit` says.
    """

    place: Place
    start: int
    end: int
    line: int
    time: int | None
    before: str
    heard: str
    after: str
    said: str | None
    kind: Kind
    grade: str
    why: str
    likelihood: float
    mark: str
    footnote: str
    unit: str = "line"
