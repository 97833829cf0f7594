"""Times of corrected words: captions, and the start of each chapter.

A word keeps the cue in which it was heard, and its time there. A correction belongs to the cue in
which its words as heard begin, unless a later cue would then have no words: in that case its words
are divided among all cues that it covers. An inserted word has the end of the word before it; at
the start of a paragraph, the start of the word behind it. A cue without words is not shown; if its
words were replaced by words of the cue before it, that cue lasts longer.
"""

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple
from unicodedata import category, east_asian_width

from build_tools.model.edition import Mark
from build_tools.model.text import Words
from build_tools.model.transcript import Caption, Mention, PlacedParagraph, Row, Transcript
from build_tools.sources.cue_times import CueTimes, has_times
from build_tools.text.phrases import compile_phrases, find_phrases
from build_tools.text.words import find_keys, is_unspaced

# The most characters of a row.
WIDEST = 42
_ROWS = 2
_BLANKS = re.compile(r"(?s:.*)\s")
# The shortest time for a part of a cue, in milliseconds, if the cue lasts so long.
_SHORTEST = 800


def make_captions(
    transcript: Transcript, mentions: Iterable[Mention] = (), repeated: Set[str] = frozenset()
) -> tuple[Caption, ...]:
    """Make captions of the words as said; none without times.

    No row may break a name: a mention, or the name of a speaker. Names are shown where a speaker
    begins, those `repeated` in each cue too.
    """
    if not has_times(transcript.source) or not transcript.said_words:
        return ()
    times = CueTimes(transcript.source)
    pieces = _pieces(transcript, _place_said(transcript, times), _find_inside(transcript, mentions))
    runs = [list(run) for _, run in groupby(pieces, key=attrgetter("place.slot"))]
    captions: list[Caption] = []
    for run, following in pairwise([*runs, []]):
        number, speaker = run[0].place.slot, run[0].place.speaker
        if speaker in repeated:
            run[0] = run[0]._replace(label=f"{speaker}: ")
        start, end, _ = times.slots[number]
        if not following:
            end = max(end, run[-1].end)
        elif following[0].place.slot > number + 1:
            # Words of this cue may have replaced all words of the cues between the two.
            end = max(end, min(run[-1].end, times.slots[following[0].place.slot].start))
        captions += _split_cue(run, start, end)
    return tuple(captions)


def time_chapters(transcript: Transcript) -> tuple[int | None, ...]:
    """Find the start of each chapter in milliseconds; None without words or times."""
    begins: list[int | None] = [None] * len(transcript.edition.chapters)
    if not has_times(transcript.source):
        return tuple(begins)
    times = CueTimes(transcript.source)
    before = -1
    for place in _place_said(transcript, times):
        if begins[place.chapter] is None:
            opens = place.slot != before
            begins[place.chapter] = times.slots[place.slot].start if opens else place.time
        before = place.slot
    return tuple(begins)


class _Place(NamedTuple):
    """The slot of a word, its start and end, its speaker and chapter."""

    slot: int
    time: int
    end: int
    speaker: str
    chapter: int


def _place_said(transcript: Transcript, times: CueTimes) -> list[_Place]:
    places: list[_Place] = []
    said, ends = transcript.said_words.starts, transcript.heard_words.ends
    for paragraph in transcript.paragraphs:
        for placed in paragraph.spans:
            first = len(places)
            until = bisect_left(said, placed.said_end, first)
            if placed.span.mark is not Mark.CHANGE:
                shift = placed.heard_start - placed.said_start
                words = (bisect_right(ends, start + shift) for start in said[first:until])
                places += (_place(times, paragraph, word) for word in words)
            elif first < until:
                begin = bisect_right(ends, placed.heard_start)
                end = bisect_left(transcript.heard_words.starts, placed.heard_end)
                places += _place_change(times, paragraph, range(begin, end), until - first)
    return places


def _place(times: CueTimes, paragraph: PlacedParagraph, word: int) -> _Place:
    word = max(0, min(word, len(times.of_word) - 1))
    edges = (times.of_word[word], times.begins[word], times.ends[word])
    return _Place(*edges, paragraph.speaker, paragraph.chapter)


def _place_change(
    times: CueTimes, paragraph: PlacedParagraph, heard: range, count: int
) -> Iterator[_Place]:
    """The places of the `count` words that a mark has for those `heard`, or puts in."""
    if not heard:
        follows = heard.start > paragraph.first_word or paragraph.first_word == paragraph.end_word
        place = _place(times, paragraph, heard.start - follows)
        edge = place.end if follows else place.time
        yield from [place._replace(time=edge, end=edge)] * count
        return
    begin, end = times.begins[heard.start], times.ends[heard[-1]]
    first, last = times.of_word[heard.start], times.of_word[heard[-1]]
    # Whether a later cue has no words if all of these go to the first.
    is_whole = times.of_word[heard.stop : heard.stop + 1] != [last]
    empties = last - first > 1 or (last > first and is_whole)
    for number in range(count):
        word = heard[number * len(heard) // count] if empties else heard.start
        time, until = (begin + (end - begin) * n // count for n in (number, number + 1))
        yield _place(times, paragraph, word)._replace(time=time, end=until)


class _Piece(NamedTuple):
    """Words that no row divides, the place of the first, and the end of the last.

    `label` is the name or the dash before them; a row begins where the voice `turns`.
    """

    text: str
    label: str
    spaced: bool
    turns: bool
    place: _Place
    end: int

    @property
    def width(self) -> int:
        return measure(self.label + self.text)


def _find_inside(transcript: Transcript, mentions: Iterable[Mention]) -> frozenset[int]:
    """The words of names, except the first of each."""
    words = transcript.said_words
    names = [find_keys(name) for both in transcript.edition.speakers.items() for name in both]
    phrases = compile_phrases(name for name in names if len(name) > 1)
    found = [(hit.first, hit.end) for hit in find_phrases(phrases, words.keys)]
    found += [
        (bisect_left(words.starts, mention.start), bisect_left(words.starts, mention.end))
        for mention in mentions
    ]
    return frozenset(word for first, end in found for word in range(first + 1, end))


def _pieces(
    transcript: Transcript, places: Sequence[_Place], inside: frozenset[int]
) -> Iterator[_Piece]:
    text, words = transcript.said, transcript.said_words
    first, before = 0, places[0]._replace(speaker="")
    non_speech = deque(_find_non_speech(transcript))
    for start, end in pairwise((0, *_cuts(text, words, places, inside), len(text))):
        place, last = places[first], bisect_left(words.starts, end, first)
        turns = first == 0 or place.speaker != before.speaker
        # Without a sign, an unknown voice would be taken for the speaker before it.
        label = f"{place.speaker}: " if place.speaker else "- " * bool(before.speaker)
        spaced, shown, begin = start == 0 or text[start - 1].isspace(), "", start
        while non_speech and non_speech[0][0] < end:
            _, at, speaker, kind = non_speech.popleft()
            whose = f"{speaker}: " * (speaker not in ("", place.speaker))
            shown += f"{text[begin:at]}[{whose}{kind}]{' ' * (at < begin)}"
            begin = max(begin, at)
        shown = " ".join((shown + text[begin:end]).split())
        yield _Piece(shown, label * turns, spaced, turns, place, places[last - 1].end)
        before, first = place, last


def _find_non_speech(transcript: Transcript) -> Iterator[tuple[int, int, str, str]]:
    """What is no speech: a sign of its piece, its place, its voice and its kind.

    What begins a paragraph belongs to its first word.
    """
    starts = transcript.said_words.starts
    for paragraph in transcript.paragraphs:
        first = bisect_left(starts, paragraph.said_start)
        opening = starts[first] if first < bisect_left(starts, paragraph.said_end) else 0
        for placed in paragraph.spans:
            if kind := placed.span.non_speech:
                at = placed.said_start
                yield max(at, opening), at, paragraph.speaker, kind


def _cuts(
    text: str, words: Words, places: Sequence[_Place], inside: frozenset[int]
) -> Iterator[int]:
    """Behind the last blank between two words, or without one where a cue ends."""
    for number, (before, here) in enumerate(pairwise(places), 1):
        end, start = words.ends[number - 1], words.starts[number]
        anew = before.slot != here.slot
        if number in inside and not anew and before.speaker == here.speaker:
            continue
        if blanks := _BLANKS.match(text, end, start):
            yield blanks.end()
        elif anew or is_unspaced(text[end - 1]) or is_unspaced(text[start]):
            opens = (n for n in range(end, start) if category(text[n]) in ("Ps", "Pi"))
            yield next(opens, start)


def measure(text: str) -> int:
    """Measure the width of a text in Latin characters; East Asian wide ones count two."""
    wide = not text.isascii() and sum(east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide


def _fill_rows(pieces: Iterable[_Piece], widest: int) -> list[list[_Piece]]:
    """Rows of at most a width, as few as possible; a piece that is wider has one of its own."""
    rows: list[list[_Piece]] = []
    room = 0
    for piece in pieces:
        room -= piece.width + piece.spaced
        if room < 0 or piece.turns or not rows:
            rows.append([])
            room = widest - piece.width
        rows[-1].append(piece)
    return rows


def _split_cue(run: Sequence[_Piece], start: int, end: int) -> Iterator[Caption]:
    """The captions of one cue, in rows of about equal length; each starts with its first word."""
    rows = _fill_rows(run, WIDEST)
    if len(rows) > 1:
        narrowest = bisect_left(
            range(WIDEST), -len(rows), key=lambda width: -len(_fill_rows(run, width))
        )
        rows = _fill_rows(run, narrowest)
    # Each caption must last at least one millisecond.
    size = _ROWS if len(rows) <= _ROWS * (end - start) else len(rows)
    captions = [rows[number : number + size] for number in range(0, len(rows), size)]
    # Too short a caption would only flash.
    shortest = min(_SHORTEST, (end - start) // len(captions))
    times = [start]
    for number, caption in enumerate(captions[1:], 1):
        latest = end - shortest * (len(captions) - number)
        times.append(max(times[-1] + shortest, min(caption[0][0].place.time, latest)))
    for caption, (begins, ends) in zip(captions, pairwise([*times, end]), strict=True):
        yield Caption(begins, ends, tuple(map(_row, caption)))


def _row(pieces: Sequence[_Piece]) -> Row:
    first = pieces[0]
    rest = "".join(" " * piece.spaced + piece.text for piece in pieces[1:])
    return Row(first.place.speaker, bool(first.label), first.text + rest)
