"""The recognisers and hosts whose JSON is read: a row each. `json` is every other list of texts.

The fields tell whose a document is; `discovery` finds how to read it. `tests/json_sources.md` shows
a document of each.
"""

from __future__ import annotations

from typing import NamedTuple

from build_tools.sources.json.document import find_all, find_field


class Vendor(NamedTuple):
    """A maker of JSON: the paths that only its documents have, and a path that they never have.

    Times count 1 / `per_second` seconds; 0 finds the unit from the whole list. `unknown` is the
    label of an unknown speaker.
    """

    maker: str
    has: str
    per_second: int = 1
    lacks: str = ""
    unknown: str = ""

    def is_own(self, value: object) -> bool:
        """Whether a document is of this maker."""
        if not self.has:
            return not any(one.is_own(value) for one in VENDORS.values() if one.has)
        if self.maker == "Whisper":
            return _is_whisper(value)
        chain = (value,)
        return bool(find_all(chain, self.has)) and not (self.lacks and find_all(chain, self.lacks))


_OF_SEGMENTS = frozenset(("start", "end", "timestamp", "words", "speaker"))


def _is_whisper(value: object) -> bool:
    lists = (value, find_field(value, "segments"), find_field(value, "chunks"))
    pieces = next((found for found in lists if found and isinstance(found, list)), [])
    objects = (piece.keys() for piece in pieces if isinstance(piece, dict))
    if any("text" in names and _OF_SEGMENTS & names for names in objects):
        return True
    if not isinstance(value, dict) or pieces or not isinstance(value.get("text"), str):
        return False
    # The fields of an answer without segments or words.
    text_only = {"text", "task", "language", "duration", "usage", "logprobs"}
    return (
        "segments" in value or value.keys() <= text_only or bool(find_all((value,), "words.word"))
    )


_CPP = "transcription.text|transcription.tokens"
_DEEPGRAM = "results.channels.alternatives|results.utterances.transcript"
_ASSEMBLYAI = "audio_duration|audio_url|acoustic_model|language_model|utterances.text"
_AWS = "results.items.alternatives|results.transcripts|results.channel_labels.channels"
_GUESSES = "results.alternatives"
# Google's results may stand in those of a finished operation.
_GOOGLE = "|".join(
    f"{around}{_GUESSES}.{name}" for around in ("", "response.") for name in ("transcript", "words")
)
_AZURE = "recognizedPhrases|combinedRecognizedPhrases|combinedPhrases"

VENDORS = {
    "whisper": Vendor("Whisper", "segments", 0),
    "whisper-cpp": Vendor("whisper.cpp", _CPP, 1000, unknown="?"),
    "deepgram": Vendor("Deepgram", _DEEPGRAM),
    "assemblyai": Vendor("AssemblyAI", _ASSEMBLYAI, 1000, "segments|sentences"),
    "aws": Vendor("Amazon Transcribe", _AWS),
    "rev": Vendor("Rev.ai", "monologues.elements"),
    "google": Vendor(
        *("Google Speech-to-Text", _GOOGLE, 1, f"{_GUESSES}.timestamps|result_index", "Speaker 0")
    ),
    "azure": Vendor("Azure", _AZURE, 10_000_000),
    "speechmatics": Vendor("Speechmatics", f"{_GUESSES}.content"),
    "podcast-json": Vendor("a podcast's host", "segments.body", 0),
    "youtube-json": Vendor("YouTube", "events.segs|events.tStartMs"),
    # ElevenLabs, Fireflies, Gladia, Soniox, Vosk, Watson, Video Indexer, Otter, oTranscribe, …
    "json": Vendor("a recogniser", "", 0),
}
