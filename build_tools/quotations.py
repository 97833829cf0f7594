"""Quotations held to the words of the transcripts: what a page quotes was said there, so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rapidfuzz import process

from build_tools.model import Problem, Quotation, Theme, Transcript
from build_tools.phrases import compile_phrases, find_phrases
from build_tools.words import find_keys


def check_quotations(
    theme: Theme, transcripts: Mapping[str, Transcript], terms: Iterable[str]
) -> Iterator[Problem]:
    """Quotations whose words, corrected, do not begin at their address, and entries not there."""
    for quotation in theme.quotations:
        transcript = transcripts.get(quotation.transcript)
        if not transcript:
            near = process.extractOne(quotation.transcript, sorted(transcripts), score_cutoff=60)
            yield theme.text.problem(
                quotation.offset,
                f"there is no transcript “{quotation.transcript}”",
                f"did you mean {near[0]}?" if near else "see docs/transcripts/",
            )
            continue
        addresses = find_quotation(transcript, quotation)
        if quotation.address not in addresses:
            yield _problem(theme, quotation, addresses)
    known = set(terms)
    for name in theme.entries:
        if name not in known:
            near = process.extractOne(name, sorted(known), score_cutoff=75)
            yield theme.text.problem(
                max(theme.text.content.find("\nentries:") + 1, 0),
                f"entries: “{name}” is no entry's term",
                f"did you mean {near[0]}?" if near else "write an entry's term, or leave it out",
            )


def find_quotation(transcript: Transcript, quotation: Quotation) -> list[str]:
    """The addresses where a quotation's words begin, in order; none where they were not said."""
    keys = find_keys(quotation.words)
    if not keys:
        return []
    said = transcript.said_words
    found = find_phrases(compile_phrases([keys]), [word.key for word in said])
    addresses = []
    for _, first, _ in found:
        start = said[first].start
        number = next(
            number
            for number, stretch in enumerate(transcript.stretches)
            if start < stretch.said_end
        )
        addresses.append(transcript.source.cue_at(transcript.word_at(number, start)).address)
    return addresses


def _problem(theme: Theme, quotation: Quotation, addresses: list[str]) -> Problem:
    shown = quotation.words if len(quotation.words) <= 60 else f"{quotation.words[:60]}…"
    if addresses:
        return theme.text.problem(
            quotation.offset,
            f"“{shown}” does not begin at #{quotation.address}",
            f"write {quotation.transcript}.md#{addresses[0]}",
        )
    return theme.text.problem(
        quotation.offset,
        f"nobody says “{shown}” in {quotation.transcript}",
        "quote the words as the edition has them, whole and in one piece",
    )
