"""Lists that outgrow a page: an overview, and sections by year or by kind.

A list longer than `PAGE_SIZE` becomes an overview, with a page below it for each group of items; a
group that outgrows its page continues on numbered pages.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import NamedTuple

from build_tools.model.edition import Edition
from build_tools.model.extract import Content
from build_tools.pages.markdown import escape, in_language, link, render_head
from build_tools.text.catalogue import tr
from build_tools.text.urls import relative_path
from build_tools.text.wording import render_count, render_date

# The most bytes of Markdown on a page. Compressed HTML of a list has a quarter or a third of them,
# so a page stays below 60 kB with the theme's own 4 kB; a row takes more than 24 bytes, so a page
# stays below 5,000 rows.
PAGE_SIZE = 120_000
# A link that the build made: in text of other people, brackets are escaped.
_RELATIVE_LINK = re.compile(rb"\]\((?!https://|#)")


class Group(NamedTuple):
    """The year or kind of an item: the folder of its page below the list, its title in English."""

    folder: str
    title: str

    @property
    def anchor(self) -> str:
        """Its address on an overview, and the name of its page, in every language the same."""
        return self.title.lower()

    @property
    def shown(self) -> str:
        """Its title as readers see it."""
        return tr(self.title)


@dataclass(frozen=True, slots=True)
class Item:
    """A part of a list that is never divided: `body` is its Markdown, `title` its overview's link.

    `count` is the number of things in it that the list counts. An overview links to `target`, if
    that is not "". Sections sort items by `order`, the highest first.
    """

    anchor: str
    title: str
    facts: str
    body: Content
    group: Group
    lang: str = ""
    count: int = 0
    target: str = ""
    order: str = ""


Render = Callable[[Sequence[Item]], bytes]
LazyPage = Callable[[], bytes]


def join_bodies(items: Iterable[Item]) -> bytes:
    """The bodies of items one after another."""
    return b"".join(bytes(item.body) for item in items)


def render_groups(items: Iterable[Item], style: str = "", end: bytes = b"") -> bytes:
    """Items under a heading for each group, with `end` behind each group."""
    pieces = []
    for group, own in groupby(items, key=lambda item: item.group):
        heading = f"## {group.shown} {{ {f'#{group.anchor} {style}'.strip()} }}\n\n"
        pieces += [heading.encode(), join_bodies(own), end]
    return b"".join(pieces)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list and how it is divided: paths are from the site's top, links in bodies from `path`.

    `unit` names an item, `counted` what its `count` counts, if anything. `render_section` is
    `render` for sections, if they differ. `above` holds titles and paths of the pages above it. An
    overview lists all items if they fit in `overview_share` of a page, with the class `style`.
    """

    path: str
    title: str
    items: Sequence[Item]
    unit: str
    counted: str = ""
    render: Render = join_bodies
    render_section: Render | None = None
    above: tuple[tuple[str, str], ...] = ()
    level: int = 2
    style: str = ""
    overview_share: float = 1


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
        shown, number = self.group.shown, self.number
        return tr("{title}, page {number}", title=shown, number=number) if number > 1 else shown


def group_by_year(date: str) -> Group:
    """The year of a date of any precision."""
    return Group("by-year", date[:4])


def transcript_item(edition: Edition, body: Content, count: int, counted: str) -> Item:
    """One transcript's item on a list that is divided by year, the newest first."""
    slug, title, date = edition.slug, edition.title, edition.date
    facts = f"{render_date(date)}, {render_count(count, counted)}"
    return Item(slug, title, facts, body, group_by_year(date), edition.lang, count, order=date)


def fit_one_page(bodies: Iterable[Content]) -> bool:
    """Whether one page has room for the bodies of all items."""
    return sum(map(len, bodies)) <= PAGE_SIZE


def plan_listing(listing: Listing) -> tuple[LazyPage, dict[str, LazyPage]]:
    """The list or overview for the list's own page, and the pages of its sections by path."""
    if len(listing.items) < 2 or fit_one_page(item.body for item in listing.items):
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
    folder = listing.path.removesuffix("index.md").removesuffix(".md").rstrip("/")
    groups: dict[Group, list[Item]] = {}
    for item in sorted(listing.items, key=lambda item: item.order, reverse=True):
        groups.setdefault(item.group, []).append(item)
    for group, items in groups.items():
        for number, own in enumerate(_paginate(items), 1):
            page = f"{folder}/{group.folder}/{group.anchor}"
            path = f"{page}/{number}.md" if number > 1 else f"{page}.md"
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
    above = (*listing.above, (listing.title, listing.path))
    crumbs = " › ".join(_link(section.path, name, path) for name, path in above)
    title, facts = f"{listing.title}: {section.title}", _facts(listing, section.items)
    opening = (
        f"{render_head(title, f'{title}. {facts}', {'generated': True})}"
        f"{crumbs}\n{{ .sic-crumbs }}\n\n# {escape(title)}\n\n{facts}"
    )
    body = (listing.render_section or listing.render)(section.items)
    up = relative_path(section.path, posixpath.dirname(listing.path) or ".")
    body = _RELATIVE_LINK.sub(f"]({up}/".encode(), body).rstrip()
    beside = [f"← {_link(section.path, before.title, before.path)}"] if before else []
    beside += [f"{_link(section.path, after.title, after.path)} →"] if after else []
    end = f"\n{' · '.join(beside)}\n{{ .sic-neighbours }}\n" if beside else ""
    return f"{opening}\n{{ .sic-facts }}\n\n".encode() + body + f"\n{end}".encode()


def _link(page: str, words: str, path: str) -> str:
    return link(escape(words), relative_path(page, path))


def _facts(listing: Listing, items: Sequence[Item]) -> str:
    facts = [render_count(len(items), listing.unit)]
    if listing.counted:
        facts.append(render_count(sum(item.count for item in items), listing.counted))
    return f"{', '.join(facts)}."


def _render_overview(listing: Listing, sections: Sequence[Section]) -> bytes:
    """The groups of a list with links to all items, or to pages only if items take too much."""
    overview = "".join(_overview_groups(listing, sections, in_full=True)).encode()
    if len(overview) <= listing.overview_share * PAGE_SIZE:
        return overview
    return "".join(_overview_groups(listing, sections, in_full=False)).encode()


def _overview_groups(
    listing: Listing, sections: Sequence[Section], *, in_full: bool
) -> Iterator[str]:
    page = listing.path
    for group, in_group in groupby(sections, key=lambda section: section.group):
        own = list(in_group)
        items = [(one.path, item) for one in own for item in one.items]
        heading = f"{'#' * listing.level} {_link(page, group.shown, own[0].path)}"
        style = f" {listing.style}" if listing.style and in_full else ""
        yield f"{heading} {{ #{group.anchor}{style} }}\n\n"
        yield f"{_facts(listing, [item for _, item in items])}\n{{ .sic-facts }}\n\n"
        if in_full:
            yield from (_overview_item(page, path, item) for path, item in items)
            yield "\n"
        elif len(own) > 1:
            links = (_link(page, tr("page {number}", number=one.number), one.path) for one in own)
            yield f"{' · '.join(links)}\n\n"


def _overview_item(page: str, section: str, item: Item) -> str:
    target = relative_path(page, item.target or f"{section}#{item.anchor}")
    title = in_language(escape(item.title), item.lang)
    facts = f' <small class="sic-count">{item.facts}</small>' if item.facts else ""
    return f"- {link(title, target, '', f'#{item.anchor}' if item.anchor else '')}{facts}\n"
