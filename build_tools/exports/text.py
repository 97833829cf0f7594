"""A transcript's corrected reading without any mark, as plain text and as Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from build_tools.model.site import SiteIdentity
from build_tools.model.transcript import PlacedParagraph, Transcript
from build_tools.text.urls import page_address
from build_tools.text.wording import one_line, render_date


def render_text(transcript: Transcript, masthead: SiteIdentity) -> str:
    """`transcripts/<slug>/transcript.txt`.

    A paragraph is a line, however long: whoever searches a text with a tool for lines finds words
    with what stands round them, and no word is broken.
    """
    return "\n\n".join((*_opening(transcript, masthead), *_speech(transcript, _PLAIN))) + "\n"


def render_markdown(transcript: Transcript) -> str:
    """`transcripts/<slug>/transcript.md.txt`: what an edition looks like that needed no mark.

    It ends in .txt because the site generators make a page of every file that ends in .md.
    """
    edition = transcript.edition
    head = {
        "title": one_line(edition.title),
        "date": edition.date,
        "event": one_line(edition.event),
        "lang": edition.lang,
        "speakers": dict(edition.speakers),
    }
    fields = (
        f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items() if value
    )
    opening = "\n".join(("---", *fields, "---"))
    return "\n\n".join((opening, *_speech(transcript, _MARKDOWN))) + "\n"


def _opening(transcript: Transcript, masthead: SiteIdentity) -> Iterator[str]:
    edition = transcript.edition
    yield one_line(edition.title)
    facts = (one_line(edition.event), render_date(edition.date))
    speakers = (f"{one_line(name)}: {one_line(full)}" for name, full in edition.speakers.items())
    yield "\n".join((", ".join(filter(None, facts)), *speakers))
    marked = "the page beside this file"
    if masthead.url:
        marked = masthead.url + page_address(edition.path)
    yield (
        "This is the corrected reading. What the recogniser wrote in place of each corrected word, "
        f"and why it was changed, is marked in the edition: {marked}"
    )


class _Style(NamedTuple):
    """How headings, names and words are written."""

    heading: Callable[[str], str]
    name: Callable[[str], str]
    words: Callable[[str], str]


def _underline(title: str) -> str:
    return f"{title}\n{'=' * len(title)}"


# What opens anything in Markdown, and what makes a list, a heading or a rule of a line.
_OPENS = re.compile(r"[\\`*_{}\[\]<>&~^|$#@]|:(?=//)|\A[-+=:]")
_NUMBERED = re.compile(r"\A(\d{1,9})(?=[.)])")


def _literal(words: str) -> str:
    return _NUMBERED.sub(r"\1\\", _OPENS.sub(r"\\\g<0>", words))


_PLAIN = _Style(_underline, lambda name: f"{name}: ", lambda words: words)
_MARKDOWN = _Style(
    lambda title: f"## {_literal(title)}", lambda name: f"**{_literal(name)}:** ", _literal
)


def _speech(transcript: Transcript, style: _Style) -> Iterator[str]:
    chapters = transcript.edition.chapters
    chapter = -1
    for paragraph in transcript.paragraphs:
        opens = paragraph.chapter != chapter
        for number in range(chapter + 1, paragraph.chapter + 1):
            yield from _heading(chapters[number].title, style)
        chapter = paragraph.chapter
        name = _name(paragraph, opens=opens)
        said = one_line(transcript.said[paragraph.said_start : paragraph.said_end])
        yield (style.name(name) if name else "") + style.words(said)
    for number in range(chapter + 1, len(chapters)):
        yield from _heading(chapters[number].title, style)


def _heading(title: str, style: _Style) -> Iterator[str]:
    if title:
        yield style.heading(one_line(title))


def _name(paragraph: PlacedParagraph, *, opens: bool) -> str:
    """The speaker where a turn or a chapter begins; nobody else goes without saying."""
    return paragraph.speaker if paragraph.names_speaker or opens else ""
