"""Markdown as podcasts publish it: `**Name:** …`, `**Name (00:05):** …`, and `##` for chapters."""

from __future__ import annotations

import re

from build_tools.sources.raw import LeftOut, RawChapter, RawCue, RawSource, UnknownFile
from build_tools.text.timecode import CLOCK, parse_clock


def _bracketed(group: str) -> str:
    return rf"(?: [ ]* \\?[(\[] (?P<{group}> {CLOCK} ) \\?[)\]] )?"


_TURN = re.compile(
    rf"""
    \*\* (?P<name> [^*\n:(\[]{{1,100}} ) {_bracketed("inside")}
    (?: :[ ]*\*\* | \*\* {_bracketed("behind")} : ) {_bracketed("after")} [ \t]*
    """,
    re.VERBOSE,
)
_HEADING = re.compile(r"(?P<signs>#{1,6})[ \t]+(?P<title>\S[^\n]*)")
_TIME = re.compile(rf"\s*\\?[\[(](?P<clock>{CLOCK})\\?[\])]\s*\Z")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def recognise_markdown(file: UnknownFile) -> str:
    """Why a file is Markdown with names in bold, or ""."""
    turns = file.count_lines(_TURN, one_in=20)
    return f"{turns} of its lines begin with a name in bold and a colon" if turns else ""


def read_markdown(content: str) -> RawSource:
    """A cue for each line without its backslash escapes; headings are chapters."""
    cues: list[RawCue] = []
    left_out: list[LeftOut] = []
    chapters: list[RawChapter] = []
    speaker, start = "", None
    lines = content.split("\n")
    front_matter = _count_front_matter(lines)
    for number, line in enumerate(lines, 1):
        heading, turn, time = _HEADING.match(line), _TURN.match(line), _TIME.match(line)
        if number <= front_matter:
            left_out.append(LeftOut(number, line, "the file's front matter"))
        elif heading:
            title = _ESCAPE.sub(r"\1", heading["title"]).strip()
            why = "the title of a chapter" if len(heading["signs"]) > 1 else "the file's title"
            left_out.append(LeftOut(number, title, why))
            if len(heading["signs"]) > 1:
                chapters.append(RawChapter(number, title))
        elif time:
            start = parse_clock(time["clock"])
        else:
            if turn:
                speaker = " ".join(turn["name"].split())
                clock = turn["inside"] or turn["behind"] or turn["after"]
                start = parse_clock(clock) if clock else start
            text = _ESCAPE.sub(r"\1", line[turn.end() if turn else 0 :])
            cues.append(RawCue(number, start, text, None, speaker))
    return RawSource(
        tuple(cues), tuple(piece for piece in left_out if piece.text.strip()), tuple(chapters)
    )


def _count_front_matter(lines: list[str]) -> int:
    """The number of lines of the front matter."""
    if lines[0].strip() != "---":
        return 0
    return next((number for number, line in enumerate(lines[1:], 2) if line.strip() == "---"), 0)
