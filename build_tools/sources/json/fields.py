"""The times and speakers of pieces of speech in JSON, under all names that files have for them."""

from collections.abc import Iterable, Mapping, Sequence
from math import log
from statistics import median

from build_tools.model.source import Cue
from build_tools.sources.json.document import Object, find_field, find_label, find_value
from build_tools.sources.times import count_time
from build_tools.text.words import find_keys

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
# Otter counts samples.
_SAMPLES = 16_000


def find_time(owners: Iterable[Object], names: tuple[TimeName, ...], per_second: int) -> int | None:
    """The time of a piece, or of what is around it, in milliseconds."""
    for owner in owners:
        for (first, *steps), own in names:
            if first in owner:
                value = find_value(owner[first], steps)
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

    A word usually takes 0.4 seconds: the unit that comes nearest to this counts, unless words take
    less than 300 times as long, as in sparse captions. A time with a fraction is in seconds.
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
