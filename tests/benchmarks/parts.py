"""Builds a collection as a whole and in parts; prints what each machine has to do.

    python -m tests.benchmarks.parts [--transcripts 100] [--parts 4] [--no-exports]

Each part begins with nothing, as a machine of its own would: it compiles its transcripts and hands
on what it kept; then, with what all have kept, it makes its part of the site. The parts are put
side by side and compared with the site of one build, byte for byte but for the search index.
Seconds are processor time.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

import click

from tests.benchmarks.speed import ROOT, Cost, run
from tests.benchmarks.talks import make_tree, write_collection

_BUILD = (sys.executable, "-m", "build_tools", "build")
_GENERATED = ("build", ".cache", "site")
# The pages that a generated collection has.
_NAV = """\
nav:
  - Home: index.md
  - Transcripts: transcripts/index.md
  - Glossary: glossary/index.md
  - Corrections: corrections.md
  - Doubts: doubts.md
  - Editorial policy: policy.md
  - Downloads: downloads.md

"""
_NAVIGATION = re.compile(r"^nav:\n.*?^(?=\S)", re.MULTILINE | re.DOTALL)
# The policy leads to pages that are not there.
_TARGET = re.compile(r"\]\([^)]*\)")
_SEARCH = ("search/", "pagefind")


def prepare(folder: Path, transcripts: int) -> None:
    """A project with a collection of so many transcripts."""
    write_collection(make_tree(transcripts), folder / "docs")
    policy = folder / "docs/policy.md"
    policy.write_text(_TARGET.sub("]", policy.read_text(encoding="utf-8")), encoding="utf-8")
    shutil.copytree(ROOT / "docs/assets", folder / "docs/assets")
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    (folder / "mkdocs.yml").write_text(_NAVIGATION.sub(_NAV, config), encoding="utf-8")
    (folder / "theme").symlink_to(ROOT / "theme")


def clean(folder: Path) -> None:
    """Makes a machine of one that has built nothing."""
    for name in _GENERATED:
        shutil.rmtree(folder / name, ignore_errors=True)


def measure_size(folder: Path) -> float:
    """How many MB are below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def find_differences(one: Path, other: Path) -> list[str]:
    """The files in which two sites differ, but for what their search reads."""
    names = [
        {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
        for site in (one, other)
    ]
    different = names[0] ^ names[1]
    different |= {
        name
        for name in names[0] & names[1]
        if (one / name).read_bytes() != (other / name).read_bytes()
    }
    return sorted(name for name in different if not name.startswith(_SEARCH))


def _render(name: str, cost: Cost, megabytes: float) -> str:
    return f"| {name} | {cost.seconds:.1f} s | {cost.memory:,.0f} MB | {megabytes:,.1f} MB |"


@click.command()
@click.option("--transcripts", default=100, show_default=True, help="How many transcripts.")
@click.option("--parts", default=4, show_default=True, help="How many machines.")
@click.option("--no-exports", is_flag=True, help="Leave out the files to take away.")
def main(transcripts: int, parts: int, no_exports: bool) -> None:
    """Print what each machine has to do, and whether the parts make up the site of one."""
    quick = ("--no-exports",) if no_exports else ()
    with tempfile.TemporaryDirectory() as temporary:
        folder, whole, union, caches = (
            Path(temporary, name) for name in ("project", "whole", "union", "caches")
        )
        prepare(folder, transcripts)
        click.echo("| build | processor time | memory | handed on |\n|---|--:|--:|--:|")
        cost = run((*_BUILD, "--site", *quick), folder)
        click.echo(_render("the whole site, by one machine", cost, measure_size(folder / "site")))
        (folder / "site").rename(whole)
        clean(folder)
        numbers = range(1, parts + 1)
        for number in numbers:
            cost = run((*_BUILD, "--part", f"{number}/{parts}", *quick), folder)
            (folder / ".cache").mkdir(exist_ok=True)
            size = measure_size(folder / ".cache")
            click.echo(_render(f"transcripts of part {number}", cost, size))
            shutil.copytree(folder / ".cache", caches, dirs_exist_ok=True)
            clean(folder)
        for number in numbers:
            shutil.copytree(caches, folder / ".cache")
            cost = run((*_BUILD, "--site", "--part", f"{number}/{parts}", *quick), folder)
            click.echo(_render(f"site of part {number}", cost, measure_size(folder / "site")))
            shutil.copytree(folder / "site", union, dirs_exist_ok=True)
            clean(folder)
        different = find_differences(whole, union)
        click.echo(f"\n{len(different)} files differ: {', '.join(different[:9])}")
        sys.exit(bool(different))


if __name__ == "__main__":
    main()
