"""A likely error that no mark covers yet."""

from __future__ import annotations

from typing import NamedTuple

from build_tools.model.edition import Kind
from build_tools.model.text import Place


class Suggestion(NamedTuple):
    """A likely error that nobody has marked: where it stands, why it may be one, what to paste.

    `start` and `end` are offsets in the edition's file; `said` is None where nobody can tell, and
    the mark is then a doubt. `footnote` is the line to add, "" where the mark needs none. `line` is
    the source's, and `unit` what it counts.
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
