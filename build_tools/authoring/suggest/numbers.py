"""Numbers that lack a sign: “a 10 chance” was said with a percent sign."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.authoring.suggest.evidence import Evidence, Finding
from build_tools.model.edition import Kind

# Behind a number from 1 to 100 that follows one of `_BEFORE`, these are counted in percent.
_SHARES = {
    *("chance", "chances", "probability", "likelihood", "increase", "decrease", "reduction"),
    *("discount", "stake", "majority", "raise", "cut", "drop", "rise", "gain", "loss"),
    *("confidence", "accuracy", "margin"),
}
_BEFORE = {
    *("a", "an", "the", "to", "roughly", "about", "maybe", "like"),
    *("only", "under", "over", "almost", "nearly"),
}
_OF_TIME = ("of", "the", "time")


def find_numbers(evidence: Evidence) -> Iterator[Finding]:
    """Places where a percent sign is missing behind a number."""
    for number, key in enumerate(evidence.keys):
        if not key.isdecimal() or not 1 <= int(key[:9]) <= 100:
            continue
        after = evidence.keys[number + 1 : number + 4]
        before = evidence.keys[number - 1] if number else ""
        if not evidence.is_markable(number, number + 2):
            continue
        if after == _OF_TIME or (after[0] in _SHARES and before in _BEFORE):
            why = f"“{evidence.text(number, number + 2)}” wants a percent sign behind {key}"
            yield Finding(number + 1, number + 1, "%", Kind.NUMBER, "percent sign", why)
