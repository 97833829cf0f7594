"""An edition aligned with its source: words to cues, paragraphs to turns, marks to places.

The alignment only counts words: the check of fidelity has proved that the n-th word as heard is the
n-th word of the source.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice, pairwise

from build_tools.model.edition import BASE, UNKNOWN_VOICE, Edition, Mark
from build_tools.model.source import Source
from build_tools.model.text import Words
from build_tools.model.transcript import (
    ApparatusEntry,
    Occurrence,
    PlacedParagraph,
    Reading,
    Transcript,
    Turn,
)
from build_tools.reading.rejection import PARAGRAPH_BREAK, Rejected, reject_marks
from build_tools.reading.tree import SourcedEdition
from build_tools.sources.cue_times import has_times
from build_tools.text.collation import Variant


def compile_transcript(
    edition: Edition, source: Source, rejected: Rejected | None = None
) -> Transcript:
    """Align an edition that is faithful to its source."""
    rejected = rejected or reject_marks(edition)
    paragraphs = tuple(place_paragraphs(edition, rejected))
    return Transcript(
        edition=edition,
        source=source,
        heard=rejected.heard,
        said=rejected.said,
        heard_words=rejected.words,
        said_words=rejected.said_words,
        paragraphs=paragraphs,
        turns=tuple(_turns(paragraphs)),
        occurrences=tuple(_occurrences(paragraphs, rejected.words)),
        chapter_ids=tuple(_chapter_ids(edition, source, paragraphs)),
    )


def align_edition(sourced: SourcedEdition) -> Transcript | None:
    """Align an edition with its source and its witnesses; None if it is not faithful."""
    source, witnesses = sourced.source, sourced.witnesses
    if not source or not sourced.faithful:
        return None
    transcript = compile_transcript(_time_lines(sourced, source), source, sourced.rejected)
    variants = sourced.collation.variants() if witnesses else ()
    apparatus = tuple(_compare(source, witnesses, variant) for variant in variants)
    return replace(transcript, witnesses=witnesses, apparatus=apparatus)


def _time_lines(sourced: SourcedEdition, source: Source) -> Edition:
    """The edition, with the seconds of the first witness that has any if nothing else has."""
    edition = sourced.edition
    if has_times(source) or edition.anchors:
        return edition
    firsts = source.first_words()
    edges = list(pairwise([*firsts, len(source.words)]))
    for number, (letter, witness) in enumerate(sourced.witnesses.items()):
        timed: dict[int, int] = {}
        last = 0
        for first, end in edges if has_times(witness) else ():
            word = sourced.collation.find_beside(number, first, end)
            start = None if word is None else witness.cue_at(word).start
            if start is not None and start >= last:
                timed[firsts[first].line], last = start // 1000, start
        if timed:
            return replace(edition, anchors=timed, timed_by=letter)
    return edition


def _compare(source: Source, witnesses: Mapping[str, Source], variant: Variant) -> ApparatusEntry:
    """What the source and its witnesses heard at a place: equal readings are one."""
    heard = slice_readings(variant, witnesses)
    key = variant.heard.replace(" ", "")
    letters = {key: [BASE]}
    texts = {key: source.slice(variant.first, variant.end, trailing=False)}
    for letter, reading in zip(witnesses, variant.readings, strict=True):
        if letter in heard:
            key = reading.replace(" ", "")
            letters.setdefault(key, []).append(letter)
            texts.setdefault(key, heard[letter])
    readings = (Reading(tuple(letters[key]), text) for key, text in texts.items())
    return ApparatusEntry(variant.first, variant.end, tuple(readings))


def slice_readings(variant: Variant, witnesses: Mapping[str, Source]) -> dict[str, str]:
    """What each witness wrote at a place, by its letter, without those that lack the part."""
    found = zip(witnesses.items(), variant.places, strict=True)
    return {
        letter: witness.slice(*place, trailing=False) for (letter, witness), place in found if place
    }


def place_paragraphs(edition: Edition, rejected: Rejected) -> Iterator[PlacedParagraph]:
    """Yield the paragraphs with their speakers and their places in both texts."""
    speaker = ""
    heard = said = word = 0
    placed = iter(rejected.spans)
    for number, chapter in enumerate(edition.chapters):
        for paragraph in chapter.paragraphs:
            speaker = paragraph.speaker or speaker
            spans = tuple(islice(placed, len(paragraph.spans)))
            ends = (spans[-1].heard_end, spans[-1].said_end) if spans else (heard, said)
            end_word = bisect_left(rejected.words.starts, ends[0], word)
            unknown = speaker == UNKNOWN_VOICE
            name, named = "" if unknown else speaker, paragraph.speaker != ""
            edges = (heard, said, ends[1], word, end_word)
            yield PlacedParagraph(spans, number, name, named, *edges, unknown, paragraph.notes)
            heard, said = (end + len(PARAGRAPH_BREAK) for end in ends)
            word = end_word


def _turns(paragraphs: tuple[PlacedParagraph, ...]) -> Iterator[Turn]:
    begins = [
        number
        for number, here in enumerate(paragraphs)
        if number == 0 or here.names_speaker or here.chapter != paragraphs[number - 1].chapter
    ]
    for begin, end in pairwise([*begins, len(paragraphs)]):
        first, last = paragraphs[begin], paragraphs[end - 1]
        yield Turn(first.speaker, first.chapter, range(begin, end), first.first_word, last.end_word)


def _occurrences(paragraphs: tuple[PlacedParagraph, ...], heard: Words) -> Iterator[Occurrence]:
    for number, paragraph in enumerate(paragraphs):
        for placed in paragraph.spans:
            if placed.span.mark not in (Mark.PLAIN, Mark.NON_SPEECH):
                first, end = paragraph.first_word, paragraph.end_word
                word = bisect_left(heard.starts, placed.heard_start, first, end)
                # A mark behind the last word of a paragraph belongs to that word.
                yield Occurrence(placed, number, max(first, min(word, end - 1)))


def _chapter_ids(
    edition: Edition, source: Source, paragraphs: tuple[PlacedParagraph, ...]
) -> Iterator[str]:
    """Yield the address of each chapter: that of its first word.

    If a chapter is retitled, split or merged, each address stays valid: it moves between a heading
    and its line. A titled chapter in which no cue begins has an address made from its number.
    """
    starts = list(source.first_words())
    for number, chapter in enumerate(edition.chapters):
        own = [paragraph for paragraph in paragraphs if paragraph.chapter == number]
        begin, end = (own[0].first_word, own[-1].end_word) if own else (0, 0)
        if bisect_left(starts, begin) < bisect_left(starts, end):
            yield source.address_at(begin)
        elif chapter.title:
            yield f"chapter-{number + 1}"
        else:
            yield source.cue_at(begin).address


def chapters_of_addresses(transcript: Transcript) -> dict[str, int]:
    """Map the address of each cue to the number of the chapter in which it begins."""
    ends = [paragraph.end_word for paragraph in transcript.paragraphs]
    return {
        cue.address: transcript.paragraphs[bisect_right(ends, word)].chapter
        for word, cue in transcript.source.first_words().items()
    }


def name_in_source(transcript: Transcript, paragraph: int) -> str:
    """The speakers whom the source names in the turn that begins with a paragraph, or ""."""
    turn = next(turn for turn in transcript.turns if paragraph in turn.paragraphs)
    source = transcript.source
    numbers = dict.fromkeys(source.cue_of_word[turn.first_word : turn.end_word])
    labels = dict.fromkeys(source.cues[number].speaker for number in numbers)
    return ", ".join(filter(None, labels))
