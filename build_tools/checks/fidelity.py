"""Fidelity: rejecting every mark of an edition gives exactly the words of its source, in order."""

import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from build_tools.checks.additions import Addition, explain_addition, explain_rule
from build_tools.model.edition import Edition, Mark, Span
from build_tools.model.source import Source
from build_tools.model.text import Problem
from build_tools.reading.rejection import Rejected, file_offset
from build_tools.reading.tree import SourcedEdition
from build_tools.text.differences import Difference, are_related, count_same, find_differences
from build_tools.text.timecode import render_clock
from build_tools.text.words import find_keys

# The most words that a mark takes out, those that it puts in, and how many more these may be: a
# longer change retells the talk; it does not correct what was heard.
MOST_HEARD, MOST_SAID, MOST_GAINED = 40, 12, 6
LIMITS = (
    f"a mark takes out at most {MOST_HEARD} words, and puts in at most {MOST_SAID}, "
    f"and {MOST_GAINED} more than it takes out"
)
_PLACES = {Mark.CHANGE: "this mark", Mark.DOUBT: "this doubt"}
_OFFSET = attrgetter("offset")
# An edition with this share of its source's words twice was doubled.
_DOUBLED = 0.95
# How a remedy ends that puts in a mark.
_REASON = "[^why] and give the reason in [^why]"


def check_fidelity(sourced: SourcedEdition) -> tuple[Problem, ...]:
    """List each place where the edition, its marks rejected, differs from its source."""
    edition, source, rejected = sourced.edition, sourced.source, sourced.rejected
    if sourced.faithful or not source or not source.words:
        return ()
    heard_keys, source_keys = rejected.words.keys, source.words.keys
    diagnosis = Diagnosis(edition, source, rejected)
    differences = find_differences(heard_keys, source_keys)
    if unrelated := diagnosis.find_unrelated(differences):
        return (unrelated,)
    return tuple(diagnosis.problems(differences))


class Diagnosis:
    """Describes differences, and finds their places in the edition and in the source."""

    def __init__(self, edition: Edition, source: Source, rejected: Rejected) -> None:
        self.edition, self.source = edition, source
        self.rejected, self.heard = rejected, rejected.words

    def find_unrelated(self, differences: Sequence[Difference]) -> Problem | None:
        """The problem of an edition that was hardly made from its source, or that has it twice."""
        heard, source = self.heard.keys, self.source.words.keys
        same, twice = count_same(heard, differences), Counter(source + source)
        if (twice & Counter(heard)).total() >= _DOUBLED * twice.total():
            what = f"the edition holds nearly all words of {self.source.path} twice"
            remedy = "keep one of the two: a paste or a merge conflict doubled them"
        elif are_related(heard, source, same):
            return None
        else:
            what = f"the edition and {self.source.path} have too few words in common: {same}"
            remedy = "see whether source: file: names the right source"
            remedy += "; an edition holds all its words"
        return self.edition.text.problem(0, what, remedy)

    def problems(self, differences: Sequence[Difference]) -> Iterator[Problem]:
        """Yield a problem for each difference; the same change at several places is one."""
        pairs = {difference: self.keys(difference) for difference in differences}
        removed = {source: one.source_first for one, (source, heard) in pairs.items() if not heard}
        times = Counter(pairs.values())
        for difference, pair in pairs.items():
            if number := times.pop(pair, 0):
                problem = self.explain(difference) or self._problem(difference, removed)
                if number > 1:
                    what = f"{problem.what}; the same change {number} times"
                    remedy = explain_rule(*pair, number) or problem.remedy
                    problem = replace(problem, what=what, remedy=remedy)
                yield problem

    def keys(self, difference: Difference) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The words of the source, and those of the edition in their place."""
        source = self.source.words.keys[difference.source_first : difference.source_end]
        return source, self.heard.keys[difference.heard_first : difference.heard_end]

    def explain(self, difference: Difference) -> Problem | None:
        """The problem of what was put in and is no word; None for words."""
        words = self.heard[difference.heard_first : difference.heard_end]
        start, span = self._offset(difference)
        if not words or (span and span.mark is not Mark.PLAIN):
            return None
        end = self._file_offset(words[-1].end - 1) + 1
        advice = explain_addition(Addition(self.edition, start, end))
        return self.edition.text.problem(*advice) if advice else None

    def _problem(self, difference: Difference, removed: dict[tuple[str, ...], int]) -> Problem:
        source = self._source_text(difference)
        words = self.heard[difference.heard_first : difference.heard_end]
        heard = self.rejected.heard[words[0].start : words[-1].end] if words else ""
        heard, where = " ".join(heard.split()), self._where(difference.source_first)
        offset, span = self._offset(difference)
        mark = span.mark if span else Mark.PLAIN
        here = _PLACES.get(mark, "the edition")
        moved = removed.get(self.keys(difference)[1])
        if not heard:
            what = f"the source says “{source}” ({where}), and {here} leaves it out"
            remedy = f"put it back, or write {{--{source}--}}{_REASON}"
        elif not source:
            what = f"{here} says “{heard}”, and the source does not ({where})"
            remedy = f"take it out, or write {{++{heard}++}}{_REASON}"
        else:
            what = f"the source says “{source}” ({where}), {here} “{heard}”"
            remedy = f"write {{~~{source}~>{heard}~~}}{_REASON}"
        if mark is Mark.CHANGE:
            remedy = f"write on the mark's left side what the source says: {source or 'nothing'}"
        elif mark is Mark.DOUBT:
            solved = f"; if you know what was said, {remedy}, in place of the doubt"
            remedy = f"put back what the source says{solved if source and heard else ''}"
        elif not heard and self.is_in_heading(difference):
            what += ", or has it in a heading"
            remedy = "put it back into the speech; a heading is the editor's own"
        elif not source and moved is not None:
            what += f"; the words stand at {self._where(moved)}"
            remedy = "put them back where they were said"
        if is_too_long(difference):
            remedy = f"put it back and change less at a time; {LIMITS}"
        return self.edition.text.problem(offset, what, remedy)

    def is_in_heading(self, difference: Difference) -> bool:
        """Whether a heading at the place of words that are left out begins or ends with them."""
        number, words, chapters = difference.heard_first, self.heard, self.edition.chapters
        begin = self._file_offset(words[number - 1].start) if number else 0
        end = self._file_offset(words[number].start) if number < len(words) else sys.maxsize
        first, last = (bisect_left(chapters, edge, key=_OFFSET) for edge in (begin, end))
        wanted, _ = self.keys(difference)
        size = len(wanted)
        for title in (find_keys(chapter.title) for chapter in chapters[first:last]):
            if wanted == title or (size > 1 and wanted in (title[:size], title[-size:])):
                return True
        return False

    def _offset(self, difference: Difference) -> tuple[int, Span | None]:
        edge, heard = difference.heard_first, self.heard
        # Without a word as heard, the edition would be unrelated to its source.
        position = heard[edge].start if edge < len(heard) else heard[-1].end
        placed = self.rejected.spans[self.rejected.span_number(position)]
        inside = position > placed.heard_start or difference.heard_first < difference.heard_end
        return self._file_offset(position), placed.span if inside else None

    def _file_offset(self, position: int) -> int:
        placed = self.rejected.spans[self.rejected.span_number(position)]
        return file_offset(self.edition, placed, position)

    def _where(self, word: int) -> str:
        cue = self.source.cue_at(word)
        time = "" if cue.start is None else f", {render_clock(cue.start)}"
        return f"{self.source.unit} {cue.line}{time}"

    def _source_text(self, difference: Difference) -> str:
        first, end = difference.source_first, difference.source_end
        shown, behind = "", (-1, 0)
        for number, word in enumerate(self.source.words[first:end], first):
            cue = self.source.cue_at(number)
            # A minus is a word only directly before its number.
            touching = (cue.line, word.start) == behind
            shown += ("" if touching else " ") + cue.text[word.start : word.end]
            behind = cue.line, word.end
        return shown.lstrip()


def is_too_long(difference: Difference) -> bool:
    """Whether a mark would hide from reviewers that a passage was moved, cut or rewritten."""
    heard_first, heard_end, source_first, source_end = difference
    said, heard = heard_end - heard_first, source_end - source_first
    return heard > MOST_HEARD or said > MOST_SAID or said - heard > MOST_GAINED
