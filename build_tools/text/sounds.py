"""How words sound by the rules of English: “Amade” and “Amodei” have one key."""

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
    letters = filter(str.isalnum, unicodedata.normalize("NFKD", words.casefold()))
    plain = "".join(one for one in letters if not unicodedata.combining(one))[:_LONGEST]
    if not plain.isascii():
        return plain
    key, digits = metaphone(plain), "".join(filter(str.isdigit, plain))
    return (key.lstrip(_VOWELS).translate(_HALF_VOWELS) or key) + digits


def sound_distance(one: str, other: str) -> int:
    """How many consonants must change for one to sound like the other."""
    return Levenshtein.distance(sound_key(one), sound_key(other))


def spelling_likeness(one: str, other: str) -> float:
    """From 0, nothing alike, to 1, the same letters."""
    letters = ("".join(filter(str.isalnum, words.casefold())) for words in (one, other))
    return JaroWinkler.similarity(*letters)
