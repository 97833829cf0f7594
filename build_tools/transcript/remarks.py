"""What an editor says of a transcript: its corrections, its open doubts, and its reviews."""

from itertools import groupby

from build_tools.model.edition import Mark
from build_tools.model.transcript import Coverage, Remark, Transcript


def find_corrections(transcript: Transcript) -> tuple[Remark, ...]:
    """Find all corrections in order, each with its place in the source."""
    return _find_remarks(transcript, Mark.CHANGE)


def find_doubts(transcript: Transcript) -> tuple[Remark, ...]:
    """Find all open doubts in order, each with its place in the source."""
    return _find_remarks(transcript, Mark.DOUBT)


def _find_remarks(transcript: Transcript, mark: Mark) -> tuple[Remark, ...]:
    footnotes = {footnote.label: footnote for footnote in transcript.edition.footnotes}
    remarks = []
    for (span, *_), paragraph, word in transcript.occurrences:
        if span.mark is mark:
            # The sort is stable: reasons keep their order, notes follow.
            behind = [footnotes[label] for label in span.notes]
            behind.sort(key=lambda note: not note.kind.is_correction)
            cue = transcript.source.cue_at(word)
            place = (
                transcript.edition.slug,
                transcript.source.address_at(word),
                cue.line,
                cue.start,
            )
            speaker = transcript.paragraphs[paragraph].speaker
            heard, said = " ".join(span.heard.split()), " ".join(span.said.split())
            remarks.append(Remark(*place, speaker, heard, said, tuple(behind), span.question))
    return tuple(remarks)


def find_coverage(transcript: Transcript) -> Coverage:
    """Count the words of the source that were reviewed, and find the gaps between reviews."""
    source = transcript.source
    reviewed = transcript.edition.reviewed_lines
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
