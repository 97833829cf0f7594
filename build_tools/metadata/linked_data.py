"""Descriptions of pages in the vocabulary of schema.org, for their front matter.

`theme/main.html` reads the field `linked_data`. Pages of a site without an address have none.
"""

import json
from collections.abc import Mapping
from typing import Any

from build_tools.metadata.citation import find_licence
from build_tools.model.edition import Edition
from build_tools.model.glossary import Entry
from build_tools.model.site import SiteIdentity
from build_tools.model.transcript import Findings, Transcript
from build_tools.text.catalogue import tr
from build_tools.text.urls import on_web, page_address, resolve_identifier

# The types of schema.org for kinds of entries; every entry is a DefinedTerm too.
_TYPES = {
    "person": "Person",
    "organisation": "Organization",
    "work": "CreativeWork",
    "event": "Event",
}
_MEDIA = {"audio": "AudioObject", "video": "VideoObject"}
# The only characters that could end an element <script> or open a comment in it.
_IN_SCRIPT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
Thing = dict[str, Any]


def describe_transcript(
    transcript: Transcript, findings: Findings, entries: Mapping[str, Entry], masthead: SiteIdentity
) -> dict[str, object]:
    """The front matter of a transcript's page; `entries` are all entries by their term."""
    if not masthead.url:
        return {}
    edition, url = transcript.edition, masthead.url
    page = url + page_address(edition.path)
    said = {mention.entry for mention in findings.mentions}
    words = edition.rights or tr("the words belong to those who spoke them")
    notice = tr("{licence} for the annotations; {words}", licence=masthead.licence, words=words)
    resolved = resolve_identifier(edition.identifier)
    value = _thing("PropertyValue", value=edition.identifier, url=resolved)
    source = f"{url}sources/{edition.source.file}"
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
        contributor=[_named("Person", "", name) for name in edition.contributors],
        license=find_licence(masthead.licence),
        copyrightNotice=notice,
        identifier=value if resolved else edition.identifier,
        wordCount=len(transcript.said_words),
        isPartOf=_named("WebSite", url, masthead.name),
        encoding=[
            _thing("MediaObject", contentUrl=f"{page}transcript.{end}", encodingFormat=media)
            for end, media in (("txt", "text/plain"), ("json", "application/json"))
        ],
        isBasedOn=_thing("MediaObject", contentUrl=source, sha256=transcript.source.sha256),
        correction=f"{url}corrections/#{edition.slug}",
        mentions=[_defined_term(one, url) for one in entries.values() if one.slug in said],
        **_describe_talk(edition, entries, url),
    )
    return _render_json_ld(article)


def _describe_talk(edition: Edition, entries: Mapping[str, Entry], url: str) -> Thing:
    """The event, or the episode of a podcast: its date is the day on which it came out."""
    pages = {term: url + page_address(entry.path) for term, entry in entries.items()}
    people = [_named("Person", pages.get(name, ""), name) for name in edition.speakers.values()]
    media = [
        _thing(
            _MEDIA.get(one.kind, "MediaObject"),
            contentUrl=on_web(one.address, url),
            contentSize=f"{one.size} B" if one.is_own else "",
        )
        for one in edition.recording
    ]
    asks = {"name": edition.interviewer, "description": "Interviewer"}
    interviewer = edition.interviewer and _thing("Person", **asks)
    if edition.podcast:
        episode = _thing(
            "PodcastEpisode",
            name=edition.title,
            url="".join(one["contentUrl"] for one in media[:1]),
            associatedMedia=media if any(one["@type"] != "MediaObject" for one in media) else "",
            description=edition.show_notes,
            episodeNumber=edition.episode,
            locationCreated=_named("Place", "", edition.place),
            contributor=interviewer,
            datePublished=edition.date,
            inLanguage=edition.lang,
            partOfSeries=_thing("PodcastSeries", name=edition.podcast),
            actor=people,
        )
        return {"mainEntity": episode}
    event = _thing(
        "Event",
        name=edition.title,
        startDate=edition.date,
        superEvent=_named("Event", "", edition.event),
        location=_named("Place", "", edition.place),
        contributor=interviewer,
        performer=people,
        recordedIn=media[0] if len(media) == 1 else media,
    )
    return {"recordedAt": event}


def describe_entry(entry: Entry, masthead: SiteIdentity) -> dict[str, object]:
    """The front matter of an entry's page."""
    if not masthead.url:
        return {}
    term, kind = _defined_term(entry, masthead.url), _TYPES.get(entry.kind)
    more = _thing(
        [term["@type"], kind] if kind else term["@type"],
        url=term["@id"],
        description=entry.short,
        alternateName=list(entry.also),
        inDefinedTermSet=_named("DefinedTermSet", f"{masthead.url}glossary/", tr("Glossary")),
        subjectOf=[
            _thing("CreativeWork", name=one.title, url=one.url, datePublished=one.date)
            for one in entry.sources
        ],
    )
    return _render_json_ld(term | more)


def _defined_term(entry: Entry, url: str) -> Thing:
    return _named("DefinedTerm", url + page_address(entry.path), entry.term)


def _named(kind: str, address: str, name: str) -> Thing:
    """A thing with a name, identified by its address if it has one; {} for neither."""
    return _thing(kind, **{"@id": address}, name=name) if address or name else {}


def _thing(kind: str | list[str], **properties: object) -> Thing:
    """A thing with the properties that are not empty."""
    return {"@type": kind, **{name: value for name, value in properties.items() if value}}


def _render_json_ld(thing: Thing) -> dict[str, object]:
    value = {"@context": "https://schema.org", **thing}
    return {"linked_data": json.dumps(value, separators=(",", ":")).translate(_IN_SCRIPT)}
