"""The extract of a transcript: its rows of lists, entries and data, without its words."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from build_tools.exports import data
from build_tools.model.edition import Edition
from build_tools.model.extract import ChapterExtract, Mentioned, TranscriptExtract
from build_tools.model.site import Download
from build_tools.model.text import Text
from build_tools.model.transcript import Findings, Mention, Transcript
from build_tools.pages import listings
from build_tools.pages.entry import render_mentions_section


def make_extract(
    transcript: Transcript, findings: Findings, downloads: tuple[Download, ...]
) -> TranscriptExtract:
    """The parts of a transcript on lists, on entries and in data of the collection."""
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
        downloads,
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
        "data/corrections-spreadsheet.csv": data.render_csv_spreadsheet(findings.corrections),
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
