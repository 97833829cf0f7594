"""Chooses where in an edition's file the mark of words that it left out may stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from build_tools.authoring.mark.comparison import Comparison
from build_tools.authoring.mark.heard_words import HeardWord
from build_tools.model.edition import Mark
from build_tools.text.differences import Difference
from build_tools.text.words import find_keys

_BLANK = re.compile(r"\s")
_BLANK_LINE = re.compile(r"\n[^\S\n]*(?=\n)")


class Placement(NamedTuple):
    """An offset in the file, and whether the mark precedes the word there."""

    offset: int
    precedes: bool


def place_rejection(compared: Comparison, difference: Difference) -> Placement | None:
    """The place of a rejection, or None if a mark or a doubt leaves no room.

    The mark follows the word before it without a blank, so that removing the mark leaves nothing;
    it stands behind stars, brackets and footnotes that follow the word.
    """
    content, words, spans = compared.heard.content, compared.heard.words, compared.heard.spans
    word = difference.heard_first
    if not word or _opens_paragraph(compared, difference):
        span = spans[words[word].span]
        return Placement(words[word].start if span.mark is Mark.PLAIN else span.offset, True)
    following = words[word].start if word < len(words) else len(content.rstrip())
    close = _BLANK_LINE.search(content, words[word - 1].end, following)
    limit = close.start() if close else following
    offsets = [*_offsets_behind(compared, words[word - 1], limit)]
    if close or word == len(words):
        offsets.append(limit)
    # Behind a backslash the brace of a mark would be plain text.
    return next((Placement(one, False) for one in offsets if content[one - 1] != "\\"), None)


def _opens_paragraph(compared: Comparison, difference: Difference) -> bool:
    """Whether words missing between two paragraphs are the beginning of the second one."""
    word = difference.heard_first
    if word == len(compared.heard.words) or "\n\n" not in compared.heard.gaps[word]:
        return False
    before = compared.source_break(difference.source_first)
    return before > compared.source_break(difference.source_end)


def _offsets_behind(compared: Comparison, before: HeardWord, limit: int) -> Iterator[int]:
    """The offsets behind a word where a mark may stand, the best one first."""
    content, spans = compared.heard.content, compared.heard.spans
    if spans[before.last_span].mark is Mark.PLAIN:
        end = min(compared.heard.offsets[before.last_span][-1], limit)
        if end == limit or _BLANK.search(content, before.end, end):
            yield before.end
    for span in spans[before.last_span + 1 :]:
        if span.offset >= limit:
            break
        if span.mark is Mark.PLAIN and not span.heard.startswith("["):
            yield span.offset


def is_in_heading(compared: Comparison, word: int, keys: Sequence[str]) -> bool:
    """Whether a heading before a word of the edition holds words that the speech lacks."""
    words = compared.heard.words
    offset = words[word].start if word < len(words) else len(compared.heard.content) + 1
    before = words[word - 1].end if word else 0
    titles = [
        find_keys(chapter.title)
        for chapter in compared.edition.chapters
        if before <= chapter.offset < offset
    ]
    wanted = tuple(keys)
    return any(
        title == wanted
        or (len(wanted) > 1 and wanted in (title[: len(wanted)], title[-len(wanted) :]))
        for title in titles
    )
