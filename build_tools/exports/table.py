"""Files for readers to take away: a table of those beside a transcript, one of the collection's.

A new format is a row here. Rows that are `contract` are published whatever happens; a quick build
leaves the others out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

from build_tools.exports import data
from build_tools.exports.book import BookEntries, make_collection_book, make_transcript_book
from build_tools.exports.captions import find_unclear_names, render_subrip, render_webvtt
from build_tools.exports.epub import pack_epub
from build_tools.exports.podcast import render_chapters, render_segments
from build_tools.exports.shapes import SCHEMAS, render_schema
from build_tools.exports.tei import render_tei
from build_tools.exports.text import render_markdown, render_text
from build_tools.exports.vocabulary import list_vocabulary, render_prompt, render_vocabulary
from build_tools.metadata.citation import (
    Citation,
    cite_collection,
    cite_edition,
    render_bibtex,
    render_csl,
)
from build_tools.model.extract import Content, Mentioned, TranscriptExtract
from build_tools.model.glossary import Entry
from build_tools.model.site import Download, SiteIdentity
from build_tools.model.transcript import Caption, Findings, Transcript
from build_tools.transcript.layout import Layout, lay_out
from build_tools.transcript.timing import (
    UNTIMED,
    TimedText,
    break_captions,
    find_timed,
    make_captions,
    time_chapters,
    time_text,
)


@dataclass(frozen=True)
class ExportInput:
    """The values that the files beside a transcript are made of."""

    layout: Layout
    book_entries: BookEntries

    @property
    def transcript(self) -> Transcript:
        """The transcript that is laid out."""
        return self.layout.transcript

    @property
    def masthead(self) -> SiteIdentity:
        """The site that they are published on."""
        return self.book_entries.masthead

    @cached_property
    def timed(self) -> TimedText:
        """The corrected words in the time of their source."""
        return time_text(self.transcript, self.layout.findings.mentions)

    @cached_property
    def captions(self) -> tuple[Caption, ...]:
        """The corrected words in captions, which several files are made of."""
        return break_captions(self.timed)


@dataclass(frozen=True, slots=True)
class Collection:
    """The values that the files of the collection are made of: `mentions` by entry's slug.

    Transcripts are not kept in memory: `fetch_turns` gives the lines of each in the table of turns,
    and `read_transcripts` reads them all again.
    """

    extracts: Sequence[TranscriptExtract]
    entries: Sequence[Entry]
    mentions: Mapping[str, Sequence[Mentioned]]
    book_entries: BookEntries
    fetch_turns: Callable[[], Iterable[bytes]]
    read_transcripts: Callable[[], Iterable[tuple[Transcript, Findings]]]

    @property
    def masthead(self) -> SiteIdentity:
        """The site that they are published on."""
        return self.book_entries.masthead

    def lists(self, path: str) -> Iterator[bytes]:
        """The part of each transcript in a list."""
        return (bytes(extract.lists[path]) for extract in self.extracts)


class Export(NamedTuple):
    """A format in which a transcript can be had.

    `file` is its name beside the page, `{slug}` in it the transcript's; `spoken` says that it holds
    words of the speakers. `lacks` says why there is none of a transcript, and nothing where there
    is one.
    """

    name: str
    what: str
    reader: str
    file: str
    media: str
    render: Callable[[ExportInput], str | bytes]
    contract: bool = False
    spoken: bool = True
    lacks: Callable[[Transcript], str] = lambda _: ""


class CollectionExport(NamedTuple):
    """A file of the whole collection, by its path below the site's top.

    One that is `whole` is made of all transcripts as they stand, and so made only when one changed.
    `lacks` says why there is none of a collection, and nothing where there is one.
    """

    name: str
    what: str
    reader: str
    path: str
    media: str
    render: Callable[[Collection], str | bytes]
    contract: bool = False
    spoken: bool = True
    whole: bool = False
    lacks: Callable[[Collection], str] = lambda _: ""


class Exported(NamedTuple):
    """Files, their downloads, the formats that are absent and why, and the seconds they took."""

    files: Mapping[str, Content]
    downloads: tuple[Download, ...]
    absent: tuple[str, ...]
    seconds: float


def _bind_transcript(given: ExportInput) -> bytes:
    return pack_epub(make_transcript_book(given.layout, given.book_entries))


def _render_subrip(given: ExportInput) -> str:
    """SubRip in which names are repeated until a reader can tell them from words."""
    said = given.captions
    unclear = find_unclear_names(said)
    everybody = frozenset(paragraph.speaker for paragraph in given.transcript.paragraphs)
    for named in (unclear, everybody):
        if not unclear:
            break
        said = break_captions(given.timed, named)
        unclear = find_unclear_names(said)
    return render_subrip(said, unclear)


def _lacks_times(transcript: Transcript) -> str:
    if not transcript.said_words:
        return "no words: the edition leaves all out"
    return "" if find_timed(transcript) else UNTIMED


def _lacks_chapters(transcript: Transcript) -> str:
    titled = any(chapter.title for chapter in transcript.edition.chapters)
    return _lacks_times(transcript) or ("" if titled else "it has no chapters")


# In the order in which readers find them. Markdown ends in .txt: the site generators make a page of
# every file that ends in .md.
EXPORTS = (
    Export(
        "Plain text",
        "as corrected, with speakers and chapters",
        "reading and quoting",
        "transcript.txt",
        "text/plain",
        lambda given: render_text(given.layout, given.masthead),
        contract=True,
    ),
    Export(
        "Markdown",
        "as corrected, without marks",
        "writers",
        "transcript.md.txt",
        "text/markdown",
        lambda given: render_markdown(given.layout),
    ),
    Export(
        "Marked edition",
        "as heard and as corrected, each change with its reason, in CriticMarkup",
        "editors",
        "edition.md.txt",
        "text/markdown",
        lambda given: given.transcript.edition.text.content.rstrip("\n") + "\n",
    ),
    Export(
        "JSON",
        "by turns, as heard and as corrected, with times",
        "programs",
        "transcript.json",
        "application/json",
        lambda given: data.render_transcript(given.transcript, given.layout.findings.errors),
        contract=True,
    ),
    Export(
        "EPUB",
        "as corrected, a book with notes that pop up",
        "e-readers",
        "{slug}.epub",
        "application/epub+zip",
        _bind_transcript,
    ),
    Export(
        "WebVTT",
        "captions as corrected, with voices",
        "video hosts and players",
        "{slug}.vtt",
        "text/vtt",
        lambda given: render_webvtt(given.captions),
        lacks=_lacks_times,
    ),
    Export(
        "WebVTT, as heard",
        "captions with the recogniser's words",
        "researchers",
        "{slug}.heard.vtt",
        "text/vtt",
        lambda given: render_webvtt(make_captions(given.transcript, heard=True)),
        lacks=_lacks_times,
    ),
    Export(
        "SubRip",
        "captions as corrected",
        "video hosts and players",
        "{slug}.srt",
        "application/x-subrip",
        _render_subrip,
        lacks=_lacks_times,
    ),
    Export(
        "Podcast transcript",
        "captions as the Podcast Namespace has them",
        "podcast players",
        "{slug}.podcast.json",
        "application/json",
        lambda given: render_segments(given.captions),
        lacks=_lacks_times,
    ),
    Export(
        "Podcast chapters",
        "chapters with their times",
        "podcast players",
        "{slug}.chapters.json",
        "application/json+chapters",
        lambda given: render_chapters(
            given.transcript, time_chapters(given.transcript), given.masthead
        ),
        lacks=_lacks_chapters,
    ),
    Export(
        "TEI P5",
        "as heard and as corrected, with certainty, times, persons and terms",
        "scholars",
        "{slug}.tei.xml",
        "application/tei+xml",
        lambda given: render_tei(given.layout, given.book_entries.by_slug),
    ),
    Export(
        "BibTeX",
        "how to cite it",
        "LaTeX and reference managers",
        "citation.bib",
        "application/x-bibtex",
        lambda given: render_bibtex([cite_edition(given.transcript.edition, given.masthead)]),
        spoken=False,
    ),
    Export(
        "CSL-JSON",
        "how to cite it",
        "Zotero and pandoc",
        "citation.csl.json",
        "application/vnd.citationstyles.csl+json",
        lambda given: render_csl([cite_edition(given.transcript.edition, given.masthead)]),
        spoken=False,
    ),
)


def render_exports(given: ExportInput, *, quick: bool) -> Exported:
    """The files beside a transcript's page; a quick build has those of the contract alone."""
    started = time.perf_counter()
    edition = given.transcript.edition
    beside = edition.path.removesuffix(".md")
    files: dict[str, Content] = {}
    downloads, absent = [], []
    for row in EXPORTS:
        if quick and not row.contract:
            continue
        lacking = row.lacks(given.transcript)
        if lacking:
            absent.append(f"{row.name}: {lacking}")
            continue
        path = f"{beside}/{row.file.format(slug=edition.slug)}"
        files[path] = _as_bytes(row.render(given))
        downloads.append(_download(row, path, files[path], given.masthead))
    return Exported(files, tuple(downloads), tuple(absent), time.perf_counter() - started)


def _as_bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _download(
    row: Export | CollectionExport, path: str, content: Content, masthead: SiteIdentity
) -> Download:
    licence = masthead.licence
    if row.spoken:
        licence = f"annotations {licence}, words their speakers’"
    return Download(path, row.name, row.what, row.reader, row.media, licence, len(content))


# The collection ---------------------------------------------------------------------------------


def _list_vocabulary(collection: Collection) -> tuple[tuple[str, ...], ...]:
    counts = {
        entry: sum(mentioned.times for mentioned in found)
        for entry, found in collection.mentions.items()
    }
    return list_vocabulary(collection.entries, collection.extracts, counts)


def _list_citations(collection: Collection) -> list[Citation]:
    editions = [extract.edition for extract in collection.extracts]
    own = (cite_edition(edition, collection.masthead) for edition in editions)
    return [cite_collection(editions, collection.masthead), *own]


def _schema(collection: Collection, name: str) -> str:
    return render_schema(name, collection.masthead)


# The largest number of words in one book: that of the longest novels. Reading programs take minutes
# to open a longer one, and the whole book is in memory while it is packed.
LONGEST_BOOK = 500_000


def _lacks_measure(collection: Collection) -> str:
    words = sum(extract.words for extract in collection.extracts)
    if words <= LONGEST_BOOK:
        return ""
    return f"{words:,} words are too many for one book; each transcript has its own"


def _bind_collection(collection: Collection) -> bytes:
    layouts = (lay_out(*both) for both in collection.read_transcripts())
    return pack_epub(make_collection_book(layouts, collection.book_entries))


# In the order in which readers find them.
COLLECTION_EXPORTS = (
    CollectionExport(
        "Turns",
        "every turn of every transcript, one JSON object a line",
        "researchers",
        "data/turns.jsonl",
        "application/jsonl",
        lambda whole: b"".join(whole.fetch_turns()),
    ),
    CollectionExport(
        "Corrections, as a table",
        "every correction with its reason; open the file as text, cells are not escaped",
        "researchers",
        "data/corrections.csv",
        "text/csv",
        lambda whole: data.join_tables(
            data.render_csv_corrections(()), whole.lists("data/corrections.csv")
        ),
    ),
    CollectionExport(
        "Corrections, for a spreadsheet",
        "the same table; an apostrophe stands before cells that a spreadsheet would calculate",
        "researchers",
        "data/corrections-spreadsheet.csv",
        "text/csv",
        lambda whole: data.join_tables(
            data.render_csv_spreadsheet(()), whole.lists("data/corrections-spreadsheet.csv")
        ),
    ),
    CollectionExport(
        "Word errors, as a table",
        "how wrong each recogniser was, by speaker and by kind",
        "researchers",
        "data/errors.csv",
        "text/csv",
        lambda whole: data.join_tables(data.render_csv_errors(()), whole.lists("data/errors.csv")),
        spoken=False,
    ),
    CollectionExport(
        "Corrections",
        "every correction with its reason",
        "programs",
        "data/corrections.json",
        "application/json",
        lambda whole: data.join_lists(whole.lists("data/corrections.json")),
        contract=True,
    ),
    CollectionExport(
        "Doubts",
        "what is still open",
        "programs",
        "data/doubts.json",
        "application/json",
        lambda whole: data.join_lists(whole.lists("data/doubts.json")),
        contract=True,
    ),
    CollectionExport(
        "Glossary",
        "every entry, and every place where it is said",
        "programs",
        "data/glossary.json",
        "application/json",
        lambda whole: data.render_glossary(whole.entries, whole.mentions),
        contract=True,
        spoken=False,
    ),
    CollectionExport(
        "Vocabulary",
        "names and terms, one a line, the most often said first",
        "the recogniser of the next recording",
        "data/vocabulary.txt",
        "text/plain",
        lambda whole: render_vocabulary(_list_vocabulary(whole)),
        spoken=False,
    ),
    CollectionExport(
        "Vocabulary, as a prompt",
        "as many of them as a recogniser reads",
        "Whisper and its kin",
        "data/vocabulary-prompt.txt",
        "text/plain",
        lambda whole: render_prompt(_list_vocabulary(whole)),
        spoken=False,
    ),
    CollectionExport(
        "EPUB",
        "all transcripts and the whole glossary, as one book",
        "e-readers",
        "data/collection.epub",
        "application/epub+zip",
        _bind_collection,
        whole=True,
        lacks=_lacks_measure,
    ),
    CollectionExport(
        "BibTeX",
        "how to cite the collection and each transcript",
        "LaTeX and reference managers",
        "data/citation.bib",
        "application/x-bibtex",
        lambda whole: render_bibtex(_list_citations(whole)),
        spoken=False,
    ),
    CollectionExport(
        "CSL-JSON",
        "how to cite the collection and each transcript",
        "Zotero and pandoc",
        "data/citation.csl.json",
        "application/vnd.citationstyles.csl+json",
        lambda whole: render_csl(_list_citations(whole)),
        spoken=False,
    ),
    *(
        CollectionExport(
            f"JSON Schema: {name}",
            "what each field is",
            "programs",
            f"data/schemas/{name}.schema.json",
            "application/schema+json",
            partial(_schema, name=name),
            spoken=False,
        )
        for name in SCHEMAS
    ),
)


def render_collection_exports(
    collection: Collection,
    keep: Callable[[str, Callable[[], bytes]], bytes],
    spool: Callable[[bytes], Content],
    *,
    quick: bool,
) -> Exported:
    """The files of the collection; a quick build has those of the contract alone.

    `keep` gives a file that is `whole`, by its path, as it was kept, or makes it. Each is as large
    as the collection is: what is made is `spool`.
    """
    started = time.perf_counter()
    files: dict[str, Content] = {}
    downloads, absent = [], []
    for row in COLLECTION_EXPORTS:
        if quick and not row.contract:
            continue
        lacking = row.lacks(collection)
        if lacking:
            absent.append(f"{row.name}: {lacking}")
            continue
        make = partial(_render_whole, row, collection)
        files[row.path] = spool(keep(row.path, make) if row.whole else make())
        downloads.append(_download(row, row.path, files[row.path], collection.masthead))
    return Exported(files, tuple(downloads), tuple(absent), time.perf_counter() - started)


def _render_whole(row: CollectionExport, collection: Collection) -> bytes:
    return _as_bytes(row.render(collection))
