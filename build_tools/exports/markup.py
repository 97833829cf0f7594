"""Elements of XML, built as trees and written as a file."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from build_tools.text.wording import join_blanks, one_line

Node = ET.Element | str


def element(tag: str, attributes: Mapping[str, str] | None = None, *inside: Node) -> ET.Element:
    """An element with its attributes, those that are "" left out, and what stands in it."""
    made = ET.Element(tag)
    for name, value in (attributes or {}).items():
        if value:
            made.set(name, one_line(value))
    append(made, *inside)
    return made


def block(tag: str, attributes: Mapping[str, str] | None = None, *inside: ET.Element) -> ET.Element:
    """An element that holds others, each on lines of its own."""
    made = element(tag, attributes)
    made.text = "\n"
    for child in inside:
        child.tail = "\n"
        made.append(child)
    return made


def append(parent: ET.Element, *nodes: Node) -> None:
    """Puts words and elements behind what an element holds already."""
    for node in nodes:
        if isinstance(node, ET.Element):
            parent.append(node)
        else:
            append_text(parent, join_blanks(node))


def append_text(parent: ET.Element, text: str) -> None:
    """Puts words behind what an element holds already, with every blank as it stands."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def render_xml(root: ET.Element, doctype: str = "") -> str:
    """The file of a root element."""
    head = f'<?xml version="1.0" encoding="utf-8"?>\n{doctype}'
    return f"{head}{ET.tostring(root, encoding='unicode')}\n"
