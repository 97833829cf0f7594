"""A glossary entry as its file says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from build_tools.model.edition import Paragraph
from build_tools.model.text import Text


class Reference(NamedTuple):
    """A published source of an entry; the fields that are not given are ""."""

    title: str
    author: str = ""
    publisher: str = ""
    date: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A glossary entry; `forms` are all its names, the term first."""

    slug: str
    text: Text
    term: str
    kind: str
    short: str
    also: tuple[str, ...]
    see: tuple[str, ...]
    references: tuple[Reference, ...]
    body: tuple[Paragraph, ...]

    @property
    def path(self) -> str:
        """The entry's path below docs/, which is its page's path too."""
        return f"glossary/{self.slug}.md"

    @property
    def forms(self) -> tuple[str, ...]:
        """Every name that a transcript may call it by."""
        return (self.term, *self.also)
