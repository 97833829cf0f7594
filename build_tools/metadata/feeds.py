"""Atom feeds (RFC 4287) of transcripts and of corrections, for a site whose address is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

from build_tools.metadata.citation import last_change, render_summary
from build_tools.model.address import split_address
from build_tools.model.edition import Edition
from build_tools.model.site import SiteIdentity
from build_tools.model.transcript import Remark
from build_tools.text.urls import page_address
from build_tools.text.wording import one_line, plain_text, render_address, render_moment
from build_tools.text.xml import Xml, block, element, indent, render_xml
from build_tools.transcript.statements import with_certainty

TRANSCRIPTS_FEED = "feed.xml"
CORRECTIONS_FEED = "corrections.xml"
# Feed readers fetch a whole feed each time, so older items are only on the lists.
MOST_TRANSCRIPTS = 100
MOST_CORRECTIONS = 300


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
    kind = with_certainty(correction.kind.label, conjecture=correction.conjecture)
    return f"{kind}: {plain_text(correction.footnotes[0].reason)}"


def _render_feed(
    masthead: SiteIdentity, path: str, title: str, page: str, items: Sequence[_Item]
) -> str:
    address, home = masthead.url + path, masthead.url + page_address(page)
    # An empty feed needs a date too.
    updated = max((render_moment(item.updated) for item in items), default=render_moment("1970"))
    feed = block(
        "feed",
        {"xmlns": "http://www.w3.org/2005/Atom"},
        _text("title", f"{masthead.name}: {title}"),
        _text("id", address),
        element("link", {"rel": "self", "type": "application/atom+xml", "href": address}),
        _link("text/html", home),
        _text("updated", updated),
        block("author", {}, _text("name", masthead.name)),
        *(block("entry", {}, *_elements(item)) for item in items),
    )
    return render_xml(indent(feed))


def _elements(item: _Item) -> Iterator[Xml]:
    yield from (_text("title", item.title), _text("id", item.identity))
    yield _link("text/html", item.link)
    if item.text:
        yield _link("text/plain", item.text)
    if item.published:
        yield _text("published", render_moment(item.published))
    yield _text("updated", render_moment(item.updated))
    yield from (block("contributor", {}, _text("name", name)) for name in item.people)
    yield _text("summary", item.summary)


def _link(media: str, address: str) -> Xml:
    return element("link", {"rel": "alternate", "type": media, "href": address})


def _text(tag: str, text: str) -> Xml:
    return element(tag, {}, one_line(text))
