"""Renders findings as marks to paste, and pastes accepted ones into editions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from build_tools.authoring.suggest.evidence import Evidence, Finding
from build_tools.authoring.suggest.suggestion import Suggestion
from build_tools.model.edition import Edition
from build_tools.reading.rejection import file_offset, reject_marks
from build_tools.text.words import find_keys

# How many words a suggestion shows on either side.
_CONTEXT = 6
# A likelihood below this threshold makes a reason a conjecture.
_CERTAIN = 0.8
_MARKUP = re.compile(r"([\\`*_{}\[\]<>~])")
_NOT_IN_LABELS = re.compile(r"[^a-z0-9]+")
_LONGEST_LABEL = 40


def render_marks(
    evidence: Evidence, findings: Iterable[tuple[Finding, float]]
) -> tuple[Suggestion, ...]:
    """A suggestion for each finding and its likelihood, in the same order."""
    renderer = _MarkRenderer(evidence)
    return tuple(renderer.render(finding, likelihood) for finding, likelihood in findings)


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
        return Suggestion(
            text.place(start),
            start,
            end,
            cue.line,
            cue.start,
            self._quote(finding.first - _CONTEXT, finding.first),
            self._quote(finding.first, finding.end),
            self._quote(finding.end, finding.end + _CONTEXT),
            said,
            finding.kind,
            finding.grade,
            finding.why,
            likelihood,
            render_mark(raw, said, label, finding.why),
            footnote,
            source.unit,
        )

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
        if finding.first == finding.end:
            end = self._offset(words[finding.first - 1].end - 1) + 1
            return end, end
        start = self._offset(words[finding.first].start)
        return start, self._offset(words[finding.end - 1].end - 1) + 1

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


def accept_suggestions(edition: Edition, accepted: Iterable[Suggestion]) -> str:
    """The edition's text with the marks of suggestions, and their footnotes at its end."""
    content = edition.text.content
    chosen = sorted(accepted, key=lambda suggestion: suggestion.start)
    for suggestion in reversed(chosen):
        content = content[: suggestion.start] + suggestion.mark + content[suggestion.end :]
    footnotes = dict.fromkeys(one.footnote for one in chosen if one.footnote)
    if not footnotes:
        return content
    content = content.rstrip("\n")
    last = content[content.rfind("\n\n") + 2 :]
    separator = "\n" if last.startswith("[^") else "\n\n"
    return content + separator + "\n".join(footnotes) + "\n"


def _new_label(said: str, labels: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode().lower()
    stem = _NOT_IN_LABELS.sub("-", plain).strip("-")[:_LONGEST_LABEL].strip("-") or "sign"
    label, number = stem, 2
    while label in labels:
        label, number = f"{stem}-{number}", number + 1
    labels.add(label)
    return label
