"""XML whose elements have times: TTML of broadcasters and Apple Podcasts, and YouTube's captions.

<tt ttp:frameRate="25"><body><div><p begin="00:00:01.5" end="3s" ttm:agent="SPEAKER_1">
    One<br/><span begin="0.5s">two</span></p></div></body></tt>

<transcript><text start="0" dur="1.54">it&amp;#39;s</text></transcript>
<timedtext><text t="0" d="1540">it's</text></timedtext>
<timedtext format="3"><body><p t="0" d="1540"><s>it's</s><s t="200"> so</s></p></body></timedtext>
"""

import re
from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from xml.etree.ElementTree import Element

from build_tools.model.source import Cue
from build_tools.sources.captions.cue_text import decode_references
from build_tools.sources.json.document import clean_label, expect
from build_tools.sources.json.phrasing import clean_text, number_cues, phrase_words
from build_tools.sources.markup import find_attribute, local_name, parse_xml
from build_tools.sources.raw import LeftOut, RawSource
from build_tools.sources.times import add_milliseconds, count_milliseconds
from build_tools.text.words import find_keys

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


def _group_runs(
    root: Element, own: Collection[str], find_context: Callable[[Element, Cue], Cue]
) -> tuple[list[list[Cue]], tuple[LeftOut, ...]]:
    """The runs of text in each element of a name in `own`, and the text outside of all these.

    A context is the times and the speaker of an element, and a blank where its text stands apart.
    """
    groups: dict[Element | None, list[Cue]] = {None: []}

    def walk(element: Element, outer: Cue, owner: Element | None) -> None:
        name = local_name(element.tag)
        owner = element if name in own else None if name == "metadata" else owner
        context = find_context(element, outer)
        runs = groups.setdefault(owner, [])
        runs.append(context._replace(text=context.text + (element.text or "")))
        for child in element:
            walk(child, context, owner)
            runs.append(context._replace(text=child.tail or ""))

    walk(root, Cue(0, None, ""), None)
    text = clean_text(" ".join(run.text for run in groups.pop(None)))
    why = "it stands outside the captions"
    return [*groups.values()], (LeftOut(0, text, why),) if find_keys(text) else ()


def read_youtube_xml(content: str) -> RawSource:
    """One cue an element with a time, of any of the three shapes."""
    root = parse_xml(content)
    expect(local_name(root.tag) in ("transcript", "timedtext"), "YouTube", "<transcript>")

    def find_context(element: Element, outer: Cue) -> Cue:
        if local_name(element.tag) not in ("p", "text"):
            return outer
        in_seconds = find_attribute(element, "start") != ""
        names, units = (("start", "dur"), 1) if in_seconds else (("t", "d"), 1000)
        start, lasts = (count_milliseconds(find_attribute(element, name), units) for name in names)
        return Cue(0, start, "", add_milliseconds(start, lasts))

    groups, outside = _group_runs(root, ("p", "text"), find_context)
    texts = (decode_references("".join(run.text for run in runs)) for runs in groups)
    pairs = zip(groups, texts, strict=True)
    cues = number_cues(runs[0]._replace(text=_TAG.sub(" ", text)) for runs, text in pairs)
    return RawSource(tuple(cue for cue in cues if find_keys(cue.text)), outside)


def read_ttml(content: str) -> RawSource:
    """One cue a paragraph; cues made of its words if these have times."""
    root = parse_xml(content)
    expect(local_name(root.tag) == "tt", "a maker of TTML", "the element <tt>")
    units, apple = _find_units(root), bool(find_attribute(root, "timing"))

    def find_context(element: Element, outer: Cue) -> Cue:
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

    named = (element for element in root.iter() if local_name(element.tag) == "agent")
    agents = {find_attribute(one, "id"): clean_text("".join(one.itertext())) for one in named}
    groups, outside = _group_runs(root, ("p",), find_context)
    cues = (
        cue._replace(speaker=clean_label(agents.get(cue.speaker) or cue.speaker))
        for runs in groups
        for cue in _read_paragraph(runs)
    )
    return RawSource(number_cues(cues), outside)


def _read_paragraph(runs: list[Cue]) -> Iterable[Cue]:
    first = runs[0]
    times = {(run.start, run.end) for run in runs if run.text.strip()}
    if times - {(first.start, first.end)}:
        return phrase_words(runs)
    text = clean_text("".join(run.text for run in runs))
    speaker = next((run.speaker for run in runs if find_keys(run.text)), first.speaker)
    return (Cue(1, first.start, text, first.end, speaker),) if find_keys(text) else ()


def _find_units(root: Element) -> Units:
    def read(name: str, default: int) -> list[Decimal]:
        numbers = find_attribute(root, name).replace(":", " ").split()
        fits = numbers and all(re.fullmatch(r"[0-9]{1,12}", one) and int(one) for one in numbers)
        return [Decimal(one) for one in (numbers if fits else [default])]

    frames, ticks = read("frameRate", 30)[0], read("tickRate", 1)[0]
    multiplier = read("frameRateMultiplier", 1)
    if len(multiplier) == 2:
        frames = frames * multiplier[0] / multiplier[1]
    seconds = {"h": Decimal(3600), "m": Decimal(60), "s": Decimal(1), "": Decimal(1)}
    return seconds | {"ms": Decimal("0.001"), "f": 1 / frames, "t": 1 / ticks}


def _parse_time(text: str, units: Units) -> int | None:
    if framed := _FRAMES.fullmatch(text):
        clock = count_milliseconds(framed["clock"])
        return add_milliseconds(clock, count_milliseconds(Decimal(framed["frames"]) * units["f"]))
    if offset := _OFFSET.fullmatch(text):
        return count_milliseconds(Decimal(offset["count"]) * units[offset["unit"]])
    return count_milliseconds(text)
