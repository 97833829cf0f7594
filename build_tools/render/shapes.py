"""The shapes of published data: what each field is, for JSON Schemas and for tables alike.

`docs/data.md` says the same in words and examples; tests hold all published data to both.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_ADDRESS = r"^[tl][0-9]+(-[0-9]+)?$"
_CHAPTER_ADDRESS = r"^([tl][0-9]+(-[0-9]+)?|chapter-[0-9]+)$"
_PAGE = r"^(transcripts|glossary)/[a-z0-9-]+/(#[a-z0-9-]+)?$"
_IN_SECONDS: JsonDict = {"unit": "s"}


class _Shape(BaseModel):
    """A published object: every field is always there, and there is no other."""

    model_config = ConfigDict(extra="forbid")


Slug = Annotated[
    str, Field(pattern=_SLUG, description="The transcript, by the name in its page’s address")
]
Line = Annotated[int, Field(ge=1, description="Line of the source, from 1")]
Seconds = Annotated[
    int | None,
    Field(
        ge=0,
        description="When it is said, in whole seconds; none where the source has no times",
        json_schema_extra=_IN_SECONDS,
    ),
]
Speaker = Annotated[
    str | None, Field(description="Who speaks, by the short name; none where nobody knows")
]
Url = Annotated[str, Field(pattern=_PAGE, description="Address below the top of the site")]
KindOfError = Literal[
    "name", "term", "homophone", "number", "dropout", "repetition", "garble", "cutoff"
]
KindOfEntry = Literal["concept", "person", "organisation", "model", "work", "event"]


class SourceShape(_Shape):
    """The file that the recogniser wrote."""

    file: str = Field(description="Its name below sources/")
    sha256: str = Field(pattern="^[0-9a-f]{64}$", description="Checksum of its bytes")
    words: int = Field(ge=0, description="How many words of speech it has")


class ChapterShape(_Shape):
    """A chapter, in order."""

    title: str = Field(description="Its heading; empty for speech before the first one")
    id: str = Field(pattern=_CHAPTER_ADDRESS, description="Address on the page")
    line: Annotated[int, Field(ge=1)] | None = Field(
        description="Line of the source where it begins; none where it holds no speech"
    )


class TurnShape(_Shape):
    """What one speaker says until another does, or a chapter begins."""

    id: str = Field(pattern=_ADDRESS, description="Address on the page")
    line: Line
    time: Seconds
    end: Seconds
    speaker: Speaker
    chapter: int = Field(ge=1, description="Number of the chapter, from 1")
    heard: str = Field(description="The source’s own words")
    text: str = Field(description="The corrected words")


class WordErrorsShape(_Shape):
    """Word errors of the recogniser, against the corrected words."""

    words: int = Field(ge=0, description="How many words were said")
    substitutions: int = Field(ge=0, description="Words for which another was written")
    deletions: int = Field(ge=0, description="Words that were dropped")
    insertions: int = Field(ge=0, description="Words that were put in")
    rate: float | None = Field(
        ge=0, description="Word error rate: all errors for each word said; none without words"
    )


class SpeakerErrorsShape(WordErrorsShape):
    """Word errors in what one speaker said."""

    speaker: str = Field(description="Short name of the speaker")


class KindErrorsShape(WordErrorsShape):
    """Word errors in the marks of one kind, of all words that were said."""

    kind: KindOfError = Field(description="Kind of correction")


class ErrorsShape(_Shape):
    """How wrong the recogniser was, as far as corrections tell."""

    all: WordErrorsShape = Field(description="Counted by all corrections")
    certain: WordErrorsShape = Field(description="Counted without conjectures")
    speakers: list[SpeakerErrorsShape] = Field(description="By speaker, in order of speech")
    kinds: list[KindErrorsShape] = Field(description="By kind of correction")


class TranscriptShape(_Shape):
    """A transcript: `transcripts/<slug>/transcript.json`."""

    slug: Slug
    title: str = Field(description="Title of the talk")
    date: str = Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", description="Day of the talk")
    event: str | None = Field(description="Where it was held; none where that is not said")
    speakers: dict[str, str] = Field(description="Full names of the speakers by short name")
    source: SourceShape = Field(description="What the recogniser wrote")
    chapters: list[ChapterShape] = Field(description="Its chapters, in order")
    turns: list[TurnShape] = Field(description="Its turns, in order")
    errors: ErrorsShape = Field(description="How wrong the recogniser was")


class CorrectionShape(_Shape):
    """One occurrence of a correction."""

    transcript: Slug
    line: Line
    time: Seconds
    speaker: Speaker
    heard: str = Field(description="What the recogniser wrote; empty where it dropped words")
    corrected: str = Field(description="What was said; empty where the recogniser made words up")
    kind: KindOfError = Field(description="Kind of recognition error")
    conjecture: bool = Field(description="Whether the editor is not sure")
    reason: str = Field(description="Why we think so")
    url: Url


class DoubtShape(_Shape):
    """Words of which nobody yet knows what was said there."""

    transcript: Slug
    line: Line
    time: Seconds
    speaker: Speaker
    words: str = Field(description="What the recogniser wrote")
    question: str = Field(description="What is asked of readers")
    url: Url


class MentionShape(_Shape):
    """A place where an entry is named."""

    transcript: Slug
    line: Line
    time: Seconds
    speaker: Speaker
    url: Url


class EntryShape(_Shape):
    """A glossary entry, with every place where it is named."""

    term: str = Field(description="Its name")
    kind: KindOfEntry = Field(description="What it is")
    short: str = Field(max_length=240, description="What it is, in a sentence")
    also: list[str] = Field(description="Other names of it")
    see: list[str] = Field(description="Terms of related entries")
    url: Url
    mentions: list[MentionShape] = Field(description="Where it is named, in order")


class TurnRecordShape(_Shape):
    """A turn as a line of `data/turns.jsonl`."""

    transcript: Slug
    id: str = Field(pattern=_ADDRESS, description="Address on the transcript’s page")
    line: Line
    time: Annotated[float, Field(ge=0)] | None = Field(
        description="When it begins, in seconds; none where the source has no times",
        json_schema_extra=_IN_SECONDS,
    )
    end: Annotated[float, Field(ge=0)] | None = Field(
        description="When the next turn begins, in seconds; none for the last",
        json_schema_extra=_IN_SECONDS,
    )
    speaker: Speaker
    chapter: int = Field(ge=1, description="Number of the chapter, from 1")
    heard: str = Field(description="The source’s own words")
    text: str = Field(description="The corrected words")
    chapter_title: str | None = Field(description="Heading of the chapter")
    words: int = Field(ge=0, description="How many words the corrected text has")


class ErrorRowShape(_Shape):
    """Word errors of a part of a transcript, as a row of `data/errors.csv`."""

    transcript: Slug
    of: Literal["all", "certain", "speaker", "kind"] = Field(
        description="What is counted: all, all but conjectures, one speaker, or one kind"
    )
    name: str | None = Field(description="Which speaker or kind")
    words: int = Field(ge=0, description="How many words were said, for a kind all of them")
    substitutions: int = Field(ge=0, description="Words for which another was written")
    deletions: int = Field(ge=0, description="Words that were dropped")
    insertions: int = Field(ge=0, description="Words that were put in")
    rate: float | None = Field(ge=0, description="Word error rate: all errors for each word said")
