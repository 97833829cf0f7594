"""How many suggestions are right, and how many corrections are suggested; prints a table.

    python -m tests.benchmarks.suggestions [--pairs FOLDER] [--earnings FOLDER]

Of each edition a plain one is made from its source, without a mark and with the recogniser's own
punctuation, so that nothing of the editors' work tells where they found an error. A suggestion is
right if it touches words that an editor corrected or doubted, and exact if it says what they wrote.
With folders, `tests.benchmarks.pairs` measures talks and calls that other people reviewed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import click

from build_tools.authoring.suggest import LIKELIHOODS, choose_findings
from build_tools.authoring.suggest.evidence import (
    Finding,
    collect_past_corrections,
    gather_evidence,
)
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.model.edition import Mark
from build_tools.model.transcript import Remark, Transcript
from build_tools.reading.tree import read_tree
from build_tools.text.words import find_keys
from build_tools.transcript.alignment import compile_transcript
from tests.benchmarks.pairs import read_calls, read_pairs, report_calls, report_pairs
from tests.trees import edition_file, read_edition

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_NOTHING = "the speakers' names"
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~^=+-])")


class Known(NamedTuple):
    """An editor's correction: the source's words, and the words said."""

    first: int
    end: int
    said: str


class Measured(NamedTuple):
    """Findings under one setting, each with what was known at its place."""

    slug: str
    setting: str
    judged: tuple[tuple[Finding, Known | None], ...]
    known: tuple[Known, ...]
    transcript: Transcript


def make_plain(transcript: Transcript) -> Transcript:
    """The transcript as a recogniser leaves it: its source, line by line, without a mark."""
    edition = transcript.edition
    body = "\n".join(_SIGNS.sub(r"\\\1", cue.text) for cue in transcript.source.cues) + "\n"
    file = edition_file(body, title=edition.title, speakers=dict(edition.speakers))
    return compile_transcript(read_edition(file, slug=edition.slug), transcript.source)


def list_known(transcript: Transcript) -> tuple[Known, ...]:
    """Every correction and doubt of an edition."""
    found = []
    for (span, *_), _, word in transcript.occurrences:
        if span.mark in (Mark.CHANGE, Mark.DOUBT):
            said = "" if span.mark is Mark.DOUBT else " ".join(span.said.split())
            found.append(Known(word, word + len(find_keys(span.heard)), said))
    return tuple(found)


def measure(corpus: Corpus) -> Iterator[Measured]:
    """Every transcript under every setting."""
    for transcript in corpus.transcripts:
        others = [other for other in corpus.transcripts if other is not transcript]
        known = list_known(transcript)
        settings: dict[str, Iterable[Remark]] = {
            _NOTHING: (),
            "the glossary": (),
            "and the other edition": collect_past_corrections(others),
        }
        plain = make_plain(transcript)
        for name, forms in settings.items():
            entries = () if name == _NOTHING else corpus.entries
            around = () if name == _NOTHING else others
            suggestions = choose_findings(gather_evidence(plain, entries, around, forms))
            judged = tuple((one, _known_at(one, known)) for one in suggestions)
            yield Measured(transcript.edition.slug, name, judged, known, plain)


def _words(first: int, end: int) -> range:
    return range(first, max(end, first + 1))


def _known_at(suggestion: Finding, known: Iterable[Known]) -> Known | None:
    own = set(_words(suggestion.first, suggestion.end))
    return next((k for k in known if not own.isdisjoint(_words(k.first, k.end))), None)


def _is_exact(measured: Measured, suggestion: Finding, known: Known) -> bool:
    """Whether the text is the same once the suggestion is taken and once the editor's mark is."""
    keys = [word.key for word in measured.transcript.source.words]
    first, end = min(suggestion.first, known.first), max(suggestion.end, known.end)

    def said(one: int, other: int, words: str) -> list[str]:
        return [*keys[first:one], *find_keys(words), *keys[other:end]]

    mine = said(suggestion.first, suggestion.end, suggestion.said or "?")
    if suggestion.said == "":
        mine = said(suggestion.first, suggestion.end, "")
    return mine == said(known.first, known.end, known.said)


def _report(measured: Measured) -> str:
    judged = measured.judged
    cells = [measured.slug, measured.setting, str(len(judged))]
    for top in (20, 50):
        own = judged[:top]
        right = sum(known is not None for _, known in own)
        exact = sum(bool(k) and _is_exact(measured, s, k) for s, k in own if k)
        cells.append(f"{right}/{len(own)} ({exact} exact)")
    found = {known for _, known in judged if known}
    cells.append(f"{len(found)}/{len(measured.known)}")
    return " | ".join(cells)


@click.command()
@click.option("--pairs", type=_FOLDER, help="Talks: NAME.machine.md and NAME.reviewed.md.")
@click.option("--earnings", type=_FOLDER, help="Calls: CALL.ENGINE.nlp.gz, CALL.reference.nlp.gz.")
def main(pairs: Path | None, earnings: Path | None) -> None:
    """Precision at 20 and 50 and recall, by transcript, by knowledge and by grade."""
    if pairs:
        report_pairs(read_pairs(pairs))
    if earnings:
        report_calls(read_calls(earnings))
    if pairs or earnings:
        return
    corpus = parse_corpus(read_tree(Path("docs")))
    grades: dict[tuple[str, int, int, str], bool] = {}
    click.echo("transcript | knowing | suggestions | right of 20 | right of 50 | corrections found")
    for measured in measure(corpus):
        click.echo(_report(measured))
        for one, known in measured.judged:
            grades[measured.slug, one.first, one.end, one.grade] = known is not None
    counts = Counter((grade, right) for (*_, grade), right in grades.items())
    click.echo("\ngrade | right | wrong | stated | measured")
    for grade, stated in LIKELIHOODS.items():
        right, wrong = counts[grade, True], counts[grade, False]
        # One of each sort is added: a grade met seldom is never sure.
        share = (right + 1) / (right + wrong + 2)
        click.echo(f"{grade} | {right} | {wrong} | {stated:.2f} | {share:.2f}")


if __name__ == "__main__":
    main()
