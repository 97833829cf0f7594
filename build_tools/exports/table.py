"""Files for readers to take away: a table of a transcript's, and one of the collection's."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from build_tools.exports import captions, data
from build_tools.exports.book import make_transcript_book
from build_tools.exports.epub import pack_epub
from build_tools.exports.tei import render_tei
from build_tools.exports.text import render_markdown, render_text
from build_tools.metadata import citation
from build_tools.model.edition import Edition
from build_tools.model.extract import Content, Mentioned, TranscriptExtract
from build_tools.model.glossary import Glossary
from build_tools.model.site import Download, SiteIdentity
from build_tools.model.transcript import Caption
from build_tools.reading.tree import SiteContent
from build_tools.text.catalogue import tr
from build_tools.transcript.layout import Layout
from build_tools.transcript.timing import make_captions

# Files by their path, and their downloads.
Exported = tuple[dict[str, Content], tuple[Download, ...]]


@dataclass(frozen=True)
class ExportInput:
    """The values that the files beside a transcript are made of."""

    layout: Layout
    glossary: Glossary
    masthead: SiteIdentity

    @property
    def edition(self) -> Edition:
        """The edition of the transcript that is laid out."""
        return self.layout.transcript.edition

    @cached_property
    def captions(self) -> tuple[Caption, ...]:
        """The corrected words in captions, which several files are made of."""
        return make_captions(self.layout.transcript, self.layout.findings.mentions)


@dataclass(frozen=True)
class Collection:
    """The values that lists and files of the collection are made of, without its transcripts."""

    extracts: Sequence[TranscriptExtract]
    content: SiteContent
    fetch_turns: Callable[[], Iterable[bytes]]

    @property
    def masthead(self) -> SiteIdentity:
        """The identity of the site."""
        return self.content.masthead

    @cached_property
    def mentions(self) -> Mapping[str, Sequence[tuple[Edition, Mentioned]]]:
        """By an entry's slug, each edition that mentions it and its mentions there."""
        mentions = defaultdict[str, list[tuple[Edition, Mentioned]]](list)
        for extract in self.extracts:
            for slug, mentioned in extract.mentioned.items():
                mentions[slug].append((extract.edition, mentioned))
        return mentions

    @cached_property
    def times(self) -> Counter[str]:
        """How often each entry is mentioned, by its slug."""
        named = self.mentions.items()
        return Counter({slug: sum(one.times for _, one in found) for slug, found in named})


InputT = TypeVar("InputT", ExportInput, Collection)


class Export(NamedTuple, Generic[InputT]):
    """A format: `file` is its path below the site's top, or its name beside a transcript's page.

    `{slug}` in it stands for the transcript's. A quick build makes rows of the `contract` alone;
    `render` gives None where there is no such file.
    """

    name: str
    what: str
    reader: str
    file: str
    render: Callable[[InputT], str | bytes | bytearray | None]
    contract: bool = False


def _render_subrip(given: ExportInput) -> str:
    """SubRip in which names are repeated if a reader could not tell them from words."""
    made, layout = given.captions, given.layout
    if unclear := captions.find_unclear_names(made):
        made = make_captions(layout.transcript, layout.findings.mentions, unclear)
    return captions.render_subrip(made)


def _if_timed(render: Callable[[ExportInput], str | None]) -> Callable[[ExportInput], str | None]:
    return lambda given: render(given) if given.captions else None


# Both tables are in the order in which readers find them. Markdown ends in .txt: the site
# generators make a page of every file that ends in .md.
# fmt: off
EXPORTS: tuple[Export[ExportInput], ...] = (
    Export("Plain text", "as corrected, with speakers and chapters", "reading and quoting",
           "transcript.txt",
           lambda given: render_text(given.layout, given.masthead), contract=True),
    Export("Markdown", "as corrected, without marks", "writers",
           "transcript.md.txt", lambda given: render_markdown(given.layout)),
    Export("Marked edition",
           "as heard and as corrected, each change with its reason, in CriticMarkup", "editors",
           "edition.md.txt", lambda given: given.edition.text.content.rstrip("\n") + "\n"),
    Export("JSON", "by turns, as heard and as corrected, with times", "programs",
           "transcript.json", lambda given: data.render_transcript(given.layout), contract=True),
    Export("EPUB", "as corrected, a book with notes that pop up", "e-readers",
           "{slug}.epub", lambda given: pack_epub(make_transcript_book(
               given.layout, given.glossary, given.masthead))),
    Export("WebVTT", "captions as corrected, with voices", "video hosts and players", "{slug}.vtt",
           _if_timed(lambda given: captions.render_webvtt(given.captions, given.edition.lang))),
    Export("SubRip", "captions as corrected", "video hosts and players",
           "{slug}.srt", _if_timed(_render_subrip)),
    Export("Podcast transcript", "captions as the Podcast Namespace has them", "podcast players",
           "{slug}.podcast.json",
           _if_timed(lambda given: captions.render_segments(given.captions))),
    Export("Podcast chapters", "chapters with their times", "podcast players",
           "{slug}.chapters.json",
           _if_timed(lambda given: captions.render_chapters(
               given.layout.transcript, given.masthead))),
    Export("TEI P5", "as heard and as corrected, with certainty, times, persons and terms",
           "scholars",
           "{slug}.tei.xml", lambda given: render_tei(given.layout, given.glossary.by_slug)),
    Export("BibTeX", "how to cite it", "Zotero and LaTeX",
           "citation.bib", lambda given: citation.render_bibtex(
               [citation.cite_edition(given.edition, given.masthead)])),
)
# fmt: on


def _join(path: str) -> tuple[str, Callable[[Collection], bytes]]:
    """The path of a list, and the function that joins it of the parts of all transcripts."""
    return path, lambda every: data.join_lists(
        path, (bytes(one.lists[path]) for one in every.extracts)
    )


def _cite_all(collection: Collection) -> str:
    editions = [extract.edition for extract in collection.extracts]
    own = (citation.cite_edition(edition, collection.masthead) for edition in editions)
    whole = citation.cite_collection(editions, collection.masthead)
    return citation.render_bibtex([whole, *own])


# fmt: off
COLLECTION_EXPORTS: tuple[Export[Collection], ...] = (
    Export("Turns", "every turn of every transcript, one JSON object a line", "researchers",
           "data/turns.jsonl", lambda every: b"".join(every.fetch_turns())),
    Export("Corrections, as a table",
           "every correction with its reason; open the file as text, cells are not escaped",
           "researchers", *_join("data/corrections.csv")),
    Export("Corrections, for a spreadsheet",
           "the same table; an apostrophe stands before cells that a spreadsheet would calculate",
           "researchers", *_join("data/corrections-spreadsheet.csv")),
    Export("Corrections", "every correction with its reason", "programs",
           *_join("data/corrections.json"), contract=True),
    Export("Doubts", "what is still open", "programs", *_join("data/doubts.json"), contract=True),
    Export("Glossary", "every entry, and every place where it is said", "programs",
           "data/glossary.json",
           lambda every: data.render_glossary(every.content.entries, every.mentions),
           contract=True),
    Export("Lines for a podcast’s feed", "the transcripts and chapters of each episode",
           "the feed of a podcast", "data/podcast.xml",
           lambda every: captions.render_feed_lines(every.extracts, every.masthead)),
    Export("BibTeX", "how to cite the collection and each transcript", "Zotero and LaTeX",
           "data/citation.bib", _cite_all),
)
# fmt: on


def render_exports(given: ExportInput, *, quick: bool) -> Exported:
    """The files beside a transcript's page."""
    slug, beside = given.edition.slug, given.edition.path.removesuffix(".md")
    named = (row._replace(file=f"{beside}/{row.file.format(slug=slug)}") for row in EXPORTS)
    return render_rows(named, given, bytes, quick=quick)


def render_rows(
    rows: Iterable[Export[InputT]],
    given: InputT,
    finish: Callable[[bytes | bytearray], Content],
    *,
    quick: bool,
) -> Exported:
    """The files of rows of a table, each as `finish` keeps it: it may be as large as all talks."""
    files: dict[str, Content] = {}
    downloads = []
    words = "annotations {licence}, words their speakers’"
    licence = tr(words, licence=given.masthead.licence)
    for row in rows:
        content = row.render(given) if row.contract or not quick else None
        if content is not None:
            made = finish(content.encode() if isinstance(content, str) else content)
            told = (tr(row.name), tr(row.what), tr(row.reader))
            files[row.file] = made
            downloads.append(Download(row.file, *told, licence, len(made)))
    return files, tuple(downloads)
