"""Fillers and false starts that a clean reading hides, by the rules of `docs/policy.md`.

Each rule keeps a filler rather than hide a word with meaning: “do you know”, “what kind of” and
“very, very” stay. The text is not changed: the result is the slices to hide.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import repeat
from operator import attrgetter

from build_tools.model.edition import Mark
from build_tools.model.text import Words
from build_tools.model.transcript import Filler, Transcript

# These words are fillers only between commas, dashes or the ends of a sentence.
# The first sign is a class of its own, which makes the search much faster.
_SET_OFF = re.compile(
    r"""
    (?P<before> [,.?!…—“\n] (?: (?<=,) \s+ | (?<=[.?!…—“]) \s* | (?<=\n) \n ) )
    (?P<filler> (?: you\ know | i\ mean | like | um+ | uh+ | er+ | erm+ ) )
    (?P<after> , \s+ | (?= \s* [.?!…—] ) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# A hedge before a word that it softens. After an article, “what” or “this” it names a kind.
_HEDGE = re.compile(r"[KkSs](?i:(?<=k)ind|(?<=s)ort) (?i:of)\s+(?=\w)")
_BEFORE_HEDGE = frozenset(
    {"i", "we", "you", "they", "he", "she", "it", "and", "just", "really", "actually", "often"}
    | {"never", "then", "to", "is", "are", "was", "were", "be", "been", "has", "have", "had"}
    | {"would", "will", "could", "can", "ultimately", "i'm", "it's", "that's", "there's", "he's"}
    | {"she's", "who's", "what's", "we're", "you're", "they're", "i've", "we've", "you've"}
    | {"they've"}
)
_CLINGS_BEFORE = ("'", "’", "_")
_LONGEST_REPEAT = 3
_REPEATS = re.compile("[,—]")
_BETWEEN_REPEATS = re.compile(r"\s*[,—]\s*")
# These words are repeated on purpose.
_EMPHATIC = frozenset(
    {"very", "really", "so", "many", "much", "more", "far", "long", "no", "yes", "yeah", "never"}
    | {"ever", "again", "better", "worse", "bigger", "higher", "faster", "deeper", "harder"}
    | {"huge", "big", "good", "great", "best", "weird", "strange", "hard", "new", "old", "pretty"}
    | {"hundreds", "thousands", "millions", "billions", "years", "days"}
)


def find_fillers(transcript: Transcript) -> tuple[Filler, ...]:
    """Find the slices that a clean reading hides, in order; none touches a mark or a link."""
    said = transcript.said
    words = transcript.said_words
    found = [*_set_off(said), *_hedges(said, words)]
    # “You, you know, hire” would lose its subject: what is said again must stay.
    begins = {filler.start for filler in found}
    found += [filler for filler in _repeats(said, words) if filler.end not in begins]
    # Words of an editor are never hidden: marks and links.
    protected = [
        placed
        for paragraph in transcript.paragraphs
        for placed in paragraph.spans
        if placed.span.said and (placed.span.mark is not Mark.PLAIN or placed.span.target)
    ]
    fillers: list[Filler] = []
    for filler in sorted(found):
        before = fillers[-1] if fillers else None
        number = bisect_right(protected, filler.start, key=attrgetter("said_end"))
        touched = protected[number : number + 1]
        if (touched and touched[0].said_start < filler.end) or (
            before and filler.start < before.end
        ):
            continue
        if before and before.end == filler.start and before.capital:
            # Both are hidden, so the sentence begins behind the second one.
            fillers[-1], filler = before._replace(capital=False), filler._replace(capital=True)
        fillers.append(filler)
    return tuple(fillers)


def list_fillers(said: str, fillers: Iterable[Filler]) -> str:
    """How many letters lie before each filler, and how many it has, for the script of the page.

    The last number is that of the letters behind the last one. Letters are all signs but blanks;
    `u` says that the letter behind a filler becomes a capital.

    >>> list_fillers("Um, so it was, uh.", [Filler(0, 4, True), Filler(13, 17, False)])
    '0 3u 7 3 1'
    """
    pieces, end = [], 0
    for filler in fillers:
        pieces.append(_count_letters(said[end : filler.start]))
        pieces.append(_count_letters(said[filler.start : filler.end]) + "u" * filler.capital)
        end = filler.end
    return " ".join([*pieces, _count_letters(said[end:])]) if pieces else ""


def _count_letters(text: str) -> str:
    return str(len("".join(text.split())))


def _set_off(said: str) -> Iterator[Filler]:
    opening = "\n\n"
    match = _SET_OFF.search(opening + said)
    while match:
        before = match["before"]
        edges = ("filler", "after") if match["after"] else ("before", "filler")
        start, end = match.start(edges[0]) - len(opening), match.end(edges[1]) - len(opening)
        if match["after"] or before.startswith(","):
            yield Filler(start, end, match["after"] != "" and before[0] not in ",—")
        # The comma that ends one filler may begin the next: “um, you know, …”.
        match = _SET_OFF.search(match.string, match.end("filler"))


def _hedges(said: str, words: Words) -> Iterator[Filler]:
    for match in _HEDGE.finditer(said):
        number = bisect_left(words.starts, match.start()) - 1
        if (
            number >= 0
            and words.keys[number] in _BEFORE_HEDGE
            and said[words.ends[number] : match.start()].isspace()
            and not said.endswith(_CLINGS_BEFORE, 0, words.starts[number])
        ):
            yield Filler(match.start(), match.end(), capital=False)


def _repeats(said: str, words: Words) -> Iterator[Filler]:
    """False starts: one to three words that are repeated behind a comma or a dash."""
    keys, found = words.keys, []
    places = (match.start() for match in _REPEATS.finditer(said))
    for again in map(bisect_right, repeat(words.starts), places):
        # The next word is rarely one of the last ones.
        if again < len(keys) and keys[again] in keys[max(again - _LONGEST_REPEAT, 0) : again]:
            found += [(again - length, -again) for length in _repeated(said, words, again)]
    free_from = 0
    for number, negative_again in sorted(found):
        if number >= free_from:
            free_from = -negative_again
            start = words.starts[number]
            yield Filler(start, words.starts[free_from], capital=said[start].isupper())


def _repeated(said: str, words: Words, again: int) -> Iterator[int]:
    """The lengths in which the words before the n-th are repeated from there on.

    Only the comma or dash stands between the two runs, and only spaces between words.
    """
    keys = words.keys
    if not _BETWEEN_REPEATS.fullmatch(said, words.ends[again - 1], words.starts[again]):
        return
    for length in range(1, min(_LONGEST_REPEAT, again) + 1):
        number = again - length
        if length > 1 and not said[words.ends[number] : words.starts[number + 1]].isspace():
            return
        emphatic = length == 1 and keys[number] in _EMPHATIC
        if keys[number:again] == keys[again : again + length] and not emphatic:
            yield length
