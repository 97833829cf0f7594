"""Sentences that readers see in several places, as parts without markup."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from build_tools.model.edition import UNKNOWN_LABEL, Edition, Footnote, Kind
from build_tools.model.source import Source
from build_tools.model.transcript import ApparatusEntry, Coverage, Remark, Transcript
from build_tools.text.catalogue import tr
from build_tools.text.wording import render_count, render_date, render_number, render_share
from build_tools.text.words import find_keys
from build_tools.transcript.layout import Layout, Note
from build_tools.transcript.sense import describe_sense_change

NOTES_TITLE = "Corrections and notes"
NOTES_ID = "corrections-and-notes"
ABOUT_TITLE = "About this text"
ABOUT_ID = "about-this-text"


class Part(NamedTuple):
    """A part of a sentence, which may be a link or words of the recogniser that are struck out.

    `target` is a file below docs/, or a place on the transcript's own page.
    """

    text: str
    target: str = ""
    struck: bool = False


def ask_answer() -> Part:
    """What a doubt asks its reader."""
    return Part(tr("Can you tell?"), "contributing.md#solve-a-doubt")


def fill(text: str, **parts: Part) -> tuple[Part, ...]:
    """A sentence in the site's language, with parts in place of the names in braces."""
    pieces = re.split(r"[{}]", tr(text))
    parted = (parts[one] if place % 2 else Part(one) for place, one in enumerate(pieces))
    return tuple(part for part in parted if part.text)


def count_marks(layout: Layout) -> tuple[Part, ...]:
    """The counts of corrections and doubts, and that the rest is proved."""
    findings = layout.findings
    notes = f"#{NOTES_ID}" if layout.notes else ""
    return fill(
        "{corrections} · {doubts} · all else {proved} to be the machine’s own words",
        corrections=Part(render_count(len(findings.corrections), "correction"), notes),
        doubts=Part(render_count(len(findings.doubts), "doubt"), "doubts.md"),
        proved=Part(tr("proved"), f"#{ABOUT_ID}"),
    )


def state_making(layout: Layout) -> tuple[Part, ...]:
    """How the text was made, by whom, and what is proved of it."""
    findings, edition = layout.findings, layout.transcript.edition
    conjectures = sum(correction.conjecture for correction in findings.corrections)
    source = layout.transcript.source
    words = render_count(len(source.words), "word")
    if left_out := count_furniture(source):
        more = "{words} ({number} more are left out as the page’s own)"
        words = tr(more, words=words, number=render_number(left_out))
    corrected = (
        "{editors} corrected {places}; {number} of the corrections are conjectures and say so."
        if conjectures
        else "{editors} corrected {places}."
    )
    places = render_count(len(findings.corrections), "place")
    editors = edition.editors or tr("Editors")
    made = tr("A program, the recogniser, turned the recording into these {words}.", words=words)
    by = tr(corrected, editors=editors, places=places, number=conjectures)
    undone = fill(
        "Undo every correction and you get back exactly {words}: {proof} each time this site is "
        "made.",
        words=Part(tr("the words that the machine wrote"), f"sources/{edition.source.file}"),
        proof=Part(tr("a program proves it"), "policy.md#how-it-is-proved"),
    )
    return Part(f"{made} {by} "), *undone


def state_checking(layout: Layout) -> str:
    """How much was corrected, and what a clean reading hides."""
    transcript, findings = layout.transcript, layout.findings
    errors, certain = findings.errors.all, findings.errors.certain
    said = []
    if errors.total:
        rate = "Corrected: about 1 word in {all}."
        sure = 0
        if certain.total and certain != errors:
            rate = "Corrected: about 1 word in {all} (1 in {sure} without the conjectures)."
            sure = certain.words // certain.total
        said.append(tr(rate, all=errors.words // errors.total, sure=sure))
    fillers = (transcript.said[filler.start : filler.end] for filler in findings.fillers)
    hidden = render_count(len(find_keys("\n".join(fillers))), "word")
    said.append(tr("A clean reading hides {words}.", words=hidden))
    if letter := transcript.edition.timed_by:
        engine = transcript.edition.witnesses[letter].engine
        named = tr("witness {letter}", letter=letter) + (f", {engine}" if engine else "")
        told = "The source has no times: those to listen from are of {witness}."
        said.append(tr(told, witness=named))
    return " ".join(said)


def count_furniture(source: Source) -> int:
    """The number of words of a source that are left out as no speech."""
    return sum(len(find_keys(cue.text)) for cue in source.furniture)


def state_claims(transcript: Transcript, coverage: Coverage) -> str:
    """What editors say of a source and its readers, labelled as theirs: no check can prove it."""
    edition, whole = transcript.edition, len(transcript.source.words)
    note, label = edition.source.note, tr("The editors say, and no check can prove it:")
    if not coverage.words:
        read = tr("Not yet checked against the recording.")
        return f"{read} {label} {note}" if note else read
    readers, second = (
        [
            f"{one.by} ({render_date(one.date)})"
            for one in edition.reviewed
            if (one.level == "validated") is again
        ]
        for again in (False, True)
    )
    told = (
        "{share} of it has been read against the recording: {readers}; {again} of it was validated "
        "by a second person: {second}."
        if second
        else "{share} of it has been read against the recording: {readers}."
    )
    shares = {"share": coverage.words, "again": coverage.validated}
    facts = {name: render_share(words, whole) for name, words in shares.items()}
    said = tr(told, readers=", ".join(readers), second=", ".join(second), **facts)
    return f"{label} {said} {note}".strip()


def state_version(edition: Edition) -> str:
    """The version of an edition, its day, and who helped to make it."""
    told = "Version {version} of {date}." if edition.changed else "Version {version}."
    version = tr(told, version=edition.version, date=render_date(edition.changed))
    names = ", ".join(edition.contributors)
    return f"{version} {tr('Contributors: {names}.', names=names)}" if names else version


def list_facts(edition: Edition) -> dict[str, str]:
    """What an archive or a podcast says of the recording, by label."""
    episode = " ".join(filter(None, (edition.podcast, edition.episode)))
    facts = {
        tr("Episode"): episode if edition.episode else "",
        tr("Place"): edition.place,
        tr("Interviewer"): edition.interviewer,
        tr("Rights"): edition.rights,
        tr("Identifier"): edition.identifier,
    }
    return {label: text for label, text in facts.items() if text}


def describe_reason(footnote: Footnote) -> str:
    """The kind of a footnote, with the certainty and the evidence of a correction.

    "Name, on record", "Sounds alike, conjecture by sound and sense".
    """
    vouched = tr(footnote.evidence.meaning) if footnote.evidence else ""
    if footnote.conjecture:
        conjecture = "conjecture by {evidence}" if vouched else "conjecture"
        vouched = tr(conjecture, evidence=vouched)
    return ", ".join(filter(None, (tr(footnote.kind.label), vouched)))


def show_said(remark: Remark) -> str:
    """What was said, or who spoke, as readers see it."""
    return tr(remark.said) if remark.said == UNKNOWN_LABEL else remark.said


def name_note(note: Note) -> str:
    """The heading of a note."""
    return describe_reason(note.footnote) if note.footnote else tr("Doubt")


def describe_variant(entry: ApparatusEntry) -> str:
    """What the source and its witnesses heard: `A “Ola”, B and C “Olah”`."""
    read = (f"{join_letters(letters)} {quote_reading(text)}" for letters, text in entry.readings)
    return ", ".join(read)


def join_letters(letters: Iterable[str]) -> str:
    """Letters of witnesses as a person lists them.

    >>> join_letters("A"), join_letters("BCD")
    ('A', 'B, C and D')
    """
    *others, last = letters
    return tr("{several} and {last}", several=", ".join(others), last=last) if others else last


def quote_reading(text: str) -> str:
    """A reading in quotation marks."""
    return tr("“{words}”", words=text) if text else tr("nothing")


def describe_hearing(note: Note) -> tuple[Part, ...]:
    """The recogniser's words that a note explains; () if it explains no correction."""
    if not note.footnote or not note.footnote.kind.is_correction:
        return ()
    if note.footnote.kind is Kind.SPEAKER:
        return (Part(tr("the source names {name}", name=note.heard or tr("nobody"))),)
    struck = Part(note.heard, struck=True)
    change = describe_sense_change(note.heard, note.said)
    behind = (Part(tr("; this {change}", change=change)),) if change else ()
    if not note.heard:
        return Part(tr("not in the recogniser’s text")), *behind
    told = "heard as {heard}" if note.said else "the recogniser’s {heard} left out"
    return *fill(told, heard=struck), *behind
