"""An edition with every mark rejected: the text that the recogniser wrote, and where it stands."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence, Set
from dataclasses import replace
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from build_tools.model.edition import Edition, Mark, PlacedSpan, Span
from build_tools.model.source import Source
from build_tools.model.text import Words
from build_tools.reading.critic import find_escapes
from build_tools.text.differences import find_differences
from build_tools.text.words import find_words

PARAGRAPH_BREAK = "\n\n"
_OPENING_LENGTH = len("{~~")
# The most runs of equal words that are looked at.
_MOST_RUNS = 100
_heard_start = attrgetter("heard_start")


class Rejected(NamedTuple):
    """An edition's text as heard, every mark rejected, and its words; its spans, and as said."""

    heard: str
    said: str
    spans: tuple[PlacedSpan, ...]
    words: Words

    def span_number(self, position: int) -> int:
        """The number of the last span that begins at or before a character of `heard`, or -1."""
        return bisect_right(self.spans, position, key=_heard_start) - 1


def reject_marks(edition: Edition) -> Rejected:
    """The text that the recogniser wrote by the edition's account."""
    footnotes = {footnote.label: footnote for footnote in edition.footnotes}
    texts: list[tuple[str, str]] = []
    spans: list[PlacedSpan] = []
    heard = said = 0
    for paragraph in edition.paragraphs:
        for span in paragraph.spans:
            reason = None
            if span.mark is Mark.CHANGE:
                behind = (footnotes[label] for label in span.notes if label in footnotes)
                reason = next((note for note in behind if note.kind.corrects_words), None)
            placed = PlacedSpan(span, heard, said, reason)
            spans.append(placed)
            texts.append((span.heard, span.said))
            heard, said = placed.heard_end, placed.said_end
        texts.append((PARAGRAPH_BREAK, PARAGRAPH_BREAK))
        heard += len(PARAGRAPH_BREAK)
        said += len(PARAGRAPH_BREAK)
    as_heard, as_said = ("".join(pair[number] for pair in texts) for number in (0, 1))
    return Rejected(as_heard, as_said, tuple(spans), find_words(as_heard, edition.lang))


def settle_non_speech(edition: Edition, source: Source | None) -> Edition:
    """The edition, in which `[laughter]` is a word wherever the source has it, else outside it."""
    if not source or not edition.has_non_speech:
        return edition
    keys = source.words.keys
    if reject_marks(edition).words.keys == keys:
        return edition
    offsets = {span.offset for one in edition.paragraphs for span in one.spans if span.non_speech}
    rejected = reject_marks(_speak(edition, offsets))
    marked = {
        bisect_left(rejected.words.starts, placed.heard_start): placed.span.offset
        for placed in rejected.spans
        if placed.span.offset in offsets
    }
    extra = _find_extra(rejected.words.keys, keys, marked.keys())
    return _speak(edition, offsets.difference(map(marked.__getitem__, extra)))


def _find_extra(heard: Sequence[str], source: Sequence[str], marked: Set[int]) -> Iterator[int]:
    """The numbers of the marked words that the source lacks."""
    before = 0
    for first, end, source_first, source_end in find_differences(heard, source):
        extra = range(first, end)
        if source_first == source_end:
            runs = islice(_list_equal(heard, extra, before), _MOST_RUNS)
            extra = next((run for run in runs if marked >= {*run}), extra)
        yield from (word for word in extra if word in marked)
        before = extra.stop


def _list_equal(heard: Sequence[str], extra: range, before: int) -> Iterator[range]:
    """A run of words, and those around it that leave the same words if they are taken out."""
    yield extra
    first, end = extra.start, extra.stop
    while end < len(heard) and heard[first] == heard[end]:
        first, end = first + 1, end + 1
        yield range(first, end)
    first, end = extra.start, extra.stop
    while first > before and heard[first - 1] == heard[end - 1]:
        first, end = first - 1, end - 1
        yield range(first, end)


def _speak(edition: Edition, offsets: Collection[int]) -> Edition:
    """The edition with the marks of no speech at some offsets as words."""

    def speak(span: Span) -> Span:
        if not span.non_speech or span.offset not in offsets:
            return span
        words = span.non_speech.written
        return span._replace(mark=Mark.PLAIN, heard=words, said=words, non_speech=None)

    chapters = (
        replace(
            chapter,
            paragraphs=tuple(
                replace(one, spans=tuple(map(speak, one.spans))) for one in chapter.paragraphs
            ),
        )
        for chapter in edition.chapters
    )
    return replace(edition, chapters=tuple(chapters))


def file_offset(edition: Edition, placed: PlacedSpan, position: int) -> int:
    """The place in the file of a character of the text as heard, which stands in a given span."""
    span, into_heard = placed.span, position - placed.heard_start
    start = span.offset + (0 if span.mark is Mark.PLAIN else _OPENING_LENGTH)
    position = start + into_heard
    # An escape is two characters in the file and one in the text.
    for escape in find_escapes(edition.text.content, start, start + 2 * into_heard + 2):
        if escape > position:
            break
        position += 1
    return position


def file_offsets(edition: Edition, span: Span) -> Sequence[int]:
    """The file offset of each character of the text as heard of a span, and of its end.

    A character behind a backslash begins with that.
    """
    content = edition.text.content
    start = span.offset + (0 if span.mark is Mark.PLAIN else _OPENING_LENGTH)
    if content.find("\\", start, start + len(span.heard)) < 0:
        return range(start, start + len(span.heard) + 1)
    escapes = frozenset(find_escapes(content, start, start + 2 * len(span.heard)))
    offsets = [start]
    for _ in span.heard:
        offsets.append(offsets[-1] + (2 if offsets[-1] in escapes else 1))
    return offsets
