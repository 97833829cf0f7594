"""An entry file as a value."""

import re

from build_tools.model.edition import Mark, Paragraph
from build_tools.model.front_matter import find_offset, list_fields
from build_tools.model.glossary import Entry, EntryHead
from build_tools.model.text import Parsed, Text
from build_tools.reading.critic import parse_spans
from build_tools.reading.front_matter import read_fields
from build_tools.text.words import find_keys

# Lines between blank lines.
_BLOCK = re.compile(r"^[^\S\n]*\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*", re.MULTILINE)
# What stands for required fields that are wrong or missing.
_UNKNOWN = {"term": "?", "kind": "concept", "short": "?"}
# A whole entry, for whoever begins one.
_SKELETON = """\
write an entry like this one:
---
term: Chris Olah
kind: person
short: One plain sentence for the tooltip.
also: [Olah]
sources:
  - title: His web page
    url: https://colah.github.io/
---
Who he is, in a few sentences."""


def parse_entry(slug: str, text: Text) -> Parsed[Entry | None]:
    """The glossary entry that a file holds, None where its head cannot be read, and problems."""
    fields, wrong, head = read_fields(text, EntryHead, _UNKNOWN, _SKELETON)
    problems, body = list(head.problems), []
    for block in _BLOCK.finditer(text.content, head.body):
        spans, broken = parse_spans(text, block.start(), block.end())
        problems += broken
        what, remedy = "an entry holds a mark or a footnote", "write its text plainly"
        marks = (span for span in spans if span.mark is not Mark.PLAIN)
        problems += [text.problem(span.offset, what, remedy) for span in marks]
        body.append(Paragraph(block.start(), "", spans))
    if wrong - {"kind"}:
        return Parsed(None, tuple(problems))
    for number, form in enumerate((fields.term, *fields.also)):
        if not find_keys(form):
            offset = find_offset(head.offsets, ("also", number - 1) if number else ("term",))
            problems.append(
                text.problem(offset, f"“{form}” has no word to be found by", "write a word")
            )
    entry = Entry(**list_fields(fields), slug=slug, text=text, body=tuple(body))
    return Parsed(entry, tuple(problems))
