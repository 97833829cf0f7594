"""A transcript's corrected reading without any mark, as plain text and as Markdown."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from build_tools.model.edition import UNKNOWN_LABEL, UNKNOWN_VOICE, Edition
from build_tools.model.site import SiteIdentity
from build_tools.text.urls import page_address
from build_tools.text.wording import one_line, render_date
from build_tools.transcript.layout import Layout, Run
from build_tools.transcript.statements import state_version


def render_text(layout: Layout, masthead: SiteIdentity) -> str:
    """`transcripts/<slug>/transcript.txt`.

    A paragraph is one line, however long, so that a search by lines finds words in context.
    """
    return (
        "\n\n".join((*_opening(layout.transcript.edition, masthead), *_speech(layout, _PLAIN)))
        + "\n"
    )


def render_markdown(layout: Layout) -> str:
    """`transcripts/<slug>/transcript.md.txt`: what an edition looks like that needed no mark.

    It ends in .txt because the site generators make a page of every file that ends in .md.
    """
    edition = layout.transcript.edition
    head = {
        "title": one_line(edition.title),
        "date": edition.date,
        "event": one_line(edition.event),
        "lang": edition.lang,
        "version": edition.version,
        "speakers": dict(edition.speakers),
    }
    fields = (
        f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items() if value
    )
    opening = "\n".join(("---", *fields, "---"))
    return "\n\n".join((opening, *_speech(layout, _MARKDOWN))) + "\n"


def _opening(edition: Edition, masthead: SiteIdentity) -> Iterator[str]:
    yield one_line(edition.title)
    facts = (one_line(edition.event), render_date(edition.date))
    speakers = (f"{one_line(name)}: {one_line(full)}" for name, full in edition.speakers.items())
    yield "\n".join((", ".join(filter(None, facts)), *speakers))
    marked = "the page beside this file"
    if masthead.url:
        marked = masthead.url + page_address(edition.path)
    yield (
        "This is the corrected reading. What the recogniser wrote in place of each corrected word, "
        f"and why it was changed, is marked in the edition: {marked}\n"
        f"{state_version(edition)}"
    )


class _Markup(NamedTuple):
    """How headings, names ("" for an unknown voice) and words are written."""

    heading: Callable[[str], str]
    name: Callable[[str], str]
    words: Callable[[str], str]


# Signs that open markup in Markdown, and signs that make a line a list, a heading or a rule.
_OPENS = re.compile(r"[\\`*_{}\[\]<>&~^|$#@]|:(?=//)|\A[-+=:]")
_NUMBERED = re.compile(r"\A(\d{1,9})(?=[.)])")
# Stands for what is no speech until the words are escaped; no edition may hold this character.
_NON_SPEECH = "\ue000"


def _literal(words: str) -> str:
    return _NUMBERED.sub(r"\1\\", _OPENS.sub(r"\\\g<0>", words))


_PLAIN = _Markup(
    lambda title: f"{title}\n{'=' * len(title)}",
    lambda name: f"{name or UNKNOWN_LABEL}: ",
    lambda words: words,
)
_MARKDOWN = _Markup(
    lambda title: f"## {_literal(title)}",
    lambda name: f"**{_literal(name or UNKNOWN_VOICE)}:** ",
    _literal,
)


def _speech(layout: Layout, markup: _Markup) -> Iterator[str]:
    for number, chapter in enumerate(layout.transcript.edition.chapters):
        if chapter.title:
            yield markup.heading(one_line(chapter.title))
        for paragraph in layout.chapter(number):
            name = markup.name(paragraph.place.speaker) if paragraph.shows_speaker else ""
            yield name + _words(paragraph.runs, markup)


def _words(runs: Sequence[Run], markup: _Markup) -> str:
    names = (run.shown for run in runs if run.span.non_speech)
    words = "".join(_NON_SPEECH if run.span.non_speech else run.said for run in runs)
    return re.sub(_NON_SPEECH, lambda _: next(names), markup.words(one_line(words)))
