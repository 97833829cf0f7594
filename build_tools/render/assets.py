"""Style sheets and scripts as readers' browsers get them: without comments and blanks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from rcssmin import cssmin
from rjsmin import jsmin

_MINIFIERS: dict[str, Callable[[str], str]] = {".css": cssmin, ".js": jsmin}


def render_asset(path: str, data: bytes) -> bytes:
    """A file of `assets/` in as few bytes as may be; any other file as it is."""
    pure = PurePosixPath(path)
    minify = _MINIFIERS.get(pure.suffix)
    if not minify or pure.parts[0] != "assets":
        return data
    try:
        return minify(data.decode()).encode()
    except UnicodeDecodeError:
        return data
