"""The command `sic`: a module for each of its commands, and how they speak."""

from __future__ import annotations

import io
import sys
from importlib import metadata

import click

from build_tools.build.output import BusyError
from build_tools.build.processes import collect_seldom
from build_tools.cli.build import build
from build_tools.cli.check import check
from build_tools.cli.formats import formats
from build_tools.cli.intake import import_file
from build_tools.cli.mark import mark
from build_tools.cli.new import new
from build_tools.cli.printing import EPILOG
from build_tools.cli.serve import serve
from build_tools.cli.suggest import suggest

# What a shell says of a program that Ctrl-C ended.
_INTERRUPTED = 130


def _version() -> str:
    try:
        return metadata.version("sic-transcripts")
    except metadata.PackageNotFoundError:
        return "of this folder, not installed"


class _Commands(click.Group):
    """Ends every command alike that is broken off from outside, with a word and no traceback."""

    def invoke(self, context: click.Context) -> object:
        """What the command gives back."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            click.echo("interrupted; whatever was in place is whole", err=True)
            context.exit(_INTERRUPTED)
        except BusyError as error:
            click.echo(str(error), err=True)
            context.exit(1)
        except BrokenPipeError:
            raise
        except OSError as error:
            click.echo(f"{error.filename or 'a file'}: {error.strerror}", err=True)
            click.echo("    free some space, or see who may read and write there", err=True)
            context.exit(1)


@click.group(cls=_Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version(), prog_name="sic")
def main() -> None:
    """Annotated transcripts that can be checked word for word.

    Sic reads docs/ (sources, editions, glossary entries and pages), proves that apart from the
    marked corrections no word of a source was changed, and writes build/docs/, plain Markdown for
    MkDocs or Zensical.

    \b
    sic check                 what is wrong, and what to write instead
    sic build --site          the whole site, in site/
    sic serve                 a preview that follows your edits
    sic import FILE           a first edition of what a recogniser or a web page gave
    sic mark PATH             your plain edits of an edition, made into marks
    sic suggest SLUG          likely errors that nobody has marked
    sic new FOLDER            a collection of your own
    """  # noqa: D301 - click wants the sign itself
    collect_seldom()
    # A sign that the terminal cannot show is no reason to say nothing at all.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


# In the order in which somebody meets them.
COMMANDS = (check, build, serve, import_file, formats, mark, suggest, new)
for command in COMMANDS:
    main.add_command(command)
