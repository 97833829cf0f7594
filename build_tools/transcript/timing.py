"""Times of corrected words: captions, and the start of each chapter.

A word keeps the cue in which it was heard, and its time there. A correction belongs to the cue in
which its words as heard begin, unless a later cue would then have no words: in that case its words
are divided among all cues that it covers. An inserted word has the end of the word before it; at
the start of a paragraph, the start of the word behind it. A cue without words is not shown; if its
words were replaced by words of the cue before it, that cue lasts longer.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple
from unicodedata import category

from build_tools.model.edition import Mark, PlacedSpan
from build_tools.model.source import Source
from build_tools.model.text import Words
from build_tools.model.transcript import Caption, Mention, PlacedParagraph, Row, Transcript
from build_tools.sources.cue_times import CueTimes, Slot, has_times
from build_tools.text.phrases import compile_phrases, find_phrases
from build_tools.text.words import find_keys, is_unspaced
from build_tools.transcript.caption_rows import WIDEST, Token, break_rows, measure

_BLANKS = re.compile(r"(?s:.*)\s")
# The shortest time for a part of a cue, in milliseconds, if the cue lasts so long.
_SHORTEST = 800
UNTIMED = "no times: the source has none; name a timed one under timing:"


def find_timed(transcript: Transcript) -> Source | None:
    """Find the source of a transcript with its own or borrowed times; None without times."""
    source = transcript.borrowed or transcript.source
    return source if has_times(source) else None


def make_captions(
    transcript: Transcript,
    mentions: Iterable[Mention] = (),
    *,
    heard: bool = False,
    named: frozenset[str] = frozenset(),
) -> tuple[Caption, ...]:
    """Make captions of the words as said, or as heard; none without times."""
    return break_captions(time_text(transcript, mentions, heard=heard), named)


class TimedText(NamedTuple):
    """A text in pieces between possible breaks, each with its time, by cue; and the cues' slots."""

    cues: tuple[tuple[_Piece, ...], ...]
    slots: tuple[Slot, ...]


def time_text(
    transcript: Transcript, mentions: Iterable[Mention] = (), *, heard: bool = False
) -> TimedText:
    """Give the words as said, or as heard, their times; the result is empty without times.

    No row may break a name: a mention, or the name of a speaker.
    """
    source = find_timed(transcript)
    if not source:
        return TimedText((), ())
    times = CueTimes(source)
    text, words = transcript.said, transcript.said_words
    if heard:
        text, words, mentions = transcript.heard, transcript.heard_words, ()
    placed = _place_heard(transcript, times) if heard else _place_said(transcript, times)
    inside = _find_inside(transcript, mentions, words)
    pieces = _pieces(text, words, placed, inside, [] if heard else _list_non_speech(transcript))
    by_cue = groupby(pieces, key=lambda piece: piece.place.slot)
    return TimedText(tuple(tuple(run) for _, run in by_cue), tuple(times.slots))


def break_captions(timed: TimedText, named: frozenset[str] = frozenset()) -> tuple[Caption, ...]:
    """Break a text into captions; they show names in each turn, the `named` in each caption."""
    captions: list[Caption] = []
    for run, following in zip(timed.cues, [*timed.cues[1:], ()], strict=False):
        slot = timed.slots[run[0].place.slot]
        end = slot.end
        if following and following[0].place.slot > run[0].place.slot + 1:
            # Words of this cue may have replaced all words of the cues between the two.
            end = max(end, min(run[-1].end, timed.slots[following[0].place.slot].start))
        elif not following:
            end = max(end, run[-1].end)
        captions += _split_cue(_open(run, named) if named else run, slot.start, end)
    return tuple(captions)


def time_chapters(transcript: Transcript) -> tuple[int | None, ...]:
    """Find the start of each chapter in milliseconds; None without words or times."""
    source = find_timed(transcript)
    begins: list[int | None] = [None] * len(transcript.edition.chapters)
    if not source:
        return tuple(begins)
    times = CueTimes(source)
    before = -1
    for place in _place_said(transcript, times):
        if begins[place.chapter] is None:
            opens = place.slot != before
            begins[place.chapter] = times.slots[place.slot].start if opens else place.time
        before = place.slot
    return tuple(begins)


# Places -----------------------------------------------------------------------------------------


class _Place(NamedTuple):
    """The slot of a word, its start and end, its speaker and chapter."""

    slot: int
    time: int
    end: int
    speaker: str
    chapter: int


def _place_heard(transcript: Transcript, times: CueTimes) -> list[_Place]:
    return [
        _place(times, here, word)
        for here in transcript.paragraphs
        for word in range(here.first_word, here.end_word)
    ]


def _place(times: CueTimes, paragraph: PlacedParagraph, word: int) -> _Place:
    begin, end = times.begins[word], times.ends[word]
    return _Place(times.of_word[word], begin, end, paragraph.speaker, paragraph.chapter)


def _place_said(transcript: Transcript, times: CueTimes) -> list[_Place]:
    """List the place of each word as said; slots never run backwards."""
    placing = _Placing(transcript, times)
    places: list[_Place] = []
    for paragraph in transcript.paragraphs:
        for place in placing.place(paragraph):
            if places and place.slot < places[-1].slot:
                place = place._replace(slot=places[-1].slot)
            places.append(place)
    return places


class _Placing:
    """Walks a transcript span by span, and counts the words as said."""

    def __init__(self, transcript: Transcript, times: CueTimes) -> None:
        self.times = times
        self.said_starts = transcript.said_words.starts
        self.starts = transcript.heard_words.starts
        self.ends = transcript.heard_words.ends
        self.next = 0

    def place(self, paragraph: PlacedParagraph) -> Iterator[_Place]:
        for placed in paragraph.spans:
            first = self.next
            self.next = bisect_left(self.said_starts, placed.said_end, first)
            if placed.span.mark is not Mark.CHANGE:
                shift = placed.heard_start - placed.said_start
                for start in self.said_starts[first : self.next]:
                    here = bisect_right(self.ends, start + shift)
                    yield _place(self.times, paragraph, min(here, len(self.ends) - 1))
            elif first < self.next:
                yield from self._change(paragraph, placed, self.next - first)

    def _change(
        self, paragraph: PlacedParagraph, placed: PlacedSpan, count: int
    ) -> Iterator[_Place]:
        """Yield the places of the words that a mark inserts."""
        first = bisect_right(self.ends, placed.heard_start)
        end = max(first, bisect_left(self.starts, placed.heard_end))
        if first == end:
            yield from [self._added(paragraph, first)] * count
            return
        begins, ends = self.times.begins[first], self.times.ends[end - 1]
        empties = self._empties(first, end)
        for number in range(count):
            word = first + number * (end - first) // count if empties else first
            time, until = (begins + (ends - begins) * n // count for n in (number, number + 1))
            yield _place(self.times, paragraph, word)._replace(time=time, end=until)

    def _added(self, paragraph: PlacedParagraph, word: int) -> _Place:
        """Find the place of an inserted word: the end of the word before it in its paragraph."""
        if paragraph.first_word < paragraph.end_word and word <= paragraph.first_word:
            place = _place(self.times, paragraph, paragraph.first_word)
            return place._replace(end=place.time)
        place = _place(self.times, paragraph, max(0, word - 1))
        return place._replace(time=place.end)

    def _empties(self, first: int, end: int) -> bool:
        """Whether a later cue has no words if all of them go to the first."""
        of_word = self.times.of_word
        begun, last = of_word[first], of_word[end - 1]
        whole = end == len(of_word) or of_word[end] != last
        return last - begun > 1 or (last > begun and whole)


# Rows -------------------------------------------------------------------------------------------


class _Piece(NamedTuple):
    """A token with the place of its first word, and the end of its last."""

    token: Token
    place: _Place
    end: int


def _find_inside(
    transcript: Transcript, mentions: Iterable[Mention], words: Words
) -> frozenset[int]:
    """Find the words of names, except the first of each."""
    names = [find_keys(name) for both in transcript.edition.speakers.items() for name in both]
    phrases = compile_phrases(name for name in names if len(name) > 1)
    found = [(hit.first, hit.end) for hit in find_phrases(phrases, words.keys)]
    found += [
        (bisect_left(words.starts, mention.start), bisect_left(words.starts, mention.end))
        for mention in mentions
    ]
    return frozenset(word for first, end in found for word in range(first + 1, end))


def _list_non_speech(transcript: Transcript) -> list[tuple[int, str]]:
    """List what is no speech, with its places in the text as said."""
    return [
        (placed.said_start, placed.span.non_speech.written)
        for paragraph in transcript.paragraphs
        for placed in paragraph.spans
        if placed.span.non_speech
    ]


def _pieces(
    text: str,
    words: Words,
    places: Sequence[_Place],
    inside: frozenset[int],
    non_speech: Iterable[tuple[int, str]],
) -> Iterator[_Piece]:
    """Yield the text in pieces, cut at possible breaks, and where a cue or a turn ends."""
    ahead = [*non_speech][::-1]
    cuts = [0, *_cuts(text, words, places), len(text)]
    first = 0
    before: _Place | None = None
    for start, end in pairwise(cuts):
        after = bisect_left(words.starts, end, first)
        if after == first:
            continue
        place, apart = places[first], start == 0 or text[start - 1].isspace()
        # Without a sign, an unknown voice would be taken for the speaker before it.
        label = f"{place.speaker}: " if place.speaker else "- " * bool(before and before.speaker)
        anew = before is None or place.slot != before.slot
        turns = before is None or place.speaker != before.speaker
        glued = first in inside and not turns and not anew
        shown, begin = "", start
        while ahead and ahead[-1][0] < end:
            at, name = ahead.pop()
            shown, begin = shown + text[begin:at] + name, at
        shown = " ".join((shown + text[begin:end]).split())
        token = Token(shown, apart, glued, turns, label if turns else "")
        yield _Piece(token, place, places[after - 1].end)
        before, first = place, after


def _cuts(text: str, words: Words, places: Sequence[_Place]) -> Iterator[int]:
    """Yield cuts: behind the last space between two words, or without one in unspaced scripts."""
    for number, (end, start) in enumerate(zip(words.ends, words.starts[1:], strict=False)):
        blanks = _BLANKS.match(text, end, start)
        if blanks:
            yield blanks.end()
        elif (
            places[number].slot != places[number + 1].slot
            or is_unspaced(text[end - 1])
            or is_unspaced(text[start])
        ):
            opens = (n for n in range(end, start) if category(text[n]) in ("Ps", "Pi"))
            yield next(opens, start)


def _open(run: Sequence[_Piece], named: frozenset[str]) -> Sequence[_Piece]:
    """Add the names of the `named` to their pieces, for the top of a caption."""
    return [
        piece._replace(token=piece.token._replace(opening=f"{piece.place.speaker}: "))
        if piece.place.speaker and piece.place.speaker in named
        else piece
        for piece in run
    ]


def _split_cue(run: Sequence[_Piece], start: int, end: int) -> Iterator[Caption]:
    """Yield the captions of one cue; each after the first starts with its first word."""
    tokens = [piece.token for piece in run]
    single = len(tokens) == 1 or not _may_break(tokens)
    broken = [[range(len(tokens))]] if single else break_rows(tokens)
    if len(broken) > end - start:
        # Fewer milliseconds than captions: each must last at least one.
        broken = [[row for rows in broken for row in rows]]
    # Too short a caption would only flash.
    shortest = min(_SHORTEST, (end - start) // len(broken))
    times = [start]
    for number, rows in enumerate(broken[1:], 1):
        latest = end - shortest * (len(broken) - number)
        times.append(max(times[-1] + shortest, min(run[rows[0].start].place.time, latest)))
    for rows, begins, ends in zip(broken, times, [*times[1:], end], strict=True):
        shown = (_row(run[row.start : row.stop], top=row is rows[0]) for row in rows)
        yield Caption(begins, ends, tuple(shown))


def _may_break(tokens: Sequence[Token]) -> bool:
    width = measure(tokens[0].name or tokens[0].opening)
    width += sum(measure(token.text) + token.spaced for token in tokens)
    return width - tokens[0].spaced > WIDEST or any(token.turns for token in tokens[1:])


def _row(pieces: Sequence[_Piece], *, top: bool) -> Row:
    first = pieces[0]
    tokens = (piece.token for piece in pieces[1:])
    text = first.token.text + "".join(" " * token.spaced + token.text for token in tokens)
    shown = first.token.name or (first.token.opening if top else "")
    return Row(first.place.speaker, bool(shown), text)
