"""A page of then-and-now/ as a value: its headings, paragraphs, lists, links and quotations.

Pages are written from this value alone. All other markup is text, and text is escaped.

    > logan-bartlett-2023 #l309w14 “So, since” … #l312w3 “interpretability”
    He calls it [“a public good”](../transcripts/vivatech-2024.md#t382).
"""

import posixpath
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from build_tools.model.address import ADDRESS
from build_tools.model.edition import Span
from build_tools.model.front_matter import list_fields
from build_tools.model.text import Parsed, Problem, Text
from build_tools.model.theme import Cited, Phrase, Quotation, Theme, ThemeHead, ThemeLine
from build_tools.reading.critic import parse_spans
from build_tools.reading.front_matter import read_fields

_OPENING = r"[ \t]* (?: \#{1,6} [ \t] | (?: [-*+] | [0-9]{1,9}[.)] ) [ \t] | > )"
# A heading, a quotation, or an item of a list or a paragraph, up to the next or to a blank line.
_UNIT = re.compile(
    rf"""
    ^ (?! [ \t]* $ ) (?:
      (?P<heading> [ \t]* \#{{1,6}} [ \t]+ ) [^\n]*
    | (?P<quotation> [ \t]* > ) [^\n]*
    | (?P<item> [ \t]* (?: [-*+] | [0-9]{{1,9}}[.)] ) [ \t]+ )?
      [^\n]* (?: \n (?! {_OPENING} | [ \t]* $ ) [^\n]* )*
    )
    """,
    re.VERBOSE | re.MULTILINE,
)
_EXPECTED = r"""(?: [ ]* [“"] (?P<{}> [^“”"\n]* ) [”"] )?"""
_QUOTATION = re.compile(
    rf"""
    [ \t]* > [ \t]*
    (?P<transcript> [a-z0-9-]{{1,100}} ) (?: \.md )? [ ]* \# (?P<first> {ADDRESS} )
    {_EXPECTED.format("opening")}
    (?: [ ]* (?: … | \.\.\. ) [ ]* \# (?P<last> {ADDRESS} ) {_EXPECTED.format("closing")} )?
    [ \t]*
    """,
    re.VERBOSE,
)
_TARGET = re.compile(rf"transcripts/(?P<transcript>[a-z0-9-]{{1,100}})\.md\#(?P<address>{ADDRESS})")
# Every sign that looks like a double quotation mark: one that stands alone quotes what follows.
_DOUBLE = '“”„‟"«»〝〞〟＂″❝❞「」『』'
_QUOTED = re.compile(
    rf"""
      “ (?P<double> [^“”]* ) ”
    | " (?P<straight> [^"]* ) "
    | « (?P<angle> [^«»]* ) »
    | „ (?P<low> [^„“”]* ) [“”]
    | (?<! \w ) [{_DOUBLE}] (?P<other> [^{_DOUBLE}]* ) (?: [{_DOUBLE}] | \Z )
    | [‹›] (?P<single_angle> [^‹›]* ) [‹›]
    | [‚‛＇′] (?P<single_other> [^‚‛＇′‘’]* ) [‘’＇′]
    | ‘ (?P<single> [^‘]{{1,2000}}? ) ’ (?! \w )
    | (?<! \w ) ' (?P<typed> (?: [^'] | (?<=\w) ' (?=\w) )+ ) ' (?! \w )
    """,
    re.VERBOSE | re.DOTALL,
)
# Fewer words may be a title or an expression.
_LEAST_QUOTED = 3
# Signs between a quotation and the link that says where it is from.
_BETWEEN = re.compile(r"[\s(),.:;–—-]{0,12}")
# Markdown that would be plain text here: authors do not expect that.
_NOT_PLAIN = re.compile(
    r"""
    (?<! \\ ) (?: \\\\ )* (?:
      < (?= [a-zA-Z/!?] )
    | [{`]
    | !\[
    | \[\^
    | \[ [^\[\]\n]+ \]:
    | \]\( (?! (?: https://[^\s<>"()]* | (?:\.\./)* (?!/) [a-z0-9/._-]* (?: \# [a-z0-9-]* )? ) \) )
    | \] [ ]? \[
    )
    | ^ [ \t]* (?: \| | ~~~ | (?: [=_*-] [ \t]* ){3,} $ )
    """,
    re.VERBOSE | re.MULTILINE,
)
# How many problems of one kind a page reports at most.
_MOST_REPORTED = 1000


def parse_theme(slug: str, text: Text) -> Parsed[Theme | None]:
    """The theme that a file holds, None where its head cannot be read, and its problems."""
    fields, _, head = read_fields(text, ThemeHead, {"title": "?"})
    reader = _ThemeReader(text)
    reader.read(head.body)
    problems = (*head.problems, *reader.problems)
    if head.problems:
        return Parsed(None, problems)
    blocks = tuple(one if isinstance(one, Quotation) else tuple(one) for one in reader.blocks)
    # A phrase without a link may be said in any transcript that the page cites.
    linked = [one for one in reader.cited if one.transcript]
    slugs = dict.fromkeys(one.transcript for one in linked)
    unlinked = (one for one in reader.cited if isinstance(one, Phrase) and not one.transcript)
    cited = (*linked, *(one._replace(transcript=slug) for one in unlinked for slug in slugs))
    theme = Theme(**list_fields(fields), slug=slug, text=text, blocks=blocks, cited=cited)
    return Parsed(theme, problems)


class _ThemeReader:
    def __init__(self, text: Text) -> None:
        self.text = text
        self.blocks: list[list[ThemeLine] | Quotation] = []
        self.cited: list[Cited] = []
        self.problems: list[Problem] = []

    def read(self, start: int) -> None:
        for found in islice(_NOT_PLAIN.finditer(self.text.content, start), _MOST_REPORTED):
            what = f"“{found[0].strip()}” begins something other than plain Markdown"
            remedy = "write paragraphs, headings, lists, *titles* and [words](https://…)"
            self.problems.append(self.text.problem(found.start(), what, remedy))
        list_end = -1
        for unit in _UNIT.finditer(self.text.content, start):
            if unit["quotation"]:
                self._read_quotation(unit)
                continue
            line = self._read_line(unit)
            # An item directly below another one.
            if unit["item"] and unit.start() == list_end + 1 and isinstance(self.blocks[-1], list):
                self.blocks[-1].append(line)
            else:
                self.blocks.append([line])
            list_end = unit.end() if unit["item"] else -1

    def _read_line(self, unit: re.Match[str]) -> ThemeLine:
        opening = unit["heading"] or unit["item"] or ""
        start = unit.start() + len(opening)
        if self.text.content.startswith(">", start):
            self._refuse(start)
        spans, problems = parse_spans(self.text, start, unit.end(), bold_is_emphasis=True)
        self.problems += problems
        self.cited += _find_phrases(spans)
        sign = opening.strip()
        # As both engines read it; an item below an item is indented.
        indent = "    " * bool(unit["item"] and opening[1:2].isspace() and opening[:1].isspace())
        sign = f"{sign[:-1]}." if sign[:1].isdecimal() else sign
        return ThemeLine(f"{indent}{sign} " if sign else "", spans)

    def _read_quotation(self, unit: re.Match[str]) -> None:
        found = _QUOTATION.fullmatch(unit[0])
        if not found:
            if unit[0].strip() != ">":
                self._refuse(unit.start())
            return
        place = (found["transcript"], found["first"], found["last"] or found["first"])
        words = (" ".join((found[name] or "").split()) for name in ("opening", "closing"))
        quotation = Quotation(unit.start(), *place, *words)
        self.blocks.append(quotation)
        self.cited.append(quotation)

    def _refuse(self, offset: int) -> None:
        what = "this quotation does not say what it quotes, or from where"
        remedy = "write a line > slug #l309w14 … #l312w3: its first word and its last"
        self.problems.append(self.text.problem(offset, what, remedy))


def _find_phrases(spans: Sequence[Span]) -> Iterator[Phrase]:
    """Words in quotation marks in a link or beside it; several, if they have no link."""
    text = "".join(span.said for span in spans)
    links: list[tuple[int, int, Span]] = []
    end = 0
    for target, run in groupby(spans, key=lambda span: span.target):
        linked = list(run)
        start, end = end, end + sum(len(span.said) for span in linked)
        if target:
            links.append((start, end, linked[0]))
    quoted = list(_QUOTED.finditer(text))
    used: set[re.Match[str]] = set()
    for start, end, span in links:
        first = bisect_right(quoted, start, key=re.Match.end)
        after = bisect_left(quoted, end, key=re.Match.start)
        near = quoted[max(first - 1, 0) : first] + quoted[after : after + 1]
        # What stands between a quotation and the link.
        edges = {one: (min(one.end(), end), max(one.start(), start)) for one in near}
        beside = (one for one, gap in edges.items() if _BETWEEN.fullmatch(text, *gap))
        own = quoted[first:after] or list(beside)
        used.update(own)
        path = posixpath.normpath(posixpath.join("then-and-now", span.target))
        if place := _TARGET.fullmatch(path):
            name = " ".join(_QUOTED.sub(" ", text[start:end]).split())
            for words in map(_quoted_words, own) if own else [""]:
                yield Phrase(span.offset, place["transcript"], place["address"], words, name)
    for words in (_quoted_words(one) for one in quoted if one not in used):
        if len(words.split()) >= _LEAST_QUOTED:
            yield Phrase(spans[0].offset, "", "", words, "")


def _quoted_words(quoted: re.Match[str]) -> str:
    return " ".join(quoted[quoted.lastgroup or 0].split())
