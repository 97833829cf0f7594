"""An edition as TEI P5: one file that holds both readings, and says who vouches for what."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby, pairwise
from typing import NamedTuple
from xml.etree.ElementTree import TreeBuilder, tostring

from build_tools.model.edition import Edition, Footnote, Kind, Mark, Paragraph, Span
from build_tools.model.glossary import Entry
from build_tools.model.site import SITE_LANGUAGE
from build_tools.model.source import Cue, Source
from build_tools.model.transcript import Findings, Mention, PlacedParagraph, Transcript, Turn
from build_tools.text.urls import escape_target

_NAMESPACE = "http://www.tei-c.org/ns/1.0"
# What XML 1.0 cannot hold. None of these is part of a word, so a blank in its place keeps the words
# on both sides apart; U+FFFD in its place would be a word of its own.
_NOT_IN_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EDITORS = "#editors"

# What the editors do, part by part of TEI's editorial declaration.
_EDITORIAL_PRACTICE = {
    "correction": (
        "What the speech recogniser misheard is corrected, and nothing else. In a choice, sic has "
        "what it wrote and corr what was said; surplus has words that nobody said, supplied words "
        "that it left out. Each is explained by a note that points to it. The certainty is high, "
        "or medium where the correction is a conjecture. Words in doubt stand unchanged in "
        "unclear, with low certainty, and a note asks what was said. What a speaker misspoke "
        "stays as it was spoken; a note may say what was meant."
    ),
    "normalization": (
        "None. Spellings, word forms, contractions, and numbers in digits or in words are those "
        "of the recogniser, unless they are marked as corrected."
    ),
    "hyphenation": (
        "A hyphen parts two words when words are compared, and is the editors' own. None stands "
        "for the end of a line."
    ),
    "segmentation": (
        "A div is a chapter, a u what one speaker says until another does, a seg a paragraph of "
        "it. All of them, their headings and the names of the speakers are the editors' own. An "
        "anchor of type cue, tied to the timeline, or an lb where there is no time, stands where "
        "a line of the source begins; n is the number of that line. A gap stands for lines of the "
        "source that are no speech."
    ),
    "punctuation": (
        "Punctuation, quotation marks, and upper and lower case are the editors' own and carry no "
        "mark."
    ),
}
_READINGS = (
    "Leave out corr, supplied and every note, and the utterances have the words of the source, "
    "each and in order, as the build of this edition has proved. Leave out sic, surplus and every "
    "note, and they have the corrected words. A character that XML cannot hold, such as a control "
    "character, stands as a blank; none is part of a word."
)
# The element of a name, by the kind of its entry.
_NAMES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "concept": ("term", {}),
    "person": ("persName", {}),
    "organisation": ("orgName", {}),
    "model": ("name", {"type": "model"}),
    "work": ("title", {}),
    "event": ("name", {"type": "event"}),
}


def render_tei(transcript: Transcript, findings: Findings, entries: Mapping[str, Entry]) -> str:
    """`transcripts/<slug>/<slug>.tei.xml`; `entries` are those of the glossary, by slug."""
    named = _named_entries(transcript, findings, entries)
    xml = _Xml()
    with xml.block("TEI", {"xmlns": _NAMESPACE, "xml:lang": SITE_LANGUAGE}):
        _Header(xml, transcript, named).render()
        text = _Text(xml, transcript, findings.mentions, named)
        text.render()
        times = _list_times(transcript.source)
        if times or text.targets or text.questions or named:
            with xml.block("standOff"):
                _render_timeline(xml, times)
                text.render_notes()
                _render_entries(xml, named.values())
    return xml.render()


def _named_entries(
    transcript: Transcript, findings: Findings, entries: Mapping[str, Entry]
) -> dict[str, Entry]:
    """The entries that are named in a transcript or whose names its speakers bear, by slug."""
    names = set(transcript.edition.speakers.values())
    mentioned = {mention.entry for mention in findings.mentions}
    return {
        slug: entry
        for slug, entry in sorted(entries.items())
        if slug in mentioned or entry.term in names
    }


class _Xml:
    """Writes a document piece by piece; a block stands on lines of its own."""

    def __init__(self) -> None:
        self._tree = TreeBuilder()
        self._depth = 0

    @contextmanager
    def block(self, tag: str, attributes: Mapping[str, str] | None = None) -> Iterator[None]:
        with self.line(tag, attributes):
            self._depth += 1
            yield
            self._depth -= 1
            self._new_line()

    @contextmanager
    def line(self, tag: str, attributes: Mapping[str, str] | None = None) -> Iterator[None]:
        """An element on a line of its own, whose content goes on in that line."""
        if self._depth:
            self._new_line()
        with self.inline(tag, attributes):
            yield

    @contextmanager
    def inline(self, tag: str, attributes: Mapping[str, str] | None = None) -> Iterator[None]:
        self.start(tag, attributes or {})
        yield
        self.end(tag)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Opens an element; an attribute that is "" is left out."""
        self._tree.start(tag, {name: _in_xml(value) for name, value in attributes.items() if value})

    def end(self, tag: str) -> None:
        self._tree.end(tag)

    def empty(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.start(tag, attributes)
        self.end(tag)

    def text(self, text: str) -> None:
        self._tree.data(_in_xml(text))

    def full_line(self, tag: str, text: str, attributes: Mapping[str, str] | None = None) -> None:
        """An element of text alone, on a line of its own."""
        with self.line(tag, attributes):
            self.text(text)

    def render(self) -> str:
        declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
        return declaration + tostring(self._tree.close(), encoding="unicode") + "\n"

    def _new_line(self) -> None:
        self._tree.data("\n" + " " * self._depth)


def _in_xml(text: str) -> str:
    return _NOT_IN_XML.sub(" ", text)


def _seconds(milliseconds: int) -> str:
    """Seconds, with decimals where there are any.

    >>> _seconds(187000), _seconds(1500)
    ('187', '1.5')
    """
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds}.{rest:03}".rstrip("0").rstrip(".")


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


# The header -------------------------------------------------------------------------------------


class _Header:
    """What the file is an edition of, by whom and how, and who speaks."""

    def __init__(self, xml: _Xml, transcript: Transcript, named: Mapping[str, Entry]) -> None:
        self.xml = xml
        self.edition = transcript.edition
        self.source = transcript.source
        self.entry_of = {entry.term: entry for entry in named.values()}

    def render(self) -> None:
        with self.xml.block("teiHeader"):
            with self.xml.block("fileDesc"):
                self._title()
                self._publication()
                self._source()
            with self.xml.block("encodingDesc"):
                self._practice()
                self._kinds()
            with self.xml.block("profileDesc"):
                self._profile()
            self._revisions()

    def _title(self) -> None:
        with self.xml.block("titleStmt"):
            self.xml.full_line("title", self.edition.title, {"xml:lang": self.edition.lang})
            with self.xml.block("respStmt", {"xml:id": _EDITORS[1:]}):
                self.xml.full_line("resp", "corrections, notes, turns, chapters and punctuation")
                self.xml.full_line("name", "The editors of this transcript")

    def _publication(self) -> None:
        with self.xml.block("publicationStmt"), self.xml.line("p"):
            self.xml.text("Made together with ")
            with self.xml.inline("ref", {"target": "./"}):
                self.xml.text("the page of this edition")
            self.xml.text(", whose editorial policy says how it may be used.")

    def _source(self) -> None:
        source = self.source
        with self.xml.block("sourceDesc"):
            if self.edition.recording:
                with self.xml.block("recordingStmt"), self.xml.block("recording"):
                    target = escape_target(self.edition.recording)
                    with self.xml.line("p"), self.xml.inline("ref", {"target": target}):
                        self.xml.text("The recording")
            with self.xml.block("bibl"):
                with self.xml.line("title"):
                    self.xml.text("What the speech recogniser wrote")
                file = f"../../sources/{self.edition.source.file}"
                with self.xml.line("ref", {"target": escape_target(file)}):
                    self.xml.text(self.edition.source.file)
                self.xml.full_line("idno", source.sha256, {"type": "sha256"})
                words = str(len(source.words))
                measure = {"unit": "words", "quantity": words}
                with self.xml.line("extent"), self.xml.inline("measure", measure):
                    self.xml.text(f"{words} words")
                if self.edition.source.note:
                    self.xml.full_line("note", self.edition.source.note)

    def _practice(self) -> None:
        with self.xml.block("editorialDecl"):
            for part, practice in _EDITORIAL_PRACTICE.items():
                with self.xml.block(part):
                    self.xml.full_line("p", practice)
            self.xml.full_line("p", _READINGS)

    def _kinds(self) -> None:
        with self.xml.block("classDecl"), self.xml.block("taxonomy", {"xml:id": "kinds"}):
            for kind in (kind for kind in Kind if kind.is_correction):
                with self.xml.block("category", {"xml:id": f"kind-{kind.value}"}):
                    self.xml.full_line("catDesc", kind.meaning)

    def _profile(self) -> None:
        with self.xml.block("langUsage"):
            self.xml.full_line("language", self.edition.lang, {"ident": self.edition.lang})
        if self.edition.speakers:
            with self.xml.block("particDesc"), self.xml.block("listPerson"):
                for number, (short, name) in enumerate(self.edition.speakers.items(), 1):
                    self._speaker(number, short, name)
        with self.xml.block("settingDesc"), self.xml.block("setting"):
            if self.edition.event:
                self.xml.full_line("name", self.edition.event, {"type": "event"})
            self.xml.full_line("date", self.edition.date, {"when": self.edition.date})
        if self.edition.description:
            with self.xml.block("abstract"):
                self.xml.full_line("p", self.edition.description)

    def _speaker(self, number: int, short: str, name: str) -> None:
        entry = self.entry_of.get(name)
        attributes = {
            "xml:id": f"speaker-{number}",
            "sameAs": f"#entry-{entry.slug}" if entry else "",
        }
        with self.xml.block("person", attributes):
            self.xml.full_line("persName", name)
            if short != name:
                self.xml.full_line("persName", short, {"type": "short"})

    def _revisions(self) -> None:
        edition = self.edition
        changes = [
            *[(day, "published") for day in [edition.published] if day],
            *[(day, "last changed in substance") for day in [edition.updated] if day],
            *[
                (
                    review.date,
                    f"{_lines(review.line_numbers)} read against the recording by {review.by}",
                )
                for review in edition.reviewed
            ],
        ]
        if changes:
            with self.xml.block("revisionDesc"):
                for day, what in changes:
                    self.xml.full_line("change", what, {"when": day})


def _runs(lines: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as runs, each by its first and its last."""
    runs: list[tuple[int, int]] = []
    for line in sorted(lines):
        if runs and runs[-1][1] == line - 1:
            runs[-1] = (runs[-1][0], line)
        else:
            runs.append((line, line))
    return runs


def _run(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _lines(lines: Iterable[int]) -> str:
    return "lines " + ", ".join(_run(*run) for run in _runs(lines))


# The text ---------------------------------------------------------------------------------------


# Where something begins and ends in the text as said.
_Slice = tuple[int, int]


class _Range(NamedTuple):
    """A slice of the text as said that is to stand in an element; lower levels stand outside."""

    start: int
    end: int
    level: int
    tag: str
    attributes: Mapping[str, str]


class _Nest:
    """Opens and closes the elements of ranges that lie in one another, as the text goes by."""

    def __init__(self, xml: _Xml, ranges: Iterable[_Range]) -> None:
        self.xml = xml
        self.waiting = sorted(ranges, key=lambda r: (r.start, -r.end, r.level), reverse=True)
        self.edges = sorted({edge for r in self.waiting for edge in (r.start, r.end)})
        self.open: list[_Range] = []

    def before(self, said: int) -> None:
        """Opens what begins at a place, right before text; what has no text stays outside."""
        while self.waiting and self.waiting[-1].start <= said:
            self.open.append(self.waiting.pop())
            self.xml.start(self.open[-1].tag, self.open[-1].attributes)

    def after(self, said: int) -> None:
        """Closes what ends at a place."""
        while self.open and self.open[-1].end <= said:
            self.xml.end(self.open.pop().tag)

    def edges_within(self, start: int, end: int) -> Sequence[int]:
        return self.edges[bisect_right(self.edges, start) : bisect_left(self.edges, end)]


class _Text:
    """Renders the speech from first to last, numbering marks and gathering what is to be noted."""

    def __init__(
        self,
        xml: _Xml,
        transcript: Transcript,
        mentions: Iterable[Mention],
        entries: Mapping[str, Entry],
    ) -> None:
        self.xml = xml
        self.transcript = transcript
        self.edition: Edition = transcript.edition
        self.entries = entries
        self.mentions: dict[int, list[Mention]] = {}
        for mention in mentions:
            self.mentions.setdefault(mention.paragraph, []).append(mention)
        self.footnotes = {note.label: note for note in self.edition.footnotes}
        self.speakers = {
            short: f"#speaker-{number}" for number, short in enumerate(self.edition.speakers, 1)
        }
        self.cue_words = transcript.source.first_words()
        self.cue_firsts = list(self.cue_words)
        self.furniture = _runs(self.edition.source.furniture_lines)[::-1]
        self.marks = 0
        self.targets: dict[str, list[str]] = {}
        self.questions: list[tuple[str, str]] = []

    def render(self) -> None:
        by_chapter = {
            chapter: list(turns)
            for chapter, turns in groupby(self.transcript.turns, key=lambda turn: turn.chapter)
        }
        last = self.transcript.turns[-1:]
        with self.xml.block("text"):
            if self.edition.introduction:
                self._introduction(self.edition.introduction)
            with self.xml.block("body", {"xml:lang": self.edition.lang}):
                for number, chapter in enumerate(self.edition.chapters):
                    with self.xml.block("div", {"type": "chapter", "n": str(number + 1)}):
                        if chapter.title:
                            self.xml.full_line("head", chapter.title)
                        if chapter.summary:
                            with self.xml.block("argument"), self.xml.line("p"):
                                self._prose(chapter.summary)
                        for turn in by_chapter.get(number, ()):
                            self._turn(turn, is_last=turn in last)

    def _introduction(self, paragraphs: Iterable[Paragraph]) -> None:
        with self.xml.block("front"), self.xml.block("div", {"type": "introduction"}):
            for paragraph in paragraphs:
                with self.xml.line("p"):
                    self._prose(paragraph.spans)

    def _prose(self, spans: Sequence[Span]) -> None:
        """Text without marks: introductions, summaries, reasons."""
        nest = _Nest(self.xml, self._typed(spans, 0))
        place = 0
        for span in spans:
            if span.said:
                nest.before(place)
                self.xml.text(span.said)
            place += len(span.said)
            nest.after(place)

    def _turn(self, turn: Turn, *, is_last: bool) -> None:
        source = self.transcript.source
        attributes = {"who": self.speakers.get(turn.speaker, "")}
        first = source.cue_at(turn.first_word)
        last = source.cue_at(max(turn.first_word, turn.end_word - 1))
        attributes["start"] = "" if first.start is None else f"#when-{first.address}"
        attributes["end"] = "" if last.end is None else f"#when-{last.address}-end"
        with self.xml.block("u", attributes):
            for number in turn.paragraphs:
                with self.xml.line("seg", {"type": "paragraph"}):
                    self._stretch(number, self.transcript.paragraphs[number])
            if is_last:
                self._gaps(None)

    def _gaps(self, cue: Cue | None) -> None:
        """The lines that are no speech before a cue, or behind the last one."""
        while self.furniture and (cue is None or self.furniture[-1][0] < cue.line):
            first, last = self.furniture.pop()
            self.xml.empty(
                "gap",
                {
                    "reason": "editorial",
                    "unit": "line",
                    "quantity": str(last - first + 1),
                    "n": _run(first, last),
                },
            )

    def _stretch(self, number: int, paragraph: PlacedParagraph) -> None:
        outer, inner = self._place_ranges(number, paragraph)
        nest = _Nest(self.xml, outer)
        for placed in paragraph.spans:
            span, heard, said = placed.span, placed.heard_start, placed.said_start
            cues = self._cues(heard, span, paragraph)
            if span.mark is Mark.PLAIN:
                self._words(span.said, said, nest, cues)
            elif span.mark is Mark.NOTE:
                self.xml.empty("anchor", {"xml:id": self._mark(span), "type": "note"})
            else:
                if span.said:
                    nest.before(said)
                self._marked(
                    span, said, _Nest(self.xml, inner.get(said, ()) if span.said else ()), cues
                )
                nest.after(said + len(span.said))

    def _cues(self, heard: int, span: Span, paragraph: PlacedParagraph) -> dict[int, Cue]:
        """The cues that begin in a span, by the place in its text as heard."""
        words = self.transcript.heard_words
        begin = bisect_left(words.starts, heard)
        end = bisect_left(words.starts, heard + len(span.heard), begin)
        first = bisect_left(self.cue_firsts, max(begin, paragraph.first_word))
        last = bisect_left(self.cue_firsts, min(end, paragraph.end_word))
        return {
            words.starts[word] - heard: self.cue_words[word] for word in self.cue_firsts[first:last]
        }

    def _words(self, text: str, said: int, nest: _Nest, cues: Mapping[int, Cue]) -> None:
        """Text with the beginnings of cues and the elements that stand in it."""
        edges = (edge - said for edge in nest.edges_within(said, said + len(text)))
        for begin, end in pairwise(sorted({0, len(text), *edges, *cues})):
            if begin in cues:
                self._cue(cues[begin])
            nest.before(said + begin)
            self.xml.text(text[begin:end])
            nest.after(said + end)

    def _cue(self, cue: Cue) -> None:
        self._gaps(cue)
        attributes = {"xml:id": cue.address, "n": str(cue.line)}
        if cue.start is None:
            self.xml.empty("lb", attributes)
        else:
            synch = {"type": "cue", "synch": f"#when-{cue.address}"}
            self.xml.empty("anchor", attributes | synch)

    def _marked(self, span: Span, said: int, nest: _Nest, cues: Mapping[int, Cue]) -> None:
        mark = {"xml:id": self._mark(span)}
        if span.mark is Mark.DOUBT:
            self.questions.append((mark["xml:id"], span.question))
            with self.xml.inline("unclear", mark | {"cert": "low", "resp": _EDITORS}):
                self._words(span.said, said, nest, cues)
            return
        reason = self._reason(span)
        vouched = {
            "cert": "medium" if reason and reason.conjecture else "high",
            "resp": _EDITORS,
        }
        kind = {"ana": f"#kind-{reason.kind.value}" if reason else ""}
        unheard = _Nest(self.xml, ())
        if not span.said:
            with self.xml.inline("surplus", mark | kind | vouched):
                self._words(span.heard, 0, unheard, cues)
        elif not span.heard:
            with self.xml.inline("supplied", mark | kind | vouched):
                self._words(span.said, said, nest, {})
        else:
            with self.xml.inline("choice", mark | kind):
                with self.xml.inline("sic"):
                    self._words(span.heard, 0, unheard, cues)
                with self.xml.inline("corr", vouched):
                    self._words(span.said, said, nest, {})

    def _mark(self, span: Span) -> str:
        self.marks += 1
        mark = f"mark-{self.marks}"
        for label in span.notes:
            self.targets.setdefault(label, []).append(f"#{mark}")
        return mark

    def _reason(self, span: Span) -> Footnote | None:
        footnotes = (self.footnotes[label] for label in span.notes)
        return next((note for note in footnotes if note.kind.is_correction), None)

    def _place_ranges(
        self, number: int, paragraph: PlacedParagraph
    ) -> tuple[list[_Range], dict[int, list[_Range]]]:
        """Links, titles and names in the paragraph, and those inside a mark, by its place."""
        outer = list(self._typed([placed.span for placed in paragraph.spans], paragraph.said_start))
        inner: dict[int, list[_Range]] = {}
        spans, starts = _said_starts(paragraph)
        links = [(r.start, r.end) for r in outer if r.tag == "ref"]
        titles = {(r.start, r.end): n for n, r in enumerate(outer) if r.tag == "title"}
        free = paragraph.said_start
        for mention in self.mentions.get(number, ()):
            entry = self.entries[mention.entry]
            tag, attributes = _NAMES[entry.kind]
            name = _Range(
                mention.start, mention.end, 2, tag, {**attributes, "ref": f"#entry-{entry.slug}"}
            )
            place = bisect_right(starts, name.start) - 1
            if tag == "title" and (name.start, name.end) in titles:
                outer[titles[name.start, name.end]] = name
                continue
            inside = starts[place] + len(spans[place].said) >= name.end
            if inside and spans[place].mark is not Mark.PLAIN:
                inner.setdefault(starts[place], []).append(name)
                free = max(free, name.end)
                continue
            here = slice(place, bisect_left(starts, name.end))
            marks = [
                (start, start + len(span.said))
                for span, start in zip(spans[here], starts[here], strict=True)
                if span.mark is not Mark.PLAIN
            ]
            start, end = _widen((name.start, name.end), marks)
            for whole in (list(titles), links, list(titles)):
                start, end = _widen((start, end), whole)
            # Two names that would now cross: the first stands.
            if start >= free:
                outer.append(name._replace(start=start, end=end))
                free = end
        return outer, inner

    def _typed(self, spans: Iterable[Span], begin: int) -> Iterator[_Range]:
        """Links and titles; a title that crosses the edge of a link is parted there."""
        spans = tuple(spans)
        links = list(_runs_of(spans, begin, lambda span: span.target))
        for start, end, target in links:
            attributes = {"target": _resolve(target, self.edition.slug)}
            yield _Range(start, end, 0, "ref", attributes)
        whole = [(start, end) for start, end, _ in links]
        for start, end, _ in _runs_of(spans, begin, lambda span: "title" if span.emphasis else ""):
            opened, closed = _find_crossed((start, end), whole)
            cuts = {start, end, *(link[1] for link in opened), *(link[0] for link in closed)}
            for piece in pairwise(sorted(cuts)):
                yield _Range(*piece, 1, "title", {})

    def render_notes(self) -> None:
        number = 0
        for number, (label, targets) in enumerate(self.targets.items(), 1):
            footnote = self.footnotes[label]
            attributes = {
                "xml:id": f"note-{number}",
                "type": footnote.kind.value,
                "subtype": "conjecture" if footnote.conjecture else "",
                "target": " ".join(targets),
                "resp": _EDITORS,
            }
            with self.xml.line("note", attributes):
                self._prose(footnote.reason)
        for following, (mark, question) in enumerate(self.questions, number + 1):
            attributes = {
                "xml:id": f"note-{following}",
                "type": "doubt",
                "target": f"#{mark}",
                "resp": _EDITORS,
            }
            self.xml.full_line("note", question, attributes)


def _runs_of(
    spans: Iterable[Span], begin: int, key: Callable[[Span], str]
) -> Iterator[tuple[int, int, str]]:
    """Where spans that say something in one manner begin and end, and which; "" is none."""
    for kind, group in groupby(spans, key=key):
        end = begin + sum(len(span.said) for span in group)
        if kind and end > begin:
            yield begin, end, kind
        begin = end


def _said_starts(paragraph: PlacedParagraph) -> tuple[list[Span], list[int]]:
    """The spans of a paragraph that say something, and where each begins."""
    spans, starts = [], []
    for placed in paragraph.spans:
        if placed.span.said:
            spans.append(placed.span)
            starts.append(placed.said_start)
    return spans, starts


def _find_crossed(slice_: _Slice, whole: Sequence[_Slice]) -> tuple[list[_Slice], list[_Slice]]:
    """What a slice begins in and goes beyond, and what it ends in and began before."""
    start, end = slice_
    first = bisect_right(whole, start, key=lambda w: w[0]) - 1
    last = bisect_left(whole, end, key=lambda w: w[0]) - 1
    return (
        [w for w in whole[max(first, 0) : first + 1] if w[0] < start < w[1] < end],
        [w for w in whole[max(last, 0) : last + 1] if start < w[0] < end < w[1]],
    )


def _widen(slice_: _Slice, whole: Sequence[_Slice]) -> _Slice:
    """The slice, widened to the whole of what it takes in a part of and also goes beyond."""
    opened, closed = _find_crossed(slice_, whole)
    edges = (*slice_, *(w[0] for w in opened), *(w[1] for w in closed))
    return min(edges), max(edges)


# What the text points to ------------------------------------------------------------------------


def _list_times(source: Source) -> list[tuple[str, int]]:
    """When each cue begins, and ends where its source says so, by the name of that moment."""
    times = []
    for cue in source.first_words().values():
        if cue.start is not None:
            times.append((f"when-{cue.address}", cue.start))
        if cue.end is not None:
            times.append((f"when-{cue.address}-end", cue.end))
    return times


def _render_timeline(xml: _Xml, times: Sequence[tuple[str, int]]) -> None:
    """Moments, each counted from the beginning."""
    if not times:
        return
    with xml.block("timeline", {"unit": "s", "origin": "#when-origin"}):
        xml.full_line("when", "", {"xml:id": "when-origin"})
        for name, time in times:
            since = {"since": "#when-origin", "interval": _seconds(time)}
            xml.full_line("when", "", {"xml:id": name} | since)


def _render_entries(xml: _Xml, entries: Iterable[Entry]) -> None:
    """The entries of the glossary that are named, persons and organisations in lists of theirs."""
    kinds: dict[str, list[Entry]] = {"person": [], "organisation": [], "": []}
    for entry in entries:
        kinds.get(entry.kind, kinds[""]).append(entry)
    lists = (("person", "listPerson", "person"), ("organisation", "listOrg", "org"))
    for kind, listed, item in (*lists, ("", "list", "item")):
        if kinds[kind]:
            with xml.block(listed, {"type": "glossary"}):
                for entry in kinds[kind]:
                    _render_entry(xml, item, entry)


def _render_entry(xml: _Xml, item: str, entry: Entry) -> None:
    tag, attributes = _NAMES[entry.kind]
    with xml.block(item, {"xml:id": f"entry-{entry.slug}"}):
        xml.full_line(tag, entry.term, attributes)
        xml.full_line("note", entry.short)
        xml.full_line("ptr", "", {"target": f"../../{entry.path.removesuffix('.md')}/"})
