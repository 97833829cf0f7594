"""Mentions of glossary entries in the text as said: whole words, longest match first.

Matches are filtered before the longest is chosen: a long match that fails must not hide a shorter
one that holds.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from build_tools.model.glossary import Entry
from build_tools.model.text import Words
from build_tools.model.transcript import Mention, Transcript
from build_tools.text.phrases import Found, Phrases, compile_phrases, find_phrases
from build_tools.text.words import find_words

# “Claude's” mentions Claude; keys have plain apostrophes.
_POSSESSIVE = "'s"
_WRITTEN_POSSESSIVE = re.compile(r"['’]s$")
# Spaces and hyphens join two words of a name; any other sign, such as a comma, separates them.
_SEPARATOR = re.compile(r"[^\s\-‐‑–/'’]")
# The shortest run of words without capitals that shows that its recogniser writes none.
_UNCASED_WORDS = 40


class EntryForm(NamedTuple):
    """One form of an entry; `words` as written are compared if the form is all capitals."""

    entry: str
    words: tuple[str, ...]
    capitals: bool
    separated: bool


class Matcher(NamedTuple):
    """All forms of all entries, compiled for the search."""

    forms: tuple[EntryForm, ...]
    phrases: Phrases


def compile_matcher(entries: Iterable[Entry]) -> Matcher:
    """Compile a matcher for the forms of some entries, in their order."""
    forms = []
    phrases = []
    for entry in entries:
        for written in entry.forms:
            if words := find_words(written):
                letters = sum(map(str.isalpha, written))
                capitals = letters > 1 and written == written.upper() != written.lower()
                separated = _find_separator(written, words) is not None
                whole = _words_as_written(written, words)
                forms.append(EntryForm(entry.slug, whole, capitals, separated))
                phrases.append(_mention_keys(words))
    return Matcher(tuple(forms), compile_phrases(phrases))


def find_name(form: str) -> tuple[str, ...]:
    """Find the keys by which a form is compared with what was said."""
    return tuple(_mention_keys(find_words(form)))


def _mention_keys(words: Words) -> list[str]:
    return [key.removesuffix(_POSSESSIVE) for key in words.keys]


def _words_as_written(text: str, words: Words) -> tuple[str, ...]:
    return tuple(_WRITTEN_POSSESSIVE.sub("", text[word.start : word.end]) for word in words)


def _find_separator(text: str, words: Words) -> re.Match[str] | None:
    between = zip(words.ends, words.starts[1:], strict=False)
    return next(filter(None, (_SEPARATOR.search(text, *both) for both in between)), None)


def find_mentions(transcript: Transcript, matcher: Matcher) -> tuple[Mention, ...]:
    """Find all mentions in order; they do not overlap or cross a paragraph or a sentence."""
    words = transcript.said_words
    uncased = tuple(_find_uncased(transcript.said, words))
    candidates = [
        (found.first, -found.end, found.phrase)
        for found in find_phrases(matcher.phrases, _mention_keys(words))
        if _holds(transcript, matcher.forms[found.phrase], found, uncased)
    ]
    return tuple(_choose_longest(transcript, matcher, sorted(candidates)))


def _holds(transcript: Transcript, form: EntryForm, found: Found, uncased: Sequence[range]) -> bool:
    said, here = transcript.said, transcript.said_words[found.first : found.end]
    if form.capitals and _words_as_written(said, here) != form.words:
        number = bisect_right(uncased, found.first, key=lambda run: run.start) - 1
        if number < 0 or found.first not in uncased[number]:
            return False
    return form.separated or len(here) == 1 or not _find_separator(said, here)


def _choose_longest(
    transcript: Transcript, matcher: Matcher, candidates: list[tuple[int, int, int]]
) -> Iterator[Mention]:
    said_starts = [paragraph.said_start for paragraph in transcript.paragraphs]
    free_from = 0
    found: dict[int, list[tuple[int, int, int]]] = {}
    for first, negative_last, pattern in candidates:
        last = -negative_last
        words = transcript.said_words
        start, end = words.starts[first], words.ends[last - 1]
        paragraph = bisect_right(said_starts, start) - 1
        if first < free_from or end > transcript.paragraphs[paragraph].said_end:
            continue
        free_from = last
        found.setdefault(paragraph, []).append((start, end, pattern))
    for paragraph, here in found.items():
        heard = transcript.words_at(paragraph, (start for start, _, _ in here))
        for (start, end, pattern), word in zip(here, heard, strict=True):
            yield Mention(matcher.forms[pattern].entry, start, end, paragraph, word)


def _find_uncased(said: str, words: Words) -> Iterator[range]:
    """Yield the long runs of words without capitals, by the numbers of their words."""
    capitals = "".join(sorted(letter for letter in set(said) if letter != letter.lower()))
    # The fast path: each word has at least one letter, so a shorter run has too few words.
    run = f"[^{re.escape(capitals)}]+" if capitals else ".+"
    for match in re.finditer(run, said, re.DOTALL):
        if match.end() - match.start() >= _UNCASED_WORDS:
            # Leave out words at either end that are only partly in the run.
            begin = bisect_left(words.starts, match.start())
            end = bisect_right(words.ends, match.end())
            if end - begin >= _UNCASED_WORDS:
                yield range(begin, end)
