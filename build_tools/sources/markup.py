"""HTML as a row of tags and texts, XML as a tree; nothing that either can ask for is fetched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from build_tools.sources.raw import UnreadableSourceError

# Elements whose text is never speech.
NO_SPEECH = frozenset(("script", "style", "template", "title"))


class Markup(NamedTuple):
    """A tag with its attributes, or, where `tag` is "", a text."""

    tag: str
    text: str = ""
    attributes: Mapping[str, str] = {}
    ends: bool = False


def parse_html(content: str) -> tuple[Markup, ...]:
    """The tags and texts of an HTML file or a piece of one, entities resolved."""
    reader = _HtmlReader()
    try:
        reader.feed(content)
        reader.close()
    except AssertionError as error:
        raise UnreadableSourceError(
            reader.getpos()[0], f"the file is not HTML: {error}", "take the declaration out"
        ) from None
    return tuple(reader.found)


class _HtmlReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Markup] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an opening tag."""
        self.found.append(Markup(tag, attributes={name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Keep a closing tag."""
        self.found.append(Markup(tag, ends=True))

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self.found.append(Markup("", data))

    def unknown_decl(self, data: str) -> None:
        """Keep what stands in a section of the kind that XML has."""
        self.found.append(Markup("", data.removeprefix("CDATA[")))


def parse_xml(content: str) -> Element:
    """The root of an XML file; one that declares entities is refused."""
    try:
        root: Element = fromstring(content.lstrip())
    except ParseError as error:
        line, column = error.position
        raise UnreadableSourceError(
            line,
            f"the file is not XML: {str(error).split(':', 1)[0]}, at character {column + 1}",
            "save it once more; perhaps it was cut off",
        ) from None
    except DefusedXmlException:
        raise UnreadableSourceError(
            1, "the file declares entities of its own", "take the declarations out (<!ENTITY …>)"
        ) from None
    return root


def local_name(name: object) -> str:
    """The name of an element or an attribute, without the namespace."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def find_attribute(element: Element, *names: str) -> str:
    """What an element has under one of these names, in whatever namespace."""
    for name, value in element.attrib.items():
        if local_name(name) in names:
            return value
    return ""


def find_parents(root: Element) -> dict[Element, Element]:
    """The element that each element but the root stands in, in the order of the file."""
    return {child: parent for parent in root.iter() for child in parent}


def walk_texts(root: Element) -> Iterator[tuple[Element, str]]:
    """Every text of a tree with the element that it stands in, in the order of the file."""
    ahead: list[tuple[Element, str | None]] = [(root, None)]
    while ahead:
        element, text = ahead.pop()
        if text is not None:
            yield element, text
            continue
        for child in reversed(element):
            ahead.append((element, child.tail or ""))
            ahead.append((child, None))
        ahead.append((element, element.text or ""))
