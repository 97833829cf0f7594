"""Lists that outgrow a page: an overview, and sections by year, by kind or by letter.

A list for which there is room stands on its own page, as it always did. One that is longer leaves
there an overview at the same address, and each of its sections is a page below, which is divided
again where it must be. What an item stands under depends on the item alone, so a page that is
written anew is one that names what changed.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

from build_tools.language import SITE_LANGUAGE
from build_tools.model import Edition, Portion
from build_tools.render.markdown import (
    NOT_SEARCHED,
    escape,
    in_language,
    link,
    render_count,
    render_date,
    render_head,
)

# Bytes of Markdown for which a page has room. Of a list they come to a quarter or a third as HTML
# that is compressed, so that with the theme's own 4 kB a page stays below 60 kB; a row takes more
# than 24 of them, so that there are never 5,000.
ROOM = 120_000
# So many links to sections an overview holds; where there would be more, sections are put together.
MOST_SECTIONS = 500
# Sections by number are made a fifth smaller than there is room for, since items differ in length.
_EVEN = 0.8
# A link that we made: in what others write, brackets are escaped.
_RELATIVE_LINK = re.compile(rb"\]\((?!https://|#)")


class Group(NamedTuple):
    """What an item stands under: its page below the list's folder, and what that is called.

    `label` is said for it where what is above it is plain, `anchor` marks it on an overview.
    """

    path: str
    title: str
    label: str
    anchor: str
    lang: str = SITE_LANGUAGE


@dataclass(frozen=True, slots=True)
class Item:
    """What is never divided: `body` as it stands on the list, and how an overview names it.

    `groups` go from the widest to the narrowest. `facts` are Markdown, `count` is how many of what
    is counted it holds; where `target` is "", an overview leads to the item's place on its section.
    """

    anchor: str
    title: str
    facts: str
    body: Portion
    groups: tuple[Group, ...]
    lang: str = SITE_LANGUAGE
    count: int = 0
    target: str = ""


Render = Callable[[Sequence[Item]], bytes]


def join_bodies(items: Iterable[Item]) -> bytes:
    """Items one after another."""
    return b"".join(bytes(item.body) for item in items)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list and how it is divided: paths are from the site's top, links in bodies from `path`.

    `unit` is what an item is called and `counted` what it holds, "" for nothing. `sort` brings the
    items into the order of the sections, and `render_section` is what one shows where that differs
    from the list. `above` are the pages above it, by title; `level` is that of an overview's
    headings, and `style` a class of theirs where items follow. An overview names all items where it
    takes no more than `overview_share` of a page's room with them.
    """

    path: str
    title: str
    items: Sequence[Item]
    unit: tuple[str, str]
    counted: str = ""
    render: Render = join_bodies
    render_section: Render | None = None
    sort: Callable[[Sequence[Item]], Sequence[Item]] = list
    above: tuple[tuple[str, str], ...] = ()
    level: int = 2
    style: str = ""
    overview_share: float = 1

    @property
    def folder(self) -> str:
        """Where its sections stand."""
        return self.path.removesuffix("index.md").removesuffix(".md").rstrip("/") + "/"


@dataclass(frozen=True, slots=True)
class Section:
    """A page of a list and those below it; the list's own page is the first one."""

    group: Group
    path: str
    items: Sequence[Item]
    sections: tuple[Section, ...] = ()


# Transcripts of one day are many, and each stands on the page of every entry that it names.
@lru_cache(maxsize=1024)
def group_by_date(date: str) -> tuple[Group, Group]:
    """The year and the month of a date of any precision.

    >>> [group.path for group in group_by_date("2024-05-22")]
    ['by-year/2024', 'by-year/2024-05']
    >>> group_by_date("2024")[1].title
    '2024, month unknown'
    """
    year, _, month = date[:7].partition("-")
    named = render_date(f"{year}-{month}") if month else f"{year}, month unknown"
    label = named.removesuffix(f" {year}").removeprefix(f"{year}, ")
    key = f"{year}-{month or '00'}"
    return (
        Group(f"by-year/{year}", year, year, year),
        Group(f"by-year/{key}", named, label, key),
    )


def group_by_letter(term: str, path: str, title: str) -> Group:
    """The letter with which a term begins; `path` and `title` stand before it.

    >>> [group_by_letter(term, "by-kind/people-", "").path for term in ("Émile", "שרה", "3M")]
    ['by-kind/people-e', 'by-kind/people-u05e9', 'by-kind/people-3']
    """
    plain = unicodedata.normalize("NFKD", term.casefold())
    first = next((sign for sign in plain if sign.isalnum()), "_")
    key = first if first.isascii() and first.isalnum() else f"u{ord(first):04x}"
    letter = first.upper()
    return Group(f"{path}{key}", f"{title}{letter}", letter, f"letter-{key}")


TRANSCRIPTS = ("transcript", "transcripts")


def talk_item(edition: Edition, body: Portion, count: int, counted: str) -> Item:
    """What stands of one transcript on a list that is divided by year, month and transcript."""
    slug, title, lang = edition.slug, edition.title, edition.lang
    facts = f"{render_date(edition.date)}, {render_count(count, counted)}"
    groups = (*group_by_date(edition.date), Group(slug, title, title, slug, lang))
    return Item(slug, title, facts, body, groups, lang, count)


def newest_first(items: Sequence[Item]) -> Sequence[Item]:
    """Items that are grouped by date, the last month first; within a month as they were."""
    return sorted(items, key=lambda item: item.groups[1].anchor, reverse=True)


def has_room(bodies: Iterable[Portion]) -> bool:
    """Whether items stand on one page."""
    return sum(map(len, bodies)) <= ROOM


def is_divided(listing: Listing) -> bool:
    """Whether a list has more items than a page has room for."""
    return len(listing.items) > 1 and not has_room(item.body for item in listing.items)


def plan_listing(listing: Listing) -> tuple[Callable[[], bytes], dict[str, Callable[[], bytes]]]:
    """What stands on a list's own page, and the pages of its sections by path."""
    if not is_divided(listing):
        return partial(listing.render, listing.items), {}
    items = listing.sort(listing.items)
    whole = _section(listing, Group("", listing.title, "", ""), listing.path, items, 0)
    return partial(_render_overview, listing, whole), dict(_plan_sections(listing, whole, ()))


def _section(
    listing: Listing, group: Group, path: str, items: Sequence[Item], depth: int
) -> Section:
    if len(items) == 1 or has_room(item.body for item in items):
        return Section(group, path, items)
    groups, deeper = _divide(group, items, depth)
    sections = (
        _section(listing, below, f"{listing.folder}{below.path}.md", own, deeper)
        for below, own in groups
    )
    return Section(group, path, items, tuple(sections))


def _divide(
    above: Group, items: Sequence[Item], depth: int
) -> tuple[Iterable[tuple[Group, Sequence[Item]]], int]:
    """Items by the next groups that divide them, and the depth at which to go on.

    The widest are always there, even where there is but one: other pages lead to them.
    """
    for number in range(depth, len(items[0].groups)):
        groups: dict[Group, list[Item]] = {}
        for item in items:
            groups.setdefault(item.groups[number], []).append(item)
        if len(groups) > MOST_SECTIONS:
            return _number(above, list(groups.values()), MOST_SECTIONS), number
        if len(groups) > 1 or number == 0:
            return groups.items(), number + 1
    runs = 1 + int(sum(len(item.body) for item in items) / (ROOM * _EVEN))
    length = -(-len(items) // min(len(items), MOST_SECTIONS, runs))
    return _number(above, [[item] for item in items], length), len(items[0].groups)


def _number(
    above: Group, groups: Sequence[Sequence[Item]], length: int
) -> Iterator[tuple[Group, Sequence[Item]]]:
    """Groups in runs of one length, so that none changes its run when another one grows."""
    for number, start in enumerate(range(0, len(groups), length), 1):
        path, label = f"{above.path or 'by-number'}/{number}", f"section {number}"
        title = f"{above.title}, {label}" if above.path else label
        items = [item for group in groups[start : start + length] for item in group]
        yield Group(path, title, label, f"section-{number}"), items


def _plan_sections(
    listing: Listing, above: Section, trail: tuple[Section, ...]
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    sections, own_trail = above.sections, (*trail, above)
    for before, section, after in zip(
        (None, *sections), sections, (*sections[1:], None), strict=False
    ):
        yield section.path, partial(_render_section, listing, section, own_trail, before, after)
        yield from _plan_sections(listing, section, own_trail)


def _render_section(
    listing: Listing,
    section: Section,
    trail: Sequence[Section],
    before: Section | None,
    after: Section | None,
) -> bytes:
    """The page of a section: where it belongs, how much it holds, and what."""
    if section.sections:
        body = _render_overview(listing, section)
    else:
        up = _from(section.path, posixpath.dirname(listing.path) or ".")
        body = (listing.render_section or listing.render)(section.items)
        body = _RELATIVE_LINK.sub(f"]({up}/".encode(), body)
    opening = render_opening(listing, section, trail)
    return opening + body.rstrip() + b"\n" + _render_neighbours(section, before, after).encode()


def render_opening(
    listing: Listing, section: Section | None = None, trail: Sequence[Section] = ()
) -> bytes:
    """The opening of a list's own page that nobody wrote, or of a section at the end of a trail."""
    above, path, items = listing.above, listing.path, listing.items
    title, shown = listing.title, escape(listing.title)
    if section:
        above = (*above, *((one.group.title, one.path) for one in trail))
        path, items = section.path, section.items
        title = f"{title}: {section.group.title}"
        shown = f"{shown}: {in_language(escape(section.group.title), section.group.lang)}"
    crumbs = " › ".join(link(escape(name), _from(path, page)) for name, page in above)
    facts = _facts(listing, items)
    return (
        f"{render_head(title, f'{title}. {facts}', {'generated': True})}"
        f"{crumbs}\n{{ .sic-crumbs }}\n\n"
        f"# {shown} {{ {NOT_SEARCHED} }}\n\n"
        f"{facts}\n{{ .sic-facts }}\n\n"
    ).encode()


def _from(page: str, path: str) -> str:
    """A path from the site's top, as it is said on a page."""
    folder = posixpath.dirname(page)
    # Most links lead down from an overview, and there are tens of thousands of them.
    if folder and path.startswith(f"{folder}/"):
        return path[len(folder) + 1 :]
    return posixpath.relpath(path, folder or ".")


def _facts(listing: Listing, items: Sequence[Item]) -> str:
    facts = [render_count(len(items), *listing.unit)]
    if listing.counted:
        facts.append(render_count(sum(item.count for item in items), listing.counted))
    return f"{', '.join(facts)}."


def _render_neighbours(section: Section, before: Section | None, after: Section | None) -> str:
    links = []
    if before:
        links.append(f"← {_link_section(section.path, before, before.group.title)}")
    if after:
        links.append(f"{_link_section(section.path, after, after.group.title)} →")
    return f"\n{' · '.join(links)}\n{{ .sic-neighbours }}\n" if links else ""


def _link_section(page: str, section: Section, words: str) -> str:
    return link(in_language(escape(words), section.group.lang), _from(page, section.path))


def _render_overview(listing: Listing, section: Section) -> bytes:
    """Sections with all their items where there is room, or else with what is below them."""
    room = listing.overview_share * ROOM
    overview = "".join(_render_sections(listing, section, _list_items)).encode()
    if len(overview) > room and any(one.sections for one in section.sections):
        overview = "".join(_render_sections(listing, section, _list_sections)).encode()
    if len(overview) <= room:
        return overview
    return "".join(_without_details(listing, section)).encode()


Details = Callable[[str, Section], Iterator[str]]


def _render_sections(listing: Listing, section: Section, list_details: Details) -> Iterator[str]:
    # Each section an item, known by the item's own name: a list of them is enough.
    if all(
        len(one.items) == 1 and one.group.anchor == one.items[0].anchor for one in section.sections
    ):
        yield from _list_items(section.path, section)
        return
    sign = "#" * listing.level
    style = f" {listing.style}" if listing.style and list_details is _list_items else ""
    for one in section.sections:
        heading = _link_section(section.path, one, one.group.title)
        yield f"{sign} {heading} {{ #{one.group.anchor}{style} {NOT_SEARCHED} }}\n\n"
        yield f"{_facts(listing, one.items)}\n{{ .sic-facts }}\n\n"
        yield from list_details(section.path, one)


def _without_details(listing: Listing, section: Section) -> Iterator[str]:
    for one in section.sections:
        title = in_language(escape(one.group.title), one.group.lang)
        words = link(title, _from(section.path, one.path), "", f"#{one.group.anchor}")
        yield f'- {words} <small class="sic-count">{_facts(listing, one.items)}</small>\n'


def _list_items(page: str, section: Section) -> Iterator[str]:
    for leaf in _leaves(section):
        for item in leaf.items:
            place = item.target or f"{leaf.path}#{item.anchor}"
            attributes = f"#{item.anchor}" if item.anchor else ""
            title = in_language(escape(item.title), item.lang)
            facts = f' <small class="sic-count">{item.facts}</small>' if item.facts else ""
            yield f"- {link(title, _from(page, place), '', attributes)}{facts}\n"
    yield "\n"


def _leaves(section: Section) -> Iterator[Section]:
    if not section.sections:
        yield section
    for below in section.sections:
        yield from _leaves(below)


def _list_sections(page: str, section: Section) -> Iterator[str]:
    if section.sections:
        yield (
            " · ".join(_link_section(page, one, one.group.label) for one in section.sections)
            + "\n\n"
        )
