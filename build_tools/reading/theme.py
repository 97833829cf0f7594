"""A page of then-and-now/ as a value: what it is about, and what it quotes."""

import re
from itertools import islice

from build_tools.model.front_matter import list_fields
from build_tools.model.text import Parsed, Text
from build_tools.model.theme import Quotation, Theme, ThemeHead
from build_tools.reading.front_matter import check_fields, parse_head

_BLOCK = re.compile(r"^>[^\n]*(?:\n>[^\n]*)*", re.MULTILINE)
_QUOTED = re.compile(r"“(?P<words>.+)”", re.DOTALL)
_TARGET = r"\(\.\./transcripts/(?P<transcript>[a-z0-9-]{1,100})\.md\#(?P<address>[a-z0-9-]{1,40})\)"
_PLACE = re.compile(rf"\]{_TARGET}")
# A few words quoted in the editor's own sentence: the link holds them, quotation marks and all.
_INLINE = re.compile(rf"\[“(?P<words>[^”\[\]]{{1,400}})”\]{_TARGET}")
# The page is published as it stands, so nothing in it may come alive: no HTML, no attributes, and
# links to https addresses and to pages of this site alone.
_ALIVE = re.compile(
    r"""
      < (?= [a-zA-Z/!?] )
    | \{
    | ^ [ ]{0,3} \[ [^\]\n]+ \]:
    | \]\( (?! (?: https://[^\s<>"()]* | (?:\.\./)* (?!/) [a-z0-9/._-]* (?: \# [a-z0-9-]* )? ) \) )
    | \] [ ]? \[
    """,
    re.VERBOSE | re.MULTILINE,
)
# The most signs of markup that are reported of one page.
_MOST_REPORTED = 10_000
_LINE_SIGN = re.compile(r"^>[ \t]?", re.MULTILINE)


def parse_theme(slug: str, text: Text) -> Parsed[Theme | None]:
    """The theme that a file holds, None where its head cannot be read, and its problems."""
    head = parse_head(text)
    fields, wrong = check_fields(text, head, ThemeHead)
    problems = [*head.problems, *(wrong if head.values else ())]
    problems += [
        text.problem(
            match.start(),
            f"“{match[0].strip()}” begins something other than plain Markdown",
            "write paragraphs, headings, lists, quotations and [words](https://… or ../page.md)",
        )
        for match in islice(_ALIVE.finditer(text.content, head.body), _MOST_REPORTED)
    ]
    quotations = []
    for block in _BLOCK.finditer(text.content, head.body):
        quotation = _parse_quotation(block)
        if quotation:
            quotations.append(quotation)
            continue
        what = "this quotation does not say what it quotes, or from where"
        remedy = "write > “words” and below it > [Name, date](../transcripts/slug.md#address)"
        problems.append(text.problem(block.start(), what, remedy))
    for inline in _INLINE.finditer(text.content, head.body):
        words = " ".join(inline["words"].split())
        quotations.append(Quotation(inline.start(), words, inline["transcript"], inline["address"]))
    if not fields:
        return Parsed(None, tuple(problems))
    theme = Theme(**list_fields(fields), slug=slug, text=text, quotations=tuple(quotations))
    return Parsed(theme, tuple(problems))


def _parse_quotation(block: re.Match[str]) -> Quotation | None:
    """The quotation that a block of quoted lines holds; None without words or a place."""
    quoted, place = _QUOTED.search(block[0]), _PLACE.search(block[0])
    if not quoted or not place:
        return None
    words = " ".join(_LINE_SIGN.sub("", quoted["words"]).split())
    offset = block.start() + quoted.start()
    return Quotation(offset, words, place["transcript"], place["address"])
