"""A transcript laid out once: each paragraph as runs that carry everything a writer needs.

A writer turns runs into its own language and computes nothing: places, addresses, linked mentions,
reasons and the numbers of notes are in the runs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from build_tools.model.edition import UNKNOWN_LABEL, Footnote, Mark, PlacedSpan, Span
from build_tools.model.source import Cue
from build_tools.model.transcript import (
    ApparatusEntry,
    Findings,
    Mention,
    PlacedParagraph,
    Transcript,
)
from build_tools.transcript.alignment import name_in_source


class Note(NamedTuple):
    """A numbered note: an explained correction, a remark on what was said, or an open doubt.

    Notes are numbered from 1 in the order in which the text first calls them. One footnote has a
    note for each pair of `heard` and `said` that it explains; both are on one line, and "" where
    the note explains no correction. A note on a speaker has as `heard` those that the source names.
    `footnote` is None for a doubt, which asks its `question`. `variants` is what witnesses heard.
    """

    number: int
    footnote: Footnote | None
    heard: str = ""
    said: str = ""
    question: str = ""
    variants: tuple[ApparatusEntry, ...] = ()


class PlacedCue(NamedTuple):
    """A cue of the source that begins in a run, at a place in the text as heard.

    `needs_id` is False where a heading or the paragraph itself already has the cue's address. Of
    the run, `skipped` words as heard stand before it.
    """

    cue: Cue
    heard: int
    needs_id: bool
    skipped: int = 0


class PlacedWord(NamedTuple):
    """The address of a word in a run that something links to, and the run's words before it."""

    address: str
    skipped: int


class Run(NamedTuple):
    """A piece of a paragraph in which nothing changes: no writer has to divide it further.

    `said` is its text and `said_start` the place where it begins in the text as said. A mark is
    one run. `words` are linked to by their addresses; `mention` is the mention of an entry that is
    linked here; `notes` are called behind the run. `variants` is what witnesses heard at its first
    word, if no note says it.
    """

    placed: PlacedSpan
    said: str
    said_start: int
    cues: tuple[PlacedCue, ...] = ()
    words: tuple[PlacedWord, ...] = ()
    mention: Mention | None = None
    notes: tuple[Note, ...] = ()
    variants: tuple[ApparatusEntry, ...] = ()

    @property
    def span(self) -> Span:
        """The span that the run is a part of."""
        return self.placed.span

    @property
    def said_end(self) -> int:
        """The end of the run in the text as said."""
        return self.said_start + len(self.said)

    @property
    def heard(self) -> str:
        """The run's text as heard."""
        return self.span.heard if self.span.mark is Mark.CHANGE else self.said

    @property
    def heard_start(self) -> int:
        """The place where the run begins in the text as heard."""
        return self.placed.heard_start + self.said_start - self.placed.said_start

    @property
    def shown(self) -> str:
        """The run's text for a format that has no markup for what is no speech."""
        return self.span.non_speech.written if self.span.non_speech else self.said

    @property
    def conjecture(self) -> bool:
        """Whether the reason of a correction is not certain."""
        return self.placed.reason is not None and self.placed.reason.conjecture


@dataclass(frozen=True, slots=True)
class LaidOutParagraph:
    """A paragraph as runs.

    `cue` is the cue of its first word, None where the source has no word, and `address` that of the
    word. `has_address` says that the paragraph bears it, and no heading. `opens_chapter` and
    `shows_speaker` say what stands before its words, and `notes` are called behind the name.
    """

    place: PlacedParagraph
    cue: Cue | None
    address: str
    has_address: bool
    opens_chapter: bool
    shows_speaker: bool
    runs: tuple[Run, ...]
    notes: tuple[Note, ...] = ()

    @property
    def speaker(self) -> str:
        """The name that readers see."""
        return self.place.speaker or UNKNOWN_LABEL


@dataclass(frozen=True, slots=True)
class Layout:
    """A transcript with its findings, all its paragraphs in order, and the notes they call."""

    transcript: Transcript
    findings: Findings
    paragraphs: tuple[LaidOutParagraph, ...]
    notes: tuple[Note, ...]

    def chapter(self, number: int) -> Sequence[LaidOutParagraph]:
        """The paragraphs of a chapter."""
        begin = bisect_left(self.paragraphs, number, key=_CHAPTER)
        return self.paragraphs[begin : bisect_right(self.paragraphs, number, key=_CHAPTER)]


_CHAPTER = attrgetter("place.chapter")


def lay_out(transcript: Transcript, findings: Findings, linked: Iterable[str] = ()) -> Layout:
    """The layout of a transcript with its findings; other pages link to the `linked` addresses."""
    return _LayoutBuilder(transcript, findings, linked).build()


class _LayoutBuilder:
    """Lays paragraphs out from first to last, and numbers notes in the order of their calls."""

    def __init__(self, transcript: Transcript, findings: Findings, linked: Iterable[str]) -> None:
        self.transcript = transcript
        self.source = transcript.source
        self.findings = findings
        self.edition = transcript.edition
        self.linked = link_mentions(transcript, findings.mentions)
        self.footnotes = {note.label: note for note in self.edition.footnotes}
        self.notes: dict[tuple[object, ...], Note] = {}
        self.cues = self.source.first_words()
        # The words that have an id of their own, in order.
        self.words = sorted({*self.cues, *self._linked_words(linked)})
        chapters = zip(transcript.chapter_ids, self.edition.chapters, strict=True)
        # The addresses that an element bears already.
        self.borne = {name for name, chapter in chapters if chapter.title}
        self.unnoted = self._find_unnoted() if transcript.apparatus else {}

    def build(self) -> Layout:
        chapter = -1
        paragraphs = []
        for number, place in enumerate(self.transcript.paragraphs):
            paragraphs.append(self._paragraph(number, place, opens=place.chapter != chapter))
            chapter = place.chapter
        notes = tuple(self.notes.values())
        return Layout(self.transcript, self.findings, tuple(paragraphs), notes)

    def _paragraph(self, number: int, place: PlacedParagraph, *, opens: bool) -> LaidOutParagraph:
        cue, address = None, ""
        if self.source.words:
            cue = self.source.cue_at(place.first_word)
            spoken = place.first_word < place.end_word
            address = self.source.address_at(place.first_word) if spoken else cue.address
        has_address = place.first_word < place.end_word and self._take(address)
        voiced = place.speaker != "" or place.is_unknown
        shows_speaker = voiced and (place.names_speaker or opens)
        notes = tuple(self._speaker_notes(number, place))
        mentions = self.linked.get(number, ())
        runs = tuple(_link_runs(self._runs(place, mentions), mentions))
        return LaidOutParagraph(place, cue, address, has_address, opens, shows_speaker, runs, notes)

    def _find_unnoted(self) -> dict[int, ApparatusEntry]:
        """What witnesses heard where no note says it, by the first word."""
        placed = (one.placed for one in self.transcript.occurrences)
        marked = (one for one in placed if one.span.mark is not Mark.NOTE)
        noted = {entry for one in marked for entry in self._variants(one)}
        return {one.first: one for one in self.transcript.apparatus if one not in noted}

    def _linked_words(self, linked: Iterable[str]) -> Iterator[int]:
        """The words that corrections, doubts, mentions and other pages link to."""
        for occurrence in self.transcript.occurrences:
            if occurrence.placed.span.mark is not Mark.NOTE:
                yield occurrence.word
        yield from (mention.word for mention in self.findings.mentions)
        yield from (entry.first for entry in self.transcript.apparatus)
        for address in linked:
            word = self.source.find_word(address)
            if word is not None:
                yield word

    def _take(self, address: str) -> bool:
        """Whether an address is free; nothing else bears it from then on."""
        free = address not in self.borne
        self.borne.add(address)
        return free

    def _runs(self, place: PlacedParagraph, mentions: Sequence[Mention]) -> Iterator[Run]:
        anchors = self._anchors(place)
        ahead = sorted({edge for mention in mentions for edge in (mention.start, mention.end)})
        next_anchor = 0
        next_edge = 0
        for placed in place.spans:
            begin = next_anchor
            while next_anchor < len(anchors) and anchors[next_anchor].heard < placed.heard_end:
                next_anchor += 1
            here = anchors[begin:next_anchor]
            if placed.span.mark is not Mark.PLAIN:
                run = self._anchored(Run(placed, placed.span.said, placed.said_start), here)
                yield run._replace(notes=tuple(self._notes(placed)))
                continue
            next_edge = bisect_right(ahead, placed.said_start, next_edge)
            end = bisect_left(ahead, placed.said_end, next_edge)
            for run, inner in _cut(placed, here, ahead[next_edge:end]):
                # Most runs have none, and a copy of each would take long.
                yield self._anchored(run, inner) if inner else run
            next_edge = end

    def _anchors(self, place: PlacedParagraph) -> list[_Anchor]:
        """The words of a paragraph that have an id, or with which a cue begins."""
        first = bisect_left(self.words, place.first_word)
        end = bisect_left(self.words, place.end_word, first)
        starts = self.transcript.heard_words.starts
        return [_Anchor(word, starts[word], self.cues.get(word)) for word in self.words[first:end]]

    def _anchored(self, run: Run, anchors: Iterable[_Anchor]) -> Run:
        """The run with the cues and the linked words that begin in it."""
        cues: list[PlacedCue] = []
        words: list[PlacedWord] = []
        variants: list[ApparatusEntry] = []
        for word, heard, cue in anchors:
            if word in self.unnoted and heard == run.heard_start:
                variants.append(self.unnoted[word])
            skipped = word - bisect_right(self.transcript.heard_words.ends, run.heard_start)
            if cue:
                cues.append(PlacedCue(cue, heard, self._take(cue.address), skipped))
            elif self._take(address := self.source.address_at(word)):
                words.append(PlacedWord(address, skipped))
        return run._replace(cues=tuple(cues), words=tuple(words), variants=tuple(variants))

    def _speaker_notes(self, number: int, place: PlacedParagraph) -> Iterator[Note]:
        for label in place.notes:
            named = name_in_source(self.transcript, number)
            yield self._note((label, named, place.speaker), Note(0, self.footnotes[label], named))

    def _notes(self, placed: PlacedSpan) -> Iterator[Note]:
        span = placed.span
        heard, said = " ".join(span.heard.split()), " ".join(span.said.split())
        variants = self._variants(placed)
        for label in span.notes:
            footnote = self.footnotes[label]
            if not footnote.kind.corrects_words:
                yield self._note((label, "", ""), Note(0, footnote))
            else:
                key = (label, heard, said, *variants)
                yield self._note(key, Note(0, footnote, heard, said, variants=variants))
        if span.mark is Mark.DOUBT:
            note = Note(0, None, question=span.question, variants=variants)
            yield self._note(("", span.offset), note)

    def _variants(self, placed: PlacedSpan) -> tuple[ApparatusEntry, ...]:
        """What witnesses heard otherwise at a mark."""
        edges, entries = (placed.heard_start, placed.heard_end), self.transcript.apparatus
        first, end = (bisect_left(self.transcript.heard_words.starts, edge) for edge in edges)
        begin = bisect_left(entries, first, key=attrgetter("end"))
        near = entries[begin : bisect_right(entries, end, key=attrgetter("first"))]
        # Words that only touch the mark are beside it.
        return tuple(
            one
            for one in near
            if (one.first < end and first < one.end) or (one.first, one.end) == (first, end)
        )

    def _note(self, key: tuple[object, ...], note: Note) -> Note:
        return self.notes.setdefault(key, note._replace(number=len(self.notes) + 1))


class _Anchor(NamedTuple):
    """A word of the source, its place in the text as heard, and the cue that begins with it."""

    word: int
    heard: int
    cue: Cue | None


def _cut(
    placed: PlacedSpan, anchors: Sequence[_Anchor], edges: Iterable[int]
) -> Iterator[tuple[Run, Sequence[_Anchor]]]:
    """A plain span, cut at edges in the text as said and at anchors; each run with its anchors.

    The editor's links and emphasis are cut only where cues begin.
    """
    shift = placed.said_start - placed.heard_start
    whole = placed.span.target or placed.span.emphasis
    cut_at = {one.heard + shift for one in anchors if one.cue or not whole}
    cuts = sorted({placed.said_start, placed.said_end, *edges, *cut_at})
    first = 0
    for begin, end in pairwise(cuts):
        said = placed.span.said[begin - placed.said_start : end - placed.said_start]
        last = bisect_left(anchors, end - shift, first, key=attrgetter("heard"))
        yield Run(placed, said, begin), anchors[first:last]
        first = last


def _link_runs(runs: Iterable[Run], mentions: Iterable[Mention]) -> Iterator[Run]:
    """Runs in order, each with the linked mention in which it stands."""
    ahead = iter(mentions)
    mention = next(ahead, None)
    is_open = False
    for run in runs:
        if mention and is_open and run.said_start >= mention.end:
            mention, is_open = next(ahead, None), False
        if mention and not is_open and run.said_start >= mention.start:
            # What has no words opens no link.
            is_open = run.span.mark not in (Mark.NOTE, Mark.NON_SPEECH)
        yield run._replace(mention=mention) if is_open else run


def join_runs(runs: Iterable[Run]) -> Iterator[Run]:
    """The same runs for a writer without addresses of words: cut nowhere for their sake."""
    joined: Run | None = None
    for run in runs:
        if (
            joined
            and run.placed is joined.placed
            and run.mention is joined.mention
            and not run.cues
        ):
            joined = joined._replace(said=joined.said + run.said)
            continue
        if joined:
            yield joined
        joined = run
    if joined:
        yield joined


# Linked mentions --------------------------------------------------------------------------------


def link_mentions(transcript: Transcript, mentions: Iterable[Mention]) -> dict[int, list[Mention]]:
    """The mentions that are linked, by paragraph: an entry's first in each chapter.

    A mention inside a link that the editor wrote does not count; one that begins or ends within a
    mark takes the whole mark in.
    """
    linked: dict[int, list[Mention]] = {}
    seen: set[tuple[int, str]] = set()
    marks: dict[int, list[PlacedSpan]] = {}
    for mention in mentions:
        place = transcript.paragraphs[mention.paragraph]
        if (place.chapter, mention.entry) in seen:
            continue
        if mention.paragraph not in marks:
            marks[mention.paragraph] = [placed for placed in place.spans if _is_whole(placed.span)]
        whole = _widen(mention, marks[mention.paragraph])
        before = linked.get(mention.paragraph, [])
        if not whole or (before and before[-1].end > whole.start):
            continue
        seen.add((place.chapter, mention.entry))
        linked.setdefault(mention.paragraph, []).append(whole)
    return linked


def _is_whole(span: Span) -> bool:
    """Whether a link may not begin or end inside a span."""
    return span.target != "" or (span.mark is not Mark.PLAIN and span.said != "")


def _widen(mention: Mention, marks: Sequence[PlacedSpan]) -> Mention | None:
    start, end = mention.start, mention.end
    # They stand in order and do not overlap, so that a search finds the first one that matters.
    for number in range(bisect_right(marks, start, key=attrgetter("said_end")), len(marks)):
        placed = marks[number]
        if placed.said_start >= end:
            break
        if placed.span.target:
            return None
        start, end = min(start, placed.said_start), max(end, placed.said_end)
    return mention._replace(start=start, end=end)
