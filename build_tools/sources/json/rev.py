"""The JSON of Rev.ai.

{"monologues": [{"speaker": 0, "speaker_info": {"display_name": "Ann"}, "elements": [
    {"type": "text", "value": "Hi", "ts": 0.26, "end_ts": 0.44},
    {"type": "punct", "value": ", "}]}]}
"""

from __future__ import annotations

from build_tools.sources.json.document import (
    Document,
    expect,
    find_field,
    find_label,
    find_list,
    parse_json,
)
from build_tools.sources.json.phrasing import TimedWord, phrase_words
from build_tools.sources.raw import RawCue, RawSource
from build_tools.sources.times import count_milliseconds


def is_rev(value: object) -> bool:
    """Whether a JSON value has a list `monologues`."""
    return isinstance(find_field(value, "monologues"), list)


def read_rev(content: str) -> RawSource:
    """Cues made of each monologue's elements, among which blanks and punctuation are some."""
    document = Document(parse_json(content))
    expect(is_rev(document.value), "Rev.ai", "“monologues”")
    cues: list[RawCue] = []
    for monologue in find_list(document.value, "monologues"):
        words = _read_elements(document, monologue)
        # The elements are all of the text, unless the blanks were taken out of the file.
        whole = any(word.text.isspace() for word in words)
        text = "".join(word.text for word in words) if whole else ""
        for cue in phrase_words(words, text):
            cues.append(cue._replace(line=len(cues) + 1))
    return document.close(cues)


def _read_elements(document: Document, monologue: object) -> list[TimedWord]:
    named = find_label(find_field(monologue, "speaker_info"), "display_name")
    speaker = named or find_label(monologue, "speaker", "Speaker")
    return [
        TimedWord(
            document.take(element, "value"),
            count_milliseconds(find_field(element, "ts")),
            count_milliseconds(find_field(element, "end_ts")),
            speaker,
        )
        for element in find_list(monologue, "elements")
    ]
