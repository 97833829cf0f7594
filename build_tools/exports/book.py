"""A transcript as a book: chapters, notes that open where they are called, and a glossary.

Links to pages outside it lead to the site's address, if that is known; ids are those of the site.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from uuid import NAMESPACE_URL, uuid5

from build_tools.exports.epub import Book, BookDocument, mark_language, render_cover
from build_tools.metadata.citation import find_licence, last_change
from build_tools.model.address import split_address
from build_tools.model.edition import UNKNOWN_LABEL, Mark, Span
from build_tools.model.glossary import Glossary
from build_tools.model.site import SiteIdentity
from build_tools.text.catalogue import site_language, tr
from build_tools.text.language import runs_right_to_left
from build_tools.text.urls import escape_target, from_top, on_web, page_address, relative_path
from build_tools.text.wording import one_line, render_date, render_moment, render_place
from build_tools.text.xml import Xml, block, element, join
from build_tools.transcript import statements
from build_tools.transcript.alignment import chapters_of_addresses
from build_tools.transcript.layout import LaidOutParagraph, Layout, Note, Run, join_runs

_GLOSSARY = "glossary.xhtml"
# Addresses that every reading program takes; a host in other letters is rare.
_WEB = re.compile(
    r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)*\.?(?::[0-9]{1,5})?(?:[/?#].*)?", re.IGNORECASE | re.DOTALL
)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Stands where a mark leaves words out; no text of an edition has this character.
_NOTHING = "\0"
_CALL = r"(?:<bdi>)?<sup><a\ [^<>]*>\d+</a></sup>(?:</bdi>)?"
_PLACE = r'<span\ id="[^"]*"\ />'
_STOPS = ".,;:!?…”)،؛؟"
_LEFT_OUT = re.compile(
    rf"""
    (?P<blank> [ ]? ) {_NOTHING} (?P<behind> (?: {_CALL} | {_PLACE} | {_NOTHING} )* )
    (?P<follows> (?= [^\s{_STOPS}] ) )?
    """,
    re.VERBOSE,
)
_CALLS = re.compile(rf"(?: {_CALL} | {_PLACE} )+ (?P<stops> [{_STOPS}]* )", re.VERBOSE)
_PLACES = re.compile(_PLACE, re.VERBOSE)


def make_transcript_book(layout: Layout, glossary: Glossary, masthead: SiteIdentity) -> Book:
    """A transcript as a book, with the entries that it names."""
    edition, writer = layout.transcript.edition, _BookWriter(layout, glossary, masthead)
    speakers = tuple(dict.fromkeys(filter(None, map(one_line, edition.speakers.values()))))
    # The name of a podcast is no event.
    occasion = ("" if edition.podcast else edition.event, render_date(edition.date))
    told, title = " · ".join(filter(None, occasion)), edition.title or edition.slug
    name = (masthead.url or f"{masthead.name}/") + page_address(edition.path)
    return Book(
        identifier=uuid5(NAMESPACE_URL, name).urn,
        title=writer.title,
        language=edition.lang,
        modified=render_moment(last_change(edition)),
        speakers=speakers,
        facts={
            "date": edition.published or edition.date,
            "description": one_line(edition.description),
            "publisher": one_line(masthead.name),
            "source": next(iter(writer.recordings), ""),
            "rights": writer.rights,
        },
        cover=render_cover(title, edition.lang, " · ".join(speakers), told, masthead.name),
        documents=tuple(writer.write_documents()),
    )


def _web_address(address: str) -> str:
    """An https address in the letters of a URI, to which a book is held; "" for any other."""
    return _as_uri(address) if _WEB.fullmatch(address) else ""


def _as_uri(address: str) -> str:
    before, sign, fragment = _STRAY_PERCENT.sub("%25", escape_target(address)).partition("#")
    return before + sign + fragment.replace("#", "%23")


def _close_gap(match: re.Match[str]) -> str:
    """Moves the blank before words that are left out behind their notes, or takes it away."""
    # A sign stays in its place, so that no note before the blank moves behind a stop.
    behind, needs_blank = match["behind"].replace(_NOTHING, ""), match["follows"] is not None
    return f"{_NOTHING if match['blank'] else ''}{behind}{match['blank'] * needs_blank}"


def _put_calls_last(match: re.Match[str]) -> str:
    """Puts calls of notes behind the places of cues and the punctuation that follow them."""
    calls = _PLACES.sub("", match[0].removesuffix(match["stops"]))
    return "".join((*_PLACES.findall(match[0]), match["stops"], calls))


class _BookWriter:
    """Writes the documents of a book; its links lead into the book where they can."""

    def __init__(self, layout: Layout, glossary: Glossary, masthead: SiteIdentity) -> None:
        self.layout, self.url, self.by_slug = layout, masthead.url, glossary.by_slug
        self.edition = edition = layout.transcript.edition
        self.title = one_line(edition.title) or edition.slug
        addresses = (on_web(one.address, masthead.url) for one in edition.recording)
        self.recordings = tuple(filter(None, map(_web_address, addresses)))
        self.language = mark_language(edition.lang)
        # The direction of what the editor says, in the transcript's language or the site's.
        self.either = "auto" if self.language else ""
        self.speakers = [(name, glossary.by_term.get(name)) for name in edition.speakers.values()]
        named = {mention.entry for mention in layout.findings.mentions}
        named.update(entry.slug for _, entry in self.speakers if entry)
        entries = (self.by_slug[slug] for slug in named)
        self.entries = sorted(entries, key=lambda entry: (entry.term.casefold(), entry.slug))
        # Each address of the transcript and its entries on the site, and its place in the book.
        self.places = {edition.path: self._path("title")}
        for address, chapter in chapters_of_addresses(layout.transcript).items():
            document = self._path(f"chapter-{chapter + 1}")
            self.places[f"{edition.path}#{address}"] = f"{document}#{address}"
        self.places |= {one.path: f"{_GLOSSARY}#{one.slug}" for one in self.entries}
        # For each note the places that call it, in the order of its number.
        self.calls_of: list[list[str]] = [[] for _ in layout.notes]
        self.calls = 0
        # The path of the document that is being written.
        self.here = ""
        licence, licence_url = one_line(masthead.licence), find_licence(masthead.licence)
        told = (
            "The annotations are licensed {licence}; the transcripts belong to their speakers and "
            "publishers."
        )
        self.rights = tr(told, licence=licence + (f" ({licence_url})" if licence_url else ""))

    def _path(self, name: str) -> str:
        return f"{self.edition.slug}/{name}.xhtml"

    def _find(self, address: str) -> str:
        """The target of a link to an address of the site or the web, or "" if it leads nowhere."""
        if address.startswith("https://"):
            return _web_address(address)
        path, _, anchor = address.partition("#")
        line = f"{path}#{split_address(anchor)[0]}"
        place = self.places.get(address) or self.places.get(line) or self.places.get(path)
        if place:
            return relative_path(self.here, place)
        return self.url + _as_uri(page_address(path, anchor)) if self.url else ""

    def _link(self, address: str, inside: str) -> Xml:
        """A link, or plain words where it would lead nowhere."""
        found = self._find(address)
        return element("a" if found else "span", {"href": found}, inside)

    def _plain(self, spans: Sequence[Span]) -> Xml:
        """Spans without marks: the text of introductions, summaries and reasons."""
        nodes: list[str] = []
        for span in spans:
            node: str = element("em", {}, span.said) if span.emphasis else span.said
            target = span.target and from_top(span.target, self.edition.path)
            nodes.append(self._link(target, node) if target else node)
        if nodes and not isinstance(nodes[-1], Xml):
            nodes[-1] = nodes[-1].rstrip()
        return join(nodes)

    def write_documents(self) -> Iterator[BookDocument]:
        """The title page, introduction, chapters, notes and glossary, in the order of reading."""
        lang = site_language()
        self.here = self._path("title")
        # Contents without a line would be none.
        titled = any(chapter.title for chapter in self.edition.chapters)
        yield BookDocument(self.here, self.title, lang, self._write_opening(), listed=not titled)
        if self.edition.introduction:
            self.here, title = self._path("introduction"), tr("Introduction")
            spans = (paragraph.spans for paragraph in self.edition.introduction)
            blocks = [element("p", {"dir": self.either}, self._plain(one)) for one in spans]
            blocks.insert(0, element("h2", {"id": "introduction"}, title))
            section = _section("introduction", "introduction", *blocks)
            yield BookDocument(self.here, title, lang, section)
        for number, name in enumerate(self.layout.transcript.chapter_ids):
            self.here = self._path(f"chapter-{number + 1}")
            title = one_line(self.edition.chapters[number].title)
            section = self._write_chapter(number, name, title)
            shown = title or self.title
            yield BookDocument(self.here, shown, self.edition.lang, section, bool(title))
        if self.layout.notes:
            self.here, title = self._path("notes"), tr(statements.NOTES_TITLE)
            attributes = {"epub:type": "footnotes", "aria-labelledby": "notes", "class": "notes"}
            heading = element("h2", {"id": "notes"}, title)
            section = block("section", attributes, heading, *map(self._note, self.layout.notes))
            yield BookDocument(self.here, title, lang, section)
        if self.entries:
            yield BookDocument(_GLOSSARY, tr("Glossary"), lang, self._write_glossary())

    def _write_opening(self) -> Xml:
        edition, layout = self.edition, self.layout
        links = (self._link(one.path, name) if one else name for name, one in self.speakers)
        proof = "".join(part.text for part in statements.state_making(layout))
        claims = statements.state_claims(layout.transcript, layout.findings.coverage)
        facts, small, own = {"class": "facts"}, {"class": "small"}, self.language
        told: list[tuple[dict[str, str], str]] = [
            (facts | own, one_line(edition.event)),
            (facts, render_date(edition.date)),
            (facts | own, join(links, ", ")),
            ({"class": "lead"} | own, edition.description),
            ({"class": "proof"}, proof),
            (small, claims),
        ]
        told += ((small, f"{one}: {text}") for one, text in statements.list_facts(edition).items())
        addresses = [(tr("Recording"), address) for address in self.recordings]
        if self.url:
            addresses.append((tr("On the web"), self.url + page_address(edition.path)))
        for label, address in addresses:
            told.append((small, join((f"{label}: ", element("a", {"href": address}, address)))))
        told += [(small, statements.state_version(edition)), (small, self.rights)]
        blocks = (element("p", attributes, text) for attributes, text in told if text)
        title = element("h1", own, self.title)
        return block("section", {"epub:type": "titlepage", "class": "opening"}, title, *blocks)

    def _write_chapter(self, number: int, name: str, title: str) -> Xml:
        blocks = [element("h2", {"id": name}, title)] if title else []
        if summary := self.edition.chapters[number].summary:
            attributes = {"class": "summary", "dir": self.either}
            blocks.append(element("p", attributes, self._plain(summary)))
        blocks += map(self._write_paragraph, self.layout.chapter(number))
        return _section("chapter", name if title else "", *blocks)

    def _write_paragraph(self, paragraph: LaidOutParagraph) -> Xml:
        cue, address = paragraph.cue, paragraph.address
        opening: list[str] = []
        if paragraph.shows_speaker:
            name = element("b", {"class": "speaker"}, paragraph.place.speaker or tr(UNKNOWN_LABEL))
            opening += [name, *map(self._call, paragraph.notes), " "]
        if paragraph.shows_speaker and cue:
            # The time or line of a turn, as a link if the site's address is configured.
            href = self.url and self.url + page_address(self.edition.path, address)
            at, shown = {"class": "at", "href": href}, render_place(cue.start, address)
            opening += [element("a" if href else "span", at, shown), " "]
        words = _LEFT_OUT.sub(_close_gap, "".join(self._write_words(join_runs(paragraph.runs))))
        words = Xml(_CALLS.sub(_put_calls_last, words).replace(_NOTHING, ""))
        style = "turn" if paragraph.shows_speaker or paragraph.opens_chapter else "on"
        attributes = {"class": style, "id": address if paragraph.has_address else ""}
        return element("p", attributes, *opening, words)

    def _write_words(self, runs: Iterable[Run]) -> Iterator[str]:
        """The words of a paragraph; calls of notes stand behind links: no link may hold another."""
        for (mention, target), group in groupby(runs, attrgetter("mention", "span.target")):
            inside = list(group)
            # A link begins with words, not with a place or with words that are left out.
            while inside and not ((mention or target) and inside[0].said):
                run = inside.pop(0)
                yield from (_write_places(run), _write_run(run), *map(self._call, run.notes))
            if inside:
                yield _write_places(inside[0])
                rest = (_write_places(run) + _write_run(run) for run in inside[1:])
                words = Xml("".join((_write_run(inside[0]), *rest)))
                if mention:
                    kind = {"class": "term", "epub:type": "glossref", "role": "doc-glossref"}
                    href = self._find(self.by_slug[mention.entry].path)
                    yield element("a", kind | {"href": href}, words)
                else:
                    yield self._link(from_top(target, self.edition.path), words)
            yield from (self._call(note) for run in inside for note in run.notes)

    def _call(self, note: Note) -> Xml:
        """The sign in the text that opens a note."""
        self.calls += 1
        call = f"call-{self.calls}"
        self.calls_of[note.number - 1].append(f"{self.here}#{call}")
        href = relative_path(self.here, f"{self._path('notes')}#note-{note.number}")
        attributes = {"epub:type": "noteref", "role": "doc-noteref", "id": call, "href": href}
        sign = element("sup", {}, element("a", attributes, str(note.number)))
        # A figure joins the letters before it and would stand on their wrong side.
        return element("bdi", {}, sign) if runs_right_to_left(self.edition.lang) else sign

    def _note(self, note: Note) -> Xml:
        calls = self.calls_of[note.number - 1]
        first, *others = (relative_path(self.here, call) for call in calls)
        back = {"role": "doc-backlink"}
        opening = element("a", back | {"href": first, "class": "number"}, str(note.number))
        nodes = [opening, " ", *self._explain(note)]
        for number, call in enumerate(others, 2):
            attributes = {"href": call, "aria-label": tr("Call {number}", number=number)}
            nodes += [" ", element("a", back | attributes, f"↩{number}")]
        attributes = {"epub:type": "footnote", "role": "doc-footnote", "id": f"note-{note.number}"}
        return block("aside", attributes, element("p", {}, *nodes))

    def _explain(self, note: Note) -> Iterator[str]:
        yield from (element("b", {}, statements.name_note(note)), " · ")
        if hearing := statements.describe_hearing(note):
            yield from (*map(self._write_part, hearing), " · ")
        said = self._plain(note.footnote.reason) if note.footnote else note.question
        # The editor's words in a line of the site's own, apart where directions may differ.
        yield element("bdi", {}, said) if self.either else said
        asked = statements.ask_answer()
        if not note.footnote and self._find(asked.target):
            yield from (" ", self._write_part(asked))

    def _write_part(self, part: statements.Part) -> str:
        if part.struck:
            struck = element("bdi", self.language, part.text) if self.language else part.text
            return element("del", {}, struck)
        return self._link(part.target, part.text) if part.target else part.text

    def _write_glossary(self) -> Xml:
        """The entries with their short texts; each leads to its page, which says more."""
        entries: list[Xml] = []
        for entry in self.entries:
            term = element("dfn", {}, entry.term)
            if self.url:
                term = element("a", {"href": self.url + page_address(entry.path)}, term)
            entries += [element("dt", {"id": entry.slug}, term), element("dd", {}, entry.short)]
        heading = element("h1", {"id": "glossary"}, tr("Glossary"))
        return _section("glossary", "glossary", heading, block("dl", {}, *entries))


def _section(kind: str, heading: str, *blocks: Xml) -> Xml:
    """A section of a kind that EPUB knows, named by the heading with an id."""
    role = {"epub:type": kind, "role": f"doc-{kind}", "aria-labelledby": heading}
    role["class"] = "introduction" if kind == "introduction" else ""
    return block("section", role, *blocks)


def _write_places(run: Run) -> str:
    ids = (placed.cue.address for placed in run.cues if placed.needs_id)
    return "".join(element("span", {"id": name}) for name in ids)


def _write_run(run: Run) -> Xml:
    """The words of a run, without its link and its notes."""
    span = run.span
    if span.non_speech:
        return element("span", {"class": "non-speech"}, run.shown)
    if not run.said:
        return Xml(_NOTHING if span.mark is Mark.CHANGE else "")
    words = join([run.said])
    if span.mark is Mark.CHANGE:
        words = element("ins", {"class": "conjecture" if run.conjecture else ""}, words)
    elif span.mark is Mark.DOUBT:
        words = element("span", {"class": "doubt"}, words)
    return element("em", {}, words) if span.emphasis else words
