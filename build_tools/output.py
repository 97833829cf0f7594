"""The tree of files that a build makes: put in place as a whole, and only what changed written."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

# So long a build waits for another one on the same output.
_WAIT = 600.0


class Written(NamedTuple):
    """What a build did to the output."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


def write_tree(
    files: Mapping[str, bytes], output: Path, same: Container[str] = frozenset()
) -> Written:
    """Puts a tree in place as a whole: a killed build leaves the old tree or the new one.

    Files that did not change are taken over as they are, time of change included; of those that
    are known to be the `same`, not even the content is asked for.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    old = _set_aside(output)
    # An earlier build may have been killed between the two renames below, or right behind them.
    _put_back(old, output)
    shutil.rmtree(old, ignore_errors=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.parent))
    try:
        staging.chmod(0o755)
        written = [
            path
            for path in files
            if not (path in same and _take_over(staging, output, path))
            and _stage(staging, output, path, files[path])
        ]
        before = read_names(output)
        removed = tuple(sorted(before - files.keys()))
        if written or removed or not output.exists():
            if output.exists():
                output.rename(old)
            staging.rename(output)
            shutil.rmtree(old, ignore_errors=True)
        return Written(tuple(written), removed, len(files) - len(written))
    finally:
        _put_back(old, output)
        shutil.rmtree(staging, ignore_errors=True)


def write_file(path: Path, content: bytes) -> None:
    """Puts a file in place by rename: a killed run leaves the old file or the new one."""
    with tempfile.NamedTemporaryFile(prefix=f".{path.name}.", dir=path.parent, delete=False) as new:
        new.write(content)
    shutil.copymode(path, new.name)
    Path(new.name).replace(path)


def put_back(output: Path) -> None:
    """Puts the old tree back where a build was killed before the new one was in its place."""
    _put_back(_set_aside(output), output)


def _set_aside(output: Path) -> Path:
    """Where the tree in place stands for the moment in which the new one takes its place."""
    return output.with_name(f".{output.name}.old")


def _put_back(old: Path, output: Path) -> None:
    if old.exists() and not output.exists():
        old.rename(output)


def _stage(staging: Path, output: Path, path: str, content: bytes) -> bool:
    """Lays a file ready; says whether it differs from the one in place."""
    target, current = staging / path, output / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if current.is_file() and current.read_bytes() == content:
        return not _take_over(staging, output, path)
    target.write_bytes(content)
    return True


def _take_over(staging: Path, output: Path, path: str) -> bool:
    """Lays the file in place ready as it is; says whether there is one."""
    target, current = staging / path, output / path
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(current, target)
    except OSError:
        if not current.is_file():
            return False
        shutil.copy2(current, target)
    return True


# What changes when a file is written: its size, its time in nanoseconds, and its inode.
Stamp = tuple[int, int, int]


def stamp_files(output: Path) -> dict[str, Stamp]:
    """The stamp of every file below a folder."""
    stamps = {}
    for folder, _, names in os.walk(output):
        for name in names:
            path = Path(folder, name)
            found = path.stat()
            stamp = (found.st_size, found.st_mtime_ns, found.st_ino)
            stamps[path.relative_to(output).as_posix()] = stamp
    return stamps


class BusyError(Exception):
    """Another build is at work on the same output."""


@contextmanager
def hold(output: Path, seconds: float = _WAIT) -> Iterator[None]:
    """Holds an output for one build alone; another waits so long, and then raises BusyError.

    The operating system ends the hold with the process, however that ends.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(output.with_name(f".{output.name}.lock"), timeout=seconds)
    try:
        with lock:
            yield
    except Timeout as error:
        raise BusyError(
            f"another build has been at work on {output} for {seconds:.0f} s: wait for it to end"
        ) from error


def read_names(output: Path) -> set[str]:
    """The paths of all files below a folder; none where there is no folder."""
    return {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()}
