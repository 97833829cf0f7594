"""`sic mark`: makes plain edits of an edition into marks, each with a footnote to fill."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

import click

from build_tools.authoring.mark.marking import (
    Marked,
    Marking,
    edit_bytes,
    mark_editions,
    render_review,
)
from build_tools.build.output import write_file
from build_tools.build.plan import sort_problems
from build_tools.build.site import read_docs
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.cli.check import absolute, locate
from build_tools.cli.printing import (
    DOCS,
    EPILOG,
    fail,
    many,
    print_problems,
    reporting_write_errors,
)
from build_tools.model.edition import Edition
from build_tools.model.text import Problem, Text
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
    tree = read_docs(DOCS)
    chosen = _chosen(paths, parse_corpus(tree, DOCS.name))
    with reporting_write_errors(review or DOCS):
        if review:
            _write_review(review, chosen)
            return
        # All editions are marked before the first one is written.
        if problems := [problem for marked in chosen for problem in marked.problems]:
            _refuse(problems)
        for marked in chosen:
            if marked.marking:
                _finish(marked.edition, marked.marking, tree, dry_run=dry_run)


def _chosen(paths: Sequence[Path], corpus: Corpus) -> list[Marked]:
    """The editions at the paths or below them."""
    wanted = locate(paths)
    known = [absolute(edition.text.path) for edition, _ in corpus.editions]
    for path, whole in zip(paths, wanted, strict=True):
        if not any(edition.is_relative_to(whole) for edition in known):
            wrong = [one for one in sort_problems(corpus) if absolute(one.place.path) == whole]
            if wrong and path.parent.name == "transcripts":
                _refuse(wrong)
            raise click.BadParameter(f"{path}: not an edition; those are in {DOCS}/transcripts/")
    return [
        marked
        for marked, path in zip(mark_editions(corpus), known, strict=True)
        if any(path.is_relative_to(one) for one in wanted)
    ]


def _refuse(problems: Sequence[Problem]) -> NoReturn:
    print_problems(sorted(set(problems)))
    fail(f"{many(len(problems), 'problem')}; nothing was written")


def _finish(edition: Edition, marking: Marking, tree: Tree, *, dry_run: bool) -> None:
    path = edition.text.path
    if dry_run:
        _print_diff(edition.text, marking.text)
        return
    if marking.marks:
        write_file(Path(path), edit_bytes(tree[edition.path], marking.edits))
    text = Text(path, marking.text)
    marked = parse_edition(edition.slug, text).value
    empty = [note for note in marked.footnotes if not note.reason] if marked else []
    made = many(len(marking.marks), "mark") if marking.marks else "nothing to mark"
    click.echo(f"{path}: {made}, {many(len(empty), 'footnote')} to fill")
    for note in empty:
        click.echo(f"    {text.place(note.offset)}: [^{note.label}]: {note.kind.value}: …")


def _print_diff(text: Text, marked: str) -> None:
    before, after = text.content.split("\n"), marked.split("\n")
    for line in difflib.unified_diff(before, after, text.path, text.path, n=0, lineterm=""):
        click.echo("".join(sign if sign.isprintable() else " " for sign in line))


def _write_review(review: Path, chosen: Iterable[Marked]) -> None:
    """Writes the possible marks; the check reports edits that cannot be marked."""
    edited = [(marked.edition.text, marked.marking.edits) for marked in chosen if marked.marking]
    review.write_text(render_review(edited), encoding="utf-8")
    click.echo(f"{review}: {many(sum(len(edits) > 0 for _, edits in edited), 'edition')} to mark")
