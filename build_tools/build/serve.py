"""The preview: compiles after every save, and MkDocs reloads the changed pages."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from build_tools.build.cache import CACHE, Folder
from build_tools.build.engine import CONFIG, SITE, EngineError, engine_environment, site_url
from build_tools.build.excerpt import Excerpt, cut_excerpt, read_excerpt
from build_tools.build.output import Written, claim, lock, write_tree
from build_tools.build.plan import Plan, plan_site
from build_tools.build.site import read_docs, read_or_report, require_docs
from build_tools.model.text import ProblemsFoundError
from build_tools.pages.problems import render_with_problems

# Not the build's own output: a preview also shows a state that has problems.
PREVIEW = Path("build/preview")

# Seconds in which several events count as one save.
_SETTLE = 0.1
# Seconds between two looks at the files, and at whether MkDocs still runs.
_POLL = 0.2

Outcome = tuple[Plan, Written] | ProblemsFoundError


class _Saves:
    """Notices saved files below a folder: polling finds them on every kind of file system."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen = self._look()

    def wait(self) -> bool:
        """Whether a file was saved since the last call; returns when saving has ended."""
        before = self.seen
        time.sleep(_POLL)
        self.seen = self._look()
        if self.seen == before:
            return False
        while (now := self._look()) != self.seen:
            self.seen = now
            time.sleep(_SETTLE)
        return True

    def _look(self) -> dict[str, tuple[int, int]]:
        """The time of the last change and the size of each file."""
        found = {}
        for folder, _, names in os.walk(self.folder):
            for name in names:
                # A file may vanish while an editor replaces it.
                with suppress(OSError):
                    status = Path(folder, name).stat()
                    found[f"{folder}/{name}"] = (status.st_mtime_ns, status.st_size)
        return found


def serve_site(
    docs: Path, slugs: Sequence[str], port: int, report: Callable[[Outcome, float], None]
) -> None:
    """Serves until interrupted; calls `report` after every build, successful or not.

    With `slugs`, shows only these transcripts and the pages that they need.
    """
    _check_port(port)
    preview = _Preview(docs, slugs, report)
    preview.rebuild()
    # The output is replaced as a whole, so MkDocs watches a file that is touched after that.
    stamp = PREVIEW.with_name("changed")
    stamp.touch()
    # MkDocs needs to render only pages that were written again.
    command = [sys.executable, "-m", "build_tools.build.mkdocs_server"]
    command += ["serve", "--quiet", "--dirty"]
    command += ["--config-file", str(CONFIG)]
    command += ["--dev-addr", f"127.0.0.1:{port}", "--watch", str(stamp)]
    server = subprocess.Popen(command, env=engine_environment(SITE, docs=PREVIEW, offline=False))
    saves = _Saves(docs)
    print(f"preview: http://127.0.0.1:{port}/  (Ctrl-C ends it)", flush=True)
    try:
        while server.poll() is None:
            if saves.wait() and preview.rebuild():
                stamp.touch()
        raise EngineError("MkDocs ended; see what it says above")
    except KeyboardInterrupt:
        pass
    finally:
        server.terminate()
        server.wait()


class _Preview:
    """The tree that MkDocs shows: the last state without problems, and the problems since."""

    def __init__(
        self, docs: Path, slugs: Sequence[str], report: Callable[[Outcome, float], None]
    ) -> None:
        self.docs = docs
        self.slugs = slugs
        self.report = report
        self.store = Folder(CACHE)
        self.last_good: Mapping[str, bytes] = {}

    def rebuild(self) -> bool:
        """Compiles the current files; returns whether any page changed."""
        started = time.perf_counter()
        try:
            plan = self._plan()
        except ProblemsFoundError as error:
            pages = render_with_problems(self.last_good, error.problems, self.docs.name)
            written = _write(pages)
            self.report(error, time.perf_counter() - started)
        else:
            self.last_good = plan.files
            written = _write(plan.files)
            self.report((plan, written), time.perf_counter() - started)
        return bool(written.written or written.removed)

    def _plan(self) -> Plan:
        """The plan without most exports, which would delay every save."""
        require_docs(self.docs)
        if self.slugs:
            excerpt = read_or_report(self.docs, lambda: read_excerpt(self.docs, self.slugs))
        else:
            excerpt = Excerpt(read_docs(self.docs), frozenset())
        plan = plan_site(
            excerpt.tree,
            self.docs.name,
            site_url(os.environ),
            exports=False,
            store=self.store,
            left_out=excerpt.left_out,
        )
        return plan._replace(files=cut_excerpt(plan.files, excerpt)) if self.slugs else plan


def _write(pages: Mapping[str, bytes]) -> Written:
    with lock(PREVIEW), claim(PREVIEW):
        return write_tree(pages, PREVIEW)


def _check_port(port: int) -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise EngineError(
                f"port {port} cannot be listened on: choose another with --port"
            ) from error
