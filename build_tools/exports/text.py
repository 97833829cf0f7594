"""A transcript's corrected reading without any mark, as plain text and as Markdown."""

import json
import re
from collections.abc import Iterator, Sequence

from build_tools.model.edition import UNKNOWN_LABEL, UNKNOWN_VOICE
from build_tools.model.site import SiteIdentity
from build_tools.text.catalogue import tr
from build_tools.text.urls import page_address
from build_tools.text.wording import one_line, render_date
from build_tools.transcript.layout import Layout, Run
from build_tools.transcript.statements import state_version

# Signs that open markup in Markdown, and signs that make a line a list, a heading or a rule.
_OPENS = re.compile(r"[\\`*_{}\[\]<>&~^|$#@]|:(?=//)|\A[-+=:]")
_NUMBERED = re.compile(r"\A(\d{1,9})(?=[.)])")
# Stands for what is no speech until the words are escaped; no edition may hold this character.
_NON_SPEECH = "\ue000"


def render_text(layout: Layout, masthead: SiteIdentity) -> str:
    """`transcripts/<slug>/transcript.txt`; a paragraph is one line, to be searched by lines."""
    edition = layout.transcript.edition
    facts = filter(None, (one_line(edition.event), render_date(edition.date)))
    speakers = (f"{one_line(name)}: {one_line(full)}" for name, full in edition.speakers.items())
    marked = tr("the page beside this file")
    if masthead.url:
        marked = masthead.url + page_address(edition.path)
    told = (
        "This is the corrected reading. What the recogniser wrote in place of each corrected word, "
        "and why it was changed, is marked in the edition: {address}"
    )
    opening = (
        one_line(edition.title),
        "\n".join((", ".join(facts), *speakers)),
        f"{tr(told, address=marked)}\n{state_version(edition)}",
    )
    return "\n\n".join((*opening, *_speech(layout, markdown=False))) + "\n"


def render_markdown(layout: Layout) -> str:
    """`transcripts/<slug>/transcript.md.txt`: what an edition looks like that needed no mark."""
    edition = layout.transcript.edition
    head = {
        "title": one_line(edition.title),
        "date": edition.date,
        "event": one_line(edition.event),
        "lang": edition.lang,
        "version": edition.version,
        "speakers": dict(edition.speakers),
    }
    told = (item for item in head.items() if item[1])
    fields = (f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in told)
    opening = "\n".join(("---", *fields, "---"))
    return "\n\n".join((opening, *_speech(layout, markdown=True))) + "\n"


def _speech(layout: Layout, *, markdown: bool) -> Iterator[str]:
    for number, chapter in enumerate(layout.transcript.edition.chapters):
        if title := one_line(chapter.title):
            yield f"## {_literal(title)}" if markdown else f"{title}\n{'=' * len(title)}"
        for paragraph in layout.chapter(number):
            name, words = "", _words(paragraph.runs, markdown=markdown)
            if paragraph.shows_speaker and markdown:
                name = f"**{_literal(paragraph.place.speaker or UNKNOWN_VOICE)}:** "
            elif paragraph.shows_speaker:
                name = f"{paragraph.place.speaker or tr(UNKNOWN_LABEL)}: "
            yield name + words


def _words(runs: Sequence[Run], *, markdown: bool) -> str:
    # Editions have what is no speech in English.
    kinds = ((run, run.span.non_speech) for run in runs)
    shown = (kind.written if markdown else run.shown for run, kind in kinds if kind)
    words = one_line("".join(_NON_SPEECH if run.span.non_speech else run.said for run in runs))
    return re.sub(_NON_SPEECH, lambda _: next(shown), _literal(words) if markdown else words)


def _literal(words: str) -> str:
    return _NUMBERED.sub(r"\1\\", _OPENS.sub(r"\\\g<0>", words))
