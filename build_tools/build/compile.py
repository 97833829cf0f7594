"""One transcript compiled in steps; each is a pure function of its inputs, and its value is cached.

sources   the files that an edition names                  by the edition
checked   problems, links, answers to quotations, entries  by the edition and its sources, by
                                                           quotations, and by names of entries
extract   the transcript's part of lists and entries       by the names of these entries too, and
                                                           by kinds and short texts for exports
file      each of its files                                by the same
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from operator import attrgetter
from typing import NamedTuple

from pydantic import ConfigDict, TypeAdapter

from build_tools.build.cache import Store, make_key, memo, step_key
from build_tools.checks.corpus import read_checked
from build_tools.checks.summary import EditionSummary, encode_unmarked
from build_tools.exports import data
from build_tools.exports.table import ExportInput, render_exports
from build_tools.metadata.linked_data import describe_transcript
from build_tools.model.extract import Mentioned, TranscriptExtract
from build_tools.model.glossary import Entry, index_entries
from build_tools.model.site import Download, SiteIdentity
from build_tools.model.text import Text
from build_tools.model.theme import Answer, Cited, QuotingTheme
from build_tools.model.transcript import Findings, Mention, Passage, Remark, Transcript
from build_tools.pages import listings
from build_tools.pages.entry import render_mentions_section
from build_tools.pages.page import render_transcript_page
from build_tools.pages.search import list_passages, render_speech
from build_tools.reading.edition import parse_edition
from build_tools.reading.tree import SourcedEdition, Tree, list_sources
from build_tools.sources.charset import decode_text
from build_tools.text.catalogue import writing_in
from build_tools.transcript import remarks
from build_tools.transcript.alignment import align_edition, chapters_of_addresses
from build_tools.transcript.fillers import find_fillers
from build_tools.transcript.layout import lay_out
from build_tools.transcript.mentions import Matcher, compile_matcher, find_mentions
from build_tools.transcript.quotations import find_answers

# Fetched from a transcript like its files, by these names: passages for Pagefind and the
# search dialog, corrections, rows for the table of turns, unmarked words for a search.
FETCHED = ("passages", "speech", "register", "turns", "words")
PASSAGES, SPEECH, REGISTER, TURNS, WORDS = FETCHED
# Only bytes are cached; spooled parts of an extract have no JSON type.
_EXTRACT = TypeAdapter(TranscriptExtract, config=ConfigDict(arbitrary_types_allowed=True))
PASSAGE_LIST = TypeAdapter(tuple[Passage, ...])
CORRECTION_LIST = TypeAdapter(tuple[Remark, ...])
# The key of a file, by the `pages_key` of its transcript and its name.
file_key = partial(step_key, "file")


@dataclass(frozen=True)
class CompilerSettings:
    """Inputs that all transcripts share; a `quick` build makes only the exports of the contract."""

    root: str
    entries: tuple[Entry, ...]
    masthead: SiteIdentity
    quick: bool = False

    @cached_property
    def matcher(self) -> Matcher:
        """The forms of all entries, ready to be found."""
        return compile_matcher(self.entries)

    @cached_property
    def names_key(self) -> str:
        """A digest of all names of the entries."""
        return make_key(*(repr((one.slug, one.forms, one.only)) for one in self.entries))

    @cached_property
    def entry_keys(self) -> dict[str, str]:
        """A digest of what the files of a transcript have of each entry; short texts come later."""
        exported = () if self.quick else ("kind", "short")
        parts = attrgetter("term", *exported)
        return {one.slug: make_key(repr(parts(one))) for one in self.entries}


class Job(NamedTuple):
    """A transcript to compile: its edition and sources, the themes that quote it, and what.

    `files` has the names of all other sources, empty, if a source is missing. Pages written by hand
    link to the words at the addresses `linked`. `sizes` are those of its recordings, by their path.
    """

    slug: str
    files: Tree
    themes: tuple[QuotingTheme, ...]
    cited: tuple[Cited, ...]
    linked: tuple[str, ...] = ()
    sizes: Mapping[str, int] = {}


class NamedFiles(NamedTuple):
    """The paths of the files that an edition names."""

    sources: tuple[str, ...] = ()
    recordings: tuple[str, ...] = ()


class Checked(NamedTuple):
    """A transcript without its pages: what quotations cite, in order, and entries in its pages.

    `naming` is a digest of where the entries are named.
    """

    summary: EditionSummary
    answers: tuple[Answer, ...] = ()
    entries: tuple[str, ...] = ()
    naming: str = ""


class CompiledTranscript(NamedTuple):
    """A transcript as the rest of a build needs it; `extract` is None if it has problems.

    The key is a digest of the inputs of its files, `entries` are those to which its page links, and
    `is_new` says that its files were not cached.
    """

    summary: EditionSummary
    answers: Mapping[Cited, Answer]
    extract: TranscriptExtract | None = None
    pages_key: str = ""
    entries: tuple[str, ...] = ()
    is_new: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of its files."""
        if not self.extract:
            return ()
        return (*(download.path for download in self.extract.downloads), self.summary.path)


_FILES = TypeAdapter(NamedFiles)
_CHECKED = TypeAdapter(Checked)


class NotCachedError(Exception):
    """A step's value is not in the cache, and this process is not to make it."""


class Steps:
    """The steps of one transcript; they raise NotCachedError before reading, unless `making`."""

    def __init__(
        self, settings: CompilerSettings, job: Job, store: Store, *, making: bool = True
    ) -> None:
        self.settings, self.job, self.store, self.making = settings, job, store, making
        parts = (part for file in sorted(job.files.items()) for part in file)
        self.key = make_key(settings.root, job.slug, *parts)
        self.is_new = False

    def compile(self) -> CompiledTranscript:
        """Runs all steps; their values are in the store afterwards."""
        summary, found, *_ = self._checked
        answers = dict(zip(self.job.cited, found, strict=True)) if found else {}
        if not _is_right(summary):
            return CompiledTranscript(summary, answers)
        key = step_key("extract", self._pages_key)
        extract = memo(self.store, key, _EXTRACT, lambda: self.rendered[0])
        own = (self._pages_key, self._checked.entries, self.is_new)
        return CompiledTranscript(summary, answers, extract, *own)

    def fetch(self, name: str) -> bytes:
        """A file by its path, or what else is fetched by its name; words if there are problems."""
        if name != WORDS:
            return self.rendered[1][name]
        sourced, _ = self._sourced
        return encode_unmarked(sourced.rejected).encode() if sourced else b""

    @cached_property
    def rendered(self) -> tuple[TranscriptExtract, dict[str, bytes]]:
        """The extract, and all files by path or name, which are in the store then."""
        with writing_in(self.settings.masthead.lang):
            extract, files = self._render()
        self.is_new = True
        for name, content in files.items():
            self.store.write(file_key(self._pages_key, name), content)
        return extract, files

    @cached_property
    def _checked(self) -> Checked:
        key = step_key("checked", self.key, self.settings.names_key, repr(self.job.cited))
        return memo(self.store, key, _CHECKED, self._check)

    @cached_property
    def _pages_key(self) -> str:
        """A digest of everything that flows into the pages."""
        texts = "".join(map(self.settings.entry_keys.__getitem__, self._checked.entries))
        shared = repr((self.settings.masthead, self.settings.quick))
        linking = repr((self.job.themes, self.job.linked, self.job.sizes))
        return make_key(self.key, self._checked.naming, linking, shared, texts)

    @cached_property
    def _sourced(self) -> tuple[SourcedEdition | None, EditionSummary]:
        if not self.making:
            raise NotCachedError(self.job.slug)
        return read_checked(self.job.slug, self.job.files, self.settings.root)

    @cached_property
    def _transcript(self) -> Transcript:
        sourced, _ = self._sourced
        if not sourced or not (transcript := align_edition(sourced)):
            raise LookupError(self.job.slug)
        edition, sizes = transcript.edition, self.job.sizes
        sized = (one._replace(size=sizes.get(one.address, 0)) for one in edition.recording)
        return replace(transcript, edition=replace(edition, recording=tuple(sized)))

    @cached_property
    def _findings(self) -> Findings:
        return find_in_transcript(self._transcript, self.settings.matcher)

    def _check(self) -> Checked:
        """Entries are those that are mentioned, and those of speakers."""
        _, summary = self._sourced
        if not summary.faithful:
            return Checked(summary)
        cited = self.job.cited
        answers = tuple(find_answers(self._transcript, cited).values()) if cited else ()
        if not _is_right(summary):
            return Checked(summary, answers)
        said = {mention.entry for mention in self._findings.mentions}
        names = set(self._transcript.edition.speakers.values())
        entries = self.settings.entries
        slugs = tuple(one.slug for one in entries if one.slug in said or one.term in names)
        return Checked(summary, answers, slugs, make_key(repr(self._findings.mentions)))

    def _render(self) -> tuple[TranscriptExtract, dict[str, bytes]]:
        transcript, findings, masthead = self._transcript, self._findings, self.settings.masthead
        quick, own = self.settings.quick, self._checked.entries
        glossary = index_entries(entry for entry in self.settings.entries if entry.slug in own)
        layout = lay_out(transcript, findings, self.job.linked)
        exported, downloads = render_exports(ExportInput(layout, glossary, masthead), quick=quick)
        head = describe_transcript(transcript, findings, glossary.by_term, masthead)
        control = listings.render_control(downloads)
        chapters = chapters_of_addresses(transcript) if self.job.themes else {}
        themes = defaultdict[int, list[QuotingTheme]](list)
        for theme in self.job.themes:
            # Where there is no such address, that is a problem of the theme.
            for chapter in sorted({chapters.get(address, -1) for address in theme.addresses}):
                themes[chapter].append(theme)
        page = render_transcript_page(layout, control, glossary, themes, head)
        passages = tuple(list_passages(layout))
        files = {path: bytes(content) for path, content in exported.items()}
        files |= {
            transcript.edition.path: page.encode(),
            PASSAGES: PASSAGE_LIST.dump_json(passages),
            SPEECH: render_speech(passages),
            REGISTER: CORRECTION_LIST.dump_json(findings.corrections),
            TURNS: b"" if quick else data.render_turns(transcript).encode(),
            WORDS: self.fetch(WORDS),
        }
        return _make_extract(transcript, findings, downloads), files


def _is_right(summary: EditionSummary) -> bool:
    return summary.faithful and all(problem.warning for problem in summary.problems)


def name_files(edition: bytes, store: Store) -> NamedFiles:
    """The files that an edition names, mostly without parsing its body."""

    def make() -> NamedFiles:
        content = decode_text("", edition).value.content
        body = content.find("\n", content.find("\n---", 1) + 1)
        # The first --- may be no end of the front matter.
        found = (parse_edition("", Text("", part)).value for part in (content[:body], content))
        if one := next(filter(None, found), None):
            own = (recording.address for recording in one.recording if recording.is_own)
            return NamedFiles(list_sources(one), tuple(own))
        return NamedFiles()

    return memo(store, step_key("sources", edition), _FILES, make)


def find_in_transcript(transcript: Transcript, matcher: Matcher) -> Findings:
    """All that is found in a transcript; it depends on no other transcript."""
    mentions, corrections = find_mentions(transcript, matcher), remarks.find_corrections(transcript)
    doubts, fillers = remarks.find_doubts(transcript), find_fillers(transcript)
    coverage, errors = remarks.find_coverage(transcript), remarks.find_errors(transcript)
    return Findings(mentions, corrections, doubts, fillers, coverage, errors)


def _make_extract(
    transcript: Transcript, findings: Findings, downloads: tuple[Download, ...]
) -> TranscriptExtract:
    """The parts of a transcript on lists, on entries and in data of the collection."""
    edition, corrections = transcript.edition, findings.corrections
    named = defaultdict[str, list[Mention]](list)
    for mention in findings.mentions:
        named[mention.entry].append(mention)
    lists = {
        "corrections.md": listings.render_corrections_section(edition, corrections),
        "doubts.md": listings.render_doubts_section(transcript, findings),
        **data.render_lists(findings),
    }
    mentioned = {}
    for entry, found in named.items():
        page = render_mentions_section(transcript, found).encode()
        own_data = data.render_mentions(transcript, found).encode()
        # Whatever its text says elsewhere, no page of an entry changes with it.
        mentioned[entry] = Mentioned(len(found), page, own_data, make_key(edition.date, page))
    chapters = tuple(replace(one, paragraphs=(), summary=()) for one in edition.chapters)
    text, source = Text(edition.text.path, ""), replace(edition.source, furniture=())
    bare = replace(edition, text=text, source=source, chapters=chapters, offsets={})
    return TranscriptExtract(
        replace(bare, anchors={}, reviewed=(), introduction=(), footnotes=()),
        len(transcript.source.words),
        len(corrections),
        len(findings.doubts),
        findings.coverage.words,
        findings.coverage.validated,
        downloads,
        {path: rows.encode() for path, rows in lists.items()},
        mentioned,
    )
