"""TTML, the timed text of broadcasters and of Apple Podcasts.

<tt ttp:frameRate="25"><body><div><p begin="00:00:01.5" end="3s" ttm:agent="SPEAKER_1">
    One<br/><span begin="0.5s">two</span></p></div></body></tt>
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple
from xml.etree.ElementTree import Element

from build_tools.sources.json.document import clean_label, expect
from build_tools.sources.json.phrasing import TimedWord, clean_text, number_cues, phrase_words
from build_tools.sources.markup import (
    find_attribute,
    find_parents,
    leave_outside,
    local_name,
    parse_xml,
    walk_texts,
)
from build_tools.sources.raw import RawCue, RawSource
from build_tools.sources.times import count_milliseconds, parse_full_clock
from build_tools.text.words import find_keys

_ROOT = re.compile(r"<(?:[A-Za-z0-9_.-]{1,20}:)?tt[\s>]")
_FRAMES = re.compile(
    r"(?P<clock>[0-9]{1,4}:[0-9]{2}:[0-9]{2}):(?P<frames>[0-9]{1,3})(?:\.[0-9]{1,3})?"
)
_OFFSET = re.compile(r"(?P<count>[0-9]{1,15}(?:\.[0-9]{1,15})?)(?P<unit>h|ms|m|s|f|t|)")
_SECONDS = {"h": Decimal(3600), "m": Decimal(60), "s": Decimal(1), "": Decimal(1)}
_SECONDS["ms"] = Decimal(1) / 1000
# These elements separate the words on both sides of them.
_APART = ("br", "div", "p")


def is_ttml(content: str) -> bool:
    """Whether a file has the element `tt` near its beginning."""
    return bool(_ROOT.search(content[:1000]))


def read_ttml(content: str) -> RawSource:
    """One cue a paragraph; cues made of its words if these have times."""
    root = parse_xml(content)
    expect(local_name(root.tag) == "tt", "a maker of TTML", "the element <tt>")
    contexts = _find_contexts(root)
    agents = _find_agents(root)
    words: dict[Element, list[TimedWord]] = {}
    outside: list[str] = []
    for element, text in walk_texts(root):
        context = contexts[element]
        if context.paragraph is None:
            outside.append(text)
        else:
            blank = " " if context.apart else ""
            word = TimedWord(blank + text, context.start, context.end, context.speaker)
            words.setdefault(context.paragraph, []).append(word)
    cues: list[RawCue] = []
    for paragraph, texts in words.items():
        for cue in _read_paragraph(contexts[paragraph], texts):
            speaker = agents.get(cue.speaker) or cue.speaker
            cues.append(cue._replace(speaker=clean_label(speaker)))
    return RawSource(number_cues(cues), leave_outside(outside))


class _Context(NamedTuple):
    """The paragraph, times and speaker of an element's text."""

    paragraph: Element | None
    start: int | None
    end: int | None
    speaker: str
    apart: bool


class _Rates(NamedTuple):
    """The number of frames and of ticks in a second."""

    frames: Decimal
    ticks: Decimal


def _find_contexts(root: Element) -> dict[Element, _Context]:
    """The context of every element, partly inherited from its parent."""
    rates = _find_rates(root)
    contexts = {root: _Context(None, None, None, "", apart=False)}
    for element, parent in find_parents(root).items():
        outer = contexts[parent]
        contexts[element] = _find_context(element, outer, rates)
    return contexts


def _find_context(element: Element, outer: _Context, rates: _Rates) -> _Context:
    name = local_name(element.tag)
    unit = find_attribute(element, "unit")
    # Times count from the start of the parent, except for those of Apple's words.
    base = 0 if unit else outer.start or 0
    start = _parse_time_from(find_attribute(element, "begin"), rates, base)
    end = _parse_time_from(find_attribute(element, "end"), rates, base)
    length = _parse_time_from(find_attribute(element, "dur"), rates, 0)
    if end is None and start is not None and length is not None:
        end = start + length
    return _Context(
        element if name == "p" else None if name in ("head", "metadata") else outer.paragraph,
        outer.start if start is None else start,
        outer.end if start is None and end is None else end,
        find_attribute(element, "agent") or outer.speaker,
        apart=bool(unit) or name in _APART,
    )


def _read_paragraph(context: _Context, words: list[TimedWord]) -> Iterable[RawCue]:
    if any(
        (word.start, word.end) != (context.start, context.end)
        for word in words
        if word.text.strip()
    ):
        return phrase_words(words)
    text = clean_text("".join(word.text for word in words))
    speaker = next((word.speaker for word in words if find_keys(word.text)), context.speaker)
    return (RawCue(1, context.start, text, context.end, speaker),) if find_keys(text) else ()


def _find_agents(root: Element) -> dict[str, str]:
    """The names of the agents that the head declares."""
    agents = (element for element in root.iter() if local_name(element.tag) == "agent")
    return {find_attribute(agent, "id"): clean_text("".join(agent.itertext())) for agent in agents}


def _find_rates(root: Element) -> _Rates:
    frames = _positive(find_attribute(root, "frameRate"), 30)
    multiplier = find_attribute(root, "frameRateMultiplier").replace(":", " ").split()
    if len(multiplier) == 2:
        frames = frames * _positive(multiplier[0], 1) / _positive(multiplier[1], 1)
    return _Rates(frames, _positive(find_attribute(root, "tickRate"), 1))


def _positive(text: str, default: int) -> Decimal:
    number = text if re.fullmatch(r"[0-9]{1,12}", text) and int(text) else str(default)
    return Decimal(number)


def _parse_time_from(text: str, rates: _Rates, base: int) -> int | None:
    """A time in any notation of TTML, counted from a base."""
    time = _parse_offset(text.strip(), rates)
    return None if time is None else base + time


def _parse_offset(text: str, rates: _Rates) -> int | None:
    framed = _FRAMES.fullmatch(text)
    if framed:
        clock = parse_full_clock(framed["clock"])
        frames = count_milliseconds(Decimal(framed["frames"]) / rates.frames)
        return None if clock is None or frames is None else clock + frames
    offset = _OFFSET.fullmatch(text)
    if not offset:
        return parse_full_clock(text)
    seconds = {**_SECONDS, "f": 1 / rates.frames, "t": 1 / rates.ticks}
    return count_milliseconds(Decimal(offset["count"]) * seconds[offset["unit"]])
