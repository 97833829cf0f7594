"""How to cite a transcript or the collection, as of its last change; and under what licence."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from build_tools.model.edition import Edition
from build_tools.model.site import SiteIdentity
from build_tools.text.catalogue import tr
from build_tools.text.urls import page_address
from build_tools.text.wording import one_line, render_date

# Characters that TeX interprets, and their escapes.
_TEX = str.maketrans(
    {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {sign: f"\\{sign}" for sign in "{}&%$#_"}
)
_DEEDS = "https://creativecommons.org"
_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-4\.0")


class Citation(NamedTuple):
    """A cited work: `day` is its last change, `event` and `event_day` are those of the talk."""

    key: str
    authors: tuple[str, ...]
    title: str
    event: str
    event_day: str
    day: str
    genre: str
    url: str
    version: str = ""


def cite_edition(edition: Edition, masthead: SiteIdentity) -> Citation:
    """The citation of a transcript; its speakers are its authors."""
    title, event, site = map(one_line, (edition.title, edition.event, masthead.name))
    # An episode may have the name of its podcast.
    event = event.removeprefix(f"{title}, ")
    genre = tr("annotated transcript in {site}", site=site)
    about = (tuple(map(one_line, edition.speakers.values())), title, event, edition.date)
    url = masthead.url and masthead.url + page_address(edition.path)
    return Citation(edition.slug, *about, last_change(edition), genre, url, edition.version)


def cite_collection(editions: Sequence[Edition], masthead: SiteIdentity) -> Citation:
    """The citation of the collection, as of the last change of any edition."""
    name, changed = one_line(masthead.name), max(map(last_change, editions), default="")
    genre = tr("annotated transcripts")
    return Citation("collection", (), name, "", "", changed, genre, masthead.url)


def last_change(edition: Edition) -> str:
    """The day of an edition's last change, or of its publication, or else of the talk."""
    return edition.changed or edition.date


def render_citation(citation: Citation) -> str:
    """A citation as a line of plain text."""
    *most, last = citation.authors or ("",)
    authors = tr("{several} and {last}", several=", ".join(most), last=last) if most else last
    title = f"{authors}: {citation.title}" if authors else citation.title
    edited = tr("as of {date}", date=render_date(citation.day)) if citation.day else ""
    version = tr("version {version}", version=citation.version) if citation.version else ""
    event = (citation.event, render_date(citation.event_day))
    facts = (title, *event, citation.genre, edited, version)
    return f"{', '.join(filter(None, facts))}. {citation.url}".rstrip()


def render_bibtex(citations: Iterable[Citation]) -> str:
    """Citations as BibTeX; TeX interprets nothing in their texts."""
    entries = []
    for one in citations:
        year, month, *_ = [*one.day.split("-"), "", ""]
        fields = {
            # Braces keep names whole, since their family names are unknown.
            "author": " and ".join(f"{{{name.translate(_TEX)}}}" for name in one.authors),
            "title": f"{{{one.title.translate(_TEX)}}}",
            "howpublished": one.genre.translate(_TEX),
            "note": ", ".join(filter(None, (one.event, one.event_day))).translate(_TEX),
            "year": year,
            "month": month.lstrip("0"),
            "version": one.version,
            "url": one.url,
        }
        lines = (f"  {name} = {{{value}}}" for name, value in fields.items() if value.strip("{}"))
        entries.append(f"@misc{{{one.key},\n" + ",\n".join(lines) + "\n}\n")
    return "\n".join(entries)


def find_licence(name: str) -> str:
    """The address of a licence of Creative Commons; "" for any other."""
    identifier = re.sub(r"[^A-Z0-9.]+", "-", name.upper()).strip("-")
    if match := _CREATIVE_COMMONS.fullmatch(identifier):
        return f"{_DEEDS}/licenses/{match[1].lower()}/4.0/"
    return f"{_DEEDS}/publicdomain/zero/1.0/" if identifier == "CC0-1.0" else ""
