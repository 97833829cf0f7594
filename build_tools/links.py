"""Links that people write: where they lead, and whether anything is there."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from rapidfuzz import process

from build_tools.model import Edition, Entry, Mark, Place, Problem, Source, Span, Text


class Addresses(NamedTuple):
    """What can be linked to: all paths below docs/, and by path the addresses in transcripts."""

    pages: frozenset[str]
    anchors: Mapping[str, str]


class Link(NamedTuple):
    """A link that somebody wrote, and where."""

    target: str
    place: Place


def join_addresses(source: Source) -> str:
    """The addresses of all cues, parted by blanks: of a collection they are too many for a set."""
    return " ".join(cue.address for cue in source.cues)


def edition_links(edition: Edition) -> Iterator[Span]:
    """Every span of an edition that is a link, those of its footnotes and introduction included."""
    for paragraph in (*edition.introduction, *edition.paragraphs):
        yield from (span for span in paragraph.spans if span.target)
    for chapter in edition.chapters:
        yield from (span for span in chapter.summary if span.target)
    for footnote in edition.footnotes:
        yield from (span for span in footnote.reason if span.target)


def entry_links(entry: Entry) -> Iterator[Span]:
    """Every span of an entry that is a link."""
    return (span for paragraph in entry.body for span in paragraph.spans if span.target)


def list_links(text: Text, spans: Iterable[Span]) -> tuple[Link, ...]:
    """The links that spans of a file are, each once."""
    links = {(span.offset, span.target): span for span in spans if span.mark is not Mark.NOTE}
    return tuple(Link(target, text.place(offset)) for offset, target in links)


def check_links(page: str, links: Iterable[Link], addresses: Addresses) -> Iterator[Problem]:
    """Links of a page that lead nowhere, or where no link may lead."""
    for link in links:
        problem = _check_target(page, link.target, addresses)
        if problem:
            yield Problem(link.place, *problem)


def _check_target(page: str, target: str, addresses: Addresses) -> tuple[str, str] | None:
    if target.startswith("https://"):
        return None
    path, _, anchor = target.partition("#")
    if ":" in path or path.startswith("/"):
        return (
            f"the link “{target}” is neither an https address nor a page of this site",
            "write https://… or a relative path such as other-transcript.md#l586",
        )
    resolved = resolve(page, path) if path else page
    if resolved not in addresses.pages:
        near = process.extractOne(resolved, sorted(addresses.pages), score_cutoff=60)
        hint = f"did you mean {relative(page, near[0])}?" if near else "see docs/ for what there is"
        return f"the link “{target}” leads to no page", hint
    anchors = addresses.anchors.get(resolved, "").split() if anchor else ()
    if anchors and anchor not in anchors:
        nearest = min(anchors, key=lambda known: (_distance(known, anchor), known))
        return (
            f"the link “{target}” leads to no address of that transcript",
            f"the nearest is {path}#{nearest}",
        )
    return None


def _distance(known: str, wanted: str) -> float:
    number = [
        int("".join(filter(str.isdecimal, part.split("-")[0])) or 0) for part in (known, wanted)
    ]
    return abs(number[0] - number[1]) if known[:1] == wanted[:1] else float("inf")


def check_see(entries: Iterable[Entry]) -> Iterator[Problem]:
    """Names under `see:` that are no entry's term."""
    entries = tuple(entries)
    terms = {entry.term for entry in entries}
    for entry in entries:
        for name in entry.see:
            if name not in terms:
                near = process.extractOne(name, sorted(terms), score_cutoff=60)
                hint = (
                    f"did you mean {near[0]}?" if near else "write an entry's term, or leave it out"
                )
                key = entry.text.content.find("\nsee:") + 1
                item = entry.text.content.find(name, key)
                yield entry.text.problem(max(item, key), f"see: “{name}” is no entry's term", hint)


def resolve(page: str, path: str) -> str:
    """The path below docs/ of what a page's relative path names."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), path))


def relative(page: str, path: str) -> str:
    """How a page names another path below docs/."""
    return posixpath.relpath(path, posixpath.dirname(page) or ".")
