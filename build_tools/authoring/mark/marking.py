"""Turns plain edits of an edition into marks, each with a footnote to fill.

The source gives the words of each mark; only the editor knows its reason. Nothing else in the file
changes, and accepting all marks gives the edited text again.
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from build_tools.authoring.mark.writer import MarkWriter, NewEdit, compare, group_differences
from build_tools.checks.corpus import Corpus
from build_tools.model.edition import Edition, Mark
from build_tools.model.source import Source
from build_tools.model.text import Edit, Problem, Text
from build_tools.reading.edition import parse_edition
from build_tools.reading.rejection import reject_marks
from build_tools.reading.sums import FOLDER, SUMS
from build_tools.reading.tree import SourcedEdition
from build_tools.text.differences import are_related, count_same, find_differences
from build_tools.transcript.guess_kind import Names, collect_names

_TOO_CLOSE = (
    "the changes from here on stand so close to other signs that no mark can be made for them",
    "undo them one by one, or write the marks by hand; sic check says which words differ",
)
_PARAGRAPH_END = re.compile(r"\n(?=[^\S\n]*(?:\n|\Z))|\Z")
_CHARACTER = re.compile(r"\r\n?|[^\r]", re.DOTALL)


class Marking(NamedTuple):
    """An edition's text with its new marks; without problems it is faithful to the source."""

    text: str
    marks: tuple[NewEdit, ...]
    footnotes: tuple[NewEdit, ...]
    problems: tuple[Problem, ...]

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Every change of the file, in order of place."""
        edits = (new.edit for new in (*self.marks, *self.footnotes))
        return tuple(sorted(edits, key=lambda edit: edit.start))


def mark_editions(corpus: Corpus) -> Iterator[tuple[Edition, Marking]]:
    """Every edition whose front matter can be read, marked on its own."""
    for edition, source in corpus.editions:
        unchanged = Marking(edition.text.content, (), (), ())
        if not source:
            ends = (edition.path, f"/{FOLDER}{edition.source.file}", f"/{SUMS}")
            missing = (one for one in corpus.problems if one.place.path.endswith(ends))
            yield edition, unchanged._replace(problems=tuple(missing))
            continue
        wrong = any(problem.place.path == edition.text.path for problem in corpus.problems)
        parsed = parse_edition(edition.slug, edition.text).problems if wrong else ()
        if form := problems_of_form(edition, parsed):
            yield edition, unchanged._replace(problems=form)
            continue
        speakers = (name for both in edition.speakers.items() for name in both)
        yield edition, mark_changes(edition, source, collect_names(corpus.entries, speakers))


def mark_changes(edition: Edition, source: Source, names: Names) -> Marking:
    """The edition with a mark around every word that differs from its source without one."""
    unchanged = Marking(edition.text.content, (), (), ())
    source_keys = source.words.keys
    if reject_marks(edition).words.keys == source_keys:
        return unchanged
    compared = compare(edition, source)
    differences = find_differences(compared.keys, source_keys)
    if not are_related(compared.keys, source_keys, count_same(compared.keys, differences)):
        what = f"the edition and {source.path} have too few words in common to be marked"
        remedy = "see whether source: file: names the right source"
        return unchanged._replace(problems=(edition.text.problem(0, what, remedy),))
    writer = MarkWriter(compared, names)
    writer.write(group_differences(compared, differences))
    made = Marking("", tuple(writer.marks), writer.footnotes, writer.problems)
    text = apply_edits(edition.text.content, made.edits)
    if not writer.problems:
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
