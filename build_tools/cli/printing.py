"""What all commands print: problems with their places, numbers with their nouns."""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import NoReturn
from urllib.parse import quote

import click

from build_tools.model.text import Problem

DOCS = Path("docs")

EPILOG = "Exit status: 0 fine, 1 problems found, 2 wrong usage."
# Signs of GitHub's workflow commands in the path of a file, and those of Markdown.
_ESCAPES = str.maketrans({"%": "%25", ",": "%2C", ":": "%3A"})
_SIGN = re.compile(r"[!-/:-@\[-`{-~]")
# GitHub shows ten annotations of a step, and a summary of 1 MiB.
_MOST_ANNOTATIONS, _MOST_SHOWN = 10, 300_000
# Characters of a message, which may quote a hostile file.
_LONGEST = 2000


def print_problems(problems: Iterable[Problem], style: str = "text") -> None:
    """Prints problems on standard error, or as annotations of a pull request on standard output."""
    if style == "github":
        _annotate(sorted(problems, key=lambda problem: problem.warning))
        return
    for problem in problems:
        warning = "warning: " if problem.warning else ""
        click.echo(printable(f"{problem.place}: {warning}{problem.what}"), err=True)
        for line in problem.remedy.splitlines():
            click.echo(f"    {printable(line)}", err=True)


def _annotate(problems: Sequence[Problem]) -> None:
    """Prints as many annotations as GitHub shows, and lists all problems in the step's summary."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    for problem in problems[: _MOST_ANNOTATIONS if summary else None]:
        level, (path, line, column) = "warning" if problem.warning else "error", problem.place
        lines = [*problem.what.splitlines(), *problem.remedy.splitlines()]
        what = "%0A".join(printable(line).replace("%", "%25") for line in lines)
        path = printable(path).translate(_ESCAPES)
        click.echo(f"::{level} file={path},line={line},col={column}::{what}")
    if summary and problems:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(_render_table(problems))


def _render_table(problems: Sequence[Problem]) -> str:
    """Problems as a table in Markdown, with links to their lines."""
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA")
    server, repository, commit = (os.environ.get(name, "") for name in names)
    # In a pull request, the other one is a merge that nobody has seen.
    commit = os.environ.get("HEAD_SHA", commit)
    table = "\n## Problems\n\n| where | what is wrong | what to write |\n|---|---|---|\n"
    for number, (place, what, remedy) in enumerate((p.place, p.what, p.remedy) for p in problems):
        path = f"{quote(place.path, errors='replace')}?plain=1#L{place.line}"
        target = f"{server}/{repository}/blob/{commit}/{path}"
        cells = (f"{place.path}:{place.line}", what, *(remedy.splitlines() or [""]))
        # Markdown finds no sign in a text of character references.
        inert = (_SIGN.sub(lambda sign: f"&#{ord(sign[0])};", printable(cell)) for cell in cells)
        where, what, *lines = inert
        row = f"| [{where}]({target}) | {what} | {'<br>'.join(lines)} |\n"
        if len(table) + len(row) > _MOST_SHOWN:
            return f"{table}\n{many(len(problems) - number, 'more problem')}; run sic check\n"
        table += row
    return table


def printable(text: str) -> str:
    """Text without control characters, which could act on a terminal."""
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return "".join(character if character.isprintable() else " " for character in shown)


@contextmanager
def ticking(what: str) -> Iterator[None]:
    """Tells a terminal, after a second, what is being done and for how many seconds already."""
    done = Event()
    ticker = Thread(target=_tick, args=(what, done), daemon=True)
    if sys.stderr.isatty():
        ticker.start()
    try:
        yield
    finally:
        done.set()
        if ticker.ident:
            ticker.join()


def _tick(what: str, done: Event) -> None:
    seconds = 0
    while not done.wait(1):
        seconds += 1
        click.echo(f"\r{what} … {seconds} s", nl=False, err=True)
    if seconds:
        click.echo(f"\r{' ' * len(f'{what} … {seconds} s')}\r", nl=False, err=True)


def many(number: int, singular: str, plural: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def refuse(problems: Iterable[Problem], stays: str) -> NoReturn:
    """Prints problems, and ends the run with their number and with what stays as it was."""
    listed = sorted(set(problems))
    print_problems(listed)
    fail(f"{many(sum(not problem.warning for problem in listed), 'problem')}; {stays}")


def fail(message: str) -> NoReturn:
    """Ends the run with a message on standard error and status 1."""
    click.echo(message, err=True)
    sys.exit(1)
