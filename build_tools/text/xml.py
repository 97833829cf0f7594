"""XML as text: elements with what stands in them, escaped once."""

from collections.abc import Iterable, Mapping

from build_tools.text.wording import join_blanks, one_line

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_IN_ATTRIBUTES = _ESCAPES | str.maketrans({'"': "&quot;"})


class Xml(str):
    """Text that is XML already; any other text is escaped where an element takes it in."""

    __slots__ = ()


def escape(text: str) -> Xml:
    """Words as XML, with every blank as it stands."""
    return Xml(text.translate(_ESCAPES))


def join(nodes: Iterable[str], sign: str = "") -> Xml:
    """Words and elements one behind the other, with a sign between them."""
    return Xml(
        sign.join(node if isinstance(node, Xml) else escape(join_blanks(node)) for node in nodes)
    )


def element(tag: str, attributes: Mapping[str, str], *inside: str) -> Xml:
    """An element with its attributes, those that are "" left out, and what stands in it."""
    content = join(inside)
    opening = _open(tag, attributes)
    return Xml(f"{opening}>{content}</{tag}>" if content else f"{opening} />")


def block(tag: str, attributes: Mapping[str, str], *inside: Xml) -> Xml:
    """An element that holds others, each on lines of its own."""
    return Xml("\n".join((f"{_open(tag, attributes)}>", *inside, f"</{tag}>")))


def _open(tag: str, attributes: Mapping[str, str]) -> str:
    written = (
        f' {name}="{one_line(value).translate(_IN_ATTRIBUTES)}"'
        for name, value in attributes.items()
        if value
    )
    return f"<{tag}{''.join(written)}"


def indent(root: Xml) -> Xml:
    """The same with a blank before the lines of a block for each block around them."""
    depth = 0
    lines = []
    for line in root.split("\n"):
        depth -= line.startswith("</")
        lines.append(" " * depth + line)
        # A line with one tag opens a block, or closes it, or is an empty element.
        depth += line.count("<") == 1 and not line.startswith("</") and not line.endswith("/>")
    return Xml("\n".join(lines))


def render_xml(root: Xml, doctype: str = "") -> str:
    """The file of a root element."""
    return f'<?xml version="1.0" encoding="utf-8"?>\n{doctype}{root}\n'
