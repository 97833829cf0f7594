"""How wrong the recogniser was: word errors of what it wrote, against what the edition says.

Words are compared by their keys, and counted by jiwer paragraph by paragraph: a paragraph as heard
and as said begins and ends at the same place, so the counts add up, and work stays linear. What
nobody has noticed, and what is still in doubt, is not counted: the true rate is at least this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import jiwer

from build_tools.model import Errors, Footnote, Kind, Mark, Span, Stretch, Transcript, WordErrors
from build_tools.words import find_keys


def find_errors(transcript: Transcript) -> Errors:
    """Word errors of a whole transcript, of what is sure among them, by speaker and by kind.

    Kinds are counted mark by mark, so that several marks in a row may come to more than the whole.
    """
    footnotes = {footnote.label: footnote for footnote in transcript.edition.footnotes}
    stretches = transcript.stretches
    heard = [_keys(span.heard for span in stretch.paragraph.spans) for stretch in stretches]
    said = [_keys(span.said for span in stretch.paragraph.spans) for stretch in stretches]
    sure = [_keys(_sure(stretch, footnotes)) for stretch in stretches]
    speakers = dict.fromkeys(stretch.speaker for stretch in stretches)
    every = _count(said, heard)
    return Errors(
        every,
        _count(sure, heard),
        tuple((name, _of_speaker(name, stretches, said, heard)) for name in speakers if name),
        tuple(
            (kind, found._replace(words=every.words))
            for kind, found in _by_kind(stretches, footnotes)
        ),
    )


def _keys(texts: Iterable[str]) -> str:
    return " ".join(find_keys("".join(texts)))


def _sure(stretch: Stretch, footnotes: dict[str, Footnote]) -> Iterator[str]:
    """A paragraph as said, with what the recogniser wrote where the editor is not sure."""
    for span in stretch.paragraph.spans:
        reason = _reason(span, footnotes)
        yield span.heard if reason and reason.conjecture else span.said


def _reason(span: Span, footnotes: dict[str, Footnote]) -> Footnote | None:
    """The footnote that gives the reason of a change."""
    if span.mark is not Mark.CHANGE:
        return None
    behind = (footnotes[label] for label in span.notes)
    return next((note for note in behind if note.kind is not Kind.NOTE), None)


def _of_speaker(
    name: str, stretches: Sequence[Stretch], said: Sequence[str], heard: Sequence[str]
) -> WordErrors:
    own = [number for number, stretch in enumerate(stretches) if stretch.speaker == name]
    return _count([said[number] for number in own], [heard[number] for number in own])


def _by_kind(
    stretches: Iterable[Stretch], footnotes: dict[str, Footnote]
) -> Iterator[tuple[Kind, WordErrors]]:
    spans = [
        (reason.kind, span)
        for stretch in stretches
        for span in stretch.paragraph.spans
        if (reason := _reason(span, footnotes))
    ]
    for kind in Kind:
        own = [span for of_kind, span in spans if of_kind is kind]
        if own:
            yield kind, _count([_keys([s.said]) for s in own], [_keys([s.heard]) for s in own])


def _count(said: list[str], heard: list[str]) -> WordErrors:
    """The errors of runs of words parted by blanks, each against the one at its place."""
    if not said:
        return WordErrors(0, 0, 0, 0)
    counted = jiwer.process_words(said, heard)
    words = counted.hits + counted.substitutions + counted.deletions
    return WordErrors(words, counted.substitutions, counted.deletions, counted.insertions)
