"""The preview: compiles after every save, and MkDocs reloads the changed pages."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from build_tools.build.cache import CACHE, Folder
from build_tools.build.engine import CONFIG, SITE, EngineError, engine_environment, site_url
from build_tools.build.excerpt import Excerpt, cut_excerpt, read_excerpt
from build_tools.build.output import Written, claim, lock, write_tree
from build_tools.build.plan import Plan, plan_site
from build_tools.build.site import read_docs, read_or_report, require_docs
from build_tools.model.site import Search
from build_tools.model.text import ProblemsFoundError
from build_tools.pages.problems import render_with_problems
from build_tools.pages.search import SPEECH

# Not the build's own output: a preview also shows a state that has problems.
PREVIEW = Path("build/preview")

# Seconds in which several events count as one save, and between two looks at the files.
_SETTLE, _POLL = 0.1, 0.2

Outcome = tuple[Plan, Written] | ProblemsFoundError


def _poll(folder: Path) -> Iterator[bool]:
    """Whether files below a folder were saved; polling finds that on every kind of file system."""
    seen = _look(folder)
    while True:
        saved = False
        while (now := _look(folder)) != seen:
            saved, seen = True, now
            time.sleep(_SETTLE)
        yield saved
        time.sleep(_POLL)


def _look(folder: Path) -> dict[str, tuple[int, int]]:
    """The time of the last change and the size of each file."""
    found = {}
    for below, _, names in os.walk(folder):
        for path in (Path(below, name) for name in names):
            # A file may vanish while an editor replaces it.
            with suppress(OSError):
                found[str(path)] = (path.stat().st_mtime_ns, path.stat().st_size)
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
    command = [sys.executable, "-m", "mkdocs", "serve"]
    command += ["--quiet", "--dirty", "--config-file", str(CONFIG)]
    command += ["--dev-addr", f"127.0.0.1:{port}", "--watch", str(stamp)]
    without = preview.last_good and SPEECH not in preview.last_good
    search = Search.NONE if without else Search.BUILT_IN
    environment = engine_environment(SITE, docs=PREVIEW, offline=False, search=search)
    server = subprocess.Popen(command, env=environment)
    print(f"preview: http://127.0.0.1:{port}/  (Ctrl-C ends it)", flush=True)
    try:
        for saved in _poll(docs):
            if server.poll() is not None:
                break
            if saved and preview.rebuild():
                stamp.touch()
        raise EngineError("MkDocs ended; see what it says above")
    except KeyboardInterrupt:
        pass
    finally:
        server.terminate()
        server.wait()


@dataclass
class _Preview:
    """The tree that MkDocs shows: the last state without problems, and the problems since."""

    docs: Path
    slugs: Sequence[str]
    report: Callable[[Outcome, float], None]
    store: Folder = field(default_factory=partial(Folder, CACHE))
    last_good: Mapping[str, bytes] = field(default_factory=dict)

    def rebuild(self) -> bool:
        """Compiles the current files; returns whether any page changed."""
        started = time.perf_counter()
        outcome: Outcome
        try:
            plan = self._plan()
            self.last_good = plan.files
            written = _write(plan.files)
            outcome = plan, written
        except ProblemsFoundError as error:
            pages = render_with_problems(self.last_good, error.problems, self.docs.name)
            written, outcome = _write(pages), error
        self.report(outcome, time.perf_counter() - started)
        return bool(written.written or written.removed)

    def _plan(self) -> Plan:
        """The plan without most exports, which would delay every save."""
        require_docs(self.docs)
        name, url = self.docs.name, site_url(os.environ)
        if not self.slugs:
            tree = read_docs(self.docs)
            return plan_site(tree, name, url, exports=False, store=self.store)
        tree, left_out = read_or_report(self.docs, lambda: read_excerpt(self.docs, self.slugs))
        plan = plan_site(tree, name, url, exports=False, store=self.store, left_out=left_out)
        return plan._replace(files=cut_excerpt(plan.files, Excerpt(tree, left_out)))


def _write(pages: Mapping[str, bytes]) -> Written:
    with lock(PREVIEW), claim(PREVIEW):
        return write_tree(pages, PREVIEW)


def _check_port(port: int) -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            what = f"port {port} cannot be listened on: choose another with --port"
            raise EngineError(what) from error
