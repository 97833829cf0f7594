"""An annotated transcript as its file says it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import NamedTuple

from build_tools.model.text import Text


class Kind(StrEnum):
    """What a footnote says: a kind of recognition error, or a note on what really was said.

    A member is its name in an edition and what the kind means; every list of kinds is made of them.
    """

    meaning: str

    NAME = "name", "the name of a person, an organisation, a product or a work misspelt"
    TERM = "term", "a term of the trade misspelt"
    HOMOPHONE = "homophone", "another word that sounds the same"
    NUMBER = "number", "a number, a date or an amount wrong"
    DROPOUT = "dropout", "something said and left out"
    REPETITION = "repetition", "something written twice"
    GARBLE = "garble", "nonsense"
    CUTOFF = "cutoff", "a word or a sentence cut off"
    NOTE = "note", "an explanation of what was said"

    def __new__(cls, name: str, meaning: str) -> Kind:
        """The member whose value is its name alone."""
        kind = str.__new__(cls, name)
        kind._value_, kind.meaning = name, meaning
        return kind

    @property
    def label(self) -> str:
        """How readers see it at the head of a footnote."""
        return self.value.capitalize()

    @property
    def is_correction(self) -> bool:
        """Whether it says that the recogniser was wrong, as all do but notes."""
        return self is not Kind.NOTE


class Mark(Enum):
    """What a span of a paragraph is."""

    PLAIN = "plain"
    CHANGE = "change"
    DOUBT = "doubt"
    NOTE = "note"


class Span(NamedTuple):
    """A piece of a paragraph: what the source says there and what the page says.

    `offset` is where it begins in the file; `notes` are the labels of the footnotes behind it. A
    note that stands alone is a span without text. Line breaks count as they stand in the file.
    """

    offset: int
    mark: Mark
    heard: str
    said: str
    notes: tuple[str, ...] = ()
    question: str = ""
    target: str = ""
    emphasis: bool = False


class PlacedSpan(NamedTuple):
    """A span with its places: where it begins in the text as heard and in the text as said.

    `reason` is the footnote that says why a change was made; None for every other span.
    """

    span: Span
    heard_start: int
    said_start: int
    reason: Footnote | None = None

    @property
    def heard_end(self) -> int:
        """The end of the span in the text as heard."""
        return self.heard_start + len(self.span.heard)

    @property
    def said_end(self) -> int:
        """The end of the span in the text as said."""
        return self.said_start + len(self.span.said)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `speaker` is the name it begins with, "" where it goes on with the same one."""

    offset: int
    speaker: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading and the paragraphs below it; the title is "" for speech before any heading.

    `summary` is the editor's own, in one sentence or two.
    """

    offset: int
    title: str
    paragraphs: tuple[Paragraph, ...]
    summary: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Footnote:
    """A reason or a note. `conjecture` is the question mark behind the kind.

    `here_only` says that what was misheard here is an ordinary word elsewhere.
    """

    label: str
    offset: int
    kind: Kind
    conjecture: bool
    reason: tuple[Span, ...]
    here_only: bool = False


class SourceFile(NamedTuple):
    """A file of docs/sources/ as an edition names it, and where in the edition's file it does."""

    offset: int
    file: str
    format: str
    encoding: str
    furniture: frozenset[int]


class Review(NamedTuple):
    """Lines of the source that somebody has read against the recording, who, and on what day."""

    lines: frozenset[int]
    by: str
    date: str


@dataclass(frozen=True, slots=True)
class Edition:
    """An annotated transcript as one file says it.

    `podcast` names the one of which the talk is an episode; `date` is then the day it came out.
    `lang` is the tag of the language that is spoken; `recording` an https address; `published` and
    `updated` the days on which this edition was put up and last changed in substance. "" is none.
    `timing` is a second source of the same talk, from which times are borrowed.
    """

    slug: str
    text: Text
    title: str
    date: str
    event: str
    podcast: str
    description: str
    source_file: str
    source_format: str
    source_encoding: str
    source_note: str
    furniture: frozenset[int]
    reviews: tuple[Review, ...]
    speakers: tuple[tuple[str, str], ...]
    introduction: tuple[Paragraph, ...]
    chapters: tuple[Chapter, ...]
    footnotes: tuple[Footnote, ...]
    lang: str
    recording: str
    published: str
    updated: str
    timing: SourceFile | None = None

    @property
    def path(self) -> str:
        """The edition's path below docs/, which is its page's path too."""
        return f"transcripts/{self.slug}.md"

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Every paragraph of speech, in order."""
        return tuple(paragraph for chapter in self.chapters for paragraph in chapter.paragraphs)
