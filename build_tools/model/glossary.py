"""A glossary entry as its file says it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, NamedTuple

from pydantic import BeforeValidator, Field

from build_tools.model import front_matter as head
from build_tools.model.edition import Paragraph
from build_tools.model.front_matter import FrontMatter, Line
from build_tools.model.text import Text

# The heading above the entries of each kind.
KINDS = {
    "concept": "Concepts",
    "person": "People",
    "organisation": "Organisations",
    "model": "Models",
    "work": "Works",
    "event": "Events",
}
# Where a name holds, besides in transcripts by their slugs: near words behind this, or everywhere.
NEAR, EVERYWHERE = "near ", "everywhere"
# Stands for all names of an entry.
EVERY_NAME = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(FrontMatter):
    """A published source of an entry; a field that is left out is empty."""

    title: Line
    author: head.OptionalLine = ""
    publisher: head.OptionalLine = ""
    date: head.OptionalDay = ""
    url: head.OptionalWebAddress = ""
    archived: head.OptionalWebAddress = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryHead(FrontMatter):
    """The front matter of a glossary entry; `only` says where names that are words hold."""

    remedies: ClassVar = {
        **dict.fromkeys(("*.url", "*.archived"), "write an address that begins with https://"),
        "*.date": head.DAY,
        "checked": head.WHOLE_DAY,
        "kind": f"kinds: {', '.join(KINDS)}",
        "sources": "begin each with - title: … and indent its other keys",
        "only": "write names, and where each holds: {Chris: [a-talk, near Olah]}",
    }

    term: Line
    kind: Annotated[str, Field(pattern=f"^({'|'.join(KINDS)})$")]
    short: Annotated[Line, Field(max_length=240)]
    also: tuple[Line, ...] = ()
    only: Annotated[
        Mapping[Line, tuple[Line, ...]],
        BeforeValidator(lambda value: {EVERY_NAME: value} if isinstance(value, list) else value),
    ] = field(default_factory=dict)
    see: tuple[Line, ...] = ()
    checked: head.OptionalWholeDay = ""
    works: tuple[Line, ...] = ()
    sources: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(EntryHead):
    """A glossary entry: its front matter and its body."""

    slug: str
    text: Text
    body: tuple[Paragraph, ...]

    @property
    def path(self) -> str:
        """The entry's path below docs/, which is its page's path too."""
        return f"glossary/{self.slug}.md"

    @property
    def forms(self) -> tuple[str, ...]:
        """Every name that a transcript may call it by."""
        return (self.term, *self.also)

    def places_of(self, form: str) -> tuple[str, ...]:
        """Where one of its names holds; () if nothing is said of it."""
        return self.only.get(form, self.only.get(EVERY_NAME, ()))


class Glossary(NamedTuple):
    """Entries by slug, and by term for the names of speakers."""

    by_slug: Mapping[str, Entry]
    by_term: Mapping[str, Entry]


def index_entries(entries: Iterable[Entry]) -> Glossary:
    """Entries as a glossary."""
    entries = tuple(entries)
    return Glossary({one.slug: one for one in entries}, {one.term: one for one in entries})
