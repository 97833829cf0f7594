"""The output of a build: a tree that is replaced atomically, with unchanged files kept.

A tree is staged in a folder beside its place; then the two are exchanged by atomic rename. The one
that was replaced stays beside it, where the next tree begins as its links. The next build that has
the lock removes what a killed build left beside the place.
"""

import ctypes
import os
import shutil
import tempfile
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

# The name of the folder where a tree is staged begins so.
_STAGED = ".{}.new-"
# So does that of a file while it is written.
TEMPORARY = ".new-"
# Linux's renameat2, which Python does not wrap, called with AT_FDCWD and RENAME_EXCHANGE; None
# elsewhere. It returns 0 for success.
_EXCHANGE, _HERE = None, -100
with suppress(AttributeError, OSError, TypeError):
    _EXCHANGE = ctypes.CDLL(None).renameat2
# A file's size, modification time in nanoseconds, and inode: writing it changes one of them.
Stamp = tuple[int, int, int]
# What systems put into the folders that somebody looks at.
_STRAY = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
# Stands for every name while a build writes: a killed one leaves files that are not listed yet.
_EVERY = "*\n"


class Written(NamedTuple):
    """The files that a build wrote and removed, and how many it left alone."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


def write_tree(files: Mapping[str, bytes], output: Path, same: Container[str] = ()) -> Written:
    """Replaces a tree atomically; unchanged files keep their times, and the `same` are not made."""
    with stage(output) as beside:
        new, kept, written = beside / output.name, list[str](), list[str]()
        new.mkdir()
        for path in files:
            current, target = output / path, new / path
            in_place = current.is_file()
            content = b"" if in_place and path in same else files[path]
            if in_place and (path in same or current.read_bytes() == content):
                kept.append(path)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            written.append(path)
        removed = tuple(sorted({*list_files(output)} - files.keys()))
        if written or removed or not output.exists():
            put_in_place(complete(new, output, kept), output)
        return Written(tuple(written), removed, len(kept))


@contextmanager
def stage(place: Path) -> Iterator[Path]:
    """A temporary folder beside a place, on the same file system."""
    place.parent.mkdir(parents=True, exist_ok=True)
    # The name is unique: a site generator may outlive a killed build and write into its folder.
    where = {"prefix": _STAGED.format(place.name), "dir": str(place.parent)}
    with tempfile.TemporaryDirectory(**where, ignore_cleanup_errors=True) as beside:
        yield Path(beside)


def complete(new: Path, place: Path, kept: Iterable[str]) -> Path:
    """A tree with the files of `new`, and with those `kept` of the tree in place as links.

    The tree before that one, which has most of these links already, becomes this tree. Nothing may
    write into its files, since they are those in place.
    """
    # An archive of it has the name of the place.
    whole, spare = new.with_name("whole") / place.name, _name_spare(place)
    whole.parent.mkdir()
    if spare.is_dir() and not spare.is_symlink():
        spare.rename(whole)
    else:
        whole.mkdir()
    made, there, current = {*list_files(new)}, stamp_files(whole), stamp_files(place)
    wanted = {*kept} - made
    same = {path for path in wanted if path in there and there[path] == current.get(path)}
    for path in there.keys() - same:
        (whole / path).unlink()
        folder = (whole / path).parent
        with suppress(OSError):
            while folder != whole:
                folder.rmdir()
                folder = folder.parent
    for path in wanted - same:
        _link(whole, place, path)
    for path in made:
        (whole / path).parent.mkdir(parents=True, exist_ok=True)
        (new / path).replace(whole / path)
    return whole


def _link(whole: Path, place: Path, path: str) -> None:
    # Text and not paths, which cost more than the links of a large site.
    target, current = f"{whole}/{path}", f"{place}/{path}"
    with suppress(OSError):
        os.link(current, target)
        return
    # Mostly the first file of a folder.
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(current, target)
    except OSError:
        shutil.copy2(current, target)


def put_in_place(new: Path, place: Path) -> None:
    """Moves a staged file or folder to its place, atomically where the system can do that.

    The tree that was there is kept for `complete`.
    """
    # Nothing is synced: the next build makes files again that a power failure truncated.
    if not place.is_dir():
        new.replace(place)
    elif not _EXCHANGE or _EXCHANGE(_HERE, os.fsencode(new), _HERE, os.fsencode(place), 2):
        old = place.with_name(f".{place.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        place.rename(old)
        try:
            new.rename(place)
        finally:
            _put_back(place)
    else:
        _keep_spare(new, place)


def _put_back(place: Path) -> None:
    """Restores the old tree, unless a new one is in its place."""
    old = place.with_name(f".{place.name}.old")
    if place.exists():
        _keep_spare(old, place)
    elif old.exists():
        old.rename(place)


def _name_spare(place: Path) -> Path:
    return place.with_name(f".{place.name}.spare")


def _keep_spare(old: Path, place: Path) -> None:
    """Keeps a tree that was replaced, unless it is empty."""
    with suppress(OSError):
        old.rmdir()
    if old.exists():
        shutil.rmtree(_name_spare(place), ignore_errors=True)
        with suppress(OSError):
            old.rename(_name_spare(place))


def remove_leftovers(place: Path) -> None:
    """Restores the old tree, or removes what a killed build left beside a place; needs the lock."""
    _put_back(place)
    for left in list(place.parent.glob(f"{escape(_STAGED.format(place.name))}*")):
        shutil.rmtree(left, ignore_errors=True)


def write_file(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Replaces a file by atomic rename: a killed run leaves the old file or the new one.

    A `durable` one has an editor's work: it is synced, since not every file system writes the bytes
    of a file before its new name, and keeps its mode.
    """
    handle, name = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
    staged = Path(name)
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(content)
            if durable:
                new.flush()
                os.fsync(handle)
                shutil.copymode(path, staged)
        staged.replace(path)
    except OSError as error:
        # The error of a full disk names no file.
        error.filename = error.filename or str(path)
        raise
    finally:
        staged.unlink(missing_ok=True)


def list_files(output: Path) -> Iterator[str]:
    """The path from a folder of every file and link below it; none if there is no folder."""
    folders = [""]
    for below in folders:
        with suppress(OSError), os.scandir(f"{output}/{below}") as found:
            for entry in found:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{below}{entry.name}/")
                else:
                    yield below + entry.name


def stamp_files(output: Path) -> dict[str, Stamp]:
    """The stamp of every file below a folder, by its path there."""
    stamps = {}
    for path in list_files(output):
        # A file may vanish while an editor replaces it.
        with suppress(OSError):
            found = os.lstat(f"{output}/{path}")
            stamps[path] = (found.st_size, found.st_mtime_ns, found.st_ino)
    return stamps


class OutputError(RuntimeError):
    """An output cannot be used; the message says why, and what to do."""


class EngineError(OutputError):
    """A site generator or Pagefind failed or is not installed."""


def require_own(place: Path) -> None:
    """Raises OutputError where a place is a link or holds a file that no build wrote there."""
    listing = place.with_name(f".{place.name}.files")
    listed = listing.read_text("utf-8", "surrogateescape") if listing.is_file() else ""
    names = set(listed.splitlines())
    refuse_others(place, lambda name: listed == _EVERY or name in names)


def refuse_others(place: Path, is_own: Callable[[str], object]) -> None:
    """Raises OutputError where a place is a link or holds a file that is not our own."""
    refuse_links(place)
    foreign = (name for name in list_files(place) if not is_own(name))
    if first := min((one for one in foreign if one.rpartition("/")[2] not in _STRAY), default=""):
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

    def write_listing(names: str) -> None:
        with stage(place) as beside:
            staged = beside / "files"
            staged.write_text(names, "utf-8", "surrogateescape")
            staged.replace(place.with_name(f".{place.name}.files"))

    require_own(place)
    write_listing(_EVERY)
    try:
        yield
    finally:
        # Without room for the list, every file counts as ours.
        with suppress(OSError):
            write_listing("".join(f"{name}\n" for name in sorted(list_files(place))))


@contextmanager
def lock(
    output: Path, seconds: float = 600.0, *, waiting: Callable[[float], None] = lambda _: None
) -> Iterator[None]:
    """Locks an output, and removes the leftovers of a killed build; the lock is reentrant.

    If another build has the lock, calls `waiting` with the timeout in seconds, and raises
    OutputError after it.
    """
    refuse_links(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    file_lock = FileLock(output.with_name(f".{output.name}.lock"), is_singleton=True)
    try:
        try:
            held = file_lock.acquire(timeout=0)
        except Timeout:
            waiting(seconds)
            held = file_lock.acquire(timeout=seconds)
    except Timeout as error:
        what = f"{output}: another build is still at work on it after {seconds:.0f} s"
        raise OutputError(f"{what}\n    wait for it to end, or end it; then build again") from error
    with held:
        remove_leftovers(output)
        yield
