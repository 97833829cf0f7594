"""Pages made of all transcripts: lists and glossary entries; each list is a row of a table."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial

from build_tools.exports.table import Collection, Exported
from build_tools.metadata import feeds
from build_tools.metadata.citation import cite_collection, cite_edition
from build_tools.metadata.linked_data import describe_entry
from build_tools.model.edition import Edition
from build_tools.model.extract import Mentioned, TranscriptExtract
from build_tools.model.glossary import Entry
from build_tools.pages import listings
from build_tools.pages.assets import render_asset
from build_tools.pages.entry import Around, mentions_listing, render_entry
from build_tools.pages.pagination import fit_one_page, plan_listing
from build_tools.reading.tree import THEMES, SiteContent, Tree
from build_tools.text.catalogue import tr

Page = Callable[[], bytes]


def plan_lists(
    tree: Tree, content: SiteContent, collection: Collection, exported: Exported
) -> dict[str, Page]:
    """Every list below its introduction from docs/, and the pages of its sections."""
    extracts, masthead = collection.extracts, collection.masthead
    counts = {slug: sum(one.times for one in found) for slug, found in collection.mentions.items()}
    whole = cite_collection([one.edition for one in extracts], masthead)
    having = (one for one in extracts if one.downloads)
    cited = ((one.edition, cite_edition(one.edition, masthead), one.downloads) for one in having)
    about = (tr("The whole collection"), "#collection", whole, exported.downloads)
    # Each list, the link to its feed, and the text above it on its page.
    rows = (
        (listings.transcripts_listing(extracts), f"../{feeds.TRANSCRIPTS_FEED}", ""),
        (listings.glossary_listing(content.entries, counts), "", ""),
        (listings.corrections_listing(extracts), feeds.CORRECTIONS_FEED, ""),
        (listings.doubts_listing(extracts), "", ""),
        (listings.downloads_listing(cited), "", listings.render_downloads(*about)),
    )
    planned: dict[str, Page] = {}
    for listing, feed, above in rows:
        parts = [_render_introduction(tree, listing.path, listing.title)]
        if feed and masthead.url:
            new = f"[{tr('Follow what is new')}]({feed})"
            follow = tr("{link} in a reader of feeds.", link=new)
            parts.append(f"{follow}\n{{ .sic-facts }}".encode())
        own, sections = plan_listing(listing)
        opening = b"\n\n".join((*parts, above.encode()))
        planned |= {listing.path: partial(_render, opening, own), **sections}
    if content.themes:
        introduction = _render_introduction(tree, THEMES, tr("Then and now"))
        themes = listings.render_themes(content.themes).encode()
        planned[THEMES] = lambda: b"\n\n".join((introduction, themes))
    return planned


def _render_introduction(tree: Tree, path: str, title: str) -> bytes:
    return (render_asset(tree, path) if path in tree else f"# {title}".encode()).rstrip()


def _render(opening: bytes, own: Page) -> bytes:
    return opening + own()


def list_spoken(extracts: Iterable[TranscriptExtract]) -> Mapping[str, Sequence[Edition]]:
    """The editions in which each person speaks, by the full name."""
    spoken = defaultdict[str, list[Edition]](list)
    for extract in extracts:
        for name in dict.fromkeys(extract.edition.speakers.values()):
            spoken[name].append(extract.edition)
    return spoken


def plan_entries(
    content: SiteContent, extracts: Sequence[TranscriptExtract]
) -> Iterator[tuple[Entry, dict[str, Page]]]:
    """Each entry with its page, and with sections if it has too many mentions for one page."""
    entries = {entry.slug: entry for entry in content.entries}
    by_term = {entry.term: entry for entry in content.entries}
    spoken = list_spoken(extracts)
    said = defaultdict[str, list[tuple[Edition, Mentioned]]](list)
    for extract in extracts:
        for slug, mentioned in extract.mentioned.items():
            said[slug].append((extract.edition, mentioned))

    # The sections of all entries at once would take more memory than the mentions themselves.
    @lru_cache(maxsize=1)
    def plan_mentions(slug: str) -> tuple[Page, dict[str, Page]]:
        return plan_listing(mentions_listing(entries[slug], said[slug]))

    def render(slug: str) -> bytes:
        entry, mentions = entries[slug], plan_mentions(slug)[0]()
        themes = [theme for theme in content.themes if entry.term in theme.entries]
        head = describe_entry(entry, content.masthead)
        around = Around(themes, spoken.get(entry.term, ()))
        return render_entry(entry, mentions, by_term, around, head).encode()

    def render_section(slug: str, path: str) -> bytes:
        return plan_mentions(slug)[1][path]()

    for entry in content.entries:
        planned: dict[str, Page] = {entry.path: partial(render, entry.slug)}
        if not fit_one_page(one.page for _, one in said[entry.slug]):
            for path in plan_mentions(entry.slug)[1]:
                planned[path] = partial(render_section, entry.slug, path)
        yield entry, planned
