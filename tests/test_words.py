"""However words are found, they are those of the definition, which stands here in its slow form."""

import sys

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from build_tools.model.text import Word, Words
from build_tools.text.words import find_keys, find_words, word_key
from tests.tries import tries

# Characters of scripts written without blanks are words one by one; numbers keep their points,
# signs, units and powers, and words their apostrophes; signs are words, except those of
# Markdown; angle brackets are words, but for >>, -> and </.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_UNSEEN = r"\p{Variation_Selector}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
_RUN = rf"[[\p{{L}}\p{{M}}\p{{N}}--[{_UNSPACED}]]--[{_UNSEEN}]]+"
_DASH = "[-\u2010-\u2013\ufe63\uff0d]"
_DEFINITION = regex.compile(
    rf"""
      (?P<unspaced>   [{_UNSPACED}] [\p{{M}}--[{_UNSEEN}]]* )
    | (?P<word>       (?: (?<! [[\p{{L}}\p{{M}}\p{{N}}.,:]--[{_UNSEEN}]] ) [.,] (?= \p{{N}} ) )?
                      {_RUN}
                      (?: ['’] {_RUN} | (?<= \p{{N}} ) [.,:/] (?= \p{{N}} ) {_RUN} | \^ {_RUN} )* )
    | (?P<comparison> (?<! [<>/-] ) [<>] (?! [<>/] ) | != )
    | (?P<minus>      (?<! [^\s\p{{C}}{_UNSEEN}(\[“‘"'«] ) {_DASH} (?= \p{{Sc}}? [.,]? \p{{N}} ) )
    | (?P<prime>      (?<= \p{{N}} ) [′″] )
    | (?P<sign>       [[\p{{S}}%‰‱&@#§％﹪٪؉؊＆﹠＠﹫＃﹟]--[<>|~^`\u2800]] )
    """,
    regex.VERSION1 | regex.VERBOSE,
)


def define_words(text: str) -> list[Word]:
    """The words of a text by their definition, one after another."""
    return [
        Word(word_key(match[0]), match.start(), match.end()) for match in _DEFINITION.finditer(text)
    ]


PIECES = (
    *("it's", "It’s", "‘so’", "’tis", "rock’n’roll", "o'", "''", "x'4", "4'x", "’", "'", "a’’b"),
    *("4.5", "4.5%", "1,000,000", "12:30", "1.2.3a", "1.2.3.", "4.", ".4", "3D", "1st", "2,b", "0"),
    *(
        *("R&D", "C++", "#1", "@x", "$5", "£5", "€5", "5¢", "a_b", "<b>", "~~", "a|b", "`x`", "^"),
        *("=", "+"),
    ),
    *(
        *("café", "CAFÉ", "naïve", "ÿ", "Ÿ", "ß", "ẞ", "ﬁ", "µ", "Å", "K", "İ", "ı", "ſ", "×", "÷"),
        *("ª", "²"),
    ),
    *(
        *("—", "…", "“a”", "\u00ad", "\u0301", "e\u0301", "日本", "กา", "שלום", "Σας", "①", "٣"),
        "\x1c",
    ),
    *("♪", "🤖", "👍🏽", "❤\ufe0f", "20\xa0°C", "«a»", "¿b", "c·d"),
    *(" ", "\n", "\t", "\u2028", "\0", "-"),
    *(
        *(".5", ",5", "-5", "–$5", "-.5", "3.5k", "1,500m", "3/4", "10^6", "x < y", "<", "y>"),
        *("5>=3", ">> a", "6′2″"),
    ),
    *("５％", "％", "＄", "‱", "−5", "ς", "Maßen", "Iİ"),
)
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12).map("".join)


@tries(2000)
@given(texts)
def test_words_are_those_of_the_definition(text: str) -> None:
    words = define_words(text)
    assert list(find_words(text)) == words
    assert find_keys(text) == tuple(word.key for word in words)


@tries(1000)
@given(st.lists(st.sampled_from([piece for piece in PIECES if piece.isascii()])).map("".join))
def test_plain_words_are_those_of_the_definition(text: str) -> None:
    assert list(find_words(text)) == define_words(text)


@pytest.mark.slow
def test_no_character_is_another_word_than_in_the_definition() -> None:
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if character.isprintable() or code < 0x3000:
            text = f"a{character}1 {character}"
            assert list(find_words(text)) == define_words(text), hex(code)


def test_columns_are_words() -> None:
    words = find_words("One two, three.")
    assert words[1] == words[-2] == Word("two", 4, 7)
    assert list(words[1:]) == [Word("two", 4, 7), Word("three", 9, 14)]
    assert (len(words), words[1:] == find_words("One two, three.")[1:]) == (3, True)
    assert Words() == find_words("…")
    with pytest.raises(IndexError):
        words[3]
