"""Descriptions of pages in the vocabulary of schema.org, for their front matter.

`theme/main.html` reads the field `linked_data`. Pages of a site without an address have none.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from build_tools.metadata.licences import find_licence
from build_tools.model.edition import Edition, Recording
from build_tools.model.glossary import Entry
from build_tools.model.site import SiteIdentity
from build_tools.model.transcript import Findings, Transcript
from build_tools.text.urls import on_web, page_address, resolve_identifier

# The types of schema.org for kinds of entries; every entry is a DefinedTerm too.
_TYPES = {
    "person": "Person",
    "organisation": "Organization",
    "work": "CreativeWork",
    "event": "Event",
}
_SPOKEN = "the words belong to those who spoke them"
# The only characters that could end an element <script> or open a comment in it.
_IN_SCRIPT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})

Thing = dict[str, Any]


def describe_transcript(
    transcript: Transcript, findings: Findings, entries: Mapping[str, Entry], masthead: SiteIdentity
) -> dict[str, object]:
    """The front matter of a transcript's page; `entries` are all entries by their term."""
    if not masthead.url:
        return {}
    edition = transcript.edition
    page = masthead.url + page_address(edition.path)
    said = {mention.entry for mention in findings.mentions}
    mentioned = [entry for entry in entries.values() if entry.slug in said]
    article = _thing(
        "Article",
        **{"@id": page},
        url=page,
        name=edition.title,
        headline=edition.title,
        description=edition.description,
        inLanguage=edition.lang,
        datePublished=edition.published,
        dateModified=edition.updated,
        version=edition.version,
        contributor=[_named_thing("Person", "", name) for name in edition.contributors],
        license=find_licence(masthead.licence),
        copyrightNotice=f"{masthead.licence} for the annotations; {edition.rights or _SPOKEN}",
        identifier=_identifier(edition),
        wordCount=len(transcript.said_words),
        isPartOf=_named_thing("WebSite", masthead.url, masthead.name),
        encoding=[
            _file(f"{page}transcript.txt", "text/plain"),
            _file(f"{page}transcript.json", "application/json"),
        ],
        isBasedOn=_file(
            f"{masthead.url}sources/{edition.source.file}", "", transcript.source.sha256
        ),
        correction=f"{masthead.url}corrections/#{edition.slug}",
        mentions=[_defined_term(entry, masthead) for entry in mentioned],
    )
    people = list(_people(edition, entries, masthead))
    media = [_recording(one, masthead) for one in edition.recording]
    if edition.podcast:
        article["mainEntity"] = _episode(edition, people, media)
    else:
        article["recordedAt"] = _event(edition, people, media)
    return {"linked_data": _render_json_ld(article)}


def _recording(recording: Recording, masthead: SiteIdentity) -> Thing:
    kind = {"audio": "AudioObject", "video": "VideoObject"}.get(recording.kind, "MediaObject")
    address = on_web(recording.address, masthead.url)
    size = f"{recording.size} B" if recording.is_own else ""
    return _thing(kind, contentUrl=address, contentSize=size)


def _episode(edition: Edition, people: Sequence[Thing], media: Sequence[Thing]) -> Thing:
    """The episode of a podcast; its date is the day on which it came out."""
    return _thing(
        "PodcastEpisode",
        name=edition.title,
        url="".join(one["contentUrl"] for one in media[:1]),
        associatedMedia=media if any(one["@type"] != "MediaObject" for one in media) else "",
        description=edition.show_notes,
        episodeNumber=edition.episode,
        **_interview(edition, "locationCreated"),
        datePublished=edition.date,
        inLanguage=edition.lang,
        partOfSeries=_thing("PodcastSeries", name=edition.podcast),
        actor=people,
    )


def _event(edition: Edition, people: Sequence[Thing], media: Sequence[Thing]) -> Thing:
    return _thing(
        "Event",
        name=edition.title,
        startDate=edition.date,
        superEvent=_thing("Event", name=edition.event) if edition.event else "",
        **_interview(edition, "location"),
        performer=people,
        recordedIn=media[0] if len(media) == 1 else media,
    )


def _interview(edition: Edition, place: str) -> Thing:
    """The place, as a property of this name, and the interviewer."""
    asks = {"name": edition.interviewer, "description": "Interviewer"}
    return {
        place: _thing("Place", name=edition.place) if edition.place else "",
        "contributor": _thing("Person", **asks) if edition.interviewer else "",
    }


def _identifier(edition: Edition) -> Thing | str:
    """The identifier, with the address of its resolver if it has one."""
    if address := resolve_identifier(edition.identifier):
        return _thing("PropertyValue", value=edition.identifier, url=address)
    return edition.identifier


def _people(
    edition: Edition, entries: Mapping[str, Entry], masthead: SiteIdentity
) -> Iterator[Thing]:
    for name in edition.speakers.values():
        entry = entries.get(name)
        address = masthead.url + page_address(entry.path) if entry else ""
        yield _named_thing("Person", address, name)


def describe_entry(entry: Entry, masthead: SiteIdentity) -> dict[str, object]:
    """The front matter of an entry's page."""
    if not masthead.url:
        return {}
    term = _defined_term(entry, masthead)
    kind = _TYPES.get(entry.kind)
    described = {
        **term,
        "@type": [term["@type"], kind] if kind else term["@type"],
        **_properties(
            url=term["@id"],
            description=entry.short,
            alternateName=list(entry.also),
            inDefinedTermSet=_named_thing("DefinedTermSet", f"{masthead.url}glossary/", "Glossary"),
            subjectOf=[
                _thing("CreativeWork", name=one.title, url=one.url, datePublished=one.date)
                for one in entry.sources
            ],
        ),
    }
    return {"linked_data": _render_json_ld(described)}


def _defined_term(entry: Entry, masthead: SiteIdentity) -> Thing:
    return _named_thing("DefinedTerm", masthead.url + page_address(entry.path), entry.term)


def _file(url: str, media: str = "", sha256: str = "") -> Thing:
    return _thing("MediaObject", contentUrl=url, encodingFormat=media, sha256=sha256)


def _named_thing(kind: str, address: str, name: str) -> Thing:
    """A thing with a name, identified by its address if it has one."""
    return _thing(kind, **{"@id": address}, name=name)


def _thing(kind: str, **properties: object) -> Thing:
    return {"@type": kind, **_properties(**properties)}


def _properties(**properties: object) -> Thing:
    """The properties that are not empty."""
    return {name: value for name, value in properties.items() if value}


def _render_json_ld(thing: Thing) -> str:
    """JSON-LD in ASCII, for an element <script>."""
    value = {"@context": "https://schema.org", **thing}
    return json.dumps(value, separators=(",", ":")).translate(_IN_SCRIPT)
