"""An edition's words as heard beside its source, and the differences that get a mark each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from build_tools.model.edition import Edition, Span
from build_tools.model.source import Source
from build_tools.reading.rejection import Rejected, file_offsets, reject_marks
from build_tools.text.differences import Difference, join_neighbours
from build_tools.text.words import find_keys, is_unspaced

# Signs inside words and numbers: beside one, the edge of a mark could merge two words into one.
_JOINING = frozenset(("", ".", ",", ":", "'", "’"))


class HeardWord(NamedTuple):
    """A word as heard: its slice of the file, and the numbers of its first and last span."""

    start: int
    end: int
    span: int
    last_span: int


@dataclass(frozen=True)
class Comparison:
    """An edition, its words as heard, and its source; `gaps[n]` is the text before word `n`."""

    edition: Edition
    source: Source
    rejected: Rejected
    keys: tuple[str, ...]
    words: tuple[HeardWord, ...]
    gaps: tuple[str, ...]
    spans: tuple[Span, ...]
    offsets: tuple[Sequence[int], ...]

    @property
    def content(self) -> str:
        """The text of the edition's file."""
        return self.edition.text.content

    def may_merge(self, word: int) -> bool:
        """Whether a mark between a word and the one before it could merge both into one."""
        if not 0 < word < len(self.words) or self.gaps[word] not in _JOINING:
            return False
        unspaced = (is_unspaced(self.keys[n][0]) for n in (word - 1, word))
        return bool(self.gaps[word]) or not all(unspaced)

    def raw(self, first: int, end: int) -> str:
        """The file's own text of some words."""
        return self.content[self.words[first].start : self.words[end - 1].end]

    def source_keys(self, first: int, end: int) -> tuple[str, ...]:
        """The keys of some words of the source."""
        return self.source.words.keys[first:end]

    def source_text(self, first: int, end: int) -> str:
        """The source's own text of some words, on one line."""
        shown = " ".join(self.source.slice(first, end, trailing=False).split())
        keys = self.source_keys(first, end)
        # A source may hold invisible characters; an edition must not.
        return shown if shown.isprintable() and find_keys(shown) == keys else " ".join(keys)

    def source_break(self, word: int) -> int:
        """How the source separates a word from the one before: 2 sentence, 1 cue, 0 not at all."""
        if not 0 < word < len(self.source.words):
            return 2
        same_cue = self.source.cue_of_word[word - 1] == self.source.cue_of_word[word]
        stop = self.source.words.starts[word] if same_cue else None
        gap = self.source.cue_at(word - 1).text[self.source.words.ends[word - 1] : stop]
        return 2 if ends_sentence(gap) else int(not same_cue)


def compare(edition: Edition, source: Source) -> Comparison:
    """The words of an edition as heard, in order, beside the source."""
    rejected = reject_marks(edition)
    spans = tuple(placed.span for placed in rejected.spans)
    offsets = tuple(file_offsets(edition, span) for span in spans)
    words: list[HeardWord] = []
    gaps: list[str] = []
    position = 0
    for _, heard_start, heard_end in rejected.words:
        first, last = rejected.span_number(heard_start), rejected.span_number(heard_end - 1)
        into = heard_start - rejected.spans[first].heard_start
        # A backslash is plain text before a letter, but would escape the brace of a mark.
        behind_backslash = heard_start > 0 and rejected.heard[heard_start - 1] == "\\"
        into -= behind_backslash and offsets[first][max(into - 1, 0)] == offsets[first][into] - 1
        end = offsets[last][heard_end - rejected.spans[last].heard_start]
        words.append(HeardWord(offsets[first][into], end, first, last))
        gaps.append(rejected.heard[position:heard_start])
        position = heard_end
    keys = rejected.words.keys
    return Comparison(edition, source, rejected, keys, tuple(words), tuple(gaps), spans, offsets)


def group_differences(
    compared: Comparison, differences: Sequence[Difference]
) -> tuple[Difference, ...]:
    """The differences that get a mark each, in order, with the words that touch them.

    `$5` for `5` is one change, and so is `R&D` for `RD`.
    """
    widened, lower = [], 0
    uppers = (*(difference.heard_first for difference in differences[1:]), len(compared.words))
    for (first, end, source_first, source_end), upper in zip(differences, uppers, strict=True):
        while first > lower and compared.may_merge(first):
            first, source_first = first - 1, source_first - 1
        while end < upper and compared.may_merge(end):
            end, source_end = end + 1, source_end + 1
        widened.append(Difference(first, end, source_first, source_end))
        lower = end
    return tuple(join_neighbours(widened, lambda one, other: one.heard_end == other.heard_first))


def ends_sentence(gap: str) -> bool:
    """Whether text between two words ends a sentence."""
    return "\n\n" in gap or not set(".?!…:").isdisjoint(gap)
