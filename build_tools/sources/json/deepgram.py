"""The JSON of Deepgram.

{"results": {"channels": [{"alternatives": [{"transcript": …, "words": [{"word": "hello",
    "start": 0.08, "end": 0.32, "punctuated_word": "Hello,", "speaker": 0}], …}]}],
    "utterances": […]}}
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
    cue_each,
    interleave_tracks,
    phrase_words,
    read_word,
    say_enough,
    split_text,
)
from build_tools.sources.raw import RawCue, RawSource
from build_tools.text.words import find_keys

_WORD = ("punctuated_word", "word")


def is_deepgram(value: object) -> bool:
    """Whether a JSON value has channels among its results."""
    return isinstance(find_field(find_field(value, "results"), "channels"), list)


def read_deepgram(content: str) -> RawSource:
    """Cues made of the words of each channel's first alternative; channels are interleaved.

    Paragraphs and utterances, which a file has on request, repeat the words. They are read if the
    words are missing.
    """
    document = open_document(content, is_deepgram, "Deepgram", "“results” with “channels”")
    results = find_field(document.value, "results")
    tracks = {
        f"Channel {number}": _read_channel(document, channel)
        for number, channel in enumerate(find_list(results, "channels"))
    }
    cues, left_out = interleave_tracks(tracks)
    if not cues:
        utterances = find_list(results, "utterances")
        document.take_all(utterances, "transcript")
        cues = cue_each(read_word(piece, "transcript") for piece in utterances)
    return document.close(cues, left_out)


def _read_channel(document: JsonDocument, channel: object) -> tuple[RawCue, ...]:
    alternative = find_first(channel, "alternatives")
    text = find_text(alternative, "transcript")
    members = find_list(alternative, "words")
    words = [read_word(member, *_WORD) for member in members]
    if say_enough(words, text):
        document.take_all(members, *_WORD)
        return phrase_words(words, text)
    sentences = [
        (sentence, find_label(paragraph, "speaker", "Speaker"))
        for paragraph in find_list(find_field(alternative, "paragraphs"), "paragraphs")
        for sentence in find_list(paragraph, "sentences")
    ]
    count = sum(len(find_keys(find_text(sentence, "text"))) for sentence, _ in sentences)
    if count and count >= len(find_keys(text)):
        document.take_all((sentence for sentence, _ in sentences), "text")
        return cue_each(read_word(piece, "text")._replace(speaker=who) for piece, who in sentences)
    return phrase_words(split_text(document.take(alternative, "transcript")))
