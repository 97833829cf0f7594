"""The JSON of Rev.ai.

{"monologues": [{"speaker": 0, "speaker_info": {"display_name": "Ann"}, "elements": [
    {"type": "text", "value": "Hi", "ts": 0.26, "end_ts": 0.44},
    {"type": "punct", "value": ", "}]}]}
"""

from __future__ import annotations

from build_tools.sources.json.document import (
    find_field,
    find_label,
    find_list,
    find_text,
    find_time,
    open_document,
)
from build_tools.sources.json.phrasing import TimedWord, number_cues, phrase_words
from build_tools.sources.raw import RawCue, RawSource


def is_rev(value: object) -> bool:
    """Whether a JSON value has a list `monologues`."""
    return isinstance(find_field(value, "monologues"), list)


def read_rev(content: str) -> RawSource:
    """Cues made of each monologue's elements; blanks and punctuation are elements too."""
    document = open_document(content, is_rev, "Rev.ai", "“monologues”")
    cues: list[RawCue] = []
    for monologue in find_list(document.value, "monologues"):
        elements = find_list(monologue, "elements")
        document.take_all(elements, "value")
        words = _read_elements(monologue, elements)
        # The elements are the whole text, unless the blanks were removed from the file.
        whole = any(word.text.isspace() for word in words)
        cues += phrase_words(words, "".join(word.text for word in words) if whole else "")
    return document.close(number_cues(cues))


def _read_elements(monologue: object, elements: list[object]) -> list[TimedWord]:
    name = find_label(find_field(monologue, "speaker_info"), "display_name")
    speaker = name or find_label(monologue, "speaker", "Speaker")
    return [
        TimedWord(
            find_text(element, "value"),
            find_time(element, "ts"),
            find_time(element, "end_ts"),
            speaker,
        )
        for element in elements
    ]
