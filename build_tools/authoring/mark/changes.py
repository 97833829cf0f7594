"""What a pull request changes: a report for its reviewers, and a problem for each changed source.

`.github/workflows/check.yml` runs the copy of the base, so a pull request cannot change its own
report. The module imports the standard library alone.
"""

import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

_SOURCES = "docs/sources/"
_SUMS = _SOURCES + "SHA256SUMS"
# GitHub shows a summary of 1 MiB at most.
_MOST_SHOWN = 300_000
_ATTRIBUTES = "(glob)**/.gitattributes"
_PARTS = (
    ("Sources and attributes that change", ("--diff-filter=a",), (_SOURCES, f":{_ATTRIBUTES}")),
    ("New attributes", ("--diff-filter=A",), (f":{_ATTRIBUTES}",)),
    ("Everything else in docs/", (), ("docs", f":!{_SOURCES}", ":(exclude,glob)**/.gitattributes")),
)
_PREVIEW = (
    "The preview among the artifacts is made by the code of this pull request, which may be a "
    "stranger's: open it as you would open a download from a stranger.\n"
)
# Letters and marks that show nothing; so do characters of the categories C and Z.
_BLANK_LETTERS = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0}
_BLANK_LETTERS.update(range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


def main() -> None:
    """Writes the report, and ends with status 1 if a source was changed."""
    base = _git("merge-base", sys.argv[1], "HEAD").strip()
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as summary:
        summary.write("".join(render_report(base)))
    problems = list(find_problems(base, may_remove=os.environ.get("MAY_REMOVE") == "true"))
    for path, what in problems:
        print(f"::error file={path},line=1::{what}")
    sys.exit(bool(problems))


def render_report(base: str) -> Iterator[str]:
    """The words that changed since a commit, as blocks of code; the sources come first."""
    yield f"## What changes, word by word\n\n{_PREVIEW}\n[-taken out-] and {{+put in+}}:\n"
    added = [path for path, status in _list_changes(base).items() if status == "A"]
    yield f"\n### Sources that are new\n\n{_indent(chr(10).join(added) or 'none')}"
    for title, options, paths in _PARTS:
        command = ("--unified=0", "--word-diff=plain", *options, base, "HEAD", "--", *paths)
        shown = _indent(show_invisible(_diff("--no-color", *command)) or "nothing")
        yield f"\n### {title}\n\n{shown[:_MOST_SHOWN]}\n"
        if len(shown) > _MOST_SHOWN:
            left = len(shown) - _MOST_SHOWN
            yield f"\n**Cut here: {left:,} of {len(shown):,} characters are not shown.**\n"


def find_problems(base: str, *, may_remove: bool) -> Iterator[tuple[str, str]]:
    """Each source that is not new, by its path, and each line taken out of SHA256SUMS."""
    removed = set()
    for path, status in _list_changes(base).items():
        if status == "D" and may_remove:
            removed.add(path.removeprefix(_SOURCES))
        elif status != "A" and path != _SUMS:
            what = "removed" if status == "D" else "changed"
            yield path, f"a source was {what}: put it back; another source takes a name of its own"
    sums = (_git("show", f"{commit}:{_SUMS}", check=False) for commit in (base, "HEAD"))
    before, after = (set(text.splitlines()) for text in sums)
    for line in sorted(before - after):
        if line[66:] not in removed:
            yield _SUMS, f"a line was changed or taken out: put it back: {show_invisible(line)}"


def show_invisible(text: str) -> str:
    r"""The text with the number of each character that shows nothing.

    >>> show_invisible("the\u200brapist")
    'the⟨U+200B⟩rapist'
    """
    unseen = {
        sign
        for sign in set(text) - set(" \n\t")
        if unicodedata.category(sign)[0] in "CZ" or ord(sign) in _BLANK_LETTERS
    }
    return text.translate({ord(sign): f"⟨U+{ord(sign):04X}⟩" for sign in unseen})


def _indent(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.split("\n"))


def _list_changes(base: str) -> Mapping[str, str]:
    """How each source changed: A for new, D for removed, M or T for changed."""
    fields = _diff("--name-status", "-z", base, "HEAD", "--", _SOURCES).split("\0")
    return dict(zip(map(show_invisible, fields[1::2]), fields[::2], strict=False))


def _diff(*arguments: str) -> str:
    """A diff; neither attributes nor configuration can hide a change from it."""
    return _git("diff", "--text", "--no-ext-diff", "--no-textconv", "--no-renames", *arguments)


def _git(*arguments: str, check: bool = True) -> str:
    done = subprocess.run(["git", *arguments], stdout=subprocess.PIPE, check=check)
    return done.stdout.decode("utf-8", "backslashreplace")


if __name__ == "__main__":
    main()
