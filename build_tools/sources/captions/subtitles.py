"""WebVTT, SubRip and SubViewer, as recognisers, meetings and archives write them.

A block is a line of times, and the lines below it up to the next times. A blank line ends no block:
editors put blank lines into captions. Malformed text, which the standard of WebVTT drops
(https://www.w3.org/TR/webvtt1/#file-parsing), is kept.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from build_tools.model.source import Cue
from build_tools.sources.captions.cue_text import parse_voices, plain_cue_text
from build_tools.sources.raw import ROLLED, LeftOut, RawSource, UnknownFile
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
_BROKEN = "times that cannot be read"
_KINDS = {
    "NOTE": "a comment (NOTE)",
    "STYLE": "a style sheet",
    "REGION": "a region of the screen",
    "WEBVTT": "the header of the next file",
}
# The number of a line in the file, from 1, and its text.
Line = tuple[int, str]
Lines = list[Line]


class CaptionBlock(NamedTuple):
    """A line of times by number, the text behind them and settings, and the lines below it."""

    number: int
    start: int | None
    end: int | None
    behind: str
    lines: Lines


Piece = CaptionBlock | LeftOut


class Notation(NamedTuple):
    """Whether a file is in a notation of captions, and its speech and other words in order.

    A caption whose speech is in several pieces comes several times.
    """

    recognise: Callable[[UnknownFile], bool]
    split: Callable[[str], Iterable[Piece]]

    def read(self, content: str) -> RawSource:
        """A cue for each voice of each caption."""
        speech, left_out = self._part(content)
        cues: list[Cue] = []
        for _, start, end, _, lines in speech:
            for line, speaker, text in parse_voices("\n".join(text for _, text in lines)):
                number, _ = lines[min(line, len(lines) - 1)]
                cues.append(Cue(number, start, text, end, speaker))
        return RawSource(tuple(cues), left_out)

    def recognise_rolling(self, file: UnknownFile) -> bool:
        """Whether a file is in this notation and rolls."""
        captions = _join(self._part(file.content)[0]) if self.recognise(file) else []
        often = 5 * sum(map(_is_pause, captions)) > len(captions)
        timed_inside = any("><c>" in text for caption in captions for _, text in caption.lines)
        most = len(captions) * (1 if timed_inside or often else 2)
        return 3 * _unroll(captions)[1] > most

    def read_rolling(self, content: str) -> RawSource:
        """A cue for each line when it first appears; a carried line is left out."""
        speech, left_out = self._part(content)
        unrolled, _ = _unroll(_join(speech))
        return RawSource(unrolled.cues, left_out + unrolled.left_out)

    def _part(self, content: str) -> tuple[list[CaptionBlock], tuple[LeftOut, ...]]:
        pieces = list(self.split(content))
        speech = [piece for piece in pieces if isinstance(piece, CaptionBlock)]
        return speech, tuple(piece for piece in pieces if isinstance(piece, LeftOut))


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
        if times and not (behind and lines and lines[-1][1]):
            start, end = parse_clock(times["start"]), parse_clock(times["end"])
            captions.append(CaptionBlock(number, start, end, behind, []))
        else:
            lines.append((number, text))
    return captions


# Rolling captions show each line as it is spoken, and again above the next line. The upper rows of
# a caption must be the lowest rows of the one before it, and begin when that ends.


def _join(pieces: Iterable[CaptionBlock]) -> list[CaptionBlock]:
    captions: list[CaptionBlock] = []
    for number, (first, *rest) in groupby(pieces, key=lambda piece: piece.number):
        above = [(number, "")] if rest and not first.lines else []
        lines = [*first.lines, *above, *(line for piece in rest for line in piece.lines)]
        while lines and not lines[-1][1]:
            lines.pop()
        captions.append(first._replace(lines=lines))
    return captions


def _unroll(captions: Sequence[CaptionBlock]) -> tuple[RawSource, int]:
    """Each line once, as a cue, the carried lines as left out, and how many captions carry some."""
    cues: list[Cue] = []
    left_out: list[LeftOut] = []
    carrying = 0
    shown: list[str] = []
    ended: int | None = None
    for caption in captions:
        rows = [(n, " ".join(plain_cue_text(text).split())) for n, text in caption.lines]
        touches = _is_within(ended, caption.start, -_LONGEST_GAP, _LONGEST_GAP)
        texts = [text for _, text in rows]
        # The lowest row is new, unless an empty row below it shows that the text has moved up.
        moved = _is_pause(caption) or texts[-1:] == [""]
        most = min(len(rows) if moved else len(rows) - 1, len(shown), _MOST_ROWS) * touches
        carried = next((n for n in range(most, 0, -1) if texts[:n] == shown[-n:]), 0)
        left_out += (LeftOut(*row, ROLLED) for row in rows[:carried])
        if new := [row for row in rows[carried:] if row[1]]:
            text = "\n".join(text for _, text in new)
            cues.append(Cue(new[0][0], caption.start, text, caption.end))
        carrying += bool(carried)
        shown, ended = list(filter(None, texts)), caption.end
    return RawSource(tuple(cues), tuple(left_out)), carrying


def _is_pause(caption: CaptionBlock) -> bool:
    return _is_within(caption.start, caption.end, 0, _LONGEST_PAUSE)


def _is_within(start: int | None, end: int | None, least: int, most: int) -> bool:
    return start is not None and end is not None and least <= end - start <= most


# What stands beside the speech.


def _recognise_vtt(file: UnknownFile) -> bool:
    named = file.name.endswith(".vtt") and len(_parse_captions(file.content)) > 1
    return named or _SIGNATURE.match(file.content) is not None


def _split_vtt(content: str) -> Iterator[Piece]:
    captions = _parse_captions(content)
    for count, caption in enumerate(captions, 1):
        below = caption.lines
        end = next((number for number, (_, text) in enumerate(below) if not text), len(below))
        above = below[:end]
        if count > 1:
            yield from _leave_behind(caption)
            yield caption._replace(lines=above)
            below = below[end:]
        elif above and _SIGNATURE.match(above[0][1]):
            yield from _leave_out(above, _SIGNATURE, "the file's header")
            below = below[end:]
        # Below an empty line: comments, style sheets, the next cue's id, or more speech. A line
        # with a blank is not empty.
        runs = [
            list(run) for filled, run in groupby(below, key=lambda line: line[1] != "") if filled
        ]
        has_id = runs and count < len(captions) and len(runs[-1]) == 1 and below[-1][1]
        ids = runs.pop() if has_id else []
        for run in runs:
            yield from _read_run(caption, run)
        yield from (LeftOut(*line, "the id of a cue") for line in ids if not _is_number(line))


def _read_run(caption: CaptionBlock, run: Lines) -> Iterator[Piece]:
    if comment := _COMMENT.match(run[0][1]):
        yield from _leave_out(run, _COMMENT, _KINDS[comment[0].strip()])
    elif BROKEN_TIMES.match(run[0][1]):
        yield LeftOut(*run[0], _BROKEN)
        yield caption._replace(lines=run[1:])
    elif len(run) == 1 and _is_number(run[0]):
        yield LeftOut(*run[0], "a cue's number without a cue")
    else:
        yield caption._replace(lines=run)


def _is_number(line: Line) -> bool:
    return line[1].strip().isdecimal()


def _leave_behind(caption: CaptionBlock) -> Iterator[LeftOut]:
    if caption.behind:
        yield LeftOut(caption.number, caption.behind, "stands behind the times of a cue")


def _leave_out(lines: Lines, sign: re.Pattern[str], why: str) -> Iterator[LeftOut]:
    """The lines with a text, without the sign at the beginning of the first."""
    (number, text), *rest = lines
    shown = [(number, sign.sub("", text, count=1)), *rest]
    return (LeftOut(*line, why) for line in shown if line[1].strip())


def _recognise_srt(file: UnknownFile) -> bool:
    times = len(_parse_captions(file.content)) - 1
    return times > 0 and 8 * times >= len(file.lines) and not file.content.startswith("WEBVTT")


def _split_srt(content: str) -> Iterator[Piece]:
    before: int | None = None
    captions = _parse_captions(content)
    for count, caption in enumerate(captions, 1):
        yield from _leave_behind(caption)
        broken = [line for line in caption.lines if BROKEN_TIMES.match(line[1])]
        yield from (LeftOut(*line, _BROKEN) for line in broken)
        # A file that was cut off ends with the number and half the times of a cue.
        filled = [line for line in caption.lines if line[1].strip()]
        if filled[-1:] == broken[-1:] and len(filled) > 1 and _is_number(filled[-2]):
            broken.append(filled[-2])
        lines = [line for line in caption.lines if line not in broken]
        if count < len(captions) and lines and _is_number(lines[-1]):
            number = int(lines[-1][1].strip()[:10])
            follows = before is not None and number == before + 1
            touches = lines[-2][1].strip() != "" if len(lines) > 1 else before is not None
            if follows or not touches:
                if before is not None and not follows:
                    yield LeftOut(*lines[-1], "the number of a cue, out of order")
                lines.pop()
                before = number
        if lines:
            yield caption._replace(lines=lines)


VTT = Notation(_recognise_vtt, _split_vtt)
SRT = Notation(_recognise_srt, _split_srt)
