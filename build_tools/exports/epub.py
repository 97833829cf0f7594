"""The container of an EPUB 3: documents of XHTML, the package that lists them, the zip of it all.

No library: ebooklib writes the time of day and a random name into each book, so that two builds
would give different bytes.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from typing import NamedTuple
from xml.etree import ElementTree as ET

from build_tools.exports.markup import block, element, render_xml
from build_tools.model.site import SITE_LANGUAGE
from build_tools.text.language import runs_right_to_left
from build_tools.text.wording import one_line

# Every member gets the first day that zip knows: no book may depend on the clock.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_ROOT = "EPUB"
_PACKAGE = f"{_ROOT}/package.opf"
_COVER, _COVER_PAGE, _NAVIGATION, _STYLE = "cover.svg", "cover.xhtml", "nav.xhtml", "style.css"
_XHTML = "application/xhtml+xml"

# The metadata of EPUB Accessibility 1.1, without the claim that a book is certified.
_ACCESSIBILITY = (
    ("schema:accessMode", "textual"),
    ("schema:accessMode", "visual"),
    ("schema:accessModeSufficient", "textual"),
    ("schema:accessibilityFeature", "alternativeText"),
    ("schema:accessibilityFeature", "displayTransformability"),
    ("schema:accessibilityFeature", "readingOrder"),
    ("schema:accessibilityFeature", "structuralNavigation"),
    ("schema:accessibilityFeature", "tableOfContents"),
    ("schema:accessibilityHazard", "none"),
    (
        "schema:accessibilitySummary",
        "All of it is text with headings; the only picture is the cover, which is described.",
    ),
)


class BookDocument(NamedTuple):
    """A file of the text: its path in the book, its title and language, and its blocks."""

    path: str
    title: str
    lang: str
    blocks: tuple[ET.Element, ...]


class Heading(NamedTuple):
    """A line of the contents: where it leads, and what is below it."""

    title: str
    path: str
    lang: str
    inside: tuple[Heading, ...] = ()


class Landmark(NamedTuple):
    """A place that readers' programs know by its kind."""

    kind: str
    title: str
    path: str


class Book(NamedTuple):
    """The content of a book; its first document is the title page.

    `identifier` is a URN, `modified` a moment, `date` of any precision; "" is left out.
    """

    identifier: str
    title: str
    language: str
    modified: str
    date: str
    speakers: tuple[str, ...]
    description: str
    publisher: str
    source: str
    rights: str
    style: str
    cover: str
    documents: tuple[BookDocument, ...]
    contents: tuple[Heading, ...]
    landmarks: tuple[Landmark, ...]


def mark_language(lang: str) -> dict[str, str]:
    """The attributes of text in another language than the site's; none for the site's own."""
    return {} if lang == SITE_LANGUAGE else _language_attributes(lang)


def _language_attributes(lang: str) -> dict[str, str]:
    direction = "rtl" if runs_right_to_left(lang) else ""
    return {"lang": lang, "xml:lang": lang, "dir": direction}


def relative_path(here: str, place: str) -> str:
    """How a document of the book names a place in it.

    >>> relative_path("talk/notes.xhtml", "talk/chapter-1.xhtml#t5")
    'chapter-1.xhtml#t5'
    >>> relative_path("a.xhtml", "a.xhtml#t5")
    '#t5'
    """
    path, sign, fragment = place.partition("#")
    there = "" if path == here and sign else _find_relative(path, posixpath.dirname(here) or ".")
    return f"{there}{sign}{fragment}"


# A book has many links and few documents.
_find_relative = lru_cache(maxsize=1024)(posixpath.relpath)


# Packing ----------------------------------------------------------------------------------------


def pack_epub(book: Book) -> bytes:
    """The book as a file, the same bytes for the same book."""
    texts = {
        "META-INF/container.xml": _render_container(),
        _PACKAGE: _render_package(book),
        f"{_ROOT}/{_NAVIGATION}": _render_document(_make_navigation(book)),
        f"{_ROOT}/{_COVER_PAGE}": _render_document(_make_cover_page(book)),
        f"{_ROOT}/{_COVER}": book.cover,
        f"{_ROOT}/{_STYLE}": book.style,
    }
    texts |= {f"{_ROOT}/{document.path}": _render_document(document) for document in book.documents}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        # First and uncompressed, so that programs find the file's type in its first bytes.
        _write_member(zipped, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        for path, text in sorted(texts.items()):
            _write_member(zipped, path, text.encode(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _write_member(zipped: zipfile.ZipFile, path: str, data: bytes, method: int) -> None:
    member = zipfile.ZipInfo(path, _ZIP_EPOCH)
    member.create_system = 3
    member.external_attr = 0o644 << 16
    member.compress_type = method
    zipped.writestr(member, data)


def _render_document(document: BookDocument) -> str:
    style = relative_path(document.path, _STYLE)
    link = element("link", {"rel": "stylesheet", "type": "text/css", "href": style})
    head = block("head", {}, element("title", {}, document.title), link)
    spaces = {"xmlns": "http://www.w3.org/1999/xhtml", "xmlns:epub": "http://www.idpf.org/2007/ops"}
    body = block("body", {}, *document.blocks)
    root = block("html", spaces | _language_attributes(document.lang), head, body)
    return render_xml(root, "<!DOCTYPE html>\n")


def _make_cover_page(book: Book) -> BookDocument:
    picture = element("img", {"src": _COVER, "alt": f"Cover: {book.title}", "role": "doc-cover"})
    cover = block("section", {"epub:type": "cover", "class": "cover"}, picture)
    return BookDocument(_COVER_PAGE, book.title, SITE_LANGUAGE, (cover,))


def _make_navigation(book: Book) -> BookDocument:
    contents = block(
        "nav",
        {"epub:type": "toc", "role": "doc-toc", "aria-labelledby": "contents", "class": "contents"},
        element("h1", {"id": "contents"}, "Contents"),
        _make_list(book.contents),
    )
    landmarks = (
        Landmark("cover", "Cover", _COVER_PAGE),
        *book.landmarks,
        Landmark("toc", "Contents", f"{_NAVIGATION}#contents"),
    )
    places = block(
        "nav",
        {"epub:type": "landmarks", "aria-label": "Landmarks", "hidden": "hidden"},
        block(
            "ol",
            {},
            *(
                element(
                    "li", {}, element("a", {"epub:type": mark.kind, "href": mark.path}, mark.title)
                )
                for mark in landmarks
            ),
        ),
    )
    return BookDocument(_NAVIGATION, book.title, SITE_LANGUAGE, (contents, places))


def _make_list(headings: Iterable[Heading]) -> ET.Element:
    return block("ol", {}, *map(_make_item, headings))


def _make_item(heading: Heading) -> ET.Element:
    link = element("a", {"href": heading.path, **mark_language(heading.lang)}, heading.title)
    return block("li", {}, link, *([_make_list(heading.inside)] if heading.inside else ()))


def _render_container() -> str:
    root = block(
        "container",
        {"version": "1.0", "xmlns": "urn:oasis:names:tc:opendocument:xmlns:container"},
        block(
            "rootfiles",
            {},
            element(
                "rootfile", {"full-path": _PACKAGE, "media-type": "application/oebps-package+xml"}
            ),
        ),
    )
    return render_xml(root)


def _render_package(book: Book) -> str:
    # Without it, pages turn from left to right.
    turned = "rtl" if runs_right_to_left(book.language) else ""
    root = block(
        "package",
        {
            "xmlns": "http://www.idpf.org/2007/opf",
            "version": "3.0",
            "unique-identifier": "identifier",
            "xml:lang": SITE_LANGUAGE,
        },
        block("metadata", {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}, *_metadata(book)),
        block("manifest", {}, *_manifest(book.documents)),
        block("spine", {"page-progression-direction": turned}, *_spine(book.documents)),
    )
    return render_xml(root)


def _metadata(book: Book) -> Iterator[ET.Element]:
    own = mark_language(book.language)
    # The package has no attribute for HTML's language.
    own.pop("lang", None)
    yield element("dc:identifier", {"id": "identifier"}, book.identifier)
    yield element("dc:title", own, book.title)
    yield element("dc:language", {}, book.language)
    for number, name in enumerate(book.speakers, 1):
        yield element("dc:creator", {"id": f"speaker-{number}"}, name)
        role = {"refines": f"#speaker-{number}", "property": "role", "scheme": "marc:relators"}
        yield element("meta", role, "spk")
    for name in ("date", "description", "publisher", "source", "rights"):
        if one_line(getattr(book, name)):
            yield element(f"dc:{name}", {}, getattr(book, name))
    yield element("meta", {"property": "dcterms:modified"}, book.modified)
    for name, value in _ACCESSIBILITY:
        yield element("meta", {"property": name}, value)


def _manifest(documents: Sequence[BookDocument]) -> Iterator[ET.Element]:
    def item(name: str, path: str, media: str, properties: str = "") -> ET.Element:
        attributes = {"id": name, "href": path, "media-type": media, "properties": properties}
        return element("item", attributes)

    yield item("cover", _COVER, "image/svg+xml", "cover-image")
    yield item("cover-page", _COVER_PAGE, _XHTML)
    yield item("nav", _NAVIGATION, _XHTML, "nav")
    yield item("style", _STYLE, "text/css")
    for number, document in enumerate(documents, 1):
        yield item(f"text-{number}", document.path, _XHTML)


def _spine(documents: Sequence[BookDocument]) -> Iterator[ET.Element]:
    """The order of reading: the cover, the title page, the contents, and all that follows."""
    rest = (f"text-{number}" for number in range(2, len(documents) + 1))
    for name in ("cover-page", "text-1", "nav", *rest):
        yield element("itemref", {"idref": name})
