"""Words that sound like another one: two spellings of a name, and unknown words."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from build_tools.authoring.suggest.evidence import Finding, ReadTranscript, shorten_by_one
from build_tools.model.edition import Kind
from build_tools.text.frequencies import Frequencies
from build_tools.text.sounds import sound_distance, sound_key, spelling_likeness
from build_tools.text.words import find_keys

# Occurrences in a million words of print below which a word with a capital is a name.
_NAME = 40.0
# How many of the most common spellings of one sound a name is compared with.
_MOST_SPELLINGS = 12
# For names of which one sound differs, and more.
_MIN_SPELLING_LIKENESS = (0.8, 0.85)
_STEM_ENDINGS = ("s", "ed", "ing", "er", "ly", "ness", "ish", "y", "ization", "ism", "able")


class _Spelling(NamedTuple):
    """A possible name: its key, its first written form, and the numbers of its words.

    It is `known` if the glossary, the speakers or other transcripts have it.
    """

    key: str
    written: str
    numbers: list[int]
    known: bool


def find_spellings(evidence: ReadTranscript) -> Iterator[Finding]:
    """Names that sound like a known or a more common one, and words that no list has."""
    if not evidence.english:
        return
    spellings = _collect_spellings(evidence, evidence.english)
    written = {spelling.key for spelling in spellings}
    others = (_Spelling(*one, [], known=True) for one in evidence.known.items())
    others = (one for one in others if one.key not in written)
    by_sound: dict[str, list[_Spelling]] = defaultdict(list)
    for spelling in sorted((*spellings, *others), key=_rank, reverse=True):
        for sound in shorten_by_one(sound_key(spelling.key)):
            if len(by_sound[sound]) < _MOST_SPELLINGS:
                by_sound[sound].append(spelling)
    for spelling in spellings:
        if not spelling.known:
            unlisted = evidence.frequency(spelling.key) == 0
            yield from _report(evidence, spelling, _find_nearest(spelling, by_sound, unlisted))


def _rank(spelling: _Spelling) -> tuple[bool, int]:
    return spelling.known, len(spelling.numbers)


def _collect_spellings(evidence: ReadTranscript, lists: Frequencies) -> list[_Spelling]:
    """Unknown words, and words with a capital inside a sentence, but no handles and addresses."""
    names = [form for entry in evidence.entries for form in entry.forms]
    names += evidence.transcript.edition.speakers.values()
    known = {key for name in names for key in find_keys(name)} | evidence.known.keys()
    found: dict[str, _Spelling] = {}
    for number, key in enumerate(evidence.keys):
        if not evidence.is_free(number, number + 1) or len(key) < 3 or evidence.is_address(number):
            continue
        bare = key.removesuffix("'s")
        written = evidence.text(number, number + 1)[: len(bare)]
        frequency = evidence.frequency(bare)
        name = frequency < _NAME and evidence.is_capital(number)
        if name or (len(bare) > 3 and frequency == 0 and not lists.knows(bare)):
            listed = not known.isdisjoint({bare, bare.removesuffix("s")})
            spelling = _Spelling(bare, written, [], listed)
            found.setdefault(bare, spelling).numbers.append(number)
    return list(found.values())


def _find_nearest(
    spelling: _Spelling, by_sound: dict[str, list[_Spelling]], unlisted: bool
) -> _Spelling | None:
    """The name that a word sounds like: a known one for a word of no list, else the commonest."""
    near = [
        other
        for sound in sorted(shorten_by_one(sound_key(spelling.key)))
        for other in by_sound[sound]
        if ((other.known and unlisted) or len(other.numbers) > len(spelling.numbers))
        and _is_near(other.key, spelling.key)
    ]
    return max(near, key=_rank, default=None)


def _is_near(one: str, other: str) -> bool:
    """Whether two words are nearly spelt alike, and are no forms of one word."""
    least = _MIN_SPELLING_LIKENESS[sound_distance(one, other) > 1]
    short, long = sorted((one, other), key=len)
    stem = short[: max(len(short) - 1, 4)]
    is_form = long.startswith(stem) and long.endswith(_STEM_ENDINGS)
    return spelling_likeness(one, other) >= least and not is_form


def _report(
    evidence: ReadTranscript, spelling: _Spelling, other: _Spelling | None
) -> Iterator[Finding]:
    """The places of a name that resembles another one, or else of an unknown word."""
    key, written, numbers, _ = spelling
    times = f", which stands here {len(numbers)} times," if len(numbers) > 1 else ""
    weight = float(-len(numbers))
    if other:
        grade, weight = "two spellings", spelling_likeness(key, other.key)
        why = f"“{written}”{times} sounds like “{other.written}”; which one is right?"
        if other.known:
            distance = sound_distance(key, other.key)
            grade = f"known spelling, {'near' if distance else 'same'} sound"
            why = f"“{written}” sounds like “{other.written}”, which other places have"
    elif not _is_unknown(evidence, spelling):
        return
    elif written[:1].isupper():
        grade, why = "unknown name", f"“{written}”{times} is a name of no list; is it written so?"
    else:
        grade, why = "unknown word", f"“{written}”{times} is a word of no list; was it said?"
    for number in numbers:
        ending = evidence.keys[number].removeprefix(key)
        said = other.written + ending if other and other.known else None
        yield Finding(number, number + 1, said, Kind.NAME, grade, why, weight)


def _is_unknown(evidence: ReadTranscript, spelling: _Spelling) -> bool:
    """Whether no list has a word, nor its parts or its beginning, as of “linearization”."""
    key, written, numbers, _ = spelling
    # Recognisers know initialisms.
    if evidence.frequency(key) or len(key) < 4 or written.removesuffix("s").isupper():
        return False
    if written[:1].islower():
        return all(evidence.frequency(key[:end]) < 1 for end in range(5, len(key)))
    made = bool(evidence.english and evidence.english.knows(key)) and written[1:].islower()
    return len(numbers) == 1 or not made
