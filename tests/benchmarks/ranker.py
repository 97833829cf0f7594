"""Fits the weights of `build_tools.authoring.suggest.ranking`, and tests them on talks left out.

    python -m tests.benchmarks.ranker --pairs FOLDER

The tables are those of `tests.benchmarks.suggestions`, each talk by the weights of the others, with
the likelihoods stated and the share that was right. The two editions without their marks help to
fit.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import exp
from pathlib import Path

import click

from build_tools.authoring.suggest.ranking import LEAST
from build_tools.checks.corpus import parse_corpus
from build_tools.reading.tree import read_tree
from tests.benchmarks.pairs import Judged, judge_settings, read_pairs, report_pairs
from tests.benchmarks.suggestions import FOLDER, measure

# Draws every weight towards zero, so that what was seen seldom counts little.
_PENALTY = 0.5
_SWEEPS = 300
_BINS = (0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1)

# A talk, what is known of some of its words, and whether they are wrong.
Row = tuple[str, Mapping[str, float], bool]


def fit(rows: Sequence[Row]) -> dict[str, float]:
    """The weights of a logistic regression, each in turn by Newton's method."""
    known = [
        ({name: value for name, value in row.items() if value}, wrong) for _, row, wrong in rows
    ]
    weights = dict.fromkeys(sorted({name for row, _ in known for name in row}), 0.0)
    having = {name: [one for one in known if name in one[0]] for name in weights}
    for _ in range(_SWEEPS):
        for name, own in having.items():
            slope, curve = -_PENALTY * weights[name], _PENALTY
            for row, wrong in own:
                likelihood = _rate(weights, row)
                slope += (wrong - likelihood) * row[name]
                curve += likelihood * (1 - likelihood) * row[name] ** 2
            weights[name] += slope / curve
    return weights


def _rate(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    return 1 / (1 + exp(-sum(weights.get(name, 0) * value for name, value in features.items())))


@click.command()
@click.option("--pairs", type=FOLDER, required=True)
def main(pairs: Path) -> None:
    """Figures of each talk by the weights of the others, and the weights by all."""
    settings = judge_settings(read_pairs(pairs), 0)
    rows: list[Row] = [
        (judged.talk.name, one.features, bool(errors))
        for results in settings.values()
        for judged in results
        for one, errors in judged.findings
        if "any" in one.features
    ]
    talks = {name for name, _, _ in rows}
    for edition in measure(parse_corpus(read_tree(Path("docs"))), 0):
        judged = (one for one in edition.judged if "any" in one[0].features)
        rows += [(edition.slug, one.features, bool(known)) for one, known in judged]
    weights = {name: fit([row for row in rows if row[0] != name]) for name in talks}
    report_pairs({name: [_rank(one, weights) for one in own] for name, own in settings.items()})
    rated = [(_rate(weights[row[0]], row[1]), row[2]) for row in rows if row[0] in talks]
    for low, high in pairwise(_BINS):
        stated, wrong = zip(*(one for one in rated if low <= one[0] < high), strict=True)
        shares = f"{sum(stated) / len(stated):.0%} | {sum(wrong) / len(wrong):.0%}"
        click.echo(f"{low:.0%} to {high:.0%} | {len(stated)} | {shares}")
    for name, weight in fit(rows).items():
        click.echo(f'    "{name}": {weight:.2f},')


def _rank(judged: Judged, weights: Mapping[str, Mapping[str, float]]) -> Judged:
    """What would be listed by other weights, the likeliest first."""
    own = [one for one in judged.findings if "any" in one[0].features]
    rated = [(_rate(weights[judged.talk.name], one[0].features), one) for one in own]
    listed = sorted((one for one in rated if one[0] >= LEAST), key=lambda one: -one[0])
    return judged._replace(findings=tuple(one for _, one in listed))


if __name__ == "__main__":
    main()
