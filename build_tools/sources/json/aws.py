"""The JSON of Amazon Transcribe: numbers are strings, and punctuation has no time.

{"results": {"transcripts": [{"transcript": …}], "items": [
    {"type": "pronunciation", "start_time": "0.94", "end_time": "1.51",
     "alternatives": [{"confidence": "0.98", "content": "Hola"}]},
    {"type": "punctuation", "alternatives": [{"content": "."}]}],
    "speaker_labels": {"segments": [{"start_time": "0.94", "end_time": "2.85",
        "speaker_label": "spk_0", "items": […]}]},
    "channel_labels": {"channels": [{"channel_label": "ch_0", "items": […]}]}}}
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

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
    interleave_tracks,
    phrase_words,
    say_enough,
    split_text,
)
from build_tools.sources.raw import RawCue, RawSource
from build_tools.sources.times import count_milliseconds


def is_aws(value: object) -> bool:
    """Whether a JSON value has items and transcripts among its results."""
    results = find_field(value, "results")
    return any(isinstance(find_field(results, name), list) for name in ("items", "transcripts"))


def read_aws(content: str) -> RawSource:
    """Cues made of the items, of the first alternative of each; several channels interleaved."""
    document = Document(parse_json(content))
    expect(is_aws(document.value), "Amazon Transcribe", "“results” with “items”")
    results = find_field(document.value, "results")
    speakers = _Speakers(find_field(results, "speaker_labels"))
    channels = find_list(find_field(results, "channel_labels"), "channels")
    tracks = {
        find_label(channel, "channel_label") or f"Channel {number}": _read_items(
            document, find_list(channel, "items"), speakers
        )
        for number, channel in enumerate(channels)
    }
    cues, left_out = interleave_tracks(tracks)
    return document.close(cues or _read_results(document, results, speakers), left_out)


class _Turn(NamedTuple):
    start: int
    end: int
    speaker: str


class _Speakers:
    """Who speaks when, for items that do not say it themselves."""

    def __init__(self, labels: object) -> None:
        pieces = find_list(labels, "segments")
        items = (item for piece in pieces for item in find_list(piece, "items"))
        self._of_item = {turn.start: turn.speaker for turn in _find_turns(items)}
        self._turns = sorted(_find_turns(pieces))

    def find(self, item: object, start: int | None) -> str:
        """The label of an item: its own, that of its start, or of the turn that it falls in."""
        label = find_label(item, "speaker_label") or self._of_item.get(
            -1 if start is None else start
        )
        if label or start is None:
            return label or ""
        number = bisect_right(self._turns, start, key=lambda turn: turn.start)
        turn = self._turns[number - 1] if number else None
        return turn.speaker if turn and start <= turn.end else ""


def _find_turns(pieces: Iterable[object]) -> Iterator[_Turn]:
    for piece in pieces:
        start, end = _find_time(piece, "start_time"), _find_time(piece, "end_time")
        speaker = find_label(piece, "speaker_label")
        if start is not None and speaker:
            yield _Turn(start, start if end is None else end, speaker)


def _read_results(document: Document, results: object, speakers: _Speakers) -> tuple[RawCue, ...]:
    items = find_list(results, "items")
    transcripts = find_list(results, "transcripts")
    text = " ".join(find_text(piece, "transcript") for piece in transcripts)
    if say_enough(list(_find_words(items, speakers)), text):
        return _read_items(document, items, speakers, text)
    document.take_all(transcripts, "transcript")
    return phrase_words(split_text(text))


def _read_items(
    document: Document, items: list[object], speakers: _Speakers, text: str = ""
) -> tuple[RawCue, ...]:
    document.take_all((_first_guess(item) for item in items), "content")
    return phrase_words(tuple(_find_words(items, speakers)), text)


def _find_words(items: Iterable[object], speakers: _Speakers) -> Iterator[TimedWord]:
    speaker = ""
    for item in items:
        start = _find_time(item, "start_time")
        speaker = speakers.find(item, start) or (speaker if start is None else "")
        text = find_text(_first_guess(item), "content")
        yield TimedWord(text, start, _find_time(item, "end_time"), speaker)


def _first_guess(item: object) -> object:
    return next(iter(find_list(item, "alternatives")), None)


def _find_time(piece: object, name: str) -> int | None:
    return count_milliseconds(find_field(piece, name))
