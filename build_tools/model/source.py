"""What a recogniser wrote, as cues and words."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from build_tools.model.address import make_word_address, split_address
from build_tools.model.text import Words


class Cue(NamedTuple):
    """One timed piece, or one line where there are no times, of a source.

    `line` is the number of its first line or of its piece, from 1; times are in milliseconds;
    `speaker` is the file's own name for who speaks, or "". Readers leave `address` empty.
    """

    line: int
    start: int | None
    text: str
    end: int | None = None
    speaker: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The cues that hold speech, numbered by lines or pieces, and their words in order.

    `words[n]` stands in `cues[cue_of_word[n]]`, its slice counted in that cue's text; `furniture`
    are cues with words that are left out as no speech; `apart` are lines that the format itself
    tells from speech, such as headings and times.
    """

    path: str
    sha256: str
    cues: tuple[Cue, ...]
    words: Words
    cue_of_word: tuple[int, ...]
    unit: str = "line"
    last: int = 0
    furniture: tuple[Cue, ...] = ()
    apart: frozenset[int] = frozenset()

    @property
    def furniture_inside(self) -> tuple[Cue, ...]:
        """The furniture that stands in the middle of speech."""
        speech = range(self.cues[0].line, self.cues[-1].line) if self.cues else ()
        inside = set(speech) - self.apart
        return tuple(one for one in self.furniture if one.line in inside)

    def cue_at(self, word: int) -> Cue:
        """The cue in which the n-th word stands; the last one for a number past the end."""
        return self.cues[self.cue_of_word[min(word, len(self.cue_of_word) - 1)]]

    def address_at(self, word: int) -> str:
        """The address of the n-th word; that of the last word for a number past the end."""
        word = min(word, len(self.cue_of_word) - 1)
        first = bisect_left(self.cue_of_word, self.cue_of_word[word])
        return make_word_address(self.cue_at(word).address, word - first + 1)

    def find_word(self, address: str) -> int | None:
        """The number of the word that has an address; None where there is no such word."""
        line, word = split_address(address)
        at = next((n for n, cue in enumerate(self.cues) if cue.address == line), len(self.cues))
        found = bisect_left(self.cue_of_word, at) + word - 1
        return found if found < bisect_right(self.cue_of_word, at) else None

    def first_words(self) -> dict[int, Cue]:
        """Each cue by the number of its first word, in order."""
        numbers = dict.fromkeys(self.cue_of_word)
        return {bisect_left(self.cue_of_word, number): self.cues[number] for number in numbers}

    def slice(self, first: int, end: int, *, trailing: bool = True) -> str:
        """The source's own text of words, with `trailing` punctuation; a space joins cues."""
        if first >= end:
            return ""
        begin, last = self.cue_of_word[first], self.cue_of_word[end - 1]
        texts = [cue.text for cue in self.cues[begin : last + 1]]
        if not trailing:
            texts[-1] = texts[-1][: self.words.ends[end - 1]]
        elif end < len(self.words) and self.cue_of_word[end] == last:
            texts[-1] = texts[-1][: self.words.starts[end]]
        texts[0] = texts[0][self.words.starts[first] :]
        return " ".join(text.strip() for text in texts)
