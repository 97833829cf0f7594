"""Places at which other recognisers of a talk heard other words than the first one."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from build_tools.text.differences import Difference, find_differences
from build_tools.text.frequencies import read_frequencies

# More words than these are missing parts rather than misheard words.
_LONGEST = 8
# Occurrences in a million words of print above which a word is a function word.
_COMMON = 400.0
_FILLERS = "um uh er ah oh mm hmm mhm yeah yes yep yup okay ok so well like"
_FIGURES = "zero one two three four five six seven eight nine ten eleven twelve"
_SPOKEN = {
    **dict.fromkeys(_FILLERS.split(), ()),
    **{word: (str(number),) for number, word in enumerate(_FIGURES.split())},
    "gonna": ("going", "to"),
    "wanna": ("want", "to"),
    "gotta": ("got", "to"),
    "kinda": ("kind", "of"),
    "sorta": ("sort", "of"),
    "cannot": ("can", "not"),
    "%": ("percent",),
    "won't": ("will", "not"),
    "can't": ("can", "not"),
}
_CONTRACTION = re.compile(r"(.+?)(n't|'(?:s|re|ve|ll|d|m))")
_ENDINGS = {"n't": "not", "'s": "is", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would"}


class Variant(NamedTuple):
    """Words `first` to `end` (excluded) of the first witness, and what each other one heard."""

    first: int
    end: int
    readings: tuple[str, ...]

    @property
    def agree(self) -> bool:
        """Whether all others heard the same."""
        return len({reading.replace(" ", "") for reading in self.readings}) == 1


def find_variants(base: Sequence[str], others: Sequence[Sequence[str]]) -> Iterator[Variant]:
    """The places at which every other witness has other words of substance, in order.

    Numbers, contractions, fillers and compounds may be written in any way.
    """
    words, numbers = _normalise(base)
    read = [_normalise(other)[0] for other in others]
    found = [find_differences(words, other) for other in read]
    for place in _cluster(found):
        first, end = place[0][1].heard_first, max(one.heard_end for _, one in place)
        readings = []
        for witness, other in enumerate(read):
            own = [one for number, one in place if number == witness]
            if own:
                start = own[0].source_first - (own[0].heard_first - first)
                stop = own[-1].source_end + end - own[-1].heard_end
                readings.append(tuple(other[start:stop]))
        heard = tuple(words[first:end])
        if len(readings) == len(read) and all(_is_substance(heard, one) for one in readings):
            start = numbers[first] if first < len(numbers) else len(base)
            stop = numbers[end - 1] + 1 if end > first else start
            yield Variant(start, stop, tuple(map(" ".join, readings)))


def _normalise(keys: Sequence[str]) -> tuple[list[str], list[int]]:
    """Words without differences of style, and the number of the word that each comes from."""
    words: list[str] = []
    numbers: list[int] = []
    for number, key in enumerate(keys):
        for word in _split(key):
            words.append(word)
            numbers.append(number)
    return words, numbers


@cache
def _split(key: str) -> tuple[str, ...]:
    if key in _SPOKEN:
        return _SPOKEN[key]
    match = _CONTRACTION.fullmatch(key)
    return (match[1], _ENDINGS.get(match[2], "am")) if match else (key,)


def _cluster(found: Sequence[Sequence[Difference]]) -> Iterator[list[tuple[int, Difference]]]:
    """The differences of all witnesses, those that overlap together."""
    place: list[tuple[int, Difference]] = []
    end = -1
    for one, witness in sorted((one, number) for number, own in enumerate(found) for one in own):
        if place and one.heard_first >= end and one.heard_first > place[0][1].heard_first:
            yield place
            place, end = [], -1
        place.append((witness, one))
        end = max(end, one.heard_end)
    if place:
        yield place


def _is_substance(heard: Sequence[str], read: Sequence[str]) -> bool:
    """Whether a content word differs, not only the way in which words are joined or repeated."""
    if max(len(heard), len(read)) > _LONGEST or "".join(heard) == "".join(read):
        return False
    lists = read_frequencies()
    return any(lists.per_million(word) < _COMMON for word in {*heard} ^ {*read})
