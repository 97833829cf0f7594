"""Lines of text without times, some of which begin with the name of a speaker: `Ann Lee: …`."""

from __future__ import annotations

from build_tools.sources.labels import find_labels, name_cues, split_label
from build_tools.sources.raw import Given, RawCue, RawSource


def recognise_names(given: Given) -> str:
    """Why a file is taken for text with names, or ""."""
    labels = find_labels(given.lines)
    if not labels:
        return ""
    turns = sum(bool(split_label(line, labels)[0]) for line in given.lines)
    if turns < 2 or 10 * turns < len(given.lines):
        return ""
    return f"{turns} of its lines begin with a name and a colon, such as {min(labels)}"


def read_names(content: str) -> RawSource:
    """One cue a line, none with a time; a line without a name goes on with the same speaker."""
    lines = enumerate(content.split("\n"), 1)
    return RawSource(name_cues(RawCue(number, None, line) for number, line in lines))
