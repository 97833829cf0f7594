"""What was corrected in one place and stands in another: the same recogniser hears alike."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.authoring.suggest.evidence import Evidence, Finding
from build_tools.model.edition import Kind
from build_tools.text.phrases import compile_phrases, find_phrases
from build_tools.text.words import find_keys


def find_forms(evidence: Evidence) -> Iterator[Finding]:
    """Every form that an editor corrected, where nobody has marked it.

    A word taken out is no form of another, and a word put in has none.
    """
    forms = [
        form
        for form in evidence.forms
        if form.heard and find_keys(form.said) and not form.here_only
    ]
    phrases = compile_phrases(form.heard for form in forms)
    for found in find_phrases(phrases, evidence.keys):
        form = forms[found.phrase]
        if evidence.is_free(found.first, found.end) and evidence.together(found.first, found.end):
            heard = evidence.written(found.first, found.end)
            why = f"“{heard}” was corrected to “{form.said}” at {form.place}"
            sort = "name" if form.kind in (Kind.NAME, Kind.TERM) else "word"
            grade = f"{sort} corrected elsewhere"
            here = form.transcript == evidence.transcript.edition.slug
            yield Finding(
                found.first,
                found.end,
                form.said,
                form.kind,
                grade,
                why,
                len(form.heard),
                form.label if here else "",
            )
