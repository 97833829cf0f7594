"""What changed in each edition, from the Git repository in which `docs/` stands, if in one.

A clone without its whole history has none, so that pages do not depend on how it was made.
"""

import os
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from pydantic import TypeAdapter

from build_tools.build.cache import Store, memo_bytes, step_key
from build_tools.model.edition import Change
from build_tools.text.characters import blank_misplaced
from build_tools.text.wording import one_line

Histories = Mapping[str, tuple[Change, ...]]
_HISTORIES: TypeAdapter[dict[str, tuple[Change, ...]]] = TypeAdapter(dict[str, tuple[Change, ...]])
_NONE = b"{}"
# The changes of an edition that are kept, the newest first.
_MOST_CHANGES = 50
_LOG = (
    *("log", "--no-show-signature", "--raw", "--no-abbrev", "--no-renames", "--diff-filter=AM"),
    *("--no-relative", "--encoding=UTF-8", "--date=short", "--format=%x00%ad %s"),
)


def read_histories(docs: Path, store: Store) -> bytes:
    """The changes of all editions by slug, as JSON: one process asks for the commit.

    A second one reads the log of all editions if that commit is new.
    """
    asked = ("rev-parse", "--is-shallow-repository", "--show-prefix", "HEAD")
    shallow, prefix, commit, *_ = [*_run_git(docs, *asked).split("\n"), "", "", ""]
    if shallow != "false" or not commit:
        return _NONE

    def read() -> bytes:
        log = _run_git(docs, *_LOG, "--", "transcripts")
        return _HISTORIES.dump_json(_parse_log(log, f"{prefix}transcripts"))

    return memo_bytes(store, step_key("history", prefix, commit), read)


def parse_histories(read: bytes) -> Histories:
    """The changes of all editions by slug, the newest first."""
    return _HISTORIES.validate_json(read)


def _run_git(docs: Path, *arguments: str) -> str:
    """What Git prints, "" if it fails or is missing; it starts no program of the repository's."""
    command = ("git", "-c", "core.quotePath=false", "-c", "core.fsmonitor=false", *arguments)
    # In a hook, Git names its repository by variables, which may be another one.
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(command, cwd=docs, env=own, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.decode(errors="replace")


def _parse_log(log: str, folder: str) -> dict[str, tuple[Change, ...]]:
    found = defaultdict[str, list[Change]](list)
    for commit in log.split("\0")[1:]:
        heading, _, files = commit.partition("\n")
        day, _, subject = heading.partition(" ")
        subject = one_line(blank_misplaced(subject))
        for slug, digest in _list_editions(files, folder):
            if len(found[slug]) < _MOST_CHANGES:
                found[slug].append(Change(day, subject, digest))
    return {slug: tuple(changes) for slug, changes in found.items()}


def _list_editions(files: str, folder: str) -> Iterator[tuple[str, str]]:
    """The slug and the new digest of each edition, by lines: modes, digests, a letter, a path."""
    for line in filter(None, files.split("\n")):
        facts, _, path = line.partition("\t")
        pure = PurePosixPath(path)
        if pure.parent.as_posix() == folder and pure.suffix == ".md":
            yield pure.stem, facts.split(" ")[3]
