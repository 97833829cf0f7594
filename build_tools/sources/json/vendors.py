"""The recognisers and hosts whose JSON is read: a row each.

`tests/json_sources.md` shows a document of each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from build_tools.sources.json.document import find_all, find_field, find_list


class Pieces(NamedTuple):
    """The path of a list of pieces of speech, and the names of their text.

    `each` says what a piece becomes: part of a cue, a cue, or part of one if most pieces are single
    words. `glued` pieces have their own blanks. `inner` pieces repeat a piece, and supply what it
    lacks.
    """

    path: str
    text: str
    each: Literal["word", "cue", "either"] = "word"
    glued: bool = False
    inner: Pieces | None = None


class Level(NamedTuple):
    """One way to read a document: its parts, and the pieces in each part, by preference.

    The first pieces with as many words as the `whole` text count, else that text without times, if
    it `stands_in`. Parts `apart` are channels, though they have no label.
    """

    pieces: tuple[Pieces, ...] = ()
    whole: Pieces | None = None
    parts: str = ""
    apart: bool = False
    stands_in: bool = True


class Vendor(NamedTuple):
    """A maker of JSON: which documents are its own, and its levels, by preference.

    `has` names what a document of another maker lacks. `turns` are the paths of lists of speakers
    by time. `unknown` is the label of an unknown speaker.
    """

    maker: str
    has: str
    is_own: Callable[[object], bool]
    levels: tuple[Level, ...]
    per_second: int = 1
    turns: tuple[str, ...] = ()
    unknown: str = ""


def _has_list(owner: str, *names: str) -> Callable[[object], bool]:
    """Whether the object at a path has a list under one of these names."""
    return lambda value: any(
        isinstance(find_field(chain[0], name), list)
        for chain in find_all((value,), owner)
        for name in names
    )


def _is_whisper(value: object) -> bool:
    if isinstance(value, list):
        return any(_is_segment(piece) for piece in value)
    if not isinstance(value, dict):
        return False
    pieces = find_list(value, "segments") or find_list(value, "chunks")
    if pieces or "segments" in value:
        return any(_is_segment(piece) for piece in pieces) or (not pieces and "text" in value)
    # The fields of an answer without segments or words.
    text_only = {"text", "task", "language", "duration", "usage", "logprobs"}
    words = find_list(value, "words")
    return isinstance(value.get("text"), str) and (
        value.keys() <= text_only or any(find_field(word, "word") is not None for word in words)
    )


def _is_segment(piece: object) -> bool:
    times = ("start", "end", "timestamp", "words", "speaker")
    return isinstance(piece, dict) and "text" in piece and any(name in piece for name in times)


def _is_assemblyai(value: object) -> bool:
    own = ("utterances", "audio_duration", "audio_url", "acoustic_model", "language_model")
    if not isinstance(value, dict) or not any(name in value for name in own):
        return False
    return isinstance(value.get("text"), str) or _has_list("", "words", "utterances")(value)


def _is_google(value: object) -> bool:
    guesses = [chain[0] for chain in find_all((value,), _paths("results.alternatives"))]
    said = any(find_field(guess, "transcript", "words") is not None for guess in guesses)
    watson = any(find_list(guess, "timestamps") for guess in guesses)
    return said and not watson and find_field(value, "result_index") is None


def _paths(path: str) -> str:
    """The path in Google's results or in those of a finished operation."""
    return f"{path}|response.{path}"


def _is_azure(value: object) -> bool:
    return isinstance(value, dict) and (
        any(name in value for name in ("recognizedPhrases", "combinedRecognizedPhrases"))
        or ("combinedPhrases" in value and "phrases" in value)
    )


def _is_speechmatics(value: object) -> bool:
    return any(
        find_field(guess, "content") is not None and find_field(result, "type") is not None
        for guess, result, *_ in find_all((value,), "results.alternatives")
    ) or any(
        find_field(word, "name") is not None and find_field(word, "time") is not None
        for word in find_list(value, "words")
    )


def _is_podcast(value: object) -> bool:
    return bool(find_all((value,), "segments.body")) or (
        find_field(value, "segments") == [] and find_field(value, "version") is not None
    )


def _has_event(value: object) -> bool:
    return bool(find_all((value,), "events.segs|events.tStartMs"))


def _pieces(*pieces: Pieces) -> tuple[Level]:
    return (Level(pieces),)


_AZURE_TEXT = "display text itn maskedITN lexical"

_WHISPER = (
    # The words of WhisperX may lack times, and other recognisers break “3.8” in two.
    Level((Pieces("segments|chunks|*", "text", "cue", inner=Pieces("words", "word text")),)),
    Level((Pieces("words|word_segments", "word text"),), Pieces("", "text")),
)
_WHISPER_CPP = _pieces(
    Pieces("transcription", "text", "cue", inner=Pieces("tokens", "text", glued=True))
)
_DEEPGRAM = (
    Level(
        (
            Pieces("alternatives[0].words", "punctuated_word word"),
            Pieces("alternatives[0].paragraphs.paragraphs.sentences", "text", "cue"),
        ),
        Pieces("alternatives[0]", "transcript"),
        parts="results.channels",
        apart=True,
    ),
    *_pieces(Pieces("results.utterances", "transcript", "cue")),
)
_ASSEMBLYAI = (
    Level((Pieces("words", "text"), Pieces("utterances", "text", "cue")), Pieces("", "text")),
)
_AWS_ITEMS = (Pieces("items.alternatives[0]", "content"),)
_AWS = (
    Level(_AWS_ITEMS, parts="results.channel_labels.channels", apart=True),
    Level(_AWS_ITEMS, Pieces("transcripts", "transcript"), parts="results"),
)
_REV = (Level((Pieces("elements", "value", glued=True),), parts="monologues"),)
_GOOGLE = (
    # If speakers were recognised, the last result repeats the words of all.
    Level(
        (Pieces(_paths("results[-1].alternatives[0].words"), "word"),),
        Pieces(_paths("results.alternatives[0]"), "transcript"),
        stands_in=False,
    ),
    Level(
        (Pieces("alternatives[0].words", "word"),),
        Pieces("alternatives[0]", "transcript"),
        parts=_paths("results"),
    ),
)
_AZURE = (
    Level((Pieces("nBest[0]|", _AZURE_TEXT, "cue"),), parts="recognizedPhrases|phrases"),
    Level(whole=Pieces("combinedRecognizedPhrases|combinedPhrases", _AZURE_TEXT)),
)
# The second version, and the first.
_SPEECHMATICS = (
    *_pieces(Pieces("results.alternatives[0]", "content")),
    *_pieces(Pieces("words", "name")),
)
_PODCAST = _pieces(Pieces("segments", "body", "either"))
_YOUTUBE = _pieces(Pieces("events", "", "cue", inner=Pieces("segs", "utf8", glued=True)))
_AWS_TURNS = ("results.speaker_labels.segments", "results.speaker_labels.segments.items")

VENDORS = {
    "whisper": Vendor("Whisper", "“segments”", _is_whisper, _WHISPER),
    "whisper-cpp": Vendor(
        *("whisper.cpp", "“transcription”", _has_list("", "transcription"), _WHISPER_CPP),
        per_second=1000,
        unknown="?",
    ),
    "deepgram": Vendor(
        *("Deepgram", "“results” with “channels”", _has_list("results", "channels"), _DEEPGRAM)
    ),
    "assemblyai": Vendor(
        *("AssemblyAI", "“words” or “utterances”", _is_assemblyai, _ASSEMBLYAI), per_second=1000
    ),
    "aws": Vendor(
        *("Amazon Transcribe", "“results” with “items”"),
        *(_has_list("results", "items", "transcripts"), _AWS),
        turns=_AWS_TURNS,
    ),
    "rev": Vendor("Rev.ai", "“monologues”", _has_list("", "monologues"), _REV),
    "google": Vendor(
        *("Google Speech-to-Text", "“results” with “alternatives”", _is_google, _GOOGLE),
        unknown="Speaker 0",
    ),
    "azure": Vendor("Azure", "“recognizedPhrases”", _is_azure, _AZURE, per_second=10_000_000),
    "speechmatics": Vendor(
        *("Speechmatics", "“results” with a “content”", _is_speechmatics, _SPEECHMATICS),
        turns=("speakers",),
    ),
    "podcast-json": Vendor("a podcast's host", "“segments” with a “body”", _is_podcast, _PODCAST),
    "youtube-json": Vendor("YouTube", "“events”", _has_event, _YOUTUBE),
}
