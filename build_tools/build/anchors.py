"""Links to a place of a page: every place must be in the page that the site generator made.

A generator that renders some of the pages cannot check the links between them and the others.
"""

import posixpath
import re
from collections.abc import Sequence
from functools import lru_cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from build_tools.build.output import EngineError

# Examples in text may have the same form: they add places at worst.
_ID = re.compile(r"""\sid=["']?(?P<id>[^"'\s>]+)""")
_NAME = re.compile(r"""<a\b[^<>]*?\sname=["']?(?P<id>[^"'\s>]+)""")
_LINK = re.compile(r"""<a\b[^<>]*?\shref="(?P<path>[^"#:?]*)#(?P<id>[^"]+)\"""")
_ARTICLE = re.compile(r"<article\b.*</article>", re.DOTALL)

# The most broken links that are printed.
_MOST_TOLD = 50


def require_anchors(site: Path, rendered: Sequence[str], place: Path) -> None:
    """Raises EngineError if a link of an article leads to a place that its target has not.

    Links of pages that are not `rendered` can only break if a rendered page has fewer places than
    the one that it replaces in the site at `place`.
    """

    @lru_cache(maxsize=1000)
    def read_ids(path: Path) -> frozenset[str]:
        return find_ids(path.read_text("utf-8"))

    pages = [path.relative_to(site).as_posix() for path in site.rglob("*.html")]
    old = (path for path in rendered if (place / path).is_file())
    if len(rendered) < len(pages) and all(
        read_ids(place / path) <= read_ids(site / path) for path in old
    ):
        pages = list(rendered)
    broken = []
    for page in pages:
        article = _ARTICLE.search((site / page).read_text("utf-8"))
        for path, name in sorted(set(_LINK.findall(article[0]) if article else ())):
            target = site / _resolve(page, unescape(path))
            if target.is_file() and unquote(unescape(name)) not in read_ids(target):
                broken.append(f"{page}: {path}#{name}")
    if broken:
        told = "\n    ".join((*broken[:_MOST_TOLD], "write the new names of these places there"))
        raise EngineError(f"links to places that are not there, {len(broken)}:\n    {told}")


def find_ids(page: str) -> frozenset[str]:
    """The places of a page."""
    return frozenset(map(unescape, (*_ID.findall(page), *_NAME.findall(page))))


def _resolve(page: str, path: str) -> str:
    """The file of a link, by its path below the site."""
    if not path:
        return page
    target = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(path)))
    return target if target.endswith(".html") else posixpath.join(target, "index.html")
