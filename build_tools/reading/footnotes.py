"""Footnotes against the marks that they belong to."""

from collections.abc import Iterator, Mapping

from build_tools.model.edition import Edition, Footnote, Kind, Mark, Span
from build_tools.model.text import Problem, Text
from build_tools.reading.body import Body
from build_tools.text.nearness import KnownNames

_CORRECTION_KINDS = ", ".join(kind for kind in Kind if kind.corrects_words)


def check_footnotes(edition: Edition, body: Body) -> Iterator[Problem]:
    """Every mark has its reason, every footnote its place, and each kind stands where it may."""
    text, footnotes = edition.text, dict[str, Footnote]()
    for footnote in edition.footnotes:
        if footnotes.setdefault(footnote.label, footnote) is not footnote:
            what = f"footnote {footnote.label} is defined twice"
            yield text.problem(footnote.offset, what, "rename one of the two, or put them together")
    known, used = KnownNames(footnotes), set[str]()
    readable = {label: one for label, one in footnotes.items() if label not in body.kindless}
    # A footnote on the line of another problem is not checked: it may belong to a broken mark.
    broken = frozenset(problem.place.line for problem in body.problems)
    for span in _list_called(edition):
        used.update(span.notes)
        if not (broken and text.place(span.offset).line in broken):
            for label in span.notes:
                if label not in footnotes and f"[^{label}]" not in body.unread:
                    yield _undefined(text, span.offset, label, known)
            yield from _check_kinds(text, span, readable)
    for label, footnote in footnotes.items():
        if label not in used and label not in body.unread:
            remedy = f"put [^{label}] behind its mark, or take the footnote out"
            yield text.problem(footnote.offset, f"footnote {label} is never used", remedy)


def _list_called(edition: Edition) -> Iterator[Span]:
    """Whatever may have footnotes behind it: the names of turns, as plain spans, and marks."""
    for paragraph in edition.paragraphs:
        yield Span(paragraph.offset, Mark.PLAIN, "", "", paragraph.notes)
        yield from (span for span in paragraph.spans if span.mark is not Mark.PLAIN)


def _undefined(text: Text, offset: int, label: str, known: KnownNames) -> Problem:
    hint = known.ask(label, "[^{}]")
    remedy = f"{hint}{'else ' * bool(hint)}add a line [^{label}]: kind, evidence: reason"
    return text.problem(offset, f"footnote {label} is not defined", remedy)


def _check_kinds(text: Text, span: Span, footnotes: Mapping[str, Footnote]) -> Iterator[Problem]:
    behind = [footnotes[label] for label in span.notes if label in footnotes]
    for label, kind in ((footnote.label, footnote.kind) for footnote in behind):
        what = remedy = ""
        if span.mark is Mark.PLAIN and kind is not Kind.SPEAKER:
            what = f"footnote {label} behind a name says nothing of who speaks"
            remedy = f"write [^{label}]: speaker: reason, or move it behind a word"
        elif span.mark is not Mark.PLAIN and kind is Kind.SPEAKER:
            what = f"footnote {label} says who speaks, and stands behind no name"
            remedy = f"write it directly behind the name of a turn: **Name:**[^{label}]"
        elif span.mark is Mark.NOTE and kind.corrects_words:
            what = f"footnote {label} is the reason of a correction, and there is no mark before it"
            remedy = f"write the mark directly before [^{label}], or begin the footnote with note:"
        if what:
            yield text.problem(span.offset, what, remedy)
    correction = f"the correction of “{' '.join((span.heard or span.said).split())}”"
    if span.mark is Mark.CHANGE and not span.notes:
        remedy = "write [^why] directly behind the mark and add a line "
        remedy += "[^why]: kind, evidence: reason"
        yield text.problem(span.offset, f"{correction} has no footnote", remedy)
    elif span.mark is Mark.CHANGE and behind and all(one.kind is Kind.NOTE for one in behind):
        remedy = f"give the footnote a kind of correction: {_CORRECTION_KINDS}"
        yield text.problem(span.offset, f"{correction} has a note and no reason", remedy)
