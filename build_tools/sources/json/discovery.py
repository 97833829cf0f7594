"""The lists of texts in JSON of any maker, their fields, and how to read the one of the speech."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import log
from statistics import median
from typing import NamedTuple
from xml.etree.ElementTree import Element

from build_tools.model.source import Cue
from build_tools.sources.json import document
from build_tools.sources.json.document import GUESSES, Object, find_field, find_label, find_text
from build_tools.sources.markup import local_name
from build_tools.sources.times import count_time
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
_CHANNELS = ".channels"
_PATH_SIGNS = frozenset(".|[]*")
# An object, and the piece that it is a guess at.
Owners = tuple[Object, ...]


class _List(NamedTuple):
    """The objects with words at a path: the name of their text, their number, and their words.

    `timed` and `named` count those with a time and a speaker. `glued` ones have their own blanks.
    """

    path: str
    text: str
    size: int
    words: int
    timed: int
    named: int
    glued: bool

    @property
    def is_words(self) -> bool:
        """Whether its pieces are single words."""
        return self.path.rpartition(".")[2] in _WORDS or 5 * self.words <= 6 * self.size

    def rank(self) -> tuple[bool, bool, bool]:
        """Channels and lists with speakers first, then pieces that are neither words nor long."""
        is_long = self.words > _LONGEST * self.size
        nameless = 2 * self.named < self.size
        return _CHANNELS not in self.path, nameless, is_long and not self.is_words


class Pieces(NamedTuple):
    """The path of a list of words, or of `cues`, and the name of their text.

    `inner` pieces repeat a piece, and supply what it lacks.
    """

    path: str
    text: str
    cues: bool = False
    glued: bool = False
    inner: Pieces | None = None


class Plan(NamedTuple):
    """How to read a document: its parts or `channels`, the pieces in each, and the whole text.

    Where the whole text has more words, it counts, without times. `turns` are the paths of lists of
    speakers by time, `people` names by ids. Otter counts the `samples` of the sound.
    """

    parts: str = ""
    pieces: Pieces | None = None
    whole: Pieces | None = None
    channels: bool = False
    turns: tuple[str, ...] = ()
    people: Mapping[str, str] = {}
    samples: bool = False


def value_of(element: Element, depth: int = 0) -> object:
    """An XML element as an object of JSON, or as its text if it has nothing else."""
    if depth > document.DEEPEST:
        raise document.too_deep()
    children: dict[str, list[object]] = {}
    for child in element:
        children.setdefault(local_name(child.tag), []).append(value_of(child, depth + 1))
    text = "".join([element.text or "", *(child.tail or "" for child in element)])
    if not element.attrib and not children:
        return text
    attributes = {local_name(name): member for name, member in element.attrib.items()}
    own: Object = {"text": text, **attributes}
    return own | {name: one[0] if one[1:] == [] else one for name, one in children.items()}


def discover(value: object, *, untimed: bool = False) -> Plan | None:
    """How to read a document, or None without times and speakers unless it may be `untimed`."""
    objects: dict[str, list[Owners]] = {}
    for path, owners in _find_objects((), value):
        objects.setdefault(path, []).append(owners)
    people = find_people(owners[0] for lists in objects.values() for owners in lists)
    lists = [_count(path, owners) for path, owners in objects.items()]
    spoken = [found for found in lists if found.words]
    timed = [found for found in spoken if found.path and 2 * found.timed >= found.size]
    named = [found for found in spoken if found.path and 2 * found.named >= found.size]
    most = max((one.words for one in timed), default=0)
    if 2 * most >= max((one.words for one in named), default=1):
        named = timed
    most = max((found.words for found in named), default=0)
    text = max(spoken, key=lambda one: one.words, default=None)
    if untimed and text and 2 * most < text.words:
        return Plan(whole=Pieces(text.path, text.text))
    if not named:
        return None
    best = min((one for one in named if 10 * one.words >= 9 * most), key=_List.rank)
    turns = [one for one in lists if min(one.timed, one.named) * 2 >= one.size]
    turns = [one for one in turns if not one.words or 10 * one.words >= 9 * best.words]
    turns = [] if 2 * best.named >= best.size else sorted(turns, key=lambda one: -one.size)
    samples = any("speaker_model_label" in owner for owner, *_ in objects[best.path])
    plan = _plan(best, spoken)
    return plan._replace(turns=tuple(one.path for one in turns), people=people, samples=samples)


def _plan(best: _List, lists: list[_List]) -> Plan:
    if not best.is_words:
        inside = [one for one in lists if one.is_words and _holds(best.path, one.path)]
        inner = max(inside, key=lambda one: one.words, default=None)
        rest = Pieces(_below(best.path, inner.path), inner.text) if inner else None
        return Plan(pieces=Pieces(best.path, best.text, cues=True, inner=rest))
    same = (one for one in lists if 9 * one.words <= 10 * best.words <= 11 * one.words)
    around = [one for one in same if one is not best and _holds(_part_of(one), best.path)]
    text = max(around, key=lambda one: (_holds(one.path, best.path), len(one.path)), default=None)
    before, channels, _ = best.path.partition(_CHANNELS)
    parts = before + channels if channels else ""
    if text and not channels:
        parts = text.path if _holds(text.path, best.path) else _part_of(text)
    whole = None
    if text and _holds(parts, text.path):
        whole = Pieces(_below(parts, text.path), text.text)
    pieces = Pieces(_below(parts, best.path), best.text, glued=best.glued)
    return Plan(parts, pieces, whole, channels=channels != "")


def _part_of(found: _List) -> str:
    return found.path.rpartition(".")[0]


def _holds(path: str, inner: str) -> bool:
    """Whether the objects at a path have others inside, or are those."""
    return not path or f"{inner}.".startswith(f"{path}.")


def _below(path: str, inner: str) -> str:
    return inner[len(path) :].removeprefix(".")


def _count(path: str, objects: list[Owners]) -> _List:
    words: Counter[str] = Counter()
    for owner, *_ in objects:
        for name in _TEXTS:
            if isinstance(owner.get(name), str | list | Decimal):
                words[name] += len(find_keys(find_text(owner, name)))
    text = max(_TEXTS, key=lambda name: words[name])
    shown = [find_text(owner, text) for owner, *_ in objects]
    spoken = [owners for owners, said in zip(objects, shown, strict=True) if has_word(said)]
    spoken = spoken or objects
    timed = sum(find_time(owners, STARTS, 1) is not None for owners in spoken)
    named = sum(bool(find_speaker(owners, {}, "", named=True)) for owners in spoken)
    apart = 5 * sum(said != said.strip() for said in shown) >= len(shown)
    glued = apart or any(said.isspace() for said in shown)
    return _List(path, text, len(spoken), words[text], timed, named, glued)


def _find_objects(
    around: Owners, value: object, path: str = "", *, listed: bool = True
) -> Iterator[tuple[str, Owners]]:
    """Every object with its path; a first guess also with the piece that it is a guess at."""
    if isinstance(value, dict):
        owners = (value, *around)
        yield path, owners
        for name, member in value.items():
            if not _PATH_SIGNS & set(name):
                inner = f"{path}.{name}" if path else name
                guessed = owners if name in GUESSES else ()
                yield from _find_objects(guessed, member, inner, listed=False)
    elif isinstance(value, list):
        guesses = not listed and path.rpartition(".")[2] in GUESSES
        inner = f"{path}[0]" if guesses else f"{path}.*".lstrip(".") if listed else path
        for member in value[:1] if guesses else value:
            yield from _find_objects(around, member, inner)


# The steps to a time, and the number of its units in a second if the name tells it, or 0.
TimeName = tuple[tuple[str, ...], int]
_UNITS = {"Ticks": 10_000_000, "Milliseconds": 1000, "Ms": 1000, "_ms": 1000, "Millis": 1000}


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


def find_time(owners: Iterable[Object], names: tuple[TimeName, ...], per_second: int) -> int | None:
    """The time of a piece, or of what is around it, in milliseconds."""
    for owner in owners:
        for (first, *steps), own in names:
            if first in owner:
                value = document.find_value(owner[first], steps)
                # Gentle counts letters where others have a time.
                letters = "case" in owner and first.endswith("Offset")
                time = None if letters else count_time(value, own or per_second)
                if time is not None:
                    return time
    return None


def find_speaker(
    owners: Sequence[Object], people: Mapping[str, str], unknown: str, *, named: bool = False
) -> str:
    """The label of a piece, or of what is around it; of a piece `named`, also its `name`."""
    for number, owner in enumerate(owners):
        for name in (*_SPEAKER, "name") if named and not number else _SPEAKER:
            if name in owner:
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
    for owner in owners:
        for found in (find_field(owner, name) for name in _PEOPLE):
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
    if usual < _SPARSE:
        return 1
    units = (1000, _SAMPLES) if samples else _PER_SECOND
    return min(units, key=lambda unit: abs(log(usual / unit)))
