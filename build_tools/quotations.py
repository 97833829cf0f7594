"""Quotations held to the words of the transcripts: what a page quotes was said there, so."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz import process

from build_tools.model import Problem, Quotation, Theme, Transcript
from build_tools.phrases import compile_phrases, find_phrases
from build_tools.words import find_keys


def check_quotations(
    themes: Sequence[Theme], transcripts: Mapping[str, Transcript | None], terms: Iterable[str]
) -> Iterator[Problem]:
    """Quotations whose words, corrected, do not begin at their address, and entries not there.

    A transcript that is None has problems of its own: what it says will be known when they are
    mended, and until then nothing is said of its quotations.
    """
    known_terms = set(terms)
    said_at = {
        slug: _said_at(transcript, _quoted(themes, slug)) if transcript else None
        for slug, transcript in transcripts.items()
    }
    for theme in themes:
        for quotation in theme.quotations:
            yield from _check_quotation(theme, quotation, said_at)
        for name in theme.entries:
            if name not in known_terms:
                near = process.extractOne(name, sorted(known_terms), score_cutoff=75)
                yield theme.text.problem(
                    max(theme.text.content.find("\nentries:") + 1, 0),
                    f"entries: “{name}” is no entry's term",
                    f"did you mean {near[0]}?"
                    if near
                    else "write an entry's term, or leave it out",
                )


def _quoted(themes: Sequence[Theme], slug: str) -> set[str]:
    quotations = (quotation for theme in themes for quotation in theme.quotations)
    return {quotation.words for quotation in quotations if quotation.transcript == slug}


def _said_at(transcript: Transcript, quoted: Iterable[str]) -> dict[str, list[str]]:
    """For each run of words, the addresses where it begins in a transcript; one pass for all."""
    words = sorted(words for words in quoted if find_keys(words))
    said_starts = [stretch.said_start for stretch in transcript.stretches]
    addresses: dict[str, list[str]] = {}
    phrases = compile_phrases(find_keys(run) for run in words)
    said = transcript.said_words
    for found in find_phrases(phrases, said.keys):
        start = said[found.first].start
        word = transcript.word_at(bisect_right(said_starts, start) - 1, start)
        addresses.setdefault(words[found.phrase], []).append(transcript.source.cue_at(word).address)
    return addresses


def _check_quotation(
    theme: Theme, quotation: Quotation, said_at: Mapping[str, Mapping[str, Sequence[str]] | None]
) -> Iterator[Problem]:
    shown = quotation.words if len(quotation.words) <= 60 else f"{quotation.words[:60]}…"
    if quotation.transcript not in said_at:
        near = process.extractOne(quotation.transcript, sorted(said_at), score_cutoff=60)
        what = f"there is no transcript “{quotation.transcript}”"
        remedy = f"did you mean {near[0]}?" if near else "see docs/transcripts/"
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
