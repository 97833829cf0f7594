"""Turns plain edits of an edition into marks, each with a footnote to fill.

The source gives the words of each mark; only the editor knows its reason. Nothing else in the file
changes, and accepting all marks gives the edited text again.
"""

import json
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, groupby
from typing import NamedTuple

from build_tools.checks.additions import explain_rule
from build_tools.checks.corpus import Corpus
from build_tools.checks.fidelity import Diagnosis, is_too_long
from build_tools.model.edition import Edition, Evidence, Kind, Mark, Span
from build_tools.model.source import Source
from build_tools.model.text import Edit, Problem, Text
from build_tools.reading.critic import escape_signs, unescape
from build_tools.reading.edition import parse_edition
from build_tools.reading.rejection import Rejected, file_offsets, reject_marks
from build_tools.reading.sums import FOLDER, SUMS
from build_tools.reading.tree import SourcedEdition
from build_tools.text.differences import Difference, find_differences, join_neighbours
from build_tools.text.words import find_keys, is_unspaced
from build_tools.transcript.guess_kind import (
    Names,
    collect_names,
    guess_kind,
    guess_rejection,
    make_slug,
)

# Signs inside words and numbers: beside one, the edge of a mark could merge two words into one.
_JOINING = frozenset(("", ".", ",", ":", "'", "’"))
# A shorter run of words may be dropped in one place and added in another without a move.
_SHORTEST_MOVE = 4
_BLANK = re.compile(r"\s")
_BLANK_LINE = re.compile(r"\n[^\S\n]*(?=\n)")
_PARAGRAPH_END = re.compile(r"\n(?=[^\S\n]*(?:\n|\Z))|\Z")
_CHARACTER = re.compile(r"\r\n?|[^\r]", re.DOTALL)
_TOO_CLOSE = (
    "the changes from here on stand so close to other signs that no mark can be made for them",
    "undo them one by one, or write the marks by hand; sic check says which words differ",
)
# The keys of words as heard and as said.
_Pair = tuple[tuple[str, ...], tuple[str, ...]]


class NewEdit(NamedTuple):
    """An edit that writes a mark with its reference, or adds a footnote; and the label of both."""

    edit: Edit
    label: str


class Marking(NamedTuple):
    """An edition's text with its new marks; without problems it is faithful to the source."""

    text: str
    marks: tuple[NewEdit, ...] = ()
    footnotes: tuple[NewEdit, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Every change of the file, in order of place."""
        edits = (new.edit for new in (*self.marks, *self.footnotes))
        return tuple(sorted(edits, key=lambda edit: edit.start))


def mark_editions(corpus: Corpus) -> Iterator[tuple[Edition, Marking]]:
    """Every edition whose front matter can be read, marked on its own."""
    for edition, source in corpus.editions:
        problems: tuple[Problem, ...] = ()
        if not source:
            ends = (edition.path, f"/{FOLDER}{edition.source.file}", f"/{SUMS}")
            problems = tuple(one for one in corpus.problems if one.place.path.endswith(ends))
        elif any(problem.place.path == edition.text.path for problem in corpus.problems):
            parsed = parse_edition(edition.slug, edition.text).problems
            problems = problems_of_form(edition, parsed)
        if not source or problems:
            yield edition, Marking(edition.text.content, problems=problems)
        else:
            speakers = (name for both in edition.speakers.items() for name in both)
            yield edition, mark_changes(edition, source, collect_names(corpus.entries, speakers))


def mark_changes(edition: Edition, source: Source, names: Names) -> Marking:
    """The edition with a mark around every word that differs from its source without one."""
    unchanged = Marking(edition.text.content)
    compared = compare(edition, source)
    if compared.keys == source.words.keys:
        return unchanged
    differences = find_differences(compared.keys, source.words.keys)
    writer = _MarkWriter(compared, names)
    if unrelated := writer.diagnosis.find_unrelated(differences):
        return unchanged._replace(problems=(unrelated,))
    problems = writer.write(_group_differences(compared, differences))
    footnotes = (f"[^{label}]: {ground}:" for label, ground in writer.new.items())
    added = map(NewEdit, append_footnotes(compared.content, footnotes), writer.new)
    made = Marking("", tuple(writer.marks), tuple(added), problems)
    text = apply_edits(compared.content, made.edits)
    if not problems:
        again = parse_edition(edition.slug, Text(edition.text.path, text)).value
        # Nothing but the words of the source may be written.
        if not again or not SourcedEdition(again, source).faithful:
            offset = writer.marks[0].edit.start if writer.marks else 0
            return unchanged._replace(problems=(edition.text.problem(offset, *_TOO_CLOSE),))
    return made._replace(text=text)


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


def edit_bytes(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The file's bytes with the edits; line ends and the byte order mark stay."""
    content = data.decode("utf-8")
    start = int(content.startswith("\ufeff"))
    offsets = [*(match.start() for match in _CHARACTER.finditer(content, start)), len(content)]
    line_end = "\r\n" if "\r\n" in content else "\n"
    moved = (
        Edit(offsets[first], offsets[end], written.replace("\n", line_end))
        for first, end, written in edits
    )
    return apply_edits(content, moved).encode()


def problems_of_form(edition: Edition, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems of an edition's form that prevent marking it.

    A footnote without its reason, its kind or its mark is allowed: marking may complete it.
    """
    spans = (span for paragraph in edition.paragraphs for span in paragraph.spans)
    offsets = [span.offset for span in spans if span.mark is Mark.NOTE]
    offsets += [footnote.offset for footnote in edition.footnotes]
    unfinished = set(map(edition.text.place, offsets))
    return tuple(one for one in problems if one.unread or one.place not in unfinished)


class HeardWord(NamedTuple):
    """A word as heard: its slice of the file, its first and last span, and the text before it."""

    start: int
    end: int
    span: int
    last_span: int
    gap: str


@dataclass(frozen=True)
class Comparison:
    """An edition, its words as heard, and its source."""

    edition: Edition
    source: Source
    rejected: Rejected
    keys: tuple[str, ...]
    words: tuple[HeardWord, ...]
    spans: tuple[Span, ...]
    offsets: tuple[Sequence[int], ...]

    @property
    def content(self) -> str:
        """The text of the edition's file."""
        return self.edition.text.content

    def may_merge(self, word: int) -> bool:
        """Whether a mark between a word and the one before it could merge both into one."""
        if not 0 < word < len(self.words) or (gap := self.words[word].gap) not in _JOINING:
            return False
        return bool(gap) or not all(is_unspaced(self.keys[n][0]) for n in (word - 1, word))

    def source_text(self, first: int, end: int) -> str:
        """The source's own text of some words, on one line."""
        shown = " ".join(self.source.slice(first, end, trailing=False).split())
        keys = self.source.words.keys[first:end]
        # A source may hold invisible characters; an edition must not.
        return shown if shown.isprintable() and find_keys(shown) == keys else " ".join(keys)

    def source_break(self, word: int) -> int:
        """How the source separates a word from the one before: 2 sentence, 1 cue, 0 not at all."""
        if not 0 < word < len(self.source.words):
            return 2
        same_cue = self.source.cue_of_word[word - 1] == self.source.cue_of_word[word]
        stop = self.source.words.starts[word] if same_cue else None
        gap = self.source.cue_at(word - 1).text[self.source.words.ends[word - 1] : stop]
        return 2 if _ends_sentence(gap) else int(not same_cue)


def compare(edition: Edition, source: Source) -> Comparison:
    """The words of an edition as heard, in order, beside the source."""
    rejected = reject_marks(edition)
    spans = tuple(placed.span for placed in rejected.spans)
    offsets = tuple(file_offsets(edition.text.content, span) for span in spans)
    words: list[HeardWord] = []
    position = 0
    for _, heard_start, heard_end in rejected.words:
        first, last = rejected.span_number(heard_start), rejected.span_number(heard_end - 1)
        into = heard_start - rejected.spans[first].heard_start
        # A backslash is plain text before a letter, but would escape the brace of a mark.
        behind_backslash = heard_start > 0 and rejected.heard[heard_start - 1] == "\\"
        into -= behind_backslash and offsets[first][max(into - 1, 0)] == offsets[first][into] - 1
        end = offsets[last][heard_end - rejected.spans[last].heard_start]
        gap = rejected.heard[position:heard_start]
        words.append(HeardWord(offsets[first][into], end, first, last, gap))
        position = heard_end
    keys = rejected.words.keys
    return Comparison(edition, source, rejected, keys, tuple(words), spans, offsets)


def _group_differences(compared: Comparison, differences: Sequence[Difference]) -> list[Difference]:
    """The differences that get a mark each, in order, with the words that touch them.

    `$5` for `5` is one change, and so is `R&D` for `RD`.
    """
    widened, lower = [], 0
    uppers = (*(difference.heard_first for difference in differences[1:]), len(compared.words))
    for (first, end, source_first, source_end), upper in zip(differences, uppers, strict=True):
        while first > lower and compared.may_merge(first):
            first, source_first = first - 1, source_first - 1
        while end < upper and compared.may_merge(end):
            end, source_end = end + 1, source_end + 1
        widened.append(Difference(first, end, source_first, source_end))
        lower = end
    return list(join_neighbours(widened, lambda one, other: one.heard_end == other.heard_first))


def _ends_sentence(gap: str) -> bool:
    return "\n\n" in gap or not set(".?!…:").isdisjoint(gap)


def append_footnotes(content: str, lines: Iterable[str]) -> Iterator[Edit]:
    """The edits that write footnotes at the end of a file, in order."""
    body = content.rstrip()
    line_ends = "\n" if body.rpartition("\n\n")[2].startswith("[^") else "\n\n"
    for line in lines:
        yield Edit(len(body), len(body), line_ends + line)
        line_ends = "\n"


def number_label(base: str, taken: Container[str]) -> str:
    """The label, with a number behind it if it is taken."""
    numbered = (f"{base}-{number}" for number in count(2))
    return next(one for one in chain([base], numbered) if one not in taken)


class _MarkWriter:
    """Writes marks from the start of an edition to its end, and chooses their footnotes.

    A footnote for the same words serves again. `new` has the kind and the evidence of each footnote
    to add, by its label.
    """

    def __init__(self, compared: Comparison, names: Names) -> None:
        spans, footnotes = compared.spans, compared.edition.footnotes
        self._compared, self._names = compared, names
        self.diagnosis = Diagnosis(compared.edition, compared.source, compared.rejected)
        self.marks: list[NewEdit] = []
        self.new: dict[str, str] = {}
        self._defined = {one.label for one in footnotes}
        explaining = {one.label for one in footnotes if not one.kind.corrects_words}
        # A footnote whose mark was taken out serves again.
        self._taken = explaining.union(*(span.notes for span in spans))
        # By their offsets, the labels directly behind words that wait for a mark.
        lone = {span.offset: span.notes[0] for span in spans if span.mark is Mark.NOTE}
        self._waiting = {at: label for at, label in lone.items() if label not in explaining}
        words = zip(compared.keys, compared.words, strict=True)
        plain = (key for key, word in words if spans[word.span].mark is Mark.PLAIN)
        self._unmarked = f" {' '.join(plain)} "
        # A reason for one place alone serves no other.
        reasons = {one.label for one in footnotes if one.kind.corrects_words and not one.here_only}
        self._labels: dict[_Pair, str] = {}
        for span in spans:
            if span.mark is Mark.CHANGE and (own := [one for one in span.notes if one in reasons]):
                self._labels.setdefault((find_keys(span.heard), find_keys(span.said)), own[0])

    def write(self, differences: Sequence[Difference]) -> tuple[Problem, ...]:
        """Writes a mark for each difference; the problems are of those that cannot have one."""
        pairs = list(map(self.diagnosis.keys, differences))
        times = Counter(pairs)
        dropped = {heard for heard, said in pairs if not said}
        added = {said for heard, said in pairs if not heard and len(said) >= _SHORTEST_MOVE}
        unmarkable = []
        for one, pair in zip(differences, pairs, strict=True):
            is_move = not all(pair) and (pair[0] or pair[1]) in added & dropped
            is_rule = explain_rule(*pair, times[pair]) or self.diagnosis.explain(one)
            if is_rule or is_move or is_too_long(one) or not self._mark(one):
                unmarkable.append(one)
        return tuple(self.diagnosis.problems(unmarkable))

    def _mark(self, difference: Difference) -> bool:
        """Writes a mark for each span, since no mark crosses a star, a bracket or a blank line.

        False if the difference has no place for one.
        """
        first, end, source_first, source_end = difference
        if first == end:
            return self._reject(difference)
        words, spans = self._compared.words[first:end], self._compared.spans
        if any(w.span != w.last_span or spans[w.span].mark is not Mark.PLAIN for w in words):
            return False
        for _, run in groupby(words, lambda word: word.span):
            size = len(list(run))
            behind = first + size
            upper = source_end if behind == end else min(source_first + size, source_end)
            self._replace(Difference(first, behind, source_first, upper))
            first, source_first = behind, upper
        return True

    def _replace(self, difference: Difference) -> None:
        """Writes the mark of words that replace others or that the source lacks."""
        first, end, source_first, source_end = difference
        compared, pair = self._compared, self.diagnosis.keys(difference)
        if pair[0] == pair[1]:
            return
        start, stop = compared.words[first].start, compared.words[end - 1].end
        raw = compared.content[start:stop]
        said, kind, mark = unescape(raw), Kind.DROPOUT, f"{{++{raw}++}}"
        if pair[0]:
            heard = compared.source_text(source_first, source_end)
            begins = not first or _ends_sentence(compared.words[first].gap)
            kind = guess_kind(heard, said, self._names, begins_sentence=begins)
            before, behind = (" " * compared.may_merge(word) for word in (first, end))
            mark = f"{{~~{before}{escape_signs(heard)}{behind}~>{raw}~~}}"
        label = self._choose(self._waiting.get(stop, ""), pair, said, kind)
        self._add(Edit(start, stop, mark), label)

    def _reject(self, difference: Difference) -> bool:
        """Writes the mark of words that the edition left out; False if it has no place."""
        word, _, source_first, source_end = difference
        place = place_rejection(self._compared, difference)
        if place is None or self.diagnosis.is_in_heading(difference):
            return False
        (offset, precedes), (gone, _) = place, self.diagnosis.keys(difference)
        keys, size = self._compared.keys, len(gone)
        heard = self._compared.source_text(source_first, source_end)
        kind = guess_rejection(gone, keys[max(word - size, 0) : word], keys[word:][:size])
        unspaced = word and all(is_unspaced(key[0]) for key in (keys[word - 1], gone[0]))
        blank = "" if precedes or unspaced else " "
        mark = f"{{--{blank}{escape_signs(heard)}--}}"
        label = self._choose("", (gone, ()), heard, kind)
        self._add(Edit(offset, offset, mark), label, " " * precedes)
        return True

    def _add(self, edit: Edit, label: str, behind: str = "") -> None:
        """Adds a mark with the reference to its footnote, unless that stands there already."""
        reference = "" if self._waiting.get(edit.end) == label else f"[^{label}]"
        self.marks.append(NewEdit(edit._replace(written=edit.written + reference + behind), label))

    def _choose(self, waiting: str, pair: _Pair, words: str, kind: Kind) -> str:
        """The label of a mark, which may wait behind its words; a footnote may be new."""
        label = waiting or (all(pair) and self._labels.get(pair))
        if not label:
            label = number_label(make_slug(words) or kind.value, self._taken)
            self._taken.add(label)
            self._labels[pair] = label
        if label not in self._defined and label not in self.new:
            ground = f"{kind}, {Evidence.RECORD}"
            if kind not in (Kind.NAME, Kind.TERM):
                evidence = Evidence.GRAMMAR if kind is Kind.DROPOUT else Evidence.SOUND
                # An ordinary word may stand elsewhere too, and be right there.
                alone = ", here only" * (all(pair) and f" {' '.join(pair[0])} " in self._unmarked)
                ground = f"{kind}?, {evidence}{alone}"
            self.new[label] = ground
        return label


def place_rejection(compared: Comparison, difference: Difference) -> tuple[int, bool] | None:
    """The offset of a rejection, and whether it precedes the word there; None if it has no place.

    The mark follows the word before it without a blank, so that removing the mark leaves nothing;
    it stands behind stars, brackets and footnotes that follow the word.
    """
    content, words, word = compared.content, compared.words, difference.heard_first
    before, behind = (compared.source_break(one) for one in difference[2:])
    opens_paragraph = word < len(words) and "\n\n" in words[word].gap and before > behind
    if not word or opens_paragraph:
        span = compared.spans[words[word].span]
        return words[word].start if span.mark is Mark.PLAIN else span.offset, True
    following = words[word].start if word < len(words) else len(content.rstrip())
    close = _BLANK_LINE.search(content, words[word - 1].end, following)
    limit = close.start() if close else following
    offsets = [*_offsets_behind(compared, word - 1, limit)]
    if close or word == len(words):
        offsets.append(limit)
    # Behind a backslash the brace of a mark would be plain text.
    return next(((one, False) for one in offsets if content[one - 1] != "\\"), None)


def _offsets_behind(compared: Comparison, word: int, limit: int) -> Iterator[int]:
    """The offsets behind a word where a mark may stand, the best one first."""
    spans, before = compared.spans, compared.words[word]
    if spans[before.last_span].mark is Mark.PLAIN:
        end = min(compared.offsets[before.last_span][-1], limit)
        if end == limit or _BLANK.search(compared.content, before.end, end):
            yield before.end
    for span in spans[before.last_span + 1 :]:
        if span.offset >= limit:
            break
        if span.mark is Mark.PLAIN and not span.heard.startswith("["):
            yield span.offset


def render_review(marked: Iterable[tuple[Text, Marking]]) -> str:
    """The suggestions for every text, one for each paragraph that has new marks.

    `lines` replace lines `first` to `last`. Behind them, `rest` are the paragraph's other lines,
    which stay, and `footnotes` those of its marks that no paragraph before it calls.
    """
    suggestions = [one for text, made in marked for one in _suggestions(text, made)]
    return json.dumps({"suggestions": suggestions}, ensure_ascii=False, indent=2) + "\n"


def _suggestions(text: Text, made: Marking) -> Iterator[dict[str, object]]:
    content = text.content
    footnotes = {new.label: new.edit.written.strip() for new in made.footnotes}

    def find_end(mark: NewEdit) -> int:
        return next(_PARAGRAPH_END.finditer(content, mark.edit.end)).start()

    for end, group in groupby(sorted(made.marks), key=find_end):
        own = list(group)
        start = content.rfind("\n", 0, own[0].edit.start) + 1
        stop = content.find("\n", own[-1].edit.end, end)
        stop = end if stop < 0 else stop
        called = [footnotes.pop(mark.label) for mark in own if mark.label in footnotes]
        yield {
            "path": text.path,
            "first": text.place(start).line,
            "last": text.place(stop).line,
            "lines": apply_edits(content[:stop], [mark.edit for mark in own])[start:].split("\n"),
            "rest": content[stop + 1 : end].split("\n") if called and stop < end else [],
            "footnotes": called,
        }
