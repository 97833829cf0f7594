"""A glossary entry's page: what it is, its sources, and every place where it is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from build_tools.model.edition import Edition
from build_tools.model.extract import Mentioned
from build_tools.model.glossary import Entry, Reference
from build_tools.model.theme import Theme
from build_tools.model.transcript import Mention, Transcript
from build_tools.pages.dividing import TRANSCRIPTS, Item, Listing, join_bodies, talk_item
from build_tools.pages.markdown import (
    NOT_SEARCHED,
    as_line,
    escape,
    in_language,
    link,
    render_head,
    render_paragraphs,
)
from build_tools.reading.glossary import KINDS
from build_tools.text.wording import render_address, render_count, render_date

_NOT_SAID = b"In no transcript by this name; speakers only allude to it.\n"
# An entry is read for what it says; below that no more than some hundred links.
_OVERVIEW_SHARE = 0.2
# Of a heading of ours; in what others write, braces are escaped.
_HEADING_END = b" {"
# Characters of context on either side of a mention, cut at a word's edge.
_AROUND = 70


def render_entry(
    entry: Entry,
    mentions: bytes,
    entries: Mapping[str, Entry],
    themes: Sequence[Theme],
    head: Mapping[str, object],
) -> str:
    """The page of an entry, with the list of its mentions; `themes` are its own.

    `entries` are all by their term; `head` is front matter besides its own.
    """
    kind = KINDS[entry.kind]
    pieces = [
        render_head(entry.term, entry.short, head),
        f"[Glossary](index.md) › [{kind}](index.md#{kind.lower()})\n{{ .sic-crumbs }}\n\n",
        f"# {escape(entry.term)}\n\n",
        f"{as_line(escape(entry.short))}\n{{ .sic-lead }}\n\n",
        render_paragraphs(entry.body),
    ]
    if entry.also:
        forms = ", ".join(f"“{escape(form)}”" for form in entry.also)
        pieces.append(f"Also said as {forms}.\n{{ .sic-also }}\n\n")
    if entry.see:
        links = ", ".join(
            link(escape(name), entries[name].path.removeprefix("glossary/"), entries[name].short)
            for name in entry.see
        )
        pieces.append(f"See also {links}.\n{{ .sic-see }}\n\n")
    if themes:
        links = ", ".join(link(escape(theme.title), f"../{theme.path}") for theme in themes)
        pieces.append(f"Then and now: {links}.\n{{ .sic-see }}\n\n")
    if entry.sources:
        pieces.append("## Sources\n\n")
        pieces += [f"- {_render_reference(reference)}\n" for reference in entry.sources]
        pieces.append("\n")
    pieces += [f"## Where it is said {{ #mentions {NOT_SEARCHED} }}\n\n", mentions.decode()]
    return "".join(pieces).rstrip() + "\n"


def _render_reference(reference: Reference) -> str:
    title = f"<cite>{escape(reference.title)}</cite>"
    if reference.url:
        title = link(title, reference.url)
    parts = [escape(reference.author), title, escape(reference.publisher)]
    if reference.date:
        parts.append(render_date(reference.date))
    return as_line(", ".join(part for part in parts if part)) + "."


def list_mentions(entry: Entry, mentions: Iterable[tuple[Edition, Mentioned]]) -> Listing:
    """Every place where an entry is said, which `render_mentions` has rendered."""
    kind = KINDS[entry.kind]
    return Listing(
        entry.path,
        entry.term,
        [talk_item(edition, one.page, one.times, "mention") for edition, one in mentions],
        unit=TRANSCRIPTS,
        counted="mention",
        render=lambda items: join_bodies(items) or _NOT_SAID,
        render_section=_render_as_chapters,
        above=(("Glossary", "glossary/index.md"), (kind, f"glossary/index.md#{kind.lower()}")),
        level=3,
        overview_share=_OVERVIEW_SHARE,
    )


def _render_as_chapters(items: Sequence[Item]) -> bytes:
    """Mentions below the title of a page of their own; each transcript's have an address there."""
    return b"".join(
        bytes(item.body).removeprefix(b"#").replace(_HEADING_END, f" {{ #{item.anchor}".encode(), 1)
        for item in items
    )


def render_mentions(transcript: Transcript, found: Sequence[Mention]) -> str:
    """What stands on an entry's page of the mentions in one transcript."""
    title = in_language(escape(transcript.edition.title), transcript.edition.lang)
    lines = "".join(f"- {line}\n" for line in _mention_lines(transcript, found))
    return (
        f"### {title}, {render_date(transcript.edition.date)} {{ {NOT_SEARCHED} }}\n\n"
        f"{render_count(len(found), 'mention')}.\n\n{lines}\n"
    )


def _mention_lines(transcript: Transcript, found: Iterable[Mention]) -> Iterator[str]:
    for mention in found:
        paragraph = transcript.paragraphs[mention.paragraph]
        cue = transcript.source.cue_at(mention.word)
        target = f"../{transcript.edition.path}#{cue.address}"
        before, words, after = context(transcript, mention)
        speaker = f"<b>{escape(paragraph.speaker)}</b> " if paragraph.speaker else ""
        said = f"{speaker}{escape(before)}<mark>{escape(words)}</mark>{escape(after)}"
        place = link(render_address(cue.start, cue.address), target, "", ".sic-at")
        yield f"{place} {in_language(said, transcript.edition.lang)}"


def context(transcript: Transcript, mention: Mention) -> tuple[str, str, str]:
    """The words before a mention, the mention, and the words behind it, inside its paragraph."""
    paragraph = transcript.paragraphs[mention.paragraph]
    said = transcript.said
    start = max(paragraph.said_start, mention.start - _AROUND)
    end = min(paragraph.said_end, mention.end + _AROUND)
    before, after = said[start : mention.start], said[mention.end : end]
    if start > paragraph.said_start:
        before = "… " + before.partition(" ")[2]
    if end < paragraph.said_end:
        after = after.rpartition(" ")[0] + " …"
    return before, said[mention.start : mention.end], after
