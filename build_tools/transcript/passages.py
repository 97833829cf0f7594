"""Passages: the paragraphs of a transcript as results of a search."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from build_tools.model.edition import Footnote, Mark
from build_tools.model.transcript import Passage, Piece, PlacedParagraph, Transcript


def list_passages(transcript: Transcript) -> tuple[Passage, ...]:
    """List all paragraphs in order, each with the address of the first cue that begins in it.

    A paragraph in which no cue begins has the address of the cue around it; it is joined with the
    paragraph before it if that has the same address.
    """
    if not transcript.source.words:
        return ()
    first_words = list(transcript.source.first_words())
    unseen = {note.label: note for note in transcript.edition.footnotes}
    passages: list[Passage] = []
    chapter, speaker = -1, ""
    for paragraph in transcript.paragraphs:
        passage = _passage(transcript, paragraph, first_words, unseen)
        if paragraph.chapter != chapter:
            chapter = paragraph.chapter
            passage = replace(passage, summary=transcript.edition.chapters[chapter].summary)
        if passages and passages[-1].address == passage.address:
            name = f"{passage.speaker}: " if passage.speaker != speaker else ""
            passage = _joined(passages.pop(), Piece(f" {name}"), passage)
        passages.append(passage)
        speaker = paragraph.speaker
    return tuple(passages)


def _passage(
    transcript: Transcript,
    paragraph: PlacedParagraph,
    first_words: list[int],
    unseen: dict[str, Footnote],
) -> Passage:
    edition = transcript.edition
    spans = [placed.span for placed in paragraph.spans]
    number = bisect_left(first_words, paragraph.first_word)
    following = first_words[number : number + 1]
    begins = next((word for word in following if word < paragraph.end_word), paragraph.first_word)
    cue = transcript.source.cue_at(begins)
    labels = [label for span in spans for label in span.notes]
    return Passage(
        transcript=edition.slug,
        title=edition.title,
        date=edition.date,
        chapter=edition.chapters[paragraph.chapter].title,
        speaker=paragraph.speaker,
        address=cue.address,
        line=cue.line,
        time=cue.start,
        pieces=tuple(
            Piece(span.said, span.heard if span.mark is Mark.CHANGE else "") for span in spans
        ),
        footnotes=tuple(unseen.pop(label) for label in labels if label in unseen),
        questions=tuple(span.question for span in spans if span.mark is Mark.DOUBT),
    )


def _joined(first: Passage, between: Piece, second: Passage) -> Passage:
    return replace(
        first,
        pieces=(*first.pieces, between, *second.pieces),
        footnotes=first.footnotes + second.footnotes,
        questions=first.questions + second.questions,
        summary=first.summary + second.summary,
    )
