"""What entries of the glossary say: their names, and the dates of their facts."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate

from build_tools.checks.summary import CorpusSummary
from build_tools.model.edition import Span
from build_tools.model.glossary import EVERYWHERE, NEAR, Entry
from build_tools.model.text import Problem
from build_tools.model.theme import Quotation
from build_tools.reading.tree import list_slugs
from build_tools.text.frequencies import read_frequencies
from build_tools.text.nearness import KnownNames
from build_tools.text.wording import MONTHS
from build_tools.text.words import find_keys
from build_tools.transcript.mentions import find_name


def check_forms(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a problem for each name of an entry that an earlier entry has too."""
    claimed: dict[tuple[str, ...], Entry] = {}
    for entry in corpus.content.entries:
        for form in entry.forms:
            other = claimed.setdefault(find_name(form), entry)
            if other.slug != entry.slug:
                offset = max(entry.text.content.find(form), 0)
                what = f"“{form}” is claimed by {other.term} ({other.text.path}) too"
                yield entry.text.problem(offset, what, "leave the name to one of the two entries")


def check_see(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a problem for each name under `see:` that is not the term of an entry."""
    entries = corpus.content.entries
    terms = {entry.term for entry in entries}
    known = KnownNames(sorted(terms))
    for entry in entries:
        key = item = entry.text.content.find("\nsee:") + 1
        for name in entry.see:
            # The names stand in order; after one that is not found as written, stop searching.
            item = entry.text.content.find(name, item) if item >= key else item
            if name not in terms:
                hint = known.ask(name).rstrip() or "write an entry's term, or leave it out"
                yield entry.text.problem(max(item, key), f"see: “{name}” is no entry's term", hint)


def check_only(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a problem for each item under `only:` that is no name or no place where one holds."""
    slugs = {edition.slug for edition in corpus.editions}.union(list_slugs(corpus.left_out))
    known = KnownNames(sorted(slugs))
    for entry in corpus.content.entries:
        content = entry.text.content
        key = content.find("\nonly:") + 1
        for name in entry.limited:
            if name not in entry.forms:
                what = f"only: “{name}” is no name of this entry"
                hint = KnownNames(entry.forms).ask(name).rstrip()
                remedy = hint or "write a name as under term or also"
                yield entry.text.problem(max(content.find(name, key), key), what, remedy)
        for place in dict.fromkeys(place for places in entry.only.values() for place in places):
            if place not in slugs and place != EVERYWHERE and not _is_near(place):
                what = f"only: there is no transcript “{place}”"
                remedy = f"{known.ask(place)}write {NEAR}and a word that tells it, or {EVERYWHERE}"
                offset = max(content.find(place, key), key)
                yield entry.text.problem(offset, what, remedy)


def _is_near(place: str) -> bool:
    return place.startswith(NEAR) and bool(find_keys(place.removeprefix(NEAR)))


# Occurrences in a million above which a name is an ordinary word, and the fewest words of a
# glossary that show its language.
_ORDINARY, _LANGUAGE_WORDS = 3.0, 200


def check_ordinary(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a warning for each name that is an ordinary word or a first name, and has no `only`."""
    entries = corpus.content.entries
    words = [key for entry in entries for key in find_keys(entry.short)]
    if len(words) < _LANGUAGE_WORDS or not (frequencies := read_frequencies()).covers(words):
        return
    for entry in entries:
        first_name = find_keys(entry.term)[:1] if entry.kind == "person" else ()
        for name in entry.forms:
            keys = find_keys(name)
            # A capital behind the first letter, as in APIs, shows that it is no word.
            if len(keys) != 1 or name[1:].lower() != name[1:] or entry.places_of(name):
                continue
            times = frequencies.per_million(keys[0])
            if times >= _ORDINARY or (keys == first_name and name != entry.term):
                what = f"“{name}” is an ordinary word or a first name"
                remedy = f"say where it is this name: only: {{{name}: [a-talk, {NEAR}a word]}}"
                remedy += f"; or [{EVERYWHERE}]"
                also = entry.text.content.find("\nalso:") + 1 if name in entry.also else 0
                offset = max(entry.text.content.find(name, also), 0)
                yield entry.text.problem(offset, what, remedy, warning=True)


_MONTH = "|".join(MONTHS)
# A bare year is often a forecast or a title, unless it stands behind one of these words; what holds
# “as of” a day is what the editors knew then.
_DATE = re.compile(
    rf"\b(as of )?(?:(?:(\d{{1,2}}) )?\b({_MONTH}) |(?:in|since|from) )(2\d{{3}})\b", re.IGNORECASE
)


def check_dates(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a warning for each date in an entry that is later than all of its sources.

    Dates after the day on which an entry was checked are what it looks forward to. A source without
    a date is a page that is kept up to date.
    """
    for entry in corpus.content.entries:
        dates = [source.date for source in entry.sources]
        if not dates or not all(dates):
            continue
        content = entry.text.content
        for found in _DATE.finditer(content, content.index("\n---", 3)):
            as_of, *parts = found.groups()
            told = _read_date(*parts)
            foreseen = as_of or told > (entry.checked or told)
            if not foreseen and all(told[: len(date)] > date for date in dates):
                what = f"“{found[0]}” is later than every source of this entry ({max(dates)})"
                remedy = "name a source of that time, or leave the sentence out"
                yield entry.text.problem(found.start(), what, remedy, warning=True)


# Words that two sentences about one thing share at least, besides short ones.
_SHARED = 4
_SENTENCE = re.compile(r"(?:[^.;?!]|[.;?!](?!\s))+")
_ENTRY = re.compile(r"\.\./glossary/(?P<slug>[^/#]+)\.md")


def check_page_dates(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a warning where a page of then and now dates a thing otherwise than its entry.

    Two sentences are about one thing if the page links the entry and they share enough words.
    """
    entries = {entry.slug: entry for entry in corpus.content.entries}
    list_dated = cache(lambda slug: tuple(_list_dated(entries[slug])) if slug in entries else ())
    for theme in corpus.content.themes:
        blocks = (block for block in theme.blocks if not isinstance(block, Quotation))
        lines = (line for block in blocks for line in block)
        for sentence, spans in (pair for line in lines for pair in _split(line.spans)):
            dates = _find_dates(sentence)
            linked = (_ENTRY.match(span.target) for span in spans)
            for slug in dict.fromkeys(match["slug"] for match in linked if match) if dates else ():
                said, told = _find_conflict(sentence, dates, list_dated(slug))
                if said and told:
                    what = f"“{said}”, but {slug}.md says “{told}”"
                    remedy = "give both the same date, or say what else happened then"
                    yield theme.text.problem(spans[0].offset, what, remedy, warning=True)


def _list_dated(entry: Entry) -> Iterator[tuple[frozenset[str], dict[str, str]]]:
    """The long words and the dates of each sentence of an entry."""
    for paragraph in entry.body:
        for sentence, _ in _split(paragraph.spans):
            yield _find_long(sentence), _find_dates(sentence)


def _split(spans: Sequence[Span]) -> Iterator[tuple[str, list[Span]]]:
    """The sentences of a paragraph, each with the spans that it touches."""
    text, ends = "".join(span.said for span in spans), list(accumulate(len(s.said) for s in spans))
    for found in _SENTENCE.finditer(text):
        own = slice(bisect_right(ends, found.start()), bisect_left(ends, found.end()) + 1)
        yield found[0], list(spans[own])


def _find_long(sentence: str) -> frozenset[str]:
    return frozenset(
        key for key in find_keys(sentence) if len(key) > 4 and key.capitalize() not in MONTHS
    )


def _find_dates(sentence: str) -> dict[str, str]:
    """The dates in a sentence that name a month, each as it is written."""
    found = (match for match in _DATE.finditer(sentence) if match[3])
    return {_read_date(*match.groups()[1:]): match[0] for match in found}


def _find_conflict(
    sentence: str,
    dates: Mapping[str, str],
    told: Sequence[tuple[frozenset[str], Mapping[str, str]]],
) -> tuple[str, str]:
    """A date that an entry does not know, and the one it has of the same thing; "" without one."""
    words = _find_long(sentence)
    known = [date for _, own in told for date in own]
    # The page may say a day without its year: “29 September”.
    others = [
        (len(words & own), written)
        for own, found in told
        for date, written in found.items()
        if written[:-5] not in sentence and not _agree(date, dates)
    ]
    shared, other = max(others, default=(0, ""))
    strange = (written for date, written in dates.items() if not _agree(date, known))
    return (next(strange, ""), other) if shared >= _SHARED else ("", "")


def _agree(date: str, others: Iterable[str]) -> bool:
    """Whether any of some dates is the same as far as both say."""
    return any(one.startswith(date) or date.startswith(one) for one in others)


def _read_date(day: str | None, month: str | None, year: str) -> str:
    """A date as YYYY, YYYY-MM or YYYY-MM-DD.

    >>> _read_date("8", "June", "2026"), _read_date(None, None, "2026")
    ('2026-06-08', '2026')
    """
    if not month:
        return year
    number = MONTHS.index(month.capitalize()) + 1
    return f"{year}-{number:02}" + (f"-{day:>02}" if day else "")
