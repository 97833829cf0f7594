"""`sic mark`: makes plain edits of an edition into marks, each with a footnote to fill."""

from __future__ import annotations

import difflib
import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from build_tools.authoring.mark.marking import Marked, Marking, apply_edits, mark_editions
from build_tools.authoring.mark.review import render_review
from build_tools.build.output import write_file
from build_tools.build.plan import sort_problems
from build_tools.build.site import read_docs
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.cli.printing import DOCS, EPILOG, many, print_problems
from build_tools.model.edition import Edition
from build_tools.model.text import Edit, ProblemsFoundError, Text
from build_tools.reading.edition import parse_edition
from build_tools.reading.tree import Tree


@click.command("mark", epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show the diff, and write nothing.")
@click.option(
    "--review",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the marks to this file, as suggestions for a pull request, and nothing else.",
)
def command(paths: tuple[Path, ...], dry_run: bool, review: Path | None) -> None:
    """Make marks of the words that were changed in the editions PATHS as if in plain text.

    Each changed, added or dropped word gets a mark and a footnote whose reason is yours to write.
    Punctuation, capitals and paragraphs need nothing.
    """
    try:
        tree = read_docs(DOCS)
    except ProblemsFoundError as error:
        print_problems(error.problems)
        sys.exit(1)
    chosen = _chosen(paths, parse_corpus(tree, DOCS.name))
    try:
        if review:
            _write_review(review, chosen)
        else:
            _mark(chosen, tree, dry_run=dry_run)
    except OSError as error:
        click.echo(f"{error.filename or review}: cannot be written: {error.strerror}", err=True)
        sys.exit(1)


def _mark(chosen: Sequence[Marked], tree: Tree, *, dry_run: bool) -> None:
    """Writes the editions, unless one of them cannot be marked."""
    problems = [problem for marked in chosen for problem in marked.problems]
    if problems:
        print_problems(sorted(set(problems)))
        click.echo(f"{many(len(problems), 'problem')}; nothing was written", err=True)
        sys.exit(1)
    for marked in chosen:
        if marked.marking:
            _finish(marked.edition, marked.marking, tree, dry_run=dry_run)


def _chosen(paths: Sequence[Path], corpus: Corpus) -> list[Marked]:
    """The editions at the paths or below them."""
    wanted = [Path(os.path.abspath(path)) for path in paths]  # noqa: PTH100 - leaves links alone
    known = [Path(os.path.abspath(edition.text.path)) for edition, _ in corpus.editions]  # noqa: PTH100
    for path, whole in zip(paths, wanted, strict=True):
        if not path.exists():
            raise click.BadParameter(f"{path}: there is no such file or folder")
        if not any(edition.is_relative_to(whole) for edition in known):
            _refuse_unreadable(path, whole, corpus)
            raise click.BadParameter(f"{path}: not an edition; those are in {DOCS}/transcripts/")
    return [
        marked
        for marked, path in zip(mark_editions(corpus), known, strict=True)
        if any(path.is_relative_to(one) for one in wanted)
    ]


def _refuse_unreadable(path: Path, whole: Path, corpus: Corpus) -> None:
    """Ends the run if a file is an edition with unreadable front matter."""
    wrong = [
        problem
        for problem in sort_problems(corpus)
        if Path(os.path.abspath(problem.place.path)) == whole  # noqa: PTH100
    ]
    if wrong and path.parent.name == "transcripts":
        print_problems(wrong)
        click.echo(f"{many(len(wrong), 'problem')}; nothing was written", err=True)
        sys.exit(1)


def _finish(edition: Edition, marking: Marking, tree: Tree, *, dry_run: bool) -> None:
    path = edition.text.path
    if dry_run:
        _print_diff(edition.text, marking.text)
        return
    if marking.marks:
        write_file(Path(path), _written(tree[edition.path], marking.edits))
    text = Text(path, marking.text)
    marked = parse_edition(edition.slug, text).value
    empty = [note for note in marked.footnotes if not note.reason] if marked else []
    made = many(len(marking.marks), "mark") if marking.marks else "nothing to mark"
    click.echo(f"{path}: {made}, {many(len(empty), 'footnote')} to fill")
    for note in empty:
        click.echo(f"    {text.place(note.offset)}: [^{note.label}]: {note.kind.value}: …")


def _print_diff(text: Text, marked: str) -> None:
    before, after = text.content.split("\n"), marked.split("\n")
    diff = difflib.unified_diff(before, after, text.path, text.path, n=0, lineterm="")
    for line in diff:
        click.echo("".join(sign if sign.isprintable() else " " for sign in line))


_CHARACTER = re.compile(r"\r\n?|[^\r]", re.DOTALL)


def _written(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The file's bytes with the edits; line ends and the byte order mark stay."""
    content = data.decode("utf-8")
    start = int(content.startswith("\ufeff"))
    offsets = [match.start() for match in _CHARACTER.finditer(content, start)]
    offsets.append(len(content))
    line_end = "\r\n" if "\r\n" in content else "\n"
    moved = (
        Edit(offsets[edit.start], offsets[edit.end], edit.written.replace("\n", line_end))
        for edit in edits
    )
    return apply_edits(content, moved).encode()


def _write_review(review: Path, chosen: Iterable[Marked]) -> None:
    """Writes the possible marks; the check reports edits that cannot be marked."""
    edited = [(marked.edition.text, marked.marking.edits) for marked in chosen if marked.marking]
    review.write_text(render_review(edited), encoding="utf-8")
    click.echo(f"{review}: {many(sum(len(edits) > 0 for _, edits in edited), 'edition')} to mark")
