"""Places at which other recognisers of a talk heard other words than the first one."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from build_tools.authoring.suggest.evidence import Finding, ReadTranscript
from build_tools.model.edition import Kind
from build_tools.text.differences import Difference, find_differences
from build_tools.text.frequencies import COMMON, read_frequencies

# More words than these are missing parts rather than misheard words.
_LONGEST = 8
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
# The names of the other witnesses; the first one is A.
_LETTERS = "BCDEFGH"
_ENDINGS = {"n't": "not", "'s": "is", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would"}


class Variant(NamedTuple):
    """Words `first` to `end` (excluded) of the first witness, and what each other one heard.

    `readings` are in the style that is compared; `places` are the words in the other witness.
    """

    first: int
    end: int
    readings: tuple[str, ...]
    places: tuple[tuple[int, int], ...]

    @property
    def agree(self) -> bool:
        """Whether all others heard the same."""
        return len({reading.replace(" ", "") for reading in self.readings}) == 1


def find_variants(base: Sequence[str], others: Sequence[Sequence[str]]) -> Iterator[Variant]:
    """The places at which every other witness has other words of substance, in order.

    Numbers, contractions, fillers and compounds may be written in any way.
    """
    words, numbers = _normalise(base)
    read = [_normalise(other) for other in others]
    found = [find_differences(words, other) for other, _ in read]
    for place in _cluster(found):
        first, end = place[0][1].heard_first, max(one.heard_end for _, one in place)
        readings, places = [], []
        for witness, (other, other_numbers) in enumerate(read):
            own = [one for number, one in place if number == witness]
            if own:
                start = own[0].source_first - (own[0].heard_first - first)
                stop = own[-1].source_end + end - own[-1].heard_end
                readings.append(tuple(other[start:stop]))
                places.append(_place(other_numbers, start, stop))
        heard = tuple(words[first:end])
        if len(readings) == len(read) and all(_is_substance(heard, one) for one in readings):
            where = _place(numbers, first, end)
            yield Variant(*where, tuple(map(" ".join, readings)), tuple(places))


def find_witnessed(evidence: ReadTranscript) -> Iterator[Finding]:
    """The places that all other witnesses heard otherwise; a correction if they agree."""
    witnesses = evidence.witnesses
    if not witnesses:
        return
    keys = [witness.heard_words.keys for witness in witnesses]
    for variant in find_variants(evidence.keys, keys):
        first, end = variant.first, variant.end
        if not evidence.is_markable(*((first, end) if end > first else (first - 1, first))):
            continue
        heard = [
            " ".join(witness.heard[words.starts[start] : words.ends[stop - 1]].split())
            if stop > start
            else ""
            for witness, (start, stop) in zip(witnesses, variant.places, strict=True)
            for words in [witness.heard_words]
        ]
        said = heard[0] if variant.agree else None
        if said is None and end == first:
            continue
        names = [f"{letter} heard “{text}”" for letter, text in zip(_LETTERS, heard, strict=False)]
        why = f"{' and '.join(_LETTERS[: len(heard)])} heard “{said}”" if said else ", ".join(names)
        grade = "witnesses agree" if variant.agree else "witnesses differ"
        kind = Kind.NAME if (said or "")[:1].isupper() else Kind.HOMOPHONE
        kind = kind if end > first and said != "" else Kind.DROPOUT if said else Kind.REPETITION
        yield Finding(first, end, said, kind, grade, why)


def _place(numbers: Sequence[int], first: int, end: int) -> tuple[int, int]:
    """The words that compared words come from."""
    start = numbers[first] if first < len(numbers) else (numbers[-1] + 1 if numbers else 0)
    return start, numbers[end - 1] + 1 if end > first else start


def _normalise(keys: Sequence[str]) -> tuple[list[str], list[int]]:
    """Words without differences of style, and the number of the word that each comes from."""
    split = list(map(_split, keys))
    words = [word for own in split for word in own]
    return words, [number for number, own in enumerate(split) for _ in own]


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
    return any(lists.per_million(word) < COMMON for word in {*heard} ^ {*read})
