"""The JSON of Speechmatics, of its second version and of its first, which is all strings.

{"results": [{"type": "word", "start_time": 0.1, "end_time": 0.5,
              "alternatives": [{"content": "Hi", "speaker": "S1"}]},
             {"type": "punctuation", "attaches_to": "previous", "alternatives": […]}]}
{"words": [{"name": "There", "time": "13.05", "duration": "0.18"}],
 "speakers": [{"name": "F4", "time": "13.05", "duration": "39.19"}]}
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from build_tools.sources.json.document import (
    Document,
    expect,
    find_field,
    find_label,
    find_list,
    parse_json,
)
from build_tools.sources.json.phrasing import TimedWord, phrase_words
from build_tools.sources.raw import RawSource
from build_tools.sources.times import add_milliseconds, count_milliseconds


def is_speechmatics(value: object) -> bool:
    """Whether a JSON value has results with a type and a content, or words with a name."""
    results = find_list(value, "results")
    guesses = [
        guess
        for result in results
        if find_field(result, "type") is not None
        for guess in find_list(result, "alternatives")
    ]
    return any(find_field(guess, "content") is not None for guess in guesses) or any(
        find_field(word, "name") is not None and find_field(word, "time") is not None
        for word in find_list(value, "words")
    )


def read_speechmatics(content: str) -> RawSource:
    """Cues made of the words; the first version has its speakers apart, found by time."""
    document = Document(parse_json(content))
    expect(is_speechmatics(document.value), "Speechmatics", "“results” with a “content”")
    results = find_list(document.value, "results")
    words = [_read_result(document, result) for result in results]
    return document.close(phrase_words(words or _read_first_version(document)))


def _read_result(document: Document, result: object) -> TimedWord:
    guess = next(iter(find_list(result, "alternatives")), None)
    return TimedWord(
        document.take(guess, "content"),
        count_milliseconds(find_field(result, "start_time")),
        count_milliseconds(find_field(result, "end_time")),
        find_label(guess, "speaker"),
    )


def _read_first_version(document: Document) -> list[TimedWord]:
    speakers = _read_speakers(find_list(document.value, "speakers"))
    words = []
    for member in find_list(document.value, "words"):
        start = count_milliseconds(find_field(member, "time"))
        length = count_milliseconds(find_field(member, "duration"))
        number = (
            -1 if start is None else bisect_right(speakers, start, key=lambda turn: turn[0]) - 1
        )
        speaker = speakers[number][1] if number >= 0 else ""
        text = document.take(member, "name")
        words.append(TimedWord(text, start, add_milliseconds(start, length), speaker))
    return words


def _read_speakers(turns: Iterable[object]) -> list[tuple[int, str]]:
    """Who begins to speak when."""
    starts = ((count_milliseconds(find_field(turn, "time")), turn) for turn in turns)
    return sorted((start, find_label(turn, "name")) for start, turn in starts if start is not None)
