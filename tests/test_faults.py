"""Whatever befalls a build, the old tree or the new one is in place, and the next build is right.

A run that is killed is killed by its own hand, at a step that it takes on the disk, so that these
tests are the same each time.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from build_tools.build.output import OutputError, lock, stage, write_file, write_tree
from build_tools.build.rendering import ENGINES
from build_tools.build.transcripts import start_workers
from build_tools.cli import build, check
from build_tools.reading import tree as corpus
from tests.faults import GENERATOR, Fault, Faulty, Outcome, Trees, litter, trees
from tests.pages import ROOT
from tests.project import EDITION, ENTRY, SOURCE, Project, run_beside, small_tree

pytestmark = pytest.mark.slow
BUILD = ("build", "--site")
PLACES = ("build/docs/index.md", "site/index.html")
REMEDY = "free some space, or see who may read and write there"
# Later than any step.
NEVER = 10**9
INTERRUPTED = "interrupted; whatever was in place is whole\n"
FAILING = f"{GENERATOR}\n(site / 'index.html').write_bytes(b'half')\nraise SystemExit(3)\n"
EMPTY = "pass"
CHANGE = f"{GENERATOR}\nopen({EDITION!r}, 'a').write(' ')\n"
VANISH = f"{GENERATOR}\nos.remove({SOURCE!r})\n"
WAITS = "build/docs: another build is at work on it; waiting for it to end, at most "


class Ready(NamedTuple):
    """A collection that has changed since its build, and its output before and after."""

    folder: Path
    faulty: Faulty
    old: Trees
    new: Trees

    def copy(self, folder: Path) -> Path:
        """A copy to do harm to."""
        return Path(shutil.copytree(self.folder, folder / "collection"))

    def run(self, folder: Path, fault: Fault, generator: str = GENERATOR) -> Outcome:
        """A build that meets a fault, after which each tree is the old one or the new one."""
        outcome = self.faulty.run(folder, *BUILD, fault=fault, generator=generator)
        pages, site = trees(folder)
        assert pages in (self.old[0], self.new[0])
        assert site in (self.old[1], self.new[1])
        assert "Traceback" not in outcome.run.errors
        return outcome

    def check_next(self, folder: Path) -> Outcome:
        """The next build is right and leaves nothing beside what it makes."""
        outcome = self.faulty.run(folder, *BUILD)
        assert outcome.run.status == 0, outcome
        assert trees(folder) == self.new
        assert litter(folder) == []
        return outcome


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    folder = tmp_path_factory.mktemp("faults") / "old"
    folder.mkdir()
    faulty = Faulty()
    project = Project(folder)
    project.write(small_tree())
    assert faulty.run(folder, *BUILD).run.status == 0
    old = trees(folder)
    project.replace(EDITION, "From 2015", "From 2014")
    project.replace(ENTRY, "A researcher who", "A scientist who")
    project.write({"docs/more.md": b"# More\n"})
    new = Path(shutil.copytree(folder, folder.with_name("new")))
    assert faulty.run(new, *BUILD).run.status == 0
    return Ready(folder, faulty, old, trees(new))


@pytest.fixture(scope="module")
def steps(ready: Ready, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], int]:
    """How many steps of a build may meet a fault of a kind."""
    counted: dict[str, int] = {}

    def count(kind: str) -> int:
        if kind not in counted:
            folder = ready.copy(tmp_path_factory.mktemp("steps"))
            counted[kind] = ready.faulty.run(folder, *BUILD, fault=Fault(kind, NEVER)).steps
        assert counted[kind] > 100
        return counted[kind]

    return count


def nth(share: int, shares: int, steps: int) -> int:
    """The step at which a share of all steps begins."""
    return 1 + share * (steps - 1) // shares


# Killed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "share", "shares", "status", "said"),
    [
        *(("kill", share, 16, -signal.SIGKILL, "") for share in range(17)),
        *(("interrupt", share, 5, 130, INTERRUPTED) for share in range(5)),
    ],
)
def test_a_build_that_is_ended_leaves_the_old_or_the_new_and_the_next_one_is_right(
    ready: Ready,
    steps: Callable[[str], int],
    tmp_path: Path,
    kind: str,
    share: int,
    shares: int,
    status: int,
    said: str,
) -> None:
    folder = ready.copy(tmp_path)
    outcome = ready.run(folder, Fault(kind, nth(share, shares, steps(kind))))
    assert (outcome.run.status, outcome.run.errors) == (status, said)
    ready.check_next(folder)


@pytest.mark.parametrize("share", [4, 7])
def test_a_killed_first_build_leaves_nothing(ready: Ready, tmp_path: Path, share: int) -> None:
    folder = ready.copy(tmp_path)
    for made in ("build", "site", ".cache"):
        shutil.rmtree(folder / made)
    whole = Path(shutil.copytree(folder, tmp_path / "whole"))
    taken = ready.faulty.run(whole, *BUILD, fault=Fault("kill", NEVER)).steps
    killed = ready.faulty.run(folder, *BUILD, fault=Fault("kill", nth(share, 8, taken)))
    assert killed.run.status == -signal.SIGKILL
    assert trees(folder)[0] in ({}, ready.new[0])
    assert trees(folder)[1] == {}
    ready.check_next(folder)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux exchanges two folders in one step")
def test_pages_and_site_are_in_place_at_every_moment(ready: Ready, tmp_path: Path) -> None:
    folder = ready.copy(tmp_path)
    outcome = ready.faulty.run(folder, *BUILD, places=PLACES)
    assert outcome.steps > 100
    assert outcome.missing == ()
    assert trees(folder) == ready.new


# It kills the build that began it, and makes its site nevertheless, once another one was made.
OUTLIVING = f"""
import os, signal, time
from pathlib import Path
os.kill(os.getppid(), signal.SIGKILL)
while not Path("go on").exists():
    time.sleep(0.01)
{GENERATOR}
(site / "stray.html").write_bytes(b"of a build that was killed")
Path("done").touch()
"""


def test_a_generator_that_outlives_its_build_does_no_harm(ready: Ready, tmp_path: Path) -> None:
    folder = ready.copy(tmp_path)
    assert ready.run(folder, Fault(), OUTLIVING).run.status == -signal.SIGKILL
    ready.check_next(folder)
    (folder / "go on").touch()
    until = time.monotonic() + 20
    while not (folder / "done").exists() and time.monotonic() < until:
        time.sleep(0.01)
    (folder / "go on").unlink()
    (folder / "done").unlink()
    assert trees(folder) == ready.new
    # The next build removes its leftovers.
    assert len(litter(folder)) == 1
    ready.check_next(folder)


WORKERS = """
import os, signal, sys, time
from build_tools.build.transcripts import start_workers
if __name__ == "__main__":
    with start_workers(2) as executor:
        for pid in {executor.submit(os.getpid).result() for _ in range(8)}:
            print(pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_processes_that_share_the_work_end_with_a_killed_build(tmp_path: Path) -> None:
    script = tmp_path / "share.py"
    script.write_text(WORKERS, encoding="utf-8")
    # A pipe would be held open by processes that live on.
    with (tmp_path / "pids").open("w") as pids_file:
        done = subprocess.run(
            [sys.executable, str(script)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=pids_file,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    assert done.returncode == -signal.SIGKILL
    pids = [int(line) for line in (tmp_path / "pids").read_text(encoding="ascii").split()]
    assert pids
    until = time.monotonic() + 20
    while (alive := [pid for pid in pids if is_alive(pid)]) and time.monotonic() < until:
        time.sleep(0.02)
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
    assert alive == []


def begin_and_fail(begun: list[Future[None]]) -> None:
    with start_workers(2) as executor:
        assert executor
        begun.append(executor.submit(time.sleep, 60))
        while not begun[0].running():
            time.sleep(0.01)
        raise KeyboardInterrupt


def test_work_under_way_is_not_waited_for_when_a_build_fails() -> None:
    begun: list[Future[None]] = []
    with pytest.raises(KeyboardInterrupt):
        begin_and_fail(begun)
    assert isinstance(begun[0].exception(), BrokenProcessPool)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# Interrupted ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (KeyboardInterrupt(), 130, INTERRUPTED),
        (OutputError("build/docs: busy\n    wait"), 1, "build/docs: busy\n    wait\n"),
        (OSError(5, "I/O error", "docs/index.md"), 1, f"docs/index.md: I/O error\n    {REMEDY}\n"),
    ],
    ids=["interrupted", "busy", "disk"],
)
def test_every_command_that_is_broken_off_from_outside_says_so(
    project: Project, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int, said: str
) -> None:
    def refuse(_: Path) -> None:
        raise error

    monkeypatch.setattr(check, "read_docs", refuse)
    assert project.run("check") == (status, "", said)


# Full disks and missing permissions ---------------------------------------------------------------


@pytest.mark.parametrize("share", range(5))
def test_a_disk_that_fills_up_is_said_and_nothing_is_broken(
    ready: Ready, steps: Callable[[str], int], tmp_path: Path, share: int
) -> None:
    folder = ready.copy(tmp_path)
    outcome = ready.run(folder, Fault("full", nth(share, 5, steps("full"))))
    assert outcome.run.status == 1
    place, problem, remedy = outcome.run.errors.partition("cannot be written: No space left on")
    assert re.search(r"(build/docs|site|/\.(docs|site)\.new-\w+(/\w+)?|\.lock): $", place)
    assert problem
    assert "\n    free some space, or see who may write there; " in remedy
    assert remedy.endswith("/ stays as it was\n")
    assert litter(folder) == []
    ready.check_next(folder)


@pytest.mark.parametrize("largest", [500, 3_000, 6_000])
def test_a_file_for_which_there_is_no_room_is_said_and_nothing_is_broken(
    ready: Ready, tmp_path: Path, largest: int
) -> None:
    folder = ready.copy(tmp_path)
    shutil.rmtree(folder / ".cache")
    outcome = ready.run(folder, Fault(largest=largest))
    assert outcome.run.status == 1
    assert outcome.run.errors == (
        "build/docs: cannot be written: File too large\n"
        "    free some space, or see who may write there; build/docs/ stays as it was\n"
    )
    assert trees(folder) == ready.old
    assert litter(folder) == []
    ready.check_next(folder)


def test_a_read_only_output_is_said_and_nothing_is_broken(ready: Ready, tmp_path: Path) -> None:
    folder = ready.copy(tmp_path)
    outcome = ready.run(folder, Fault("read-only"))
    assert outcome.run.status == 1
    assert "cannot be written: Read-only file system\n    free some" in outcome.run.errors
    assert trees(folder) == ready.old
    ready.check_next(folder)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_of_others_is_said_and_nothing_is_broken(ready: Ready, tmp_path: Path) -> None:
    folder = ready.copy(tmp_path)
    (folder / "build").chmod(0o555)
    outcome = ready.run(folder, Fault())
    (folder / "build").chmod(0o755)
    assert outcome.run.status == 1
    assert "cannot be written: Permission denied\n    free some" in outcome.run.errors
    ready.check_next(folder)


def test_an_edition_without_room_stays(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    before = project.read(EDITION)
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space left") as caught:
        write_file(project.folder / EDITION, b"half")
    assert caught.value.filename == str(project.folder / EDITION)
    assert project.read(EDITION) == before
    assert [path.name for path in (project.folder / EDITION).parent.iterdir()] == ["paris-2024.md"]


# The site generator -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("generator", "said"),
    [(FAILING, "failed with status 3"), (EMPTY, "made no 404.html")],
    ids=["fails", "makes nothing"],
)
@pytest.mark.parametrize(("option", "place"), [("--site", "site"), ("--offline", "site-offline")])
def test_a_site_generator_that_fails_leaves_the_site_that_was_there(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    generator: str,
    said: str,
    option: str,
    place: str,
) -> None:
    monkeypatch.setitem(ENGINES, "mkdocs", ["-c", GENERATOR])
    assert project.run("build", option).status == 0
    before, archive = corpus.read_tree(project.folder / place), archive_of(project)
    assert before
    project.replace(ENTRY, "A researcher who", "A scientist who")
    monkeypatch.setitem(ENGINES, "mkdocs", ["-c", generator])
    run = project.run("build", option)
    assert run.status == 1
    assert f"mkdocs {said}; see what it says above" in run.errors
    assert run.errors.endswith(f"\n    {place}/ stays as it was\n")
    assert (corpus.read_tree(project.folder / place), archive_of(project)) == (before, archive)
    assert litter(project.folder) == []


def archive_of(project: Project) -> bytes:
    archive = project.folder / "site-offline.zip"
    return archive.read_bytes() if archive.exists() else b""


@pytest.mark.parametrize("link", ["site", "build", "build/docs", ".cache", ".cache/sic"])
def test_an_output_that_is_a_link_is_refused_and_unharmed(project: Project, link: str) -> None:
    elsewhere = project.folder / "elsewhere"
    write_tree({"photos.txt": b"mine"}, elsewhere)
    shutil.rmtree(project.folder / link, ignore_errors=True)
    (project.folder / link).symlink_to(elsewhere)
    run = project.run("build", "--site")
    assert f"{link}: is a symbolic link" in run.errors
    assert run.status == 1
    assert corpus.read_tree(elsewhere) == {"photos.txt": b"mine"}


@pytest.mark.parametrize("place", ["site", "build/docs", ".cache/sic"])
def test_an_output_with_files_of_somebody_else_is_refused_and_they_stay(
    project: Project, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENGINES, "mkdocs", ["-c", GENERATOR])
    photos = project.folder / place / "photos.txt"
    assert project.run("build", "--site").status == 0
    photos.write_bytes(b"mine")
    project.replace(EDITION, "A talk in Paris", "A talk in Lyon")
    before = project.built()
    run = project.run("build", "--site")
    assert f"{place}: holds photos.txt, which no build wrote" in run.errors
    assert (run.status, photos.read_bytes(), project.built()) == (1, b"mine", before)
    photos.rename(photos.with_name("Thumbs.db"))
    assert project.run("build", "--site").status == 0


# Files that change, vanish, or are not what they were -------------------------------------------


@pytest.mark.parametrize("path", [SOURCE, EDITION, ENTRY])
def test_a_lost_file_is_said(project: Project, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    before = project.built()
    list_paths = corpus.list_paths

    def vanish(docs: Path) -> Iterator[str]:
        paths = list(list_paths(docs))
        (project.folder / path).unlink()
        return iter(paths)

    monkeypatch.setattr(corpus, "list_paths", vanish)
    said = f"{path}:1:1: the file was moved away while it was to be read\n    build again\n"
    assert project.run("build") == (1, "", f"{said}1 problem; build/docs/ stays as it was\n")
    assert project.built() == before


@pytest.mark.parametrize("harm", [CHANGE, VANISH], ids=["changes", "vanishes"])
def test_a_file_that_changes_while_the_site_is_made_is_said(
    project: Project, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    monkeypatch.setitem(ENGINES, "mkdocs", ["-c", GENERATOR])
    home = project.folder / "docs/index.md"
    home.write_text("---\nsearch_by: pagefind\n---\n# Home\n", encoding="utf-8")
    assert project.run("build", "--site").status == 0
    before = trees(project.folder)
    monkeypatch.setitem(ENGINES, "mkdocs", ["-c", harm])
    # Pagefind's records are made of passages, read again after a build without changes.
    run = project.run("build", "--site", "--fresh")
    assert run.status == 1
    assert "the file was changed while the build was reading it\n    build again\n" in run.errors
    assert run.errors.endswith("1 problem; site/ stays as it was\n")
    assert trees(project.folder) == before


@pytest.mark.parametrize("bit", [0, 7])
def test_a_cache_with_a_bit_turned_is_unused(ready: Ready, tmp_path: Path, bit: int) -> None:
    folder = ready.copy(tmp_path)
    files = [path for path in (folder / ".cache/sic").rglob("*") if path.is_file()]
    assert len(files) > 10
    for path in files:
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1 << bit
        path.write_bytes(data)
    ready.check_next(folder)


def test_a_read_only_cache_costs_time(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[Path] = []
    unlink = Path.unlink

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        if ".cache" in path.parts:
            refused.append(path)
            raise OSError(30, "Read-only file system", str(path))
        unlink(path, missing_ok=missing_ok)

    project.replace(EDITION, "From 2015", "From 2014")
    with monkeypatch.context() as context:
        context.setattr(Path, "unlink", refuse)
        run = project.run("build")
    assert refused
    assert (run.status, run.errors) == (0, "")


# Two builds at once -----------------------------------------------------------------------------

HOLDING = """
import sys
from pathlib import Path
from build_tools.build.output import lock
with lock(Path("build/docs")):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_build(project: Project) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that is at work on the project's output until its input ends."""
    with run_beside(HOLDING, folder=project.folder) as other:
        yield other
        other.kill()


def test_a_second_build_says_that_it_waits_and_goes_on(
    project: Project, other_build: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = build._report_waiting

    def say_and_let_go(seconds: float) -> None:
        said(seconds)
        assert other_build.stdin
        other_build.stdin.close()

    monkeypatch.setattr(build, "_report_waiting", say_and_let_go)
    run = project.run("build")
    assert (run.status, run.errors) == (0, f"{WAITS}600 s (Ctrl-C gives up)\n")


@pytest.mark.usefixtures("other_build")
def test_a_wait_in_vain_is_said(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before = project.built()
    monkeypatch.setattr(build, "lock", partial(lock, seconds=0))
    said = "build/docs: another build is still at work on it after 0 s\n"
    said += "    wait for it to end, or end it; then build again\n"
    assert project.run("build") == (1, "", f"{WAITS}0 s (Ctrl-C gives up)\n{said}")
    assert project.built() == before


def test_only_the_lock_holder_removes_leftovers_of_a_killed_build(tmp_path: Path) -> None:
    output = tmp_path / "docs"
    write_tree({"index.md": b"home"}, output)
    (tmp_path / ".docs.newer").mkdir()
    with stage(output) as left:
        (left / "half").write_bytes(b"half")
        write_tree({"index.md": b"at home"}, output)
        assert left.exists()
        with lock(output):
            names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [".docs.lock", ".docs.newer", ".docs.spare", "docs"]


def test_a_process_ended_outside_is_said(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(*_: object, **__: object) -> None:
        raise BrokenProcessPool

    monkeypatch.setattr(build, "build_site", end)
    said = "a process that shared the work was ended from outside, perhaps for want of memory\n"
    said += "    build again with --jobs 1; build/docs/ stays as it was\n"
    assert project.run("build") == (1, "", said)
