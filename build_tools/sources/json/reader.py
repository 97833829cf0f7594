"""The reader of JSON: which lists of texts hold the speech, and their pieces as cues.

The recognisers and hosts whose JSON is read are a row each; `json` is every other list of texts.
Their fields tell whose a document is. `tests/json_sources.md` shows a document of each.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from math import log
from operator import attrgetter
from statistics import median
from typing import NamedTuple
from xml.etree.ElementTree import Element

from build_tools.model.source import Cue
from build_tools.sources.json import phrasing
from build_tools.sources.json.document import (
    GUESSES,
    Chain,
    Document,
    close_document,
    expect,
    find_field,
    find_label,
    find_text,
    parse_json,
)
from build_tools.sources.markup import local_name
from build_tools.sources.raw import RawSource
from build_tools.sources.times import add_milliseconds, count_milliseconds
from build_tools.text.words import find_keys, has_word

# The names of a text, in the order in which they are tried.
_TEXTS = (
    *("punctuated_word", "punct", "text", "word", "body", "sentence", "transcript", "content"),
    *("display", "utf8", "value", "lines", "utterance", "message", "caption", "words"),
    *("raw_text", "full_transcript", "Content"),
)
_WORDS = ("words", "tokens", "items", "Items", "elements", "alignment")
# The most words of a piece that makes a cue; longer ones are told by their single words.
_LONGEST = 40
_CHANNELS, _CHANNEL = ".channels", ("channel_label", "channelTag", "channel")
# The control tokens of a model: a beginning, a time, an end.
_CONTROL = re.compile(r"\s*(?:\[_\w{1,20}\]|<\|[\w.]{1,20}\|>)\s*")
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
# The steps to a time, and the number of its units in a second if the name tells it, or 0.
TimeName = tuple[tuple[str, ...], int]
_UNITS = {"Ticks": 10_000_000, "Milliseconds": 1000, "Ms": 1000, "_ms": 1000, "Millis": 1000}
_SPEAKER = (
    *("voice", "speaker_info", "speakerLabel", "speaker", "speaker_label", "speakerTag"),
    *("speaker_tag", "speaker_name", "speakerName", "speaker_id", "speakerId", "spk"),
    *("speakerDisplayName", "user_name", "userName", "ParticipantRole", "ParticipantId"),
)
_PERSON = ("display_name", "speaker_name", "name", "label")
_PEOPLE = ("speakers", "participants", "speaker_names", "speakerNames")
# The usual time of a word in seconds, and the units of a second that files count in.
_WORD = 0.4
# Milliseconds make words seem 1,000 times as long, and 300 times where eight are said in a second.
_SPARSE = 300
_PER_SECOND = (1, 1000, 1_000_000, 10_000_000)
_SAMPLES = 16_000


class Vendor(NamedTuple):
    """A maker of JSON: the paths that only its documents have, and a path that they never have.

    A `per_second` of 0 finds the unit of times from the whole list.
    """

    maker: str
    has: str
    per_second: int = 1
    lacks: str = ""
    unknown: str = ""

    def is_own(self, document: object) -> bool:
        """Whether a document is of this maker."""
        if not isinstance(document, Document):
            return False
        if not self.has:
            others = (one for one in VENDORS.values() if one.has)
            return not any(one.is_own(document) for one in others) and is_any(document)
        if self.maker == "Whisper":
            return _is_whisper(document)
        has, lacks = ({*paths.split("|")} for paths in (self.has, self.lacks))
        return bool(has & document.fields) and not lacks & document.fields

    def read(self, content: str) -> RawSource:
        """The cues of a document of this maker."""
        document = parse_json(content)
        fits = self.has == "" or self.is_own(document)
        expect(fits, self.maker, f"“{self.has.partition('|')[0]}”")
        return read_any(document, self)


def _is_whisper(document: Document) -> bool:
    paths, own = ("*", "segments", "chunks"), {"start", "end", "timestamp", "words", "speaker"}
    pieces = [piece for path in paths for piece, *_ in document.objects.get(path, [])]
    if any("text" in piece and own & piece.keys() for piece in pieces if isinstance(piece, dict)):
        return True
    root = document.root
    if pieces or not isinstance(root, dict) or not isinstance(root.get("text"), str):
        return False
    # The fields of an answer without segments or words.
    text_only = {"text", "task", "language", "duration", "usage", "logprobs"}
    return "segments" in root or root.keys() <= text_only or "words.word" in document.fields


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


def value_of(element: Element) -> object:
    """An XML element as an object of JSON, or as its text if it has nothing else."""
    children: dict[str, list[object]] = {}
    for child in element:
        children.setdefault(local_name(child.tag), []).append(value_of(child))
    text = "".join([element.text or "", *(child.tail or "" for child in element)])
    if not element.attrib and not children:
        return text
    attributes = {local_name(name): member for name, member in element.attrib.items()}
    one_or_all = {name: one[0] if one[1:] == [] else one for name, one in children.items()}
    return {"text": text, **attributes, **one_or_all}


# Which lists hold the speech ----------------------------------------------------------------------


class Pieces(NamedTuple):
    """The objects with words at a path: the name of their text, their number, and their words.

    `timed` and `named` count those with a time and a speaker. `glued` ones have their own blanks.
    """

    path: str
    text: str
    size: int = 0
    words: int = 0
    timed: int = 0
    named: int = 0
    glued: bool = False

    @property
    def are_words(self) -> bool:
        """Whether they are single words."""
        return self.path.rpartition(".")[2] in _WORDS or 5 * self.words <= 6 * self.size

    def rank(self) -> tuple[bool, bool, bool]:
        """Channels and lists with speakers first, then pieces that are neither words nor long."""
        is_long = self.words > _LONGEST * self.size
        nameless = 2 * self.named < self.size
        return _CHANNELS not in self.path, nameless, is_long and not self.are_words


class Plan(NamedTuple):
    """How to read a document: its parts or `channels`, the pieces in each, and the whole text.

    `inner` pieces repeat a piece, and supply what it lacks. Where the whole text has more words, it
    counts, without times. `turns` are the paths of lists of speakers by time, `people` names by
    ids. Otter counts the `samples` of the sound.
    """

    parts: str = ""
    pieces: Pieces | None = None
    inner: Pieces | None = None
    whole: Pieces | None = None
    channels: bool = False
    turns: tuple[str, ...] = ()
    people: Mapping[str, str] = {}
    samples: bool = False


def is_any(document: Document) -> bool:
    """Whether a document of any maker has a list of texts with times or speakers."""
    return _discover(document) is not None


def _discover(document: Document, *, untimed: bool = False) -> Plan | None:
    """How to read a document, or None without times and speakers unless it may be `untimed`."""
    lists = [_count(path, found) for path, found in document.objects.items()]
    spoken = [one for one in lists if one.words]
    timed = [one for one in spoken if one.path and 2 * one.timed >= one.size]
    named = [one for one in spoken if one.path and 2 * one.named >= one.size]
    most = max((one.words for one in timed), default=0)
    if 2 * most >= max((one.words for one in named), default=1):
        named = timed
    most = max((one.words for one in named), default=0)
    text = max(spoken, key=lambda one: one.words, default=None)
    if untimed and text and 2 * most < text.words:
        return Plan(whole=text)
    if not named:
        return None
    best = min((one for one in named if 10 * one.words >= 9 * most), key=Pieces.rank)
    turns = [one for one in lists if min(one.timed, one.named) * 2 >= one.size]
    turns = [one for one in turns if not one.words or 10 * one.words >= 9 * best.words]
    turns = [] if 2 * best.named >= best.size else sorted(turns, key=lambda one: -one.size)
    return _plan(best, spoken)._replace(
        turns=tuple(one.path for one in turns),
        people=find_people(owner for found in document.objects.values() for owner, *_ in found),
        samples=f"{best.path}.speaker_model_label" in document.fields,
    )


def _plan(best: Pieces, lists: Sequence[Pieces]) -> Plan:
    if not best.are_words:
        inside = (one for one in lists if one.are_words and _holds(best.path, one.path))
        return Plan(pieces=best, inner=max(inside, key=lambda one: one.words, default=None))
    same = (one for one in lists if 9 * one.words <= 10 * best.words <= 11 * one.words)
    outer = {one: one.path.rpartition(".")[0] for one in same if one is not best}
    around = [one for one, path in outer.items() if _holds(path, best.path)]
    text = max(around, key=lambda one: (_holds(one.path, best.path), len(one.path)), default=None)
    before, channels, _ = best.path.partition(_CHANNELS)
    parts = before + channels if channels else ""
    if text and not channels:
        parts = text.path if _holds(text.path, best.path) else outer[text]
    whole = text if text and _holds(parts, text.path) else None
    return Plan(parts, best, whole=whole, channels=channels != "")


def _holds(path: str, inner: str) -> bool:
    """Whether the objects at a path have others inside, or are those."""
    return not path or f"{inner}.".startswith(f"{path}.")


def _count(path: str, objects: Sequence[Chain]) -> Pieces:
    words: Counter[str] = Counter()
    for owner, *_ in objects:
        for name in _TEXTS:
            if said := find_text(owner, name):
                words[name] += len(find_keys(said))
    text = max(_TEXTS, key=lambda name: words[name])
    shown = [find_text(owner, text) for owner, *_ in objects]
    spoken = [found for found, said in zip(objects, shown, strict=True) if has_word(said)]
    # A guess has the times and the speaker of what it is a guess at.
    near = 1 + (path.rpartition(".")[2].removesuffix("[0]") in GUESSES)
    owners = [found[:near] for found in spoken or objects]
    timed = sum(find_time(chain, STARTS, 1) is not None for chain in owners)
    named = sum(bool(find_speaker(chain, {}, "", named=True)) for chain in owners)
    apart = 5 * sum(said != said.strip() for said in shown) >= len(shown)
    glued = apart or any(said.isspace() for said in shown)
    return Pieces(path, text, len(owners), words[text], timed, named, glued)


# Times and speakers under the names that any maker gives them ------------------------------------


def _split_names(names: str) -> tuple[TimeName, ...]:
    return tuple(
        (tuple(name.split(".")), max(_UNITS[end] * name.endswith(end) for end in _UNITS))
        for name in names.split()
    )


# In the order in which they are tried.
STARTS = _split_names("""
    start startTime start_time startOffset start_offset ts tStartMs time timestamp.0 offsets.from
    timestamps.from offsetInTicks offsetMilliseconds offsetInMs offset begin start_ms startMs
    startTimeMs startTimecode data_start timestamp instances.0.start from
    BeginOffsetMillis
""")
ENDS = _split_names("""
    end endTime end_time endOffset end_offset end_ts timestamp.1 offsets.to timestamps.to stop
    end_ms endMs endTimeMs endTimecode data_end instances.0.end to EndOffsetMillis
""")
LENGTHS = _split_names(
    "durationInTicks durationMilliseconds durationInMs dDurationMs duration_ms duration dur"
)


def find_time(owners: Iterable[object], names: tuple[TimeName, ...], per_second: int) -> int | None:
    """The time of a piece, or of what is around it, in milliseconds."""
    for owner in owners:
        for steps, own in names:
            if isinstance(owner, dict) and steps[0] in owner:
                # Gentle counts letters where others have a time.
                letters = steps[0].endswith("Offset") and "case" in owner
                value = None if letters else find_field(owner, *steps)
                time = count_milliseconds(value, own or per_second)
                if time is not None:
                    return time
    return None


def find_speaker(
    owners: Sequence[object], people: Mapping[str, str], unknown: str, *, named: bool = False
) -> str:
    """The label of a piece, or of what is around it; of a piece `named`, also its `name`."""
    for number, owner in enumerate(owners):
        for name in (*_SPEAKER, "name") if named and not number else _SPEAKER:
            if isinstance(owner, dict) and name in owner:
                known = people.get(find_label(owner, name))
                label = known or find_label(owner, name, "Speaker") or _find_person(owner[name])
                if label and label != unknown:
                    return label
    return ""


def _find_person(person: object) -> str:
    return next(filter(None, (find_label(person, name) for name in _PERSON)), "")


def find_people(owners: Iterable[object]) -> dict[str, str]:
    """The names of speakers by their ids: objects have lists of people, or names by id."""
    people: dict[str, str] = {}
    for found in (find_field(owner, name) for owner in owners for name in _PEOPLE):
        if isinstance(found, dict):
            people |= {key: find_label(found, key) or _find_person(found[key]) for key in found}
        for person in found if isinstance(found, list) else ():
            number = find_label(person, "id") or find_label(person, "speaker_id")
            people[number] = _find_person(person)
    return {number: name for number, name in people.items() if number and name}


def find_unit(words: Sequence[Cue], *, samples: bool = False) -> int:
    """The units of a second in which times are counted, if they were read as seconds.

    A word usually takes 0.4 seconds. A time with a fraction is in seconds.
    """
    timed = [word for word in words if word.start is not None and find_keys(word.text)]
    following = [*(word.start for word in timed[1:]), None]
    lengths = [
        ((word.end or after or 0) - (word.start or 0)) / 1000 / len(find_keys(word.text))
        for word, after in zip(timed, following, strict=False)
    ]
    lengths = [length for length in lengths if length > 0]
    if len(lengths) < 3 or any((word.start or 0) % 1000 for word in timed):
        return 1
    usual = median(lengths) / _WORD
    units = (1000, _SAMPLES) if samples else _PER_SECOND
    return min(units, key=lambda unit: abs(log(usual / unit))) if usual >= _SPARSE else 1


# Their pieces as cues -----------------------------------------------------------------------------


def read_any(document: Document, vendor: Vendor | None = None) -> RawSource:
    """The cues of a document, as it shows itself how it is to be read."""
    vendor = vendor or VENDORS["json"]
    plan = _discover(document, untimed=vendor.has != "")
    if not plan:
        expect(vendor.has != "", vendor.maker, "a list of texts with times or speakers")
        return close_document(document, (), (), ())
    reader = _Reader(document, vendor, plan)
    cues, left_out, _ = reader.read()
    return close_document(document, reader.taken, cues, left_out)


class _Reader:
    """The reader of one document, which has `taken` the texts of these names from these objects."""

    def __init__(self, document: Document, vendor: Vendor, plan: Plan) -> None:
        self._document, self._vendor, self._plan = document, vendor, plan
        self.taken: set[tuple[int, str]] = set()
        self._parts = document.find(plan.parts)
        self._per_second = vendor.per_second or 1
        self._turns: list[Cue] = []
        if not vendor.per_second and plan.pieces:
            words = [word for part in self._parts for word in self._read_all(part, plan.pieces)]
            self._per_second = find_unit(words, samples=plan.samples)
        for path in plan.turns:
            turns = self._read_all(document.find("")[0], Pieces(path, "name"))
            self._turns += (turn for turn in turns if turn.start is not None)
        self._turns.sort(key=attrgetter("start"))

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
        if whole and (not pieces or count < max(1, len(find_keys(text)))):
            self._take(self._document.find_in(part, whole.path), whole.text)
            words = [Cue(0, None, f" {word}") for word in text.split()]
            return phrasing.phrase_words(words)
        if not pieces:
            return ()
        repeated = _count_repeated(words) if pieces.are_words else 0
        self._take(self._document.find_in(part, pieces.path)[repeated:], pieces.text)
        words = words[repeated:]
        if not pieces.are_words:
            return phrasing.number_cues(words)
        # Glued pieces are the whole text, unless the blanks were removed from the file.
        if pieces.glued and any(word.text != word.text.strip() for word in words):
            text = "".join(word.text for word in words)
        return phrasing.phrase_words(words, text)

    def _take(self, objects: Iterable[Chain], name: str) -> None:
        for owner, *_ in objects:
            lines = find_field(owner, name)
            self.taken.add((id(lines if isinstance(lines, list) else owner), name))

    def _read_all(self, part: Chain, pieces: Pieces) -> list[Cue]:
        words: list[Cue] = []
        inner = self._plan.inner if pieces is self._plan.pieces else None
        for found in self._document.find_in(part, pieces.path):
            word = self._read_piece(found, pieces)
            words += self._fill(word, found, inner) if inner else (word,)
        return words

    def _read_piece(self, found: Chain, pieces: Pieces) -> Cue:
        owners = [owner for owner in found if owner is not self._document.root]
        kinds = (STARTS, ENDS, LENGTHS)
        start, end, length = (find_time(owners, kind, self._per_second) for kind in kinds)
        end = add_milliseconds(start, length) if end is None else end
        people, unknown = self._plan.people, self._vendor.unknown
        speaker = find_speaker(owners, people, unknown, named=not self._vendor.has)
        text = find_text(found[0], pieces.text)
        if not speaker and start is not None:
            number = bisect_right(self._turns, start, key=attrgetter("start"))
            turn = self._turns[number - 1] if number else Cue(0, None, "")
            if turn.end is None or start <= turn.end or start == turn.start:
                speaker = turn.speaker or turn.text
        return Cue(0, start, text, end, speaker)

    def _fill(self, piece: Cue, found: Chain, inner: Pieces) -> tuple[Cue, ...]:
        """A piece with the text, the times and the speakers that only its inner pieces have."""
        words = self._read_all(found, inner)
        lacks_text = not has_word(piece.text)
        spoken = []
        for owner, word in zip(self._document.find_in(found, inner.path), words, strict=True):
            control = _CONTROL.fullmatch(word.text)
            if control or lacks_text:
                self._take([owner], inner.text)
            if not control:
                spoken.append(word)
        text = phrasing.join_text(spoken) if lacks_text else piece.text
        speakers = {word.speaker for word in words if word.speaker}
        only = next(iter(speakers)) if len(speakers) == 1 else ""
        # The times of the piece count before those of its words.
        whole = phrasing.join_words((piece, *words, piece))
        whole = whole._replace(text=text, speaker=piece.speaker or only)
        if len(speakers) < 2:
            return (whole,)
        # Runs of words with one speaker each, if the words are those of the piece.
        voiced = []
        speaker = next(word.speaker for word in spoken if word.speaker)
        for word in phrasing.group_words(spoken, text):
            speaker = word.speaker or speaker
            voiced.append(word._replace(speaker=speaker))
        runs = groupby(voiced, key=attrgetter("speaker"))
        return tuple(phrasing.join_words(tuple(run)) for _, run in runs) or (whole,)


def _count_repeated(words: Sequence[Cue]) -> int:
    """How many words come again with speakers, as those of all Google's results in the last one."""
    half = len(words) // 2
    once, again = words[:half], words[half:]
    if any(word.speaker for word in once) or not all(word.speaker for word in again):
        return 0
    keys, others = (find_keys(phrasing.join_text(words)) for words in (once, again))
    return half if keys == others else 0
