"""Lines of text: with a time glued to the text, with the name of a speaker, or with neither."""

import re

from build_tools.model.source import Cue
from build_tools.sources.labels import find_labels, split_label
from build_tools.sources.pasted.surroundings import find_surroundings
from build_tools.sources.raw import RawSource, UnknownFile
from build_tools.text.timecode import parse_clock

# Seconds have two digits: the text may begin with a third (`00:053 million`).
_CLOCK = re.compile(r"(?P<clock>(?:\d{1,3}:)?\d{1,2}:\d{2})(?P<text>.*)")
_GLUED = re.compile(r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?=[^\s:.,)–—-])(?!(?i:[ap]m|h|uhr)\b)")


def recognise_clock(file: UnknownFile) -> bool:
    """Whether a file has a time glued to the text of most lines."""
    return file.count_lines(_GLUED, one_in=2) > 0


def read_clock(content: str) -> RawSource:
    """One cue a line; a line without a time has the time of the line before it."""
    cues = []
    start: int | None = None
    for number, text in enumerate(content.split("\n"), 1):
        match = _CLOCK.match(text)
        start, rest = (parse_clock(match["clock"]), match["text"]) if match else (start, text)
        cues.append(Cue(number, start, rest))
    return RawSource(tuple(cues))


def recognise_named(file: UnknownFile) -> bool:
    """Whether a file is text with names."""
    around = find_surroundings(file.content)
    numbered = enumerate(around.lines, 1)
    lines = [line for number, line in numbered if line.strip() and number not in around.pieces]
    labels = find_labels(lines)
    turns = [line.lstrip() for line in lines if split_label(line, labels)[0]]
    # Few lines beside many without a label need another sign that they have one.
    sure = all(line[:2] in (">>", "**") or split_label(line, labels)[0].isupper() for line in turns)
    return len(turns) > 0 and (sure or (len(turns) > 1 and 10 * len(turns) >= len(lines)))


def read_named(content: str) -> RawSource:
    """One cue a line, without a time and with its label; lines around the speech have none."""
    return read_plain(content)._replace(apart=frozenset(find_surroundings(content).pieces))


def recognise_plain(file: UnknownFile) -> bool:
    """Whether a file is lines of text, and not JSON, HTML or XML."""
    marked = file.content.lstrip().lower().startswith(("<!doctype", "<html", "<?xml"))
    return file.document is None and not marked and bool(file.lines)


def read_plain(content: str) -> RawSource:
    """One cue a line, without a time."""
    around = find_surroundings(content)
    cues = (Cue(number, None, line) for number, line in enumerate(around.lines, 1))
    return RawSource(tuple(cues), around.numbers)
