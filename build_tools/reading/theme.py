"""A page of then-and-now/ as a value: its headings, paragraphs, lists, links and quotations.

Pages are written from this value alone. All other markup is text, and text is escaped.

    > logan-bartlett-2023 #l309w14 “So, since” … #l312w3 “interpretability”
    He calls it [“a public good”](../transcripts/vivatech-2024.md#t382).
"""

import posixpath
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice

from build_tools.model.address import ADDRESS
from build_tools.model.edition import Span
from build_tools.model.front_matter import list_fields
from build_tools.model.text import Parsed, Problem, Text
from build_tools.model.theme import Cited, Phrase, Quotation, Theme, ThemeHead, ThemeLine
from build_tools.reading.critic import parse_spans
from build_tools.reading.front_matter import check_fields, parse_head

_OPENING = re.compile(
    r"""
    [ \t]* (?:
      (?P<heading> \#{1,6} ) [ \t]+
    | (?P<item> [-*+] | [0-9]{1,9}[.)] ) [ \t]+
    | (?P<quotation> > )
    )
    """,
    re.VERBOSE,
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
    head = parse_head(text)
    fields, wrong = check_fields(text, head, ThemeHead)
    reader = _ThemeReader(text)
    reader.read(head.body)
    problems = (*head.problems, *(wrong if head.values else ()), *reader.problems)
    if not fields:
        return Parsed(None, problems)
    blocks = tuple(one if isinstance(one, Quotation) else tuple(one) for one in reader.blocks)
    cited = (*reader.cited, *_hold_to_all(reader.unlinked, reader.cited))
    theme = Theme(**list_fields(fields), slug=slug, text=text, blocks=blocks, cited=cited)
    return Parsed(theme, problems)


@dataclass(slots=True)
class _ThemeReader:
    """Reads a body line by line; collects its blocks and its problems."""

    text: Text
    blocks: list[list[ThemeLine] | Quotation] = field(default_factory=list)
    cited: list[Cited] = field(default_factory=list)
    unlinked: list[Phrase] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # Lines that follow directly belong to the same quotation.
    refused_end: int = -2

    def read(self, start: int) -> None:
        for found in islice(_NOT_PLAIN.finditer(self.text.content, start), _MOST_REPORTED):
            what = f"“{found[0].strip()}” begins something other than plain Markdown"
            remedy = (
                "write paragraphs, headings, lists, *titles* and [words](https://… or ../page.md)"
            )
            self._problem(found.start(), what, remedy)
        joins = False
        for begin, end in _split_units(self.text.content, start):
            opening = _OPENING.match(self.text.content, begin, end)
            if opening and opening["quotation"]:
                self._read_quotation(begin, end)
                joins = False
                continue
            line = self._read_line(opening, begin, end)
            is_item = bool(opening and opening["item"])
            follows = joins and is_item and self.text.content[begin - 2 : begin] != "\n\n"
            if follows and isinstance(block := self.blocks[-1], list):
                block.append(line)
            else:
                self.blocks.append([line])
            joins = is_item

    def _read_line(self, opening: re.Match[str] | None, begin: int, end: int) -> ThemeLine:
        start = opening.end() if opening else begin
        if self.text.content.startswith(">", start):
            self._refuse(start)
        spans, problems = parse_spans(self.text, start, end, bold_is_emphasis=True)
        self.problems += problems
        found = list(_find_phrases(spans))
        self.cited += (one for one in found if one.transcript)
        self.unlinked += (one for one in found if not one.transcript)
        return ThemeLine(_normalise(opening, self.text.content[begin:start]), spans)

    def _read_quotation(self, begin: int, end: int) -> None:
        line = self.text.content[begin:end]
        if line.strip() == ">":
            return
        found = _QUOTATION.fullmatch(line)
        if not found:
            if begin != self.refused_end + 1:
                self._refuse(begin)
            self.refused_end = end
            return
        place = (found["transcript"], found["first"], found["last"] or found["first"])
        words = (" ".join((found[name] or "").split()) for name in ("opening", "closing"))
        quotation = Quotation(begin, *place, *words)
        self.blocks.append(quotation)
        self.cited.append(quotation)

    def _refuse(self, offset: int) -> None:
        what = "this quotation does not say what it quotes, or from where"
        remedy = "write a line > slug #l309w14 … #l312w3: its first word and its last"
        self._problem(offset, what, remedy)

    def _problem(self, offset: int, what: str, remedy: str) -> None:
        self.problems.append(self.text.problem(offset, what, remedy))


def _split_units(content: str, start: int) -> Iterator[tuple[int, int]]:
    """The slices of headings, quotations, items of lists and paragraphs, blank lines left out."""
    begin: int | None = None
    end = single = 0
    while start < len(content):
        stop = content.find("\n", start)
        stop = len(content) if stop < 0 else stop
        opening = _OPENING.match(content, start, stop)
        blank = not content[start:stop].strip()
        if begin is not None and (blank or opening or single):
            yield begin, end
            begin = None
        if not blank:
            begin = start if begin is None else begin
            single = bool(opening and not opening["item"]) if begin == start else single
            end = stop
        start = stop + 1
    if begin is not None:
        yield begin, end


def _normalise(opening: re.Match[str] | None, written: str) -> str:
    """The sign that opens a line, as both engines read it; an item below an item is indented."""
    if not opening:
        return ""
    indent = "    " * (bool(opening["item"]) and len(written) - len(written.lstrip()) > 1)
    sign = written.strip()
    return f"{indent}{sign[:-1] + '.' if sign[:1].isdecimal() else sign} "


# Phrases -----------------------------------------------------------------------------------------


def _hold_to_all(unlinked: Iterable[Phrase], cited: Iterable[Cited]) -> Iterator[Phrase]:
    """Each phrase without a link, once for every transcript that the page cites."""
    slugs = dict.fromkeys(one.transcript for one in cited)
    return (one._replace(transcript=slug) for one in unlinked for slug in slugs)


def _find_phrases(spans: Iterable[Span]) -> Iterator[Phrase]:
    """The phrases of a paragraph: words in quotation marks inside a link or beside it.

    Those without a link name no transcript, and are several words.
    """
    pieces: list[str] = []
    links: list[tuple[int, int, Span]] = []
    length = start_of_line = 0
    for target, run in groupby(spans, key=lambda span: span.target):
        linked = list(run)
        start_of_line = start_of_line if pieces else linked[0].offset
        words = "".join(span.said for span in linked)
        if target:
            links.append((length, length + len(words), linked[0]))
        pieces.append(words)
        length += len(words)
    text = "".join(pieces)
    quoted = list(_QUOTED.finditer(text))
    used: set[re.Match[str]] = set()
    for start, end, span in links:
        first = bisect_right(quoted, start, key=re.Match.end)
        after = bisect_left(quoted, end, key=re.Match.start)
        near = quoted[max(first - 1, 0) : first] + quoted[after : after + 1]
        own = quoted[first:after] or [one for one in near if _beside(text, one, start, end)]
        used.update(own)
        path = posixpath.normpath(posixpath.join("then-and-now", span.target))
        if place := _TARGET.fullmatch(path):
            name = " ".join(_QUOTED.sub(" ", text[start:end]).split())
            for words in map(_quoted_words, own) if own else [""]:
                yield Phrase(span.offset, place["transcript"], place["address"], words, name)
    for words in (_quoted_words(one) for one in quoted if one not in used):
        if len(words.split()) >= _LEAST_QUOTED:
            yield Phrase(start_of_line, "", "", words, "")


def _quoted_words(quoted: re.Match[str]) -> str:
    return " ".join(quoted[quoted.lastgroup or 0].split())


def _beside(text: str, quoted: re.Match[str], start: int, end: int) -> bool:
    gap = (quoted.end(), start) if quoted.end() <= start else (end, quoted.start())
    return _BETWEEN.fullmatch(text, *gap) is not None
