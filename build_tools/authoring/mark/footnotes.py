"""The footnotes of new marks: labels that fit an edition's own, and lines to fill."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, count
from typing import NamedTuple

from build_tools.authoring.mark.comparison import HeardWords
from build_tools.model.edition import Edition, Kind, Mark
from build_tools.model.text import Edit
from build_tools.text.words import find_keys
from build_tools.transcript.guess_kind import footnote_label

_Keys = tuple[str, ...]


class NewEdit(NamedTuple):
    """An edit that writes a mark with its reference, or adds a footnote; and the label of both."""

    edit: Edit
    label: str


class Footnotes:
    """Chooses the footnotes of new marks; a footnote with the same words serves again."""

    def __init__(self, edition: Edition, heard: HeardWords) -> None:
        self._edition = edition
        self._content = edition.text.content
        self._spans = heard.spans
        self._defined = {footnote.label: footnote for footnote in edition.footnotes}
        used = {label for span in heard.spans for label in span.notes}
        self._taken = {*self._defined, *used}
        # An editor who removed a mark and left its footnote gets that footnote again.
        self._unused = {
            footnote.label
            for footnote in edition.footnotes
            if footnote.kind.corrects_words and footnote.label not in used
        }
        self._lone_notes = {
            span.offset: span.notes[0] for span in heard.spans if span.mark is Mark.NOTE
        }
        self._labels = _reusable_labels(edition)
        self._new: dict[str, Kind] = {}

    def choose_label(
        self, end: int, heard: Sequence[str], said: Sequence[str], words: str, kind: Kind
    ) -> str:
        """The label of the footnote for a mark that ends at an offset: an old or a new one."""
        pair = (tuple(heard), tuple(said))
        label = self.label_behind(end) or self._labels.get(pair, "")
        if label:
            if label not in self._defined:
                self._new.setdefault(label, kind)
            return label
        base = footnote_label(words, kind.value)
        if base in self._unused:
            self._unused.remove(base)
            return base
        numbered = (f"{base}-{number}" for number in count(2))
        label = next(one for one in chain([base], numbered) if one not in self._taken)
        self._taken.add(label)
        self._new[label] = kind
        if heard and said:
            self._labels[pair] = label
        return label

    def label_behind(self, end: int) -> str:
        """The label directly behind a word that waits for a mark; "" if it is a note's."""
        label = self._lone_notes.get(end, "")
        footnote = self._defined.get(label)
        return label if not footnote or footnote.kind.corrects_words else ""

    def create(self, marks: Sequence[NewEdit]) -> Iterator[NewEdit]:
        """The new footnotes at the end of the file, in order of first use."""
        ends = self._ends_of_last()
        old = ((span.offset, label) for span in self._spans for label in span.notes)
        new = ((mark.edit.start, mark.label) for mark in marks)
        if ends:
            offset, template = min(self._defined[label].offset for label in ends), "{}\n"
        else:
            offset, template = self._end_of_line(len(self._content.rstrip())), "\n\n{}"
        for label in dict.fromkeys(label for _, label in sorted((*old, *new))):
            if label in ends:
                offset, template = ends[label], "\n{}"
            elif label in self._new:
                written = template.format(f"[^{label}]: {self._new[label].value}:")
                yield NewEdit(Edit(offset, offset, written), label)
                template = template.replace("\n\n", "\n")

    def _ends_of_last(self) -> dict[str, int]:
        """The end of each footnote that no speech and no heading follows."""
        edition = self._edition
        paragraphs = (*edition.introduction, *edition.paragraphs)
        last = max(
            *(paragraph.offset for paragraph in paragraphs),
            *(chapter.offset for chapter in edition.chapters),
            *(span.offset for chapter in edition.chapters for span in chapter.summary),
        )
        offsets = [footnote.offset for footnote in edition.footnotes]
        limits = (*offsets, len(self._content))[1:]
        return {
            footnote.label: self._end_of_line(len(self._content[:limit].rstrip()))
            for footnote, limit in zip(edition.footnotes, limits, strict=True)
            if footnote.offset > last
        }

    def _end_of_line(self, offset: int) -> int:
        end = self._content.find("\n", offset)
        return len(self._content) if end < 0 else end


def _reusable_labels(edition: Edition) -> dict[tuple[_Keys, _Keys], str]:
    """Labels by words heard and said; a reason for one place alone is left out."""
    reasons = {
        footnote.label
        for footnote in edition.footnotes
        if footnote.kind.corrects_words and not footnote.here_only
    }
    labels: dict[tuple[_Keys, _Keys], str] = {}
    for paragraph in edition.paragraphs:
        for span in paragraph.spans:
            pair = (find_keys(span.heard), find_keys(span.said))
            label = next((label for label in span.notes if label in reasons), "")
            if span.mark is Mark.CHANGE and all(pair) and label:
                labels.setdefault(pair, label)
    return labels
