"""The digests that no source may differ from, in the format of `sha256sum --check`."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from build_tools.model.text import Place, Problem

FOLDER = "sources/"
SUMS = FOLDER + "SHA256SUMS"
_LINE = re.compile(r"(?P<digest>[0-9a-f]{64}) [ *](?P<name>\S.*)")
_PUT_BACK = "put back the file that was imported; import another one under a name of its own"


def render_sum(digest: str, name: str) -> str:
    """The line of a source, with its line end."""
    return f"{digest}  {name}\n"


def select_sums(sums: Mapping[str, str], paths: Iterable[str]) -> bytes:
    """The lines of some sources, in their order."""
    names = (path.removeprefix(FOLDER) for path in paths)
    return "".join(render_sum(sums[name], name) for name in names if name in sums).encode()


@lru_cache(maxsize=2)
def parse_sums(data: bytes) -> Mapping[str, str]:
    """The digests by the names of sources; the first of two lines for a name counts."""
    matches = [match for line in _split(data) if (match := _LINE.fullmatch(line))]
    return MappingProxyType({match["name"]: match["digest"] for match in reversed(matches)})


def check_sums(
    files: Mapping[str, bytes], digest_of: Callable[[str], str], root: str
) -> Iterator[Problem]:
    """Yield a problem for each source that is missing, changed or not listed, if any is listed."""
    if SUMS not in files:
        return
    lines, listed = _split(files[SUMS]), set[str]()
    for number, line in enumerate(lines, 1):
        match, place = _LINE.fullmatch(line), Place(f"{root}/{SUMS}", number)
        name = match["name"] if match else ""
        # A line that begins with # is a comment for sha256sum too.
        if not match and not line.startswith("#"):
            remedy = "write a digest, two blanks and a file's name"
            yield Problem(place, "this is no line of sha256sum", remedy)
        elif match and name in listed:
            yield Problem(place, f"“{name}” is listed twice", "take one of the two lines out")
        elif match and FOLDER + name not in files:
            yield Problem(place, f"the source “{name}” is not there", _PUT_BACK)
        elif match and digest_of(FOLDER + name) != match["digest"]:
            yield Problem(place, f"the source “{name}” was changed", _PUT_BACK)
        listed.add(name)
    for path in sorted(files):
        name = path.removeprefix(FOLDER)
        if path.startswith(FOLDER) and path != SUMS and name not in listed:
            place = Place(f"{root}/{SUMS}", len(lines) + 1)
            remedy = f"add a line: {render_sum(digest_of(path), name).rstrip()}"
            yield Problem(place, f"the source “{name}” is not listed", remedy)


def _split(data: bytes) -> list[str]:
    lines = data.decode("utf-8", "replace").split("\n")
    return lines[:-1] if not lines[-1] else lines
