"""The review of `sic suggest`: each suggestion is decided once, for all its places."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import click

from build_tools.authoring.mark.marking import apply_edits, edit_bytes
from build_tools.authoring.suggest.marks import (
    Suggestion,
    accept_suggestions,
    change_suggestion,
    group_places,
    remove_decided,
)
from build_tools.build.output import write_file
from build_tools.build.plan import sort_problems
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.cli.printing import DOCS, fail, many, print_problems, printable
from build_tools.model.edition import Edition
from build_tools.model.text import Problem
from build_tools.pages.player import find_listening
from build_tools.reading.decisions import DECISIONS, NO_ERROR, UNSURE, Decision, add_decisions
from build_tools.reading.tree import Tree
from build_tools.text.timecode import render_clock
from build_tools.text.words import find_keys

_KEYS = """\
y: right, write it                   p: decide place by place
n: not an error, never ask again     s: skip, ask again next time
c: cannot tell, do not ask me again  u: undo the last answer
e: edit it                           q: enough
"""
_ANSWERS = click.Choice([*"yncepsuq"])
_COUNTED = {"y": "right", "e": "edited", "n": "not an error", "c": "cannot tell", "s": "skipped"}
# The words of these are wrong in one place and right in another.
_OF_PLACE = ("fixed phrase", "loop", "witnesses agree", "witnesses differ")


class _Question(NamedTuple):
    """One decision about one or several places; it may hold at these alone."""

    places: tuple[Suggestion, ...]
    alone: bool

    def decide(self, decision: str, who: str) -> tuple[Decision, ...]:
        """The lines that an answer adds to the file of decisions."""
        made = (self.places[0].heard.casefold(), decision, who, str(date.today()))
        addresses = [one.address for one in self.places] if self.alone else [""]
        return tuple(Decision(*made, address) for address in addresses)


def _ask_about(places: tuple[Suggestion, ...]) -> _Question:
    """The question about places of one suggestion; a missing word is missing here alone."""
    return _Question(places, alone=not places[0].heard or places[0].grade in _OF_PLACE)


class _State(NamedTuple):
    """What is still to be asked, and what was accepted, decided and answered until now."""

    left: tuple[_Question, ...]
    accepted: tuple[Suggestion, ...] = ()
    decisions: tuple[Decision, ...] = ()
    answers: tuple[str, ...] = ()


def print_suggestion(suggestion: Suggestion, edition: Edition) -> None:
    """Prints a suggestion: its place, the reason, the words around, and what to paste."""
    said = {None: "?", "": "nothing"}.get(suggestion.said, suggestion.said)
    click.echo(f"{suggestion.place}: {suggestion.likelihood:.0%} {printable(suggestion.why)}")
    _print_context(suggestion, edition)
    if suggestion.more:
        click.echo(f"    and in {many(len(suggestion.more), 'more place')}")
    click.echo(f"    was said: {printable(said or '')}")
    click.echo(f"    {printable(suggestion.mark)}")
    if suggestion.footnote:
        click.echo(f"    {printable(suggestion.footnote)}")


def _print_context(suggestion: Suggestion, edition: Edition) -> None:
    """Prints the words around a place, and the address of the recording there."""
    time = "" if suggestion.time is None else f", {render_clock(suggestion.time)}"
    heard = f"[{suggestion.heard}]" if suggestion.heard else "[ ]"
    around = f"{suggestion.before} {heard} {suggestion.after}"
    click.echo(f"    … {printable(around)} …  ({suggestion.unit} {suggestion.line}{time})")
    if found := find_listening(edition, suggestion.time, suggestion.line):
        click.echo(f"    {found[0]}: {printable(found[1])}")


def list_problems(corpus: Corpus, path: str) -> list[Problem]:
    """The problems of a file, without warnings."""
    problems = sort_problems(corpus)
    return [one for one in problems if one.place.path == path and not one.warning]


class Review:
    """Asks about suggestions, and writes the accepted marks and the decisions."""

    def __init__(self, edition: Edition, tree: Tree, corpus: Corpus, by: str) -> None:
        self.edition, self.tree, self.by = edition, tree, by
        self.known = set(list_problems(corpus, edition.text.path))
        self.doubted = [one for one in corpus.decisions if one.decision == UNSURE]

    def run(self, found: Sequence[Suggestion], limit: int) -> None:
        """Asks, and writes what was decided unless the edition would no longer pass the check."""
        left = remove_decided(found, [one for one in self.doubted if one.who == self.by])
        groups = group_places(left)[:limit]
        click.echo(_KEYS)
        if left_out := len(found) - len(left):
            click.echo(f"{many(left_out, 'suggestion')} left out: you could not tell\n")
        end = self._ask(tuple(map(_ask_about, groups)))
        counts = ((end.answers.count(key), what) for key, what in _COUNTED.items())
        told = [f"{count} {what}" for count, what in counts if count]
        click.echo(", ".join([*told, f"{len(end.left)} left"]))
        if end.decisions:
            self._write_decisions(end.decisions)
        if end.accepted:
            self._write_marks(end.accepted)
        else:
            click.echo("nothing was changed")

    def _write_marks(self, accepted: Sequence[Suggestion]) -> None:
        path = Path(self.edition.text.path)
        if wrong := self._problems(accepted):
            print_problems(wrong)
            fail(f"{path} stays as it was: with these marks it would not pass")
        edits = accept_suggestions(self.edition, accepted)
        write_file(path, edit_bytes(self.tree[self.edition.path], edits))
        click.echo(f"{path}: {many(len(accepted), 'mark')} written")

    def _write_decisions(self, decisions: Sequence[Decision]) -> None:
        path = DOCS / DECISIONS
        added = add_decisions(self.tree.get(DECISIONS, b"").decode(), decisions)
        path.touch()
        write_file(path, added.encode())
        click.echo(f"{path}: {many(len(decisions), 'decision')} written")

    def _ask(self, questions: tuple[_Question, ...]) -> _State:
        """What was decided when no question is left, or an answer ends it."""
        states = [_State(questions)]
        answer = ""
        while answer != "q" and states[-1].left:
            state = states[-1]
            self._print_question(state.left[0])
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
        question, *left = state.left
        places, alone = question
        accepted, decided = state.accepted, state.decisions
        if answer == "p":
            single = (_Question((one,), alone=True) for one in places)
            return state._replace(left=(*single, *left))
        if answer in ("n", "c"):
            decision = NO_ERROR if answer == "n" else UNSURE
            decided = (*decided, *question.decide(decision, self.by))
        if answer == "n" and not alone:
            heard = find_keys(places[0].heard)
            left = [one for one in left if find_keys(one.places[0].heard) != heard]
        if answer in ("y", "e"):
            accepted = (*accepted, *(places if answer == "y" else self._edit(places)))
        return _State(tuple(left), accepted, decided, (*state.answers, answer))

    def _print_question(self, question: _Question) -> None:
        first, *others = question.places
        print_suggestion(first, self.edition)
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
            edited = change_suggestion(places, said, reason)
            if not (wrong := self._problems(edited)):
                return edited
            print_problems(wrong)

    def _problems(self, accepted: Sequence[Suggestion]) -> list[Problem]:
        """The problems that the accepted suggestions would add to the edition."""
        edits = accept_suggestions(self.edition, accepted)
        content = apply_edits(self.edition.text.content, edits).encode()
        changed = parse_corpus({**self.tree, self.edition.path: content}, DOCS.name)
        problems = list_problems(changed, self.edition.text.path)
        return [problem for problem in problems if problem not in self.known]
