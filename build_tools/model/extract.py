"""The part of a compiled transcript that lists, entries and data are made of."""

from collections.abc import Sized
from typing import NamedTuple, Protocol, SupportsBytes, TypeAlias, runtime_checkable

from build_tools.model.edition import Edition
from build_tools.model.site import Download


@runtime_checkable
class Spooled(Sized, SupportsBytes, Protocol):
    """Bytes outside memory."""


# Part of a page that is made of all transcripts.
Content: TypeAlias = bytes | Spooled


class Mentioned(NamedTuple):
    """How often a transcript names an entry, and its mentions, rendered for a page and for data."""

    times: int
    page: Content
    data: Content


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
