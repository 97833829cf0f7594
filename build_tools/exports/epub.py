"""The container of an EPUB 3: documents of XHTML, a cover, the package that lists them, the zip.

No library: ebooklib writes the time of day and a random name into each book, so that two builds
would give different bytes.
"""

import textwrap
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from build_tools.text.catalogue import site_language, tr
from build_tools.text.language import runs_right_to_left
from build_tools.text.urls import relative_path
from build_tools.text.wording import one_line
from build_tools.text.xml import Xml, block, element, render_xml

_XHTML = "application/xhtml+xml"
_NAMESPACES = {
    "xmlns": "http://www.w3.org/1999/xhtml",
    "xmlns:epub": "http://www.idpf.org/2007/ops",
}
_CONTAINER = """\
<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml" />
</rootfiles>
</container>
"""
# The metadata of EPUB Accessibility 1.1, without the claim that a book is certified.
_FEATURES = "alternativeText displayTransformability readingOrder structuralNavigation"
_ACCESSIBILITY = (
    *(("accessMode", "textual"), ("accessMode", "visual"), ("accessModeSufficient", "textual")),
    *(("accessibilityFeature", one) for one in (*_FEATURES.split(), "tableOfContents")),
    ("accessibilityHazard", "none"),
    ("accessibilitySummary", "Text with headings; the only picture is the cover, described."),
)

# The cover is text in lines, in whatever fonts the reading program has.
WIDTH, HEIGHT = 1200, 1800
_PAPER, _INK, _QUIET, _PENCIL = "#fdfbf7", "#1d1b18", "#6a6258", "#9b1c2c"
_BAR, _MARGIN, _LEADING = 28, 120, 1.2
_TITLE_SIZES = (130, 104, 82, 64)
_SERIF = '"Source Serif 4", Charter, Georgia, serif'
_SANS = '"Source Sans 3", Helvetica, Arial, sans-serif'


class BookDocument(NamedTuple):
    """A file of the text; the contents have a line for each that is `listed`."""

    path: str
    title: str
    lang: str
    body: Xml
    listed: bool = True


class Book(NamedTuple):
    """A book: `facts` are properties of Dublin Core, the first document is the title page."""

    identifier: str
    title: str
    language: str
    modified: str
    speakers: tuple[str, ...]
    facts: Mapping[str, str]
    cover: str
    documents: tuple[BookDocument, ...]


def mark_language(lang: str, *, always: bool = False) -> dict[str, str]:
    """The attributes of text in another language than the site's, or `always`."""
    direction = "rtl" if runs_right_to_left(lang) else ""
    attributes = {"lang": lang, "xml:lang": lang, "dir": direction}
    return attributes if always or lang != site_language() else {}


def write_member(
    zipped: zipfile.ZipFile, path: str, data: bytes, method: int = zipfile.ZIP_DEFLATED
) -> None:
    """Adds a file to a zip, which depends neither on the clock nor on the system."""
    # The first day that zip knows.
    member = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
    member.create_system = 3
    member.external_attr = 0o644 << 16
    member.compress_type = method
    zipped.writestr(member, data)


def pack_epub(book: Book) -> bytes:
    """The book as a file, the same bytes for the same book."""
    cover, contents, style = _make_cover_page(book), _make_contents(book), Path(__file__)
    # By id in the package: path, type, properties and text of a file.
    items = {
        "cover": ("cover.svg", "image/svg+xml", "cover-image", book.cover),
        "cover-page": (cover.path, _XHTML, "", _render_document(cover)),
        "nav": (contents.path, _XHTML, "nav", _render_document(contents)),
        "style": ("style.css", "text/css", "", style.with_name("book.css").read_text("utf-8")),
    }
    for number, one in enumerate(book.documents, 1):
        items[f"text-{number}"] = (one.path, _XHTML, "", _render_document(one))
    manifest = (
        element("item", {"id": name, "href": path, "media-type": media, "properties": properties})
        for name, (path, media, properties, _) in items.items()
    )
    texts = {f"EPUB/{path}": text for path, *_, text in items.values()}
    texts["META-INF/container.xml"] = _CONTAINER
    texts["EPUB/package.opf"] = _render_package(book, block("manifest", {}, *manifest))
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        # First and uncompressed, so that programs find the file's type in its first bytes.
        write_member(zipped, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        for path, text in sorted(texts.items()):
            write_member(zipped, path, text.encode())
    return packed.getvalue()


def _render_document(document: BookDocument) -> str:
    style = relative_path(document.path, "style.css")
    link = element("link", {"rel": "stylesheet", "type": "text/css", "href": style})
    head = block("head", {}, element("title", {}, document.title), link)
    attributes = _NAMESPACES | mark_language(document.lang, always=True)
    root = block("html", attributes, head, block("body", {}, document.body))
    return render_xml(root, "<!DOCTYPE html>\n")


def _make_cover_page(book: Book) -> BookDocument:
    told = tr("Cover: {title}", title=book.title)
    picture = element("img", {"src": "cover.svg", "alt": told, "role": "doc-cover"})
    cover = block("section", {"epub:type": "cover", "class": "cover"}, picture)
    return BookDocument("cover.xhtml", book.title, site_language(), cover)


def _make_contents(book: Book) -> BookDocument:
    lines = []
    for one in book.documents:
        if one.listed:
            link = element("a", {"href": one.path, **mark_language(one.lang)}, one.title)
            lines.append(block("li", {}, link))
    kind = {"epub:type": "toc", "role": "doc-toc", "aria-labelledby": "contents"}
    heading = element("h1", {"id": "contents"}, tr("Contents"))
    nav = block("nav", kind | {"class": "contents"}, heading, block("ol", {}, *lines))
    return BookDocument("nav.xhtml", book.title, site_language(), nav)


def _render_package(book: Book, manifest: Xml) -> str:
    # Without it, pages turn from left to right.
    turned = {"page-progression-direction": "rtl" if runs_right_to_left(book.language) else ""}
    space = {"xmlns": "http://www.idpf.org/2007/opf", "version": "3.0"}
    identified = {"unique-identifier": "identifier", "xml:lang": site_language()}
    # The order of reading: the cover, the title page, the contents, and all that follows.
    texts = (f"text-{number}" for number in range(2, len(book.documents) + 1))
    names = ("cover-page", "text-1", "nav", *texts)
    spine = block("spine", turned, *(element("itemref", {"idref": name}) for name in names))
    dublin_core = {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}
    metadata = block("metadata", dublin_core, *_metadata(book))
    return render_xml(block("package", space | identified, metadata, manifest, spine))


def _metadata(book: Book) -> Iterator[Xml]:
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
    for name, value in book.facts.items():
        if one_line(value):
            yield element(f"dc:{name}", {}, value)
    yield element("meta", {"property": "dcterms:modified"}, book.modified)
    for name, value in _ACCESSIBILITY:
        told = tr(value) if name == "accessibilitySummary" else value
        yield element("meta", {"property": f"schema:{name}"}, told)


def render_cover(title: str, lang: str, speakers: str, occasion: str = "", site: str = "") -> str:
    """The cover as SVG; a title from right to left, as its `lang` says, turns it round."""
    rtl = runs_right_to_left(lang)
    size = {"width": str(WIDTH), "height": str(HEIGHT)}
    bar = {"x": str(WIDTH - _BAR if rtl else 0), "width": str(_BAR), "height": str(HEIGHT)}
    drawn = [element("rect", size | {"fill": _PAPER}), element("rect", bar | {"fill": _PENCIL})]
    start = {"x": str(WIDTH - _MARGIN if rtl else _MARGIN), "direction": "rtl" if rtl else ""}
    title, top = one_line(title), _MARGIN
    fitting = (one for one in _TITLE_SIZES if " ".join(_wrap(title, one, 700)) == title)
    # By row of text: its size, the height for it, the space behind it, and its font.
    for text, points, room, gap, family, weight, fill in (
        (site, 48, 60, 252, _SANS, "600", _INK),
        (title, next(fitting, _TITLE_SIZES[-1]), 700, 60, _SERIF, "600", _INK),
        (speakers, 46, 340, 30, _SANS, "", _INK),
        (occasion, 38, 140, 0, _SANS, "", _QUIET),
    ):
        font = {"font-size": str(points), "font-family": family}
        for line in _wrap(text, points, room):
            place = start | {"y": str(top + points)} | font
            drawn.append(element("text", place | {"font-weight": weight, "fill": fill}, line))
            top += round(points * _LEADING)
        top += gap
    view = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {WIDTH} {HEIGHT}"}
    return render_xml(block("svg", view | size | {"xml:lang": lang}, *drawn))


def _wrap(text: str, size: int, room: int) -> list[str]:
    """The lines of a text that fit a height; a longer text ends in an ellipsis."""
    # Signs of Chinese, Japanese and Korean are as wide as the font is high.
    wide = any(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    width, rows = (WIDTH - 2 * _MARGIN) / size / (1 if wide else 0.55), room / size / _LEADING
    wrapper = textwrap.TextWrapper(int(width), max_lines=int(rows), placeholder="…")
    wrapper.break_on_hyphens = False
    return wrapper.wrap(one_line(text))
