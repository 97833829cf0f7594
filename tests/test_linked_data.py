"""Linked data of pages: schema.org's vocabulary, true, and inert inside a page."""

import json
import re
from collections.abc import Iterator, Mapping
from inspect import get_annotations
from typing import Any

import msgspec
import msgspec_schemaorg.models as vocabulary
import pytest
import yaml

from build_tools.build.plan import plan_site
from tests.pages import parse_page, real_site
from tests.test_golden import SITE
from tests.test_tei import TEI, parse_tei
from tests.trees import edition_file, entry_file, tree

PAGE = "transcripts/talk.md"
TALK = edition_file("**Ann:** so Gizmo it is", event="A fair", description="They talk.")


def head_of(page: bytes) -> dict[str, Any]:
    return dict(yaml.safe_load(page.decode().split("---\n")[1]))


def described(files: Mapping[str, bytes], path: str) -> dict[str, Any]:
    return dict(json.loads(head_of(files[path])["linked_data"]))


def publish(
    files: Mapping[str, bytes] | None = None, /, *, site_url: str = SITE, **head: object
) -> Mapping[str, bytes]:
    """The site of a talk with more in its front matter, and of more files."""
    more = "".join(f"{key}: {json.dumps(value)}\n" for key, value in head.items())
    talk = {
        "sources/talk.txt": "so Gizmo it is\n",
        PAGE: TALK.replace("source:", f"{more}source:", 1),
        "glossary/gizmo.md": entry_file("Gizmo"),
        "glossary/ann.md": entry_file("Ann Lee", kind="person"),
    }
    return plan_site({**tree(talk), **(files or {})}, site_url=site_url).files


def things(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            yield from things(inner)


def types_of(thing: Mapping[str, Any]) -> list[type[msgspec.Struct]]:
    kinds = thing["@type"]
    return [getattr(vocabulary, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)]


def ranges(kind: type[msgspec.Struct], name: str) -> str:
    """The types that the vocabulary allows in a property, as its package writes them."""
    return " ".join(
        str(annotations[name])
        for parent in kind.__mro__
        if name in (annotations := get_annotations(parent))
    )


def misused(thing: Mapping[str, Any]) -> Iterator[str]:
    """The properties of a thing that its types do not have, or that hold what they do not allow."""
    kinds = types_of(thing)
    for name, value in thing.items():
        if name.startswith("@"):
            continue
        allowed = " ".join(ranges(kind, name) for kind in kinds)
        for item in value if isinstance(value, list) else [value]:
            # Days are written as text in JSON.
            names = {"str", "URL", "date"} if isinstance(item, str) else {"int"}
            if isinstance(item, dict):
                parents = [parent for kind in types_of(item) for parent in kind.__mro__]
                names = {parent.__name__ for parent in parents}
            if not names & set(re.findall(r"\w+", allowed)):
                yield f"{thing['@type']}.{name}: {names}"


@pytest.mark.slow
def test_every_type_and_property_is_in_the_vocabulary_of_schema_org() -> None:
    pages = [path for path, data in real_site(SITE).items() if b"\nlinked_data: " in data]
    assert len(pages) > 100
    used = set()
    for path in pages:
        for thing in things(described(real_site(SITE), path)):
            assert list(misused(thing)) == [], path
            used |= {str(thing["@type"])}
    assert {"Article", "Event", "PodcastEpisode", "Person", "DefinedTerm"} <= used


@pytest.mark.parametrize(
    "wrong",
    [
        *(
            {"@type": "Person", "wordCount": 1},
            {"@type": "Event", "performer": {"@type": "DefinedTerm"}},
        ),
        {"@type": "Article", "recordedAt": {"@type": "Person", "name": "Ann"}},
    ],
)
def test_unknown_vocabulary_is_found(wrong: dict[str, Any]) -> None:
    assert list(misused(wrong))


def test_a_talk_is_an_event_with_its_people_day_and_transcript() -> None:
    article = described(publish(published="2025-01-01"), PAGE)
    page = f"{SITE}transcripts/talk/"
    assert article["@id"] == article["url"] == page
    assert (article["datePublished"], article["wordCount"]) == ("2025-01-01", 4)
    encoded = [file["contentUrl"] for file in article["encoding"]]
    assert encoded == [f"{page}transcript.txt", f"{page}transcript.json"]
    assert article["isBasedOn"]["contentUrl"] == f"{SITE}sources/talk.txt"
    assert article["correction"] == f"{SITE}corrections/#talk"
    gizmo = {"@type": "DefinedTerm", "@id": f"{SITE}glossary/gizmo/", "name": "Gizmo"}
    assert article["mentions"] == [gizmo]
    assert article["recordedAt"] == {
        "@type": "Event",
        "name": "A talk",
        "startDate": "2024-05-22",
        "superEvent": {"@type": "Event", "name": "A fair"},
        "performer": [
            {"@type": "Person", "@id": f"{SITE}glossary/ann/", "name": "Ann Lee"},
            {"@type": "Person", "name": "Bo Berg"},
        ],
    }
    assert "mainEntity" not in article


def test_a_podcast_is_an_episode_that_came_out_on_its_day() -> None:
    article = described(publish(podcast="Talks", recording="https://example.org/1"), PAGE)
    assert "recordedAt" not in article
    episode = article["mainEntity"]
    assert [person["name"] for person in episode.pop("actor")] == ["Ann Lee", "Bo Berg"]
    assert (
        episode.items()
        >= {
            "@type": "PodcastEpisode",
            "datePublished": "2024-05-22",
            "url": "https://example.org/1",
            "partOfSeries": {"@type": "PodcastSeries", "name": "Talks"},
        }.items()
    )


def test_recordings_are_told_to_readers_and_machines() -> None:
    """An own file and an address: on the page, in its metadata, in data, TEI and the book."""
    own, there = "assets/té&_a_.mp3", "https://youtu.be/a?b=1&c=`d`"
    files = publish({own: b"ID3" * 500}, recording=[{"audio": own}, there])
    page = files[PAGE].decode()
    link = '<a class="sic-recording" href="../../assets/t%C3%A9&amp;_a_.mp3" data-own="audio">'
    assert f"{link}▶ Listen</a>" in page
    assert f"{link}Audio, 2 kB</a>" in page
    assert '">Video at youtu.be</a>' in page
    audio = {"contentUrl": f"{SITE}assets/t%C3%A9&_a_.mp3", "contentSize": "1500 B"}
    assert described(files, PAGE)["recordedAt"]["recordedIn"] == [
        {"@type": "AudioObject", **audio},
        {"@type": "MediaObject", "contentUrl": there},
    ]
    assert json.loads(files["transcripts/talk/transcript.json"])["recordings"] == [
        {"address": own, "kind": "audio", "size": 1500},
        {"address": there, "kind": None, "size": None},
    ]
    header = files["transcripts/talk/talk.tei.xml"].decode()
    assert '<recording type="audio">' in header
    assert 'target="../../assets/t%C3%A9&amp;_a_.mp3"' in header


@pytest.mark.parametrize(
    ("identifier", "address"),
    [
        ("doi:10.1234/<b>(1)", "https://doi.org/10.1234/%3Cb%3E%281%29"),
        ("https://n2t.net/ark:/12345/x9", "https://n2t.net/ark:/12345/x9"),
        ("OH 10.2019/4 *a*", ""),
    ],
)
def test_what_archives_and_podcasts_keep_stands_wherever_it_is_asked_for(
    identifier: str, address: str
) -> None:
    kept = {"place": "Paris <i>", "interviewer": "Cy & Co", "rights": "CC BY <b>"}
    notes = "See https://example.org/?a=1&b=2.\n\n<script>x</script>"
    podcast = {"podcast": "Talks", "episode": "12", "show_notes": notes}
    files = publish(**kept, **podcast, identifier=identifier)
    page = parse_page(files[PAGE])
    shown = "Episode: Talks 12 · Place: Paris <i> · Interviewer: Cy & Co · Rights: CC BY <b> · "
    assert f"{shown}Identifier: {identifier}" in page.text
    assert "<script>x</script>" in page.text
    links = [element.attributes.get("href") for element in page.elements if element.tag == "a"]
    assert (address in links, "https://example.org/?a=1&b=2" in links) == (bool(address), True)
    value = json.loads(files["transcripts/talk/transcript.json"])["recorded"]
    assert {key: value[key] for key in kept} == kept
    assert (value["episode"], value.get("identifier_url", "")) == (12, address)
    article = described(files, PAGE)
    assert [wrong for thing in things(article) for wrong in misused(thing)] == []
    assert article["copyrightNotice"].endswith("; CC BY <b>")
    told = article["identifier"]
    assert (told["value"] if address else told) == identifier
    tei = parse_tei(files["transcripts/talk/talk.tei.xml"])
    recorded = tei.xpath("//tei:bibl[@type='recording']", namespaces=TEI)
    assert {identifier, "Cy & Co", "CC BY <b>"} <= {text.strip() for text in recorded[0].itertext()}


@pytest.mark.parametrize(
    ("kind", "types"),
    [
        *(("concept", "DefinedTerm"), ("model", "DefinedTerm")),
        *(("person", ["DefinedTerm", "Person"]), ("event", ["DefinedTerm", "Event"])),
        ("organisation", ["DefinedTerm", "Organization"]),
        ("work", ["DefinedTerm", "CreativeWork"]),
    ],
)
def test_an_entry_is_a_defined_term_and_what_it_is(kind: str, types: object) -> None:
    book = {"title": "A book", "date": "2020", "url": "https://example.org/"}
    entry = entry_file("Thing", kind=kind, short="It is so.", also=["thingummy"], sources=[book])
    path, address = "glossary/thing.md", f"{SITE}glossary/thing/"
    work = {"@type": "CreativeWork", "name": book["title"], "datePublished": book["date"]}
    glossary = {"@type": "DefinedTermSet", "@id": f"{SITE}glossary/", "name": "Glossary"}
    assert described(publish({path: entry.encode()}), path) == {
        "@context": "https://schema.org",
        "@type": types,
        "@id": address,
        "name": "Thing",
        "url": address,
        "description": "It is so.",
        "alternateName": ["thingummy"],
        "inDefinedTermSet": glossary,
        "subjectOf": [{**work, "url": book["url"]}],
    }


@pytest.mark.slow
def test_every_address_of_the_site_leads_somewhere() -> None:
    pages = [data.decode() for path, data in real_site(SITE).items() if path.endswith(".md")]
    for address in {found for page in pages for found in re.findall(rf"{SITE}[^\"\\]*", page)}:
        target = address.removeprefix(SITE).partition("#")[0]
        page = target.removesuffix("/")
        assert not target or {target, f"{page}.md", f"{page}/index.md"} & real_site(SITE).keys()


def test_without_an_address_pages_say_nothing_to_machines() -> None:
    files = publish(site_url="")
    for path in (PAGE, "glossary/gizmo.md"):
        assert head_of(files[path]).keys() <= {"title", "description", "hide"}
