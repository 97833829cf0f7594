"""How wrong the recogniser was: word errors of what it wrote, against what the edition says.

Words are compared by their keys, paragraph by paragraph: a paragraph as heard and as said begins
and ends at the same place, so the counts add up, and work stays linear. What nobody has noticed,
and what is still in doubt, is not counted: the true rate is at least this.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from build_tools.model import Errors, Footnote, Kind, Mark, Span, Stretch, Transcript, WordErrors
from build_tools.words import find_keys

_Keys = Sequence[str]


def find_errors(transcript: Transcript) -> Errors:
    """Word errors of a whole transcript, of what is sure among them, by speaker and by kind.

    Kinds are counted mark by mark, so that several marks in a row may come to more than the whole.
    """
    footnotes = {footnote.label: footnote for footnote in transcript.edition.footnotes}
    stretches = transcript.stretches
    heard = [transcript.heard_words.keys[one.first_word : one.end_word] for one in stretches]
    said = _said_keys(transcript)
    sure = [_sure(*paragraph, footnotes) for paragraph in zip(stretches, said, strict=True)]
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


def _said_keys(transcript: Transcript) -> list[_Keys]:
    """The keys of each paragraph as said."""
    words = transcript.said_words
    edges = [bisect_left(words.starts, stretch.said_start) for stretch in transcript.stretches]
    return [words.keys[first:end] for first, end in pairwise([*edges, len(words)])]


def _sure(stretch: Stretch, said: _Keys, footnotes: Mapping[str, Footnote]) -> _Keys:
    """A paragraph as said, with what the recogniser wrote where the editor is not sure."""
    spans = stretch.paragraph.spans
    unsure = [
        reason is not None and reason.conjecture
        for reason in (_reason(span, footnotes) for span in spans)
    ]
    if not any(unsure):
        return said
    both = zip(spans, unsure, strict=True)
    return find_keys("".join(span.heard if doubted else span.said for span, doubted in both))


def _reason(span: Span, footnotes: Mapping[str, Footnote]) -> Footnote | None:
    """The footnote that gives the reason of a change."""
    if span.mark is not Mark.CHANGE:
        return None
    behind = (footnotes[label] for label in span.notes)
    return next((note for note in behind if note.kind is not Kind.NOTE), None)


def _of_speaker(
    name: str, stretches: Sequence[Stretch], said: Sequence[_Keys], heard: Sequence[_Keys]
) -> WordErrors:
    own = [number for number, stretch in enumerate(stretches) if stretch.speaker == name]
    return _count([said[number] for number in own], [heard[number] for number in own])


def _by_kind(
    stretches: Iterable[Stretch], footnotes: Mapping[str, Footnote]
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
            said = [find_keys(span.said) for span in own]
            yield kind, _count(said, [find_keys(span.heard) for span in own])


def _count(said: Iterable[_Keys], heard: Iterable[_Keys]) -> WordErrors:
    """The errors of runs of words, each against the one at its place."""
    words = 0
    errors = {"replace": 0, "delete": 0, "insert": 0}
    for wanted, found in zip(said, heard, strict=True):
        words += len(wanted)
        # Most paragraphs have no error in them.
        if wanted != found:
            for edit in Levenshtein.editops(wanted, found):
                errors[edit.tag] += 1
    return WordErrors(words, errors["replace"], errors["delete"], errors["insert"])
