"""Texts of several recognisers of one talk, aligned word by word."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import attrgetter
from typing import NamedTuple

from build_tools.text.differences import Difference, are_related, count_same, find_differences
from build_tools.text.frequencies import COMMON, read_frequencies

_TOP = Difference(0, 0, 0, 0)
# More words than these are missing parts rather than misheard words.
_LONGEST = 8
# Two recognisers do not write so great a share of words alike where they differ from a third.
_ALIKE = 0.995
_FILLERS = "um uh er ah oh mm hmm mhm yeah yes yep yup okay ok so well like"
_FIGURES = "zero one two three four five six seven eight nine ten eleven twelve"
_JOINED = (
    *(("gonna", "going to"), ("wanna", "want to"), ("gotta", "got to"), ("kinda", "kind of")),
    *(("sorta", "sort of"), ("cannot", "can not"), ("can't", "can not"), ("won't", "will not")),
    ("%", "percent"),
)
_SPOKEN = {
    **dict.fromkeys(_FILLERS.split(), ()),
    **{word: (str(number),) for number, word in enumerate(_FIGURES.split())},
    **{word: tuple(spoken.split()) for word, spoken in _JOINED},
}
_CONTRACTION = re.compile(r"(.+?)(n't|'(?:s|re|ve|ll|d|m))")
_ENDINGS = {"n't": "not", "'s": "is", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would"}


class Variant(NamedTuple):
    """Words `first` to `end` (excluded) of a text, and what each other one has there.

    `readings` and `heard`, of the first text, are in the style that is compared; `places` are words
    of the other text, None if it lacks the part. `differ` says whether substance differs. They
    `agree` if all others have the same words, and not those of the first text.
    """

    first: int
    end: int
    readings: tuple[str, ...]
    places: tuple[tuple[int, int] | None, ...]
    heard: str
    differ: tuple[bool, ...]
    agree: bool


class _Text(NamedTuple):
    """Words without differences of style, the word that each comes from, and differences."""

    keys: Sequence[str]
    words: Sequence[str]
    numbers: Sequence[int]
    differences: Sequence[Difference] = ()


class Collation:
    """A text and others of the same speech beside it, word by word, whatever their style."""

    def __init__(self, base: Sequence[str], others: Iterable[Sequence[str]]) -> None:
        self.base = _Text(base, *_normalise(base))
        texts, base = (_Text(other, *_normalise(other)) for other in others), self.base.words
        self.others = [one._replace(differences=find_differences(base, one.words)) for one in texts]

    def is_related(self, other: int) -> bool:
        """Whether a text has at least half of the words of the first one, and the other way."""
        text, words = self.others[other], self.base.words
        return are_related(words, text.words, count_same(words, text.differences))

    def are_alike(self, one: int, other: int) -> bool:
        """Whether two texts hardly differ from each other, and much more from the first one."""
        text, words = self.others[one], self.others[other].words
        between = find_differences(text.words, words)
        alike = count_same(text.words, between) > _ALIKE * max(len(text.words), len(words))
        return alike and 2 * len(between) < len(text.differences)

    def find_beside(self, other: int, first: int, end: int) -> int | None:
        """The word of a text that is the first it shares of the words `first` to `end`."""
        base, text = self.base, self.others[other]
        for word in range(*(bisect_left(base.numbers, edge) for edge in (first, end))):
            place = _find_slice(text, word, word + 1, 1)
            if place and [base.words[word]] == [*text.words[slice(*place)]]:
                return text.numbers[place[0]]
        return None

    def find_missing(self, other: int) -> Iterator[tuple[int, int]]:
        """The first word and the end of each part of the first text that another one lacks."""
        for one in self.others[other].differences:
            here, there = _measure(one)
            if there <= _LONGEST < here:
                yield _place(self.base.numbers, one.heard_first, one.heard_end)

    def variants(self) -> Iterator[Variant]:
        """The places at which another text has other words of substance, in order."""
        for first, end in _cluster([other.differences for other in self.others]):
            heard = self.base.words[first:end]
            found = [(other, _find_slice(other, first, end, _LONGEST)) for other in self.others]
            read = [other.words[slice(*place)] if place else heard for other, place in found]
            differ = tuple(_is_substance(heard, one) for one in read)
            if any(differ):
                where = _place(self.base.numbers, first, end)
                places = tuple(place and _place(other.numbers, *place) for other, place in found)
                agree = all(differ) and len(set(map("".join, read))) == 1
                readings = tuple(map(" ".join, read))
                yield Variant(*where, readings, places, " ".join(heard), differ, agree)

    def has_reading(self, other: int, first: int, end: int, said: Sequence[str]) -> bool:
        """Whether a text has `said` where the first one has its words from `first` up to `end`."""
        base, text = self.base, self.others[other]
        begin, stop = (bisect_left(base.numbers, edge) for edge in (first, end))
        touching = [d for d in text.differences if d.heard_first <= stop and d.heard_end >= begin]
        low = min([begin, *(one.heard_first for one in touching)])
        high = max([stop, *(one.heard_end for one in touching)])
        place = _find_slice(text, low, high, len(text.words))
        if not place:
            return False
        here, read = base.words[low:high], text.words[slice(*place)]
        wanted = [*base.words[low:begin], *_normalise(said)[0], *base.words[stop:high]]
        fillers = {word for word in said if not _split(word)}
        is_whole = fillers <= {*base.keys[first:end]}
        if is_whole and "".join(wanted) == "".join(read) != "".join(here):
            return True
        if max((max(_measure(one)) for one in touching), default=0) > _LONGEST:
            return False
        own, there = _place(base.numbers, low, high), _place(text.numbers, *place)
        texts = (" ".join(keys[slice(*at)]) for keys, at in ((text.keys, there), (base.keys, own)))
        in_theirs, in_ours = (f" {' '.join(said)} " in f" {text} " for text in texts)
        return bool(said) and in_theirs and not in_ours


def _find_slice(text: _Text, first: int, end: int, most: int) -> tuple[int, int] | None:
    """At most `most` compared words of a text beside those of the first one; None if it lacks them.

    Words that it adds at the end belong to what follows.
    """
    begin = attrgetter("heard_first")
    before = bisect_left(text.differences, first, key=begin)
    bisect_end = bisect_left if first < end else bisect_right
    behind = bisect_end(text.differences, end, before, key=begin)
    above = text.differences[before - 1] if before else _TOP
    last = text.differences[behind - 1] if behind else _TOP
    start, stop = first + above.source_end - above.heard_end, end + last.source_end - last.heard_end
    is_whole = above.heard_end <= first and last.heard_end <= end
    return (start, stop) if is_whole and stop - start <= most else None


def _place(numbers: Sequence[int], first: int, end: int) -> tuple[int, int]:
    start = numbers[first] if first < len(numbers) else (numbers[-1] + 1 if numbers else 0)
    return start, numbers[end - 1] + 1 if end > first else start


def _normalise(keys: Sequence[str]) -> tuple[list[str], list[int]]:
    split = list(map(_split, keys))
    words = [word for own in split for word in own]
    return words, [number for number, own in enumerate(split) for _ in own]


@cache
def _split(key: str) -> tuple[str, ...]:
    if key in _SPOKEN:
        return _SPOKEN[key]
    match = _CONTRACTION.fullmatch(key)
    return (match[1], _ENDINGS.get(match[2], "am")) if match else (key,)


def _cluster(found: Iterable[Sequence[Difference]]) -> list[tuple[int, int]]:
    """Where texts differ from the first one, but for parts that one lacks: overlaps are one."""
    places: list[tuple[int, int]] = []
    short = (one for own in found for one in own if max(_measure(one)) <= _LONGEST)
    for first, end, *_ in sorted(short):
        before, until = places[-1] if places else (-1, -1)
        if first < until or first == before:
            places[-1] = (before, max(end, until))
        else:
            places.append((first, end))
    return places


def _measure(one: Difference) -> tuple[int, int]:
    return one.heard_end - one.heard_first, one.source_end - one.source_first


def _is_substance(heard: Sequence[str], read: Sequence[str]) -> bool:
    """Whether a content word differs, not only the way in which words are joined or repeated."""
    others = max(len(heard), len(read)) <= _LONGEST and "".join(heard) != "".join(read)
    return others and any(map(_is_content, {*heard} ^ {*read}))


@cache
def _is_content(word: str) -> bool:
    return read_frequencies().per_million(word) < COMMON
