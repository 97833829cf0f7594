"""Sentences that readers see in several places, as parts without markup."""

from typing import NamedTuple

from build_tools.model.edition import Edition, Footnote, Kind
from build_tools.model.source import Source
from build_tools.model.transcript import ApparatusEntry, Coverage, Transcript
from build_tools.text.wording import one_line, render_count, render_date, render_share
from build_tools.text.words import find_keys
from build_tools.transcript.apparatus import join_letters, quote_reading
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


ANSWER = Part("Can you tell?", "contributing.md#solve-a-doubt")
HELP = Part("Can you help?", "doubts.md")


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
    findings, edition = layout.findings, layout.transcript.edition
    corrections = render_count(len(findings.corrections), "place")
    conjectures = sum(correction.conjecture for correction in findings.corrections)
    source = layout.transcript.source
    words = render_count(len(source.words), "word")
    if left_out := count_furniture(source):
        words += f" ({left_out:,} more are left out as the page’s own)"
    guessed = (
        f"; {conjectures} of the corrections are conjectures and say so" if conjectures else ""
    )
    return (
        Part(f"A program, the recogniser, turned the recording into these {words}. "),
        Part(f"{edition.editors or 'Editors'} corrected {corrections}{guessed}. "),
        Part("Undo every correction and you get back exactly "),
        Part("the words that the machine wrote", f"sources/{edition.source.file}"),
        Part(": "),
        Part("a program proves it", "policy.md#how-it-is-proved"),
        Part(" each time this site is made."),
    )


def state_checking(layout: Layout) -> tuple[Part, ...]:
    """How much was corrected, and what a clean reading hides."""
    transcript, findings = layout.transcript, layout.findings
    errors, certain = findings.errors.all, findings.errors.certain
    parts = []
    if errors.total:
        sure = ""
        if certain.total and certain != errors:
            sure = f" (1 in {certain.words // certain.total} without the conjectures)"
        rate = f"Corrected: about 1 word in {errors.words // errors.total}{sure}. "
        parts.append(Part(rate))
    fillers = (transcript.said[filler.start : filler.end] for filler in findings.fillers)
    hidden = render_count(len(find_keys("\n".join(fillers))), "word")
    parts.append(Part(f"A clean reading hides {hidden}."))
    if letter := transcript.edition.timed_by:
        engine = transcript.edition.witnesses[letter].engine
        named = f"witness {letter}" + (f", {engine}" if engine else "")
        parts.append(Part(f" The source has no times: those to listen from are of {named}."))
    return tuple(parts)


def count_furniture(source: Source) -> int:
    """The number of words of a source that are left out as no speech."""
    return sum(len(find_keys(cue.text)) for cue in source.furniture)


def state_claims(transcript: Transcript, coverage: Coverage) -> str:
    """What editors say of a source and its readers, labelled as theirs: no check can prove it."""
    read, note = state_coverage(transcript, coverage), transcript.edition.source.note
    label = "The editors say, and no check can prove it:"
    if coverage.words:
        return f"{label} {read} {note}".strip()
    return f"{read} {label} {note}" if note else read


def state_coverage(transcript: Transcript, coverage: Coverage) -> str:
    """How much of a transcript was read against the recording, by whom and when."""
    if not coverage.words:
        return "Not yet checked against the recording."
    first, second = (_name_readers(transcript, validates=one) for one in (False, True))
    share, again = (
        render_share(words, len(transcript.source.words))
        for words in (coverage.words, coverage.validated)
    )
    validated = f"; {again} of it was validated by a second person: {second}" if second else ""
    return f"{share} of it has been read against the recording: {first}{validated}."


def _name_readers(transcript: Transcript, *, validates: bool) -> str:
    reviews = (one for one in transcript.edition.reviewed if one.validates is validates)
    return ", ".join(f"{review.by} ({render_date(review.date)})" for review in reviews)


def state_version(edition: Edition) -> str:
    """The version of an edition, its day, and who helped to make it."""
    day = f" of {render_date(edition.changed)}" if edition.changed else ""
    names = ", ".join(map(one_line, edition.contributors))
    return f"Version {edition.version}{day}." + (f" Contributors: {names}." if names else "")


def list_facts(edition: Edition) -> dict[str, str]:
    """What an archive or a podcast says of the recording, by label."""
    facts = {
        "Episode": " ".join(filter(None, (edition.podcast, edition.episode))),
        "Place": edition.place,
        "Interviewer": edition.interviewer,
        "Rights": edition.rights,
        "Identifier": edition.identifier,
    }
    return {
        label: text
        for label, text in facts.items()
        if text and (label != "Episode" or edition.episode)
    }


def describe_reason(footnote: Footnote) -> str:
    """The kind of a footnote, with the certainty and the evidence of a correction.

    "Name, on record", "Homophone, conjecture by sound and sense".
    """
    certainty = "conjecture" if footnote.conjecture else ""
    evidence = footnote.evidence.meaning if footnote.evidence else ""
    vouched = " by ".join(filter(None, (certainty, evidence)))
    return ", ".join(filter(None, (footnote.kind.label, vouched)))


def name_note(note: Note) -> str:
    """The heading of a note."""
    if not note.footnote:
        return "Doubt"
    return describe_reason(note.footnote)


def describe_hearing(note: Note) -> tuple[Part, ...]:
    """What the recogniser heard where a note explains a correction, and what witnesses did."""
    change, heard = _describe_change(note), "; ".join(map(describe_variant, note.variants))
    return (*change, Part(f"{'; ' * bool(change)}{heard}")) if heard else change


def describe_variant(entry: ApparatusEntry) -> str:
    """What the source and its witnesses heard: `A “Ola”, B and C “Olah”`."""
    read = (f"{join_letters(letters)} {quote_reading(text)}" for letters, text in entry.readings)
    return ", ".join(read)


def _describe_change(note: Note) -> tuple[Part, ...]:
    """The recogniser's words that a note explains; () if it explains no correction."""
    if not note.footnote or not note.footnote.kind.is_correction:
        return ()
    if note.footnote.kind is Kind.SPEAKER:
        return (Part(f"the source names {note.heard or 'nobody'}"),)
    struck = Part(note.heard, struck=True)
    change = describe_sense_change(note.heard, note.said)
    behind = (Part(f"; this {change}"),) if change else ()
    if not note.heard:
        return Part("not in the recogniser’s text"), *behind
    if note.said:
        return Part("heard as "), struck, *behind
    return Part("the recogniser’s "), struck, Part(" left out"), *behind
