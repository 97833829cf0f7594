"""Words that may be misheard, each once for all its places, and what speaks for it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import log, log1p
from typing import NamedTuple

from build_tools.authoring.suggest.evidence import NAMES, Keys, ReadTranscript, Wrong
from build_tools.authoring.suggest.ranking import Finding
from build_tools.model.edition import Kind
from build_tools.text.frequencies import COMMON
from build_tools.text.phrases import compile_phrases, find_phrases
from build_tools.text.sounds import sound_distance, sound_key, spelling_likeness
from build_tools.text.words import find_keys

# The most words in which a recogniser may have heard one name, and the fewest letters of a word.
_LONGEST, _SHORTEST = 4, 3
_PROPER = frozenset({"person", "organisation", "model", "work", "event"})
_FIGURES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {word: str(number) for number, word in enumerate(_FIGURES)}
# Spoken words for signs in names.
_SIGNS = frozenset({"slash", "dash", "dot", "hyphen"})
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8"}
# Occurrences in a million words of print below which a word may be written for a name; a word with
# a capital may be more common, since there are many Jasmines.
_RARE, _RARE_CAPITAL = 3.0, 40.0
# Occurrences in a million from which on a part of a word is a word.
_KNOWN_PART = 3.0
# How many of the names of one sound a word is compared with.
_MOST_ALIKE = 12
_ELSEWHERE = "other talks"
# How alike the letters are, for names on record and for others; more if a consonant differs.
_LEAST_LIKENESS = {True: 0.75, False: 0.78}
_DISTANCE = 0.05
# The share of capitals of a word that only begins sentences.
_UNKNOWN_CAPITALS = 0.3
_DIGITS = "0123456789"
_ENDINGS = ("s", "ed", "ing", "er", "ly", "ness", "ish", "y", "ization", "ism", "able")

Places = list[tuple[int, int]]


class _Name(NamedTuple):
    """A name or a term as written, its keys, and how often it stands here.

    Its `source` is "" if only this transcript has it; on `record` are glossary and speakers.
    """

    written: str
    keys: Keys
    kind: Kind
    source: str
    record: bool = False
    here: int = 0


class _Alike(NamedTuple):
    """A name that sounds like some words: how many consonants differ, and how alike it is spelt."""

    name: _Name
    distance: int
    likeness: float

    @property
    def rank(self) -> tuple[bool, float]:
        return self.name.record, self.likeness - _DISTANCE * self.distance


class _Names(NamedTuple):
    """Names by keys, letters and sound; `words` are the keys of those on record."""

    keys: Mapping[Keys, _Name]
    letters: Mapping[str, _Name]
    sounds: Mapping[str, list[_Name]]
    words: frozenset[str]


def find_misheard(evidence: ReadTranscript) -> Iterator[Finding]:
    """Words corrected elsewhere, words like a name, and words that no list has."""
    places = _collect_places(evidence)
    names = _index_names([*_list_names(evidence), *_list_own(evidence, places)])
    for keys, found in places.items():
        if one := _describe(evidence, names, keys, found):
            yield from _split_endings(evidence, one, found)


def strip_possessive(keys: Keys) -> Keys:
    """Words without a possessive ending."""
    return (*keys[:-1], keys[-1].removesuffix("'s")) if keys else keys


def _collect_places(evidence: ReadTranscript) -> dict[Keys, Places]:
    """The places of words and runs of words that one mark can cover, by their bare keys."""
    places: dict[Keys, Places] = defaultdict(list)
    for first, key in enumerate(evidence.keys):
        free = len(key) >= _SHORTEST and evidence.is_free(first, first + 1)
        if free and not evidence.is_address(first):
            places[strip_possessive((key,))].append((first, first + 1))
        for end in range(first + 2, first + _LONGEST + 1):
            if not evidence.is_markable(first, end):
                break
            places[strip_possessive(evidence.keys[first:end])].append((first, end))
    phrases = [keys for keys in evidence.wrong if keys not in places]
    for number, first, end in find_phrases(compile_phrases(phrases), evidence.keys):
        if evidence.is_markable(first, end):
            places[phrases[number]].append((first, end))
    return places


def _list_names(evidence: ReadTranscript) -> Iterator[_Name]:
    """Names of entries, speakers, the title and other talks; for a person each part too."""
    edition = evidence.transcript.edition
    written = [
        (re.sub(r"\s*\([^()]*\)$", "", form), entry.kind, f"“{entry.term}” in the glossary")
        for entry in evidence.entries
        for form in entry.forms
    ]
    speakers = [
        name
        for name in edition.speakers.values()
        if name[:1].isupper() and (" " in name or _is_unlisted(evidence, name))
    ]
    written += [(name, "person", "the speakers' names") for name in speakers]
    for name, sort, source in written:
        capitals = all(word[0].isupper() for word in re.findall(r"[^\W\d_]+", name))
        kind = Kind.NAME if sort in _PROPER or capitals else Kind.TERM
        yield _Name(name, find_keys(name), kind, source, record=True)
        for part in name.split() if sort == "person" else ():
            if len(part) > 1 and part[0].isupper():
                yield _Name(part, find_keys(part), kind, source, record=True)
    for word in edition.title.split():
        if _is_unlisted(evidence, word):
            yield _Name(word, find_keys(word), Kind.NAME, "the title")
    for key, word in evidence.known.items():
        yield _Name(word, (key,), Kind.NAME, _ELSEWHERE)


def _is_unlisted(evidence: ReadTranscript, written: str) -> bool:
    return len(written) > _SHORTEST and not any(map(evidence.frequency, find_keys(written)))


def _list_own(evidence: ReadTranscript, places: Mapping[Keys, Places]) -> list[_Name]:
    """The words of the transcript that no list has, the most frequent first."""
    own = [
        _Name(evidence.text(*found[0])[: len(keys[0])], keys, Kind.NAME, "", here=len(found))
        for keys, found in places.items()
        if len(keys) == 1 and evidence.frequency(keys[0]) == 0
    ]
    return sorted(own, key=lambda one: -one.here)


def _index_names(names: Iterable[_Name]) -> _Names:
    keys: dict[Keys, _Name] = {}
    for name in names:
        keys.setdefault(name.keys, name)
    keys.pop((), None)
    letters: dict[str, _Name] = {}
    sounds = defaultdict[str, list[_Name]](list)
    for name in keys.values():
        if name.record:
            letters.setdefault(_letters(name.keys), name)
        if name.kind is Kind.NAME and not (name.record and name.written.isupper()):
            for sound in _shorten_by_one(sound_key(" ".join(name.keys))):
                if name.record or len(sounds[sound]) < _MOST_ALIKE:
                    sounds[sound].append(name)
    proper = (name for name in keys.values() if name.record and name.kind is Kind.NAME)
    words = frozenset(key for name in proper for key in name.keys)
    return _Names(keys, letters, sounds, words)


def _letters(keys: Keys) -> str:
    """The letters of words without separators, numbers in figures."""
    figures = [_NUMBERS.get(key, key) for key in keys if key not in _SIGNS or len(keys) == 1]
    if len(figures) > 1:
        figures[-1] = _ROMAN.get(figures[-1], figures[-1])
    return "".join(figures).replace("'", "")


def _shorten_by_one(sound: str) -> set[str]:
    """A sound key and all keys that lack one of its sounds; keys one sound apart share one."""
    return {sound} | {sound[:n] + sound[n + 1 :] for n in range(len(sound)) if len(sound) > 2}


def _find_alike(
    evidence: ReadTranscript, names: _Names, keys: Keys, capital: float
) -> Iterator[_Alike]:
    """The names of the same letters, or else those that words sound like."""
    own, same = names.keys.get(keys), names.letters.get(_letters(keys))
    if own and own.record:
        return
    if same and (same.kind is Kind.NAME or not _SIGNS.isdisjoint(keys)):
        yield _Alike(same, 0, 1)
    elif _is_rare(evidence, keys, capital) and names.words.isdisjoint(keys):
        text = " ".join(keys)
        near = sorted(_shorten_by_one(sound_key(text)))
        found = {name.keys: name for sound in near for name in names.sounds.get(sound, ())}
        # Words that other talks say are as good as theirs, and runs are only like those on record.
        weak = {"", _ELSEWHERE} if keys[0] in evidence.said else set()
        for name in found.values():
            if name.keys != keys and name.source not in weak and (name.record or len(keys) == 1):
                yield from _compare(text, name)


def _is_rare(evidence: ReadTranscript, keys: Keys, capital: float) -> bool:
    """Whether words are so rare that they may have been written for a name."""
    frequencies = [evidence.frequency(key) for key in keys]
    if len(keys) == 1:
        return frequencies[0] <= (_RARE_CAPITAL if capital > _UNKNOWN_CAPITALS else _RARE)
    usual = any(COMMON < frequency < float("inf") for frequency in frequencies)
    return len(keys) < _LONGEST and min(frequencies) <= _RARE and not usual


def _compare(text: str, name: _Name) -> Iterator[_Alike]:
    """How words are like a name, if they are."""
    said = " ".join(name.keys)
    distance, likeness = sound_distance(text, said), spelling_likeness(text, said)
    least = _LEAST_LIKENESS[name.record] + _DISTANCE * distance
    if distance <= 1 and likeness >= least and _may_be_meant(text, said):
        yield _Alike(name, distance, likeness)


def _may_be_meant(one: str, other: str) -> bool:
    """Whether words are no forms of one word, and have the same figures."""
    short, long = sorted((one, other), key=len)
    stem = short[: max(len(short) - 1, 4)]
    figures = (re.sub(r"\D", "", words) for words in (one, other))
    return len({*figures}) == 1 and not (long.startswith(stem) and long.endswith(_ENDINGS))


def _describe(
    evidence: ReadTranscript, names: _Names, keys: Keys, places: Places
) -> Finding | None:
    """The finding for words; None if nothing speaks for an error in them."""
    capital = _share_capitals(evidence, places)
    alike = list(_find_alike(evidence, names, keys, capital))
    past, name = evidence.wrong.get(keys), names.keys.get(keys)
    near = max((one for one in alike if one.name.source), key=lambda one: one.rank, default=None)
    others = sorted((one.name for one in alike if not one.name.source), key=lambda one: -one.here)
    frequency = evidence.frequency(keys[0]) if len(keys) == 1 else float("inf")
    new, rare = name is not None and not name.source, 0 < frequency < _RARE_CAPITAL
    if new and keys[0].rstrip(_DIGITS) in evidence.known:
        return None
    if not (past or near or new or (rare and capital > 0.5 and keys[0] not in evidence.said)):
        return None
    features = {
        "any": 1,
        "like a name": bool(near),
        "same sound": bool(near and near.distance == 0),
        "same letters": bool(near and near.likeness == 1),
        "on record": bool(near and near.name.record),
        "several words": len(keys) > 1,
        "rare, with a capital": rare * capital,
        "corrected elsewhere": bool(past),
        "corrected here": bool(past and past.label),
    }
    if frequency == 0:
        written = evidence.text(*places[0]).removesuffix("'s").removesuffix("s")
        features |= {
            "of no list": 1,
            "new to other talks": bool(evidence.said),
            "made of known words": _is_compound(evidence, keys[0]),
            "in small letters": 1 - capital,
            "initialism": written.isupper(),
            "often, in one spelling": 0 if alike else log(len(places)),
            "in other spellings too": log1p(len(others)),
        }
    said, kind, grade, why = _explain(evidence, places, past, near, others)
    label = past.label if past else ""
    return Finding(*places[0], said, kind, grade, why, features, label)


def _share_capitals(evidence: ReadTranscript, places: Places) -> float:
    """The share of places inside a sentence that have a capital; unknown at its beginning."""
    inside = [place for place in places if not evidence.begins_sentence(place[0])]
    capitals = sum(evidence.text(*place)[:1].isupper() for place in inside)
    return capitals / len(inside) if inside else _UNKNOWN_CAPITALS


def _is_compound(evidence: ReadTranscript, key: str) -> bool:
    """Whether a word is made of two that are known."""
    cuts = range(_SHORTEST, len(key) - _SHORTEST + 1)
    return any(
        all(part in evidence.said or evidence.frequency(part) > _KNOWN_PART for part in parts)
        for parts in ((key[:cut], key[cut:]) for cut in cuts)
    )


def _explain(
    evidence: ReadTranscript,
    places: Places,
    past: Wrong | None,
    near: _Alike | None,
    others: list[_Name],
) -> tuple[str | None, Kind, str, str]:
    """What was said, the kind of the error, the grade of the evidence, and the reason."""
    heard = f"“{' '.join(evidence.text(*places[0]).split())}”"
    times = f", which stands here {len(places)} times," if len(places) > 1 else ""
    if past:
        kind = past.remark.footnotes[0].kind
        place = f"transcripts/{past.remark.transcript}.md#{past.remark.address}"
        grade = f"{'name' if kind in NAMES else 'word'} corrected elsewhere"
        why = f"{heard} was corrected to “{past.remark.said}” at {place}"
        return past.remark.said, kind, grade, why
    if near:
        name = near.name
        grade, why = "like a name", f"{heard} sounds like {name.source}"
        if near.likeness == 1:
            grade, why = "same letters", f"the letters are those of {name.source}"
        elif not name.record:
            grade = "like a known word"
            why = f"{heard} sounds like “{name.written}”, which other talks have"
        return name.written, name.kind, grade, why
    if others:
        grade, why = "two spellings", f"sounds like “{others[0].written}”; which one is right?"
    elif heard[1:2].isupper():
        grade, why = "unknown name", "is a name of no list; is it written so?"
    else:
        grade, why = "unknown word", "is a word of no list; was it said?"
    return None, Kind.NAME, grade, f"{heard}{times} {why}"


def _split_endings(evidence: ReadTranscript, finding: Finding, places: Places) -> Iterator[Finding]:
    """A finding for the words alone, and one for their possessive."""
    groups: dict[Keys, Places] = defaultdict(list)
    for place in places:
        groups[evidence.keys[slice(*place)]].append(place)
    for keys, (one, *more) in groups.items():
        ending = keys[-1].removeprefix(strip_possessive(keys)[-1])
        said = finding.said and finding.said.removesuffix(ending) + ending
        yield finding._replace(first=one[0], end=one[1], said=said, more=tuple(more))
