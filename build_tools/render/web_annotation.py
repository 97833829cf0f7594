"""An edition's marks as Web Annotations on the text that the recogniser wrote."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from pydantic_core import to_json

from build_tools.model import Footnote, Kind, Mark, Span, Stretch, Transcript, Word
from build_tools.phrases import encode_words
from build_tools.render.markdown import plain_text

# As many words before and behind as it takes for a quotation to stand in the text only once; where
# even the most do not do, its position tells it from its likes.
_CONTEXTS = (4, 8, 16, 32)


def render_heard(transcript: Transcript) -> str:
    """`transcripts/<slug>/heard.txt`: every cue's text as the source has it, one a line."""
    return "".join(f"{cue.text}\n" for cue in transcript.source.cues)


def render_annotations(transcript: Transcript) -> str:
    """`transcripts/<slug>/annotations.json`: a JSON-LD collection, targets in `heard.txt`.

    Positions count characters (Unicode code points). Every edit carried out on the text gives the
    words as said.
    """
    edition = transcript.edition
    annotations = list(_Annotator(transcript).annotations())
    items = [
        _item(number, annotation, edition.lang) for number, annotation in enumerate(annotations, 1)
    ]
    collection = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "annotations.json",
        "type": "AnnotationCollection",
        "label": edition.title,
        "total": len(items),
        "first": {
            "id": "annotations.json#page",
            "type": "AnnotationPage",
            "partOf": "annotations.json",
            "startIndex": 0,
            "items": items,
        },
    }
    return to_json(collection, indent=1).decode() + "\n"


class _Place(NamedTuple):
    """A slice of the text as heard, the words around it, and its address on the page."""

    start: int
    end: int
    prefix: str
    exact: str
    suffix: str
    address: str


class _Annotation(NamedTuple):
    """A mark: what it says of which place; `edit` is what is to stand there, None for no change."""

    mark: Mark
    place: _Place
    edit: str | None
    footnotes: tuple[Footnote, ...]
    question: str


def _item(number: int, annotation: _Annotation, lang: str) -> dict[str, Any]:
    place = annotation.place
    motivations = {Mark.CHANGE: "editing", Mark.DOUBT: "questioning", Mark.NOTE: "commenting"}
    return {
        "id": f"annotations.json#annotation-{number}",
        "type": "Annotation",
        "motivation": motivations[annotation.mark],
        "body": list(_bodies(annotation, lang)),
        "target": {
            "source": "heard.txt",
            "scope": f"./#{place.address}",
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": place.exact,
                    "prefix": place.prefix,
                    "suffix": place.suffix,
                },
                {"type": "TextPositionSelector", "start": place.start, "end": place.end},
            ],
        },
    }


def _bodies(annotation: _Annotation, lang: str) -> Iterator[dict[str, str]]:
    if annotation.edit is not None:
        yield _body("editing", annotation.edit) | {"language": lang}
    for footnote in annotation.footnotes:
        if footnote.kind is not Kind.NOTE:
            yield _body("classifying", footnote.kind.value)
        if footnote.conjecture:
            yield _body("classifying", "conjecture")
        yield _body("commenting", plain_text(footnote.reason))
    if annotation.question:
        yield _body("questioning", annotation.question)


def _body(purpose: str, value: str) -> dict[str, str]:
    return {"type": "TextualBody", "purpose": purpose, "value": value, "format": "text/plain"}


class _Stood(NamedTuple):
    """A span in its place: its slices of the texts as heard and as said."""

    span: Span
    heard: int
    heard_end: int
    said: int
    said_end: int


def _stand(stretch: Stretch) -> list[_Stood]:
    spans = stretch.paragraph.spans
    heard = list(accumulate((len(span.heard) for span in spans), initial=stretch.heard_start))
    said = list(accumulate((len(span.said) for span in spans), initial=stretch.said_start))
    return [
        _Stood(span, *heard[number : number + 2], *said[number : number + 2])
        for number, span in enumerate(spans)
    ]


class _Annotator:
    """Finds the place in the source of each mark of an edition, in order."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        source = transcript.source
        self.text = render_heard(transcript)
        starts = list(accumulate((len(cue.text) + 1 for cue in source.cues), initial=0))
        words = source.words
        self.places = [
            (starts[cue] + start, starts[cue] + end)
            for start, end, cue in zip(words.starts, words.ends, source.cue_of_word, strict=True)
        ]
        self.keys = words.keys
        self.searched = encode_words(self.keys)
        self.footnotes = {note.label: note for note in transcript.edition.footnotes}
        # Words that an edit has taken already.
        self.taken: set[int] = set()

    def annotations(self) -> Iterator[_Annotation]:
        for stretch in self.transcript.stretches:
            stood = _stand(stretch)
            for number, here in enumerate(stood):
                if here.span.mark is not Mark.PLAIN:
                    yield self._annotation(stretch, stood, number)

    def _annotation(self, stretch: Stretch, stood: Sequence[_Stood], number: int) -> _Annotation:
        here = stood[number]
        first, end = self._words_in(here.heard, here.heard_end)
        edit = None
        if here.span.mark is Mark.NOTE:
            first, end = self._word_near(stretch, first)
        elif here.span.mark is Mark.CHANGE:
            if first == end:
                first, end = self._word_to_extend(stretch, stood, number, first)
            edit = self._edit(stood, number, first, end)
            self.taken.update(range(first, end))
        footnotes = sorted(
            (self.footnotes[label] for label in here.span.notes),
            key=lambda note: note.kind is Kind.NOTE,
        )
        place = self._place(first, end)
        return _Annotation(here.span.mark, place, edit, tuple(footnotes), here.span.question)

    def _words_in(self, start: int, end: int) -> tuple[int, int]:
        """The words that have a character in a slice of the edition's text as heard."""
        words = self.transcript.heard_words
        first = bisect_right(words.ends, start)
        return first, max(first, bisect_left(words.starts, end))

    def _word_near(self, stretch: Stretch, word: int) -> tuple[int, int]:
        """The word before a place where there is one in the paragraph, else the one behind it."""
        if word > stretch.first_word:
            return word - 1, word
        return word, min(word + 1, max(stretch.end_word, word))

    def _word_to_extend(
        self, stretch: Stretch, stood: Sequence[_Stood], number: int, word: int
    ) -> tuple[int, int]:
        """The word to which an edit can join what was not heard: before it, behind it, or none.

        It must be a word of the same paragraph that nothing else changes, with nothing that was
        not heard in between.
        """
        words = self.transcript.heard_words
        for other, step in ((word - 1, -1), (word, 1)):
            if (
                stretch.first_word <= other < stretch.end_word
                and other not in self.taken
                and self._is_joined(stood, number, step, words[other])
            ):
                return other, other + 1
        return word, word

    def _is_joined(self, stood: Sequence[_Stood], number: int, step: int, word: Word) -> bool:
        """Whether a mark and a word beside it have only text between them that stayed as it was.

        The word itself stayed, too.
        """
        number += step
        while 0 <= number < len(stood):
            here = stood[number]
            if here.span.mark is Mark.CHANGE:
                return False
            if here.heard <= word.start if step < 0 else word.end <= here.heard_end:
                return True
            number += step
        return False

    def _edit(self, stood: Sequence[_Stood], number: int, first: int, end: int) -> str:
        """What is to stand in the place of words: what was said, with all that they reach over."""
        here = stood[number]
        start, stop = here.said, here.said_end
        if first < end:
            words = self.transcript.heard_words
            before, behind = here.heard - words[first].start, words[end - 1].end - here.heard_end
            if before > 0 and stood[number - 1].span.mark is not Mark.CHANGE:
                start -= before
            if behind > 0 and stood[number + 1].span.mark is not Mark.CHANGE:
                stop += behind
        return " ".join(self.transcript.said[start:stop].split())

    def _place(self, first: int, end: int) -> _Place:
        """The place of words in the source; of none, the point behind the word before them."""
        if first < end:
            start, stop = self.places[first][0], self.places[end - 1][1]
        else:
            start = stop = self.places[first - 1][1] if first else 0
        begin, close = self._context(first, end)
        return _Place(
            start,
            stop,
            self.text[self.places[begin][0] : start],
            self.text[start:stop],
            self.text[stop : self.places[close - 1][1]],
            self.transcript.source.cue_at(first).address,
        )

    def _context(self, first: int, end: int) -> tuple[int, int]:
        """The words with which a quotation of some of them stands only once in the text.

        Twice as many words as its context, which it holds in any case, are counted throughout.
        """
        total = len(self.keys)
        begin, close = 0, total
        for words in _CONTEXTS:
            length = min(2 * words, total)
            begin = min(max(0, first - words), total - length)
            close = min(max(end + words, begin + length), total)
            if self._is_unique(self.keys[begin : begin + length]):
                break
        return begin, close

    def _is_unique(self, run: Sequence[str]) -> bool:
        """Whether a run of words of the source stands there only once."""
        searched = encode_words(run)
        first = self.searched.find(searched)
        return self.searched.find(searched, first + 1) < 0
