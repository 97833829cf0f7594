"""The feeds are Atom as others read it, and what they name never changes its name."""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest

from build_tools.build.plan import plan_site
from build_tools.metadata.feeds import MOST_CORRECTIONS, MOST_TRANSCRIPTS
from tests.pages import parse_page, real_site
from tests.test_golden import SITE
from tests.trees import edition_file, talk_tree, tree

ATOM = "{http://www.w3.org/2005/Atom}"
# RFC 4287, sections 4.1.1, 4.1.2 and 3.3.
NEEDED = ("id", "title", "updated")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
FEEDS = ("feed.xml", "corrections.xml")


def parse_feed(files: Mapping[str, bytes], path: str) -> Any:
    parsed = feedparser.parse(files[path])
    assert not parsed.bozo
    assert parsed.version == "atom10"
    return parsed


def talks(*talks: tuple[str, Mapping[str, str], str]) -> dict[str, bytes]:
    """Talks by slug, with front matter besides the usual and a body."""
    files = {}
    for slug, more, body in talks:
        head = "".join(f"{key}: {value}\n" for key, value in more.items())
        file = edition_file(body, title=f"Talk {slug}", file=f"{slug}.txt")
        files[f"transcripts/{slug}.md"] = file.replace("source:", f"{head}source:", 1)
        files[f"sources/{slug}.txt"] = "so we herd of a sheep and herd it\n"
    return tree(files)


BODY = """\
**Ann:** so we {~~herd~>heard~~}[^a] of a {--sheep--}[^a] and {~~herd~>heard~~}[^a] {++of++}[^a] it

[^a]: homophone, record: The *same* sound & <more>.
"""


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_has_what_atom_asks_for(path: str) -> None:
    feed = ET.fromstring(real_site(SITE)[path])
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) > 1
    for item in (feed, *entries):
        assert [len(item.findall(ATOM + name)) for name in NEEDED] == [1, 1, 1]
        assert all(item.findtext(ATOM + name) for name in NEEDED)
        assert MOMENT.fullmatch(item.findtext(f"{ATOM}updated") or "")
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    (own,) = (link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self")
    assert own.get("href") == SITE + path == feed.findtext(f"{ATOM}id")
    for entry in entries:
        kinds = [link.get("type") for link in entry.findall(f"{ATOM}link")]
        assert len(kinds) == len(set(kinds))
        assert "text/html" in kinds


@pytest.mark.parametrize("path", FEEDS)
def test_no_two_entries_have_one_identity(path: str) -> None:
    identities = [entry.id for entry in parse_feed(real_site(SITE), path).entries]
    assert len(identities) == len(set(identities))
    assert all(re.fullmatch(r"https://[!-~]+", identity) for identity in identities)


@pytest.mark.parametrize("path", FEEDS)
def test_every_link_of_a_feed_leads_somewhere(path: str) -> None:
    pages = {
        page.removesuffix(".md") + "/": parse_page(data).ids
        for page, data in real_site(SITE).items()
        if page.startswith("transcripts/") and page.endswith(".md")
    }
    for entry in parse_feed(real_site(SITE), path).entries:
        for link in entry.links:
            target, _, anchor = link.href.removeprefix(SITE).partition("#")
            assert target in real_site(SITE) or target in pages
            assert not anchor or anchor in pages[target]


def test_every_correction_of_the_collection_is_in_the_feed() -> None:
    entries = parse_feed(real_site(SITE), "corrections.xml").entries
    assert (
        len(entries)
        == real_site(SITE)["data/corrections.json"].count(b'"kind"')
        <= MOST_CORRECTIONS
    )


def test_the_transcript_last_put_up_is_the_first() -> None:
    files = talks(
        ("a", {"published": "2025-01-01", "updated": "2026-01-01"}, BODY),
        ("b", {"published": "2025-06-30"}, BODY),
        ("c", {}, BODY),
    )
    feed = parse_feed(plan_site(files, site_url=SITE).files, "feed.xml")
    assert [(entry.title, entry.published[:10], entry.updated[:10]) for entry in feed.entries] == [
        ("Talk b", "2025-06-30", "2025-06-30"),
        ("Talk a", "2025-01-01", "2026-01-01"),
        ("Talk c", "2024-05-22", "2024-05-22"),
    ]
    assert feed.feed.updated == "2026-01-01T00:00:00Z"
    assert [person.name for person in feed.entries[0].contributors] == ["Ann Lee", "Bo Berg"]


def test_feed_has_the_newest_of_very_many_transcripts() -> None:
    many = range(1, MOST_TRANSCRIPTS + 3)
    files = talks(*((f"t{day}", {"updated": f"2026-01-{day % 28 + 1:02}"}, BODY) for day in many))
    for day in many:
        path = f"transcripts/t{day}.md"
        files[path] = files[path].replace(b"2024-05-22", f"{1800 + day}-05-22".encode())
    feed = parse_feed(plan_site(files, site_url=SITE, exports=False).files, "feed.xml")
    assert [entry.title for entry in feed.entries] == [f"Talk t{day}" for day in many[:1:-1]]


def test_a_correction_says_what_was_heard_and_said_and_why() -> None:
    feed = parse_feed(plan_site(talks(("a", {}, BODY)), site_url=SITE).files, "corrections.xml")
    page = f"{SITE}transcripts/a/#l1"
    assert [(entry.title, entry.id, entry.link) for entry in feed.entries] == [
        ("“herd” → “heard”", f"{page}/herd/heard", f"{page}w3"),
        ("“sheep” → nothing", f"{page}/sheep/", f"{page}w6"),
        ("“herd” → “heard”", f"{page}/herd/heard/2", f"{page}w8"),
        ("nothing → “of”", f"{page}//of", f"{page}w9"),
    ]
    summary = feed.entries[0].summary
    assert summary.startswith(
        "Talk a, line 1. Heard “herd”, said “heard”. Sounds alike, on record: The same"
    )
    assert (
        ET.fromstring(plan_site(talks(("a", {}, BODY)), site_url=SITE).files["corrections.xml"])
        .findtext(f"{ATOM}entry/{ATOM}summary", "")
        .endswith("The same sound & <more>.")
    )


def test_another_correction_changes_no_identity() -> None:
    def identities(body: str) -> set[str]:
        files = plan_site(talks(("a", {}, body)), site_url=SITE).files
        return {entry.id for entry in parse_feed(files, "corrections.xml").entries}

    more = BODY.replace("so we", "{~~so~>sow~~}[^a] we").replace(
        "[^a] of a", "[^a] {~~of~>off~~}[^a] a"
    )
    assert len(identities(more)) == len(identities(BODY)) + 2
    assert identities(BODY) < identities(more)


def test_feed_has_the_newest_of_very_many_corrections() -> None:
    many = " ".join(["{~~a~>b~~}[^a]"] * (MOST_CORRECTIONS - 1))
    files = talks(
        ("new", {"updated": "2026-01-01"}, BODY), ("old", {}, f"{many}\n\n[^a]: name, record: So.")
    )
    files["sources/old.txt"] = b"a " * (MOST_CORRECTIONS - 1)
    feed = parse_feed(plan_site(files, site_url=SITE).files, "corrections.xml")
    assert len(feed.entries) == MOST_CORRECTIONS
    assert [entry.summary.partition(",")[0] for entry in feed.entries[3:5]] == [
        "Talk new",
        "Talk old",
    ]


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_of_nothing_is_a_feed(path: str) -> None:
    files = plan_site({"index.md": b"---\ntitle: Talks\n---\n"}, site_url=SITE).files
    feed = parse_feed(files, path)
    assert (feed.entries, feed.feed.title.partition(":")[0]) == ([], "Talks")
    assert feed.feed.updated == "1970-01-01T00:00:00Z"


def test_without_an_address_there_is_no_feed_and_no_link_to_one() -> None:
    files = plan_site(talk_tree(BODY)).files
    assert not set(FEEDS) & set(files)
    texts = {path: data for path, data in files.items() if path.endswith((".md", ".txt", ".json"))}
    named = {path for path, data in texts.items() for feed in FEEDS if feed.encode() in data}
    assert named == set()
