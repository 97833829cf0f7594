"""Renders findings as marks to paste, and pastes accepted ones into editions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, count
from typing import NamedTuple

from build_tools.authoring.suggest.evidence import Evidence, Finding
from build_tools.model.edition import Edition, Kind
from build_tools.model.text import Edit, Place
from build_tools.reading.rejection import file_offset, reject_marks
from build_tools.text.words import find_keys
from build_tools.transcript.guess_kind import footnote_label

# How many words a suggestion shows on either side.
_CONTEXT = 6
# A likelihood below this threshold makes a reason a conjecture.
_CERTAIN = 0.8
_MARKUP = re.compile(r"([\\`*_{}\[\]<>~])")


class Suggestion(NamedTuple):
    """A likely error: its place, the evidence for it, and the mark to paste.

    `start` and `end` are offsets in the edition's file. `said` is None if it cannot be known, and
    the mark is then a doubt. `footnote` is the line to add, "" if the mark needs none. `line` is
    the number of the source's line or piece, as `unit` says.
    """

    place: Place
    start: int
    end: int
    line: int
    time: int | None
    before: str
    heard: str
    after: str
    said: str | None
    kind: Kind
    grade: str
    why: str
    likelihood: float
    mark: str
    footnote: str
    unit: str = "line"


def render_marks(
    evidence: Evidence, findings: Iterable[tuple[Finding, float]]
) -> tuple[Suggestion, ...]:
    """A suggestion for each finding and its likelihood, in the same order."""
    renderer = _MarkRenderer(evidence)
    return tuple(renderer.render(*finding) for finding in findings)


class _MarkRenderer:
    """Renders the findings of one edition; no two footnotes get the same label."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.edition = evidence.transcript.edition
        self.rejected = reject_marks(self.edition)
        self.labels = {footnote.label for footnote in self.edition.footnotes}
        # One footnote serves every place with the same reason.
        self.reasons: dict[tuple[str, str], str] = {}

    def render(self, finding: Finding, likelihood: float) -> Suggestion:
        text = self.edition.text
        start, end = self._slice(finding)
        raw = text.content[start:end]
        said = finding.said
        if said and raw[:1].isupper() and self.evidence.begins_sentence(finding.first):
            said = said[:1].upper() + said[1:]
        label, footnote = self._footnote(finding, said, likelihood)
        source = self.evidence.transcript.source
        cue = source.cue_at(finding.first)
        first, last = finding.first, finding.end
        before, after = self._quote(first - _CONTEXT, first), self._quote(last, last + _CONTEXT)
        heard = self._quote(first, last)
        mark = render_mark(raw, said, label, finding.why)
        place = (text.place(start), start, end, cue.line, cue.start)
        found = (*place, before, heard, after, said, finding.kind, finding.grade, finding.why)
        return Suggestion(*found, likelihood, mark, footnote, source.unit)

    def _footnote(self, finding: Finding, said: str | None, likelihood: float) -> tuple[str, str]:
        """The label of the mark's footnote, and the line to add, "" if it exists already."""
        if said is None or finding.label:
            return finding.label, ""
        name = said if find_keys(said) and said != "%" else finding.kind.value
        label = self.reasons.get((said, finding.why)) or _new_label(name, self.labels)
        self.reasons[said, finding.why] = label
        conjecture = "" if likelihood >= _CERTAIN else "?"
        return label, f"[^{label}]: {finding.kind.value}{conjecture}: {_sentence(finding.why)}."

    def _quote(self, first: int, end: int) -> str:
        words = self.evidence.words[max(first, 0) : end]
        heard = self.evidence.transcript.heard
        return " ".join(heard[words[0].start : words[-1].end].split()) if words else ""

    def _slice(self, finding: Finding) -> tuple[int, int]:
        """The slice of a finding in the file; a missing word has an empty one behind the last."""
        words = self.evidence.words
        end = self._offset(words[finding.end - 1].end - 1) + 1
        missing = finding.first == finding.end
        return end if missing else self._offset(words[finding.first].start), end

    def _offset(self, position: int) -> int:
        placed = self.rejected.spans[self.rejected.span_number(position)]
        return file_offset(self.edition, placed, position)


def render_mark(heard: str, said: str | None, label: str, why: str) -> str:
    """The mark that corrects words, or a doubt if what was said is unknown."""
    if said is None:
        return f"{{=={heard}==}}{{>>{_sentence(why)}<<}}"
    if not heard:
        return f"{{++{escape_markup(said)}++}}[^{label}]"
    if not said:
        return f"{{--{heard}--}}[^{label}]"
    return f"{{~~{heard}~>{escape_markup(said)}~~}}[^{label}]"


def change_suggestion(suggestion: Suggestion, said: str, reason: str) -> Suggestion:
    """The suggestion with an editor's own correction and reason, in a footnote of its own."""
    label = f"line-{suggestion.line}-{suggestion.start}"
    return suggestion._replace(
        said=said,
        why=reason,
        mark=render_mark(escape_markup(suggestion.heard), said, label, reason),
        footnote=f"[^{label}]: {suggestion.kind.value}: {escape_markup(reason)}",
    )


def escape_markup(words: str) -> str:
    """Words with a backslash before every sign of the edition's syntax."""
    return _MARKUP.sub(r"\\\1", words)


def _sentence(words: str) -> str:
    return escape_markup(words[:1].upper() + words[1:])


def accept_suggestions(edition: Edition, accepted: Iterable[Suggestion]) -> list[Edit]:
    """The edits of an edition's text: the marks in order, and their footnotes at its end."""
    content = edition.text.content
    chosen = sorted(accepted, key=lambda suggestion: suggestion.start)
    edits = [Edit(one.start, one.end, one.mark) for one in chosen]
    if footnotes := dict.fromkeys(one.footnote for one in chosen if one.footnote):
        body = content.rstrip("\n")
        separator = "\n" if body.rpartition("\n\n")[2].startswith("[^") else "\n\n"
        written = separator + "\n".join(footnotes) + "\n"
        edits.append(Edit(len(body), len(content), written))
    return edits


def _new_label(said: str, labels: set[str]) -> str:
    stem = footnote_label(said, "sign")
    numbered = (f"{stem}-{number}" for number in count(2))
    label = next(one for one in chain([stem], numbered) if one not in labels)
    labels.add(label)
    return label
