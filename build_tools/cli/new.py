"""`sic new`: starts a new collection."""

from pathlib import Path
from shlex import quote

import click

from build_tools.authoring.new.collection import make_collection
from build_tools.cli.printing import EPILOG, many
from build_tools.model.site import DEFAULT_LICENCE


@click.command("new", epilog=EPILOG)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", help="What the site is called; without it, the folder's name.")
@click.option("--licence", default=DEFAULT_LICENCE, show_default=True, help="Of the annotations.")
@click.option("--sample/--no-sample", default=True, help="With a short transcript to look at.")
def command(folder: Path, name: str | None, licence: str, sample: bool) -> None:
    """A collection of your own in FOLDER: pages to change, mkdocs.yml and one short sample.

    Theme, scripts and guides stay in the installed package; a file of your own at the same place
    wins. It builds at once. Then bring your recordings' transcripts in with sic import, and take
    the sample out, or leave it out with --no-sample.

    \b
    sic new ../talks --name "Our talks"
    """  # noqa: D301 - click wants the sign itself
    named = folder.resolve().name.replace("-", " ").strip().capitalize()
    called = (name or "").strip() or named or "Transcripts"
    title = " ".join(called.split())
    rights = " ".join(licence.split()) or DEFAULT_LICENCE
    files = make_collection(folder, title, rights, sample=sample)
    click.echo(f"{folder}: {many(len(files), 'file')}, called “{called}”")
    click.echo(f"next:   cd {quote(str(folder))} && sic serve\nthen:   sic import FILE")
