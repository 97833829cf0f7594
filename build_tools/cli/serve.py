"""`sic serve`: a preview that follows the files."""

from __future__ import annotations

import signal
import sys

import click

from build_tools.cli.printing import DOCS, EPILOG, print_problems, summarise
from build_tools.engine import EngineError
from build_tools.model import ProblemsFoundError
from build_tools.output import Written
from build_tools.serve import PREVIEW, serve_site
from build_tools.site import Plan


@click.command(epilog=EPILOG)
@click.option("--port", default=8000, show_default=True, help="Where the preview listens.")
def serve(port: int) -> None:
    """A live preview: saves of editions, entries and pages show in the browser.

    Problems are printed here and shown at the head of the page that they are about; what is below
    them is the last state that was right. The preview's own search knows the last saved page alone.
    """
    # Whoever ends the preview, by whatever signal, ends MkDocs with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        serve_site(DOCS, port, _report)
    except EngineError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def _report(outcome: tuple[Plan, Written] | ProblemsFoundError, seconds: float) -> None:
    if isinstance(outcome, ProblemsFoundError):
        print_problems(outcome.problems)
        click.echo("the preview keeps the last state that was right", err=True)
    else:
        summarise(*outcome, PREVIEW, seconds)
