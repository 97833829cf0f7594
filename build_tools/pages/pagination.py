"""Lists that outgrow a page: an overview, and sections by year, by kind or by letter.

A list of at most `PAGE_SIZE` bytes is one page. A longer list becomes an overview at the same
address, with a page below it for each group of items; a group that outgrows its page continues on
numbered pages.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby
from typing import NamedTuple

from build_tools.model.edition import Edition
from build_tools.model.extract import Content
from build_tools.model.site import SITE_LANGUAGE
from build_tools.pages.markdown import NOT_SEARCHED, escape, in_language, link, render_head
from build_tools.text.wording import render_count, render_date

# The most bytes of Markdown on a page. Compressed HTML of a list has a quarter or a third of them,
# so a page stays below 60 kB with the theme's own 4 kB; a row takes more than 24 bytes, so a page
# stays below 5,000 rows.
PAGE_SIZE = 120_000
# A link that the build made: in text of other people, brackets are escaped.
_RELATIVE_LINK = re.compile(rb"\]\((?!https://|#)")


class Group(NamedTuple):
    """The year, kind or letter of an item: its page below the list's folder, and its title.

    `anchor` is its address on an overview.
    """

    path: str
    title: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Item:
    """A part of a list that is never divided: `body` is its Markdown, `title` its overview's link.

    `facts` are Markdown, `count` is the number of things in it that the list counts. An overview
    links to `target`, or to the item on its section if that is "". Sections sort items by `order`,
    the highest first.
    """

    anchor: str
    title: str
    facts: str
    body: Content
    group: Group
    lang: str = SITE_LANGUAGE
    count: int = 0
    target: str = ""
    order: str = ""


Render = Callable[[Sequence[Item]], bytes]
LazyPage = Callable[[], bytes]


def join_bodies(items: Iterable[Item]) -> bytes:
    """The bodies of items one after another."""
    return b"".join(bytes(item.body) for item in items)


def render_groups(items: Iterable[Item], attributes: str = NOT_SEARCHED, end: bytes = b"") -> bytes:
    """Items under a heading for each group, with `end` behind each group."""
    pieces = []
    for group, own in groupby(items, key=lambda item: item.group):
        heading = f"## {group.title} {{ {f'#{group.anchor} {attributes}'.strip()} }}\n\n"
        pieces += [heading.encode(), join_bodies(own), end]
    return b"".join(pieces)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list and how it is divided: paths are from the site's top, links in bodies from `path`.

    `unit` names an item, in singular and plural, and `counted` what its `count` counts, if
    anything. `render_section` is `render` for sections, if they differ. `above` holds titles and
    paths of the pages above it. An overview's headings have the given `level`, and the class
    `style` if items follow; it lists all items if they fit in `overview_share` of a page.
    """

    path: str
    title: str
    items: Sequence[Item]
    unit: tuple[str, str]
    counted: str = ""
    render: Render = join_bodies
    render_section: Render | None = None
    above: tuple[tuple[str, str], ...] = ()
    level: int = 2
    style: str = ""
    overview_share: float = 1

    @property
    def folder(self) -> str:
        """The folder of its sections."""
        return self.path.removesuffix("index.md").removesuffix(".md").rstrip("/") + "/"


@dataclass(frozen=True, slots=True)
class Section:
    """One page of a divided list: all items of a group, or some of them."""

    group: Group
    number: int
    path: str
    items: Sequence[Item]

    @property
    def title(self) -> str:
        """The title of its group, with the number of the page from the second page on."""
        return f"{self.group.title}, page {self.number}" if self.number > 1 else self.group.title


# Every mention list of every entry asks for the same few years.
@lru_cache(maxsize=1024)
def group_by_year(date: str) -> Group:
    """The year of a date of any precision.

    >>> group_by_year("2024-05-22").path
    'by-year/2024'
    """
    year = date[:4]
    return Group(f"by-year/{year}", year, year)


TRANSCRIPTS = ("transcript", "transcripts")


def transcript_item(edition: Edition, body: Content, count: int, counted: str) -> Item:
    """One transcript's item on a list that is divided by year, the newest first."""
    slug, title, date = edition.slug, edition.title, edition.date
    facts = f"{render_date(date)}, {render_count(count, counted)}"
    return Item(slug, title, facts, body, group_by_year(date), edition.lang, count, order=date)


def fit_one_page(bodies: Iterable[Content]) -> bool:
    """Whether one page has room for the bodies of all items."""
    return sum(map(len, bodies)) <= PAGE_SIZE


def is_divided(listing: Listing) -> bool:
    """Whether a list takes more than one page."""
    return len(listing.items) > 1 and not fit_one_page(item.body for item in listing.items)


def plan_listing(listing: Listing) -> tuple[LazyPage, dict[str, LazyPage]]:
    """The list or overview for the list's own page, and the pages of its sections by path."""
    if not is_divided(listing):
        return partial(listing.render, listing.items), {}
    sections = list(_divide(listing))
    neighbours = zip((None, *sections), sections, (*sections[1:], None), strict=False)
    pages: dict[str, LazyPage] = {
        section.path: partial(_render_section, listing, section, before, after)
        for before, section, after in neighbours
    }
    return partial(_render_overview, listing, sections), pages


def _divide(listing: Listing) -> Iterator[Section]:
    """The sections of a list, group by group; only a section of one item may exceed a page."""
    groups: dict[Group, list[Item]] = {}
    for item in sorted(listing.items, key=lambda item: item.order, reverse=True):
        groups.setdefault(item.group, []).append(item)
    for group, items in groups.items():
        for number, own in enumerate(_paginate(items), 1):
            path = f"{listing.folder}{group.path}{f'/{number}' if number > 1 else ''}.md"
            yield Section(group, number, path, own)


def _paginate(items: Iterable[Item]) -> Iterator[Sequence[Item]]:
    page: list[Item] = []
    size = 0
    for item in items:
        size += len(item.body)
        if page and size > PAGE_SIZE:
            yield page
            page, size = [], len(item.body)
        page.append(item)
    yield page


def _render_section(
    listing: Listing, section: Section, before: Section | None, after: Section | None
) -> bytes:
    """The page of a section: its opening, its items, and links to the sections beside it."""
    up = _from(section.path, posixpath.dirname(listing.path) or ".")
    body = (listing.render_section or listing.render)(section.items)
    body = _RELATIVE_LINK.sub(f"]({up}/".encode(), body)
    neighbours = _render_neighbours(section.path, before, after).encode()
    return render_opening(listing, section) + body.rstrip() + b"\n" + neighbours


def render_opening(listing: Listing, section: Section | None = None) -> bytes:
    """The opening of a section, or of a list's own page that has no hand-written introduction."""
    above, path, title, items = listing.above, listing.path, listing.title, listing.items
    if section:
        above = (*above, (title, path))
        path, title, items = section.path, f"{title}: {section.title}", section.items
    crumbs = " › ".join(link(escape(name), _from(path, page)) for name, page in above)
    facts = _facts(listing, items)
    return (
        f"{render_head(title, f'{title}. {facts}', {'generated': True})}"
        f"{crumbs}\n{{ .sic-crumbs }}\n\n"
        f"# {escape(title)} {{ {NOT_SEARCHED} }}\n\n"
        f"{facts}\n{{ .sic-facts }}\n\n"
    ).encode()


def _from(page: str, path: str) -> str:
    """A path from the site's top as a relative link on a page."""
    folder = posixpath.dirname(page)
    # relpath is slow, and overviews have tens of thousands of links down.
    if folder and path.startswith(f"{folder}/"):
        return path[len(folder) + 1 :]
    return posixpath.relpath(path, folder or ".")


def _facts(listing: Listing, items: Sequence[Item]) -> str:
    facts = [render_count(len(items), *listing.unit)]
    if listing.counted:
        facts.append(render_count(sum(item.count for item in items), listing.counted))
    return f"{', '.join(facts)}."


def _render_neighbours(page: str, before: Section | None, after: Section | None) -> str:
    links = []
    if before:
        links.append(f"← {link(escape(before.title), _from(page, before.path))}")
    if after:
        links.append(f"{link(escape(after.title), _from(page, after.path))} →")
    return f"\n{' · '.join(links)}\n{{ .sic-neighbours }}\n" if links else ""


def _render_overview(listing: Listing, sections: Sequence[Section]) -> bytes:
    """The groups of a list with links to all items, or to pages only if items take too much."""
    overview = "".join(
        _render_overview_groups(listing, sections, _list_items, listing.style)
    ).encode()
    if len(overview) <= listing.overview_share * PAGE_SIZE:
        return overview
    return "".join(_render_overview_groups(listing, sections, _list_pages)).encode()


def _render_overview_groups(
    listing: Listing,
    sections: Sequence[Section],
    list_details: Callable[[str, Sequence[Section]], Iterator[str]],
    style: str = "",
) -> Iterator[str]:
    attributes = f"{style} {NOT_SEARCHED}".lstrip()
    for group, in_group in groupby(sections, key=lambda section: section.group):
        own = list(in_group)
        heading = link(escape(group.title), _from(listing.path, own[0].path))
        yield f"{'#' * listing.level} {heading} {{ #{group.anchor} {attributes} }}\n\n"
        items = [item for section in own for item in section.items]
        yield f"{_facts(listing, items)}\n{{ .sic-facts }}\n\n"
        yield from list_details(listing.path, own)


def _list_items(page: str, sections: Sequence[Section]) -> Iterator[str]:
    for section in sections:
        for item in section.items:
            place = item.target or f"{section.path}#{item.anchor}"
            attributes = f"#{item.anchor}" if item.anchor else ""
            title = in_language(escape(item.title), item.lang)
            facts = f' <small class="sic-count">{item.facts}</small>' if item.facts else ""
            yield f"- {link(title, _from(page, place), '', attributes)}{facts}\n"
    yield "\n"


def _list_pages(page: str, sections: Sequence[Section]) -> Iterator[str]:
    if len(sections) > 1:
        links = (link(f"page {one.number}", _from(page, one.path)) for one in sections)
        yield f"{' · '.join(links)}\n\n"
