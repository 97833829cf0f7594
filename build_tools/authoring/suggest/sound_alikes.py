"""Words in the place of others that sound like them: rare ones, and ones that fit nowhere here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from rapidfuzz.distance import Levenshtein

from build_tools.authoring.suggest.evidence import Evidence, Finding
from build_tools.model.edition import Kind
from build_tools.text.phrases import compile_phrases, find_phrases
from build_tools.text.sounds import sound_key, spelling_likeness
from build_tools.text.words import find_keys

# Met less often than so in a million words of print, a word is rare.
_RARE = 8.0
# Said less often than so in the collection, a word is not common here.
_COMMON_HERE = 3
# With so many common words that sound alike a rare one is compared.
_MOST = 30
_ALIKE = 0.75
_ENDINGS = ("s", "es", "ed", "d", "ing", "er", "ers", "ly", "n", "y", "al", "'s", "ies", "ion")
# What recognisers and people write for what sounds the same, and hardly ever rightly.
_PHRASES = {
    "reign in": "rein in",
    "reigned in": "reined in",
    "reigning in": "reining in",
    "free reign": "free rein",
    "should of": "should have",
    "could of": "could have",
    "would of": "would have",
    "might of": "might have",
    "must of": "must have",
    "more then": "more than",
    "less then": "less than",
    "rather then": "rather than",
    "better then": "better than",
    "bigger then": "bigger than",
    "in less we": "unless we",
    "in less you": "unless you",
    "in less they": "unless they",
    "in less it": "unless it",
    "in less there": "unless there",
    "in affect": "in effect",
    "side affect": "side effect",
    "side affects": "side effects",
    "for all intensive purposes": "for all intents and purposes",
    "per say": "per se",
    "case and point": "case in point",
    "one in the same": "one and the same",
    "by in large": "by and large",
    "deep seeded": "deep seated",
    "mute point": "moot point",
    "sneak peak": "sneak peek",
    "tow the line": "toe the line",
    "due diligent": "due diligence",
    "do diligence": "due diligence",
    "breath and depth": "breadth and depth",
    "depth and breath": "depth and breadth",
    "a whole nother": "a whole other",
    "statue of limitations": "statute of limitations",
    "principle investigator": "principal investigator",
    "guiding principal": "guiding principle",
    "guiding principals": "guiding principles",
    "first principals": "first principles",
    "peaked my interest": "piqued my interest",
    "wet the appetite": "whet the appetite",
    "past tents": "past tense",
    "bear with me hear": "bear with me here",
    "right of passage": "rite of passage",
    "bare in mind": "bear in mind",
    "bare with me": "bear with me",
    "hard and vast": "hard and fast",
    "in tact": "intact",
    "leaf of faith": "leap of faith",
}


def find_sound_alikes(evidence: Evidence) -> Iterator[Finding]:
    """Phrases that are hardly ever right, and rare words in the place of common ones."""
    if not evidence.english:
        return
    yield from _fixed(evidence)
    at_home = _at_home(evidence)
    named = {key for entry in evidence.entries for form in entry.forms for key in find_keys(form)}
    for number in range(1, len(evidence.keys) - 1):
        key = evidence.keys[number]
        if len(key) < 3 or key in named or evidence.is_capital(number):
            continue
        if not evidence.is_free(number, number + 1):
            continue
        if evidence.counts[key] < _COMMON_HERE and evidence.rarity(key) < _RARE:
            yield from _rare(evidence, number, at_home)


def _fixed(evidence: Evidence) -> Iterator[Finding]:
    """Phrases of which one spelling is hardly ever right."""
    phrases = list(_PHRASES)
    for found in find_phrases(compile_phrases(phrase.split() for phrase in phrases), evidence.keys):
        if evidence.is_free(found.first, found.end) and evidence.together(found.first, found.end):
            heard = phrases[found.phrase]
            why = f"“{heard}” is often written for “{_PHRASES[heard]}”"
            yield _narrowed(
                evidence, found.first, found.end, _PHRASES[heard].split(), "fixed phrase", why
            )


def _narrowed(
    evidence: Evidence, first: int, end: int, said: list[str], grade: str, why: str
) -> Finding:
    """A finding without the words that both sides have at their edges."""
    while end - first > 1 and len(said) > 1 and said[-1] == evidence.keys[end - 1]:
        end, said = end - 1, said[:-1]
    while end - first > 1 and len(said) > 1 and said[0] == evidence.keys[first]:
        first, said = first + 1, said[1:]
    return Finding(first, end, " ".join(said), Kind.HOMOPHONE, grade, why)


def _at_home(evidence: Evidence) -> Mapping[str, list[str]]:
    """The words that are common in the collection, by their sound."""
    words: dict[str, list[str]] = defaultdict(list)
    for word, count in sorted(evidence.counts.items(), key=lambda item: -item[1]):
        alike = words[sound_key(word)] if count >= _COMMON_HERE and word.isalpha() else []
        if len(word) > 2 and len(alike) < _MOST:
            alike.append(word)
    return words


def _rare(evidence: Evidence, number: int, at_home: Mapping[str, list[str]]) -> Iterator[Finding]:
    """“clad” where “glad” is common: a word said often that sounds alike and fits in its place."""
    before, key, after = evidence.keys[number - 1 : number + 2]
    for word in at_home.get(sound_key(key), ()):
        likeness = spelling_likeness(key, word)
        if Levenshtein.distance(key, word) > 1 or likeness < _ALIKE or _is_form(key, word):
            continue
        if evidence.is_usual(before, word) and evidence.is_usual(word, after):
            why = f"“{key}” is rare, and “{word}”, which sounds like it, is common and fits here"
            grade = "rare word, common sound-alike"
            yield Finding(number, number + 1, word, Kind.HOMOPHONE, grade, why, likeness)


def _is_form(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return any(
        long in (short + ending, short[:-1] + ending, short + short[-1:] + ending)
        for ending in _ENDINGS
    )
