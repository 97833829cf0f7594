"""`sic suggest`: likely recognition errors that are not marked, listed or decided one by one."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import click

from build_tools.authoring.mark.marking import apply_edits, edit_bytes
from build_tools.authoring.suggest import find_suggestions, marks
from build_tools.authoring.suggest.marks import Suggestion
from build_tools.authoring.suggest.ranking import LEAST
from build_tools.build.output import write_file
from build_tools.build.site import read_docs
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.cli.printing import DOCS, EPILOG, fail, many, print_problems, printable, ticking
from build_tools.model.edition import Edition
from build_tools.model.text import Problem
from build_tools.model.transcript import Transcript
from build_tools.pages.player import find_listening
from build_tools.reading.decisions import DECISIONS, NO_ERROR, UNSURE, Decision, add_decisions
from build_tools.reading.tree import Tree
from build_tools.text.nearness import KnownNames
from build_tools.text.timecode import render_clock

_WORDS = ("before", "heard", "after", "said")
_IN_JSON = (*_WORDS, "kind", "grade", "why", "likelihood", "mark", "footnote")
_KEYS = """\
y: right, write it                   p: decide place by place
n: not an error, never ask again     s: skip, ask again next time
c: cannot tell, do not ask me again  u: undo the last answer
e: edit it                           q: enough
"""
_ANSWERS = click.Choice([*"yncepsuq"])
_COUNTED = {"y": "right", "e": "edited", "n": "not an error", "c": "cannot tell", "s": "skipped"}
# The words of these are wrong in one place and right in another.
_OF_PLACE = ("loop", "witnesses agree", "witnesses differ")


@click.command("suggest", epilog=EPILOG)
@click.argument("slug")
@click.option("--limit", default=50, show_default=True, help="How many to list, likeliest first.")
@click.option("--least", default=LEAST, show_default=True, help="The least likelihood to list.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects instead of text.")
@click.option("--review", is_flag=True, help="Ask about each, and write what you accept.")
@click.option("--by", envvar=["USER", "USERNAME"], default="", help="Who decides in a review.")
def command(slug: str, limit: int, least: float, as_json: bool, review: bool, by: str) -> None:
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
    # Marks of editions that do not pass may lack a reason.
    wrong = {problem.place.path for problem in corpus.problems if not problem.warning}
    passing = [one for one in corpus.transcripts if one.edition.text.path not in wrong]
    transcript = _find_transcript(Path(slug).name.removesuffix(".md"), passing, tree, corpus)
    with ticking("comparing words"):
        found = find_suggestions(transcript, corpus.entries, passing, corpus.decisions, least)
    if review:
        _Review(transcript.edition, tree, corpus, by).run(found, max(limit, 0))
        return
    found = found[: max(limit, 0)]
    if as_json:
        listed = [_as_object(suggestion) for suggestion in found]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    for suggestion in found:
        _print_suggestion(suggestion, transcript.edition)
        click.echo()
    click.echo(many(len(found), "suggestion"))


def _find_transcript(
    slug: str, passing: Sequence[Transcript], tree: Tree, corpus: Corpus
) -> Transcript:
    found = {one.edition.slug: one for one in passing}
    path = f"transcripts/{slug}.md"
    if slug not in found and path in tree and slug != "index":
        print_problems(_list_problems(corpus, f"{DOCS}/{path}"))
        fail("put this right first: suggestions need an edition that passes the check")
    if slug not in found:
        slugs = [transcript.edition.slug for transcript in corpus.transcripts]
        near = KnownNames(slugs).find_near(slug)
        hint = f"did you mean {near}?" if near else f"there are: {', '.join(slugs) or 'none'}"
        fail(f"there is no transcript “{printable(slug)}”\n    {hint}")
    return found[slug]


def _list_problems(corpus: Corpus, path: str) -> list[Problem]:
    """The problems of a file, without warnings."""
    return [one for one in corpus.problems if one.place.path == path and not one.warning]


def _as_object(suggestion: Suggestion) -> dict[str, object]:
    """A suggestion as `--json` prints it; `time` in seconds, `said` null if it is unknown."""
    time = None if suggestion.time is None else suggestion.time / 1000
    place = {**suggestion.place._asdict(), "source_line": suggestion.line, "time": time}
    more = {"more": [one.start for one in suggestion.more]} if suggestion.more else {}
    return {**place, **{name: getattr(suggestion, name) for name in _IN_JSON}, **more}


def _print_suggestion(suggestion: Suggestion, edition: Edition) -> None:
    """Prints a suggestion: its place, the reason, the words around, and what to paste."""
    said = {None: "?", "": "nothing"}.get(suggestion.said, suggestion.said)
    click.echo(f"{suggestion.place}: {suggestion.likelihood:.0%} {printable(suggestion.why)}")
    _print_context(suggestion, edition)
    if suggestion.more:
        places = ", ".join(f"{one.place.line}:{one.place.column}" for one in suggestion.more)
        click.echo(f"    and in {many(len(suggestion.more), 'more place')}: {places}")
    click.echo(f"    was said: {printable(said or '')}")
    for line in filter(None, (suggestion.mark, suggestion.footnote)):
        click.echo(f"    {printable(line)}")


def _print_context(suggestion: Suggestion, edition: Edition) -> None:
    """Prints the words around a place, and the address of the recording there."""
    time = "" if suggestion.time is None else f", {render_clock(suggestion.time)}"
    around = f"{suggestion.before} [{suggestion.heard or ' '}] {suggestion.after}"
    click.echo(f"    … {printable(around)} …  ({suggestion.unit} {suggestion.line}{time})")
    if found := find_listening(edition, suggestion.time, suggestion.line):
        click.echo(f"    {found[0]}: {printable(found[1])}")


class _State(NamedTuple):
    """What is still to be asked, and what was accepted, decided and answered until now.

    A question has the places of one decision, and says whether that holds at these alone.
    """

    left: tuple[tuple[tuple[Suggestion, ...], bool], ...]
    accepted: tuple[Suggestion, ...] = ()
    decisions: tuple[Decision, ...] = ()
    answers: tuple[str, ...] = ()


class _Review:
    """Asks about suggestions, and writes the accepted marks and the decisions."""

    def __init__(self, edition: Edition, tree: Tree, corpus: Corpus, by: str) -> None:
        self.edition, self.tree, self.by = edition, tree, by
        self.known = set(_list_problems(corpus, edition.text.path))
        self.doubted = [one for one in corpus.decisions if one.decision == UNSURE]

    def run(self, found: Sequence[Suggestion], limit: int) -> None:
        """Asks, and writes what was decided unless the edition would no longer pass the check."""
        left = marks.remove_decided(found, [one for one in self.doubted if one.who == self.by])
        click.echo(_KEYS)
        if left_out := len(found) - len(left):
            click.echo(f"{many(left_out, 'suggestion')} left out: you could not tell\n")
        groups = marks.group_places(left)[:limit]
        # A missing word is missing here alone.
        alone = (not first.heard or first.grade in _OF_PLACE for first, *_ in groups)
        end = self._ask(_State(tuple(zip(groups, alone, strict=True))))
        counts = ((end.answers.count(key), what) for key, what in _COUNTED.items())
        told = [f"{count} {what}" for count, what in counts if count]
        click.echo(", ".join([*told, f"{len(end.left)} left"]))
        if end.decisions:
            path = DOCS / DECISIONS
            added = add_decisions(self.tree.get(DECISIONS, b"").decode(), end.decisions)
            path.touch()
            write_file(path, added.encode())
            click.echo(f"{path}: {many(len(end.decisions), 'decision')} written")
        if not end.accepted:
            click.echo("nothing was changed")
            return
        path = Path(self.edition.text.path)
        if wrong := self._problems(end.accepted):
            print_problems(wrong)
            fail(f"{path} stays as it was: with these marks it would not pass")
        edits = marks.accept_suggestions(self.edition, end.accepted)
        write_file(path, edit_bytes(self.tree[self.edition.path], edits))
        click.echo(f"{path}: {many(len(end.accepted), 'mark')} written")

    def _ask(self, state: _State) -> _State:
        """What was decided when no question is left, or an answer ends it."""
        states, answer = [state], ""
        while answer != "q" and states[-1].left:
            state = states[-1]
            self._print_question(state.left[0][0])
            asked = len(state.answers)
            progress = f"{asked + 1} of {asked + len(state.left)}: right?"
            try:
                answer = click.prompt(progress, type=_ANSWERS, default="s")
                if answer == "u":
                    states = states[:-1] or states
                elif answer != "q":
                    states.append(self._answer(state, answer))
            except click.Abort:
                answer = "q"
            click.echo()
        return states[-1]

    def _answer(self, state: _State, answer: str) -> _State:
        """The state after an answer to the first question that is left."""
        (places, alone), *left = state.left
        accepted, decisions, first = state.accepted, state.decisions, places[0]
        if answer == "p":
            return state._replace(left=(*(((one,), True) for one in places), *left))
        if answer in ("n", "c"):
            decision = NO_ERROR if answer == "n" else UNSURE
            made = (first.heard.casefold(), decision, self.by, str(date.today()))
            addresses = [one.address for one in places] if alone else [""]
            decisions = (*decisions, *(Decision(*made, address) for address in addresses))
        if answer == "n" and not alone:
            left = [one for one in left if one[0][0].subjects[0] != first.subjects[0]]
        if answer in ("y", "e"):
            accepted = (*accepted, *(places if answer == "y" else self._edit(places)))
        return _State(tuple(left), accepted, decisions, (*state.answers, answer))

    def _print_question(self, places: Sequence[Suggestion]) -> None:
        first, *others = places
        _print_suggestion(first, self.edition)
        for one in others:
            click.echo(f"  also {one.place}")
            _print_context(one, self.edition)
        for decision in self.doubted:
            if decision.subject in first.subjects:
                who, day = printable(decision.who), printable(decision.date)
                click.echo(f"    {who} could not tell on {day}")

    def _edit(self, places: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
        """The suggestion as the user edits it; asks until the edition would pass the check."""
        first = places[0]
        while True:
            said = click.prompt("what was said", default=first.said or first.heard)
            reason = click.prompt("why", default=first.why)
            edited = marks.change_suggestion(places, said, reason)
            if not (wrong := self._problems(edited)):
                return edited
            print_problems(wrong)

    def _problems(self, accepted: Sequence[Suggestion]) -> list[Problem]:
        """The problems that the accepted suggestions would add to the edition."""
        edits = marks.accept_suggestions(self.edition, accepted)
        content = apply_edits(self.edition.text.content, edits).encode()
        changed = parse_corpus({**self.tree, self.edition.path: content}, DOCS.name)
        problems = _list_problems(changed, self.edition.text.path)
        return [problem for problem in problems if problem not in self.known]
