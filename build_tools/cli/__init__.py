"""The command `sic`; the module of a command is imported when that command runs."""

import io
import sys
from pkgutil import resolve_name

import click

from build_tools.build import raise_threshold
from build_tools.cli.printing import DOCS, EPILOG, fail, refuse
from build_tools.model.text import ProblemsFoundError

# The status of a shell's program that Ctrl-C ended.
_INTERRUPTED = 130

# Each command as it is called, in the order in which a new user needs them. `sic --help` prints
# this table, so it imports no command.
_COMMANDS = {
    "check": ("sic check", "what is wrong, and what to write instead"),
    "build": ("sic build --site", "the whole site, in site/"),
    "serve": ("sic serve", "a preview that follows your edits"),
    "import": ("sic import FILE", "a first edition of what a recogniser or a web page gave"),
    "formats": ("sic formats", "every format that sic import can read"),
    "mark": ("sic mark PATH", "your plain edits of an edition, made into marks"),
    "suggest": ("sic suggest SLUG", "likely errors that are not marked yet"),
    "vocabulary": ("sic vocabulary", "your names and terms, for a recogniser to expect"),
    "new": ("sic new FOLDER", "a collection of your own"),
    "upgrade": ("sic upgrade", "the files in the format of a new version of Sic"),
}
# What to do next in a folder: where a collection has no transcript, where it has, and elsewhere.
_ALL = "    all commands:         sic --help"
_NO_TRANSCRIPT = f"""this collection has no transcript yet
    take one in:          sic import FILE --date 2024-05-22
{_ALL}"""
_TRANSCRIPTS = f"""next, one of these
    see the site:         sic serve
    see what is wrong:    sic check
    mark your edits:      sic mark docs/transcripts
{_ALL}"""
_NO_COLLECTION = f"""there is no docs/ here; cd to a collection, or
    see a transcript:     sic serve talk.vtt
    start a collection:   sic new FOLDER
{_ALL}"""


class _Commands(click.Group):
    """Imports commands lazily; ends each that is interrupted with a message and no traceback."""

    def list_commands(self, _: click.Context) -> list[str]:
        """The names of all commands."""
        return list(_COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        """The command of a name, imported only now."""
        if name not in _COMMANDS:
            return None
        module = "intake" if name == "import" else name
        command: click.Command = resolve_name(f"build_tools.cli.{module}:command")
        return command

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the table of commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.values()))

    def invoke(self, context: click.Context) -> object:
        """The result of a command."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            click.echo("interrupted; whatever was in place is whole", err=True)
            context.exit(_INTERRUPTED)
        except ProblemsFoundError as error:
            refuse(error.problems, "nothing was written")
        except BrokenPipeError:
            raise
        except OSError as error:
            place = f"{error.filename or 'a file'}: {error.strerror}"
            fail(f"{place}\n    free some space, or see who may read and write there")
        except RuntimeError as error:
            from build_tools.build.output import OutputError

            if not isinstance(error, OutputError):
                raise
            fail(str(error))


@click.group(
    cls=_Commands,
    epilog=EPILOG,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="sic-transcripts", prog_name="sic")
@click.pass_context
def main(context: click.Context) -> None:
    """Annotated transcripts that can be checked word for word.

    Sic reads docs/ (sources, editions, glossary entries and pages), proves that apart from the
    marked corrections no word of a source was changed, and writes build/docs/, plain Markdown for
    MkDocs or Zensical.
    """
    raise_threshold()
    if context.invoked_subcommand is None:
        pages = (path.stem for path in (DOCS / "transcripts").glob("*.md"))
        collection = _TRANSCRIPTS if any(page != "index" for page in pages) else _NO_TRANSCRIPT
        click.echo(collection if DOCS.is_dir() else _NO_COLLECTION)
    # A terminal that cannot show a sign gets a question mark.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
