"""The reader of JSON: it finds the pieces of speech that the row of a vendor describes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from build_tools.sources.json.document import (
    Chain,
    JsonDocument,
    Object,
    expect,
    find_all,
    find_label,
    find_text,
    find_value,
    parse_json,
)
from build_tools.sources.json.phrasing import (
    TimedWord,
    cue_each,
    interleave_tracks,
    join_text,
    phrase_words,
    say_enough,
    split_text,
)
from build_tools.sources.json.vendors import VENDORS, Level, Pieces, Vendor
from build_tools.sources.raw import LeftOut, RawCue, RawSource
from build_tools.sources.times import add_milliseconds, count_time
from build_tools.text.words import find_keys

# The names of a time, in the order in which they are tried.
_START = """
    start startTime start_time startOffset start_offset ts tStartMs time timestamp.0 offsets.from
    timestamps.from offsetInTicks offsetMilliseconds offsetInMs offset
"""
_END = "end endTime end_time endOffset end_offset end_ts timestamp.1 offsets.to timestamps.to"
_LENGTH = "durationInTicks durationMilliseconds durationInMs dDurationMs duration"
_SPEAKER = ("speaker_info", "speakerLabel", "speaker", "speaker_label", "speakerTag", "speaker_tag")
_CHANNEL = ("channel_label", "channelTag", "channel")
_UNITS = {"Ticks": 10_000_000, "Milliseconds": 1000, "Ms": 1000}
# The control tokens of a model: a beginning, a time, an end.
_CONTROL = re.compile(r"\s*(?:\[_\w{1,20}\]|<\|[\w.]{1,20}\|>)\s*")


class _TimeName(NamedTuple):
    """The steps to a time, and the number of its units in a second if the name tells it, or 0."""

    steps: tuple[str, ...]
    per_second: int


def _split_names(names: str) -> tuple[_TimeName, ...]:
    return tuple(
        _TimeName(
            tuple(name.split(".")),
            next((count for unit, count in _UNITS.items() if name.endswith(unit)), 0),
        )
        for name in names.split()
    )


_STARTS, _ENDS, _LENGTHS = (_split_names(names) for names in (_START, _END, _LENGTH))


def read_json(name: str, content: str) -> RawSource:
    """The cues of a vendor's document: those of the first level that has words."""
    document, vendor = JsonDocument(parse_json(content)), VENDORS[name]
    expect(vendor.is_own(document.value), vendor.maker, vendor.has)
    reader = _Reader(document, vendor)
    for level in vendor.levels:
        cues, left_out = reader.read_level(level)
        if any(find_keys(cue.text) for cue in cues):
            return document.close(cues, left_out)
    return document.close(())


class _Reader:
    """The reader of one document."""

    def __init__(self, document: JsonDocument, vendor: Vendor) -> None:
        self._document, self._root, self._vendor = document, document.value, vendor
        self._turns: list[TimedWord] = []
        self._speakers: dict[int | None, str] = {}
        lists = [self._read_all((self._root,), Pieces(path, "name")) for path in vendor.turns]
        for number, turns in enumerate(lists):
            named = [turn._replace(speaker=turn.speaker or turn.text) for turn in turns]
            self._speakers.update((turn.start, turn.speaker) for turn in named)
            if number == 0:
                self._turns = sorted(
                    (turn for turn in named if turn.start is not None), key=_get_start
                )

    def read_level(self, level: Level) -> tuple[tuple[RawCue, ...], tuple[LeftOut, ...]]:
        """The cues of all parts, with channels interleaved, and the channels left out."""
        tracks: dict[str, list[RawCue]] = {}
        for number, part in enumerate(find_all((self._root,), level.parts)):
            labels = (find_label(part[0], name, "Channel") for name in _CHANNEL)
            channel = next(filter(None, labels), f"Channel {number}" if level.apart else "")
            tracks.setdefault(channel, []).extend(self._read_part(level, part))
        return interleave_tracks(tracks)

    def _read_part(self, level: Level, part: Chain) -> tuple[RawCue, ...]:
        whole = level.whole
        text = " ".join(piece.text for piece in self._read_all(part, whole)) if whole else ""
        for pieces in level.pieces:
            words = self._read_all(part, pieces)
            if not whole or say_enough(words, text):
                self._take(part, pieces)
                return _make_cues(words, pieces, text)
        if not whole or not level.stands_in:
            return ()
        self._take(part, whole)
        return phrase_words(split_text(text))

    def _take(self, part: Chain, pieces: Pieces) -> None:
        owners = (chain[0] for chain in find_all(part, pieces.path))
        self._document.take_all(owners, *pieces.text.split())

    def _read_all(self, part: Chain, pieces: Pieces) -> list[TimedWord]:
        texts = pieces.text.split()
        words = []
        for chain in find_all(part, pieces.path):
            owners = [
                owner for owner in chain if isinstance(owner, dict) and owner is not self._root
            ]
            start, end = self._find_time(owners, _STARTS), self._find_time(owners, _ENDS)
            if end is None:
                end = add_milliseconds(start, self._find_time(owners, _LENGTHS))
            speaker = self._find_speaker(owners) or self._find_turn(start)
            word = TimedWord(find_text(chain[0], *texts), start, end, speaker)
            words.append(self._fill(word, chain, pieces.inner) if pieces.inner else word)
        return words

    def _find_time(self, owners: list[Object], names: tuple[_TimeName, ...]) -> int | None:
        for owner in owners:
            for (first, *steps), per_second in names:
                if first in owner:
                    value = find_value(owner[first], steps)
                    time = count_time(value, per_second or self._vendor.per_second)
                    if time is not None:
                        return time
        return None

    def _find_speaker(self, owners: list[Object]) -> str:
        """The label of a piece, or of what is around it."""
        for owner in owners:
            for name in _SPEAKER:
                if name in owner:
                    label = find_label(owner, name, "Speaker") or find_label(
                        owner[name], "display_name"
                    )
                    if label and label != self._vendor.unknown:
                        return label
        return ""

    def _find_turn(self, start: int | None) -> str:
        """The speaker of the turn that begins at a time, else of the turn around it."""
        if start is None or not self._turns:
            return ""
        number = bisect_right(self._turns, start, key=_get_start)
        before = self._turns[number - 1] if number else TimedWord("")
        inside = before.end is None or start <= before.end
        return self._speakers.get(start) or (before.speaker if inside else "")

    def _fill(self, piece: TimedWord, chain: Chain, inner: Pieces) -> TimedWord:
        """A piece with the text, the times and the speaker that only its inner pieces have."""
        words = self._read_all(chain, inner)
        lacks_text = not find_keys(piece.text)
        taken, spoken = [], []
        for (owner, *_), word in zip(find_all(chain, inner.path), words, strict=True):
            control = _CONTROL.fullmatch(word.text)
            if control or lacks_text:
                taken.append(owner)
            if not control:
                spoken.append(word)
        self._document.take_all(taken, *inner.text.split())
        text = piece.text
        if lacks_text:
            text = "".join(word.text for word in spoken) if inner.glued else join_text(spoken)
        starts = (word.start for word in (piece, *words) if word.start is not None)
        ends = (word.end for word in (piece, *reversed(words)) if word.end is not None)
        speakers = {word.speaker for word in words if word.speaker}
        only = speakers.pop() if len(speakers) == 1 else ""
        return TimedWord(text, next(starts, None), next(ends, None), piece.speaker or only)


def _get_start(word: TimedWord) -> int:
    return word.start or 0


def _make_cues(words: Sequence[TimedWord], pieces: Pieces, text: str) -> tuple[RawCue, ...]:
    """The cues of pieces; `text` is the whole text that may repeat them."""
    counts = [len(find_keys(word.text)) for word in words]
    singles = counts.count(1) > sum(count > 1 for count in counts)
    if pieces.each == "cue" or (pieces.each == "either" and not singles):
        return cue_each(words)
    # Glued pieces are the whole text, unless the blanks were removed from the file.
    if pieces.glued and any(word.text.isspace() for word in words):
        text = "".join(word.text for word in words)
    return phrase_words(words, text)
