"""Turns plain edits of an edition into marks, each with a footnote to fill.

The source gives the words of each mark; only the editor knows its reason. Nothing else in the file
changes, and accepting all marks gives the edited text again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from build_tools.authoring.mark.comparison import Comparison
from build_tools.authoring.mark.footnotes import NewFootnote, NewMark
from build_tools.authoring.mark.grouping import group_differences
from build_tools.authoring.mark.heard_words import locate_heard_words
from build_tools.authoring.mark.unmarkable import report_too_close, report_unrelated
from build_tools.authoring.mark.writer import MarkWriter
from build_tools.checks.corpus import Corpus
from build_tools.model.edition import Edition, Mark
from build_tools.model.source import Source
from build_tools.model.text import Edit, Problem, Text
from build_tools.reading.edition import parse_edition
from build_tools.reading.rejection import reject_marks
from build_tools.reading.sums import FOLDER, SUMS
from build_tools.text.differences import are_related, count_same, find_differences
from build_tools.text.words import find_keys
from build_tools.transcript.guess_kind import Names, collect_names


class Marking(NamedTuple):
    """An edition's text with its new marks, and the differences that no mark can express.

    `text` is faithful to the source if there are no problems.
    """

    text: str
    marks: tuple[NewMark, ...]
    footnotes: tuple[NewFootnote, ...]
    problems: tuple[Problem, ...]

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Every change of the file, in order of place."""
        return _sort_edits(self.marks, self.footnotes)


class Marked(NamedTuple):
    """An edition with its marking, or with None and the problems that prevent one."""

    edition: Edition
    marking: Marking | None
    problems: tuple[Problem, ...]


def mark_editions(corpus: Corpus) -> Iterator[Marked]:
    """Every edition whose front matter can be read, marked on its own."""
    for edition, source in corpus.editions:
        form = _find_obstacles(corpus, edition, has_source=source is not None)
        if form or not source:
            yield Marked(edition, None, form)
            continue
        speakers = (name for both in edition.speakers.items() for name in both)
        marking = mark_changes(edition, source, collect_names(corpus.entries, speakers))
        yield Marked(edition, marking, marking.problems)


def mark_changes(edition: Edition, source: Source, names: Names) -> Marking:
    """The edition with a mark around every word that differs from its source without one."""
    unchanged = Marking(edition.text.content, (), (), ())
    if reject_marks(edition).words.keys == source.words.keys:
        return unchanged
    heard, source_keys = locate_heard_words(edition), list(source.words.keys)
    compared = Comparison(edition, heard, source)
    differences = find_differences(heard.keys, source_keys)
    if not are_related(heard.keys, source_keys, count_same(heard.keys, differences)):
        return unchanged._replace(problems=(report_unrelated(compared),))
    writer = MarkWriter(compared, names)
    writer.write(group_differences(differences, heard, source_keys))
    footnotes = tuple(writer.footnotes.create(writer.marks))
    text = apply_edits(edition.text.content, _sort_edits(writer.marks, footnotes))
    if not writer.problems and not _rejects_to(edition, text, source_keys):
        offset = writer.marks[0].edit.start if writer.marks else 0
        return unchanged._replace(problems=(report_too_close(compared, offset),))
    return Marking(text, tuple(writer.marks), footnotes, tuple(writer.problems))


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
    """The problems of an edition's form that prevent marking it.

    A footnote without its reason, its kind or its mark is allowed: marking may complete it.
    """
    spans = (span for paragraph in edition.paragraphs for span in paragraph.spans)
    alone = {edition.text.place(span.offset) for span in spans if span.mark is Mark.NOTE}
    footnotes = {edition.text.place(footnote.offset) for footnote in edition.footnotes}
    unfinished = alone | footnotes
    return tuple(problem for problem in problems if problem.place not in unfinished)


def _find_obstacles(corpus: Corpus, edition: Edition, *, has_source: bool) -> tuple[Problem, ...]:
    """The problems that prevent marking an edition: of its form, or of a source that is missing."""
    if not has_source:
        ends = (edition.path, f"/{FOLDER}{edition.source.file}", f"/{SUMS}")
        return tuple(one for one in corpus.problems if one.place.path.endswith(ends))
    wrong = any(problem.place.path == edition.text.path for problem in corpus.problems)
    parsed = parse_edition(edition.slug, edition.text).problems if wrong else ()
    return problems_of_form(edition, parsed)


def _sort_edits(marks: Iterable[NewMark], footnotes: Iterable[NewFootnote]) -> tuple[Edit, ...]:
    edits = [*(mark.edit for mark in marks), *(footnote.edit for footnote in footnotes)]
    return tuple(sorted(edits, key=lambda edit: edit.start))


def _rejects_to(edition: Edition, content: str, keys: Sequence[str]) -> bool:
    """Whether the new text rejects to the words of the source: nothing else may be written."""
    marked = parse_edition(edition.slug, Text(edition.text.path, content)).edition
    return marked is not None and list(find_keys(reject_marks(marked).heard)) == list(keys)
