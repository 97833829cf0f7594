"""Lists that outgrow a page: an overview, and sections by year or by kind.

A list longer than `PAGE_SIZE` becomes an overview of groups, with a page below it for each; a group
that outgrows its page continues on numbered pages.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from build_tools.model.edition import Edition
from build_tools.model.extract import Content
from build_tools.pages.markdown import escape, link, render_head
from build_tools.text.catalogue import tr
from build_tools.text.urls import relative_path
from build_tools.text.wording import render_count

# The most bytes of Markdown on a page. Compressed HTML of a list has a quarter or a third of them,
# so a page stays below 60 kB with the theme's own 4 kB; a row takes more than 24 bytes, so a page
# stays below 5,000 rows.
PAGE_SIZE = 120_000
LazyPage = Callable[[], bytes]


class Group(NamedTuple):
    """The year or kind of an item: the folder of its page below the list, its title in English."""

    folder: str
    title: str

    @property
    def anchor(self) -> str:
        """Its address on an overview, and the name of its page, in every language the same."""
        return self.title.lower()


@dataclass(frozen=True, slots=True)
class Item:
    """A part of a list that is never divided: `body` is its Markdown.

    `count` is the number of things in it that the list counts. Sections sort items by `order`, the
    highest first.
    """

    body: Content
    group: Group
    count: int = 0
    order: str = ""


Render = Callable[[Sequence[Item]], bytes]


def join_bodies(items: Iterable[Item]) -> bytes:
    """The bodies of items one after another."""
    return b"".join(bytes(item.body) for item in items)


def render_groups(items: Iterable[Item], style: str = "", end: bytes = b"") -> bytes:
    """Items under a heading for each group, with `end` behind each group."""
    pieces = []
    for group, own in groupby(items, key=attrgetter("group")):
        heading = f"## {tr(group.title)} {{ {f'#{group.anchor} {style}'.strip()} }}\n\n"
        pieces += [heading.encode(), join_bodies(own), end]
    return b"".join(pieces)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list and how it is divided: paths and links in bodies are from the site's top.

    `unit` names an item, `counted` what its `count` counts, if anything. `render_section` is
    `render` for sections, if they differ. `above` holds titles and paths of the pages above it.
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


class _Section(NamedTuple):
    """One page of a divided list: all items of a group, or some of them."""

    group: Group
    number: int
    path: str
    items: Sequence[Item]

    @property
    def title(self) -> str:
        shown, number = tr(self.group.title), self.number
        return tr("{title}, page {number}", title=shown, number=number) if number > 1 else shown


def group_by_year(date: str) -> Group:
    """The year of a date of any precision."""
    return Group("by-year", date[:4])


def transcript_item(edition: Edition, body: Content, count: int) -> Item:
    """One transcript's item on a list that is divided by year, the newest first."""
    return Item(body, group_by_year(edition.date), count, edition.date)


def fit_one_page(bodies: Iterable[Content]) -> bool:
    """Whether one page has room for the bodies of all items."""
    return sum(map(len, bodies)) <= PAGE_SIZE


def plan_listing(listing: Listing) -> tuple[LazyPage, dict[str, LazyPage]]:
    """The list or overview for the list's own page, and the pages of its sections by path."""
    if len(listing.items) < 2 or fit_one_page(item.body for item in listing.items):
        return partial(listing.render, listing.items), {}
    sections = list(_divide(listing))
    pages: dict[str, LazyPage] = {
        section.path: partial(
            _render_section, listing, section, sections[max(at - 1, 0) : at], sections[at + 1 :][:1]
        )
        for at, section in enumerate(sections)
    }
    return partial(_render_overview, listing, sections), pages


def _divide(listing: Listing) -> Iterator[_Section]:
    """The sections of a list, group by group; only a section of one item may exceed a page."""
    folder = listing.path.removesuffix("index.md").removesuffix(".md").rstrip("/")
    groups = defaultdict[Group, list[Item]](list)
    for item in sorted(listing.items, key=attrgetter("order"), reverse=True):
        groups[item.group].append(item)
    for group, items in groups.items():
        pages: list[list[Item]] = [[]]
        size = 0
        for item in items:
            size += len(item.body)
            if pages[-1] and size > PAGE_SIZE:
                pages.append([])
                size = len(item.body)
            pages[-1].append(item)
        path = f"{folder}/{group.folder}/{group.anchor}"
        for number, own in enumerate(pages, 1):
            yield _Section(
                group, number, f"{path}/{number}.md" if number > 1 else f"{path}.md", own
            )


def _render_section(
    listing: Listing, section: _Section, before: Sequence[_Section], after: Sequence[_Section]
) -> bytes:
    above = (*listing.above, (listing.title, listing.path))
    crumbs = " › ".join(_link(section.path, name, path) for name, path in above)
    title, facts = f"{listing.title}: {section.title}", _facts(listing, section.items)
    opening = (
        f"{render_head(title, f'{title}. {facts}', {'generated': True})}{crumbs}\n"
        f"{{ .sic-crumbs }}\n\n# {escape(title)}\n\n{facts}\n{{ .sic-facts }}\n\n"
    )
    body = (listing.render_section or listing.render)(section.items)
    beside = [f"← {_link(section.path, one.title, one.path)}" for one in before]
    beside += [f"{_link(section.path, one.title, one.path)} →" for one in after]
    end = f"\n{' · '.join(beside)}\n{{ .sic-neighbours }}\n" if beside else ""
    return opening.encode() + body.rstrip() + f"\n{end}".encode()


def _link(page: str, words: str, path: str) -> str:
    return link(escape(words), relative_path(page, path))


def _facts(listing: Listing, items: Sequence[Item]) -> str:
    facts = [render_count(len(items), listing.unit)]
    if listing.counted:
        facts.append(render_count(sum(item.count for item in items), listing.counted))
    return f"{', '.join(facts)}."


def _render_overview(listing: Listing, sections: Sequence[_Section]) -> bytes:
    """The groups of a list with links to their pages."""
    page, pieces = listing.path, []
    for group, in_group in groupby(sections, key=attrgetter("group")):
        own = list(in_group)
        facts = _facts(listing, [item for one in own for item in one.items])
        heading = f"{'#' * listing.level} {_link(page, tr(group.title), own[0].path)}"
        pieces.append(f"{heading} {{ #{group.anchor} }}\n\n{facts}\n{{ .sic-facts }}\n\n")
        if len(own) > 1:
            links = (_link(page, tr("page {number}", number=one.number), one.path) for one in own)
            pieces.append(f"{' · '.join(links)}\n\n")
    return "".join(pieces).encode()
