"""What stands above the speech of a transcript, and the section behind it about the text."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from build_tools.model.edition import VERSION_DIGITS, Change, Recording
from build_tools.model.glossary import Glossary
from build_tools.model.site import SITE_LANGUAGE
from build_tools.model.transcript import Transcript
from build_tools.pages import markdown as md
from build_tools.pages.map import list_chapters, render_apparatus, render_map, render_shares
from build_tools.pages.player import describe, find_player
from build_tools.text.catalogue import site_language, tr
from build_tools.text.timecode import render_clock
from build_tools.text.urls import escape_target, resolve_identifier
from build_tools.text.wording import render_count, render_date, render_minutes
from build_tools.transcript import statements
from build_tools.transcript.fillers import list_fillers
from build_tools.transcript.layout import Layout

# Stands behind the version; no text of an edition has its braces.
_VERSION = "{ .sic-version }"
# Formats that the checker compares exactly, and whose names may stand before the words.
_LABELLED = ("names", "srt", "vtt")
# An address in escaped text, without the signs that end a sentence.
_ADDRESS = re.compile(r"https://(?:(?!&(?:lt|gt|quot|\#))[^\s()])+(?<![.,;:!?])")
_LINKED = r'<a href="\g<0>">\g<0></a>'
_MINUTE = 60_000


def render_opening(layout: Layout, glossary: Glossary) -> str:
    """What stands above the speech: short, so that it begins on the first screen."""
    transcript = layout.transcript
    edition = transcript.edition
    language = md.language_attributes(edition.lang)
    lead = md.as_line(md.escape(edition.description))
    lines = (
        f"# {md.escape(edition.title)}{f' {{{language} }}' if language else ''}\n",
        f"{_render_facts(layout, glossary)}\n",
        *[f"{lead}\n{{ .sic-lead{language} }}\n"] * bool(lead),
        _render_actions(transcript),
        f"{render_parts(statements.count_marks(layout))}\n{{ .sic-tally }}\n",
        render_map(transcript),
    )
    return "\n".join(lines)


def _render_actions(transcript: Transcript) -> str:
    edition, source = transcript.edition, transcript.source
    items = []
    for number, first, end in list_chapters(transcript):
        if title := md.escape_label(edition.chapters[number].title):
            minutes, start = render_minutes(end - first), source.cue_at(first).start
            shown = minutes if start is None else render_clock(start)
            address = transcript.chapter_ids[number]
            items.append(f'<li><a href="#{address}" title="{minutes}">{title}</a> {shown}')
    listen = ""
    for one in edition.recording[:1]:
        anchors = " ".join(f"{line}={second}" for line, second in edition.anchors.items())
        timed = {"anchors": anchors, "timed-by": edition.timed_by}
        listen = _link_recording(one, tr("▶ Listen"), timed) + "\n"
    chapters = (
        f'<details><summary>{tr("☰ Chapters")}</summary><ol class="sic-chapters"'
        f"{md.language_attributes(edition.lang)}>{''.join(items)}</ol></details>\n"
    )
    return (
        f'<div class="sic-actions">\n{listen}{chapters * bool(items)}'
        f'<a href="#{statements.ABOUT_ID}">{tr(statements.ABOUT_TITLE)}</a>\n</div>\n'
    )


def _link_recording(recording: Recording, words: str, facts: Mapping[str, str] = {}) -> str:
    """A link to a recording, with the attributes from which the dock knows how to play it."""
    href, player = escape_target(recording.address), escape_target(find_player(recording))
    if recording.is_own:
        data = _render_data({"own": recording.kind, **facts}, md.escape_html)
        return md.link_from_top(words, md.escape_html(href), "sic-recording", data)
    kind = "video" * (recording.kind == "video" and player == href)
    data = _render_data({"player": player, "kind": kind, **facts}, md.escape_html)
    return f'<a class="sic-recording" href="{md.escape_html(href)}"{data}>{words}</a>'


def _render_data(facts: Mapping[str, str], escaping: Callable[[str], str]) -> str:
    return "".join(f' data-{key}="{escaping(value)}"' for key, value in facts.items() if value)


def render_about(layout: Layout, control: str) -> str:
    """The section behind the speech: how the text was made, and what can be done with it."""
    transcript = layout.transcript
    edition, source = transcript.edition, transcript.source
    recordings, year = edition.recording, edition.date[:4]
    pieces = [
        f"## {tr(statements.ABOUT_TITLE)} {{ #{statements.ABOUT_ID} }}\n\n",
        f"{render_parts(statements.state_making(layout))}\n",
        f"{{ .sic-proof{_render_source_facts(layout)} }}\n\n",
        f"{md.escape(statements.state_checking(layout))}\n\n",
    ]
    # Every recording with its size or host, unless one address is all.
    if len(recordings) > 1 or any(one.is_own for one in recordings):
        links = (_link_recording(one, md.escape_html(describe(one))) for one in recordings)
        pieces.append(f"{tr('Recording')}: {' · '.join(links)}\n{{ .sic-recordings }}\n\n")
    verify = tr(
        "Check it yourself: {program} compares a downloaded site with its sources, without the "
        "program that made it: python3 verify.py FOLDER. The SHA-256 of the source is {digest}.",
        program=md.link("verify.py", "../verify.py"),
        digest=source.sha256,
    )
    pieces += [
        _render_editors(layout),
        f"{verify}\n{{ .sic-verify }}\n\n",
        f"{md.as_line(md.escape(statements.state_version(edition)))}\n{_VERSION}\n\n",
        render_shares(transcript),
        render_apparatus(transcript),
        _render_furniture(transcript),
        control,
        f"\n[{tr('Transcripts')}](index.md) › [{year}](index.md#{year})\n{{ .sic-crumbs }}\n",
    ]
    if layout.notes:
        told = tr(
            "They stand in the margin, beside the words; {list} has the corrections of all "
            "transcripts.",
            list=md.link(tr("one list"), "../corrections.md"),
        )
        heading = f"## {tr(statements.NOTES_TITLE)} {{ #{statements.NOTES_ID} }}"
        pieces.append(f"\n{heading}\n\n{told}\n{{ .sic-beside }}\n")
    return "".join(pieces)


def put_history_in(fetch: Callable[[], bytes], changes: Sequence[Change]) -> bytes:
    """The fetched page of a transcript, with what changed in it, closed, behind its version.

    It is put in afterwards, so that no transcript is compiled again for it.
    """
    lines = "".join(
        f"<li>{render_date(one.day)} · <code>{one.digest[:VERSION_DIGITS]}</code> · "
        f"{md.escape_label(one.subject)}</li>"
        for one in changes
    )
    versions = render_count(len(changes), "version")
    listed = f"<summary>{tr('What changed: {versions}', versions=versions)}</summary>"
    history = f'<details class="sic-history">{listed}<ul>{lines}</ul></details>\n\n'
    marker = f"{_VERSION}\n\n".encode()
    return fetch().replace(marker, marker + history.encode(), 1)


def _render_editors(layout: Layout) -> str:
    """What the editors say and no check proves: labelled, and unlike speech."""
    edition = layout.transcript.edition
    coverage, words = layout.findings.coverage, len(layout.transcript.source.words)
    claims = md.as_line(md.escape(statements.state_claims(layout.transcript, coverage)))
    if coverage.words < words:
        claims += f" {md.link(md.escape(tr('Can you help?')), '../doubts.md')}"
    pieces = [f"{claims}\n{{: .sic-editors }}\n\n"]
    attributes = ".sic-editors" + ' dir="auto"' * (edition.lang != site_language())
    facts = []
    for label, text in statements.list_facts(edition).items():
        shown, resolved = md.escape(text), resolve_identifier(edition.identifier)
        if resolved and text == edition.identifier:
            shown = md.link(shown, resolved)
        facts.append(f"{label}: {shown}")
    if facts:
        pieces.append(f"{md.as_line(' · '.join(facts))}\n{{: {attributes} }}\n\n")
    if edition.show_notes:
        lines = filter(None, map(md.escape_html, edition.show_notes.splitlines()))
        notes = "".join(f"<p>{_ADDRESS.sub(_LINKED, one)}</p>" for one in lines)
        pieces.append(_render_closed(tr("Show notes"), notes, md.language_attributes(edition.lang)))
    return "".join((*pieces, md.render_paragraphs(edition.introduction, attributes)))


def _render_closed(summary: str, inside: str, language: str = "") -> str:
    return (
        f'<details class="sic-furniture"{language}><summary>{summary}</summary>{inside}'
        "</details>\n\n"
    )


def _render_furniture(transcript: Transcript) -> str:
    source = transcript.source
    if not source.furniture:
        return ""
    words = render_count(statements.count_furniture(source), "word")
    lines = "".join(
        f'<li value="{cue.line}">{md.escape_html(cue.text)}' for cue in source.furniture
    )
    language = md.language_attributes(transcript.edition.lang)
    told = tr("Left out as the page’s own words: {words}", words=words)
    return _render_closed(told, f"<ol{language}>{lines}</ol>")


def _render_source_facts(layout: Layout) -> str:
    """The attributes from which `docs/verify.py` knows the source; `docs/data.md` lists them."""
    source, edition = layout.transcript.source, layout.transcript.edition
    names = list(dict.fromkeys(cue.speaker for cue in source.cues if cue.speaker))
    facts = {
        "source": edition.source.file,
        "format": edition.source.format,
        "sha256": source.sha256,
        "furniture": ",".join(edition.source.furniture),
        "names": json.dumps(names) if names and edition.source.format in _LABELLED else "",
        "encoding": edition.source.encoding,
        "lang": edition.lang if edition.lang != SITE_LANGUAGE else "",
    }
    return _render_data(facts, md.escape_value)


def _render_facts(layout: Layout, glossary: Glossary) -> str:
    transcript = layout.transcript
    edition, source = transcript.edition, transcript.source
    names = []
    for name in edition.speakers.values():
        shown, entry = md.in_language(md.escape(name), edition.lang), glossary.by_term.get(name)
        names.append(md.link(shown, f"../{entry.path}", entry=entry.slug) if entry else shown)
    facts = [
        ", ".join(names),
        md.in_language(md.escape(edition.event), edition.lang),
        render_date(edition.date),
        tr("{time} to read", time=render_minutes(len(source.words))),
    ]
    last = source.cues[-1].start if source.cues else None
    if last is not None and last >= _MINUTE:
        facts.append(tr("{minutes} min to listen", minutes=round(last / _MINUTE)))
    line = md.as_line(" · ".join(filter(None, facts)))
    fillers = list_fillers(transcript.said, layout.findings.fillers)
    listed = f' data-fillers="{fillers}"' if fillers else ""
    return f'{line}\n{{ .sic-facts data-date="{edition.date}"{listed} }}'


def render_parts(parts: Iterable[statements.Part], lang: str = "") -> str:
    """A sentence as Markdown; struck words are in the language `lang`."""
    pieces = []
    for text, target, struck in parts:
        words = md.escape(text)
        if struck:
            words = f"<del>{md.in_language(words, lang)}</del>"
        elif target:
            words = md.link(words, target if target.startswith("#") else f"../{target}")
        pieces.append(words)
    return "".join(pieces)
