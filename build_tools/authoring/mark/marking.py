"""Plain edits of an edition made into marks, each with a footnote to fill.

Whoever edits an edition like a wiki changes words without a mark. What the source says there is
known, so the mark can be written for them; only the reason cannot. Nothing else in the file is
touched, and accepting all marks gives the edited text again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count, groupby
from typing import NamedTuple

from build_tools.authoring.mark.bounds import (
    HeardWord,
    HeardWords,
    join_near,
    place_heard_words,
    settle,
    widen,
)
from build_tools.checks.corpus import Corpus
from build_tools.model.edition import Edition, Kind, Mark
from build_tools.model.source import Source
from build_tools.model.text import Edit, Problem, Text
from build_tools.reading.critic import unescape
from build_tools.reading.edition import parse_edition
from build_tools.reading.rejection import reject_marks
from build_tools.reading.sums import FOLDER, SUMS
from build_tools.text.differences import Difference, are_related, count_same, find_differences
from build_tools.text.timecode import render_clock
from build_tools.text.words import find_keys, is_unspaced
from build_tools.transcript.guess_kind import (
    Names,
    collect_names,
    footnote_label,
    guess_kind,
    guess_rejection,
)

# A mark is for words. What is longer is a passage that was moved, cut or written anew, and a mark
# around it would hide that from whoever reviews it.
LONGEST = 40
# A run of fewer words may well be dropped in one place and added in another without a move.
_MOVED = 4
# Signs of the edition's language that a source may hold as plain ones.
_MEANT_PLAINLY = re.compile(r"[\\*\[\]{}~]")
_BLANK = re.compile(r"\s")
_BLANK_LINE = re.compile(r"\n[^\S\n]*(?=\n)")


class NewMark(NamedTuple):
    """A mark that is made: where, how it is written with its footnote, and the label of that."""

    edit: Edit
    label: str


class NewFootnote(NamedTuple):
    """A footnote that wants its reason: where it is put, and its line."""

    edit: Edit
    label: str
    line: str


class Marking(NamedTuple):
    """What marking makes of an edition, and every difference that no mark can hold.

    Where there is no problem, `text` is faithful to the source.
    """

    text: str
    marks: tuple[NewMark, ...]
    footnotes: tuple[NewFootnote, ...]
    problems: tuple[Problem, ...]

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All that changes in the file, in order of place."""
        made = [*(mark.edit for mark in self.marks), *(note.edit for note in self.footnotes)]
        return tuple(sorted(made, key=lambda edit: edit.start))


def mark_changes(edition: Edition, source: Source, names: Names) -> Marking:
    """The edition with a mark around every word that differs from its source without one."""
    unchanged = Marking(edition.text.content, (), (), ())
    keys, source_keys = list(reject_marks(edition).words.keys), list(source.words.keys)
    if keys == source_keys:
        return unchanged
    differences = find_differences(keys, source_keys)
    if not are_related(keys, source_keys, count_same(keys, differences)):
        return unchanged._replace(problems=(_unrelated(edition, source),))
    heard = place_heard_words(edition)
    writer = _Writer(edition, source, heard, names)
    whole = join_near(widen(differences, heard), heard)
    writer.write([settle(difference, keys, source_keys) for difference in whole])
    marking = writer.finish()
    if not marking.problems and not _says(edition, marking.text, source_keys):
        return unchanged._replace(problems=(_beyond_us(edition, marking),))
    return marking


def apply_edits(content: str, edits: Iterable[Edit]) -> str:
    """A text with every edit made; they are in order and do not overlap.

    >>> apply_edits("one two", [Edit(0, 3, "1"), Edit(7, 7, " three")])
    '1 two three'
    """
    pieces: list[str] = []
    position = 0
    for edit in edits:
        pieces += (content[position : edit.start], edit.written)
        position = edit.end
    return "".join((*pieces, content[position:]))


def problems_of_form(edition: Edition, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems of an edition's form that stand in the way of marking it.

    A footnote that wants its reason, its kind or its mark does not: marks may give it one.
    """
    spans = (span for paragraph in edition.paragraphs for span in paragraph.spans)
    alone = {edition.text.place(span.offset) for span in spans if span.mark is Mark.NOTE}
    footnotes = {edition.text.place(footnote.offset) for footnote in edition.footnotes}
    unfinished = alone | footnotes
    return tuple(problem for problem in problems if problem.place not in unfinished)


def _says(edition: Edition, content: str, keys: Sequence[str]) -> bool:
    """Whether the new text rejects to the words of the source; nothing else may be written."""
    marked = parse_edition(edition.slug, Text(edition.text.path, content)).edition
    return marked is not None and list(find_keys(reject_marks(marked).heard)) == list(keys)


def _unrelated(edition: Edition, source: Source) -> Problem:
    return edition.text.problem(
        0,
        f"the edition and {source.path} have too few words in common to be marked",
        "see whether source: file: names the right source",
    )


def _beyond_us(edition: Edition, marking: Marking) -> Problem:
    return edition.text.problem(
        marking.marks[0].edit.start if marking.marks else 0,
        "the changes from here on stand so close to other signs that no mark can be made for them",
        "undo them one by one, or write the marks by hand; sic check says which words differ",
    )


# The marks ---------------------------------------------------------------------------------------


class _Writer:
    """Writes marks from the front of an edition to its end, then their footnotes."""

    def __init__(self, edition: Edition, source: Source, heard: HeardWords, names: Names) -> None:
        self.edition = edition
        self.content = edition.text.content
        self.source = source
        self.heard = heard
        self.names = names
        self.marks: list[NewMark] = []
        self.problems: list[Problem] = []
        self.kinds: dict[str, Kind] = {}
        self.defined = {footnote.label: footnote for footnote in edition.footnotes}
        used = {label for span in heard.spans for label in span.notes}
        self.taken = {*self.defined, *used}
        # Whoever took a mark out with its label and left its reason there gets that again.
        self.orphans = {
            footnote.label
            for footnote in edition.footnotes
            if footnote.kind.is_correction and footnote.label not in used
        }
        self.lone_notes = {
            span.offset: span.notes[0] for span in heard.spans if span.mark is Mark.NOTE
        }
        self.labels = _reasons_that_serve_again(edition)

    def write(self, differences: Sequence[Difference]) -> None:
        moved = self._moved(differences)
        for difference in differences:
            first, end, source_first, source_end = difference
            if difference in moved:
                self._problem(first, *self._about_move(difference, moved[difference]))
            elif max(end - first, source_end - source_first) > LONGEST:
                self._problem(first, *self._about_length(difference))
            elif first == end:
                self._reject(difference)
            elif all(self._can_hold(word) for word in self.heard.words[first:end]):
                self._change(difference)
            else:
                self._problem(first, *self._about_inside(difference))

    def finish(self) -> Marking:
        footnotes = tuple(self._footnotes())
        marking = Marking(self.content, tuple(self.marks), footnotes, tuple(self.problems))
        return marking._replace(text=apply_edits(self.content, marking.edits))

    def _can_hold(self, word: HeardWord) -> bool:
        """Whether a word stands in text without a mark, no star or bracket inside it."""
        return word.span == word.last_span and self.heard.spans[word.span].mark is Mark.PLAIN

    def _change(self, difference: Difference) -> None:
        """A mark for each span, since none crosses a star, a bracket or a blank line."""
        first, end, source_first, source_end = difference
        spans = groupby(range(first, end), lambda word: self.heard.words[word].span)
        pieces = [list(numbers) for _, numbers in spans]
        for piece in pieces:
            upper = source_end if piece is pieces[-1] else source_first + len(piece)
            upper = min(upper, source_end)
            self._replace(Difference(piece[0], piece[-1] + 1, source_first, upper))
            source_first = upper

    def _replace(self, difference: Difference) -> None:
        first, end, source_first, source_end = difference
        said = self.heard.said(first, end)
        keys = self.heard.keys[first:end]
        source_keys = [word.key for word in self.source.words[source_first:source_end]]
        if keys == source_keys:
            return
        start, stop = self.heard.words[first].start, self.heard.words[end - 1].end
        written = unescape(said)
        if not source_keys:
            label = self._label(stop, (), keys, written, Kind.DROPOUT)
            self._mark(start, stop, f"{{++{said}++}}", label)
            return
        heard = self._source_text(source_first, source_end)
        begins = not first or _ends_sentence(self.heard.gaps[first])
        kind = guess_kind(heard, written, self.names, begins_sentence=begins)
        label = self._label(stop, source_keys, keys, written, kind)
        before, behind = (" " * self.heard.is_tight(word) for word in (first, end))
        mark = f"{{~~{before}{_meant_plainly(heard)}{behind}~>{said}~~}}"
        self._mark(start, stop, mark, label)

    def _reject(self, difference: Difference) -> None:
        word, _, source_first, source_end = difference
        heard = self._source_text(source_first, source_end)
        source_keys = [one.key for one in self.source.words[source_first:source_end]]
        place = self._place_behind(difference)
        if self._swallowed(word, source_keys):
            self._problem(word, *self._about_heading(heard))
            return
        if place is None:
            self._problem(word, *self._about_place(heard))
            return
        offset, before = place
        kind = guess_rejection(
            source_keys,
            self.heard.keys[max(word - len(source_keys), 0) : word],
            self.heard.keys[word : word + len(source_keys)],
        )
        label = self._label(-1, source_keys, (), heard, kind)
        shown = _meant_plainly(heard)
        if before:
            self._mark(offset, offset, f"{{--{shown}--}}", label, behind=" ")
        else:
            together = word and all(
                is_unspaced(key[0]) for key in (self.heard.words[word - 1].key, source_keys[0])
            )
            blank = "" if together else " "
            self._mark(offset, offset, f"{{--{blank}{shown}--}}", label)

    def _mark(self, start: int, end: int, mark: str, label: str, behind: str = "") -> None:
        footnote = "" if self._note_behind(end) == label else f"[^{label}]"
        edit = Edit(start, end, f"{mark}{footnote}{behind}")
        self.marks.append(NewMark(edit, label))

    # Where words that were taken out are to stand

    def _place_behind(self, difference: Difference) -> tuple[int, bool] | None:
        """Where in the file a rejection goes, and whether that is before the word that follows.

        It goes right behind the word before it, so that without it nothing is left, not even a
        blank; past stars, brackets and footnotes where they follow the word.
        """
        word, words = difference.heard_first, self.heard.words
        if not word or self._belongs_to_next(difference):
            span = self.heard.spans[words[word].span]
            return (words[word].start if span.mark is Mark.PLAIN else span.offset), True
        following = words[word].start if word < len(words) else len(self.content.rstrip())
        close = _BLANK_LINE.search(self.content, words[word - 1].end, following)
        limit = close.start() if close else following
        offsets = [*self._free_offsets(words[word - 1], limit)]
        if close or word == len(words):
            offsets.append(limit)
        return next(((offset, False) for offset in offsets if self._is_free(offset)), None)

    def _is_free(self, offset: int) -> bool:
        """Whether the brace of a mark would be one here: behind a backslash it is a plain sign."""
        return self.content[offset - 1] != "\\"

    def _free_offsets(self, before: HeardWord, limit: int) -> Iterator[int]:
        """Offsets behind a word where a mark may stand, the best one first."""
        spans = self.heard.spans
        if spans[before.last_span].mark is Mark.PLAIN:
            end = min(self.heard.offsets[before.last_span][-1], limit)
            if end == limit or _BLANK.search(self.content, before.end, end):
                yield before.end
        for number in range(before.last_span + 1, len(spans)):
            if spans[number].offset >= limit:
                break
            if spans[number].mark is Mark.PLAIN and not spans[number].heard.startswith("["):
                yield spans[number].offset

    def _belongs_to_next(self, difference: Difference) -> bool:
        """Whether words missing between two paragraphs are the beginning of the second one."""
        word = difference.heard_first
        if word == len(self.heard.words) or "\n\n" not in self.heard.gaps[word]:
            return False
        return self._pause(difference.source_first) > self._pause(difference.source_end)

    def _swallowed(self, word: int, keys: Sequence[str]) -> bool:
        """Whether words that are missing stand in a heading there instead."""
        offset = self.heard.words[word].start if word < len(self.heard.words) else None
        before = self.heard.words[word - 1].end if word else 0
        titles = [
            find_keys(chapter.title)
            for chapter in self.edition.chapters
            if before <= chapter.offset and (offset is None or chapter.offset < offset)
        ]
        wanted = tuple(keys)
        return any(
            title == wanted
            or (len(wanted) > 1 and wanted in (title[: len(wanted)], title[-len(wanted) :]))
            for title in titles
        )

    # What the source says there

    def _source_text(self, first: int, end: int) -> str:
        """The source's own text from a word to another (excluded), on one line."""
        words, cue_of_word = self.source.words, self.source.cue_of_word
        pieces = []
        for number in range(cue_of_word[first], cue_of_word[end - 1] + 1):
            text = self.source.cues[number].text
            begin = words[first].start if number == cue_of_word[first] else 0
            stop = words[end - 1].end if number == cue_of_word[end - 1] else len(text)
            pieces += text[begin:stop].split()
        shown = " ".join(pieces)
        keys = tuple(word.key for word in words[first:end])
        # What cannot be seen has no place in an edition, though it may stand in a source.
        return shown if shown.isprintable() and find_keys(shown) == keys else " ".join(keys)

    def _pause(self, word: int) -> int:
        """How much the source parts a word from the one before: 2 a sentence, 1 a line, 0 not."""
        if not 0 < word < len(self.source.words):
            return 2
        before, this = self.source.words[word - 1], self.source.words[word]
        text = self.source.cue_at(word - 1).text
        same_cue = self.source.cue_of_word[word - 1] == self.source.cue_of_word[word]
        gap = text[before.end : this.start] if same_cue else text[before.end :]
        return 2 if _ends_sentence(gap) else int(not same_cue)

    def _where(self, word: int) -> str:
        cue = self.source.cue_at(word)
        time = "" if cue.start is None else f", {render_clock(cue.start)}"
        return f"{self.source.unit} {cue.line}{time}"

    # Footnotes

    def _label(
        self, end: int, heard: Sequence[str], said: Sequence[str], words: str, kind: Kind
    ) -> str:
        """The label of a mark's footnote: one that is there already, or a new one."""
        pair = (tuple(heard), tuple(said))
        label = self._note_behind(end) or self.labels.get(pair, "")
        if label:
            if label not in self.defined:
                self.kinds.setdefault(label, kind)
            return label
        base = footnote_label(words, kind.value)
        if base in self.orphans:
            self.orphans.remove(base)
            return base
        numbered = (f"{base}-{number}" for number in count(2))
        label = next(one for one in chain([base], numbered) if one not in self.taken)
        self.taken.add(label)
        self.kinds[label] = kind
        if heard and said:
            self.labels[pair] = label
        return label

    def _note_behind(self, end: int) -> str:
        """The footnote directly behind a word, where it is no note and waits for a mark."""
        label = self.lone_notes.get(end, "")
        footnote = self.defined.get(label)
        return "" if footnote and not footnote.kind.is_correction else label

    def _footnotes(self) -> Iterator[NewFootnote]:
        """The new ones among those at the end of the file, in order of first use."""
        ends = self._ends_of_last_footnotes()
        old = ((span.offset, label) for span in self.heard.spans for label in span.notes)
        new = ((mark.edit.start, mark.label) for mark in self.marks)
        if ends:
            offset, parted = min(self.defined[label].offset for label in ends), "{}\n"
        else:
            offset, parted = self._end_of_line(len(self.content.rstrip())), "\n\n{}"
        for label in dict.fromkeys(label for _, label in sorted((*old, *new))):
            if label in ends:
                offset, parted = ends[label], "\n{}"
            elif label in self.kinds:
                line = f"[^{label}]: {self.kinds[label].value}:"
                yield NewFootnote(Edit(offset, offset, parted.format(line)), label, line)
                parted = parted.replace("\n\n", "\n")

    def _end_of_line(self, offset: int) -> int:
        end = self.content.find("\n", offset)
        return len(self.content) if end < 0 else end

    def _ends_of_last_footnotes(self) -> dict[str, int]:
        """Where each footnote ends behind which no speech and no heading comes any more."""
        edition = self.edition
        paragraphs = (*edition.introduction, *edition.paragraphs)
        last = max(
            *(paragraph.offset for paragraph in paragraphs),
            *(chapter.offset for chapter in edition.chapters),
            *(span.offset for chapter in edition.chapters for span in chapter.summary),
        )
        offsets = [footnote.offset for footnote in edition.footnotes]
        limits = (*offsets, len(self.content))[1:]
        return {
            footnote.label: self._end_of_line(len(self.content[:limit].rstrip()))
            for footnote, limit in zip(edition.footnotes, limits, strict=True)
            if footnote.offset > last
        }

    # What no mark can say

    def _problem(self, word: int, what: str, remedy: str) -> None:
        words = self.heard.words
        offset = words[word].start if word < len(words) else words[-1].end
        self.problems.append(self.edition.text.problem(offset, what, remedy))

    def _moved(self, differences: Sequence[Difference]) -> dict[Difference, Difference]:
        """Runs of words that were taken out in one place and put in at another."""
        added: dict[tuple[str, ...], Difference] = {}
        rejected: dict[tuple[str, ...], Difference] = {}
        keys = self.heard.keys
        for difference in differences:
            first, end, source_first, source_end = difference
            if source_first == source_end and end - first >= _MOVED:
                added[tuple(keys[first:end])] = difference
            elif first == end and source_end - source_first >= _MOVED:
                words = self.source.words[source_first:source_end]
                rejected[tuple(word.key for word in words)] = difference
        both = [(added[run], rejected[run]) for run in added.keys() & rejected.keys()]
        return {**dict(both), **{there: here for here, there in both}}

    def _about_move(self, difference: Difference, other: Difference) -> tuple[str, str]:
        remedy = "put the words back where they were said"
        if difference.source_first == difference.source_end:
            shown = _shorten(
                unescape(self.heard.said(difference.heard_first, difference.heard_end))
            )
            return f"“{shown}” was said elsewhere ({self._where(other.source_first)})", remedy
        shown = _shorten(self._source_text(difference.source_first, difference.source_end))
        place = self.edition.text.place(self.heard.words[other.heard_first].start)
        where = self._where(difference.source_first)
        return f"“{shown}” was said here ({where}), and stands at {place}", remedy

    def _about_length(self, difference: Difference) -> tuple[str, str]:
        first, end, source_first, source_end = difference
        where = self._where(source_first)
        here = f"{end - first} words stand here"
        if first < end:
            shown = _shorten(unescape(self.heard.said(first, end)))
            here = f"the {end - first} words “{shown}” stand here"
        there = f"has {source_end - source_first} others"
        if source_first < source_end:
            there += f", “{_shorten(self._source_text(source_first, source_end))}”"
        return (
            f"{here}, where the source {there} ({where}): too many for a mark",
            f"put the source's words back and change fewer at a time; a mark holds {LONGEST}",
        )

    def _about_inside(self, difference: Difference) -> tuple[str, str]:
        first, end, source_first, source_end = difference
        said = _shorten(unescape(self.heard.said(first, end)))
        heard = ""
        if source_first < source_end:
            heard = _shorten(self._source_text(source_first, source_end))
        where = self._where(source_first)
        marks = {self.heard.spans[word.span].mark for word in self.heard.words[first:end]}
        what = (
            f"the source says “{heard}” ({where})" if heard else f"the source says less ({where})"
        )
        if Mark.CHANGE in marks:
            return (
                f"{what}, and a mark's left side here “{said}”",
                f"write on the mark's left side what the source says{': ' * bool(heard)}{heard}",
            )
        if Mark.DOUBT in marks:
            return (
                f"{what}, and a doubt here “{said}”",
                "put the source's words back; if the doubt is solved, leave the right words alone",
            )
        return (
            f"{what}, and the edition “{said}”, across a star or a bracket",
            "write the whole word inside the stars or brackets, or outside of them",
        )

    def _about_heading(self, heard: str) -> tuple[str, str]:
        return (
            f"“{_shorten(heard)}” was said, and stands in a heading",
            "put the words back into the speech; a heading is the editor's own",
        )

    def _about_place(self, heard: str) -> tuple[str, str]:
        return (
            f"the source says “{_shorten(heard)}” inside what a mark or a doubt holds here",
            "put it back there; a mark's left side says what the source says",
        )


def _reasons_that_serve_again(
    edition: Edition,
) -> dict[tuple[tuple[str, ...], tuple[str, ...]], str]:
    """Labels by what was heard and said; a reason for one place alone serves no other."""
    reasons = {
        footnote.label
        for footnote in edition.footnotes
        if footnote.kind.is_correction and not footnote.here_only
    }
    labels: dict[tuple[tuple[str, ...], tuple[str, ...]], str] = {}
    for paragraph in edition.paragraphs:
        for span in paragraph.spans:
            pair = (find_keys(span.heard), find_keys(span.said))
            label = next((label for label in span.notes if label in reasons), "")
            if span.mark is Mark.CHANGE and all(pair) and label:
                labels.setdefault(pair, label)
    return labels


def _meant_plainly(heard: str) -> str:
    """Text of a source in which no sign has a meaning for an edition."""
    return _MEANT_PLAINLY.sub(r"\\\g<0>", heard)


def _ends_sentence(gap: str) -> bool:
    return "\n\n" in gap or not set(".?!…:").isdisjoint(gap)


_SHOWN = 60


def _shorten(words: str) -> str:
    shown = " ".join(words.split())
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN // 2]} … {shown[-_SHOWN // 2 :]}"


class Marked(NamedTuple):
    """An edition with its plain edits marked, or None and what must be put right before."""

    edition: Edition
    marking: Marking | None
    problems: tuple[Problem, ...]


def mark_editions(corpus: Corpus) -> Iterator[Marked]:
    """Every edition whose head can be read, marked on its own."""
    for edition, source in corpus.editions:
        wrong = any(problem.place.path == edition.text.path for problem in corpus.problems)
        parsed = parse_edition(edition.slug, edition.text).problems if wrong else ()
        form = problems_of_form(edition, parsed)
        if not source:
            ends = (edition.path, f"/{FOLDER}{edition.source.file}", f"/{SUMS}")
            form = tuple(one for one in corpus.problems if one.place.path.endswith(ends))
        if form or not source:
            yield Marked(edition, None, form)
            continue
        speakers = (name for both in edition.speakers.items() for name in both)
        marking = mark_changes(edition, source, collect_names(corpus.entries, speakers))
        yield Marked(edition, marking, marking.problems)
