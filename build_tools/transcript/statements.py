"""Sentences that readers see in several places, as parts without markup."""

from collections import Counter
from itertools import chain
from typing import NamedTuple

from build_tools.model.edition import Footnote, Kind
from build_tools.model.source import Source
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
    source = layout.transcript.source
    words = render_count(len(source.words), "word")
    if left_out := count_furniture(source):
        words += f" ({left_out:,} more are left out as the page’s own)"
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
    source = layout.transcript.source
    words = f"{render_count(len(source.words), 'word')} of the recogniser"
    if left_out := count_furniture(source):
        words += f" ({left_out:,} more left out as the page’s own)"
    notes = f"#{NOTES_ID}" if findings.corrections else ""
    return (
        Part(f"{words}, "),
        Part(render_count(len(findings.corrections), "correction"), notes),
        Part(f"{among}, "),
        Part(render_count(len(findings.doubts), "open doubt"), "doubts.md"),
        Part(f". {UNCHANGED}"),
    )


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


# Words that turn the sense of a sentence, in the languages that most sources are in.
_NEGATIONS = frozenset(
    find_keys(
        "not no never none nor neither nothing nobody cannot cant dont wont didnt isnt without "
        "nicht kein keine keinen nie nein nichts ohne pas jamais rien sans non nunca nada sin niet "
        "geen nooit não не нет ни никогда לא אין لا ليس لم لن 不 没"
    )
)
_NUMBERS = frozenset(
    find_keys(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
        "hundred thousand million billion trillion half percent %"
    )
)
# No names, where a sentence begins with them.
_OPENINGS = frozenset(
    find_keys(
        "a all also an and are as at because but can could did do does for he her here his how i "
        "i'd i'll i'm i've if in is it it's its just like many maybe mm my now of oh ok okay on or "
        "our she so some still that that's the their them then there there's these they this those "
        "though to uh um was we we're well were what when where which while who why will with "
        "would yeah yes you you're your"
    )
)


def describe_turn(heard: str, said: str) -> str:
    """The words taken out, or put in, by which a correction may turn the sense; "" if none.

    They are negations, and numbers and names that nothing stands for.

    >>> describe_turn("did not", "did"), describe_turn("we know", "we never know")
    ('takes out “not”', 'puts in “never”')
    >>> describe_turn("Sam Altman paid 12", "he paid"), describe_turn("Ola in 1994", "Olah in 2014")
    ('takes out “12”, “sam”, “altman”', '')
    """
    names = _find_names(f"{heard} {said}")
    before, after = (Counter(find_keys(text)) for text in (heard, said))
    gone, come = list((before - after).elements()), list((after - before).elements())
    if "".join(gone) == "".join(come):
        # Only blanks differ.
        return ""
    kinds = (_is_negation, _is_number, lambda word: word in names or _is_number(word))
    lost = (filter(kind, gone) for kind in kinds if not any(map(kind, come)))
    new = [] if any(map(_is_negation, gone)) else filter(_is_negation, come)
    turns = (("takes out", list(chain.from_iterable(lost))), ("puts in", list(new)))
    return ", ".join(
        f"{what} {', '.join(f'“{word}”' for word in dict.fromkeys(words))}"
        for what, words in turns
        if words
    )


def _is_negation(word: str) -> bool:
    return word in _NEGATIONS or word.endswith("n't")


def _is_number(word: str) -> bool:
    return word in _NUMBERS or any(map(str.isdigit, word))


def _find_names(text: str) -> frozenset[str]:
    """The keys of words with a capital that are no common openings of a sentence."""
    capitals = (word for word in text.split() if word.lstrip("([“‘\"'")[:1].isupper())
    return frozenset(find_keys(" ".join(capitals))) - _OPENINGS


def describe_hearing(note: Note) -> tuple[Part, ...]:
    """The recogniser's words that a note explains; () if it explains no correction."""
    if not note.footnote or not note.footnote.kind.is_correction:
        return ()
    if note.footnote.kind is Kind.SPEAKER:
        return (Part(f"the source names {note.heard or 'nobody'}"),)
    struck = Part(note.heard, struck=True)
    turn = describe_turn(note.heard, note.said)
    behind = (Part(f"; this {turn}"),) if turn else ()
    if not note.heard:
        return Part("not in the recogniser’s text"), *behind
    if note.said:
        return Part("heard as "), struck, *behind
    return Part("the recogniser’s "), struck, Part(" left out"), *behind
