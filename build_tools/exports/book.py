"""Transcripts as a book: chapters, notes that open where they are called, and a glossary.

A book has the places of the site, under the same ids; links to what is not in it lead to the site,
where anybody knows its address, and are plain words where nobody does.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from build_tools.exports.cover import Cover, render_cover
from build_tools.exports.epub import (
    Book,
    Document,
    Heading,
    Landmark,
    Node,
    append,
    block,
    element,
    in_tongue,
    relative,
)
from build_tools.metadata.licences import find_licence
from build_tools.model.edition import Edition, Mark, Paragraph, Span
from build_tools.model.glossary import Entry, Reference
from build_tools.model.site import SITE_LANGUAGE, SiteIdentity
from build_tools.model.source import Cue
from build_tools.model.transcript import Findings, Mention, Transcript
from build_tools.text.language import runs_right_to_left
from build_tools.text.urls import from_top, page_address
from build_tools.text.wording import (
    one_line,
    render_address,
    render_count,
    render_date,
    render_moment,
    render_share,
)
from build_tools.transcript.layout import LaidOutParagraph, Note, Run, join_clean, lay_out

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
    """What books are made from besides transcripts: the entries by slug and by term, the site."""

    by_slug: Mapping[str, Entry]
    by_term: Mapping[str, Entry]
    masthead: SiteIdentity


def make_transcript_book(transcript: Transcript, findings: Findings, shelf: BookEntries) -> Book:
    """A transcript as a book, with the entries that it names."""
    edition = transcript.edition
    named = {mention.entry for mention in findings.mentions}
    named.update(
        shelf.by_term[name].slug for name in edition.speakers.values() if name in shelf.by_term
    )
    talk = _BookTranscript(transcript, findings, edition.slug)
    entries = [shelf.by_slug[slug] for slug in named]
    writer = _Writer([talk], entries, shelf)
    written = writer.write_talk(talk)
    glossary = writer.write_glossary()
    return Book(
        identifier=_identify(shelf.masthead, page_address(edition.path)),
        title=one_line(edition.title) or edition.slug,
        languages=(edition.lang,),
        modified=render_moment(_last_change(edition)),
        date=edition.published or edition.date,
        speakers=_names([transcript]),
        description=one_line(edition.description),
        publisher=one_line(shelf.masthead.name),
        source=_web_address(edition.recording),
        rights=_say_rights(shelf.masthead),
        style=STYLE,
        cover=render_cover(_make_cover(transcript, shelf.masthead)),
        documents=(*written.documents, *glossary.documents),
        contents=(*written.heading.inside, *glossary.headings),
        landmarks=_landmarks(written.documents, glossary),
    )


def make_collection_book(found: Iterable[tuple[Transcript, Findings]], shelf: BookEntries) -> Book:
    """All transcripts as one book, the oldest first, with the whole glossary."""
    masthead = shelf.masthead
    talks = [
        _BookTranscript(transcript, findings, transcript.edition.slug)
        for transcript, findings in sorted(
            found, key=lambda item: (item[0].edition.date, item[0].edition.slug)
        )
    ]
    transcripts = [talk.transcript for talk in talks]
    writer = _Writer(talks, shelf.by_slug.values(), shelf)
    written = [writer.write_talk(talk) for talk in talks]
    glossary = writer.write_glossary()
    title = writer.write_title_page(talks)
    documents = [document for talk in written for document in talk.documents]
    # Contents without a line would be none.
    contents = (*(talk.heading for talk in written), *glossary.headings) or (
        Heading(title.title, title.path, SITE_LANGUAGE),
    )
    changes = [_last_change(transcript.edition) for transcript in transcripts]
    return Book(
        identifier=_identify(masthead, "data/collection.epub"),
        title=one_line(masthead.name) or "Transcripts",
        languages=tuple(
            dict.fromkeys([SITE_LANGUAGE, *(talk.edition.lang for talk in transcripts)])
        ),
        modified=max(map(render_moment, changes), default=render_moment("1970")),
        date=max(changes, default=""),
        speakers=_names(transcripts),
        description=one_line(masthead.description),
        publisher=one_line(masthead.name),
        source=masthead.url,
        rights=_say_rights(masthead),
        style=STYLE,
        cover=render_cover(Cover(masthead.name, SITE_LANGUAGE, masthead.description)),
        documents=(title, *documents, *glossary.documents),
        contents=contents,
        landmarks=_landmarks((title, *documents), glossary),
    )


def _make_cover(transcript: Transcript, masthead: SiteIdentity) -> Cover:
    edition = transcript.edition
    # The name of a podcast is no event.
    facts = ("" if edition.podcast else edition.event, render_date(edition.date))
    return Cover(
        edition.title or edition.slug,
        edition.lang,
        " · ".join(_names([transcript])),
        " · ".join(filter(None, facts)),
        masthead.name,
    )


def _say_rights(masthead: SiteIdentity) -> str:
    licence = find_licence(masthead.licence)
    said = f"{licence.name} ({licence.url})" if licence.url else licence.name
    return (
        f"The annotations are licensed {said}; "
        "the transcripts belong to their speakers and publishers."
    )


def _identify(masthead: SiteIdentity, path: str) -> str:
    return uuid5(NAMESPACE_URL, (masthead.url or f"{masthead.name}/") + path).urn


def _last_change(edition: Edition) -> str:
    return edition.updated or edition.published or edition.date


def _names(transcripts: Iterable[Transcript]) -> tuple[str, ...]:
    """The full names of all who speak, each once."""
    names = (
        one_line(name)
        for transcript in transcripts
        for name in transcript.edition.speakers.values()
    )
    return tuple(dict.fromkeys(name for name in names if name))


def _landmarks(documents: Sequence[Document], glossary: _Glossary) -> tuple[Landmark, ...]:
    title, *rest = documents
    marks = [Landmark("titlepage", "Title page", title.path)]
    marks += [Landmark("bodymatter", "Beginning", document.path) for document in rest[:1]]
    marks += [Landmark("glossary", "Glossary", file.path) for file in glossary.documents[:1]]
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


# Talks ------------------------------------------------------------------------------------------


class _BookTranscript:
    """A transcript with what its documents are called and which address stands in which of them."""

    def __init__(self, transcript: Transcript, findings: Findings, folder: str) -> None:
        self.transcript = transcript
        self.edition = transcript.edition
        self.findings = findings
        self.folder = folder
        self.layout = lay_out(transcript, findings)

    def path(self, name: str) -> str:
        """The path of one of its documents."""
        return f"{self.folder}/{name}"

    def chapter_path(self, number: int) -> str:
        """The path of a chapter."""
        return self.path(f"chapter-{number + 1}.xhtml")

    def places(self) -> Iterator[tuple[str, str]]:
        """Each of its addresses on the site, and where that is in the book."""
        yield self.edition.path, self.path(_TITLE_PAGE)
        ends = [paragraph.end_word for paragraph in self.transcript.paragraphs]
        for word, cue in self.transcript.source.first_words().items():
            chapter = self.transcript.paragraphs[bisect_right(ends, word)].chapter
            place = f"{self.chapter_path(chapter)}#{cue.address}"
            yield f"{self.edition.path}#{cue.address}", place


class _Written(NamedTuple):
    """What is written of a talk, and its line in the contents with what is below it."""

    documents: tuple[Document, ...]
    heading: Heading


class _Glossary(NamedTuple):
    """The files of the glossary, and their lines in the contents."""

    documents: tuple[Document, ...]
    headings: tuple[Heading, ...]


class _Writer:
    """Writes the documents of a book, in which a link finds what the book holds."""

    def __init__(
        self, talks: Iterable[_BookTranscript], entries: Iterable[Entry], shelf: BookEntries
    ) -> None:
        self.shelf = shelf
        self.entries = sorted(entries, key=lambda entry: (entry.term.casefold(), entry.slug))
        self.places = {address: place for talk in talks for address, place in talk.places()}
        self.places |= {
            entry.path: f"glossary-{number // _ENTRIES_IN_FILE + 1}.xhtml#{entry.slug}"
            for number, entry in enumerate(self.entries)
        }

    def find(self, here: str, target: str, written_in: str = "") -> str:
        """Where a link leads that stands in a document of the book, or "" for nowhere."""
        if target.startswith("https://"):
            return _web_address(target)
        address = from_top(target, written_in)
        path, _, anchor = address.partition("#")
        place = self.places.get(address) or self.places.get(path)
        if place:
            return relative(here, place)
        url = self.shelf.masthead.url
        return url + _as_uri(page_address(path, anchor)) if url else ""

    def link(self, here: str, target: str, *inside: Node, written_in: str = "") -> ET.Element:
        """A link, or plain words where it would lead nowhere."""
        found = self.find(here, target, written_in)
        return element("a", {"href": found}, *inside) if found else element("span", {}, *inside)

    def plain(self, here: str, written_in: str, spans: Iterable[Span]) -> list[Node]:
        """Spans without marks: what the editor says in introductions, summaries and reasons."""
        nodes: list[Node] = []
        for span in spans:
            node: Node = element("em", {}, span.said) if span.emphasis else span.said
            if span.target:
                node = self.link(here, span.target, node, written_in=written_in)
            nodes.append(node)
        if nodes and isinstance(nodes[-1], str):
            nodes[-1] = nodes[-1].rstrip()
        return nodes

    # Talks

    def write_talk(self, talk: _BookTranscript) -> _Written:
        """The documents of a talk: its title page, introduction, chapters and notes."""
        edition = talk.edition
        opening = self._write_opening(talk)
        documents = [opening]
        headings = []
        if edition.introduction:
            documents.append(self._write_introduction(talk))
            headings.append(Heading("Introduction", documents[-1].path, SITE_LANGUAGE))
        chapters = _Chapters(self, talk)
        for number, chapter in enumerate(chapters.write()):
            documents.append(chapter)
            title = one_line(edition.chapters[number].title)
            if title:
                place = f"{chapter.path}#{talk.transcript.chapter_ids[number]}"
                headings.append(Heading(title, place, edition.lang))
        notes = chapters.write_notes()
        if notes:
            documents.append(notes)
            headings.append(Heading("Corrections and notes", notes.path, SITE_LANGUAGE))
        # Contents without a line would be none.
        inside = tuple(headings) or (Heading(opening.title, opening.path, edition.lang),)
        return _Written(
            tuple(documents), Heading(opening.title, opening.path, edition.lang, inside)
        )

    def _write_opening(self, talk: _BookTranscript) -> Document:
        edition = talk.edition
        here, tongue = talk.path(_TITLE_PAGE), in_tongue(edition.lang)
        title = one_line(edition.title) or edition.slug
        blocks = [element("h1", tongue, title)]
        event = one_line(edition.event)
        if event:
            blocks.append(element("p", {"class": "facts", **tongue}, event))
        blocks.append(element("p", {"class": "facts"}, render_date(edition.date)))
        if edition.speakers:
            blocks.append(self._write_speakers(here, edition))
        if edition.description:
            blocks.append(element("p", {"class": "lead", **tongue}, edition.description))
        blocks.append(element("p", {"class": "proof"}, _prove(talk.transcript, talk.findings)))
        recording = _web_address(edition.recording)
        web = self.shelf.masthead.url and self.shelf.masthead.url + page_address(edition.path)
        for label, address in (("Recording", recording), ("On the web", web)):
            if address:
                shown = element("a", {"href": address}, address)
                blocks.append(element("p", {"class": "small"}, f"{label}: ", shown))
        blocks.append(element("p", {"class": "small"}, _say_rights(self.shelf.masthead)))
        kind = {"epub:type": "titlepage", "class": "opening"}
        return Document(here, title, SITE_LANGUAGE, (block("section", kind, *blocks),))

    def _write_speakers(self, here: str, edition: Edition) -> ET.Element:
        line = element("p", {"class": "facts", **in_tongue(edition.lang)})
        for number, (_, name) in enumerate(edition.speakers.items()):
            append(line, ", " if number else "")
            entry = self.shelf.by_term.get(name)
            append(line, self.link(here, entry.path, name) if entry else name)
        return line

    def _write_introduction(self, talk: _BookTranscript) -> Document:
        edition = talk.edition
        here = talk.path("introduction.xhtml")
        heading = element("h2", {"id": "introduction"}, "Introduction")
        paragraphs = self._write_paragraphs(here, edition.path, edition.introduction, edition.lang)
        attributes = {
            "epub:type": "introduction",
            "role": "doc-introduction",
            "aria-labelledby": "introduction",
            "class": "introduction",
        }
        section = block("section", attributes, heading, *paragraphs)
        return Document(here, "Introduction", SITE_LANGUAGE, (section,))

    def _write_paragraphs(
        self, here: str, written_in: str, paragraphs: Iterable[Paragraph], lang: str
    ) -> list[ET.Element]:
        direction = "" if lang == SITE_LANGUAGE else "auto"
        return [
            element("p", {"dir": direction}, *self.plain(here, written_in, paragraph.spans))
            for paragraph in paragraphs
        ]

    # The collection

    def write_title_page(self, talks: Sequence[_BookTranscript]) -> Document:
        """The title page of a collection."""
        masthead = self.shelf.masthead
        title = one_line(masthead.name) or "Transcripts"
        words = sum(len(talk.transcript.source.words) for talk in talks)
        corrections = sum(len(talk.findings.corrections) for talk in talks)
        proof = (
            f"{render_count(len(talks), 'transcript')}: {render_count(words, 'word')} of the "
            f"recogniser, {render_count(corrections, 'correction')}. {_UNCHANGED}"
        )
        blocks = [element("h1", {}, title)]
        if masthead.description:
            blocks.append(element("p", {"class": "lead"}, masthead.description))
        blocks.append(element("p", {"class": "proof"}, proof))
        if masthead.url:
            shown = element("a", {"href": masthead.url}, masthead.url)
            blocks.append(element("p", {"class": "small"}, "On the web: ", shown))
        blocks.append(element("p", {"class": "small"}, _say_rights(self.shelf.masthead)))
        kind = {"epub:type": "titlepage", "class": "opening"}
        return Document(_TITLE_PAGE, title, SITE_LANGUAGE, (block("section", kind, *blocks),))

    # The glossary

    def write_glossary(self) -> _Glossary:
        """The entries by their first letter, in files that a small reader can hold."""
        parts = [
            self.entries[begin : begin + _ENTRIES_IN_FILE]
            for begin in range(0, len(self.entries), _ENTRIES_IN_FILE)
        ]
        documents = [
            self._write_part(number, part, len(parts)) for number, part in enumerate(parts, 1)
        ]
        lines = tuple(Heading(part.title, part.path, SITE_LANGUAGE) for part in documents)
        if len(lines) > 1:
            lines = (Heading("Glossary", lines[0].path, SITE_LANGUAGE, lines),)
        return _Glossary(tuple(documents), lines)

    def _write_part(self, number: int, entries: Sequence[Entry], parts: int) -> Document:
        here = f"glossary-{number}.xhtml"
        title = "Glossary"
        if parts > 1:
            first, last = (one_line(entry.term)[:1].upper() for entry in (entries[0], entries[-1]))
            title += f", {first} to {last}"
        heading = element("h1", {"id": "glossary"}, title)
        entry_blocks = [node for entry in entries for node in self._write_entry(here, entry)]
        attributes = {
            "epub:type": "glossary",
            "role": "doc-glossary",
            "aria-labelledby": "glossary",
        }
        section = block("section", attributes, heading, block("dl", {}, *entry_blocks))
        return Document(here, title, SITE_LANGUAGE, (section,))

    def _write_entry(self, here: str, entry: Entry) -> tuple[ET.Element, ET.Element]:
        term = element("dt", {"id": entry.slug}, element("dfn", {}, entry.term))
        blocks = [
            element("p", {"class": "short"}, entry.short),
            *self._write_paragraphs(here, entry.path, entry.body, SITE_LANGUAGE),
        ]
        if entry.also:
            forms = ", ".join(f"“{one_line(form)}”" for form in entry.also)
            blocks.append(element("p", {"class": "small"}, f"Also said as {forms}."))
        # A name of no entry is a problem of its own; it is found when all entries are looked at.
        others = [self.shelf.by_term[name] for name in entry.see if name in self.shelf.by_term]
        if others:
            line = element("p", {"class": "small"}, "See also ")
            for number, other in enumerate(others):
                append(line, ", " if number else "", self.link(here, other.path, other.term))
            append(line, ".")
            blocks.append(line)
        if entry.sources:
            line = element("p", {"class": "small"}, "Sources: ")
            for number, reference in enumerate(entry.sources):
                append(line, "; " if number else "", *self._write_reference(here, reference))
            append(line, ".")
            blocks.append(line)
        return term, block("dd", {}, *blocks)

    def _write_reference(self, here: str, reference: Reference) -> Iterator[Node]:
        if reference.author:
            yield f"{reference.author}, "
        title = element("cite", {}, reference.title)
        yield self.link(here, reference.url, title) if reference.url else title
        for fact in (reference.publisher, render_date(reference.date) if reference.date else ""):
            if fact:
                yield f", {fact}"


_UNCHANGED = "Apart from the marked corrections not one word was changed."


def _prove(transcript: Transcript, findings: Findings) -> str:
    edition, source = transcript.edition, transcript.source
    conjectures = sum(correction.conjecture for correction in findings.corrections)
    among = f" ({render_count(conjectures, 'conjecture')} among them)" if conjectures else ""
    read = "Nobody has read it against the recording yet."
    if findings.coverage.words:
        readers = ", ".join(
            f"{review.by} ({render_date(review.date)})" for review in edition.reviewed
        )
        share = render_share(findings.coverage.words, len(source.words))
        read = f"{share} of it has been read against the recording: {readers}."
    return (
        f"{render_count(len(source.words), 'word')} of the recogniser, "
        f"{render_count(len(findings.corrections), 'correction')}{among}, "
        f"{render_count(len(findings.doubts), 'open doubt')}. "
        f"{_UNCHANGED} {read} {edition.source.note}"
    )


# Chapters and notes -----------------------------------------------------------------------------


class _Chapters:
    """Writes the chapters of a talk from top to bottom, and its notes behind them."""

    def __init__(self, writer: _Writer, talk: _BookTranscript) -> None:
        self.writer = writer
        self.talk = talk
        self.transcript = talk.transcript
        self.edition = talk.edition
        self.notes_path = talk.path("notes.xhtml")
        # For each note the places that call it, in the order of its number.
        self.calls_of: list[list[str]] = [[] for _ in talk.layout.notes]
        self.here = ""
        self.calls = 0

    def write(self) -> Iterator[Document]:
        """Every chapter, in order."""
        for number, chapter in enumerate(self.edition.chapters):
            self.here = self.talk.chapter_path(number)
            section = self._open_chapter(number)
            for paragraph in self.talk.layout.chapter(number):
                written = self._write_paragraph(paragraph)
                written.tail = "\n"
                section.append(written)
            title = one_line(chapter.title) or one_line(self.edition.title) or self.edition.slug
            yield Document(self.here, title, self.edition.lang, (section,))

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
        attributes = {
            "epub:type": "chapter",
            "role": "doc-chapter",
            "aria-labelledby": name if title else "",
        }
        return block("section", attributes, *blocks)

    @property
    def _either(self) -> str:
        """The direction of what the editor says, in the talk's language or the site's."""
        return "" if self.edition.lang == SITE_LANGUAGE else "auto"

    def _isolate(self, nodes: Sequence[Node]) -> Sequence[Node]:
        """What the editor says, within a line of the site's."""
        return [element("bdi", {}, *nodes)] if self._either else nodes

    def _write_paragraph(self, paragraph: LaidOutParagraph) -> ET.Element:
        cue = paragraph.cue
        own = cue.address if cue and paragraph.has_address else ""
        opens = paragraph.shows_speaker or paragraph.opens_chapter
        written = element("p", {"class": "turn" if opens else "on", "id": own})
        if paragraph.shows_speaker:
            append(written, element("b", {"class": "speaker"}, paragraph.place.speaker), " ")
            if cue:
                append(written, self._clock(cue), " ")
        self._write_words(written, join_clean(paragraph.runs))
        return written

    def _clock(self, cue: Cue) -> ET.Element:
        """When a turn begins, or in which line; where the site's address is known, a link to it."""
        shown = render_address(cue.start, cue.address).rpartition(" ")[2]
        url = self.writer.shelf.masthead.url
        if not url:
            return element("span", {"class": "at"}, shown)
        href = url + page_address(self.edition.path, cue.address)
        return element("a", {"class": "at", "href": href}, shown)

    def _write_words(self, paragraph: ET.Element, runs: Iterable[Run]) -> None:
        """Fills a paragraph; a link to the glossary holds no sign of a note, as no link may."""
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
        entry = self.writer.shelf.by_slug[mention.entry]
        href = self.writer.find(self.here, entry.path)
        return element(
            "a",
            {"class": "term", "epub:type": "glossref", "role": "doc-glossref", "href": href},
        )

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
            line.hold(self._call(note))

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
        href = relative(self.here, f"{self.notes_path}#note-{note.number}")
        attributes = {"epub:type": "noteref", "role": "doc-noteref", "id": call, "href": href}
        sign = element("sup", {}, element("a", attributes, str(note.number)))
        # A figure joins the letters before it and would stand on their wrong side.
        return element("bdi", {}, sign) if runs_right_to_left(self.edition.lang) else sign

    def _explain(self, note: Note) -> list[Node]:
        if not note.footnote:
            return self._ask(note.question)
        sure = ", conjecture" if note.footnote.conjecture else ""
        kind = note.footnote.kind.label
        nodes: list[Node] = [element("b", {}, f"{kind}{sure}"), " · "]
        if note.footnote.kind.is_correction:
            tongue = in_tongue(self.edition.lang)
            struck = element(
                "del", {}, element("bdi", tongue, note.heard) if tongue else note.heard
            )
            if not note.heard:
                nodes.append("not in the recogniser’s text · ")
            elif note.said:
                nodes += ["heard as ", struck, " · "]
            else:
                nodes += ["the recogniser’s ", struck, " left out · "]
        reason = self.writer.plain(self.notes_path, self.edition.path, note.footnote.reason)
        return [*nodes, *self._isolate(reason)]

    def _ask(self, question: str) -> list[Node]:
        nodes: list[Node] = [element("b", {}, "Doubt"), " · ", *self._isolate([question])]
        place = self.writer.find(self.notes_path, "doubts.md")
        if place:
            nodes += [" ", element("a", {"href": place}, "Do you know?")]
        return nodes

    def write_notes(self) -> Document | None:
        """The notes of all chapters, in the order in which they are called; None for no note."""
        if not self.talk.layout.notes:
            return None
        title = "Corrections and notes"
        heading = element("h2", {"id": "notes"}, title)
        notes = map(self._write_note, self.talk.layout.notes)
        attributes = {
            "epub:type": "footnotes",
            "aria-labelledby": "notes",
            "class": "notes",
        }
        section = block("section", attributes, heading, *notes)
        return Document(self.notes_path, title, SITE_LANGUAGE, (section,))

    def _write_note(self, note: Note) -> ET.Element:
        paragraph = element("p")
        calls = self.calls_of[note.number - 1]
        first, *others = (relative(self.notes_path, call) for call in calls)
        back = {"role": "doc-backlink", "href": first, "class": "number"}
        append(paragraph, element("a", back, str(note.number)), " ", *self._explain(note))
        for number, call in enumerate(others, 2):
            attributes = {"role": "doc-backlink", "href": call, "aria-label": f"Call {number}"}
            append(paragraph, " ", element("a", attributes, f"↩{number}"))
        attributes = {
            "epub:type": "footnote",
            "role": "doc-footnote",
            "id": f"note-{note.number}",
        }
        return block("aside", attributes, paragraph)


def _marked(run: Run) -> Node:
    if run.span.mark is Mark.CHANGE:
        return element("ins", {"class": "conjecture" if run.conjecture else ""}, run.said)
    return (
        element("span", {"class": "doubt"}, run.said) if run.span.mark is Mark.DOUBT else run.said
    )


# Footnote signs stand behind the punctuation that follows them.
_STOPS = ".,;:!?…”)،؛؟"


class _Line:
    """The words of a paragraph as they are put together."""

    def __init__(self, paragraph: ET.Element) -> None:
        self.paragraph = paragraph
        self.into = paragraph
        self.held: list[ET.Element] = []
        self.begun = False
        self.owes_blank = False
        self.last: tuple[str, ET.Element] | None = None

    @property
    def is_inside(self) -> bool:
        """Whether a link is open."""
        return self.into is not self.paragraph

    def open(self, link: ET.Element) -> None:
        """What follows stands in a link, until it is closed."""
        self._release()
        self._pay()
        self.paragraph.append(link)
        self.into = link
        self.last = None

    def close(self) -> None:
        """What follows stands behind the link; so do the signs of notes in it."""
        self.into = self.paragraph

    def say(self, words: str) -> None:
        """Puts words down; signs of notes that wait go behind the stops they begin with."""
        rest = words.lstrip(_STOPS)
        if rest != words or words[:1].isspace():
            self.owes_blank = False
        if not self.is_inside and self.held:
            append(self.into, words.removesuffix(rest))
            self._release()
            words = rest
        self._pay()
        self.last = None
        append(self.into, words)
        self.begun = True

    def put(self, node: ET.Element, target: str = "") -> None:
        """Puts an element down; a link is remembered with its target, for more may go into it."""
        self._release()
        self._pay()
        self.into.append(node)
        self.begun = True
        self.last = (target, node) if target else None

    def goes_on(self, span: Span) -> bool:
        """Whether a span is of the link that was put down last: no cue or mark in it parts it."""
        return self.last is not None and self.last[0] == span.target

    def add(self, node: Node, span: Span) -> None:
        """Puts something into the link that a span has begun, or else behind what there is."""
        append(self.last[1] if self.last and self.goes_on(span) else self.into, node)

    def hold(self, call: ET.Element) -> None:
        """Keeps the sign of a note for the next place where it may stand."""
        self.held.append(call)

    def leave_out(self) -> None:
        """Takes away the blank before words that are left out, unless there is none behind them."""
        if self.held or not self.begun:
            return
        last = self.into[-1] if len(self.into) else None
        before = (last.tail if last is not None else self.into.text) or ""
        self.owes_blank = before.endswith(" ")
        if last is not None:
            last.tail = before.removesuffix(" ")
        else:
            self.into.text = before.removesuffix(" ")

    def _pay(self) -> None:
        if self.owes_blank:
            append(self.into, " ")
        self.owes_blank = False

    def end(self) -> None:
        """The paragraph is over."""
        self.close()
        self._release()

    def _release(self) -> None:
        if not self.is_inside:
            for call in self.held:
                self.paragraph.append(call)
            self.held.clear()
