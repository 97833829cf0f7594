"""Problems on the pages of a preview, for those who do not see the terminal."""

import re
from collections.abc import Iterable, Mapping

from build_tools.model.text import Problem
from build_tools.pages.markdown import escape_html

_HEAD = re.compile(rb"---\n.*?\n---\n+", re.DOTALL)
_HOME = "index.md"


def render_with_problems(
    files: Mapping[str, bytes], problems: Iterable[Problem], root: str
) -> dict[str, bytes]:
    """The pages of the last good build, with their problems; the home page lists all problems."""
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
        f"<li><code>{escape_html(str(problem.place))}</code> {escape_html(problem.what)}"
        f"<br>{escape_html(problem.remedy)}</li>"
        for problem in problems
    )
    return (
        '<div class="sic-problems" role="alert"><p>The preview shows the last state that was '
        f"right. To be mended:</p><ul>{items}</ul></div>\n\n"
    )
