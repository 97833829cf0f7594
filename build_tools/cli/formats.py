"""`sic formats`: every format that `sic import` can read."""

import click

from build_tools.cli.printing import EPILOG
from build_tools.sources.formats import FORMATS


@click.command("formats", epilog=EPILOG)
def command() -> None:
    """Every format of sources: its name in the front matter, and how it looks.

    The order is that in which sic import tries them; the first that fits is taken. Rolling
    captions show each line again until the next is whole.

    \b
    sic formats
    sic import talk.txt --format clock
    """  # noqa: D301 - click wants the sign itself
    width = max(len(name) for name in FORMATS)
    for name, form in FORMATS.items():
        click.echo(f"{name:{width}}  {form.description}")
