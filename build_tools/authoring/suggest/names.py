"""Misspelt names: split otherwise, misheard, in two spellings, or of no list."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import takewhile
from typing import NamedTuple

from build_tools.authoring.suggest.evidence import Finding, ReadTranscript
from build_tools.model.edition import Kind
from build_tools.text.frequencies import COMMON, Frequencies
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
# Occurrences in a million words of print below which a word with a capital is a name.
_NAME = 40.0
# How many of the most common spellings of one sound a name is compared with.
_MOST_SPELLINGS = 12
# For names of which one sound differs, and more.
_MIN_SPELLING_LIKENESS = (0.8, 0.85)
_STEM_ENDINGS = ("s", "ed", "ing", "er", "ly", "ness", "ish", "y", "ization", "ism", "able")


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
            for sound in _shorten_by_one(sound_key(" ".join(name.keys))):
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
        near = sorted(_shorten_by_one(sound_key(text)))
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
        for sound in _shorten_by_one(sound_key(spelling.key)):
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
        for sound in sorted(_shorten_by_one(sound_key(spelling.key)))
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


def _shorten_by_one(sound: str) -> set[str]:
    """A sound key and all keys that lack one of its sounds; keys one sound apart share one."""
    return {sound} | {sound[:n] + sound[n + 1 :] for n in range(len(sound)) if len(sound) > 2}
