"""Characters that have no place in what people write: a reader cannot see them or is misled."""

import unicodedata
from collections.abc import Iterator

import regex

# Scripts whose letters take other shapes, or stand apart, around a joiner.
_JOINING = (
    r"\p{Arabic}\p{Syriac}\p{Nko}\p{Mandaic}\p{Mongolian}\p{Devanagari}\p{Bengali}\p{Gurmukhi}"
    r"\p{Gujarati}\p{Oriya}\p{Tamil}\p{Telugu}\p{Kannada}\p{Malayalam}\p{Sinhala}\p{Khmer}"
    r"\p{Myanmar}\p{Tibetan}"
)
_MISPLACED = regex.compile(
    rf"""
    (?! [\t\n\r\u0600-\u0605\u06dd\u070f\u08e2\U000110bd] )     # visible signs of formatting
    (?! (?<= [{_JOINING}] ) [\u200c\u200d] (?= [{_JOINING}] ) )
    (?! (?<= [\p{{So}}\ufe0f\p{{Sk}}] ) \u200d (?= \p{{So}} ) ) # emoji of several parts
    (?! (?<= [\p{{So}}\p{{Po}}\p{{N}}\p{{Han}}] ) [\ufe00-\ufe0f] ) # variants of signs
    (?! (?<= \p{{Han}} ) [\U000e0100-\U000e01ef] )
    [\p{{C}}\p{{Zl}}\p{{Zp}}\p{{Variation_Selector}}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]
    """,
    regex.VERSION1 | regex.VERBOSE,
)


def find_misplaced(text: str) -> Iterator[tuple[int, str]]:
    """The offset and the name of each invisible, unassigned or misleading character.

    >>> list(find_misplaced("the\u200brapist"))
    [(3, 'U+200B, zero width space')]
    """
    if text.isascii() and text.isprintable():
        return
    for found in _MISPLACED.finditer(text):
        name = unicodedata.name(found[0], "a control character or unassigned").lower()
        yield found.start(), f"U+{ord(found[0]):04X}, {name}"


def blank_misplaced(text: str) -> str:
    """The text with a blank for each such character; none of them is part of a word."""
    return _MISPLACED.sub(" ", text)
