"""A page of quotations as its file says it."""

from dataclasses import dataclass
from typing import NamedTuple

from build_tools.model.front_matter import FrontMatter, InertLine, Line, OptionalInertLine
from build_tools.model.text import Text


class Quotation(NamedTuple):
    """What a page quotes from a transcript: its words, and the address where they begin."""

    offset: int
    words: str
    transcript: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeHead(FrontMatter):
    """The front matter of a page of then-and-now/."""

    title: InertLine
    description: OptionalInertLine = ""
    entries: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme(ThemeHead):
    """A page that lays passages of several transcripts side by side; its text passes unchanged."""

    slug: str
    text: Text
    quotations: tuple[Quotation, ...]

    @property
    def path(self) -> str:
        """The theme's path below docs/, which is its page's path too."""
        return f"then-and-now/{self.slug}.md"
