"""The tree of files that a build makes: put in place as a whole, and only what changed written.

A tree is made in a folder beside its place, and there the two are exchanged. What a killed build
leaves beside the place is taken away by the next one that holds it.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import tempfile
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager, suppress
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
    with stage(output) as beside:
        staging = beside / output.name
        staging.mkdir()
        written = [
            path
            for path in files
            if not (path in same and _take_over(staging, output, path))
            and _stage_file(staging, output, path, files[path])
        ]
        removed = tuple(sorted(read_names(output) - files.keys()))
        if written or removed or not output.exists():
            put_in_place(staging, output)
        return Written(tuple(written), removed, len(files) - len(written))


@contextmanager
def stage(place: Path) -> Iterator[Path]:
    """An empty folder beside a place, in which something is made for it; gone at the end.

    No two have the same name: the site generator of a build that was killed may live on, and goes
    on writing into the folder that it was given.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=_staged(place), dir=place.parent))
    try:
        yield beside
    finally:
        _remove(beside)


def put_in_place(new: Path, place: Path) -> None:
    """Puts a file or a folder that is staged in its place, in one step where that can be.

    What stood there is then in the staging folder. Nothing here waits for the disk: whoever loses
    power may find files cut short, and the next build sees by their size that they are to be made.
    """
    if not place.is_dir():
        new.replace(place)
    elif not _exchange(new, place):
        old = _set_aside(place)
        _remove(old)
        place.rename(old)
        try:
            new.rename(place)
        finally:
            _put_back(place)


def write_file(path: Path, content: bytes) -> None:
    """Puts a file in place by rename: a killed run leaves the old file or the new one."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    staged = Path(name)
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(content)
            new.flush()
            # Somebody's own work stands in it, which nothing makes again: not every file system
            # writes the bytes of a file before its new name, and power may fail in between.
            os.fsync(handle)
        shutil.copymode(path, staged)
        staged.replace(path)
    except OSError as error:
        # A full disk does not say for which file it has no room.
        error.filename = error.filename or str(path)
        raise
    finally:
        staged.unlink(missing_ok=True)


def tidy(place: Path) -> None:
    """Takes away what a killed build left beside a place; only for who holds it.

    Where the build was killed when the old tree was away and the new one not there, puts it back.
    """
    _put_back(place)
    if place.parent.is_dir():
        for left in list(place.parent.iterdir()):
            if left.name.startswith(_staged(place)):
                _remove(left)


def _staged(place: Path) -> str:
    """How the names of the folders begin in which something is made for a place."""
    return f".{place.name}.new-"


def _set_aside(place: Path) -> Path:
    """Where the old tree stands for a moment, where two cannot be exchanged in one step."""
    return place.with_name(f".{place.name}.old")


def _put_back(place: Path) -> None:
    """Puts the tree that was set aside back, unless another one is in its place by now."""
    old = _set_aside(place)
    if old.exists():
        if place.exists():
            _remove(old)
        else:
            old.rename(place)


def _remove(path: Path) -> None:
    """Removes a folder as far as that can be done; what is left of it is in nobody's way."""
    shutil.rmtree(path, ignore_errors=True)


def _load_exchange() -> Callable[[bytes, bytes], int] | None:
    """Linux's call, for which Python has no name; None elsewhere."""
    try:
        renameat2 = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):
        return None
    here, exchange = -100, 2  # AT_FDCWD and RENAME_EXCHANGE
    return lambda one, other: int(renameat2(here, one, here, other, exchange))


_EXCHANGE = _load_exchange()


def _exchange(one: Path, other: Path) -> bool:
    """Exchanges two folders in one step; says whether this system and their file system can."""
    return _EXCHANGE is not None and _EXCHANGE(os.fsencode(one), os.fsencode(other)) == 0


def _stage_file(staging: Path, output: Path, path: str, content: bytes) -> bool:
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
    for path, place in _list_files(output):
        found = os.stat(place)  # noqa: PTH116 - a path takes longer to make than to look at
        stamps[path] = (found.st_size, found.st_mtime_ns, found.st_ino)
    return stamps


class OutputError(Exception):
    """An output cannot be used; the message says why, and what to do."""


class BusyError(OutputError):
    """Another build is at work on the same output."""


# What systems put into the folders that somebody looks at.
STRAY = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
# Stands for every name while a build writes: a killed one leaves files that are not listed yet.
_EVERY = "*\n"


def require_own(place: Path) -> None:
    """Raises OutputError where a place is a link or holds a file that no build wrote there."""
    refuse_links(place)
    listing = _listing(place)
    listed = listing.read_text("utf-8", "surrogateescape") if listing.is_file() else ""
    own = set(listed.splitlines())
    foreign = (name for name in read_names(place) - own if name.rpartition("/")[2] not in STRAY)
    if listed != _EVERY and (first := min(foreign, default="")):
        what = f"{place}: holds {first}, which no build wrote"
        raise OutputError(f"{what}\n    move it away: a build replaces everything in {place}/")


def refuse_links(place: Path) -> None:
    """Raises OutputError where a place, or the folder that it is in, is a symbolic link."""
    for path in (place, place.parent):
        if path.is_symlink():
            what = f"{path}: is a symbolic link, and a build replaces what it leads to"
            raise OutputError(f"{what}\n    put a folder there, or nothing")


@contextmanager
def claim(place: Path) -> Iterator[None]:
    """Lists, beside a place, the files that a build leaves there; see `require_own`."""
    require_own(place)
    listing = _listing(place)
    listing.parent.mkdir(parents=True, exist_ok=True)
    _write_listing(listing, _EVERY)
    try:
        yield
    finally:
        names = "".join(f"{name}\n" for name in sorted(read_names(place)))
        # Without room for the list, every file counts as ours.
        with suppress(OSError):
            _write_listing(listing, names)


def _write_listing(listing: Path, names: str) -> None:
    staged = listing.with_name(f"{listing.name}.new")
    try:
        staged.write_text(names, "utf-8", "surrogateescape")
        staged.replace(listing)
    finally:
        staged.unlink(missing_ok=True)


def _listing(place: Path) -> Path:
    return place.with_name(f".{place.name}.files")


@contextmanager
def hold(
    output: Path, seconds: float = _WAIT, *, waiting: Callable[[float], None] = lambda _: None
) -> Iterator[None]:
    """Holds an output for one build alone, and tidies up behind one that was killed.

    Where another build has it, `waiting` is called with the seconds after which BusyError is
    raised. A process may hold an output more than once. The operating system ends the hold with the
    process, however that ends.
    """
    refuse_links(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(output.with_name(f".{output.name}.lock"), is_singleton=True)
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            waiting(seconds)
            lock.acquire(timeout=seconds)
    except Timeout as error:
        what = f"{output}: another build is still at work on it after {seconds:.0f} s"
        raise BusyError(f"{what}\n    wait for it to end, or end it; then build again") from error
    try:
        tidy(output)
        yield
    finally:
        lock.release()


def read_names(output: Path) -> set[str]:
    """The paths of all files below a folder; none where there is no folder."""
    return {path for path, _ in _list_files(output)}


def _list_files(output: Path) -> Iterator[tuple[str, str]]:
    """Each file's path below a folder, and where it lies."""
    for folder, _, names in os.walk(output):
        below = Path(folder).relative_to(output).as_posix()
        above = "" if below == "." else f"{below}/"
        yield from ((above + name, f"{folder}{os.sep}{name}") for name in names)
