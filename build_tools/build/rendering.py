"""A run of a site generator, and what becomes of its pages: links are checked, policies written.

Several processes share the pages, and unchanged ones are left out. Each process gets the whole tree
and, in `exclude_docs`, the pages of the others: MkDocs knows these as targets of links, so that
every page comes out as in a run of one process. It cannot check the links between them.
"""

import os
import posixpath
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from html import escape, unescape
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import unquote

import yaml

from build_tools.build.inherited import CONFIG
from build_tools.build.output import EngineError

# Bytes of Markdown for each process: starting MkDocs costs as much as rendering fewer, and it keeps
# in memory what it renders, six to eight times as much.
_LEAST_BYTES, _MOST_BYTES = 400_000, 40_000_000
# MkDocs without its progress and its lines for each link to an excluded page; --strict still counts
# warnings, which --quiet would hide from it. Which files it excludes can be more than systems take
# in a variable of a new process.
_MKDOCS = """
import logging, os, sys
os.environ["SIC_EXCLUDED"] = sys.stdin.read()
for name in ("commands", "structure"):
    logging.getLogger(f"mkdocs.{name}").setLevel("WARNING")
from mkdocs.__main__ import cli
cli()
"""
ENGINES = {"mkdocs": ["-c", _MKDOCS], "zensical": ["-m", "zensical"]}
# Keys of a configuration by which further code and settings come in.
_FURTHER = frozenset(("INHERIT", "hooks"))
# Signs that mean something in a pattern, or end it.
_SPECIAL = re.compile(r"[^\w./-]")
# What MkDocs never publishes.
_UNSEEN = re.compile(r"templates/")
# What contributors write stands in the article: no script and no style in it is allowed.
_ARTICLE = re.compile(r"<article\b.*</article>", re.DOTALL)
# Examples in text may have the same form: they add places at worst.
_ID = re.compile(r"""\sid=["']?(?P<id>[^"'\s>]+)""")
_NAME = re.compile(r"""<a\b[^<>]*?\sname=["']?(?P<id>[^"'\s>]+)""")
_LINK = re.compile(r"""<a\b[^<>]*?\shref="(?P<path>[^"#:?]*)#(?P<id>[^"]+)\"""")
# The most broken links that are printed.
_MOST_TOLD = 50
_INLINE = re.compile(
    r"(?s)<(?P<tag>script|style)\b(?P<attributes>[^>]*)>(?P<content>.*?)</(?P=tag)>"
)
# Data in a script element never run.
_NOT_RUN = re.compile(r"""\bsrc=|\btype=["']?application/(?:ld\+)?json""")
# Two patterns, each with a beginning for which a page is searched fast.
_PLAYERS = (
    r"""<(?P<tag>iframe|audio|video|source)\b[^>]*?\ssrc="(?P<host>https://[^/"?#]+)""",
    r"""data-(?P<tag>player)="(?P<host>https://[^/"?#]+)""",
)
_LISTEN = 'class="sic-recording"'
# A style sheet as a string in the engine's script, which Zensical's search puts into the page.
_STYLE_IN_SCRIPT = re.compile(
    r"""=(?P<sign>['"])(?P<style>\.[\w.-]+\{(?:(?!(?P=sign)|\\).)*\})(?P=sign)"""
)
# The encoding stands within the first kilobyte.
_HEAD = re.compile(r"<head[^>]*>(?:\s*<meta charset=[^>]*>)?")


def render_pages(
    engine: str,
    environment: Mapping[str, str],
    sizes: Mapping[str, int],
    *,
    changed: Collection[str] | None = None,
    jobs: int | None = None,
) -> None:
    """Renders the `changed` files or all, by their sizes in bytes, into the environment's site.

    Processes share the files, at most `jobs` at a time; without a number, one renders all of them.
    Raises EngineError if that fails.
    """
    site = Path(environment["SIC_SITE_DIR"])
    pages = {path: size for path, size in sizes.items() if path.endswith(".md")}
    wanted = pages if changed is None else {path: sizes[path] for path in changed}
    # Other files are copied.
    size = sum(wanted[path] for path in wanted.keys() & pages)
    useful = max(1, min(jobs, size // _LEAST_BYTES), -(-size // _MOST_BYTES)) if jobs else 1
    shares = divide(wanted, useful)
    count = f"{sum(path.endswith('.md') for path in wanted)} of {len(pages)} pages"
    print(f"{engine}: renders {count}, processes: {len(shares)}", flush=True)
    options = ("build", "--strict", "--config-file", str(CONFIG))
    command = [sys.executable, *ENGINES[engine], *options]
    processes: dict[Path, subprocess.Popen[bytes]] = {}
    try:
        for number, share in enumerate(shares):
            # Shares are of one size, so the first process ends first.
            if jobs and number >= jobs:
                [*processes.values()][number - jobs].wait()
            place = site.with_name(f"{site.name}.{number}") if number else site
            pages_only = changed is None and not number
            alone = pages_only and len(shares) == 1
            excluded = "" if alone else exclude_others(share, pages_only=pages_only)
            own = {**environment, "SIC_SITE_DIR": str(place)}
            with TemporaryFile() as file:
                file.write(excluded.encode("utf-8"))
                file.seek(0)
                processes[place] = subprocess.Popen(command, env=own, stdin=file)
        statuses = [process.wait() for process in processes.values()]
    finally:
        for process in processes.values():
            process.kill()
    if status := next(filter(None, statuses), 0):
        raise EngineError(f"{engine} failed with status {status}; see what it says above")
    for place in [*processes][1:]:
        # Files that are in both are equal.
        shutil.copytree(place, site, copy_function=os.replace, dirs_exist_ok=True)
        shutil.rmtree(place)
    if not (site / "404.html").is_file():
        raise EngineError(f"{engine} made no 404.html; see what it says above")


def is_divisible(engine: str, configs: Sequence[Path]) -> bool:
    """Whether a generator can render some pages without the others; a later configuration wins."""
    # Only MkDocs can leave pages out. A page that the navigation names without a title shows its
    # own title on all pages, and plugins and hooks may read every page.
    if engine != "mkdocs":
        return False
    try:
        read: dict[str, Any] = {}
        for config in configs:
            # Everything is text to this loader, which follows no tag.
            read |= yaml.load(config.read_text("utf-8"), yaml.CBaseLoader)  # noqa: S506
        if len(configs) > 1:
            del read["INHERIT"]
        plugins = {next(iter(one)) if isinstance(one, dict) else one for one in read["plugins"]}
        return plugins <= {"search"} and _has_titles(read["nav"]) and not _FURTHER & {*read}
    except (OSError, ValueError, LookupError, TypeError, yaml.YAMLError):
        return False


def _has_titles(nav: object) -> bool:
    """Whether a list of the navigation, or an address in it, names every page by a title."""
    if not isinstance(nav, list):
        return isinstance(nav, str)
    return all(isinstance(one, dict) and all(map(_has_titles, one.values())) for one in nav)


def divide(sizes: Mapping[str, int], shares: int) -> list[list[str]]:
    """The paths in shares of about the same size."""
    ordered = sorted(sizes, key=lambda path: (-sizes[path], path))
    return [ordered[number::shares] for number in range(shares)]


def exclude_others(paths: Iterable[str], *, pages_only: bool) -> str:
    """Patterns for `exclude_docs` that leave out every other page, or every other file."""
    # A star alone would mean something in YAML.
    kept = (f"!/{_SPECIAL.sub('?', path)}" for path in sorted(paths) if not _UNSEEN.match(path))
    return "\n".join(("*.md" if pages_only else "/**", *kept))


def require_anchors(site: Path, rendered: Sequence[str], place: Path) -> None:
    """Raises EngineError if a link of an article leads to a place that its target has not.

    Links of pages that are not `rendered` can only break if a rendered page has fewer places than
    the one that it replaces in the site at `place`.
    """
    pages = [path.relative_to(site).as_posix() for path in site.rglob("*.html")]
    kept = len(pages) > len(rendered)
    old = (path for path in rendered if kept and (place / path).is_file())
    if all(_read_ids(place / path) <= _read_ids(site / path) for path in old):
        pages = list(rendered)
    wanted, missing = defaultdict[Path, set[str]](set), set[tuple[Path, str]]()
    for page in pages:
        text = (site / page).read_text("utf-8")
        for _, target, names in _find_links(text, site, page):
            wanted[target] |= names
        # Most links of a page lead into it. A target is read once for all the pages of others.
        if own := wanted.pop(site / page, None):
            missing |= _find_missing(site / page, own, find_ids(text))
    for target, names in wanted.items():
        if target.is_file():
            missing |= _find_missing(target, names, _read_ids(target))
    if missing:
        texts = ((page, (site / page).read_text("utf-8")) for page in pages)
        found = ((page, *link) for page, text in texts for link in _find_links(text, site, page))
        broken = [
            f"{page}: {path}#{name}"
            for page, path, target, names in found
            for name in sorted(names)
            if (target, name) in missing
        ]
        told = "\n    ".join((*broken[:_MOST_TOLD], "write the new names of these places there"))
        raise EngineError(f"links to places that are not there, {len(broken)}:\n    {told}")


def _find_links(text: str, site: Path, page: str) -> Iterator[tuple[str, Path, set[str]]]:
    """The paths to which the article of a page links, with the file and the places there."""
    article = _ARTICLE.search(text)
    names = defaultdict[str, set[str]](set)
    for path, name in _LINK.findall(article[0]) if article else ():
        names[path].add(name)
    for path, own in sorted(names.items()):
        there = posixpath.join(posixpath.dirname(page), unquote(unescape(path)))
        target = site / (posixpath.normpath(there) if path else page)
        yield path, target if target.suffix == ".html" else target / "index.html", own


def _find_missing(target: Path, names: set[str], ids: frozenset[str]) -> set[tuple[Path, str]]:
    return {(target, one) for one in names - ids if unquote(unescape(one)) not in ids}


def _read_ids(page: Path) -> frozenset[str]:
    return find_ids(page.read_text("utf-8"))


def find_ids(page: str) -> frozenset[str]:
    """The places of a page."""
    return frozenset(map(unescape, (*_ID.findall(page), *_NAME.findall(page))))


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
    players = [one for pattern in _PLAYERS for one in re.finditer(pattern, page)]
    for rule, tags in (("frame-src", ("iframe",)), ("media-src", ("audio", "video", "source"))):
        hosts = dict.fromkeys(one["host"] for one in players if one["tag"] in ("player", *tags))
        # A reader may play a file of theirs beside any recording.
        files = [f"{own} blob:"] if rule == "media-src" and (hosts or _LISTEN in page) else []
        if hosts or files:
            rules.append(" ".join((rule, *files, *hosts)))
    return "; ".join(rules)
