"""Findings as marks to paste, and editions into which such marks are pasted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from build_tools.authoring.suggest.evidence import Evidence, Finding
from build_tools.authoring.suggest.suggestion import Suggestion
from build_tools.model.edition import Edition
from build_tools.reading.rejection import file_offset, reject_marks
from build_tools.text.words import find_keys

# So many words are shown on either side.
_AROUND = 6
# A reason that is right no oftener than this is a conjecture.
_SURE = 0.8
_MARKUP = re.compile(r"([\\`*_{}\[\]<>~])")
_NO_LABEL = re.compile(r"[^a-z0-9]+")
_LONGEST_LABEL = 40


def render_marks(
    evidence: Evidence, findings: Iterable[tuple[Finding, float]]
) -> tuple[Suggestion, ...]:
    """A suggestion for each finding and its likelihood, in the same order."""
    renderer = _Renderer(evidence)
    return tuple(renderer.render(finding, likelihood) for finding, likelihood in findings)


class _Renderer:
    """Knows the places of words in the file, and which labels of footnotes are taken."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.edition = evidence.transcript.edition
        self.rejected = reject_marks(self.edition)
        self.labels = {footnote.label for footnote in self.edition.footnotes}
        # One footnote serves every place that has the same reason.
        self.reasons: dict[tuple[str, str], str] = {}

    def render(self, finding: Finding, likelihood: float) -> Suggestion:
        text = self.edition.text
        start, end = self._slice(finding)
        raw = text.content[start:end]
        said = finding.said
        if said and raw[:1].isupper() and self.evidence.begins(finding.first):
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
            self._written(finding.first - _AROUND, finding.first),
            self._written(finding.first, finding.end),
            self._written(finding.end, finding.end + _AROUND),
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
        """The label behind the mark, and the line that gives its reason where there is none yet."""
        if said is None or finding.label:
            return finding.label, ""
        name = said if find_keys(said) and said != "%" else finding.kind.value
        label = self.reasons.get((said, finding.why)) or _new_label(name, self.labels)
        self.reasons[said, finding.why] = label
        conjecture = "" if likelihood >= _SURE else "?"
        return label, f"[^{label}]: {finding.kind.value}{conjecture}: {_sentence(finding.why)}."

    def _written(self, first: int, end: int) -> str:
        words = self.evidence.words[max(first, 0) : end]
        heard = self.evidence.transcript.heard
        return " ".join(heard[words[0].start : words[-1].end].split()) if words else ""

    def _slice(self, finding: Finding) -> tuple[int, int]:
        """Where its words begin and end in the file; what is missing stands behind the last."""
        words = self.evidence.words
        if finding.first == finding.end:
            end = self._offset(words[finding.first - 1].end - 1) + 1
            return end, end
        start = self._offset(words[finding.first].start)
        return start, self._offset(words[finding.end - 1].end - 1) + 1

    def _offset(self, position: int) -> int:
        placed = self.rejected.spans[self.rejected.span_number(position)]
        return file_offset(self.edition, placed, position)


def _sentence(words: str) -> str:
    return escape_markup(words[:1].upper() + words[1:])


def render_mark(heard: str, said: str | None, label: str, why: str) -> str:
    """The mark that says what was said in the place of words; a doubt where nobody can tell."""
    if said is None:
        return f"{{=={heard}==}}{{>>{_sentence(why)}<<}}"
    if not heard:
        return f"{{++{escape_markup(said)}++}}[^{label}]"
    if not said:
        return f"{{--{heard}--}}[^{label}]"
    return f"{{~~{heard}~>{escape_markup(said)}~~}}[^{label}]"


def change_suggestion(suggestion: Suggestion, said: str, reason: str) -> Suggestion:
    """The suggestion of a person who knows what was said and why, with a footnote of its own."""
    label = f"line-{suggestion.line}-{suggestion.start}"
    return suggestion._replace(
        said=said,
        why=reason,
        mark=render_mark(escape_markup(suggestion.heard), said, label, reason),
        footnote=f"[^{label}]: {suggestion.kind.value}: {escape_markup(reason)}",
    )


def escape_markup(words: str) -> str:
    """Words as an edition takes them literally."""
    return _MARKUP.sub(r"\\\1", words)


def accept_suggestions(edition: Edition, accepted: Iterable[Suggestion]) -> str:
    """The edition's text with suggestions written in as marks, their footnotes at its end."""
    content = edition.text.content
    footnotes: dict[str, None] = {}
    chosen = sorted(accepted, key=lambda suggestion: suggestion.start)
    for suggestion in reversed(chosen):
        content = content[: suggestion.start] + suggestion.mark + content[suggestion.end :]
    footnotes = {suggestion.footnote: None for suggestion in chosen if suggestion.footnote}
    if not footnotes:
        return content
    content = content.rstrip("\n")
    last = content[content.rfind("\n\n") + 2 :]
    separator = "\n" if last.startswith("[^") else "\n\n"
    return content + separator + "\n".join(footnotes) + "\n"


def _new_label(said: str, labels: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode().lower()
    stem = _NO_LABEL.sub("-", plain).strip("-")[:_LONGEST_LABEL].strip("-") or "sign"
    label, number = stem, 2
    while label in labels:
        label, number = f"{stem}-{number}", number + 1
    labels.add(label)
    return label
