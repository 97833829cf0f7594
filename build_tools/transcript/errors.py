"""Word errors of the recogniser: the text as heard, compared with the text as said.

Words are compared by their keys, paragraph by paragraph: a paragraph begins and ends at the same
place in both texts, so the counts add up and the work stays linear. Unnoticed errors and open
doubts are not counted: the true rate is at least this. Another spelling is no error.
"""

from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.distance import Levenshtein

from build_tools.model.edition import Kind, Mark, PlacedSpan
from build_tools.model.transcript import Errors, PlacedParagraph, Transcript, WordErrors
from build_tools.text.words import find_keys

_Keys = Sequence[str]


def find_errors(transcript: Transcript) -> Errors:
    """Count the word errors of a transcript: all, without conjectures, by speaker and by kind.

    Kinds are counted for each mark alone, so their sum may exceed the total if marks are adjacent.
    """
    paragraphs, lang = transcript.paragraphs, transcript.edition.lang
    counted = [_count_paragraph(paragraph, lang) for paragraph in paragraphs]
    speakers: dict[str, list[WordErrors]] = {}
    for paragraph, (found, _) in zip(paragraphs, counted, strict=True):
        speakers.setdefault(paragraph.speaker, []).append(found)
    every, certain = (_sum_errors(pair[number] for pair in counted) for number in (0, 1))
    return Errors(
        every,
        certain,
        tuple((name, _sum_errors(own)) for name, own in speakers.items() if name),
        tuple((kind, found._replace(words=every.words)) for kind, found in _by_kind(paragraphs)),
    )


def _count_paragraph(paragraph: PlacedParagraph, lang: str) -> tuple[WordErrors, WordErrors]:
    if Mark.CHANGE not in [placed.span.mark for placed in paragraph.spans]:
        # The fast path: most paragraphs have no errors.
        same = WordErrors(paragraph.end_word - paragraph.first_word, 0, 0, 0)
        return same, same
    texts = map("".join, zip(*map(_find_forms, paragraph.spans), strict=True))
    heard, said, certain = (find_keys(text, lang) for text in texts)
    return _count_errors(said, heard), _count_errors(certain, heard)


def _find_forms(placed: PlacedSpan) -> tuple[str, str, str]:
    """Find a span as heard, as said, and as said without conjectures; a spelling is no error."""
    span, reason = placed.span, placed.reason
    heard = span.said if reason and reason.kind is Kind.SPELLING else span.heard
    return heard, span.said, heard if reason and reason.conjecture else span.said


def _by_kind(paragraphs: Iterable[PlacedParagraph]) -> Iterator[tuple[Kind, WordErrors]]:
    by_kind: dict[Kind, list[WordErrors]] = {kind: [] for kind in Kind}
    for placed in (placed for paragraph in paragraphs for placed in paragraph.spans):
        if placed.reason and placed.reason.kind is not Kind.SPELLING:
            said, heard = find_keys(placed.span.said), find_keys(placed.span.heard)
            by_kind[placed.reason.kind].append(_count_errors(said, heard))
    return ((kind, _sum_errors(own)) for kind, own in by_kind.items() if own)


def _count_errors(said: _Keys, heard: _Keys) -> WordErrors:
    tags = [edit.tag for edit in Levenshtein.editops(said, heard)]
    return WordErrors(len(said), tags.count("replace"), tags.count("delete"), tags.count("insert"))


def _sum_errors(counted: Iterable[WordErrors]) -> WordErrors:
    columns = zip(WordErrors(0, 0, 0, 0), *counted, strict=True)
    return WordErrors(*map(sum, columns))
