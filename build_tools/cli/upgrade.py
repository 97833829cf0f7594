"""`sic upgrade`: brings the collection to the format of this program."""

import re

import click

from build_tools.build.output import write_file
from build_tools.build.site import require_docs
from build_tools.cli.printing import DOCS, EPILOG, fail
from build_tools.model.site import FORMAT
from build_tools.reading.home import HOME, read_format
from build_tools.reading.tree import read_tree

_HEAD = re.compile(r"(?:\ufeff)?---[ \t]*\r?\n")


@click.command("upgrade", epilog=EPILOG)
def command() -> None:
    """Brings the files of docs/ to the format of this version of Sic, and says what changed.

    docs/index.md states the format of a collection. Run it after an update of Sic; look at the
    changes with git diff.

    \b
    sic upgrade
    """  # noqa: D301 - click wants the sign itself
    require_docs(DOCS)
    tree, home = read_tree(DOCS), DOCS / HOME
    stated = read_format(tree)
    if stated == FORMAT:
        click.echo(f"nothing to change: format {FORMAT}")
        return
    if stated:
        what = f"the collection is of format {stated}, and this Sic knows format {FORMAT}"
        fail(f"{home}:1:1: {what}\n    install a newer Sic")
    # So far there is one format, and a collection that states none is of it.
    content = tree.get(HOME, b"# Home\n").decode()
    head = _HEAD.match(content)
    opening, rest = (head[0], content[head.end() :]) if head else ("---\n", f"---\n{content}")
    home.touch()
    write_file(home, f"{opening}format: {FORMAT}\n{rest}".encode())
    click.echo(f"{home} states format: {FORMAT}\nformat {FORMAT}: 1 file changed")
