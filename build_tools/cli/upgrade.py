"""`sic upgrade`: migrates the collection to the format of this program."""

import click

from build_tools.authoring.new.upgrade import plan_upgrade
from build_tools.build.output import write_file
from build_tools.build.site import require_docs
from build_tools.cli.printing import DOCS, EPILOG, many
from build_tools.model.site import FORMAT
from build_tools.reading.tree import read_tree


@click.command("upgrade", epilog=EPILOG)
def command() -> None:
    """Brings the files of docs/ to the format of this version of Sic, and says what changed.

    docs/index.md states the format of a collection. Run it after an update of Sic; look at the
    changes with git diff.

    \b
    sic upgrade
    """  # noqa: D301 - click wants the sign itself
    require_docs(DOCS)
    upgrade = plan_upgrade(read_tree(DOCS))
    for path, content in upgrade.files.items():
        (DOCS / path).touch()
        write_file(DOCS / path, content)
    for line in upgrade.done:
        click.echo(line)
    changed = f"format {FORMAT}: {many(len(upgrade.files), 'file')} changed"
    click.echo(changed if upgrade.files else f"nothing to change: format {FORMAT}")
