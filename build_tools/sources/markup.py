"""HTML as a sequence of tags and texts, and XML as a tree, without fetching what they refer to."""

import html
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from build_tools.sources.raw import UnreadableSourceError

DEEPEST = 100
# Elements whose text is never speech.
NO_SPEECH = frozenset(("script", "style", "template", "title"))

# Possessive, and no tag contains `<`: broken files take linear time too.
_TAG = re.compile(r"""(?x)
    <(?P<ends>/?)
    (?P<tag>[a-zA-Z][a-zA-Z0-9:-]*+)
    (?P<attributes>(?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+)
    >
    | <[!?](?P<declares>[^<>]*+)>""")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ATTRIBUTE = re.compile(
    r"""(?<![^\s"'])(?P<name>[^\s=/"'<>]++)\s*+=\s*+(?P<value>"[^"]*+"|'[^']*+'|[^\s"'<>]++)"""
)


class Markup(NamedTuple):
    """A tag with its attributes, or a text if `tag` is ""."""

    tag: str
    text: str = ""
    attributes: Mapping[str, str] = {}
    ends: bool = False


def parse_html(content: str) -> Iterator[Markup]:
    """The tags and texts of HTML without its comments, with references resolved.

    A tag that is not closed is text. Python's own parser takes quadratic time for some broken
    files: ten seconds for 60 KB of `<a b='`.
    """
    # Each comment before the last end of one has an end: the search takes linear time.
    last = content.rfind("-->") + 3
    content = _COMMENT.sub("", content[:last]) + content[last:]
    end = 0
    while match := _TAG.search(content, end):
        yield Markup("", html.unescape(content[end : match.start()]))
        end = match.end()
        if match["declares"] is not None:
            section = match["declares"].partition("[CDATA[")[2].removesuffix("]]")
            yield Markup("", html.unescape(section))
            continue
        tag = match["tag"].lower()
        written = _ATTRIBUTE.findall(match["attributes"])
        attributes = {name.lower(): html.unescape(value.strip("\"'")) for name, value in written}
        yield Markup(tag, "", attributes, bool(match["ends"]))
        if tag in NO_SPEECH and not match["ends"]:
            closing = re.compile(rf"</{tag}\b", re.IGNORECASE).search(content, end)
            stop = closing.start() if closing else len(content)
            yield Markup("", html.unescape(content[end:stop]))
            end = stop
    yield Markup("", html.unescape(content[end:]))


def parse_xml(content: str) -> Element:
    """The root of an XML file; raises UnreadableSourceError, also for declared entities."""
    try:
        root: Element = fromstring(content.lstrip())
    except ParseError as error:
        line, column = error.position
        what = f"the file is not XML: {str(error).split(':', 1)[0]}, at character {column + 1}"
        remedy = "save it once more; perhaps it was cut off"
        raise UnreadableSourceError(line, what, remedy) from None
    except DefusedXmlException:
        remedy = "take the declarations out (<!ENTITY …>)"
        raise UnreadableSourceError(1, "the file declares entities of its own", remedy) from None
    level, depth = [root], 0
    while level:
        level, depth = [child for element in level for child in element], depth + 1
    if depth > DEEPEST:
        raise too_deep()
    return root


def too_deep() -> UnreadableSourceError:
    """The refusal of a file that is nested too deep."""
    remedy = "no recogniser writes such files; save once more what yours gave"
    return UnreadableSourceError(1, f"the file is nested more than {DEEPEST} deep", remedy)


def local_name(name: object) -> str:
    """The name of an element or an attribute without its namespace."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def find_attribute(element: Element, *names: str) -> str:
    """The value of the first attribute with one of these names, in any namespace, or ""."""
    found = (value for name, value in element.attrib.items() if local_name(name) in names)
    return next(found, "")
