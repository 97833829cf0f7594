"""XML whose elements have times: TTML of broadcasters and Apple Podcasts, and YouTube's captions.

<tt ttp:frameRate="25"><body><div><p begin="00:00:01.5" end="3s" ttm:agent="SPEAKER_1">
    One<br/><span begin="0.5s">two</span></p></div></body></tt>

<transcript><text start="0" dur="1.54">it&amp;#39;s</text></transcript>
<timedtext><text t="0" d="1540">it's</text></timedtext>
<timedtext format="3"><body><p t="0" d="1540"><s>it's</s><s t="200"> so</s></p></body></timedtext>
"""

import re
from collections.abc import Collection, Iterable
from decimal import Decimal
from xml.etree.ElementTree import Element

from build_tools.model.source import Cue
from build_tools.sources.captions.cue_text import decode_references
from build_tools.sources.json.document import clean_label, expect
from build_tools.sources.json.phrasing import clean_text, number_cues, phrase_words
from build_tools.sources.markup import find_attribute, local_name, parse_xml
from build_tools.sources.raw import LeftOut, RawSource
from build_tools.sources.times import add_milliseconds, count_milliseconds, parse_full_clock
from build_tools.text.words import find_keys

Texts = dict[Element, list[tuple[Element, str]]]
# The seconds of each unit of time.
Units = dict[str, Decimal]

# The root elements, which stand near the beginning of a file.
YOUTUBE = re.compile(r"(?s).{0,1000}?<(?:transcript|timedtext)\b(?!:)")
TTML = re.compile(r"(?s).{0,1000}?<(?:[A-Za-z0-9_.-]{1,20}:)?tt[\s>]")
# Captions are escaped twice: their tags and references are text after parsing.
_TAG = re.compile(r"</?(?:b|i|u|br|font)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE)
_FRAMES = re.compile(
    r"(?P<clock>[0-9]{1,4}:[0-9]{2}:[0-9]{2}):(?P<frames>[0-9]{1,3})(?:\.[0-9]{1,3})?"
)
_OFFSET = re.compile(r"(?P<count>[0-9]{1,15}(?:\.[0-9]{1,15})?)(?P<unit>h|ms|m|s|f|t|)")


def _group_texts(root: Element, own: Collection[str]) -> Texts:
    """Every text with its element, by the nearest element of a name in `own`, or else the root."""
    texts: Texts = {root: []}
    ahead: list[tuple[Element, Element, str | None]] = [(root, root, None)]
    while ahead:
        owner, element, text = ahead.pop()
        if text is not None:
            texts[owner].append((element, text))
            continue
        name = local_name(element.tag)
        owner = element if name in own else root if name == "metadata" else owner
        texts.setdefault(owner, [])
        for child in reversed(element):
            ahead += (owner, element, child.tail or ""), (owner, child, None)
        ahead.append((owner, element, element.text or ""))
    return texts


def _leave_outside(texts: Iterable[tuple[Element, str]]) -> tuple[LeftOut, ...]:
    text = clean_text(" ".join(text for _, text in texts))
    return (LeftOut(0, text, "it stands outside the captions"),) if find_keys(text) else ()


def read_youtube_xml(content: str) -> RawSource:
    """One cue an element with a time, of any of the three shapes."""
    root = parse_xml(content)
    expect(local_name(root.tag) in ("transcript", "timedtext"), "YouTube", "<transcript>")
    texts = _group_texts(root, ("p", "text"))
    outside = texts.pop(root)
    cues = number_cues(_read_element(piece, texts[piece]) for piece in texts)
    return RawSource(tuple(cue for cue in cues if find_keys(cue.text)), _leave_outside(outside))


def _read_element(piece: Element, texts: Iterable[tuple[Element, str]]) -> Cue:
    in_seconds = find_attribute(piece, "start") != ""
    names, units = (("start", "dur"), 1) if in_seconds else (("t", "d"), 1000)
    start, lasts = (count_milliseconds(find_attribute(piece, name), units) for name in names)
    text = decode_references("".join(text for _, text in texts))
    return Cue(0, start, _TAG.sub(" ", text), add_milliseconds(start, lasts))


def read_ttml(content: str) -> RawSource:
    """One cue a paragraph; cues made of its words if these have times."""
    root = parse_xml(content)
    expect(local_name(root.tag) == "tt", "a maker of TTML", "the element <tt>")
    contexts = _find_contexts(root)
    named = (element for element in root.iter() if local_name(element.tag) == "agent")
    agents = {find_attribute(one, "id"): clean_text("".join(one.itertext())) for one in named}
    texts = _group_texts(root, ("p",))
    outside = texts.pop(root)
    cues: list[Cue] = []
    for paragraph, pieces in texts.items():
        around = ((contexts[element], text) for element, text in pieces)
        words = [context._replace(text=context.text + text) for context, text in around]
        for cue in _read_paragraph(contexts[paragraph], words):
            speaker = agents.get(cue.speaker) or cue.speaker
            cues.append(cue._replace(speaker=clean_label(speaker)))
    return RawSource(number_cues(cues), _leave_outside(outside))


def _find_contexts(root: Element) -> dict[Element, Cue]:
    """The times and speaker of every element's text, partly its parent's, and a blank before it."""
    units = _find_units(root)
    contexts = {root: Cue(0, None, "")}
    apple = bool(find_attribute(root, "timing"))
    for parent in root.iter():
        for element in parent:
            contexts[element] = _find_context(element, contexts[parent], units, apple=apple)
    return contexts


def _find_context(element: Element, outer: Cue, units: Units, *, apple: bool) -> Cue:
    unit = find_attribute(element, "unit")
    # Times count from the start of the parent, except for those of Apple's words and songs.
    base = 0 if unit or apple else outer.start or 0
    written = (find_attribute(element, name).strip() for name in ("begin", "end", "dur"))
    start, end, length = (_parse_time(time, units) for time in written)
    start, end = add_milliseconds(start, base), add_milliseconds(end, base)
    end = add_milliseconds(start, length) if end is None else end
    if start is None:
        start, end = outer.start, outer.end if end is None else end
    apart = " " if unit or local_name(element.tag) in ("br", "div", "p") else ""
    return Cue(0, start, apart, end, find_attribute(element, "agent") or outer.speaker)


def _read_paragraph(context: Cue, words: list[Cue]) -> Iterable[Cue]:
    times = {(word.start, word.end) for word in words if word.text.strip()}
    if times - {(context.start, context.end)}:
        return phrase_words(words)
    text = clean_text("".join(word.text for word in words))
    speaker = next((word.speaker for word in words if find_keys(word.text)), context.speaker)
    return (Cue(1, context.start, text, context.end, speaker),) if find_keys(text) else ()


def _find_units(root: Element) -> Units:
    frames = _positive(find_attribute(root, "frameRate"), 30)
    multiplier = find_attribute(root, "frameRateMultiplier").replace(":", " ").split()
    if len(multiplier) == 2:
        frames = frames * _positive(multiplier[0], 1) / _positive(multiplier[1], 1)
    ticks = _positive(find_attribute(root, "tickRate"), 1)
    seconds = {"h": Decimal(3600), "m": Decimal(60), "s": Decimal(1), "": Decimal(1)}
    return seconds | {"ms": Decimal("0.001"), "f": 1 / frames, "t": 1 / ticks}


def _positive(text: str, default: int) -> Decimal:
    return Decimal(text if re.fullmatch(r"[0-9]{1,12}", text) and int(text) else default)


def _parse_time(text: str, units: Units) -> int | None:
    if framed := _FRAMES.fullmatch(text):
        clock = parse_full_clock(framed["clock"])
        return add_milliseconds(clock, count_milliseconds(Decimal(framed["frames"]) * units["f"]))
    if offset := _OFFSET.fullmatch(text):
        return count_milliseconds(Decimal(offset["count"]) * units[offset["unit"]])
    return parse_full_clock(text)
