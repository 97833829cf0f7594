"""The reader of JSON: the pieces of speech that `discovery` finds, as cues.

The recognisers and hosts whose JSON is read are a row each; `json` is every other list of texts.
Their fields tell whose a document is. `tests/json_sources.md` shows a document of each.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from build_tools.model.source import Cue
from build_tools.sources.json import discovery, phrasing
from build_tools.sources.json.discovery import Pieces, Plan, find_time
from build_tools.sources.json.document import (
    Chain,
    close_document,
    expect,
    find_all,
    find_field,
    find_label,
    find_text,
    parse_json,
)
from build_tools.sources.raw import RawSource
from build_tools.sources.times import add_milliseconds
from build_tools.text.words import find_keys, has_word

_CHANNEL = ("channel_label", "channelTag", "channel")
# The control tokens of a model: a beginning, a time, an end.
_CONTROL = re.compile(r"\s*(?:\[_\w{1,20}\]|<\|[\w.]{1,20}\|>)\s*")


class Vendor(NamedTuple):
    """A maker of JSON: the paths that only its documents have, and a path that they never have.

    A `per_second` of 0 finds the unit of times from the whole list.
    """

    maker: str
    has: str
    per_second: int = 1
    lacks: str = ""
    unknown: str = ""

    def is_own(self, value: object) -> bool:
        """Whether a document is of this maker."""
        if not self.has:
            others = (one for one in VENDORS.values() if one.has)
            return not any(one.is_own(value) for one in others) and is_any(value)
        if self.maker == "Whisper":
            return _is_whisper(value)
        chain = (value,)
        return bool(find_all(chain, self.has)) and not (self.lacks and find_all(chain, self.lacks))


_OF_SEGMENTS = frozenset(("start", "end", "timestamp", "words", "speaker"))


def _is_whisper(value: object) -> bool:
    lists = (value, find_field(value, "segments"), find_field(value, "chunks"))
    pieces = next((found for found in lists if found and isinstance(found, list)), [])
    objects = (piece.keys() for piece in pieces if isinstance(piece, dict))
    if any("text" in names and _OF_SEGMENTS & names for names in objects):
        return True
    if not isinstance(value, dict) or pieces or not isinstance(value.get("text"), str):
        return False
    # The fields of an answer without segments or words.
    text_only = {"text", "task", "language", "duration", "usage", "logprobs"}
    return (
        "segments" in value or value.keys() <= text_only or bool(find_all((value,), "words.word"))
    )


_CPP = "transcription.text|transcription.tokens"
_DEEPGRAM = "results.channels.alternatives|results.utterances.transcript"
_ASSEMBLYAI = "audio_duration|audio_url|acoustic_model|language_model|utterances.text"
_AWS = "results.items.alternatives|results.transcripts|results.channel_labels.channels"
_GUESSES = "results.alternatives"
# Google's results may stand in those of a finished operation.
_GOOGLE = "|".join(
    f"{around}{_GUESSES}.{name}" for around in ("", "response.") for name in ("transcript", "words")
)
_AZURE = "recognizedPhrases|combinedRecognizedPhrases|combinedPhrases"

VENDORS = {
    "whisper": Vendor("Whisper", "segments", 0),
    "whisper-cpp": Vendor("whisper.cpp", _CPP, 1000, unknown="?"),
    "deepgram": Vendor("Deepgram", _DEEPGRAM),
    "assemblyai": Vendor("AssemblyAI", _ASSEMBLYAI, 1000, "segments|sentences"),
    "aws": Vendor("Amazon Transcribe", _AWS),
    "rev": Vendor("Rev.ai", "monologues.elements"),
    "google": Vendor(
        *("Google Speech-to-Text", _GOOGLE, 1, f"{_GUESSES}.timestamps|result_index", "Speaker 0")
    ),
    "azure": Vendor("Azure", _AZURE, 10_000_000),
    "speechmatics": Vendor("Speechmatics", f"{_GUESSES}.content"),
    "podcast-json": Vendor("a podcast's host", "segments.body", 0),
    "youtube-json": Vendor("YouTube", "events.segs|events.utf8|events.tStartMs"),
    # ElevenLabs, Fireflies, Gladia, Soniox, Vosk, Watson, Video Indexer, Otter, oTranscribe, …
    "json": Vendor("a recogniser", "", 0),
}


def read_json(name: str, content: str) -> RawSource:
    """The cues of a vendor's document."""
    vendor, value = VENDORS[name], parse_json(content)
    if vendor.has:
        expect(vendor.is_own(value), vendor.maker, f"“{vendor.has.partition('|')[0]}”")
    return read_any(value, vendor)


def is_any(value: object) -> bool:
    """Whether a document of any maker has a list of texts with times or speakers."""
    return discovery.discover(value) is not None


def read_any(value: object, vendor: Vendor = VENDORS["json"]) -> RawSource:
    """The cues of a document, as it shows itself how it is to be read."""
    plan = discovery.discover(value, untimed=vendor.has != "")
    if not plan:
        expect(vendor.has != "", vendor.maker, "a list of texts with times or speakers")
        return close_document(value, (), (), ())
    reader = _Reader(value, vendor, plan)
    cues, left_out, _ = reader.read()
    return close_document(value, reader.taken, cues, left_out)


class _Reader:
    """The reader of one document, which has `taken` the texts of these names from these objects."""

    def __init__(self, root: object, vendor: Vendor, plan: Plan) -> None:
        self._root, self._vendor, self._plan = root, vendor, plan
        self.taken: set[tuple[int, str]] = set()
        self._parts = find_all((self._root,), plan.parts)
        self._per_second = vendor.per_second or 1
        self._turns: list[Cue] = []
        if not vendor.per_second and plan.pieces:
            words = [word for part in self._parts for word in self._read_all(part, plan.pieces)]
            self._per_second = discovery.find_unit(words, samples=plan.samples)
        lists = [self._read_all((self._root,), Pieces(path, "name")) for path in plan.turns]
        turns = [turn._replace(speaker=turn.speaker or turn.text) for one in lists for turn in one]
        self._speakers = {turn.start: turn.speaker for turn in turns}
        timed = (turn for turn in turns if turn.start is not None)
        self._turns = sorted(timed, key=_get_start)

    def read(self) -> RawSource:
        """The cues of all parts, with channels interleaved, and the channels left out."""
        tracks: dict[str, list[Cue]] = {}
        for number, part in enumerate(self._parts):
            labels = (find_label(owner, name, "Channel") for owner in part for name in _CHANNEL)
            channel = next(filter(None, labels), f"Channel {number}" * self._plan.channels)
            tracks.setdefault(channel, []).extend(self._read_part(part))
        return phrasing.interleave_tracks(tracks)

    def _read_part(self, part: Chain) -> tuple[Cue, ...]:
        pieces, whole = self._plan.pieces, self._plan.whole
        text = " ".join(piece.text for piece in self._read_all(part, whole)) if whole else ""
        words = self._read_all(part, pieces) if pieces else []
        count = len(find_keys(phrasing.join_text(words)))
        if pieces and (not whole or count >= max(1, len(find_keys(text)))):
            repeated = 0 if pieces.cues else _count_repeated(words)
            owners = find_all(part, pieces.path)[repeated:]
            self._take((owner for owner, *_ in owners), pieces.text)
            words = words[repeated:]
            if pieces.cues:
                return phrasing.number_cues(words)
            # Glued pieces are the whole text, unless the blanks were removed from the file.
            if pieces.glued and any(word.text != word.text.strip() for word in words):
                text = "".join(word.text for word in words)
            return phrasing.phrase_words(words, text)
        if whole:
            self._take((owner for owner, *_ in find_all(part, whole.path)), whole.text)
        return phrasing.phrase_words([Cue(0, None, f" {word}") for word in text.split()])

    def _take(self, owners: Iterable[object], name: str) -> None:
        for owner in owners:
            lines = find_field(owner, name)
            self.taken.add((id(lines if isinstance(lines, list) else owner), name))

    def _read_all(self, part: Chain, pieces: Pieces) -> list[Cue]:
        words: list[Cue] = []
        for chain in find_all(part, pieces.path):
            word = self._read_piece(chain, pieces)
            words += self._fill(word, chain, pieces.inner) if pieces.inner else (word,)
        return words

    def _read_piece(self, chain: Chain, pieces: Pieces) -> Cue:
        owners = [owner for owner in chain if isinstance(owner, dict) and owner is not self._root]
        names = (discovery.STARTS, discovery.ENDS, discovery.LENGTHS)
        start, end, length = (find_time(owners, kind, self._per_second) for kind in names)
        end = add_milliseconds(start, length) if end is None else end
        people, unknown = self._plan.people, self._vendor.unknown
        speaker = discovery.find_speaker(owners, people, unknown, named=not self._vendor.has)
        text = find_text(chain[0], pieces.text)
        return Cue(0, start, text, end, speaker or self._find_turn(start))

    def _find_turn(self, start: int | None) -> str:
        if start is None or not self._turns:
            return ""
        number = bisect_right(self._turns, start, key=_get_start)
        before = self._turns[number - 1] if number else Cue(0, None, "")
        inside = before.end is None or start <= before.end
        return self._speakers.get(start) or (before.speaker if inside else "")

    def _fill(self, piece: Cue, chain: Chain, inner: Pieces) -> tuple[Cue, ...]:
        """A piece with the text, the times and the speakers that only its inner pieces have."""
        words = self._read_all(chain, inner)
        lacks_text = not has_word(piece.text)
        taken, spoken = [], []
        for (owner, *_), word in zip(find_all(chain, inner.path), words, strict=True):
            control = _CONTROL.fullmatch(word.text)
            if control or lacks_text:
                taken.append(owner)
            if not control:
                spoken.append(word)
        self._take(taken, inner.text)
        text = phrasing.join_text(spoken) if lacks_text else piece.text
        speakers = {word.speaker for word in words if word.speaker}
        only = speakers.pop() if len(speakers) == 1 else ""
        # The times of the piece count before those of its words.
        whole = phrasing.join_words((piece, *words, piece))
        whole = whole._replace(text=text, speaker=piece.speaker or only)
        return (_split_voices(whole, spoken) if speakers else ()) or (whole,)


def _count_repeated(words: Sequence[Cue]) -> int:
    """How many words come again with speakers, as those of all Google's results in the last one."""
    half = len(words) // 2
    once, again = words[:half], words[half:]
    if any(word.speaker for word in once) or not all(word.speaker for word in again):
        return 0
    keys, others = (find_keys(phrasing.join_text(words)) for words in (once, again))
    return half if keys == others else 0


def _split_voices(piece: Cue, words: Sequence[Cue]) -> tuple[Cue, ...]:
    """The runs of words of a piece with one speaker each; none if the words are not its own."""
    voiced = []
    speaker = next(word.speaker for word in words if word.speaker)
    for word in phrasing.group_words(words, piece.text):
        speaker = word.speaker or speaker
        voiced.append(word._replace(speaker=speaker))
    runs = groupby(voiced, key=lambda word: word.speaker)
    return tuple(phrasing.join_words(tuple(run)) for _, run in runs)


def _get_start(word: Cue) -> int:
    return word.start or 0
