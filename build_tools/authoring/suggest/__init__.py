"""Likely recognition errors without a mark, the likeliest first.

Each detector is a pure function that finds one sort of error, with features of each finding; its
likelihood follows from them (`ranking`).
"""

from collections.abc import Callable, Iterable, Iterator

from build_tools.authoring.suggest.candidates import find_misheard, strip_possessive
from build_tools.authoring.suggest.evidence import (
    ReadTranscript,
    collect_past_corrections,
    gather_evidence,
)
from build_tools.authoring.suggest.marks import MarkRenderer, Suggestion, remove_decided
from build_tools.authoring.suggest.patterns import find_loops, find_witnessed
from build_tools.authoring.suggest.ranking import LEAST, Finding
from build_tools.model.glossary import Entry
from build_tools.model.transcript import Transcript
from build_tools.reading.decisions import NO_ERROR, Decisions, list_right

DETECTORS: tuple[Callable[[ReadTranscript], Iterator[Finding]], ...] = (
    *(find_misheard, find_loops, find_witnessed),
)


def find_suggestions(
    transcript: Transcript,
    entries: Iterable[Entry],
    transcripts: Iterable[Transcript],
    decisions: Decisions = (),
    least: float = LEAST,
) -> tuple[Suggestion, ...]:
    """Suggestions for one of several transcripts, ready to paste, the likeliest first."""
    transcripts = tuple(transcripts)
    others = [other for other in transcripts if other.edition.slug != transcript.edition.slug]
    past = collect_past_corrections(transcripts)
    evidence = gather_evidence(transcript, entries, others, past, list_right(decisions))
    renderer = MarkRenderer(evidence)
    suggestions = [renderer.render(one) for one in choose_findings(evidence, least)]
    return remove_decided(suggestions, [one for one in decisions if one.decision == NO_ERROR])


def choose_findings(evidence: ReadTranscript, least: float = LEAST) -> tuple[Finding, ...]:
    """Findings that do not overlap, the likeliest first, each for all its places.

    Words that an editor corrected in one place only, or called right, are right in all others.
    """
    found = (finding for detector in DETECTORS for finding in detector(evidence))
    likely = [one for one in found if one.likelihood >= least]
    taken: set[int] = set()
    chosen = []
    for finding in sorted(likely, key=lambda one: (-one.likelihood, one.first, one.end)):
        heard = evidence.keys[finding.first : finding.end]
        if heard and not evidence.right.isdisjoint({heard, strip_possessive(heard)}):
            continue
        free = [place for place in finding.places if taken.isdisjoint(_words(*place))]
        taken.update(word for place in free for word in _words(*place))
        if free:
            first, end = free[0]
            chosen.append(finding._replace(first=first, end=end, more=tuple(free[1:])))
    return tuple(chosen)


def _words(first: int, end: int) -> range:
    """The words of a place; the one behind it, if words are missing there."""
    return range(first, max(end, first + 1))
