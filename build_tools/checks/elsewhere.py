"""The same mishearing elsewhere: what is corrected in one place and stands uncorrected in another.

It is a question to the editor and never a problem: an ordinary word may be wrong here and right
there, and `here only` in the footnote says so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from build_tools.model.edition import Edition, Mark
from build_tools.model.text import Place, Problem
from build_tools.reading.rejection import Rejected, file_offset
from build_tools.text.phrases import (
    Phrases,
    compile_phrases,
    encode_words,
    find_phrases,
    has_phrase,
)
from build_tools.text.words import find_keys


class Corrected(NamedTuple):
    """A form that was corrected: its words, and the first mark that corrects it so.

    `kind` is what stands before the reason in its footnote.
    """

    keys: tuple[str, ...]
    heard: str
    said: str
    place: Place
    label: str
    kind: str


def list_corrected(edition: Edition, rejected: Rejected) -> tuple[Corrected, ...]:
    """Each corrected form of an edition once for every footnote that gives its reason.

    A word that was taken out is no form of another: it may well stand rightly next to its place.
    """
    forms: dict[tuple[str, tuple[str, ...]], Corrected] = {}
    for span, *_, reason in rejected.spans:
        keys = find_keys(span.heard) if reason and span.said else ()
        if not keys or not reason or reason.here_only or (reason.label, keys) in forms:
            continue
        heard, said = (" ".join(text.split()) for text in (span.heard, span.said))
        kind = reason.kind.value + "?" * reason.conjecture
        place = edition.text.place(span.offset)
        forms[reason.label, keys] = Corrected(keys, heard, said, place, reason.label, kind)
    return tuple(forms.values())


def encode_unmarked(rejected: Rejected) -> str:
    """An edition's words as heard, ready to be searched; those of a mark are none of them.

    In it nearly everything is missing that is missing from the edition too, and it is quickly
    searched. Whatever is found in it is to be looked at in the edition itself.
    """
    words = rejected.words
    keys = list(words.keys)
    for placed in rejected.spans:
        if placed.span.mark in (Mark.CHANGE, Mark.DOUBT) and placed.span.heard:
            first = bisect_right(words.ends, placed.heard_start)
            end = bisect_left(words.starts, placed.heard_end)
            keys[first:end] = [""] * (end - first)
    return encode_words(keys)


def check_elsewhere(
    forms: Iterable[Corrected],
    editions: Iterable[tuple[str, str]],
    read_again: Callable[[str], tuple[Edition, Rejected]],
) -> Iterator[Problem]:
    """A warning for each corrected form that stands uncorrected somewhere, with both places.

    `editions` are each its slug and its words from `encode_unmarked`; where one has such a form,
    it is read again.
    """
    by_keys: dict[tuple[str, ...], list[Corrected]] = {}
    for form in forms:
        by_keys.setdefault(form.keys, []).append(form)
    phrases = compile_phrases(by_keys)
    places: dict[int, list[Place]] = {}
    for slug, words in editions:
        if has_phrase(phrases, words):
            for phrase, place in _find_unmarked(phrases, *read_again(slug)):
                places.setdefault(phrase, []).append(place)
    members = list(by_keys.values())
    for phrase, found in places.items():
        yield from (_warning(form, found) for form in members[phrase])


def _find_unmarked(
    phrases: Phrases, edition: Edition, rejected: Rejected
) -> Iterator[tuple[int, Place]]:
    words = rejected.words
    for found in find_phrases(phrases, words.keys):
        start, end = words.starts[found.first], words.ends[found.end - 1]
        if _is_unmarked(rejected, start, end):
            offset = file_offset(edition, rejected.spans[rejected.span_number(start)], start)
            yield found.phrase, edition.text.place(offset)


def _is_unmarked(rejected: Rejected, start: int, end: int) -> bool:
    """Whether words stand in text without a mark; words in doubt have been seen by an editor."""
    first, last = rejected.span_number(start), rejected.span_number(end - 1)
    spans = rejected.spans[first : last + 1]
    return all(placed.span.mark in (Mark.PLAIN, Mark.NOTE) for placed in spans)


def _warning(form: Corrected, places: list[Place]) -> Problem:
    others = len(places) - 1
    more = f", and {others} more time{'s' * (others > 1)} elsewhere" if others else ""
    return Problem(
        places[0],
        f"“{form.heard}” stands here{more}; at {form.place} it is corrected to “{form.said}”",
        "mark it here too, or say in that footnote that the word is right elsewhere: "
        f"[^{form.label}]: {form.kind}, here only: …",
        warning=True,
    )
