"""A page of then-and-now/ as its file says it, and what transcripts answer to its quotations."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from build_tools.model import front_matter as head
from build_tools.model.address import split_address
from build_tools.model.edition import Span
from build_tools.model.front_matter import FrontMatter
from build_tools.model.text import Text


class Quotation(NamedTuple):
    """A line that stands for a passage: the addresses of its ends, and words expected there."""

    offset: int
    transcript: str
    first: str
    last: str
    opening: str = ""
    closing: str = ""


class Phrase(NamedTuple):
    """Words beside a link to an address, "" if they only name a person, and the link's own.

    Without a link the address is "", and the words may be said in any transcript of the page.
    """

    offset: int
    transcript: str
    address: str
    words: str
    name: str


class Answer(NamedTuple):
    """The passage that a quotation stands for, or what is wrong with a quotation or a phrase."""

    said: str = ""
    speaker: str = ""
    date: str = ""
    lang: str = ""
    address: str = ""
    what: str = ""
    remedy: str = ""


Cited = Quotation | Phrase
# By transcript, and then by what is cited, at the offset 0.
Answers = Mapping[str, Mapping[Cited, Answer]]


class QuotingTheme(NamedTuple):
    """What flows of a theme into the pages of a transcript: the quoted addresses, and a link."""

    title: str
    path: str
    addresses: tuple[str, ...]


class ThemeLine(NamedTuple):
    """A heading, a paragraph or an item of a list: the sign that opens it, and its spans."""

    opening: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeHead(FrontMatter):
    """The front matter of a page of then-and-now/."""

    remedies: ClassVar = {"checked": head.WHOLE_DAY}

    title: head.InertLine
    description: head.OptionalInertLine = ""
    entries: tuple[head.Line, ...] = ()
    checked: head.OptionalWholeDay = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme(ThemeHead):
    """A page that lays passages of several transcripts side by side, by blocks of tight lines."""

    slug: str
    text: Text
    blocks: tuple[tuple[ThemeLine, ...] | Quotation, ...]
    cited: tuple[Cited, ...]

    @property
    def path(self) -> str:
        """The theme's path below docs/, which is its page's path too."""
        return f"then-and-now/{self.slug}.md"

    @property
    def quoted_lines(self) -> dict[str, set[str]]:
        """Map each quoted transcript to the addresses of the lines where quotations begin."""
        lines = defaultdict[str, set[str]](set)
        for one in self.cited:
            if address := one.first if isinstance(one, Quotation) else one.words and one.address:
                lines[one.transcript].add(split_address(address)[0])
        return lines
