"""Marks: each stands around whole words, and changes no more words than one mark may."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from build_tools.checks.fidelity import MOST_GAINED, MOST_SAID
from build_tools.model.edition import Evidence, Footnote, Kind, Mark, PlacedSpan, Span
from build_tools.model.text import Problem, Words
from build_tools.reading.tree import SourcedEdition
from build_tools.text.wording import one_line
from build_tools.text.words import find_keys

# One other recogniser may have made the same error.
_LEAST_WITNESSES = 2


def check_edges(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem for each mark that joins or splits a word outside it."""
    edition, rejected = sourced.edition, sourced.rejected
    is_change = [placed.span.mark is Mark.CHANGE for placed in rejected.spans]
    for number, placed in enumerate(rejected.spans):
        if not is_change[number]:
            continue
        # Two marks side by side may share a word: no part of it is outside.
        begins = not any(is_change[max(number - 1, 0) : number])
        ends = not any(is_change[number + 1 : number + 2])
        heard = [placed.heard_start] * begins + [placed.heard_end] * ends
        shown = [placed.said_start] * begins + [placed.said_end] * ends
        if _cut_word(rejected.words, heard) or _cut_word(rejected.said_words, shown):
            what = "this mark joins or splits a word outside it"
            remedy = "put whole words into the mark, and leave a blank on both sides of it"
            yield edition.text.problem(placed.span.offset, what, remedy)


def _cut_word(words: Words, edges: Iterable[int]) -> bool:
    numbers = ((edge, bisect_right(words.starts, edge) - 1) for edge in edges)
    return any(n >= 0 and words.starts[n] < edge < words.ends[n] for edge, n in numbers)


def check_bounds(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem for each long change outside reviewed lines."""
    edition = sourced.edition
    for placed in sourced.rejected.spans:
        if placed.span.mark is not Mark.CHANGE:
            continue
        said, heard = (len(find_keys(text)) for text in (placed.span.said, placed.span.heard))
        short = said <= MOST_SAID and said - heard <= MOST_GAINED
        if not short and not _is_reviewed(sourced, placed):
            most = f"{MOST_SAID} words, and {MOST_GAINED} more than were heard, are the most"
            what = f"this mark puts {said} words in the place of {heard}; {most}"
            remedy = "mark single words, ask in a doubt, or name the lines under reviewed: once "
            remedy += "somebody has compared them with the recording"
            yield edition.text.problem(placed.span.offset, what, remedy)


def check_certainty(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a warning for each change that is certain in one place and a conjecture in another."""
    edition = sourced.edition
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], Footnote] = {}
    for placed in sourced.rejected.spans:
        if not placed.reason or not placed.span.heard or not placed.span.said:
            continue
        pair = tuple(find_keys(placed.span.heard)), tuple(find_keys(placed.span.said))
        other = found.setdefault(pair, placed.reason)
        if other.conjecture is not placed.reason.conjecture:
            what = f"{_show(placed.span)} is certain in one place and a conjecture in another"
            remedy = f"give [^{other.label}] and [^{placed.reason.label}] the same certainty"
            yield edition.text.problem(placed.span.offset, what, remedy, warning=True)


def check_reuse(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a warning for each change that has the footnote of another name or term."""
    first: dict[str, Span] = {}
    for span, *_, reason in sourced.rejected.spans:
        if not reason or not span.said or reason.kind not in (Kind.NAME, Kind.TERM):
            continue
        other = first.setdefault(reason.label, span)
        told = "".join(part.said for part in reason.reason)
        first_words, own = (find_keys(f"{one.heard} {one.said}") for one in (other, span))
        reasons = find_keys(told)
        # A reason that does not name its word may hold for several.
        if {*first_words}.intersection(reasons) and {*first_words, *reasons}.isdisjoint(own):
            what = f"footnote {reason.label} is about {_show(other)}, and behind {_show(span)}"
            remedy = "give this one its own, with its own label: [^why]: kind, evidence: reason"
            yield sourced.edition.text.problem(span.offset, what, remedy, warning=True)


def check_evidence(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem for each certain change by witnesses that fewer than two of them have."""
    edition, words = sourced.edition, sourced.rejected.words
    if not sourced.faithful or len(sourced.witnesses) < len(edition.witnesses):
        return
    for placed in sourced.rejected.spans:
        span, reason = placed.span, placed.reason
        if not reason or reason.evidence is not Evidence.WITNESS or reason.conjecture:
            continue
        edges = (placed.heard_start, placed.heard_end)
        first, end = (bisect_left(words.starts, edge) for edge in edges)
        said, read = find_keys(span.said), enumerate(sourced.witnesses)
        has = [name for one, name in read if sourced.collation.has_reading(one, first, end, said)]
        if len(has) < _LEAST_WITNESSES:
            shown = f"“{' '.join(span.said.split())}”" if said else "nothing"
            who = f"of the witnesses only {has[0]}" if has else "no witness"
            what = f"footnote {reason.label} is certain, and {who} has {shown} here"
            remedy = f"write [^{reason.label}]: {reason.kind}?, witness: or name two that have it"
            yield edition.text.problem(span.offset, what, f"{remedy} under witnesses:")


def _show(span: Span) -> str:
    return f"“{one_line(span.heard)}” → “{one_line(span.said)}”"


def _is_reviewed(sourced: SourcedEdition, placed: PlacedSpan) -> bool:
    source, words = sourced.source, sourced.rejected.words
    if not source or not source.words:
        return False
    word = min(bisect_left(words.starts, placed.heard_start), len(source.words) - 1)
    return source.cue_at(word).line in sourced.edition.reviewed_lines()
