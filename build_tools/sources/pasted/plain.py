"""Lines of text without times."""

from __future__ import annotations

from build_tools.sources.raw import RawCue, RawSource, UnknownFile


def recognise_plain(file: UnknownFile) -> str:
    """Why a file is lines of text, or "", as for JSON, HTML and XML."""
    start = file.content.lstrip()
    if file.document is not None or start.lower().startswith(("<!doctype", "<html", "<?xml")):
        return ""
    return "it is text" if file.lines else ""


def read_plain(content: str) -> RawSource:
    """One cue a line, without a time."""
    lines = enumerate(content.split("\n"), 1)
    return RawSource(tuple(RawCue(number, None, line) for number, line in lines))
