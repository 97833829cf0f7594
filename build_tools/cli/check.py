"""`sic check`: every problem, and what to write instead."""

import os
from collections.abc import Iterable
from pathlib import Path

import click

from build_tools.build.site import read_docs
from build_tools.checks.corpus import parse_corpus
from build_tools.cli.printing import DOCS, EPILOG, fail, many, print_problems, ticking
from build_tools.model.text import Problem, ProblemsFoundError

_STYLE = click.Choice(["text", "github"])
_HELP = "github prints annotations for pull requests, and lists all in the summary of the step."


@click.command("check", epilog=EPILOG)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "style", type=_STYLE, default="text", show_default=True, help=_HELP)
def command(paths: tuple[Path, ...], style: str) -> None:
    """Every problem of every file, or of the files and folders in PATHS.

    All files are read even then, since links and names in one file depend on others.

    \b
    sic check
    sic check docs/transcripts/paris-2024.md
    """  # noqa: D301 - click wants the sign itself
    problems: Iterable[Problem]
    try:
        with ticking(f"checking {DOCS}/"):
            corpus = parse_corpus(read_docs(DOCS), DOCS.name)
        problems = _choose(corpus.problems, paths)
    except ProblemsFoundError as error:
        problems = error.problems
    print_problems(problems, style)
    wrong = [problem for problem in problems if not problem.warning]
    if wrong:
        files = len({problem.place.path for problem in wrong})
        fail(f"{many(len(wrong), 'problem')} in {many(files, 'file')}")
    click.echo("fine: every word is accounted for")


def _choose(problems: Iterable[Problem], paths: tuple[Path, ...]) -> list[Problem]:
    """The problems of the files that are one of the paths or below one, of all without paths."""
    docs, wanted = absolute(DOCS), locate(paths or (Path(),))
    for path, whole in zip(paths, wanted, strict=False):
        if not whole.is_relative_to(docs) and not docs.is_relative_to(whole):
            raise click.BadParameter(f"{path}: not in {DOCS}/, and nothing else is checked")
    places = ((one, absolute(one.place.path)) for one in problems)
    return [one for one, place in places if any(map(place.is_relative_to, wanted))]


def locate(paths: Iterable[Path]) -> list[Path]:
    """The absolute paths of files and folders; raises BadParameter if one does not exist."""
    for path in paths:
        if not path.exists():
            edition = DOCS / "transcripts" / f"{path}.md"
            hint = f"; write {edition}" if edition.is_file() else ""
            raise click.BadParameter(f"{path}: there is no such file or folder{hint}")
    return [absolute(path) for path in paths]


def absolute(path: str | Path) -> Path:
    """The path without `..`, and with links as they are."""
    return Path(os.path.abspath(path))  # noqa: PTH100
