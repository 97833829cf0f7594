"""Word errors of the recogniser: the text as heard, compared with the text as said.

Words are compared by their keys, paragraph by paragraph: a paragraph begins and ends at the same
place in both texts, so the counts add up and the work stays linear. Unnoticed errors and open
doubts are not counted: the true rate is at least this. Another spelling is no error.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence

from rapidfuzz.distance import Levenshtein

from build_tools.model.edition import Kind, Mark, PlacedSpan
from build_tools.model.transcript import Errors, PlacedParagraph, Transcript, WordErrors
from build_tools.text.words import find_keys

_Keys = Sequence[str]


def find_errors(transcript: Transcript) -> Errors:
    """Count the word errors of a transcript: all, without conjectures, by speaker and by kind.

    Kinds are counted for each mark alone, so their sum may exceed the total if marks are adjacent.
    """
    paragraphs = transcript.paragraphs
    written = [transcript.heard_words.keys[one.first_word : one.end_word] for one in paragraphs]
    said = list(_said_keys(transcript, written))
    heard = [
        _choose_keys(*both, _is_spelling, said=False)
        for both in zip(paragraphs, written, strict=True)
    ]
    certain_keys = [
        _choose_keys(*both, _is_guess, said=True) for both in zip(paragraphs, said, strict=True)
    ]
    counted = list(map(_count_errors, said, heard))
    speakers: dict[str, list[WordErrors]] = {}
    for paragraph, found in zip(paragraphs, counted, strict=True):
        speakers.setdefault(paragraph.speaker, []).append(found)
    certain = (
        found if certain is wanted else _count_errors(certain, words)
        for certain, wanted, words, found in zip(certain_keys, said, heard, counted, strict=True)
    )
    every = _sum_errors(counted)
    return Errors(
        every,
        _sum_errors(certain),
        tuple((name, _sum_errors(own)) for name, own in speakers.items() if name),
        tuple((kind, found._replace(words=every.words)) for kind, found in _by_kind(paragraphs)),
    )


def _said_keys(transcript: Transcript, heard: Iterable[_Keys]) -> Iterator[_Keys]:
    """Yield the keys of each paragraph as said; the very keys as heard if nothing is changed."""
    words = transcript.said_words
    for paragraph, found in zip(transcript.paragraphs, heard, strict=True):
        if Mark.CHANGE in [placed.span.mark for placed in paragraph.spans]:
            first = bisect_left(words.starts, paragraph.said_start)
            end = bisect_left(words.starts, paragraph.said_end, first)
            found = words.keys[first:end]
        yield found


def _choose_keys(
    paragraph: PlacedParagraph, keys: _Keys, differs: Callable[[PlacedSpan], bool], *, said: bool
) -> _Keys:
    """Find the keys of a paragraph, of which `keys` are the text as heard, or as said.

    The spans that `differs` picks have the words of the other text.
    """
    if not any(map(differs, paragraph.spans)):
        return keys
    spans = ((one.span, said != differs(one)) for one in paragraph.spans)
    return find_keys("".join(span.said if as_said else span.heard for span, as_said in spans))


def _is_spelling(placed: PlacedSpan) -> bool:
    return placed.reason is not None and placed.reason.kind is Kind.SPELLING


def _is_guess(placed: PlacedSpan) -> bool:
    """Whether an error is a conjecture; another spelling is no error."""
    return placed.reason is not None and placed.reason.conjecture and not _is_spelling(placed)


def _by_kind(paragraphs: Iterable[PlacedParagraph]) -> Iterator[tuple[Kind, WordErrors]]:
    by_kind: dict[Kind, list[WordErrors]] = {kind: [] for kind in Kind}
    for placed in (placed for paragraph in paragraphs for placed in paragraph.spans):
        if placed.reason and not _is_spelling(placed):
            said, heard = find_keys(placed.span.said), find_keys(placed.span.heard)
            by_kind[placed.reason.kind].append(_count_errors(said, heard))
    return ((kind, _sum_errors(own)) for kind, own in by_kind.items() if own)


def _count_errors(said: _Keys, heard: _Keys) -> WordErrors:
    """Count the edits between two runs of words at the same place."""
    if said == heard:
        # The fast path: most paragraphs have no errors.
        return WordErrors(len(said), 0, 0, 0)
    tags = [edit.tag for edit in Levenshtein.editops(said, heard)]
    return WordErrors(len(said), tags.count("replace"), tags.count("delete"), tags.count("insert"))


def _sum_errors(counted: Iterable[WordErrors]) -> WordErrors:
    columns = zip(WordErrors(0, 0, 0, 0), *counted, strict=True)
    return WordErrors(*map(sum, columns))
