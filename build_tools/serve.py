"""A preview that follows the files: ours compiles on every save, MkDocs shows what changed."""

from __future__ import annotations

import os
import queue
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from build_tools.engine import CONFIG, SITE, EngineError, engine_environment, site_url
from build_tools.model import ProblemsFoundError
from build_tools.site import Plan, Written, build_site

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
    docs: Path, output: Path, port: int, report: Callable[[Outcome, float], None]
) -> None:
    """Serves until interrupted; `report` is told of every build, the ones that failed too."""
    _check_port(port)
    outcome = _rebuild(docs, output, report)
    if isinstance(outcome, ProblemsFoundError) and not output.is_dir():
        raise EngineError("mend the problems first: there is no earlier state to show")
    # The output is exchanged as a whole, so MkDocs watches the file that says so.
    stamp = output.with_name("changed")
    stamp.touch()
    command = [sys.executable, "-m", "mkdocs", "serve", "--quiet", "--config-file", str(CONFIG)]
    command += ["--dev-addr", f"127.0.0.1:{port}", "--watch", str(stamp)]
    server = subprocess.Popen(command, env=engine_environment(SITE, offline=False))
    saves = _Saves()
    observer = Observer()
    observer.schedule(saves, str(docs), recursive=True)
    observer.start()
    print(f"preview: http://127.0.0.1:{port}/  (Ctrl-C ends it)", flush=True)
    try:
        while server.poll() is None:
            if not saves.wait(_LOOK_AFTER):
                continue
            outcome = _rebuild(docs, output, report)
            if not isinstance(outcome, ProblemsFoundError) and any(outcome[1][:2]):
                stamp.touch()
        raise EngineError("MkDocs ended; see what it says above")
    except KeyboardInterrupt:
        pass
    finally:
        observer.stop()
        server.terminate()
        server.wait()


def _check_port(port: int) -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise EngineError(
                f"port {port} cannot be listened on: choose another with --port"
            ) from error


def _rebuild(docs: Path, output: Path, report: Callable[[Outcome, float], None]) -> Outcome:
    started = time.perf_counter()
    outcome: Outcome
    try:
        outcome = build_site(docs, output, site_url(os.environ))
    except ProblemsFoundError as error:
        outcome = error
    report(outcome, time.perf_counter() - started)
    return outcome
