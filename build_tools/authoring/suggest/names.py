"""Misspelled names: the same letters split otherwise, the same sound, or nearly the same sound."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from build_tools.authoring.suggest.evidence import Evidence, Finding, is_inflection, shorten_by_one
from build_tools.model.edition import Kind
from build_tools.model.glossary import Entry
from build_tools.text.phrases import compile_phrases, find_phrases
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
# Occurrences in a million words of print above which a word is a function word.
_COMMON = 400.0
# Occurrences in the collection above which a word is familiar, even if no list has it.
_FAMILIAR = 4
_MIN_LIKENESS = 0.78
_ENDINGS = ("s", "es", "ed", "ing", "er", "ers", "al", "ly", "d", "n't", "'s", "n", "ion", "ies")


class _Name(NamedTuple):
    """A name as written, its keys, and the entry or list that it comes from.

    A name that is not `proper` is a term in ordinary words.
    """

    written: str
    keys: tuple[str, ...]
    proper: bool
    source: str

    @property
    def kind(self) -> Kind:
        return Kind.NAME if self.proper else Kind.TERM


class _NameIndex(NamedTuple):
    """Names by their keys, letters, sound, first word and last word.

    `words` are the keys of proper names, and `covered` the numbers of words in names that the
    transcript spells rightly.
    """

    keys: dict[tuple[str, ...], _Name]
    letters: dict[str, list[_Name]]
    sounds: dict[str, list[_Name]]
    first_words: dict[str, list[_Name]]
    last_words: dict[str, list[_Name]]
    words: frozenset[str] = frozenset()
    covered: frozenset[int] = frozenset()


def find_names(evidence: Evidence) -> Iterator[Finding]:
    """Words that resemble a name or a term of the glossary, or the name of a speaker."""
    names = _index_names(_collect_names(evidence))
    names = names._replace(covered=frozenset(_find_covered(evidence, names)))
    for first in range(len(evidence.keys)):
        if evidence.span_of[first] >= 0:
            ends = tuple(_ends_from(evidence, first))
            yield from _find_split(evidence, names, first, ends)
            yield from _find_misheard(evidence, names, first, ends[:3])
            yield from _find_plural(evidence, names, first)
            yield from _find_partial(evidence, names, first)


def _ends_from(evidence: Evidence, first: int) -> Iterator[int]:
    """The ends of the markable runs of words that begin at a word."""
    for end in range(first + 1, first + _LONGEST + 1):
        # Earlier rounds have checked all but the last two words.
        if not evidence.is_free(first, end) or not evidence.is_unbroken(max(first, end - 2), end):
            return
        yield end


# The names --------------------------------------------------------------------------------------


def _collect_names(evidence: Evidence) -> Iterator[_Name]:
    for entry in evidence.entries:
        for form in entry.forms:
            yield from _entry_names(form, entry)
    for speaker in evidence.transcript.edition.speakers.values():
        if speaker[:1].isupper() and " " in speaker:
            yield from _person_names(speaker, "the speakers' names")


def _entry_names(form: str, entry: Entry) -> Iterator[_Name]:
    written = re.sub(r"\s*\([^()]*\)$", "", form)
    source = f"“{entry.term}” in the glossary"
    if entry.kind == "person":
        yield from _person_names(written, source)
        return
    capitals = all(word[0].isupper() for word in re.findall(r"[^\W\d_]+", written))
    yield _Name(written, find_keys(written), entry.kind in _PROPER or capitals, source)


def _person_names(written: str, source: str) -> Iterator[_Name]:
    """A person's name, and each part of it that can stand alone."""
    yield _Name(written, find_keys(written), True, source)
    for part in written.split():
        if len(part) > 1 and part[0].isupper():
            yield _Name(part, find_keys(part), True, source)


def _index_names(names: Iterable[_Name]) -> _NameIndex:
    lists: list[dict[str, list[_Name]]] = [defaultdict(list) for _ in range(4)]
    index = _NameIndex({}, lists[0], lists[1], lists[2], lists[3])
    words: set[str] = set()
    for name in names:
        if not name.keys or name.keys in index.keys:
            continue
        index.keys[name.keys] = name
        index.letters[_letters(name.keys)].append(name)
        if name.proper:
            words.update(name.keys)
        if name.proper and not name.written.isupper():
            for sound in shorten_by_one(sound_key(" ".join(name.keys))):
                index.sounds[sound].append(name)
        if len(name.keys) > 1:
            index.first_words[name.keys[0]].append(name)
            index.last_words[name.keys[-1]].append(name)
    return index._replace(words=frozenset(words))


def _find_covered(evidence: Evidence, names: _NameIndex) -> Iterator[int]:
    """The numbers of words in a name or term of several words that is spelled rightly."""
    several = [keys for keys in names.keys if len(keys) > 1]
    for found in find_phrases(compile_phrases(several), evidence.keys):
        yield from range(found.first, found.end)


def _letters(keys: tuple[str, ...]) -> str:
    """The letters of words without separators, numbers in figures."""
    figures = [_NUMBERS.get(key, key) for key in keys if key not in _SIGNS or len(keys) == 1]
    if len(figures) > 1:
        figures[-1] = _ROMAN.get(figures[-1], figures[-1])
    return "".join(figures).replace("'", "")


def _split_possessive(keys: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Words without a possessive ending, and that ending."""
    if keys[-1].endswith("'s"):
        return (*keys[:-1], keys[-1][:-2]), "'s"
    return keys, ""


# The comparisons --------------------------------------------------------------------------------


def _find_split(
    evidence: Evidence, names: _NameIndex, first: int, ends: Iterable[int]
) -> Iterator[Finding]:
    """“open AI” for OpenAI, “GPT four” for GPT-4: the same letters or figures, split otherwise."""
    for end in ends:
        keys, possessive = _split_possessive(evidence.keys[first:end])
        for name in names.letters.get(_letters(keys), ()):
            spoken_sign = bool(_SIGNS.intersection(keys))
            if (name.proper or spoken_sign) and keys not in names.keys:
                why = f"the letters are those of {name.source}"
                said = name.written + possessive
                yield Finding(first, end, said, Kind.NAME, "same letters", why, end - first)


def _find_misheard(
    evidence: Evidence, names: _NameIndex, first: int, ends: Iterable[int]
) -> Iterator[Finding]:
    """“enthropic” for Anthropic, “Bakeman Freed” for Bankman-Fried: one rare word at least."""
    for end in ends:
        keys, possessive = _split_possessive(evidence.keys[first:end])
        if keys in names.keys or any(_is_ordinary(evidence, names, key) for key in keys):
            return
        rarest = min(_frequency(evidence, names, key) for key in keys)
        capital = len(keys) == 1 and evidence.is_capital(first)
        if rarest > (_RARE_CAPITAL if capital else _RARE):
            continue
        text = " ".join(keys)
        for name in _sounding_like(names, sound_key(text)):
            said = " ".join(name.keys)
            distance, likeness = sound_distance(text, said), spelling_likeness(text, said)
            if likeness < _MIN_LIKENESS or distance > 1:
                continue
            if is_inflection("".join(keys), "".join(name.keys), _ENDINGS):
                continue
            if distance and (len(sound_key(text)) < 6 if len(keys) > 1 else rarest > _RARE):
                continue
            unknown = "unknown word" if rarest == 0 else "rare word"
            grade = f"{unknown}, {'near' if distance else 'same'} sound"
            sort = "no word of the lists" if rarest == 0 else "rare"
            written = " ".join(evidence.text(first, end).split())
            why = f"“{written}” is {sort} and sounds like {name.source}"
            yield Finding(first, end, name.written + possessive, name.kind, grade, why, likeness)


def _sounding_like(names: _NameIndex, sound: str) -> Iterator[_Name]:
    keys = sorted(shorten_by_one(sound))
    found = {name.keys: name for key in keys for name in names.sounds.get(key, ())}
    return iter(found.values())


def _frequency(evidence: Evidence, names: _NameIndex, key: str) -> float:
    """The frequency of a word in print; infinite for words of names and familiar words."""
    if key in names.words or evidence.counts.get(key, 0) > _FAMILIAR or len(key) < 3:
        return float("inf")
    return evidence.frequency(key)


def _is_ordinary(evidence: Evidence, names: _NameIndex, key: str) -> bool:
    return key in names.words or _COMMON < evidence.frequency(key) < float("inf")


def _find_plural(evidence: Evidence, names: _NameIndex, first: int) -> Iterator[Finding]:
    """“Anthropics” for Anthropic's: a name has no plural."""
    key = evidence.keys[first]
    name = names.keys.get((key[:-1],)) if key.endswith("s") else None
    if name and name.proper and not name.written.isupper() and (key,) not in names.keys:
        why = f"there is one of {name.source} only, so it may be the possessive"
        said = f"{name.written}'s"
        yield Finding(first, first + 1, said, Kind.HOMOPHONE, "plural of a name", why)


def _find_partial(evidence: Evidence, names: _NameIndex, first: int) -> Iterator[Finding]:
    """“Chris Ola”, “scale in laws”: the first or last word of a name with a misheard rest."""
    key = _split_possessive((evidence.keys[first],))[0][0]
    if len(key) < 3 or _COMMON < evidence.frequency(key) < float("inf"):
        return
    for name in names.first_words.get(key, ()):
        for end in list(_ends_from(evidence, first))[1:]:
            yield from _compare_rest(evidence, names, name, first + 1, end)
    for name in names.last_words.get(key, ()):
        for start in range(first - 1, max(first - _LONGEST, -1), -1):
            if not evidence.is_markable(start, first + 1):
                break
            yield from _compare_rest(evidence, names, name, start, first)


def _compare_rest(
    evidence: Evidence, names: _NameIndex, name: _Name, first: int, end: int
) -> Iterator[Finding]:
    """The words beside the first or last word of a name, if they sound like its rest."""
    heard, possessive = _split_possessive(evidence.keys[first:end])
    before = first > 0 and evidence.keys[first - 1] == name.keys[0]
    rest = name.keys[1:] if before else name.keys[:-1]
    if abs(len(heard) - len(rest)) > 1 or _share_word(heard, rest):
        return
    if not names.covered.isdisjoint(range(first, end)) or _letters(heard) == _letters(rest):
        return
    text, said = " ".join(heard), " ".join(rest)
    sound, distance = sound_key(said), sound_distance(text, said)
    likeness = spelling_likeness(text, said)
    near = 2 if name.proper else 3
    if distance > 1 or likeness < _MIN_LIKENESS:
        return
    if len(sound) < 2 or (distance and len(sound) <= near):
        return
    why = f"with the words beside it, it sounds like {name.source}"
    grade = "beside a name" if name.proper else "beside a term"
    written = _part_of(name, rest) + possessive
    yield Finding(first, end, written, name.kind, grade, why, likeness)


def _share_word(heard: tuple[str, ...], said: tuple[str, ...]) -> bool:
    """Whether one of the words is the same as, or an inflection of, one that was said."""
    if heard[1:] in _ING and len(said) == 1 and said[0].endswith("ing"):
        return False
    return any(
        one == other or is_inflection(one, other, _ENDINGS) for one in heard for other in said
    )


# Words that recognisers hear for the ending “-ing”, as in “scale in laws”.
_ING = (("in",), ("and",), ("an",))


def _part_of(name: _Name, rest: tuple[str, ...]) -> str:
    """The first or last words of a name as it is written."""
    parts = re.findall(r"[^\s\-‐‑–]+", name.written)
    if len(parts) != len(name.keys):
        return " ".join(rest)
    return " ".join(parts[: len(rest)] if name.keys[: len(rest)] == rest else parts[-len(rest) :])
