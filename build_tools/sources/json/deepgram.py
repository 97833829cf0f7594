"""The JSON of Deepgram.

{"results": {"channels": [{"alternatives": [{"transcript": …, "words": [{"word": "hello",
    "start": 0.08, "end": 0.32, "punctuated_word": "Hello,", "speaker": 0}], …}]}],
    "utterances": […]}}
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
    clean_text,
    interleave_tracks,
    phrase_words,
    say_enough,
    split_text,
)
from build_tools.sources.raw import RawCue, RawSource
from build_tools.sources.times import count_milliseconds
from build_tools.text.words import find_keys

_WORD = ("punctuated_word", "word")


def is_deepgram(value: object) -> bool:
    """Whether a JSON value has channels among its results."""
    return isinstance(find_field(find_field(value, "results"), "channels"), list)


def read_deepgram(content: str) -> RawSource:
    """Cues made of the words of each channel's first alternative; several channels interleaved.

    Paragraphs and utterances have the same words and stand in the file only when asked for: they
    are taken where there are no words.
    """
    document = Document(parse_json(content))
    expect(is_deepgram(document.value), "Deepgram", "“results” with “channels”")
    results = find_field(document.value, "results")
    channels = find_list(results, "channels")
    tracks = {
        f"Channel {number}": _read_channel(document, channel)
        for number, channel in enumerate(channels)
    }
    cues, left_out = interleave_tracks(tracks)
    if not cues:
        cues = _read_pieces(document, find_list(results, "utterances"), "transcript")
    return document.close(cues, left_out)


def _read_channel(document: Document, channel: object) -> tuple[RawCue, ...]:
    alternative = next(iter(find_list(channel, "alternatives")), None)
    text = find_text(alternative, "transcript")
    members = find_list(alternative, "words")
    words = [_read_word(member) for member in members]
    if say_enough(words, text):
        document.take_all(members, *_WORD)
        return phrase_words(words, text)
    sentences = [
        sentence
        for paragraph in find_list(find_field(alternative, "paragraphs"), "paragraphs")
        for sentence in _share_speaker(paragraph)
    ]
    told = sum(len(find_keys(find_text(sentence, "text"))) for sentence, _ in sentences)
    if told and told >= len(find_keys(text)):
        return tuple(
            _read_piece(document, number, sentence, "text", speaker)
            for number, (sentence, speaker) in enumerate(sentences, 1)
        )
    return phrase_words(split_text(document.take(alternative, "transcript")))


def _share_speaker(paragraph: object) -> Iterable[tuple[object, str]]:
    speaker = find_label(paragraph, "speaker", "Speaker")
    return ((sentence, speaker) for sentence in find_list(paragraph, "sentences"))


def _read_word(member: object) -> TimedWord:
    return TimedWord(
        find_text(member, *_WORD),
        count_milliseconds(find_field(member, "start")),
        count_milliseconds(find_field(member, "end")),
        find_label(member, "speaker", "Speaker"),
    )


def _read_pieces(document: Document, pieces: Iterable[object], name: str) -> tuple[RawCue, ...]:
    return tuple(
        _read_piece(document, number, piece, name, find_label(piece, "speaker", "Speaker"))
        for number, piece in enumerate(pieces, 1)
    )


def _read_piece(document: Document, line: int, piece: object, name: str, speaker: str) -> RawCue:
    return RawCue(
        line,
        count_milliseconds(find_field(piece, "start")),
        clean_text(document.take(piece, name)),
        count_milliseconds(find_field(piece, "end")),
        speaker,
    )
