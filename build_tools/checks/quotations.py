"""Quotations: whether the transcripts have the passages and the words that themes quote."""

from collections.abc import Iterator

from build_tools.checks.summary import CorpusSummary
from build_tools.model.text import Problem
from build_tools.model.theme import Quotation
from build_tools.reading.tree import list_slugs
from build_tools.text.nearness import KnownNames


def check_quotations(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a problem for each quotation that its transcript lacks, and each unknown entry.

    Says nothing of quotations from a transcript that is not faithful: its words are not settled.
    """
    known = {*(edition.slug for edition in corpus.editions), *list_slugs(corpus.left_out)}
    known_terms = {entry.term for entry in corpus.content.entries}
    near_terms, near_slugs = KnownNames(sorted(known_terms)), KnownNames(sorted(known))
    for theme in corpus.content.themes:
        for cited in theme.cited:
            answer = corpus.answers.get(cited.transcript, {}).get(cited._replace(offset=0))
            if answer and answer.what:
                yield theme.text.problem(cited.offset, answer.what, answer.remedy)
            elif isinstance(cited, Quotation) and cited.transcript not in known:
                what = f"there is no transcript “{cited.transcript}”"
                remedy = near_slugs.ask(cited.transcript).rstrip() or "see docs/transcripts/"
                yield theme.text.problem(cited.offset, what, remedy)
        for name in theme.entries:
            if name not in known_terms:
                offset = theme.text.content.find("\nentries:") + 1
                hint = near_terms.ask(name, likeness=75).rstrip()
                remedy = hint or "write an entry's term, or leave it out"
                yield theme.text.problem(offset, f"entries: “{name}” is no entry's term", remedy)
