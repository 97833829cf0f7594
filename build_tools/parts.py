"""A part of a collection: what one of several machines builds of a site too large for one.

Whose a file is follows from its path alone, so that no machine has to ask another: a transcript,
its downloads and its lists keep together, and where something is added nothing else moves.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

# What means something in a pattern of files.
_SPECIAL = re.compile(r"[^\w/.-]")


class Part(NamedTuple):
    """One of the parts of a collection, counted from 1."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def owns(self, path: str) -> bool:
        """Whether a file of docs/ or of the site belongs to this part.

        What pages are shown with belongs to each.
        """
        if path.startswith("assets/"):
            return True
        return zlib.crc32(_group(path).encode()) % self.of == self.number - 1


# The only part of one, which is the whole collection.
WHOLE = Part(1, 1)


def parse_part(text: str) -> Part:
    """The part that `3/16` names; raises ValueError for anything else."""
    number, sign, of = text.partition("/")
    if not (sign and number.isdecimal() and of.isdecimal() and 0 < int(number) <= int(of)):
        raise ValueError(f"{text!r} is no part: write 3/16 for the third of sixteen")
    return Part(int(number), int(of))


class FilesOfPart(Mapping[str, bytes]):
    """Files of which those of other parts are there by name, and empty."""

    def __init__(self, files: Mapping[str, bytes], part: Part) -> None:
        self._files = files
        self._part = part

    def __getitem__(self, path: str) -> bytes:
        theirs = path in self._files and not self._part.owns(path)
        return b"" if theirs else self._files[path]

    def __contains__(self, path: object) -> bool:
        return path in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def list_exclusions(part: Part, paths: Iterable[str]) -> str:
    """What MkDocs is to leave out of the site, as `exclude_docs` says it.

    Pages that it leaves out have their addresses all the same, and can be linked to.
    """
    # What stands at the top is no group: what is below `corrections.md` belongs to others too.
    groups = {_group(path) if "/" in path else path for path in paths if part.owns(path)}
    # Files of a theme are left out or not by the same patterns.
    own = [line for group in sorted(groups) for line in _include(group)]
    return "\n".join(("*", "!/assets/**", *own, ""))


def _include(group: str) -> Iterator[str]:
    name = _SPECIAL.sub(r"\\\g<0>", group)
    yield f"!/{name}"
    if "/" in group:
        yield from (f"!/{name}.md", f"!/{name}/**")


def _group(path: str) -> str:
    """`transcripts/x` for `transcripts/x.md` and for all that is in `transcripts/x/`."""
    return "/".join(path.split("/")[:2]).removesuffix(".md")
