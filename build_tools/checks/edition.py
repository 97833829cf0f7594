"""Checks of one edition with its sources: marks, speakers, and lines that its head names."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from build_tools.checks.fidelity import MOST_GAINED, MOST_SAID
from build_tools.model.edition import (
    BASE,
    UNKNOWN_VOICE,
    Edition,
    Evidence,
    Footnote,
    Kind,
    Mark,
    PlacedSpan,
    Span,
)
from build_tools.model.front_matter import expand_ranges, parse_range
from build_tools.model.source import Source
from build_tools.model.text import Problem, Words
from build_tools.model.transcript import PlacedParagraph
from build_tools.reading.tree import SourcedEdition
from build_tools.sources.cue_times import has_times
from build_tools.sources.labels import MOST_CHARACTERS, is_speaker_name
from build_tools.text.wording import one_line
from build_tools.text.words import find_keys
from build_tools.transcript.alignment import place_paragraphs

# One other recogniser may have made the same error.
_LEAST_WITNESSES = 2
_COLON = re.compile("[:：﹕︓∶꞉ː]")
_WORDS_SHOWN = 6
# Two recognisers do not write so many words alike.
_MOST_ALIKE = 100


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


def check_speakers(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem for each declared name that is no name, or the name of another speaker."""
    edition = sourced.edition
    for short, full in edition.speakers.items():
        meant = _find_full_name(short, edition.speakers)
        if meant and meant != full and not set(find_keys(short)) & set(find_keys(full)):
            what = f"“{short}” stands for {full}, and another speaker is {meant}"
            yield edition.problem(("speakers", short), what, f"write {short}: {meant}")
        for name in (one for one in dict.fromkeys((short, full)) if not is_speaker_name(one)):
            what = f"“{name[:MOST_CHARACTERS]}” is no name of a speaker"
            remedy = f"write a name of at most {MOST_CHARACTERS} characters, without ! ? or ;"
            yield edition.problem(("speakers", short), what, remedy)


def check_introduction(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem for each line of the introduction that looks like a turn."""
    edition = sourced.edition
    names = {find_keys(name) for both in edition.speakers.items() for name in both}
    for paragraph in edition.introduction:
        words = "".join(span.said for span in paragraph.spans)
        for line in words.splitlines():
            name, *behind = _COLON.split(line.strip(), maxsplit=1)
            if behind and find_keys(name) in names:
                what = f"the introduction puts words into the mouth of {name.strip()}"
                remedy = "write this differently: speech begins at the first ## or **Name:**"
                yield edition.text.problem(paragraph.offset, what, remedy)


def check_attribution(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem for each paragraph given to another than its source names, unexplained."""
    edition, source = sourced.edition, sourced.source
    if not source or not sourced.faithful or not any(cue.speaker for cue in source.cues):
        return
    placed = list(place_paragraphs(edition, sourced.rejected))
    names = _name_labels(edition, source, placed)
    explained = False
    for paragraph, place in zip(edition.paragraphs, placed, strict=True):
        explained = bool(place.notes) if place.names_speaker else explained
        given = place.speaker or UNKNOWN_VOICE
        if explained or not (place.speaker or place.is_unknown):
            continue
        for label, first, end in _labelled_words(source, place):
            if names[label] != given:
                words = " ".join(source.slice(first, min(end, first + _WORDS_SHOWN)).split())
                where = f"“{words}” (line {source.cue_at(first).line})"
                other = place.speaker or "an unknown voice"
                what = f"the source gives {where} to {label}, the edition to {other}"
                remedy = f"write **{given}:**[^who] and a line [^who]: speaker: reason; "
                remedy += f"or give these words to **{names[label]}:**"
                yield edition.text.problem(paragraph.offset, what, remedy)
                break


def _labelled_words(source: Source, place: PlacedParagraph) -> Iterator[tuple[str, int, int]]:
    words = range(place.first_word, place.end_word)
    for label, run in groupby(words, key=lambda word: source.cue_at(word).speaker):
        own = list(run)
        if label:
            yield label, own[0], own[-1] + 1


def _name_labels(
    edition: Edition, source: Source, placed: Iterable[PlacedParagraph]
) -> dict[str, str]:
    """Map each label of the source to the name that it is, or that has most of its words."""
    words: dict[str, Counter[str]] = {cue.speaker: Counter() for cue in source.cues if cue.speaker}
    for place in placed:
        if place.speaker and not place.notes:
            for label, first, end in _labelled_words(source, place):
                words[label][place.speaker] += end - first
    names = {}
    for label, counts in words.items():
        usual = next((name for name, _ in counts.most_common(1)), label)
        # What a label means is told only where it is no speaker's name.
        told = (label, edition.source.labels.get(label) or label)
        found = (_find_name(name, edition.speakers) for name in told)
        names[label] = next(filter(None, found), usual)
    return names


def _find_full_name(short: str, speakers: Mapping[str, str]) -> str:
    own = set(find_keys(short))
    alike = {full for full in speakers.values() if own and own <= set(find_keys(full))}
    return alike.pop() if len(alike) == 1 else ""


def _find_name(label: str, speakers: Mapping[str, str]) -> str:
    """The declared short name that is a label or shares all words of one of the two, or ""."""
    meant, full_name = label.casefold(), _find_full_name(label, speakers)
    pairs = speakers.items()
    same = (short for short, full in pairs if meant in (short.casefold(), full.casefold()))
    return next(same, "") or next((short for short, full in pairs if full == full_name), "")


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
