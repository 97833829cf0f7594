"""An excerpt of a collection for a preview: some transcripts and the pages that they need.

Links to pages that are left out are no problems; they lead to a page that explains it.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from build_tools.checks.links import resolve
from build_tools.reading.edition import parse_edition
from build_tools.reading.sums import SUMS, parse_sums, select_sums
from build_tools.reading.theme import parse_theme
from build_tools.reading.tree import THEMES, Tree, list_paths, list_slugs
from build_tools.sources.charset import decode_text
from build_tools.text.urls import relative_path

# Links to pages that are left out lead here.
LEFT_OUT = "left-out.md"
_LEFT_OUT_PAGE = """\
# Left out of this preview

The page exists, and this preview leaves it out.
It shows {shown}, with the entries that are named there and the pages that quote it.
Name others behind `sic serve`, or none for the whole site.
"""
_TARGET = re.compile(rb"(?<=\]\()(?P<path>[^\s()#:]+\.md)(?P<anchor>#[^\s()]*)?")


class Excerpt(NamedTuple):
    """The files of some transcripts and all other pages, and the paths that are left out."""

    tree: Tree
    left_out: frozenset[str]


def read_excerpt(docs: Path, slugs: Iterable[str]) -> Excerpt:
    """Reads the files below `docs`, without other transcripts, their sources and their themes."""
    paths = list(list_paths(docs))
    own = [f"transcripts/{slug}.md" for slug in slugs]
    editions = {path: (docs / path).read_bytes() for path in own if path in paths}
    left_out = {f"transcripts/{slug}.md" for slug in list_slugs(paths)} - editions.keys()
    left_out |= {path for path in paths if path.startswith("sources/")}
    read = (parse_edition("", decode_text(path, data).text) for path, data in editions.items())
    sources = (source for one in read for source in one.value.sources.values())
    left_out -= {*(f"sources/{source.file}" for source in sources), SUMS}
    tree = {path: (docs / path).read_bytes() for path in paths if path not in left_out}
    if SUMS in tree:
        tree[SUMS] = select_sums(parse_sums(tree[SUMS]), tree)
    kept_tree = {path: data for path, data in tree.items() if _quotes_any(path, data, editions)}
    return Excerpt(kept_tree, frozenset(left_out | (tree.keys() - kept_tree.keys())))


def _quotes_any(path: str, content: bytes, editions: Tree) -> bool:
    """Whether a file is no theme, or quotes one of some editions."""
    if not path.startswith("then-and-now/") or path == THEMES:
        return True
    theme = parse_theme(PurePosixPath(path).stem, decode_text(path, content).text).value
    quoted = theme.quoted_lines if theme else ()
    return any(f"transcripts/{slug}.md" in editions for slug in quoted)


def cut_excerpt(files: Mapping[str, bytes], excerpt: Excerpt) -> dict[str, bytes]:
    """The pages of an excerpt's plan, with only those entries that transcripts or themes link."""
    linking = ("transcripts/", "then-and-now/")
    named = {
        resolve(path, match["path"].decode())
        for path in files
        if path.startswith(linking) and path in excerpt.tree
        for match in _TARGET.finditer(files[path])
    }
    entries = {path for path in excerpt.tree if PurePosixPath(path).match("glossary/*.md")}
    left_out = excerpt.left_out | (entries - named - {"glossary/index.md"})
    kept = ((path, content) for path, content in files.items() if path not in left_out)
    page = _LEFT_OUT_PAGE.format(shown=", ".join(list_slugs(excerpt.tree)))
    shown = {path: _redirect_links(path, content, left_out) for path, content in kept}
    return {**shown, LEFT_OUT: page.encode()}


def _redirect_links(path: str, content: bytes, left_out: frozenset[str]) -> bytes:
    """A page whose links to left-out pages lead to the page that explains it."""
    if not path.endswith(".md"):
        return content

    def redirect(target: re.Match[bytes]) -> bytes:
        is_left_out = resolve(path, target["path"].decode()) in left_out
        return relative_path(path, LEFT_OUT).encode() if is_left_out else target[0]

    return _TARGET.sub(redirect, content)
