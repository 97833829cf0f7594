"""All of docs/ in memory, read and checked: for commands and tests, not for builds."""

from dataclasses import dataclass

from build_tools.checks.summary import CorpusSummary, encode_unmarked, list_cited
from build_tools.checks.table import check_collection, read_checked
from build_tools.model.edition import Edition
from build_tools.model.glossary import Entry
from build_tools.model.source import Source
from build_tools.model.text import Problem
from build_tools.model.theme import Theme
from build_tools.model.transcript import Transcript
from build_tools.reading.decisions import Decisions
from build_tools.reading.tree import SourcedEdition, Tree, list_slugs, parse_site_content
from build_tools.transcript.alignment import align_edition
from build_tools.transcript.quotations import find_answers


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything below docs/, parsed, and every problem of every file.

    `transcripts` are the faithful editions; the source of one that cannot be read is None.
    """

    editions: tuple[tuple[Edition, Source | None], ...]
    transcripts: tuple[Transcript, ...]
    entries: tuple[Entry, ...]
    themes: tuple[Theme, ...]
    problems: tuple[Problem, ...]
    decisions: Decisions


def parse_corpus(tree: Tree, root: str = "docs") -> Corpus:
    """Parse all files of a tree, in order of path, and check them."""
    tree = dict(sorted(tree.items()))
    content = parse_site_content(tree, root)
    editions: dict[str, SourcedEdition] = {}
    summaries = []
    for slug in list_slugs(tree):
        sourced, summary = read_checked(slug, tree, root)
        summaries.append(summary)
        if sourced:
            editions[slug] = sourced
    aligned = {slug: align_edition(sourced) for slug, sourced in editions.items()}
    transcripts = {slug: transcript for slug, transcript in aligned.items() if transcript}
    cited = list_cited(content.themes).items()
    found = {slug: (transcripts[slug], own) for slug, own in cited if slug in transcripts}
    answers = {slug: find_answers(*asked) for slug, asked in found.items()}
    corpus = CorpusSummary(
        *(root, tuple(tree), content, summaries, answers),
        fetch_words=lambda slug: encode_unmarked(editions[slug].rejected),
        read_again=lambda slug: editions[slug],
    )
    pairs = ((one.edition, one.source) for one in editions.values())
    read = tuple(
        (edition, source if source and source.words else None) for edition, source in pairs
    )
    spoken, problems = tuple(transcripts.values()), check_collection(corpus)
    return Corpus(read, spoken, content.entries, content.themes, problems, content.decisions)
