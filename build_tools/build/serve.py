"""A preview that follows the files: ours compiles on every save, MkDocs shows what changed."""

from __future__ import annotations

import os
import queue
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from build_tools.build.cache import CACHE, Folder
from build_tools.build.engine import CONFIG, SITE, EngineError, engine_environment, site_url
from build_tools.build.excerpt import Excerpt, cut_out, read_excerpt
from build_tools.build.output import Written, claim, hold, write_tree
from build_tools.build.plan import Plan, plan_site
from build_tools.build.site import look_at, read_docs, require_docs
from build_tools.model.text import ProblemsFoundError
from build_tools.pages.problems import render_with_problems

# Beside the build's own output: what a preview shows of a state that is not right is no build.
PREVIEW = Path("build/preview")

# An editor's save is several events; what comes within so many seconds is one.
_SETTLE = 0.1
# While nothing is saved, so often is seen whether MkDocs still runs.
_LOOK_AFTER = 1.0

Outcome = tuple[Plan, Written] | ProblemsFoundError


class _Saves(FileSystemEventHandler):
    def __init__(self) -> None:
        self.waiting: queue.Queue[str] = queue.Queue()

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in ("created", "modified", "moved", "deleted"):
            self.waiting.put(str(event.src_path))

    def wait(self, seconds: float) -> bool:
        """Whether something is saved within so many seconds; returns when nothing more comes."""
        try:
            self.waiting.get(timeout=seconds)
        except queue.Empty:
            return False
        while True:
            try:
                self.waiting.get(timeout=_SETTLE)
            except queue.Empty:
                return True


def serve_site(
    docs: Path, slugs: Sequence[str], port: int, report: Callable[[Outcome, float], None]
) -> None:
    """Serves until interrupted; `report` is told of every build, the ones that failed too.

    With `slugs`, those transcripts alone are shown and the pages that they lean on.
    """
    _check_port(port)
    preview = _Preview(docs, slugs, report)
    preview.rebuild()
    # The output is exchanged as a whole, so MkDocs watches the file that says so.
    stamp = PREVIEW.with_name("changed")
    stamp.touch()
    # Every page that a change touches has been written anew, so MkDocs may leave the others.
    command = [sys.executable, "-m", "build_tools.build.mkdocs_server"]
    command += ["serve", "--quiet", "--dirty"]
    command += ["--config-file", str(CONFIG)]
    command += ["--dev-addr", f"127.0.0.1:{port}", "--watch", str(stamp)]
    server = subprocess.Popen(command, env=engine_environment(SITE, docs=PREVIEW, offline=False))
    saves = _Saves()
    observer = Observer()
    observer.schedule(saves, str(docs), recursive=True)
    observer.start()
    print(f"preview: http://127.0.0.1:{port}/  (Ctrl-C ends it)", flush=True)
    try:
        while server.poll() is None:
            if saves.wait(_LOOK_AFTER) and preview.rebuild():
                stamp.touch()
        raise EngineError("MkDocs ended; see what it says above")
    except KeyboardInterrupt:
        pass
    finally:
        observer.stop()
        server.terminate()
        server.wait()


class _Preview:
    """The tree that MkDocs shows: the last state that was right, with what is wrong now."""

    def __init__(
        self, docs: Path, slugs: Sequence[str], report: Callable[[Outcome, float], None]
    ) -> None:
        self.docs = docs
        self.slugs = slugs
        self.report = report
        self.store = Folder(CACHE)
        self.right: Mapping[str, bytes] = {}

    def rebuild(self) -> bool:
        """Compiles what was saved; says whether any page changed by it."""
        started = time.perf_counter()
        try:
            plan = self._plan()
        except ProblemsFoundError as error:
            pages = render_with_problems(self.right, error.problems, self.docs.name)
            written = _write(pages)
            self.report(error, time.perf_counter() - started)
        else:
            self.right = plan.files
            written = _write(plan.files)
            self.report((plan, written), time.perf_counter() - started)
        return bool(written.written or written.removed)

    def _plan(self) -> Plan:
        """Without most of the files to take away: making them would keep every save waiting."""
        require_docs(self.docs)
        if self.slugs:
            excerpt = look_at(self.docs, lambda: read_excerpt(self.docs, self.slugs))
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
        return plan._replace(files=cut_out(plan.files, excerpt)) if self.slugs else plan


def _write(pages: Mapping[str, bytes]) -> Written:
    with hold(PREVIEW), claim(PREVIEW):
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
