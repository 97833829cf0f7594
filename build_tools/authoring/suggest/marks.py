"""Renders findings as marks to paste, and pastes accepted ones into editions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from build_tools.authoring.mark.marking import append_footnotes, compare, number_label
from build_tools.authoring.suggest.evidence import NAMES, ReadTranscript
from build_tools.authoring.suggest.ranking import Finding
from build_tools.model.edition import Edition, Evidence, Kind
from build_tools.model.text import Edit, Place
from build_tools.reading.critic import escape_signs
from build_tools.reading.decisions import Decision
from build_tools.text.words import find_keys
from build_tools.transcript.guess_kind import make_slug

# How many words a suggestion shows on either side.
_CONTEXT = 6
# A likelihood below this threshold makes a reason a conjecture.
_CERTAIN = 0.8


class Suggestion(NamedTuple):
    """A likely error: its place, the evidence for it, and the mark to paste.

    `start` and `end` are offsets in the edition's file; `more` has the further places of the word.
    `said` is None if it cannot be known: the mark is then a doubt. `footnote` is the line to add,
    "" for none. `line` is the number of the source's line or piece, as `unit` says.
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
    label: str = ""
    address: str = ""
    more: tuple[Suggestion, ...] = ()

    @property
    def places(self) -> tuple[Suggestion, ...]:
        """It in each of its places."""
        return (self._replace(more=()), *self.more)

    @property
    def subjects(self) -> tuple[tuple[tuple[str, ...], str], ...]:
        """What a decision about it may name: its words wherever they stand, or here alone."""
        heard = find_keys(self.heard)
        return (heard, ""), (heard, self.address)


class MarkRenderer:
    """Renders the findings of one edition; no two footnotes get the same label."""

    def __init__(self, evidence: ReadTranscript) -> None:
        self._evidence = evidence
        edition, source = evidence.transcript.edition, evidence.transcript.source
        self._compared = compare(edition, source)
        self._labels = {one.label for one in edition.footnotes}
        # One footnote serves every place with the same reason.
        self._reasons: dict[tuple[str, str], str] = {}

    def render(self, finding: Finding) -> Suggestion:
        """The suggestion for a finding; a missing word has an empty slice behind the last one."""
        first, last, said = finding.first, finding.end, finding.said
        text, words = self._compared.edition.text, self._compared.words
        end = words[last - 1].end
        start = words[first].start if first < last else end
        raw = text.content[start:end]
        if said and raw[:1].isupper() and self._evidence.begins_sentence(first):
            said = said[:1].upper() + said[1:]
        label, footnote = self._footnote(finding, said)
        one = finding._replace(more=())
        more = (self.render(one._replace(first=at, end=to)) for at, to in finding.more)
        source = self._compared.source
        cue = source.cue_at(first)
        # The address of a missing word is that of the word before it.
        address = source.address_at(first if first < last else first - 1)
        return Suggestion(
            *(text.place(start), start, end, cue.line, cue.start),
            self._quote(max(first - _CONTEXT, 0), first),
            self._quote(first, last),
            self._quote(last, last + _CONTEXT),
            *(said, finding.kind, finding.grade, finding.why, finding.likelihood),
            render_mark(raw, said, label, finding.why),
            *(footnote, source.unit, label, f"{self._compared.edition.path}#{address}"),
            tuple(more),
        )

    def _footnote(self, finding: Finding, said: str | None) -> tuple[str, str]:
        """The label of the mark's footnote, and the line to add, "" if it exists already."""
        if said is None or finding.label:
            return finding.label, ""
        base = make_slug(said if find_keys(said) else finding.kind) or "sign"
        label = self._reasons.get((said, finding.why)) or number_label(base, self._labels)
        self._labels.add(label)
        self._reasons[said, finding.why] = label
        evidence = _find_evidence(finding)
        sure = "" if finding.likelihood >= _CERTAIN and evidence.can_be_plain else "?"
        return label, f"[^{label}]: {finding.kind}{sure}, {evidence}: {_sentence(finding.why)}."

    def _quote(self, first: int, end: int) -> str:
        return " ".join(self._evidence.text(first, end).split())


def _find_evidence(finding: Finding) -> Evidence:
    """The evidence that a finding is: other places, a name on record, sound, or grammar."""
    if finding.grade == "witnesses agree":
        return Evidence.WITNESS
    if finding.label or finding.grade == "like a known word":
        return Evidence.ELSEWHERE
    if finding.kind in NAMES:
        return Evidence.RECORD
    return Evidence.SOUND if finding.kind is Kind.HOMOPHONE else Evidence.GRAMMAR


def _sentence(words: str) -> str:
    return escape_signs(words[:1].upper() + words[1:])


def render_mark(heard: str, said: str | None, label: str, why: str) -> str:
    """The mark that corrects words, or a doubt if what was said is unknown."""
    if said is None:
        return f"{{=={heard}==}}{{>>{_sentence(why)}<<}}"
    if not heard:
        return f"{{++{escape_signs(said)}++}}[^{label}]"
    if not said:
        return f"{{--{heard}--}}[^{label}]"
    return f"{{~~{heard}~>{escape_signs(said)}~~}}[^{label}]"


def change_suggestion(
    places: Sequence[Suggestion], said: str, reason: str
) -> tuple[Suggestion, ...]:
    """Suggestions with an editor's own correction and reason, in one footnote of their own."""
    label = f"line-{places[0].line}-{places[0].start}"
    footnote = f"[^{label}]: {places[0].kind}: {escape_signs(reason)}"
    marks = (render_mark(escape_signs(one.heard), said, label, reason) for one in places)
    return tuple(
        one._replace(said=said, why=reason, footnote=footnote, label=label, mark=mark)
        for one, mark in zip(places, marks, strict=True)
    )


def group_places(suggestions: Iterable[Suggestion]) -> list[tuple[Suggestion, ...]]:
    """The places of each decision: those where the same words are to become the same others."""
    groups: dict[tuple[object, ...], tuple[Suggestion, ...]] = {}
    for one in suggestions:
        heard, said = find_keys(one.heard), one.said and find_keys(one.said)
        key = (heard, said, one.grade if one.said is None else "") if heard else (one.start,)
        groups[key] = (*groups.get(key, ()), *one.places)
    return list(groups.values())


def remove_decided(
    suggestions: Iterable[Suggestion], decisions: Iterable[Decision]
) -> tuple[Suggestion, ...]:
    """The suggestions without the places that were decided."""
    decided, left = {one.subject for one in decisions}, list[Suggestion]()
    for one in suggestions:
        if found := [place for place in one.places if decided.isdisjoint(place.subjects)]:
            left.append(found[0]._replace(more=tuple(found[1:])))
    return tuple(left)


def accept_suggestions(edition: Edition, accepted: Iterable[Suggestion]) -> list[Edit]:
    """The edits of an edition's text: the marks in order, and their footnotes at its end."""
    places = sorted((place for one in accepted for place in one.places), key=lambda one: one.start)
    edits = [Edit(one.start, one.end, one.mark) for one in places]
    footnotes = dict.fromkeys(one.footnote for one in places if one.footnote)
    return [*edits, *append_footnotes(edition.text.content, footnotes)]
