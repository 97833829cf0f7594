"""The command `sic` in a process of its own, which meets a fault at its n-th step on the disk."""

import errno
import os
import resource
import shutil
import signal
import sys
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import NamedTuple

from build_tools.build import rendering
from build_tools.cli import main
from build_tools.reading.tree import read_tree
from tests.project import Run

# Files that a build may leave beside its output.
LOCK = "build/.docs.lock"
# A fake site generator: it makes a page of each page.
GENERATOR = """
import os
from pathlib import Path
pages, site = Path(os.environ["SIC_DOCS_DIR"]), Path(os.environ["SIC_SITE_DIR"])
for path in sorted(pages.rglob("*.md")):
    target = site / path.relative_to(pages).with_suffix(".html")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"<p>" + path.read_bytes())
(site / "404.html").touch()
"""
_WRITING = {"os.mkdir", "os.link", "os.rename", "os.symlink", "os.truncate"}
_REMOVING = {"os.remove", "os.rmdir", "shutil.rmtree"}
_LOOKING = {"os.listdir", "os.scandir", "subprocess.Popen"}


class Fault(NamedTuple):
    """A fault at the n-th step of a build: `kill`, `interrupt`, `full` or `read-only`.

    A disk that is full or read-only stays so. `largest` is the size in bytes of the largest file
    that may be written. Without any, the run is an ordinary one.
    """

    kind: str = ""
    step: int = 1
    largest: int = 0


class Outcome(NamedTuple):
    """How a run ended, how many steps it took that such a fault may meet, and when none was there.

    `missing` tells in which of them a place that was to be there was not.
    """

    run: Run
    steps: int
    missing: tuple[int, ...]


class _Steps:
    """Counts what a process does on the disk below a folder, and lets the fault happen."""

    def __init__(self, folder: Path, fault: Fault, places: tuple[str, ...]) -> None:
        self.folder = f"{folder}{os.sep}"
        self.fault = fault
        self.places = [folder / place for place in places]
        self.taken = 0
        self.missing: list[int] = []
        self.inside = False

    def watch(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.inside or not self._counts(event, arguments):
            return
        self.inside = True
        try:
            self.taken += 1
            if not all(place.exists() for place in self.places):
                self.missing.append(self.taken)
            if self.taken >= self.fault.step:
                self._happen()
        finally:
            self.inside = False

    def _counts(self, event: str, arguments: tuple[object, ...]) -> bool:
        """Whether a call is a step; only writes are steps if nothing else matters."""
        writes = event in _WRITING or (event == "open" and _opens_to_write(arguments))
        if self.fault.kind == "full" and not writes:
            return False
        if self.fault.kind == "read-only" and not writes and event not in _REMOVING:
            return False
        if event != "open" and event not in _WRITING | _REMOVING | _LOOKING:
            return False
        path = arguments[0] if arguments else None
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        whole = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - asks nothing of the disk
        return whole.startswith(self.folder) or event == "subprocess.Popen"

    def _happen(self) -> None:
        match self.fault.kind:
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "interrupt" if self.taken == self.fault.step:
                os.kill(os.getpid(), signal.SIGINT)
            case "full":
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            case "read-only":
                raise OSError(errno.EROFS, os.strerror(errno.EROFS), self.folder)


def _opens_to_write(arguments: tuple[object, ...]) -> bool:
    _, mode, flags = arguments
    if isinstance(mode, str):
        return any(sign in mode for sign in "wxa+")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _run(
    folder: Path, arguments: tuple[str, ...], fault: Fault, generator: str, places: tuple[str, ...]
) -> None:
    os.chdir(folder)
    said = folder.with_suffix(".said")
    for descriptor, name in ((1, "output"), (2, "errors")):
        os.dup2(os.open(said / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    rendering.ENGINES["mkdocs"] = ["-c", generator]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if fault.largest:
        resource.setrlimit(resource.RLIMIT_FSIZE, (fault.largest, fault.largest))
    steps = _Steps(folder, fault, places)
    sys.addaudithook(steps.watch)
    try:
        main(arguments)
    finally:
        steps.inside = True
        numbers = [steps.taken, *steps.missing]
        (said / "steps").write_text(" ".join(map(str, numbers)), encoding="ascii")


class Faulty:
    """Runs `sic` in a folder, each time in a new process that has everything loaded already."""

    def __init__(self) -> None:
        self._context: ForkServerContext = get_context("forkserver")
        self._context.set_forkserver_preload(["tests.faults"])

    def run(
        self,
        folder: Path,
        *arguments: str,
        fault: Fault = Fault(),  # noqa: B008 - a value
        generator: str = GENERATOR,
        places: tuple[str, ...] = (),
    ) -> Outcome:
        """How a run ended; its status is that of the shell, negative for a signal."""
        said = folder.with_suffix(".said")
        shutil.rmtree(said, ignore_errors=True)
        said.mkdir()
        process = self._context.Process(
            target=_run, args=(folder, arguments, fault, generator, places)
        )
        process.start()
        process.join()
        assert process.exitcode is not None
        numbers = said / "steps"
        steps, *missing = numbers.read_text().split() if numbers.exists() else ["0"]
        texts = ((said / name).read_text(encoding="utf-8") for name in ("output", "errors"))
        return Outcome(
            Run(process.exitcode, *texts), int(steps), tuple(int(number) for number in missing)
        )


Trees = tuple[Mapping[str, bytes], Mapping[str, bytes]]


def trees(folder: Path) -> Trees:
    """The pages and the site that are in place."""
    return read_tree(folder / "build/docs"), read_tree(folder / "site")


def litter(folder: Path) -> list[str]:
    """The files that neither a build nor a person has written."""
    known = {"build", "docs", "site", "site-offline", "site-offline.zip", ".cache"}
    kept = ("files", "spare")
    known |= {f".{one}.{kind}" for one in ("docs", "site", "site-offline") for kind in kept}
    beside = [path for path in folder.iterdir() if path.name not in known]
    beside += [path for path in (folder / "build").iterdir() if path.name not in known]
    beside += (folder / ".cache").rglob(".new-*")
    return sorted({path.relative_to(folder).as_posix() for path in beside} - {LOCK})
