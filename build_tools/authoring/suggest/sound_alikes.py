"""Words that were written for others of the same sound: in fixed phrases, and rare words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from rapidfuzz.distance import Levenshtein

from build_tools.authoring.suggest.evidence import Evidence, Finding, is_inflection
from build_tools.model.edition import Kind
from build_tools.text.phrases import compile_phrases, find_phrases
from build_tools.text.sounds import sound_key, spelling_likeness
from build_tools.text.words import find_keys

# Occurrences in a million words of print below which a word is rare.
_RARE = 8.0
# Occurrences in the collection from which on a word is common.
_COMMON = 3
# How many common words of one sound a rare word is compared with.
_MOST = 30
_MIN_LIKENESS = 0.75
_ENDINGS = ("s", "es", "ed", "d", "ing", "er", "ers", "ly", "n", "y", "al", "'s", "ies", "ion")
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


def find_sound_alikes(evidence: Evidence) -> Iterator[Finding]:
    """Phrases that are hardly ever right, and rare words that sound like common ones."""
    if not evidence.english:
        return
    yield from _find_phrases(evidence)
    common = _common_by_sound(evidence)
    names = {key for entry in evidence.entries for form in entry.forms for key in find_keys(form)}
    for number in range(1, len(evidence.keys) - 1):
        key = evidence.keys[number]
        if len(key) < 3 or key in names or evidence.is_capital(number):
            continue
        if not evidence.is_free(number, number + 1):
            continue
        if evidence.counts[key] < _COMMON and evidence.frequency(key) < _RARE:
            yield from _compare(evidence, number, common)


def _find_phrases(evidence: Evidence) -> Iterator[Finding]:
    phrases = list(_PHRASES)
    for found in find_phrases(compile_phrases(phrase.split() for phrase in phrases), evidence.keys):
        if evidence.is_markable(found.first, found.end):
            heard = phrases[found.phrase]
            why = f"“{heard}” is often written for “{_PHRASES[heard]}”"
            yield _narrow(evidence, found.first, found.end, _PHRASES[heard].split(), why)


def _narrow(evidence: Evidence, first: int, end: int, said: list[str], why: str) -> Finding:
    """A finding without the words that both phrases share at their edges."""
    while end - first > 1 and len(said) > 1 and said[-1] == evidence.keys[end - 1]:
        end, said = end - 1, said[:-1]
    while end - first > 1 and len(said) > 1 and said[0] == evidence.keys[first]:
        first, said = first + 1, said[1:]
    return Finding(first, end, " ".join(said), Kind.HOMOPHONE, "fixed phrase", why)


def _common_by_sound(evidence: Evidence) -> Mapping[str, list[str]]:
    """The most common words of the collection by their sound."""
    words: dict[str, list[str]] = defaultdict(list)
    for word, count in sorted(evidence.counts.items(), key=lambda item: -item[1]):
        alike = words[sound_key(word)] if count >= _COMMON and word.isalpha() else []
        if len(word) > 2 and len(alike) < _MOST:
            alike.append(word)
    return words


def _compare(evidence: Evidence, number: int, common: Mapping[str, list[str]]) -> Iterator[Finding]:
    """“clad” for “glad”: a common word that sounds like a rare one and fits in its place."""
    before, key, after = evidence.keys[number - 1 : number + 2]
    for word in common.get(sound_key(key), ()):
        likeness = spelling_likeness(key, word)
        if (
            Levenshtein.distance(key, word) > 1
            or likeness < _MIN_LIKENESS
            or is_inflection(key, word, _ENDINGS)
        ):
            continue
        if evidence.is_common_pair(before, word) and evidence.is_common_pair(word, after):
            why = f"“{key}” is rare, and “{word}”, which sounds like it, is common and fits here"
            grade = "rare word, common sound-alike"
            yield Finding(number, number + 1, word, Kind.HOMOPHONE, grade, why, likeness)
