"""The JSON of Azure's speech service, of its batches and of its fast transcription.

{"recognizedPhrases": [{"offsetInTicks": 700000, "durationInTicks": 15900000, "speaker": 1,
    "channel": 0, "nBest": [{"lexical": …, "itn": …, "maskedITN": …, "display": "Hi."}]}]}
{"phrases": [{"offsetMilliseconds": 70, "durationMilliseconds": 1590, "text": "Hi."}]}
"""

from __future__ import annotations

from decimal import Decimal

from build_tools.sources.json.document import (
    JsonDocument,
    find_field,
    find_first,
    find_label,
    find_list,
    find_time,
    open_document,
)
from build_tools.sources.json.phrasing import (
    clean_text,
    interleave_tracks,
    phrase_words,
    split_text,
)
from build_tools.sources.raw import RawCue, RawSource
from build_tools.sources.times import add_milliseconds

_TICKS = 10_000_000
_TEXT = ("display", "text", "itn", "maskedITN", "lexical")


def is_azure(value: object) -> bool:
    """Whether a JSON value has recognised phrases, or phrases and their combination."""
    return isinstance(value, dict) and (
        any(name in value for name in ("recognizedPhrases", "combinedRecognizedPhrases"))
        or ("combinedPhrases" in value and "phrases" in value)
    )


def read_azure(content: str) -> RawSource:
    """One cue a phrase, with the display text of its best guess; channels are interleaved."""
    document = open_document(content, is_azure, "Azure", "“recognizedPhrases”")
    value = document.value
    tracks: dict[str, list[RawCue]] = {}
    for phrase in find_list(value, "recognizedPhrases") or find_list(value, "phrases"):
        channel = find_label(phrase, "channel", "Channel")
        tracks.setdefault(channel, []).append(_read_phrase(document, phrase))
    cues, left_out = interleave_tracks(tracks)
    if not cues:
        pieces = find_list(value, "combinedRecognizedPhrases", "combinedPhrases")
        text = " ".join(document.take(piece, *_TEXT) for piece in pieces)
        cues = phrase_words(split_text(text))
    return document.close(cues, left_out)


def _read_phrase(document: JsonDocument, phrase: object) -> RawCue:
    guess = find_first(phrase, "nBest", phrase)
    start = _find_tick_time(phrase, "offset")
    end = add_milliseconds(start, _find_tick_time(phrase, "duration"))
    text = clean_text(document.take(guess, *_TEXT))
    return RawCue(1, start, text, end, find_label(phrase, "speaker", "Speaker"))


def _find_tick_time(phrase: object, name: str) -> int | None:
    """A time in ticks, else in milliseconds, else a duration of ISO 8601."""
    ticks = find_time(phrase, f"{name}InTicks", per_second=_TICKS)
    if ticks is not None:
        return ticks
    milliseconds = (f"{name}Milliseconds", f"{name}InMs")
    if find_field(phrase, *milliseconds) is not None:
        return find_time(phrase, *milliseconds, per_second=1000)
    in_ticks = isinstance(find_field(phrase, name), Decimal)
    return find_time(phrase, name, per_second=_TICKS if in_ticks else 1)
