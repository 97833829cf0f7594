"""What a word is: the measure by which an edition is compared with its source."""

from __future__ import annotations

import unicodedata

import regex

from build_tools.model import Word

# Scripts written without blanks: every character is a word of its own, so that punctuation and
# line breaks stay the editor's there too.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"

_UNSPACED_CHARACTER = regex.compile(f"[{_UNSPACED}]")
_WORD = regex.compile(
    rf"""
      (?P<unspaced> [{_UNSPACED}] \p{{M}}* )
    | (?P<number>   \p{{N}}+ (?: [.,:] \p{{N}}+ )+ (?! [\p{{L}}\p{{M}}\p{{N}}] ) )
    | (?P<run>      [\p{{L}}\p{{M}}\p{{N}}--[{_UNSPACED}]]+
                    (?: ['’] [\p{{L}}\p{{M}}\p{{N}}--[{_UNSPACED}]]+ )* )
    | (?P<sign>     [[\p{{S}}%‰&@#§]--[<>|~^`]] )
    """,
    regex.VERSION1 | regex.VERBOSE,
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


def find_words(text: str) -> tuple[Word, ...]:
    """The words of a text in order; `docs/format.md` says what a word is, and is the test of this.

    >>> [word.key for word in find_words("Can’t they? It’s 4.5%—over-the-top, R&D.")]
    ["can't", 'they', "it's", '4.5', '%', 'over', 'the', 'top', 'r', '&', 'd']
    """
    # Small letters of ASCII stand where the capitals stood, so all of them are made at once.
    keys = text.lower() if text.isascii() else ""
    words = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        words.append(Word(keys[start:end] or word_key(text[start:end]), start, end))
    return tuple(words)


def has_word(text: str) -> bool:
    """Whether a text holds a word at all."""
    return _WORD.search(text) is not None


def find_keys(text: str) -> tuple[str, ...]:
    """The keys of a text's words: two texts that have them in common say the same."""
    if text.isascii():
        return tuple([match[0] for match in _WORD.finditer(text.lower())])
    return tuple([word_key(match[0]) for match in _WORD.finditer(text)])
