"""The lists below hand-written introductions: transcripts, glossary, corrections, doubts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from build_tools.glossary import KINDS
from build_tools.model import Correction, Doubt, Edition, Entry, Findings, Kind, Theme, Transcript
from build_tools.render.markdown import (
    NOT_SEARCHED,
    as_line,
    escape,
    link,
    render_address,
    render_count,
    render_date,
    render_plain,
)


def render_transcripts(
    transcripts: Iterable[tuple[Transcript, Findings]],
) -> str:
    """All transcripts, by year, the newest first."""
    newest_first = sorted(
        transcripts, key=lambda item: (item[0].edition.date, item[0].edition.slug), reverse=True
    )
    pieces = []
    for year, of_year in groupby(newest_first, key=lambda item: item[0].edition.date[:4]):
        pieces.append(f"## {year} {{ #{year} }}\n\n")
        for transcript, findings in of_year:
            edition = transcript.edition
            facts = " · ".join(
                fact for fact in (escape(edition.event), render_date(edition.date)) if fact
            )
            counts = ", ".join(
                (
                    render_count(len(transcript.source.words), "word"),
                    render_count(len(edition.chapters), "chapter"),
                    render_count(len(findings.corrections), "correction"),
                    render_count(len(findings.doubts), "open doubt"),
                )
            )
            pieces.append(
                f"### {link(escape(edition.title), f'{edition.slug}.md')}"
                f" {{ #{edition.slug} }}\n\n"
                f"{as_line(facts)}\n{{ .sic-facts }}\n\n"
                + (f"{as_line(escape(edition.description))}\n\n" if edition.description else "")
                + f"{counts}.\n{{ .sic-proof }}\n\n"
            )
    return "".join(pieces)


def render_glossary(entries: Iterable[Entry], mention_counts: Mapping[str, int]) -> str:
    """All entries by kind and, within a kind, by their first letter."""
    pieces = []
    by_term = sorted(entries, key=lambda entry: (entry.term.casefold(), entry.slug))
    for kind, heading in KINDS.items():
        own = [entry for entry in by_term if entry.kind == kind]
        if not own:
            continue
        pieces.append(f"## {heading} {{ #{heading.lower()} {NOT_SEARCHED} }}\n\n")
        for entry in own:
            times = mention_counts.get(entry.slug, 0)
            said = render_count(times, "mention") if times else "alluded to"
            pieces.append(
                f"- **{link(escape(entry.term), f'{entry.slug}.md')}** {escape(entry.short)}"
                f' <small class="sic-count">{said}</small>\n'
            )
        pieces.append("\n")
    return "".join(pieces)


def render_corrections(register: Iterable[tuple[Edition, Sequence[Correction]]]) -> str:
    """Every correction of every transcript, in order, with its reason."""
    pieces = []
    for edition, corrections in register:
        page = edition.path
        pieces.append(_heading(edition))
        pieces.append(f"{_render_kinds(corrections)}\n\n")
        if not corrections:
            continue
        pieces.append("| Place | Heard | Said | Kind | Reason |\n|---|---|---|---|---|\n")
        pieces += [_correction_row(page, correction) for correction in corrections]
        pieces.append("\n")
    return "".join(pieces)


def _heading(edition: Edition) -> str:
    title = link(escape(edition.title), edition.path)
    return f"## {title} {{ #{edition.slug} {NOT_SEARCHED} }}\n\n"


def _render_kinds(corrections: Sequence[Correction]) -> str:
    counts = Counter(correction.kind for correction in corrections)
    kinds = ", ".join(
        f"{kind.value} {counts[kind]}" for kind in Kind if counts[kind] and kind is not Kind.NOTE
    )
    conjectures = sum(correction.conjecture for correction in corrections)
    total = render_count(len(corrections), "correction")
    parts = [f"{total}: {kinds}" if kinds else total]
    if conjectures:
        parts.append(f"{render_count(conjectures, 'conjecture')}")
    return "; ".join(parts) + "."


def _correction_row(page: str, correction: Correction) -> str:
    place = link(render_address(correction.time, correction.line), f"{page}#{correction.address}")
    kind = correction.kind.value + (", conjecture" if correction.conjecture else "")
    reason = " ".join(
        render_plain(footnote.reason, written_in=page) for footnote in correction.footnotes
    )
    heard = f"<del>{escape(correction.heard)}</del>" if correction.heard else "—"
    said = f"<ins>{escape(correction.said)}</ins>" if correction.said else "—"
    return f"| {place} | {heard} | {said} | {kind} | {reason} |\n"


def render_themes(themes: Iterable[Theme]) -> str:
    """All pages that lay transcripts side by side."""
    return "".join(
        f"- **{link(escape(theme.title), f'{theme.slug}.md')}** {escape(theme.description)}\n"
        for theme in sorted(themes, key=lambda theme: (theme.title.casefold(), theme.slug))
    )


def render_doubts(register: Iterable[tuple[Edition, Sequence[Doubt]]]) -> str:
    """Every open doubt, as an invitation."""
    pieces = []
    for edition, doubts in register:
        if not doubts:
            continue
        pieces.append(_heading(edition))
        pieces += _doubt_items(edition, doubts)
        pieces.append("\n")
    return "".join(pieces) or "Nothing is in doubt at present.\n"


def _doubt_items(edition: Edition, doubts: Iterable[Doubt]) -> Iterator[str]:
    for doubt in doubts:
        place = link(render_address(doubt.time, doubt.line), f"{edition.path}#{doubt.address}")
        speaker = f" <b>{escape(doubt.speaker)}</b>" if doubt.speaker else ""
        yield f"- {place}{speaker} “{escape(doubt.words)}”: {escape(doubt.question)}\n"
