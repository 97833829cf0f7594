"""All checks: those of one edition with its sources, and those between files of docs/."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from build_tools.checks import edition, elsewhere, glossary, links, names, summary
from build_tools.checks.fidelity import check_fidelity
from build_tools.checks.summary import CorpusSummary, EditionSummary
from build_tools.model.edition import Edition
from build_tools.model.glossary import Entry
from build_tools.model.source import Source
from build_tools.model.text import Problem, hide_unread
from build_tools.model.theme import Theme
from build_tools.model.transcript import Transcript
from build_tools.reading import tree as reading
from build_tools.reading.decisions import Decisions
from build_tools.reading.tree import SourcedEdition, Tree
from build_tools.transcript.alignment import align_edition
from build_tools.transcript.quotations import find_answers

_EDITION_CHECKS: tuple[Callable[[SourcedEdition], Iterable[Problem]], ...] = (
    edition.check_lines,
    edition.check_anchors,
    edition.check_reviews,
    edition.check_furniture,
    check_fidelity,
    edition.check_witnesses,
    edition.check_edges,
    edition.check_bounds,
    edition.check_certainty,
    edition.check_reuse,
    edition.check_evidence,
    edition.check_speakers,
    edition.check_attribution,
    edition.check_introduction,
)
_CORPUS_CHECKS: tuple[Callable[[CorpusSummary], Iterable[Problem]], ...] = (
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
    sourced, problems = reading.read_edition(slug, tree, root)
    if sourced:
        found = (problem for check in _EDITION_CHECKS for problem in check(sourced))
        problems = hide_unread((*problems, *found))
    return sourced, summary.summarise_edition(slug, sourced, problems)


def check_collection(corpus: CorpusSummary) -> tuple[Problem, ...]:
    """List every problem of every file, and those between files, once and in order of place."""
    problems = list(corpus.content.problems)
    problems += (problem for one in corpus.editions for problem in one.problems)
    problems += (problem for check in _CORPUS_CHECKS for problem in check(corpus))
    return tuple(sorted(set(problems)))


@dataclass(frozen=True, slots=True)
class Corpus:
    """All of docs/ in memory; `transcripts` are faithful; a source that cannot be read is None."""

    editions: tuple[tuple[Edition, Source | None], ...]
    transcripts: tuple[Transcript, ...]
    entries: tuple[Entry, ...]
    themes: tuple[Theme, ...]
    problems: tuple[Problem, ...]
    decisions: Decisions


def parse_corpus(tree: Tree, root: str = "docs") -> Corpus:
    """Parse all files of a tree, in order of path, and check them."""
    tree = dict(sorted(tree.items()))
    content = reading.parse_site_content(tree, root)
    checked = {slug: read_checked(slug, tree, root) for slug in reading.list_slugs(tree)}
    editions = {slug: sourced for slug, (sourced, _) in checked.items() if sourced}
    aligned = ((slug, align_edition(sourced)) for slug, sourced in editions.items())
    transcripts = {slug: transcript for slug, transcript in aligned if transcript}
    cited = summary.list_cited(content.themes)
    known = (slug for slug in cited if slug in transcripts)
    answers = {slug: find_answers(transcripts[slug], cited[slug]) for slug in known}
    summaries = [one for _, one in checked.values()]
    corpus = CorpusSummary(
        *(root, tuple(tree), content, summaries, answers),
        fetch_words=lambda slug: summary.encode_unmarked(editions[slug].rejected),
        read_again=lambda slug: editions[slug],
    )
    read = tuple(
        (one.edition, one.source if one.source and one.source.words else None)
        for one in editions.values()
    )
    spoken, problems = tuple(transcripts.values()), check_collection(corpus)
    return Corpus(read, spoken, content.entries, content.themes, problems, content.decisions)
