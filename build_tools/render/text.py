"""A transcript's plain text: the corrected reading, by speaker and chapter, without any mark."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.model import Masthead, Stretch, Transcript
from build_tools.render.markdown import one_line, page_address, render_date


def render_text(transcript: Transcript, masthead: Masthead) -> str:
    """`transcripts/<slug>/transcript.txt`.

    A paragraph is a line, however long: whoever searches a text with a tool for lines finds words
    with what stands round them, and no word is broken.
    """
    return "\n\n".join((*_opening(transcript, masthead), *_speech(transcript))) + "\n"


def _opening(transcript: Transcript, masthead: Masthead) -> Iterator[str]:
    edition = transcript.edition
    yield one_line(edition.title)
    facts = (one_line(edition.event), render_date(edition.date))
    speakers = (f"{one_line(name)}: {one_line(full)}" for name, full in edition.speakers)
    yield "\n".join((", ".join(filter(None, facts)), *speakers))
    marked = "the page beside this file"
    if masthead.url:
        marked = masthead.url + page_address(edition.path)
    yield (
        "This is the corrected reading. What the recogniser wrote in place of each corrected word, "
        f"and why it was changed, is marked in the edition: {marked}"
    )


def _speech(transcript: Transcript) -> Iterator[str]:
    chapters = transcript.edition.chapters
    chapter = -1
    for stretch in transcript.stretches:
        opens = stretch.chapter != chapter
        for number in range(chapter + 1, stretch.chapter + 1):
            yield from _heading(chapters[number].title)
        chapter = stretch.chapter
        yield _name(stretch, opens=opens) + one_line(
            transcript.said[stretch.said_start : stretch.said_end]
        )
    for number in range(chapter + 1, len(chapters)):
        yield from _heading(chapters[number].title)


def _heading(title: str) -> Iterator[str]:
    if title:
        shown = one_line(title)
        yield f"{shown}\n{'=' * len(shown)}"


def _name(stretch: Stretch, *, opens: bool) -> str:
    """The speaker where a turn or a chapter begins; nobody else goes without saying."""
    return (
        f"{stretch.speaker}: " if stretch.speaker and (stretch.paragraph.speaker or opens) else ""
    )
