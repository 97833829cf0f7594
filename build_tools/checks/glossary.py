"""What entries of the glossary say: their names, and the dates of their facts."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import NamedTuple

from build_tools.checks.summary import CorpusSummary
from build_tools.model.edition import Span
from build_tools.model.glossary import EVERY_NAME, EVERYWHERE, NEAR, Entry
from build_tools.model.text import Problem, Text
from build_tools.model.theme import Quotation
from build_tools.reading.tree import list_slugs
from build_tools.text.frequencies import read_frequencies
from build_tools.text.nearness import KnownNames
from build_tools.text.wording import MONTHS
from build_tools.text.words import find_keys
from build_tools.transcript.mentions import find_name

# Occurrences in a million above which a name is an ordinary word, and the fewest words of a
# glossary that show its language.
_ORDINARY, _LANGUAGE_WORDS = 3.0, 200
_MONTH = "|".join(MONTHS)
# A bare year is often a forecast or a title, unless it stands behind one of these words; what holds
# “as of” a day is what the editors knew then.
_DATE = re.compile(
    rf"\b(as of )?(?:(?:(\d{{1,2}}) )?\b({_MONTH}) |(?:in|since|from) )(2\d{{3}})\b", re.IGNORECASE
)
# Words that two sentences about one thing share at least, besides short ones.
_SHARED = 4
_SENTENCE = re.compile(r"(?:[^.;?!]|[.;?!](?!\s))+")
_ENTRY = re.compile(r"\.\./glossary/(?P<slug>[^/#]+)\.md")


def find_item(text: Text, key: str, item: str) -> int:
    """The offset of an item below a key of front matter, or of the key."""
    start = text.content.find(f"\n{key}:") + 1
    return max(text.content.find(item, start), start)


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
    """Yield a problem for each name under `see:` or `entries:` that is not the term of an entry."""
    terms = {entry.term for entry in corpus.content.entries}
    known = KnownNames(sorted(terms))
    listed = [(one.text, "see", name) for one in corpus.content.entries for name in one.see]
    themes = corpus.content.themes
    listed += [(one.text, "entries", name) for one in themes for name in one.entries]
    for text, key, name in listed:
        if name not in terms:
            hint = known.ask(name).rstrip() or "write an entry's term, or leave it out"
            what = f"{key}: “{name}” is no entry's term"
            yield text.problem(find_item(text, key, name), what, hint)


def check_only(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a problem for each item under `only:` that is no name or no place where one holds."""
    slugs = {edition.slug for edition in corpus.editions}.union(list_slugs(corpus.left_out))
    known = KnownNames(sorted(slugs))
    for entry in corpus.content.entries:
        for name in entry.only:
            if name not in (*entry.forms, EVERY_NAME):
                what = f"only: “{name}” is no name of this entry"
                hint = KnownNames(entry.forms).ask(name).rstrip()
                remedy = hint or "write a name as under term or also"
                yield entry.text.problem(find_item(entry.text, "only", name), what, remedy)
        for place in dict.fromkeys(place for places in entry.only.values() for place in places):
            is_near = place.startswith(NEAR) and find_keys(place.removeprefix(NEAR))
            if not (place in slugs or place == EVERYWHERE or is_near):
                what = f"only: there is no transcript “{place}”"
                remedy = f"{known.ask(place)}write {NEAR}and a word that tells it, or {EVERYWHERE}"
                yield entry.text.problem(find_item(entry.text, "only", place), what, remedy)


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
                offset = find_item(entry.text, "also" if name in entry.also else "term", name)
                yield entry.text.problem(offset, what, remedy, warning=True)


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


def check_page_dates(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a warning where a page dates a thing otherwise than the entry that it links."""
    entries = {entry.slug: entry for entry in corpus.content.entries}
    list_told = cache(lambda slug: _read_sentences(one.spans for one in entries[slug].body))
    for theme in corpus.content.themes:
        blocks = (block for block in theme.blocks if not isinstance(block, Quotation))
        for line in (line for block in blocks for line in block):
            links = (_ENTRY.match(span.target) for span in line.spans)
            linked = dict.fromkeys(match["slug"] for match in links if match)
            named = [slug for slug in linked if slug in entries]
            pairs = product(named, _read_sentences([line.spans]) if named else ())
            for slug, sentence in pairs:
                said, other = _find_conflict(sentence, list_told(slug))
                if said and other:
                    what = f"“{said}”, but {slug}.md says “{other}”"
                    remedy = "give both the same date, or say what else happened then"
                    yield theme.text.problem(line.spans[0].offset, what, remedy, warning=True)


class _Sentence(NamedTuple):
    """A sentence, its long words, and its dates that name a month, each as it is written."""

    text: str
    words: frozenset[str]
    dates: Mapping[str, str]


def _read_sentences(paragraphs: Iterable[Sequence[Span]]) -> list[_Sentence]:
    sentences = []
    texts = ("".join(span.said for span in spans) for spans in paragraphs)
    for sentence in (one for text in texts for one in _SENTENCE.findall(text)):
        keys = (key for key in find_keys(sentence) if len(key) > 4)
        words = frozenset(key for key in keys if key.capitalize() not in MONTHS)
        found = (match for match in _DATE.finditer(sentence) if match[3])
        dates = {_read_date(*match.groups()[1:]): match[0] for match in found}
        sentences.append(_Sentence(sentence, words, dates))
    return sentences


def _find_conflict(said: _Sentence, told: Sequence[_Sentence]) -> tuple[str, str]:
    known = [date for sentence in told for date in sentence.dates]
    strange = (written for date, written in said.dates.items() if not _agree(date, known))
    # The page may say a day without its year: “29 September”.
    others = [
        (len(said.words & sentence.words), written)
        for sentence in told
        for date, written in sentence.dates.items()
        if written[:-5] not in said.text and not _agree(date, said.dates)
    ]
    shared, other = max(others, default=(0, ""))
    return (next(strange, ""), other) if shared >= _SHARED else ("", "")


def _agree(date: str, others: Iterable[str]) -> bool:
    return any(one.startswith(date) or date.startswith(one) for one in others)


def _read_date(day: str | None, month: str | None, year: str) -> str:
    """A date as YYYY, YYYY-MM or YYYY-MM-DD."""
    if not month:
        return year
    number = MONTHS.index(month.capitalize()) + 1
    return f"{year}-{number:02}" + (f"-{day:>02}" if day else "")
