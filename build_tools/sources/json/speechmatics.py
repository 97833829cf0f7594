"""The JSON of Speechmatics: its second version, and its first, in which every value is a string.

{"results": [{"type": "word", "start_time": 0.1, "end_time": 0.5,
              "alternatives": [{"content": "Hi", "speaker": "S1"}]},
             {"type": "punctuation", "attaches_to": "previous", "alternatives": […]}]}
{"words": [{"name": "There", "time": "13.05", "duration": "0.18"}],
 "speakers": [{"name": "F4", "time": "13.05", "duration": "39.19"}]}
"""

from __future__ import annotations

from bisect import bisect_right

from build_tools.sources.json.document import (
    JsonDocument,
    find_field,
    find_first,
    find_label,
    find_list,
    find_time,
    open_document,
)
from build_tools.sources.json.phrasing import TimedWord, phrase_words
from build_tools.sources.raw import RawSource
from build_tools.sources.times import add_milliseconds


def is_speechmatics(value: object) -> bool:
    """Whether a JSON value has results with a type and a content, or words with a name."""
    return any(
        find_field(guess, "content") is not None
        for result in find_list(value, "results")
        if find_field(result, "type") is not None
        for guess in find_list(result, "alternatives")
    ) or any(
        find_field(word, "name") is not None and find_field(word, "time") is not None
        for word in find_list(value, "words")
    )


def read_speechmatics(content: str) -> RawSource:
    """Cues made of the words; the first version lists its speakers apart, by time."""
    has = "“results” with a “content”"
    document = open_document(content, is_speechmatics, "Speechmatics", has)
    words = [_read_result(document, result) for result in find_list(document.value, "results")]
    return document.close(phrase_words(words or _read_first_version(document)))


def _read_result(document: JsonDocument, result: object) -> TimedWord:
    guess = find_first(result, "alternatives")
    return TimedWord(
        document.take(guess, "content"),
        find_time(result, "start_time"),
        find_time(result, "end_time"),
        find_label(guess, "speaker"),
    )


def _read_first_version(document: JsonDocument) -> list[TimedWord]:
    turns = sorted(
        (start, find_label(turn, "name"))
        for turn in find_list(document.value, "speakers")
        if (start := find_time(turn, "time")) is not None
    )
    starts = [start for start, _ in turns]
    names = ["", *(name for _, name in turns)]
    words = []
    for member in find_list(document.value, "words"):
        start = find_time(member, "time")
        end = add_milliseconds(start, find_time(member, "duration"))
        speaker = "" if start is None else names[bisect_right(starts, start)]
        words.append(TimedWord(document.take(member, "name"), start, end, speaker))
    return words
