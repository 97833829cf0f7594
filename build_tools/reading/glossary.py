"""An entry file as a value."""

from __future__ import annotations

import re
from typing import NamedTuple

from build_tools.model.edition import Mark, Paragraph
from build_tools.model.glossary import Entry, Reference
from build_tools.model.text import Problem, Text
from build_tools.reading.critic import parse_spans
from build_tools.reading.front_matter import EntryFields, check_fields, parse_head
from build_tools.text.nearness import KnownNames
from build_tools.text.words import find_keys

KINDS = {
    "concept": "Concepts",
    "person": "People",
    "organisation": "Organisations",
    "model": "Models",
    "work": "Works",
    "event": "Events",
}
# One way to match a line, so that no file can make the search quadratic.
_BLOCK = re.compile(r"^[^\S\n]*\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*", re.MULTILINE)


class ParsedEntry(NamedTuple):
    """An entry, or None where its head cannot be read, and what is wrong with the file."""

    entry: Entry | None
    problems: tuple[Problem, ...]


def parse_entry(slug: str, text: Text) -> ParsedEntry:
    """The glossary entry that a file holds."""
    head = parse_head(text)
    problems = list(head.problems)
    fields = None
    if head.values:
        fields, wrong = check_fields(text, head, EntryFields)
        problems += wrong
    body = []
    for block in _BLOCK.finditer(text.content, head.body):
        spans, wrong_marks = parse_spans(text, block.start(), block.end())
        problems += wrong_marks
        problems += [
            text.problem(
                span.offset, "an entry holds a mark or a footnote", "write its text plainly"
            )
            for span in spans
            if span.mark is not Mark.PLAIN
        ]
        body.append(Paragraph(block.start(), "", spans))
    if not fields:
        return ParsedEntry(None, tuple(problems))
    if fields.kind not in KINDS:
        near = KnownNames(KINDS).find_near(fields.kind)
        hint = f"did you mean {near}? " if near else ""
        problems.append(
            text.problem(
                head.offsets.get(("kind",), 0),
                f"“{fields.kind}” is no kind of entry",
                f"{hint}kinds: {', '.join(KINDS)}",
            )
        )
    for number, form in enumerate((fields.term, *fields.also)):
        if not find_keys(form):
            place = ("also", number - 1) if number else ("term",)
            problems.append(
                text.problem(
                    head.offsets.get(place, 0),
                    f"“{form}” has no word to be found by",
                    "write a word",
                )
            )
    references = tuple(
        Reference(
            source.title,
            source.author or "",
            source.publisher or "",
            source.date or "",
            source.url or "",
        )
        for source in fields.sources
    )
    entry = Entry(
        slug=slug,
        text=text,
        term=fields.term,
        kind=fields.kind if fields.kind in KINDS else "concept",
        short=fields.short,
        also=tuple(fields.also),
        see=tuple(fields.see),
        references=references,
        body=tuple(body),
    )
    return ParsedEntry(entry, tuple(problems))
