"""The part of a compiled transcript that lists, entries and data are made of."""

from __future__ import annotations

from typing import NamedTuple, Protocol, TypeAlias, runtime_checkable

from build_tools.model.edition import Edition
from build_tools.model.site import Download


@runtime_checkable
class Spooled(Protocol):
    """Bytes outside memory."""

    def __len__(self) -> int:
        """How many bytes."""

    def __bytes__(self) -> bytes:
        """The bytes."""


# Part of a page that is made of all transcripts.
Content: TypeAlias = bytes | Spooled


class Mentioned(NamedTuple):
    """How often a transcript names an entry, and how its mentions are listed on a page and in data.

    What a list takes from a transcript is rendered with it, so that the list can be put together
    when the transcript itself is not at hand.
    """

    times: int
    page: Content
    data: Content


class ChapterExtract(NamedTuple):
    """A chapter's title and address, and the entries that are named in it."""

    title: str
    address: str
    entries: tuple[str, ...]


class TranscriptExtract(NamedTuple):
    """What the rest of a site takes from a transcript: all but its words.

    `edition` is without its text, its paragraphs and its footnotes; `turns` counts each speaker's;
    `downloads` are its files to take away. `lists` has what stands of the transcript on each list,
    by its path, and `mentioned` the same by entry.
    """

    edition: Edition
    words: int
    corrections: int
    doubts: int
    reviewed: int
    turns: dict[str, int]
    chapters: tuple[ChapterExtract, ...]
    downloads: tuple[Download, ...]
    lists: dict[str, Content]
    mentioned: dict[str, Mentioned]


class RelatedChapter(NamedTuple):
    """A chapter of another transcript in which the same is discussed, as a page names it.

    It is all that a page takes from other transcripts; `terms` are those that both name.
    """

    path: str
    address: str
    title: str
    transcript: str
    date: str
    lang: str
    terms: tuple[str, ...]
