"""Words that are an error wherever they stand so: known errors, letters, numbers, and loops."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.authoring.suggest.evidence import Evidence, Finding
from build_tools.model.edition import Kind
from build_tools.text.phrases import compile_phrases, find_phrases
from build_tools.text.words import find_keys

# Letters that are also words.
_WORDS = frozenset("aiou")
_LONGEST = 6
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
# How often people may repeat a run of words, by its length; a recogniser's loop goes on longer.
_USUAL_TIMES = {1: 8, 2: 4, 3: 4, 4: 3, 5: 2, 6: 2, 7: 2, 8: 2}


def find_recurrences(evidence: Evidence) -> Iterator[Finding]:
    """Every unmarked place with words that an editor replaced elsewhere."""
    replaced = [
        past
        for past in evidence.corrections
        if past.kind.corrects_words and past.heard and find_keys(past.said) and not past.here_only
    ]
    for found in find_phrases(compile_phrases(past.heard for past in replaced), evidence.keys):
        first, end, past = found.first, found.end, replaced[found.phrase]
        if evidence.is_markable(first, end):
            why = f"“{evidence.text(first, end)}” was corrected to “{past.said}” at {past.place}"
            sort = "name" if past.kind in (Kind.NAME, Kind.TERM) else "word"
            label = past.label if past.transcript == evidence.transcript.edition.slug else ""
            grade, weight = f"{sort} corrected elsewhere", len(past.heard)
            yield Finding(first, end, past.said, past.kind, grade, why, weight, label)


def find_initialisms(evidence: Evidence) -> Iterator[Finding]:
    """“a g i” for AGI; an initialism of the glossary is likelier than an unknown one."""
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
    near = number - first < _LONGEST and evidence.is_unbroken(first, number + 1)
    return len(key) == 1 and key.isalpha() and near


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


def find_numbers(evidence: Evidence) -> Iterator[Finding]:
    """“a 10 chance”: places where a percent sign is missing behind a number."""
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


def find_loops(evidence: Evidence) -> Iterator[Finding]:
    """Runs of words that are repeated more often than people do; the first one stays."""
    first = 0
    while first < len(evidence.keys):
        length, times = _loop_at(evidence.keys, first)
        end = first + length * times
        if times and evidence.is_free(first, end):
            run = " ".join(evidence.keys[first : first + length])
            why = f"“{run}” stands here {times} times on end"
            yield Finding(first + length, end, "", Kind.REPETITION, "loop", why, times * length)
        first = end if times else first + 1


def _loop_at(keys: tuple[str, ...], first: int) -> tuple[int, int]:
    """The length of the run that is repeated from a word on, and how often; (0, 0) if none is."""
    for length, usual in _USUAL_TIMES.items():
        run = keys[first : first + length]
        times = 1
        while keys[first + times * length : first + (times + 1) * length] == run:
            times += 1
        if times > usual:
            return length, times
    return 0, 0
