"""The same mishearing elsewhere: what is corrected in one place and stands uncorrected in another.

It is a question to the editor and never a problem: an ordinary word may be wrong here and right
there, and `here only` in the footnote says so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from build_tools.edition import Rejected, file_offset, reject_marks
from build_tools.model import Edition, Footnote, Kind, Mark, Problem, Span
from build_tools.phrases import compile_phrases, find_phrases
from build_tools.words import find_keys, find_words


class _Form(NamedTuple):
    """A form that was corrected: its words, and the first mark that corrects it so."""

    keys: tuple[str, ...]
    edition: Edition
    span: Span
    footnote: Footnote


def check_elsewhere(editions: Iterable[Edition]) -> Iterator[Problem]:
    """A warning for each corrected form that stands uncorrected somewhere, with both places."""
    editions = tuple(editions)
    forms = list(_forms(editions))
    phrases = compile_phrases(form.keys for form in forms)
    places: dict[int, list[tuple[Edition, int]]] = {}
    for edition in editions:
        rejected = reject_marks(edition)
        words = find_words(rejected.heard)
        for found in find_phrases(phrases, words.keys):
            start, end = words[found.first].start, words[found.end - 1].end
            if _is_unmarked(rejected, start, end):
                number = bisect_right(rejected.starts, start) - 1
                into = start - rejected.starts[number]
                offset = file_offset(edition, rejected.spans[number], into)
                places.setdefault(found.phrase, []).append((edition, offset))
    for number, found_at in places.items():
        yield _warning(forms[number], found_at)


def _forms(editions: Iterable[Edition]) -> Iterator[_Form]:
    """Each corrected form once for every footnote that gives its reason.

    A word that was taken out is no form of another: it may well stand rightly next to its place.
    """
    seen: set[tuple[str, str, tuple[str, ...]]] = set()
    for edition in editions:
        footnotes = {footnote.label: footnote for footnote in edition.footnotes}
        for paragraph in edition.paragraphs:
            for span in paragraph.spans:
                keys = find_keys(span.heard) if span.mark is Mark.CHANGE and span.said else ()
                reason = _reason(span, footnotes)
                if not keys or not reason or reason.here_only:
                    continue
                if (edition.slug, reason.label, keys) not in seen:
                    seen.add((edition.slug, reason.label, keys))
                    yield _Form(keys, edition, span, reason)


def _reason(span: Span, footnotes: dict[str, Footnote]) -> Footnote | None:
    behind = (footnotes[label] for label in span.notes if label in footnotes)
    return next((footnote for footnote in behind if footnote.kind is not Kind.NOTE), None)


def _is_unmarked(rejected: Rejected, start: int, end: int) -> bool:
    """Whether words stand in text without a mark; words in doubt have been seen by an editor."""
    first = bisect_right(rejected.starts, start) - 1
    last = bisect_right(rejected.starts, end - 1) - 1
    spans = rejected.spans[first : last + 1]
    return all(span.mark in (Mark.PLAIN, Mark.NOTE) for span in spans)


def _warning(form: _Form, places: list[tuple[Edition, int]]) -> Problem:
    edition, offset = places[0]
    heard, said = (" ".join(text.split()) for text in (form.span.heard, form.span.said))
    others = len(places) - 1
    more = f", and {others} more time{'s' * (others > 1)} elsewhere" if others else ""
    conjecture = "?" if form.footnote.conjecture else ""
    return edition.text.problem(
        offset,
        f"“{heard}” stands here{more}; at {form.edition.text.place(form.span.offset)} "
        f"it is corrected to “{said}”",
        "mark it here too, or say in that footnote that the word is right elsewhere: "
        f"[^{form.footnote.label}]: {form.footnote.kind.value}{conjecture}, here only: …",
        warning=True,
    )
