"""Names in the glossary: each belongs to one entry, and each under `see:` exists."""

from collections.abc import Iterator

from build_tools.checks.summary import CorpusSummary
from build_tools.model.glossary import Entry
from build_tools.model.text import Problem
from build_tools.text.nearness import KnownNames
from build_tools.transcript.mentions import find_name


def check_forms(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a problem for each name of an entry that an earlier entry has too."""
    claimed: dict[tuple[str, ...], Entry] = {}
    for entry in corpus.content.entries:
        for form in entry.forms:
            other = claimed.setdefault(find_name(form), entry)
            if other.slug != entry.slug:
                offset = max(entry.text.content.find(form), 0)
                what = f"“{form}” is claimed by {other.term} ({other.text.path}) too"
                yield entry.text.problem(offset, what, "leave the name to one of the two entries")


def check_see(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a problem for each name under `see:` that is not the term of an entry."""
    entries = corpus.content.entries
    terms = {entry.term for entry in entries}
    known = KnownNames(sorted(terms))
    for entry in entries:
        key = item = entry.text.content.find("\nsee:") + 1
        for name in entry.see:
            # The names stand in order; after one that is not found as written, stop searching.
            item = entry.text.content.find(name, item) if item >= key else item
            if name not in terms:
                hint = known.ask(name).rstrip() or "write an entry's term, or leave it out"
                yield entry.text.problem(max(item, key), f"see: “{name}” is no entry's term", hint)
