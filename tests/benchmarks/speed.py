"""The cost of a build, beside plain MkDocs on the same words; prints a table.

    python -m tests.benchmarks.speed [--sizes 10,100] [--entries 0] [--no-exports] [--site]

Seconds are processor time of all processes of a run, since others may use the machine too; memory
is the largest that one process had. Every run is a process of its own, as a user starts it.
"""

import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from build_tools.text.words import find_keys
from tests.benchmarks.talks import make_plain_tree, make_tree, write_collection

ROOT = Path(__file__).parents[2]
_BUILD = (sys.executable, "-m", "build_tools", "build")
_NO_EXPORTS = "--no-exports"
# Between reading the files and having the pages; nothing is read from or written to a cache.
_COMPILE = """
import sys
import time
from pathlib import Path
from build_tools.build.plan import plan_site
from build_tools.build import raise_threshold
from build_tools.build.site import read_docs
raise_threshold()
tree = read_docs(Path("docs"))
started = time.process_time()
plan_site(tree, "docs", "https://example.org/", exports="--no-exports" not in sys.argv)
print(time.process_time() - started)
"""
_PLAIN = """\
site_name: Talks
docs_dir: plain
site_dir: plain-site
theme: {name: material, font: false}
plugins: [search]
nav: [{Home: index.md}]
not_in_nav: /transcripts/*
"""


class Cost(NamedTuple):
    """Processor time in seconds, the largest memory of a process in MB, and what was printed."""

    seconds: float
    memory: float
    printed: str


class Row(NamedTuple):
    """The measurements of a collection."""

    transcripts: int
    words: int
    entries: int
    build: Cost
    compile_alone: float
    unchanged: Cost
    one_edition: Cost
    one_entry: Cost
    site: Cost | None
    plain: Cost


def run(command: Sequence[str], folder: Path) -> Cost:
    """The cost of a program."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SIC_SITE_URL": "https://example.org/",
        "NO_MKDOCS_2_WARNING": "1",
    }
    output = folder / "output.txt"
    with output.open("wb") as printed:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=printed, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    text = output.read_text(encoding="utf-8")
    if process.returncode:
        raise click.ClickException(text)
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text)


def measure(transcripts: int, entries: int, folder: Path, *, exports: bool, site: bool) -> Row:
    """A collection made in a folder, and what it costs to build it again and again."""
    options = () if exports else (_NO_EXPORTS,)
    build = (*_BUILD, *options)
    write_collection(make_tree(transcripts, entries), folder / "docs")
    write_collection(make_plain_tree(transcripts), folder / "plain")
    (folder / "plain.yml").write_text(_PLAIN, encoding="utf-8")
    words = sum(
        len(find_keys(path.read_text(encoding="utf-8")))
        for path in (folder / "docs/sources").iterdir()
    )
    editions = sorted((folder / "docs/transcripts").glob("*-0*.md"))
    alone = run((sys.executable, "-c", _COMPILE, *options), folder)
    return Row(
        transcripts=transcripts,
        words=words,
        entries=sum(1 for _ in (folder / "docs/glossary").glob("*.md")) - 1,
        build=run(build, folder),
        compile_alone=float(alone.printed),
        unchanged=run(build, folder),
        one_edition=_changed(editions[0], lambda text: text.replace(" — ", ", ", 1), build, folder),
        one_entry=_changed(
            folder / "docs/glossary/anthropic.md",
            lambda text: text.replace("short: ", "short:  ", 1).replace("AI", "A.I.", 1),
            build,
            folder,
        ),
        site=_whole_site(folder) if site else None,
        plain=run((sys.executable, "-m", "mkdocs", "build", "-q", "-f", "plain.yml"), folder),
    )


def _changed(path: Path, change: Callable[[str], str], build: Sequence[str], folder: Path) -> Cost:
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    return run(build, folder)


def _whole_site(folder: Path) -> Cost:
    for name in ("mkdocs.yml", "theme"):
        (folder / name).symlink_to(ROOT / name)
    return run((sys.executable, "-m", "mkdocs", "build", "-q"), folder)


_COLUMNS = (
    *("transcripts", "words", "entries", "build", "compile alone", "words a second", "memory"),
    *("nothing changed", "one edition changed", "one entry changed"),
    *("MkDocs on our pages", "share of our build", "plain MkDocs", "compile to plain MkDocs"),
)


def render_row(row: Row) -> str:
    """A line of the table, as Markdown."""
    total = row.build.seconds + (row.site.seconds if row.site else 0)
    cells = (
        f"{row.transcripts:,}",
        f"{row.words:,}",
        f"{row.entries:,}",
        f"{row.build.seconds:.1f} s",
        f"{row.compile_alone:.1f} s",
        f"{row.words / row.compile_alone:,.0f}",
        f"{row.build.memory:.0f} MB",
        f"{row.unchanged.seconds:.2f} s",
        f"{row.one_edition.seconds:.2f} s",
        f"{row.one_entry.seconds:.2f} s",
        f"{row.site.seconds:.1f} s" if row.site else "—",
        f"{row.build.seconds / total:.0%}" if row.site else "—",
        f"{row.plain.seconds:.1f} s",
        f"{row.compile_alone / row.plain.seconds:.2f}",
    )
    return f"| {' | '.join(cells)} |"


@click.command()
@click.option("--sizes", default="10,100", show_default=True, help="Numbers of transcripts.")
@click.option("--entries", default=0, help="How many entries; without it, the real ones.")
@click.option(
    _NO_EXPORTS, "exports", flag_value=False, default=True, help="Leave out the files to take away."
)
@click.option("--site", is_flag=True, help="Run MkDocs on what was compiled too.")
def main(sizes: str, entries: int, exports: bool, site: bool) -> None:
    """Measures collections of the sizes given."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print(f"| {' | '.join(_COLUMNS)} |\n|{'--:|' * len(_COLUMNS)}")
    for size in sizes.split(","):
        with tempfile.TemporaryDirectory() as folder:
            row = measure(int(size), entries, Path(folder), exports=exports, site=site)
        # Large collections take long, so results are printed immediately.
        print(render_row(row), flush=True)


if __name__ == "__main__":
    main()
