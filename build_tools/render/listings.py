"""The lists below hand-written introductions: transcripts, glossary, corrections, doubts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from build_tools.glossary import KINDS
from build_tools.model import (
    Correction,
    Coverage,
    Doubt,
    Edition,
    Entry,
    Extract,
    Findings,
    Kind,
    Theme,
    Transcript,
)
from build_tools.render.markdown import (
    NOT_SEARCHED,
    as_line,
    escape,
    in_either,
    in_language,
    language_attributes,
    link,
    render_address,
    render_count,
    render_date,
    render_plain,
    render_share,
)


def render_transcripts(transcripts: Iterable[Extract]) -> str:
    """All transcripts, by year, the newest first."""
    newest_first = sorted(
        transcripts, key=lambda item: (item.edition.date, item.edition.slug), reverse=True
    )
    pieces = []
    for year, of_year in groupby(newest_first, key=lambda item: item.edition.date[:4]):
        pieces.append(f"## {year} {{ #{year} }}\n\n")
        for transcript in of_year:
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
            pieces.append(
                f"### {link(escape(edition.title), f'{edition.slug}.md')}"
                f" {{ #{edition.slug}{language} }}\n\n"
                f"{as_line(facts)}\n{{ .sic-facts }}\n\n"
                + _render_description(edition)
                + f"{counts}.\n{{ .sic-proof }}\n\n"
            )
    return "".join(pieces)


def _reviewed(transcript: Extract) -> Iterator[str]:
    if transcript.reviewed:
        share = render_share(transcript.reviewed, transcript.words)
        yield f"{share} read against the recording"


def _render_description(edition: Edition) -> str:
    if not edition.description:
        return ""
    language = language_attributes(edition.lang)
    attributes = f"\n{{:{language} }}" if language else ""
    return f"{as_line(escape(edition.description))}{attributes}\n\n"


def render_glossary(entries: Iterable[Entry], mention_counts: Mapping[str, int]) -> str:
    """All entries by kind and, within a kind, by their first letter."""
    pieces = []
    by_term = sorted(entries, key=lambda entry: (entry.term.casefold(), entry.slug))
    for kind, heading in KINDS.items():
        own = [entry for entry in by_term if entry.kind == kind]
        if not own:
            continue
        pieces.append(f"## {heading} {{ #{heading.lower()} .sic-kind {NOT_SEARCHED} }}\n\n")
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
        f"{kind.value} {counts[kind]}" for kind in Kind if counts[kind] and kind is not Kind.NOTE
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
    kind = correction.kind.value + (", conjecture" if correction.conjecture else "")
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
