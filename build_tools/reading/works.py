"""The list of works in `works.json`, in CSL-JSON, cited by keys in entries and footnotes."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter

from build_tools.model.edition import Footnote, Span
from build_tools.model.glossary import Entry, Reference
from build_tools.model.text import Parsed, Problem, Text
from build_tools.text.characters import REMEDY_MISPLACED, find_misplaced
from build_tools.text.nearness import KnownNames
from build_tools.text.wording import one_line, render_date

WORKS = "works.json"
Works = Mapping[str, Reference]
_REFERENCE = TypeAdapter(Reference)
_CITED = re.compile(r"\[@(?P<key>[^\]\[\s]{1,100})\]")
_SHAPE = 'write a list of works: [{"id": "olah-2020", "title": "Zoom In"}]'
_REMEDY = (
    'write "id" with a key of its own, "title", "author", "publisher", "issued" and "URL" as '
    "CSL-JSON has them, with https"
)
# Fields of CSL by those of a reference; the first that is there counts.
_FIELDS = {
    "title": ("title",),
    "publisher": ("publisher", "container-title"),
    "url": ("URL",),
    "archived": ("archive_location",),
}


def parse_works(text: Text) -> Parsed[Works]:
    """The works by key, and a problem for each that cannot be read."""
    content = text.content
    try:
        items = json.loads(content) if content.strip() else []
    except (ValueError, RecursionError) as error:
        what = f"this is not JSON: {getattr(error, 'msg', 'a number or a list is too large')}"
        return Parsed({}, (text.problem(getattr(error, "pos", 0), what, _SHAPE),))
    if not isinstance(items, list):
        return Parsed({}, (text.problem(0, "this is no list of works", _SHAPE),))
    works: dict[str, Reference] = {}
    problems, position = [], 0
    for item in items:
        key = str(item.get("id", "")) if isinstance(item, dict) else ""
        position = max(content.find(json.dumps(key, ensure_ascii=False), position + 1), position)
        try:
            work = _REFERENCE.validate_python(_read_fields(item))
        except (AttributeError, ArithmeticError, LookupError, TypeError, ValueError):
            work = None
        if not work or not key or key in works:
            what = f"“{key}” is no work with a key of its own"
            problems.append(text.problem(position, what, _REMEDY))
            continue
        works[key] = work
        for _, name in find_misplaced("\n\n".join(astuple(work))):
            what = f"the character {name} in “{key}” has no place there"
            problems.append(text.problem(position, what, REMEDY_MISPLACED))
    return Parsed(works, tuple(problems))


def _read_fields(item: Mapping[str, Any]) -> dict[str, str]:
    found = {
        name: next((item[key] for key in keys if key in item), "") for name, keys in _FIELDS.items()
    }
    *most, last = [_join_name(one) for one in item.get("author", ())] or [""]
    found["author"] = f"{', '.join(most)} and {last}" if most else last
    issued = item.get("issued", {})
    parts = [int(part) for part in issued.get("date-parts", [[]])[0]]
    day = "-".join(f"{part:02}" for part in parts) or issued.get("raw", issued.get("literal", ""))
    return found | {"date": day}


def _join_name(name: Mapping[str, str]) -> str:
    given = (name.get(part, "") for part in ("given", "non-dropping-particle", "family"))
    return name.get("literal") or " ".join(filter(None, given))


@lru_cache(maxsize=2)
def _load(data: bytes) -> Mapping[str, object]:
    try:
        items = json.loads(data)
        return MappingProxyType({str(item["id"]): item for item in items})
    except (ValueError, TypeError, KeyError, RecursionError):
        return {}


def select_works(data: bytes, edition: bytes) -> bytes:
    """The works that an edition cites, as a file; b"" without any."""
    cited = dict.fromkeys(_CITED.findall(edition.decode(errors="replace")))
    works = _load(data) if cited else {}
    found = [works[key] for key in cited if key in works]
    return json.dumps(found).encode() if found else b""


def cite_in_entries(
    entries: Iterable[Entry], works: Works
) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """The entries with the works that they cite among their sources, and unknown keys."""
    known, cited, problems = KnownNames(sorted(works)), [], []
    for entry in entries:
        found = tuple(works[key] for key in entry.works if key in works)
        cited.append(replace(entry, sources=(*found, *entry.sources)) if found else entry)
        start = entry.text.content.find("\nworks:") + 1
        for key in (one for one in entry.works if one not in works):
            offset = max(entry.text.content.find(key, start), start)
            problems.append(_unknown(entry.text, offset, key, known))
    return tuple(cited), tuple(problems)


def _unknown(text: Text, offset: int, key: str, known: KnownNames) -> Problem:
    what, hint = f"there is no work “{key}” in {WORKS}", known.ask(key).rstrip()
    return text.problem(offset, what, hint or f"add it to {WORKS}, or write the source out")


def cite_in_footnotes(
    footnotes: Iterable[Footnote], works: Works, text: Text
) -> tuple[tuple[Footnote, ...], tuple[Problem, ...]]:
    """The footnotes with works in place of their keys, and unknown keys."""
    known, problems, cited = KnownNames(sorted(works)), [], []
    for footnote in footnotes:
        spans: list[Span] = []
        for span in footnote.reason:
            found = None if span.target else _CITED.fullmatch(span.said)
            if not found:
                spans.append(span)
            elif found["key"] in works:
                spans += _write_work(works[found["key"]], span)
            else:
                problems.append(_unknown(text, footnote.offset, found["key"], known))
        cited.append(replace(footnote, reason=tuple(spans)))
    return tuple(cited), tuple(problems)


def _write_work(work: Reference, span: Span) -> Iterator[Span]:
    title, facts = one_line(work.title), (work.author, work.publisher, render_date(work.date))
    yield span._replace(heard=title, said=title, target=work.url, emphasis=True)
    if rest := "".join(f", {fact}" for fact in map(one_line, facts) if fact):
        yield span._replace(heard=rest, said=rest)
