"""WebVTT, SubRip and SubViewer, as recognisers, meetings and archives write them.

A block is a line of times, and the lines below it up to the next times. A blank line ends no block:
editors put blank lines into captions, and the text below them would be lost. The blocks of WebVTT
are those of the standard (https://www.w3.org/TR/webvtt1/#file-parsing), but malformed text, which
the standard drops, is kept. The numbers of SubRip are often missing, repeated or out of order.
SubViewer, as YouTube writes it, has `0:00:00.378,0:00:11.378` above the text.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from build_tools.model.source import Cue
from build_tools.sources.captions.cue_text import parse_voices, plain_cue_text
from build_tools.sources.raw import LeftOut, RawSource, UnknownFile
from build_tools.text.timecode import ARROW, CLOCK, parse_clock, write_digits

# A comma parts the times of SubViewer.
_LONG = r"[0-9]{1,4}:[0-9]{2}:[0-9]{2}[.,][0-9]{3}"
_TIMES = re.compile(rf"""(?x)
    [ \t\f]* (?P<start> {CLOCK} | [0-9]{{1,6}}[.,][0-9]{{1,3}} )
    (?: {ARROW} | , (?= {_LONG} \Z ) (?<= [.,][0-9]{{3}}, ) )
    (?P<end> {CLOCK} | [0-9]{{1,6}}[.,][0-9]{{1,3}} ) (?! [0-9:.,] )
    (?P<behind> .* )""")
# A cue's position on the screen in WebVTT, in its first drafts and in SubRip.
_SETTING = re.compile(
    r"(?<!\S)(?:align|line|position|size|region|vertical|[ADLST]|[XY][12]):\S*", re.IGNORECASE
)
# Two times with an arrow that are written in a way of their own.
BROKEN_TIMES = re.compile(rf"(?=[^0-9]*[0-9])(?=[^:]*:)[-0-9:.,;\s]*{ARROW}[-0-9:.,;\s>]*\Z")
# In milliseconds. A shorter caption shows nothing new, only the screen between two movements;
# YouTube's last ten.
_LONGEST_PAUSE = 50
# Live captions show three rows, some four.
_MOST_ROWS = 4
# In milliseconds. Rounded times leave gaps between captions that roll.
_LONGEST_GAP = 100
_SIGNATURE = re.compile(r"WEBVTT(?=[ \t\n]|\Z)")
_COMMENT = re.compile(r"NOTE(?=[ \t]|\Z)|(?:STYLE|REGION|WEBVTT)[ \t]*\Z|REGION(?=: id=)")
_KINDS = {
    "NOTE": "a comment (NOTE)",
    "STYLE": "a style sheet",
    "REGION": "a region of the screen",
    "WEBVTT": "the header of the next file",
}


class NumberedLine(NamedTuple):
    """A line of a file and its number, from 1."""

    number: int
    text: str


class CaptionBlock(NamedTuple):
    """A line of times by number, its text `behind` them and settings, and the lines below it."""

    number: int
    start: int | None
    end: int | None
    behind: str
    lines: list[NumberedLine]


def _parse_captions(content: str) -> list[CaptionBlock]:
    """The file's lines in blocks; the first block has the lines above all times."""
    captions = [CaptionBlock(1, None, None, "", [])]
    # Beside plain arrows, an escaped one is speech about times.
    plain = re.search(r"^[ \t]*[0-9][0-9:.,]*[ \t]*-->", content, re.MULTILINE)
    for number, text in enumerate(content.split("\n"), 1):
        times = None if plain and "&gt;" in text else _TIMES.match(write_digits(text))
        behind = _SETTING.sub("", text[times.start("behind") :]).strip() if times else ""
        lines = captions[-1].lines
        # A sentence inside a cue may begin like a line of times.
        if times and not (behind and lines and lines[-1].text):
            start, end = parse_clock(times["start"]), parse_clock(times["end"])
            captions.append(CaptionBlock(number, start, end, behind, []))
        else:
            lines.append(NumberedLine(number, text))
    return captions


def _voice_cues(caption: CaptionBlock) -> Iterator[Cue]:
    """A block as cues, one for each voice."""
    for voice in parse_voices("\n".join(line.text for line in caption.lines)):
        number = caption.lines[min(voice.line, len(caption.lines) - 1)].number
        yield Cue(number, caption.start, voice.text, caption.end, voice.speaker)


Piece = CaptionBlock | LeftOut


class Notation(NamedTuple):
    """Why a file is in a notation of captions, its speech and other words in order, and its name.

    A caption whose speech is in several pieces comes several times.
    """

    recognise: Callable[[UnknownFile], str]
    split: Callable[[str], Iterable[Piece]]
    name: str

    def read(self, content: str) -> RawSource:
        """A cue for each voice of each caption."""
        speech, left_out = self._part(content)
        return RawSource(tuple(cue for caption in speech for cue in _voice_cues(caption)), left_out)

    def recognise_rolling(self, file: UnknownFile) -> str:
        """Why a file is in this notation and rolls, or ""."""
        if not self.recognise(file) or not _is_rolling(_join(self._part(file.content)[0])):
            return ""
        return f"it {self.name}, and each line comes again above the next one"

    def read_rolling(self, content: str) -> RawSource:
        """A cue for each line when it first appears; a carried line is left out."""
        speech, left_out = self._part(content)
        unrolled, _ = _unroll(_join(speech))
        return RawSource(unrolled.cues, left_out + unrolled.left_out)

    def _part(self, content: str) -> tuple[list[CaptionBlock], tuple[LeftOut, ...]]:
        pieces = list(self.split(content))
        speech = [piece for piece in pieces if isinstance(piece, CaptionBlock)]
        return speech, tuple(piece for piece in pieces if isinstance(piece, LeftOut))


def _join(pieces: Iterable[CaptionBlock]) -> list[CaptionBlock]:
    """The captions with all their rows; an empty line is a row above the text, not below it."""
    captions: list[CaptionBlock] = []
    for number, (first, *rest) in groupby(pieces, key=lambda piece: piece.number):
        above = [NumberedLine(number, "")] if rest and not first.lines else []
        lines = [*first.lines, *above, *(line for piece in rest for line in piece.lines)]
        while lines and not lines[-1].text:
            lines.pop()
        captions.append(first._replace(lines=lines))
    return captions


def _leave_behind(caption: CaptionBlock) -> Iterator[LeftOut]:
    if caption.behind:
        yield LeftOut(caption.number, caption.behind, "stands behind the times of a cue")


# Rolling captions -------------------------------------------------------------------------------

# Rolling captions show each line as it is spoken, and again above the next line, as YouTube's
# automatic captions and those of live television do. A repeated text alone is no sign of a carried
# line: the upper rows of a caption must be the lowest rows of the one before it, word for word, and
# the caption must begin when the one before it ends. The lowest row is always new.


def _is_rolling(captions: Sequence[CaptionBlock]) -> bool:
    """Whether captions roll: most of them carry a line over from the one before."""
    pauses = sum(_is_pause(caption) for caption in captions)
    timed_inside = any("><c>" in line.text for caption in captions for line in caption.lines)
    most = len(captions) if timed_inside or 5 * pauses > len(captions) else 2 * len(captions)
    return 3 * _unroll(captions)[1] > most


def _unroll(captions: Sequence[CaptionBlock]) -> tuple[RawSource, int]:
    """Each line once, as a cue, the carried lines as left out, and how many captions carry some."""
    cues: list[Cue] = []
    left_out: list[LeftOut] = []
    carrying = 0
    shown: list[NumberedLine] = []
    before: CaptionBlock | None = None
    for caption in captions:
        texts = (" ".join(plain_cue_text(line.text).split()) for line in caption.lines)
        rows = [line._replace(text=text) for line, text in zip(caption.lines, texts, strict=True)]
        touches = _is_within(before and before.end, caption.start, -_LONGEST_GAP, _LONGEST_GAP)
        carried = _count_carried(shown, rows, caption) if touches else 0
        upper, new = rows[:carried], [row for row in rows[carried:] if row.text]
        origins = shown[len(shown) - carried :]
        for row, origin in zip(upper, origins, strict=True):
            left_out.append(LeftOut(*row, "a line shown again as captions roll", origin.number))
        if new:
            text = "\n".join(row.text for row in new)
            cues.append(Cue(new[0].number, caption.start, text, caption.end))
        carrying += bool(carried)
        shown = [*origins, *new]
        before = caption
    return RawSource(tuple(cues), tuple(left_out)), carrying


def _count_carried(
    shown: list[NumberedLine], rows: list[NumberedLine], caption: CaptionBlock
) -> int:
    """How many of the upper rows were the lowest rows before."""
    filled = len(rows)
    while filled and not rows[filled - 1].text:
        filled -= 1
    # The lowest row is new, unless an empty row below it shows that the text has moved up.
    most = filled if _is_pause(caption) or filled < len(rows) else filled - 1
    texts, before = [row.text for row in rows], [row.text for row in shown]
    for number in range(min(most, len(shown), _MOST_ROWS), 0, -1):
        if texts[:number] == before[-number:]:
            return number
    return 0


def _is_pause(caption: CaptionBlock) -> bool:
    return _is_within(caption.start, caption.end, 0, _LONGEST_PAUSE)


def _is_within(start: int | None, end: int | None, least: int, most: int) -> bool:
    return start is not None and end is not None and least <= end - start <= most


# WebVTT -----------------------------------------------------------------------------------------


def _recognise_vtt(file: UnknownFile) -> str:
    if _SIGNATURE.match(file.content):
        return "its first line is WEBVTT"
    if file.name.endswith(".vtt") and len(_parse_captions(file.content)) > 1:
        return "its name ends in .vtt, and it has times with arrows"
    return ""


def _split_vtt(content: str) -> Iterator[Piece]:
    untimed, *captions = _parse_captions(content)
    above = untimed.lines
    if above and _SIGNATURE.match(above[0].text):
        end = _first_empty(above)
        yield from _leave_out(above[:end], _SIGNATURE, "the file's header")
        above = above[end:]
    yield from _read_below(untimed, above, followed=bool(captions))
    for count, caption in enumerate(captions, 1):
        yield from _leave_behind(caption)
        end = _first_empty(caption.lines)
        yield caption._replace(lines=caption.lines[:end])
        yield from _read_below(caption, caption.lines[end:], followed=count < len(captions))


def _first_empty(lines: list[NumberedLine]) -> int:
    return next((number for number, line in enumerate(lines) if not line.text), len(lines))


def _read_below(
    caption: CaptionBlock, lines: list[NumberedLine], *, followed: bool
) -> Iterator[Piece]:
    """The lines below an empty line: comments, style sheets, the next cue's id, or more speech."""
    # A line with a blank is not empty.
    runs = [list(run) for filled, run in groupby(lines, key=lambda line: line.text != "") if filled]
    id_lines = runs.pop() if runs and followed and len(runs[-1]) == 1 and lines[-1].text else []
    for run in runs:
        comment = _COMMENT.match(run[0].text)
        if comment:
            yield from _leave_out(run, _COMMENT, _KINDS[comment[0].strip()])
        elif BROKEN_TIMES.match(run[0].text):
            yield LeftOut(*run[0], "times that cannot be read")
            yield caption._replace(lines=run[1:])
        elif len(run) == 1 and _is_number(run[0]):
            yield LeftOut(*run[0], "a cue's number without a cue")
        else:
            yield caption._replace(lines=run)
    yield from (LeftOut(*line, "the id of a cue") for line in id_lines if not _is_number(line))


def _is_number(line: NumberedLine) -> bool:
    return line.text.strip().isdecimal()


def _leave_out(lines: list[NumberedLine], sign: re.Pattern[str], why: str) -> Iterator[LeftOut]:
    """The lines with a text, without the sign at the beginning of the first."""
    first = lines[0]._replace(text=sign.sub("", lines[0].text, count=1))
    return (LeftOut(*line, why) for line in (first, *lines[1:]) if line.text.strip())


# SubRip -----------------------------------------------------------------------------------------


def _recognise_srt(file: UnknownFile) -> str:
    times = len(_parse_captions(file.content)) - 1
    if file.content.startswith("WEBVTT") or not times or 8 * times < len(file.lines):
        return ""
    named = "its name ends in .srt, and " if file.name.endswith(".srt") else ""
    return f"{named}it has {times} line{'s' * (times > 1)} of two times"


def _split_srt(content: str) -> Iterator[Piece]:
    before: NumberedLine | None = None
    captions = _parse_captions(content)
    for count, caption in enumerate(captions, 1):
        yield from _leave_behind(caption)
        broken = [line for line in caption.lines if BROKEN_TIMES.match(line.text)]
        yield from (LeftOut(*line, "times that cannot be read") for line in broken)
        # A file that was cut off ends with the number and half the times of a cue.
        filled = [line for line in caption.lines if line.text.strip()]
        if filled[-1:] == broken[-1:] and len(filled) > 1 and _is_number(filled[-2]):
            broken.append(filled[-2])
        lines = [line for line in caption.lines if line not in broken]
        number = _take_number(lines, before) if count < len(captions) else None
        if number and before and not _continues(number, before):
            yield LeftOut(*number, "the number of a cue, out of order")
        before = number or before
        if lines:
            yield caption._replace(lines=lines)


def _take_number(lines: list[NumberedLine], before: NumberedLine | None) -> NumberedLine | None:
    """The number of the next cue, removed from the lines above that cue's times, or None.

    A line of digits directly below text is speech unless it continues the count.
    """
    if not lines or not _is_number(lines[-1]):
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


VTT = Notation(_recognise_vtt, _split_vtt, "is WebVTT")
SRT = Notation(_recognise_srt, _split_srt, "has lines of two times")
