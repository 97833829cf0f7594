"""Lines that front matter names, the furniture of the source, and its witnesses."""

from collections.abc import Iterator

from build_tools.model.edition import BASE
from build_tools.model.front_matter import expand_ranges, parse_range
from build_tools.model.source import Source
from build_tools.model.text import Problem
from build_tools.reading.tree import SourcedEdition
from build_tools.sources.cue_times import has_times

# Two recognisers do not write so many words alike.
_MOST_ALIKE = 100


def check_lines(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem for each field of the front matter that names a line the source lacks."""
    edition = sourced.edition
    read = {"source": sourced.source, **sourced.witnesses}
    sources = edition.sources.items()
    named = [(str(path[-1]), (*path, "furniture"), one.furniture) for path, one in sources]
    lines = tuple(one for review in edition.reviewed for one in review.lines)
    for name, path, ranges in (*named, ("source", ("reviewed",), lines)):
        source = read.get(name)
        last = source.last if source else 0
        beyond = [max(first, last + 1) for first, end in map(parse_range, ranges) if last < end]
        if source and beyond:
            what = f"the source has no {source.unit} {min(beyond)}"
            yield edition.problem(path, what, f"its last {source.unit} is {last}")


def check_reviews(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem for each validation of lines that nobody else had read before."""
    edition = sourced.edition
    names = [" ".join(review.by.split()).casefold() for review in edition.reviewed]
    by_name = list(zip(names, edition.reviewed, strict=True))
    first = [(name, review.lines) for name, review in by_name if review.level == "read"]
    for number, (own, review) in enumerate(by_name):
        read = expand_ranges(line for name, lines in first if name != own for line in lines)
        alone = sorted(expand_ranges(review.lines) - read) if review.level == "validated" else ()
        if alone:
            unit = sourced.source.unit if sourced.source else "line"
            what = f"{review.by} validates {unit} {alone[0]}, and nobody else has read it before"
            remedy = "a second person validates: let somebody else do it, or take level: out"
            yield edition.problem(("reviewed", number, "level"), what, remedy)


def check_anchors(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem if seconds of the recording do not rise with lines of an untimed source."""
    edition, source = sourced.edition, sourced.source
    if not source or not edition.anchors:
        return
    path, lines, seconds = ("anchors",), list(edition.anchors), list(edition.anchors.values())
    if has_times(source):
        yield edition.problem(path, "the source has times of its own", "take anchors: out")
    elif lines[1:] == [] or lines != sorted(lines) or seconds != sorted(set(seconds)):
        what = "anchors: needs two lines or more whose seconds rise"
        yield edition.problem(path, what, "sort them by line")
    elif not 1 <= lines[0] <= lines[-1] <= source.last:
        what = "anchors: names a line that the source lacks"
        yield edition.problem(path, what, f"its last is {source.last}")


def check_furniture(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a warning if furniture stands in the middle of speech."""
    source = sourced.source
    if source and (inside := source.furniture_inside):
        words = " ".join(inside[0].text.split())
        more = f", and {len(inside) - 1} more" if inside[1:] else ""
        what = f"{source.unit} {inside[0].line}, “{words[:60]}”{more}, is left out in the middle "
        remedy = "name under furniture: only what nobody said; the page shows all of it"
        path = ("source", "furniture")
        yield sourced.edition.problem(path, f"{what}of speech", remedy, warning=True)


def check_witnesses(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem for each witness that has too few words of its own, or too many."""
    edition, witnesses = sourced.edition, [*sourced.witnesses.items()]
    read = [(BASE, sourced.source)] if sourced.source else []
    for number, (letter, one) in enumerate(witnesses):
        path = ("witnesses", letter, "file")
        twin = next((other for other, text in read if _are_twins(one, text)), "")
        if twin:
            what = f"witness {letter} is the same text as {twin}"
            remedy = "take one of them out: two witnesses are texts of two recognisers"
            yield edition.problem(path, what, remedy)
        if sourced.faithful and not sourced.collation.is_related(number):
            file = edition.witnesses[letter].file
            what = f"{file} has less than half of its words in common with the source"
            remedy = f"see whether witnesses: {letter}: file: names a source of the same talk"
            yield edition.problem(path, what, remedy)
        enough = sourced.faithful and len(one.words) > _MOST_ALIKE and not twin
        before = enumerate(witnesses[:number] if enough else [])
        alike = (name for n, (name, _) in before if sourced.collation.are_alike(n, number))
        if other := next(alike, ""):
            what = f"witness {letter} has 99.5 % of the words of {other}, and its errors"
            remedy = "if both are of one recogniser, they are one witness: take one of them out"
            yield edition.problem(path, what, remedy, warning=True)
        read.append((letter, one))


def _are_twins(one: Source, other: Source) -> bool:
    same_words = len(one.words) > _MOST_ALIKE and one.words.keys == other.words.keys
    return same_words or one.sha256 == other.sha256
