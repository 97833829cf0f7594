"""What a word is: the measure by which an edition is compared with its source."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate

import regex

from build_tools.model.text import Words

# Scripts written without blanks: every character is a word of its own, so that punctuation and
# line breaks stay the editor's there too.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"

_UNSPACED_CHARACTER = regex.compile(f"[{_UNSPACED}]")
_WORD = regex.compile(
    rf"""
    ( [{_UNSPACED}] \p{{M}}*                                                  # unspaced
    | \p{{N}}+ (?: [.,:] \p{{N}}+ )+ (?! [\p{{L}}\p{{M}}\p{{N}}] )               # number
    | [\p{{L}}\p{{M}}\p{{N}}--[{_UNSPACED}]]+
      (?: ['’] [\p{{L}}\p{{M}}\p{{N}}--[{_UNSPACED}]]+ )*                       # run
    | [[\p{{S}}%‰&@#§]--[<>|~^`]]                                           # sign
    )
    """,
    regex.VERSION1 | regex.VERBOSE,
)

# Most texts have nothing besides these signs, lower case and with plain apostrophes. For them the
# standard library finds the same words at six times the speed. In no word of theirs is there
# anything to compose or to fold, and a capital is as long as its small letter. The sign that a word
# begins with comes first and alone: what cannot begin a word is then passed over unlooked at.
_LATIN = "a-zà-öø-ÿ"
# Of the signs that are words those that captions have too: notes of music, and little pictures.
_SIGNS = r"%&@\#$+=£€°♩-♯🌀-🙏🤌-🧿"
_PLAIN_TEXT = re.compile(rf"[\x00-\x7f{_LATIN}{_SIGNS}\xa0«»¡¿·“”‘–—…]*")
_PLAIN_WORD = re.compile(
    rf"""
    ( [{_LATIN}0-9{_SIGNS}]
      (?: (?<=[{_LATIN}]) [{_LATIN}0-9]*+ (?: ' [{_LATIN}0-9]++ )*+           # run
        | (?<=[0-9]) [0-9]* (?: [.,:] [0-9]+ )+ (?! [{_LATIN}0-9] )           # number
        | (?<=[0-9]) [{_LATIN}0-9]*+ (?: ' [{_LATIN}0-9]++ )*+                # run
        |                                                                     # sign
      )
    )
    """,
    re.VERBOSE,
)


def word_key(word: str) -> str:
    """What a word is compared by: composed, case folded, typographic apostrophes as plain ones."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", word).casefold()).replace(
        "’", "'"
    )


def is_unspaced(character: str) -> bool:
    """Whether a character is of a script written without blanks, and so a word of its own."""
    return _UNSPACED_CHARACTER.match(character) is not None


def find_words(text: str) -> Words:
    """The words of a text in order; `docs/format.md` says what a word is, and is the test of this.

    >>> find_words("Can’t they? It’s 4.5%—over-the-top, R&D.").keys
    ("can't", 'they', "it's", '4.5', '%', 'over', 'the', 'top', 'r', '&', 'd')
    """
    plain = _as_plain(text)
    # What stands between words, and words, by turns; where each ends follows from its length.
    pieces = _WORD.split(text) if plain is None else _PLAIN_WORD.split(plain)
    edges = tuple(accumulate(map(len, pieces)))
    keys = pieces[1::2]
    return Words(tuple(_fold(keys) if plain is None else keys), edges[0:-1:2], edges[1::2])


def has_word(text: str) -> bool:
    """Whether a text holds a word at all."""
    return _WORD.search(text) is not None


def find_keys(text: str) -> tuple[str, ...]:
    """The keys of a text's words: two texts that have them in common say the same."""
    plain = _as_plain(text)
    return tuple(_fold(_WORD.findall(text)) if plain is None else _PLAIN_WORD.findall(plain))


def _fold(words: list[str]) -> Iterator[str]:
    """The key of each word, made once for those that are alike: most words come again."""
    keys = {word: word_key(word) for word in set(words)}
    return map(keys.__getitem__, words)


def _as_plain(text: str) -> str | None:
    """The text in lower case with plain apostrophes, if it is as plain as most; else None."""
    lower = text.lower().replace("’", "'")
    return lower if lower.isascii() or _PLAIN_TEXT.fullmatch(lower) else None
