"""WebVTT, as recognisers, meetings and archives write it.

The blocks are those of the standard (https://www.w3.org/TR/webvtt1/#file-parsing). Where it passes
over what is malformed, the text is kept: a cue whose times have no milliseconds, the lines below an
empty one inside a cue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from build_tools.sources.captions.blocks import (
    UNTIMED,
    Caption,
    Line,
    left_behind,
    parse_captions,
    split_blocks,
    voice_cues,
)
from build_tools.sources.captions.rolling import fold_rolling, is_rolling
from build_tools.sources.labels import name_cues
from build_tools.sources.raw import LeftOut, RawSource, UnknownFile

_SIGNATURE = re.compile(r"WEBVTT(?=[ \t\n]|\Z)")
_ASIDE = re.compile(r"NOTE(?=[ \t]|\Z)|(?:STYLE|REGION)[ \t]*\Z|REGION(?=: id=)")
_BROKEN_TIMES = re.compile(r"[-0-9:.,\s>]*->[-0-9:.,\s>]*\Z")
_ASIDES = {"NOTE": "a comment (NOTE)", "STYLE": "a style sheet", "REGION": "a region of the screen"}


class _Speech(NamedTuple):
    """Lines of a file that are speech, and the times under which they stand."""

    caption: Caption
    lines: list[Line]


def recognise_rolling_vtt(file: UnknownFile) -> str:
    """Why a file is taken for WebVTT in which each line comes again above the next one, or ""."""
    if not recognise_vtt(file) or not is_rolling(_screens(_read_pieces(file.content))):
        return ""
    return "it is WebVTT, and each line comes again above the next one"


def recognise_vtt(file: UnknownFile) -> str:
    """Why a file is taken for WebVTT, or ""."""
    if _SIGNATURE.match(file.content):
        return "its first line is WEBVTT"
    if file.name.endswith(".vtt") and parse_captions(file.content).captions:
        return "its name ends in .vtt, and it has times with arrows"
    return ""


def read_vtt(content: str) -> RawSource:
    """A cue for each voice of each caption; names before the text are speakers where they recur."""
    pieces = list(_read_pieces(content))
    speech = (piece for piece in pieces if isinstance(piece, _Speech))
    cues = name_cues(cue for caption, lines in speech for cue in voice_cues(caption, lines))
    return RawSource(cues, tuple(piece for piece in pieces if isinstance(piece, LeftOut)))


def read_rolling_vtt(content: str) -> RawSource:
    """A cue for each line when it first appears; where it is carried over, it is left out."""
    pieces = list(_read_pieces(content))
    folded = fold_rolling(_screens(pieces))
    passed_over = (piece for piece in pieces if isinstance(piece, LeftOut))
    return RawSource(folded.cues, (*passed_over, *folded.left_out))


def _screens(pieces: Iterable[_Speech | LeftOut]) -> list[Caption]:
    """What each caption shows, row by row; an empty row above the text is a row."""
    screens: list[Caption] = []
    for piece in pieces:
        if isinstance(piece, LeftOut):
            continue
        caption, lines = piece
        if screens and screens[-1].number == caption.number:
            above = [] if screens[-1].lines else [Line(caption.number, "")]
            screens[-1].lines += [*above, *lines]
        else:
            screens.append(Caption(caption.number, caption.start, caption.end, lines=list(lines)))
    return screens


def _read_pieces(content: str) -> Iterator[_Speech | LeftOut]:
    """The file's pieces in order."""
    above, captions = parse_captions(content)
    if above and _SIGNATURE.match(above[0].text):
        end = _first_empty(above)
        first = above[0]._replace(text=_SIGNATURE.sub("", above[0].text, count=1))
        yield from _lines_left_out([first, *above[1:end]], "the file's header")
        above = above[end:]
    yield from _blocks(UNTIMED, above, followed=bool(captions))
    for count, caption in enumerate(captions, 1):
        yield from left_behind(caption)
        end = _first_empty(caption.lines)
        yield _Speech(caption, caption.lines[:end])
        yield from _blocks(caption, caption.lines[end:], followed=count < len(captions))


def _first_empty(lines: list[Line]) -> int:
    return next((number for number, line in enumerate(lines) if not line.text), len(lines))


def _blocks(caption: Caption, lines: list[Line], *, followed: bool) -> Iterator[_Speech | LeftOut]:
    """What stands behind an empty line: comments, rules, the next cue's id, or more of the text."""
    blocks = list(split_blocks(lines))
    if blocks and followed and len(blocks[-1]) == 1 and lines[-1].text:
        (id_line,) = blocks.pop()
        following = [] if _is_number(id_line) else [LeftOut(*id_line, "the id of a cue")]
    else:
        following = []
    for block in blocks:
        aside = _ASIDE.match(block[0].text)
        if aside:
            first = block[0]._replace(text=block[0].text[aside.end() :])
            why = _ASIDES[aside[0].strip()]
            yield from _lines_left_out([first, *block[1:]], why)
        elif _BROKEN_TIMES.match(block[0].text):
            yield LeftOut(*block[0], "times that cannot be read")
            yield _Speech(caption, block[1:])
        elif len(block) == 1 and _is_number(block[0]):
            yield LeftOut(*block[0], "a cue's number without a cue")
        else:
            yield _Speech(caption, block)
    yield from following


def _is_number(line: Line) -> bool:
    return line.text.strip().isdecimal()


def _lines_left_out(lines: list[Line], why: str) -> Iterator[LeftOut]:
    return (LeftOut(*line, why) for line in lines if line.text.strip())
