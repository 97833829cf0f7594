"""The cost of a site, beside plain MkDocs on the same words; prints a table.

    python -m tests.benchmarks.speed [--sizes 10,60] [--entries 0] [--exports] [--engine zensical]

Seconds are processor time of all processes of a run, since others may use the machine too; memory
is the largest that one process had. Every run is a process of its own, as a user starts it. The
multiples of plain MkDocs are of one run each, so that a slow machine does not change them.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from build_tools.authoring.new.collection import make_collection
from build_tools.text.words import find_keys
from tests.benchmarks.talks import (
    make_plain_pages,
    make_plain_tree,
    make_tree,
    write_collection,
)

ROOT = Path(__file__).parents[2]
_SEARCH = "search_by: built-in\n"
_PLAIN = """\
site_name: Talks
docs_dir: plain
site_dir: plain-site
theme: {name: material, font: false}
plugins: [search]
nav: [{Home: index.md}]
not_in_nav: /*
"""
_PLAIN_BUILD = ("-m", "mkdocs", "build", "-q", "-f", "plain.yml")
# The generator alone on our pages, by one process.
_GENERATOR = """\
import sys
from pathlib import Path
from build_tools.build import engine, output, rendering
environment = engine.engine_environment(engine.SITE, offline=False)
environment["SIC_SITE_DIR"] = str(Path("alone").absolute())
sizes = {path: stamp[0] for path, stamp in output.stamp_files(engine.OUTPUT).items()}
rendering.render_pages(sys.argv[1], environment, sizes)
"""


class Cost(NamedTuple):
    """Seconds of processor time and of wall time, and the largest memory of a process in MB."""

    seconds: float
    wall: float
    memory: float


def run(arguments: Sequence[str], folder: Path) -> Cost:
    """The cost of a Python program that is run in a folder."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SIC_SITE_URL": "https://example.org/",
        "NO_MKDOCS_2_WARNING": "1",
    }
    output = folder / "output.txt"
    started = time.perf_counter()
    with output.open("wb") as printed:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env=environment,
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise click.ClickException(output.read_text(encoding="utf-8"))
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def measure(
    transcripts: int, entries: int, folder: Path, engine: str, options: Sequence[str]
) -> list[str]:
    """The cells of the row of a collection, which is made in a folder that is not there yet."""
    make_collection(folder, "Talks", "CC0")
    for path in (
        *folder.glob("docs/*/mending*"),
        *(folder / "docs/glossary" / name for name in ("ines-calder.md", "scour.md")),
    ):
        path.unlink()
    # Plain MkDocs has a built-in index too; Pagefind's cost is measured apart.
    _change(folder / "docs/index.md", lambda text: text.replace("---\n", f"---\n{_SEARCH}", 1))
    write_collection(make_tree(transcripts, entries), folder / "docs")
    write_collection(make_plain_tree(transcripts), folder / "plain")
    (folder / "plain.yml").write_text(_PLAIN, encoding="utf-8")
    sources = (path.read_text(encoding="utf-8") for path in folder.glob("docs/sources/*.txt"))
    words = sum(len(find_keys(source)) for source in sources)
    build = ("-m", "build_tools", "build", "--engine", engine, *options)
    site = (*build, "--site")
    plain = run(_PLAIN_BUILD, folder)
    compiled, rendered = run((*build, "--jobs", "1"), folder), run((*site, "--jobs", "1"), folder)
    unchanged, shared = run(site, folder), run((*site, "--fresh"), folder)
    edition = next(folder.glob("docs/transcripts/*-00001.md"))
    _change(edition, lambda text: re.sub(r"(?s)(\n\*\*[^*]+:\*\*.*? the) ", r"\1, ", text, count=1))
    one_edition = run(site, folder)
    entry = folder / "docs/glossary/anthropic.md"
    _change(entry, lambda text: text.replace("American", "US", 1))
    one_entry = run(site, folder)
    whole = compiled.seconds + rendered.seconds
    alone = run(("-c", _GENERATOR, engine), folder)
    shutil.rmtree(folder / "plain")
    write_collection(make_plain_pages(folder / "build/docs"), folder / "plain")
    pages = run(_PLAIN_BUILD, folder)
    return [
        *(f"{transcripts:,}", f"{words:,}", f"{plain.seconds:.1f} s"),
        *(f"{cost.seconds / plain.seconds:.1f} ×" for cost in (compiled, rendered)),
        *(f"{whole / plain.seconds:.1f} ×", f"{alone.seconds / pages.seconds:.1f} ×"),
        f"{shared.wall / rendered.wall:.2f}",
        *(f"{cost.seconds:.1f} s" for cost in (unchanged, one_edition, one_entry)),
        f"{max(compiled.memory, rendered.memory):.0f} MB",
    ]


def _change(path: Path, change: Callable[[str], str]) -> None:
    old = path.read_text(encoding="utf-8")
    new = change(old)
    if new == old:
        raise click.ClickException(f"{path}: the change that is measured changed nothing")
    path.write_text(new, encoding="utf-8")


_COLUMNS = (
    *("transcripts", "words", "plain MkDocs", "compile", "render", "whole site"),
    "generator alone, beside MkDocs on plain pages, as many with as many words",
    *("wall time of all cores to one", "nothing changed", "one edition changed"),
    *("one entry changed", "memory"),
)


@click.command()
@click.option("--sizes", default="10,60", show_default=True, help="Numbers of transcripts.")
@click.option("--entries", default=0, help="How many entries; without it, the real ones.")
@click.option("--exports", is_flag=True, help="Make the files to take away too.")
@click.option("--engine", default="mkdocs", show_default=True, help="What renders the pages.")
def main(sizes: str, entries: int, exports: bool, engine: str) -> None:
    """Measures collections of the sizes given."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print(f"| {' | '.join(_COLUMNS)} |\n|{'--:|' * len(_COLUMNS)}")
    options = () if exports else ("--no-exports",)
    for size in sizes.split(","):
        with tempfile.TemporaryDirectory() as folder:
            cells = measure(int(size), entries, Path(folder) / "talks", engine, options)
        # Large collections take long, so results are printed immediately.
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
