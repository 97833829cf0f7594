"""How wrong the recogniser was: word errors of what it wrote, against what the edition says.

Words are compared by their keys, paragraph by paragraph: a paragraph as heard and as said begins
and ends at the same place, so the counts add up, and work stays linear. What nobody has noticed,
and what is still in doubt, is not counted: the true rate is at least this.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz.distance import Levenshtein

from build_tools.model.edition import Footnote, Kind, Mark, Span
from build_tools.model.transcript import Errors, Stretch, Transcript, WordErrors
from build_tools.text.words import find_keys

_Keys = Sequence[str]


def find_errors(transcript: Transcript) -> Errors:
    """Word errors of a whole transcript, of what is sure among them, by speaker and by kind.

    Kinds are counted mark by mark, so that several marks in a row may come to more than the whole.
    """
    footnotes = {footnote.label: footnote for footnote in transcript.edition.footnotes}
    stretches = transcript.stretches
    heard = [transcript.heard_words.keys[one.first_word : one.end_word] for one in stretches]
    said = list(_said_keys(transcript, heard))
    sure = [_sure(*paragraph, footnotes) for paragraph in zip(stretches, said, strict=True)]
    speakers = dict.fromkeys(stretch.speaker for stretch in stretches)
    counted = list(map(_count, said, heard))
    certain = (
        found if certain is wanted else _count(certain, words)
        for certain, wanted, words, found in zip(sure, said, heard, counted, strict=True)
    )
    every = _add_up(counted)
    return Errors(
        every,
        _add_up(certain),
        tuple((name, _of_speaker(name, stretches, counted)) for name in speakers if name),
        tuple(
            (kind, found._replace(words=every.words))
            for kind, found in _by_kind(stretches, footnotes)
        ),
    )


def _said_keys(transcript: Transcript, heard: Iterable[_Keys]) -> Iterator[_Keys]:
    """The keys of each paragraph as said: those as heard themselves, where nothing is changed."""
    words = transcript.said_words
    for stretch, found in zip(transcript.stretches, heard, strict=True):
        if Mark.CHANGE in [span.mark for span in stretch.paragraph.spans]:
            first = bisect_left(words.starts, stretch.said_start)
            end = bisect_left(words.starts, stretch.said_end, first)
            found = words.keys[first:end]
        yield found


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
    name: str, stretches: Iterable[Stretch], counted: Iterable[WordErrors]
) -> WordErrors:
    both = zip(stretches, counted, strict=True)
    return _add_up(found for stretch, found in both if stretch.speaker == name)


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
            yield kind, _add_up(_count(find_keys(span.said), find_keys(span.heard)) for span in own)


def _count(said: _Keys, heard: _Keys) -> WordErrors:
    """The errors of a run of words against the one at its place."""
    if said == heard:
        # Most paragraphs have no error in them.
        return WordErrors(len(said), 0, 0, 0)
    tags = [edit.tag for edit in Levenshtein.editops(said, heard)]
    return WordErrors(len(said), tags.count("replace"), tags.count("delete"), tags.count("insert"))


def _add_up(counted: Iterable[WordErrors]) -> WordErrors:
    columns = zip(WordErrors(0, 0, 0, 0), *counted, strict=True)
    return WordErrors(*map(sum, columns))
