"""What an editor says of a transcript: its corrections, its open doubts, and its reviews."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from build_tools.model.edition import UNKNOWN_LABEL, Mark
from build_tools.model.transcript import Coverage, Remark, Transcript
from build_tools.transcript.alignment import name_in_source


def find_corrections(transcript: Transcript) -> tuple[Remark, ...]:
    """Find all corrections in order, each with its place in the source."""
    found = [*_find_remarks(transcript, Mark.CHANGE), *_find_speakers(transcript)]
    return tuple(remark for _, remark in sorted(found, key=itemgetter(0)))


def find_doubts(transcript: Transcript) -> tuple[Remark, ...]:
    """Find all open doubts in order, each with its place in the source."""
    return tuple(remark for _, remark in _find_remarks(transcript, Mark.DOUBT))


def _find_speakers(transcript: Transcript) -> Iterator[tuple[int, Remark]]:
    """Yield the turns that are given to somebody else than the source names, each with its word."""
    footnotes = {footnote.label: footnote for footnote in transcript.edition.footnotes}
    for number, place in enumerate(transcript.paragraphs):
        if place.notes:
            behind = tuple(footnotes[label] for label in place.notes)
            heard, said = name_in_source(transcript, number), place.speaker
            place_of = _place(transcript, place.first_word)
            remark = Remark(*place_of, place.speaker, heard, said or UNKNOWN_LABEL, behind, "")
            yield place.first_word, remark


def _place(transcript: Transcript, word: int) -> tuple[str, str, int, int | None]:
    cue = transcript.source.cue_at(word)
    return transcript.edition.slug, transcript.source.address_at(word), cue.line, cue.start


def _find_remarks(transcript: Transcript, mark: Mark) -> Iterator[tuple[int, Remark]]:
    """Yield what is marked in one way, each with the number of its word."""
    footnotes = {footnote.label: footnote for footnote in transcript.edition.footnotes}
    for (span, *_), paragraph, word in transcript.occurrences:
        if span.mark is mark:
            # The sort is stable: reasons keep their order, notes follow.
            behind = [footnotes[label] for label in span.notes]
            behind.sort(key=lambda note: not note.kind.is_correction)
            place = _place(transcript, word)
            speaker = transcript.paragraphs[paragraph].speaker
            heard, said = " ".join(span.heard.split()), " ".join(span.said.split())
            yield word, Remark(*place, speaker, heard, said, tuple(behind), span.question)


def find_coverage(transcript: Transcript) -> Coverage:
    """Count the words of the source that were reviewed, and find the gaps between reviews."""
    source, edition = transcript.source, transcript.edition
    reviewed, validated = edition.reviewed_lines(), edition.reviewed_lines(again=True)
    lines = [source.cues[number].line for number in source.cue_of_word]
    gaps = []
    for read, run in groupby(source.cues, key=lambda cue: cue.line in reviewed):
        cues = list(run)
        if not read:
            gaps.append((cues[0], cues[-1]))
    words, again = (sum(line in found for line in lines) for found in (reviewed, validated))
    return Coverage(words, tuple(gaps), again)
