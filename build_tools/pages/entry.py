"""A glossary entry's page: its explanation, its sources, and every place where it is said."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from build_tools.model.edition import Edition
from build_tools.model.extract import Mentioned
from build_tools.model.glossary import KINDS, Entry, Reference
from build_tools.model.theme import Theme
from build_tools.model.transcript import Mention, Transcript
from build_tools.pages import markdown as md
from build_tools.pages.pagination import Item, Listing, join_bodies, transcript_item
from build_tools.text.catalogue import tr
from build_tools.text.wording import render_address, render_count, render_date

# A host speaks in every episode.
_MOST_SPOKEN = 100
# Characters of context on either side of a mention, cut at a word's edge.
_CONTEXT = 70
_NAME = re.compile(r"\{\w+\}")
_H3 = re.compile(rb"(?<=<)h3|(?<=</)h3")


class EntryUses(NamedTuple):
    """The themes that quote an entry, and the editions in which the person it explains speaks."""

    themes: Sequence[Theme]
    spoken: Sequence[Edition]


def render_entry(
    entry: Entry,
    mentions: bytes,
    entries: Mapping[str, Entry],
    uses: EntryUses,
    head: Mapping[str, object],
) -> str:
    """The page of an entry; `entries` are all by their term, `head` is further front matter."""
    kind = KINDS[entry.kind]
    others = (entries[name] for name in entry.see)
    see = (md.link(md.escape(one.term), f"{one.slug}.md", one.short) for one in others)
    quoting = (md.link(md.escape(theme.title), f"../{theme.path}") for theme in uses.themes)
    references = "".join(f"<li>{_render_reference(one)}\n" for one in entry.sources)
    pieces = (
        md.render_head(entry.term, entry.short, head),
        f"[{tr('Glossary')}](index.md) › [{tr(kind)}](index.md#{kind.lower()})",
        "\n{ .sic-crumbs }\n\n",
        f"# {md.escape(entry.term)}\n\n",
        f"{md.as_line(md.escape(entry.short))}\n{{ .sic-lead }}\n\n",
        md.render_paragraphs(entry.body),
        _render_line("Also said as {forms}.", map(md.quote, entry.also), ".sic-also"),
        _render_line("See also {entries}.", see, ".sic-see"),
        _render_line("Then and now: {themes}.", quoting, ".sic-see"),
        _render_line("As of {date}.", filter(None, [render_date(entry.checked)]), ".sic-see"),
        f"## {tr('Sources')}\n\n{md.render_list(references)}" if references else "",
        _render_spoken(uses.spoken),
        f"## {tr('Where it is said')} {{ #mentions }}\n\n",
        mentions.decode(),
    )
    return "".join(pieces).rstrip() + "\n"


def _render_spoken(editions: Sequence[Edition]) -> str:
    newest = sorted(editions, key=lambda one: (one.date, one.slug), reverse=True)
    lines = [
        f"<li>{md.link_from_top(md.in_language(md.escape(one.title), one.lang), one.path)}, "
        f"{render_date(one.date)}\n"
        for one in newest[:_MOST_SPOKEN]
    ]
    if not lines:
        return ""
    told = ""
    if more := len(newest) - len(lines):
        listed = md.link(tr("the list of transcripts"), "../transcripts/index.md")
        transcripts = render_count(more, "more transcript")
        told = tr("And in {transcripts}, on {list}.", transcripts=transcripts, list=listed)
        told += "\n\n"
    heading = f"## {tr('Where they speak')} {{ #speaks }}"
    return f"{heading}\n\n{md.render_list(''.join(lines))}{told}"


def _render_line(sentence: str, items: Iterable[str], style: str) -> str:
    """A sentence with a list in place of the only name in it; "" for an empty list."""
    before, after = _NAME.split(tr(sentence))
    listed = ", ".join(items)
    return f"{before}{listed}{after}\n{{ {style} }}\n\n" if listed else ""


def _render_reference(reference: Reference) -> str:
    title = f"<cite>{md.escape(reference.title)}</cite>"
    title = md.link(title, reference.url) if reference.url else title
    by, publisher = md.escape(reference.author), md.escape(reference.publisher)
    archived = md.link(tr("archived"), reference.archived) if reference.archived else ""
    parts = filter(None, (by, title, publisher, render_date(reference.date), archived))
    return md.as_line(", ".join(parts)) + "."


def mentions_listing(entry: Entry, mentions: Iterable[tuple[Edition, Mentioned]]) -> Listing:
    """Every mention of an entry, by transcript, as rendered by `render_mentions_section`."""
    kind = KINDS[entry.kind]
    items = [transcript_item(edition, one.page, one.times) for edition, one in mentions]
    unsaid = f"{tr('In no transcript by this name; speakers may allude to it.')}\n".encode()
    return Listing(
        *(entry.path, entry.term, items, "transcript", "mention"),
        render=lambda items: _join(items) or unsaid,
        # On a page of their own, each heading is one level up.
        render_section=lambda items: _H3.sub(b"h2", _join(items)),
        above=(
            (tr("Glossary"), "glossary/index.md"),
            (tr(kind), f"glossary/index.md#{kind.lower()}"),
        ),
        level=3,
    )


def _join(items: Sequence[Item]) -> bytes:
    """The mentions of several transcripts as one block, which an engine reads at once."""
    return b'<div class="sic-list">\n%s</div>\n' % join_bodies(items) if items else b""


def render_mentions_section(transcript: Transcript, mentions: Sequence[Mention]) -> str:
    """The mentions of an entry in one transcript, for the entry's page."""
    edition = transcript.edition
    title = md.in_language(md.escape(edition.title), edition.lang)
    items = "".join(_render_mention(transcript, mention) for mention in mentions)
    return (
        f'<h3 id="{edition.slug}">{title}, {render_date(edition.date)}</h3>\n'
        f"<p>{render_count(len(mentions), 'mention')}.</p>\n<ul>\n{items}</ul>\n"
    )


def _render_mention(transcript: Transcript, mention: Mention) -> str:
    """A mention with its address, and the words around it inside its paragraph."""
    paragraph, said = transcript.paragraphs[mention.paragraph], transcript.said
    start = max(paragraph.said_start, mention.start - _CONTEXT)
    end = min(paragraph.said_end, mention.end + _CONTEXT)
    before, after = said[start : mention.start], said[mention.end : end]
    if start > paragraph.said_start:
        before = "… " + before.partition(" ")[2]
    if end < paragraph.said_end:
        after = after.rpartition(" ")[0] + " …"
    speaker = f"<b>{md.escape(paragraph.speaker)}</b> " if paragraph.speaker else ""
    words = md.escape(said[mention.start : mention.end])
    shown = f"{speaker}{md.escape(before)}<mark>{words}</mark>{md.escape(after)}"
    cue, edition = transcript.source.cue_at(mention.word), transcript.edition
    target = f"{edition.path}#{transcript.source.address_at(mention.word)}"
    place = md.link_from_top(render_address(cue.start, cue.address), target, "sic-at")
    return f"<li>{place} {md.in_language(shown, edition.lang)}\n"
