"""The output is put in place as a whole, and only what changed is written."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

import build_tools.build.output
from build_tools.build.output import OutputError, Written, lock, write_tree
from build_tools.build.plan import plan_site
from build_tools.build.site import build_site, read_docs
from build_tools.model.text import ProblemsFoundError
from build_tools.reading.tree import read_tree
from tests.pages import ROOT
from tests.project import EDITION, Project, run_beside, small_tree

FILES = {"index.md": b"home", "a/one.md": b"1", "a/two.md": b"2", "b/three.json": b"3"}


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """A folder into which `FILES` were written."""
    folder = tmp_path / "build" / "docs"
    assert write_tree(FILES, folder) == Written(tuple(FILES), (), 0)
    return folder


def marks(folder: Path) -> dict[str, tuple[int, int]]:
    """The inode and time of a file, which change when it is written."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def check_nothing_else(output: Path) -> None:
    names = {path.name for path in output.parent.iterdir()} - {
        f".{output.name}.lock",
        f".{output.name}.files",
        f".{output.name}.spare",
    }
    assert names == {output.name}


def test_the_first_build_makes_every_folder_it_needs(output: Path) -> None:
    assert read_tree(output) == FILES
    check_nothing_else(output)


def test_a_build_without_a_change_touches_nothing(output: Path) -> None:
    before, folder = marks(output), output.stat()
    assert write_tree(FILES, output) == Written((), (), 4)
    assert marks(output) == before
    assert (output.stat().st_ino, output.stat().st_mtime_ns) == (folder.st_ino, folder.st_mtime_ns)
    check_nothing_else(output)


def test_only_what_changed_is_written_and_what_is_gone_goes(output: Path) -> None:
    before = marks(output)
    files = {"index.md": b"home", "a/one.md": b"changed", "c/new.md": b"new", "b/three.json": b"3"}
    written = write_tree(files, output)
    assert written == Written(("a/one.md", "c/new.md"), ("a/two.md",), 2)
    assert read_tree(output) == files
    after = marks(output)
    assert {path for path in files if after[path] == before.get(path)} == {
        "index.md",
        "b/three.json",
    }
    check_nothing_else(output)


def test_folders_without_a_file_go(output: Path) -> None:
    write_tree({"index.md": b"home"}, output)
    assert [path.name for path in output.iterdir()] == ["index.md"]


def test_a_file_may_become_a_folder_and_a_folder_a_file(output: Path) -> None:
    files = {"index.md/page.md": b"home", "a": b"1"}
    assert write_tree(files, output) == Written(
        ("index.md/page.md", "a"), ("a/one.md", "a/two.md", "b/three.json", "index.md"), 0
    )
    assert read_tree(output) == files


def test_a_tree_without_a_file_is_an_empty_folder(output: Path) -> None:
    write_tree({}, output)
    assert list(output.iterdir()) == []


def test_unchanged_files_keep_their_time_where_no_hard_link_can_be_made(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    before = marks(output)
    monkeypatch.setattr(os, "link", refuse)
    write_tree({**FILES, "index.md": b"changed"}, output)
    after = marks(output)
    assert {path: after[path][1] for path in ("a/one.md", "a/two.md", "b/three.json")} == {
        path: before[path][1] for path in ("a/one.md", "a/two.md", "b/three.json")
    }


def test_a_full_disk_leaves_the_old_tree(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = marks(output)
    write = Path.write_bytes

    def fill_up(path: Path, data: bytes) -> int:
        if path.name == "two.md":
            raise OSError(28, "No space left on device", str(path))
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", fill_up)
    with pytest.raises(OSError, match="No space left"):
        write_tree({**FILES, "a/one.md": b"changed", "a/two.md": b"changed"}, output)
    assert marks(output) == before
    check_nothing_else(output)


@pytest.mark.parametrize("exchange", [None, lambda *_: -1], ids=["unknown", "refused"])
def test_a_rename_that_fails_puts_the_old_tree_back_where_nothing_can_be_exchanged(
    output: Path, monkeypatch: pytest.MonkeyPatch, exchange: Callable[[bytes, bytes], int] | None
) -> None:
    before = marks(output)
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if target == output and path != output.with_name(".docs.old"):
            raise PermissionError(13, "Permission denied", str(target))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    monkeypatch.setattr(build_tools.build.output, "_EXCHANGE", exchange)
    with pytest.raises(PermissionError):
        write_tree({"index.md": b"changed"}, output)
    assert marks(output) == before
    check_nothing_else(output)


KILLED = """
import os, sys
from pathlib import Path
import build_tools.build.output
from build_tools.build.output import write_tree
output = Path(sys.argv[1])
steps = int(sys.argv[2])
rename = Path.rename
def rename_and_die(path, target):
    global steps
    if steps:
        rename(path, target)
        steps -= 1
    if not steps:
        os._exit(9)
Path.rename = rename_and_die
build_tools.build.output._EXCHANGE = None
write_tree({"index.md": b"changed", "a/one.md": b"1"}, output)
"""


@pytest.mark.parametrize("renames", [0, 1, 2])
def test_a_build_killed_beside_a_rename_loses_nothing(output: Path, renames: int) -> None:
    before = marks(output)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(output), str(renames)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 9
    # Between the renames there is no output, but the old one stands beside it, whole.
    old = {"index.md": b"home", "a/one.md": b"1", "a/two.md": b"2", "b/three.json": b"3"}
    new = {"index.md": b"changed", "a/one.md": b"1"}
    place = output.with_name(".docs.old") if renames == 1 else output
    assert read_tree(place) == (new if renames == 2 else old)
    with lock(output, 0):
        write_tree({**FILES, "index.md": b"next"}, output)
    assert read_tree(output) == {**FILES, "index.md": b"next"}
    assert marks(output)["a/one.md"] == before["a/one.md"]
    check_nothing_else(output)


def test_a_build_with_problems_leaves_the_old_tree(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write(small_tree())
    docs, output = tmp_path / "docs", tmp_path / "build/docs"
    build_site(docs, output)
    before = marks(output)
    project.replace(EDITION, "**Amodei:** So, almost", "**Amodei:** So almost never")
    with pytest.raises(ProblemsFoundError):
        build_site(docs, output)
    assert marks(output) == before
    check_nothing_else(output)


def test_a_build_writes_what_was_planned(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write(small_tree())
    plan, written = build_site(tmp_path / "docs", tmp_path / "out")
    assert (
        read_tree(tmp_path / "out") == plan.files == plan_site(read_docs(tmp_path / "docs")).files
    )
    assert written == Written(tuple(plan.files), (), 0)
    # A change of one edition is a change of its own files and of the lists.
    project.replace(EDITION, "[^when]: note: From 2015", "[^when]: note: Before 2015, from 2014")
    assert build_site(tmp_path / "docs", tmp_path / "out")[1].written == (
        "data/citation.bib",
        "downloads.md",
        "search/speech.js",
        "transcripts/paris-2024.md",
        "transcripts/paris-2024/citation.bib",
        "transcripts/paris-2024/edition.md.txt",
        "transcripts/paris-2024/paris-2024.epub",
        "transcripts/paris-2024/paris-2024.tei.xml",
        "transcripts/paris-2024/transcript.json",
        "transcripts/paris-2024/transcript.md.txt",
        "transcripts/paris-2024/transcript.txt",
    )


def test_an_unwritable_output_is_said(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before = project.built()
    project.replace(EDITION, "From 2015", "From 2014")

    def refuse(*where: object) -> str:
        raise PermissionError(13, "Permission denied", str(where[-1]))

    with monkeypatch.context() as context:
        context.setattr(tempfile, "mkdtemp", refuse)
        run = project.run("build")
    assert run.status == 1
    assert "build: cannot be written: Permission denied" in run.errors
    assert "free some space, or see who may write there; build/docs/ stays as it was" in run.errors
    assert project.built() == before


def test_a_file_in_the_place_of_the_output_is_said(project: Project) -> None:
    shutil.rmtree(project.folder / "build")
    project.write({"build": b"a file"})
    run = project.run("build")
    assert run.status == 1
    assert "build: cannot be written: File exists" in run.errors
    assert project.read("build") == "a file"


HELD = """
import sys
from pathlib import Path
from build_tools.build.output import lock
with lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_two_builds_at_once_do_not_meet_and_a_killed_one_holds_nothing(output: Path) -> None:
    with run_beside(HELD, str(output)) as other:
        with pytest.raises(OutputError, match="another build is still at work"), lock(output, 0):
            pass
        other.kill()
    with lock(output, 0):
        pass


def test_docs_that_are_not_there_are_said(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFoundError) as caught:
        read_docs(tmp_path / "docs")
    assert [problem.what for problem in caught.value.problems] == ["there is no such folder"]


def test_the_tree_before_lends_its_links_and_nothing_else(output: Path) -> None:
    spare, elsewhere = output.with_name(".docs.spare"), output.with_name("elsewhere")
    changed = {**FILES, "a/one.md": b"changed"}
    write_tree(changed, output)
    assert read_tree(spare) == FILES
    elsewhere.mkdir()
    (spare / "foreign.md").write_bytes(b"foreign")
    (spare / "b/three.json").unlink()
    (spare / "b").rmdir()
    (spare / "b").symlink_to(elsewhere)
    before = marks(output)
    write_tree({**changed, "index.md": b"new"}, output)
    assert read_tree(output) == {**changed, "index.md": b"new"}
    assert {*marks(output).items()} & {*before.items()} == {
        (path, before[path]) for path in FILES if path != "index.md"
    }
    assert (read_tree(spare), read_tree(elsewhere)) == (changed, {})
