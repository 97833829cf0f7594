"""Tables of cues: Whisper's `start`, `end`, `text`, or `speaker,words,tags,timestamp`."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from build_tools.sources.captions.cue_text import decode_references
from build_tools.sources.raw import LeftOut, RawCue, RawSource, UnknownFile, UnreadableSourceError
from build_tools.text.timecode import CLOCK, parse_clock

# The names of columns, without what stands between their words.
_TEXT = ("text", "words", "transcript", "content", "utterance", "sentence", "subtitle", "dialogue")
_START = ("start", "timestamp", "timecode", "time", "starttime", "begin", "timein", "in")
_END = ("end", "endtime", "timeout", "out")
_SPEAKER = ("speaker", "name", "speakername", "speakerlabel", "who")
_TIME = re.compile(rf"\s*[\[(]?(?P<clock>{CLOCK})[\])]?")
_MILLISECONDS = re.compile(r"[0-9]{1,12}")
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")


class _Columns(NamedTuple):
    """The number of each column, or -1 if the table lacks it."""

    text: int
    start: int
    end: int
    speaker: int


def recognise_table(file: UnknownFile) -> str:
    """Why a file is a table of cues, or ""."""
    first = file.lines[0] if file.lines else ""
    columns = _find_columns(_split_header(first)) if len(first) < 1000 else None
    if not columns or max(columns.start, columns.speaker) < 0 or len(file.lines) < 2:
        return ""
    return f"its first line names columns: {', '.join(_split_header(first))}"


def read_table(content: str) -> RawSource:
    """A cue for each row; other columns are left out."""
    cues: list[RawCue] = []
    left_out: list[LeftOut] = []
    columns: _Columns | None = None
    names: Sequence[str] = ()
    rows = list(_parse_rows(content))
    whole = True
    for line, row in rows:
        if columns is None:
            columns, names = _find_columns(row), row
            left_out.append(LeftOut(line, " ".join(row), "the names of the columns"))
            if not columns:
                remedy = "give one column the name text or words"
                raise UnreadableSourceError(line, "the first row names no column of text", remedy)
            starts = [one[columns.start].strip() for _, one in rows if len(one) > columns.start]
            whole = not any("." in cell and _SECONDS.fullmatch(cell) for cell in starts)
            continue
        cell = dict(enumerate(row))
        text, begin, ends, speaker = (cell.get(number, "") for number in columns)
        (start, rest), (end, _) = _parse_cell(begin, whole=whole), _parse_cell(ends, whole=whole)
        name = " ".join(speaker.split()).removesuffix(":")
        cues.append(RawCue(line, start, decode_references(text), end, name))
        if rest:
            left_out.append(LeftOut(line, rest, "stands behind a time"))
        for number, value in cell.items():
            if number not in columns and value.strip():
                name = names[number] if number < len(names) else "without a name"
                left_out.append(LeftOut(line, value.strip(), f"the column {name}"))
    return RawSource(tuple(cues), tuple(left_out))


def _parse_rows(content: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with a text, each with the number of its first line."""
    first = content.lstrip("\n").partition("\n")[0]
    delimiter = _find_delimiter(first)
    reader = csv.reader(io.StringIO(content), delimiter=delimiter)
    if delimiter == "\t":
        reader = csv.reader(io.StringIO(content), delimiter=delimiter, quoting=csv.QUOTE_NONE)
    line = 1
    try:
        for row in reader:
            if any(value.strip() for value in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        remedy = "see whether a quotation mark is missing"
        raise UnreadableSourceError(line, f"the table cannot be read: {error}", remedy) from error


def _find_delimiter(first: str) -> str:
    return max("\t;,", key=lambda sign: first.count(sign) if sign != "," else 0.5)


def _split_header(first: str) -> list[str]:
    return [name.strip().strip('"') for name in first.split(_find_delimiter(first))]


def _find_columns(names: Sequence[str]) -> _Columns | None:
    lower = [re.sub(r"[\W_]+", "", name.casefold()) for name in names]

    def find(known: Sequence[str]) -> int:
        return next((lower.index(name) for name in known if name in lower), -1)

    columns = _Columns(find(_TEXT), find(_START), find(_END), find(_SPEAKER))
    return columns if columns.text >= 0 else None


def _parse_cell(cell: str, *, whole: bool) -> tuple[int | None, str]:
    """The milliseconds of a cell, and the rest of its text.

    Whole numbers are milliseconds in a column of `whole` numbers, and seconds elsewhere.
    """
    cell = cell.strip()
    if whole and _MILLISECONDS.fullmatch(cell):
        return int(cell), ""
    if _SECONDS.fullmatch(cell):
        return parse_clock(cell), ""
    time = _TIME.match(cell)
    return (parse_clock(time["clock"]), cell[time.end() :].strip()) if time else (None, cell)
