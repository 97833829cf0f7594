"""The address of a line of speech: its id on every page, made from the source alone.

t432     the line begins in second 432
t432-2   a second line begins there, too
l3       line 3 of a source without times
p3       piece 3 of a source without times and lines
l3w14    the fourteenth word of line 3
"""

import re
from typing import NamedTuple

# What a number counts, by the letter before it.
UNITS = {"t": "second", "l": "line", "p": "piece"}
ADDRESS = rf"[{''.join(UNITS)}][0-9]+(-[0-9]+)?"
WORD_ADDRESS = rf"{ADDRESS}(?:w[1-9][0-9]{{0,5}})?"
# A chapter has the address of its first line, or one of its own where no line begins in it.
CHAPTER_ADDRESS = rf"({ADDRESS}|chapter-[0-9]+)"

_LETTERS = {unit: letter for letter, unit in UNITS.items()}
_ADDRESS = re.compile(ADDRESS)


class Address(NamedTuple):
    """An address in its parts: the number of a unit, and which of the lines there it is."""

    unit: str
    number: int
    repeat: int = 1

    def __str__(self) -> str:
        again = f"-{self.repeat}" if self.repeat > 1 else ""
        return f"{_LETTERS[self.unit]}{self.number}{again}"


def make_address(start: int | None, unit: str, number: int) -> Address:
    """The first address of a cue that begins at `start`, in milliseconds, or is a numbered unit.

    >>> str(make_address(432_900, "line", 7)), str(make_address(None, "piece", 7))
    ('t432', 'p7')
    """
    return Address(unit, number) if start is None else Address("second", start // 1000)


def make_chapter_address(number: int) -> str:
    """The address of a chapter in which no line begins, by its number from 1."""
    return f"chapter-{number}"


def parse_address(text: str) -> Address | None:
    """The parts of a text that is an address.

    >>> parse_address("t432-2"), parse_address("chapter-3")
    (Address(unit='second', number=432, repeat=2), None)
    """
    if not _ADDRESS.fullmatch(text):
        return None
    number, _, repeat = text[1:].partition("-")
    return Address(UNITS[text[0]], int(number), int(repeat or 1))


def parse_word_address(text: str) -> tuple[str, int | None]:
    """The address of a line, and which of its words is meant, from 1; None for the whole line.

    >>> parse_word_address("l309w14"), parse_word_address("t187-2")
    (('l309', 14), ('t187-2', None))
    """
    line, _, word = text.partition("w")
    return line, int(word) if word else None
