"""Takes another recogniser's file of a talk in as a witness of its edition."""

from string import ascii_uppercase

from build_tools.authoring.import_.draft import Head, render_head
from build_tools.authoring.import_.intake import Intake, Request, plan_intake, problem
from build_tools.authoring.mark.marking import edit_bytes
from build_tools.checks.edition import check_witnesses
from build_tools.model.edition import BASE
from build_tools.model.text import Edit, Problem, ProblemsFoundError
from build_tools.reading.sums import SUMS
from build_tools.reading.tree import Tree, read_edition

# Nothing of the first edition of a witness is kept but how to read its file.
_ANY_DAY = "2000-01-01"


def plan_witness(request: Request, engine: str, tree: Tree) -> tuple[Intake, tuple[Problem, ...]]:
    """A witness, with the edition that names it and the parts that it lacks; and warnings.

    The slug of the request is that of the edition. Raises ProblemsFoundError if there is none, or
    if the file is not of the same talk.
    """
    slug, path = request.slug, f"transcripts/{request.slug}.md"
    sourced = read_edition(slug, tree, "docs").value if path in tree else None
    if not sourced:
        raise problem(request.name, f"there is no edition {slug}", "write --witness SLUG FILE")
    edition = sourced.edition
    letter = next((one for one in ascii_uppercase if one not in {BASE, *edition.witnesses}), "?")
    own = request._replace(slug=f"{slug}-{letter.lower()}", date=_ANY_DAY, lang=edition.lang)
    intake = plan_intake(own)
    told = {**intake.source, "engine": engine, "date": request.date}
    block: Head = {"witnesses": {letter: {name: value for name, value in told.items() if value}}}
    lines = [f"{line}\n" for line in render_head(block)]
    written = "".join(lines[bool(edition.witnesses) :])
    # The next witness belongs behind the others, or at the end of the front matter.
    end = edition.text.content.index("\n---", 1) + 1
    begin = edition.offsets[("witnesses",)] if edition.witnesses else end
    behind = (at for keys, at in edition.offsets.items() if len(keys) == 1 and at > begin)
    at = min(behind, default=end)
    files = {name: data for name, data in intake.files.items() if name != intake.edition}
    files[path] = edit_bytes(tree[path], [Edit(at, at, written)])
    # The new source is not sealed yet.
    unsealed = {name: data for name, data in {**tree, **files}.items() if name != SUMS}
    changed, problems = read_edition(slug, unsealed, "docs")
    if not changed or not changed.source or letter not in changed.edition.witnesses:
        remedy = f"write it yourself under witnesses:\n{''.join(lines[1:]).rstrip()}"
        raise problem(request.name, f"{path} has its witnesses in another shape", remedy)
    found = (*problems, *check_witnesses(changed))
    if wrong := [one for one in found if not one.warning]:
        raise ProblemsFoundError(wrong)
    source, number = changed.source, list(changed.witnesses).index(letter)
    missing = (
        f"{end - first} words from {source.unit} {source.cue_at(first).line} on"
        for first, end in changed.collation.find_missing(number)
    )
    account = {**intake.account, "edition": path, "witness": letter, "lacks": list(missing)}
    return intake._replace(files=files, edition=path, account=account), found
