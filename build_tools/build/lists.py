"""Pages made of all transcripts: lists and glossary entries; each list is a row of a table."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial

from build_tools.exports.table import Collection
from build_tools.metadata import feeds
from build_tools.metadata.citation import cite_collection, cite_edition
from build_tools.metadata.linked_data import describe_entry
from build_tools.model.edition import Edition
from build_tools.model.glossary import Entry
from build_tools.model.site import Download
from build_tools.pages import listings
from build_tools.pages.assets import render_asset
from build_tools.pages.entry import Around, mentions_listing, render_entry
from build_tools.pages.pagination import LazyPage, fit_one_page, plan_listing
from build_tools.reading.tree import THEMES, Tree
from build_tools.text.catalogue import tr


def plan_lists(
    tree: Tree, collection: Collection, downloads: Sequence[Download]
) -> dict[str, LazyPage]:
    """Every list below its introduction from docs/, and the pages of its sections."""
    extracts, content, masthead = collection.extracts, collection.content, collection.masthead
    whole = cite_collection([one.edition for one in extracts], masthead)
    having = (one for one in extracts if one.downloads)
    cited = ((one.edition, cite_edition(one.edition, masthead), one.downloads) for one in having)
    about = (tr("The whole collection"), "#collection", whole, downloads)
    # Each list, the link to its feed, and the text above it on its page.
    rows = (
        (listings.transcripts_listing(extracts), f"../{feeds.TRANSCRIPTS_FEED}", ""),
        (listings.glossary_listing(content.entries, collection.times), "", ""),
        (listings.corrections_listing(extracts), feeds.CORRECTIONS_FEED, ""),
        (listings.doubts_listing(extracts), "", ""),
        (listings.downloads_listing(cited), "", listings.render_downloads(*about)),
    )
    planned: dict[str, LazyPage] = {}
    for listing, feed, above in rows:
        parts = [_render_introduction(tree, listing.path, listing.title)]
        if feed and masthead.url:
            new = f"[{tr('Follow what is new')}]({feed})"
            follow = tr("{link} in a reader of feeds.", link=new)
            parts.append(f"{follow}\n{{ .sic-facts }}".encode())
        own, sections = plan_listing(listing)
        opening = b"\n\n".join((*parts, above.encode()))
        planned |= {listing.path: partial(_join, opening, own), **sections}
    if content.themes:
        opening = _render_introduction(tree, THEMES, tr("Then and now")) + b"\n\n"
        themes = listings.render_themes(content.themes).encode()
        planned[THEMES] = partial(_join, opening, lambda: themes)
    return planned


def _render_introduction(tree: Tree, path: str, title: str) -> bytes:
    return (render_asset(tree, path) if path in tree else f"# {title}".encode()).rstrip()


def _join(opening: bytes, own: LazyPage) -> bytes:
    return opening + own()


def plan_entries(
    collection: Collection,
) -> Iterator[tuple[Entry, Around, Mapping[str, LazyPage]]]:
    """Each entry with its page, and with sections if it has too many mentions for one page."""
    content, mentions = collection.content, collection.mentions
    entries = {entry.slug: entry for entry in content.entries}
    by_term = {entry.term: entry for entry in content.entries}
    # The editions in which each person speaks, by the full name.
    spoken = defaultdict[str, list[Edition]](list)
    for extract in collection.extracts:
        for name in dict.fromkeys(extract.edition.speakers.values()):
            spoken[name].append(extract.edition)

    # The sections of all entries at once would take more memory than the mentions themselves.
    @lru_cache(maxsize=1)
    def plan_mentions(slug: str) -> tuple[LazyPage, dict[str, LazyPage]]:
        return plan_listing(mentions_listing(entries[slug], mentions.get(slug, ())))

    def render(entry: Entry, around: Around) -> bytes:
        listed, head = plan_mentions(entry.slug)[0](), describe_entry(entry, content.masthead)
        return render_entry(entry, listed, by_term, around, head).encode()

    def render_section(slug: str, path: str) -> bytes:
        return plan_mentions(slug)[1][path]()

    for slug, entry in entries.items():
        themes = [theme for theme in content.themes if entry.term in theme.entries]
        around = Around(themes, spoken.get(entry.term, ()))
        planned: dict[str, LazyPage] = {entry.path: partial(render, entry, around)}
        if not fit_one_page(one.page for _, one in mentions.get(slug, ())):
            planned |= {
                path: partial(render_section, slug, path) for path in plan_mentions(slug)[1]
            }
        yield entry, around, planned
