"""One transcript compiled: its files, and what the rest of the site takes from it."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from build_tools.build.cache import make_key
from build_tools.checks.summary import EditionSummary, SaidAt, encode_unmarked, find_quoted
from build_tools.checks.table import read_checked
from build_tools.exports import data
from build_tools.exports import table as exports
from build_tools.exports.book import BookEntries
from build_tools.metadata.linked_data import describe_transcript
from build_tools.model.edition import Edition
from build_tools.model.extract import ChapterExtract, Mentioned, TranscriptExtract
from build_tools.model.glossary import Entry
from build_tools.model.site import SiteIdentity
from build_tools.model.text import Text
from build_tools.model.theme import Theme
from build_tools.model.transcript import Correction, Findings, Mention, Passage, Transcript
from build_tools.pages import listings
from build_tools.pages.downloads import render_control
from build_tools.pages.entry import render_mentions_section
from build_tools.pages.page import Glossary, render_transcript_page
from build_tools.reading.tree import Tree
from build_tools.transcript.alignment import align_edition, chapters_of_addresses
from build_tools.transcript.corrections import find_corrections, find_doubts
from build_tools.transcript.coverage import find_coverage
from build_tools.transcript.errors import find_errors
from build_tools.transcript.fillers import find_fillers
from build_tools.transcript.layout import Layout, lay_out
from build_tools.transcript.mentions import Matcher, compile_matcher, find_mentions
from build_tools.transcript.passages import list_passages


class LayoutAndFiles(NamedTuple):
    """A transcript laid out, and the files that are made of it."""

    layout: Layout
    files: Mapping[str, bytes]
    exported: exports.Exported


class CompilerSettings(NamedTuple):
    """What all transcripts of a collection are compiled with.

    A `quick` build has of the files to take away only those that are always there.
    """

    root: str
    entries: tuple[Entry, ...]
    masthead: SiteIdentity
    quick: bool = False


class Job(NamedTuple):
    """A transcript to be compiled: its own files, and the themes with what they quote of it.

    `named` are the sources that the edition names, where they are known and not only guessed; where
    there is no such file, all others are there by name. `pages` says whether its files are wanted,
    and not only what it names.
    """

    slug: str
    files: Tree
    themes: tuple[Theme, ...]
    named: tuple[str, ...] = ()
    pages: bool = True


class NamedEntries(NamedTuple):
    """The entries that flow into a transcript's pages, and a digest of where they are named."""

    entries: tuple[str, ...]
    digest: str


class CompiledTranscript(NamedTuple):
    """A transcript compiled, whichever process did it.

    `naming` is None where it has problems, `extract` where its files were not wanted either.
    `turns` is what stands of it in the table of turns; `seconds` went into its files to take away.
    """

    survey: EditionSummary
    words: str
    said_at: SaidAt
    naming: NamedEntries | None
    extract: TranscriptExtract | None
    register: tuple[Correction, ...]
    passages: tuple[Passage, ...]
    turns: str
    files: Mapping[str, bytes]
    seconds: float


def compile_talk(job: Job, setting: CompilerSettings, matcher: Matcher) -> CompiledTranscript:
    """A pure function of what flows into a transcript's files, and of nothing else."""
    sourced, survey = read_checked(job.slug, job.files, setting.root)
    words = encode_unmarked(sourced.rejected) if sourced else ""
    transcript = align_edition(sourced) if sourced else None
    if not transcript:
        return _without_files(survey, words)
    quotations = [quotation for theme in job.themes for quotation in theme.quotations]
    said_at = find_quoted(transcript, (quotation.words for quotation in quotations))
    if any(not problem.warning for problem in survey.problems):
        return _without_files(survey, words, said_at)
    findings = find_in_transcript(transcript, matcher)
    naming = _name_entries(transcript, findings, setting.entries)
    if not job.pages:
        return _without_files(survey, words, said_at, naming)
    own = [entry for entry in setting.entries if entry.slug in naming.entries]
    glossary = Glossary({entry.slug: entry for entry in own}, {entry.term: entry for entry in own})
    themes = _themes_by_chapter(transcript, job.themes)
    compiled = compile_one(
        transcript, findings, glossary, themes, setting.masthead, quick=setting.quick
    )
    return CompiledTranscript(
        survey,
        words,
        said_at,
        naming,
        make_extract(compiled),
        findings.corrections,
        list_passages(compiled.layout),
        "" if setting.quick else data.render_turns([transcript]),
        compiled.files,
        compiled.exported.seconds,
    )


def _without_files(
    survey: EditionSummary,
    words: str,
    said_at: SaidAt | None = None,
    naming: NamedEntries | None = None,
) -> CompiledTranscript:
    return CompiledTranscript(survey, words, said_at or {}, naming, None, (), (), "", {}, 0)


def _name_entries(
    transcript: Transcript, findings: Findings, entries: Sequence[Entry]
) -> NamedEntries:
    """Those that are said, those of its speakers, and those to which these lead in its book."""
    said = {mention.entry for mention in findings.mentions}
    names = set(transcript.edition.speakers.values())
    own = [entry for entry in entries if entry.slug in said or entry.term in names]
    terms = {name for entry in own for name in (entry.term, *entry.see)}
    return NamedEntries(
        tuple(entry.slug for entry in entries if entry.term in terms),
        make_key(repr(findings.mentions)),
    )


def find_in_transcript(transcript: Transcript, matcher: Matcher) -> Findings:
    """All that is found in a transcript; it depends on no other transcript."""
    return Findings(
        find_mentions(transcript, matcher),
        find_corrections(transcript),
        find_doubts(transcript),
        find_fillers(transcript),
        find_coverage(transcript),
        find_errors(transcript),
    )


def compile_one(
    transcript: Transcript,
    findings: Findings,
    glossary: Glossary,
    themes: Mapping[int, Sequence[Theme]],
    masthead: SiteIdentity,
    *,
    quick: bool = False,
) -> LayoutAndFiles:
    """One transcript's files: a pure function of it, the glossary, and the themes that quote it.

    The glossary holds the entries that flow into it, no others; the chapters akin to its own are
    put into its page when all transcripts are known.
    """
    edition = transcript.edition
    head = describe_transcript(transcript, findings, glossary.by_term, masthead)
    book_entries = BookEntries(glossary.by_slug, glossary.by_term, masthead)
    layout = lay_out(transcript, findings)
    exported = exports.render_exports(exports.ExportInput(layout, book_entries), quick=quick)
    control = render_control(exported.downloads, exported.absent)
    page = render_transcript_page(layout, control, glossary, themes, head)
    files = {
        **{path: bytes(content) for path, content in exported.files.items()},
        edition.path: page.encode(),
    }
    return LayoutAndFiles(layout, files, exported)


def make_extract(compiled: LayoutAndFiles) -> TranscriptExtract:
    """What the rest of the site takes from a transcript."""
    layout, _, exported = compiled
    transcript, findings = layout.transcript, layout.findings
    edition = transcript.edition
    named: dict[str, list[Mention]] = {}
    chapters: list[dict[str, None]] = [{} for _ in edition.chapters]
    for mention in findings.mentions:
        named.setdefault(mention.entry, []).append(mention)
        chapters[transcript.paragraphs[mention.paragraph].chapter][mention.entry] = None
    return TranscriptExtract(
        _without_words(edition),
        len(transcript.source.words),
        len(findings.corrections),
        len(findings.doubts),
        findings.coverage.words,
        dict(Counter(turn.speaker for turn in transcript.turns)),
        tuple(
            ChapterExtract(chapter.title, address, tuple(entries))
            for chapter, address, entries in zip(
                edition.chapters, transcript.chapter_ids, chapters, strict=True
            )
        ),
        exported.downloads,
        {path: text.encode() for path, text in _render_lists(transcript, findings).items()},
        {
            entry: Mentioned(
                len(found),
                render_mentions_section(transcript, found).encode(),
                data.render_json_mentions(transcript, found).encode(),
            )
            for entry, found in named.items()
        },
    )


def _render_lists(transcript: Transcript, findings: Findings) -> dict[str, str]:
    return {
        "corrections.md": listings.render_corrections_section(
            transcript.edition, findings.corrections
        ),
        "doubts.md": listings.render_doubts_section(transcript, findings),
        "data/corrections.csv": data.render_csv_corrections(findings.corrections),
        "data/errors.csv": data.render_csv_errors([(transcript.edition.slug, findings.errors)]),
        "data/corrections.json": data.render_json_corrections(findings.corrections),
        "data/doubts.json": data.render_json_doubts(findings.doubts),
    }


def _without_words(edition: Edition) -> Edition:
    return replace(
        edition,
        text=Text(edition.text.path, ""),
        source=replace(edition.source, furniture=()),
        reviewed=(),
        introduction=(),
        chapters=tuple(replace(one, paragraphs=(), summary=()) for one in edition.chapters),
        footnotes=(),
        offsets={},
    )


def _themes_by_chapter(transcript: Transcript, themes: Sequence[Theme]) -> dict[int, list[Theme]]:
    """The themes that quote a transcript, by the number of the chapter."""
    chapters = chapters_of_addresses(transcript) if themes else {}
    by_chapter: dict[int, list[Theme]] = {}
    for theme in themes:
        for quotation in theme.quotations:
            # Where there is no such address, that is a problem of the theme.
            found = by_chapter.setdefault(chapters.get(quotation.address, -1), [])
            if theme not in found:
                found.append(theme)
    return by_chapter


def compile_chunk(jobs: Sequence[Job], packed: bytes) -> list[CompiledTranscript]:
    """Some transcripts compiled; `packed` is a pickled setting, unpacked once in each process."""
    setting, matcher = _unpack(packed)
    return [compile_talk(job, setting, matcher) for job in jobs]


@lru_cache(maxsize=1)
def _unpack(packed: bytes) -> tuple[CompilerSettings, Matcher]:
    setting: CompilerSettings = pickle.loads(packed)  # noqa: S301 - from our own other process
    return setting, compile_matcher(setting.entries)
