"""EPUB books taken apart: what a reading program finds in them."""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from xml.etree import ElementTree as ET

HTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
TYPE = "{http://www.idpf.org/2007/ops}type"


@dataclass(frozen=True)
class Opened:
    """A book's members in their order, its package, and its documents in the order of reading."""

    members: dict[str, bytes]
    package: ET.Element
    documents: dict[str, ET.Element]

    @property
    def ids(self) -> set[str]:
        """Every place that can be linked to: documents, and the ids in them."""
        return set(self.members) | {
            f"{path}#{name}"
            for path, root in self.documents.items()
            for node in root.iter()
            if (name := node.get("id"))
        }

    def links(self, kind: str = "") -> Iterator[tuple[str, str, ET.Element]]:
        """The links of a kind: the document, the whole place to which it leads, and the link."""
        for path, root in self.documents.items():
            for node in root.iter(f"{HTML}a"):
                if not kind or kind in (node.get(TYPE), node.get("role"), node.get("class")):
                    yield path, resolve(path, node.get("href", "")), node

    def text(self, path: str) -> str:
        """The text of a document."""
        return "".join(self.documents[path].itertext())

    def speech(self) -> str:
        """The speech in order: the paragraphs of turns without additions."""
        return "\n".join(
            "".join(_said(node))
            for root in self.documents.values()
            for node in root.iter(f"{HTML}p")
            if node.get("class") in ("turn", "on")
        )

    def meta(self, name: str) -> list[str]:
        """The values of a property of the package."""
        found = [node for node in self.package.iter(f"{OPF}meta") if node.get("property") == name]
        return [node.text or "" for node in (*found, *self.package.iter(f"{DC}{name}"))]


def _said(node: ET.Element) -> Iterator[str]:
    if node.get("class") in ("speaker", "at", "non-speech") or node.get(TYPE) == "noteref":
        return
    yield node.text or ""
    for child in node:
        yield from _said(child)
        yield child.tail or ""


def resolve(here: str, href: str) -> str:
    """The target of a document's link; an external address stays as it is."""
    if href.startswith("https://"):
        return href
    path, sign, fragment = href.partition("#")
    there = posixpath.normpath(posixpath.join(posixpath.dirname(here), path)) if path else here
    return f"{there}{sign}{fragment}"


def open_book(data: bytes) -> Opened:
    """The book that a file is."""
    with zipfile.ZipFile(BytesIO(data)) as zipped:
        members = {info.filename: zipped.read(info) for info in zipped.infolist()}
    container = ET.fromstring(members["META-INF/container.xml"])
    rootfile = next(node for node in container.iter() if node.tag.endswith("}rootfile"))
    path = rootfile.get("full-path", "")
    package = ET.fromstring(members[path])
    hrefs = {
        node.get("id"): posixpath.join(posixpath.dirname(path), node.get("href", ""))
        for node in package.iter(f"{OPF}item")
    }
    spine = [hrefs[node.get("idref")] for node in package.iter(f"{OPF}itemref")]
    return Opened(members, package, {name: ET.fromstring(members[name]) for name in spine})
