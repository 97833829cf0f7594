"""Quotations held to the words of the transcripts: what a page quotes was said there, so."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from build_tools.model.text import Problem
from build_tools.model.theme import Quotation, Theme
from build_tools.model.transcript import Transcript
from build_tools.text.nearness import KnownNames
from build_tools.text.phrases import compile_phrases, find_phrases
from build_tools.text.words import find_keys

# For each run of words that is quoted, the addresses where it begins in a transcript.
SaidAt = Mapping[str, Sequence[str]]


def check_quotations(
    themes: Sequence[Theme], said_at: Mapping[str, SaidAt | None], terms: Iterable[str]
) -> Iterator[Problem]:
    """Quotations whose words, corrected, do not begin at their address, and entries not there.

    `said_at` is by transcript. One that is None has problems of its own: what it says will be known
    when they are mended, and until then nothing is said of its quotations.
    """
    known_terms = set(terms)
    near_terms, near_slugs = KnownNames(sorted(known_terms)), KnownNames(sorted(said_at))
    for theme in themes:
        for quotation in theme.quotations:
            yield from _check_quotation(theme, quotation, said_at, near_slugs)
        for name in theme.entries:
            if name not in known_terms:
                near = near_terms.find_near(name, likeness=75)
                yield theme.text.problem(
                    max(theme.text.content.find("\nentries:") + 1, 0),
                    f"entries: “{name}” is no entry's term",
                    f"did you mean {near}?" if near else "write an entry's term, or leave it out",
                )


def find_quoted(transcript: Transcript, quoted: Iterable[str]) -> dict[str, list[str]]:
    """For each run of words, the addresses where it begins in a transcript; one pass for all."""
    words = sorted({words for words in quoted if find_keys(words)})
    if not words:
        return {}
    said_starts = [paragraph.said_start for paragraph in transcript.paragraphs]
    addresses: dict[str, list[str]] = {}
    phrases = compile_phrases(find_keys(run) for run in words)
    said = transcript.said_words
    for found in find_phrases(phrases, said.keys):
        start = said[found.first].start
        word = transcript.word_at(bisect_right(said_starts, start) - 1, start)
        addresses.setdefault(words[found.phrase], []).append(transcript.source.cue_at(word).address)
    return addresses


def _check_quotation(
    theme: Theme,
    quotation: Quotation,
    said_at: Mapping[str, SaidAt | None],
    known: KnownNames,
) -> Iterator[Problem]:
    shown = quotation.words if len(quotation.words) <= 60 else f"{quotation.words[:60]}…"
    if quotation.transcript not in said_at:
        near = known.find_near(quotation.transcript)
        what = f"there is no transcript “{quotation.transcript}”"
        remedy = f"did you mean {near}?" if near else "see docs/transcripts/"
    elif (said := said_at[quotation.transcript]) is None:
        return
    elif not (addresses := said.get(quotation.words)):
        what = f"nobody says “{shown}” in {quotation.transcript}"
        remedy = "quote the words as the edition has them, whole and in one piece"
    elif quotation.address not in addresses:
        what = f"“{shown}” does not begin at #{quotation.address}"
        remedy = f"write {quotation.transcript}.md#{addresses[0]}"
    else:
        return
    yield theme.text.problem(quotation.offset, what, remedy)
