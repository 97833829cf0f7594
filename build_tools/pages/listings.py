"""The lists below hand-written introductions: transcripts, glossary, corrections, doubts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from build_tools.model.edition import Edition, Kind
from build_tools.model.extract import TranscriptExtract
from build_tools.model.glossary import Entry
from build_tools.model.theme import Theme
from build_tools.model.transcript import Correction, Coverage, Doubt, Findings, Transcript
from build_tools.pages.dividing import (
    TRANSCRIPTS,
    Group,
    Item,
    Listing,
    group_by_year,
    join_bodies,
    talk_item,
)
from build_tools.pages.markdown import (
    NOT_SEARCHED,
    as_line,
    escape,
    in_either,
    in_language,
    language_attributes,
    link,
    render_plain,
)
from build_tools.reading.glossary import KINDS
from build_tools.text.wording import render_address, render_count, render_date, render_share
from build_tools.transcript.statements import with_certainty


def list_transcripts(transcripts: Iterable[TranscriptExtract]) -> Listing:
    """All transcripts, by year, the newest first."""
    by_date = sorted(
        transcripts, key=lambda item: (item.edition.date, item.edition.slug), reverse=True
    )
    return Listing(
        "transcripts/index.md",
        "Transcripts",
        [_transcript_item(transcript) for transcript in by_date],
        unit=TRANSCRIPTS,
        render=_render_by_year,
    )


def _transcript_item(transcript: TranscriptExtract) -> Item:
    edition = transcript.edition
    return Item(
        edition.slug,
        edition.title,
        render_date(edition.date),
        _render_transcript(transcript).encode(),
        group_by_year(edition.date),
        edition.lang,
        target=edition.path,
    )


def _render_by_year(items: Sequence[Item]) -> bytes:
    pieces = []
    for year, of_year in groupby(items, key=lambda item: item.group):
        pieces.append(f"## {year.title} {{ #{year.anchor} }}\n\n".encode())
        pieces.append(join_bodies(of_year))
    return b"".join(pieces)


def _render_transcript(transcript: TranscriptExtract) -> str:
    edition = transcript.edition
    language = language_attributes(edition.lang)
    event = in_language(escape(edition.event), edition.lang)
    facts = " · ".join(fact for fact in (event, render_date(edition.date)) if fact)
    counts = ", ".join(
        (
            render_count(transcript.words, "word"),
            render_count(len(edition.chapters), "chapter"),
            render_count(transcript.corrections, "correction"),
            render_count(transcript.doubts, "open doubt"),
            *_reviewed(transcript),
        )
    )
    return (
        f"### {link(escape(edition.title), f'{edition.slug}.md')}"
        f" {{ #{edition.slug}{language} }}\n\n"
        f"{as_line(facts)}\n{{ .sic-facts }}\n\n"
        + _render_description(edition)
        + f"{counts}.\n{{ .sic-proof }}\n\n"
    )


def _reviewed(transcript: TranscriptExtract) -> Iterator[str]:
    if transcript.reviewed:
        share = render_share(transcript.reviewed, transcript.words)
        yield f"{share} read against the recording"


def _render_description(edition: Edition) -> str:
    if not edition.description:
        return ""
    language = language_attributes(edition.lang)
    attributes = f"\n{{:{language} }}" if language else ""
    return f"{as_line(escape(edition.description))}{attributes}\n\n"


def list_glossary(entries: Iterable[Entry], mention_counts: Mapping[str, int]) -> Listing:
    """All entries by kind and, within a kind, in order of the alphabet."""
    order = list(KINDS)
    sorted_entries = sorted(
        entries, key=lambda entry: (order.index(entry.kind), entry.term.casefold(), entry.slug)
    )
    return Listing(
        "glossary/index.md",
        "Glossary",
        [_entry_item(entry, mention_counts.get(entry.slug, 0)) for entry in sorted_entries],
        unit=("entry", "entries"),
        render=_render_by_kind,
        style=".sic-kind",
    )


def _entry_item(entry: Entry, times: int) -> Item:
    kind = KINDS[entry.kind]
    said = render_count(times, "mention") if times else "alluded to"
    row = (
        f"- **{link(escape(entry.term), f'{entry.slug}.md')}** {escape(entry.short)}"
        f' <small class="sic-count">{said}</small>\n'
    )
    own = Group(f"by-kind/{kind.lower()}", kind, kind.lower())
    return Item("", entry.term, "", row.encode(), own, target=entry.path)


def _render_by_kind(items: Sequence[Item]) -> bytes:
    pieces = []
    for kind, of_kind in groupby(items, key=lambda item: item.group):
        heading = f"## {kind.title} {{ #{kind.anchor} .sic-kind {NOT_SEARCHED} }}\n\n"
        pieces += [heading.encode(), join_bodies(of_kind), b"\n"]
    return b"".join(pieces)


def list_corrections(transcripts: Iterable[TranscriptExtract]) -> Listing:
    """Every correction of every transcript, which `render_corrections` has rendered."""
    path = "corrections.md"
    items = [
        talk_item(one.edition, one.lists[path], one.corrections, "correction")
        for one in transcripts
    ]
    return Listing(path, "Corrections", items, unit=TRANSCRIPTS, counted="correction")


def list_doubts(transcripts: Iterable[TranscriptExtract]) -> Listing:
    """What is in doubt in every transcript, which `render_doubts` has rendered."""
    path = "doubts.md"
    items = [
        talk_item(one.edition, one.lists[path], one.doubts, "open doubt")
        for one in transcripts
        if one.lists[path]
    ]
    return Listing(
        path,
        "Doubts",
        items,
        unit=TRANSCRIPTS,
        counted="open doubt",
        render=lambda items: join_bodies(items) or NO_DOUBTS.encode(),
    )


def render_corrections(register: Iterable[tuple[Edition, Sequence[Correction]]]) -> str:
    """Every correction of every transcript, in order, with its reason."""
    pieces = []
    for edition, corrections in register:
        pieces.append(f"## {_render_title(edition)}\n\n")
        pieces.append(f"{_render_kinds(corrections)}\n\n")
        if not corrections:
            continue
        pieces.append("| Place | Heard | Said | Kind | Reason |\n|---|---|---|---|---|\n")
        pieces += [_correction_row(edition, correction) for correction in corrections]
        pieces.append("\n")
    return "".join(pieces)


def _heading(edition: Edition) -> str:
    title = link(escape(edition.title), edition.path)
    return f"## {title} {{ #{edition.slug} {NOT_SEARCHED} }}\n\n"


def _render_kinds(corrections: Sequence[Correction]) -> str:
    counts = Counter(correction.kind for correction in corrections)
    kinds = ", ".join(
        f"{kind.value} {counts[kind]}" for kind in Kind if counts[kind] and kind.is_correction
    )
    conjectures = sum(correction.conjecture for correction in corrections)
    total = render_count(len(corrections), "correction")
    parts = [f"{total}: {kinds}" if kinds else total]
    if conjectures:
        parts.append(f"{render_count(conjectures, 'conjecture')}")
    return "; ".join(parts) + "."


def _render_title(edition: Edition) -> str:
    attributes = f"#{edition.slug}{language_attributes(edition.lang)} {NOT_SEARCHED}"
    return f"{link(escape(edition.title), edition.path)} {{ {attributes} }}"


def _correction_row(edition: Edition, correction: Correction) -> str:
    page = edition.path
    place = link(
        render_address(correction.time, correction.address), f"{page}#{correction.address}"
    )
    kind = with_certainty(correction.kind.value, conjecture=correction.conjecture)
    reason = " ".join(
        in_either(render_plain(footnote.reason, written_in=page), edition.lang)
        for footnote in correction.footnotes
    )
    heard, said = (
        in_language(escape(words), edition.lang) for words in (correction.heard, correction.said)
    )
    heard = f"<del>{heard}</del>" if heard else "—"
    said = f"<ins>{said}</ins>" if said else "—"
    return f"| {place} | {heard} | {said} | {kind} | {reason} |\n"


def render_themes(themes: Iterable[Theme]) -> str:
    """All pages that lay transcripts side by side."""
    return "".join(
        f"- **{link(escape(theme.title), f'{theme.slug}.md')}** {escape(theme.description)}\n"
        for theme in sorted(themes, key=lambda theme: (theme.title.casefold(), theme.slug))
    )


NO_DOUBTS = "Nothing is in doubt at present.\n"


def render_doubts(transcripts: Iterable[tuple[Transcript, Findings]]) -> str:
    """What readers can help with, the easiest first: a yes or a no, a word, a passage to hear.

    It is "" where nothing is in doubt; a page then says `NO_DOUBTS`.
    """
    pieces = []
    for transcript, findings in transcripts:
        edition = transcript.edition
        tasks = [
            ("Is the proposed reading right?", _doubt_items(edition, findings.doubts, True)),
            ("What was said here?", _doubt_items(edition, findings.doubts, False)),
            ("Read it against the recording", _gap_items(transcript, findings.coverage)),
        ]
        listed = [(task, items) for task, of_task in tasks if (items := list(of_task))]
        if listed:
            pieces.append(f"## {_render_title(edition)}\n\n")
        for task, items in listed:
            pieces.append(f"**{task}**\n\n{''.join(items)}\n")
    return "".join(pieces)


# A question that quotes a reading can be answered by yes or no.
_PROPOSES = re.compile("“[^“”]+”")


def _doubt_items(edition: Edition, doubts: Iterable[Doubt], proposed: bool) -> Iterator[str]:
    for doubt in doubts:
        if bool(_PROPOSES.search(doubt.question)) is proposed:
            address = f"{edition.path}#{doubt.address}"
            place = link(render_address(doubt.time, doubt.address), address)
            speaker = in_language(escape(doubt.speaker), edition.lang)
            speaker = f" <b>{speaker}</b>" if speaker else ""
            words = in_language(f"“{escape(doubt.words)}”", edition.lang)
            question = in_either(escape(doubt.question), edition.lang)
            yield f"- {place}{speaker} {words}: {question}\n"


def _gap_items(transcript: Transcript, coverage: Coverage) -> Iterator[str]:
    """The passages that nobody has read against the recording, the shortest first."""
    for first, last in sorted(coverage.gaps, key=lambda gap: gap[1].line - gap[0].line):
        begin, end = (render_address(cue.start, cue.address) for cue in (first, last))
        place = link(begin, f"{transcript.edition.path}#{first.address}")
        yield f"- {place} to {end}\n"
