"""The JSON of Whisper, and of the programs that write it likewise: faster-whisper, WhisperX.

{"text": …, "segments": [{"start": 1.22, "end": 7.98, "text": " Welcome …", "words": […]}]}
[{"start": 1.22, "end": 7.98, "text": " Welcome …", "words": […]}]
{"segments": [{…, "speaker": "SPEAKER_00", "words": […]}], "word_segments": […]}
{"text": …, "chunks": [{"timestamp": [1.22, 7.98], "text": " Welcome …"}]}
{"text": …, "words": [{"word": "Welcome", "start": 1.22, "end": 1.84}]}
"""

from __future__ import annotations

from collections.abc import Iterable

from build_tools.sources.json.document import (
    JsonDocument,
    find_field,
    find_label,
    find_list,
    find_text,
    open_document,
)
from build_tools.sources.json.phrasing import (
    TimedWord,
    clean_text,
    group_words,
    join_text,
    phrase_words,
    split_text,
)
from build_tools.sources.raw import RawCue, RawSource
from build_tools.sources.times import count_milliseconds
from build_tools.text.words import find_keys

# What the service answers that was asked for the text alone.
_ALONE = {"text", "task", "language", "duration", "usage", "logprobs"}


def is_whisper(value: object) -> bool:
    """Whether a JSON value has segments with a text, or a text with words."""
    if isinstance(value, list):
        return any(_is_piece(piece) for piece in value)
    if not isinstance(value, dict):
        return False
    pieces = _find_pieces(value)
    if pieces or "segments" in value:
        return any(_is_piece(piece) for piece in pieces) or (not pieces and "text" in value)
    words = find_list(value, "words")
    return isinstance(value.get("text"), str) and (
        value.keys() <= _ALONE or any(find_field(word, "word") is not None for word in words)
    )


def read_whisper(content: str) -> RawSource:
    """One cue a segment; where there are words alone, cues made of them.

    `words` and `word_segments` repeat the segments, which are taken as they are written: the words
    of WhisperX may lack times, and other recognisers break “3.8” in two.
    """
    document = open_document(content, is_whisper, "Whisper", "“segments”")
    cues = [
        _read_piece(document, number, piece)
        for number, piece in enumerate(_find_pieces(document.value), 1)
    ]
    if any(find_keys(cue.text) for cue in cues):
        return document.close(cues)
    return document.close(_read_whole(document))


def _find_pieces(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return find_list(value, "segments") or find_list(value, "chunks")


def _is_piece(piece: object) -> bool:
    times = ("start", "end", "timestamp", "words", "speaker")
    return isinstance(piece, dict) and "text" in piece and any(name in piece for name in times)


def _read_piece(document: JsonDocument, line: int, piece: object) -> RawCue:
    members = find_list(piece, "words")
    words = _read_words(members)
    start, end = _find_times(piece)
    text = clean_text(document.take(piece, "text"))
    if not find_keys(text) and find_keys(join_text(words)):
        document.take_all(members, "word", "text")
        text = join_text(words)
    return RawCue(
        line,
        start if start is not None else _first(word.start for word in words),
        text,
        end if end is not None else _first(word.end for word in reversed(words)),
        find_label(piece, "speaker", "Speaker") or _only_speaker(words),
    )


def _find_times(piece: object) -> tuple[int | None, int | None]:
    """Both times of a segment or a word, which some write as a pair."""
    pair = [*find_list(piece, "timestamp"), None, None]
    start, end = find_field(piece, "start"), find_field(piece, "end")
    return (
        count_milliseconds(start if start is not None else pair[0]),
        count_milliseconds(end if end is not None else pair[1]),
    )


def _read_words(members: Iterable[object]) -> list[TimedWord]:
    return [
        TimedWord(
            find_text(member, "word", "text"),
            *_find_times(member),
            find_label(member, "speaker", "Speaker"),
        )
        for member in members
    ]


def _read_whole(document: JsonDocument) -> tuple[RawCue, ...]:
    """The cues of a file without segments: of its words, or of its text where that says more."""
    members = find_list(document.value, "words") or find_list(document.value, "word_segments")
    words = _read_words(members)
    text = find_text(document.value, "text")
    if group_words(words, text) or len(find_keys(join_text(words))) > len(find_keys(text)):
        document.take_all(members, "word", "text")
        return phrase_words(words, text)
    return phrase_words(split_text(document.take(document.value, "text")))


def _first(times: Iterable[int | None]) -> int | None:
    return next((time for time in times if time is not None), None)


def _only_speaker(words: Iterable[TimedWord]) -> str:
    """The speaker of all words that have one, if it is the same."""
    speakers = {word.speaker for word in words if word.speaker}
    return speakers.pop() if len(speakers) == 1 else ""
