"""Passages: the paragraphs of a transcript as results of a search."""

from dataclasses import replace

from build_tools.model.edition import Edition, Footnote, Mark
from build_tools.model.transcript import Passage, Piece
from build_tools.transcript.layout import LaidOutParagraph, Layout


def list_passages(layout: Layout) -> tuple[Passage, ...]:
    """List all paragraphs in order, each with the address of its first word.

    A paragraph in which no word was heard has the address of the word that follows; what follows is
    joined with it if it has the same address.
    """
    edition = layout.transcript.edition
    unseen = {note.label: note for note in edition.footnotes}
    passages: list[Passage] = []
    named: dict[int, dict[str, None]] = {}
    for mention in layout.findings.mentions:
        named.setdefault(mention.paragraph, {})[mention.entry] = None
    speaker = ""
    for number, paragraph in enumerate(layout.paragraphs):
        if not paragraph.cue:
            continue
        passage = _passage(edition, paragraph, unseen)
        passage = replace(passage, entries=tuple(named.get(number, ())))
        if passages and passages[-1].address == passage.address:
            name = f"{passage.speaker}: " if passage.speaker != speaker else ""
            passage = _joined(passages.pop(), Piece(f" {name}"), passage)
        passages.append(passage)
        speaker = paragraph.place.speaker
    return tuple(passages)


def _passage(edition: Edition, paragraph: LaidOutParagraph, unseen: dict[str, Footnote]) -> Passage:
    spans = [placed.span for placed in paragraph.place.spans]
    chapter = edition.chapters[paragraph.place.chapter]
    labels = [*paragraph.place.notes, *(label for span in spans for label in span.notes)]
    pieces = (Piece(span.said, span.heard if span.mark is Mark.CHANGE else "") for span in spans)
    return Passage(
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
    )


def _joined(first: Passage, between: Piece, second: Passage) -> Passage:
    lists = ("footnotes", "questions", "summary", "entries")
    joined = {name: getattr(first, name) + getattr(second, name) for name in lists}
    return replace(first, pieces=(*first.pieces, between, *second.pieces), **joined)
