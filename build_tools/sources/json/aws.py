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
    JsonDocument,
    find_field,
    find_first,
    find_label,
    find_list,
    find_text,
    find_time,
    open_document,
)
from build_tools.sources.json.phrasing import (
    TimedWord,
    interleave_tracks,
    phrase_words,
    say_enough,
    split_text,
)
from build_tools.sources.raw import RawCue, RawSource


def is_aws(value: object) -> bool:
    """Whether a JSON value has items or transcripts among its results."""
    results = find_field(value, "results")
    return any(isinstance(find_field(results, name), list) for name in ("items", "transcripts"))


def read_aws(content: str) -> RawSource:
    """Cues made of the first alternative of each item; channels are interleaved."""
    document = open_document(content, is_aws, "Amazon Transcribe", "“results” with “items”")
    results = find_field(document.value, "results")
    speakers = _Speakers(find_field(results, "speaker_labels"))
    channels = find_list(find_field(results, "channel_labels"), "channels")
    tracks = {
        find_label(channel, "channel_label") or f"Channel {number}": _phrase_items(
            document, find_list(channel, "items"), speakers
        )
        for number, channel in enumerate(channels)
    }
    cues, left_out = interleave_tracks(tracks)
    transcripts = find_list(results, "transcripts")
    text = " ".join(find_text(piece, "transcript") for piece in transcripts)
    cues = cues or _phrase_items(document, find_list(results, "items"), speakers, text)
    if not cues:
        document.take_all(transcripts, "transcript")
        cues = phrase_words(split_text(text))
    return document.close(cues, left_out)


class _SpeakerTime(NamedTuple):
    start: int
    end: int
    speaker: str


class _Speakers:
    """The speaker of each time, for items without a label of their own."""

    def __init__(self, labels: object) -> None:
        segments = find_list(labels, "segments")
        items = (item for segment in segments for item in find_list(segment, "items"))
        self._of_item = {found.start: found.speaker for found in _find_speaker_times(items)}
        self._of_segment = sorted(_find_speaker_times(segments))

    def find(self, item: object, start: int | None) -> str:
        """The label of an item, of the item listed with its start, or of the segment around it."""
        label = find_label(item, "speaker_label")
        if label or start is None:
            return label
        if self._of_item.get(start):
            return self._of_item[start]
        number = bisect_right(self._of_segment, start, key=lambda segment: segment.start)
        segment = self._of_segment[number - 1] if number else None
        return segment.speaker if segment and start <= segment.end else ""


def _find_speaker_times(pieces: Iterable[object]) -> Iterator[_SpeakerTime]:
    for piece in pieces:
        start, end = find_time(piece, "start_time"), find_time(piece, "end_time")
        speaker = find_label(piece, "speaker_label")
        if start is not None and speaker:
            yield _SpeakerTime(start, start if end is None else end, speaker)


def _phrase_items(
    document: JsonDocument, items: list[object], speakers: _Speakers, text: str = ""
) -> tuple[RawCue, ...]:
    """The cues of items, or none if a text has more words."""
    words = list(_find_item_words(items, speakers))
    if not say_enough(words, text):
        return ()
    document.take_all((find_first(item, "alternatives") for item in items), "content")
    return phrase_words(words, text)


def _find_item_words(items: Iterable[object], speakers: _Speakers) -> Iterator[TimedWord]:
    speaker = ""
    for item in items:
        start = find_time(item, "start_time")
        # Punctuation has no time and belongs to the speaker before it.
        speaker = speakers.find(item, start) or (speaker if start is None else "")
        text = find_text(find_first(item, "alternatives"), "content")
        yield TimedWord(text, start, find_time(item, "end_time"), speaker)
