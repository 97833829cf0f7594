"""How many suggestions are right, and how many corrections are suggested; prints a table.

    python -m tests.benchmarks.suggestions [--pairs FOLDER] [--earnings FOLDER]

Of each edition a plain one is made from its source, without a mark and with the recogniser's own
punctuation, so that nothing of the editors' work tells where they found an error. A suggestion is
right if it touches words that an editor corrected or doubted in one of its places.
With folders, `tests.benchmarks.pairs` measures talks and calls that other people reviewed.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import click

from build_tools.authoring.suggest import choose_findings
from build_tools.authoring.suggest.evidence import collect_past_corrections, gather_evidence
from build_tools.authoring.suggest.ranking import LEAST, Finding
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.model.edition import Mark
from build_tools.model.transcript import Transcript
from build_tools.reading.tree import read_tree
from build_tools.text.words import find_keys
from build_tools.transcript.alignment import compile_transcript
from tests.benchmarks.pairs import (
    judge_settings,
    read_calls,
    read_pairs,
    report_calls,
    report_pairs,
)
from tests.trees import edition_file, read_edition

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~^=+-])")


# The first word of a correction or doubt, and its end.
Known = tuple[int, int]


class Measured(NamedTuple):
    """Findings under one setting, each with what was known at its places."""

    slug: str
    setting: str
    judged: tuple[tuple[Finding, frozenset[Known]], ...]
    known: tuple[Known, ...]


def make_plain(transcript: Transcript) -> Transcript:
    """The transcript as a recogniser leaves it: its source, line by line, without a mark."""
    edition = transcript.edition
    body = "\n".join(_SIGNS.sub(r"\\\1", cue.text) for cue in transcript.source.cues) + "\n"
    file = edition_file(body, title=edition.title, speakers=dict(edition.speakers))
    return compile_transcript(read_edition(file, slug=edition.slug), transcript.source)


def list_known(transcript: Transcript) -> tuple[Known, ...]:
    """Every correction and doubt of an edition."""
    return tuple(
        (word, word + len(find_keys(span.heard)))
        for (span, *_), _, word in transcript.occurrences
        if span.mark in (Mark.CHANGE, Mark.DOUBT)
    )


def measure(corpus: Corpus, least: float = LEAST) -> Iterator[Measured]:
    """Every transcript, with the speakers' names, and with all that the collection knows."""
    for transcript in corpus.transcripts:
        others = [other for other in corpus.transcripts if other is not transcript]
        known, plain = list_known(transcript), make_plain(transcript)
        past = collect_past_corrections(others)
        for setting, evidence in (
            ("the speakers' names", gather_evidence(plain, (), (), ())),
            ("the collection", gather_evidence(plain, corpus.entries, others, past)),
        ):
            found = choose_findings(evidence, least)
            judged = tuple((one, _known_at(one, known)) for one in found)
            yield Measured(transcript.edition.slug, setting, judged, known)


def _words(first: int, end: int) -> range:
    return range(first, max(end, first + 1))


def _known_at(suggestion: Finding, known: Iterable[Known]) -> frozenset[Known]:
    own = {word for place in suggestion.places for word in _words(*place)}
    return frozenset(one for one in known if not own.isdisjoint(_words(*one)))


def _report(measured: Measured) -> str:
    judged = measured.judged
    cells = [measured.slug, measured.setting, str(len(judged))]
    for top in (20, 50):
        own = judged[:top]
        right = sum(bool(known) for _, known in own)
        cells.append(f"{right}/{len(own)}")
    found = frozenset[Known]().union(*(known for _, known in judged))
    cells.append(f"{len(found)}/{len(measured.known)}")
    return " | ".join(cells)


@click.command()
@click.option("--pairs", type=FOLDER, help="Talks: NAME.machine.md and NAME.reviewed.md.")
@click.option("--earnings", type=FOLDER, help="Calls: CALL.ENGINE.nlp.gz, CALL.reference.nlp.gz.")
def main(pairs: Path | None, earnings: Path | None) -> None:
    """Precision at 20 and 50 and recall, by transcript and by knowledge."""
    if pairs:
        report_pairs(judge_settings(read_pairs(pairs)))
    if earnings:
        report_calls(read_calls(earnings))
    if pairs or earnings:
        return
    corpus = parse_corpus(read_tree(Path("docs")))
    click.echo("transcript | knowing | suggestions | right of 20 | right of 50 | corrections found")
    for measured in measure(corpus):
        click.echo(_report(measured))


if __name__ == "__main__":
    main()
