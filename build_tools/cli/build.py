"""`sic build`: check, compile, and make the site."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from pathlib import Path

import click

from build_tools.build import engine as engines
from build_tools.build.cache import CACHE
from build_tools.build.engine import OFFLINE_SITE, OUTPUT, SITE
from build_tools.build.output import EngineError, Written, lock, require_own
from build_tools.build.pagefind import LARGE, choose_search
from build_tools.build.plan import Plan
from build_tools.build.rendering import ENGINES
from build_tools.build.site import build_site, require_docs
from build_tools.cli.printing import DOCS, EPILOG, fail, many, print_problems, refuse, ticking
from build_tools.model.site import Search
from build_tools.model.text import ProblemsFoundError

_ENGINE, _CORES = click.Choice(sorted(ENGINES)), os.cpu_count() or 1
_HELP_ENGINE = "What makes the site of the pages."
_HELP_OFFLINE = "Make a site that opens by double click, as a folder and a zip; implies --site."
_HELP_JOBS = "How many processes may share the work; without it, as many as there are cores."


@click.command("build", epilog=EPILOG)
@click.option("--site", is_flag=True, help="Make the site too, in site/.")
@click.option("--offline", is_flag=True, help=_HELP_OFFLINE)
@click.option("--engine", type=_ENGINE, default="mkdocs", show_default=True, help=_HELP_ENGINE)
@click.option("--fresh", is_flag=True, help="Render all pages, unchanged ones too.")
@click.option("--no-exports", is_flag=True, help="Leave out files to take away, except data.")
@click.option("--jobs", type=click.IntRange(1), default=_CORES, help=_HELP_JOBS)
def command(
    site: bool, offline: bool, engine: str, fresh: bool, no_exports: bool, jobs: int
) -> None:
    """Check, then compile docs/ into build/docs/.

    If anything is wrong, all problems are printed and build/docs/ stays as it was.

    \b
    sic build --site
    sic build --offline
    """  # noqa: D301 - click wants the sign itself
    address = engines.site_url(os.environ, offline=offline)
    place = OFFLINE_SITE if offline else SITE
    started = time.perf_counter()
    with _reporting_errors(OUTPUT):
        require_docs(DOCS)
        if site or offline:
            require_own(place)
    # One lock for both: no other build may replace the pages before the site is made of them.
    with _reporting_errors(OUTPUT), lock(OUTPUT, waiting=_report_waiting):
        with ticking(f"checking and compiling {DOCS}/"):
            form = {"offline": offline, "exports": not no_exports}
            plan, written = build_site(DOCS, OUTPUT, address, **form, cache=CACHE, jobs=jobs)
        print_problems(plan.warnings)
        summarise(plan, written, OUTPUT, time.perf_counter() - started)
        if site or offline:
            search = choose_search(plan.search, plan.counts["words"], offline=offline)
            with _reporting_errors(place):
                how = {"offline": offline, "fresh": fresh}
                passages = plan.fetch_passages
                made = engines.run_engine(engine, passages, search=search, jobs=jobs, **how)
            click.echo(f"site: {made}")
            if search is Search.NONE:
                click.echo(f"search: none, since from files {LARGE:,} words are the most for it")


def summarise(plan: Plan, written: Written, output: Path, seconds: float) -> None:
    """Prints what a build holds and what it wrote."""
    singular = {name: name[:-1] for name in plan.counts} | {"entries": "entry"}
    click.echo(", ".join(many(count, singular[one], one) for one, count in plan.counts.items()))
    click.echo(
        f"{output}: {many(len(written.written), 'file')} written, "
        f"{len(written.removed)} removed, {written.unchanged} unchanged, in {seconds:.2f} s"
    )


def _report_waiting(seconds: float) -> None:
    left = f"waiting for it to end, at most {seconds:.0f} s (Ctrl-C gives up)"
    click.echo(f"{OUTPUT}: another build is at work on it; {left}", err=True)


@contextmanager
def _reporting_errors(place: Path) -> Iterator[None]:
    """Ends the run after an error with a message, and says that the old output stays."""
    stays = f"{place}/ stays as it was"
    try:
        yield
    except ProblemsFoundError as error:
        refuse(error.problems, stays)
    except BrokenPipeError:
        # The reader of the pipe is gone; click ends the run silently.
        raise
    except OSError as error:
        what = f"{error.filename or place}: cannot be written: {error.strerror}"
        fail(f"{what}\n    free some space, or see who may write there; {stays}")
    except EngineError as error:
        fail(f"{error}\n    {stays}")
    except BrokenExecutor:
        what = "a process that shared the work was ended from outside, perhaps for want of memory"
        fail(f"{what}\n    build again with --jobs 1; {stays}")
