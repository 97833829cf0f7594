"""The text of captions: its tags, inline times, character references and voices.

The tokens are those of WebVTT, and those that SubRip borrows from HTML and Advanced SubStation. A
tag that these formats do not have is text: the standard drops the middle of `x < y and y > z`.
"""

import re
from collections.abc import Iterator
from html.entities import html5

_TAG = re.compile(r"""(?xi)
      < [0-9]+ : [0-9:]+ [.,] [0-9]+ >                        # <00:00:01.500>: a time
    | < (?P<start> /? (?: (?P<named> v|lang ) | c|i|b|u|s|em|strong|ruby|rt|font|span|br ) )
        (?: \. [^\s<>.&]* )*                                  # <v.loud Ann>: classes
        # Other tags than these two have attributes: `a <b and c> d` is text.
        (?: [\ \t\n]+ (?P<annotation> (?(named) [^<>]* | (?: [^<>=]* = [^<>]* )? ) ) )?
        /? >
    | \{ \\ [^{}\n]* \}                                       # {\an8}: a position on the screen
    | \[ br \]                                                # of SubViewer
""")
_REFERENCE = re.compile(
    r"&(?:\#(?P<decimal>[0-9]{1,7})|\#[xX](?P<hexadecimal>[0-9a-fA-F]{1,6})|(?P<name>[A-Za-z][A-Za-z0-9]{0,31}));"
)
# The line of a cue where a voice begins, from 0, the speaker and the text.
Voice = tuple[int, str, str]


def decode_references(text: str) -> str:
    """The text with characters for references such as `&#8212;`; `AT&T` is text."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    if reference["name"]:
        return html5.get(reference["name"] + ";", reference[0])
    decimal = reference["decimal"]
    number = int(decimal or reference["hexadecimal"], 10 if decimal else 16)
    return chr(number) if 0 < number < 0xD800 or 0xDFFF < number <= 0x10FFFF else "\ufffd"


def plain_cue_text(text: str) -> str:
    """The text of a cue without its tags and voices."""
    return decode_references(_TAG.sub(_gap, text))


def _gap(tag: re.Match[str]) -> str:
    return "\n" if (tag["start"] or tag[0]).strip("[]").lower() == "br" else ""


def parse_voices(text: str) -> Iterator[Voice]:
    """The text of each voice of a cue; text without a voice has the speaker ""."""
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
        yield line + text.count("\n", 0, before), speaker, decode_references(text.strip())
