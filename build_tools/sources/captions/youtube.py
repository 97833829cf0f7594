"""YouTube's captions as XML, of three shapes, and as JSON.

<transcript><text start="0" dur="1.54">it&amp;#39;s</text></transcript>
<timedtext><text t="0" d="1540">it's</text></timedtext>
<timedtext format="3"><body><p t="0" d="1540"><s>it's</s><s t="200"> so</s></p></body></timedtext>
{"events": [{"tStartMs": 0, "dDurationMs": 1540, "segs": [{"utf8": "it's"}, {"utf8": " so"}]}]}
"""

from __future__ import annotations

import html
import re
from xml.etree.ElementTree import Element

from build_tools.sources.json.document import (
    JsonDocument,
    expect,
    find_field,
    find_list,
    find_text,
    parse_json,
)
from build_tools.sources.json.phrasing import clean_text
from build_tools.sources.markup import (
    find_attribute,
    find_parents,
    local_name,
    parse_xml,
    walk_texts,
)
from build_tools.sources.raw import LeftOut, RawCue, RawSource
from build_tools.sources.times import add_milliseconds, count_milliseconds
from build_tools.text.words import find_keys

_ROOT = re.compile(r"<(?:transcript|timedtext)\b(?!:)")
# Captions are escaped twice, so that tags and references of theirs are text at first.
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_TAG = re.compile(r"</?(?:b|i|u|br|font)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE)


def is_youtube_xml(content: str) -> bool:
    """Whether a file begins with the element that YouTube's captions stand in."""
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
    cues = (
        _read_piece(number, piece, "".join(texts[piece])) for number, piece in enumerate(pieces, 1)
    )
    rest = clean_text(" ".join(outside))
    left_out = (LeftOut(0, rest, "it stands outside the captions"),) if find_keys(rest) else ()
    return RawSource(tuple(cue for cue in cues if find_keys(cue.text)), left_out)


def _read_piece(line: int, piece: Element, text: str) -> RawCue:
    in_seconds = find_attribute(piece, "start") != ""
    start, length = ("start", "dur") if in_seconds else ("t", "d")
    units = 1 if in_seconds else 1000
    begins = count_milliseconds(find_attribute(piece, start), units)
    lasts = count_milliseconds(find_attribute(piece, length), units)
    return RawCue(line, begins, _unescape(text), add_milliseconds(begins, lasts))


def _unescape(text: str) -> str:
    """A text without what was escaped twice; `&` and `<` of which nothing is made stay."""
    text = _REFERENCE.sub(lambda match: html.unescape(match[0]), text)
    return clean_text(_TAG.sub(" ", text))


def is_youtube_json(value: object) -> bool:
    """Whether a JSON value has events with segments or times in milliseconds."""
    events = find_list(value, "events")
    return any(find_field(event, "segs", "tStartMs") is not None for event in events)


def read_youtube_json(content: str) -> RawSource:
    """One cue an event; most have segments, which glued together are its text."""
    document = JsonDocument(parse_json(content))
    expect(is_youtube_json(document.value), "YouTube", "“events”")
    events = find_list(document.value, "events")
    return document.close(
        [_read_event(document, number, event) for number, event in enumerate(events, 1)]
    )


def _read_event(document: JsonDocument, line: int, event: object) -> RawCue:
    segments = find_list(event, "segs")
    text = "".join(find_text(segment, "utf8") for segment in segments)
    document.take_all(segments, "utf8")
    start = count_milliseconds(find_field(event, "tStartMs"), per_second=1000)
    length = count_milliseconds(find_field(event, "dDurationMs"), per_second=1000)
    return RawCue(line, start, clean_text(text), add_milliseconds(start, length))
