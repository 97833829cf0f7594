"""A project on disk, and the command `sic` run in it as its users run it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from build_tools.cli import main
from tests.pages import ROOT

EDITION = "docs/transcripts/paris-2024.md"
SOURCE = "docs/sources/paris-2024.txt"
SUMS = "SHA256SUMS"
ENTRY = "docs/glossary/chris-olah.md"

_FILES = {
    "docs/index.md": "# Home\n",
    SOURCE: """\
00:00Good morning, everybody.
00:03So, almost since the founding, one of us, Chris
00:07Ola, helped to invent the field of
00:07mechanistic interpretability.
00:12I worked at goggle with with Chris before.
00:16NASA: we have a problem.
""",
    EDITION: """\
---
title: A talk in Paris
date: 2024-05-22
source:
  file: paris-2024.txt
  format: clock
speakers:
  Sorkin: Andrew Ross Sorkin
  Amodei: Dario Amodei
---

## Good morning

**Sorkin:** Good morning, everybody.

## The founding

**Amodei:** So, almost since the founding, one of us, Chris {~~Ola~>Olah~~}[^olah], helped to
invent the field of [mechanistic interpretability](#t7-2).

I worked at {~~goggle~>Google~~}[^google] {--with--}[^twice] with {==Chris==}{>>Which one?<<}
before.[^when]

NASA: we have a problem.

[^olah]: name, record: He writes his name Olah.
[^google]: name, record: The company.
[^twice]: repetition, record, here only: He says it once.
[^when]: note: From 2015 to 2016.
""",
    ENTRY: """\
---
term: Chris Olah
kind: person
short: A researcher who looks inside neural networks.
also: [Olah]
see: [interpretability]
sources:
  - title: His web page
    url: https://colah.github.io/
---
He was among the founders.
""",
    "docs/glossary/interpretability.md": """\
---
term: interpretability
kind: concept
short: Finding out what goes on inside a neural network.
---
The field that [Chris Olah](chris-olah.md) helped to begin.
""",
}


def small_tree() -> dict[str, bytes]:
    """A source, its edition with every kind of mark, two entries and a page, all of them right."""
    return {path: text.encode() for path, text in _FILES.items()}


def seal(docs: Path) -> None:
    """Writes the digests of the sources that are there."""
    folder = docs / "sources"
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    lines = [
        f"{sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in files
    ]
    if lines:
        (folder / SUMS).write_text("".join(lines), encoding="utf-8")


class Run(NamedTuple):
    """The status and output of a run of the command."""

    status: int
    output: str
    errors: str


@dataclass(frozen=True)
class Project:
    """A folder with `docs/` in it; the working directory is to be that folder."""

    folder: Path

    def write(self, files: Mapping[str, bytes], *, sealed: bool = True) -> None:
        """Writes files, by their path in the project; sources are `sealed`, as an import does."""
        for path, data in files.items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        if sealed and any(path.startswith("docs/sources/") for path in files):
            seal(self.folder / "docs")

    def read(self, path: str) -> str:
        """A file's text."""
        return (self.folder / path).read_text(encoding="utf-8")

    def replace(self, path: str, old: str, new: str) -> None:
        """Puts one text, which stands once in a file, in the place of another."""
        text = self.read(path)
        assert text.count(old) == 1, f"{path} has “{old}” {text.count(old)} times"
        self.write({path: text.replace(old, new).encode()})

    def run(self, *arguments: str) -> Run:
        """`sic` with these arguments; an exception other than the command's exit is raised."""
        result = CliRunner().invoke(main, arguments, catch_exceptions=False)
        return Run(result.exit_code, result.stdout, result.stderr)

    def built(self) -> dict[str, bytes]:
        """Every file of the last build."""
        output = self.folder / "build/docs"
        return {
            path.relative_to(output).as_posix(): path.read_bytes()
            for path in sorted(output.rglob("*"))
            if path.is_file()
        }


@contextmanager
def run_beside(
    code: str, *arguments: str, folder: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that runs code of ours until its input ends, once it says `held`."""
    other = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        yield other
