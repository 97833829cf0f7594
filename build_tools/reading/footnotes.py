"""Footnotes against the marks that they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from build_tools.model.edition import Footnote, Kind, Mark, Span
from build_tools.model.text import Problem, Text
from build_tools.reading.body import Body
from build_tools.text.nearness import KnownNames

_CORRECTION_KINDS = [kind.value for kind in Kind if kind.is_correction]


class _Defined(NamedTuple):
    """The footnotes of an edition by label; the kind of those that are `kindless` is unknown."""

    footnotes: Mapping[str, Footnote]
    kindless: frozenset[str]
    names: KnownNames


def check_footnotes(text: Text, body: Body) -> Iterator[Problem]:
    """Every mark has its reason, every footnote its place, and each kind stands where it may."""
    footnotes: dict[str, Footnote] = {}
    for footnote in body.footnotes:
        if footnote.label in footnotes:
            yield text.problem(
                footnote.offset,
                f"footnote {footnote.label} is defined twice",
                "rename one of the two, or put them together",
            )
        footnotes.setdefault(footnote.label, footnote)
    yield from _check_spans(text, body, footnotes)
    used = {label for span in _list_spans(body) for label in span.notes}
    for label, footnote in footnotes.items():
        if label not in used:
            yield text.problem(
                footnote.offset,
                f"footnote {label} is never used",
                f"put [^{label}] behind its mark, or take the footnote out",
            )


def _list_spans(body: Body) -> Iterator[Span]:
    return (
        span
        for chapter in body.chapters
        for paragraph in chapter.paragraphs
        for span in paragraph.spans
    )


def _check_spans(text: Text, body: Body, footnotes: Mapping[str, Footnote]) -> Iterator[Problem]:
    for paragraph in body.introduction:
        for span in paragraph.spans:
            if span.mark is not Mark.PLAIN:
                yield text.problem(
                    span.offset,
                    "the introduction is the editor's own and holds no mark and no footnote",
                    "write it plainly; speech begins at the first ## chapter or **Name:**",
                )
    defined = _Defined(footnotes, body.kindless, KnownNames(footnotes))
    # A footnote on the line of a broken mark is not checked: it may belong to the mark.
    broken = frozenset(problem.place.line for problem in body.problems)
    for span in _list_spans(body):
        if span.mark is Mark.NOTE:
            if not (broken and text.place(span.offset).line in broken):
                yield from _check_labels(text, span, defined)
        elif span.mark is not Mark.PLAIN:
            yield from _check_labels(text, span, defined)
            yield from _check_reason(text, span, defined)


def _check_labels(text: Text, span: Span, defined: _Defined) -> Iterator[Problem]:
    for label in span.notes:
        footnote = defined.footnotes.get(label)
        if not footnote:
            near = defined.names.find_near(label)
            hint = f"did you mean [^{near}]? else " if near else ""
            yield text.problem(
                span.offset,
                f"footnote {label} is not defined",
                f"{hint}add a line [^{label}]: kind: reason",
            )
        elif span.mark is Mark.NOTE and footnote.kind.is_correction:
            yield text.problem(
                span.offset,
                f"footnote {label} is the reason of a correction, and there is no mark before it",
                f"write the mark directly before [^{label}], or begin the footnote with note:",
            )


def _check_reason(text: Text, span: Span, defined: _Defined) -> Iterator[Problem]:
    """Whether a correction has a footnote of a kind of correction."""
    if span.mark is not Mark.CHANGE or defined.kindless.intersection(span.notes):
        return
    footnotes = [defined.footnotes[label] for label in span.notes if label in defined.footnotes]
    if not span.notes:
        yield text.problem(
            span.offset,
            f"the correction of {_quote(span)} has no footnote",
            "write [^why] directly behind the mark and add a line [^why]: kind: reason",
        )
    elif footnotes and not any(footnote.kind.is_correction for footnote in footnotes):
        yield text.problem(
            span.offset,
            f"the correction of {_quote(span)} has a note and no reason",
            f"give the footnote a kind of correction: {', '.join(_CORRECTION_KINDS)}",
        )


def _quote(span: Span) -> str:
    return f"“{' '.join((span.heard or span.said).split())}”"
