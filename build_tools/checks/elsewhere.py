"""The same mishearing elsewhere: corrected in one place and uncorrected in another.

Each result is a warning, as an ordinary word may be wrong in one place and right in another; `here
only` in the footnote silences it.
"""

from collections.abc import Iterator

from build_tools.checks.summary import CorpusSummary, Corrected
from build_tools.model.edition import Mark
from build_tools.model.text import Place, Problem
from build_tools.reading.rejection import file_offset
from build_tools.reading.tree import SourcedEdition
from build_tools.text.phrases import Phrases, compile_phrases, find_phrases, has_phrase

# The share of the places of a form that editors corrected, from which on it is probably wrong.
_THRESHOLD = 0.5


def is_usually_wrong(corrected: int, left: int) -> bool:
    """Whether editors correct a form at least as often as they leave it."""
    return corrected >= _THRESHOLD * (corrected + left)


def check_elsewhere(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a warning for each corrected form that stands uncorrected elsewhere in the corpus."""
    by_keys: dict[tuple[str, ...], list[Corrected]] = {}
    for form in (form for edition in corpus.editions for form in edition.corrected):
        by_keys.setdefault(form.keys, []).append(form)
    phrases = compile_phrases(by_keys)
    places: dict[int, list[Place]] = {}
    for slug in (edition.slug for edition in corpus.editions if edition.readable):
        if has_phrase(phrases, corpus.fetch_words(slug)):
            for phrase, place in _find_unmarked(phrases, corpus.read_again(slug)):
                places.setdefault(phrase, []).append(place)
    members = list(by_keys.values())
    for phrase, found in places.items():
        yield from (_warning(form, found) for form in members[phrase])


def _find_unmarked(phrases: Phrases, sourced: SourcedEdition) -> Iterator[tuple[int, Place]]:
    edition, rejected = sourced.edition, sourced.rejected
    words = rejected.words
    for found in find_phrases(phrases, words.keys):
        start, end = words.starts[found.first], words.ends[found.end - 1]
        first, last = rejected.span_number(start), rejected.span_number(end - 1)
        marks = {placed.span.mark for placed in rejected.spans[first : last + 1]}
        # An editor has already seen words in doubt.
        if marks <= {Mark.PLAIN, Mark.NOTE}:
            offset = file_offset(edition, rejected.spans[first], start)
            yield found.phrase, edition.text.place(offset)


def _warning(form: Corrected, places: list[Place]) -> Problem:
    others = len(places) - 1
    more = f", and {others} more time{'s' * (others > 1)} elsewhere" if others else ""
    what = f"“{form.heard}” stands here{more}; at {form.place} it is corrected to “{form.said}”"
    remedy = "mark it here too, or say in that footnote that the word is right elsewhere"
    written = f"[^{form.label}]: {form.kind}, here only: …"
    return Problem(places[0], what, f"{remedy}: {written}", warning=True)
