"""Misspelled names: the same letters split otherwise, the same sound, or nearly the same sound."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import takewhile
from typing import NamedTuple

from build_tools.authoring.suggest.evidence import Finding, ReadTranscript, shorten_by_one
from build_tools.model.edition import Kind
from build_tools.text.frequencies import COMMON
from build_tools.text.sounds import sound_distance, sound_key, spelling_likeness
from build_tools.text.words import find_keys

# The most words in which a recogniser may have heard one name.
_LONGEST = 4
_PROPER = frozenset({"person", "organisation", "model", "work", "event"})
_FIGURES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {word: str(number) for number, word in enumerate(_FIGURES)}
# Spoken words for signs in names.
_SIGNS = frozenset({"slash", "dash", "dot", "hyphen"})
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8"}
# Occurrences in a million words of print above which a word was hardly written for a name; a word
# with a capital may be more common, since there are many Jasmines.
_RARE, _RARE_CAPITAL = 3.0, 30.0
# Occurrences in the collection above which a word is familiar, even if no list has it.
_FAMILIAR = 4
_MIN_LIKENESS = 0.78
_ENDINGS = ("s", "es", "ed", "ing", "er", "ers", "al", "ly", "d", "n't", "'s", "n", "ion", "ies")


class _Name(NamedTuple):
    """A name or a term as written, its keys, and the entry or list that it comes from."""

    written: str
    keys: tuple[str, ...]
    kind: Kind
    source: str
    sort: str


class _NameIndex(NamedTuple):
    """Names by their keys, letters and sound; `words` are the keys of names, without terms."""

    keys: dict[tuple[str, ...], _Name]
    letters: dict[str, list[_Name]]
    sounds: dict[str, list[_Name]]
    words: set[str]


def find_names(evidence: ReadTranscript) -> Iterator[Finding]:
    """Words that resemble a name or a term of the glossary, or the name of a speaker."""
    names = _index_names(_collect_names(evidence))
    for first in range(len(evidence.keys)):
        further = range(first + 1, first + _LONGEST + 1)
        ends = [*takewhile(partial(evidence.is_markable, first), further)]
        yield from _find_split(evidence, names, first, ends)
        yield from _find_misheard(evidence, names, first, ends[:3])
        if ends:
            yield from _find_plural(evidence, names, first)


def _collect_names(evidence: ReadTranscript) -> Iterator[_Name]:
    """The names of entries and speakers; for a person, each part that can stand alone too."""
    written = [
        (re.sub(r"\s*\([^()]*\)$", "", form), entry.kind, f"“{entry.term}” in the glossary")
        for entry in evidence.entries
        for form in entry.forms
    ]
    speakers = evidence.transcript.edition.speakers.values()
    full = (name for name in speakers if name[:1].isupper() and " " in name)
    written += [(name, "person", "the speakers' names") for name in full]
    for name, sort, source in written:
        capitals = all(word[0].isupper() for word in re.findall(r"[^\W\d_]+", name))
        kind = Kind.NAME if sort in _PROPER or capitals else Kind.TERM
        yield _Name(name, find_keys(name), kind, source, sort)
        for part in name.split() if sort == "person" else ():
            if len(part) > 1 and part[0].isupper():
                yield _Name(part, find_keys(part), kind, source, sort)


def _index_names(names: Iterable[_Name]) -> _NameIndex:
    keys: dict[tuple[str, ...], _Name] = {}
    for name in names:
        keys.setdefault(name.keys, name)
    keys.pop((), None)
    letters, sounds = (defaultdict[str, list[_Name]](list) for _ in range(2))
    proper = [name for name in keys.values() if name.kind is Kind.NAME]
    for name in keys.values():
        letters[_letters(name.keys)].append(name)
    for name in proper:
        if not name.written.isupper():
            for sound in shorten_by_one(sound_key(" ".join(name.keys))):
                sounds[sound].append(name)
    return _NameIndex(keys, letters, sounds, {key for name in proper for key in name.keys})


def _letters(keys: tuple[str, ...]) -> str:
    """The letters of words without separators, numbers in figures."""
    figures = [_NUMBERS.get(key, key) for key in keys if key not in _SIGNS or len(keys) == 1]
    if len(figures) > 1:
        figures[-1] = _ROMAN.get(figures[-1], figures[-1])
    return "".join(figures).replace("'", "")


def _split_possessive(keys: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Words without a possessive ending, and that ending."""
    bare = keys[-1].removesuffix("'s")
    return (*keys[:-1], bare), keys[-1].removeprefix(bare)


def _find_split(
    evidence: ReadTranscript, names: _NameIndex, first: int, ends: Iterable[int]
) -> Iterator[Finding]:
    """“open AI” for OpenAI, “GPT four” for GPT-4: the same letters or figures, split otherwise."""
    for end in ends:
        keys, possessive = _split_possessive(evidence.keys[first:end])
        for name in names.letters.get(_letters(keys), ()):
            spoken_sign = bool(_SIGNS.intersection(keys))
            if (name.kind is Kind.NAME or spoken_sign) and keys not in names.keys:
                why = f"the letters are those of {name.source}"
                said = name.written + possessive
                yield Finding(first, end, said, Kind.NAME, "same letters", why, end - first)


def _find_misheard(
    evidence: ReadTranscript, names: _NameIndex, first: int, ends: Iterable[int]
) -> Iterator[Finding]:
    """“enthropic” for Anthropic, “Bakeman Freed” for Bankman-Fried: one rare word at least."""
    for end in ends:
        keys, possessive = _split_possessive(evidence.keys[first:end])
        frequencies = [evidence.frequency(key) for key in keys]
        if not names.words.isdisjoint(keys) or keys in names.keys:
            return
        if any(COMMON < frequency < float("inf") for frequency in frequencies):
            return
        rarest = min(
            frequency if evidence.counts.get(key, 0) <= _FAMILIAR and len(key) > 2 else float("inf")
            for key, frequency in zip(keys, frequencies, strict=True)
        )
        capital = len(keys) == 1 and evidence.is_capital(first)
        if rarest > (_RARE_CAPITAL if capital else _RARE):
            continue
        text = " ".join(keys)
        near = sorted(shorten_by_one(sound_key(text)))
        alike = {name.keys: name for sound in near for name in names.sounds.get(sound, ())}
        for name in alike.values():
            said = " ".join(name.keys)
            distance, likeness = sound_distance(text, said), spelling_likeness(text, said)
            if likeness < _MIN_LIKENESS or distance > 1 or _is_inflection(keys, name.keys):
                continue
            if distance and (len(sound_key(text)) < 6 if len(keys) > 1 else rarest > _RARE):
                continue
            rare, sort = ("rare", "rare") if rarest else ("unknown", "no word of the lists")
            grade = f"{rare} word, {'near' if distance else 'same'} sound"
            written = " ".join(evidence.text(first, end).split())
            why = f"“{written}” is {sort} and sounds like {name.source}"
            yield Finding(first, end, name.written + possessive, name.kind, grade, why, likeness)


def _is_inflection(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two words are the same, or the longer one is the shorter one with an ending."""
    short, long = sorted(("".join(one), "".join(other)), key=len)
    stems = (short, short[:-1], short + short[-1:])
    return short == long or any(long == stem + ending for stem in stems for ending in _ENDINGS)


def _find_plural(evidence: ReadTranscript, names: _NameIndex, first: int) -> Iterator[Finding]:
    """“Olahs” for Olah's: a person's name has hardly a plural."""
    key = evidence.keys[first]
    name = names.keys.get((key[:-1],)) if key.endswith("s") else None
    if name and name.sort == "person" and (key,) not in names.keys:
        why = f"there is one of {name.source} only, so it may be the possessive"
        said = f"{name.written}'s"
        yield Finding(first, first + 1, said, Kind.HOMOPHONE, "plural of a name", why)
