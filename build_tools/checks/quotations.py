"""Quotations: whether a transcript says the words that a theme quotes, at the address given."""

from collections.abc import Iterator, Mapping

from build_tools.checks.summary import CorpusSummary, SaidAt
from build_tools.model.text import Problem
from build_tools.model.theme import Quotation, Theme
from build_tools.reading.tree import list_slugs
from build_tools.text.nearness import KnownNames


def check_quotations(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a problem for each quotation that is not said at its address, and each unknown entry.

    Says nothing of quotations from a transcript that is not faithful: its words are not settled.
    """
    themes = corpus.content.themes
    slugs = [edition.slug for edition in corpus.editions] + list_slugs(corpus.left_out)
    said_at = {slug: corpus.said_at.get(slug) for slug in slugs}
    known_terms = {entry.term for entry in corpus.content.entries}
    near_terms, near_slugs = KnownNames(sorted(known_terms)), KnownNames(sorted(said_at))
    for theme in themes:
        for quotation in theme.quotations:
            yield from _check_quotation(theme, quotation, said_at, near_slugs)
        for name in theme.entries:
            if name not in known_terms:
                near = near_terms.find_near(name, likeness=75)
                offset = theme.text.content.find("\nentries:") + 1
                hint = f"did you mean {near}?" if near else "write an entry's term, or leave it out"
                yield theme.text.problem(offset, f"entries: “{name}” is no entry's term", hint)


def _check_quotation(
    theme: Theme, quotation: Quotation, said_at: Mapping[str, SaidAt | None], known: KnownNames
) -> Iterator[Problem]:
    shown = quotation.words if len(quotation.words) <= 60 else f"{quotation.words[:60]}…"
    if quotation.transcript not in said_at:
        near = known.find_near(quotation.transcript)
        what = f"there is no transcript “{quotation.transcript}”"
        remedy = f"did you mean {near}?" if near else "see docs/transcripts/"
    elif (said := said_at[quotation.transcript]) is None:
        return
    elif not (addresses := said.get(quotation.words)):
        what = f"nobody says “{shown}” in {quotation.transcript}"
        remedy = "quote the words as the edition has them, whole and in one piece"
    elif quotation.address not in addresses:
        what = f"“{shown}” does not begin at #{quotation.address}"
        remedy = f"write {quotation.transcript}.md#{addresses[0]}"
    else:
        return
    yield theme.text.problem(quotation.offset, what, remedy)
