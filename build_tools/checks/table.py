"""All checks: those of one edition with its sources, and those between files."""

from collections.abc import Callable, Iterable

from build_tools.checks.elsewhere import check_elsewhere
from build_tools.checks.fidelity import check_fidelity
from build_tools.checks.glossary import check_dates, check_forms, check_see
from build_tools.checks.links import check_links, check_quotations
from build_tools.checks.marks import check_bounds, check_certainty, check_edges, check_reuse
from build_tools.checks.names import check_names
from build_tools.checks.sources import (
    check_anchors,
    check_direction,
    check_furniture,
    check_lines,
    check_timing,
)
from build_tools.checks.speakers import check_attribution, check_introduction, check_speakers
from build_tools.checks.summary import CorpusSummary, EditionSummary, summarise_edition
from build_tools.model.text import Problem, hide_unread
from build_tools.reading.tree import SourcedEdition, Tree, read_edition

EDITION_CHECKS: tuple[Callable[[SourcedEdition], Iterable[Problem]], ...] = (
    check_lines,
    check_anchors,
    check_direction,
    check_furniture,
    check_fidelity,
    check_timing,
    check_edges,
    check_bounds,
    check_certainty,
    check_reuse,
    check_speakers,
    check_attribution,
    check_introduction,
)
CORPUS_CHECKS: tuple[Callable[[CorpusSummary], Iterable[Problem]], ...] = (
    check_names,
    check_forms,
    check_see,
    check_dates,
    check_links,
    check_elsewhere,
    check_quotations,
)


def read_checked(slug: str, tree: Tree, root: str) -> tuple[SourcedEdition | None, EditionSummary]:
    """Read and check one edition; depends on no files but its own."""
    sourced, problems = read_edition(slug, tree, root)
    if sourced:
        found = (problem for check in EDITION_CHECKS for problem in check(sourced))
        problems = hide_unread((*problems, *found))
    return sourced, summarise_edition(slug, sourced, problems)


def check_collection(corpus: CorpusSummary) -> tuple[Problem, ...]:
    """List every problem of every file, and those between files."""
    problems = list(corpus.content.problems)
    problems += (problem for edition in corpus.editions for problem in edition.problems)
    problems += (problem for check in CORPUS_CHECKS for problem in check(corpus))
    return tuple(problems)
