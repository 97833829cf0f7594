"""The JSON of Google Speech-to-Text, versions 1 and 2.

{"results": [{"alternatives": [{"transcript": …, "words": [{"word": "Hi", "speakerTag": 1,
    "startTime": "12.900s" or {"seconds": "12", "nanos": 900000000}, "endTime": …}]}]}]}
"""

from __future__ import annotations

from build_tools.sources.json.document import (
    JsonDocument,
    find_field,
    find_first,
    find_label,
    find_list,
    find_text,
    open_document,
)
from build_tools.sources.json.phrasing import (
    TimedWord,
    interleave_tracks,
    join_text,
    phrase_words,
    say_enough,
    split_text,
)
from build_tools.sources.raw import RawCue, RawSource
from build_tools.sources.times import count_milliseconds
from build_tools.text.words import find_keys

_START = ("startTime", "startOffset", "start_time", "start_offset")
_END = ("endTime", "endOffset", "end_time", "end_offset")


def is_google(value: object) -> bool:
    """Whether a JSON value has results with alternatives, but not those of IBM Watson."""
    guesses = [
        guess for result in _find_results(value) for guess in find_list(result, "alternatives")
    ]
    said = any(find_field(guess, "transcript", "words") is not None for guess in guesses)
    watson = any(find_list(guess, "timestamps") for guess in guesses)
    return said and not watson and find_field(value, "result_index") is None


def read_google(content: str) -> RawSource:
    """Cues made of the words of each result's first alternative; channels are interleaved.

    If speakers were recognised, the last result repeats the words of all, with their speakers.
    """
    has = "“results” with “alternatives”"
    document = open_document(content, is_google, "Google Speech-to-Text", has)
    results = _find_results(document.value)
    cues = _read_last(document, [find_first(result, "alternatives") for result in results])
    if cues:
        return document.close(cues)
    tracks: dict[str, list[RawCue]] = {}
    for result in results:
        channel = find_label(result, "channelTag", "Channel")
        tracks.setdefault(channel, []).extend(
            _read_guess(document, find_first(result, "alternatives"))
        )
    cues, left_out = interleave_tracks(tracks)
    return document.close(cues, left_out)


def _find_results(value: object) -> list[object]:
    return find_list(value, "results") or find_list(find_field(value, "response"), "results")


def _read_last(document: JsonDocument, guesses: list[object]) -> tuple[RawCue, ...]:
    """The cues of the last result if it has the words of all results, else none."""
    if len(guesses) < 2:
        return ()
    members = find_list(guesses[-1], "words")
    words = _read_google_words(members)
    text = " ".join(find_text(guess, "transcript") for guess in guesses)
    keys = find_keys(join_text(words))
    has_text = bool(find_keys(find_text(guesses[-1], "transcript")))
    diarised = not has_text and any(word.speaker for word in words) and say_enough(words, text)
    if keys and (keys == find_keys(text) or diarised):
        document.take_all(members, "word")
        return phrase_words(words, text)
    return ()


def _read_guess(document: JsonDocument, guess: object) -> tuple[RawCue, ...]:
    members = find_list(guess, "words")
    text = find_text(guess, "transcript")
    words = _read_google_words(members)
    if say_enough(words, text):
        document.take_all(members, "word")
        return phrase_words(words, text)
    return phrase_words(split_text(document.take(guess, "transcript")))


def _read_google_words(members: list[object]) -> list[TimedWord]:
    return [
        TimedWord(
            find_text(member, "word"),
            _count_duration(find_field(member, *_START)),
            _count_duration(find_field(member, *_END)),
            _find_speaker(member),
        )
        for member in members
    ]


def _find_speaker(member: object) -> str:
    """The speaker's label; tag 0 means no speaker."""
    tag = find_label(member, "speakerTag", "Speaker") or find_label(
        member, "speaker_tag", "Speaker"
    )
    return find_label(member, "speakerLabel", "Speaker") or (tag if tag != "Speaker 0" else "")


def _count_duration(value: object) -> int | None:
    """A time in seconds, or in seconds and nanoseconds, either of which may be missing if zero."""
    if not isinstance(value, dict):
        return count_milliseconds(value)
    seconds = find_field(value, "seconds")
    # JavaScript writes an integer of 64 bits as two halves.
    seconds = find_field(seconds, "low") if isinstance(seconds, dict) else seconds
    nanos = find_field(value, "nanos")
    if seconds is None and nanos is None:
        return None
    whole = count_milliseconds(seconds if seconds is not None else 0)
    rest = count_milliseconds(nanos if nanos is not None else 0, per_second=1_000_000_000)
    return None if whole is None or rest is None else whole + rest
