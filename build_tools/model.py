"""Every type that passes between modules; times are milliseconds, offsets count characters."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import lru_cache
from itertools import accumulate, starmap
from typing import NamedTuple, Protocol, overload, runtime_checkable


class Place(NamedTuple):
    """Where something stands: a file below the project's root, a line and a column, both from 1."""

    path: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong at a place, in the contributor's words, and what to write instead.

    A warning is said and leaves the exit status alone; everything else stops the build.
    """

    place: Place
    what: str
    remedy: str = ""
    warning: bool = False


class ProblemsFoundError(Exception):
    """The user's mistakes, all of them; any other exception is our own."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__(f"{len(self.problems)} problems")


class Text(NamedTuple):
    """A file's text with the path to name in problems; `place` turns an offset into a place."""

    path: str
    content: str

    def place(self, offset: int) -> Place:
        """The place of a character: line and column from 1, the column in characters."""
        starts = _line_starts(_Itself(self.content))
        line = bisect_right(starts, offset)
        return Place(self.path, line, offset - starts[line - 1] + 1)

    def problem(
        self, offset: int, what: str, remedy: str = "", *, warning: bool = False
    ) -> Problem:
        """A problem at an offset of this text."""
        return Problem(self.place(offset), what, remedy, warning)


class _Itself:
    """A text that is equal to itself alone: to compare long ones at every question takes long."""

    __slots__ = ("content",)

    def __init__(self, content: str) -> None:
        self.content = content

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.content is other.content

    def __hash__(self) -> int:
        return id(self.content)


@lru_cache(maxsize=4)
def _line_starts(text: _Itself) -> array[int]:
    """Where each line begins. Kept, as a hostile file can have a problem at every second sign."""
    lines = text.content.split("\n")[:-1]
    return array("q", accumulate((len(line) + 1 for line in lines), initial=0))


class Edit(NamedTuple):
    """A slice of a text, and what is to stand there instead."""

    start: int
    end: int
    written: str


class Word(NamedTuple):
    """A word of a text: the key it is compared by, and the slice where it stands."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Words(Sequence[Word]):
    """The words of a text in order, by columns: a transcript has too many to make each a value."""

    keys: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.keys)

    def __iter__(self) -> Iterator[Word]:
        return starmap(Word, zip(self.keys, self.starts, self.ends, strict=True))

    @overload
    def __getitem__(self, number: int) -> Word: ...
    @overload
    def __getitem__(self, number: slice) -> Words: ...
    def __getitem__(self, number: int | slice) -> Word | Words:
        if isinstance(number, slice):
            return Words(self.keys[number], self.starts[number], self.ends[number])
        return Word(self.keys[number], self.starts[number], self.ends[number])


# Sources ----------------------------------------------------------------------------------------


class Cue(NamedTuple):
    """One timed piece, or one line where there are no times, of a source.

    `start` and `end` in milliseconds or None; `line` from 1, of a file without lines of its own the
    number of the piece; `address` is the id it has on every
    page; `speaker` is the file's own name for who speaks, or "".
    """

    line: int
    start: int | None
    text: str
    address: str
    end: int | None = None
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What the recogniser wrote: the cues that hold speech, their words in order, and whose cue.

    `words[n]` stands in `cues[cue_of_word[n]]`, its slice counted in that cue's text. `unit` is
    what the numbers of its cues count, “line” or “piece”, and `last` the number of the last one.
    """

    path: str
    sha256: str
    cues: tuple[Cue, ...]
    words: Words
    cue_of_word: tuple[int, ...]
    unit: str = "line"
    last: int = 0

    def cue_at(self, word: int) -> Cue:
        """The cue in which the n-th word stands; the last one for a number past the end."""
        numbers = self.cue_of_word
        return self.cues[numbers[word] if word < len(numbers) else numbers[-1]]

    def first_words(self) -> dict[int, Cue]:
        """Each cue by the number of its first word, in order."""
        words = range(len(self.cue_of_word))
        firsts = (bisect_left(self.cue_of_word, number) for number in range(len(self.cues)))
        return {
            first: cue
            for number, (first, cue) in enumerate(zip(firsts, self.cues, strict=True))
            if first in words and self.cue_of_word[first] == number
        }

    def slice(self, first: int, end: int) -> str:
        """The source's own text from word `first` to word `end` (excluded), cues joined by a space.

        Punctuation that trails a word goes with it.
        """
        if first >= end:
            return ""
        pieces = []
        for cue_number in range(self.cue_of_word[first], self.cue_of_word[end - 1] + 1):
            text = self.cues[cue_number].text
            here = cue_number == self.cue_of_word[first]
            begin = self.words[first].start if here else 0
            goes_on = end < len(self.words) and self.cue_of_word[end] == cue_number
            pieces.append(text[begin : self.words[end].start if goes_on else len(text)].strip())
        return " ".join(pieces)


# Editions ---------------------------------------------------------------------------------------


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


# The glossary -----------------------------------------------------------------------------------


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


# Themes -----------------------------------------------------------------------------------------


class Quotation(NamedTuple):
    """What a page quotes from a transcript: its words, and the address where they begin."""

    offset: int
    words: str
    transcript: str
    address: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A page that lays passages of several transcripts side by side; its text passes unchanged."""

    slug: str
    text: Text
    title: str
    description: str
    entries: tuple[str, ...]
    quotations: tuple[Quotation, ...]

    @property
    def path(self) -> str:
        """The theme's path below docs/, which is its page's path too."""
        return f"then-and-now/{self.slug}.md"


# The site ---------------------------------------------------------------------------------------


# Under which annotations are published where the home page says nothing else.
DEFAULT_LICENCE = "CC BY 4.0"


class Masthead(NamedTuple):
    """What a site says of itself: its name, what it is in a sentence, its address, its licence.

    The address ends in a slash; it is "" where nobody knows it, as in a copy to read offline. The
    licence is that of the annotations, by its name.
    """

    name: str
    description: str
    url: str
    licence: str = DEFAULT_LICENCE


class Search(Enum):
    """What finds words in a site: the theme's own search, Pagefind, or nothing.

    `AUTO` is the wish of a collection that leaves it to its size.
    """

    AUTO = "auto"
    BUILT_IN = "built-in"
    PAGEFIND = "pagefind"
    NONE = "none"


# What a collection may ask for.
WISHES = (Search.AUTO, Search.BUILT_IN, Search.PAGEFIND)


# Compiled transcripts ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stretch:
    """A paragraph in its place: its span of the texts as heard and as said, and of their words."""

    paragraph: Paragraph
    chapter: int
    speaker: str
    heard_start: int
    said_start: int
    said_end: int
    first_word: int
    end_word: int


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says until another does, or a chapter begins.

    `stretches` are numbers of paragraphs, `first_word` and `end_word` count the source's words.
    """

    speaker: str
    chapter: int
    stretches: range
    first_word: int
    end_word: int


class Occurrence(NamedTuple):
    """A mark at its place: the span, its paragraph's number, where it stands, and whose it is."""

    span: Span
    stretch: int
    word: int
    said_start: int


@dataclass(frozen=True, slots=True)
class Transcript:
    """An edition laid against its source: the n-th word as heard is the n-th word of the source.

    `heard` and `said` are the whole texts, paragraphs parted by a blank line; `heard_words` and
    `said_words` their words. `borrowed` is the source with the times of another one, where the
    edition names one; addresses are never made of them.
    """

    edition: Edition
    source: Source
    heard: str
    said: str
    heard_words: Words
    said_words: Words
    stretches: tuple[Stretch, ...]
    turns: tuple[Turn, ...]
    occurrences: tuple[Occurrence, ...]
    chapter_ids: tuple[str, ...]
    borrowed: Source | None = None

    def word_at(self, stretch: int, said: int) -> int:
        """The number of the source's word at a place of the text as said, in a given paragraph.

        Where a mark put words in that were not heard, it is the word that follows.
        """
        return next(self.words_at(stretch, (said,)))

    def words_at(self, stretch: int, places: Iterable[int]) -> Iterator[int]:
        """What `word_at` gives for places in ascending order, in one pass over the paragraph."""
        here = self.stretches[stretch]
        heard_start, said_start = here.heard_start, here.said_start
        spans = iter(here.paragraph.spans)
        span = next(spans, None)
        for said in places:
            while span and said >= said_start + len(span.said):
                heard_start += len(span.heard)
                said_start += len(span.said)
                span = next(spans, None)
            into = said - said_start if span and span.mark is not Mark.CHANGE else 0
            word = bisect_right(self.heard_words.ends, heard_start + into)
            yield max(here.first_word, min(word, here.end_word - 1))


class Row(NamedTuple):
    """A line of a caption: whose words they are, whether the name is shown, and the words."""

    speaker: str
    named: bool
    text: str


class Caption(NamedTuple):
    """What is shown of a transcript from one time to another, in milliseconds, row by row."""

    start: int
    end: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """One occurrence of a correction: what was heard there, what was said, and why we think so.

    `footnotes` are all that stand behind the mark, the one that gives the reason first.
    """

    transcript: str
    address: str
    line: int
    time: int | None
    speaker: str
    heard: str
    said: str
    footnotes: tuple[Footnote, ...]

    @property
    def kind(self) -> Kind:
        """The kind of recognition error."""
        return self.footnotes[0].kind

    @property
    def conjecture(self) -> bool:
        """Whether the editor is not sure."""
        return self.footnotes[0].conjecture


@dataclass(frozen=True, slots=True)
class Doubt:
    """Words of which nobody yet knows what was said there."""

    transcript: str
    address: str
    line: int
    time: int | None
    speaker: str
    words: str
    question: str


class Coverage(NamedTuple):
    """How much of a transcript somebody has read against the recording, and what nobody has.

    `words` of the source are read; each gap is its first and its last cue.
    """

    words: int
    gaps: tuple[tuple[Cue, Cue], ...]


class Piece(NamedTuple):
    """Some words as they were said, and what the recogniser wrote for them where that differs."""

    said: str
    heard: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """What a search finds of a transcript: a paragraph, by whom it is, and the address of its line.

    No two passages of a transcript have the same address. `summary` is the chapter's, with its
    first passage; `footnotes` and `questions` are what the editor says there for the first time.
    """

    transcript: str
    title: str
    date: str
    chapter: str
    speaker: str
    address: str
    line: int
    time: int | None
    pieces: tuple[Piece, ...]
    footnotes: tuple[Footnote, ...] = ()
    questions: tuple[str, ...] = ()
    summary: tuple[Span, ...] = ()

    @property
    def said(self) -> str:
        """The text as said, on one line."""
        return " ".join("".join(piece.said for piece in self.pieces).split())

    @property
    def heard(self) -> tuple[str, ...]:
        """What the recogniser wrote where something else was said, in order."""
        return tuple(piece.heard for piece in self.pieces if piece.heard)


class Suggestion(NamedTuple):
    """A likely error that nobody has marked: where it stands, why it may be one, what to paste.

    `start` and `end` are offsets in the edition's file; `said` is None where nobody can tell, and
    the mark is then a doubt. `footnote` is the line to add, "" where the mark needs none. `line` is
    the source's, and `unit` what it counts.
    """

    place: Place
    start: int
    end: int
    line: int
    time: int | None
    before: str
    heard: str
    after: str
    said: str | None
    kind: Kind
    grade: str
    why: str
    likelihood: float
    mark: str
    footnote: str
    unit: str = "line"


class Filler(NamedTuple):
    """A slice of the text as said that a clean reading hides.

    `capital` says that a sentence begins there, and with the letter behind it when it is hidden.
    """

    start: int
    end: int
    capital: bool


class Mention(NamedTuple):
    """A place where an entry is named: its slug, the slice of the text as said, the paragraph.

    `word` is the number of the source's word there.
    """

    entry: str
    start: int
    end: int
    stretch: int
    word: int


@runtime_checkable
class Portion(Protocol):
    """What a transcript gives to a page that is made of all: bytes, or a place where they lie."""

    def __len__(self) -> int:
        """How many bytes."""

    def __bytes__(self) -> bytes:
        """The bytes."""


class Mentioned(NamedTuple):
    """How often a transcript names an entry, and how its mentions are listed on a page and in data.

    What a list takes from a transcript is rendered with it, so that the list can be put together
    when the transcript itself is not at hand.
    """

    times: int
    page: Portion
    data: Portion


class ChapterExtract(NamedTuple):
    """A chapter's title and address, and the entries that are named in it."""

    title: str
    address: str
    entries: tuple[str, ...]


class Extract(NamedTuple):
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
    lists: dict[str, Portion]
    mentioned: dict[str, Mentioned]


class Akin(NamedTuple):
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


class WordErrors(NamedTuple):
    """What it takes to make some words as heard of the words as said.

    `words` are those as said; of them so many were misheard, so many dropped, and so many put in.
    """

    words: int
    substitutions: int
    deletions: int
    insertions: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float | None:
        """The word error rate; None where no word was said."""
        return self.total / self.words if self.words else None


class Errors(NamedTuple):
    """The recogniser's word errors: all, those that are no conjecture, by speaker and by kind.

    A kind's `words` are all that were said, so that its rate is its part of the whole.
    """

    all: WordErrors
    certain: WordErrors
    speakers: tuple[tuple[str, WordErrors], ...]
    kinds: tuple[tuple[Kind, WordErrors], ...]


class Findings(NamedTuple):
    """All that is found in a transcript, each in order."""

    mentions: tuple[Mention, ...]
    corrections: tuple[Correction, ...]
    doubts: tuple[Doubt, ...]
    fillers: tuple[Filler, ...]
    coverage: Coverage
    errors: Errors


# Files to take away -----------------------------------------------------------------------------


class Download(NamedTuple):
    """A file that readers may take away: its path below the site's top, and what it is for whom.

    `size` counts its bytes.
    """

    path: str
    name: str
    what: str
    reader: str
    media: str
    licence: str
    size: int
