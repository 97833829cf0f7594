"""Pasted text: lines with times glued to them, with names, times or both beside them, or neither.

The shapes that a file uses are found first, from the whole file; a line that fits none is speech.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeVar

from build_tools.model.source import Cue
from build_tools.sources.labels import find_labels, looks_like_name, split_label
from build_tools.sources.pasted.grammar import (
    KINDS,
    Beside,
    Head,
    Span,
    clean_name,
    parse_alone,
    parse_behind,
    parse_front,
    parse_head,
    unescape,
)
from build_tools.sources.pasted.surroundings import find_surroundings
from build_tools.sources.raw import RawSource, UnknownFile
from build_tools.text.timecode import ARROW, parse_clock

# Seconds have two digits: the text may begin with a third (`00:053 million`).
_CLOCK = re.compile(r"(?P<clock>(?:\d{1,3}:)?\d{1,2}:\d{2})(?P<text>.*)")
_GLUED = re.compile(r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?=[^\s:.,)–—-])(?!(?i:[ap]m|h|uhr)\b)")
# Lyrics have a time for each word.
_INSIDE = re.compile(r"<[0-9]{1,3}:[0-9]{2}[.:][0-9]{1,3}>")
# In milliseconds; the first time of a recording is no greater.
_OPENING = 300_000
# A panel has no more lines above its first time: a title, and the name of whoever speaks.
_MOST_ABOVE = 3
# The signs with which a time in brackets begins.
_BOXES = "[(\\#"
# Lines by number.
Texts = Mapping[int, str]
Shape = TypeVar("Shape")
Notation = tuple[str, Span | None, str]


class _Shapes(NamedTuple):
    """The lines that may be speech, and what in them is notation, by number.

    `times` are alone on their lines. `notation` is a name, times and the text behind them; `labels`
    may stand on further lines. Times behind speech are `closing` if they are those of its end.
    """

    texts: Texts
    times: Mapping[int, Span]
    notation: Mapping[int, Notation]
    ends: Mapping[int, Beside]
    labels: frozenset[str]
    closing: bool
    found: bool


def recognise_dialogue(file: UnknownFile) -> bool:
    """Whether a file has names or times beside its speech, or signs before each line."""
    return find_surroundings(file.content).unwrapped or _find_shapes(file.content).found


def read_dialogue(content: str) -> RawSource:
    """A cue for each line of speech, with the times and the name beside or above it."""
    around = find_surroundings(content)
    cues = tuple(_read_turns(content, _find_shapes(content)))
    return RawSource(cues, around.numbers, frozenset(around.pieces))


def _read_turns(content: str, shapes: _Shapes) -> Iterator[Cue]:
    speaker, span = "", Span(0, None) if shapes.closing else None
    below_time = False
    for number, text in enumerate(find_surroundings(content).lines, 1):
        rest = text
        behind = shapes.ends.get(number)
        if number in shapes.texts:
            # The line directly below a time is speech, even if it is a time.
            time = None if below_time else shapes.times.get(number)
            found = ("", time, "") if time else shapes.notation.get(number)
            if not found:
                name, rest = split_label(text, shapes.labels)
                found = name, None, rest
            speaker, span = found[0] or speaker, found[1] or span
            below_time = found[1] is not None and not found[2].strip()
            rest = unescape(_INSIDE.sub("", found[2]))
        if behind:
            begin = span.start if span else 0
            rest = (parse_behind(rest) or behind).text
            span = Span(begin, behind.span.start) if shapes.closing else behind.span
        start, end = span or (None, None)
        yield Cue(number, start, rest, end, speaker)
        if behind and shapes.closing:
            span = Span(behind.span.start, None)


@lru_cache(maxsize=4)
def _find_shapes(content: str) -> _Shapes:
    texts = find_surroundings(content).spoken

    def is_many(found: Collection[object], one_in: float) -> bool:
        return len(found) > 0 and one_in * len(found) >= len(texts)

    alone = _find(parse_alone, texts)
    in_words = {} if alone else _find(lambda text: parse_alone(text, in_words=True), texts)
    all_fronts = _find(parse_front, texts)
    fronts = {n: one for n, one in all_fronts.items() if one.text.strip() and n not in alone}
    fronts = {} if _are_spoken(fronts.values()) else fronts
    boxed = {n: front for n, front in fronts.items() if front.boxed}
    ends = _find(parse_behind, texts)
    # Nearly every line ends with a time, or some do in brackets as programs write it.
    said = {n: end for n, end in ends.items() if end.text.strip()}
    all_end = is_many(said, 1.25) and _are_times_of_lines(said, texts)
    heads = _find(parse_head, texts)
    kinds = frozenset[str]()
    if not (all_end or is_many(fronts, 2)):
        kinds = _find_kinds(texts, heads.values(), len(alone) + len(fronts))
    headed = {n: head for n, head in heads.items() if head.kind in kinds}
    ends = said if all_end else {n: e for n, e in ends.items() if e.boxed and n not in headed}
    marked = ends.keys() & said.keys()
    ends = ends if all_end or (is_many(marked, 4) and len(marked) > len(fronts)) else {}
    named = _find_names_behind(texts, fronts, {**all_fronts, **alone})
    begin = named or is_many(fronts, 2)
    shown = fronts if begin else boxed if len(boxed) > 1 else {}
    worded = in_words if is_many(in_words, 5) else {}
    # Lines of two times and an arrow are those of captions.
    points = [number for number in alone if not re.search(ARROW, texts[number])]
    brackets = [number for number in alone if texts[number].lstrip()[:1] in _BOXES]
    beside = _find_names_alone(texts, alone or in_words)
    # Two times are enough where names stand beside them.
    times = _is_panel(alone, texts) or (bool(beside) and is_many(points, 3))
    above = () if alone or in_words or fronts or kinds else _find_names_above(texts)
    found = begin or bool(worded or ends or kinds or above)
    found = found or (len(boxed) > 1 and _run(front.span for front in boxed.values()))
    found = found or (bool(points) and (times or is_many(brackets, 5)))
    closing = any(end.boxed and end.span.start > 0 for end in [*ends.values()][:1])
    # Bold names alone may be sparse: they are labels, as in other texts.
    headed = {} if kinds == {"bold"} else headed
    notation: dict[int, Notation] = {n: (clean_name(texts[n]), None, "") for n in beside or above}
    for number, front in shown.items():
        name = clean_name(front.text)
        is_name = named and looks_like_name(name)
        notation[number] = (name, front.span, "") if is_name else ("", front.span, front.text)
    notation |= {n: (head.name, head.span, head.text) for n, head in headed.items()}
    # Other times count from the first certain one on, where they stand apart.
    sure = {*(alone if times else brackets), *worded, *shown, *headed, *ends}
    begins = 0 if closing else min(sure, default=len(content))
    lone = {n: t for n, t in alone.items() if n in sure or (n > begins and n - 1 not in texts)}
    labels = frozenset(head.name for head in headed.values() if head.text.strip())
    return _Shapes(texts, worded | lone, notation, ends, labels, closing, found)


def _find(parse: Callable[[str], Shape | None], texts: Texts) -> dict[int, Shape]:
    found = ((number, parse(text)) for number, text in texts.items())
    return {number: shape for number, shape in found if shape is not None}


def _run(spans: Iterable[Span]) -> bool:
    """Whether times run upwards, but for a few."""
    starts = [span.start for span in spans]
    return 5 * sum(after < before for before, after in pairwise(starts)) <= len(starts)


def _are_times_of_lines(ends: Mapping[int, Beside], texts: Texts) -> bool:
    """Whether the times with which lines end are those of a recording, not of a day."""
    bare = any(texts[number].rstrip()[-1:].isalnum() for number in ends)
    spans = [end.span for end in ends.values()]
    return len(ends) > 1 and _run(spans) and (spans[0].start < _OPENING or not bare)


def _are_spoken(fronts: Collection[Beside]) -> bool:
    """Whether the times with which lines begin are those of a day, and words of sentences."""
    starts = [front.span.start for front in fronts if not front.boxed]
    if len(starts) < len(fronts) or any(start < _OPENING for start in starts):
        return False
    backwards = sum(after < before for before, after in pairwise(starts))
    small = sum(front.text[:1].islower() for front in fronts)
    ended = sum(front.text.rstrip()[-1:] in ".?!" for front in fronts)
    return len(fronts) == 1 or 5 * backwards >= len(fronts) or min(small, ended) * 2 >= len(fronts)


def _find_kinds(texts: Texts, heads: Collection[Head], times: int) -> frozenset[str]:
    """The kinds of heads that a file has, and not only lines that look like them."""
    total = len(texts)
    names = {kind: [head.name for head in heads if head.kind == kind] for kind in KINDS}
    far, near, inside, bold = (names[kind] for kind in KINDS)
    first = parse_head(next(iter(texts.values()), ""))
    kinds = set()
    if far and (len(far) > 1 or (first and first.kind != "near")) and 50 * len(far) >= total:
        kinds.add("far")
    recur = len(set(near)) < len(near) or 3 * len(near) >= total
    if not kinds and len(near) > 1 and recur and 10 * len(near) >= total:
        kinds.add("near")
    if len(set(inside)) < len(inside) and 2 * len(inside) >= total:
        kinds.add("inside")
    starred = (text for text in texts.values() if text.lstrip().startswith("**"))
    stars = sum(parse_head(text) is not None for text in starred)
    plain = sum(len(names[kind]) for kind in kinds) + len(bold) - stars
    if bold and 20 * len(bold) >= total and len(bold) >= times + 2 * plain:
        kinds.add("bold")
    return frozenset(kinds)


def _find_names_behind(texts: Texts, fronts: Mapping[int, Beside], timed: Collection[int]) -> bool:
    """Whether the times at the beginning of lines have a name behind them, and the text below."""
    below = dict(zip(texts, [*texts][1:], strict=False))
    spoken = (one.text for n, one in fronts.items() if n in below and below[n] not in timed)
    names = [name for text in spoken if looks_like_name(name := clean_name(text))]
    recur = len(set(names)) < len(names) or 3 * len(names) >= len(texts)
    return len(names) > 1 and recur and 2 * len(names) >= len(fronts)


def _find_names_alone(texts: Texts, times: Collection[int]) -> Collection[int]:
    """The lines with the name to a time beside it and text below, if nearly all times have one."""
    numbers = [*texts]
    timed = [number in times for number in numbers]
    places = [place for place, is_time in enumerate(timed) if is_time]
    for name, text, apart in ((-1, 1, -2), (1, 2, -1)):
        inside = [at for at in places if at + name >= 0 and at + text < len(numbers)]
        free = [at for at in inside if at + apart < 0 or not timed[at + apart]]
        found = _find_names(texts, (numbers[at + name] for at in free if not timed[at + text]))
        names = {*found.values()}
        # Without capitals, as in Chinese, any short line looks like a name.
        recur = len(names) < len(found) or all(name != name.lower() for name in names)
        if len(found) > 1 and recur and 5 * len(found) >= 4 * len(times):
            return found
    return ()


def _find_names_above(texts: Texts) -> Collection[int]:
    """The lines that hold the name above a paragraph, if nearly all begin with one of several."""
    opening = [number for number in texts if number - 1 not in texts]
    found = _find_names(texts, (number for number in opening if number + 1 in texts))
    names = {*found.values()}
    recur = 1 < len(names) <= len(found) // 2 and any(name != name.lower() for name in names)
    return found if recur and 5 * len(found) >= 4 * len(opening) else ()


def _find_names(texts: Texts, numbers: Iterable[int]) -> dict[int, str]:
    names = {number: clean_name(texts[number]) for number in numbers}
    return {number: name for number, name in names.items() if looks_like_name(name)}


def _is_panel(alone: Mapping[int, Span], texts: Texts) -> bool:
    """Whether lone times are those of a panel: they run upwards, and begin the text or are many."""
    times: list[int] = []
    for number in alone:
        if not times or number > times[-1] + 1:
            times.append(number)
    if not times or not _run(alone[number] for number in times):
        return False
    first, several = alone[times[0]].start, len(times) > 1
    zero, above = first == 0, [*texts].index(times[0])
    if above == 0 or zero or (several and above < _MOST_ABOVE and first < _OPENING):
        apart = all(number - 1 not in texts for number in (times[1:] if several else times))
        return 5 * len(times) >= len(texts) or (apart and (several or zero))
    return len(times) > 2 and 3 * len(times) >= len(texts)


# Lines without notation of their own -------------------------------------------------------------


def recognise_clock(file: UnknownFile) -> bool:
    """Whether a file has a time glued to the text of most lines."""
    glued = sum(_GLUED.match(line) is not None for line in file.lines)
    return glued > 0 and 2 * glued >= len(file.lines)


def read_clock(content: str) -> RawSource:
    """One cue a line; a line without a time has the time of the line before it."""
    cues = []
    start: int | None = None
    for number, text in enumerate(content.split("\n"), 1):
        match = _CLOCK.match(text)
        start, rest = (parse_clock(match["clock"]), match["text"]) if match else (start, text)
        cues.append(Cue(number, start, rest))
    return RawSource(tuple(cues))


def recognise_named(file: UnknownFile) -> bool:
    """Whether a file is text with names."""
    lines = [*find_surroundings(file.content).spoken.values()]
    labels = find_labels(lines)
    turns = [line.lstrip() for line in lines if split_label(line, labels)[0]]
    # Few lines beside many without a label need another sign that they have one.
    sure = all(line[:2] in (">>", "**") or split_label(line, labels)[0].isupper() for line in turns)
    return len(turns) > 0 and (sure or (len(turns) > 1 and 10 * len(turns) >= len(lines)))


def read_named(content: str) -> RawSource:
    """One cue a line, without a time and with its label; lines around the speech have none."""
    return read_plain(content)._replace(apart=frozenset(find_surroundings(content).pieces))


def recognise_plain(file: UnknownFile) -> bool:
    """Whether a file is lines of text, and not JSON, HTML or XML."""
    marked = file.content.lstrip().lower().startswith(("<!doctype", "<html", "<?xml"))
    return file.document is None and not marked and bool(file.lines)


def read_plain(content: str) -> RawSource:
    """One cue a line, without a time, and with every word of the file."""
    around = find_surroundings(content)
    lines = content.split("\n") if around.unwrapped else around.lines
    return RawSource(tuple(Cue(number, None, line) for number, line in enumerate(lines, 1)))
