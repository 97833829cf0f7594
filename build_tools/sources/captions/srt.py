"""SubRip: numbered cues, though the numbers are often missing, repeated or out of order."""

from __future__ import annotations

from typing import NamedTuple

from build_tools.sources.captions.blocks import (
    UNTIMED,
    Caption,
    Line,
    left_behind,
    parse_captions,
    voice_cues,
)
from build_tools.sources.captions.rolling import fold_rolling, is_rolling
from build_tools.sources.labels import name_cues
from build_tools.sources.raw import LeftOut, RawSource, UnknownFile


class _SubRip(NamedTuple):
    """The captions of a file without their numbers, and what else was passed over."""

    captions: list[Caption]
    left_out: tuple[LeftOut, ...]


def recognise_rolling_srt(file: UnknownFile) -> str:
    """Why a file is taken for SubRip in which each line comes again above the next one, or ""."""
    if not recognise_srt(file) or not is_rolling(_screens(file.content).captions):
        return ""
    return "it has times with arrows, and each line comes again above the next one"


def recognise_srt(file: UnknownFile) -> str:
    """Why a file is taken for SubRip, or ""."""
    if file.content.startswith("WEBVTT") or "->" not in file.content:
        return ""
    captions = parse_captions(file.content).captions
    if not captions or 8 * len(captions) < len(file.lines):
        return ""
    named = "its name ends in .srt, and " if file.name.endswith(".srt") else ""
    times = len(captions)
    return f"{named}it has {times} line{'s' * (times > 1)} of times with arrows"


def read_srt(content: str) -> RawSource:
    """A cue for each voice of each caption; names before the text are speakers where they recur."""
    captions, left_out = _read_subrip(content)
    cues = (cue for caption in captions for cue in voice_cues(caption, caption.lines))
    return RawSource(name_cues(cues), left_out)


def read_rolling_srt(content: str) -> RawSource:
    """A cue for each line when it first appears; where it is carried over, it is left out."""
    captions, left_out = _screens(content)
    folded = fold_rolling(captions)
    return RawSource(folded.cues, (*left_out, *folded.left_out))


def _screens(content: str) -> _SubRip:
    """What each caption shows, row by row; the empty line between two captions is no row."""
    captions, left_out = _read_subrip(content)
    for caption in captions:
        while caption.lines and not caption.lines[-1].text:
            caption.lines.pop()
    return _SubRip(captions, left_out)


def _read_subrip(content: str) -> _SubRip:
    above, captions = parse_captions(content)
    left_out: list[LeftOut] = []
    before: Line | None = None
    captions.insert(0, Caption(UNTIMED.number, None, None, lines=above))
    for count, caption in enumerate(captions, 1):
        left_out += left_behind(caption)
        if count == len(captions):
            break
        number = _take_number(caption.lines, before)
        if number and before and not _counts_on(number, before):
            left_out.append(LeftOut(*number, "the number of a cue, out of order"))
        before = number or before
    return _SubRip([caption for caption in captions if caption.lines], tuple(left_out))


def _take_number(lines: list[Line], before: Line | None) -> Line | None:
    """Takes away the number of the next cue, which stands directly above its times.

    A line of digits that touches the text above it is a number only if it counts on: people say
    numbers too.
    """
    if not lines or not lines[-1].text.strip().isdecimal():
        return None
    touches = len(lines) > 1 and lines[-2].text.strip() != ""
    only_text = len(lines) == 1 and before is not None
    if (touches or only_text) and not _counts_on(lines[-1], before):
        return None
    return lines.pop()


def _counts_on(number: Line, before: Line | None) -> bool:
    return before is not None and _value(number) == _value(before) + 1


def _value(number: Line) -> int:
    digits = number.text.strip()
    return int(digits) if len(digits) < 10 else -1
