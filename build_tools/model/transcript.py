"""An edition aligned with its source, and everything found in it."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from build_tools.model.edition import Edition, Footnote, Kind, Mark, PlacedSpan, Span
from build_tools.model.source import Cue, Source
from build_tools.model.text import Words


@dataclass(frozen=True, slots=True)
class PlacedParagraph:
    """A paragraph with its places, its speaker, "" if unnamed, and the footnotes on the name."""

    spans: tuple[PlacedSpan, ...]
    chapter: int
    speaker: str
    names_speaker: bool
    heard_start: int
    said_start: int
    said_end: int
    first_word: int
    end_word: int
    is_unknown: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """The speech of one speaker until another begins, or a chapter does."""

    speaker: str
    chapter: int
    paragraphs: range
    first_word: int
    end_word: int


class Occurrence(NamedTuple):
    """A mark at its place, with the number of its paragraph and of the source's word there."""

    placed: PlacedSpan
    paragraph: int
    word: int


class Reading(NamedTuple):
    """What some of the witnesses heard at a place; "A" is the source, "" is nothing."""

    letters: tuple[str, ...]
    text: str


class ApparatusEntry(NamedTuple):
    """Words of the source that a witness heard otherwise; its own reading is the first."""

    first: int
    end: int
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """An edition laid against its source: the n-th word as heard is the n-th word of the source."""

    edition: Edition
    source: Source
    heard: str
    said: str
    heard_words: Words
    said_words: Words
    paragraphs: tuple[PlacedParagraph, ...]
    turns: tuple[Turn, ...]
    occurrences: tuple[Occurrence, ...]
    chapter_ids: tuple[str, ...]
    witnesses: Mapping[str, Source] = field(default_factory=dict)
    apparatus: tuple[ApparatusEntry, ...] = ()

    def word_at(self, paragraph: int, said: int) -> int:
        """The number of the source's word at a place of the text as said, or that follows it."""
        here = self.paragraphs[paragraph]
        heard = here.spans[-1].heard_end if here.spans else here.heard_start
        number = bisect_right(here.spans, said, key=attrgetter("said_end"))
        for placed in here.spans[number : number + 1]:
            shift = 0 if placed.span.mark is Mark.CHANGE else said - placed.said_start
            heard = placed.heard_start + shift
        word = bisect_right(self.heard_words.ends, heard)
        return max(here.first_word, min(word, here.end_word - 1))


class Row(NamedTuple):
    """A line of a caption: whose words they are, whether the name is shown, and the words."""

    speaker: str
    named: bool
    text: str


class Caption(NamedTuple):
    """The rows that are shown from one time to another, in milliseconds."""

    start: int
    end: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A correction, or words in doubt, at its place; the footnote with the reason is the first."""

    transcript: str
    address: str
    line: int
    time: int | None
    speaker: str
    heard: str
    said: str
    footnotes: tuple[Footnote, ...]
    question: str

    @property
    def kind(self) -> Kind:
        """The kind of recognition error."""
        return self.footnotes[0].kind

    @property
    def conjecture(self) -> bool:
        """Whether the editor is not sure."""
        return self.footnotes[0].conjecture


class Coverage(NamedTuple):
    """The words read against the recording, the first and last cue of each gap, words validated."""

    words: int
    gaps: tuple[tuple[Cue, Cue], ...]
    validated: int = 0


class Piece(NamedTuple):
    """Some words as they were said, and what the recogniser wrote for them where that differs."""

    said: str
    heard: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph as the result of a search, with what is first called or told there."""

    transcript: str
    title: str
    date: str
    chapter: str
    speaker: str
    address: str
    pieces: tuple[Piece, ...]
    footnotes: tuple[Footnote, ...] = ()
    questions: tuple[str, ...] = ()
    summary: tuple[Span, ...] = ()
    entries: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """The text as said, on one line."""
        return " ".join("".join(piece.said for piece in self.pieces).split())


class Filler(NamedTuple):
    """A slice of the text as said that a clean reading hides; `capital` if it begins a sentence."""

    start: int
    end: int
    capital: bool


class Mention(NamedTuple):
    """A slice of the text as said that names an entry, and the number of the source's word."""

    entry: str
    start: int
    end: int
    paragraph: int
    word: int


class WordErrors(NamedTuple):
    """The number of words as said, and of the edits that turn them into words as heard."""

    words: int
    substitutions: int
    deletions: int
    insertions: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.substitutions + self.deletions + self.insertions


class Errors(NamedTuple):
    """The recogniser's word errors; a kind's `words` are all that were said."""

    all: WordErrors
    certain: WordErrors
    speakers: tuple[tuple[str, WordErrors], ...]
    kinds: tuple[tuple[Kind, WordErrors], ...]


class Findings(NamedTuple):
    """All that is found in a transcript, each in order."""

    mentions: tuple[Mention, ...]
    corrections: tuple[Remark, ...]
    doubts: tuple[Remark, ...]
    fillers: tuple[Filler, ...]
    coverage: Coverage
    errors: Errors
