"""Which of the names that are known a wrong one comes near to: the hint in a problem."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process

# Nobody mistypes a longer one; and so many comparisons are made for a file's wrong names. A file
# that holds more has other troubles, and the work grows with its length, not with its square.
_LONGEST = 200
_COMPARISONS = 200_000


class KnownNames:
    """Names that are known; as hints for many wrong ones are asked for, fewer are given."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(name for name in dict.fromkeys(names) if len(name) <= _LONGEST)
        self._left = _COMPARISONS

    def find_near(self, wrong: str, *, likeness: int = 60) -> str:
        """The name that is most like a wrong one, "" where none is; `likeness` of 100 at least."""
        self._left -= len(self._names)
        if self._left < 0 or len(wrong) > _LONGEST:
            return ""
        near = process.extractOne(wrong, self._names, processor=str.casefold, score_cutoff=likeness)
        return near[0] if near else ""
