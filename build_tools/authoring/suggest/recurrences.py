"""Errors that were corrected in one place and recur in another: a recogniser repeats its errors."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.authoring.suggest.evidence import Evidence, Finding
from build_tools.model.edition import Kind
from build_tools.text.phrases import compile_phrases, find_phrases
from build_tools.text.words import find_keys


def find_recurrences(evidence: Evidence) -> Iterator[Finding]:
    """Every unmarked place with words that an editor replaced elsewhere."""
    replaced = [
        past
        for past in evidence.corrections
        if past.heard and find_keys(past.said) and not past.here_only
    ]
    for found in find_phrases(compile_phrases(past.heard for past in replaced), evidence.keys):
        if evidence.is_markable(found.first, found.end):
            past = replaced[found.phrase]
            heard = evidence.text(found.first, found.end)
            sort = "name" if past.kind in (Kind.NAME, Kind.TERM) else "word"
            here = past.transcript == evidence.transcript.edition.slug
            yield Finding(
                found.first,
                found.end,
                past.said,
                past.kind,
                f"{sort} corrected elsewhere",
                f"“{heard}” was corrected to “{past.said}” at {past.place}",
                len(past.heard),
                past.label if here else "",
            )
