"""An excerpt of a collection for a preview: some transcripts and the pages that they need.

Links to pages that are left out are no problems; in the preview they lead nowhere.
"""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from build_tools.reading.edition import parse_edition
from build_tools.reading.sums import SUMS, parse_sums, select_sums
from build_tools.reading.theme import parse_theme
from build_tools.reading.tree import THEMES, Tree, list_paths, list_slugs, list_sources
from build_tools.sources.charset import decode_text


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
    read = (parse_edition("", decode_text(path, data).value) for path, data in editions.items())
    left_out -= {*(source for one in read for source in list_sources(one.value)), SUMS}
    tree = {path: (docs / path).read_bytes() for path in paths if path not in left_out}
    if SUMS in tree:
        tree[SUMS] = select_sums(parse_sums(tree[SUMS]), tree)
    kept_tree = {path: data for path, data in tree.items() if _quotes_any(path, data, editions)}
    return Excerpt(kept_tree, frozenset(left_out | (tree.keys() - kept_tree.keys())))


def _quotes_any(path: str, content: bytes, editions: Tree) -> bool:
    """Whether a file is no theme, or quotes one of some editions."""
    if not path.startswith("then-and-now/") or path == THEMES:
        return True
    theme = parse_theme(PurePosixPath(path).stem, decode_text(path, content).value).value
    quoted = theme.quoted_lines if theme else ()
    return any(f"transcripts/{slug}.md" in editions for slug in quoted)
