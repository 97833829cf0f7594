"""What a word is: the measure by which an edition is compared with its source."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

import regex

from build_tools.model.text import Words

# Scripts written without blanks: every character is a word of its own, so that punctuation and
# line breaks stay the editor's there too.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_UNSPACED_CHARACTER = regex.compile(f"[{_UNSPACED}]")
# Letters and marks that nobody sees part words, as blanks do.
_UNSEEN = r"\p{Variation_Selector}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
_RUN = rf"[[\p{{L}}\p{{M}}\p{{N}}--[{_UNSPACED}]]--[{_UNSEEN}]]+"
# Signs that are spoken, with their forms for other typefaces and other scripts.
_SIGN = r"[\p{S}%‰‱&@#§％﹪٪؉؊＆﹠＠﹫＃﹟]"
# Dashes that can be a minus sign; the first is the key of all.
_DASHES = "-‐‑‒–﹣－"
_DASH = "[-‐‑‒–﹣－]"
_WORD = regex.compile(
    rf"""
    ( [{_UNSPACED}] [\p{{M}}--[{_UNSEEN}]]*                               # unspaced
    | (?: (?<! [[\p{{L}}\p{{M}}\p{{N}}.,:]--[{_UNSEEN}]] ) [.,] (?= \p{{N}} ) )?  # .5
      {_RUN}
      (?: ['’] {_RUN}                                                        # apostrophe
        | (?<= \p{{N}} ) [.,:/] (?= \p{{N}} ) {_RUN}                           # number
        | \^ {_RUN}                                                          # power
      )*
    | (?<! [<>/-] ) [<>] (?! [<>/] ) | !=                                     # comparison
    | (?<! [^\s\p{{C}}{_UNSEEN}(\[“‘"'«] ) {_DASH} (?= \p{{Sc}}? [.,]? \p{{N}} )            # minus
    | (?<= \p{{N}} ) [′″]                                                    # feet, inches
    | [{_SIGN}--[<>|~^`\u2800]]                                                    # sign
    )
    """,
    regex.VERSION1 | regex.VERBOSE,
)
# Most texts have nothing besides these signs, lower case and with plain apostrophes. For them the
# standard library finds the same words at six times the speed: no word of theirs has to be composed
# or folded, and a capital is as long as its small letter. The sign that a word begins with comes
# first and alone, so that a sign that cannot begin a word is passed over at once.
_LATIN = "a-zà-öø-ÿ"
# Signs that are words and stand in captions too: notes of music, and little pictures.
_SIGNS = r"%&@\#$+=£€°♩-♯🌀-🙏🤌-🧿"
_PLAIN_TEXT = re.compile(rf"[\x00-\x7f{_LATIN}{_SIGNS}\xa0«»¡¿·“”‘–—…]*")
_PLAIN_WORD = re.compile(
    rf"""
    ( [{_LATIN}0-9{_SIGNS}]
      (?: (?<=[{_LATIN}0-9])
          [{_LATIN}0-9]*+
          (?: ' [{_LATIN}0-9]++ | (?<=[0-9]) [.,:/] (?=[0-9]) [{_LATIN}0-9]++ )*+
        |                                                                     # sign
      )
    )
    """,
    re.VERBOSE,
)
# Signs that count beside some characters only; few texts have one. The sign comes first, so that a
# text is scanned for it at once.
_SPOKEN = re.compile(
    rf"""
    [<>^!.,–-]
    (?: (?<= [<>^] ) | (?<= ! ) (?= = )
      | (?<= [.,] ) (?<! [{_LATIN}0-9.,:] . ) (?= [0-9] )
      | (?<= [–-] ) (?<! [{_LATIN}0-9] . ) (?= [$£€.,]{{0,2}} [0-9] )
    )
    """,
    re.VERBOSE,
)
# Languages in which I is the capital of ı, and İ that of i.
_DOTLESS = frozenset(("tr", "az"))
_TO_DOTLESS = str.maketrans("Iİ", "ıi")
# Two spellings that a reader cannot tell apart.
_NOT_FOLDED = {letter: unicodedata.normalize("NFKC", letter) for letter in "ﬀﬁﬂﬃﬄﬅﬆ"} | {"’": "'"}


def word_key(word: str, lang: str = "") -> str:
    """The key that a word is compared by: composed, small letters, plain apostrophes and signs.

    Letters are folded one by one (simple case folding), so that “Maßen” and “Massen” stay two
    words; in Turkish and Azerbaijani I is the capital of ı.
    """
    if _is_dotless(lang):
        word = word.translate(_TO_DOTLESS)
    if word.isascii():
        return word.lower()
    composed = unicodedata.normalize("NFC", word)
    if len(composed) == 1:
        plain = unicodedata.normalize("NFKC", composed)
        composed = plain if len(plain) == 1 and not plain.isalnum() else composed
        composed = "-" if composed in _DASHES + "−" else composed
    return unicodedata.normalize("NFC", "".join(map(_fold_letter, composed)))


def _is_dotless(lang: str) -> bool:
    return lang.partition("-")[0] in _DOTLESS


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    if letter in _NOT_FOLDED:
        return _NOT_FOLDED[letter]
    foldings = (letter.casefold(), letter.lower(), letter)
    return next(folded for folded in foldings if len(folded) == 1)


def is_unspaced(character: str) -> bool:
    """Whether a character is of a script written without blanks, and so a word of its own."""
    return _UNSPACED_CHARACTER.match(character) is not None


def find_words(text: str, lang: str = "") -> Words:
    """The words of a text in order; `docs/format.md` says what a word is, and tests this."""
    plain = _as_plain(text, lang)
    # Text between words and words take turns; the end of each follows from its length.
    pieces = _WORD.split(text) if plain is None else _PLAIN_WORD.split(plain)
    edges = tuple(accumulate(map(len, pieces)))
    keys = pieces[1::2]
    return Words(tuple(_fold(keys, lang) if plain is None else keys), edges[0:-1:2], edges[1::2])


@lru_cache(maxsize=4096)
def has_word(text: str) -> bool:
    """Whether a text holds a word at all."""
    return _WORD.search(text) is not None


def find_keys(text: str, lang: str = "") -> tuple[str, ...]:
    """The keys of a text's words: two texts that have them in common say the same."""
    plain = _as_plain(text, lang)
    if plain is None:
        return tuple(_fold(_WORD.findall(text), lang))
    return tuple(_PLAIN_WORD.findall(plain))


def _fold(words: list[str], lang: str) -> Iterator[str]:
    keys = {word: word_key(word, lang) for word in set(words)}
    return map(keys.__getitem__, words)


def _as_plain(text: str, lang: str) -> str | None:
    """The text in small letters with plain apostrophes, if it is as plain as most; else None."""
    if _is_dotless(lang):
        return None
    lower = text.lower().replace("’", "'")
    plain = lower.isascii() or _PLAIN_TEXT.fullmatch(lower)
    return lower if plain and not _SPOKEN.search(lower) else None
