"""Names misspelt: their letters parted otherwise, their sound, nearly their sound."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from build_tools.authoring.suggest.evidence import Evidence, Finding
from build_tools.model.edition import Kind
from build_tools.model.glossary import Entry
from build_tools.text.phrases import compile_phrases, find_phrases
from build_tools.text.sounds import sound_distance, sound_key, spelling_likeness
from build_tools.text.words import find_keys

# In so many words a recogniser may have heard one name.
_LONGEST = 4
_PROPER = frozenset({"person", "organisation", "model", "work", "event"})
_NUMBERS = {
    "zero": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
}
# Said for a sign that a name is written with.
_SIGNS = frozenset({"slash", "dash", "dot", "hyphen"})
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8"}
# Met more often than so in a million words of print, a word was hardly written for a name.
_RARE = 3.0
# Met more often than so, a word is one of those that hold sentences together.
_COMMON = 400.0
# Said more often than so in the collection, a word that print does not know is known here.
_FAMILIAR = 4
_ALIKE = 0.78
_ENDINGS = ("s", "es", "ed", "ing", "er", "ers", "al", "ly", "d", "n't", "'s", "n", "ion", "ies")


class _Name(NamedTuple):
    """A name as written with what it is compared by; `source` says whose it is.

    A name that is not `proper` is a term in ordinary words.
    """

    written: str
    keys: tuple[str, ...]
    proper: bool
    source: str

    @property
    def kind(self) -> Kind:
        return Kind.NAME if self.proper else Kind.TERM


class _Names(NamedTuple):
    """Names by what is looked for: their words, their letters, their sound, one of their edges."""

    keys: dict[tuple[str, ...], _Name]
    letters: dict[str, list[_Name]]
    sounds: dict[str, list[_Name]]
    beginning: dict[str, list[_Name]]
    ending: dict[str, list[_Name]]
    words: frozenset[str]
    covered: frozenset[int]


def find_names(evidence: Evidence) -> Iterator[Finding]:
    """Words that are nearly a name or a term of the glossary, or the name of a speaker."""
    names = _index(_names(evidence))
    names = names._replace(covered=frozenset(_covered(evidence, names)))
    for first in range(len(evidence.keys)):
        if evidence.span_of[first] >= 0:
            ends = tuple(_windows(evidence, first))
            yield from _parted(evidence, names, first, ends)
            yield from _misheard(evidence, names, first, ends[:3])
            yield from _plural(evidence, names, first)
            yield from _beside(evidence, names, first)


def _windows(evidence: Evidence, first: int) -> Iterator[int]:
    """The ends of the free runs of words that begin at a word and stand in one sentence."""
    for end in range(first + 1, first + _LONGEST + 1):
        # All but the last two words have been seen to stand together.
        if not evidence.is_free(first, end) or not evidence.together(max(first, end - 2), end):
            return
        yield end


# The names --------------------------------------------------------------------------------------


def _names(evidence: Evidence) -> Iterator[_Name]:
    for entry in evidence.entries:
        for form in entry.forms:
            yield from _forms(form, entry)
    for speaker in evidence.transcript.edition.speakers.values():
        if speaker[:1].isupper() and " " in speaker:
            yield from _person(speaker, "the speakers' names")


def _forms(form: str, entry: Entry) -> Iterator[_Name]:
    written = re.sub(r"\s*\([^()]*\)$", "", form)
    source = f"“{entry.term}” in the glossary"
    if entry.kind == "person":
        yield from _person(written, source)
        return
    capitals = all(word[0].isupper() for word in re.findall(r"[^\W\d_]+", written))
    yield _Name(written, find_keys(written), entry.kind in _PROPER or capitals, source)


def _person(written: str, source: str) -> Iterator[_Name]:
    """A person's name, and each part of it that can stand alone."""
    yield _Name(written, find_keys(written), True, source)
    for part in written.split():
        if len(part) > 1 and part[0].isupper():
            yield _Name(part, find_keys(part), True, source)


def _index(names: Iterable[_Name]) -> _Names:
    index = _Names(
        {},
        defaultdict(list),
        defaultdict(list),
        defaultdict(list),
        defaultdict(list),
        frozenset(),
        frozenset(),
    )
    words: set[str] = set()
    for name in names:
        if not name.keys or name.keys in index.keys:
            continue
        index.keys[name.keys] = name
        index.letters[_letters(name.keys)].append(name)
        if name.proper:
            words.update(name.keys)
        if name.proper and not name.written.isupper():
            for sound in _within_one(sound_key(" ".join(name.keys))):
                index.sounds[sound].append(name)
        if len(name.keys) > 1:
            index.beginning[name.keys[0]].append(name)
            index.ending[name.keys[-1]].append(name)
    return index._replace(words=frozenset(words))


def _covered(evidence: Evidence, names: _Names) -> Iterator[int]:
    """The words that stand in a name or term of several words, written as it should be."""
    several = [keys for keys in names.keys if len(keys) > 1]
    for found in find_phrases(compile_phrases(several), evidence.keys):
        yield from range(found.first, found.end)


def _letters(keys: tuple[str, ...]) -> str:
    """Words without what parts them, numbers in figures."""
    figures = [_NUMBERS.get(key, key) for key in keys if key not in _SIGNS or len(keys) == 1]
    if len(figures) > 1:
        figures[-1] = _ROMAN.get(figures[-1], figures[-1])
    return "".join(figures).replace("'", "")


def _within_one(sound: str) -> set[str]:
    """A key and all that lack one of its sounds; two keys one sound apart have one of these."""
    return {sound} | {sound[:n] + sound[n + 1 :] for n in range(len(sound)) if len(sound) > 2}


def _bare(keys: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Words without the possessive at their end, and that possessive."""
    if keys[-1].endswith("'s"):
        return (*keys[:-1], keys[-1][:-2]), "'s"
    return keys, ""


# The likenesses ---------------------------------------------------------------------------------


def _parted(
    evidence: Evidence, names: _Names, first: int, ends: Iterable[int]
) -> Iterator[Finding]:
    """“open AI” for OpenAI, “GPT four” for GPT-4: the same letters, parted or counted otherwise."""
    for end in ends:
        keys, possessive = _bare(evidence.keys[first:end])
        for name in names.letters.get(_letters(keys), ()):
            spoken_sign = bool(_SIGNS.intersection(keys))
            if (name.proper or spoken_sign) and keys not in names.keys:
                why = f"the letters are those of {name.source}"
                said = name.written + possessive
                yield Finding(first, end, said, Kind.NAME, "same letters", why, end - first)


def _misheard(
    evidence: Evidence, names: _Names, first: int, ends: Iterable[int]
) -> Iterator[Finding]:
    """“enthropic” for Anthropic, “Bakeman Freed” for Bankman-Fried: one odd word at least."""
    for end in ends:
        keys, possessive = _bare(evidence.keys[first:end])
        if keys in names.keys or any(_holds_together(evidence, names, key) for key in keys):
            return
        rarest = min(_rarity(evidence, names, key) for key in keys)
        capital = len(keys) == 1 and evidence.is_capital(first)
        if rarest > (_RARE_NAME if capital else _RARE):
            continue
        text = " ".join(keys)
        for name in _sounding_like(names, sound_key(text)):
            distance = sound_distance(text, " ".join(name.keys))
            likeness = spelling_likeness(text, " ".join(name.keys))
            if _inflected(keys, name.keys) or likeness < _ALIKE or distance > 1:
                continue
            if distance and (len(sound_key(text)) < 6 if len(keys) > 1 else rarest > _RARE):
                continue
            unknown = "unknown word" if rarest == 0 else "rare word"
            grade = f"{unknown}, {'near' if distance else 'same'} sound"
            sort = "no word of the lists" if rarest == 0 else "rare"
            written = " ".join(evidence.written(first, end).split())
            why = f"“{written}” is {sort} and sounds like {name.source}"
            yield Finding(first, end, name.written + possessive, name.kind, grade, why, likeness)


def _sounding_like(names: _Names, sound: str) -> Iterator[_Name]:
    found = {
        name.keys: name for key in sorted(_within_one(sound)) for name in names.sounds.get(key, ())
    }
    return iter(found.values())


# A word with a capital may be met oftener, and yet be a name misheard: there are many Jasmines.
_RARE_NAME = 30.0


def _rarity(evidence: Evidence, names: _Names, key: str) -> float:
    """How often a word is met; endless for what belongs to a name or is at home here."""
    if key in names.words or evidence.counts.get(key, 0) > _FAMILIAR or len(key) < 3:
        return float("inf")
    return evidence.rarity(key)


def _holds_together(evidence: Evidence, names: _Names, key: str) -> bool:
    return key in names.words or _COMMON < evidence.rarity(key) < float("inf")


def _plural(evidence: Evidence, names: _Names, first: int) -> Iterator[Finding]:
    """“Anthropics” for Anthropic's: of a name there is only one."""
    key = evidence.keys[first]
    name = names.keys.get((key[:-1],)) if key.endswith("s") else None
    if name and name.proper and not name.written.isupper() and (key,) not in names.keys:
        why = f"there is one of {name.source} only, so it may be the possessive"
        yield Finding(
            first, first + 1, f"{name.written}'s", Kind.HOMOPHONE, "plural of a name", why
        )


def _beside(evidence: Evidence, names: _Names, first: int) -> Iterator[Finding]:
    """“Chris Ola”, “scale in laws”: one edge of a name is right, and the rest sounds like it."""
    key = _bare((evidence.keys[first],))[0][0]
    if len(key) < 3 or _COMMON < evidence.rarity(key) < float("inf"):
        return
    for name in names.beginning.get(key, ()):
        for end in list(_windows(evidence, first))[1:]:
            yield from _compare(evidence, names, name, first + 1, end)
    for name in names.ending.get(key, ()):
        for start in range(first - 1, max(first - _LONGEST, -1), -1):
            if not evidence.is_free(start, first + 1) or not evidence.together(start, first + 1):
                break
            yield from _compare(evidence, names, name, start, first)


def _compare(
    evidence: Evidence, names: _Names, name: _Name, first: int, end: int
) -> Iterator[Finding]:
    """The rest of a name beside its right edge, if it was misheard there."""
    heard, possessive = _bare(evidence.keys[first:end])
    before = first > 0 and evidence.keys[first - 1] == name.keys[0]
    rest = name.keys[1:] if before else name.keys[:-1]
    if abs(len(heard) - len(rest)) > 1 or _is_form(heard, rest):
        return
    if not names.covered.isdisjoint(range(first, end)) or _letters(heard) == _letters(rest):
        return
    text, said = " ".join(heard), " ".join(rest)
    sound, distance = sound_key(said), sound_distance(text, said)
    likeness = spelling_likeness(text, said)
    near = 2 if name.proper else 3
    if distance > 1 or len(sound) < 2 or (distance and len(sound) <= near) or likeness < _ALIKE:
        return
    why = f"with the words beside it, it sounds like {name.source}"
    grade = "beside a name" if name.proper else "beside a term"
    written = _slice_of(name, rest) + possessive
    yield Finding(first, end, written, name.kind, grade, why, likeness)


def _is_form(heard: tuple[str, ...], said: tuple[str, ...]) -> bool:
    """Whether words have one in common, or the one is but another form of the other."""
    if heard[1:] in _ING and len(said) == 1 and said[0].endswith("ing"):
        return False
    return any(one == other or _inflected((one,), (other,)) for one in heard for other in said)


# “scale in laws”: so an ending is often heard.
_ING = (("in",), ("and",), ("an",))


def _slice_of(name: _Name, rest: tuple[str, ...]) -> str:
    """A part of a name as it is written."""
    parts = re.findall(r"[^\s\-‐‑–]+", name.written)
    if len(parts) != len(name.keys):
        return " ".join(rest)
    return " ".join(parts[: len(rest)] if name.keys[: len(rest)] == rest else parts[-len(rest) :])


def _inflected(heard: tuple[str, ...], said: tuple[str, ...]) -> bool:
    """Whether the one is but another form of the other, which a speaker may well use."""
    short, long = sorted(("".join(heard), "".join(said)), key=len)
    return any(
        long in (short + ending, short[:-1] + ending, short + short[-1:] + ending)
        for ending in _ENDINGS
    )
