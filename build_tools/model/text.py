"""A text with its words, and problems at places in it."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, starmap
from typing import Generic, NamedTuple, TypeVar, overload

ValueT = TypeVar("ValueT", covariant=True)


class Place(NamedTuple):
    """A file below the project's root, a line and a column, both from 1."""

    path: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A mistake at a place, in the contributor's words, and what to write instead.

    A warning stops no build; of `unread` lines, from its own on, nothing else is said.
    """

    place: Place
    what: str
    remedy: str = ""
    warning: bool = False
    unread: int = 0


def hide_unread(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems, without those of lines that cannot be read."""
    listed = tuple(problems)
    first = {one.place[:2] for one in listed if one.unread}
    later = {(one.place.path, one.place.line + n) for one in listed for n in range(1, one.unread)}
    hidden = {True: later, False: first | later}
    return tuple(one for one in listed if one.place[:2] not in hidden[one.unread > 0])


class ProblemsFoundError(Exception):
    """The user's mistakes, all of them; any other exception is our own."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__(f"{len(self.problems)} problems")


class Parsed(NamedTuple, Generic[ValueT]):
    """The value of a file, None if it has none, and the problems of the file."""

    value: ValueT
    problems: tuple[Problem, ...]


class Text(NamedTuple):
    """A file's text with the path to name in problems; `place` turns an offset into a place."""

    path: str
    content: str

    def place(self, offset: int) -> Place:
        """The place of a character: line and column from 1, the column in characters."""
        starts = _line_starts(self.content)
        line = bisect_right(starts, offset)
        return Place(self.path, line, offset - starts[line - 1] + 1)

    def problem(
        self, offset: int, what: str, remedy: str = "", *, warning: bool = False, unread: int = 0
    ) -> Problem:
        """A problem at an offset of this text."""
        return Problem(self.place(offset), what, remedy, warning, unread)


@lru_cache(maxsize=4)
def _line_starts(content: str) -> array[int]:
    """The offset of each line; cached, as a hostile file can have a problem at every sign."""
    lines = content.split("\n")[:-1]
    return array("q", accumulate((len(line) + 1 for line in lines), initial=0))


class Edit(NamedTuple):
    """A slice of a text, and what is to stand there instead."""

    start: int
    end: int
    written: str


class Word(NamedTuple):
    """A word of a text: the key it is compared by, and the slice where it stands."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Words(Sequence[Word]):
    """The words of a text in order, by columns: a transcript has too many to make each a value."""

    keys: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.keys)

    def __iter__(self) -> Iterator[Word]:
        return starmap(Word, zip(self.keys, self.starts, self.ends, strict=True))

    @overload
    def __getitem__(self, number: int) -> Word: ...
    @overload
    def __getitem__(self, number: slice) -> Words: ...
    def __getitem__(self, number: int | slice) -> Word | Words:
        if isinstance(number, slice):
            return Words(self.keys[number], self.starts[number], self.ends[number])
        return Word(self.keys[number], self.starts[number], self.ends[number])
