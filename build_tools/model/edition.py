"""An annotated transcript as its file says it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Annotated, ClassVar, NamedTuple, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from build_tools.model import front_matter as head
from build_tools.model.front_matter import FrontMatter, Line, LineRanges, expand_ranges
from build_tools.model.site import SITE_LANGUAGE
from build_tools.model.text import Problem, Text

# The name of a turn whose speaker nobody knows, and what readers see in its place.
UNKNOWN_VOICE, UNKNOWN_LABEL = "?", "Unknown voice"
# The letter of the source among its witnesses.
BASE = "A"
# The digits of a digest that name a version.
VERSION_DIGITS = 10
# Endings of files that browsers play.
_AUDIO, _VIDEO = "mp3|m4a|aac|ogg|oga|opus|flac|wav", "mp4|m4v|webm"
_FILE = re.compile(rf"(?i)[^?#]+\.(?:(?P<audio>{_AUDIO})|(?P<video>{_VIDEO}))(?:[?#].*)?")
_WEB = r"https://[\w.-]+(:[0-9]+)?([/?#][^\s<>\"'()]*)?"
_ADDRESS = rf"^({_WEB}|[^\s<>\"'()\\:?#%]+\.(?i:{_AUDIO}|{_VIDEO}))$"


class _ExplainedName(StrEnum):
    """A name that an edition may write, the explanation of it, and how readers see it.

    Readers see the name with a capital where no words of their own are given.
    """

    meaning: str
    label: str

    def __new__(cls, name: str, meaning: str, label: str = "") -> Self:
        """The member whose value is its name alone."""
        member = str.__new__(cls, name)
        member._value_, member.meaning = name, meaning
        member.label = label or name.capitalize()
        return member


class Kind(_ExplainedName):
    """The kind of a footnote: its name in an edition, what it means, and how readers see it."""

    NAME = "name", "the name of a person, an organisation, a product or a work misspelt"
    TERM = "term", "a term of the trade misspelt"
    HOMOPHONE = "homophone", "another word that sounds the same", "Sounds alike"
    NUMBER = "number", "a number, a date or an amount wrong"
    DROPOUT = "dropout", "something said and left out", "Missing"
    REPETITION = "repetition", "something written twice"
    GARBLE = "garble", "nonsense", "Garbled"
    CUTOFF = "cutoff", "a word or a sentence cut off", "Cut off"
    ENDING = "ending", "the ending of a word lost or added"
    SPELLING = "spelling", "the right word in another spelling, which is no word error"
    SPEAKER = "speaker", "given to another speaker than the source names"
    NOTE = "note", "an explanation of what was said"

    @property
    def is_correction(self) -> bool:
        """Whether it says that the recogniser was wrong, as all do but notes."""
        return self is not Kind.NOTE

    @property
    def corrects_words(self) -> bool:
        """Whether it belongs to a mark, as a note and the reason of a turn's speaker do not."""
        return self not in (Kind.NOTE, Kind.SPEAKER)


class Evidence(_ExplainedName):
    """The evidence for a correction: its name in an edition, and how readers see it."""

    RECORD = "record", "on record"
    ELSEWHERE = "elsewhere", "the same words elsewhere"
    WITNESS = "witness", "other recognisers"
    SOUND = "sound", "sound and sense"
    GRAMMAR = "grammar", "grammar alone"

    @property
    def can_be_plain(self) -> bool:
        """Whether a correction that has it may be more than a conjecture."""
        return self not in (Evidence.SOUND, Evidence.GRAMMAR)


class NonSpeech(StrEnum):
    """What is heard and is no word: its name, which an edition and its page have in brackets."""

    LAUGHTER = "laughter"
    APPLAUSE = "applause"
    PAUSE = "pause"
    CROSSTALK = "crosstalk"
    INAUDIBLE = "inaudible"

    @property
    def written(self) -> str:
        """It as an edition, its page and captions have it: `[laughter]`."""
        return f"[{self.value}]"


class Mark(Enum):
    """The kind of a span of a paragraph."""

    PLAIN = "plain"
    CHANGE = "change"
    DOUBT = "doubt"
    NOTE = "note"
    NON_SPEECH = "non-speech"


class Span(NamedTuple):
    """A piece of a paragraph: its place in the file, and what source and page say there.

    `notes` are the labels of the footnotes behind it; a note that stands alone has no text, and
    `non_speech` has none that source and edition are compared by. No mention is found in `unlinked`
    words.
    """

    offset: int
    mark: Mark
    heard: str
    said: str
    notes: tuple[str, ...] = ()
    question: str = ""
    target: str = ""
    emphasis: bool = False
    non_speech: NonSpeech | None = None
    unlinked: bool = False


class PlacedSpan(NamedTuple):
    """A span with its slices of the text as heard and as said, and the reason of a change."""

    span: Span
    heard_start: int
    heard_end: int
    said_start: int
    said_end: int
    reason: Footnote | None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The name that it begins with, "" if the same voice goes on, and the footnotes behind it."""

    offset: int
    speaker: str
    spans: tuple[Span, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading, paragraphs and the editor's summary; "" is the title of speech before any."""

    offset: int
    title: str
    paragraphs: tuple[Paragraph, ...]
    summary: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Footnote:
    """A reason or a note; `here_only` says that the words misheard here are right elsewhere."""

    label: str
    offset: int
    kind: Kind
    conjecture: bool
    reason: tuple[Span, ...]
    here_only: bool = False
    evidence: Evidence | None = None

    @property
    def ground(self) -> str:
        """Its kind, certainty and evidence as an edition has them: `name?, sound`."""
        sure = "?" if self.conjecture else ""
        return f"{self.kind}{sure}, {self.evidence}" if self.evidence else f"{self.kind}{sure}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionSource(FrontMatter):
    """A file of docs/sources/, how to read it, and whom its labels mean: nobody if words."""

    file: Line
    format: Line
    encoding: head.OptionalLine = ""
    furniture: LineRanges = ()
    labels: Mapping[Line, head.OptionalLine] = field(default_factory=dict)
    note: head.OptionalLine = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness(EditionSource):
    """The text of another recogniser of the same talk, its name, and the day it was made."""

    engine: head.OptionalLine = ""
    date: head.OptionalDay = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(FrontMatter):
    """Lines of the source read against the recording, by whom and when, and whether once more."""

    lines: LineRanges
    by: Line
    date: head.Day
    level: Annotated[str, Field(pattern="^(read|validated)$")] = "read"


class Change(NamedTuple):
    """A change of an edition: its day, what was said of it, and the digest of what came of it."""

    day: str
    subject: str
    digest: str


def _check_updated(updated: str, info: ValidationInfo) -> str:
    published = info.data.get("published")
    if updated and published and updated < published:
        raise ValueError(f"{updated} is before {published}, the day it was published")
    return updated


class Recording(NamedTuple):
    """An address, or the path below docs/ of a file with so many bytes, and its kind if named."""

    address: Annotated[str, Field(pattern=_ADDRESS)]
    named: Annotated[str, Field(pattern="^(audio|video)?$")] = ""
    size: int = 0

    @property
    def is_own(self) -> bool:
        """Whether it is a file of this site."""
        return not self.address.startswith("https://")

    @property
    def kind(self) -> str:
        """Whether it is audio or video; "" if neither its author nor its ending tells."""
        played = _FILE.fullmatch(self.address)
        return self.named or (played and played.lastgroup) or ""


def _list_recordings(value: object) -> list[object]:
    listed: list[object] = []
    for item in value if isinstance(value, list | tuple) else [value] if value else []:
        if isinstance(item, Mapping):
            listed += ({"address": address, "named": kind} for kind, address in item.items())
        else:
            listed.append({"address": item} if isinstance(item, str) else item)
    return listed


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionHead(FrontMatter):
    """The front matter of an edition; a field that is left out is empty.

    `anchors` are seconds of the recording by line; `published` and `updated` are days of the
    edition, `date` is that of the talk. `editors` are those who corrected it, `contributors` those
    who want to be named. `speakers` has whole names by short names.
    """

    remedies: ClassVar = {
        **dict.fromkeys(("date", "*.date"), head.DAY),
        **dict.fromkeys(("published", "updated"), head.WHOLE_DAY),
        **dict.fromkeys(("*.furniture", "*.lines"), head.LINES),
        "*.level": "write level: validated, or leave it out",
        "reviewed": "write who read which lines: [{lines: [4-10], by: Ann Lee, date: 2024-05-22}]",
        "episode": "write its number alone, such as 12",
        "show_notes": "write a text, for several lines behind a sign | and indented",
        "anchors": "write lines and their seconds in the recording: {12: 64, 480: 2551}",
        "witnesses": "give each witness a letter from B to Z, and keys of its own: A is the source",
        "recording": "write an address that begins with https://, or a file below docs/: "
        "assets/talk.mp3; or a list of these: [audio: assets/talk.mp3, video: https://…]",
    }

    title: Line
    date: head.Day
    event: head.OptionalLine = ""
    podcast: head.OptionalLine = ""
    episode: head.OptionalNumber = ""
    show_notes: head.OptionalLines = ""
    place: head.OptionalLine = ""
    interviewer: head.OptionalLine = ""
    rights: head.OptionalLine = ""
    identifier: head.OptionalLine = ""
    description: head.OptionalLine = ""
    lang: Line = SITE_LANGUAGE
    recording: Annotated[tuple[Recording, ...], BeforeValidator(_list_recordings)] = ()
    anchors: head.Anchors = field(default_factory=dict)
    published: head.OptionalWholeDay = ""
    updated: Annotated[head.OptionalWholeDay, AfterValidator(_check_updated)] = ""
    source: EditionSource
    witnesses: Mapping[Annotated[str, Field(pattern=r"^[B-Z]$")], Witness] = field(
        default_factory=dict
    )
    editors: head.OptionalLine = ""
    contributors: tuple[Line, ...] = ()
    reviewed: tuple[Review, ...] = ()
    speakers: Mapping[Line, Line] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition(EditionHead):
    """An annotated transcript as one file says it, and the letter of the witness that times it."""

    slug: str
    text: Text
    digest: str
    introduction: tuple[Paragraph, ...]
    chapters: tuple[Chapter, ...]
    footnotes: tuple[Footnote, ...]
    offsets: head.Offsets
    timed_by: str = ""

    @property
    def version(self) -> str:
        """The name of this version, which changes with every byte."""
        return self.digest[:VERSION_DIGITS]

    @property
    def changed(self) -> str:
        """The day of its last change, "" if it names none."""
        return self.updated or self.published

    @property
    def sources(self) -> dict[head.FieldPath, EditionSource]:
        """The sources that it names, by the keys under which it does."""
        witnesses = {("witnesses", letter): one for letter, one in self.witnesses.items()}
        return {("source",): self.source, **dict(sorted(witnesses.items()))}

    def reviewed_lines(self, *, again: bool = False) -> frozenset[int]:
        """The lines of the source that somebody has read against the recording, or `again`."""
        read = (one for one in self.reviewed if one.level == "validated" or not again)
        return expand_ranges(line for one in read for line in one.lines)

    def problem(
        self, path: head.FieldPath, what: str, remedy: str, *, warning: bool = False
    ) -> Problem:
        """A problem where a field of the front matter begins, or the innermost one around it."""
        offset = head.find_offset(self.offsets, path)
        return self.text.problem(offset, what, remedy, warning=warning)

    @property
    def path(self) -> str:
        """The edition's path below docs/, which is its page's path too."""
        return f"transcripts/{self.slug}.md"

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Every paragraph of speech, in order."""
        return tuple(paragraph for chapter in self.chapters for paragraph in chapter.paragraphs)
