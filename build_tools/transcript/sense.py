"""Corrections that may change the sense: words that they take out or put in."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from build_tools.text.catalogue import tr
from build_tools.text.words import find_keys

# In the languages that most sources are in.
_NEGATIONS = frozenset(
    find_keys(
        "not no never none nor neither nothing nobody cannot cant dont wont didnt isnt without "
        "nicht kein keine keinen nie nein nichts ohne pas jamais rien sans non nunca nada sin niet "
        "geen nooit não не нет ни никогда לא אין لا ليس لم لن 不 没"
    )
)
_NUMBERS = frozenset(
    find_keys(
        "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
        "hundred thousand million billion trillion half percent % hundreds thousands millions "
        "billions trillions"
    )
)
# No names, where a sentence begins with them.
_OPENINGS = frozenset(
    find_keys(
        "a all also an and are as at because but can could did do does for he her here his how i "
        "i'd i'll i'm i've if in is it it's its just like many maybe mm my now of oh ok okay on or "
        "our she so some still that that's the their them then there there's these they this those "
        "though to uh um was we we're well were what when where which while who why will with "
        "would yeah yes you you're your"
    )
)


def describe_sense_change(heard: str, said: str) -> str:
    """The words taken out, or put in, by which a correction may change the sense; "" if none.

    They are negations, and numbers and names that nothing stands for.

    >>> describe_sense_change("did not", "did"), describe_sense_change("in 1994", "in 2014")
    ('takes out “not”', '')
    >>> describe_sense_change("Sam Altman paid 12", "he never paid")
    'takes out “12”, “sam”, “altman”, puts in “never”'
    """
    lost, new = _find_sense_change(heard, said)
    changes = (
        tr("takes out {words}", words=_quote_all(lost)) if lost else "",
        tr("puts in {words}", words=_quote_all(new)) if new else "",
    )
    return ", ".join(filter(None, changes))


# Page, note and list ask for the same corrections.
@lru_cache(maxsize=1024)
def _find_sense_change(heard: str, said: str) -> tuple[list[str], list[str]]:
    both = f"{heard} {said}".split()
    capitals = (word for word in both if word.lstrip("([“‘\"'")[:1].isupper())
    names = frozenset(find_keys(" ".join(capitals))) - _OPENINGS
    before, after = (Counter(find_keys(text)) for text in (heard, said))
    gone, come = list((before - after).elements()), list((after - before).elements())
    if "".join(gone) == "".join(come):
        # Only blanks differ.
        return [], []
    kinds = (_is_negation, is_number, lambda word: word in names or is_number(word))
    lost = (filter(kind, gone) for kind in kinds if not any(map(kind, come)))
    new = [] if any(map(_is_negation, gone)) else list(filter(_is_negation, come))
    return list(chain.from_iterable(lost)), new


def _quote_all(words: Iterable[str]) -> str:
    return ", ".join(tr("“{words}”", words=word) for word in dict.fromkeys(words))


def _is_negation(word: str) -> bool:
    return word in _NEGATIONS or word.endswith("n't")


def is_number(word: str) -> bool:
    """Whether a key is a number in digits or letters; “one” is as often a pronoun."""
    return word in _NUMBERS or any(map(str.isdigit, word))
