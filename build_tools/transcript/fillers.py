"""Fillers and false starts that a clean reading hides, by the rules of `docs/policy.md`.

Each rule keeps a filler rather than hide a word with meaning: “do you know”, “what kind of” and
“very, very” stay. The text is not changed: the result is the slices to hide.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import repeat

from build_tools.model.edition import Mark
from build_tools.model.text import Words
from build_tools.model.transcript import Filler, Transcript

# These words are fillers only between commas, dashes or the ends of a sentence.
_FILLER = r"""
    (?P<filler> (?: you\ know | i\ mean | like | um+ | uh+ | er+ | erm+ ) )
    (?P<after> , \s+ | (?= \s* [.?!…—] ) )
"""
_SET_OFF_FIRST = re.compile(rf"(?P<before>) {_FILLER}", re.VERBOSE | re.IGNORECASE)
# The first sign is a class of its own, which makes the search much faster.
_SET_OFF = re.compile(
    rf"""
    (?P<before> [,.?!…—“\n] (?: (?<=,) \s+ | (?<=[.?!…—“]) \s* | (?<=\n) \n ) )
    {_FILLER}
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
    protected_starts, protected_ends = _protected(transcript)
    fillers: list[Filler] = []
    for filler in sorted(found):
        before = fillers[-1] if fillers else None
        number = bisect_right(protected_ends, filler.start)
        touches = number < len(protected_ends) and protected_starts[number] < filler.end
        if touches or (before and filler.start < before.end):
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
    match = _SET_OFF_FIRST.match(said) or _SET_OFF.search(said)
    while match:
        before = match["before"]
        if match["after"]:
            begins = before[:1] not in (",", "—")
            yield Filler(match.start("filler"), match.end("after"), begins)
        elif before.startswith(","):
            yield Filler(match.start("before"), match.end("filler"), capital=False)
        # The comma that ends one filler may begin the next: “um, you know, …”.
        match = _SET_OFF.search(said, match.end("filler"))


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
    """Yield false starts: one to three words that are repeated behind a comma or a dash."""
    free_from = 0
    for number, negative_length in sorted(_repeated(said, words)):
        if number >= free_from:
            free_from = number - negative_length
            start, end = words.starts[number], words.starts[free_from]
            yield Filler(start, end, capital=said[start].isupper())


def _repeated(said: str, words: Words) -> Iterator[tuple[int, int]]:
    """Yield words that are repeated behind a comma or a dash: the first one's number, minus length.

    Only the comma or dash stands between the two runs, and only spaces between words.
    """
    keys = words.keys
    places = (match.start() for match in _REPEATS.finditer(said))
    for again in map(bisect_right, repeat(words.starts), places):
        if not 0 < again < len(keys):
            continue
        # The fast path: the next word is rarely one of the last ones.
        if keys[again] not in keys[max(again - _LONGEST_REPEAT, 0) : again]:
            continue
        if not _BETWEEN_REPEATS.fullmatch(said, words.ends[again - 1], words.starts[again]):
            continue
        for length in range(1, _LONGEST_REPEAT + 1):
            number = again - length
            if number < 0 or (length == 1 and keys[number] in _EMPHATIC):
                continue
            if keys[number:again] == keys[again : again + length] and all(
                said[words.ends[n] : words.starts[n + 1]].isspace()
                for n in range(number, again - 1)
            ):
                yield number, -length


def _protected(transcript: Transcript) -> tuple[list[int], list[int]]:
    """List the starts and ends of marks and links: words of an editor are never hidden."""
    protected = [
        placed
        for paragraph in transcript.paragraphs
        for placed in paragraph.spans
        if placed.span.said and (placed.span.mark is not Mark.PLAIN or placed.span.target)
    ]
    return [one.said_start for one in protected], [one.said_end for one in protected]
