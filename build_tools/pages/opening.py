"""What stands above the speech of a transcript, and the section behind it about the text."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from build_tools.model.edition import VERSION_DIGITS, Change, Edition, Recording
from build_tools.model.glossary import Glossary
from build_tools.model.site import SITE_LANGUAGE
from build_tools.model.transcript import Transcript
from build_tools.pages.map import list_chapters, render_map, render_tables
from build_tools.pages.markdown import (
    as_line,
    escape,
    escape_html,
    escape_label,
    escape_value,
    in_language,
    language_attributes,
    link,
    render_paragraphs,
)
from build_tools.pages.player import describe, find_player
from build_tools.text.timecode import render_clock
from build_tools.text.urls import escape_target, resolve_identifier
from build_tools.text.wording import render_count, render_date, render_minutes
from build_tools.transcript import statements
from build_tools.transcript.fillers import list_fillers
from build_tools.transcript.layout import Layout


def render_opening(layout: Layout, glossary: Glossary) -> str:
    """What stands above the speech: short, so that it begins on the first screen."""
    transcript = layout.transcript
    edition = transcript.edition
    language = language_attributes(edition.lang)
    lines = [
        f"# {escape(edition.title)}{f' {{{language} }}' if language else ''}\n",
        f"{_render_facts(layout, glossary)}\n",
    ]
    if edition.description:
        lines.append(f"{as_line(escape(edition.description))}\n{{ .sic-lead{language} }}\n")
    lines.append(_render_actions(transcript))
    lines.append(f"{render_parts(statements.count_marks(layout))}\n{{ .sic-tally }}\n")
    lines.append(render_map(transcript))
    return "\n".join(lines)


def _render_actions(transcript: Transcript) -> str:
    """Links to the recording and to what is behind the speech, and the list of chapters."""
    edition, source = transcript.edition, transcript.source
    items = []
    for number, first, end in list_chapters(transcript):
        if title := escape_label(edition.chapters[number].title):
            minutes, start = render_minutes(end - first), source.cue_at(first).start
            shown = minutes if start is None else render_clock(start)
            address = transcript.chapter_ids[number]
            items.append(f'<li><a href="#{address}" title="{minutes}">{title}</a> {shown}</li>')
    listen = markdown = ""
    for one in edition.recording[:1]:
        anchors = " ".join(f"{line}={second}" for line, second in edition.anchors.items())
        link_there = _link_recording(
            one, "▶ Listen", {"anchors": anchors, "timed-by": edition.timed_by}
        )
        listen = f"\n{link_there}\n\n" if one.is_own else f"{link_there}\n"
        markdown = ' markdown="1"' * one.is_own
    chapters = ""
    if items:
        language = language_attributes(edition.lang)
        chapters = (
            "<details><summary>☰ Chapters</summary>"
            f'<ol class="sic-chapters"{language}>{"".join(items)}</ol></details>\n'
        )
    return (
        f'<div class="sic-actions"{markdown}>\n{listen}{chapters}'
        f'<a href="#{statements.ABOUT_ID}">{statements.ABOUT_TITLE}</a>\n</div>\n'
    )


def _link_recording(recording: Recording, words: str, facts: Mapping[str, str] = {}) -> str:
    """A link to a recording, with the attributes from which the dock knows how to play it."""
    href, player = escape_target(recording.address), escape_target(find_player(recording))
    own = {"player": player, "kind": "video" * (recording.kind == "video" and player == href)}
    facts = ({"own": recording.kind} if recording.is_own else own) | dict(facts)
    escaping = escape_value if recording.is_own else escape_html
    data = "".join(f' data-{key}="{escaping(value)}"' for key, value in facts.items() if value)
    if recording.is_own:
        # Only an engine knows the way from the page to the file.
        return link(words, f"../{recording.address}", attributes=f".sic-recording{data}")
    return f'<a class="sic-recording" href="{escape_html(href)}"{data}>{words}</a>'


def _render_recordings(recordings: Sequence[Recording]) -> str:
    """Every recording with its size or host, unless one address is all."""
    if len(recordings) < 2 and not any(one.is_own for one in recordings):
        return ""
    links = (_link_recording(one, escape_html(describe(one))) for one in recordings)
    return f"Recording: {' · '.join(links)}\n{{ .sic-recordings }}\n\n"


def render_about(layout: Layout, control: str) -> str:
    """The section behind the speech: how the text was made, and what can be done with it."""
    transcript = layout.transcript
    edition, source = transcript.edition, transcript.source
    year = edition.date[:4]
    pieces = [
        f"## {statements.ABOUT_TITLE} {{ #{statements.ABOUT_ID} }}\n\n",
        f"{render_parts(statements.state_making(layout))}\n",
        f"{{ .sic-proof {_render_source_facts(layout)} }}\n\n",
        f"{render_parts(statements.state_checking(layout))}\n\n",
        _render_recordings(edition.recording),
        _render_editors(layout),
        f"{_VERIFY} {source.sha256}.\n{{ .sic-verify }}\n\n",
        f"{as_line(escape(statements.state_version(edition)))}\n{_VERSION}\n\n",
        render_tables(transcript),
        _render_furniture(transcript),
        control,
        f"\n[Transcripts](index.md) › [{year}](index.md#{year})\n{{ .sic-crumbs }}\n",
    ]
    if layout.notes:
        pieces.append(
            f"\n## {statements.NOTES_TITLE} {{ #{statements.NOTES_ID} }}\n\n"
            "They stand in the margin, beside the words; "
            "[one list](../corrections.md) has the corrections of all transcripts.\n"
            "{ .sic-beside }\n"
        )
    return "".join(pieces)


# Stands behind the version; no text of an edition has its braces.
_VERSION = "{ .sic-version }"


def put_history_in(page: bytes, changes: Sequence[Change]) -> bytes:
    """The page of a transcript with what changed in it, closed by default, behind its version.

    It is put in afterwards, so that no transcript is compiled again for it.
    """
    lines = "".join(
        f"<li>{render_date(one.day)} · <code>{escape_html(one.digest[:VERSION_DIGITS])}</code> · "
        f"{escape_label(one.subject)}</li>"
        for one in changes
    )
    listed = f"<summary>What changed: {render_count(len(changes), 'version')}</summary>"
    history = f'<details class="sic-history">{listed}<ul>{lines}</ul></details>\n\n'
    marker = f"{_VERSION}\n\n".encode()
    return page.replace(marker, marker + history.encode(), 1)


_VERIFY = (
    "Check it yourself: [verify.py](../verify.py) compares a downloaded site with its sources, "
    "without the program that made it: python3 verify.py FOLDER. The SHA-256 of the source is"
)


# Formats that the checker compares exactly, and whose names may stand before the words.
_LABELLED = ("names", "srt", "vtt")


def _render_editors(layout: Layout) -> str:
    """What the editors say and no check proves: labelled, and unlike speech."""
    edition = layout.transcript.edition
    coverage, words = layout.findings.coverage, len(layout.transcript.source.words)
    claims = as_line(escape(statements.state_claims(layout.transcript, coverage)))
    if coverage.words < words:
        claims += f" {render_parts([statements.HELP])}"
    either = ' dir="auto"' * (edition.lang != SITE_LANGUAGE)
    introduction = render_paragraphs(edition.introduction, f".sic-editors{either}")
    facts = _render_recorded(edition, f"{{: .sic-editors{either} }}")
    return f"{claims}\n{{: .sic-editors }}\n\n{facts}{introduction}"


def _render_recorded(edition: Edition, attributes: str) -> str:
    """What an archive or a podcast says of the recording; show notes are closed by default."""
    facts = []
    for label, text in statements.list_facts(edition).items():
        resolved = resolve_identifier(text) if label == "Identifier" else ""
        facts.append(f"{label}: {link(escape(text), resolved) if resolved else escape(text)}")
    line = f"{as_line(' · '.join(facts))}\n{attributes}\n\n" if facts else ""
    if not edition.show_notes:
        return line
    lines = (_ADDRESS.sub(_LINKED, escape_html(one)) for one in edition.show_notes.splitlines())
    notes = "".join(f"<p>{one}</p>" for one in lines if one)
    return (
        f'{line}<details class="sic-furniture"{language_attributes(edition.lang)}>'
        f"<summary>Show notes</summary>{notes}</details>\n\n"
    )


# An address in escaped text, without the signs that end a sentence.
_ADDRESS = re.compile(r"https://(?:(?!&(?:lt|gt|quot|\#))[^\s()])+(?<![.,;:!?])")
_LINKED = r'<a href="\g<0>">\g<0></a>'


def _render_furniture(transcript: Transcript) -> str:
    """The lines that are left out as no speech, with their numbers, closed by default."""
    source = transcript.source
    if not source.furniture:
        return ""
    words = render_count(statements.count_furniture(source), "word")
    lines = "".join(
        f'<li value="{cue.line}">{escape_html(cue.text)}</li>' for cue in source.furniture
    )
    language = language_attributes(transcript.edition.lang)
    return (
        f'<details class="sic-furniture"><summary>Left out as the page’s own '
        f"words: {words}</summary><ol{language}>{lines}</ol></details>\n\n"
    )


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
    return " ".join(f'data-{key}="{escape_value(value)}"' for key, value in facts.items() if value)


def _render_facts(layout: Layout, glossary: Glossary) -> str:
    transcript = layout.transcript
    edition, source = transcript.edition, transcript.source
    names = (
        render_name(in_language(escape(name), edition.lang), name, glossary, "")
        for name in edition.speakers.values()
    )
    facts = [
        ", ".join(names),
        in_language(escape(edition.event), edition.lang),
        render_date(edition.date),
        f"{render_minutes(len(source.words))} to read",
    ]
    last = source.cues[-1].start if source.cues else None
    if last is not None and last >= _MINUTE:
        facts.append(f"{round(last / _MINUTE)} min to listen")
    line = as_line(" · ".join(filter(None, facts)))
    fillers = list_fillers(transcript.said, layout.findings.fillers)
    listed = f' data-fillers="{fillers}"' if fillers else ""
    return f'{line}\n{{ .sic-facts data-date="{edition.date}"{listed} }}'


_MINUTE = 60_000


def render_parts(parts: Iterable[statements.Part], lang: str = SITE_LANGUAGE) -> str:
    """A sentence as Markdown; struck words are in the language `lang`."""
    return "".join(_render_part(part, lang) for part in parts)


def _render_part(part: statements.Part, lang: str) -> str:
    words = escape(part.text)
    if part.struck:
        return f"<del>{in_language(words, lang)}</del>"
    if part.target:
        return link(words, part.target if part.target.startswith("#") else f"../{part.target}")
    return words


def render_name(shown: str, name: str, glossary: Glossary, attributes: str) -> str:
    """A name as Markdown, with a link to the entry whose term the full name is."""
    entry = glossary.by_term.get(name)
    if not entry:
        return f'<span class="sic-speaker">{shown}</span>' if attributes else shown
    return link(shown, f"../{entry.path}", entry.short, attributes)
