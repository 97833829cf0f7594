"""A transcript as a book: chapters, notes that open where they are called, and a glossary.

A book has the addresses of the site under the same ids. A link to a page that is not in the book
leads to the site if the site's address is configured; otherwise it is plain words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from uuid import NAMESPACE_URL, uuid5

from build_tools.exports.cover import render_cover
from build_tools.exports.epub import Book, BookDocument, mark_language
from build_tools.metadata.citation import find_licence, last_change
from build_tools.model.address import split_address
from build_tools.model.edition import UNKNOWN_LABEL, Mark, Span
from build_tools.model.glossary import Entry, Glossary
from build_tools.model.site import SiteIdentity
from build_tools.model.transcript import Mention
from build_tools.text.catalogue import site_language, tr
from build_tools.text.language import runs_right_to_left
from build_tools.text.urls import escape_target, from_top, on_web, page_address, relative_path
from build_tools.text.wording import one_line, render_date, render_moment, render_place
from build_tools.text.xml import Xml, block, element, join
from build_tools.transcript import statements
from build_tools.transcript.alignment import chapters_of_addresses
from build_tools.transcript.layout import LaidOutParagraph, Layout, Note, Run, join_runs

_GLOSSARY = "glossary.xhtml"


def make_transcript_book(layout: Layout, glossary: Glossary, masthead: SiteIdentity) -> Book:
    """A transcript as a book, with the entries that it names."""
    edition = layout.transcript.edition
    writer = _BookWriter(layout, glossary, masthead)
    speakers = tuple(dict.fromkeys(filter(None, map(one_line, edition.speakers.values()))))
    # The name of a podcast is no event.
    occasion = ("" if edition.podcast else edition.event, render_date(edition.date))
    title, named = edition.title or edition.slug, " · ".join(speakers)
    return Book(
        identifier=uuid5(NAMESPACE_URL, (masthead.url or f"{masthead.name}/") + writer.page).urn,
        title=writer.title,
        language=edition.lang,
        modified=render_moment(last_change(edition)),
        speakers=speakers,
        facts={
            "date": edition.published or edition.date,
            "description": one_line(edition.description),
            "publisher": one_line(masthead.name),
            "source": next(iter(writer.recordings), ""),
            "rights": _say_rights(masthead),
        },
        cover=render_cover(
            title, edition.lang, named, " · ".join(filter(None, occasion)), masthead.name
        ),
        documents=tuple(writer.write_documents()),
    )


def _say_rights(masthead: SiteIdentity) -> str:
    url = find_licence(masthead.licence)
    licence = one_line(masthead.licence) + (f" ({url})" if url else "")
    told = (
        "The annotations are licensed {licence}; the transcripts belong to their speakers and "
        "publishers."
    )
    return tr(told, licence=licence)


# Links ------------------------------------------------------------------------------------------

# Addresses that every reading program takes; a host in other letters is rare.
_WEB = re.compile(
    r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)*\.?(?::[0-9]{1,5})?(?:[/?#].*)?", re.IGNORECASE | re.DOTALL
)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def _web_address(address: str) -> str:
    """An https address in the letters of a URI, or "" where it is none: a book is held to them.

    >>> _web_address("https://example.org/a b?100%"), _web_address("https://[x]/")
    ('https://example.org/a%20b?100%25', '')
    """
    return _as_uri(address) if _WEB.fullmatch(address) else ""


def _as_uri(address: str) -> str:
    before, sign, fragment = _STRAY_PERCENT.sub("%25", escape_target(address)).partition("#")
    return before + sign + fragment.replace("#", "%23")


# Words of a paragraph ---------------------------------------------------------------------------

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


def _close_gap(match: re.Match[str]) -> str:
    """Moves the blank before words that are left out behind their notes, or takes it away.

    A sign stays in its place, so that no note before the blank moves behind a stop.
    """
    behind, needs_blank = match["behind"].replace(_NOTHING, ""), match["follows"] is not None
    return f"{_NOTHING if match['blank'] else ''}{behind}{match['blank'] * needs_blank}"


def _put_calls_last(match: re.Match[str]) -> str:
    """Puts calls of notes behind the places of cues and the punctuation that follow them."""
    calls = _PLACES.sub("", match[0].removesuffix(match["stops"]))
    return "".join((*_PLACES.findall(match[0]), match["stops"], calls))


# Documents --------------------------------------------------------------------------------------


class _BookWriter:
    """Writes the documents of a book; its links lead into the book where they can."""

    def __init__(self, layout: Layout, glossary: Glossary, masthead: SiteIdentity) -> None:
        self.layout = layout
        self.edition = edition = layout.transcript.edition
        (self.by_slug, self.by_term), self.masthead = glossary, masthead
        self.title = one_line(edition.title) or edition.slug
        self.page = page_address(edition.path)
        addresses = (on_web(one.address, masthead.url) for one in edition.recording)
        self.recordings = tuple(filter(None, map(_web_address, addresses)))
        self.language = mark_language(edition.lang)
        # The direction of what the editor says, in the transcript's language or the site's.
        self.either = "auto" if self.language else ""
        speakers = (self.by_term.get(name) for name in edition.speakers.values())
        named = {mention.entry for mention in layout.findings.mentions}
        named.update(entry.slug for entry in speakers if entry)
        entries = (self.by_slug[slug] for slug in named)
        self.entries = sorted(entries, key=lambda entry: (entry.term.casefold(), entry.slug))
        self.places = dict(self._list_addresses())
        # For each note the places that call it, in the order of its number.
        self.calls_of: list[list[str]] = [[] for _ in layout.notes]
        self.calls = 0
        # The path of the document that is being written.
        self.here = ""

    def _list_addresses(self) -> Iterator[tuple[str, str]]:
        """Each address of the transcript and its entries on the site, and its place in the book."""
        yield self.edition.path, self._path("title")
        for address, chapter in chapters_of_addresses(self.layout.transcript).items():
            place = f"{self._path(f'chapter-{chapter + 1}')}#{address}"
            yield f"{self.edition.path}#{address}", place
        yield from ((one.path, f"{_GLOSSARY}#{one.slug}") for one in self.entries)

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
        url = self.masthead.url
        return url + _as_uri(page_address(path, anchor)) if url else ""

    def _link(self, address: str, inside: str) -> Xml:
        """A link, or plain words where it would lead nowhere."""
        found = self._find(address)
        return element("a", {"href": found}, inside) if found else element("span", {}, inside)

    def _from_top(self, target: str) -> str:
        return from_top(target, self.edition.path)

    def _plain(self, spans: Sequence[Span]) -> Xml:
        """Spans without marks: the text of introductions, summaries and reasons."""
        nodes: list[str] = []
        for span in spans:
            node: str = element("em", {}, span.said) if span.emphasis else span.said
            nodes.append(self._link(self._from_top(span.target), node) if span.target else node)
        if nodes and not isinstance(nodes[-1], Xml):
            nodes[-1] = nodes[-1].rstrip()
        return join(nodes)

    # The transcript

    def write_documents(self) -> Iterator[BookDocument]:
        """The title page, introduction, chapters, notes and glossary, in the order of reading."""
        yield self._write_opening()
        if self.edition.introduction:
            yield self._write_introduction()
        for number, name in enumerate(self.layout.transcript.chapter_ids):
            yield self._write_chapter(number, name)
        if self.layout.notes:
            yield self._write_notes()
        if self.entries:
            yield self._write_glossary()

    def _write_opening(self) -> BookDocument:
        edition, layout = self.edition, self.layout
        self.here = self._path("title")
        facts = {"class": "facts", **self.language}
        blocks = [element("h1", self.language, self.title)]
        if event := one_line(edition.event):
            blocks.append(element("p", facts, event))
        blocks.append(element("p", {"class": "facts"}, render_date(edition.date)))
        if edition.speakers:
            found = ((name, self.by_term.get(name)) for name in edition.speakers.values())
            speakers = (self._link(entry.path, name) if entry else name for name, entry in found)
            blocks.append(element("p", facts, join(speakers, ", ")))
        if edition.description:
            blocks.append(element("p", {"class": "lead", **self.language}, edition.description))
        proof = "".join(part.text for part in statements.state_making(layout))
        blocks.append(element("p", {"class": "proof"}, proof))
        blocks.append(_small(statements.state_claims(layout.transcript, layout.findings.coverage)))
        recorded = statements.list_facts(edition).items()
        blocks += [_small(f"{label}: {text}") for label, text in recorded]
        web = self.masthead.url and self.masthead.url + self.page
        recordings = ((tr("Recording"), address) for address in self.recordings)
        for label, address in (*recordings, *[(tr("On the web"), web)] * bool(web)):
            blocks.append(_small(f"{label}: ", element("a", {"href": address}, address)))
        blocks.append(_small(statements.state_version(edition)))
        blocks.append(_small(_say_rights(self.masthead)))
        section = block("section", {"epub:type": "titlepage", "class": "opening"}, *blocks)
        # Contents without a line would be none.
        titled = any(chapter.title for chapter in edition.chapters)
        return BookDocument(self.here, self.title, site_language(), section, listed=not titled)

    def _write_introduction(self) -> BookDocument:
        self.here = self._path("introduction")
        heading = element("h2", {"id": "introduction"}, tr("Introduction"))
        paragraphs = (
            element("p", {"dir": self.either}, self._plain(paragraph.spans))
            for paragraph in self.edition.introduction
        )
        section = _section("introduction", "introduction", heading, *paragraphs)
        return BookDocument(self.here, tr("Introduction"), site_language(), section)

    def _write_chapter(self, number: int, name: str) -> BookDocument:
        """A chapter with its heading and its summary."""
        self.here = self._path(f"chapter-{number + 1}")
        chapter = self.edition.chapters[number]
        title = one_line(chapter.title)
        blocks = [element("h2", {"id": name}, title)] if title else []
        if chapter.summary:
            words = self._plain(chapter.summary)
            blocks.append(element("p", {"class": "summary", "dir": self.either}, words))
        blocks += map(self._write_paragraph, self.layout.chapter(number))
        section = _section("chapter", name if title else "", *blocks)
        return BookDocument(self.here, title or self.title, self.edition.lang, section, bool(title))

    def _write_paragraph(self, paragraph: LaidOutParagraph) -> Xml:
        cue = paragraph.cue
        opens = paragraph.shows_speaker or paragraph.opens_chapter
        own = paragraph.address if paragraph.has_address else ""
        opening: list[str] = []
        if paragraph.shows_speaker:
            name = element("b", {"class": "speaker"}, paragraph.place.speaker or tr(UNKNOWN_LABEL))
            opening += [name, *map(self._call, paragraph.notes), " "]
        if paragraph.shows_speaker and cue:
            # The time or line of a turn, as a link if the site's address is configured.
            shown = render_place(cue.start, paragraph.address)
            url = self.masthead.url
            href = url and url + page_address(self.edition.path, paragraph.address)
            opening += [element("a" if url else "span", {"class": "at", "href": href}, shown), " "]
        words = _LEFT_OUT.sub(_close_gap, "".join(self._write_words(join_runs(paragraph.runs))))
        words = Xml(_CALLS.sub(_put_calls_last, words).replace(_NOTHING, ""))
        return element("p", {"class": "turn" if opens else "on", "id": own}, *opening, words)

    def _write_words(self, runs: Iterable[Run]) -> Iterator[str]:
        """The words of a paragraph; calls of notes stand behind links: no link may hold another."""
        for (mention, target), group in groupby(
            runs, key=lambda run: (run.mention, run.span.target)
        ):
            runs_here = list(group)
            is_link = bool(mention or target)
            # A link begins with words, not with a place or with words that are left out.
            opens = (number for number, run in enumerate(runs_here) if is_link and run.said)
            first = next(opens, len(runs_here))
            for run in runs_here[:first]:
                yield from (_write_places(run), _write_run(run), self._call_notes(run))
            inside = runs_here[first:]
            if inside:
                yield _write_places(inside[0])
                rest = (_write_places(run) + _write_run(run) for run in inside[1:])
                yield self._write_link(
                    mention, target, Xml("".join((_write_run(inside[0]), *rest)))
                )
            yield from map(self._call_notes, inside)

    def _write_link(self, mention: Mention | None, target: str, words: Xml) -> Xml:
        if not mention:
            return self._link(self._from_top(target), words)
        kind = {"class": "term", "epub:type": "glossref", "role": "doc-glossref"}
        href = self._find(self.by_slug[mention.entry].path)
        return element("a", kind | {"href": href}, words)

    def _call_notes(self, run: Run) -> str:
        return "".join(map(self._call, run.notes))

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

    # The notes

    def _write_notes(self) -> BookDocument:
        """The notes of all chapters, in the order in which they are called."""
        self.here = self._path("notes")
        heading = element("h2", {"id": "notes"}, tr(statements.NOTES_TITLE))
        attributes = {"epub:type": "footnotes", "aria-labelledby": "notes", "class": "notes"}
        section = block("section", attributes, heading, *map(self._write_note, self.layout.notes))
        return BookDocument(self.here, tr(statements.NOTES_TITLE), site_language(), section)

    def _write_note(self, note: Note) -> Xml:
        calls = self.calls_of[note.number - 1]
        first, *others = (relative_path(self.here, call) for call in calls)
        back = {"role": "doc-backlink", "href": first, "class": "number"}
        nodes = [element("a", back, str(note.number)), " ", *self._explain(note)]
        for number, call in enumerate(others, 2):
            attributes = {
                "role": "doc-backlink",
                "href": call,
                "aria-label": tr("Call {number}", number=number),
            }
            nodes += [" ", element("a", attributes, f"↩{number}")]
        attributes = {"epub:type": "footnote", "role": "doc-footnote", "id": f"note-{note.number}"}
        return block("aside", attributes, element("p", {}, *nodes))

    def _explain(self, note: Note) -> Iterator[str]:
        yield from (element("b", {}, statements.name_note(note)), " · ")
        if hearing := statements.describe_hearing(note):
            yield from (*map(self._write_part, hearing), " · ")
        said: str = note.question
        if note.footnote:
            said = self._plain(note.footnote.reason)
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

    # The glossary

    def _write_glossary(self) -> BookDocument:
        """The entries with their short texts; each leads to its page, which says more."""
        self.here = _GLOSSARY
        heading = element("h1", {"id": "glossary"}, tr("Glossary"))
        entries = (node for entry in self.entries for node in self._write_entry(entry))
        section = _section("glossary", "glossary", heading, block("dl", {}, *entries))
        return BookDocument(_GLOSSARY, tr("Glossary"), site_language(), section)

    def _write_entry(self, entry: Entry) -> tuple[Xml, Xml]:
        url = self.masthead.url and self.masthead.url + page_address(entry.path)
        term = element("dfn", {}, entry.term)
        term = element("a", {"href": url}, term) if url else term
        return element("dt", {"id": entry.slug}, term), element("dd", {}, entry.short)


def _section(kind: str, heading: str, *blocks: Xml) -> Xml:
    """A section of a kind that EPUB knows, named by the heading with an id."""
    role = {"epub:type": kind, "role": f"doc-{kind}", "aria-labelledby": heading}
    style = {"class": "introduction" if kind == "introduction" else ""}
    return block("section", role | style, *blocks)


def _small(*inside: str) -> Xml:
    return element("p", {"class": "small"}, *inside)


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
