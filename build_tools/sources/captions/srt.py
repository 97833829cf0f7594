"""SubRip, whose numbers are often missing, repeated or out of order, and SubViewer.

SubViewer, as YouTube writes it, has `0:00:00.378,0:00:11.378` above the text.
"""

import re
from typing import NamedTuple

from build_tools.sources.captions.blocks import (
    BROKEN_TIMES,
    UNTIMED,
    CaptionBlock,
    NumberedLine,
    leave_behind,
    parse_captions,
    voice_cues,
)
from build_tools.sources.captions.rolling import is_rolling, unroll
from build_tools.sources.raw import LeftOut, RawSource, UnknownFile

_CLOCK = r"[0-9]{1,4}:[0-9]{2}:[0-9]{2}[.,][0-9]{1,3}"
_COMMA_TIMES = re.compile(
    rf"[ \t]*(?P<start>{_CLOCK})[ \t]*,[ \t]*(?P<end>{_CLOCK})[ \t]*(?P<behind>)\Z"
)


class _SubRip(NamedTuple):
    """The captions of a file without their numbers, and the words left out."""

    captions: list[CaptionBlock]
    left_out: tuple[LeftOut, ...]


def recognise_rolling_srt(file: UnknownFile) -> str:
    """Why a file is rolling SubRip, or ""."""
    if not recognise_srt(file) or not is_rolling(_trim_captions(file.content).captions):
        return ""
    return "it has times with arrows, and each line comes again above the next one"


def recognise_srt(file: UnknownFile) -> str:
    """Why a file is SubRip, or ""."""
    if file.content.startswith("WEBVTT"):
        return ""
    captions = parse_captions(file.content).captions
    if not captions or 8 * len(captions) < len(file.lines):
        return ""
    named = "its name ends in .srt, and " if file.name.endswith(".srt") else ""
    times = len(captions)
    return f"{named}it has {times} line{'s' * (times > 1)} of times with arrows"


def read_srt(content: str) -> RawSource:
    """A cue for each voice of each caption."""
    captions, left_out = _read_subrip(content)
    cues = (cue for caption in captions for cue in voice_cues(caption, caption.lines))
    return RawSource(tuple(cues), left_out)


def read_rolling_srt(content: str) -> RawSource:
    """A cue for each line when it first appears; a carried line is left out."""
    captions, left_out = _trim_captions(content)
    unrolled = unroll(captions)
    return RawSource(unrolled.cues, (*left_out, *unrolled.left_out))


def _trim_captions(content: str) -> _SubRip:
    """The captions without the empty lines below them, which are no rows."""
    captions, left_out = _read_subrip(content)
    for caption in captions:
        while caption.lines and not caption.lines[-1].text:
            caption.lines.pop()
    return _SubRip(captions, left_out)


def _read_subrip(content: str) -> _SubRip:
    above, captions = parse_captions(content)
    left_out: list[LeftOut] = []
    before: NumberedLine | None = None
    captions.insert(0, CaptionBlock(UNTIMED.number, None, None, lines=above))
    for count, caption in enumerate(captions, 1):
        left_out += leave_behind(caption)
        broken = [line for line in caption.lines if BROKEN_TIMES.match(line.text)]
        left_out += [LeftOut(*line, "times that cannot be read") for line in broken]
        caption.lines = [line for line in caption.lines if line not in broken]
        if count == len(captions):
            break
        number = _take_number(caption.lines, before)
        if number and before and not _continues(number, before):
            left_out.append(LeftOut(*number, "the number of a cue, out of order"))
        before = number or before
    return _SubRip([caption for caption in captions if caption.lines], tuple(left_out))


def _take_number(lines: list[NumberedLine], before: NumberedLine | None) -> NumberedLine | None:
    """The number of the next cue, removed from the lines above that cue's times, or None.

    A line of digits directly below text is speech unless it continues the count.
    """
    if not lines or not lines[-1].text.strip().isdecimal():
        return None
    touches = len(lines) > 1 and lines[-2].text.strip() != ""
    only_text = len(lines) == 1 and before is not None
    if (touches or only_text) and not _continues(lines[-1], before):
        return None
    return lines.pop()


def _continues(number: NumberedLine, before: NumberedLine | None) -> bool:
    return before is not None and _count_of(number) == _count_of(before) + 1


def _count_of(number: NumberedLine) -> int:
    digits = number.text.strip()
    return int(digits) if len(digits) < 10 else -1


def recognise_sbv(file: UnknownFile) -> str:
    """Why a file is SubViewer, or ""."""
    times = file.count_lines(_COMMA_TIMES, one_in=4)
    return f"it has {times} lines of two times with a comma between them" if times else ""


def read_sbv(content: str) -> RawSource:
    """A cue for each line of times; `[br]` separates two lines of a caption."""
    above, captions = parse_captions(content, _COMMA_TIMES)
    cues = list(voice_cues(UNTIMED, above))
    for caption in captions:
        cues += voice_cues(caption, caption.lines)
    return RawSource(tuple(cue._replace(text=cue.text.replace("[br]", "\n")) for cue in cues))
