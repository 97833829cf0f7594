"""A transcript laid out once: each paragraph as runs that carry everything a writer needs.

A writer turns runs into its own language and computes nothing: places, addresses, linked mentions,
reasons and the numbers of notes are in the runs.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from build_tools.model.edition import Footnote, Mark, PlacedSpan, Span
from build_tools.model.source import Cue
from build_tools.model.transcript import (
    ApparatusEntry,
    Findings,
    Mention,
    PlacedParagraph,
    Transcript,
)
from build_tools.text.catalogue import tr
from build_tools.transcript.alignment import name_in_source

_CHAPTER = attrgetter("place.chapter")


class Note(NamedTuple):
    """A numbered note: an explained correction, a remark on what was said, or an open doubt.

    Notes are numbered from 1 in the order in which the text first calls them. One footnote has a
    note for each pair of `heard` and `said` that it explains; both are on one line, and "" where
    the note explains no correction. A note on a speaker has the names of the source and its own.
    `footnote` is None for a doubt, which asks its `question`.
    """

    number: int
    footnote: Footnote | None
    heard: str = ""
    said: str = ""
    question: str = ""


class PlacedCue(NamedTuple):
    """A cue of the source that begins in a run, at a place in the text as heard.

    `needs_id` is False where a heading or the paragraph itself already has the cue's address. Of
    the run, `skipped` words as heard stand before it.
    """

    cue: Cue
    heard: int
    needs_id: bool
    skipped: int = 0


class Run(NamedTuple):
    """A piece of a paragraph in which nothing changes: no writer has to divide it further.

    `said` is its text and `said_start` the place where it begins in the text as said. A mark is
    one run. `words` are linked to by their addresses; each has the run's words before it. `mention`
    is the mention of an entry that is linked here; `notes` are called behind the run. `variants` is
    what witnesses heard otherwise at its words.
    """

    placed: PlacedSpan
    said: str
    said_start: int
    cues: tuple[PlacedCue, ...] = ()
    words: tuple[tuple[str, int], ...] = ()
    mention: Mention | None = None
    notes: tuple[Note, ...] = ()
    variants: tuple[ApparatusEntry, ...] = ()

    @property
    def span(self) -> Span:
        """The span that the run is a part of."""
        return self.placed.span

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
        return f"[{tr(self.span.non_speech)}]" if self.span.non_speech else self.said

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


def lay_out(transcript: Transcript, findings: Findings, linked: Iterable[str] = ()) -> Layout:
    """The layout of a transcript with its findings; other pages link to the `linked` addresses."""
    builder = _LayoutBuilder(transcript, findings, linked)
    paragraphs = tuple(builder.lay_out(number) for number in range(len(transcript.paragraphs)))
    return Layout(transcript, findings, paragraphs, tuple(builder.notes.values()))


class _LayoutBuilder:
    """Lays paragraphs out from first to last, and numbers notes in the order of their calls."""

    def __init__(self, transcript: Transcript, findings: Findings, linked: Iterable[str]) -> None:
        self.transcript = transcript
        self.source = source = transcript.source
        self.mentions = link_mentions(transcript, findings.mentions)
        self.footnotes = {note.label: note for note in transcript.edition.footnotes}
        # By the note without its number, and the place of a doubt.
        self.notes: dict[tuple[Note, int], Note] = {}
        self.cues = source.first_words()
        marked = [one for one in transcript.occurrences if one.placed.span.mark is not Mark.NOTE]
        self.variants = {one.first: one for one in transcript.apparatus}
        # The words that have an id of their own, or with which a cue begins, in order.
        words = {*self.cues, *self.variants}
        words |= {one.word for one in marked} | {one.word for one in findings.mentions}
        words |= {word for word in map(source.find_word, linked) if word is not None}
        starts = transcript.heard_words.starts
        # Behind the last word, nothing has an id.
        self.anchors = sorted(word for word in words if word < len(starts))
        self.places = [starts[word] for word in self.anchors]
        chapters = zip(transcript.chapter_ids, transcript.edition.chapters, strict=True)
        # The addresses that an element bears already.
        self.borne = {name for name, chapter in chapters if chapter.title}

    def lay_out(self, number: int) -> LaidOutParagraph:
        place = self.transcript.paragraphs[number]
        opens = number == 0 or self.transcript.paragraphs[number - 1].chapter != place.chapter
        cue, address = None, ""
        spoken = place.first_word < place.end_word
        if self.source.words:
            cue = self.source.cue_at(place.first_word)
            address = self.source.address_at(place.first_word) if spoken else cue.address
        has_address = spoken and self._take(address)
        voiced = place.speaker != "" or place.is_unknown
        shows_speaker = voiced and (place.names_speaker or opens)
        named = name_in_source(self.transcript, number) if place.notes else ""
        footnotes = (self.footnotes[label] for label in place.notes)
        notes = tuple(self._number(Note(0, one, named, place.speaker)) for one in footnotes)
        mentions = self.mentions.get(number, ())
        runs = self._runs(place, mentions)
        linked = tuple(_link_runs(runs, mentions) if mentions else runs)
        about = (place, cue, address, has_address, opens, shows_speaker)
        return LaidOutParagraph(*about, linked, notes)

    def _take(self, address: str) -> bool:
        """Whether an address is free; nothing else bears it from then on."""
        free = address not in self.borne
        self.borne.add(address)
        return free

    def _runs(self, place: PlacedParagraph, mentions: Iterable[Mention]) -> Iterator[Run]:
        edges = sorted({edge for one in mentions for edge in (one.start, one.end)})
        for placed in place.spans:
            start, end = placed.said_start, placed.said_end
            if placed.span.mark is Mark.PLAIN:
                inside = edges[bisect_right(edges, start) : bisect_left(edges, end)]
                for begin, until in pairwise(sorted({start, end, *inside, *self._breaks(placed)})):
                    yield self._run(placed, placed.span.said[begin - start : until - start], begin)
            else:
                notes = tuple(self._notes(placed))
                yield self._run(placed, placed.span.said, start, notes)

    def _breaks(self, placed: PlacedSpan) -> Iterator[int]:
        """Where anchors cut a plain span; only cues cut the editor's links and emphasis."""
        starts, shift = self.transcript.heard_words.starts, placed.said_start - placed.heard_start
        whole = placed.span.target or placed.span.emphasis
        for word in self._anchors(placed.heard_start, placed.heard_end):
            if word in self.cues or not whole:
                yield starts[word] + shift

    def _anchors(self, start: int, end: int) -> Sequence[int]:
        """The words with an id, or with which a cue begins, between places as heard."""
        return self.anchors[bisect_left(self.places, start) : bisect_left(self.places, end)]

    def _run(self, placed: PlacedSpan, said: str, begin: int, notes: tuple[Note, ...] = ()) -> Run:
        """A run with the addresses in it."""
        start = placed.heard_start + begin - placed.said_start
        heard = placed.span.heard if placed.span.mark is Mark.CHANGE else said
        anchors = self._anchors(start, start + len(heard))
        if not anchors:
            return Run(placed, said, begin, notes=notes)
        starts, ends = self.transcript.heard_words.starts, self.transcript.heard_words.ends
        first = bisect_right(ends, start)
        cues: list[PlacedCue] = []
        words: list[tuple[str, int]] = []
        for word in anchors:
            address = self.source.address_at(word)
            free = self._take(address)
            if cue := self.cues.get(word):
                cues.append(PlacedCue(cue, starts[word], free, word - first))
            elif free:
                words.append((address, word - first))
        variants = tuple(self.variants[word] for word in anchors if word in self.variants)
        return Run(placed, said, begin, tuple(cues), tuple(words), None, notes, variants)

    def _notes(self, placed: PlacedSpan) -> Iterator[Note]:
        span = placed.span
        heard, said = " ".join(span.heard.split()), " ".join(span.said.split())
        for label in span.notes:
            footnote = self.footnotes[label]
            corrects = footnote.kind.corrects_words
            yield self._number(Note(0, footnote, *((heard, said) if corrects else ())))
        if span.mark is Mark.DOUBT:
            yield self._number(Note(0, None, question=span.question), span.offset)

    def _number(self, note: Note, offset: int = 0) -> Note:
        return self.notes.setdefault((note, offset), note._replace(number=len(self.notes) + 1))


def _link_runs(runs: Iterable[Run], mentions: Sequence[Mention]) -> Iterator[Run]:
    """Runs in order, each with the linked mention in which it stands."""
    is_open: Mention | None = None
    for run in runs:
        number = bisect_right(mentions, run.said_start, key=attrgetter("start")) - 1
        mention = mentions[number] if number >= 0 else None
        if not mention or run.said_start >= mention.end:
            yield run
        # What has no words opens no link.
        elif mention is is_open or run.span.mark not in (Mark.NOTE, Mark.NON_SPEECH):
            is_open = mention
            yield run._replace(mention=mention)
        else:
            yield run


def join_runs(runs: Iterable[Run]) -> list[Run]:
    """The same runs for a writer without addresses of words: cut nowhere for their sake."""
    joined: list[Run] = []
    for run in runs:
        before = joined[-1] if joined and not run.cues else None
        if before and run.placed is before.placed and run.mention is before.mention:
            joined[-1] = before._replace(said=before.said + run.said)
        else:
            joined.append(run)
    return joined


def link_mentions(transcript: Transcript, mentions: Iterable[Mention]) -> dict[int, list[Mention]]:
    """The mentions that are linked, by paragraph: an entry's first in each chapter.

    A mention inside a link that the editor wrote does not count; one that begins or ends within a
    mark takes the whole mark in.
    """
    linked: dict[int, list[Mention]] = {}
    seen: set[tuple[int, str]] = set()
    for number, own in groupby(mentions, key=attrgetter("paragraph")):
        place, free_from = transcript.paragraphs[number], 0
        # No link may begin or end inside these.
        marks = [
            one
            for one in place.spans
            if one.span.target or (one.span.mark is not Mark.PLAIN and one.span.said)
        ]
        for mention in own:
            if (place.chapter, mention.entry) in seen:
                continue
            whole = _widen(mention, marks)
            if whole and whole.start >= free_from:
                seen.add((place.chapter, mention.entry))
                linked.setdefault(number, []).append(whole)
                free_from = whole.end
    return linked


def _widen(mention: Mention, marks: Sequence[PlacedSpan]) -> Mention | None:
    """The mention with the marks that it overlaps, which are in order; None inside a link."""
    first = bisect_right(marks, mention.start, key=attrgetter("said_end"))
    end = bisect_left(marks, mention.end, first, key=attrgetter("said_start"))
    inside = marks[first:end]
    if any(placed.span.target for placed in inside):
        return None
    edges = (*mention[1:3], *(at for one in inside for at in (one.said_start, one.said_end)))
    return mention._replace(start=min(edges), end=max(edges))
