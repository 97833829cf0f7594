"""Initialisms written as single letters: “a g i” for AGI."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.authoring.suggest.evidence import Evidence, Finding
from build_tools.model.edition import Kind

# Letters that are also words.
_WORDS = frozenset("aiou")
_LONGEST = 6


def find_initialisms(evidence: Evidence) -> Iterator[Finding]:
    """Runs of single letters; an initialism of the glossary is likelier than an unknown one."""
    glossary = {form for entry in evidence.entries for form in entry.forms if form.isupper()}
    first = 0
    while first < len(evidence.keys):
        end = first
        while evidence.is_free(first, end + 1) and _is_letter(evidence, first, end):
            end += 1
        if end - first > 1:
            yield from _initialism(evidence, first, end, glossary)
        first = max(end, first + 1)


def _is_letter(evidence: Evidence, first: int, number: int) -> bool:
    key = evidence.keys[number]
    return (
        len(key) == 1
        and key.isalpha()
        and number - first < _LONGEST
        and evidence.is_unbroken(first, number + 1)
    )


def _initialism(evidence: Evidence, first: int, end: int, glossary: set[str]) -> Iterator[Finding]:
    letters = "".join(evidence.keys[first:end]).upper()
    if letters in glossary:
        why = f"the letters are those of “{letters}” in the glossary"
        yield Finding(first, end, letters, Kind.TERM, "initialism of the glossary", why, 1)
        return
    # “a” and “I” before an initialism are words.
    while first < end and evidence.keys[first] in _WORDS:
        first += 1
    own = evidence.keys[first:end]
    if len(set(own) - _WORDS) > 1:
        said = "".join(own).upper()
        why = "single letters on end are an initialism"
        yield Finding(first, end, said, Kind.TERM, "initialism", why, len(own))
