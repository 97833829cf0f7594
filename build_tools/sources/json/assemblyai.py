"""The JSON of AssemblyAI: times are in milliseconds.

{"id": …, "status": "completed", "text": …, "audio_duration": 281,
 "words": [{"text": "Smoke", "start": 1437, "end": 1597, "speaker": "A"}],
 "utterances": [{"text": …, "start": 1437, "end": 9000, "speaker": "A", "words": […]}]}
"""

from __future__ import annotations

from build_tools.sources.json.document import find_list, find_text, open_document
from build_tools.sources.json.phrasing import (
    cue_each,
    join_text,
    phrase_words,
    read_word,
    split_text,
)
from build_tools.sources.raw import RawSource
from build_tools.text.words import find_keys

_OWN = ("utterances", "audio_duration", "audio_url", "acoustic_model", "language_model")


def is_assemblyai(value: object) -> bool:
    """Whether a JSON value has speech, and one of the fields that only AssemblyAI writes."""
    if not isinstance(value, dict) or not any(name in value for name in _OWN):
        return False
    return isinstance(value.get("text"), str) or any(
        isinstance(value.get(name), list) for name in ("words", "utterances")
    )


def read_assemblyai(content: str) -> RawSource:
    """Cues made of the words, the utterances or the text: the first of those with most words."""
    document = open_document(content, is_assemblyai, "AssemblyAI", "“words” or “utterances”")
    members = find_list(document.value, "words")
    utterances = find_list(document.value, "utterances")
    text = find_text(document.value, "text")
    words = [read_word(member, "text", per_second=1000) for member in members]
    counts = {
        "words": len(find_keys(join_text(words))),
        "utterances": sum(len(find_keys(find_text(piece, "text"))) for piece in utterances),
        "text": len(find_keys(text)),
    }
    fullest = max(counts, key=counts.__getitem__)
    if fullest == "words":
        document.take_all(members, "text")
        return document.close(phrase_words(words, text))
    if fullest == "utterances":
        document.take_all(utterances, "text")
        pieces = (read_word(piece, "text", per_second=1000) for piece in utterances)
        return document.close(cue_each(pieces))
    document.take(document.value, "text")
    return document.close(phrase_words(split_text(text)))
