"""Sentences that readers see in several places, as parts without markup."""

from typing import NamedTuple

from build_tools.model.transcript import Coverage, Findings, Transcript, WordErrors
from build_tools.text.wording import render_count, render_date, render_share
from build_tools.text.words import find_keys
from build_tools.transcript.layout import Layout, Note

NOTES_TITLE = "Corrections and notes"
NOTES_ID = "corrections-and-notes"
ABOUT_TITLE = "About this text"
ABOUT_ID = "about-this-text"
UNCHANGED = "Apart from the marked corrections not one word was changed."


class Part(NamedTuple):
    """A part of a sentence, which may be a link or words of the recogniser that are struck out.

    `target` is a file below docs/, or a place on the transcript's own page.
    """

    text: str
    target: str = ""
    struck: bool = False


ANSWER = Part("Can you tell?", "contributing.md#solve-a-doubt")


def count_marks(layout: Layout) -> tuple[Part, ...]:
    """The counts of corrections and doubts, and that the rest is proved."""
    findings = layout.findings
    notes = f"#{NOTES_ID}" if layout.notes else ""
    return (
        Part(render_count(len(findings.corrections), "correction"), notes),
        Part(" · "),
        Part(render_count(len(findings.doubts), "doubt"), "doubts.md"),
        Part(" · all else "),
        Part("proved", f"#{ABOUT_ID}"),
        Part(" to be the machine’s own words"),
    )


def state_making(layout: Layout) -> tuple[Part, ...]:
    """How the text was made, by whom, and what is proved of it."""
    findings = layout.findings
    corrections = render_count(len(findings.corrections), "place")
    conjectures = sum(correction.conjecture for correction in findings.corrections)
    words = render_count(len(layout.transcript.source.words), "word")
    guessed = (
        f"; {conjectures} of the corrections are conjectures and say so" if conjectures else ""
    )
    return (
        Part(f"A program, the recogniser, turned the recording into these {words}. "),
        Part("Language models and editors, who had no recording, corrected "),
        Part(f"{corrections}{guessed}. "),
        Part("Undo every correction and you get back exactly "),
        Part("what the machine wrote", f"sources/{layout.transcript.edition.source.file}"),
        Part(": "),
        Part("a program proves it", "policy.md#how-it-is-proved"),
        Part(" each time this site is made."),
    )


def state_checking(layout: Layout) -> tuple[Part, ...]:
    """How much was corrected and read against the recording, and how to help."""
    transcript, findings = layout.transcript, layout.findings
    errors, certain = findings.errors.all, findings.errors.certain
    parts = []
    if errors.total:
        sure = ""
        if certain.total and certain != errors:
            sure = f" (1 in {certain.words // certain.total} without the conjectures)"
        rate = f"Corrected: about 1 word in {errors.words // errors.total}{sure}. "
        parts.append(Part(rate))
    hidden = count_hidden(transcript, findings)
    parts.append(Part(f"A clean reading hides {render_count(hidden, 'word')}. "))
    parts.append(Part(state_coverage(transcript, findings.coverage) + " "))
    if findings.coverage.words < len(transcript.source.words):
        parts.append(Part("Can you help?", "doubts.md"))
    return tuple(parts)


def count_hidden(transcript: Transcript, findings: Findings) -> int:
    """The number of words that a clean reading hides."""
    fillers = (transcript.said[filler.start : filler.end] for filler in findings.fillers)
    return len(find_keys("\n".join(fillers)))


def state_proof(layout: Layout) -> tuple[Part, ...]:
    """The counts of words, corrections and doubts, and that no other word was changed."""
    findings = layout.findings
    conjectures = sum(correction.conjecture for correction in findings.corrections)
    among = f" ({render_count(conjectures, 'conjecture')} among them)" if conjectures else ""
    words = render_count(len(layout.transcript.source.words), "word")
    notes = f"#{NOTES_ID}" if findings.corrections else ""
    return (
        Part(f"{words} of the recogniser, "),
        Part(render_count(len(findings.corrections), "correction"), notes),
        Part(f"{among}, "),
        Part(render_count(len(findings.doubts), "open doubt"), "doubts.md"),
        Part(f". {UNCHANGED}"),
    )


def state_coverage(transcript: Transcript, coverage: Coverage) -> str:
    """How much of a transcript was read against the recording, by whom and when."""
    if not coverage.words:
        return "Not yet checked against the recording."
    reviews = transcript.edition.reviewed
    readers = ", ".join(f"{review.by} ({render_date(review.date)})" for review in reviews)
    share = render_share(coverage.words, len(transcript.source.words))
    return f"{share} of it has been read against the recording: {readers}."


def render_rate(errors: WordErrors) -> str:
    """A word error rate in percent.

    >>> render_rate(WordErrors(1000, 3, 2, 0)), render_rate(WordErrors(0, 0, 0, 0))
    ('0.50%', '—')
    """
    return "—" if errors.rate is None else f"{100 * errors.rate:.2f}%"


def with_certainty(kind: str, *, conjecture: bool) -> str:
    """The name of a kind, which says whether the correction is a conjecture."""
    return f"{kind}, conjecture" if conjecture else kind


def name_note(note: Note) -> str:
    """The heading of a note."""
    if not note.footnote:
        return "Doubt"
    return with_certainty(note.footnote.kind.label, conjecture=note.footnote.conjecture)


def describe_hearing(note: Note) -> tuple[Part, ...]:
    """The recogniser's words that a note explains; () if it explains no correction."""
    if not note.footnote or not note.footnote.kind.is_correction:
        return ()
    struck = Part(note.heard, struck=True)
    if not note.heard:
        return (Part("not in the recogniser’s text"),)
    if note.said:
        return Part("heard as "), struck
    return Part("the recogniser’s "), struck, Part(" left out")
