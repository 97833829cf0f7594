"""The text of captions: tags, inline times and character references, and whose voice it is.

The tokens are those of WebVTT, with what SubRip borrows from HTML and Advanced SubStation. Only
tags that these formats know are notation. `x < y and y > z` is text: where the standard would take
it for a tag and pass it over, a word of speech would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from typing import NamedTuple

_TAG = re.compile(
    r"""
      < [0-9:]+ [.,] [0-9]+ >                                 # <00:00:01.500>: said from then on
    | < (?P<start> /? (?: c|i|b|u|s|em|strong|ruby|rt|lang|v|font|span|br ) )
        (?: \. [^\s<>.&]* )*                                  # <v.loud Ann>: classes
        (?: [\ \t\n]+ (?P<annotation> [^<>]* ) )?
        /? >
    | \{ \\ [^{}\n]* \}                                       # {\an8}: where on the screen
    """,
    re.VERBOSE | re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"&(?:\#(?P<decimal>[0-9]{1,7})|\#[xX](?P<hexadecimal>[0-9a-fA-F]{1,6})|(?P<name>[A-Za-z][A-Za-z0-9]{0,31}));"
)
_LAST_CHARACTER = 0x10FFFF


class Voice(NamedTuple):
    """What one voice says in a cue: in which of the cue's lines it begins, from 0, and the text."""

    line: int
    speaker: str
    text: str


def decode_references(text: str) -> str:
    """The text with `&amp;`, `&#8212;` and their like as the characters that they are.

    A reference without its semicolon stays as it is: `AT&T` is one to nobody.
    """
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    if reference["name"]:
        return html5.get(reference["name"] + ";", reference[0])
    decimal = reference["decimal"]
    number = int(decimal) if decimal else int(reference["hexadecimal"], 16)
    if number == 0 or number > _LAST_CHARACTER or 0xD800 <= number <= 0xDFFF:
        return "\ufffd"
    return chr(number)


def plain_cue_text(text: str) -> str:
    """The words of a cue without its notation; whose voice says them is passed over."""
    return decode_references(_TAG.sub(_gap, text))


def _gap(tag: re.Match[str]) -> str:
    return "\n" if (tag["start"] or "").lower() == "br" else ""


def parse_voices(text: str) -> Iterator[Voice]:
    """The cue's text, parted where another voice begins; a cue without voices is one of nobody."""
    pieces: list[str] = []
    speaker = ""
    position = line = begins = 0
    for tag in _TAG.finditer(text):
        name = (tag["start"] or "").lower()
        pieces.append(text[position : tag.start()])
        line += pieces[-1].count("\n")
        position = tag.end()
        if name in ("v", "/v"):
            yield from _voice(begins, speaker, pieces)
            pieces = []
            annotation = tag["annotation"] if name == "v" else ""
            speaker = " ".join(decode_references(annotation or "").split())
            begins = line
        else:
            pieces.append(_gap(tag))
        line += tag[0].count("\n")
    pieces.append(text[position:])
    yield from _voice(begins, speaker, pieces)


def _voice(line: int, speaker: str, pieces: list[str]) -> Iterator[Voice]:
    text = "".join(pieces)
    if text.strip():
        before = len(text) - len(text.lstrip())
        yield Voice(line + text.count("\n", 0, before), speaker, decode_references(text.strip()))
