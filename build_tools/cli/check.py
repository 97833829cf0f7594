"""`sic check`: what is wrong, and what to write instead."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from build_tools.cli.printing import DOCS, EPILOG, many, print_problems
from build_tools.model import Problem, ProblemsFoundError
from build_tools.site import check_tree, read_docs


@click.command(epilog=EPILOG)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "github"]),
    default="text",
    show_default=True,
    help="github prints annotations for pull requests.",
)
def check(paths: tuple[Path, ...], style: str) -> None:
    """Every problem of every file, or of the files and folders in PATHS.

    All files are read even then, since a link or a name in one may lean on another.
    """
    problems = _checked(paths)
    print_problems(problems, style)
    _finish_check(problems)


def _checked(paths: tuple[Path, ...]) -> tuple[Problem, ...]:
    try:
        problems = check_tree(read_docs(DOCS), DOCS.name)
    except ProblemsFoundError as error:
        return error.problems
    if not paths:
        return problems
    docs = _absolute(DOCS)
    wanted = [_absolute(path) for path in paths]
    for path, whole in zip(paths, wanted, strict=True):
        if not path.exists():
            raise click.BadParameter(f"{path}: there is no such file or folder")
        if not whole.is_relative_to(docs) and not docs.is_relative_to(whole):
            raise click.BadParameter(f"{path}: not in {DOCS}/, and nothing else is checked")
    return tuple(
        problem
        for problem in problems
        if any(_absolute(Path(problem.place.path)).is_relative_to(path) for path in wanted)
    )


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolves .. and leaves links alone


def _finish_check(problems: Iterable[Problem]) -> None:
    wrong = [problem for problem in problems if not problem.warning]
    if wrong:
        files = len({problem.place.path for problem in wrong})
        click.echo(f"{many(len(wrong), 'problem')} in {many(files, 'file')}", err=True)
        sys.exit(1)
    click.echo("fine: every word is accounted for")
