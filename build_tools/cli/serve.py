"""`sic serve`: a preview that is rebuilt after every save."""

import signal
from contextlib import chdir
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rapidfuzz import process

from build_tools.authoring.import_.intake import Request, find_date, plan_intake, write_intake
from build_tools.authoring.new.collection import make_collection
from build_tools.build.output import Written
from build_tools.build.plan import Plan
from build_tools.build.serve import PREVIEW, serve_site
from build_tools.cli.build import summarise
from build_tools.cli.printing import DOCS, EPILOG, print_problems, printable
from build_tools.model.site import DEFAULT_LICENCE
from build_tools.model.text import ProblemsFoundError


@click.command("serve", epilog=EPILOG)
@click.argument("slugs", nargs=-1, metavar="[SLUG|FILE]...")
@click.option("--port", default=8000, show_default=True, help="Where the preview listens.")
def command(slugs: tuple[str, ...], port: int) -> None:
    """A live preview: saves of editions, entries and pages show in the browser.

    SLUG is the name of a transcript's file without .md. Of a large collection name those that you
    work on: only these are shown then, with the glossary and the pages that quote them.

    A FILE that no collection holds, such as talk.vtt, is shown on a page by itself.

    Problems are printed here; until you mend them, the pages show the last state without any.

    \b
    sic serve
    sic serve paris-2024
    sic serve talk.vtt
    """  # noqa: D301 - click wants the sign itself
    # SIGTERM ends MkDocs too, as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    click.echo("compiling the pages; the address follows", err=True)
    if len(slugs) == 1 and Path(slugs[0]).is_file() and DOCS not in Path(slugs[0]).parents:
        with TemporaryDirectory(prefix="sic-") as folder:
            _make_collection_of(Path(slugs[0]), Path(folder))
            with chdir(folder):
                serve_site(DOCS, (), port, _report)
        return
    for slug in slugs:
        _require_transcript(slug)
    if slugs:
        click.echo(f"only {', '.join(slugs)}, with the glossary and the pages that quote them")
    serve_site(DOCS, slugs, port, _report)


def _make_collection_of(file: Path, folder: Path) -> None:
    saved = date.fromtimestamp(file.stat().st_mtime).isoformat()
    day = find_date(file.name) or saved
    files = plan_intake(Request(file.name, file.read_bytes(), date=day)).files
    make_collection(folder, file.stem, DEFAULT_LICENCE, sample=False)
    write_intake(files, folder / DOCS)
    click.echo(f"{printable(file.name)} alone; to keep what you see: sic new FOLDER, sic import")


def _require_transcript(slug: str) -> None:
    known = [path.stem for path in (DOCS / "transcripts").glob("*.md") if path.stem != "index"]
    if slug not in known:
        near = process.extractOne(slug, sorted(known), score_cutoff=60)
        hint = f"did you mean {near[0]}?" if near else "see docs/transcripts/"
        raise click.UsageError(f"there is no transcript “{printable(slug)}”: {hint}")


def _report(outcome: tuple[Plan, Written] | ProblemsFoundError, seconds: float) -> None:
    if isinstance(outcome, ProblemsFoundError):
        print_problems(outcome.problems)
        click.echo("the preview keeps the last state that was right", err=True)
    else:
        summarise(*outcome, PREVIEW, seconds)
