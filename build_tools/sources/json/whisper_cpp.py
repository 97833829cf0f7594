"""The JSON of whisper.cpp.

{"transcription": [{"timestamps": {"from": "00:00:00,000", "to": "00:00:06,000"},
                    "offsets": {"from": 0, "to": 6000}, "text": " And …", "tokens": […]}]}
"""

from __future__ import annotations

import re
from itertools import filterfalse

from build_tools.sources.json.document import (
    JsonDocument,
    find_field,
    find_label,
    find_list,
    find_text,
    find_time,
    open_document,
)
from build_tools.sources.json.phrasing import TimedWord, clean_text, cue_each
from build_tools.sources.raw import RawSource
from build_tools.sources.times import parse_full_clock

# The model's control tokens: a beginning, a time, an end.
_CONTROL = re.compile(r"\s*(?:\[_\w{1,20}\]|<\|[\w.]{1,20}\|>)\s*")


def is_whisper_cpp(value: object) -> bool:
    """Whether a JSON value has a list `transcription`."""
    return isinstance(find_field(value, "transcription"), list)


def read_whisper_cpp(content: str) -> RawSource:
    """One cue a piece of `transcription`; its tokens, pieces of words, are left out."""
    document = open_document(content, is_whisper_cpp, "whisper.cpp", "“transcription”")
    pieces = find_list(document.value, "transcription")
    return document.close(cue_each(_read_transcription(document, piece) for piece in pieces))


def _read_transcription(document: JsonDocument, piece: object) -> TimedWord:
    tokens = find_list(piece, "tokens")
    document.take_all(filter(_is_control, tokens), "text")
    text = document.take(piece, "text")
    if not clean_text(text):
        spoken = filterfalse(_is_control, tokens)
        text = "".join(document.take(token, "text") for token in spoken)
    speaker = find_label(piece, "speaker", "Speaker")
    start, end = _find_clock(piece, "from"), _find_clock(piece, "to")
    return TimedWord(text, start, end, "" if speaker == "?" else speaker)


def _is_control(token: object) -> bool:
    return _CONTROL.fullmatch(find_text(token, "text")) is not None


def _find_clock(piece: object, name: str) -> int | None:
    offset = find_time(find_field(piece, "offsets"), name, per_second=1000)
    clock = find_text(find_field(piece, "timestamps"), name)
    return offset if offset is not None else parse_full_clock(clock)
