"""All checks: those of one edition with its sources, and those between files."""

from collections.abc import Callable, Iterable

from build_tools.checks import elsewhere, glossary, links, marks, names, sources, speakers
from build_tools.checks.fidelity import check_fidelity
from build_tools.checks.summary import CorpusSummary, EditionSummary, summarise_edition
from build_tools.model.text import Problem, hide_unread
from build_tools.reading.tree import SourcedEdition, Tree, read_edition

EDITION_CHECKS: tuple[Callable[[SourcedEdition], Iterable[Problem]], ...] = (
    sources.check_lines,
    sources.check_anchors,
    sources.check_reviews,
    sources.check_furniture,
    check_fidelity,
    sources.check_witnesses,
    marks.check_edges,
    marks.check_bounds,
    marks.check_certainty,
    marks.check_reuse,
    marks.check_evidence,
    speakers.check_speakers,
    speakers.check_attribution,
    speakers.check_introduction,
)
CORPUS_CHECKS: tuple[Callable[[CorpusSummary], Iterable[Problem]], ...] = (
    names.check_names,
    glossary.check_forms,
    glossary.check_see,
    glossary.check_only,
    glossary.check_ordinary,
    glossary.check_dates,
    glossary.check_page_dates,
    links.check_links,
    links.check_recordings,
    elsewhere.check_elsewhere,
    links.check_quotations,
)


def read_checked(slug: str, tree: Tree, root: str) -> tuple[SourcedEdition | None, EditionSummary]:
    """Read and check one edition; depends on no files but its own."""
    sourced, problems = read_edition(slug, tree, root)
    if sourced:
        found = (problem for check in EDITION_CHECKS for problem in check(sourced))
        problems = hide_unread((*problems, *found))
    return sourced, summarise_edition(slug, sourced, problems)


def check_collection(corpus: CorpusSummary) -> tuple[Problem, ...]:
    """List every problem of every file, and those between files, once and in order of place."""
    problems = list(corpus.content.problems)
    problems += (problem for edition in corpus.editions for problem in edition.problems)
    problems += (problem for check in CORPUS_CHECKS for problem in check(corpus))
    return tuple(sorted(set(problems)))
