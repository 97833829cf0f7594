"""How common English words are in print, by the list of symspellpy."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_WORDS = "frequency_dictionary_en_82_765.txt"
# The list has the British spelling of words that American English spells differently.
_BRITISH = (
    *(("or", "our"), ("z", "s"), ("ice", "ise"), ("icing", "ising"), ("ense", "ence")),
    *(("er", "re"), ("el", "ell"), ("ilor", "illor"), ("sk", "sc"), ("air", "aero")),
    ("math", "maths"),
)
# Prefixes, and suffixes with what they replace, that make another word of one.
_PREFIXES = ("un", "non", "re", "pre", "dis", "dys", "over", "out", "sub", "super", "anti", "mis")
_SUFFIXES = (
    *(("s", ""), ("es", ""), ("ed", ""), ("ing", ""), ("er", ""), ("ly", ""), ("ness", "")),
    *(("ish", ""), ("ability", ""), ("able", ""), ("ization", "ize"), ("ally", "al")),
)
_SHORTEST_PART = 3
_LONGEST = 40
# Occurrences in a million below which a word is no part of a compound.
_COMMON_PART = 3.0
# Occurrences in a million above which a word is a function word.
COMMON = 400.0
# A language of which the list knows fewer of the words is not the list's.
_COVERED = 0.6


class Frequencies(NamedTuple):
    """How often words are met in a million."""

    words: Mapping[str, float]

    def per_million(self, word: str) -> float:
        """How often a word is met in a million; 0 for one that the list does not know."""
        spellings = (word, *(word.replace(*pair) for pair in _BRITISH))
        return next((self.words[one] for one in spellings if one in self.words), 0)

    def knows(self, word: str) -> bool:
        """Whether a word is of the list, or made of words that are."""
        if self.per_million(word) or any(self.per_million(stem) for stem in _stems(word)):
            return True
        cuts = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1 if len(word) <= _LONGEST else 0)
        parts = ((self.per_million(word[:cut]), self.per_million(word[cut:])) for cut in cuts)
        return any(min(both) >= _COMMON_PART for both in parts)

    def covers(self, words: Iterable[str]) -> bool:
        """Whether words are of the language of the list."""
        known = [word in self.words for word in words]
        return bool(known) and sum(known) >= _COVERED * len(known)


def _stems(word: str) -> Iterator[str]:
    """The words from which a word may be made, by taking off its prefix or suffix."""
    bare = next((word.removeprefix(one) for one in _PREFIXES if word.startswith(one)), word)
    for whole in {word: None, bare: None}:
        yield whole
        for suffix, instead in _SUFFIXES:
            if whole.endswith(suffix) and len(whole) - len(suffix) >= _SHORTEST_PART:
                stem = whole.removesuffix(suffix) + instead
                yield from (stem, stem + "e", stem[:-1] if stem[-2:-1] == stem[-1:] else stem)


@cache
def read_frequencies() -> Frequencies:
    """The list, read once."""
    text = files("symspellpy").joinpath(_WORDS).read_text(encoding="utf-8-sig")
    words = {word: int(count) for word, count in map(str.split, text.splitlines())}
    total = sum(words.values())
    return Frequencies({word: count * 1e6 / total for word, count in words.items()})
