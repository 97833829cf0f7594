"""A transcript as a book: chapters, notes that open where they are called, and a glossary.

A book has the addresses of the site under the same ids. A link to a page that is not in the book
leads to the site if the site's address is configured; otherwise it is plain words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from build_tools.exports.cover import Cover, render_cover
from build_tools.exports.epub import (
    Book,
    BookDocument,
    Heading,
    Landmark,
    mark_language,
    relative_path,
)
from build_tools.exports.markup import Node, append, block, element
from build_tools.metadata.citation import last_change
from build_tools.metadata.licences import find_licence
from build_tools.model.address import split_address
from build_tools.model.edition import Edition, Mark, Paragraph, Span
from build_tools.model.glossary import Entry, Reference
from build_tools.model.site import SITE_LANGUAGE, SiteIdentity
from build_tools.model.source import Cue
from build_tools.model.transcript import Mention, Transcript
from build_tools.text.language import runs_right_to_left
from build_tools.text.urls import from_top, page_address
from build_tools.text.wording import one_line, render_address, render_date, render_moment
from build_tools.transcript.alignment import chapters_of_addresses
from build_tools.transcript.layout import LaidOutParagraph, Layout, Note, Run, join_clean
from build_tools.transcript.statements import (
    ANSWER,
    NOTES_TITLE,
    Part,
    describe_hearing,
    name_note,
    state_coverage,
    state_proof,
)

_TITLE_PAGE = "title.xhtml"
# Programs take in a file as a whole: a glossary without end would be slow to open.
_ENTRIES_IN_FILE = 100

# No colour but the red of the marks, which can be seen on white and on black: the rest is the
# reader's choice, by night too.
STYLE = """\
:root { color-scheme: light dark; }
body { margin: 5%; font-family: "Source Serif 4", Charter, Georgia, serif; line-height: 1.5;
  overflow-wrap: break-word; -webkit-hyphens: auto; hyphens: auto; }
h1, h2 { line-height: 1.2; font-weight: 600; text-align: start; text-wrap: balance;
  -webkit-hyphens: none; hyphens: none; page-break-after: avoid; break-after: avoid; }
h1 { font-size: 1.7em; margin: 2em 0 1em; }
h2 { font-size: 1.4em; margin: 2em 0 1em; }
p { margin: 0; orphans: 2; widows: 2; }
a { color: inherit; }
a.term { text-decoration: underline dotted #8b8b8b; text-decoration-thickness: .08em;
  text-underline-offset: .22em; }
ins { text-decoration: underline #b8404f; text-decoration-thickness: .09em;
  text-underline-offset: .18em; }
ins.conjecture { text-decoration-style: dashed; }
del { opacity: .75; }
.doubt { text-decoration: underline wavy #b8404f; text-decoration-thickness: .06em;
  text-underline-offset: .2em; }
sup { font-size: .68em; line-height: 0; vertical-align: .45em; }
sup + sup, bdi + bdi sup { margin-inline-start: .3em; }
sup a { text-decoration: none; }
.turn { margin-top: .9em; }
.on { text-indent: 1.2em; }
.speaker { font-weight: 600; }
.at { font-size: .72em; opacity: .7; text-decoration: none; font-variant-numeric: tabular-nums; }
.summary { margin: 0 0 1.4em; font-style: italic; }
.facts { margin-top: .3em; }
.proof, .small { font-size: .86em; opacity: .8; margin-top: .6em; }
.opening { margin-top: 15%; }
.lead { font-size: 1.1em; margin: 1.2em 0; }
.introduction p + p { margin-top: .8em; }
.notes aside { margin-top: .7em; }
.notes .number { font-weight: 600; text-decoration: none; }
dt { margin-top: 1.6em; font-weight: 600; page-break-after: avoid; break-after: avoid; }
dfn { font-style: normal; }
dd { margin: .2em 0 0; }
dd p + p { margin-top: .5em; }
dd .small + .small { margin-top: .2em; }
.short { font-style: italic; }
.contents ol { list-style: none; padding-inline-start: 0; }
.contents ol ol { padding-inline-start: 1.2em; }
.contents li { margin-top: .4em; }
.contents > ol > li > a:not(:only-child) { font-weight: 600; }
.contents a { text-decoration: none; }
.cover { text-align: center; margin: 0; }
.cover img { max-width: 100%; max-height: 95vh; }
"""


class BookEntries(NamedTuple):
    """The entries of a book by slug and by term, and the site that it is published on."""

    by_slug: Mapping[str, Entry]
    by_term: Mapping[str, Entry]
    masthead: SiteIdentity


def make_transcript_book(layout: Layout, book_entries: BookEntries) -> Book:
    """A transcript as a book, with the entries that it names."""
    transcript = layout.transcript
    edition = transcript.edition
    named = {mention.entry for mention in layout.findings.mentions}
    by_term, names = book_entries.by_term, edition.speakers.values()
    named.update(by_term[name].slug for name in names if name in by_term)
    entries = [book_entries.by_slug[slug] for slug in named]
    writer = _BookWriter(transcript, entries, book_entries)
    documents, contents = writer.write_transcript(layout)
    glossary, glossary_contents = writer.write_glossary()
    return Book(
        identifier=_identify(book_entries.masthead, page_address(edition.path)),
        title=one_line(edition.title) or edition.slug,
        language=edition.lang,
        modified=render_moment(last_change(edition)),
        date=edition.published or edition.date,
        speakers=_list_speakers(edition),
        description=one_line(edition.description),
        publisher=one_line(book_entries.masthead.name),
        source=_web_address(edition.recording),
        rights=_say_rights(book_entries.masthead),
        style=STYLE,
        cover=render_cover(_make_cover(edition, book_entries.masthead)),
        documents=(*documents, *glossary),
        contents=(*contents, *glossary_contents),
        landmarks=_landmarks(documents, glossary),
    )


def _make_cover(edition: Edition, masthead: SiteIdentity) -> Cover:
    # The name of a podcast is no event.
    facts = ("" if edition.podcast else edition.event, render_date(edition.date))
    return Cover(
        edition.title or edition.slug,
        edition.lang,
        " · ".join(_list_speakers(edition)),
        " · ".join(filter(None, facts)),
        masthead.name,
    )


def _say_rights(masthead: SiteIdentity) -> str:
    licence = find_licence(masthead.licence)
    said = f"{licence.name} ({licence.url})" if licence.url else licence.name
    owners = "their speakers and publishers"
    return f"The annotations are licensed {said}; the transcripts belong to {owners}."


def _identify(masthead: SiteIdentity, path: str) -> str:
    return uuid5(NAMESPACE_URL, (masthead.url or f"{masthead.name}/") + path).urn


def _list_speakers(edition: Edition) -> tuple[str, ...]:
    """The full names of all who speak, each once."""
    return tuple(dict.fromkeys(filter(None, map(one_line, edition.speakers.values()))))


def _landmarks(
    documents: Sequence[BookDocument], glossary: Sequence[BookDocument]
) -> tuple[Landmark, ...]:
    title, *rest = documents
    marks = [Landmark("titlepage", "Title page", title.path)]
    marks += [Landmark("bodymatter", "Beginning", document.path) for document in rest[:1]]
    marks += [Landmark("glossary", "Glossary", file.path) for file in glossary[:1]]
    return tuple(marks)


# Links ------------------------------------------------------------------------------------------

_WEB = re.compile(r"https://([^/?#]*)(.*)", re.DOTALL)
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.?(?::[0-9]{1,5})?", re.IGNORECASE)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def _web_address(address: str) -> str:
    """An https address in the letters of a URI, or "" where it is none: a book is held to them.

    >>> _web_address("https://example.org/a b?100%"), _web_address("https://[x]/")
    ('https://example.org/a%20b?100%25', '')
    """
    match = _WEB.match(address)
    if not match:
        return ""
    try:
        host = match[1].encode("idna").decode()
    except UnicodeError:
        return ""
    return f"https://{host}{_as_uri(match[2])}" if _HOST.fullmatch(host) else ""


def _as_uri(path: str) -> str:
    quoted = _STRAY_PERCENT.sub("%25", quote(path, safe="/:#?&=%+,;@!$*~.-_"))
    before, sign, fragment = quoted.partition("#")
    return before + sign + fragment.replace("#", "%23")


# Transcripts ------------------------------------------------------------------------------------


def _document_path(edition: Edition, name: str) -> str:
    return f"{edition.slug}/{name}"


def _chapter_path(edition: Edition, number: int) -> str:
    return _document_path(edition, f"chapter-{number + 1}.xhtml")


def _list_addresses(transcript: Transcript) -> Iterator[tuple[str, str]]:
    """Each address of a transcript on the site, and where that is in the book."""
    edition = transcript.edition
    yield edition.path, _document_path(edition, _TITLE_PAGE)
    for address, chapter in chapters_of_addresses(transcript).items():
        yield f"{edition.path}#{address}", f"{_chapter_path(edition, chapter)}#{address}"


# Documents, and their lines in the contents.
_Written = tuple[list[BookDocument], list[Heading]]


class _BookWriter:
    """Writes the documents of a book; its links lead into the book where they can."""

    def __init__(
        self, transcript: Transcript, entries: Iterable[Entry], book_entries: BookEntries
    ) -> None:
        self.book_entries = book_entries
        self.entries = sorted(entries, key=lambda entry: (entry.term.casefold(), entry.slug))
        self.places = dict(_list_addresses(transcript)) | {
            entry.path: f"glossary-{number // _ENTRIES_IN_FILE + 1}.xhtml#{entry.slug}"
            for number, entry in enumerate(self.entries)
        }

    def find(self, here: str, target: str, written_in: str = "") -> str:
        """The target of a link in a document of the book, or "" if it leads nowhere."""
        if target.startswith("https://"):
            return _web_address(target)
        address = from_top(target, written_in)
        path, _, anchor = address.partition("#")
        line = f"{path}#{split_address(anchor)[0]}"
        place = self.places.get(address) or self.places.get(line) or self.places.get(path)
        if place:
            return relative_path(here, place)
        url = self.book_entries.masthead.url
        return url + _as_uri(page_address(path, anchor)) if url else ""

    def link(self, here: str, target: str, *inside: Node, written_in: str = "") -> ET.Element:
        """A link, or plain words where it would lead nowhere."""
        found = self.find(here, target, written_in)
        return element("a", {"href": found}, *inside) if found else element("span", {}, *inside)

    def plain(self, here: str, written_in: str, spans: Iterable[Span]) -> list[Node]:
        """Spans without marks: the text of introductions, summaries and reasons."""
        nodes: list[Node] = []
        for span in spans:
            node: Node = element("em", {}, span.said) if span.emphasis else span.said
            if span.target:
                node = self.link(here, span.target, node, written_in=written_in)
            nodes.append(node)
        if nodes and isinstance(nodes[-1], str):
            nodes[-1] = nodes[-1].rstrip()
        return nodes

    # Transcripts

    def write_transcript(self, layout: Layout) -> _Written:
        """The title page, introduction, chapters and notes of a transcript."""
        edition = layout.transcript.edition
        opening = self._write_opening(layout)
        documents = [opening]
        headings = []
        if edition.introduction:
            documents.append(self._write_introduction(edition))
            headings.append(Heading("Introduction", documents[-1].path, SITE_LANGUAGE))
        chapters = _Chapters(self, layout)
        for number, chapter in enumerate(chapters.write()):
            documents.append(chapter)
            title = one_line(edition.chapters[number].title)
            if title:
                place = f"{chapter.path}#{layout.transcript.chapter_ids[number]}"
                headings.append(Heading(title, place, edition.lang))
        notes = chapters.write_notes()
        if notes:
            documents.append(notes)
            headings.append(Heading(NOTES_TITLE, notes.path, SITE_LANGUAGE))
        # Contents without a line would be none.
        return documents, headings or [Heading(opening.title, opening.path, edition.lang)]

    def _write_opening(self, layout: Layout) -> BookDocument:
        edition = layout.transcript.edition
        here, language = _document_path(edition, _TITLE_PAGE), mark_language(edition.lang)
        title = one_line(edition.title) or edition.slug
        blocks = [element("h1", language, title)]
        event = one_line(edition.event)
        if event:
            blocks.append(element("p", {"class": "facts", **language}, event))
        blocks.append(element("p", {"class": "facts"}, render_date(edition.date)))
        if edition.speakers:
            blocks.append(self._write_speakers(here, edition))
        if edition.description:
            blocks.append(element("p", {"class": "lead", **language}, edition.description))
        blocks.append(element("p", {"class": "proof"}, _prove(layout)))
        recording = _web_address(edition.recording)
        site = self.book_entries.masthead.url
        web = site and site + page_address(edition.path)
        for label, address in (("Recording", recording), ("On the web", web)):
            if address:
                shown = element("a", {"href": address}, address)
                blocks.append(_small(f"{label}: ", shown))
        blocks.append(_small(_say_rights(self.book_entries.masthead)))
        kind = {"epub:type": "titlepage", "class": "opening"}
        return BookDocument(here, title, SITE_LANGUAGE, (block("section", kind, *blocks),))

    def _write_speakers(self, here: str, edition: Edition) -> ET.Element:
        by_term, names = self.book_entries.by_term, edition.speakers.values()
        entries = [(name, by_term.get(name)) for name in names]
        links = [[self.link(here, one.path, name) if one else name] for name, one in entries]
        attributes = {"class": "facts", **mark_language(edition.lang)}
        return element("p", attributes, *_join(links, ", "))

    def _write_introduction(self, edition: Edition) -> BookDocument:
        here = _document_path(edition, "introduction.xhtml")
        heading = element("h2", {"id": "introduction"}, "Introduction")
        paragraphs = self._write_paragraphs(here, edition.path, edition.introduction, edition.lang)
        section = _section("introduction", "introduction", heading, *paragraphs)
        section.set("class", "introduction")
        return BookDocument(here, "Introduction", SITE_LANGUAGE, (section,))

    def _write_paragraphs(
        self, here: str, written_in: str, paragraphs: Iterable[Paragraph], lang: str
    ) -> list[ET.Element]:
        direction = "" if lang == SITE_LANGUAGE else "auto"
        return [
            element("p", {"dir": direction}, *self.plain(here, written_in, paragraph.spans))
            for paragraph in paragraphs
        ]

    # The glossary

    def write_glossary(self) -> _Written:
        """The entries by their first letter, in files small enough for any reading program."""
        begins = range(0, len(self.entries), _ENTRIES_IN_FILE)
        parts = [self.entries[begin : begin + _ENTRIES_IN_FILE] for begin in begins]
        count = len(parts)
        documents = [self._write_part(number, part, count) for number, part in enumerate(parts, 1)]
        lines = [Heading(part.title, part.path, SITE_LANGUAGE) for part in documents]
        if len(lines) > 1:
            lines = [Heading("Glossary", lines[0].path, SITE_LANGUAGE, tuple(lines))]
        return documents, lines

    def _write_part(self, number: int, entries: Sequence[Entry], parts: int) -> BookDocument:
        here = f"glossary-{number}.xhtml"
        title = "Glossary"
        if parts > 1:
            first, last = (one_line(entry.term)[:1].upper() for entry in (entries[0], entries[-1]))
            title += f", {first} to {last}"
        heading = element("h1", {"id": "glossary"}, title)
        entry_blocks = [node for entry in entries for node in self._write_entry(here, entry)]
        section = _section("glossary", "glossary", heading, block("dl", {}, *entry_blocks))
        return BookDocument(here, title, SITE_LANGUAGE, (section,))

    def _write_entry(self, here: str, entry: Entry) -> tuple[ET.Element, ET.Element]:
        term = element("dt", {"id": entry.slug}, element("dfn", {}, entry.term))
        blocks = [
            element("p", {"class": "short"}, entry.short),
            *self._write_paragraphs(here, entry.path, entry.body, SITE_LANGUAGE),
        ]
        if entry.also:
            forms = ", ".join(f"“{one_line(form)}”" for form in entry.also)
            blocks.append(_small(f"Also said as {forms}."))
        # A name of no entry is a problem of its own; it is found when all entries are looked at.
        by_term = self.book_entries.by_term
        others = [by_term[name] for name in entry.see if name in by_term]
        links = [[self.link(here, other.path, other.term)] for other in others]
        sources = [[*self._write_reference(here, reference)] for reference in entry.sources]
        for opening, sign, items in (("See also ", ", ", links), ("Sources: ", "; ", sources)):
            if items:
                blocks.append(_small(opening, *_join(items, sign), "."))
        return term, block("dd", {}, *blocks)

    def _write_reference(self, here: str, reference: Reference) -> Iterator[Node]:
        if reference.author:
            yield f"{reference.author}, "
        title = element("cite", {}, reference.title)
        yield self.link(here, reference.url, title) if reference.url else title
        for fact in (reference.publisher, render_date(reference.date) if reference.date else ""):
            if fact:
                yield f", {fact}"


def _section(kind: str, heading: str, *blocks: ET.Element) -> ET.Element:
    """A section of a kind that EPUB knows, named by the heading with an id."""
    role = {"epub:type": kind, "role": f"doc-{kind}", "aria-labelledby": heading}
    return block("section", role, *blocks)


def _small(*inside: Node) -> ET.Element:
    return element("p", {"class": "small"}, *inside)


def _join(items: Iterable[Sequence[Node]], sign: str) -> Iterator[Node]:
    """Items in a line, with a sign between them."""
    for number, item in enumerate(items):
        yield from (sign, *item) if number else item


def _prove(layout: Layout) -> str:
    transcript = layout.transcript
    proof = "".join(part.text for part in state_proof(layout))
    read = state_coverage(transcript, layout.findings.coverage)
    return f"{proof} {read} {transcript.edition.source.note}"


# Chapters and notes -----------------------------------------------------------------------------


class _Chapters:
    """Writes the chapters of a transcript from top to bottom, and its notes behind them."""

    def __init__(self, writer: _BookWriter, layout: Layout) -> None:
        self.writer = writer
        self.layout = layout
        self.transcript = layout.transcript
        self.edition = layout.transcript.edition
        self.notes_path = _document_path(self.edition, "notes.xhtml")
        # For each note the places that call it, in the order of its number.
        self.calls_of: list[list[str]] = [[] for _ in layout.notes]
        self.here = ""
        self.calls = 0

    def write(self) -> Iterator[BookDocument]:
        """Every chapter, in order."""
        for number, chapter in enumerate(self.edition.chapters):
            self.here = _chapter_path(self.edition, number)
            section = self._open_chapter(number)
            for paragraph in self.layout.chapter(number):
                written = self._write_paragraph(paragraph)
                written.tail = "\n"
                section.append(written)
            title = one_line(chapter.title) or one_line(self.edition.title) or self.edition.slug
            yield BookDocument(self.here, title, self.edition.lang, (section,))

    def _open_chapter(self, number: int) -> ET.Element:
        """A chapter's section, with its heading and its summary in it."""
        chapter = self.edition.chapters[number]
        title, name = one_line(chapter.title), self.transcript.chapter_ids[number]
        blocks = []
        if title:
            blocks.append(element("h2", {"id": name}, title))
        if chapter.summary:
            words = self.writer.plain(self.here, self.edition.path, chapter.summary)
            blocks.append(element("p", {"class": "summary", "dir": self._either}, *words))
        return _section("chapter", name if title else "", *blocks)

    @property
    def _either(self) -> str:
        """The direction of what the editor says, in the transcript's language or the site's."""
        return "" if self.edition.lang == SITE_LANGUAGE else "auto"

    def _isolate(self, nodes: Sequence[Node]) -> Sequence[Node]:
        """The editor's words in a line of the site's own, apart where directions may differ."""
        return [element("bdi", {}, *nodes)] if self._either else nodes

    def _write_paragraph(self, paragraph: LaidOutParagraph) -> ET.Element:
        cue = paragraph.cue
        own = paragraph.address if paragraph.has_address else ""
        opens = paragraph.shows_speaker or paragraph.opens_chapter
        written = element("p", {"class": "turn" if opens else "on", "id": own})
        if paragraph.shows_speaker:
            append(written, element("b", {"class": "speaker"}, paragraph.place.speaker), " ")
            if cue:
                append(written, self._clock(cue, paragraph.address), " ")
        self._write_words(written, join_clean(paragraph.runs))
        return written

    def _clock(self, cue: Cue, address: str) -> ET.Element:
        """The time or line of a turn, as a link if the site's address is configured."""
        shown = render_address(cue.start, address).rpartition(" ")[2]
        url = self.writer.book_entries.masthead.url
        if not url:
            return element("span", {"class": "at"}, shown)
        href = url + page_address(self.edition.path, address)
        return element("a", {"class": "at", "href": href}, shown)

    def _write_words(self, paragraph: ET.Element, runs: Iterable[Run]) -> None:
        """Fills a paragraph; calls of notes stand behind links, for no link may hold another."""
        line = _Line(paragraph)
        mention: Mention | None = None
        for run in runs:
            if line.is_inside and run.mention is not mention:
                line.close()
            for cue in run.cues:
                if cue.needs_id:
                    line.add(element("span", {"id": cue.cue.address}), run.span)
            mention = run.mention
            if mention and run.said and not line.is_inside:
                line.open(self._term(mention))
            self._write_run(line, run)
        line.end()

    def _term(self, mention: Mention) -> ET.Element:
        entry = self.writer.book_entries.by_slug[mention.entry]
        href = self.writer.find(self.here, entry.path)
        kind = {"class": "term", "epub:type": "glossref", "role": "doc-glossref"}
        return element("a", kind | {"href": href})

    def _write_run(self, line: _Line, run: Run) -> None:
        span = run.span
        if not run.said:
            if span.mark is Mark.CHANGE:
                line.leave_out()
        elif span.mark is Mark.PLAIN and not span.emphasis and not span.target:
            line.say(run.said)
        else:
            self._put(line, span, _marked(run))
        for note in run.notes:
            line.call(self._call(note))

    def _put(self, line: _Line, span: Span, node: Node) -> None:
        if span.emphasis:
            node = element("em", {}, node)
        if line.goes_on(span):
            line.add(node, span)
        elif span.target:
            link = self.writer.link(self.here, span.target, node, written_in=self.edition.path)
            line.put(link, span.target)
        else:
            line.put(node if isinstance(node, ET.Element) else element("span", {}, node))

    def _call(self, note: Note) -> ET.Element:
        """The sign in the text that opens a note."""
        self.calls += 1
        call = f"call-{self.calls}"
        self.calls_of[note.number - 1].append(f"{self.here}#{call}")
        href = relative_path(self.here, f"{self.notes_path}#note-{note.number}")
        attributes = {"epub:type": "noteref", "role": "doc-noteref", "id": call, "href": href}
        sign = element("sup", {}, element("a", attributes, str(note.number)))
        # A figure joins the letters before it and would stand on their wrong side.
        return element("bdi", {}, sign) if runs_right_to_left(self.edition.lang) else sign

    def _explain(self, note: Note) -> list[Node]:
        nodes: list[Node] = [element("b", {}, name_note(note)), " · "]
        hearing = describe_hearing(note)
        if hearing:
            nodes += [*map(self._write_part, hearing), " · "]
        if note.footnote:
            reason = self.writer.plain(self.notes_path, self.edition.path, note.footnote.reason)
            return [*nodes, *self._isolate(reason)]
        nodes += self._isolate([note.question])
        if self.writer.find(self.notes_path, ANSWER.target):
            nodes += [" ", self._write_part(ANSWER)]
        return nodes

    def _write_part(self, part: Part) -> Node:
        if part.struck:
            language = mark_language(self.edition.lang)
            return element(
                "del", {}, element("bdi", language, part.text) if language else part.text
            )
        if part.target:
            return self.writer.link(self.notes_path, part.target, part.text)
        return part.text

    def write_notes(self) -> BookDocument | None:
        """The notes of all chapters, in the order in which they are called; None for no note."""
        if not self.layout.notes:
            return None
        heading = element("h2", {"id": "notes"}, NOTES_TITLE)
        notes = map(self._write_note, self.layout.notes)
        attributes = {"epub:type": "footnotes", "aria-labelledby": "notes", "class": "notes"}
        section = block("section", attributes, heading, *notes)
        return BookDocument(self.notes_path, NOTES_TITLE, SITE_LANGUAGE, (section,))

    def _write_note(self, note: Note) -> ET.Element:
        paragraph = element("p")
        calls = self.calls_of[note.number - 1]
        first, *others = (relative_path(self.notes_path, call) for call in calls)
        back = {"role": "doc-backlink", "href": first, "class": "number"}
        append(paragraph, element("a", back, str(note.number)), " ", *self._explain(note))
        for number, call in enumerate(others, 2):
            attributes = {"role": "doc-backlink", "href": call, "aria-label": f"Call {number}"}
            append(paragraph, " ", element("a", attributes, f"↩{number}"))
        attributes = {"epub:type": "footnote", "role": "doc-footnote", "id": f"note-{note.number}"}
        return block("aside", attributes, paragraph)


def _marked(run: Run) -> Node:
    if run.span.mark is Mark.CHANGE:
        return element("ins", {"class": "conjecture" if run.conjecture else ""}, run.said)
    return (
        element("span", {"class": "doubt"}, run.said) if run.span.mark is Mark.DOUBT else run.said
    )


# Calls of notes stand behind the punctuation that follows them.
_STOPS = ".,;:!?…”)،؛؟"


class _Line:
    """The words of a paragraph as they are put together."""

    def __init__(self, paragraph: ET.Element) -> None:
        self.paragraph = paragraph
        self.into = paragraph
        self.calls: list[ET.Element] = []
        self.begun = False
        self.needs_blank = False
        self.last: tuple[str, ET.Element] | None = None

    @property
    def is_inside(self) -> bool:
        """Whether a link is open."""
        return self.into is not self.paragraph

    def open(self, link: ET.Element) -> None:
        """Opens a link, into which all goes until it is closed."""
        self._release()
        self._add_blank()
        self.paragraph.append(link)
        self.into = link
        self.last = None

    def close(self) -> None:
        """Closes the link; the calls of notes in it go behind it."""
        self.into = self.paragraph

    def say(self, words: str) -> None:
        """Puts words down; waiting calls of notes go behind the stops they begin with."""
        rest = words.lstrip(_STOPS)
        if rest != words or words[:1].isspace():
            self.needs_blank = False
        if not self.is_inside and self.calls:
            append(self.into, words.removesuffix(rest))
            self._release()
            words = rest
        self._add_blank()
        self.last = None
        append(self.into, words)
        self.begun = True

    def put(self, node: ET.Element, target: str = "") -> None:
        """Puts an element down; a link is kept with its target, for more may go into it."""
        self._release()
        self._add_blank()
        self.into.append(node)
        self.begun = True
        self.last = (target, node) if target else None

    def goes_on(self, span: Span) -> bool:
        """Whether a span is of the link that was put down last: no cue or mark in it parts it."""
        return self.last is not None and self.last[0] == span.target

    def add(self, node: Node, span: Span) -> None:
        """Puts a node into the link that a span has begun, or else behind the last node."""
        append(self.last[1] if self.last and self.goes_on(span) else self.into, node)

    def call(self, call: ET.Element) -> None:
        """Keeps the call of a note for the next place where it may stand."""
        self.calls.append(call)

    def leave_out(self) -> None:
        """Takes away the blank before words that are left out, until a blank is needed again."""
        if self.calls or not self.begun:
            return
        last = self.into[-1] if len(self.into) else None
        before = (last.tail if last is not None else self.into.text) or ""
        self.needs_blank = before.endswith(" ")
        if last is not None:
            last.tail = before.removesuffix(" ")
        else:
            self.into.text = before.removesuffix(" ")

    def _add_blank(self) -> None:
        if self.needs_blank:
            append(self.into, " ")
        self.needs_blank = False

    def end(self) -> None:
        """Closes the paragraph."""
        self.close()
        self._release()

    def _release(self) -> None:
        if not self.is_inside:
            for call in self.calls:
                self.paragraph.append(call)
            self.calls.clear()
