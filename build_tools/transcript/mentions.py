"""Glossary entries found in what was said: whole words, longest match first.

Whether a match stands is decided before the longest is chosen, because a longest match that fails
afterwards would hide a shorter good one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from build_tools.model.glossary import Entry
from build_tools.model.text import Words
from build_tools.model.transcript import Mention, Transcript
from build_tools.text.phrases import Found, Phrases, compile_phrases, find_phrases
from build_tools.text.words import find_words

# Whoever says “Claude's” mentions Claude; keys have plain apostrophes.
_POSSESSIVE = "'s"
_WRITTEN_POSSESSIVE = re.compile(r"['’]s$")
# Between two words of one name stand blanks and hyphens; a comma or a full stop parts them.
_PARTING = re.compile(r"[^\s\-‐‑–/'’]")
# In so many words without a capital there were none to be had: they are not a matter of sense.
_UNCASED_WORDS = 40


class Form(NamedTuple):
    """One way to name an entry; `words` as written, to be compared where the form is capitals."""

    entry: str
    words: tuple[str, ...]
    capitals: bool
    parted: bool


class Matcher(NamedTuple):
    """All forms of all entries, ready to be looked for."""

    forms: tuple[Form, ...]
    phrases: Phrases


def compile_matcher(entries: Iterable[Entry]) -> Matcher:
    """A matcher for the entries' forms, in the order of the entries."""
    forms = []
    phrases = []
    for entry in entries:
        for written in entry.forms:
            words = find_words(written)
            if not words:
                continue
            forms.append(
                Form(
                    entry.slug,
                    _written(written, words),
                    _is_capitals(written),
                    bool(_parting(written, words)),
                )
            )
            phrases.append(_names(words))
    return Matcher(tuple(forms), compile_phrases(phrases))


def find_name(form: str) -> tuple[str, ...]:
    """Find the keys by which a form is compared with what was said."""
    return tuple(_names(find_words(form)))


def _names(words: Words) -> list[str]:
    return [key.removesuffix(_POSSESSIVE) for key in words.keys]


def _written(text: str, words: Words) -> tuple[str, ...]:
    return tuple(_WRITTEN_POSSESSIVE.sub("", text[word.start : word.end]) for word in words)


def _is_capitals(form: str) -> bool:
    letters = [character for character in form if character.isalpha()]
    return len(letters) > 1 and form == form.upper() != form.lower()


def _parting(text: str, words: Words) -> re.Match[str] | None:
    for word, following in pairwise(words):
        if match := _PARTING.search(text, word.end, following.start):
            return match
    return None


def find_mentions(transcript: Transcript, matcher: Matcher) -> tuple[Mention, ...]:
    """Every mention in order; they do not overlap, and none crosses a paragraph or a sentence."""
    said = _Said(transcript.said, transcript.said_words)
    candidates = [
        (found.first, -found.end, found.phrase)
        for found in find_phrases(matcher.phrases, _names(said.words))
        if _stands(said, matcher.forms[found.phrase], found)
    ]
    return tuple(_longest(transcript, matcher, sorted(candidates)))


class _Said:
    """What was said, and its runs of words without capitals, found when asked for."""

    def __init__(self, text: str, words: Words) -> None:
        self.text = text
        self.words = words

    @cached_property
    def uncased(self) -> tuple[range, ...]:
        return tuple(_uncased(self.text, self.words))


def _stands(said: _Said, form: Form, found: Found) -> bool:
    here = said.words[found.first : found.end]
    if form.capitals and _written(said.text, here) != form.words:
        uncased = said.uncased
        number = bisect_right(uncased, found.first, key=lambda run: run.start) - 1
        if number < 0 or found.first not in uncased[number]:
            return False
    return form.parted or len(here) == 1 or not _parting(said.text, here)


def _longest(
    transcript: Transcript, matcher: Matcher, candidates: list[tuple[int, int, int]]
) -> Iterator[Mention]:
    said_starts = [paragraph.said_start for paragraph in transcript.paragraphs]
    free_from = 0
    found: dict[int, list[tuple[int, int, int]]] = {}
    for first, negative_last, pattern in candidates:
        last = -negative_last
        start = transcript.said_words.starts[first]
        end = transcript.said_words.ends[last - 1]
        paragraph = bisect_right(said_starts, start) - 1
        if first < free_from or end > transcript.paragraphs[paragraph].said_end:
            continue
        free_from = last
        found.setdefault(paragraph, []).append((start, end, pattern))
    for paragraph, here in found.items():
        words = transcript.words_at(paragraph, (start for start, _, _ in here))
        for (start, end, pattern), word in zip(here, words, strict=True):
            yield Mention(matcher.forms[pattern].entry, start, end, paragraph, word)


def _uncased(said: str, words: Words) -> Iterator[range]:
    """The runs of words that have no capitals, by the numbers of their words."""
    capitals = "".join(sorted(letter for letter in set(said) if letter != letter.lower()))
    # A word has one letter at least, so that a shorter run of signs cannot hold so many.
    run = f"[^{re.escape(capitals)}]+" if capitals else ".+"
    for match in re.finditer(run, said, re.DOTALL):
        if match.end() - match.start() >= _UNCASED_WORDS:
            # A word that a capital begins is none of them, nor is one that holds a capital.
            begin = bisect_left(words.starts, match.start())
            end = bisect_right(words.ends, match.end())
            if end - begin >= _UNCASED_WORDS:
                yield range(begin, end)
