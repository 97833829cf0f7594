"""How words sound by the rules of English: words that sound alike have one key.

A misheard name keeps its consonants: “Amade” and “Amodei” have one key.
"""

import unicodedata
from functools import lru_cache

from jellyfish import metaphone
from rapidfuzz.distance import JaroWinkler, Levenshtein

# Half vowels come and go between spellings of one sound, as in “clawed” and “Claude”.
_HALF_VOWELS = str.maketrans("", "", "WHY")
_VOWELS = "AEIOU"
# Only the beginning of longer words is compared, so that no file can make it costly.
_LONGEST = 60


@lru_cache(maxsize=100_000)
def sound_key(words: str) -> str:
    """The consonants of a word, or of several taken together, as they sound."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", words.casefold())
        if letter.isalnum() and not unicodedata.combining(letter)
    )[:_LONGEST]
    if not plain.isascii():
        return plain
    digits = "".join(letter for letter in plain if letter.isdigit())
    key = metaphone(plain)
    return (key.lstrip(_VOWELS).translate(_HALF_VOWELS) or key) + digits


def sound_distance(one: str, other: str) -> int:
    """How many consonants must change for one to sound like the other."""
    return Levenshtein.distance(sound_key(one), sound_key(other))


def spelling_likeness(one: str, other: str) -> float:
    """From 0, nothing alike, to 1, the same letters."""
    return JaroWinkler.similarity(_letters(one), _letters(other))


def _letters(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum())
