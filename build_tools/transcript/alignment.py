"""An edition laid against its source: words to cues, paragraphs to turns, marks to places.

All of it follows by counting: `fidelity` has proved that the n-th word as heard is the n-th word of
the source, and nothing here looks for a likeness.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from build_tools.model.address import make_chapter_address
from build_tools.model.edition import Edition, Footnote, Kind, Mark
from build_tools.model.source import Source
from build_tools.model.text import Words
from build_tools.model.transcript import (
    Correction,
    Coverage,
    Doubt,
    Occurrence,
    Passage,
    Piece,
    Stretch,
    Transcript,
    Turn,
)
from build_tools.reading.edition import Rejected, reject_marks
from build_tools.text.words import find_words

_PARAGRAPH_BREAK = "\n\n"


def compile_transcript(
    edition: Edition, source: Source, rejected: Rejected | None = None
) -> Transcript:
    """The transcript of an edition that is faithful to its source."""
    heard, _, _, heard_words = rejected or reject_marks(edition)
    said = "".join(
        "".join(span.said for span in paragraph.spans) + _PARAGRAPH_BREAK
        for paragraph in edition.paragraphs
    )
    stretches = tuple(_stretches(edition, heard_words))
    turns = tuple(_turns(stretches))
    return Transcript(
        edition=edition,
        source=source,
        heard=heard,
        said=said,
        heard_words=heard_words,
        said_words=find_words(said),
        stretches=stretches,
        turns=turns,
        occurrences=tuple(_occurrences(stretches, heard_words)),
        chapter_ids=tuple(_chapter_ids(edition, source, stretches)),
    )


def _stretches(edition: Edition, heard_words: Words) -> Iterator[Stretch]:
    starts = heard_words.starts
    speaker = ""
    heard_start = said_start = first_word = 0
    for number, chapter in enumerate(edition.chapters):
        for paragraph in chapter.paragraphs:
            speaker = paragraph.speaker or speaker
            heard_end = heard_start + sum(len(span.heard) for span in paragraph.spans)
            said_end = said_start + sum(len(span.said) for span in paragraph.spans)
            end_word = bisect_left(starts, heard_end, first_word)
            yield Stretch(
                paragraph, number, speaker, heard_start, said_start, said_end, first_word, end_word
            )
            heard_start = heard_end + len(_PARAGRAPH_BREAK)
            said_start = said_end + len(_PARAGRAPH_BREAK)
            first_word = end_word


def _turns(stretches: tuple[Stretch, ...]) -> Iterator[Turn]:
    begins = [
        number
        for number, stretch in enumerate(stretches)
        if number == 0
        or stretch.paragraph.speaker
        or stretch.chapter != stretches[number - 1].chapter
    ]
    for begin, end in zip(begins, [*begins[1:], len(stretches)], strict=True):
        first, last = stretches[begin], stretches[end - 1]
        yield Turn(first.speaker, first.chapter, range(begin, end), first.first_word, last.end_word)


def _occurrences(stretches: tuple[Stretch, ...], heard_words: Words) -> Iterator[Occurrence]:
    starts = heard_words.starts
    for number, stretch in enumerate(stretches):
        heard_start, said_start = stretch.heard_start, stretch.said_start
        for span in stretch.paragraph.spans:
            if span.mark is not Mark.PLAIN:
                word = bisect_left(starts, heard_start, stretch.first_word, stretch.end_word)
                # What follows the last word of a paragraph still belongs to it.
                word = max(stretch.first_word, min(word, stretch.end_word - 1))
                yield Occurrence(span, number, word, said_start)
            heard_start += len(span.heard)
            said_start += len(span.said)


def _chapter_ids(edition: Edition, source: Source, stretches: tuple[Stretch, ...]) -> Iterator[str]:
    """A chapter takes the address of the first cue that begins in it.

    Retitled, split or merged, no address is lost: it moves between a heading and its line. A
    chapter in which no cue begins has a name made from its number, if it has a heading to bear it.
    """
    first_words = source.first_words()
    starts = list(first_words)
    for number, chapter in enumerate(edition.chapters):
        own = [stretch for stretch in stretches if stretch.chapter == number]
        begin, end = (own[0].first_word, own[-1].end_word) if own else (0, 0)
        first = next(iter(starts[bisect_left(starts, begin) :]), end)
        if begin <= first < end:
            yield first_words[first].address
        else:
            yield (
                make_chapter_address(number + 1) if chapter.title else source.cue_at(begin).address
            )


def chapters_of_addresses(transcript: Transcript) -> dict[str, int]:
    """For the address of each cue, the number of the chapter in which it begins."""
    ends = [stretch.end_word for stretch in transcript.stretches]
    return {
        cue.address: transcript.stretches[bisect_right(ends, word)].chapter
        for word, cue in transcript.source.first_words().items()
    }


def list_corrections(transcript: Transcript) -> tuple[Correction, ...]:
    """Every correction in order, with the place in the source where it stands."""
    footnotes = {footnote.label: footnote for footnote in transcript.edition.footnotes}
    corrections = []
    for span, stretch, word, _ in transcript.occurrences:
        if span.mark is Mark.CHANGE:
            # The sort is stable: the first reason stays first, notes go behind it.
            behind = sorted(
                (footnotes[label] for label in span.notes), key=lambda note: note.kind is Kind.NOTE
            )
            cue = transcript.source.cue_at(word)
            corrections.append(
                Correction(
                    transcript.edition.slug,
                    cue.address,
                    cue.line,
                    cue.start,
                    transcript.stretches[stretch].speaker,
                    " ".join(span.heard.split()),
                    " ".join(span.said.split()),
                    tuple(behind),
                )
            )
    return tuple(corrections)


def list_doubts(transcript: Transcript) -> tuple[Doubt, ...]:
    """Every open doubt in order."""
    doubts = []
    for span, stretch, word, _ in transcript.occurrences:
        if span.mark is Mark.DOUBT:
            cue = transcript.source.cue_at(word)
            doubts.append(
                Doubt(
                    transcript.edition.slug,
                    cue.address,
                    cue.line,
                    cue.start,
                    transcript.stretches[stretch].speaker,
                    " ".join(span.said.split()),
                    span.question,
                )
            )
    return tuple(doubts)


def find_coverage(transcript: Transcript) -> Coverage:
    """What the edition's reviews cover of its source."""
    source = transcript.source
    reviewed = frozenset(line for review in transcript.edition.reviews for line in review.lines)
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


def list_passages(transcript: Transcript) -> tuple[Passage, ...]:
    """Every paragraph in order, each under the address of the first cue that begins in it.

    One in which no cue begins has that of the cue it stands in; where the paragraph before it has
    that already, the two are one passage.
    """
    if not transcript.source.words:
        return ()
    first_words = list(transcript.source.first_words())
    unseen = {note.label: note for note in transcript.edition.footnotes}
    passages: list[Passage] = []
    chapter, speaker = -1, ""
    for stretch in transcript.stretches:
        passage = _passage(transcript, stretch, first_words, unseen)
        if stretch.chapter != chapter:
            chapter = stretch.chapter
            passage = replace(passage, summary=transcript.edition.chapters[chapter].summary)
        if passages and passages[-1].address == passage.address:
            name = f"{passage.speaker}: " if passage.speaker != speaker else ""
            passage = _joined(passages.pop(), Piece(f" {name}"), passage)
        passages.append(passage)
        speaker = stretch.speaker
    return tuple(passages)


def _passage(
    transcript: Transcript,
    stretch: Stretch,
    first_words: list[int],
    unseen: dict[str, Footnote],
) -> Passage:
    edition, spans = transcript.edition, stretch.paragraph.spans
    number = bisect_left(first_words, stretch.first_word)
    following = first_words[number : number + 1]
    begins = next((word for word in following if word < stretch.end_word), stretch.first_word)
    cue = transcript.source.cue_at(begins)
    labels = [label for span in spans for label in span.notes]
    return Passage(
        transcript=edition.slug,
        title=edition.title,
        date=edition.date,
        chapter=edition.chapters[stretch.chapter].title,
        speaker=stretch.speaker,
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
