"""`sic mark`: makes plain edits of an edition into marks, each with a footnote to fill."""

from collections.abc import Sequence
from pathlib import Path

import click

from build_tools.authoring.mark import marking
from build_tools.build.output import write_file
from build_tools.build.site import read_docs
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.cli.check import absolute, locate
from build_tools.cli.printing import DOCS, EPILOG, many, ticking
from build_tools.model.edition import Edition
from build_tools.model.text import ProblemsFoundError, Text
from build_tools.reading.edition import parse_edition

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("mark", epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--review", type=_FILE, help="Write only this file, suggestions for a pull request.")
def command(paths: tuple[Path, ...], review: Path | None) -> None:
    """Make marks of the words that were changed in the editions PATHS as if in plain text.

    Each changed, added or dropped word gets a mark and a footnote whose reason is yours to write.
    Punctuation, capitals and paragraphs need nothing. An edition is a transcript that people edit.

    \b
    sic mark docs/transcripts/paris-2024.md
    sic mark docs/transcripts
    """  # noqa: D301 - click wants the sign itself
    with ticking(f"reading {DOCS}/"):
        tree = read_docs(DOCS)
        chosen = _chosen(paths, parse_corpus(tree, DOCS.name))
    if review:
        # The check reports edits that cannot be marked.
        able = [(edition.text, made) for edition, made in chosen]
        review.write_text(marking.render_review(able), encoding="utf-8")
        wanted = many(sum(len(made.marks) > 0 for _, made in able), "edition")
        click.echo(f"{review}: {wanted} to mark")
        return
    # All editions are marked before the first one is written.
    if problems := [problem for _, made in chosen for problem in made.problems]:
        raise ProblemsFoundError(problems)
    for edition, made in chosen:
        path = edition.text.path
        if made.marks:
            write_file(Path(path), marking.edit_bytes(tree[edition.path], made.edits))
        text = Text(path, made.text)
        marked = parse_edition(edition.slug, text).value
        empty = [note for note in marked.footnotes if not note.reason]
        marks = many(len(made.marks), "mark") if made.marks else "nothing to mark"
        click.echo(f"{path}: {marks}, {many(len(empty), 'footnote')} to fill")
        for note in empty:
            click.echo(f"    {text.place(note.offset)}: [^{note.label}]: {note.ground}: …")


def _chosen(paths: Sequence[Path], corpus: Corpus) -> list[tuple[Edition, marking.Marking]]:
    wanted = locate(paths)
    editions = [(absolute(one[0].text.path), one) for one in marking.mark_editions(corpus)]
    for path, whole in zip(paths, wanted, strict=True):
        if not any(edition.is_relative_to(whole) for edition, _ in editions):
            wrong = [one for one in corpus.problems if absolute(one.place.path) == whole]
            if wrong and path.parent.name == "transcripts":
                raise ProblemsFoundError(wrong)
            raise click.BadParameter(f"{path}: not an edition; those are in {DOCS}/transcripts/")
    return [pair for path, pair in editions if any(map(path.is_relative_to, wanted))]
