"""The lists below hand-written introductions: transcripts, glossary, corrections, doubts."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from build_tools.model.edition import Edition, Kind
from build_tools.model.extract import TranscriptExtract
from build_tools.model.glossary import KINDS, Entry
from build_tools.model.theme import Theme
from build_tools.model.transcript import Coverage, Findings, Remark, Transcript
from build_tools.pages.markdown import (
    as_line,
    escape,
    in_either,
    in_language,
    language_attributes,
    link,
    quote,
    render_plain,
)
from build_tools.pages.pagination import (
    Group,
    Item,
    Listing,
    group_by_year,
    join_bodies,
    render_groups,
    transcript_item,
)
from build_tools.pages.player import find_listening
from build_tools.text.catalogue import tr
from build_tools.text.wording import render_address, render_count, render_date, render_share
from build_tools.transcript.sense import describe_sense_change
from build_tools.transcript.statements import describe_reason, show_said

# A question that quotes a reading can be answered by yes or no.
_PROPOSES = re.compile("“[^“”]+”|„[^„“]+“|«[^«»]+»")


def transcripts_listing(transcripts: Iterable[TranscriptExtract]) -> Listing:
    """All transcripts, by year, the newest first."""
    by_date = sorted(transcripts, key=lambda one: (one.edition.date, one.edition.slug))
    items = [_index_item(transcript) for transcript in reversed(by_date)]
    about = ("transcripts/index.md", tr("Transcripts"), items)
    return Listing(*about, unit="transcript", render=render_groups)


def _index_item(transcript: TranscriptExtract) -> Item:
    edition = transcript.edition
    date, lang, year = render_date(edition.date), edition.lang, group_by_year(edition.date)
    language = language_attributes(lang)
    facts = " · ".join(filter(None, (in_language(escape(edition.event), lang), date)))
    attributes = f"\n{{:{language} }}" if language else ""
    description = as_line(escape(edition.description))
    description = description and f"{description}{attributes}\n\n"
    counts = [render_count(transcript.words, "word")]
    counts.append(render_count(len(edition.chapters), "chapter"))
    counts.append(render_count(transcript.corrections, "correction"))
    counts.append(render_count(transcript.doubts, "open doubt"))
    if transcript.reviewed:
        share = render_share(transcript.reviewed, transcript.words)
        counts.append(tr("{share} read against the recording", share=share))
    if transcript.validated:
        share = render_share(transcript.validated, transcript.words)
        counts.append(tr("{share} validated", share=share))
    heading = f"{link(escape(edition.title), f'{edition.slug}.md')} {{ #{edition.slug}{language} }}"
    body = (
        f"### {heading}\n\n{as_line(facts)}\n{{ .sic-facts }}\n\n"
        f"{description}{', '.join(counts)}.\n{{ .sic-proof }}\n\n"
    ).encode()
    return Item(edition.slug, edition.title, date, body, year, lang, target=edition.path)


def glossary_listing(entries: Iterable[Entry], mention_counts: Mapping[str, int]) -> Listing:
    """All entries by kind and, within a kind, in order of the alphabet."""
    order = list(KINDS)
    by_kind = sorted(
        entries, key=lambda one: (order.index(one.kind), one.term.casefold(), one.slug)
    )
    items = [_entry_item(entry, mention_counts.get(entry.slug, 0)) for entry in by_kind]
    render = partial(render_groups, style=".sic-kind", end=b"\n")
    about = ("glossary/index.md", tr("Glossary"), items, "entry")
    return Listing(*about, render=render, style=".sic-kind")


def _entry_item(entry: Entry, mentions: int) -> Item:
    kind = KINDS[entry.kind]
    count = render_count(mentions, "mention") if mentions else tr("not by name")
    row = (
        f"- **{link(escape(entry.term), f'{entry.slug}.md')}** {escape(entry.short)}"
        f' <small class="sic-count">{count}</small>\n'
    )
    return Item("", entry.term, "", row.encode(), Group("by-kind", kind), target=entry.path)


def corrections_listing(transcripts: Iterable[TranscriptExtract]) -> Listing:
    """The corrections of all transcripts, as rendered by `render_corrections_section`."""
    path, counted = "corrections.md", "correction"
    found = ((one.edition, one.lists[path], one.corrections) for one in transcripts)
    items = [transcript_item(*one, counted) for one in found]
    return Listing(path, tr("Corrections"), items, "transcript", counted)


def render_corrections_section(edition: Edition, corrections: Sequence[Remark]) -> str:
    """The corrections of a transcript as a table, in order, each with its reason."""
    opening = f"{_render_heading(edition)}{_render_kinds(corrections)}\n\n"
    if not corrections:
        return opening
    rows = "".join(_correction_row(edition, correction) for correction in corrections)
    heads = " | ".join((tr("Place"), tr("Heard"), tr("Said"), tr("Kind"), tr("Reason")))
    return f"{opening}| {heads} |\n|---|---|---|---|---|\n{rows}\n"


def _render_heading(edition: Edition) -> str:
    attributes = f"#{edition.slug}{language_attributes(edition.lang)}"
    return f"## {link(escape(edition.title), edition.path)} {{ {attributes} }}\n\n"


def _render_kinds(corrections: Sequence[Remark]) -> str:
    counts = Counter(correction.kind for correction in corrections)
    kinds = ", ".join(
        f"{tr(kind.value)} {counts[kind]}" for kind in Kind if counts[kind] and kind.is_correction
    )
    conjectures = sum(correction.conjecture for correction in corrections)
    total = render_count(len(corrections), "correction")
    found = f"{total}: {kinds}" if kinds else total
    return found + (f"; {render_count(conjectures, 'conjecture')}." if conjectures else ".")


def _correction_row(edition: Edition, correction: Remark) -> str:
    place = _render_place(edition, correction.time, correction.address)
    kind = describe_reason(correction.footnotes[0])
    change = describe_sense_change(correction.heard, correction.said)
    kind += f"; **{escape(change)}**" if change else ""
    reason = " ".join(
        in_either(render_plain(footnote.reason, written_in=edition.path), edition.lang)
        for footnote in correction.footnotes
    )
    words = map(escape, (correction.heard, show_said(correction)))
    heard, said = (in_language(one, edition.lang) for one in words)
    heard = f"<del>{heard}</del>" if heard else "—"
    said = f"<ins>{said}</ins>" if said else "—"
    return f"| {place} | {heard} | {said} | {kind} | {reason} |\n"


def render_themes(themes: Iterable[Theme]) -> str:
    """Links to all pages of then-and-now/, in order of the alphabet, with their descriptions."""
    return "".join(
        f"- **{link(escape(theme.title), f'{theme.slug}.md')}** {escape(theme.description)}\n"
        for theme in sorted(themes, key=lambda theme: (theme.title.casefold(), theme.slug))
    )


def doubts_listing(transcripts: Iterable[TranscriptExtract]) -> Listing:
    """The doubts of all transcripts, as rendered by `render_doubts_section`."""
    path, counted = "doubts.md", "open doubt"
    found = ((one.edition, one.lists[path], one.doubts) for one in transcripts)
    items = [transcript_item(*one, counted) for one in found if one[1]]
    none = f"{tr('Nothing is in doubt at present.')}\n".encode()
    about = (path, tr("Doubts"), items, "transcript", counted)
    return Listing(*about, lambda own: join_bodies(own) or none)


def render_doubts_section(transcript: Transcript, findings: Findings) -> str:
    """The tasks for readers of a transcript, the easiest first; "" if there is none."""
    edition = transcript.edition
    tasks = (
        (tr("Is the proposed reading right?"), _doubt_items(edition, findings.doubts, True)),
        (tr("What was said here?"), _doubt_items(edition, findings.doubts, False)),
        (tr("Is this correction right?"), _conjecture_items(edition, findings.corrections)),
        (tr("Read it against the recording"), _gap_items(transcript, findings.coverage)),
    )
    lists = "".join(
        f"**{task}**\n\n{items}\n" for task, of_task in tasks if (items := "".join(of_task))
    )
    return _render_heading(edition) + lists if lists else ""


def _doubt_items(edition: Edition, doubts: Iterable[Remark], proposed: bool) -> Iterator[str]:
    for doubt in doubts:
        if bool(_PROPOSES.search(doubt.question)) is proposed:
            words = in_language(quote(doubt.said), edition.lang)
            question = in_either(escape(doubt.question), edition.lang)
            yield f"{_render_task(edition, doubt)} {words}: {question}\n"


def _conjecture_items(edition: Edition, corrections: Iterable[Remark]) -> Iterator[str]:
    for one in corrections:
        if one.conjecture:
            quoted = (quote(side) if side else "" for side in (one.heard, show_said(one)))
            heard, said = (in_language(side, edition.lang) or tr("nothing") for side in quoted)
            asked = "who speaks, {said}?" if one.kind is Kind.SPEAKER else "{heard} or {said}?"
            change = tr(asked, heard=heard, said=said)
            reason = render_plain(one.footnotes[0].reason, written_in=edition.path)
            yield f"{_render_task(edition, one)} {change} {in_either(reason, edition.lang)}\n"


def _render_task(edition: Edition, remark: Remark) -> str:
    """The place of a remark, where to listen to it, and who speaks there."""
    place = _render_place(edition, remark.time, remark.address)
    listen = _render_listen(edition, remark)
    speaker = in_language(escape(remark.speaker), edition.lang)
    return f"- {place}{listen}" + (f" <b>{speaker}</b>" if speaker else "")


def _render_listen(edition: Edition, remark: Remark) -> str:
    """A link to the recording, a little before a remark; "" if its time is not known."""
    found = find_listening(edition, remark.time, remark.line)
    return f" ({link(*found)})" if found else ""


def _gap_items(transcript: Transcript, coverage: Coverage) -> Iterator[str]:
    """The passages that are still to be read against the recording, the shortest first."""
    for first, last in sorted(coverage.gaps, key=lambda gap: gap[1].line - gap[0].line):
        place = _render_place(transcript.edition, first.start, first.address)
        end = render_address(last.start, last.address)
        yield f"- {tr('{first} to {last}', first=place, last=end)}\n"


def _render_place(edition: Edition, time: int | None, address: str) -> str:
    return link(render_address(time, address), f"{edition.path}#{address}")
