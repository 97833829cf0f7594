"""How words sound, as far as spelling tells: what sounds alike has one key."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from jellyfish import metaphone


@lru_cache(maxsize=100_000)
def sound_key(words: str) -> str:
    """How a word, or several taken together, would be pronounced in English; "" where it cannot.

    >>> sound_key("their") == sound_key("there"), sound_key("over all") == sound_key("overall")
    (True, True)
    """
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", words.casefold())
        if letter.isalnum() and not unicodedata.combining(letter)
    )
    digits = "".join(letter for letter in plain if letter.isdigit())
    return metaphone(plain) + digits if plain.isascii() else plain
