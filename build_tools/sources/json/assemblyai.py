"""The JSON of AssemblyAI: times are in milliseconds.

{"id": …, "status": "completed", "text": …, "audio_duration": 281,
 "words": [{"text": "Smoke", "start": 1437, "end": 1597, "speaker": "A"}],
 "utterances": [{"text": …, "start": 1437, "end": 9000, "speaker": "A", "words": […]}]}
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
    join_text,
    phrase_words,
    split_text,
)
from build_tools.sources.raw import RawCue, RawSource
from build_tools.sources.times import count_milliseconds
from build_tools.text.words import find_keys

_OWN = ("utterances", "audio_duration", "audio_url", "acoustic_model", "language_model")


def is_assemblyai(value: object) -> bool:
    """Whether a JSON value has words or utterances, and what AssemblyAI alone says of the audio."""
    if not isinstance(value, dict) or not any(name in value for name in _OWN):
        return False
    return isinstance(value.get("text"), str) or any(
        isinstance(value.get(name), list) for name in ("words", "utterances")
    )


def read_assemblyai(content: str) -> RawSource:
    """Cues made of the words; of the utterances or the text where these say more."""
    document = Document(parse_json(content))
    expect(is_assemblyai(document.value), "AssemblyAI", "“words” or “utterances”")
    members = find_list(document.value, "words")
    utterances = find_list(document.value, "utterances")
    text = find_text(document.value, "text")
    words = [_read_word(member) for member in members]
    told = {
        "words": len(find_keys(join_text(words))),
        "utterances": sum(len(find_keys(find_text(piece, "text"))) for piece in utterances),
        "text": len(find_keys(text)),
    }
    fullest = max(told, key=told.__getitem__)
    if fullest == "words":
        document.take_all(members, "text")
        return document.close(phrase_words(words, text))
    if fullest == "utterances":
        return document.close(_read_utterances(document, utterances))
    document.take(document.value, "text")
    return document.close(phrase_words(split_text(text)))


def _read_word(member: object) -> TimedWord:
    return TimedWord(
        find_text(member, "text"),
        count_milliseconds(find_field(member, "start"), per_second=1000),
        count_milliseconds(find_field(member, "end"), per_second=1000),
        find_label(member, "speaker", "Speaker"),
    )


def _read_utterances(document: Document, utterances: Iterable[object]) -> tuple[RawCue, ...]:
    cues = []
    for number, piece in enumerate(utterances, 1):
        word = _read_word(piece)
        text = clean_text(document.take(piece, "text"))
        cues.append(RawCue(number, word.start, text, word.end, word.speaker))
    return tuple(cues)
