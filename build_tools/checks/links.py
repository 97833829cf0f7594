"""Links that people write: where they lead, and whether anything is there."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from build_tools.model.edition import Edition, Mark, Span
from build_tools.model.glossary import Entry
from build_tools.model.source import Source
from build_tools.model.text import Place, Problem, Text
from build_tools.text.nearness import KnownNames


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
    targets = _Targets(page, addresses)
    checked = ((link.place, targets.check(link.target)) for link in links)
    wrong = (Problem(place, *problem) for place, problem in checked if problem)
    return islice(wrong, _MOST_TOLD)


# Of a page with so many wrong links, nobody reads more.
_MOST_TOLD = 1000

# So many addresses are compared with the wrong ones of a page to find the nearest.
_COMPARISONS = 1_000_000


class _Targets:
    """What the links of a page may lead to, looked up once for all of them."""

    def __init__(self, page: str, addresses: Addresses) -> None:
        self.page = page
        self.addresses = addresses
        self.anchors: dict[str, frozenset[str]] = {}
        self.left = _COMPARISONS

    @cached_property
    def known(self) -> KnownNames:
        return KnownNames(sorted(self.addresses.pages))

    def check(self, target: str) -> tuple[str, str] | None:
        if target.startswith("https://"):
            return None
        path, _, anchor = target.partition("#")
        if ":" in path or path.startswith("/"):
            return (
                f"the link “{target}” is neither an https address nor a page of this site",
                "write https://… or a relative path such as other-transcript.md#l586",
            )
        resolved = resolve(self.page, path) if path else self.page
        if resolved not in self.addresses.pages:
            near = self.known.find_near(resolved)
            hint = f"did you mean {relative(self.page, near)}?" if near else ""
            return f"the link “{target}” leads to no page", hint or "see docs/ for what there is"
        anchors = self._anchors_of(resolved) if anchor else ()
        if anchors and anchor not in anchors:
            nearest = self._nearest(anchors, anchor)
            return (
                f"the link “{target}” leads to no address of that transcript",
                f"the nearest is {path}#{nearest}" if nearest else "see the addresses of its lines",
            )
        return None

    def _anchors_of(self, path: str) -> frozenset[str]:
        if path not in self.anchors:
            self.anchors[path] = frozenset(self.addresses.anchors.get(path, "").split())
        return self.anchors[path]

    def _nearest(self, anchors: Collection[str], wanted: str) -> str:
        self.left -= len(anchors)
        if self.left < 0:
            return ""
        return min(anchors, key=lambda known: (_distance(known, wanted), known))


def _distance(known: str, wanted: str) -> float:
    number = [
        int("".join(filter(str.isdecimal, part.split("-")[0])) or 0) for part in (known, wanted)
    ]
    return abs(number[0] - number[1]) if known[:1] == wanted[:1] else float("inf")


def check_see(entries: Iterable[Entry]) -> Iterator[Problem]:
    """Names under `see:` that are no entry's term."""
    entries = tuple(entries)
    terms = {entry.term for entry in entries}
    known = KnownNames(sorted(terms))
    for entry in entries:
        key = item = entry.text.content.find("\nsee:") + 1
        for name in entry.see:
            # Names stand in their order; where one is not found as it is written, none is looked
            # for any more.
            item = entry.text.content.find(name, item) if item >= key else item
            if name not in terms:
                near = known.find_near(name)
                hint = f"did you mean {near}?" if near else "write an entry's term, or leave it out"
                yield entry.text.problem(max(item, key), f"see: “{name}” is no entry's term", hint)


def resolve(page: str, path: str) -> str:
    """The path below docs/ of what a page's relative path names."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), path))


def relative(page: str, path: str) -> str:
    """How a page names another path below docs/."""
    return posixpath.relpath(path, posixpath.dirname(page) or ".")
