"""The words that people have called right, in `decisions.csv`: form, decision, who, date."""

import csv
from io import StringIO

from build_tools.model.text import Parsed, Place, Problem, Text
from build_tools.text.words import find_keys

DECISIONS = "decisions.csv"
_HEADER = ("form", "decision", "who", "date")
_NO_ERROR = "no"

Forms = frozenset[tuple[str, ...]]


def parse_decisions(text: Text) -> Parsed[Forms]:
    """The keys of the forms that are no error, and a problem for each wrong line."""
    right, wrong = set(), []
    rows = csv.reader(text.content.splitlines())
    try:
        for row in rows:
            if len(row) == len(_HEADER) and row[1] == _NO_ERROR and find_keys(row[0]):
                right.add(find_keys(row[0]))
            elif row and tuple(row) != _HEADER:
                wrong.append(rows.line_num)
    except csv.Error:
        wrong.append(rows.line_num)
    problems = (
        Problem(Place(text.path, line), "this line is no decision", "write form,no,who,date")
        for line in wrong
    )
    return Parsed(frozenset(right), tuple(problems))


def add_decisions(content: str, forms: dict[str, None], who: str, date: str) -> str:
    """The file with more forms that are no error."""
    added = StringIO()
    rows = csv.writer(added, lineterminator="\n")
    rows.writerows([] if content else [_HEADER])
    rows.writerows((form, _NO_ERROR, who, date) for form in forms)
    return content + ("\n" if content and not content.endswith("\n") else "") + added.getvalue()
