"""`sic suggest`: likely recognition errors that are not marked."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from build_tools.authoring.mark.marking import apply_edits, edit_bytes
from build_tools.authoring.suggest import find_suggestions
from build_tools.authoring.suggest.marks import Suggestion, accept_suggestions, change_suggestion
from build_tools.build.output import write_file
from build_tools.build.plan import sort_problems
from build_tools.build.site import read_docs
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.cli.printing import DOCS, EPILOG, fail, many, print_problems, printable
from build_tools.model.edition import Edition
from build_tools.model.text import Problem
from build_tools.model.transcript import Transcript
from build_tools.reading.tree import Tree
from build_tools.text.nearness import KnownNames
from build_tools.text.timecode import render_clock

_WORDS = ("before", "heard", "after", "said")
_IN_JSON = (*_WORDS, "kind", "grade", "why", "likelihood", "mark", "footnote")
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
    to paste. Whether it is one only a person can tell. SLUG is the file's name without .md.

    \b
    sic suggest paris-2024
    sic suggest paris-2024 --review
    """  # noqa: D301 - click wants the sign itself
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
        _Review(transcript.edition, tree, corpus).run(found)
    else:
        for suggestion in found:
            _print_suggestion(suggestion)
        click.echo(many(len(found), "suggestion"))


def _find_transcript(slug: str, tree: Tree, corpus: Corpus) -> Transcript:
    passing = {transcript.edition.slug: transcript for transcript in _passing(corpus)}
    path = f"transcripts/{slug}.md"
    if slug not in passing and path in tree and slug != "index":
        print_problems(_problems_of(corpus, f"{DOCS}/{path}"))
        fail("put this right first: suggestions need an edition that passes the check")
    if slug not in passing:
        slugs = [transcript.edition.slug for transcript in corpus.transcripts]
        near = KnownNames(slugs).find_near(slug)
        hint = f"did you mean {near}?" if near else f"there are: {', '.join(slugs) or 'none'}"
        fail(f"there is no transcript “{printable(slug)}”\n    {hint}")
    return passing[slug]


def _passing(corpus: Corpus) -> tuple[Transcript, ...]:
    """The transcripts that pass the check; marks of others may lack a reason."""
    wrong = {problem.place.path for problem in corpus.problems if not problem.warning}
    return tuple(one for one in corpus.transcripts if one.edition.text.path not in wrong)


def _problems_of(corpus: Corpus, path: str) -> list[Problem]:
    problems = sort_problems(corpus)
    return [one for one in problems if one.place.path == path and not one.warning]


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
    time = None if suggestion.time is None else suggestion.time / 1000
    place = {**suggestion.place._asdict(), "source_line": suggestion.line, "time": time}
    return {**place, **{name: getattr(suggestion, name) for name in _IN_JSON}}


class _Review:
    """Asks about suggestions one by one, and writes the accepted ones."""

    def __init__(self, edition: Edition, tree: Tree, corpus: Corpus) -> None:
        self.edition, self.tree = edition, tree
        self.known = set(_problems_of(corpus, edition.text.path))

    def run(self, found: Sequence[Suggestion]) -> None:
        """Writes the accepted marks, unless the edition would no longer pass the check."""
        click.echo("y: write it, n: no error (asked again next time), e: edit it, q: enough\n")
        accepted = list(self._ask(found))
        if not accepted:
            click.echo("nothing was changed")
            return
        path = Path(self.edition.text.path)
        if wrong := self._problems(accepted):
            print_problems(wrong)
            fail(f"{path} stays as it was: with these marks it would not pass")
        edits = accept_suggestions(self.edition, accepted)
        try:
            write_file(path, edit_bytes(self.tree[self.edition.path], edits))
        except OSError as error:
            fail(f"{path}: cannot be written: {error.strerror}; it stays as it was")
        click.echo(f"{path}: {many(len(accepted), 'mark')} written")

    def _ask(self, found: Sequence[Suggestion]) -> Iterator[Suggestion]:
        """What is accepted until the last suggestion or an answer that ends it."""
        for suggestion in found:
            _print_suggestion(suggestion)
            try:
                answer = click.prompt("write it?", type=_ANSWERS, default="n")
                if answer in ("y", "e"):
                    yield suggestion if answer == "y" else self._edited(suggestion)
            except click.Abort:
                click.echo()
                return
            if answer == "q":
                return

    def _edited(self, suggestion: Suggestion) -> Suggestion:
        """The suggestion as the user edits it; asks until the edition would pass the check."""
        while True:
            said = click.prompt("what was said", default=suggestion.said or suggestion.heard)
            reason = click.prompt("why", default=suggestion.why)
            edited = change_suggestion(suggestion, said, reason)
            if not (wrong := self._problems([edited])):
                return edited
            print_problems(wrong)

    def _problems(self, accepted: Sequence[Suggestion]) -> list[Problem]:
        """The problems that the accepted suggestions would add to the edition."""
        edits = accept_suggestions(self.edition, accepted)
        content = apply_edits(self.edition.text.content, edits).encode()
        changed = parse_corpus({**self.tree, self.edition.path: content}, DOCS.name)
        problems = _problems_of(changed, self.edition.text.path)
        return [problem for problem in problems if problem not in self.known]
