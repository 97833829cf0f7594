"""Links to a place of a page: every place must be in the page that the site generator made.

A generator that renders some of the pages cannot check the links between them and the others.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote

# Examples in text may have the same form: they add places at worst.
_ID = re.compile(r"""\sid=["']?(?P<id>[^"'\s>]+)""")
_NAME = re.compile(r"""<a\b[^<>]*?\sname=["']?(?P<id>[^"'\s>]+)""")
_LINK = re.compile(r"""<a\b[^<>]*?\shref="(?P<path>[^"#:?]*)#(?P<id>[^"]+)\"""")
_ARTICLE = re.compile(r"<article\b.*</article>", re.DOTALL)


def find_broken_anchors(site: Path, pages: Iterable[str]) -> Iterator[str]:
    """Yield each link of an article to a place that its target lacks, as `page: link`."""

    @lru_cache(maxsize=1000)
    def read_ids(path: str) -> frozenset[str] | None:
        target = site / path
        return find_ids(target.read_text("utf-8")) if target.is_file() else None

    for page in pages:
        article = _ARTICLE.search((site / page).read_text("utf-8"))
        links = _LINK.findall(article[0]) if article else ()
        for path, place in sorted(set(links)):
            ids = read_ids(_resolve(page, unescape(path)))
            if ids is not None and unquote(unescape(place)) not in ids:
                yield f"{page}: {path}#{place}"


def find_ids(page: str) -> frozenset[str]:
    """The places of a page."""
    return frozenset(map(unescape, (*_ID.findall(page), *_NAME.findall(page))))


def _resolve(page: str, path: str) -> str:
    """The file of a link, by its path below the site."""
    if not path:
        return page
    target = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(path)))
    return target if target.endswith(".html") else posixpath.join(target, "index.html")
