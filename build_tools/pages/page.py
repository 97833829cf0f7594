"""A transcript's page: every word, its address, its corrections and notes, its terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from build_tools.model.edition import Edition, Mark, Span
from build_tools.model.extract import RelatedChapter
from build_tools.model.glossary import Entry
from build_tools.model.theme import Theme
from build_tools.model.transcript import (
    Coverage,
    Errors,
    Findings,
    Transcript,
)
from build_tools.pages.map import render_map
from build_tools.pages.markdown import (
    as_line,
    escape,
    in_either,
    in_language,
    language_attributes,
    link,
    render_head,
    render_paragraphs,
    render_plain,
)
from build_tools.pages.shares import render_errors, render_rate
from build_tools.text.urls import escape_target
from build_tools.text.wording import render_address, render_count, render_date, render_share
from build_tools.text.words import find_keys
from build_tools.transcript.layout import Clean, LaidOutParagraph, Layout, Note, Run, lay_out

# Where a chapter's kin are put in; no line of a page begins with a sign of control otherwise.
_AKIN_HERE = "\x1aakin {}\x1a"
_AKIN_PLACE = re.compile(rb"^\x1aakin (?P<chapter>\d+)\x1a", re.MULTILINE)
_FOOTNOTES_HERE = "///Footnotes Go Here///"
NOTES_ID = "corrections-and-notes"


class Glossary(NamedTuple):
    """What a page needs of the entries: by slug, and by term for the names of speakers."""

    by_slug: Mapping[str, Entry]
    by_term: Mapping[str, Entry]


def render_page(
    transcript: Transcript,
    findings: Findings,
    control: str,
    glossary: Glossary,
    themes: Mapping[int, Sequence[Theme]],
    head: Mapping[str, object],
) -> str:
    """The page of a transcript, as Markdown, with places for what `put_in_related` puts in.

    `control` is what leads to its files, as Markdown. By chapter, `themes` are those that quote it;
    `head` is front matter besides its own.
    """
    page = _Page(transcript, lay_out(transcript, findings), glossary, themes)
    return "".join(
        (
            render_head(transcript.edition.title, transcript.edition.description, head),
            _render_opening(transcript, findings, control, glossary),
            render_map(transcript),
            render_errors(findings.errors),
            render_paragraphs(transcript.edition.introduction, 'dir="auto"' * bool(page.language)),
            page.render_chapters(),
            page.render_footnotes(),
        )
    )


def _render_opening(
    transcript: Transcript, findings: Findings, control: str, glossary: Glossary
) -> str:
    edition = transcript.edition
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
    lines.append(f"{_render_proof(transcript, findings)}\n{{ .sic-proof }}\n\n")
    return "\n".join(lines)


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


def _render_proof(transcript: Transcript, findings: Findings) -> str:
    edition, source = transcript.edition, transcript.source
    conjectures = sum(correction.conjecture for correction in findings.corrections)
    counts = render_count(len(findings.corrections), "correction")
    if findings.corrections:
        counts = link(counts, f"#{NOTES_ID}")
    if conjectures:
        counts += f" ({render_count(conjectures, 'conjecture')} among them)"
    words = render_count(len(source.words), "word")
    in_doubt = link(render_count(len(findings.doubts), "open doubt"), "../doubts.md")
    fillers = (transcript.said[filler.start : filler.end] for filler in findings.fillers)
    hidden = len(find_keys("\n".join(fillers)))
    heard = link("What the recogniser wrote", f"../sources/{edition.source.file}")
    proof = link("how this is proved", "../policy.md")
    return (
        f"{words} of the recogniser, {counts}, {in_doubt}. "
        "Apart from the marked corrections not one word was changed. "
        f"A clean reading hides {render_count(hidden, 'word')}. "
        f"{_render_coverage(transcript, findings.coverage)} "
        f"{_render_rate(findings.errors)}{heard}, {proof}. {escape(edition.source.note)}"
    ).rstrip()


def _render_rate(errors: Errors) -> str:
    if not errors.all.total:
        return ""
    certain = ""
    if errors.certain != errors.all:
        certain = f"; {render_rate(errors.certain)} if no conjecture is right"
    return f"Its word error rate is at least {render_rate(errors.all)}{certain}. "


def _render_coverage(transcript: Transcript, coverage: Coverage) -> str:
    if not coverage.words:
        return "Nobody has read it against the recording yet."
    readers = ", ".join(
        f"{escape(review.by)} ({render_date(review.date)})"
        for review in transcript.edition.reviewed
    )
    share = render_share(coverage.words, len(transcript.source.words))
    return f"{share} of it has been read against the recording: {readers}."


def _render_name(shown: str, name: str, glossary: Glossary, attributes: str) -> str:
    """A name as Markdown, with a link to the entry whose term the full name is."""
    entry = glossary.by_term.get(name)
    if not entry:
        return f'<span class="sic-speaker">{shown}</span>' if attributes else shown
    return link(shown, f"../{entry.path}", entry.short, attributes)


_NO_LABEL = re.compile(r"[^a-z0-9]+")
# Footnote signs stand behind the punctuation that follows them.
_NOTES_BEFORE_STOP = re.compile(r"((?:\[\^[a-z0-9-]+\])+)([.,;:!?…”)،؛؟]+)")

# Stands where a mark puts nothing in: the blank before it goes, if another one, a stop or the end
# is behind it.
_NOTHING = "\0"
_BLANK_BEFORE_NOTHING = re.compile(
    rf" +(<ins [^>]*></ins>{_NOTHING}(?:\[\^[a-z0-9-]+\])*)(?=[\s.,;:!?…”)،؛؟]|$)"
)


_CLEAN_STYLES = {Clean.HIDDEN: "sic-f", Clean.CAPITAL: "sic-u"}


class _Page:
    """Renders the layout of a transcript from top to bottom."""

    def __init__(
        self,
        transcript: Transcript,
        layout: Layout,
        glossary: Glossary,
        themes: Mapping[int, Sequence[Theme]],
    ) -> None:
        self.transcript = transcript
        self.edition = transcript.edition
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
        """What leads into a chapter and on from it: its summary, its themes, its kin elsewhere."""
        pieces = []
        summary = self.edition.chapters[number].summary
        if summary:
            words = in_either(render_plain(summary), self.edition.lang)
            pieces.append(f"**In brief:** {words}\n{{: .sic-summary }}\n\n")
        themes = self.themes.get(number, ())
        if themes:
            links = ", ".join(link(escape(theme.title), f"../{theme.path}") for theme in themes)
            pieces.append(f"Then and now: {links}\n{{: .sic-themes }}\n\n")
        pieces.append(_AKIN_HERE.format(number))
        return "".join(pieces)

    def _paragraph(self, paragraph: LaidOutParagraph) -> str:
        name = ""
        if paragraph.shows_speaker:
            speaker = paragraph.place.speaker
            full_name = self.names.get(speaker, speaker)
            name = _render_name(escape(speaker), full_name, self.glossary, ".sic-speaker") + " "
        turns = paragraph.shows_speaker or paragraph.place.names_speaker
        attributes = f"{{: {'.sic-turn' if turns else '.sic-on'}{self.language} }}"
        return f"{_render_place(paragraph)} {name}{self._words(paragraph.runs)}\n{attributes}\n\n"

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
                    yield from (_render_ids(run), _render_words(run), self._calls(run))
                continue
            entry = self.glossary.by_slug[mention.entry]
            words = "".join(_render_ids(run) + _render_words(run) for run in inside)
            yield f"[{words}" + link("", f"../{entry.path}", entry.short, ".sic-term")[1:]
            yield from map(self._calls, inside)

    def _calls(self, run: Run) -> str:
        return "".join(f"[^{self.labels[note.number]}]" for note in run.notes)

    def render_footnotes(self) -> str:
        if not self.layout.notes:
            return ""
        definitions = (
            f"[^{self.labels[note.number]}]: {_render_note(note, self.edition.lang)}"
            for note in self.layout.notes
        )
        heading = f"## Corrections and notes {{ #{NOTES_ID} }}"
        return "\n\n".join([heading, _FOOTNOTES_HERE, "\n".join(definitions)]) + "\n"


def _render_place(paragraph: LaidOutParagraph) -> str:
    """The visible link of a paragraph; it is the address where a cue begins with it."""
    cue = paragraph.cue
    if not cue:
        return ""
    shown = render_address(cue.start, cue.address).rpartition(" ")[2]
    own = f"#{cue.address} " if paragraph.has_address else ""
    return link(shown, f"#{cue.address}", "", f"{own}.sic-at")


def _render_ids(run: Run) -> str:
    # No <a>: it may stand inside a link, and a link ends where another <a> begins.
    return "".join(f'<span id="{cue.address}"></span>' for cue, _, needed in run.cues if needed)


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
    return _wrap(span, words)


def _render_change(run: Run) -> str:
    heard = escape(" ".join(run.span.heard.split()))
    kind = run.placed.reason.kind.value if run.placed.reason else ""
    sure = " sic-conjecture" if run.conjecture else ""
    opening = f'<ins class="sic-{kind}{sure}" data-heard="{heard}">'
    if not run.said:
        return f"{opening}</ins>{_NOTHING}"
    return _wrap(run.span, f"{opening}{escape(run.said)}</ins>")


def _wrap(span: Span, text: str) -> str:
    """Words of a span, as Markdown, in the emphasis and the link in which it stands."""
    if span.emphasis:
        text = f"<em>{text}</em>"
    return link(text, span.target) if span.target else text


def _render_note(note: Note, lang: str) -> str:
    if not note.footnote:
        question = in_either(escape(note.question), lang)
        return f"**Doubt** · {question} {link('Do you know?', '../doubts.md')}"
    kind = note.footnote.kind.label
    pieces = [f"**{kind}, conjecture**" if note.footnote.conjecture else f"**{kind}**"]
    if note.footnote.kind.is_correction:
        struck = f"<del>{in_language(escape(note.heard), lang)}</del>"
        if not note.heard:
            pieces.append("not in the recogniser’s text")
        elif note.said:
            pieces.append(f"heard as {struck}")
        else:
            pieces.append(f"the recogniser’s {struck} left out")
    return " · ".join([*pieces, in_either(render_plain(note.footnote.reason), lang)])


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


def put_in_related(page: bytes, akin: Mapping[int, Sequence[RelatedChapter]]) -> bytes:
    """A page with the chapters of other transcripts that are like its own, by chapter.

    They are put in last: all else on the page is the transcript's own, and stays when its kin go.
    """

    def rendered(place: re.Match[bytes]) -> bytes:
        found = akin.get(int(place["chapter"]))
        if not found:
            return b""
        line = f"Also discussed in: {_render_akin(found)}\n{{: .sic-themes .sic-akin }}\n\n"
        return line.encode()

    return _AKIN_PLACE.sub(rendered, page)


def _render_akin(akin: Iterable[RelatedChapter]) -> str:
    """Links to chapters, those of one transcript together, the transcript of the nearest first."""
    by_transcript: dict[str, list[RelatedChapter]] = {}
    for chapter in akin:
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


def _render_chapter(akin: RelatedChapter) -> str:
    target = f"../{akin.path}#{akin.address}"
    title = in_language(escape(akin.title), akin.lang)
    return link(title, target, f"Both name {', '.join(akin.terms)}")
