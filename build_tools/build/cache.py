"""What was compiled before, by what it was made of: never needed, and never believed unseen.

A key is a digest of all that flows into a value, the versions of code and libraries among them, so
that nothing in here can be out of date. Values are JSON, text and pages, never code: a file that a
stranger puts here can break off a build at worst.
"""

from __future__ import annotations

import errno
import hashlib
import importlib.metadata
import os
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol

from build_tools.model.extract import Content

# Below the project; made again where it is missing.
CACHE = Path(".cache/sic")

_PACKAGE = Path(__file__).parent.parent
_DIGEST_SIZE = hashlib.sha256().digest_size
_TEMPORARY = ".new-"


class Store(Protocol):
    """Where values are kept by their keys; one that is missing can always be made again."""

    def read(self, key: str) -> bytes | None:
        """The value of a key, or None where there is none, or none that is whole."""

    def write(self, key: str, value: bytes) -> None:
        """Keeps a value."""

    def want(self, keys: Iterable[str]) -> None:
        """Says that values are still of use, though nobody may read them in this run."""

    def spool(self, value: bytes) -> Spool:
        """Puts away for this run what is wanted late, and then a portion at a time."""


class Spool(Protocol):
    """A value that was set aside."""

    def cut(self, start: int, length: int) -> Content:
        """A portion of it."""


class Memory:
    """A store for one run."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}

    def read(self, key: str) -> bytes | None:
        """The value of a key."""
        return self.values.get(key)

    def write(self, key: str, value: bytes) -> None:
        """Keeps a value."""
        self.values[key] = value

    def want(self, keys: Iterable[str]) -> None:
        """Nothing is ever taken away here."""

    def spool(self, value: bytes) -> Spool:
        """Keeps a value where all are."""
        return _Held(value)


class Folder:
    """A store on disk, which may be deleted at any time, and in which a run may be killed.

    Each value is a file that begins with its own digest and is put in place by rename.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.used: set[str] = set()
        self._aside: _Unnamed | None = None

    def read(self, key: str) -> bytes | None:
        """The value of a key, or None where there is none, or none that is whole."""
        try:
            kept = self._path(key).read_bytes()
        except OSError:
            return None
        value = kept[_DIGEST_SIZE:]
        if kept[:_DIGEST_SIZE] != hashlib.sha256(value).digest():
            return None
        self.used.add(key)
        return value

    def write(self, key: str, value: bytes) -> None:
        """Keeps a value; where that cannot be done, it is made again the next time."""
        self.used.add(key)
        target = self._path(key)
        with suppress(OSError):
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=target.parent)
            new = Path(name)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(hashlib.sha256(value).digest() + value)
                new.replace(target)
            except BaseException:
                # Half a value would hold the room that a full disk has not.
                new.unlink(missing_ok=True)
                raise

    def want(self, keys: Iterable[str]) -> None:
        """Says that values are still of use, though nobody may read them in this run."""
        self.used.update(keys)

    def spool(self, value: bytes) -> Spool:
        """Puts a value into a file without a name; where that cannot be done, it is held."""
        try:
            if self._aside is None:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._aside = _Unnamed(self.folder)
            return _Lying(self._aside, self._aside.add(value))
        except OSError:
            return _Held(value)

    def prune(self) -> None:
        """Removes what this run had no use for: what is kept is what the last build is made of."""
        kept = {self._path(key) for key in self.used}
        for path in self._files():
            if path not in kept:
                with suppress(OSError):
                    path.unlink()

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]

    def _files(self) -> Iterator[Path]:
        for folder, _, names in os.walk(self.folder):
            yield from (Path(folder, name) for name in names)


class _Held(NamedTuple):
    value: bytes

    def cut(self, start: int, length: int) -> Content:
        return self.value[start : start + length]


class _Unnamed:
    """A file that nobody else sees, and that is gone when nothing in it is wanted any more."""

    def __init__(self, folder: Path) -> None:
        # Unbuffered: what a full disk did not take is not tried again with every portion read.
        self.file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - see `__del__`

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):
            self.file.close()

    def add(self, value: bytes) -> int:
        """Where it begins."""
        start = self.file.seek(0, os.SEEK_END)
        if self.file.write(value) != len(value):
            raise OSError(errno.ENOSPC, "not all was written")
        return start

    def read(self, start: int, length: int) -> bytes:
        self.file.seek(start)
        return self.file.read(length)


class _Lying(NamedTuple):
    file: _Unnamed
    start: int

    def cut(self, start: int, length: int) -> Content:
        return _Cut(self.file, self.start + start, length)


class _Cut:
    """A portion of a file."""

    __slots__ = ("file", "length", "start")

    def __init__(self, file: _Unnamed, start: int, length: int) -> None:
        self.file, self.start, self.length = file, start, length

    def __len__(self) -> int:
        return self.length

    def __bytes__(self) -> bytes:
        return self.file.read(self.start, self.length)


def make_key(*parts: bytes | str) -> str:
    """A digest of parts in their order; no two lists of parts have the same."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


@cache
def version_key() -> str:
    """A digest of all that turns files into pages: this code, its libraries, and Python itself."""
    code = (path.read_bytes() for path in sorted(_PACKAGE.rglob("*.py")))
    return make_key(sys.version, unicodedata.unidata_version, *_versions(), *code)


def _versions() -> Iterable[str]:
    """The installed libraries, those of other projects too: asking costs less than being wrong."""
    found = importlib.metadata.distributions()
    return sorted(f"{one.metadata['Name']} {one.version}" for one in found)
