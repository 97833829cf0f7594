"""Fidelity: rejecting every mark of an edition gives exactly the words of its source, in order.

Otherwise an alignment finds the changes; it serves only the message.
"""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.model.edition import Edition, Mark
from build_tools.model.source import Source
from build_tools.model.text import Problem, Words
from build_tools.reading.rejection import Rejected, file_offset
from build_tools.reading.tree import SourcedEdition
from build_tools.text.differences import Difference, are_related, count_same, find_differences
from build_tools.text.timecode import render_clock


def check_fidelity(sourced: SourcedEdition) -> tuple[Problem, ...]:
    """List each place where the edition, its marks rejected, differs from its source."""
    edition, source, rejected = sourced.edition, sourced.source, sourced.rejected
    if sourced.faithful or not source or not source.words:
        return ()
    heard_keys, source_keys = rejected.words.keys, source.words.keys
    diagnosis = _Diagnosis(edition, source, rejected, rejected.words)
    differences = find_differences(heard_keys, source_keys)
    same = count_same(heard_keys, differences)
    if not are_related(heard_keys, source_keys, same):
        return (diagnosis.unrelated(same),)
    return tuple(diagnosis.problems(differences))


class _Diagnosis:
    """Describes differences, and finds their places in the edition and in the source."""

    def __init__(self, edition: Edition, source: Source, rejected: Rejected, heard: Words) -> None:
        self.edition = edition
        self.source = source
        self.rejected = rejected
        self.heard = heard

    def unrelated(self, same: int) -> Problem:
        return self.edition.text.problem(
            0,
            f"the edition, of {_words(len(self.heard))}, and {self.source.path}, of "
            f"{_words(len(self.source.words))}, have only {same} in common",
            "see whether source: file: names the right source; "
            "an edition holds every word of it, marks rejected",
        )

    def problems(self, differences: tuple[Difference, ...]) -> Iterator[Problem]:
        removed = {self._source_keys(d): d for d in differences if d.heard_first == d.heard_end}
        for difference in differences:
            yield self._problem(difference, removed)

    def _problem(
        self, difference: Difference, removed: dict[tuple[str, ...], Difference]
    ) -> Problem:
        source_text = self._source_text(difference)
        heard_text = self._heard_text(difference)
        where = self._where(difference.source_first)
        offset, mark = self._offset(difference)
        if mark is Mark.CHANGE:
            what, remedy = _inside_mark(source_text, heard_text, where)
        elif not heard_text:
            what = f"the source says “{source_text}” ({where}), and the edition leaves it out"
            remedy = (
                f"put it back, or write {{--{source_text}--}}[^why] and give the reason in [^why]"
            )
        elif not source_text:
            what = f"the edition says “{heard_text}”, and the source does not ({where})"
            remedy = (
                f"take it out, or write {{++{heard_text}++}}[^why] and give the reason in [^why]"
            )
            moved = removed.get(self._heard_keys(difference))
            if moved:
                what += f"; the words stand at {self._where(moved.source_first)}"
                remedy = "put them back where they were said"
        else:
            what = f"the source says “{source_text}” ({where}), the edition “{heard_text}”"
            remedy = (
                f"write {{~~{source_text}~>{heard_text}~~}}[^why] and give the reason in [^why]"
            )
        return self.edition.text.problem(offset, what, remedy)

    def _offset(self, difference: Difference) -> tuple[int, Mark]:
        """Find the start of a difference in the file, and the kind of its span."""
        edge, heard = difference.heard_first, self.heard
        # Without a word as heard, the edition would be unrelated to its source.
        position = heard[edge].start if edge < len(heard) else heard[-1].end
        placed = self.rejected.spans[self.rejected.span_number(position)]
        offset = file_offset(self.edition, placed, position)
        only_missing = difference.heard_first == difference.heard_end
        inside = position > placed.heard_start or not only_missing
        return offset, placed.span.mark if inside else Mark.PLAIN

    def _where(self, word: int) -> str:
        cue = self.source.cue_at(word)
        time = "" if cue.start is None else f", {render_clock(cue.start)}"
        return f"{self.source.unit} {cue.line}{time}"

    def _source_text(self, difference: Difference) -> str:
        words = range(difference.source_first, difference.source_end)
        return " ".join(self._source_word(number) for number in words)

    def _source_word(self, number: int) -> str:
        word = self.source.words[number]
        return self.source.cue_at(number).text[word.start : word.end]

    def _source_keys(self, difference: Difference) -> tuple[str, ...]:
        return self.source.words.keys[difference.source_first : difference.source_end]

    def _heard_keys(self, difference: Difference) -> tuple[str, ...]:
        return self.heard.keys[difference.heard_first : difference.heard_end]

    def _heard_text(self, difference: Difference) -> str:
        words = self.heard[difference.heard_first : difference.heard_end]
        if not words:
            return ""
        return " ".join(self.rejected.heard[words[0].start : words[-1].end].split())


def _words(number: int) -> str:
    return f"{number} word{'s' * (number != 1)}"


def _inside_mark(source_text: str, heard_text: str, where: str) -> tuple[str, str]:
    if not heard_text:
        return (
            f"the source says “{source_text}” ({where}), and this mark leaves it out",
            f"write it on the mark's left side, where the source says it: {source_text}",
        )
    if not source_text:
        return (
            f"this mark rejects “{heard_text}”, and the source says nothing of the kind ({where})",
            "take these words out of the mark, or the mark out of the text",
        )
    return (
        f"this mark rejects “{heard_text}”, and the source says “{source_text}” ({where})",
        f"write on the mark's left side what the source says: {source_text}",
    )
