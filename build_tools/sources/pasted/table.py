"""Tables of cues: Whisper's `start`, `end`, `text`, or `speaker,words,tags,timestamp`."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import islice

from build_tools.model.source import Cue
from build_tools.sources.captions.cue_text import decode_references
from build_tools.sources.labels import looks_like_name
from build_tools.sources.raw import LeftOut, RawSource, UnknownFile, UnreadableSourceError
from build_tools.text.timecode import ARROW, CLOCK, parse_clock

# The names of columns, without what stands between their words.
_TEXT = """
    text words transcript content utterance sentence subtitle dialogue said what speech message
    caption utterancetext wortlaut transcription texte texto testo transkript
"""
_START = "start timestamp timecode time starttime begin timein in when von beginn zeit début inicio"
_END = "end endtime timeout out ende bis fin"
_SPEAKER = """
    speaker name speakername speakerlabel who participant person sprecher sprecherin hablante
    locuteur orateur
"""
_NAMES = (_TEXT, _START, _END, _SPEAKER)
_TIME = re.compile(rf"\s*[\[(]?(?P<clock>{CLOCK})[\])]?")
_UNTIL = re.compile(rf"(?:{ARROW}|\s*[-–—]\s*)(?=\d)")
_MILLISECONDS = re.compile(r"[0-9]{1,12}")
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
_MOST_ABOVE = 10
_SHORTEST = 60
Rows = list[tuple[int, list[str]]]
# The numbers of the columns of text, start, end and speaker; -1 for one that is missing.
Columns = tuple[int, ...]
# The rows above a table, the names of its columns, their numbers, and its rows.
Table = tuple[Rows, Sequence[str], Columns, Rows]


def recognise_table(file: UnknownFile) -> bool:
    """Whether a file is a table of cues."""
    with suppress(UnreadableSourceError):
        table = _find_table(file.content)
        return table is not None and table[-1] != []
    return False


def read_table(content: str) -> RawSource:
    """A cue for each row; other columns are left out."""
    table = _find_table(content)
    if not table:
        remedy = "give one column the name text or words"
        raise UnreadableSourceError(1, "the first row names no column of text", remedy)
    above, names, columns, rows = table
    left_out = [LeftOut(line, " ".join(row), "it stands above the table") for line, row in above]
    if names:
        line = rows[0][0] - 1 if rows else 1
        left_out.append(LeftOut(line, " ".join(names), "the names of the columns"))
    cues: list[Cue] = []
    times = [row[n].strip() for _, row in rows for n in columns[1:3] if len(row) > n > -1]
    # Seconds have a fraction, or are few for many rows.
    most = max((int(time) for time in times if _MILLISECONDS.fullmatch(time)), default=0)
    fraction = any("." in time and _SECONDS.fullmatch(time) for time in times)
    whole = not fraction and most >= _SHORTEST * len(rows)
    for line, row in rows:
        if len(row) == 1 < len(rows[0][1]):
            cues.append(Cue(line, None, row[0]))
            continue
        cell = dict(enumerate(row))
        text, begin, ends, speaker = (cell.pop(number, "") for number in columns)
        begin, *until = _UNTIL.split(begin, maxsplit=1)
        start, rest = _parse_cell(begin, whole=whole)
        end, _ = _parse_cell(ends or "".join(until), whole=whole)
        name = " ".join(speaker.split()).removesuffix(":")
        cues.append(Cue(line, start, decode_references(text), end, name))
        others = {n: f"the column {names[n] if n < len(names) else 'without a name'}" for n in cell}
        told = [(rest, "stands behind a time"), *((cell[n].strip(), others[n]) for n in cell)]
        left_out += (LeftOut(line, value, why) for value, why in told if value)
    return RawSource(tuple(cues), tuple(left_out))


@lru_cache(maxsize=4)
def _find_table(content: str) -> Table | None:
    """The table of a text; None if nothing tells its columns. Raises UnreadableSourceError."""
    lines = (line for line in content.split("\n") if line.strip() and len(line) < 1000)
    first = list(islice(lines, _MOST_ABOVE))
    heads = [line for line in first if max((_find_columns(_split(line)) or (-1, -1))[1:]) >= 0]
    head = next(iter([*heads, *(line for line in first if "\t" in line), *first[:1]]), "")
    rows = list(_parse_rows(content, _find_delimiter(head)))
    names = _split(head) if heads else []
    number = next((n for n, (_, row) in enumerate(rows) if [*map(str.strip, row)] == names), 0)
    if columns := _find_columns(names):
        return rows[:number], names, columns, rows[number + 1 :]
    wide = next((n for n, (_, row) in enumerate(rows) if len(row) > 1), 0)
    guess = _guess_columns([row for _, row in rows[wide:]], tabular=_find_delimiter(head) != ",")
    return (rows[:wide], (), guess, rows[wide:]) if guess and wide < _MOST_ABOVE else None


def _guess_columns(rows: Sequence[Sequence[str]], *, tabular: bool) -> Columns | None:
    """The columns of rows without a header: of clocks that run, of names that recur, of a text."""
    size = len(rows[0]) if rows else 0
    same = [row for row in rows if len(row) == size]
    # Prose has a blank behind a comma.
    prose = not tabular and any(cell[:1] == " " for row in same for cell in row)
    if prose or size < 2 or len(same) < 3 or 5 * len(same) < 4 * len(rows):
        return None
    cells = [[row[number].strip() for row in same] for number in range(size)]
    times = [number for number in range(size) if all(map(_is_time, cells[number]))]
    counted = [str(number) for number in range(1, len(same) + 1)]
    rest = [n for n in range(size) if n not in times and not (times and cells[n] == counted)]
    sizes = {n: (sum(len(cell.split()) for cell in cells[n]), len(set(cells[n]))) for n in rest}
    text = max(rest, key=lambda number: sizes[number], default=-1)
    names = [n for n in rest if n != text and len({*cells[n]}) < len(cells[n])]
    names = [n for n in names if all(not c or looks_like_name(c.rstrip(":")) for c in cells[n])]
    starts = [_parse_cell(cell, whole=False)[0] or 0 for cell in cells[times[0]]] if times else []
    known = times or (names and tabular)
    if not known or text < 0 or len(rest) > 1 + len(names[:1]) or starts != sorted(starts):
        return None
    start, end, *_ = (*times, -1, -1)
    return text, start, end, names[0] if names else -1


def _is_time(cell: str) -> bool:
    clocks = [_TIME.fullmatch(time) for time in _UNTIL.split(cell, maxsplit=1)]
    return all(clocks) or ("." in cell and _SECONDS.fullmatch(cell) is not None)


def _parse_rows(content: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with a text, each with the number of its first line."""
    reader = csv.reader(
        io.StringIO(content),
        delimiter=delimiter,
        quoting=csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL,
    )
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
    return max("\t;|,", key=lambda sign: first.count(sign) if sign != "," else 0.5)


def _split(first: str) -> list[str]:
    return [name.strip().strip('"') for name in first.split(_find_delimiter(first))]


def _find_columns(names: Sequence[str]) -> Columns | None:
    lower = [re.sub(r"[\W_]+", "", name.casefold()) for name in names]
    columns: list[int] = []
    for listed in map(str.split, _NAMES):
        named = [lower.index(name) for name in listed if name in lower]
        # `Start (s)`, `Speaker 1`.
        alike = [n for n, name in enumerate(lower) if name.startswith(listed[0])]
        columns.append([*named, *alike, -1][0])
    return tuple(columns) if columns[0] >= 0 else None


def _parse_cell(cell: str, *, whole: bool) -> tuple[int | None, str]:
    """The milliseconds of a cell, which a column of `whole` numbers counts, and its rest."""
    cell = cell.strip()
    if whole and _MILLISECONDS.fullmatch(cell):
        return int(cell), ""
    if _SECONDS.fullmatch(cell):
        return parse_clock(cell), ""
    time = _TIME.match(cell)
    return (parse_clock(time["clock"]), cell[time.end() :].strip()) if time else (None, cell)
