"""Names that are written in two ways here, and names that nobody has explained yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from build_tools.authoring.suggest.evidence import Evidence, Finding
from build_tools.model.edition import Kind
from build_tools.text.sounds import sound_distance, sound_key, spelling_likeness
from build_tools.text.words import find_keys

_ALIKE = 0.8
# Met less often than so in a million words of print, a word in capitals is a name.
_NAME = 40.0
# What is said oftener than so was hardly misheard every time.
_OFTEN = 2
# With so many words that sound alike, the commonest, a word is compared.
_MOST = 12
_ENDINGS = ("s", "es", "ed", "ing", "er", "ers", "ly", "ness", "ish", "y", "ization", "ism", "able")


class _Spelling(NamedTuple):
    """A word that may be a name, as written first, with all its places."""

    key: str
    written: str
    places: list[int]


def find_spellings(evidence: Evidence) -> Iterator[Finding]:
    """Names said seldom beside one like them said often; and words of no list at all."""
    if not evidence.english:
        return
    spellings = _spellings(evidence)
    by_sound: dict[str, list[_Spelling]] = defaultdict(list)
    for spelling in spellings:
        for sound in _within_one(sound_key(spelling.key)):
            by_sound[sound].append(spelling)
    for alike in by_sound.values():
        alike.sort(key=lambda spelling: -len(spelling.places))
        del alike[_MOST:]
    names = [form for entry in evidence.entries for form in entry.forms]
    names += evidence.transcript.edition.speakers.values()
    explained = {key for name in names for key in find_keys(name)}
    for spelling in spellings:
        if spelling.key in explained:
            continue
        other = _other(spelling, by_sound)
        if other:
            yield from _two_ways(evidence, spelling, other)
        elif _is_strange(evidence, spelling):
            yield from _unexplained(evidence, spelling)


def _spellings(evidence: Evidence) -> list[_Spelling]:
    """Words that print does not know, and words with a capital inside a sentence."""
    found: dict[str, _Spelling] = {}
    for number, key in enumerate(evidence.keys):
        if not evidence.is_free(number, number + 1) or len(key) < 3:
            continue
        bare = key.removesuffix("'s")
        written = evidence.written(number, number + 1)[: len(bare)]
        name = evidence.is_capital(number) and evidence.rarity(bare) < _NAME
        if name or _is_unknown(evidence, bare):
            found.setdefault(bare, _Spelling(bare, written, [])).places.append(number)
    return list(found.values())


def _is_unknown(evidence: Evidence, key: str) -> bool:
    """Whether print knows neither the word nor what it is made from."""
    return len(key) > 3 and evidence.rarity(key) == 0 and not evidence.is_english(key)


def _is_strange(evidence: Evidence, spelling: _Spelling) -> bool:
    """Whether no list has a word, and it is not said so often that it must be right.

    Recognisers spell initialisms out rightly.
    """
    unknown = evidence.rarity(spelling.key) == 0 and not spelling.written.isupper()
    return unknown and len(spelling.key) > 3 and len(spelling.places) <= _OFTEN


def _within_one(sound: str) -> set[str]:
    return {sound} | {sound[:n] + sound[n + 1 :] for n in range(len(sound)) if len(sound) > 2}


def _other(spelling: _Spelling, by_sound: dict[str, list[_Spelling]]) -> _Spelling | None:
    """The name nearest to a word, among those said more often."""
    near = [
        other
        for sound in sorted(_within_one(sound_key(spelling.key)))
        for other in by_sound[sound]
        if len(other.places) > len(spelling.places)
        and sound_distance(other.key, spelling.key) <= 1
        and spelling_likeness(other.key, spelling.key) >= _ALIKE
        and not _same_stem(other.key, spelling.key)
    ]
    return max(near, key=lambda other: len(other.places), default=None)


def _same_stem(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return long.startswith(short[: max(len(short) - 1, 4)]) and long.endswith(_ENDINGS)


def _two_ways(evidence: Evidence, spelling: _Spelling, other: _Spelling) -> Iterator[Finding]:
    times = f"{len(other.places)} times"
    why = f"“{other.written}” stands here {times}, and “{spelling.written}” sounds like it"
    weight = spelling_likeness(spelling.key, other.key)
    for number in spelling.places:
        said = other.written + ("'s" if evidence.keys[number] != spelling.key else "")
        yield Finding(number, number + 1, said, Kind.NAME, "two spellings", why, weight)


def _unexplained(evidence: Evidence, spelling: _Spelling) -> Iterator[Finding]:
    number = spelling.places[0]
    capital = spelling.written[:1].isupper()
    if capital:
        why = f"“{spelling.written}” is a name that the glossary lacks; is it written so?"
    else:
        why = f"“{spelling.written}” is a word of no list; was it said?"
    grade = "unknown name" if capital else "unknown word"
    yield Finding(number, number + 1, None, Kind.NAME, grade, why, -len(spelling.places))
