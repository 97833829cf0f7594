"""Fidelity: rejecting every mark of an edition gives exactly the words of its source, in order.

Otherwise an alignment finds the changes; it serves only the message.
"""

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


def check_fidelity(sourced: SourcedEdition) -> tuple[Problem, ...]:
    """List each place where the edition, its marks rejected, differs from its source."""
    edition, source, rejected = sourced.edition, sourced.source, sourced.rejected
    if sourced.faithful or not source or not source.words:
        return ()
    heard_keys, source_keys = rejected.words.keys, source.words.keys
    diagnosis = Diagnosis(edition, source, rejected)
    differences = find_differences(heard_keys, source_keys)
    same = count_same(heard_keys, differences)
    if not are_related(heard_keys, source_keys, same):
        return (diagnosis.unrelated(same),)
    return tuple(diagnosis.problems(differences))


# The most words that a mark takes out, those that it puts in, and how many more these may be: a
# longer change retells the talk; it does not correct what was heard.
MOST_HEARD, MOST_SAID, MOST_GAINED = 40, 12, 6
LIMITS = (
    f"a mark takes out at most {MOST_HEARD} words, and puts in at most {MOST_SAID}, "
    f"and {MOST_GAINED} more than it takes out"
)
_OFFSET = attrgetter("offset")
# How a remedy ends that puts in a mark.
_REASON = "[^why] and give the reason in [^why]"


class Diagnosis:
    """Describes differences, and finds their places in the edition and in the source."""

    def __init__(self, edition: Edition, source: Source, rejected: Rejected) -> None:
        self.edition, self.source = edition, source
        self.rejected, self.heard = rejected, rejected.words

    def unrelated(self, same: int) -> Problem:
        """The problem of an edition that was hardly made from its source."""
        counts = (len(self.heard), len(self.source.words))
        heard, source = (f"{count} word{'s' * (count != 1)}" for count in counts)
        both = f"the edition, of {heard}, and {self.source.path}, of {source}"
        remedy = "see whether source: file: names the right source; an edition holds every word"
        what, remedy = f"{both}, have only {same} in common", f"{remedy} of it, marks rejected"
        return self.edition.text.problem(0, what, remedy)

    def problems(self, differences: Sequence[Difference]) -> Iterator[Problem]:
        """Yield a problem for each difference; the same change at several places is one."""
        pairs = list(map(self.keys, differences))
        removed = {
            source: difference.source_first
            for difference, (source, heard) in zip(differences, pairs, strict=True)
            if not heard
        }
        times = Counter(pairs)
        for difference, pair in zip(differences, pairs, strict=True):
            if number := times.pop(pair, 0):
                problem = self.explain(difference) or self._problem(difference, removed)
                yield _repeat(problem, number, explain_rule(*pair, number))

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
        source_text = self._source_text(difference)
        heard_text = self._heard_text(difference)
        where = self._where(difference.source_first)
        offset, span = self._offset(difference)
        mark = span.mark if span else Mark.PLAIN
        if span and mark is Mark.CHANGE:
            what, remedy = _inside_mark(source_text, heard_text, where)
            if source_text and heard_text and find_keys(span.said) == find_keys(source_text):
                remedy = f"write what was heard on the left: {{~~{source_text}~>{heard_text}~~}}"
        elif mark is Mark.DOUBT and not heard_text:
            what = f"the source says “{source_text}” ({where}), and this doubt leaves it out"
            remedy = "put it back"
        elif mark is Mark.DOUBT:
            what = f"the source says “{source_text}” ({where}), and this doubt “{heard_text}”"
            solved = f"{{~~{source_text}~>{heard_text}~~}}{_REASON}"
            remedy = f"put it back; if you know what was said, write in the doubt's place {solved}"
        elif not heard_text:
            what = f"the source says “{source_text}” ({where}), and the edition leaves it out"
            remedy = f"put it back, or write {{--{source_text}--}}{_REASON}"
            if self.is_in_heading(difference):
                what += ", or has it in a heading"
                remedy = "put it back into the speech; a heading is the editor's own"
        elif not source_text:
            what = f"the edition says “{heard_text}”, and the source does not ({where})"
            remedy = f"take it out, or write {{++{heard_text}++}}{_REASON}"
            moved = removed.get(self.heard.keys[difference.heard_first : difference.heard_end])
            if moved is not None:
                what += f"; the words stand at {self._where(moved)}"
                remedy = "put them back where they were said"
        else:
            what = f"the source says “{source_text}” ({where}), the edition “{heard_text}”"
            remedy = f"write {{~~{source_text}~>{heard_text}~~}}{_REASON}"
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
        return any(
            wanted == title or (size > 1 and wanted in (title[:size], title[-size:]))
            for title in (find_keys(chapter.title) for chapter in chapters[first:last])
        )

    def _offset(self, difference: Difference) -> tuple[int, Span | None]:
        """Find the start of a difference in the file, and the span that holds it."""
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
        words = enumerate(self.source.words[first:end], first)
        return " ".join(self.source.cue_at(n).text[word.start : word.end] for n, word in words)

    def _heard_text(self, difference: Difference) -> str:
        words = self.heard[difference.heard_first : difference.heard_end]
        if not words:
            return ""
        return " ".join(self.rejected.heard[words[0].start : words[-1].end].split())


def is_too_long(difference: Difference) -> bool:
    """Whether a mark would hide from reviewers that a passage was moved, cut or rewritten."""
    heard_first, heard_end, source_first, source_end = difference
    said, heard = heard_end - heard_first, source_end - source_first
    return heard > MOST_HEARD or said > MOST_SAID or said - heard > MOST_GAINED


def _repeat(problem: Problem, times: int, rule: str) -> Problem:
    """The problem, if the same change was made several times."""
    if times == 1:
        return problem
    what = f"{problem.what}; the same change {times} times"
    return replace(problem, what=what, remedy=rule or problem.remedy)


def _inside_mark(source_text: str, heard_text: str, where: str) -> tuple[str, str]:
    if not heard_text:
        what = f"the source says “{source_text}” ({where}), and this mark leaves it out"
        return what, f"write it on the mark's left side, where the source says it: {source_text}"
    rejects = f"this mark rejects “{heard_text}”, and the source says"
    if not source_text:
        remedy = "take these words out of the mark, or the mark out of the text"
        return f"{rejects} nothing of the kind ({where})", remedy
    remedy = f"write on the mark's left side what the source says: {source_text}"
    return f"{rejects} “{source_text}” ({where})", remedy
