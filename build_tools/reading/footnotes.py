"""Footnotes against the marks that they belong to."""

from collections.abc import Iterator, Mapping

from build_tools.model.edition import Footnote, Kind, Mark, Paragraph, Span
from build_tools.model.text import Problem, Text
from build_tools.reading.body import Body
from build_tools.text.nearness import KnownNames

_CORRECTION_KINDS = [kind.value for kind in Kind if kind.corrects_words]


def check_footnotes(text: Text, body: Body) -> Iterator[Problem]:
    """Every mark has its reason, every footnote its place, and each kind stands where it may."""
    footnotes: dict[str, Footnote] = {}
    for footnote in body.footnotes:
        if footnote.label in footnotes:
            what = f"footnote {footnote.label} is defined twice"
            remedy = "rename one of the two, or put them together"
            yield text.problem(footnote.offset, what, remedy)
        footnotes.setdefault(footnote.label, footnote)
    yield from _check_spans(text, body, footnotes)
    yield from _check_turns(text, body, footnotes)
    used = {label for span in _list_spans(body) for label in span.notes}
    used |= {label for paragraph in _list_paragraphs(body) for label in paragraph.notes}
    for label, footnote in footnotes.items():
        if label not in used and label not in body.unread:
            remedy = f"put [^{label}] behind its mark, or take the footnote out"
            yield text.problem(footnote.offset, f"footnote {label} is never used", remedy)


def _list_paragraphs(body: Body) -> Iterator[Paragraph]:
    return (paragraph for chapter in body.chapters for paragraph in chapter.paragraphs)


def _list_spans(body: Body) -> Iterator[Span]:
    return (span for paragraph in _list_paragraphs(body) for span in paragraph.spans)


def _check_turns(text: Text, body: Body, footnotes: Mapping[str, Footnote]) -> Iterator[Problem]:
    """Whether the footnotes behind the names of turns say why somebody else speaks."""
    for paragraph in _list_paragraphs(body):
        for label in paragraph.notes:
            if label not in footnotes:
                yield _undefined(text, paragraph.offset, label, KnownNames(footnotes))
            elif footnotes[label].kind is not Kind.SPEAKER and label not in body.kindless:
                what = f"footnote {label} behind a name says nothing of who speaks"
                remedy = f"write [^{label}]: speaker: reason, or move it behind a word"
                yield text.problem(paragraph.offset, what, remedy)


def _check_spans(text: Text, body: Body, footnotes: Mapping[str, Footnote]) -> Iterator[Problem]:
    for paragraph in body.introduction:
        for span in paragraph.spans:
            if span.mark is not Mark.PLAIN:
                what = "the introduction is the editor's own and holds no mark and no footnote"
                remedy = "write it plainly; speech begins at the first ## chapter or **Name:**"
                yield text.problem(span.offset, what, remedy)
    labels = KnownNames(footnotes)
    # A footnote on the line of a broken mark is not checked: it may belong to the mark.
    broken = frozenset(problem.place.line for problem in body.problems)
    for span in _list_spans(body):
        if span.mark is Mark.NOTE:
            if not (broken and text.place(span.offset).line in broken):
                yield from _check_labels(text, span, footnotes, labels)
        elif span.mark is not Mark.PLAIN and not any(
            f"[^{label}]" in body.unread for label in span.notes
        ):
            yield from _check_labels(text, span, footnotes, labels)
            if span.mark is Mark.CHANGE and not body.kindless.intersection(span.notes):
                yield from _check_reason(text, span, footnotes)


def _undefined(text: Text, offset: int, label: str, labels: KnownNames) -> Problem:
    hint = labels.ask(label, "[^{}]")
    remedy = f"{hint}{'else ' * bool(hint)}add a line [^{label}]: kind, evidence: reason"
    return text.problem(offset, f"footnote {label} is not defined", remedy)


def _check_labels(
    text: Text, span: Span, footnotes: Mapping[str, Footnote], labels: KnownNames
) -> Iterator[Problem]:
    for label in span.notes:
        footnote = footnotes.get(label)
        if not footnote:
            yield _undefined(text, span.offset, label, labels)
        elif footnote.kind is Kind.SPEAKER:
            what = f"footnote {label} says who speaks, and stands behind no name"
            remedy = f"write it directly behind the name of a turn: **Name:**[^{label}]"
            yield text.problem(span.offset, what, remedy)
        elif span.mark is Mark.NOTE and footnote.kind.corrects_words:
            what = f"footnote {label} is the reason of a correction, and there is no mark before it"
            remedy = f"write the mark directly before [^{label}], or begin the footnote with note:"
            yield text.problem(span.offset, what, remedy)


def _check_reason(text: Text, span: Span, footnotes: Mapping[str, Footnote]) -> Iterator[Problem]:
    """Whether a correction has a footnote of a kind of correction."""
    behind = [footnotes[label] for label in span.notes if label in footnotes]
    correction = f"the correction of “{' '.join((span.heard or span.said).split())}”"
    if not span.notes:
        remedy = (
            "write [^why] directly behind the mark and add a line [^why]: kind, evidence: reason"
        )
        yield text.problem(span.offset, f"{correction} has no footnote", remedy)
    elif behind and all(footnote.kind is Kind.NOTE for footnote in behind):
        remedy = f"give the footnote a kind of correction: {', '.join(_CORRECTION_KINDS)}"
        yield text.problem(span.offset, f"{correction} has a note and no reason", remedy)
