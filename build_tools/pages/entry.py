"""A glossary entry's page: its explanation, its sources, and every place where it is said."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from build_tools.model.edition import Edition
from build_tools.model.glossary import KINDS, Entry, Reference
from build_tools.model.theme import Theme
from build_tools.model.transcript import Mention, Mentioned, Transcript
from build_tools.pages import markdown as md
from build_tools.pages.pagination import Listing, join_bodies, transcript_item
from build_tools.text.catalogue import tr
from build_tools.text.wording import render_address, render_count, render_date

# A host speaks in every episode.
_MOST_SPOKEN = 100
# Characters of context on either side of a mention, cut at a word's edge.
_CONTEXT = 70
_NAME = re.compile(r"\{\w+\}")


class Around(NamedTuple):
    """The themes that quote an entry, and the editions in which the person it explains speaks."""

    themes: Sequence[Theme]
    spoken: Sequence[Edition]


def render_entry(
    entry: Entry,
    mentions: bytes,
    entries: Mapping[str, Entry],
    around: Around,
    head: Mapping[str, object],
) -> str:
    """The page of an entry; `entries` are all by their term, `head` is further front matter."""
    kind = KINDS[entry.kind]
    others = (entries[name] for name in entry.see)
    see = (md.link(md.escape(one.term), f"{one.slug}.md", one.short) for one in others)
    quoting = (md.link(md.escape(theme.title), f"../{theme.path}") for theme in around.themes)
    references = "".join(f"- {_render_reference(one)}\n" for one in entry.sources)
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
        f"## {tr('Sources')}\n\n{references}\n" if references else "",
        _render_spoken(around.spoken),
        f"## {tr('Where it is said')} {{ #mentions }}\n\n",
        mentions.decode(),
    )
    return "".join(pieces).rstrip() + "\n"


def _render_spoken(editions: Sequence[Edition]) -> str:
    newest = sorted(editions, key=lambda one: (one.date, one.slug), reverse=True)
    lines = [
        f"- {md.link(md.in_language(md.escape(one.title), one.lang), f'../{one.path}')}, "
        f"{render_date(one.date)}\n"
        for one in newest[:_MOST_SPOKEN]
    ]
    if more := len(newest) - len(lines):
        listed = md.link(tr("the list of transcripts"), "../transcripts/index.md")
        transcripts = render_count(more, "more transcript")
        told = tr("And in {transcripts}, on {list}.", transcripts=transcripts, list=listed)
        lines.append(f"\n{told}\n")
    heading = f"## {tr('Where they speak')} {{ #speaks }}"
    return f"{heading}\n\n{''.join(lines)}\n" if lines else ""


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
        render=lambda items: join_bodies(items) or unsaid,
        # On a page of their own, each heading is one level up.
        render_section=lambda items: join_bodies(items).replace(b"### ", b"## "),
        above=(
            (tr("Glossary"), "glossary/index.md"),
            (tr(kind), f"glossary/index.md#{kind.lower()}"),
        ),
        level=3,
    )


def render_mentions_section(transcript: Transcript, mentions: Sequence[Mention]) -> str:
    """The mentions of an entry in one transcript, for the entry's page."""
    edition = transcript.edition
    title = md.in_language(md.escape(edition.title), edition.lang)
    return (
        f"### {title}, {render_date(edition.date)} {{ #{edition.slug} }}\n\n"
        f"{render_count(len(mentions), 'mention')}.\n\n"
        f"{''.join(_render_mention(transcript, mention) for mention in mentions)}\n"
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
    target = f"../{edition.path}#{transcript.source.address_at(mention.word)}"
    place = render_address(cue.start, cue.address)
    return f"- {md.link(place, target, '', '.sic-at')} {md.in_language(shown, edition.lang)}\n"
