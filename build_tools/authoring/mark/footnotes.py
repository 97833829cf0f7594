"""The footnotes of new marks: labels that fit an edition's own, and lines to fill."""

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import chain, count
from typing import NamedTuple

from build_tools.authoring.mark.comparison import Comparison
from build_tools.model.edition import Evidence, Kind, Mark
from build_tools.model.text import Edit
from build_tools.text.words import find_keys
from build_tools.transcript.guess_kind import make_slug

_Keys = tuple[str, ...]


class NewEdit(NamedTuple):
    """An edit that writes a mark with its reference, or adds a footnote; and the label of both."""

    edit: Edit
    label: str


class Footnotes:
    """Chooses the footnotes of new marks; a footnote with the same words serves again."""

    def __init__(self, compared: Comparison) -> None:
        self._content = compared.content
        footnotes = compared.edition.footnotes
        self._defined = {footnote.label: footnote for footnote in footnotes}
        used = {label for span in compared.spans for label in span.notes}
        self._taken = {*self._defined, *used}
        reasons = {one.label for one in footnotes if one.kind.corrects_words}
        # An editor who removed a mark and left its footnote gets that footnote again.
        self._unused = reasons - used
        lone = (span for span in compared.spans if span.mark is Mark.NOTE)
        self._lone_notes = {span.offset: span.notes[0] for span in lone}
        self._new: dict[str, str] = {}
        plain = (
            compared.keys[n]
            for n, word in enumerate(compared.words)
            if compared.spans[word.span].mark is Mark.PLAIN
        )
        self._unmarked = f" {' '.join(plain)} "
        # Labels by words heard and said; a reason for one place alone is left out.
        self._labels: dict[tuple[_Keys, _Keys], str] = {}
        reasons -= {footnote.label for footnote in footnotes if footnote.here_only}
        for span in compared.spans:
            if span.mark is Mark.CHANGE and (
                labels := [one for one in span.notes if one in reasons]
            ):
                pair = (find_keys(span.heard), find_keys(span.said))
                if all(pair):
                    self._labels.setdefault(pair, labels[0])

    def choose_label(self, end: int, pair: tuple[_Keys, _Keys], words: str, kind: Kind) -> str:
        """The label for a mark that ends at an offset; `pair` has the keys as heard and as said."""
        label = self.label_behind(end) or self._labels.get(pair, "")
        if label:
            if label not in self._defined:
                self._new.setdefault(label, self._ground(kind, pair))
            return label
        base = make_slug(words) or kind.value
        if base in self._unused:
            self._unused.remove(base)
            return base
        label = number_label(base, self._taken)
        self._taken.add(label)
        self._new[label] = self._ground(kind, pair)
        if all(pair):
            self._labels[pair] = label
        return label

    def _ground(self, kind: Kind, pair: tuple[_Keys, _Keys]) -> str:
        """Kind and evidence of a new footnote; of an ordinary word that stands elsewhere too."""
        if kind in (Kind.NAME, Kind.TERM):
            return f"{kind.value}, {Evidence.RECORD.value}"
        evidence = Evidence.GRAMMAR if kind is Kind.DROPOUT else Evidence.SOUND
        alone = ", here only" * (all(pair) and f" {' '.join(pair[0])} " in self._unmarked)
        return f"{kind.value}?, {evidence.value}{alone}"

    def label_behind(self, end: int) -> str:
        """The label directly behind a word that waits for a mark; "" if it is a note's."""
        label = self._lone_notes.get(end, "")
        footnote = self._defined.get(label)
        return label if not footnote or footnote.kind.corrects_words else ""

    def create(self, marks: Sequence[NewEdit]) -> Iterator[NewEdit]:
        """The new footnotes in order of first use."""
        labels = [
            label for label in dict.fromkeys(mark.label for mark in marks) if label in self._new
        ]
        lines = [f"[^{label}]: {self._new[label]}:" for label in labels]
        return map(NewEdit, append_footnotes(self._content, lines), labels)


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
