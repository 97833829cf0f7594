"""What all commands print: problems with their places, numbers with their nouns."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import click

from build_tools.model.text import Place, Problem

DOCS = Path("docs")

EPILOG = "Exit status: 0 fine, 1 problems found, 2 wrong usage."


def print_problems(problems: Iterable[Problem], style: str = "text") -> None:
    """Prints problems on standard error, or as annotations of a pull request on standard output."""
    for problem in problems:
        if style == "github":
            level = "warning" if problem.warning else "error"
            click.echo(_command(level, problem.place, [problem.what, problem.remedy]))
        else:
            warning = "warning: " if problem.warning else ""
            click.echo(printable(f"{problem.place}: {warning}{problem.what}"), err=True)
            for line in problem.remedy.splitlines():
                click.echo(f"    {printable(line)}", err=True)


def print_mark(place: Place, mark: str, definition: str) -> None:
    """Prints a mark to paste as an annotation of a pull request."""
    said = [f"write {mark}"]
    if definition:
        said.append(f"and at the end, among the footnotes, its reason: {definition} …")
    click.echo(_command("notice", place, said))


# Characters of a message, which may quote a hostile file.
_LONGEST = 2000


def printable(text: str) -> str:
    """Text without control characters, which could act on a terminal."""
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return "".join(character if character.isprintable() else " " for character in shown)


def _command(level: str, place: Place, said: Iterable[str]) -> str:
    """A workflow command, with the escapes that GitHub needs."""
    parts = (line for part in said for line in part.splitlines())
    lines = "%0A".join(printable(part).replace("%", "%25") for part in parts)
    path = printable(place.path)
    for sign, escaped in (("%", "%25"), (",", "%2C"), (":", "%3A")):
        path = path.replace(sign, escaped)
    return f"::{level} file={path},line={place.line},col={place.column}::{lines}"


def many(number: int, singular: str, plural: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def fail(message: str) -> NoReturn:
    """Ends the run with a message on standard error and status 1."""
    click.echo(message, err=True)
    sys.exit(1)
