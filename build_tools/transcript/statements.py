"""Sentences that readers see in several places, as parts without markup."""

from typing import NamedTuple

from build_tools.model.edition import Footnote, Kind
from build_tools.model.transcript import Coverage, Errors, Transcript, WordErrors
from build_tools.text.wording import render_count, render_date, render_share
from build_tools.transcript.layout import Layout, Note

NOTES_TITLE = "Corrections and notes"
NOTES_ID = "corrections-and-notes"
UNCHANGED = "Apart from the marked corrections not one word was changed."


class Part(NamedTuple):
    """A part of a sentence, which may be a link or words of the recogniser that are struck out.

    `target` is a file below docs/, or a place on the transcript's own page.
    """

    text: str
    target: str = ""
    struck: bool = False


QUESTION = Part("Do you know?", "doubts.md")


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
        return "Nobody has read it against the recording yet."
    reviews = transcript.edition.reviewed
    readers = ", ".join(f"{review.by} ({render_date(review.date)})" for review in reviews)
    share = render_share(coverage.words, len(transcript.source.words))
    return f"{share} of it has been read against the recording: {readers}."


def state_error_rate(errors: Errors) -> str:
    """How wrong the recogniser was, with and without conjectures; "" where no error is known."""
    if not errors.all.total:
        return ""
    certain = ""
    if errors.certain != errors.all:
        certain = f"; {render_rate(errors.certain)} if no conjecture is right"
    return f"Its word error rate is at least {render_rate(errors.all)}{certain}."


def render_rate(errors: WordErrors) -> str:
    """A word error rate in percent.

    >>> render_rate(WordErrors(1000, 3, 2, 0)), render_rate(WordErrors(0, 0, 0, 0))
    ('0.50%', '—')
    """
    return "—" if errors.rate is None else f"{100 * errors.rate:.2f}%"


def describe_reason(footnote: Footnote) -> str:
    """The kind of a footnote, with the certainty and the evidence of a correction.

    "Name, on record", "Homophone, conjecture by sound and sense".
    """
    certainty = "conjecture" if footnote.conjecture else ""
    evidence = footnote.evidence.label if footnote.evidence else ""
    vouched = " by ".join(filter(None, (certainty, evidence)))
    return ", ".join(filter(None, (footnote.kind.label, vouched)))


def name_note(note: Note) -> str:
    """The heading of a note."""
    if not note.footnote:
        return "Doubt"
    return describe_reason(note.footnote)


def describe_hearing(note: Note) -> tuple[Part, ...]:
    """The recogniser's words that a note explains; () if it explains no correction."""
    if not note.footnote or not note.footnote.kind.is_correction:
        return ()
    if note.footnote.kind is Kind.SPEAKER:
        return (Part(f"the source names {note.heard or 'nobody'}"),)
    struck = Part(note.heard, struck=True)
    if not note.heard:
        return (Part("not in the recogniser’s text"),)
    if note.said:
        return Part("heard as "), struck
    return Part("the recogniser’s "), struck, Part(" left out")
