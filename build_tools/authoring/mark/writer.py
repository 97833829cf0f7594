"""An edition compared with its source, and a mark or a problem for every difference."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, groupby
from typing import NamedTuple

from build_tools.checks.additions import explain_rule
from build_tools.checks.fidelity import Diagnosis, is_too_long
from build_tools.model.edition import Edition, Evidence, Kind, Mark, Span
from build_tools.model.source import Source
from build_tools.model.text import Edit, Problem
from build_tools.reading.critic import escape_signs, unescape
from build_tools.reading.rejection import Rejected, file_offsets, reject_marks
from build_tools.text.differences import Difference, join_neighbours
from build_tools.text.words import find_keys, is_unspaced
from build_tools.transcript.guess_kind import Names, guess_kind, guess_rejection, make_slug

# Signs inside words and numbers: beside one, the edge of a mark could merge two words into one.
_JOINING = frozenset(("", ".", ",", ":", "'", "’"))
# A shorter run of words may be dropped in one place and added in another without a move.
_SHORTEST_MOVE = 4
_BLANK = re.compile(r"\s")
_BLANK_LINE = re.compile(r"\n[^\S\n]*(?=\n)")
# The keys of words as heard and as said.
_Pair = tuple[tuple[str, ...], tuple[str, ...]]


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
    offsets = tuple(file_offsets(edition.text.content, span) for span in spans)
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


class NewEdit(NamedTuple):
    """An edit that writes a mark with its reference, or adds a footnote; and the label of both."""

    edit: Edit
    label: str


class _Footnotes:
    """Chooses the footnotes of new marks; a footnote with the same words serves again.

    `new` has the kind and the evidence of each footnote to add, by its label.
    """

    def __init__(self, compared: Comparison) -> None:
        spans, footnotes = compared.spans, compared.edition.footnotes
        self.new: dict[str, str] = {}
        self._defined = {one.label: one for one in footnotes}
        # A footnote whose mark was taken out serves again.
        self._taken = {label for span in spans for label in span.notes}
        self._taken |= {one.label for one in footnotes if not one.kind.corrects_words}
        self._lone_notes = {span.offset: span.notes[0] for span in spans if span.mark is Mark.NOTE}
        words = zip(compared.keys, compared.words, strict=True)
        plain = (key for key, word in words if spans[word.span].mark is Mark.PLAIN)
        self._unmarked = f" {' '.join(plain)} "
        # A reason for one place alone serves no other.
        reasons = {one.label for one in footnotes if one.kind.corrects_words and not one.here_only}
        self._labels: dict[_Pair, str] = {}
        for span in spans:
            if span.mark is Mark.CHANGE and (own := [one for one in span.notes if one in reasons]):
                self._labels.setdefault((find_keys(span.heard), find_keys(span.said)), own[0])

    def choose(self, end: int, pair: _Pair, words: str, kind: Kind) -> str:
        """The label for a mark that ends at an offset."""
        label = self.label_behind(end) or (all(pair) and self._labels.get(pair))
        if not label:
            label = number_label(make_slug(words) or kind.value, self._taken)
            self._taken.add(label)
            self._labels[pair] = label
        if label not in self._defined:
            self.new.setdefault(label, self._ground(kind, pair))
        return label

    def _ground(self, kind: Kind, pair: _Pair) -> str:
        """Kind and evidence of a new footnote; of an ordinary word that stands elsewhere too."""
        if kind in (Kind.NAME, Kind.TERM):
            return f"{kind}, {Evidence.RECORD}"
        evidence = Evidence.GRAMMAR if kind is Kind.DROPOUT else Evidence.SOUND
        alone = ", here only" * (all(pair) and f" {' '.join(pair[0])} " in self._unmarked)
        return f"{kind}?, {evidence}{alone}"

    def label_behind(self, end: int) -> str:
        """The label directly behind a word that waits for a mark; "" if it is a note's."""
        label = self._lone_notes.get(end, "")
        footnote = self._defined.get(label)
        return label if not footnote or footnote.kind.corrects_words else ""


def append_footnotes(content: str, lines: Iterable[str]) -> Iterator[Edit]:
    """The edits that write footnotes at the end of a file, in order."""
    body = content.rstrip()
    line_ends = "\n" if body.rpartition("\n\n")[2].startswith("[^") else "\n\n"
    for line in lines:
        yield Edit(len(body), len(body), line_ends + line)
        line_ends = "\n"


def number_label(base: str, taken: Container[str]) -> str:
    """The label, with a number behind it if it is taken."""
    numbered = (f"{base}-{number}" for number in count(2))
    return next(one for one in chain([base], numbered) if one not in taken)


class MarkWriter:
    """Writes marks from the start of an edition to its end, and collects problems."""

    def __init__(self, compared: Comparison, names: Names) -> None:
        self._compared, self._names = compared, names
        self._diagnosis = Diagnosis(compared.edition, compared.source, compared.rejected)
        self._footnotes = _Footnotes(compared)
        self.marks: list[NewEdit] = []
        self.problems: tuple[Problem, ...] = ()

    def write(self, differences: Sequence[Difference]) -> None:
        """A mark or a problem for each difference."""
        diagnosis = self._diagnosis
        pairs = list(map(diagnosis.keys, differences))
        times = Counter(pairs)
        dropped = {heard for heard, said in pairs if not said}
        moved = {said for heard, said in pairs if not heard and len(said) >= _SHORTEST_MOVE}
        moved &= dropped
        unmarkable = []
        for one, pair in zip(differences, pairs, strict=True):
            is_move = not all(pair) and (pair[0] or pair[1]) in moved
            is_rule = explain_rule(*pair, times[pair]) or diagnosis.explain(one)
            if is_rule or is_move or is_too_long(one) or not self._mark(one):
                unmarkable.append(one)
        self.problems = tuple(diagnosis.problems(unmarkable))

    @property
    def footnotes(self) -> tuple[NewEdit, ...]:
        """The new footnotes in order of first use."""
        new = self._footnotes.new
        lines = (f"[^{label}]: {ground}:" for label, ground in new.items())
        return tuple(map(NewEdit, append_footnotes(self._compared.content, lines), new))

    def _mark(self, difference: Difference) -> bool:
        """Writes a mark for each span, since no mark crosses a star, a bracket or a blank line.

        False if the difference has no place for one.
        """
        first, end, source_first, source_end = difference
        if first == end:
            return self._reject(difference)
        words, spans = self._compared.words[first:end], self._compared.spans
        if any(w.span != w.last_span or spans[w.span].mark is not Mark.PLAIN for w in words):
            return False
        for _, run in groupby(words, lambda word: word.span):
            size = len(list(run))
            behind = first + size
            upper = source_end if behind == end else min(source_first + size, source_end)
            self._replace(Difference(first, behind, source_first, upper))
            first, source_first = behind, upper
        return True

    def _replace(self, difference: Difference) -> None:
        """Writes the mark of words that replace others or that the source lacks."""
        first, end, source_first, source_end = difference
        compared = self._compared
        raw, keys = compared.raw(first, end), compared.keys[first:end]
        source_keys = compared.source_keys(source_first, source_end)
        if keys == source_keys:
            return
        said, kind, mark = unescape(raw), Kind.DROPOUT, f"{{++{raw}++}}"
        if source_keys:
            heard = compared.source_text(source_first, source_end)
            begins = not first or ends_sentence(compared.gaps[first])
            kind = guess_kind(heard, said, self._names, begins_sentence=begins)
            before, behind = (" " * compared.may_merge(word) for word in (first, end))
            mark = f"{{~~{before}{escape_signs(heard)}{behind}~>{raw}~~}}"
        start, stop = compared.words[first].start, compared.words[end - 1].end
        label = self._footnotes.choose(stop, (source_keys, keys), said, kind)
        self._add(Edit(start, stop, mark), label)

    def _reject(self, difference: Difference) -> bool:
        """Writes the mark of words that the edition left out; False if it has no place."""
        word, _, source_first, source_end = difference
        place = place_rejection(self._compared, difference)
        if place is None or self._diagnosis.is_in_heading(difference):
            return False
        keys = self._compared.keys
        heard = self._compared.source_text(source_first, source_end)
        source_keys = self._compared.source_keys(source_first, source_end)
        offset, precedes = place
        size = len(source_keys)
        kind = guess_rejection(source_keys, keys[max(word - size, 0) : word], keys[word:][:size])
        label = self._footnotes.choose(-1, (source_keys, ()), heard, kind)
        unspaced = word and all(is_unspaced(key[0]) for key in (keys[word - 1], source_keys[0]))
        blank = "" if precedes or unspaced else " "
        mark = f"{{--{blank}{escape_signs(heard)}--}}"
        self._add(Edit(offset, offset, mark), label, " " * precedes)
        return True

    def _add(self, edit: Edit, label: str, behind: str = "") -> None:
        """Adds a mark with the reference to its footnote, unless that stands there already."""
        reference = "" if self._footnotes.label_behind(edit.end) == label else f"[^{label}]"
        written = f"{edit.written}{reference}{behind}"
        self.marks.append(NewEdit(edit._replace(written=written), label))


def place_rejection(compared: Comparison, difference: Difference) -> tuple[int, bool] | None:
    """The offset of a rejection, and whether it precedes the word there; None if it has no place.

    The mark follows the word before it without a blank, so that removing the mark leaves nothing;
    it stands behind stars, brackets and footnotes that follow the word.
    """
    content, words, word = compared.content, compared.words, difference.heard_first
    before, behind = (compared.source_break(one) for one in difference[2:])
    opens_paragraph = word < len(words) and "\n\n" in compared.gaps[word] and before > behind
    if not word or opens_paragraph:
        span = compared.spans[words[word].span]
        return words[word].start if span.mark is Mark.PLAIN else span.offset, True
    following = words[word].start if word < len(words) else len(content.rstrip())
    close = _BLANK_LINE.search(content, words[word - 1].end, following)
    limit = close.start() if close else following
    offsets = [*_offsets_behind(compared, word - 1, limit)]
    if close or word == len(words):
        offsets.append(limit)
    # Behind a backslash the brace of a mark would be plain text.
    return next(((one, False) for one in offsets if content[one - 1] != "\\"), None)


def _offsets_behind(compared: Comparison, word: int, limit: int) -> Iterator[int]:
    """The offsets behind a word where a mark may stand, the best one first."""
    spans, before = compared.spans, compared.words[word]
    if spans[before.last_span].mark is Mark.PLAIN:
        end = min(compared.offsets[before.last_span][-1], limit)
        if end == limit or _BLANK.search(compared.content, before.end, end):
            yield before.end
    for span in spans[before.last_span + 1 :]:
        if span.offset >= limit:
            break
        if span.mark is Mark.PLAIN and not span.heard.startswith("["):
            yield span.offset
