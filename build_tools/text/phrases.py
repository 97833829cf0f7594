"""Runs of words found among words in one pass, by an automaton."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

# Each word stands between these signs, so that no match begins or ends inside a word.
_OPEN, _CLOSE = "\x02", "\x03"
Phrases = AhoCorasick


class Found(NamedTuple):
    """The number of a phrase, and the words from `first` to `end` (excluded) where it stands."""

    phrase: int
    first: int
    end: int


def compile_phrases(phrases: Iterable[Sequence[str]]) -> Phrases:
    """Phrases, each a run of word keys of at least one word, known by their number."""
    return AhoCorasick([encode_words(phrase) for phrase in phrases])


def find_phrases(phrases: Phrases, keys: Sequence[str]) -> Iterator[Found]:
    """Every place of every phrase among words, those that overlap too."""
    encoded = encode_words(keys)
    words = position = 0
    # They come in the order in which they end.
    for phrase, start, end in phrases.find_matches_as_indexes(encoded, overlapping=True):
        words += encoded.count(_OPEN, position, end)
        position = end
        yield Found(phrase, words - encoded.count(_OPEN, start, end), words)


def has_phrase(phrases: Phrases, encoded: str) -> bool:
    """Whether any phrase stands among words that `encode_words` has made ready."""
    return bool(phrases.find_matches_as_indexes(encoded))


def encode_words(keys: Sequence[str]) -> str:
    """Words made ready to be searched, once for many times."""
    return _OPEN + f"{_CLOSE}{_OPEN}".join(keys) + _CLOSE if keys else ""
