"""Passages: the paragraphs of a transcript as results of a search."""

from collections.abc import Iterator

from build_tools.model.edition import Mark
from build_tools.model.transcript import Passage, Piece
from build_tools.transcript.layout import Layout


def list_passages(layout: Layout) -> Iterator[Passage]:
    """Yield all paragraphs in order, each with the address of its first word.

    A paragraph in which no word was heard has the address of the word that follows.
    """
    edition = layout.transcript.edition
    unseen = {note.label: note for note in edition.footnotes}
    named: dict[int, dict[str, None]] = {}
    for mention in layout.findings.mentions:
        named.setdefault(mention.paragraph, {})[mention.entry] = None
    for number, paragraph in enumerate(layout.paragraphs):
        if not paragraph.cue:
            continue
        spans = [placed.span for placed in paragraph.place.spans]
        chapter = edition.chapters[paragraph.place.chapter]
        labels = [*paragraph.place.notes, *(label for span in spans for label in span.notes)]
        pieces = (Piece(one.said, one.heard * (one.mark is Mark.CHANGE)) for one in spans)
        yield Passage(
            transcript=edition.slug,
            title=edition.title,
            date=edition.date,
            chapter=chapter.title,
            summary=chapter.summary if paragraph.opens_chapter else (),
            speaker=paragraph.place.speaker,
            address=paragraph.address,
            pieces=tuple(pieces),
            footnotes=tuple(unseen.pop(label) for label in labels if label in unseen),
            questions=tuple(span.question for span in spans if span.mark is Mark.DOUBT),
            entries=tuple(named.get(number, ())),
        )
