"""The JSON of Google Speech-to-Text, versions 1 and 2.

{"results": [{"alternatives": [{"transcript": …, "words": [{"word": "Hi", "speakerTag": 1,
    "startTime": "12.900s" or {"seconds": "12", "nanos": 900000000}, "endTime": …}]}]}]}
"""

from __future__ import annotations

from collections.abc import Iterable

from build_tools.sources.json.document import (
    Document,
    expect,
    find_field,
    find_label,
    find_list,
    find_text,
    parse_json,
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
    """Whether a JSON value has a list of results with alternatives, and not as Watson has them."""
    guesses = [
        guess for result in _find_results(value) for guess in find_list(result, "alternatives")
    ]
    said = any(find_field(guess, "transcript", "words") is not None for guess in guesses)
    watson = any(find_list(guess, "timestamps") for guess in guesses)
    return said and not watson and find_field(value, "result_index") is None


def read_google(content: str) -> RawSource:
    """Cues made of the words of each result's first alternative; several channels interleaved.

    When speakers were told apart, each result repeats the words of all before it: then the last
    has them all, and with the speakers.
    """
    document = Document(parse_json(content))
    expect(is_google(document.value), "Google Speech-to-Text", "“results” with “alternatives”")
    results = _find_results(document.value)
    cues = _read_last(document, [_first_guess(result) for result in results])
    if cues:
        return document.close(cues)
    tracks: dict[str, list[RawCue]] = {}
    for result in results:
        channel = find_label(result, "channelTag", "Channel")
        tracks.setdefault(channel, []).extend(_read_guess(document, _first_guess(result)))
    cues, left_out = interleave_tracks(tracks)
    return document.close(cues, left_out)


def _find_results(value: object) -> list[object]:
    return find_list(value, "results") or find_list(find_field(value, "response"), "results")


def _first_guess(result: object) -> object:
    return next(iter(find_list(result, "alternatives")), None)


def _read_last(document: Document, guesses: list[object]) -> tuple[RawCue, ...]:
    """The cues of the last result where it has the words of all; none where it has its own."""
    if len(guesses) < 2:
        return ()
    members = find_list(guesses[-1], "words")
    words = _read_words(members)
    text = " ".join(find_text(guess, "transcript") for guess in guesses)
    told = find_keys(join_text(words))
    untold = not find_keys(find_text(guesses[-1], "transcript"))
    diarised = untold and any(word.speaker for word in words) and say_enough(words, text)
    if told and (told == find_keys(text) or diarised):
        document.take_all(members, "word")
        return phrase_words(words, text)
    return ()


def _read_guess(document: Document, guess: object) -> tuple[RawCue, ...]:
    members = find_list(guess, "words")
    text = find_text(guess, "transcript")
    words = _read_words(members)
    if say_enough(words, text):
        document.take_all(members, "word")
        return phrase_words(words, text)
    return phrase_words(split_text(document.take(guess, "transcript")))


def _read_words(members: Iterable[object]) -> list[TimedWord]:
    return [
        TimedWord(
            find_text(member, "word"),
            _read_time(find_field(member, *_START)),
            _read_time(find_field(member, *_END)),
            _find_speaker(member),
        )
        for member in members
    ]


def _find_speaker(member: object) -> str:
    """The speaker's label; tag 0 says that there is none."""
    tag = find_label(member, "speakerTag", "Speaker") or find_label(
        member, "speaker_tag", "Speaker"
    )
    return find_label(member, "speakerLabel", "Speaker") or (tag if tag != "Speaker 0" else "")


def _read_time(value: object) -> int | None:
    """A time in seconds; or seconds and nanoseconds, of which what is zero may be left away."""
    if not isinstance(value, dict):
        return count_milliseconds(value)
    seconds = find_field(value, "seconds")
    # What JavaScript writes for an integer of 64 bits.
    seconds = find_field(seconds, "low") if isinstance(seconds, dict) else seconds
    nanos = find_field(value, "nanos")
    if seconds is None and nanos is None:
        return None
    whole = count_milliseconds(seconds if seconds is not None else 0)
    rest = count_milliseconds(nanos if nanos is not None else 0, per_second=1_000_000_000)
    return None if whole is None or rest is None else whole + rest
