"""Atom feeds (RFC 4287) of transcripts and of corrections, for a site whose address is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple
from urllib.parse import quote
from xml.etree import ElementTree as ET

from build_tools.metadata.citation import last_change, render_summary
from build_tools.model.address import split_address
from build_tools.model.edition import Edition
from build_tools.model.site import SiteIdentity
from build_tools.model.transcript import Remark
from build_tools.text.urls import page_address
from build_tools.text.wording import one_line, plain_text, render_address, render_moment
from build_tools.transcript.statements import describe_reason

TRANSCRIPTS_FEED = "feed.xml"
CORRECTIONS_FEED = "corrections.xml"
# Feed readers fetch a whole feed each time, so older items are only on the lists.
MOST_TRANSCRIPTS = 100
MOST_CORRECTIONS = 300

_ATOM = "http://www.w3.org/2005/Atom"


class _Item(NamedTuple):
    """An entry of a feed; `link` is the address of its page, `identity` never changes."""

    title: str
    identity: str
    link: str
    updated: str
    summary: str
    published: str = ""
    text: str = ""
    people: tuple[str, ...] = ()


def render_transcripts_feed(masthead: SiteIdentity, editions: Iterable[Edition]) -> str:
    """`feed.xml`: the last `MOST_TRANSCRIPTS` transcripts that were published, the newest first."""
    newest_first = sorted(
        editions, key=lambda one: (one.published or one.date, one.slug), reverse=True
    )
    items = [_transcript_item(masthead, one) for one in newest_first[:MOST_TRANSCRIPTS]]
    return _render_feed(masthead, TRANSCRIPTS_FEED, "Transcripts", "transcripts/index.md", items)


def _transcript_item(masthead: SiteIdentity, edition: Edition) -> _Item:
    page = masthead.url + page_address(edition.path)
    return _Item(
        title=edition.title,
        identity=page,
        link=page,
        updated=last_change(edition),
        summary=render_summary(edition),
        published=edition.published or edition.date,
        text=f"{page}transcript.txt",
        people=tuple(edition.speakers.values()),
    )


def render_corrections_feed(
    masthead: SiteIdentity, editions: Iterable[tuple[Edition, Callable[[], Sequence[Remark]]]]
) -> str:
    """`corrections.xml`: `MOST_CORRECTIONS` corrections of the editions that changed last.

    Those of an edition are in the order of the talk, since they have no dates. The function of an
    edition that gives its corrections is called only if they are needed.
    """
    newest_first = sorted(
        editions, key=lambda item: (last_change(item[0]), item[0].slug), reverse=True
    )
    items: list[_Item] = []
    for edition, fetch in newest_first:
        if len(items) == MOST_CORRECTIONS:
            break
        items += _correction_items(masthead, edition, fetch()[: MOST_CORRECTIONS - len(items)])
    return _render_feed(masthead, CORRECTIONS_FEED, "Corrections", "corrections.md", items)


def _correction_items(
    masthead: SiteIdentity, edition: Edition, corrections: Sequence[Remark]
) -> Iterable[_Item]:
    page = masthead.url + page_address(edition.path)
    seen: Counter[str] = Counter()
    for correction in corrections:
        link = f"{page}#{correction.address}"
        # Words, not numbers, tell the corrections of a line apart, so that a further correction
        # of the line changes no identity.
        line, _ = split_address(correction.address)
        words = (quote(text, safe="") for text in (correction.heard, correction.said))
        identity = "/".join((f"{page}#{line}", *words))
        seen[identity] += 1
        again = f"/{seen[identity]}" if seen[identity] > 1 else ""
        place = render_address(correction.time, correction.address)
        yield _Item(
            title=f"{_quote(correction.heard)} → {_quote(correction.said)}",
            identity=identity + again,
            link=link,
            updated=last_change(edition),
            summary=f"{edition.title}, {place}. Heard {_quote(correction.heard)}, "
            f"said {_quote(correction.said)}. {_render_reason(correction)}",
        )


def _quote(words: str) -> str:
    return f"“{' '.join(words.split())}”" if words else "nothing"


def _render_reason(correction: Remark) -> str:
    kind = describe_reason(correction.footnotes[0])
    return f"{kind}: {plain_text(correction.footnotes[0].reason)}"


def _render_feed(
    masthead: SiteIdentity, path: str, title: str, page: str, items: Sequence[_Item]
) -> str:
    address = masthead.url + path
    feed = ET.Element("feed", xmlns=_ATOM)
    _add_text(feed, "title", f"{masthead.name}: {title}")
    _add_text(feed, "id", address)
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=address)
    ET.SubElement(
        feed, "link", rel="alternate", type="text/html", href=masthead.url + page_address(page)
    )
    # An empty feed needs a date too.
    updated = max((render_moment(item.updated) for item in items), default=render_moment("1970"))
    _add_text(feed, "updated", updated)
    _add_text(ET.SubElement(feed, "author"), "name", masthead.name)
    for item in items:
        _add_item(feed, item)
    ET.indent(feed, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(feed, encoding="unicode")}\n'


def _add_item(feed: ET.Element, item: _Item) -> None:
    entry = ET.SubElement(feed, "entry")
    _add_text(entry, "title", item.title)
    _add_text(entry, "id", item.identity)
    ET.SubElement(entry, "link", rel="alternate", type="text/html", href=item.link)
    if item.text:
        ET.SubElement(entry, "link", rel="alternate", type="text/plain", href=item.text)
    if item.published:
        _add_text(entry, "published", render_moment(item.published))
    _add_text(entry, "updated", render_moment(item.updated))
    for name in item.people:
        _add_text(ET.SubElement(entry, "contributor"), "name", name)
    _add_text(entry, "summary", item.summary)


def _add_text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = one_line(text)
