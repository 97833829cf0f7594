"""The JSON of Whisper, and of faster-whisper and WhisperX, which write the same.

{"text": …, "segments": [{"start": 1.22, "end": 7.98, "text": " Welcome …", "words": […]}]}
[{"start": 1.22, "end": 7.98, "text": " Welcome …", "words": […]}]
{"segments": [{…, "speaker": "SPEAKER_00", "words": […]}], "word_segments": […]}
{"text": …, "chunks": [{"timestamp": [1.22, 7.98], "text": " Welcome …"}]}
{"text": …, "words": [{"word": "Welcome", "start": 1.22, "end": 1.84}]}
"""

from __future__ import annotations

from build_tools.sources.json.document import (
    JsonDocument,
    find_field,
    find_list,
    find_text,
    open_document,
)
from build_tools.sources.json.phrasing import (
    TimedWord,
    cue_each,
    group_words,
    join_text,
    phrase_words,
    read_word,
    split_text,
)
from build_tools.sources.raw import RawCue, RawSource
from build_tools.sources.times import count_milliseconds
from build_tools.text.words import find_keys

# The fields of an answer without segments or words.
_TEXT_ONLY = {"text", "task", "language", "duration", "usage", "logprobs"}


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
        value.keys() <= _TEXT_ONLY or any(find_field(word, "word") is not None for word in words)
    )


def read_whisper(content: str) -> RawSource:
    """One cue a segment; cues made of the words if there are no segments.

    `words` and `word_segments` only repeat the segments: the words of WhisperX may lack times, and
    other recognisers break “3.8” in two.
    """
    document = open_document(content, is_whisper, "Whisper", "“segments”")
    cues = cue_each(_read_segment(document, piece) for piece in _find_pieces(document.value))
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


def _read_segment(document: JsonDocument, piece: object) -> TimedWord:
    members = find_list(piece, "words")
    words = [_read_timed(member) for member in members]
    segment = _read_timed(piece)._replace(text=document.take(piece, "text"))
    if not find_keys(segment.text) and find_keys(join_text(words)):
        document.take_all(members, "word", "text")
        segment = segment._replace(text=join_text(words))
    starts = (word.start for word in (segment, *words) if word.start is not None)
    ends = (word.end for word in (segment, *reversed(words)) if word.end is not None)
    speakers = {word.speaker for word in words if word.speaker}
    only_speaker = speakers.pop() if len(speakers) == 1 else ""
    return segment._replace(
        start=next(starts, None), end=next(ends, None), speaker=segment.speaker or only_speaker
    )


def _read_timed(member: object) -> TimedWord:
    """A word or a segment; some write its times as a pair."""
    word = read_word(member, "word", "text")
    start, end, *_ = *find_list(member, "timestamp"), None, None
    return word._replace(
        start=count_milliseconds(start) if find_field(member, "start") is None else word.start,
        end=count_milliseconds(end) if find_field(member, "end") is None else word.end,
    )


def _read_whole(document: JsonDocument) -> tuple[RawCue, ...]:
    """The cues of a file without segments: of its words, or of its text if that has more words."""
    members = find_list(document.value, "words") or find_list(document.value, "word_segments")
    words = [_read_timed(member) for member in members]
    text = find_text(document.value, "text")
    if group_words(words, text) or len(find_keys(join_text(words))) > len(find_keys(text)):
        document.take_all(members, "word", "text")
        return phrase_words(words, text)
    return phrase_words(split_text(document.take(document.value, "text")))
