"""Atom feeds (RFC 4287) of transcripts and of corrections, for a site whose address is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple
from urllib.parse import quote
from xml.etree import ElementTree as ET

from build_tools.model.edition import Edition
from build_tools.model.site import SiteIdentity
from build_tools.model.transcript import Correction
from build_tools.text.urls import page_address
from build_tools.text.wording import (
    one_line,
    plain_text,
    render_address,
    render_date,
    render_moment,
)
from build_tools.transcript.statements import with_certainty

TRANSCRIPTS_FEED = "feed.xml"
CORRECTIONS_FEED = "corrections.xml"
# A reader of feeds fetches the whole of one each time, and shows what it has not shown before; what
# is older stands on the lists.
NEWEST_TRANSCRIPTS = 100
NEWEST = 300

_ATOM = "http://www.w3.org/2005/Atom"


class _Item(NamedTuple):
    """An entry of a feed; `link` is where it is read, `identity` never changes."""

    title: str
    identity: str
    link: str
    updated: str
    summary: str
    published: str = ""
    text: str = ""
    people: tuple[str, ...] = ()


def render_transcripts_feed(masthead: SiteIdentity, editions: Iterable[Edition]) -> str:
    """`feed.xml`: the transcripts last put up, the newest first, at most `NEWEST_TRANSCRIPTS`."""
    newest_first = sorted(
        editions,
        key=lambda edition: (edition.published or edition.date, edition.slug),
        reverse=True,
    )
    return _render_feed(
        masthead,
        TRANSCRIPTS_FEED,
        "Transcripts",
        "transcripts/index.md",
        [_transcript(masthead, edition) for edition in newest_first[:NEWEST_TRANSCRIPTS]],
    )


def _transcript(masthead: SiteIdentity, edition: Edition) -> _Item:
    page = masthead.url + page_address(edition.path)
    facts = ", ".join(filter(None, (edition.event, render_date(edition.date))))
    return _Item(
        title=edition.title,
        identity=page,
        link=page,
        updated=_last_change(edition),
        summary=". ".join(filter(None, (facts, edition.description))),
        published=edition.published or edition.date,
        text=f"{page}transcript.txt",
        people=tuple(name for _, name in edition.speakers),
    )


def render_corrections_feed(
    masthead: SiteIdentity, registers: Iterable[tuple[Edition, Callable[[], Sequence[Correction]]]]
) -> str:
    """`corrections.xml`: the corrections of the editions that changed last, at most `NEWEST`.

    Within an edition they stand in the order of the talk: nobody writes down when each was made.
    The register of one that is not needed is not fetched.
    """
    newest_first = sorted(
        registers, key=lambda item: (_last_change(item[0]), item[0].slug), reverse=True
    )
    items: list[_Item] = []
    for edition, fetch in newest_first:
        if len(items) == NEWEST:
            break
        items += _corrections(masthead, edition, fetch()[: NEWEST - len(items)])
    return _render_feed(masthead, CORRECTIONS_FEED, "Corrections", "corrections.md", items)


def _corrections(
    masthead: SiteIdentity, edition: Edition, corrections: Sequence[Correction]
) -> Iterable[_Item]:
    page = masthead.url + page_address(edition.path)
    seen: Counter[str] = Counter()
    for correction in corrections:
        link = f"{page}#{correction.address}"
        # What was heard and said tells the corrections of one line apart, and so their identities
        # hold when another is made beside them.
        identity = "/".join(
            (link, quote(correction.heard, safe=""), quote(correction.said, safe=""))
        )
        seen[identity] += 1
        again = f"/{seen[identity]}" if seen[identity] > 1 else ""
        place = render_address(correction.time, correction.address)
        yield _Item(
            title=f"{_quoted(correction.heard)} → {_quoted(correction.said)}",
            identity=identity + again,
            link=link,
            updated=_last_change(edition),
            summary=f"{edition.title}, {place}. Heard {_quoted(correction.heard)}, "
            f"said {_quoted(correction.said)}. {_reason(correction)}",
        )


def _quoted(words: str) -> str:
    return f"“{' '.join(words.split())}”" if words else "nothing"


def _reason(correction: Correction) -> str:
    kind = with_certainty(correction.kind.label, conjecture=correction.conjecture)
    return f"{kind}: {plain_text(correction.footnotes[0].reason)}"


def _last_change(edition: Edition) -> str:
    return edition.updated or edition.published or edition.date


def _render_feed(
    masthead: SiteIdentity, path: str, title: str, page: str, items: Sequence[_Item]
) -> str:
    address = masthead.url + path
    feed = ET.Element("feed", xmlns=_ATOM)
    _add(feed, "title", f"{masthead.name}: {title}")
    _add(feed, "id", address)
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=address)
    ET.SubElement(
        feed, "link", rel="alternate", type="text/html", href=masthead.url + page_address(page)
    )
    # A feed without an entry changed last before there were feeds.
    _add(
        feed,
        "updated",
        max((render_moment(item.updated) for item in items), default=render_moment("1970")),
    )
    _add(ET.SubElement(feed, "author"), "name", masthead.name)
    for item in items:
        _add_item(feed, item)
    ET.indent(feed, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(feed, encoding="unicode")}\n'


def _add_item(feed: ET.Element, item: _Item) -> None:
    entry = ET.SubElement(feed, "entry")
    _add(entry, "title", item.title)
    _add(entry, "id", item.identity)
    ET.SubElement(entry, "link", rel="alternate", type="text/html", href=item.link)
    if item.text:
        ET.SubElement(entry, "link", rel="alternate", type="text/plain", href=item.text)
    if item.published:
        _add(entry, "published", render_moment(item.published))
    _add(entry, "updated", render_moment(item.updated))
    for name in item.people:
        _add(ET.SubElement(entry, "contributor"), "name", name)
    _add(entry, "summary", item.summary)


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = one_line(text)
