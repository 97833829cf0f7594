"""A mark or a problem for every difference between an edition and its source."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from build_tools.authoring.mark.comparison import Comparison, ends_sentence
from build_tools.authoring.mark.footnotes import Footnotes, NewEdit
from build_tools.checks.additions import explain_rule
from build_tools.checks.fidelity import Diagnosis, is_too_long
from build_tools.model.edition import Kind, Mark
from build_tools.model.text import Edit, Problem
from build_tools.reading.critic import escape_signs, unescape
from build_tools.text.differences import Difference
from build_tools.text.words import is_unspaced
from build_tools.transcript.guess_kind import Names, guess_kind, guess_rejection

# A shorter run of words may be dropped in one place and added in another without a move.
_SHORTEST_MOVE = 4
_BLANK = re.compile(r"\s")
_BLANK_LINE = re.compile(r"\n[^\S\n]*(?=\n)")


class MarkWriter:
    """Writes marks from the start of an edition to its end, and collects problems."""

    def __init__(self, compared: Comparison, names: Names) -> None:
        self.compared, self.names = compared, names
        self.diagnosis = Diagnosis(compared.edition, compared.source, compared.rejected)
        self.footnotes = Footnotes(compared)
        self.marks: list[NewEdit] = []
        self.problems: tuple[Problem, ...] = ()

    def write(self, differences: Sequence[Difference]) -> None:
        """A mark or a problem for each difference."""
        diagnosis, moves = self.diagnosis, _find_moves(self.compared, differences)
        times = Counter(map(diagnosis.keys, differences))
        unmarkable = []
        for one in differences:
            pair = diagnosis.keys(one)
            is_rule = explain_rule(*pair, times[pair]) or diagnosis.explain(one)
            if is_rule or one in moves or is_too_long(one) or not self._mark(one):
                unmarkable.append(one)
        self.problems = tuple(diagnosis.problems(unmarkable))

    def _mark(self, difference: Difference) -> bool:
        """Writes the marks of a difference; False if it has no place for one."""
        first, end, *_ = difference
        if first == end:
            return self._reject(difference)
        # Text without a mark, a star or a bracket.
        plain = all(
            word.span == word.last_span and self.compared.spans[word.span].mark is Mark.PLAIN
            for word in self.compared.words[first:end]
        )
        if plain:
            self._change(difference)
        return plain

    def _change(self, difference: Difference) -> None:
        """Writes a mark for each span, since no mark crosses a star, a bracket or a blank line."""
        first, end, source_first, source_end = difference
        spans = groupby(range(first, end), lambda word: self.compared.words[word].span)
        pieces = [list(numbers) for _, numbers in spans]
        for piece in pieces:
            upper = source_end if piece is pieces[-1] else source_first + len(piece)
            upper = min(upper, source_end)
            self._replace(Difference(piece[0], piece[-1] + 1, source_first, upper))
            source_first = upper

    def _replace(self, difference: Difference) -> None:
        """Writes the mark of words that replace others or that the source lacks."""
        first, end, source_first, source_end = difference
        compared = self.compared
        raw, keys = compared.raw(first, end), compared.keys[first:end]
        source_keys = compared.source_keys(source_first, source_end)
        if keys == source_keys:
            return
        said, kind, mark = unescape(raw), Kind.DROPOUT, f"{{++{raw}++}}"
        if source_keys:
            heard = compared.source_text(source_first, source_end)
            begins = not first or ends_sentence(compared.gaps[first])
            kind = guess_kind(heard, said, self.names, begins_sentence=begins)
            before, behind = (" " * compared.may_merge(word) for word in (first, end))
            mark = f"{{~~{before}{escape_signs(heard)}{behind}~>{raw}~~}}"
        start, stop = compared.words[first].start, compared.words[end - 1].end
        label = self.footnotes.choose_label(stop, (source_keys, keys), said, kind)
        self._add(Edit(start, stop, mark), label)

    def _reject(self, difference: Difference) -> bool:
        """Writes the mark of words that the edition left out; False if it has no place."""
        word, _, source_first, source_end = difference
        place = place_rejection(self.compared, difference)
        if place is None or self.diagnosis.is_in_heading(difference):
            return False
        keys = self.compared.keys
        heard = self.compared.source_text(source_first, source_end)
        source_keys = self.compared.source_keys(source_first, source_end)
        offset, precedes = place
        length = len(source_keys)
        before, after = keys[max(word - length, 0) : word], keys[word : word + length]
        kind = guess_rejection(source_keys, before, after)
        label = self.footnotes.choose_label(-1, (source_keys, ()), heard, kind)
        unspaced = word and all(is_unspaced(key[0]) for key in (keys[word - 1], source_keys[0]))
        blank = "" if precedes or unspaced else " "
        mark = f"{{--{blank}{escape_signs(heard)}--}}"
        self._add(Edit(offset, offset, mark), label, " " * precedes)
        return True

    def _add(self, edit: Edit, label: str, behind: str = "") -> None:
        """Adds a mark with the reference to its footnote, unless that stands there already."""
        reference = "" if self.footnotes.label_behind(edit.end) == label else f"[^{label}]"
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


def _find_moves(compared: Comparison, differences: Sequence[Difference]) -> set[Difference]:
    """The differences that take words out in one place and put them in in another."""
    by_words: dict[tuple[str, ...], list[Difference]] = defaultdict(list)
    for difference in differences:
        first, end, source_first, source_end = difference
        words = compared.keys[first:end] or compared.source_keys(source_first, source_end)
        if len(words) >= _SHORTEST_MOVE and (first == end or source_first == source_end):
            by_words[words].append(difference)
    return {
        one
        for same in by_words.values()
        if len({first == end for first, end, *_ in same}) > 1
        for one in same
    }
