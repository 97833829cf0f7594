"""Finds oddities of a source for an editor to listen to; the source stays as it is.

Chunked recognition makes time run backwards at the edges of chunks. Recognisers loop, and in
silence they write the credits of subtitles that they were trained on.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from build_tools.model.source import Cue, Source
from build_tools.text.timecode import render_clock
from build_tools.text.words import find_keys

# Milliseconds without a word that are reported.
_GAP = 30_000
# How often the same words follow one another in a loop; people do say things three times.
_LOOP = 4
_LONGEST_LOOP = 8
# Whole cues that recognisers write in silence
# (github.com/openai/whisper/discussions/679, github.com/amicalhq/amical/issues/71). People say some
# of them too, so none is left out.
_STOCK_LINES = """
    Thanks for watching!
    Thank you for watching.
    Thank you so much for watching.
    Thanks for watching and I'll see you in the next video.
    Please subscribe to my channel.
    Don't forget to like and subscribe.
    Subtitles by the Amara.org community
    Sous-titres réalisés par la communauté d'Amara.org
    Sous-titrage Société Radio-Canada
    Untertitel der Amara.org-Community
    Untertitelung des ZDF für funk, 2017
    Subtítulos realizados por la comunidad de Amara.org
    Sottotitoli creati dalla comunità Amara.org
    Transcription by CastingWords
    ご視聴ありがとうございました
"""
_STOCK = frozenset(map(find_keys, _STOCK_LINES.strip().split("\n")))
_LONGEST_STOCK = 100


class Oddity(NamedTuple):
    """A kind of oddity, its line, and a quotation or times."""

    kind: str
    line: int
    what: str


def find_oddities(source: Source) -> tuple[Oddity, ...]:
    """Every oddity, in order of kind and line."""
    cues = source.cues
    return (*_odd_times(cues), *_odd_order(cues), *_stock_phrases(cues), *_loops(source))


def _odd_times(cues: Iterable[Cue]) -> Iterator[Oddity]:
    for cue in cues:
        if cue.start is None or cue.end is None or cue.start < cue.end:
            continue
        at = render_clock(cue.start)
        if cue.end < cue.start:
            yield Oddity("ends before it begins", cue.line, f"{at} to {render_clock(cue.end)}")
        else:
            yield Oddity("lasts no time", cue.line, at)


def _odd_order(cues: Iterable[Cue]) -> Iterator[Oddity]:
    for before, cue in pairwise(cue for cue in cues if cue.start is not None):
        start, last = cue.start or 0, before.start or 0
        until = last if before.end is None else max(last, before.end)
        span = f"{render_clock(until)} to {render_clock(start)}"
        if start < last:
            yield Oddity("time runs backwards", cue.line, f"{render_clock(last)} to {span[-5:]}")
        elif before.end is not None and start < until and start != last:
            yield Oddity("begins before the one above it ends", cue.line, span)
        elif before.end is not None and start - until >= _GAP:
            yield Oddity("nothing for half a minute or more", cue.line, span)


def _stock_phrases(cues: Iterable[Cue]) -> Iterator[Oddity]:
    for cue in cues:
        if len(cue.text) <= _LONGEST_STOCK and find_keys(cue.text) in _STOCK:
            yield Oddity("recognisers write this in silence", cue.line, " ".join(cue.text.split()))


def _loops(source: Source) -> Iterator[Oddity]:
    """Runs of words that are repeated in a loop."""
    keys = [word.key for word in source.words]
    repeated = [0] * (_LONGEST_LOOP + 1)
    past = 0
    for number in range(len(keys)):
        for length in range(1, _LONGEST_LOOP + 1):
            same = number >= length and keys[number] == keys[number - length]
            repeated[length] = repeated[length] + 1 if same else 0
            if number >= past and repeated[length] == length * (_LOOP - 1):
                first = number + 1 - length * _LOOP
                words = " ".join(keys[first : first + length])
                yield Oddity("the same words again and again", source.cue_at(first).line, words)
                past = number
                while past < len(keys) and keys[past] == keys[past - length]:
                    past += 1
                break
