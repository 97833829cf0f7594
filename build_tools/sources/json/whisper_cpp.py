"""The JSON of whisper.cpp.

{"transcription": [{"timestamps": {"from": "00:00:00,000", "to": "00:00:06,000"},
                    "offsets": {"from": 0, "to": 6000}, "text": " And …", "tokens": […]}]}
"""

from __future__ import annotations

import re

from build_tools.sources.json.document import (
    Document,
    expect,
    find_field,
    find_label,
    find_list,
    find_text,
    parse_json,
)
from build_tools.sources.json.phrasing import clean_text
from build_tools.sources.raw import RawCue, RawSource
from build_tools.sources.times import count_milliseconds, parse_full_clock

# The model's own marks among its tokens: a beginning, a time, an end.
_MARK = re.compile(r"\s*(?:\[_\w{1,20}\]|<\|[\w.]{1,20}\|>)\s*")


def is_whisper_cpp(value: object) -> bool:
    """Whether a JSON value has a list `transcription`."""
    return isinstance(find_field(value, "transcription"), list)


def read_whisper_cpp(content: str) -> RawSource:
    """One cue a piece of `transcription`; its tokens, pieces of words, are left out."""
    document = Document(parse_json(content))
    expect(is_whisper_cpp(document.value), "whisper.cpp", "“transcription”")
    pieces = find_list(document.value, "transcription")
    return document.close(
        [_read_piece(document, number, piece) for number, piece in enumerate(pieces, 1)]
    )


def _read_piece(document: Document, line: int, piece: object) -> RawCue:
    tokens = find_list(piece, "tokens")
    document.take_all((token for token in tokens if _is_mark(token)), "text")
    text = document.take(piece, "text")
    if not clean_text(text):
        said = [token for token in tokens if not _is_mark(token)]
        text = "".join(document.take(token, "text") for token in said)
    speaker = find_label(piece, "speaker", "Speaker")
    return RawCue(
        line,
        _find_time(piece, "from"),
        clean_text(text),
        _find_time(piece, "to"),
        "" if speaker == "?" else speaker,
    )


def _is_mark(token: object) -> bool:
    return _MARK.fullmatch(find_text(token, "text")) is not None


def _find_time(piece: object, name: str) -> int | None:
    offset = count_milliseconds(find_field(find_field(piece, "offsets"), name), per_second=1000)
    clock = find_text(find_field(piece, "timestamps"), name)
    return offset if offset is not None else parse_full_clock(clock)
