"""Problems on the pages that they are about, for whoever sees a preview and not the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape

from build_tools.model.text import Problem

_HEAD = re.compile(rb"---\n.*?\n---\n+", re.DOTALL)
_HOME = "index.md"


def render_with_problems(
    files: Mapping[str, bytes], problems: Iterable[Problem], root: str
) -> dict[str, bytes]:
    """The pages of the last state that was right, each with its file's problems at its head.

    The home page names them all; where there is no page yet, that is the only one.
    """
    by_page: dict[str, list[Problem]] = {}
    for problem in problems:
        if not problem.warning:
            page = problem.place.path.removeprefix(f"{root}/")
            by_page.setdefault(_HOME, []).append(problem)
            if page in files and page.endswith(".md") and page != _HOME:
                by_page.setdefault(page, []).append(problem)
    shown = {_HOME: b"# Preview\n", **files}
    for page, found in by_page.items():
        head = _HEAD.match(shown[page])
        end = head.end() if head else 0
        shown[page] = shown[page][:end] + _render_box(found).encode() + shown[page][end:]
    return shown


def _render_box(problems: list[Problem]) -> str:
    items = "".join(
        f"<li><code>{_inert(str(problem.place))}</code> {_inert(problem.what)}"
        f"<br>{_inert(problem.remedy)}</li>"
        for problem in problems
    )
    return (
        '<div class="sic-problems" role="alert"><p>The preview shows the last state that was '
        f"right. To be mended:</p><ul>{items}</ul></div>\n\n"
    )


def _inert(text: str) -> str:
    """Text for a block of raw HTML; without line breaks it cannot end the block."""
    return escape(" ".join(text.split()))
