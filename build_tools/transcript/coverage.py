"""Coverage of reviews: the share of a transcript that was compared with the recording."""

from __future__ import annotations

from itertools import groupby

from build_tools.model.transcript import Coverage, Transcript


def find_coverage(transcript: Transcript) -> Coverage:
    """Count the words of the source that were reviewed, and find the gaps between reviews."""
    source = transcript.source
    reviewed = transcript.edition.reviewed_lines
    if not reviewed and source.cues:
        return Coverage(0, ((source.cues[0], source.cues[-1]),))
    firsts = source.first_words()
    words = sum(
        end - first
        for (first, cue), end in zip(firsts.items(), [*firsts, len(source.words)][1:], strict=True)
        if cue.line in reviewed
    )
    gaps = []
    for read, run in groupby(source.cues, key=lambda cue: cue.line in reviewed):
        cues = list(run)
        if not read:
            gaps.append((cues[0], cues[-1]))
    return Coverage(words, tuple(gaps))
