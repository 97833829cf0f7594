"""Lines of text without times, some of them with the name of a speaker: `Ann Lee: …`."""

from __future__ import annotations

from build_tools.sources.labels import find_labels, name_cues, split_label
from build_tools.sources.raw import RawCue, RawSource, UnknownFile


def recognise_named(file: UnknownFile) -> str:
    """Why a file is text with names, or ""."""
    labels = find_labels(file.lines)
    if not labels:
        return ""
    turns = sum(bool(split_label(line, labels)[0]) for line in file.lines)
    if turns < 2 or 10 * turns < len(file.lines):
        return ""
    return f"{turns} of its lines begin with a name and a colon, such as {min(labels)}"


def read_named(content: str) -> RawSource:
    """One cue a line, without a time; a line without a name has the speaker before it."""
    lines = enumerate(content.split("\n"), 1)
    return RawSource(name_cues(RawCue(number, None, line) for number, line in lines))
