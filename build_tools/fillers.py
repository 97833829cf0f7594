"""What a clean reading may leave out: fillers and false starts, by the rules of `docs/policy.md`.

Each rule would rather keep a filler than hide a word that carries sense: “do you know”, “what kind
of” and “very, very” stay. Nothing here changes a word; it says which stretches can be hidden.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from build_tools.model import Filler, Mark, Transcript, Word

# Set off by commas, dashes or the beginning of a sentence on one side, and by a comma, a dash or
# its end on the other: only so do these words say nothing.
_SET_OFF = re.compile(
    r"""
    (?P<before> , \s+ | [.?!…—“] \s* | \n\n | \A )
    (?P<filler> (?: you\ know | i\ mean | like | um+ | uh+ | er+ | erm+ ) )
    (?P<after> , \s+ | (?= \s* [.?!…—] ) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# A hedge before what it softens. After an article, “what” or “this” it names a kind instead.
_HEDGE = re.compile(
    r"""
    (?<! [\w'’] )
    (?: i | we | you | they | he | she | it | and | just | really | actually | often | never | then
      | to | is | are | was | were | be | been | has | have | had | would | will | could | can
      | ultimately | i'm | it's | that's | there's | he's | she's | who's | what's | we're | you're
      | they're | i've | we've | you've | they've )
    \s+
    (?P<hedge> (?: kind | sort ) \ of \s+ ) (?= \w )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST_REPEAT = 3
_BETWEEN_REPEATS = re.compile(r"\s*[,—]\s*")
# Whoever says these twice means it.
_EMPHATIC = frozenset(
    {"very", "really", "so", "many", "much", "more", "far", "long", "no", "yes", "yeah", "never"}
    | {"ever", "again", "better", "worse", "bigger", "higher", "faster", "deeper", "harder"}
    | {"hundreds", "thousands", "millions", "billions", "years", "days"}
)


def find_fillers(transcript: Transcript) -> tuple[Filler, ...]:
    """The slices that a clean reading hides, in order; none touches a mark or an editor's link."""
    said = transcript.said
    found = [*_set_off(said), *_hedges(said), *_repeats(said, transcript.said_words)]
    protected = _protected(transcript)
    fillers: list[Filler] = []
    for filler in sorted(found):
        before = fillers[-1] if fillers else None
        if (before and filler.start < before.end) or _touches(filler, protected):
            continue
        if before and before.end == filler.start and before.capital:
            # The sentence now begins behind this one.
            fillers[-1], filler = before._replace(capital=False), filler._replace(capital=True)
        fillers.append(filler)
    return tuple(fillers)


def _set_off(said: str) -> Iterator[Filler]:
    position = 0
    while match := _SET_OFF.search(said, position):
        # What ends one filler may begin the next: “um, you know, …”.
        position = match.end("filler")
        before = match["before"]
        if match["after"]:
            begins = before[:1] not in (",", "—")
            yield Filler(match.start("filler"), match.end("after"), begins)
        elif before.startswith(","):
            yield Filler(match.start("before"), match.end("filler"), capital=False)


def _hedges(said: str) -> Iterator[Filler]:
    for match in _HEDGE.finditer(said):
        yield Filler(match.start("hedge"), match.end("hedge"), capital=False)


def _repeats(said: str, words: tuple[Word, ...]) -> Iterator[Filler]:
    """One to three words, a comma or a dash, and the same words: the first are a false start."""
    number = 0
    while number < len(words):
        length = next(
            (
                length
                for length in range(_LONGEST_REPEAT, 0, -1)
                if _is_repeated(said, words, number, length)
            ),
            0,
        )
        if length:
            start, end = words[number].start, words[number + length].start
            yield Filler(start, end, capital=said[start].isupper())
        number += length or 1


def _is_repeated(said: str, words: tuple[Word, ...], number: int, length: int) -> bool:
    first = words[number : number + length]
    second = words[number + length : number + 2 * length]
    if [word.key for word in first] != [word.key for word in second]:
        return False
    if len(first) < length or (length == 1 and first[0].key in _EMPHATIC):
        return False
    inside = all(said[a.end : b.start].isspace() for a, b in pairwise(first))
    return inside and bool(_BETWEEN_REPEATS.fullmatch(said, first[-1].end, second[0].start))


def _protected(transcript: Transcript) -> list[tuple[int, int]]:
    """Slices that belong to a mark or a link: what an editor touched is never hidden."""
    slices = []
    for stretch in transcript.stretches:
        said = stretch.said_start
        for span in stretch.paragraph.spans:
            end = said + len(span.said)
            if span.said and (span.mark is not Mark.PLAIN or span.target):
                slices.append((said, end))
            said = end
    return slices


def _touches(filler: Filler, slices: list[tuple[int, int]]) -> bool:
    number = bisect_left(slices, (filler.start, filler.start))
    return any(
        start < filler.end and filler.start < end for start, end in slices[max(number - 1, 0) :][:3]
    )
