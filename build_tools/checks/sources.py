"""Lines that front matter names, and the direction and furniture of the source."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import partial

from build_tools.model.edition import BASE, Edition
from build_tools.model.front_matter import expand_ranges, parse_range
from build_tools.model.source import Source
from build_tools.model.text import Problem
from build_tools.reading.tree import SourcedEdition
from build_tools.sources.cue_times import has_times
from build_tools.text.language import runs_right_to_left

# Two recognisers do not write so many words alike.
_MOST_ALIKE = 100


def _find_twins(read: Sequence[tuple[str, Source]]) -> Iterator[tuple[str, str]]:
    """Yield the letter of each text that is another one in the same or another format, and that."""
    for number, (letter, one) in enumerate(read):
        for other, before in read[:number]:
            same_words = len(one.words) > _MOST_ALIKE and one.words.keys == before.words.keys
            if same_words or one.sha256 == before.sha256:
                yield letter, other
                break


def check_lines(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem for each field of the front matter that names a line the source lacks."""
    edition = sourced.edition
    read = {BASE: sourced.source, **sourced.witnesses}
    for path, named in edition.sources.items():
        if source := read.get(BASE if path == ("source",) else str(path[-1])):
            offset = edition.offset_of(*path, "furniture")
            yield from _find_beyond(edition, offset, named.furniture, source)
    if source := sourced.source:
        ranges = tuple(one for review in edition.reviewed for one in review.lines)
        yield from _find_beyond(edition, edition.offset_of("reviewed"), ranges, source)


def check_reviews(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem for each validation of lines that nobody else had read before."""
    edition = sourced.edition
    first = [(review, _name_key(review.by)) for review in edition.reviewed if not review.validates]
    for number, review in enumerate(edition.reviewed):
        if not review.validates:
            continue
        own = _name_key(review.by)
        read = expand_ranges(one for other, by in first if by != own for one in other.lines)
        if alone := sorted(expand_ranges(review.lines) - read):
            by_own = expand_ranges(one for other, by in first if by == own for one in other.lines)
            who = f"only {review.by} has read it" if alone[0] in by_own else "nobody has read it"
            unit = sourced.source.unit if sourced.source else "line"
            what = f"{review.by} validates {unit} {alone[0]}, and {who} before"
            remedy = "a second person validates: let somebody else do it, or take level: out"
            yield edition.text.problem(edition.offset_of("reviewed", number, "level"), what, remedy)


def _name_key(name: str) -> str:
    return " ".join(name.split()).casefold()


def check_direction(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem if the text would run right to left without a letter that does."""
    edition, source = sourced.edition, sourced.source
    if source and source.words and runs_right_to_left(edition.lang):
        letters = "".join(source.words.keys)
        if not any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in letters):
            what = f"“{edition.lang}” is written from right to left, and the source is not"
            yield edition.text.problem(edition.offset_of("lang"), what, "correct lang:")


def check_anchors(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem if seconds of the recording do not rise with lines of an untimed source."""
    edition, source = sourced.edition, sourced.source
    if not source or not edition.anchors:
        return
    lines, seconds = list(edition.anchors), list(edition.anchors.values())
    problem = partial(edition.text.problem, edition.offset_of("anchors"))
    if has_times(source):
        yield problem("the source has times of its own", "take anchors: out")
    elif lines[1:] == [] or lines != sorted(lines) or seconds != sorted(set(seconds)):
        yield problem("anchors: needs two lines or more whose seconds rise", "sort them by line")
    elif not 1 <= lines[0] <= lines[-1] <= source.last:
        yield problem("anchors: names a line that the source lacks", f"its last is {source.last}")


def check_furniture(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a warning if furniture stands in the middle of speech."""
    source, edition = sourced.source, sourced.edition
    inside = source.furniture_inside if source else ()
    if source and inside:
        words = " ".join(inside[0].text.split())
        more = f", and {len(inside) - 1} more" if inside[1:] else ""
        left_out = f"{source.unit} {inside[0].line}, “{words[:60]}”{more}"
        what = f"{left_out}, is left out in the middle of speech"
        remedy = "name under furniture: only what nobody said; the page shows all of it"
        offset = edition.offset_of("source", "furniture")
        yield edition.text.problem(offset, what, remedy, warning=True)


def _find_beyond(
    edition: Edition, offset: int, ranges: tuple[str, ...], source: Source
) -> Iterator[Problem]:
    bounds = map(parse_range, ranges)
    last = source.last
    beyond = min((max(first, last + 1) for first, end in bounds if last < end >= first), default=0)
    if beyond:
        what = f"the source has no {source.unit} {beyond}"
        yield edition.text.problem(offset, what, f"its last {source.unit} is {source.last}")


def check_witnesses(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem for each witness that has too few words of its own, or too many."""
    edition = sourced.edition
    read = {BASE: sourced.source, **sourced.witnesses}
    for letter, other in _find_twins([(letter, one) for letter, one in read.items() if one]):
        what = f"witness {letter} is the same text as {other}"
        remedy = "take one of them out: two witnesses are texts of two recognisers"
        yield edition.text.problem(edition.offset_of("witnesses", letter, "file"), what, remedy)
    yield from _check_alike(sourced)
    for number, letter in enumerate(sourced.witnesses if sourced.faithful else ()):
        if not sourced.collation.is_related(number):
            file = edition.witnesses[letter].file
            what = f"{file} has less than half of its words in common with the source"
            remedy = f"see whether witnesses: {letter}: file: names a source of the same talk"
            offset = edition.offset_of("witnesses", letter, "file")
            yield edition.text.problem(offset, what, remedy)


def _check_alike(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a warning for each witness that seems to be of the same recogniser as another."""
    edition = sourced.edition
    read = [*sourced.witnesses.items()] if sourced.faithful else []
    for number, (letter, one) in enumerate(read):
        for before, (other, text) in enumerate(read[:number]):
            enough = len(one.words) > _MOST_ALIKE and one.words.keys != text.words.keys
            if enough and sourced.collation.are_alike(before, number):
                what = f"witness {letter} has 99.5 % of the words of {other}, and its errors"
                remedy = "if both are of one recogniser, they are one witness: take one of them out"
                offset = edition.offset_of("witnesses", letter, "file")
                yield edition.text.problem(offset, what, remedy, warning=True)
                break
