"""Words written for others of one sound: fixed phrases, rare words, two spellings of a name."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from build_tools.authoring.suggest.evidence import (
    Finding,
    ReadTranscript,
    is_inflection,
    shorten_by_one,
)
from build_tools.model.edition import Kind
from build_tools.text.frequencies import Frequencies
from build_tools.text.phrases import compile_phrases, find_phrases
from build_tools.text.sounds import sound_distance, sound_key, spelling_likeness
from build_tools.text.words import find_keys

# Occurrences in a million words of print below which a word is rare.
_RARE = 8.0
# Occurrences in the collection from which on a word is common.
_COMMON = 3
# How many common words of one sound a rare word is compared with.
_MOST = 30
_MIN_LIKENESS = 0.75
_ENDINGS = ("s", "es", "ed", "d", "ing", "er", "ers", "ly", "n", "y", "al", "'s", "ies", "ion")
# Occurrences in a million words of print below which a word with a capital is a name.
_NAME = 40.0
# Occurrences above which an unknown word was hardly misheard every time.
_OFTEN = 2
# How many of the most common spellings of one sound a name is compared with.
_MOST_SPELLINGS = 12
_MIN_SPELLING_LIKENESS = 0.8
_MORE_ENDINGS = ("ness", "ish", "y", "ization", "ism", "able")
_STEM_ENDINGS = (*("s", "es", "ed", "ing", "er", "ers", "ly"), *_MORE_ENDINGS)
# Phrases that recognisers and people write for others of the same sound.
_HOMOPHONES = """
    reign in: rein in; reigned in: reined in; reigning in: reining in; free reign: free rein;
    in affect: in effect; side affect: side effect; side affects: side effects;
    for all intensive purposes: for all intents and purposes; per say: per se;
    case and point: case in point; one in the same: one and the same; by in large: by and large;
    deep seeded: deep seated; mute point: moot point; sneak peak: sneak peek;
    tow the line: toe the line; due diligent: due diligence; do diligence: due diligence;
    breath and depth: breadth and depth; depth and breath: depth and breadth;
    a whole nother: a whole other; statue of limitations: statute of limitations;
    principle investigator: principal investigator; guiding principal: guiding principle;
    guiding principals: guiding principles; first principals: first principles;
    peaked my interest: piqued my interest; wet the appetite: whet the appetite;
    past tents: past tense; bear with me hear: bear with me here;
    right of passage: rite of passage; bare in mind: bear in mind; bare with me: bear with me;
    hard and vast: hard and fast; in tact: intact; leaf of faith: leap of faith
"""
_PHRASES = {
    **{f"{verb} of": f"{verb} have" for verb in ("should", "could", "would", "might", "must")},
    **{f"{more} then": f"{more} than" for more in ("more", "less", "rather", "better", "bigger")},
    **{f"in less {who}": f"unless {who}" for who in ("we", "you", "they", "it", "there")},
    **dict(re.findall(r"\s*(.+?): (.+?)(?:;|$)", _HOMOPHONES, re.MULTILINE)),
}


def find_sound_alikes(evidence: ReadTranscript) -> Iterator[Finding]:
    """Phrases that are hardly ever right, and rare words that sound like common ones."""
    if not evidence.english:
        return
    yield from _find_phrases(evidence)
    # The most common words of the collection by their sound.
    common: dict[str, list[str]] = defaultdict(list)
    for word, count in sorted(evidence.counts.items(), key=lambda item: -item[1]):
        if count >= _COMMON and word.isalpha() and len(word) > 2:
            alike = common[sound_key(word)]
            alike += [word] if len(alike) < _MOST else []
    names = {key for entry in evidence.entries for form in entry.forms for key in find_keys(form)}
    for number in range(1, len(evidence.keys) - 1):
        key = evidence.keys[number]
        rare = evidence.counts[key] < _COMMON and evidence.frequency(key) < _RARE
        if rare and len(key) > 2 and key not in names and evidence.is_free(number, number + 1):
            yield from _compare(evidence, number, common)


def _find_phrases(evidence: ReadTranscript) -> Iterator[Finding]:
    """Fixed phrases, without the words at their edges that both phrases share."""
    phrases, keys = list(_PHRASES), evidence.keys
    for found in find_phrases(compile_phrases(phrase.split() for phrase in phrases), keys):
        (phrase, first, end), said = found, _PHRASES[phrases[found.phrase]].split()
        if evidence.is_markable(first, end):
            why = f"“{phrases[phrase]}” is often written for “{' '.join(said)}”"
            while end - first > 1 and len(said) > 1 and said[-1] == keys[end - 1]:
                end, said = end - 1, said[:-1]
            while end - first > 1 and len(said) > 1 and said[0] == keys[first]:
                first, said = first + 1, said[1:]
            yield Finding(first, end, " ".join(said), Kind.HOMOPHONE, "fixed phrase", why)


def _compare(
    evidence: ReadTranscript, number: int, common: Mapping[str, list[str]]
) -> Iterator[Finding]:
    """“clad” for “glad”: a common word that sounds like a rare one and fits in its place."""
    if evidence.is_capital(number):
        return
    before, key, after = evidence.keys[number - 1 : number + 2]
    for word in common.get(sound_key(key), ()):
        likeness = spelling_likeness(key, word)
        near = Levenshtein.distance(key, word) <= 1 and likeness >= _MIN_LIKENESS
        if not near or is_inflection(key, word, _ENDINGS):
            continue
        if evidence.is_common_pair(before, word) and evidence.is_common_pair(word, after):
            why = f"“{key}” is rare, and “{word}”, which sounds like it, is common and fits here"
            grade = "rare word, common sound-alike"
            yield Finding(number, number + 1, word, Kind.HOMOPHONE, grade, why, likeness)


class _Spelling(NamedTuple):
    """A possible name: its key, its first written form, and the numbers of its words."""

    key: str
    written: str
    numbers: list[int]


def find_spellings(evidence: ReadTranscript) -> Iterator[Finding]:
    """Rare names that sound like a more common one, and words that no list has."""
    if not evidence.english:
        return
    spellings = _collect_spellings(evidence, evidence.english)
    by_sound: dict[str, list[_Spelling]] = defaultdict(list)
    for spelling in spellings:
        for sound in shorten_by_one(sound_key(spelling.key)):
            by_sound[sound].append(spelling)
    for alike in by_sound.values():
        alike.sort(key=lambda spelling: -len(spelling.numbers))
        del alike[_MOST_SPELLINGS:]
    names = [form for entry in evidence.entries for form in entry.forms]
    names += evidence.transcript.edition.speakers.values()
    explained = {key for name in names for key in find_keys(name)}
    for spelling in spellings:
        if spelling.key not in explained:
            other = _find_nearest(spelling, by_sound)
            yield from _report(evidence, spelling, other)


def _collect_spellings(evidence: ReadTranscript, lists: Frequencies) -> list[_Spelling]:
    """Unknown words, and words with a capital inside a sentence."""
    found: dict[str, _Spelling] = {}
    for number, key in enumerate(evidence.keys):
        if not evidence.is_free(number, number + 1) or len(key) < 3:
            continue
        bare = key.removesuffix("'s")
        written = evidence.text(number, number + 1)[: len(bare)]
        frequency = evidence.frequency(bare)
        name = frequency < _NAME and evidence.is_capital(number)
        if name or (len(bare) > 3 and frequency == 0 and not lists.knows(bare)):
            found.setdefault(bare, _Spelling(bare, written, [])).numbers.append(number)
    return list(found.values())


def _find_nearest(spelling: _Spelling, by_sound: dict[str, list[_Spelling]]) -> _Spelling | None:
    """The most common of the names that are more common than a word and sound like it."""
    near = [
        other
        for sound in sorted(shorten_by_one(sound_key(spelling.key)))
        for other in by_sound[sound]
        if len(other.numbers) > len(spelling.numbers)
        and sound_distance(other.key, spelling.key) <= 1
        and spelling_likeness(other.key, spelling.key) >= _MIN_SPELLING_LIKENESS
        and not _same_stem(other.key, spelling.key)
    ]
    return max(near, key=lambda other: len(other.numbers), default=None)


def _same_stem(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return long.startswith(short[: max(len(short) - 1, 4)]) and long.endswith(_STEM_ENDINGS)


def _report(
    evidence: ReadTranscript, spelling: _Spelling, other: _Spelling | None
) -> Iterator[Finding]:
    """The places of a spelling that resembles a more common one, or else of an unknown word."""
    key, written, numbers = spelling
    if other:
        times = f"{len(other.numbers)} times"
        why = f"“{other.written}” stands here {times}, and “{written}” sounds like it"
        weight = spelling_likeness(key, other.key)
        for number in numbers:
            said = other.written + ("'s" if evidence.keys[number] != key else "")
            yield Finding(number, number + 1, said, Kind.NAME, "two spellings", why, weight)
        return
    # Recognisers know initialisms.
    unknown = evidence.frequency(key) == 0 and len(key) > 3 and not written.isupper()
    if unknown and len(numbers) <= _OFTEN:
        grade, why = "unknown word", f"“{written}” is a word of no list; was it said?"
        if written[:1].isupper():
            grade = "unknown name"
            why = f"“{written}” is a name that the glossary lacks; is it written so?"
        yield Finding(numbers[0], numbers[0] + 1, None, Kind.NAME, grade, why, -len(numbers))
