"""What becomes of rendered pages: links to their places are checked, and each gets a policy.

A generator that renders some of the pages cannot check the links between them and the others.
"""

import posixpath
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote

from build_tools.build.output import EngineError

# What contributors write stands in the article: no script and no style in it is allowed.
_ARTICLE = re.compile(r"<article\b.*</article>", re.DOTALL)
# Examples in text may have the same form: they add places at worst.
_ID = re.compile(r"""\sid=["']?(?P<id>[^"'\s>]+)""")
_NAME = re.compile(r"""<a\b[^<>]*?\sname=["']?(?P<id>[^"'\s>]+)""")
_LINK = re.compile(r"""<a\b[^<>]*?\shref="(?P<path>[^"#:?]*)#(?P<id>[^"]+)\"""")
# The most broken links that are printed.
_MOST_TOLD = 50
_INLINE = re.compile(
    r"<(?P<tag>script|style)\b(?P<attributes>[^>]*)>(?P<content>.*?)</(?P=tag)>", re.DOTALL
)
# Data in a script element never run.
_NOT_RUN = re.compile(r"""\bsrc=|\btype=["']?application/(?:ld\+)?json""")
_PLAYER = re.compile(
    r"""(?:<(?P<tag>iframe|audio|video|source)\b[^>]*?\ssrc|\sdata-player)="(?P<host>https://[^/"?#]+)"""
)
_LISTEN = 'class="sic-recording"'
# A style sheet as a string in the engine's script, which Zensical's search puts into the page.
_STYLE_IN_SCRIPT = re.compile(
    r"""=(?P<sign>['"])(?P<style>\.[\w.-]+\{(?:(?!(?P=sign)|\\).)*\})(?P=sign)"""
)
# The encoding stands within the first kilobyte.
_HEAD = re.compile(r"<head[^>]*>(?:\s*<meta charset=[^>]*>)?")


def require_anchors(site: Path, rendered: Sequence[str], place: Path) -> None:
    """Raises EngineError if a link of an article leads to a place that its target has not.

    Links of pages that are not `rendered` can only break if a rendered page has fewer places than
    the one that it replaces in the site at `place`.
    """
    read_ids = lru_cache(maxsize=1000)(lambda path: find_ids(path.read_text("utf-8")))
    pages = [path.relative_to(site).as_posix() for path in site.rglob("*.html")]
    old = (path for path in rendered if (place / path).is_file())
    if all(read_ids(place / path) <= read_ids(site / path) for path in old):
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


def write_policies(site: Path, pages: Iterable[str], *, wasm: bool, offline: bool) -> None:
    """Writes into pages of a site the policy that each of them needs."""
    scripts = (path.read_text("utf-8") for path in site.glob("assets/javascripts/bundle*.js"))
    styles = [one["style"] for text in scripts for one in _STYLE_IN_SCRIPT.finditer(text)]
    for path in map(site.joinpath, pages):
        page = path.read_text(encoding="utf-8")
        policy = escape(make_policy(page, styles, wasm=wasm, offline=offline), quote=False)
        meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        found = _HEAD.search(page)
        head = found[0] if found else ""
        path.write_bytes(page.replace(head, head + meta, 1).encode())


def make_policy(
    page: str, styles: Iterable[str] = (), *, wasm: bool = False, offline: bool = False
) -> str:
    """What may run in a page, and which hosts it asks: its own site, and its players.

    Of inline code, the engine's own is allowed, and the `styles` that its script puts in.
    """
    # A site opened as files has no host, and not every browser takes its files for 'self'.
    own = "'self' file:" if offline else "'self'"
    digests: dict[str, list[str]] = {"script": ["'wasm-unsafe-eval'"] * wasm, "style": []}
    inline = [
        (one["tag"], one["content"])
        for one in _INLINE.finditer(_ARTICLE.sub("", page))
        if not _NOT_RUN.search(one["attributes"])
    ]
    for tag, content in dict.fromkeys((*inline, *(("style", style) for style in styles))):
        digest = b64encode(sha256(content.encode()).digest()).decode()
        digests[tag].append(f"'sha256-{digest}'")
    rules = [
        "default-src 'none'",
        " ".join(("script-src", own, *digests["script"])),
        " ".join(("style-src", own, *digests["style"])),
        f"img-src {own} data:",
        *(f"{rule} {own}" for rule in ("font-src", "connect-src", "worker-src")),
        *("base-uri 'none'", "form-action 'none'"),
    ]
    for rule, tags in (("frame-src", ("iframe",)), ("media-src", ("audio", "video", "source"))):
        found = _PLAYER.finditer(page)
        hosts = dict.fromkeys(one["host"] for one in found if one["tag"] in (None, *tags))
        # A reader may play a file of theirs beside any recording.
        files = [f"{own} blob:"] if rule == "media-src" and (hosts or _LISTEN in page) else []
        if hosts or files:
            rules.append(" ".join((rule, *files, *hosts)))
    return "; ".join(rules)
