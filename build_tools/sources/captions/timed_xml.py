"""XML whose elements have times: TTML, YouTube's captions, Podlove's transcripts, and others.

It is read as JSON: an element is an object of its attributes, its text and its elements.

<tt ttp:frameRate="25"><body><div><p begin="00:00:01.5" end="3s" ttm:agent="SPEAKER_1">
    One<br/><span>two</span></p></div></body></tt>

<transcript><text start="0" dur="1.54">it&amp;#39;s</text></transcript>
<timedtext format="3"><body><p t="0" d="1540"><s>it's</s><s t="200"> so</s></p></body></timedtext>
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from itertools import islice
from xml.etree.ElementTree import Element

from build_tools.sources.captions.cue_text import decode_references, plain_cue_text
from build_tools.sources.json.document import DEEPEST, Object, too_deep
from build_tools.sources.json.reader import is_any, read_any
from build_tools.sources.markup import find_attribute, local_name, parse_xml
from build_tools.sources.raw import RawSource, UnreadableSourceError

# The beginning of a file, or the root of one without it.
_BEGINS = re.compile(r"<\?xml|<(?:transcript|timedtext)\b(?!:)|<(?:[\w.-]{1,20}:)?tt[\s>]")
_TIME_NAMES = ("begin", "end", "dur")
_TIME = re.compile(
    r"""
    (?P<clock> [0-9]{1,4}:[0-9]{2}:[0-9]{2} ): (?P<frames> [0-9]{1,3} ) (?: \.[0-9]{1,3} )?
    | (?P<count> [0-9]{1,15} (?: \.[0-9]{1,15} )? ) (?P<unit> h|ms|m|f|t )
    """,
    re.VERBOSE,
)
# YouTube counts milliseconds under these names.
_NAMES = {"t": "start_ms", "d": "duration_ms"}


def is_xml(content: str) -> bool:
    """Whether a file is XML with a list of texts and times."""
    if not _BEGINS.search(content, 0, 1000):
        return False
    try:
        return is_any(_parse_document(content))
    except UnreadableSourceError:
        return False


def read_xml(content: str) -> RawSource:
    """A cue for each element with a text and a time, or cues made of its words if they have one."""
    return read_any(_parse_document(content))


def _parse_document(content: str) -> object:
    root = parse_xml(content)
    units = _find_units(root)
    youtube = local_name(root.tag) in ("transcript", "timedtext")
    for element in root.iter():
        if local_name(element.tag) == "br":
            element.text = " "
        if youtube:
            # These are escaped twice: their tags are text after parsing.
            element.text = plain_cue_text(decode_references(element.text or ""))
        for name, value in element.items():
            if local_name(name) in _TIME_NAMES:
                element.set(name, _TIME.sub(lambda time: _write_seconds(time, units), value))
    return value_of(root)


def _find_units(root: Element) -> dict[str, Decimal]:
    """The seconds of each unit of TTML; the root says how many frames and ticks a second has."""
    units = {"h": Decimal(3600), "m": Decimal(60), "ms": Decimal("0.001")}
    for unit, name, default in (("f", "frameRate", 30), ("t", "tickRate", 1)):
        rate = re.fullmatch("0*([1-9][0-9]{0,9})", find_attribute(root, name))
        units[unit] = 1 / Decimal(rate[1] if rate else default)
    return units


def _write_seconds(time: re.Match[str], units: Mapping[str, Decimal]) -> str:
    if time["unit"]:
        return f"{Decimal(time['count']) * units[time['unit']]:.3f}s"
    return f"{time['clock']}{Decimal(time['frames']) * units['f'] % 1:.3f}".replace("0.", ".", 1)


def value_of(element: Element, depth: int = 0) -> object:
    """An XML element as an object of JSON: its attributes, its own text, and lists of elements.

    An element that has a time and no others with one inside has all their text; one with a text
    alone is this text. Raises UnreadableSourceError for deep nesting.
    """
    if depth > DEEPEST:
        raise too_deep()
    names = {name: _NAMES.get(local_name(name), local_name(name)) for name in element.attrib}
    attributes = {names[name]: value for name, value in element.items()}
    whole = _is_timed(element) or local_name(element.tag) in ("p", "text")
    if whole and not any(map(_is_timed, islice(element.iter(), 1, None))):
        return {"text": " ".join("".join(element.itertext()).split()), **attributes}
    children: dict[str, list[object]] = {}
    for child in element:
        children.setdefault(local_name(child.tag), []).append(value_of(child, depth + 1))
    text = "".join([element.text or "", *(child.tail or "" for child in element)])
    if not attributes and not children:
        return text
    own: Object = {"content" if "text" in children else "text": text, **attributes}
    return own | {name: one[0] if one[1:] == [] else one for name, one in children.items()}


def _is_timed(element: Element) -> bool:
    """Whether an element has a time of its own; YouTube's pieces of captions count from those."""
    if local_name(element.tag) == "s":
        return False
    return any(name in element.attrib for name in ("begin", "start", "t"))
