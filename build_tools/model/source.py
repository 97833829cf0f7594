"""What a recogniser wrote, as cues and words."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from build_tools.model.address import make_word_address, split_address
from build_tools.model.text import Words


class Cue(NamedTuple):
    """One timed piece, or one line where there are no times, of a source.

    `start` and `end` in milliseconds or None; `line` from 1, of a file without lines of its own the
    number of the piece; `address` is the id it has on every
    page; `speaker` is the file's own name for who speaks, or "".
    """

    line: int
    start: int | None
    text: str
    address: str
    end: int | None = None
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What the recogniser wrote: the cues that hold speech, their words in order, and whose cue.

    `words[n]` stands in `cues[cue_of_word[n]]`, its slice counted in that cue's text. `unit` is
    what the numbers of its cues count, “line” or “piece”, and `last` the number of the last one.
    """

    path: str
    sha256: str
    cues: tuple[Cue, ...]
    words: Words
    cue_of_word: tuple[int, ...]
    unit: str = "line"
    last: int = 0

    def cue_at(self, word: int) -> Cue:
        """The cue in which the n-th word stands; the last one for a number past the end."""
        numbers = self.cue_of_word
        return self.cues[numbers[word] if word < len(numbers) else numbers[-1]]

    def address_at(self, word: int) -> str:
        """The address of the n-th word; that of the last word for a number past the end."""
        word = min(word, len(self.cue_of_word) - 1)
        number = self.cue_of_word[word]
        first = bisect_left(self.cue_of_word, number)
        return make_word_address(self.cues[number].address, word - first + 1)

    def find_word(self, address: str) -> int | None:
        """The number of the word that has an address; None where there is no such word."""
        line, word = split_address(address)
        for number, cue in enumerate(self.cues):
            if cue.address == line:
                found = bisect_left(self.cue_of_word, number) + word - 1
                return found if found < bisect_right(self.cue_of_word, number) else None
        return None

    def first_words(self) -> dict[int, Cue]:
        """Each cue by the number of its first word, in order."""
        words = range(len(self.cue_of_word))
        firsts = (bisect_left(self.cue_of_word, number) for number in range(len(self.cues)))
        return {
            first: cue
            for number, (first, cue) in enumerate(zip(firsts, self.cues, strict=True))
            if first in words and self.cue_of_word[first] == number
        }

    def slice(self, first: int, end: int) -> str:
        """The source's own text from word `first` to word `end` (excluded), cues joined by a space.

        Punctuation that trails a word goes with it.
        """
        if first >= end:
            return ""
        pieces = []
        for cue_number in range(self.cue_of_word[first], self.cue_of_word[end - 1] + 1):
            text = self.cues[cue_number].text
            here = cue_number == self.cue_of_word[first]
            begin = self.words[first].start if here else 0
            goes_on = end < len(self.words) and self.cue_of_word[end] == cue_number
            pieces.append(text[begin : self.words[end].start if goes_on else len(text)].strip())
        return " ".join(pieces)
