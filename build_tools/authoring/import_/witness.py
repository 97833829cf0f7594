"""Takes another recogniser's file of a talk in as a witness of its edition."""

from collections.abc import Iterator
from itertools import takewhile
from string import ascii_uppercase
from typing import NamedTuple

from build_tools.authoring.import_.draft import quote_yaml
from build_tools.authoring.import_.intake import Intake, Request, plan_intake
from build_tools.authoring.mark.marking import edit_bytes
from build_tools.checks.sources import check_witnesses
from build_tools.model.edition import BASE, Edition
from build_tools.model.text import Edit, Place, Problem, ProblemsFoundError
from build_tools.reading.sums import FOLDER, SUMS
from build_tools.reading.tree import SourcedEdition, Tree, read_edition

# Nothing of the first edition of a witness is kept but how to read its file.
_ANY_DAY = "2000-01-01"


class WitnessPlan(NamedTuple):
    """The account of a file, its letter, the parts that it lacks, files to write, and warnings."""

    intake: Intake
    letter: str
    missing: tuple[str, ...]
    files: Tree
    warnings: tuple[Problem, ...]


def plan_witness(request: Request, engine: str, tree: Tree) -> WitnessPlan:
    """The new source, and the edition that names it as a witness.

    The slug of the request is that of the edition. Raises ProblemsFoundError if there is none, or
    if the file is not of the same talk.
    """
    slug, path = request.slug, f"transcripts/{request.slug}.md"
    sourced = read_edition(slug, tree, "docs").value if path in tree else None
    if not sourced:
        raise _problem(request, f"there is no edition {slug}", "write --witness SLUG FILE")
    edition = sourced.edition
    taken = [one.file for one in edition.sources.values()]
    if twice := [name for name in taken if tree.get(FOLDER + name) == request.data]:
        raise _problem(request, f"it is {twice[0]} already", "take in another recogniser's file")
    letter = next((one for one in ascii_uppercase if one not in {BASE, *edition.witnesses}), "")
    if not letter:
        raise _problem(request, "each letter from B to Z has its witness", "take one of them out")
    own = request._replace(slug=f"{slug}-{letter.lower()}", date=_ANY_DAY, lang=edition.lang)
    intake = plan_intake(own)
    written = _render_witness(intake.files[intake.edition].decode(), letter, engine, request.date)
    at = _find_end(edition)
    block = f"witnesses:\n{written}" if not edition.witnesses else written
    files = {name: data for name, data in intake.files.items() if name != intake.edition}
    files[path] = edit_bytes(tree[path], [Edit(at, at, block)])
    # The new source is not sealed yet.
    unsealed = {name: data for name, data in {**tree, **files}.items() if name != SUMS}
    changed, problems = read_edition(slug, unsealed, "docs")
    if not changed or letter not in changed.edition.witnesses:
        remedy = f"write it yourself under witnesses:\n{written.rstrip()}"
        raise _problem(request, f"{path} has its witnesses in another shape", remedy)
    found = [*problems, *check_witnesses(changed)]
    if wrong := [one for one in found if not one.warning]:
        raise ProblemsFoundError(wrong)
    return WitnessPlan(intake, letter, tuple(_list_missing(changed, letter)), files, tuple(found))


def _list_missing(sourced: SourcedEdition, letter: str) -> Iterator[str]:
    """The parts of the source that a witness lacks."""
    number = list(sourced.witnesses).index(letter)
    for first, end in sourced.collation.find_missing(number):
        if source := sourced.source:
            yield f"{end - first} words from {source.unit} {source.cue_at(first).line} on"


def _render_witness(draft: str, letter: str, engine: str, day: str) -> str:
    """The lines of a witness in front matter, by those of the source in its first edition."""
    lines = draft.split("\n")
    below = lines[lines.index("source:") + 1 :]
    own = [f"  {line}" for line in takewhile(lambda line: line.startswith("  "), below)]
    told = {"engine": engine, "date": day}
    own += [f"    {key}: {quote_yaml(value)}" for key, value in told.items() if value]
    return "\n".join([f"  {letter}:", *own, ""])


def _find_end(edition: Edition) -> int:
    """Where the next witness belongs: behind the others, or at the end of the front matter."""
    end = edition.text.content.index("\n---", 1) + 1
    if not edition.witnesses:
        return end
    begin = edition.offsets[("witnesses",)]
    behind = (at for path, at in edition.offsets.items() if len(path) == 1 and at > begin)
    return min(behind, default=end)


def _problem(request: Request, what: str, remedy: str) -> ProblemsFoundError:
    return ProblemsFoundError([Problem(Place(request.name, 1), what, remedy)])
