"""Style sheets and scripts for browsers, each joined with the modules that it imports.

Browsers refuse ES modules from files, so the build joins modules into one classic script. They
share its scope: no two modules define the same top-level name, and imports keep their names.
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from build_tools.pages.markdown import curl_quotes
from build_tools.text.catalogue import translate_script

_FOLDERS = (PurePosixPath("assets/scripts"), PurePosixPath("assets/styles"))
_IMPORT = re.compile(
    r"""
    ^(?: import\ \{ [^{}]* \}\ from | @import )
    \ "\./(?P<path>(?:scripts/|styles/)?[\w-]+\.(?:js|css))" ;?\r?\n
    """,
    re.VERBOSE | re.MULTILINE,
)
_EXPORT = re.compile(r"^export (?=const |let )", re.MULTILINE)
# With the empty lines before it.
_INDENTATION = re.compile(r"^\s+", re.MULTILINE)
_COMMENT = re.compile(r"^ */\*.*?\*/\r?\n", re.DOTALL | re.MULTILINE)


def is_module(path: str) -> bool:
    """Whether a file is published only as a part of the files that import it."""
    return PurePosixPath(path).parent in _FOLDERS


def render_asset(tree: Mapping[str, bytes], path: str) -> bytes:
    """A file of a tree: a page with curly quotes, an asset with modules for its imports, bare."""
    pure = PurePosixPath(path)
    if pure.suffix == ".md":
        return curl_quotes(tree[path].decode(errors="replace")).encode()
    if pure.parent != PurePosixPath("assets") or pure.suffix not in (".css", ".js"):
        return tree[path]
    text = tree[path].decode(errors="replace")
    joined = translate_script(_join_modules(tree, pure, text, set()))
    if joined == text:
        return tree[path]
    bare = _INDENTATION.sub("", _COMMENT.sub("", joined))
    script = pure.suffix == ".js"
    return (f';(() => {{\n"use strict"\n{bare}}})()\n' if script else bare).encode()


def _join_modules(
    tree: Mapping[str, bytes], path: PurePosixPath, text: str, joined: set[PurePosixPath]
) -> str:
    def insert(found: re.Match[str]) -> str:
        needed = path.parent / found["path"]
        if needed in joined:
            return ""
        joined.add(needed)
        data = tree.get(needed.as_posix())
        if data is None:
            return found[0]
        return _EXPORT.sub("", _join_modules(tree, needed, data.decode(errors="replace"), joined))

    return _IMPORT.sub(insert, text)
