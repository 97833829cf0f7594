"""Lines of text without times."""

from __future__ import annotations

from build_tools.sources.raw import Given, RawCue, RawSource


def recognise_plain(given: Given) -> str:
    """Why a file is taken for lines of text, or "": a document in another language is none."""
    start = given.content.lstrip()
    if given.document is not None or start.lower().startswith(("<!doctype", "<html", "<?xml")):
        return ""
    return "it is text" if given.lines else ""


def read_plain(content: str) -> RawSource:
    """One cue a line, none with a time."""
    lines = enumerate(content.split("\n"), 1)
    return RawSource(tuple(RawCue(number, None, line) for number, line in lines))
