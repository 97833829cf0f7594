"""Writes a mark for every difference between an edition and its source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from build_tools.authoring.mark.comparison import Comparison, ends_sentence
from build_tools.authoring.mark.footnotes import Footnotes, NewMark
from build_tools.authoring.mark.heard_words import HeardWord
from build_tools.authoring.mark.placement import is_in_heading, place_rejection
from build_tools.authoring.mark.unmarkable import (
    LONGEST,
    find_moves,
    report_heading,
    report_inside,
    report_length,
    report_move,
    report_no_place,
)
from build_tools.model.edition import Kind, Mark
from build_tools.model.text import Edit, Problem
from build_tools.reading.critic import unescape
from build_tools.text.differences import Difference
from build_tools.text.words import is_unspaced
from build_tools.transcript.guess_kind import Names, guess_kind, guess_rejection

# Signs of the edition's syntax that a source may hold as plain text.
_SYNTAX = re.compile(r"[\\*\[\]{}~]")


class MarkWriter:
    """Writes marks from the start of an edition to its end, and collects problems."""

    def __init__(self, compared: Comparison, names: Names) -> None:
        self.compared = compared
        self.content = compared.edition.text.content
        self.heard = compared.heard
        self.names = names
        self.footnotes = Footnotes(compared.edition, compared.heard)
        self.marks: list[NewMark] = []
        self.problems: list[Problem] = []

    def write(self, differences: Sequence[Difference]) -> None:
        """A mark or a problem for each difference."""
        moves = find_moves(self.compared, differences)
        for difference in differences:
            first, end, source_first, source_end = difference
            if difference in moves:
                self.problems.append(report_move(self.compared, difference, moves[difference]))
            elif max(end - first, source_end - source_first) > LONGEST:
                self.problems.append(report_length(self.compared, difference))
            elif first == end:
                self._reject(difference)
            elif all(self._is_markable(word) for word in self.heard.words[first:end]):
                self._change(difference)
            else:
                self.problems.append(report_inside(self.compared, difference))

    def _is_markable(self, word: HeardWord) -> bool:
        """Whether a word stands in text without a mark, a star or a bracket."""
        return word.span == word.last_span and self.heard.spans[word.span].mark is Mark.PLAIN

    def _change(self, difference: Difference) -> None:
        """Writes a mark for each span, since no mark crosses a star, a bracket or a blank line."""
        first, end, source_first, source_end = difference
        spans = groupby(range(first, end), lambda word: self.heard.words[word].span)
        pieces = [list(numbers) for _, numbers in spans]
        for piece in pieces:
            upper = source_end if piece is pieces[-1] else source_first + len(piece)
            upper = min(upper, source_end)
            self._replace(Difference(piece[0], piece[-1] + 1, source_first, upper))
            source_first = upper

    def _replace(self, difference: Difference) -> None:
        """Writes the mark of words that replace others or that the source lacks."""
        first, end, source_first, source_end = difference
        raw = self.heard.raw(first, end)
        keys = self.heard.keys[first:end]
        source_keys = self.compared.source_keys(source_first, source_end)
        if keys == source_keys:
            return
        start, stop = self.heard.words[first].start, self.heard.words[end - 1].end
        said = unescape(raw)
        if source_keys:
            heard = self.compared.source_text(source_first, source_end)
            begins = not first or ends_sentence(self.heard.gaps[first])
            kind = guess_kind(heard, said, self.names, begins_sentence=begins)
            before, behind = (" " * self.heard.may_merge(word) for word in (first, end))
            mark = f"{{~~{before}{_escape_syntax(heard)}{behind}~>{raw}~~}}"
        else:
            kind = Kind.DROPOUT
            mark = f"{{++{raw}++}}"
        label = self.footnotes.choose_label(stop, source_keys, keys, said, kind)
        self._add(Edit(start, stop, mark), label)

    def _reject(self, difference: Difference) -> None:
        """Writes the mark of words that the edition left out."""
        word, _, source_first, source_end = difference
        heard = self.compared.source_text(source_first, source_end)
        source_keys = self.compared.source_keys(source_first, source_end)
        place = place_rejection(self.compared, difference)
        if is_in_heading(self.compared, word, source_keys):
            self.problems.append(report_heading(self.compared, word, heard))
            return
        if place is None:
            self.problems.append(report_no_place(self.compared, word, heard))
            return
        keys, length = self.heard.keys, len(source_keys)
        before, after = keys[max(word - length, 0) : word], keys[word : word + length]
        kind = guess_rejection(source_keys, before, after)
        label = self.footnotes.choose_label(-1, source_keys, (), heard, kind)
        unspaced = word and all(is_unspaced(key[0]) for key in (keys[word - 1], source_keys[0]))
        blank = "" if place.precedes or unspaced else " "
        mark = f"{{--{blank}{_escape_syntax(heard)}--}}"
        self._add(Edit(place.offset, place.offset, mark), label, " " * place.precedes)

    def _add(self, edit: Edit, label: str, behind: str = "") -> None:
        """Adds a mark with the reference to its footnote, unless that stands there already."""
        reference = "" if self.footnotes.label_behind(edit.end) == label else f"[^{label}]"
        written = f"{edit.written}{reference}{behind}"
        self.marks.append(NewMark(edit._replace(written=written), label))


def _escape_syntax(heard: str) -> str:
    """Text of a source with a backslash before every sign of the edition's syntax."""
    return _SYNTAX.sub(r"\\\g<0>", heard)
