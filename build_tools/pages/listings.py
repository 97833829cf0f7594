"""The lists below hand-written introductions: transcripts, glossary, corrections, doubts, files."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from build_tools.metadata.citation import Citation, render_citation
from build_tools.model.edition import Edition, Kind
from build_tools.model.extract import TranscriptExtract
from build_tools.model.glossary import KINDS, Entry
from build_tools.model.site import Download
from build_tools.model.theme import Theme
from build_tools.model.transcript import Coverage, Findings, Remark, Transcript
from build_tools.pages import markdown as md
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
from build_tools.text.wording import (
    render_address,
    render_count,
    render_date,
    render_share,
    render_size,
)
from build_tools.transcript.sense import describe_sense_change
from build_tools.transcript.statements import describe_reason, show_said

# A question that quotes a reading can be answered by yes or no.
_PROPOSES = re.compile("“[^“”]+”|„[^„“]+“|«[^«»]+»")


def transcripts_listing(newest: Iterable[TranscriptExtract]) -> Listing:
    """All transcripts by year; the newest come first."""
    about = ("transcripts/index.md", tr("Transcripts"), list(map(_index_item, newest)))
    return Listing(*about, unit="transcript", render=render_groups)


def _index_item(transcript: TranscriptExtract) -> Item:
    edition = transcript.edition
    date, lang = render_date(edition.date), edition.lang
    language = md.language_attributes(lang)
    facts = " · ".join(filter(None, (md.in_language(md.escape(edition.event), lang), date)))
    description = md.as_line(md.escape(edition.description))
    if description:
        description += f"\n{{:{language} }}\n\n" if language else "\n\n"
    counts = [
        render_count(transcript.words, "word"),
        render_count(len(edition.chapters), "chapter"),
        render_count(transcript.corrections, "correction"),
        render_count(transcript.doubts, "open doubt"),
    ]
    if transcript.reviewed:
        share = render_share(transcript.reviewed, transcript.words)
        counts.append(tr("{share} read against the recording", share=share))
    if transcript.validated:
        share = render_share(transcript.validated, transcript.words)
        counts.append(tr("{share} validated", share=share))
    title = md.link_from_top(md.escape(edition.title), edition.path)
    body = (
        f"### {title} {{ #{edition.slug}{language} }}\n\n{md.as_line(facts)}\n{{ .sic-facts }}\n\n"
        f"{description}{', '.join(counts)}.\n{{ .sic-proof }}\n\n"
    )
    return Item(body.encode(), group_by_year(edition.date))


def glossary_listing(entries: Iterable[Entry], mention_counts: Mapping[str, int]) -> Listing:
    """All entries by kind and, within a kind, in order of the alphabet."""
    order = list(KINDS)
    by_kind = sorted(
        entries, key=lambda one: (order.index(one.kind), one.term.casefold(), one.slug)
    )
    items = []
    for entry in by_kind:
        mentions = mention_counts.get(entry.slug, 0)
        count = render_count(mentions, "mention") if mentions else tr("not by name")
        row = (
            f"- **{md.link_from_top(md.escape(entry.term), entry.path)}** {md.escape(entry.short)}"
            f' <small class="sic-count">{count}</small>\n'
        )
        items.append(Item(row.encode(), Group("by-kind", KINDS[entry.kind])))
    render = partial(render_groups, style=".sic-kind", end=b"\n")
    return Listing("glossary/index.md", tr("Glossary"), items, "entry", render=render)


def corrections_listing(transcripts: Iterable[TranscriptExtract]) -> Listing:
    """The corrections of all transcripts, as rendered by `render_corrections_section`."""
    path = "corrections.md"
    found = ((one.edition, one.lists[path], one.corrections) for one in transcripts)
    items = [transcript_item(*one) for one in found]
    return Listing(path, tr("Corrections"), items, "transcript", "correction")


def render_corrections_section(edition: Edition, corrections: Sequence[Remark]) -> str:
    """The corrections of a transcript as a table, in order, each with its reason."""
    counts = Counter(correction.kind for correction in corrections)
    kinds = ", ".join(f"{tr(kind.label.lower())} {counts[kind]}" for kind in Kind if counts[kind])
    conjectures = sum(correction.conjecture for correction in corrections)
    total = render_count(len(corrections), "correction")
    found = f"{total}: {kinds}" if kinds else total
    found += f"; {render_count(conjectures, 'conjecture')}." if conjectures else "."
    opening = f"{_render_heading(edition)}{found}\n\n"
    if not corrections:
        return opening
    rows = "".join(_correction_row(edition, correction) for correction in corrections)
    heads = (tr("Place"), tr("Heard"), tr("Said"), tr("Kind"), tr("Reason"))
    head = "".join(f"<th>{one}" for one in heads)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>\n{md.as_html(rows)}</tbody></table>"
    return f"{opening}{table}\n\n"


def _render_heading(edition: Edition) -> str:
    attributes = f"#{edition.slug}{md.language_attributes(edition.lang)}"
    title = md.link_from_top(md.escape(edition.title), edition.path)
    return f"## {title} {{ {attributes} }}\n\n"


def _correction_row(edition: Edition, correction: Remark) -> str:
    place = _render_place(edition, correction.time, correction.address)
    kind = describe_reason(correction.footnotes[0])
    change = describe_sense_change(correction.heard, correction.said)
    kind += f"; <strong>{md.escape(change)}</strong>" if change else ""
    reason = " ".join(
        md.in_either(md.render_plain(footnote.reason, written_in=edition.path), edition.lang)
        for footnote in correction.footnotes
    )
    words = map(md.escape, (correction.heard, show_said(correction)))
    heard, said = (md.in_language(one, edition.lang) for one in words)
    heard = f"<del>{heard}</del>" if heard else "—"
    said = f"<ins>{said}</ins>" if said else "—"
    return f"<tr><td>{place}<td>{heard}<td>{said}<td>{kind}<td>{reason}</tr>\n"


def render_themes(themes: Iterable[Theme]) -> str:
    """Links to all pages of then-and-now/, in order of the alphabet, with their descriptions."""
    in_order = sorted(themes, key=lambda one: (one.title.casefold(), one.slug))
    listed = ((md.link(md.escape(one.title), f"{one.slug}.md"), one) for one in in_order)
    return "".join(f"- **{shown}** {md.escape(one.description)}\n" for shown, one in listed)


def doubts_listing(transcripts: Iterable[TranscriptExtract]) -> Listing:
    """The doubts of all transcripts, as rendered by `render_doubts_section`."""
    path = "doubts.md"
    found = ((one.edition, one.lists[path], one.doubts) for one in transcripts)
    items = [transcript_item(*one) for one in found if one[1]]
    none = f"{tr('Nothing is in doubt at present.')}\n".encode()
    about = (path, tr("Doubts"), items, "transcript", "open doubt")
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
        f"<p><strong>{task}</strong></p>\n<ul>\n{items}</ul>\n"
        for task, of_task in tasks
        if (items := "".join(of_task))
    )
    listed = f'<div class="sic-list">\n{md.as_html(lists)}</div>\n\n'
    return _render_heading(edition) + listed if lists else ""


def _doubt_items(edition: Edition, doubts: Iterable[Remark], proposed: bool) -> Iterator[str]:
    for doubt in doubts:
        if bool(_PROPOSES.search(doubt.question)) is proposed:
            words = md.in_language(md.quote(doubt.said), edition.lang)
            question = md.in_either(md.escape(doubt.question), edition.lang)
            yield f"{_render_task(edition, doubt)} {words}: {question}\n"


def _conjecture_items(edition: Edition, corrections: Iterable[Remark]) -> Iterator[str]:
    for one in corrections:
        if one.conjecture:
            quoted = (md.quote(side) if side else "" for side in (one.heard, show_said(one)))
            heard, said = (md.in_language(side, edition.lang) or tr("nothing") for side in quoted)
            asked = "who speaks, {said}?" if one.kind is Kind.SPEAKER else "{heard} or {said}?"
            change = tr(asked, heard=heard, said=said)
            reason = md.render_plain(one.footnotes[0].reason, written_in=edition.path)
            yield f"{_render_task(edition, one)} {change} {md.in_either(reason, edition.lang)}\n"


def _render_task(edition: Edition, remark: Remark) -> str:
    place = _render_place(edition, remark.time, remark.address)
    listening = find_listening(edition, remark.time, remark.line)
    listen = f" ({md.link(*listening)})" if listening else ""
    speaker = md.in_language(md.escape(remark.speaker), edition.lang)
    return f"<li>{place}{listen}" + (f" <b>{speaker}</b>" if speaker else "")


def _gap_items(transcript: Transcript, coverage: Coverage) -> Iterator[str]:
    """The passages that are still to be read against the recording, the shortest first."""
    for first, last in sorted(coverage.gaps, key=lambda gap: gap[1].line - gap[0].line):
        place = _render_place(transcript.edition, first.start, first.address)
        end = render_address(last.start, last.address)
        yield f"<li>{tr('{first} to {last}', first=place, last=end)}\n"


def _render_place(edition: Edition, time: int | None, address: str) -> str:
    return md.link_from_top(render_address(time, address), f"{edition.path}#{address}")


def render_control(downloads: Iterable[Download]) -> str:
    """The menu of a transcript's files."""
    items = (f"<li>{_render_file(one)} ({render_size(one.size)})\n" for one in downloads)
    more = tr("All files, their licences, and how to cite")
    return (
        f'<details class="sic-shares sic-downloads"><summary>{tr("Downloads")}</summary>\n'
        f"<ul>\n{''.join(items)}</ul>\n<p>{md.link_from_top(more, 'downloads.md')}</p></details>\n"
    )


def _render_file(one: Download) -> str:
    for_whom = tr("{what}, for {reader}", what=one.what, reader=one.reader)
    return f"{md.link_from_top(md.escape(one.name), one.path)} {md.escape(for_whom)}"


def downloads_listing(
    transcripts: Iterable[tuple[Edition, Citation, Sequence[Download]]],
) -> Listing:
    """The files of all transcripts, and how to cite each."""
    items = []
    for edition, citation, files in transcripts:
        title = md.link_from_top(md.escape(edition.title), edition.path)
        attributes = f"#{edition.slug}{md.language_attributes(edition.lang)}"
        section = render_downloads(title, attributes, citation, files, edition.lang)
        items.append(transcript_item(edition, section.encode(), len(files)))
    return Listing("downloads.md", tr("Downloads"), items, unit="transcript", counted="file")


def render_downloads(
    title: str, attributes: str, citation: Citation, downloads: Sequence[Download], lang: str = ""
) -> str:
    """The files of a transcript or of the collection, and how to cite it."""
    cited = md.in_either(md.escape(render_citation(citation)), lang)
    to_cite = tr("To cite: {citation}", citation=cited)
    items = ""
    for one in downloads:
        facts = f"{render_size(one.size)} · {md.escape(one.licence)}"
        items += f'- {_render_file(one)} <small class="sic-count">{facts}</small>\n'
    return f"## {title} {{ {attributes} }}\n\n{to_cite}\n\n{items}\n"
