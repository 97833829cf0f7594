"""The part of a compiled transcript that lists, entries and data are made of."""

from io import FileIO
from typing import NamedTuple, Self, TypeAlias

from build_tools.model.edition import Edition
from build_tools.model.site import Download


class Spooled:
    """Bytes outside memory: a slice of a file, which stays open as long as its store."""

    # A large collection has hundreds of thousands.
    __slots__ = ("_file", "_length", "_start", "_store")

    def __init__(self, store: object, file: FileIO, start: int, length: int) -> None:
        self._store, self._file, self._start, self._length = store, file, start, length

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice) -> Self:
        start, end, _ = part.indices(self._length)
        return type(self)(self._store, self._file, self._start + start, end - start)

    def __bytes__(self) -> bytes:
        self._file.seek(self._start)
        return self._file.read(self._length)


# Part of a page that is made of all transcripts.
Content: TypeAlias = bytes | Spooled


class Mentioned(NamedTuple):
    """How often a transcript names an entry, and its mentions, rendered for a page and for data.

    The key is a digest of what is on the page of the entry.
    """

    times: int
    page: Content
    data: Content
    key: str


class TranscriptExtract(NamedTuple):
    """What the rest of a site takes from a transcript: rendered lists and mentions, no words."""

    edition: Edition
    words: int
    corrections: int
    doubts: int
    reviewed: int
    validated: int
    downloads: tuple[Download, ...]
    lists: dict[str, Content]
    mentioned: dict[str, Mentioned]
