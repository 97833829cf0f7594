"""Migrates a collection to the format that this program reads."""

import re
from collections.abc import Callable
from typing import NamedTuple

from build_tools.model.site import FORMAT
from build_tools.model.text import Place, Problem, ProblemsFoundError
from build_tools.reading.home import HOME, read_format
from build_tools.reading.tree import Tree

_HEAD = re.compile(r"\A(?:\ufeff)?---[ \t]*\r?\n")
_STATED = re.compile(r"^format:.*\n", re.MULTILINE)


class Upgrade(NamedTuple):
    """The files that a migration changes, by their path below docs/, and what it did."""

    files: dict[str, bytes]
    done: tuple[str, ...]


# The migration from each format to the next; a tree that states none is of format 1.
_STEPS: dict[int, Callable[[Tree], Upgrade]] = {}


def plan_upgrade(tree: Tree) -> Upgrade:
    """All migrations that a tree needs, in order, and the statement of the new format."""
    stated = read_format(tree)
    if stated > FORMAT:
        what = f"the collection is of format {stated}, and this Sic knows formats up to {FORMAT}"
        raise ProblemsFoundError([Problem(Place(f"docs/{HOME}", 1), what, "install a newer Sic")])
    changed: dict[str, bytes] = {}
    done: list[str] = []
    for number in range(stated or 1, FORMAT):
        step = _STEPS[number]({**tree, **changed})
        changed |= step.files
        done += step.done
    if stated != FORMAT:
        home = ({**tree, **changed}).get(HOME, b"# Home\n").decode()
        changed[HOME] = _state(home).encode()
        done.append(f"docs/{HOME} states format: {FORMAT}")
    return Upgrade(changed, tuple(done))


def _state(home: str) -> str:
    """The home page with the format in its front matter."""
    head = _HEAD.match(home)
    if not head:
        return f"---\nformat: {FORMAT}\n---\n{home}"
    rest = home[head.end() :]
    if read_format({HOME: home.encode()}):
        rest = _STATED.sub("", rest, count=1)
    return f"{head[0]}format: {FORMAT}\n{rest}"
