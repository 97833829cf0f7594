"""YouTube's captions as XML, in three shapes.

<transcript><text start="0" dur="1.54">it&amp;#39;s</text></transcript>
<timedtext><text t="0" d="1540">it's</text></timedtext>
<timedtext format="3"><body><p t="0" d="1540"><s>it's</s><s t="200"> so</s></p></body></timedtext>
"""

import html
import re
from xml.etree.ElementTree import Element

from build_tools.sources.json.document import expect
from build_tools.sources.json.phrasing import TimedWord, clean_text, cue_each
from build_tools.sources.markup import (
    find_attribute,
    find_parents,
    leave_outside,
    local_name,
    parse_xml,
    walk_texts,
)
from build_tools.sources.raw import RawSource
from build_tools.sources.times import add_milliseconds, count_milliseconds
from build_tools.text.words import find_keys

_ROOT = re.compile(r"<(?:transcript|timedtext)\b(?!:)")
# Captions are escaped twice: their tags and references are text after parsing.
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_TAG = re.compile(r"</?(?:b|i|u|br|font)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE)


def is_youtube_xml(content: str) -> bool:
    """Whether a file begins with the root element of YouTube's captions."""
    return bool(_ROOT.search(content[:1000]))


def read_youtube_xml(content: str) -> RawSource:
    """One cue an element with a time, of any of the three shapes."""
    root = parse_xml(content)
    expect(local_name(root.tag) in ("transcript", "timedtext"), "YouTube", "<transcript>")
    pieces = [element for element in root.iter() if local_name(element.tag) in ("p", "text")]
    owners: dict[Element, Element] = {piece: piece for piece in pieces}
    for child, parent in find_parents(root).items():
        if child not in owners and parent in owners:
            owners[child] = owners[parent]
    texts: dict[Element, list[str]] = {piece: [] for piece in pieces}
    outside: list[str] = []
    for element, text in walk_texts(root):
        owner = owners.get(element)
        (texts[owner] if owner is not None else outside).append(text)
    cues = cue_each(_read_element(piece, "".join(texts[piece])) for piece in pieces)
    return RawSource(tuple(cue for cue in cues if find_keys(cue.text)), leave_outside(outside))


def _read_element(piece: Element, text: str) -> TimedWord:
    in_seconds = find_attribute(piece, "start") != ""
    start, length = ("start", "dur") if in_seconds else ("t", "d")
    units = 1 if in_seconds else 1000
    begins = count_milliseconds(find_attribute(piece, start), units)
    lasts = count_milliseconds(find_attribute(piece, length), units)
    return TimedWord(_unescape_twice(text), begins, add_milliseconds(begins, lasts))


def _unescape_twice(text: str) -> str:
    """A parsed text with its references resolved and its tags removed; other `&` and `<` stay."""
    text = _REFERENCE.sub(lambda match: html.unescape(match[0]), text)
    return clean_text(_TAG.sub(" ", text))
