"""A likely error, and how likely it is by what is known of its words."""

from collections.abc import Mapping
from math import exp
from typing import NamedTuple

from build_tools.model.edition import Kind

# What each feature adds to the logarithm of the odds that words are wrong: a logistic regression
# that `python -m tests.benchmarks.ranker` fits to 20 public talks and to those of this collection.
WEIGHTS = {
    "any": -2.42,
    "corrected elsewhere": 1.33,
    "corrected here": 2.34,
    "like a name": 0.37,
    "same sound": 0.88,
    "same letters": 1.01,
    "on record": 1.80,
    "several words": 0.81,
    "rare, with a capital": 0.73,
    "of no list": 1.62,
    "new to other talks": 0.30,
    "made of known words": -0.19,
    "in small letters": -1.47,
    "initialism": -0.36,
    "often, in one spelling": -0.63,
    "in other spellings too": 1.39,
    # These stand alone: counted in the same talks, and in 12 calls of Earnings-21.
    "loop": 0.29,
    "witnesses agree": 1.31,
    "witnesses differ": 1.45,
}
# Below this likelihood nothing is listed, unless asked for.
LEAST = 0.35


class Finding(NamedTuple):
    """A likely error in words `first` to `end` (excluded), and what was said instead.

    `said` is None if it cannot be known, "" if the words are superfluous. If `first` is `end`, a
    word is missing before it. `grade` names the sort of evidence, `label` a footnote that gives the
    reason already. `more` are further places of the same words, each with first word and end.
    """

    first: int
    end: int
    said: str | None
    kind: Kind
    grade: str
    why: str
    features: Mapping[str, float]
    label: str = ""
    more: tuple[tuple[int, int], ...] = ()

    @property
    def likelihood(self) -> float:
        """From 0 to 1 in hundredths, by the weights of its features."""
        odds = sum(WEIGHTS[name] * value for name, value in self.features.items())
        return round(1 / (1 + exp(-odds)), 2)

    @property
    def places(self) -> tuple[tuple[int, int], ...]:
        """The first word and the end of each of its places."""
        return ((self.first, self.end), *self.more)
