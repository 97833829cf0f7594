"""An edition as TEI P5: one file that holds both readings, and says who vouches for each."""

from __future__ import annotations

import posixpath
import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby, pairwise
from xml.etree import ElementTree as ET

from build_tools.exports.markup import append_text, block, element
from build_tools.exports.tei_header import EDITORS, find_ranges, make_header, render_range
from build_tools.model.edition import Chapter, Footnote, Mark, PlacedSpan, Span
from build_tools.model.glossary import Entry
from build_tools.model.source import Cue, Source
from build_tools.model.transcript import Turn
from build_tools.text.language import SITE_LANGUAGE
from build_tools.text.urls import escape_target
from build_tools.transcript.layout import LaidOutParagraph, Layout, Note, PlacedCue, Run
from build_tools.transcript.nesting import Inline, nest_elements, place_prose

_NAMESPACE = "http://www.tei-c.org/ns/1.0"
# XML 1.0 cannot hold these characters. None is part of a word, so a blank in its place keeps the
# words on both sides apart; U+FFFD in its place would be a word of its own.
_NOT_IN_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The element of a name, by the kind of its entry.
_NAMES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "concept": ("term", {}),
    "person": ("persName", {}),
    "organisation": ("orgName", {}),
    "model": ("name", {"type": "model"}),
    "work": ("title", {}),
    "event": ("name", {"type": "event"}),
}


def render_tei(layout: Layout, entries: Mapping[str, Entry]) -> str:
    """`transcripts/<slug>/<slug>.tei.xml`; `entries` are those of the glossary, by slug."""
    named = _find_named(layout, entries)
    writer = _TextWriter(layout, named)
    text = writer.write_text()
    apart = [
        *_timeline(layout.transcript.source),
        *writer.write_notes(),
        *_entry_lists(named.values()),
    ]
    root = block(
        "TEI",
        {"xmlns": _NAMESPACE, "xml:lang": SITE_LANGUAGE},
        make_header(layout.transcript, named),
        text,
        *([block("standOff", {}, *apart)] if apart else ()),
    )
    _indent(root)
    written = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_NOT_IN_XML.sub(" ", written)}\n'


def _find_named(layout: Layout, entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """The entries that are named in a transcript or whose names its speakers bear, by slug."""
    names = set(layout.transcript.edition.speakers.values())
    mentioned = {mention.entry for mention in layout.findings.mentions}
    return {
        slug: entry
        for slug, entry in sorted(entries.items())
        if slug in mentioned or entry.term in names
    }


def _indent(node: ET.Element, depth: int = 1) -> None:
    """Puts what a block holds on lines that begin with a blank for each block around them."""
    node.text = "\n" + " " * (depth if len(node) else depth - 1)
    for child in node:
        child.tail = node.text
        if child.text == "\n":
            _indent(child, depth + 1)
    if len(node):
        node[-1].tail = node.text[:-1]


def _seconds(milliseconds: int) -> str:
    """Seconds, with decimals where there are any.

    >>> _seconds(187000), _seconds(1500)
    ('187', '1.5')
    """
    return f"{milliseconds / 1000:.12g}"


def _resolve(target: str, slug: str) -> str:
    """A link that an edition has, as it leads on from the edition's TEI file.

    >>> _resolve("other.md#l5", "talk"), _resolve("../glossary/x.md", "talk"), _resolve("#t1", "a")
    ('../other/#l5', '../../glossary/x/', '#t1')
    """
    if target.startswith(("https://", "#")):
        return escape_target(target)
    path, sign, address = target.partition("#")
    page = posixpath.normpath(posixpath.join("transcripts", path))
    folder = posixpath.relpath(page.removesuffix(".md"), f"transcripts/{slug}")
    return escape_target(folder + ("/" if page.endswith(".md") else "") + sign + address)


# The text ---------------------------------------------------------------------------------------


class _InlineWriter:
    """A line of text as it is written: the elements of its words open and close at their places."""

    def __init__(
        self,
        into: ET.Element,
        placed: Sequence[PlacedSpan],
        ahead: Iterable[Inline],
        make: Callable[[Inline], ET.Element],
    ) -> None:
        self.make = make
        self.place = placed[0].said_start if placed else 0
        self.ahead = [*ahead][::-1]
        self.edges = sorted({edge for inline in self.ahead for edge in inline[:2]})
        # Each open element with its end, the innermost last.
        self.open: list[tuple[ET.Element, int]] = [(into, sys.maxsize)]

    def say(self, words: str) -> None:
        """Puts words down that stand in the text as said."""
        end = self.place + len(words)
        inside = slice(bisect_right(self.edges, self.place), bisect_left(self.edges, end))
        start = self.place
        for begin, stop in pairwise(sorted({start, *self.edges[inside], end})):
            self.begin()
            self.put(words[begin - start : stop - start])
            self.place = stop
            self.finish()

    def put(self, words: str) -> None:
        """Puts words down that do not stand in the text as said."""
        append_text(self.open[-1][0], words)

    def begin(self, mark_end: int = 0) -> None:
        """Opens the elements that begin here, without the names that stand inside a mark."""
        while self.ahead and self.ahead[-1].start <= self.place:
            inline = self.ahead[-1]
            if inline.mention and inline.end <= mark_end:
                break
            self._open(self.make(self.ahead.pop()), inline.end)

    def finish(self) -> None:
        """Closes the elements that end here."""
        while self.open[-1][1] <= self.place:
            self.open.pop()

    @contextmanager
    def inside(self, tag: str, attributes: Mapping[str, str] | None = None) -> Iterator[None]:
        """Opens an element for as long as it is the context."""
        self._open(element(tag, attributes), sys.maxsize)
        yield
        self.open.pop()

    def add(self, empty: ET.Element) -> None:
        """Puts an element without words down."""
        self.open[-1][0].append(empty)

    def _open(self, opened: ET.Element, end: int) -> None:
        self.add(opened)
        self.open.append((opened, end))


class _TextWriter:
    """Writes the speech from first to last, and numbers marks and notes on the way."""

    def __init__(self, layout: Layout, named: Mapping[str, Entry]) -> None:
        self.layout = layout
        self.edition = layout.transcript.edition
        self.named = named
        self.speakers = {
            short: f"#speaker-{number}" for number, short in enumerate(self.edition.speakers, 1)
        }
        self.gaps = find_ranges(self.edition.source.furniture_lines)[::-1]
        self.marks = 0
        # The marks that each footnote explains, or that a doubt asks about.
        self.targets: dict[Footnote | Note, list[str]] = {}

    def write_text(self) -> ET.Element:
        """The introduction, and the speech by chapters, utterances and paragraphs."""
        turns = self.layout.transcript.turns
        by_chapter = {
            number: list(group) for number, group in groupby(turns, key=lambda turn: turn.chapter)
        }
        front = []
        if self.edition.introduction:
            paragraphs = [self._prose("p", one.spans) for one in self.edition.introduction]
            front = [block("front", {}, block("div", {"type": "introduction"}, *paragraphs))]
        chapters = [
            self._chapter(number, chapter, by_chapter.get(number, ()))
            for number, chapter in enumerate(self.edition.chapters)
        ]
        return block("text", {}, *front, block("body", {"xml:lang": self.edition.lang}, *chapters))

    def _chapter(self, number: int, chapter: Chapter, turns: Iterable[Turn]) -> ET.Element:
        blocks = [element("head", {}, chapter.title)] if chapter.title else []
        if chapter.summary:
            blocks.append(block("argument", {}, self._prose("p", chapter.summary)))
        attributes = {"type": "chapter", "n": str(number + 1)}
        return block("div", attributes, *blocks, *map(self._turn, turns))

    def _turn(self, turn: Turn) -> ET.Element:
        source = self.layout.transcript.source
        first = source.cue_at(turn.first_word)
        last = source.cue_at(max(turn.first_word, turn.end_word - 1))
        attributes = {
            "who": self.speakers.get(turn.speaker, ""),
            "start": "" if first.start is None else f"#when-{first.address}",
            "end": "" if last.end is None else f"#when-{last.address}-end",
        }
        paragraphs = [self._paragraph(self.layout.paragraphs[one]) for one in turn.paragraphs]
        behind = self._gaps_before(None) if turn is self.layout.transcript.turns[-1] else ()
        return block("u", attributes, *paragraphs, *behind)

    def _paragraph(self, paragraph: LaidOutParagraph) -> ET.Element:
        written = element("seg", {"type": "paragraph"})
        spans = paragraph.place.spans
        inlines = self._without_titles_of_works(nest_elements(spans, paragraph.mentions))
        line = _InlineWriter(written, spans, inlines, self._inline)
        for run in paragraph.runs:
            if run.span.mark is Mark.PLAIN:
                self._heard(line, run, line.say)
            elif run.span.mark is Mark.NOTE:
                line.add(element("anchor", {"xml:id": self._name_mark(run), "type": "note"}))
            else:
                if run.said:
                    line.begin(run.said_end)
                self._mark(line, run)
                line.finish()
        return written

    def _without_titles_of_works(self, inlines: Iterable[Inline]) -> Iterator[Inline]:
        """The elements without the titles that are titles of entries already."""
        inlines = tuple(inlines)
        works = {
            one[:2]
            for one in inlines
            if one.mention and self.named[one.mention.entry].kind == "work"
        }
        return (one for one in inlines if not (one.is_title and one[:2] in works))

    def _inline(self, inline: Inline) -> ET.Element:
        if inline.mention:
            entry = self.named[inline.mention.entry]
            tag, attributes = _NAMES[entry.kind]
            return element(tag, {**attributes, "ref": f"#entry-{entry.slug}"})
        if inline.target:
            return element("ref", {"target": _resolve(inline.target, self.edition.slug)})
        return element("title")

    def _prose(
        self, tag: str, spans: Sequence[Span], attributes: Mapping[str, str] | None = None
    ) -> ET.Element:
        """Text without marks: introductions, summaries, reasons."""
        written, placed = element(tag, attributes), place_prose(spans)
        line = _InlineWriter(written, placed, nest_elements(placed), self._inline)
        line.say("".join(span.said for span in spans))
        return written

    def _heard(self, line: _InlineWriter, run: Run, put: Callable[[str], None]) -> None:
        """Puts the words of a run as heard down, and the beginnings of cues among them."""
        words, start = run.heard, run.heard_start
        for placed in run.cues:
            put(words[: placed.heard - start])
            words, start = words[placed.heard - start :], placed.heard
            for gap in self._gaps_before(placed.cue):
                line.add(gap)
            line.add(_cue(placed))
        put(words)

    def _gaps_before(self, cue: Cue | None) -> Iterator[ET.Element]:
        """The lines that are no speech before a cue, or behind the last one."""
        while self.gaps and (cue is None or self.gaps[-1][0] < cue.line):
            lines = self.gaps.pop()
            count = {"quantity": str(len(lines)), "n": render_range(lines)}
            yield element("gap", {"reason": "editorial", "unit": "line"} | count)

    def _mark(self, line: _InlineWriter, run: Run) -> None:
        mark = {"xml:id": self._name_mark(run)}
        if run.span.mark is Mark.DOUBT:
            with line.inside("unclear", mark | {"cert": "low", "resp": EDITORS}):
                self._heard(line, run, line.say)
            return
        if run.placed.reason:
            mark["ana"] = f"#kind-{run.placed.reason.kind.value}"
        vouched = {"cert": "medium" if run.conjecture else "high", "resp": EDITORS}
        if not run.said:
            with line.inside("surplus", mark | vouched):
                self._heard(line, run, line.put)
        elif not run.heard:
            with line.inside("supplied", mark | vouched):
                line.say(run.said)
        else:
            with line.inside("choice", mark):
                with line.inside("sic"):
                    self._heard(line, run, line.put)
                with line.inside("corr", vouched):
                    line.say(run.said)

    def _name_mark(self, run: Run) -> str:
        self.marks += 1
        mark = f"mark-{self.marks}"
        for note in run.notes:
            self.targets.setdefault(note.footnote or note, []).append(f"#{mark}")
        return mark

    def write_notes(self) -> Iterator[ET.Element]:
        """The footnotes that the text has called, and then its open questions."""
        notes = sorted(self.targets.items(), key=lambda item: isinstance(item[0], Note))
        for number, (note, marks) in enumerate(notes, 1):
            pointer = {"target": " ".join(marks), "resp": EDITORS}
            name = {"xml:id": f"note-{number}"}
            if isinstance(note, Note):
                yield element("note", name | {"type": "doubt"} | pointer, note.question)
            else:
                sure = {"subtype": "conjecture" if note.conjecture else ""}
                attributes = name | {"type": note.kind.value} | sure | pointer
                yield self._prose("note", note.reason, attributes)


def _cue(placed: PlacedCue) -> ET.Element:
    cue = placed.cue
    attributes = {"xml:id": cue.address, "n": str(cue.line)}
    if cue.start is None:
        return element("lb", attributes)
    return element("anchor", attributes | {"type": "cue", "synch": f"#when-{cue.address}"})


# Targets of the text's pointers -----------------------------------------------------------------


def _timeline(source: Source) -> Iterator[ET.Element]:
    """When each cue begins, and ends where its source says so, counted from the beginning."""
    times = []
    for cue in source.first_words().values():
        times += [(f"when-{cue.address}", cue.start), (f"when-{cue.address}-end", cue.end)]
    moments = [
        element("when", {"xml:id": name, "since": "#when-origin", "interval": _seconds(time)})
        for name, time in times
        if time is not None
    ]
    if moments:
        origin = element("when", {"xml:id": "when-origin"})
        yield block("timeline", {"unit": "s", "origin": "#when-origin"}, origin, *moments)


def _entry_lists(entries: Iterable[Entry]) -> Iterator[ET.Element]:
    """The entries of the glossary that are named, persons and organisations in lists of theirs."""
    lists = {"person": ("listPerson", "person"), "organisation": ("listOrg", "org")}
    other = ("list", "item")
    found = [(lists.get(entry.kind, other), entry) for entry in entries]
    for tag, item in (*lists.values(), other):
        listed = [_entry(item, entry) for row, entry in found if row == (tag, item)]
        if listed:
            yield block(tag, {"type": "glossary"}, *listed)


def _entry(item: str, entry: Entry) -> ET.Element:
    tag, attributes = _NAMES[entry.kind]
    return block(
        item,
        {"xml:id": f"entry-{entry.slug}"},
        element(tag, attributes, entry.term),
        element("note", {}, entry.short),
        element("ptr", {"target": f"../../{entry.path.removesuffix('.md')}/"}),
    )
