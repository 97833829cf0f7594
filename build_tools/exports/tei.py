"""An edition as TEI P5: one file that holds both readings, and says who vouches for each."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from xml.etree import ElementTree as ET

from build_tools.exports.markup import Node, append, append_text, block, element
from build_tools.exports.tei_header import EDITORS, make_header
from build_tools.model.edition import Chapter, Footnote, Mark, Span
from build_tools.model.glossary import Entry
from build_tools.model.site import SITE_LANGUAGE
from build_tools.model.source import Cue, Source
from build_tools.model.transcript import Turn
from build_tools.text.urls import escape_target
from build_tools.transcript.layout import LaidOutParagraph, Layout, Note, PlacedCue, Run, join_clean

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
    """`transcripts/<slug>/<slug>.tei.xml`; `entries` are those of the glossary, by slug.

    It has those that the transcript mentions or whose names its speakers bear.
    """
    names = set(layout.transcript.edition.speakers.values())
    mentioned = {mention.entry for mention in layout.findings.mentions}
    named = {
        slug: entry
        for slug, entry in sorted(entries.items())
        if slug in mentioned or entry.term in names
    }
    writer = _TextWriter(layout, named)
    text = writer.write_text()
    timeline = _timeline(layout.transcript.source)
    apart = [*timeline, *writer.write_notes(), *_list_entries(named.values())]
    targets = [block("standOff", {}, *apart)] if apart else []
    header = make_header(layout.transcript, named)
    language = {"xmlns": _NAMESPACE, "xml:lang": SITE_LANGUAGE}
    root = block("TEI", language, header, text, *targets)
    _indent(root)
    written = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_NOT_IN_XML.sub(" ", written)}\n'


def _indent(node: ET.Element, depth: int = 1) -> None:
    """Puts what a block holds on lines that begin with a blank for each block around them."""
    node.text = "\n" + " " * (depth if len(node) else depth - 1)
    for child in node:
        child.tail = node.text
        if child.text == "\n":
            _indent(child, depth + 1)
    if len(node):
        node[-1].tail = node.text[:-1]


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


class _TextWriter:
    """Writes the speech from first to last, and numbers marks and notes on the way."""

    def __init__(self, layout: Layout, named: Mapping[str, Entry]) -> None:
        self.layout = layout
        self.edition = layout.transcript.edition
        self.named = named
        self.speakers = {
            short: f"#speaker-{number}" for number, short in enumerate(self.edition.speakers, 1)
        }
        self.gaps = _find_ranges(self.edition.source.furniture_lines)[::-1]
        self.marks = 0
        # The marks that each footnote explains, or that a doubt asks about.
        self.targets: dict[Footnote | Note, list[str]] = {}

    def write_text(self) -> ET.Element:
        """The introduction, and the speech by chapters, utterances and paragraphs."""
        turns = groupby(self.layout.transcript.turns, key=attrgetter("chapter"))
        by_chapter = {number: list(group) for number, group in turns}
        paragraphs = [self._prose("p", one.spans) for one in self.edition.introduction]
        introduction = block("div", {"type": "introduction"}, *paragraphs)
        front = [block("front", {}, introduction)] if paragraphs else []
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
        opening = self.layout.paragraphs[turn.paragraphs.start]
        if opening.notes:
            attributes |= {"xml:id": self._name_mark(opening.notes), "ana": "#kind-speaker"}
        paragraphs = [self._paragraph(self.layout.paragraphs[one]) for one in turn.paragraphs]
        behind = self._gaps_before(None) if turn is self.layout.transcript.turns[-1] else ()
        return block("u", attributes, *paragraphs, *behind)

    def _paragraph(self, paragraph: LaidOutParagraph) -> ET.Element:
        written = element("seg", {"type": "paragraph"})
        for mention, group in groupby(join_clean(paragraph.runs), key=attrgetter("mention")):
            into = written
            if mention:
                entry = self.named[mention.entry]
                tag, attributes = _NAMES[entry.kind]
                into = element(tag, {**attributes, "ref": f"#entry-{entry.slug}"})
                written.append(into)
            self._write_runs(into, group)
        return written

    def _write_runs(self, into: ET.Element, runs: Iterable[Run]) -> None:
        """Puts runs down: those of one link in a `ref`, those of one title in a `title`."""
        for (target, title), group in groupby(runs, key=lambda r: (r.span.target, r.span.emphasis)):
            holder = into
            if target:
                before = into[-1] if len(into) and not into[-1].tail else None
                href = _resolve(target, self.edition.slug)
                if before is None or before.tag != "ref" or before.get("target") != href:
                    before = ET.SubElement(into, "ref", {"target": href})
                holder = before
            if title and into.tag != "title":
                holder = ET.SubElement(holder, "title")
            for run in group:
                if run.span.mark is Mark.PLAIN:
                    self._heard(holder, run)
                else:
                    self._mark(holder, run)

    def _prose(
        self, tag: str, spans: Iterable[Span], attributes: Mapping[str, str] | None = None
    ) -> ET.Element:
        """Text without marks: introductions, summaries, reasons."""
        written = element(tag, attributes)
        for span in spans:
            node: Node = element("title", {}, span.said) if span.emphasis else span.said
            if span.target:
                node = element("ref", {"target": _resolve(span.target, self.edition.slug)}, node)
            append(written, node)
        return written

    def _heard(self, into: ET.Element, run: Run) -> None:
        """Puts the words of a run as heard down, and the beginnings of cues among them."""
        words, start = run.heard, run.heard_start
        for placed in run.cues:
            append_text(into, words[: placed.heard - start])
            words, start = words[placed.heard - start :], placed.heard
            into.extend([*self._gaps_before(placed.cue), _cue(placed)])
        append_text(into, words)

    def _gaps_before(self, cue: Cue | None) -> Iterator[ET.Element]:
        """The lines that are no speech before a cue, or behind the last one."""
        while self.gaps and (cue is None or self.gaps[-1][0] < cue.line):
            lines = self.gaps.pop()
            shown = str(lines[0]) if len(lines) == 1 else f"{lines[0]}–{lines[-1]}"
            count = {"quantity": str(len(lines)), "n": shown}
            yield element("gap", {"reason": "editorial", "unit": "line"} | count)

    def _mark(self, into: ET.Element, run: Run) -> None:
        mark = {"xml:id": self._name_mark(run.notes)}
        if run.span.mark is Mark.NOTE:
            into.append(element("anchor", mark | {"type": "note"}))
            return
        if run.span.mark is Mark.DOUBT:
            doubt = element("unclear", mark | {"cert": "low", "resp": EDITORS})
            self._heard(doubt, run)
            into.append(doubt)
            return
        if run.placed.reason:
            mark["ana"] = f"#kind-{run.placed.reason.kind.value}"
        vouched = {"cert": "medium" if run.conjecture else "high", "resp": EDITORS}
        if run.said and run.heard:
            heard, said = element("sic"), element("corr", vouched, run.said)
            into.append(element("choice", mark, heard, said))
        else:
            heard = element("supplied" if run.said else "surplus", mark | vouched, run.said)
            into.append(heard)
        self._heard(heard, run)

    def _name_mark(self, notes: Iterable[Note]) -> str:
        self.marks += 1
        mark = f"mark-{self.marks}"
        for note in notes:
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
        element(
            "when", {"xml:id": name, "since": "#when-origin", "interval": f"{time / 1000:.12g}"}
        )
        for name, time in times
        if time is not None
    ]
    if moments:
        origin = element("when", {"xml:id": "when-origin"})
        yield block("timeline", {"unit": "s", "origin": "#when-origin"}, origin, *moments)


def _list_entries(entries: Iterable[Entry]) -> Iterator[ET.Element]:
    listed = [
        block(
            "item",
            {"xml:id": f"entry-{entry.slug}"},
            element(*_NAMES[entry.kind], entry.term),
            element("note", {}, entry.short),
            element("ptr", {"target": f"../../{entry.path.removesuffix('.md')}/"}),
        )
        for entry in entries
    ]
    if listed:
        yield block("list", {"type": "glossary"}, *listed)


def _find_ranges(lines: Iterable[int]) -> list[range]:
    """Numbers as ranges, in order."""
    ranges: list[range] = []
    for line in sorted(lines):
        start = ranges.pop().start if ranges and ranges[-1].stop == line else line
        ranges.append(range(start, line + 1))
    return ranges
