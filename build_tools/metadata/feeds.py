"""Files for machines at the top of a site: Atom feeds (RFC 4287), `robots.txt`, `sitemap.xml`."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import quote

from build_tools.metadata.citation import last_change
from build_tools.model.address import split_address
from build_tools.model.edition import Edition
from build_tools.model.site import SiteIdentity
from build_tools.model.transcript import Remark
from build_tools.text import wording
from build_tools.text.catalogue import tr
from build_tools.text.urls import page_address
from build_tools.text.xml import Xml, block, element, indent, render_xml
from build_tools.transcript.statements import describe_reason, quote_reading, show_said

TRANSCRIPTS_FEED = "feed.xml"
CORRECTIONS_FEED = "corrections.xml"
# Feed readers fetch a whole feed each time, so older items are only on the lists.
MOST_TRANSCRIPTS = 100
MOST_CORRECTIONS = 300


def render_transcripts_feed(masthead: SiteIdentity, editions: Iterable[Edition]) -> str:
    """`feed.xml`: the last `MOST_TRANSCRIPTS` transcripts that were published, the newest first."""
    newest = sorted(editions, key=lambda one: (one.published or one.date, one.slug), reverse=True)
    items = []
    for edition in newest[:MOST_TRANSCRIPTS]:
        page = masthead.url + page_address(edition.path)
        facts = ", ".join(filter(None, (edition.event, wording.render_date(edition.date))))
        summary = _text("summary", ". ".join(filter(None, (facts, edition.description))))
        names = edition.speakers.values()
        people = (block("contributor", {}, _text("name", name)) for name in names)
        published = _text("published", wording.render_moment(edition.published or edition.date))
        links = (_link("text/html", page), _link("text/plain", f"{page}transcript.txt"), published)
        items.append(_entry(edition, edition.title, page, links, (*people, summary)))
    about = (TRANSCRIPTS_FEED, tr("Transcripts"), "transcripts/index.md")
    return _render_feed(masthead, *about, items)


def render_corrections_feed(
    masthead: SiteIdentity, editions: Iterable[Edition], fetch: Callable[[str], Sequence[Remark]]
) -> str:
    """`corrections.xml`: `MOST_CORRECTIONS` corrections of the editions that changed last.

    Those of an edition are in the order of the talk, since they have no dates. `fetch` gives those
    of a slug; it is called only if they are needed.
    """
    newest_first = sorted(editions, key=lambda one: (last_change(one), one.slug), reverse=True)
    items: list[tuple[str, Xml]] = []
    for edition in newest_first:
        if len(items) < MOST_CORRECTIONS:
            page, seen = masthead.url + page_address(edition.path), Counter[str]()
            items += (_correction(page, edition, one, seen) for one in fetch(edition.slug))
    about = (CORRECTIONS_FEED, tr("Corrections"), "corrections.md")
    return _render_feed(masthead, *about, items[:MOST_CORRECTIONS])


def _correction(page: str, edition: Edition, remark: Remark, seen: Counter[str]) -> tuple[str, Xml]:
    # Words, not numbers, tell the corrections of a line apart, so that a further correction
    # of the line changes no identity.
    line, _ = split_address(remark.address)
    words = (quote(text, safe="") for text in (remark.heard, remark.said))
    identity = "/".join((f"{page}#{line}", *words))
    seen[identity] += 1
    again = f"/{seen[identity]}" if seen[identity] > 1 else ""
    heard, said = quote_reading(remark.heard), quote_reading(show_said(remark))
    reason = remark.footnotes[0]
    summary = tr(
        "{title}, {place}. Heard {heard}, said {said}. {reason}",
        title=edition.title,
        place=wording.render_address(remark.time, remark.address),
        heard=heard,
        said=said,
        reason=f"{describe_reason(reason)}: {wording.plain_text(reason.reason)}",
    )
    link = _link("text/html", f"{page}#{remark.address}")
    title, told = f"{heard} → {said}", _text("summary", summary)
    return _entry(edition, title, identity + again, (link,), (told,))


def _entry(
    edition: Edition, title: str, identity: str, above: Iterable[Xml], below: Iterable[Xml]
) -> tuple[str, Xml]:
    """The day on which an entry was updated, and the entry."""
    day = last_change(edition)
    updated = _text("updated", wording.render_moment(day))
    named = (_text("title", title), _text("id", identity))
    return day, block("entry", {}, *named, *above, updated, *below)


def _render_feed(
    masthead: SiteIdentity, path: str, title: str, page: str, items: Sequence[tuple[str, Xml]]
) -> str:
    """A feed of entries, each behind the day on which it was updated."""
    address = masthead.url + path
    # An empty feed needs a date too.
    updated = wording.render_moment(max((day for day, _ in items), default="1970"))
    feed = block(
        "feed",
        {"xmlns": "http://www.w3.org/2005/Atom"},
        _text("title", f"{masthead.name}: {title}"),
        _text("id", address),
        element("link", {"rel": "self", "type": "application/atom+xml", "href": address}),
        _link("text/html", masthead.url + page_address(page)),
        _text("updated", updated),
        block("author", {}, _text("name", masthead.name)),
        *(entry for _, entry in items),
    )
    return render_xml(indent(feed))


def _link(media: str, address: str) -> Xml:
    return element("link", {"rel": "alternate", "type": media, "href": address})


def _text(tag: str, text: str) -> Xml:
    return element(tag, {}, wording.one_line(text))


def render_robots(masthead: SiteIdentity) -> str:
    """`robots.txt`: all crawlers may read everything."""
    sitemap = f"\nSitemap: {masthead.url}sitemap.xml\n" if masthead.url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}"


def render_sitemap(masthead: SiteIdentity, pages: Iterable[str]) -> str:
    """`sitemap.xml`: every page, without days of change: crawlers ignore all once one is wrong."""
    addresses = (masthead.url + quote(page_address(path)) for path in sorted(pages))
    items = "".join(f"  <url>{_text('loc', address)}</url>\n" for address in addresses)
    opening = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}\n{items}</urlset>\n'
