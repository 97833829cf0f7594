"""Files for crawlers at the top of a site: `robots.txt`, `llms.txt` and `sitemap.xml`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from html import escape
from urllib.parse import quote

from build_tools.metadata.citation import render_summary
from build_tools.model.edition import Edition
from build_tools.model.site import SiteIdentity
from build_tools.text.urls import page_address
from build_tools.text.wording import one_line

_LINK_SIGNS = re.compile(r"[\\\[\]]")

# The limit of https://www.sitemaps.org/protocol.html.
_MOST_ADDRESSES = 50_000
_SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

_DATA = (
    ("data/corrections.json", "Corrections", "each with what was heard, what was said, and why"),
    ("data/glossary.json", "Glossary", "every entry, and every place where it is said"),
    ("data/doubts.json", "Doubts", "words that nobody has made out yet"),
)
_PAGES = (
    ("policy.md", "Editorial policy", "what is corrected, what never is, whose words these are"),
    ("format.md", "The format", "of editions and entries"),
    ("data.md", "Published data", "every file, with an example of each"),
)


def render_robots(masthead: SiteIdentity) -> str:
    """`robots.txt`: all crawlers may read everything."""
    sitemap = f"\nSitemap: {masthead.url}sitemap.xml\n" if masthead.url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}"


def render_sitemaps(
    masthead: SiteIdentity, pages: Iterable[str], most: int = _MOST_ADDRESSES
) -> dict[str, str]:
    """`sitemap.xml` with the address of every page, or an index of sitemaps if there are too many.

    It has no days of change: crawlers ignore all of them once one is wrong.
    """
    addresses = [masthead.url + quote(page_address(path)) for path in sorted(pages)]
    parts = [addresses[first : first + most] for first in range(0, len(addresses), most)]
    if len(parts) < 2:
        return {"sitemap.xml": _list_addresses("urlset", "url", addresses)}
    named = {f"sitemap-{number}.xml": part for number, part in enumerate(parts, start=1)}
    own = [masthead.url + name for name in named]
    return {
        "sitemap.xml": _list_addresses("sitemapindex", "sitemap", own),
        **{name: _list_addresses("urlset", "url", part) for name, part in named.items()},
    }


def _list_addresses(root: str, item: str, addresses: Sequence[str]) -> str:
    items = "".join(f"  <{item}><loc>{escape(address)}</loc></{item}>\n" for address in addresses)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {_SITEMAPS}>\n{items}</{root}>\n'


def render_llms(masthead: SiteIdentity, editions: Iterable[Edition], paths: Collection[str]) -> str:
    """`llms.txt`: links to all transcripts as text, the newest first, to data, and to pages.

    `paths` are the hand-written pages; only those about the collection are linked.
    """
    newest_first = sorted(editions, key=lambda edition: (edition.date, edition.slug), reverse=True)
    sections = {
        "Transcripts": [
            _item(
                edition.title,
                f"{masthead.url}{page_address(edition.path)}transcript.txt",
                render_summary(edition),
            )
            for edition in newest_first
        ],
        "Data": [_item(title, masthead.url + path, what) for path, title, what in _DATA],
        "About": [
            _item(title, masthead.url + page_address(path), what)
            for path, title, what in _PAGES
            if path in paths
        ],
    }
    opening = [f"# {one_line(masthead.name)}\n"]
    if masthead.description:
        opening.append(f"> {one_line(masthead.description)}\n")
    opening.append(
        "Each transcript is linked as plain text, corrected, with its speakers. Beside that file\n"
        "`transcript.json` has the same by turns, with what the speech recogniser wrote.\n"
    )
    listed = (f"## {title}\n\n{''.join(items)}" for title, items in sections.items() if items)
    return "\n".join((*opening, *listed))


def _item(title: str, target: str, description: str) -> str:
    shown = _LINK_SIGNS.sub(r"\\\g<0>", one_line(title))
    return f"- [{shown}]({target}): {one_line(description)}\n"
