"""The command `sic`: checks, builds and previews, and prints problems where they stand."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

import click

from build_tools.engine import ENGINES, EngineError, run_engine
from build_tools.model import Problem, ProblemsFoundError
from build_tools.serve import serve_site
from build_tools.site import Plan, Written, build_site, check_tree, read_docs

DOCS = Path("docs")
OUTPUT = Path("build/docs")

EPILOG = "Exit status: 0 fine, 1 problems found, 2 wrong usage."


def _version() -> str:
    try:
        return metadata.version("sic-transcripts")
    except metadata.PackageNotFoundError:
        return "of this folder, not installed"


@click.group(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version(), prog_name="sic")
def main() -> None:
    r"""Annotated transcripts that can be checked word for word.

    Sic reads docs/ (sources, editions, glossary entries and pages), proves that apart from the
    marked corrections no word of a source was changed, and writes build/docs/, plain Markdown for
    MkDocs or Zensical.

    \b
    sic check                 what is wrong, and what to write instead
    sic build --site          the whole site, in site/
    sic serve                 a preview that follows your edits
    """
    # A sign that the terminal cannot show is no reason to say nothing at all.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


@main.command(epilog=EPILOG)
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
    _print_problems(problems, style)
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
        click.echo(f"{_many(len(wrong), 'problem')} in {_many(files, 'file')}", err=True)
        sys.exit(1)
    click.echo("fine: every word is accounted for")


@main.command(epilog=EPILOG)
@click.option("--site", is_flag=True, help="Run MkDocs after it; the site is then in site/.")
@click.option(
    "--offline",
    is_flag=True,
    help="Make a site that opens by double click, as a folder and a zip; implies --site.",
)
@click.option(
    "--engine",
    type=click.Choice(sorted(ENGINES)),
    default="mkdocs",
    show_default=True,
    help="What makes the site of the pages.",
)
def build(site: bool, offline: bool, engine: str) -> None:
    """Check, then compile docs/ into build/docs/.

    If anything is wrong, all problems are printed and build/docs/ stays as it was.
    """
    started = time.perf_counter()
    plan, written = _built()
    _summarise(plan, written, time.perf_counter() - started)
    if site or offline:
        try:
            made = run_engine(engine, plan.passages, offline=offline)
        except EngineError as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        click.echo(f"site: {made}")


def _built() -> tuple[Plan, Written]:
    try:
        plan, written = build_site(DOCS, OUTPUT)
    except ProblemsFoundError as error:
        _print_problems(error.problems, "text")
        wrong = sum(not problem.warning for problem in error.problems)
        click.echo(f"{_many(wrong, 'problem')}; {OUTPUT}/ stays as it was", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"{error.filename or OUTPUT}: cannot be written: {error.strerror}", err=True)
        click.echo("    free some space or see who may write there; nothing was changed", err=True)
        sys.exit(1)
    _print_problems(plan.warnings, "text")
    return plan, written


def _summarise(plan: Plan, written: Written, seconds: float) -> None:
    counts = plan.counts
    click.echo(
        f"{_many(counts.transcripts, 'transcript')}, {_many(counts.words, 'word')}, "
        f"{_many(counts.corrections, 'correction')}, {_many(counts.doubts, 'doubt')}, "
        f"{_many(counts.entries, 'entry', 'entries')}, {_many(counts.mentions, 'mention')}"
    )
    click.echo(
        f"{OUTPUT}: {_many(len(written.written), 'file')} written, "
        f"{len(written.removed)} removed, {written.unchanged} unchanged, in {seconds:.2f} s"
    )


@main.command(epilog=EPILOG)
@click.option("--port", default=8000, show_default=True, help="Where the preview listens.")
def serve(port: int) -> None:
    """A live preview: saves of editions, entries and pages show in the browser.

    Problems are printed here, and the preview keeps the last state that was right.
    """
    try:
        serve_site(DOCS, OUTPUT, port, _report)
    except EngineError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def _report(outcome: tuple[Plan, Written] | ProblemsFoundError, seconds: float) -> None:
    if isinstance(outcome, ProblemsFoundError):
        _print_problems(outcome.problems, "text")
        click.echo("the preview keeps the last state that was right", err=True)
    else:
        _summarise(*outcome, seconds)


def _print_problems(problems: Iterable[Problem], style: str) -> None:
    for problem in problems:
        if style == "github":
            click.echo(_annotation(problem))
        else:
            warning = "warning: " if problem.warning else ""
            click.echo(_printable(f"{problem.place}: {warning}{problem.what}"), err=True)
            if problem.remedy:
                click.echo(f"    {_printable(problem.remedy)}", err=True)


# Of a message that quotes a hostile file, so many characters are printed.
_LONGEST = 2000


def _printable(text: str) -> str:
    """Text without the control characters by which a file could play with a terminal."""
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return "".join(character if character.isprintable() else " " for character in shown)


def _annotation(problem: Problem) -> str:
    """A workflow command, with the escapes that GitHub asks for."""
    level = "warning" if problem.warning else "error"
    said = (_printable(part).replace("%", "%25") for part in (problem.what, problem.remedy) if part)
    path = _printable(problem.place.path)
    for sign, escaped in (("%", "%25"), (",", "%2C"), (":", "%3A")):
        path = path.replace(sign, escaped)
    place = f"file={path},line={problem.place.line},col={problem.place.column}"
    return f"::{level} {place}::{'%0A'.join(said)}"


def _many(number: int, singular: str, plural: str = "") -> str:
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUTF8", "1")
    main()
