"""Likely recognition errors without a mark, the likeliest first.

Each detector is a pure function that looks for one sort of evidence. Likelihoods are measured:
`python -m tests.benchmarks.suggestions` removes the marks of the collection and counts the right
findings of each grade of evidence.
"""

from collections.abc import Callable, Iterable, Iterator

from build_tools.authoring.suggest.evidence import (
    Finding,
    ReadTranscript,
    collect_past_corrections,
    gather_evidence,
)
from build_tools.authoring.suggest.marks import MarkRenderer, Suggestion, remove_decided
from build_tools.authoring.suggest.names import find_names, find_spellings
from build_tools.authoring.suggest.patterns import find_loops, find_recurrences, find_witnessed
from build_tools.model.glossary import Entry
from build_tools.model.transcript import Transcript
from build_tools.reading.decisions import NO_ERROR, Decisions, list_right

DETECTORS: tuple[Callable[[ReadTranscript], Iterator[Finding]], ...] = (
    *(find_recurrences, find_names, find_loops, find_spellings, find_witnessed),
)

# The numbers of right and wrong findings of each grade: in 20 public talks of other people, each
# alone and with the others as its collection (`tests.benchmarks.pairs`), and in the two editions of
# this collection without their marks (`tests.benchmarks.suggestions`).
SEEN = {
    "same letters": (35, 0),
    "name corrected elsewhere": (29, 37),
    "word corrected elsewhere": (10, 2),
    "unknown word, same sound": (5, 2),
    "unknown word, near sound": (7, 6),
    "rare word, same sound": (6, 0),
    "plural of a name": (0, 0),
    "two spellings": (50, 26),
    "known spelling, same sound": (36, 15),
    "known spelling, near sound": (46, 44),
    "loop": (1, 2),
    "unknown word": (9, 67),
    "unknown name": (92, 211),
    "rare word, near sound": (0, 2),
    # Earnings-21: every choice of a first engine and two others, in 12 calls.
    "witnesses agree": (12_753, 3_454),
    "witnesses differ": (17_055, 3_998),
}
# Add-one smoothing keeps a rare grade from being certain.
LIKELIHOODS = {
    grade: round((right + 1) / (right + wrong + 2), 2) for grade, (right, wrong) in SEEN.items()
}


def find_suggestions(
    transcript: Transcript,
    entries: Iterable[Entry],
    transcripts: Iterable[Transcript],
    decisions: Decisions = (),
) -> tuple[Suggestion, ...]:
    """Suggestions for one of several transcripts, ready to paste, the likeliest first."""
    transcripts = tuple(transcripts)
    others = [other for other in transcripts if other.edition.slug != transcript.edition.slug]
    past = collect_past_corrections(transcripts)
    evidence = gather_evidence(transcript, entries, others, past, list_right(decisions))
    renderer, findings = MarkRenderer(evidence), choose_findings(evidence)
    suggestions = [renderer.render(one, LIKELIHOODS[one.grade]) for one in findings]
    return remove_decided(suggestions, [one for one in decisions if one.decision == NO_ERROR])


def choose_findings(evidence: ReadTranscript) -> tuple[Finding, ...]:
    """Findings that do not overlap, the likeliest first, and one for all places of a doubt.

    Words that an editor corrected in one place only, or called right, are right in all others.
    """
    found = [finding for detector in DETECTORS for finding in detector(evidence)]
    labels = {(one.first, one.end, one.said): one.label for one in reversed(found)}
    found.sort(key=lambda one: (-LIKELIHOODS[one.grade], -one.weight, one.first, one.end))
    taken: set[int] = set()
    chosen: dict[tuple[object, ...], Finding] = {}
    for finding in found:
        words = set(range(finding.first, max(finding.end, finding.first + 1)))
        heard = evidence.keys[finding.first : finding.end]
        if not taken.isdisjoint(words) or (heard and heard in evidence.right):
            continue
        taken |= words
        # A doubt is one decision for all places of a word; a correction is a mark at each.
        key = (heard, finding.why) if finding.said is None else (finding.first, finding.end)
        if first := chosen.get(key):
            place = (finding.first, finding.end)
            chosen[key] = first._replace(more=(*first.more, place))
        else:
            # An editor's reason is preferred, whichever detector made the finding.
            label = labels[finding.first, finding.end, finding.said]
            chosen[key] = finding._replace(label=label)
    return tuple(chosen.values())
