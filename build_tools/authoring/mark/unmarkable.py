"""The problems that `sic mark` reports for changes that no mark can express."""

from __future__ import annotations

from collections.abc import Sequence

from build_tools.authoring.mark.comparison import Comparison, shorten
from build_tools.model.edition import Mark
from build_tools.model.text import Problem
from build_tools.text.differences import Difference

# A longer passage was moved, cut or rewritten, and a mark around it would hide that from reviewers.
LONGEST = 40
# A shorter run of words may be dropped in one place and added in another without a move.
_SHORTEST_MOVE = 4


def find_moves(
    compared: Comparison, differences: Sequence[Difference]
) -> dict[Difference, Difference]:
    """Pairs of differences, both ways: words removed in one place and added in the other."""
    added: dict[tuple[str, ...], Difference] = {}
    removed: dict[tuple[str, ...], Difference] = {}
    for difference in differences:
        first, end, source_first, source_end = difference
        if source_first == source_end and end - first >= _SHORTEST_MOVE:
            added[tuple(compared.heard.keys[first:end])] = difference
        elif first == end and source_end - source_first >= _SHORTEST_MOVE:
            removed[tuple(compared.source_keys(source_first, source_end))] = difference
    both = [(added[words], removed[words]) for words in added.keys() & removed.keys()]
    return {**dict(both), **{there: here for here, there in both}}


def report_move(compared: Comparison, difference: Difference, other: Difference) -> Problem:
    """The problem of words that stand elsewhere in the source, or here in the source alone."""
    first, end, source_first, source_end = difference
    if source_first == source_end:
        shown = compared.quote_edition(first, end)
        what = f"“{shown}” was said elsewhere ({compared.source_place(other.source_first)})"
    else:
        shown = compared.quote_source(source_first, source_end)
        place = compared.edition.text.place(compared.heard.words[other.heard_first].start)
        where = compared.source_place(source_first)
        what = f"“{shown}” was said here ({where}), and stands at {place}"
    return compared.problem(first, what, "put the words back where they were said")


def report_length(compared: Comparison, difference: Difference) -> Problem:
    """The problem of a change that is too long for a mark."""
    first, end, source_first, source_end = difference
    where = compared.source_place(source_first)
    here = f"{end - first} words stand here"
    if first < end:
        here = f"the {end - first} words “{compared.quote_edition(first, end)}” stand here"
    there = f"has {source_end - source_first} others"
    if source_first < source_end:
        there += f", “{compared.quote_source(source_first, source_end)}”"
    what = f"{here}, where the source {there} ({where}): too many for a mark"
    remedy = f"put the source's words back and change fewer at a time; a mark holds {LONGEST}"
    return compared.problem(first, what, remedy)


def report_inside(compared: Comparison, difference: Difference) -> Problem:
    """The problem of a change inside a mark or a doubt, or across a star or a bracket."""
    first, end, source_first, source_end = difference
    said = compared.quote_edition(first, end)
    heard = compared.quote_source(source_first, source_end)
    where = compared.source_place(source_first)
    what = f"the source says “{heard}” ({where})" if heard else f"the source says less ({where})"
    words = compared.heard.words[first:end]
    marks = {compared.heard.spans[word.span].mark for word in words}
    if Mark.CHANGE in marks:
        what += f", and a mark's left side here “{said}”"
        remedy = f"write on the mark's left side what the source says{': ' * bool(heard)}{heard}"
    elif Mark.DOUBT in marks:
        what += f", and a doubt here “{said}”"
        remedy = "put the source's words back; if the doubt is solved, leave the right words alone"
    else:
        what += f", and the edition “{said}”, across a star or a bracket"
        remedy = "write the whole word inside the stars or brackets, or outside of them"
    return compared.problem(first, what, remedy)


def report_heading(compared: Comparison, word: int, heard: str) -> Problem:
    """The problem of speech that was moved into a heading."""
    return compared.problem(
        word,
        f"“{shorten(heard)}” was said, and stands in a heading",
        "put the words back into the speech; a heading is the editor's own",
    )


def report_no_place(compared: Comparison, word: int, heard: str) -> Problem:
    """The problem of a rejection that would stand inside a mark or a doubt."""
    return compared.problem(
        word,
        f"the source says “{shorten(heard)}” inside what a mark or a doubt holds here",
        "put it back there; a mark's left side says what the source says",
    )


def report_unrelated(compared: Comparison) -> Problem:
    """The problem of an edition that was hardly made from its source."""
    return compared.edition.text.problem(
        0,
        f"the edition and {compared.source.path} have too few words in common to be marked",
        "see whether source: file: names the right source",
    )


def report_too_close(compared: Comparison, offset: int) -> Problem:
    """The problem of marks that would not reject to the words of the source."""
    return compared.edition.text.problem(
        offset,
        "the changes from here on stand so close to other signs that no mark can be made for them",
        "undo them one by one, or write the marks by hand; sic check says which words differ",
    )
