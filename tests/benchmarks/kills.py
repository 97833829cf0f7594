"""Kills builds of the real collection at random moments; prints what was in place afterwards.

    python -m tests.benchmarks.kills [--kills 200] [--sites 60] [--engine mkdocs] [--seed 1]

Each build is a process of its own that turns the last state of the collection into another one. It
is killed at a moment drawn from all that such a build takes; every second time all the processes
that it had begun are killed with it, and else a site generator lives on. Then the pages and the
site in place are compared, byte for byte, with the old state and the new, and so is what the next
ordinary build makes. Nothing may be left beside it; what a site generator that lives on goes on
writing goes with the first build after its end, and is counted as left. Meanwhile it is looked
again and again whether the pages and the site are there. A build that had ended before its moment
is not counted.
"""

import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import click

from build_tools.reading.tree import read_tree
from tests.faults import Trees, litter, trees
from tests.site_html import ROOT, copy_project

_SECONDS_BETWEEN_LOOKS = 0.002


class Kill(NamedTuple):
    """The states in place after a kill, whether the next build was right, and what it left."""

    pages: str
    site: str
    right_after: bool
    left: bool


class Bench:
    """A copy of the collection, and both of its states as they are to be in place."""

    def __init__(self, folder: Path, engine_name: str) -> None:
        self.making_site = ("--site", "--engine", engine_name)
        self.folder = copy_project(ROOT, folder / "collection")
        self.docs = (read_tree(self.folder / "docs"), _changed(read_tree(self.folder / "docs")))
        self.missed = 0
        self.looks = 0
        self.seconds: dict[bool, float] = {}
        states: list[Trees] = []
        for number in (0, 1):
            self.put(number)
            started = time.monotonic()
            self.build(made_site=True)
            self.seconds[True] = time.monotonic() - started
            states.append(trees(self.folder))
        self.states = tuple(states)
        started = time.monotonic()
        self.put(0)
        self.build(made_site=False)
        self.put(1)
        self.build(made_site=False)
        self.seconds[False] = (time.monotonic() - started) / 2

    def put(self, number: int) -> None:
        """Makes docs/ what it is in one of the states."""
        for path, data in self.docs[number].items():
            target = self.folder / "docs" / path
            if target.read_bytes() != data:
                target.write_bytes(data)

    def begin(self, *, made_site: bool) -> subprocess.Popen[bytes]:
        """A build in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "build_tools", "build", *self.making_site * made_site],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def build(self, *, made_site: bool) -> None:
        """An ordinary build."""
        if self.begin(made_site=made_site).wait():
            raise click.ClickException(f"a build failed; {self.folder}")

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Looks meanwhile whether pages and site are there."""
        done = threading.Event()
        places = (self.folder / "build/docs/index.md", self.folder / "site/index.html")

        def look() -> None:
            while not done.wait(_SECONDS_BETWEEN_LOOKS):
                self.looks += 1
                self.missed += not all(place.exists() for place in places)

        watcher = threading.Thread(target=look)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()

    def kill(
        self, number: int, moment: float, *, made_site: bool, whole: bool, cold: bool
    ) -> Kill | None:
        """Kills a build of a state at a moment of its time, between 0 and 1; none if it ended."""
        self.put(number)
        if cold:
            shutil.rmtree(self.folder / ".cache")
        with self.looking():
            build = self.begin(made_site=made_site)
            with suppress(subprocess.TimeoutExpired):
                build.wait(moment * self.seconds[made_site])
            ended = build.poll() is not None
            if not ended:
                (os.killpg if whole else os.kill)(build.pid, signal.SIGKILL)
                build.wait()
            found = [self._name(tree, number, part) for part, tree in enumerate(trees(self.folder))]
            self.build(made_site=made_site)
        right = trees(self.folder)
        wanted = self.states[number]
        ok = right[0] == wanted[0] and (not made_site or right[1] == wanted[1])
        left = bool(litter_of_build(self.folder))
        if left:
            _wait_for_group(build.pid)
            self.build(made_site=made_site)
            ok = ok and not litter_of_build(self.folder)
        return None if ended else Kill(found[0], found[1], ok, left)

    def _name(self, tree: Mapping[str, bytes], number: int, part: int) -> str:
        if tree == self.states[number][part]:
            return "new"
        return "old" if tree == self.states[1 - number][part] else "broken"


def _wait_for_group(group: int) -> None:
    """Waits until no process lives on that a build had begun."""
    with suppress(ProcessLookupError):
        while True:
            os.killpg(group, 0)
            time.sleep(_SECONDS_BETWEEN_LOOKS)


def litter_of_build(folder: Path) -> list[str]:
    """The files that a build left beside its output."""
    return [path for path in litter(folder) if path not in ("theme", "mkdocs.yml")]


def _changed(docs: Mapping[str, bytes]) -> dict[str, bytes]:
    """The collection with another home page, another title and other entries."""
    changed = dict(docs)
    changed["index.md"] += b"\nOne more sentence.\n"
    edition = "transcripts/vivatech-2024.md"
    changed[edition] = changed[edition].replace(b"\ntitle: ", b"\ntitle: Once more, ", 1)
    for path in docs:
        if path.startswith("glossary/") and path != "glossary/index.md":
            changed[path] += b"\nThere is more to say.\n"
    return changed


@click.command()
@click.option("--kills", default=200, help="How many builds to kill.")
@click.option("--sites", default=60, help="How many of these builds make the site too.")
@click.option("--engine", "engine_name", default="mkdocs", help="What makes the site.")
@click.option("--seed", default=1, help="Of the moments.")
def measure(kills: int, sites: int, engine_name: str, seed: int) -> None:
    """Kills builds of the real collection at random moments."""
    chance = random.Random(seed)
    found: list[Kill] = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), engine_name)
        for state in itertools.cycle((0, 1)):
            number = len(found)
            if number == kills:
                break
            moment, made_site = chance.random(), number < sites
            kill = bench.kill(
                state, moment, made_site=made_site, whole=number % 4 < 2, cold=number % 8 < 4
            )
            if kill:
                found.append(kill)
                print(len(found), *kill, file=sys.stderr, flush=True)
    for field in ("pages", "site"):
        print(f"{field}: {dict(Counter(getattr(kill, field) for kill in found))}")
    wrong = sum(not kill.right_after for kill in found)
    print(f"next build wrong: {wrong}; files left: {sum(kill.left for kill in found)}")
    print(f"pages or site missing in {bench.missed} of {bench.looks:,} looks")
    sys.exit(any("broken" in kill[:2] for kill in found) or wrong or bench.missed)


if __name__ == "__main__":
    measure()
