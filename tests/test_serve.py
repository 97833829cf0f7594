"""The preview: a save shows, a problem shows on its page, and a mended file clears it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from build_tools.build.own_host import guard
from build_tools.model.text import Place, Problem
from build_tools.pages.problems import render_with_problems
from tests.project import EDITION, ENTRY, Project, small_tree

ROOT = Path(__file__).parent.parent
PAGES = {
    "index.md": b"---\ntitle: Home\n---\n\n# Home\n",
    "transcripts/paris-2024.md": b"# A talk\n",
    "glossary/chris-olah.md": b"# Chris Olah\n",
}
# Far longer than any preview takes; a test that waits so long fails.
PATIENCE = 60


def wrong(path: str, what: str = "a wrong word", *, warning: bool = False) -> Problem:
    return Problem(Place(path, 3, 7), what, "write it rightly", warning)


def changed(problems: list[Problem]) -> dict[str, bytes]:
    """The pages that are not as they were."""
    shown = render_with_problems(PAGES, problems, "docs")
    return {path: page for path, page in shown.items() if PAGES.get(path) != page}


def test_a_problem_stands_on_its_page_and_on_the_home_page() -> None:
    pages = changed([wrong(EDITION), wrong(ENTRY, "another")])
    assert pages.keys() == PAGES.keys()
    assert b"docs/transcripts/paris-2024.md:3:7" in pages["transcripts/paris-2024.md"]
    assert b"another" not in pages["transcripts/paris-2024.md"]
    assert pages["index.md"].count(b"<li>") == 2
    assert pages["index.md"].startswith(b'---\ntitle: Home\n---\n\n<div class="sic-problems"')


def test_a_problem_of_a_file_without_a_page_stands_on_the_home_page_alone() -> None:
    assert changed([wrong("docs/sources/paris-2024.txt")]).keys() == {"index.md"}


def test_a_warning_is_no_problem_of_a_page() -> None:
    assert changed([wrong(EDITION, warning=True)]) == {}


def test_quoted_text_in_a_problem_is_inert() -> None:
    page = changed([wrong(EDITION, "<script>alert(1)</script>\n\n# “x” & [y](z)")])["index.md"]
    assert b"<script>" not in page
    assert b"&lt;script&gt;alert(1)&lt;/script&gt; # \xe2\x80\x9cx\xe2\x80\x9d &amp; [y](z)" in page


def test_without_an_earlier_state_the_problems_are_the_page() -> None:
    shown = render_with_problems({}, [wrong(EDITION)], "docs")
    assert shown.keys() == {"index.md"}
    assert b"a wrong word" in shown["index.md"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *((host, "200") for host in ("127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000")),
        *((host, "403") for host in ("", "127.0.0.1.example:8000", "a.example", "[::2]", ":8000")),
    ],
)
def test_the_preview_answers_for_its_own_names_alone(host: str, status: str) -> None:
    said: list[str] = []
    start: Any = lambda told, *_: said.append(told)  # noqa: E731
    app: Any = lambda _, begin: begin("200 OK")  # noqa: E731
    guard(app)({"HTTP_HOST": host}, start)
    assert said[0].startswith(status)


class Preview(NamedTuple):
    """A preview that runs, and the project that it shows."""

    project: Project
    address: str

    def page(self, path: str) -> str:
        """The preview's response for a path; "" while there is none."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, ConnectionError):
            return ""

    def wait_for(self, path: str, shown: Callable[[str], object]) -> str:
        """A page as soon as it is as wanted."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if shown(page := self.page(path)):
                return page
            time.sleep(0.05)
        pytest.fail(f"{path} never became as it should")


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    project = Project(tmp_path)
    project.write(small_tree())
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    shutil.copytree(ROOT / "theme", tmp_path / "theme")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(
        [sys.executable, "-m", "build_tools", "serve", "--port", str(port)],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield Preview(project, f"http://127.0.0.1:{port}/")
    finally:
        server.terminate()
        server.communicate(timeout=PATIENCE)
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1)


@pytest.mark.engine
def test_saves_problems_and_mended_files_show_in_the_browser(preview: Preview) -> None:
    page = "transcripts/paris-2024/"
    preview.wait_for(page, lambda shown: "Good morning" in shown)
    asked = urllib.request.Request(preview.address, headers={"Host": "elsewhere.example"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(asked, timeout=PATIENCE)

    preview.project.replace(EDITION, "## The founding", "## The foundation")
    preview.wait_for(page, lambda shown: "The foundation" in shown)

    preview.project.replace(EDITION, "everybody.", "anybody.")
    shown = preview.wait_for(page, lambda shown: "sic-problems" in shown)
    assert "the source says “everybody” (line 1, 00:00), the edition “anybody”" in shown
    assert re.search(r"Good morning,\s+everybody", shown), "the last state that was right"
    preview.wait_for("", lambda shown: "sic-problems" in shown)

    preview.project.replace(EDITION, "anybody.", "everybody.")
    preview.wait_for(page, lambda shown: "The foundation" in shown and "sic-problems" not in shown)

    preview.project.replace(ENTRY, "A researcher who", "A scientist who")
    preview.wait_for("glossary/chris-olah/", lambda shown: "A scientist who" in shown)
    preview.wait_for(page, lambda shown: "A scientist who" in shown)
    assert not (preview.project.folder / "build/docs").exists(), "a preview is no build"
