"""The cache: values of pure steps, each under a digest of everything that flows into it.

The versions of the code and of its libraries are part of every key, so no value is out of date.
Values are JSON and text, never code: a foreign file in the cache can break off a build at worst.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import re
import sys
import tempfile
import unicodedata
import weakref
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from io import FileIO
from pathlib import Path
from typing import TypeAlias, TypeVar

from pydantic import TypeAdapter

from build_tools.build.output import TEMPORARY, list_files, refuse_others, write_file
from build_tools.model.extract import Content, Spooled

# Below the project.
CACHE = Path(".cache/sic")
_PACKAGE = Path(__file__).parent.parent
_DIGEST_SIZE = hashlib.sha256().digest_size
_VALUE = re.compile(rf"[0-9a-f]{{2}}/(?:[0-9a-f]{{62}}|{re.escape(TEMPORARY)}\w+)")
# Raises OutputError where a cache is a link or holds a file that is no value.
require_own_cache = partial(refuse_others, is_own=_VALUE.fullmatch)
ValueT = TypeVar("ValueT")


def memo(store: Store, key: str, kind: TypeAdapter[ValueT], make: Callable[[], ValueT]) -> ValueT:
    """The value of a pure step: read from the store, or made and then stored, as JSON."""
    kept = store.read(key)
    if kept is not None:
        with suppress(ValueError):
            return kind.validate_json(kept)
    value = make()
    store.write(key, kind.dump_json(value))
    return value


def step_key(step: str, *inputs: bytes | str) -> str:
    """A digest of a step's name, the version of the code and all inputs of the step."""
    return make_key(version_key(), step, *inputs)


class Memory:
    """A store for one run, in front of another store that it only reads; nothing is pruned."""

    def __init__(self, behind: Store | None = None) -> None:
        self.values, self.behind, self.used = dict[str, bytes](), behind, set[str]()

    def read(self, key: str) -> bytes | None:
        """The value of a key."""
        value = self.values.get(key)
        return self.behind.read(key) if value is None and self.behind else value

    def write(self, key: str, value: bytes) -> None:
        """Stores a value."""
        self.values[key] = value

    def spool(self, value: bytes | bytearray) -> Content:
        """The value itself."""
        return bytes(value)


class Folder:
    """A store on disk; it may be deleted, and a run may be killed, at any time.

    Each value is a file that begins with its own digest and is put in place by atomic rename.
    Values whose keys are not `used` are pruned.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.used = folder, set[str]()
        self.spooled: FileIO | None = None

    def __reduce__(self) -> tuple[type[Folder], tuple[Path]]:
        """A worker gets the same folder, without the temporary file."""
        return Folder, (self.folder,)

    def read(self, key: str) -> bytes | None:
        """The value of a key, or None where there is no undamaged one."""
        with suppress(OSError):
            kept = self._path(key).read_bytes()
            value = kept[_DIGEST_SIZE:]
            if kept[:_DIGEST_SIZE] == hashlib.sha256(value).digest():
                self.used.add(key)
                return value
        return None

    def write(self, key: str, value: bytes) -> None:
        """Stores a value; where that fails, the next build makes it again."""
        self.used.add(key)
        target = self._path(key)
        with suppress(OSError):
            target.parent.mkdir(parents=True, exist_ok=True)
            write_file(target, hashlib.sha256(value).digest() + value, durable=False)

    def spool(self, value: bytes | bytearray) -> Content:
        """The value in a temporary file without a name; in memory where that fails."""
        with suppress(OSError):
            if not self.spooled:
                self.folder.mkdir(parents=True, exist_ok=True)
                # A buffer that a full disk refused would be written again at every read.
                self.spooled = tempfile.TemporaryFile(dir=self.folder, buffering=0)  # noqa: SIM115
                weakref.finalize(self, self.spooled.close)
            start = self.spooled.seek(0, os.SEEK_END)
            # A full disk may take a part.
            if self.spooled.write(value) == len(value):
                return Spooled(self, self.spooled, start, len(value))
        return bytes(value)

    def prune(self) -> None:
        """Removes every value that this run did not use."""
        for path in [*list_files(self.folder)]:
            if path.replace("/", "") not in self.used:
                with suppress(OSError):
                    (self.folder / path).unlink()

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]


# Values by their keys; a missing value can always be made again.
Store: TypeAlias = Memory | Folder


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
    """A digest of everything that turns files into pages: this code, its libraries, and Python."""
    files = sorted(path for kind in ("py", "css", "po") for path in _PACKAGE.rglob(f"*.{kind}"))
    code = (path.read_bytes() for path in files)
    # All installed packages: asking for ours alone would cost more than a needless rebuild.
    found = importlib.metadata.distributions()
    versions = sorted(f"{one.metadata['Name']} {one.version}" for one in found)
    return make_key(sys.version, unicodedata.unidata_version, *versions, *code)
