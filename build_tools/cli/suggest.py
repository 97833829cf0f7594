"""`sic suggest`: likely recognition errors that nobody has marked yet."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rapidfuzz import process

from build_tools.cli.printing import DOCS, EPILOG, many, print_problems, printable
from build_tools.corpus import Corpus, Tree, parse_corpus
from build_tools.model import Edition, Problem, ProblemsFoundError, Suggestion, Transcript
from build_tools.site import read_docs
from build_tools.suggest import suggest as find_suggestions
from build_tools.suggest.marks import accept_suggestions, escape_markup, render_mark
from build_tools.timecode import render_clock

_ANSWERS = click.Choice(["y", "n", "e", "q"])


@click.command(epilog=EPILOG)
@click.argument("slug")
@click.option("--limit", default=50, show_default=True, help="So many, the likeliest first.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects instead of text.")
@click.option(
    "--review", is_flag=True, help="Go through them one by one and write what you accept."
)
def suggest(slug: str, limit: int, as_json: bool, review: bool) -> None:
    """Likely recognition errors in the transcript SLUG that nobody has marked yet.

    Each has a place, the words around it, why it may be an error, how likely that is, and the mark
    to paste. Whether it is one only a person can tell.
    """
    if as_json and review:
        raise click.UsageError("--json prints, --review asks: choose one of them")
    tree, corpus = _read()
    transcript = _find_transcript(slug.removesuffix(".md"), tree, corpus)
    found = find_suggestions(transcript, corpus.entries, corpus.transcripts)[: max(limit, 0)]
    if as_json:
        listed = [_as_object(suggestion) for suggestion in found]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
    elif review:
        _review(transcript.edition, found, tree, corpus)
    else:
        for suggestion in found:
            _print_suggestion(suggestion)
        click.echo(many(len(found), "suggestion"))


def _read() -> tuple[Tree, Corpus]:
    try:
        tree = read_docs(DOCS)
    except ProblemsFoundError as error:
        print_problems(error.problems)
        sys.exit(1)
    return tree, parse_corpus(tree, DOCS.name)


def _find_transcript(slug: str, tree: Tree, corpus: Corpus) -> Transcript:
    for transcript in corpus.transcripts:
        if transcript.edition.slug == slug:
            return transcript
    path = f"transcripts/{slug}.md"
    if path in tree and slug != "index":
        print_problems(_problems_of(corpus, f"{DOCS}/{path}"))
        click.echo(
            "put this right first: suggestions need an edition that passes the check", err=True
        )
    else:
        slugs = [transcript.edition.slug for transcript in corpus.transcripts]
        near = process.extractOne(slug, slugs, score_cutoff=60)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(slugs) or 'none'}"
        click.echo(f"there is no transcript “{printable(slug)}”\n    {hint}", err=True)
    sys.exit(1)


def _problems_of(corpus: Corpus, path: str) -> list[Problem]:
    return [
        problem
        for problem in sorted(set(corpus.problems))
        if problem.place.path == path and not problem.warning
    ]


def _print_suggestion(suggestion: Suggestion) -> None:
    time = "" if suggestion.time is None else f", {render_clock(suggestion.time)}"
    heard = f"[{suggestion.heard}]" if suggestion.heard else "[ ]"
    around = f"{suggestion.before} {heard} {suggestion.after}"
    said = {None: "?", "": "nothing"}.get(suggestion.said, suggestion.said)
    click.echo(f"{suggestion.place}: {suggestion.likelihood:.0%} {printable(suggestion.why)}")
    click.echo(f"    … {printable(around)} …  (line {suggestion.line}{time})")
    click.echo(f"    was said: {printable(said or '')}")
    click.echo(f"    {printable(suggestion.mark)}")
    if suggestion.footnote:
        click.echo(f"    {printable(suggestion.footnote)}")
    click.echo()


def _as_object(suggestion: Suggestion) -> dict[str, object]:
    """What `--json` prints of a suggestion; `time` in seconds, `said` null where it is open."""
    return {
        "path": suggestion.place.path,
        "line": suggestion.place.line,
        "column": suggestion.place.column,
        "source_line": suggestion.line,
        "time": None if suggestion.time is None else suggestion.time / 1000,
        "before": suggestion.before,
        "heard": suggestion.heard,
        "after": suggestion.after,
        "said": suggestion.said,
        "kind": suggestion.kind.value,
        "grade": suggestion.grade,
        "why": suggestion.why,
        "likelihood": suggestion.likelihood,
        "mark": suggestion.mark,
        "footnote": suggestion.footnote,
    }


def _review(edition: Edition, found: Sequence[Suggestion], tree: Tree, corpus: Corpus) -> None:
    """Asks about each suggestion, and writes what was accepted, also when the asking breaks off."""
    click.echo("y: write it, n: not an error (asked again next time), e: edit it, q: enough\n")
    accepted: list[Suggestion] = []
    try:
        for suggestion in found:
            _print_suggestion(suggestion)
            answer = click.prompt("write it?", type=_ANSWERS, default="n")
            if answer == "q":
                break
            if answer != "n":
                accepted.append(_edited(suggestion) if answer == "e" else suggestion)
    except click.Abort:
        click.echo()
    _write(edition, accepted, tree, corpus)


def _edited(suggestion: Suggestion) -> Suggestion:
    """The suggestion with what the person types for what was said, and for the reason."""
    said = click.prompt(
        "what was said (nothing to take the words out)", default=suggestion.said or ""
    )
    reason = click.prompt("why", default=suggestion.why)
    label = f"{suggestion.place.line}-{suggestion.place.column}"
    footnote = f"[^{label}]: {suggestion.kind.value}: {escape_markup(reason)}"
    return suggestion._replace(
        said=said, mark=render_mark(suggestion.heard, said, label, ""), footnote=footnote
    )


def _write(edition: Edition, accepted: Sequence[Suggestion], tree: Tree, corpus: Corpus) -> None:
    """Puts the marks into the edition, unless it would no longer pass the check."""
    if not accepted:
        click.echo("nothing was changed")
        return
    content = accept_suggestions(edition, accepted)
    changed = parse_corpus({**tree, edition.path: content.encode()}, DOCS.name)
    path = Path(edition.text.path)
    wrong = set(_problems_of(changed, str(path))) - set(_problems_of(corpus, str(path)))
    if wrong:
        print_problems(sorted(wrong))
        click.echo(f"{path} stays as it was: with these marks it would not pass", err=True)
        sys.exit(1)
    staged = path.with_name(f".{path.name}.new")
    staged.write_bytes(content.encode())
    os.replace(staged, path)  # noqa: PTH105 - the old file or the new one, never a half
    click.echo(f"{path}: {many(len(accepted), 'mark')} written")
