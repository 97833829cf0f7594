"""WebVTT, as recognisers, meetings and archives write it.

The blocks are those of the standard (https://www.w3.org/TR/webvtt1/#file-parsing). Malformed text,
which the standard drops, is kept: a cue whose times have no milliseconds, and the lines below an
empty line inside a cue.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from build_tools.sources.captions.blocks import (
    BROKEN_TIMES,
    UNTIMED,
    CaptionBlock,
    NumberedLine,
    leave_behind,
    parse_captions,
    split_paragraphs,
    voice_cues,
)
from build_tools.sources.captions.rolling import is_rolling, unroll
from build_tools.sources.raw import LeftOut, RawSource, UnknownFile

_SIGNATURE = re.compile(r"WEBVTT(?=[ \t\n]|\Z)")
_COMMENT = re.compile(r"NOTE(?=[ \t]|\Z)|(?:STYLE|REGION|WEBVTT)[ \t]*\Z|REGION(?=: id=)")
_KINDS = {
    "NOTE": "a comment (NOTE)",
    "STYLE": "a style sheet",
    "REGION": "a region of the screen",
    "WEBVTT": "the header of the next file",
}


class _Speech(NamedTuple):
    """Lines of speech, and the block whose times they have."""

    caption: CaptionBlock
    lines: list[NumberedLine]


def recognise_rolling_vtt(file: UnknownFile) -> str:
    """Why a file is rolling WebVTT, or ""."""
    if not recognise_vtt(file) or not is_rolling(_join_captions(_read_file(file.content))):
        return ""
    return "it is WebVTT, and each line comes again above the next one"


def recognise_vtt(file: UnknownFile) -> str:
    """Why a file is WebVTT, or ""."""
    if _SIGNATURE.match(file.content):
        return "its first line is WEBVTT"
    if file.name.endswith(".vtt") and parse_captions(file.content).captions:
        return "its name ends in .vtt, and it has times with arrows"
    return ""


def read_vtt(content: str) -> RawSource:
    """A cue for each voice of each caption."""
    pieces = list(_read_file(content))
    speech = (piece for piece in pieces if isinstance(piece, _Speech))
    cues = (cue for caption, lines in speech for cue in voice_cues(caption, lines))
    return RawSource(tuple(cues), tuple(piece for piece in pieces if isinstance(piece, LeftOut)))


def read_rolling_vtt(content: str) -> RawSource:
    """A cue for each line when it first appears; a carried line is left out."""
    pieces = list(_read_file(content))
    unrolled = unroll(_join_captions(pieces))
    left_out = (piece for piece in pieces if isinstance(piece, LeftOut))
    return RawSource(unrolled.cues, (*left_out, *unrolled.left_out))


def _join_captions(pieces: Iterable[_Speech | LeftOut]) -> list[CaptionBlock]:
    """The captions with all their rows; an empty line above the text is a row."""
    captions: list[CaptionBlock] = []
    for piece in pieces:
        if isinstance(piece, LeftOut):
            continue
        caption, lines = piece
        if captions and captions[-1].number == caption.number:
            above = [] if captions[-1].lines else [NumberedLine(caption.number, "")]
            captions[-1].lines += [*above, *lines]
        else:
            captions.append(
                CaptionBlock(caption.number, caption.start, caption.end, lines=list(lines))
            )
    return captions


def _read_file(content: str) -> Iterator[_Speech | LeftOut]:
    """The file's speech and the words left out, in order."""
    above, captions = parse_captions(content)
    if above and _SIGNATURE.match(above[0].text):
        end = _first_empty(above)
        first = above[0]._replace(text=_SIGNATURE.sub("", above[0].text, count=1))
        yield from _leave_out([first, *above[1:end]], "the file's header")
        above = above[end:]
    yield from _read_below(UNTIMED, above, followed=bool(captions))
    for count, caption in enumerate(captions, 1):
        yield from leave_behind(caption)
        end = _first_empty(caption.lines)
        yield _Speech(caption, caption.lines[:end])
        yield from _read_below(caption, caption.lines[end:], followed=count < len(captions))


def _first_empty(lines: list[NumberedLine]) -> int:
    return next((number for number, line in enumerate(lines) if not line.text), len(lines))


def _read_below(
    caption: CaptionBlock, lines: list[NumberedLine], *, followed: bool
) -> Iterator[_Speech | LeftOut]:
    """The lines below an empty line: comments, style sheets, the next cue's id, or more speech."""
    blocks = list(split_paragraphs(lines))
    if blocks and followed and len(blocks[-1]) == 1 and lines[-1].text:
        (id_line,) = blocks.pop()
        following = [] if _is_number(id_line) else [LeftOut(*id_line, "the id of a cue")]
    else:
        following = []
    for block in blocks:
        comment = _COMMENT.match(block[0].text)
        if comment:
            first = block[0]._replace(text=block[0].text[comment.end() :])
            why = _KINDS[comment[0].strip()]
            yield from _leave_out([first, *block[1:]], why)
        elif BROKEN_TIMES.match(block[0].text):
            yield LeftOut(*block[0], "times that cannot be read")
            yield _Speech(caption, block[1:])
        elif len(block) == 1 and _is_number(block[0]):
            yield LeftOut(*block[0], "a cue's number without a cue")
        else:
            yield _Speech(caption, block)
    yield from following


def _is_number(line: NumberedLine) -> bool:
    return line.text.strip().isdecimal()


def _leave_out(lines: list[NumberedLine], why: str) -> Iterator[LeftOut]:
    return (LeftOut(*line, why) for line in lines if line.text.strip())
