"""An edition with every mark rejected: the text that the recogniser wrote, and where it stands."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import lru_cache
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
_heard_start = attrgetter("heard_start")


class Rejected(NamedTuple):
    """An edition's text as heard, every mark rejected, and as said; its spans, and the words."""

    heard: str
    said: str
    spans: tuple[PlacedSpan, ...]
    words: Words
    said_words: Words

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
            heard_end, said_end = heard + len(span.heard), said + len(span.said)
            spans.append(PlacedSpan(span, heard, heard_end, said, said_end, reason))
            texts.append((span.heard, span.said))
            heard, said = heard_end, said_end
        texts.append((PARAGRAPH_BREAK, PARAGRAPH_BREAK))
        heard, said = heard + len(PARAGRAPH_BREAK), said + len(PARAGRAPH_BREAK)
    as_heard, as_said = ("".join(pair[number] for pair in texts) for number in (0, 1))
    words = (find_words(text, edition.lang) for text in (as_heard, as_said))
    return Rejected(as_heard, as_said, tuple(spans), *words)


def settle_non_speech(edition: Edition, source: Source | None) -> Edition:
    """The edition, in which `[laughter]` is a word wherever the source has it, else outside it."""
    if not source or not any(span.non_speech for one in edition.paragraphs for span in one.spans):
        return edition
    rejected, keys = reject_marks(edition), source.words.keys
    # By the number of a word, those of the source that the edition lacks there.
    lacking: dict[int, Counter[str]] = {}
    for first, end, source_first, source_end in find_differences(rejected.words.keys, keys):
        lacked = Counter(keys[source_first:source_end])
        lacking |= dict.fromkeys(range(first, end + 1), lacked)
    spoken = set()
    for placed in rejected.spans:
        if name := placed.span.non_speech:
            word = bisect_left(rejected.words.starts, placed.heard_start)
            if lacking.get(word, Counter())[name] > 0:
                lacking[word][name] -= 1
                spoken.add(placed.span.offset)
    return _speak(edition, spoken) if spoken else edition


def _speak(edition: Edition, offsets: Collection[int]) -> Edition:
    def speak(span: Span) -> Span:
        if not span.non_speech or span.offset not in offsets:
            return span
        words = span.non_speech.written
        return span._replace(mark=Mark.PLAIN, heard=words, said=words, non_speech=None)

    chapters = []
    for chapter in edition.chapters:
        spans = [tuple(map(speak, one.spans)) for one in chapter.paragraphs]
        pairs = zip(chapter.paragraphs, spans, strict=True)
        paragraphs = tuple(replace(one, spans=own) for one, own in pairs)
        chapters.append(replace(chapter, paragraphs=paragraphs))
    return replace(edition, chapters=tuple(chapters))


def file_offset(edition: Edition, placed: PlacedSpan, position: int) -> int:
    """The place in the file of a character of the text as heard, which stands in a given span."""
    return file_offsets(edition.text.content, placed.span)[position - placed.heard_start]


# For one span after another, a hostile file asks about each of its words.
@lru_cache(maxsize=2)
def file_offsets(content: str, span: Span) -> Sequence[int]:
    """The file offset of each character, or of its backslash, and of the end of words as heard."""
    start = span.offset + (0 if span.mark is Mark.PLAIN else _OPENING_LENGTH)
    if content.find("\\", start, start + len(span.heard)) < 0:
        return range(start, start + len(span.heard) + 1)
    escapes = frozenset(find_escapes(content, start, start + 2 * len(span.heard)))
    offsets = [start]
    for _ in span.heard:
        offsets.append(offsets[-1] + (2 if offsets[-1] in escapes else 1))
    return offsets
