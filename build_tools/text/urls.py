"""Addresses of pages, and links between them."""

import posixpath
import re
from functools import lru_cache, partial
from urllib.parse import quote

# A link's target, with characters percent-encoded that could end it in Markdown or HTML.
escape_target = partial(quote, safe="/:#?&=%+,;@!$*~.-_")
# Identifiers that a public resolver leads from, by its address; names in an ARK have no vowels.
_RESOLVERS = {
    "https://doi.org/": re.compile(
        r"(?:doi: ?|https://(?:dx\.)?doi\.org/)?(10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+)", re.IGNORECASE
    ),
    "https://n2t.net/": re.compile(
        r"(?:https://n2t\.net/)?(ark:/?[0-9b-df-hjkmnp-tv-xz]{5,16}/\S+)", re.IGNORECASE
    ),
}
# A book has many links and few documents.
_find_relative = lru_cache(maxsize=1024)(posixpath.relpath)


def on_web(target: str, site_url: str) -> str:
    """An address, or that of a file of the site that stands at `site_url`; "" if it has none."""
    is_address = target.startswith("https://")
    return target if is_address else site_url and site_url + escape_target(target)


def resolve_identifier(identifier: str) -> str:
    """The address of what a DOI or an ARK names; "" for any other identifier.

    >>> [resolve_identifier(name) for name in ("doi:10.1234/a<b", "ark:/12345/x9", "OH 2019.4/10")]
    ['https://doi.org/10.1234/a%3Cb', 'https://n2t.net/ark:/12345/x9', '']
    """
    for resolver, shape in _RESOLVERS.items():
        if match := shape.fullmatch(identifier):
            return resolver + quote(match[1], safe="/:;%")
    return ""


def from_top(target: str, written_in: str) -> str:
    """The target of a link on the page `written_in`, relative to the top of the site."""
    if not written_in or target.startswith("https://"):
        return target
    if target.startswith("#"):
        return written_in + target
    return posixpath.normpath(posixpath.join(posixpath.dirname(written_in), target))


def relative_path(page: str, place: str) -> str:
    """The link on a page to a page or a place; both are given from the same top."""
    path, sign, fragment = place.partition("#")
    there = "" if path == page and sign else _find_relative(path, posixpath.dirname(page) or ".")
    return f"{there}{sign}{fragment}"


def page_address(path: str, anchor: str = "") -> str:
    """The address of a page, or of a place on it, relative to the site's address."""
    if path == "index.md" or path.endswith("/index.md"):
        page = path.removesuffix("index.md")
    else:
        page = f"{path.removesuffix('.md')}/" if path.endswith(".md") else path
    return page + (f"#{anchor}" if anchor else "")
