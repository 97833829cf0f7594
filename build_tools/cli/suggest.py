"""`sic suggest`: likely recognition errors that are not marked."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import click

from build_tools.authoring.import_.intake import Request, plan_intake
from build_tools.authoring.mark.marking import apply_edits, edit_bytes
from build_tools.authoring.suggest import find_suggestions
from build_tools.authoring.suggest.evidence import NAMES
from build_tools.authoring.suggest.marks import Suggestion, accept_suggestions, change_suggestion
from build_tools.build.output import write_file
from build_tools.build.plan import sort_problems
from build_tools.build.site import read_docs
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.cli.printing import DOCS, EPILOG, fail, many, print_problems, printable, ticking
from build_tools.model.edition import Edition
from build_tools.model.source import Source
from build_tools.model.text import Problem
from build_tools.model.transcript import Transcript
from build_tools.reading.decisions import DECISIONS, add_decisions
from build_tools.reading.tree import Tree
from build_tools.text.nearness import KnownNames
from build_tools.text.timecode import render_clock

_WORDS = ("before", "heard", "after", "said")
_IN_JSON = (*_WORDS, "kind", "grade", "why", "likelihood", "mark", "footnote")
_ANSWERS = click.Choice(["y", "n", "e", "s", "q"])
_HELP = "y: write it, n: no error, never ask again, e: edit it, s: ask again next time, q: enough"
_WITNESS = "Another recogniser's file, besides the witnesses of the front matter."
# A decision on these holds at their place only.
_ONE_PLACE = ("fixed phrase", "loop")


@click.command("suggest", epilog=EPILOG)
@click.argument("slug")
@click.option("--limit", default=50, show_default=True, help="How many to list, likeliest first.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects instead of text.")
@click.option("--review", is_flag=True, help="Ask about each, and write what you accept.")
@click.option("--witness", multiple=True, type=click.Path(path_type=Path), help=_WITNESS)
@click.option("--by", envvar=["USER", "USERNAME"], default="", help="Who decides in a review.")
def command(
    slug: str, limit: int, as_json: bool, review: bool, witness: tuple[Path, ...], by: str
) -> None:
    """Likely recognition errors in the transcript SLUG that are not marked yet.

    Each has a place, the words around it, why it may be an error, how likely that is, and the mark
    to paste. Whether it is one only a person can tell. SLUG is the file's name without .md.

    \b
    sic suggest paris-2024
    sic suggest paris-2024 --review
    """  # noqa: D301 - click wants the sign itself
    if as_json and review:
        raise click.UsageError("--json prints, --review asks: choose one of them")
    with ticking(f"reading {DOCS}/"):
        tree = read_docs(DOCS)
        corpus = parse_corpus(tree, DOCS.name)
    transcript = _find_transcript(slug.removesuffix(".md"), tree, corpus)
    witnesses = [_read_witness(path) for path in witness]
    values = (transcript, corpus.entries, _passing(corpus), corpus.right, witnesses)
    with ticking("comparing words"):
        found = find_suggestions(*values)[: max(limit, 0)]
    if as_json:
        listed = [_as_object(suggestion) for suggestion in found]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
    elif review:
        _Review(transcript.edition, tree, corpus, by).run(found)
    else:
        for suggestion in found:
            _print_suggestion(suggestion)
        click.echo(many(len(found), "suggestion"))


def _read_witness(path: Path) -> Source:
    """The text of another recogniser, in any format that can be imported."""
    try:
        intake = plan_intake(Request(str(path), path.read_bytes(), date="2000-01-01"))
    except OSError as error:
        fail(f"{path}: cannot be read: {error.strerror}")
    corpus = parse_corpus(intake.files)
    if not corpus.transcripts:
        fail(f"{path}: its words cannot be compared")
    return corpus.transcripts[0].source


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
    if suggestion.more:
        click.echo(f"    and in {many(len(suggestion.more), 'more place')}")
    click.echo(f"    was said: {printable(said or '')}")
    click.echo(f"    {printable(suggestion.mark)}")
    if suggestion.footnote:
        click.echo(f"    {printable(suggestion.footnote)}")
    click.echo()


def _as_object(suggestion: Suggestion) -> dict[str, object]:
    """A suggestion as `--json` prints it; `time` in seconds, `said` null if it is unknown."""
    time = None if suggestion.time is None else suggestion.time / 1000
    place = {**suggestion.place._asdict(), "source_line": suggestion.line, "time": time}
    more = {"more": [start for start, *_ in suggestion.more]} if suggestion.more else {}
    return {**place, **{name: getattr(suggestion, name) for name in _IN_JSON}, **more}


class _Review:
    """Asks about suggestions, and writes the accepted ones and the words called right."""

    def __init__(self, edition: Edition, tree: Tree, corpus: Corpus, by: str) -> None:
        self.edition, self.tree, self.by = edition, tree, by
        self.known = set(_problems_of(corpus, edition.text.path))
        self.right: dict[str, None] = {}

    def run(self, found: Sequence[Suggestion]) -> None:
        """Writes the accepted marks, unless the edition would no longer pass the check."""
        click.echo(f"{_HELP}\n")
        accepted = list(self._ask(found))
        if self.right:
            self._write_decisions()
        if not accepted:
            click.echo("nothing was changed")
            return
        path = Path(self.edition.text.path)
        if wrong := self._problems(accepted):
            print_problems(wrong)
            fail(f"{path} stays as it was: with these marks it would not pass")
        edits = accept_suggestions(self.edition, accepted)
        write_file(path, edit_bytes(self.tree[self.edition.path], edits))
        marks = len(accepted) + sum(len(one.more) for one in accepted)
        click.echo(f"{path}: {many(marks, 'mark')} written")

    def _write_decisions(self) -> None:
        """Adds the words called right to the decisions of the collection."""
        path = DOCS / DECISIONS
        content = self.tree.get(DECISIONS, b"").decode()
        added = add_decisions(content, self.right, self.by, str(date.today()))
        path.touch()
        write_file(path, added.encode())
        click.echo(f"{path}: {many(len(self.right), 'decision')} written")

    def _ask(self, found: Sequence[Suggestion]) -> Iterator[Suggestion]:
        """What is accepted until the last suggestion or an answer that ends it."""
        accepted: set[tuple[str, str | None]] = set()
        for number, suggestion in enumerate(found, 1):
            word = (suggestion.heard.casefold(), suggestion.said)
            if word in accepted:
                yield suggestion
            if word in accepted or word[0] in self.right:
                continue
            _print_suggestion(suggestion)
            try:
                question = f"{number} of {len(found)}: write it?"
                answer = click.prompt(question, type=_ANSWERS, default="s")
                one_place = not suggestion.heard or suggestion.grade in _ONE_PLACE
                if answer == "y" and suggestion.kind in NAMES:
                    accepted.add(word)
                if answer == "n" and not one_place:
                    self.right[word[0]] = None
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
