"""`sic suggest`: likely recognition errors that are not marked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from build_tools.authoring.mark.marking import apply_edits, edit_bytes
from build_tools.authoring.suggest import find_suggestions
from build_tools.authoring.suggest.marks import Suggestion, accept_suggestions, change_suggestion
from build_tools.build.output import write_file
from build_tools.build.site import read_docs
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.cli.printing import DOCS, EPILOG, fail, many, print_problems, printable
from build_tools.model.edition import Edition
from build_tools.model.text import Problem
from build_tools.model.transcript import Transcript
from build_tools.reading.tree import Tree
from build_tools.text.nearness import KnownNames
from build_tools.text.timecode import render_clock

_IN_JSON = (
    *("before", "heard", "after", "said", "kind", "grade", "why", "likelihood", "mark"),
    "footnote",
)
_ANSWERS = click.Choice(["y", "n", "e", "q"])


@click.command("suggest", epilog=EPILOG)
@click.argument("slug")
@click.option("--limit", default=50, show_default=True, help="How many to list, likeliest first.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects instead of text.")
@click.option(
    "--review", is_flag=True, help="Go through them one by one and write what you accept."
)
def command(slug: str, limit: int, as_json: bool, review: bool) -> None:
    """Likely recognition errors in the transcript SLUG that are not marked yet.

    Each has a place, the words around it, why it may be an error, how likely that is, and the mark
    to paste. Whether it is one only a person can tell.
    """
    if as_json and review:
        raise click.UsageError("--json prints, --review asks: choose one of them")
    tree = read_docs(DOCS)
    corpus = parse_corpus(tree, DOCS.name)
    transcript = _find_transcript(slug.removesuffix(".md"), tree, corpus)
    found = find_suggestions(transcript, corpus.entries, _passing(corpus))[: max(limit, 0)]
    if as_json:
        listed = [_as_object(suggestion) for suggestion in found]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
    elif review:
        review_of = _Review(transcript.edition, tree, corpus)
        review_of.ask(found)
        review_of.write()
    else:
        for suggestion in found:
            _print_suggestion(suggestion)
        click.echo(many(len(found), "suggestion"))


def _find_transcript(slug: str, tree: Tree, corpus: Corpus) -> Transcript:
    found = [transcript for transcript in _passing(corpus) if transcript.edition.slug == slug]
    if not found:
        path = f"transcripts/{slug}.md"
        if path in tree and slug != "index":
            print_problems(_problems_of(corpus, f"{DOCS}/{path}"))
            fail("put this right first: suggestions need an edition that passes the check")
        slugs = [transcript.edition.slug for transcript in corpus.transcripts]
        near = KnownNames(slugs).find_near(slug)
        hint = f"did you mean {near}?" if near else f"there are: {', '.join(slugs) or 'none'}"
        fail(f"there is no transcript “{printable(slug)}”\n    {hint}")
    return found[0]


def _passing(corpus: Corpus) -> tuple[Transcript, ...]:
    """The transcripts that pass the check; marks of others may lack a reason."""
    return tuple(
        transcript
        for transcript in corpus.transcripts
        if not _problems_of(corpus, transcript.edition.text.path)
    )


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
    click.echo(f"    … {printable(around)} …  ({suggestion.unit} {suggestion.line}{time})")
    click.echo(f"    was said: {printable(said or '')}")
    click.echo(f"    {printable(suggestion.mark)}")
    if suggestion.footnote:
        click.echo(f"    {printable(suggestion.footnote)}")
    click.echo()


def _as_object(suggestion: Suggestion) -> dict[str, object]:
    """A suggestion as `--json` prints it; `time` in seconds, `said` null if it is unknown."""
    place, time = suggestion.place, suggestion.time
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "source_line": suggestion.line,
        "time": None if time is None else time / 1000,
        **{name: getattr(suggestion, name) for name in _IN_JSON},
    }


class _Review:
    """Asks about suggestions one by one, and writes the accepted ones."""

    def __init__(self, edition: Edition, tree: Tree, corpus: Corpus) -> None:
        self.edition = edition
        self.tree = tree
        self.known = set(_problems_of(corpus, edition.text.path))
        self.accepted: list[Suggestion] = []

    def ask(self, found: Sequence[Suggestion]) -> None:
        """Asks until the last suggestion or an answer that ends it; keeps what was accepted."""
        click.echo("y: write it, n: no error (asked again next time), e: edit it, q: enough\n")
        for suggestion in found:
            _print_suggestion(suggestion)
            try:
                answer = click.prompt("write it?", type=_ANSWERS, default="n")
                if answer == "y":
                    self.accepted.append(suggestion)
                elif answer == "e":
                    self.accepted.append(self._edited(suggestion))
            except click.Abort:
                click.echo()
                return
            if answer == "q":
                return

    def write(self) -> None:
        """Writes the marks, unless the edition would no longer pass the check."""
        if not self.accepted:
            click.echo("nothing was changed")
            return
        path = Path(self.edition.text.path)
        if wrong := self._problems(self.accepted):
            print_problems(wrong)
            fail(f"{path} stays as it was: with these marks it would not pass")
        edits = accept_suggestions(self.edition, self.accepted)
        try:
            write_file(path, edit_bytes(self.tree[self.edition.path], edits))
        except OSError as error:
            fail(f"{path}: cannot be written: {error.strerror}; it stays as it was")
        click.echo(f"{path}: {many(len(self.accepted), 'mark')} written")

    def _edited(self, suggestion: Suggestion) -> Suggestion:
        """The suggestion as the user edits it; asks until the edition would pass the check."""
        while True:
            said = click.prompt("what was said", default=suggestion.said or suggestion.heard)
            reason = click.prompt("why", default=suggestion.why)
            edited = change_suggestion(suggestion, said, reason)
            wrong = self._problems([edited])
            if not wrong:
                return edited
            print_problems(wrong)

    def _problems(self, accepted: Sequence[Suggestion]) -> list[Problem]:
        """The problems that the accepted suggestions would add to the edition."""
        edits = accept_suggestions(self.edition, accepted)
        content = apply_edits(self.edition.text.content, edits).encode()
        changed = parse_corpus({**self.tree, self.edition.path: content}, DOCS.name)
        return sorted(set(_problems_of(changed, self.edition.text.path)) - self.known)
