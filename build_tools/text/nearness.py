"""The known name that is most like a wrong one: the hint in a problem."""

from collections.abc import Iterable
from functools import cached_property, partial

from rapidfuzz import fuzz, process

# Longer names are not compared. The number of comparisons is limited for each file, so that the
# work grows with the length of the file and not with its square.
_LONGEST = 200
_COMPARISONS = 200_000


class KnownNames:
    """Names that are known; as hints for many wrong ones are asked for, fewer are given."""

    def __init__(self, names: Iterable[str]) -> None:
        self._given, self._left = names, _COMPARISONS

    @cached_property
    def _names(self) -> tuple[str, ...]:
        # Most files have no wrong name.
        return tuple(name for name in dict.fromkeys(self._given) if len(name) <= _LONGEST)

    def find_near(self, wrong: str) -> str:
        """The name that is most like a wrong one, or has all words of it; "" if none is so near."""
        self._left -= len(self._names)
        if self._left < 0 or len(wrong) > _LONGEST:
            return ""
        find = partial(process.extractOne, wrong, self._names, processor=str.casefold)
        near = find(scorer=fuzz.ratio, score_cutoff=66)
        near = near or find(scorer=fuzz.token_set_ratio, score_cutoff=95)
        return str(near[0]) if near else ""

    def ask(self, wrong: str, shown: str = "{}") -> str:
        """The question whether the nearest name was meant, "" if there is none."""
        near = self.find_near(wrong)
        return f"did you mean {shown.format(near)}? " if near else ""
