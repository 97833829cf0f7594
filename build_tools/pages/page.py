"""A transcript's page: every word, its address, its corrections and notes, its terms."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from build_tools.model.edition import UNKNOWN_LABEL, Edition, Mark, Span
from build_tools.model.extract import RelatedChapter
from build_tools.model.glossary import Entry
from build_tools.model.site import SITE_LANGUAGE
from build_tools.model.theme import QuotingTheme
from build_tools.model.transcript import Transcript
from build_tools.pages.map import render_errors, render_map
from build_tools.pages.markdown import (
    NOT_SEARCHED,
    as_line,
    escape,
    escape_html,
    in_either,
    in_language,
    language_attributes,
    link,
    render_head,
    render_paragraphs,
    render_plain,
)
from build_tools.text.urls import escape_target
from build_tools.text.wording import render_address, render_count, render_date
from build_tools.text.words import find_keys
from build_tools.transcript.layout import Clean, LaidOutParagraph, Layout, Note, Run
from build_tools.transcript.statements import (
    NOTES_ID,
    NOTES_TITLE,
    QUESTION,
    Part,
    count_furniture,
    describe_hearing,
    describe_turn,
    name_note,
    state_claims,
    state_error_rate,
    state_proof,
)

# Stands where links to a chapter's related chapters go; no other line of a page begins with a
# control character.
_RELATED_MARK = "\x1arelated {}\x1a"
_RELATED_PLACE = re.compile(rb"^\x1arelated (?P<chapter>\d+)\x1a", re.MULTILINE)
_FOOTNOTES_HERE = "///Footnotes Go Here///"


class Glossary(NamedTuple):
    """The entries of a page by slug, and by term for the names of speakers."""

    by_slug: Mapping[str, Entry]
    by_term: Mapping[str, Entry]


def render_transcript_page(
    layout: Layout,
    control: str,
    glossary: Glossary,
    themes: Mapping[int, Sequence[QuotingTheme]],
    head: Mapping[str, object],
) -> str:
    """The page of a transcript, as Markdown, with places for what `put_in_related` puts in.

    `control` is what leads to its files, as Markdown. By chapter, `themes` are those that quote it;
    `head` is front matter besides its own.
    """
    page = _Page(layout, glossary, themes)
    transcript = layout.transcript
    return "".join(
        (
            render_head(transcript.edition.title, transcript.edition.description, head),
            _render_opening(layout, control, glossary),
            render_map(transcript),
            render_errors(layout.findings.errors),
            _render_editors(layout),
            page.render_chapters(),
            _render_furniture(transcript),
            page.render_footnotes(),
        )
    )


def _render_opening(layout: Layout, control: str, glossary: Glossary) -> str:
    edition = layout.transcript.edition
    year = edition.date[:4]
    language = language_attributes(edition.lang)
    lines = [
        f"[Transcripts](index.md) › [{year}](index.md#{year})\n{{ .sic-crumbs }}\n",
        f"# {escape(edition.title)}{f' {{{language} }}' if language else ''}\n",
        f"{_render_facts(edition, glossary)}\n",
    ]
    if edition.description:
        lines.append(f"{as_line(escape(edition.description))}\n{{ .sic-lead{language} }}\n")
    lines.append(control)
    lines.append(f"{_render_proof(layout)}\n{{ .sic-proof {_render_source_facts(layout)} }}\n")
    lines.append(f"{_VERIFY} {layout.transcript.source.sha256}.\n{{ .sic-verify }}\n\n")
    return "\n".join(lines)


_VERIFY = (
    "Check it yourself: python3 verify.py FOLDER compares a downloaded site with its sources, "
    "without the program that made it ([verify.py](../verify.py)). The SHA-256 of the source is"
)


# Formats that the checker compares exactly, and whose names may stand before the words.
_LABELLED = ("names", "srt", "vtt")


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
    return " ".join(
        f'data-{key}="{escape_html(value).translate(_BRACES)}"'
        for key, value in facts.items()
        if value
    )


# A list of attributes ends with a brace.
_BRACES = {ord("{"): "&#123;", ord("}"): "&#125;"}


def _render_facts(edition: Edition, glossary: Glossary) -> str:
    names = (
        _render_name(in_language(escape(name), edition.lang), name, glossary, "")
        for name in edition.speakers.values()
    )
    facts = [
        in_language(escape(edition.event), edition.lang),
        render_date(edition.date),
        ", ".join(names),
    ]
    attributes = f'data-date="{edition.date}"'
    if edition.recording:
        facts.append(link("Recording", edition.recording, "", ".sic-recording"))
        attributes += f' data-recording="{escape(escape_target(edition.recording))}"'
    return f"{as_line(' · '.join(filter(None, facts)))}\n{{ .sic-facts {attributes} }}"


def _render_proof(layout: Layout) -> str:
    transcript, findings = layout.transcript, layout.findings
    edition = transcript.edition
    fillers = (transcript.said[filler.start : filler.end] for filler in findings.fillers)
    hidden = len(find_keys("\n".join(fillers)))
    heard = link("What the recogniser wrote", f"../sources/{edition.source.file}")
    proof = link("how this is proved", "../policy.md")
    sentences = (
        _render_parts(state_proof(layout)),
        f"A clean reading hides {render_count(hidden, 'word')}.",
        state_error_rate(findings.errors),
        f"{heard}, {proof}.",
    )
    return " ".join(filter(None, sentences))


def _render_editors(layout: Layout) -> str:
    """What the editors say and no check proves: labelled, and unlike speech."""
    edition = layout.transcript.edition
    claims = as_line(escape(state_claims(layout.transcript, layout.findings.coverage)))
    either = ' dir="auto"' * (edition.lang != SITE_LANGUAGE)
    introduction = render_paragraphs(edition.introduction, f".sic-editors{either}")
    return f"{claims}\n{{: .sic-editors }}\n\n{introduction}"


def _render_furniture(transcript: Transcript) -> str:
    """The lines that are left out as no speech, with their numbers, closed by default."""
    source = transcript.source
    if not source.furniture:
        return ""
    words = render_count(count_furniture(source), "word")
    lines = "".join(
        f'<li value="{cue.line}">{escape_html(cue.text)}</li>' for cue in source.furniture
    )
    language = language_attributes(transcript.edition.lang)
    return (
        f'<details class="sic-furniture" {NOT_SEARCHED}=""><summary>Left out as the page’s own '
        f"words: {words}</summary><ol{language}>{lines}</ol></details>\n\n"
    )


def _render_parts(parts: Iterable[Part], lang: str = SITE_LANGUAGE) -> str:
    """A sentence as Markdown; struck words are in the language `lang`."""
    return "".join(_render_part(part, lang) for part in parts)


def _render_part(part: Part, lang: str) -> str:
    words = escape(part.text)
    if part.struck:
        return f"<del>{in_language(words, lang)}</del>"
    if part.target:
        return link(words, part.target if part.target.startswith("#") else f"../{part.target}")
    return words


def _render_name(shown: str, name: str, glossary: Glossary, attributes: str) -> str:
    """A name as Markdown, with a link to the entry whose term the full name is."""
    entry = glossary.by_term.get(name)
    if not entry:
        return f'<span class="sic-speaker">{shown}</span>' if attributes else shown
    return link(shown, f"../{entry.path}", entry.short, attributes)


_NO_LABEL = re.compile(r"[^a-z0-9]+")
# Calls of notes stand behind the punctuation that follows them. A match begins at the first of
# several calls alone, so that the search takes no longer the more there are.
_NOTES_BEFORE_STOP = re.compile(r"(?<![a-z0-9-]\])((?:\[\^[a-z0-9-]+\])++)([.,;:!?…”)،؛؟]+)")

# Stands where a mark leaves words out: the blank before it is removed if a blank, a stop or the end
# of the paragraph follows.
_NOTHING = "\0"
_BLANK_BEFORE_NOTHING = re.compile(
    rf" +((?:<span [^>]*></span>)*<ins [^>]*></ins>{_NOTHING}(?:\[\^[a-z0-9-]+\])*)"
    r"(?=[\s.,;:!?…”)،؛؟]|$)"
)


_CLEAN_STYLES = {Clean.HIDDEN: "sic-f", Clean.CAPITAL: "sic-u"}


class _Page:
    """Renders the layout of a transcript from top to bottom."""

    def __init__(
        self, layout: Layout, glossary: Glossary, themes: Mapping[int, Sequence[QuotingTheme]]
    ) -> None:
        self.transcript = layout.transcript
        self.edition = self.transcript.edition
        self.layout = layout
        self.glossary = glossary
        self.themes = themes
        self.language = language_attributes(self.edition.lang)
        self.names = dict(self.edition.speakers)
        self.labels = _label_notes(layout.notes)

    def render_chapters(self) -> str:
        return "".join(
            piece
            for number in range(len(self.edition.chapters))
            for piece in (
                self._heading(number),
                *map(self._paragraph, self.layout.chapter(number)),
            )
        )

    def _heading(self, number: int) -> str:
        title = self.edition.chapters[number].title
        if not title:
            return self._below_heading(number)
        chapter_id = self.transcript.chapter_ids[number]
        heading = f"## {escape(title)} {{ #{chapter_id}{self.language} }}"
        return f"{heading}\n\n{self._below_heading(number)}"

    def _below_heading(self, number: int) -> str:
        """The summary of a chapter, its themes, and the place of its related chapters."""
        pieces = []
        summary = self.edition.chapters[number].summary
        if summary:
            words = in_either(render_plain(summary), self.edition.lang)
            pieces.append(f"**In brief:** {words}\n{{: .sic-summary }}\n\n")
        themes = self.themes.get(number, ())
        if themes:
            links = ", ".join(link(escape(theme.title), f"../{theme.path}") for theme in themes)
            pieces.append(f"Then and now: {links}\n{{: .sic-themes }}\n\n")
        pieces.append(_RELATED_MARK.format(number))
        return "".join(pieces)

    def _paragraph(self, paragraph: LaidOutParagraph) -> str:
        name = ""
        if paragraph.shows_speaker:
            name = f"{self._name(paragraph)}{self._calls(paragraph.notes)} "
        turns = paragraph.shows_speaker or paragraph.place.names_speaker
        attributes = f"{{: {'.sic-turn' if turns else '.sic-on'}{self.language} }}"
        return (
            f"{_render_own_link(paragraph)} {name}{self._words(paragraph.runs)}\n{attributes}\n\n"
        )

    def _name(self, paragraph: LaidOutParagraph) -> str:
        speaker = paragraph.place.speaker
        if not speaker:
            own = f' lang="{SITE_LANGUAGE}" dir="ltr"' if self.language else ""
            return f'<span class="sic-speaker" data-voice="unknown"{own}>{UNKNOWN_LABEL}</span>'
        full_name = self.names.get(speaker, speaker)
        return _render_name(escape(speaker), full_name, self.glossary, ".sic-speaker")

    def _words(self, runs: Iterable[Run]) -> str:
        """The words of a paragraph: marks, addresses, and links round the linked mentions."""
        text = "".join(self._pieces(runs))
        if _NOTHING in text:
            text = _BLANK_BEFORE_NOTHING.sub(r"\1", text).replace(_NOTHING, "")
        text = text.strip()
        if "[^" in text:
            text = _NOTES_BEFORE_STOP.sub(r"\2\1", text)
        return as_line(text)

    def _pieces(self, runs: Iterable[Run]) -> Iterator[str]:
        """The Markdown of runs; notes that are called inside a link stand behind it."""
        for mention, group in groupby(runs, key=attrgetter("mention")):
            inside = list(group)
            if not mention:
                for run in inside:
                    yield from (_render_ids(run), _render_words(run), self._calls(run.notes))
                continue
            entry = self.glossary.by_slug[mention.entry]
            words = "".join(_render_ids(run) + _render_words(run) for run in inside)
            yield f"[{words}" + link("", f"../{entry.path}", entry.short, ".sic-term")[1:]
            yield from (self._calls(run.notes) for run in inside)

    def _calls(self, notes: Iterable[Note]) -> str:
        return "".join(f"[^{self.labels[note.number]}]" for note in notes)

    def render_footnotes(self) -> str:
        if not self.layout.notes:
            return ""
        definitions = (
            f"[^{self.labels[note.number]}]: {_render_note(note, self.edition.lang)}"
            for note in self.layout.notes
        )
        heading = f"## {NOTES_TITLE} {{ #{NOTES_ID} }}"
        return "\n\n".join([heading, _FOOTNOTES_HERE, "\n".join(definitions)]) + "\n"


def _render_own_link(paragraph: LaidOutParagraph) -> str:
    """The visible link of a paragraph, which shows its line or time and leads to its first word."""
    cue = paragraph.cue
    if not cue:
        return ""
    shown = render_address(cue.start, cue.address).rpartition(" ")[2]
    own = f"#{paragraph.address} " if paragraph.has_address else ""
    return link(shown, f"#{paragraph.address}", "", f"{own}.sic-at")


def _render_ids(run: Run) -> str:
    ids = [(cue.cue.address, cue.skipped) for cue in run.cues if cue.needs_id]
    # No <a>: it may stand inside a link, and a link ends where another <a> begins.
    return "".join(
        f'<span id="{name}"' + f' data-skip="{skipped}"' * (skipped > 0) + "></span>"
        for name, skipped in (*ids, *run.words)
    )


def _render_words(run: Run) -> str:
    """The words of a run without the notes behind it."""
    span = run.span
    if span.mark is Mark.NOTE:
        return ""
    if span.mark is Mark.CHANGE:
        return _render_change(run)
    words = escape(run.said.replace("\n", " ")) if span.mark is Mark.PLAIN else escape(run.said)
    if span.mark is Mark.DOUBT:
        words = f'<span class="sic-doubt">{words}</span>'
    elif run.clean is not Clean.SAME:
        words = f'<span class="{_CLEAN_STYLES[run.clean]}">{words}</span>'
    return _wrap_in_span(span, words)


def _render_change(run: Run) -> str:
    heard = escape(" ".join(run.span.heard.split()))
    kind = run.placed.reason.kind.value if run.placed.reason else ""
    sure = " sic-conjecture" if run.conjecture else ""
    turns = " sic-turning" if describe_turn(run.span.heard, run.said) else ""
    opening = f'<ins class="sic-{kind}{sure}{turns}" data-heard="{heard}">'
    if not run.said:
        return f"{opening}</ins>{_NOTHING}"
    return _wrap_in_span(run.span, f"{opening}{escape(run.said)}</ins>")


def _wrap_in_span(span: Span, text: str) -> str:
    """Words of a span, as Markdown, in the emphasis and the link in which it stands."""
    if span.emphasis:
        text = f"<em>{text}</em>"
    return link(text, span.target) if span.target else text


def _render_note(note: Note, lang: str) -> str:
    pieces = [f"**{name_note(note)}**", _render_parts(describe_hearing(note), lang)]
    if note.footnote:
        pieces.append(in_either(render_plain(note.footnote.reason), lang))
    else:
        pieces.append(f"{in_either(escape(note.question), lang)} {_render_parts([QUESTION])}")
    return " · ".join(filter(None, pieces))


def _label_notes(notes: Iterable[Note]) -> dict[int, str]:
    """The label of each note on the page, by the note's number; a number makes it unique."""
    labels: dict[int, str] = {}
    taken: set[str] = set()
    last: dict[str, int] = {}
    for note in notes:
        wanted = note.footnote.label if note.footnote else "doubt"
        base = _NO_LABEL.sub("-", wanted.lower()).strip("-") or "note"
        label, number = base, last.get(base, 1)
        while label in taken:
            number += 1
            label = f"{base}-{number}"
        taken.add(label)
        last[base] = number
        labels[note.number] = label
    return labels


def put_in_related(page: bytes, related: Mapping[int, Sequence[RelatedChapter]]) -> bytes:
    """A page with links to related chapters of other transcripts, by chapter.

    They are put in last, so that a page stays in the cache when only its related chapters change.
    """

    def rendered(place: re.Match[bytes]) -> bytes:
        found = related.get(int(place["chapter"]))
        if not found:
            return b""
        line = f"Also discussed in: {_render_related(found)}\n{{: .sic-themes .sic-akin }}\n\n"
        return line.encode()

    return _RELATED_PLACE.sub(rendered, page)


def _render_related(related: Iterable[RelatedChapter]) -> str:
    """Links to chapters, those of one transcript together, the transcript of the nearest first."""
    by_transcript: dict[str, list[RelatedChapter]] = {}
    for chapter in related:
        by_transcript.setdefault(chapter.path, []).append(chapter)
    return "; ".join(
        ", ".join(
            (
                *map(_render_chapter, chapters),
                in_language(escape(chapters[0].transcript), chapters[0].lang),
                render_date(chapters[0].date),
            )
        )
        for chapters in by_transcript.values()
    )


def _render_chapter(related: RelatedChapter) -> str:
    target = f"../{related.path}#{related.address}"
    title = in_language(escape(related.title), related.lang)
    return link(title, target, f"Both name {', '.join(related.terms)}")
