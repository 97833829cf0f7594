"""An edition file as a value: its head, its chapters and turns, its footnotes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from build_tools.model.edition import (
    Chapter,
    Edition,
    Footnote,
    Kind,
    Mark,
    Paragraph,
    PlacedSpan,
    Review,
    SourceFile,
    Span,
)
from build_tools.model.text import Problem, Text, Words
from build_tools.reading.critic import find_escapes, parse_spans
from build_tools.reading.front_matter import (
    EditionFields,
    SourceFields,
    TimingFields,
    check_fields,
    parse_head,
)
from build_tools.sources.charset import ENCODINGS, known_encoding
from build_tools.sources.formats import FORMATS
from build_tools.text.nearness import KnownNames
from build_tools.text.words import find_words

# Each pattern has one way to match a line, so that no file can make the search quadratic.
_BLOCK = re.compile(r"^[^\S\n]*\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*", re.MULTILINE)
_HEADING = re.compile(r"(?P<signs>\#{1,6})[ \t]+(?P<title>[^\n]*)")
_CLOSING_SIGNS = re.compile(r"(?:^|(?<=[ \t]))\#+$")
_TURN = re.compile(r"\*\*(?P<name>[^*\n]{1,100}?):\*\*(?:[ \t]+|(?=\n)|$)")
_DEFINITION = re.compile(
    r"""
    ^ \[\^ (?P<label> [^\]\[\s]{1,100} ) \]: [ \t]*
    (?P<body> [^\n]* (?: \n [ \t]+ \S [^\n]* )* )
    """,
    re.VERBOSE | re.MULTILINE,
)
_REASON = re.compile(
    r"(?P<kind>[^\W\d_]+)(?P<conjecture>\?)?(?P<here_only>,[ ]*here[ ]only)?:\s*(?P<reason>(?=\S))?"
)
_QUOTED_LINE = re.compile(r"^>[ \t]?(?P<words>[^\n]*)", re.MULTILINE)
_KINDS = {kind.value: kind for kind in Kind}
_CORRECTION_KINDS = [kind.value for kind in Kind if kind.is_correction]
# A source of so many cues as are read is a first edition of fewer, with a heading above each.
_MOST_BLOCKS = 250_000
# Of the speakers that are declared, so many are named where one is not.
_SHOWN = 30
_REMEDY_FOOTNOTE = f"write [^why]: kind: reason; kinds: {', '.join(_KINDS)}"


class ParsedEdition(NamedTuple):
    """An edition, or None where its head cannot be read, and what is wrong with the file."""

    edition: Edition | None
    problems: tuple[Problem, ...]


def parse_edition(slug: str, text: Text) -> ParsedEdition:
    """The edition that a file holds; every problem of its form is reported, not only the first."""
    head = parse_head(text)
    problems = list(head.problems)
    fields = None
    if head.values:
        fields, wrong = check_fields(text, head, EditionFields)
        problems += wrong
    body = _Body(text, fields.speakers if fields else None)
    body.read(head.body)
    problems += body.problems
    problems += _check_notes(text, body)
    if not fields:
        return ParsedEdition(None, tuple(problems))
    problems += _check_source(text, fields.source, head.offsets, "source")
    timing, wrong = _parse_timing(text, fields.timing, head.offsets)
    problems += wrong
    furniture, wrong = _parse_lines(
        text, fields.source.furniture, head.offsets, ("source", "furniture")
    )
    problems += wrong
    reviews = []
    for number, review in enumerate(fields.reviewed):
        path = ("reviewed", number, "lines")
        lines, wrong = _parse_lines(text, review.lines, head.offsets, path)
        problems += wrong
        reviews.append(Review(lines, review.by, review.date))
    edition = Edition(
        slug=slug,
        text=text,
        title=fields.title,
        date=fields.date,
        event=fields.event or "",
        podcast=fields.podcast or "",
        description=fields.description or "",
        source_file=fields.source.file,
        source_format=fields.source.format,
        source_encoding=known_encoding(fields.source.encoding or ""),
        source_note=fields.source.note or "",
        furniture=furniture,
        reviews=tuple(reviews),
        speakers=tuple(fields.speakers.items()),
        introduction=tuple(body.introduction),
        chapters=tuple(chapter.close() for chapter in body.chapters),
        footnotes=tuple(body.footnotes),
        lang=fields.lang,
        recording=fields.recording or "",
        published=fields.published or "",
        updated=fields.updated or "",
        timing=timing,
    )
    return ParsedEdition(edition, tuple(problems))


def _check_source(
    text: Text,
    source: SourceFields | TimingFields,
    offsets: Mapping[tuple[str | int, ...], int],
    key: str,
) -> Iterator[Problem]:
    if source.format not in FORMATS:
        near = KnownNames(FORMATS).find_near(source.format)
        hint = f"did you mean {near}? " if near else ""
        yield text.problem(
            offsets.get((key, "format"), 0),
            f"“{source.format}” is no format of sources",
            f"{hint}sic formats lists all of them",
        )
    if source.encoding and not known_encoding(source.encoding):
        yield text.problem(
            offsets.get((key, "encoding"), 0),
            f"“{source.encoding}” is no encoding that is known here",
            f"known encodings: {', '.join(ENCODINGS)}",
        )


def _parse_timing(
    text: Text, fields: TimingFields | None, offsets: Mapping[tuple[str | int, ...], int]
) -> tuple[SourceFile | None, list[Problem]]:
    if not fields:
        return None, []
    problems = list(_check_source(text, fields, offsets, "timing"))
    lines, wrong = _parse_lines(text, fields.furniture, offsets, ("timing", "furniture"))
    timing = SourceFile(
        offsets.get(("timing", "file"), 0),
        fields.file,
        fields.format,
        known_encoding(fields.encoding or ""),
        lines,
    )
    return timing, [*problems, *wrong]


@dataclass(slots=True)
class _OpenChapter:
    """A chapter while its paragraphs are being read."""

    offset: int
    title: str
    summary: tuple[Span, ...] = ()
    paragraphs: list[Paragraph] = field(default_factory=list)

    def close(self) -> Chapter:
        return Chapter(self.offset, self.title, tuple(self.paragraphs), self.summary)


class _Body:
    """Reads an edition's body block by block; `speakers` is None where the head is unreadable."""

    def __init__(self, text: Text, speakers: Mapping[str, str] | None) -> None:
        self.text = text
        self.speakers = speakers
        self.introduction: list[Paragraph] = []
        self.chapters: list[_OpenChapter] = []
        self.footnotes: list[Footnote] = []
        self.kindless: set[str] = set()
        self.problems: list[Problem] = []

    def read(self, start: int) -> None:
        content = self.text.content
        blocks = [match.span() for match in _BLOCK.finditer(content, start)]
        if len(blocks) > _MOST_BLOCKS:
            what = (
                f"the edition has {len(blocks)} paragraphs, headings and notes; {_MOST_BLOCKS} fit"
            )
            self._problem(blocks[_MOST_BLOCKS][0], what, "give each talk an edition of its own")
            return
        speech_from = self._speech_from(blocks)
        for begin, end in blocks:
            if content.startswith("[^", begin) and _DEFINITION.match(content, begin, end):
                self._definitions(begin, end)
            elif heading := _HEADING.match(content, begin, end):
                self._heading(heading, end)
            elif content.startswith(">", begin):
                self._summary(begin, end)
            elif begin < speech_from:
                self.introduction.append(self._spoken(begin, begin, end, ""))
            else:
                self._paragraph(begin, end)

    def _speech_from(self, blocks: list[tuple[int, int]]) -> int:
        """Where speech begins: at the first heading or turn; without either, at the top."""
        content = self.text.content
        for begin, end in blocks:
            if _HEADING.match(content, begin, end) or _TURN.match(content, begin, end):
                return begin
        return 0

    def _heading(self, heading: re.Match[str], end: int) -> None:
        offset = heading.start()
        if heading["signs"] != "##":
            self._problem(offset, "a chapter's heading has two number signs", "write ## title")
        title = _CLOSING_SIGNS.sub("", heading["title"].strip()).strip()
        if not title:
            self._problem(offset, "this chapter has no title", "write ## title")
        self.chapters.append(_OpenChapter(offset, title))
        if heading.end() < end:
            self._problem(
                heading.end() + 1,
                "text follows a heading without a blank line",
                "put a blank line below the heading",
            )
            self._paragraph(heading.end() + 1, end)

    def _summary(self, begin: int, end: int) -> None:
        """A quotation block directly below a heading is the editor's summary of the chapter."""
        chapter = self.chapters[-1] if self.chapters else None
        if not chapter or chapter.summary or chapter.paragraphs:
            self._problem(
                begin,
                "a summary stands directly below its chapter's heading, and once",
                r"move it there; write \> for a sign that was said",
            )
            return
        spans: list[Span] = []
        for line in _QUOTED_LINE.finditer(self.text.content, begin, end):
            found, problems = parse_spans(self.text, line.start("words"), line.end("words"))
            self.problems.extend(problems)
            spans += [*found, Span(line.end(), Mark.PLAIN, " ", " ")]
        self._check_plain(spans, "a summary")
        chapter.summary = tuple(span for span in spans if span.mark is Mark.PLAIN)

    def _check_plain(self, spans: Iterable[Span], what: str) -> None:
        for span in spans:
            if span.mark is not Mark.PLAIN:
                self._problem(
                    span.offset,
                    f"{what} holds a mark or a footnote",
                    "write its text plainly, with links and *titles* at most",
                )

    def _paragraph(self, begin: int, end: int) -> None:
        if not self.chapters:
            self.chapters.append(_OpenChapter(begin, ""))
        turn = _TURN.match(self.text.content, begin, end)
        name = turn["name"] if turn else ""
        if turn and self.speakers is not None and name not in self.speakers:
            self._unknown_speaker(begin, name, self.speakers)
        start = turn.end() if turn else begin
        self.chapters[-1].paragraphs.append(self._spoken(begin, start, end, name))

    @cached_property
    def near_speakers(self) -> KnownNames:
        return KnownNames(self.speakers or ())

    def _unknown_speaker(self, offset: int, name: str, speakers: Mapping[str, str]) -> None:
        near = self.near_speakers.find_near(name)
        hint = f"did you mean **{near}:**? " if near else ""
        known = ", ".join(islice(speakers, _SHOWN)) + ", …" * (len(speakers) > _SHOWN)
        self._problem(
            offset,
            f"“{name}” is not declared as a speaker",
            f"{hint}declared under speakers: in the front matter: {known or 'nobody yet'}",
        )

    def _spoken(self, offset: int, start: int, end: int, name: str) -> Paragraph:
        spans, problems = parse_spans(self.text, start, end)
        self.problems.extend(problems)
        return Paragraph(offset, name, spans)

    def _definitions(self, begin: int, end: int) -> None:
        position = begin
        while match := _DEFINITION.match(self.text.content, position, end):
            self._definition(match)
            position = match.end() + 1
        if position < end:
            self._problem(
                position,
                "text follows a footnote without a blank line",
                "put a blank line between them, or indent a line that belongs to the footnote",
            )

    def _definition(self, match: re.Match[str]) -> None:
        label, offset = match["label"], match.start()
        reason = _REASON.match(match["body"])
        kind = _KINDS.get(reason["kind"]) if reason else None
        if not reason:
            self._problem(offset, f"footnote {label} has no kind or no reason", _REMEDY_FOOTNOTE)
        elif kind and reason["reason"] is None:
            self._problem(offset, *_empty(label, reason[0].strip()))
        elif not kind:
            near = KnownNames(_KINDS).find_near(reason["kind"])
            hint = f"did you mean {near}? " if near else ""
            self._problem(
                offset,
                f"“{reason['kind']}” is no kind of footnote",
                f"{hint}kinds: {', '.join(_KINDS)}",
            )
        elif kind is Kind.NOTE and reason["conjecture"]:
            self._problem(
                offset, "a note is no conjecture", "write note: and say in it what is uncertain"
            )
        if not kind:
            self.kindless.add(label)
        start = match.start("body") + (reason.end() if reason else 0)
        spans, problems = parse_spans(self.text, start, match.end())
        self.problems.extend(problems)
        self._check_plain(spans, "a footnote")
        self.footnotes.append(
            Footnote(
                label,
                offset,
                kind or Kind.NOTE,
                bool(reason and reason["conjecture"]),
                tuple(span for span in spans if span.mark is Mark.PLAIN),
                bool(reason and reason["here_only"]),
            )
        )

    def _problem(self, offset: int, what: str, remedy: str) -> None:
        self.problems.append(self.text.problem(offset, what, remedy))


def _empty(label: str, kind: str) -> tuple[str, str]:
    return (
        f"footnote {label} has no reason",
        f"say in a sentence what a reader can check: [^{label}]: {kind} …",
    )


def _check_notes(text: Text, body: _Body) -> Iterator[Problem]:
    """Every mark has its reason, every footnote its place, and each kind stands where it may."""
    defined: dict[str, Footnote] = {}
    for footnote in body.footnotes:
        if footnote.label in defined:
            yield text.problem(
                footnote.offset,
                f"footnote {footnote.label} is defined twice",
                "rename one of the two, or put them together",
            )
        defined.setdefault(footnote.label, footnote)
    used: set[str] = set()
    known = KnownNames(defined)
    # Where a mark is broken, its footnote is not judged before the mark is mended.
    broken = frozenset(problem.place.line for problem in body.problems)
    for paragraph in body.introduction:
        yield from _check_introduction(text, paragraph)
    for chapter in body.chapters:
        for paragraph in chapter.paragraphs:
            for span in paragraph.spans:
                used.update(span.notes)
                alone = span.mark is Mark.NOTE
                if not (alone and broken and text.place(span.offset).line in broken):
                    yield from _check_span(text, span, defined, body.kindless, known)
    for label, footnote in defined.items():
        if label not in used:
            yield text.problem(
                footnote.offset,
                f"footnote {label} is never used",
                f"put [^{label}] behind its mark, or take the footnote out",
            )


def _check_introduction(text: Text, paragraph: Paragraph) -> Iterator[Problem]:
    for span in paragraph.spans:
        if span.mark is not Mark.PLAIN:
            yield text.problem(
                span.offset,
                "the introduction is the editor's own and holds no mark and no footnote",
                "write it plainly; speech begins at the first ## chapter or **Name:**",
            )


def _check_span(
    text: Text,
    span: Span,
    defined: Mapping[str, Footnote],
    kindless: set[str],
    known: KnownNames,
) -> Iterator[Problem]:
    for label in span.notes:
        footnote = defined.get(label)
        if not footnote:
            near = known.find_near(label)
            hint = f"did you mean [^{near}]? else " if near else ""
            yield text.problem(
                span.offset,
                f"footnote {label} is not defined",
                f"{hint}add a line [^{label}]: kind: reason",
            )
        elif span.mark is Mark.NOTE and footnote.kind is not Kind.NOTE:
            yield text.problem(
                span.offset,
                f"footnote {label} is the reason of a correction, and there is no mark before it",
                f"write the mark directly before [^{label}], or begin the footnote with note:",
            )
    if span.mark is not Mark.CHANGE:
        return
    kinds = [defined[label].kind for label in span.notes if label in defined]
    if kindless.intersection(span.notes):
        return
    if not span.notes:
        yield text.problem(
            span.offset,
            f"the correction of {_shown(span)} has no footnote",
            "write [^why] directly behind the mark and add a line [^why]: kind: reason",
        )
    elif kinds and all(kind is Kind.NOTE for kind in kinds):
        yield text.problem(
            span.offset,
            f"the correction of {_shown(span)} has a note and no reason",
            f"give the footnote a kind of correction: {', '.join(_CORRECTION_KINDS)}",
        )


def _shown(span: Span) -> str:
    return f"“{' '.join((span.heard or span.said).split())}”"


def _parse_lines(
    text: Text,
    written: list[str],
    offsets: Mapping[tuple[str | int, ...], int],
    path: tuple[str | int, ...],
) -> tuple[frozenset[int], list[Problem]]:
    """The lines of the source that a list of numbers and ranges names; `path` is its own keys."""
    lines: set[int] = set()
    problems = []
    for number, item in enumerate(written):
        first, _, last = item.partition("-")
        span = range(int(first), int(last or first) + 1)
        lines.update(span)
        if not span:
            problems.append(
                text.problem(
                    offsets.get((*path, number), 0),
                    f"the range {item} runs backwards",
                    f"write {last}-{first}",
                )
            )
    return frozenset(lines), problems


class Rejected(NamedTuple):
    """An edition with every mark rejected: the text as heard, its spans in order, and its words."""

    heard: str
    spans: tuple[PlacedSpan, ...]
    words: Words

    def span_number(self, position: int) -> int:
        """The number of the last span that begins at or before a character of `heard`, or -1.

        Spans without text, such as notes, begin where the span that holds the word begins.
        """
        return bisect_right(self.spans, position, key=_heard_start) - 1


_heard_start = attrgetter("heard_start")
PARAGRAPH_BREAK = "\n\n"


def reject_marks(edition: Edition) -> Rejected:
    """The text that the recogniser wrote by the edition's account.

    A blank line separates paragraphs, here and in the text as said.
    """
    footnotes = {footnote.label: footnote for footnote in edition.footnotes}
    pieces: list[str] = []
    spans: list[PlacedSpan] = []
    heard = said = 0
    for paragraph in edition.paragraphs:
        for span in paragraph.spans:
            placed = PlacedSpan(span, heard, said, _find_reason(span, footnotes))
            spans.append(placed)
            pieces.append(span.heard)
            heard, said = placed.heard_end, placed.said_end
        pieces.append(PARAGRAPH_BREAK)
        heard += len(PARAGRAPH_BREAK)
        said += len(PARAGRAPH_BREAK)
    text = "".join(pieces)
    return Rejected(text, tuple(spans), find_words(text))


def _find_reason(span: Span, footnotes: Mapping[str, Footnote]) -> Footnote | None:
    if span.mark is not Mark.CHANGE:
        return None
    behind = (footnotes[label] for label in span.notes if label in footnotes)
    return next((footnote for footnote in behind if footnote.kind is not Kind.NOTE), None)


_OPENING_LENGTH = len("{~~")


def file_offset(edition: Edition, placed: PlacedSpan, position: int) -> int:
    """The place in the file of a character of the text as heard, which stands in a given span."""
    span, into_heard = placed.span, position - placed.heard_start
    start = span.offset + (0 if span.mark is Mark.PLAIN else _OPENING_LENGTH)
    position = start + into_heard
    # An escape is two characters in the file and one in the text.
    for escape in find_escapes(edition.text.content, start, start + 2 * into_heard + 2):
        if escape > position:
            break
        position += 1
    return position


def file_offsets(edition: Edition, span: Span) -> Sequence[int]:
    """Where in the file each character of what a span rejects to begins, and where the last ends.

    A character behind a backslash begins with that.
    """
    content = edition.text.content
    start = span.offset + (0 if span.mark is Mark.PLAIN else _OPENING_LENGTH)
    if content.find("\\", start, start + len(span.heard)) < 0:
        return range(start, start + len(span.heard) + 1)
    escapes = frozenset(find_escapes(content, start, start + 2 * len(span.heard)))
    offsets = [start]
    for _ in span.heard:
        offsets.append(offsets[-1] + (2 if offsets[-1] in escapes else 1))
    return offsets
