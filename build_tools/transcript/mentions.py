"""Mentions of glossary entries in the text as said: whole words, longest match first.

Matches are filtered before the longest is chosen: a long match that fails must not hide a shorter
one that holds.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from build_tools.model.glossary import EVERYWHERE, NEAR, Entry
from build_tools.model.text import Words
from build_tools.model.transcript import Mention, Transcript
from build_tools.text.phrases import Found, Phrases, compile_phrases, find_phrases
from build_tools.text.urls import from_top
from build_tools.text.words import find_words

# “Claude's” mentions Claude; keys have plain apostrophes.
_POSSESSIVE = "'s"
_WRITTEN_POSSESSIVE = re.compile(r"['’]s$")
# Spaces and hyphens join two words of a name; any other sign, such as a comma, separates them.
_SEPARATOR = re.compile(r"[^\s\-‐‑–/'’]")
_ENTRY = re.compile(r"glossary/(?P<slug>[^/#]+)\.md(?:#.*)?")
# How many words before and behind an ordinary word decide whether it is a name there.
_NEAR_WORDS = 15
# The shortest run of words without capitals that shows that its recogniser writes none.
_UNCASED_WORDS = 40


class EntryForm(NamedTuple):
    """One form of an entry; `words` as written are compared if the form is all capitals.

    Unless it holds everywhere, it does `only` in some transcripts, and `near` some words.
    """

    entry: str
    words: tuple[str, ...]
    capitals: bool
    separated: bool
    only: Sequence[str]
    near: tuple[str, ...]


# All forms of all entries, compiled for the search.
Matcher = tuple[Sequence[EntryForm], Phrases]


def compile_matcher(entries: Iterable[Entry]) -> Matcher:
    """Compile a matcher for the forms of some entries, in their order."""
    forms = []
    for entry, written in ((one, form) for one in entries for form in one.forms):
        if words := find_words(written):
            letters = sum(map(str.isalpha, written))
            capitals = letters > 1 and written == written.upper() != written.lower()
            separated = _find_separator(written, words) is not None
            whole, places = _words_as_written(written, words), entry.places_of(written)
            only = () if EVERYWHERE in places else places
            near = (one.removeprefix(NEAR) for one in only if one.startswith(NEAR))
            around = tuple(_join_keys(find_name(words)) for words in near)
            form = EntryForm(entry.slug, whole, capitals, separated, only, around)
            forms.append((form, _mention_keys(words)))
    return [form for form, _ in forms], compile_phrases(keys for _, keys in forms)


def _join_keys(keys: Iterable[str]) -> str:
    return f" {' '.join(keys)} "


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
    words, (forms, phrases) = transcript.said_words, matcher
    keys = _mention_keys(words)
    uncased = _find_uncased(transcript.said, words)
    by_hand = tuple(_find_links(transcript))
    decided = {number for here, _ in by_hand for number in here}
    candidates = [
        (found.first, -found.end, found.phrase, form.entry)
        for found in find_phrases(phrases, keys)
        if decided.isdisjoint(range(found.first, found.end))
        and _holds(transcript, (form := forms[found.phrase]), found, keys, uncased)
    ]
    known = {form.entry for form in forms}
    candidates += [
        (here.start, -here.stop, -1, entry) for here, entry in by_hand if here and entry in known
    ]
    said_starts = [paragraph.said_start for paragraph in transcript.paragraphs]
    free_from, mentions = 0, []
    for first, negative_last, _, entry in sorted(candidates):
        start, end = words.starts[first], words.ends[-negative_last - 1]
        number = bisect_right(said_starts, start) - 1
        if first >= free_from and end <= transcript.paragraphs[number].said_end:
            free_from = -negative_last
            word = transcript.word_at(number, start)
            mentions.append(Mention(entry, start, end, number, word))
    return tuple(mentions)


def _find_links(transcript: Transcript) -> Iterator[tuple[range, str]]:
    """Yield the numbers of words that the editor links to an entry, with its slug, or unlinks."""
    words, path = transcript.said_words, transcript.edition.path
    for paragraph in transcript.paragraphs:
        links = groupby(paragraph.spans, key=attrgetter("span.target", "span.unlinked"))
        for (target, unlinked), spans in links:
            entry = _ENTRY.fullmatch(from_top(target, path)) if target else None
            if entry or unlinked:
                placed = list(spans)
                first = bisect_right(words.ends, placed[0].said_start)
                end = bisect_left(words.starts, placed[-1].said_end)
                yield range(first, end), entry["slug"] if entry else ""


def _holds(
    transcript: Transcript, form: EntryForm, found: Found, keys: Sequence[str], uncased: Set[int]
) -> bool:
    """Whether what was found is a name, and this one, where it may be an ordinary word."""
    said, here = transcript.said, transcript.said_words[found.first : found.end]
    if form.only and transcript.edition.slug not in form.only:
        before = keys[max(0, found.first - _NEAR_WORDS) : found.first]
        behind = keys[found.end : found.end + _NEAR_WORDS]
        around = _join_keys(before) + _join_keys(behind)
        if not any(words in around for words in form.near):
            return False
    as_written = not form.capitals or _words_as_written(said, here) == form.words
    if not as_written and found.first not in uncased:
        return False
    return form.separated or len(here) == 1 or not _find_separator(said, here)


def _find_uncased(said: str, words: Words) -> set[int]:
    """The numbers of the words in long runs of words without capitals."""
    written = [said[start:end] for start, end in zip(words.starts, words.ends, strict=True)]
    capital = [number for number, word in enumerate(written) if word != word.lower()]
    uncased: set[int] = set()
    for before, after in pairwise((-1, *capital, len(written))):
        if after - before > _UNCASED_WORDS:
            uncased.update(range(before + 1, after))
    return uncased
