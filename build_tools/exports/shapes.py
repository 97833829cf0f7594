"""The shapes of published data, of which the data and their JSON Schemas are made.

A field is named here and nowhere else; `docs/data.md` lists all fields.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, dataclass_transform

from pydantic import ConfigDict, Field, TypeAdapter

from build_tools.model.address import ADDRESS, CHAPTER_ADDRESS
from build_tools.model.edition import Evidence, Kind
from build_tools.model.site import SiteIdentity
from build_tools.reading.glossary import KINDS

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_PAGE = r"^(transcripts|glossary)/[a-z0-9-]+/(#[a-z0-9-]+)?$"
_CORRECTION_KINDS = [kind.value for kind in Kind if kind.is_correction]


def _says(description: str, pattern: str | None = None) -> object:
    return Field(description=description, pattern=pattern)


Count = Annotated[int, Field(ge=0)]
Number = Annotated[int, Field(ge=1)]
Slug = Annotated[str, _says("The transcript, by the name in its page’s address", _SLUG)]
Line = Annotated[Number, _says("Line of the source, from 1")]
Seconds = Annotated[int, Field(ge=0, json_schema_extra={"unit": "s"})]
ExactSeconds = Annotated[float, Field(ge=0, json_schema_extra={"unit": "s"})]
Speaker = Annotated[str | None, _says("Who speaks, by the short name; none where nobody knows")]
Url = Annotated[str, _says("Address below the top of the site", _PAGE)]
Counted = Literal["all", "certain", "speaker", "kind"]
KindOfCorrection = Annotated[str, Field(json_schema_extra={"enum": [*_CORRECTION_KINDS]})]
KindOfEvidence = Annotated[str, Field(json_schema_extra={"enum": [*Evidence]})]
KindOfEntry = Annotated[str, Field(json_schema_extra={"enum": [*KINDS]})]


@dataclass_transform(frozen_default=True, kw_only_default=True)
@dataclass(frozen=True, kw_only=True)
class Shape:
    """A published object: every field is always there, and there is no other.

    Each class below it is a frozen dataclass.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, kw_only=True)(cls)


class FurnitureShape(Shape):
    """Words of the source that are no speech."""

    line: Line
    text: Annotated[str, _says("The source’s own words")]


class SourceShape(Shape):
    """The file that the recogniser wrote."""

    file: Annotated[str, _says("Its name below sources/")]
    sha256: Annotated[str, _says("Checksum of its bytes", "^[0-9a-f]{64}$")]
    words: Annotated[Count, _says("How many words of speech it has")]
    furniture: Annotated[list[FurnitureShape], _says("What is left out as no speech, in order")]


class ChapterShape(Shape):
    """A chapter, in order."""

    title: Annotated[str, _says("Its heading; empty for speech before the first one")]
    id: Annotated[str, _says("Address on the page", f"^{CHAPTER_ADDRESS}$")]
    line: Annotated[
        Number | None, _says("Line of the source where it begins; none where it holds no speech")
    ]


class _TurnFields(Shape):
    id: Annotated[str, _says("Address on the page", f"^{ADDRESS}$")]
    line: Line
    time: Annotated[
        ExactSeconds | None, _says("When it begins; none where the source has no times")
    ]
    end: Annotated[ExactSeconds | None, _says("When the next turn begins; none for the last")]
    speaker: Speaker
    chapter: Annotated[Number, _says("Number of the chapter, from 1")]
    heard: Annotated[str, _says("The source’s own words")]
    text: Annotated[str, _says("The corrected words")]


class TurnShape(_TurnFields):
    """What one speaker says until another does, or a chapter begins."""

    time: Annotated[
        Seconds | None,
        _says("When it begins, in whole seconds; none where the source has no times"),
    ]
    end: Annotated[
        Seconds | None, _says("When the next turn begins, in whole seconds; none for the last")
    ]


class WordErrorsShape(Shape):
    """Word errors of the recogniser, against the corrected words."""

    words: Annotated[Count, _says("How many words were said, for a kind all of them")]
    substitutions: Annotated[Count, _says("Words for which another was written")]
    deletions: Annotated[Count, _says("Words that were dropped")]
    insertions: Annotated[Count, _says("Words that were put in")]
    rate: Annotated[
        Annotated[float, Field(ge=0)] | None,
        _says("Word error rate: all errors for each word said; none without words"),
    ]


class _OfSpeaker(Shape):
    speaker: Annotated[str, _says("Short name of the speaker")]


class SpeakerErrorsShape(WordErrorsShape, _OfSpeaker):
    """Word errors in what one speaker said."""


class _OfKind(Shape):
    kind: Annotated[KindOfCorrection, _says("Kind of correction")]


class KindErrorsShape(WordErrorsShape, _OfKind):
    """Word errors in the marks of one kind, of all words that were said."""


class ErrorsShape(Shape):
    """How wrong the recogniser was, as far as corrections tell."""

    all: Annotated[WordErrorsShape, _says("Counted by all corrections")]
    certain: Annotated[WordErrorsShape, _says("Counted without conjectures")]
    speakers: Annotated[list[SpeakerErrorsShape], _says("By speaker, in order of speech")]
    kinds: Annotated[list[KindErrorsShape], _says("By kind of correction")]


class TranscriptShape(Shape):
    """A transcript: `transcripts/<slug>/transcript.json`."""

    slug: Slug
    title: Annotated[str, _says("Title of the talk")]
    date: Annotated[str, _says("Day of the talk", r"^\d{4}(-\d{2}(-\d{2})?)?$")]
    lang: Annotated[str, _says("Its language, as a tag of BCP 47")]
    event: Annotated[str | None, _says("Where it was held; none where that is not said")]
    speakers: Annotated[dict[str, str], _says("Full names of the speakers by short name")]
    source: Annotated[SourceShape, _says("What the recogniser wrote")]
    chapters: Annotated[list[ChapterShape], _says("Its chapters, in order")]
    turns: Annotated[list[TurnShape], _says("Its turns, in order")]
    errors: Annotated[ErrorsShape, _says("How wrong the recogniser was")]


class _InTranscript(Shape):
    transcript: Slug


class _AtLine(_InTranscript):
    line: Line
    time: Annotated[
        Seconds | None,
        _says("When it is said, in whole seconds; none where the source has no times"),
    ]
    speaker: Speaker


class CorrectionShape(_AtLine):
    """One occurrence of a correction."""

    heard: Annotated[str, _says("What the recogniser wrote; empty where it dropped words")]
    corrected: Annotated[str, _says("What was said; empty where the recogniser made words up")]
    kind: Annotated[KindOfCorrection, _says("Kind of recognition error")]
    conjecture: Annotated[bool, _says("Whether the editor is not sure")]
    evidence: Annotated[
        KindOfEvidence | None, _says("The evidence for it; null where none is named")
    ]
    reason: Annotated[str, _says("Why we think so")]
    url: Url


class DoubtShape(_AtLine):
    """Words of which nobody yet knows what was said there."""

    words: Annotated[str, _says("What the recogniser wrote")]
    question: Annotated[str, _says("What is asked of readers")]
    url: Url


class MentionShape(_AtLine):
    """A place where an entry is named."""

    url: Url


class EntryShape(Shape):
    """A glossary entry, with every place where it is named."""

    term: Annotated[str, _says("Its name")]
    kind: Annotated[KindOfEntry, _says("What it is")]
    short: Annotated[str, Field(max_length=240, description="What it is, in a sentence")]
    also: Annotated[list[str], _says("Other names of it")]
    see: Annotated[list[str], _says("Terms of related entries")]
    url: Url
    mentions: Annotated[list[MentionShape], _says("Where it is named, in order")]


class TurnRowShape(_TurnFields, _InTranscript):
    """A turn as a line of `data/turns.jsonl`."""

    chapter_title: Annotated[str | None, _says("Heading of the chapter")]
    words: Annotated[Count, _says("How many words the corrected text has")]


class _OfPart(_InTranscript):
    of: Annotated[
        Counted, _says("What is counted: all, all but conjectures, one speaker, or one kind")
    ]
    name: Annotated[str | None, _says("Which speaker or kind")]


class ErrorRowShape(WordErrorsShape, _OfPart):
    """Word errors of a part of a transcript, as a row of `data/errors.csv`."""


# By its path below data/, what a file of JSON holds; a list of the shape, or one of it.
SCHEMAS: Mapping[str, Any] = {
    "transcript": TranscriptShape,
    "corrections": list[CorrectionShape],
    "glossary": list[EntryShape],
    "doubts": list[DoubtShape],
    "turn": TurnRowShape,
}


def render_schema(name: str, masthead: SiteIdentity) -> str:
    """`data/schemas/<name>.schema.json`: a JSON Schema, by its name in SCHEMAS."""
    schema = TypeAdapter(SCHEMAS[name]).json_schema()
    path = f"data/schemas/{name}.schema.json"
    named = {"$id": masthead.url + path} if masthead.url else {}
    return json.dumps({"$schema": _DRAFT, **named, **schema}, ensure_ascii=False, indent=1) + "\n"
