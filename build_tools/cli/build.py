"""`sic build`: check, compile, and make the site."""

from __future__ import annotations

import os
import sys
import time
from typing import NoReturn

import click

from build_tools.cache import CACHE
from build_tools.cli.printing import DOCS, EPILOG, many, print_problems, summarise
from build_tools.engine import ENGINES, OUTPUT, EngineError, run_engine, site_url
from build_tools.model import ProblemsFoundError
from build_tools.output import BusyError, Written
from build_tools.parts import WHOLE, Part, parse_part
from build_tools.site import Plan, build_site, compile_part


def _read_part(_: click.Context, __: click.Parameter, value: str | None) -> Part | None:
    try:
        return parse_part(value) if value else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command(epilog=EPILOG)
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
@click.option(
    "--no-exports",
    is_flag=True,
    help="Leave out the files to take away, but for the data and the text that are always there.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=os.cpu_count() or 1,
    help="How many processes may share the work; without it, as many as there are cores.",
)
@click.option(
    "--part",
    callback=_read_part,
    metavar="K/N",
    help="Do the work of one of N machines: compile its transcripts into .cache/sic and, with "
    "--site, make its part of the site.",
)
def build(
    site: bool, offline: bool, engine: str, no_exports: bool, jobs: int, part: Part | None
) -> None:
    """Check, then compile docs/ into build/docs/.

    If anything is wrong, all problems are printed and build/docs/ stays as it was.
    """
    if part and (offline or engine != "mkdocs"):
        raise click.UsageError("--part is for sites that MkDocs makes and a server publishes")
    address = site_url(os.environ, offline=offline)
    if part and not site:
        _compile(part, address, jobs, exports=not no_exports)
        return
    started = time.perf_counter()
    plan, written = _built(address, jobs, part or WHOLE, exports=not no_exports)
    summarise(plan, written, OUTPUT, time.perf_counter() - started)
    if site or offline:
        try:
            made = run_engine(engine, plan.passages, offline=offline, part=part or WHOLE)
        except EngineError as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        click.echo(f"site: {made}")


def _compile(part: Part, address: str, jobs: int, *, exports: bool) -> None:
    try:
        known, compiled, _ = compile_part(DOCS, CACHE, part, address, exports=exports, jobs=jobs)
    except ProblemsFoundError as error:
        _give_up(error)
    print_problems(sorted({problem for talk in known for problem in talk.survey.problems}))
    click.echo(
        f"part {part}: {many(len(known), 'transcript')}, {len(compiled)} of them compiled\n"
        f"put {CACHE}/ of all {part.of} machines into one on each of them; "
        f"sic build --site --part {part} then makes this part of the site"
    )


def _give_up(error: ProblemsFoundError) -> NoReturn:
    print_problems(error.problems)
    wrong = sum(not problem.warning for problem in error.problems)
    click.echo(f"{many(wrong, 'problem')}; {OUTPUT}/ stays as it was", err=True)
    sys.exit(1)


def _built(address: str, jobs: int, part: Part, *, exports: bool) -> tuple[Plan, Written]:
    try:
        plan, written = build_site(
            DOCS, OUTPUT, address, exports=exports, cache=CACHE, jobs=jobs, part=part
        )
    except ProblemsFoundError as error:
        _give_up(error)
    except BusyError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"{error.filename or OUTPUT}: cannot be written: {error.strerror}", err=True)
        click.echo("    free some space or see who may write there; nothing was changed", err=True)
        sys.exit(1)
    print_problems(plan.warnings)
    return plan, written
