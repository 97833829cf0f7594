"""What people have decided about suggestions, in `decisions.csv`, a decision a line."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import NamedTuple

from build_tools.model.text import Parsed, Place, Problem, Text
from build_tools.text.words import find_keys

DECISIONS = "decisions.csv"
NO_ERROR, UNSURE = "no", "unsure"

Forms = frozenset[tuple[str, ...]]


class Decision(NamedTuple):
    """That words are no error, or that somebody could not tell; `place` is "" for all places."""

    form: str
    decision: str
    who: str
    date: str
    place: str = ""

    @property
    def subject(self) -> tuple[tuple[str, ...], str]:
        """The words that it is about, and where they stand."""
        return find_keys(self.form), self.place


Decisions = tuple[Decision, ...]


def list_right(decisions: Decisions) -> Forms:
    """The keys of the forms that are no error wherever they stand."""
    right = (one for one in decisions if one.decision == NO_ERROR and not one.place)
    return frozenset(find_keys(one.form) for one in right)


def parse_decisions(text: Text) -> Parsed[Decisions]:
    """The decisions, and a problem for each wrong line."""
    decisions, wrong = [], []
    rows = csv.reader(text.content.splitlines())
    try:
        for row in rows:
            if row and tuple(row) not in (Decision._fields, Decision._fields[:-1]):
                decision = Decision(*row) if len(row) in (4, 5) else None
                if decision and decision.decision in (NO_ERROR, UNSURE) and any(decision.subject):
                    decisions.append(decision)
                else:
                    wrong.append(rows.line_num)
    except csv.Error:
        wrong.append(rows.line_num)
    remedy = f"write form,{NO_ERROR},who,date or form,{UNSURE},who,date"
    problems = (
        Problem(Place(text.path, line), "this line is no decision", remedy) for line in wrong
    )
    return Parsed(tuple(decisions), tuple(problems))


def add_decisions(content: str, decisions: Iterable[Decision]) -> str:
    """The file with more decisions."""
    added = StringIO()
    rows = csv.writer(added, lineterminator="\n")
    rows.writerows([] if content else [Decision._fields])
    rows.writerows(decisions)
    return content + ("\n" if content and not content.endswith("\n") else "") + added.getvalue()
