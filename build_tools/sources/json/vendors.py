"""The recognisers and hosts whose JSON is read: a row each. `json` is every other list of texts.

`tests/json_sources.md` shows a document of each.
"""

from __future__ import annotations

from typing import NamedTuple

from build_tools.sources.json.document import find_all, find_field


class Pieces(NamedTuple):
    """The path of a list of pieces of speech, and the names of their text.

    A piece is a word, unless all are `cues`. `glued` pieces have their own blanks. `inner` pieces
    repeat a piece, and supply what it lacks.
    """

    path: str
    text: str
    cues: bool = False
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
    """A maker of JSON: the paths that only its documents have, and its levels, by preference.

    Without levels its documents are read as those of any maker. `lacks` is a path that they never
    have. Times count 1 / `per_second` seconds; 0 finds the unit from the whole list. `turns` are
    the paths of lists of speakers by time. `unknown` is the label of an unknown speaker.
    """

    maker: str
    has: str
    levels: tuple[Level, ...] = ()
    per_second: int = 1
    lacks: str = ""
    turns: tuple[str, ...] = ()
    unknown: str = ""

    def is_own(self, value: object) -> bool:
        """Whether a document is of this maker."""
        if not self.has:
            return not any(one.is_own(value) for one in VENDORS.values() if one.has)
        if self.maker == "Whisper":
            return _is_whisper(value)
        chain = (value,)
        return bool(find_all(chain, self.has)) and not (self.lacks and find_all(chain, self.lacks))


def _is_whisper(value: object) -> bool:
    lists = (value, find_field(value, "segments"), find_field(value, "chunks"))
    pieces = next((found for found in lists if found and isinstance(found, list)), [])
    if any(_is_segment(piece) for piece in pieces):
        return True
    if not isinstance(value, dict) or pieces or not isinstance(value.get("text"), str):
        return False
    # The fields of an answer without segments or words.
    text_only = {"text", "task", "language", "duration", "usage", "logprobs"}
    return (
        "segments" in value or value.keys() <= text_only or bool(find_all((value,), "words.word"))
    )


def _is_segment(piece: object) -> bool:
    times = ("start", "end", "timestamp", "words", "speaker")
    return isinstance(piece, dict) and "text" in piece and any(name in piece for name in times)


def _paths(path: str) -> str:
    """The path in Google's results or in those of a finished operation."""
    return f"{path}|response.{path}"


_AZURE_TEXT = "display text itn maskedITN lexical"
# The words of WhisperX may lack times, and other recognisers break “3.8” in two.
_WORDS, _TOKENS = Pieces("words", "word text"), Pieces("tokens", "text", glued=True)
_WHISPER = (
    Level((Pieces("segments|chunks|*", "text", cues=True, inner=_WORDS),)),
    Level((Pieces("words|word_segments", "word text"),), Pieces("", "text")),
)
_WHISPER_CPP = Level((Pieces("transcription", "text", cues=True, inner=_TOKENS),))
_GUESS = "alternatives[0]"
_SENTENCES = Pieces(f"{_GUESS}.paragraphs.paragraphs.sentences", "text", cues=True)
_DEEPGRAM = (
    Level(
        (Pieces(f"{_GUESS}.words", "punctuated_word word"), _SENTENCES),
        *(Pieces(_GUESS, "transcript"), "results.channels", True),
    ),
    Level((Pieces("results.utterances", "transcript", cues=True),)),
)
_ASSEMBLYAI = Level(
    (Pieces("words", "text"), Pieces("utterances", "text", cues=True)), Pieces("", "text")
)
_AWS_ITEMS = (Pieces(f"items.{_GUESS}", "content"),)
_AWS = (
    Level(_AWS_ITEMS, parts="results.channel_labels.channels", apart=True),
    Level(_AWS_ITEMS, Pieces("transcripts", "transcript"), "results"),
)
_REV = Level((Pieces("elements", "value", glued=True),), parts="monologues")
_GOOGLE = (
    # If speakers were recognised, the last result repeats the words of all.
    Level(
        (Pieces(_paths(f"results[-1].{_GUESS}.words"), "word"),),
        Pieces(_paths(f"results.{_GUESS}"), "transcript"),
        stands_in=False,
    ),
    Level((Pieces(f"{_GUESS}.words", "word"),), Pieces(_GUESS, "transcript"), _paths("results")),
)
_AZURE = (
    Level((Pieces("nBest[0]|", _AZURE_TEXT, cues=True),), parts="recognizedPhrases|phrases"),
    Level(whole=Pieces("combinedRecognizedPhrases|combinedPhrases", _AZURE_TEXT)),
)
# The second version, and the first.
_SPEECHMATICS = (
    Level((Pieces(f"results.{_GUESS}", "content"),)),
    Level((Pieces("words", "name"),)),
)
_SEGMENTS = Pieces("segs", "utf8", glued=True)
_YOUTUBE = Level((Pieces("events", "", cues=True, inner=_SEGMENTS),))
_CPP_HAS = "transcription.text|transcription.tokens"
_DEEPGRAM_HAS = "results.channels.alternatives|results.utterances.transcript"
_ASSEMBLYAI_HAS = "audio_duration|audio_url|acoustic_model|language_model|utterances.text"
_AWS_HAS = "results.items.alternatives|results.transcripts|results.channel_labels.channels"
_AWS_TURNS = ("results.speaker_labels.segments", "results.speaker_labels.segments.items")
_GOOGLE_HAS = f"{_paths('results.alternatives.transcript')}|{_paths('results.alternatives.words')}"
_GOOGLE_LACKS = "results.alternatives.timestamps|result_index"
_AZURE_HAS = "recognizedPhrases|combinedRecognizedPhrases|combinedPhrases"
_MATICS_HAS = "results.alternatives.content|words.name"

VENDORS = {
    "whisper": Vendor("Whisper", "segments", _WHISPER, 0),
    "whisper-cpp": Vendor("whisper.cpp", _CPP_HAS, (_WHISPER_CPP,), 1000, unknown="?"),
    "deepgram": Vendor("Deepgram", _DEEPGRAM_HAS, _DEEPGRAM, turns=("results.utterances",)),
    "assemblyai": Vendor(
        *("AssemblyAI", _ASSEMBLYAI_HAS, (_ASSEMBLYAI,), 1000), lacks="segments|sentences"
    ),
    "aws": Vendor("Amazon Transcribe", _AWS_HAS, _AWS, turns=_AWS_TURNS),
    "rev": Vendor("Rev.ai", "monologues.elements", (_REV,)),
    "google": Vendor(
        *("Google Speech-to-Text", _GOOGLE_HAS, _GOOGLE), lacks=_GOOGLE_LACKS, unknown="Speaker 0"
    ),
    "azure": Vendor("Azure", _AZURE_HAS, _AZURE, 10_000_000),
    "speechmatics": Vendor("Speechmatics", _MATICS_HAS, _SPEECHMATICS, turns=("speakers",)),
    "podcast-json": Vendor("a podcast's host", "segments.body", (), 0),
    "youtube-json": Vendor("YouTube", "events.segs|events.tStartMs", (_YOUTUBE,)),
    # ElevenLabs, Fireflies, Gladia, Soniox, Vosk, Watson, Video Indexer, Otter, oTranscribe, …
    "json": Vendor("a recogniser", "", (), 0),
}
