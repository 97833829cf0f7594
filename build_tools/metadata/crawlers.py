"""Files for crawlers at the top of a site: `robots.txt` and `sitemap.xml`."""

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from build_tools.model.site import SiteIdentity
from build_tools.text.urls import page_address

# The limit of https://www.sitemaps.org/protocol.html.
_MOST_ADDRESSES = 50_000
_SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


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
