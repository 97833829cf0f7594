"""Characters that have no place in what people write: a reader cannot see them or is misled."""

import re
import unicodedata
from collections.abc import Iterator

import regex

REMEDY_MISPLACED = "delete it; it cannot be seen, or it misleads"
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
# The signs of most texts, of which none is misplaced; the standard library is fast.
_COMMON = re.compile(r"[\t\n\r -~¡-¬®-ÿ‘-„…–—€]*")
_RIGHT_TO_LEFT = r"\p{Bidi_Class=R}\p{Bidi_Class=AL}"
# Signs of scripts that run from right to left turn numbers beside them round: ؛ 3–1 shows 1–3.
_TURNING = regex.compile(rf"[[{_RIGHT_TO_LEFT}]--[\p{{L}}\p{{M}}\p{{N}}\p{{C}}]]", regex.VERSION1)
_TURNED_LETTER = regex.compile(rf"[[{_RIGHT_TO_LEFT}]&&\p{{L}}]", regex.VERSION1)


def find_misplaced(text: str) -> Iterator[tuple[int, str]]:
    """The offset and the name of each invisible, unassigned or misleading character."""
    if _COMMON.fullmatch(text):
        return
    for offset in (*(found.start() for found in _MISPLACED.finditer(text)), *_find_turning(text)):
        name = unicodedata.name(text[offset], "a control character or unassigned").lower()
        yield offset, f"U+{ord(text[offset]):04X}, {name}"


def _find_turning(text: str) -> Iterator[int]:
    begin = 0
    for paragraph in text.split("\n\n"):
        turning = [begin + found.start() for found in _TURNING.finditer(paragraph)]
        if turning and not _TURNED_LETTER.search(paragraph):
            yield from turning
        begin += len(paragraph) + len("\n\n")


def blank_misplaced(text: str) -> str:
    """The text with a blank for each such character; none of them is part of a word."""
    misplaced = {offset for offset, _ in find_misplaced(text)}
    return "".join(" " if at in misplaced else sign for at, sign in enumerate(text))
