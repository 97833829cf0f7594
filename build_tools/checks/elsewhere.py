"""The same mishearing elsewhere: a warning, as a word may be wrong here and right there."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from build_tools.checks.summary import CorpusSummary, Corrected
from build_tools.model.edition import Kind, Mark
from build_tools.model.text import Place, Problem
from build_tools.reading.decisions import list_right
from build_tools.reading.rejection import file_offset
from build_tools.reading.tree import SourcedEdition
from build_tools.text.phrases import Phrases, compile_phrases, find_phrases, has_phrase

# The share of the places of a form that editors corrected, from which on it is probably wrong.
_THRESHOLD = 0.5
# Kinds of words that are misheard everywhere or nowhere.
_NAMES = (Kind.NAME.value, Kind.TERM.value)


def is_usually_wrong(
    slug: str, corrected: Mapping[str, int], left: Mapping[str, int], *, is_name: bool
) -> bool:
    """Whether a form in one edition is probably wrong, by how often each edition corrects it.

    Names are misheard everywhere alike. Other words count if this edition or two others correct
    them. The places that are asked about are no evidence, unless only others correct such words.
    """
    times, right = sum(corrected.values()), sum(left.values())
    if is_name or slug in corrected:
        right -= left.get(slug, 0)
    elif len(corrected) == 1:
        return False
    return times >= _THRESHOLD * (times + right)


def check_elsewhere(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a warning for each form that is usually corrected and stands uncorrected elsewhere."""
    by_keys: dict[tuple[str, ...], list[Corrected]] = {}
    corrected = defaultdict[tuple[str, ...], Counter[str]](Counter)
    right = list_right(corpus.content.decisions)
    for edition in corpus.editions:
        for form in edition.corrected:
            if form.keys not in right:
                by_keys.setdefault(form.keys, []).append(form)
                corrected[form.keys][edition.slug] += form.times
    phrases = compile_phrases(by_keys)
    places = defaultdict[int, dict[str, list[Place]]](dict)
    for slug in (edition.slug for edition in corpus.editions if edition.readable):
        if has_phrase(phrases, corpus.fetch_words(slug)):
            for phrase, place in _find_unmarked(phrases, corpus.read_again(slug)):
                places[phrase].setdefault(slug, []).append(place)
    read = {edition.slug for edition in corpus.editions if edition.corrected}
    members = list(by_keys.items())
    for phrase, by_slug in places.items():
        keys, forms = members[phrase]
        known = {slug: len(found) for slug, found in by_slug.items() if slug in read}
        is_name = len(keys) == 1 and any(form.kind.startswith(_NAMES) for form in forms)
        wrong = list[Place]()
        for slug, found in by_slug.items():
            left = {slug: len(found), **known}
            if is_usually_wrong(slug, corrected[keys], left, is_name=is_name):
                wrong += found
        yield from (_warning(form, wrong) for form in forms if wrong)


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
