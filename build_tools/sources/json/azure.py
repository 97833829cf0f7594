"""The JSON of Azure's speech service, of batches and of its fast transcription.

{"recognizedPhrases": [{"offsetInTicks": 700000, "durationInTicks": 15900000, "speaker": 1,
    "channel": 0, "nBest": [{"lexical": …, "itn": …, "maskedITN": …, "display": "Hi."}]}]}
{"phrases": [{"offsetMilliseconds": 70, "durationMilliseconds": 1590, "text": "Hi."}]}
"""

from __future__ import annotations

from decimal import Decimal

from build_tools.sources.json.document import (
    Document,
    expect,
    find_field,
    find_label,
    find_list,
    parse_json,
)
from build_tools.sources.json.phrasing import (
    clean_text,
    interleave_tracks,
    phrase_words,
    split_text,
)
from build_tools.sources.raw import RawCue, RawSource
from build_tools.sources.times import add_milliseconds, count_milliseconds

_TICKS = 10_000_000
_TEXT = ("display", "text", "itn", "maskedITN", "lexical")


def is_azure(value: object) -> bool:
    """Whether a JSON value has recognised phrases, or phrases and all of them as one."""
    return isinstance(value, dict) and (
        any(name in value for name in ("recognizedPhrases", "combinedRecognizedPhrases"))
        or ("combinedPhrases" in value and "phrases" in value)
    )


def read_azure(content: str) -> RawSource:
    """One cue a phrase, as it is displayed in the best of its guesses; channels interleaved."""
    document = Document(parse_json(content))
    expect(is_azure(document.value), "Azure", "“recognizedPhrases”")
    value = document.value
    tracks: dict[str, list[RawCue]] = {}
    for phrase in find_list(value, "recognizedPhrases") or find_list(value, "phrases"):
        channel = find_label(phrase, "channel", "Channel")
        tracks.setdefault(channel, []).append(_read_phrase(document, phrase))
    cues, left_out = interleave_tracks(tracks)
    return document.close(cues or _read_combined(document), left_out)


def _read_phrase(document: Document, phrase: object) -> RawCue:
    guess = next(iter(find_list(phrase, "nBest")), phrase)
    start = _find_time(phrase, "offset")
    return RawCue(
        1,
        start,
        clean_text(document.take(guess, *_TEXT)),
        add_milliseconds(start, _find_time(phrase, "duration")),
        find_label(phrase, "speaker", "Speaker"),
    )


def _read_combined(document: Document) -> tuple[RawCue, ...]:
    pieces = find_list(document.value, "combinedRecognizedPhrases", "combinedPhrases")
    text = " ".join(document.take(piece, *_TEXT) for piece in pieces)
    return phrase_words(split_text(text))


def _find_time(phrase: object, name: str) -> int | None:
    """A time in ticks or milliseconds; a duration of ISO 8601 where there is neither."""
    ticks = count_milliseconds(find_field(phrase, f"{name}InTicks"), per_second=_TICKS)
    if ticks is not None:
        return ticks
    milliseconds = find_field(phrase, f"{name}Milliseconds", f"{name}InMs")
    if milliseconds is not None:
        return count_milliseconds(milliseconds, per_second=1000)
    value = find_field(phrase, name)
    return count_milliseconds(value, per_second=_TICKS if isinstance(value, Decimal) else 1)
