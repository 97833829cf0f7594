"""The corrections and the open doubts of a transcript, in order."""

from __future__ import annotations

from build_tools.model.edition import Mark
from build_tools.model.transcript import Correction, Doubt, Transcript


def find_corrections(transcript: Transcript) -> tuple[Correction, ...]:
    """Find all corrections in order, each with its place in the source."""
    footnotes = {footnote.label: footnote for footnote in transcript.edition.footnotes}
    corrections = []
    for (span, *_), paragraph, word in transcript.occurrences:
        if span.mark is Mark.CHANGE:
            # The sort is stable: reasons keep their order, notes follow.
            behind = sorted(
                (footnotes[label] for label in span.notes),
                key=lambda note: not note.kind.is_correction,
            )
            cue = transcript.source.cue_at(word)
            corrections.append(
                Correction(
                    transcript.edition.slug,
                    transcript.source.address_at(word),
                    cue.line,
                    cue.start,
                    transcript.paragraphs[paragraph].speaker,
                    " ".join(span.heard.split()),
                    " ".join(span.said.split()),
                    tuple(behind),
                )
            )
    return tuple(corrections)


def find_doubts(transcript: Transcript) -> tuple[Doubt, ...]:
    """Find all open doubts in order."""
    doubts = []
    for (span, *_), paragraph, word in transcript.occurrences:
        if span.mark is Mark.DOUBT:
            cue = transcript.source.cue_at(word)
            doubts.append(
                Doubt(
                    transcript.edition.slug,
                    transcript.source.address_at(word),
                    cue.line,
                    cue.start,
                    transcript.paragraphs[paragraph].speaker,
                    " ".join(span.said.split()),
                    span.question,
                )
            )
    return tuple(doubts)
