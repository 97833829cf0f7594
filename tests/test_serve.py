"""The preview: a save shows, and a problem leaves the last state that was right."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from build_tools.build.own_host import guard
from tests.project import EDITION, ENTRY, Project, small_tree

ROOT = Path(__file__).parent.parent
# Far longer than any preview takes; a test that waits so long fails.
PATIENCE = 60


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
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with serve(project, [sys.executable, "-m", "build_tools", "serve"], environment) as shown:
        yield shown


@contextmanager
def serve(
    project: Project, command: Sequence[str], environment: Mapping[str, str]
) -> Iterator[Preview]:
    """A preview that runs in a project until it is left, and that is gone then."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [*command, "--port", str(port)],
        cwd=project.folder,
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
    preview.project.replace(EDITION, "## The foundation", "## The beginning")
    preview.project.replace(EDITION, "anybody.", "everybody.")
    shown = preview.wait_for(page, lambda shown: "The beginning" in shown)
    assert re.search(r"Good morning,\s+everybody", shown), "no state with problems is shown"

    preview.project.replace(ENTRY, "A researcher who", "A scientist who")
    preview.wait_for("glossary/chris-olah/", lambda shown: "A scientist who" in shown)
    preview.wait_for(page, lambda shown: "A scientist who" in shown)
    assert not (preview.project.folder / "build/docs").exists(), "a preview is no build"
