"""The address of a line of speech or of a word in it, made from the source alone.

t432      the line begins in second 432
t432-2    a second line begins there, too
l3        line 3 of a source without times
p3        piece 3 of a source without times and lines
l3w14     the 14th word of line 3; the first word has the address of the line
t432-2w5  the 5th word of the second line that begins in second 432

Every line has its address as an id on its page; a word has an id where a paragraph begins with it
or a page of the site links to it. For any other, the page's script counts words from the line's id.
"""

import re
from typing import NamedTuple

# What a number counts, by the letter before it.
UNITS = {"t": "second", "l": "line", "p": "piece"}
LINE_ADDRESS = rf"[{''.join(UNITS)}][0-9]+(-[0-9]+)?"
_WORD_NUMBER = "w[1-9][0-9]{0,5}"
WORD_ADDRESS = LINE_ADDRESS + _WORD_NUMBER
ADDRESS = f"{LINE_ADDRESS}({_WORD_NUMBER})?"
_LETTERS = {unit: letter for letter, unit in UNITS.items()}
_ADDRESS = re.compile(
    rf"(?P<letter>[{''.join(UNITS)}])(?P<number>[0-9]+)"
    r"(-(?P<repeat>[0-9]+))?(w(?P<word>[1-9][0-9]{0,5}))?"
)


class Address(NamedTuple):
    """An address in its parts: the number of a unit, which of the lines there, and which word."""

    unit: str
    number: int
    repeat: int = 1
    word: int = 1

    def __str__(self) -> str:
        again = f"-{self.repeat}" if self.repeat > 1 else ""
        return make_word_address(f"{_LETTERS[self.unit]}{self.number}{again}", self.word)


def make_word_address(line: str, word: int) -> str:
    """The address of the n-th word of a line, counted from 1."""
    return line if word == 1 else f"{line}w{word}"


def split_address(address: str) -> tuple[str, int]:
    """The address of a line, and the number of the word in it, from that of the word."""
    parsed = parse_address(address)
    return (str(parsed._replace(word=1)), parsed.word) if parsed else (address, 1)


def parse_address(text: str) -> Address | None:
    """The parts of a text that is an address."""
    match = _ADDRESS.fullmatch(text)
    if not match:
        return None
    numbers = (int(match[name] or 1) for name in ("number", "repeat", "word"))
    return Address(UNITS[match["letter"]], *numbers)
