"""Names that a transcript spells in two ways, and names that the glossary does not explain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from build_tools.authoring.suggest.evidence import Evidence, Finding, shorten_by_one
from build_tools.model.edition import Kind
from build_tools.text.sounds import sound_distance, sound_key, spelling_likeness
from build_tools.text.words import find_keys

_MIN_LIKENESS = 0.8
# Occurrences in a million words of print below which a word with a capital is a name.
_NAME = 40.0
# Occurrences above which a word was hardly misheard every time.
_OFTEN = 2
# How many of the most common words of one sound a word is compared with.
_MOST = 12
_ENDINGS = ("s", "es", "ed", "ing", "er", "ers", "ly", "ness", "ish", "y", "ization", "ism", "able")


class _Spelling(NamedTuple):
    """A possible name: its key, its first written form, and the numbers of its words."""

    key: str
    written: str
    numbers: list[int]


def find_spellings(evidence: Evidence) -> Iterator[Finding]:
    """Rare names that sound like a more common one, and words that no list has."""
    if not evidence.english:
        return
    spellings = _collect_spellings(evidence)
    by_sound: dict[str, list[_Spelling]] = defaultdict(list)
    for spelling in spellings:
        for sound in shorten_by_one(sound_key(spelling.key)):
            by_sound[sound].append(spelling)
    for alike in by_sound.values():
        alike.sort(key=lambda spelling: -len(spelling.numbers))
        del alike[_MOST:]
    names = [form for entry in evidence.entries for form in entry.forms]
    names += evidence.transcript.edition.speakers.values()
    explained = {key for name in names for key in find_keys(name)}
    for spelling in spellings:
        if spelling.key in explained:
            continue
        other = _find_nearest(spelling, by_sound)
        if other:
            yield from _report_variant(evidence, spelling, other)
        elif _is_strange(evidence, spelling):
            yield from _report_unknown(evidence, spelling)


def _collect_spellings(evidence: Evidence) -> list[_Spelling]:
    """Unknown words, and words with a capital inside a sentence."""
    found: dict[str, _Spelling] = {}
    for number, key in enumerate(evidence.keys):
        if not evidence.is_free(number, number + 1) or len(key) < 3:
            continue
        bare = key.removesuffix("'s")
        written = evidence.text(number, number + 1)[: len(bare)]
        name = evidence.is_capital(number) and evidence.frequency(bare) < _NAME
        if name or _is_unknown(evidence, bare):
            found.setdefault(bare, _Spelling(bare, written, [])).numbers.append(number)
    return list(found.values())


def _is_unknown(evidence: Evidence, key: str) -> bool:
    """Whether the lists have neither the word nor its parts."""
    return len(key) > 3 and evidence.frequency(key) == 0 and not evidence.is_english(key)


def _is_strange(evidence: Evidence, spelling: _Spelling) -> bool:
    """Whether no list has a rare word; initialisms are left out, since recognisers know them."""
    unknown = evidence.frequency(spelling.key) == 0 and not spelling.written.isupper()
    return unknown and len(spelling.key) > 3 and len(spelling.numbers) <= _OFTEN


def _find_nearest(spelling: _Spelling, by_sound: dict[str, list[_Spelling]]) -> _Spelling | None:
    """The most common of the names that are more common than a word and sound like it."""
    near = [
        other
        for sound in sorted(shorten_by_one(sound_key(spelling.key)))
        for other in by_sound[sound]
        if len(other.numbers) > len(spelling.numbers)
        and sound_distance(other.key, spelling.key) <= 1
        and spelling_likeness(other.key, spelling.key) >= _MIN_LIKENESS
        and not _same_stem(other.key, spelling.key)
    ]
    return max(near, key=lambda other: len(other.numbers), default=None)


def _same_stem(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return long.startswith(short[: max(len(short) - 1, 4)]) and long.endswith(_ENDINGS)


def _report_variant(evidence: Evidence, spelling: _Spelling, other: _Spelling) -> Iterator[Finding]:
    times = f"{len(other.numbers)} times"
    why = f"“{other.written}” stands here {times}, and “{spelling.written}” sounds like it"
    weight = spelling_likeness(spelling.key, other.key)
    for number in spelling.numbers:
        said = other.written + ("'s" if evidence.keys[number] != spelling.key else "")
        yield Finding(number, number + 1, said, Kind.NAME, "two spellings", why, weight)


def _report_unknown(evidence: Evidence, spelling: _Spelling) -> Iterator[Finding]:
    number = spelling.numbers[0]
    capital = spelling.written[:1].isupper()
    if capital:
        why = f"“{spelling.written}” is a name that the glossary lacks; is it written so?"
    else:
        why = f"“{spelling.written}” is a word of no list; was it said?"
    grade = "unknown name" if capital else "unknown word"
    yield Finding(number, number + 1, None, Kind.NAME, grade, why, -len(spelling.numbers))
