"""Files for crawlers at the top of a site: `robots.txt` and `sitemap.xml`."""

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from build_tools.model.site import SiteIdentity
from build_tools.text.urls import page_address

_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def render_robots(masthead: SiteIdentity) -> str:
    """`robots.txt`: all crawlers may read everything."""
    sitemap = f"\nSitemap: {masthead.url}sitemap.xml\n" if masthead.url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}"


def render_sitemap(masthead: SiteIdentity, pages: Iterable[str]) -> str:
    """`sitemap.xml` with the address of every page.

    It has no days of change: crawlers ignore all of them once one is wrong.
    """
    addresses = (escape(masthead.url + quote(page_address(path))) for path in sorted(pages))
    items = "".join(f"  <url><loc>{address}</loc></url>\n" for address in addresses)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {_SITEMAP}>\n{items}</urlset>\n'
