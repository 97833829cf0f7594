"""What changed in each edition, by the Git repository of `docs/`, if it has its whole history."""

import os
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from pydantic import TypeAdapter

from build_tools.build.cache import Store, memo, step_key
from build_tools.model.edition import Change
from build_tools.text.characters import blank_misplaced
from build_tools.text.wording import one_line

Histories = Mapping[str, tuple[Change, ...]]
_HISTORIES: TypeAdapter[Histories] = TypeAdapter(Histories)
# The changes of an edition that are kept, the newest first.
_MOST_CHANGES = 50
_LOG = (
    *("log", "--no-show-signature", "--raw", "--no-abbrev", "--no-renames", "--diff-filter=AM"),
    *("--no-relative", "--encoding=UTF-8", "--date=short", "--format=%x00%ad %s"),
)


def read_histories(docs: Path, store: Store) -> Histories:
    """The changes of all editions by slug, the newest first; the log is read once for a commit."""
    # Pages do not depend on how a clone was made: a shallow one has no history.
    asked = ("rev-parse", "--is-shallow-repository", "--show-prefix", "HEAD")
    shallow, prefix, commit, *_ = [*_run_git(docs, *asked).split("\n"), "", "", ""]
    if shallow != "false" or not commit:
        return {}

    def read() -> Histories:
        return _parse_log(_run_git(docs, *_LOG, "--", "transcripts"), f"{prefix}transcripts")

    return memo(store, step_key("history", prefix, commit), _HISTORIES, read)


def _run_git(docs: Path, *arguments: str) -> str:
    """What Git prints, "" if it fails or is missing; it starts no program of the repository's."""
    command = ("git", "-c", "core.quotePath=false", "-c", "core.fsmonitor=false", *arguments)
    # In a hook, Git names its repository by variables, which may be another one.
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    with suppress(OSError, subprocess.CalledProcessError):
        done = subprocess.run(command, cwd=docs, env=own, capture_output=True, check=True)
        return done.stdout.decode(errors="replace")
    return ""


def _parse_log(log: str, folder: str) -> Histories:
    """Each commit has a line, and one for each file: modes, digests and a letter, tab, path."""
    found = defaultdict[str, list[Change]](list)
    for commit in log.split("\0")[1:]:
        heading, *files = commit.split("\n")
        day, _, subject = heading.partition(" ")
        for line in filter(None, files):
            facts, _, name = line.partition("\t")
            path = PurePosixPath(name)
            own = path.parent.as_posix() == folder and path.suffix == ".md"
            if own and len(found[path.stem]) < _MOST_CHANGES:
                change = Change(day, one_line(blank_misplaced(subject)), facts.split(" ")[3])
                found[path.stem].append(change)
    return {slug: tuple(changes) for slug, changes in found.items()}
