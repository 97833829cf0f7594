"""Text with names, times or both beside the speech, as meetings, recognisers and podcasts write it.

The shapes that a file uses are found first, from the whole file; a line that fits none is speech.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from build_tools.model.source import Cue
from build_tools.sources.labels import looks_like_name, split_label
from build_tools.sources.pasted.grammar import KINDS, Line, Span, clean_name, parse_line, unescape
from build_tools.sources.pasted.surroundings import find_surroundings
from build_tools.sources.raw import RawSource, UnknownFile
from build_tools.text.timecode import ARROW

# Lyrics have a time for each word.
_INSIDE = re.compile(r"<[0-9]{1,3}:[0-9]{2}[.:][0-9]{1,3}>")
# In milliseconds; the first time of a recording is no greater.
_OPENING = 300_000
# A panel has no more lines above its first time: a title, and the name of whoever speaks.
_MOST_ABOVE = 3
# The signs with which a time in brackets begins.
_BOXES = "[(\\#"


class _Shapes(NamedTuple):
    """The lines in shapes that are notation, those with names alone, and names behind times."""

    lines: Mapping[int, Line]
    names: frozenset[int]
    names_behind_times: bool
    times: bool
    behind: bool
    found: bool


def recognise_dialogue(file: UnknownFile) -> bool:
    """Whether a file has names or times beside its speech."""
    return _find_shapes(file.content).found


def read_dialogue(content: str) -> RawSource:
    """A cue for each line of speech, with the times and the name beside or above it."""
    cues = tuple(_read_turns(content, _find_shapes(content)))
    return RawSource(cues, apart=frozenset(find_surroundings(content).pieces))


def _read_turns(content: str, shapes: _Shapes) -> Iterator[Cue]:
    heads = (line.head for line in shapes.lines.values())
    labels = frozenset(head.name for head in heads if head and head.text.strip())
    speaker, span = "", Span(0, None) if shapes.behind else None
    below_notation = False
    for number, text in enumerate(content.split("\n"), 1):
        rest, behind = text, None
        if line := shapes.lines.get(number):
            apart = span is not None and number - 1 not in shapes.lines
            is_time = shapes.times or apart or text.lstrip()[:1] in _BOXES
            time = None if below_notation else line.alone if line.alone and is_time else line.words
            if time:
                span, rest = time, ""
            else:
                name, span, rest = _take_notation(line, shapes, labels, span)
                speaker = name or speaker
            below_notation = not rest.strip() and number not in shapes.names
            behind = line.behind
            rest = unescape(_INSIDE.sub("", rest))
        if behind:
            rest, span = behind.text, Span(span.start if span else 0, behind.span.start)
        start, end = span or (None, None)
        yield Cue(number, start, rest, end, speaker)
        if behind:
            span = Span(behind.span.start, None)


def _take_notation(
    line: Line, shapes: _Shapes, labels: frozenset[str], span: Span | None
) -> tuple[str, Span | None, str]:
    if line.head:
        return line.head.name, line.head.span or span, line.head.text
    if line.front:
        text = line.front.text
        if shapes.names_behind_times and looks_like_name(clean_name(text)):
            return clean_name(text), line.front.span, ""
        return "", line.front.span, text
    if line.number in shapes.names:
        return clean_name(line.text), span, ""
    name, text = split_label(line.text, labels) if labels else ("", line.text)
    return name, span, text


@lru_cache(maxsize=4)
def _find_shapes(content: str) -> _Shapes:
    apart = find_surroundings(content).pieces
    numbered = enumerate(content.split("\n"), 1)
    lines = [parse_line(n, text) for n, text in numbered if text.strip() and n not in apart]
    total = len(lines)
    alone = [line for line in lines if line.alone]
    fronts = [line for line in lines if line.front and line.front.text.strip() and not line.alone]
    if _are_spoken(fronts):
        fronts = []
    boxes = sum(line.front is not None and line.front.boxed for line in fronts)
    in_words = [line for line in lines if line.words] if not alone else []
    many_fronts = _is_many(len(fronts), total, 2)
    kinds = frozenset() if many_fronts else _find_heads(lines, len(alone) + len(fronts))
    headed = {line.number: line.head for line in lines if line.head and line.head.kind in kinds}
    ends = [line for line in lines if line.behind and line.number not in headed]
    behind = sum(line.behind is not None and line.behind.text.strip() != "" for line in ends)
    named = _find_names_behind(lines, fronts)
    # Lines of two times and an arrow are those of captions.
    points = [line for line in alone if not re.search(ARROW, line.text)]
    boxed = sum(line.text.lstrip()[:1] in _BOXES for line in alone)
    beside = _find_names_alone(lines, alone or in_words)
    # Two times are enough where names stand beside them.
    times = _is_panel(alone, lines) or (bool(beside) and _is_many(len(points), total, 3))
    above = frozenset() if alone or in_words or fronts or kinds else _find_names_above(lines)
    begin = many_fronts or named
    worded, end = _is_many(len(in_words), total, 5), _is_many(behind, total, 4)
    found = begin or worded or end or bool(kinds or above)
    found = found or (bool(points) and (times or _is_many(boxed, total, 5)))
    # Bold names alone may be sparse: they are labels, as in other texts.
    named_only = kinds == {"bold"}
    end = end and behind > len(fronts)
    notation = {
        line.number: line._replace(
            words=line.words if worded else None,
            front=line.front if begin or (boxes > 1 and line.front and line.front.boxed) else None,
            head=None if named_only else headed.get(line.number),
            behind=line.behind if end and line.number not in headed else None,
        )
        for line in lines
    }
    names = beside or above
    return _Shapes(notation, names, named, times, end, found)


def _is_many(count: int, total: int, one_in: int) -> bool:
    return count > 0 and one_in * count >= total


def _are_spoken(lines: Sequence[Line]) -> bool:
    """Whether the times with which lines begin are those of a day, and words of sentences."""
    fronts = [line.front for line in lines if line.front and not line.front.boxed]
    starts = [front.span.start for front in fronts]
    if len(fronts) < len(lines) or any(start < _OPENING for start in starts):
        return False
    backwards = sum(after < before for before, after in pairwise(starts))
    small = sum(front.text[:1].islower() for front in fronts)
    ended = sum(front.text.rstrip()[-1:] in ".?!" for front in fronts)
    return len(fronts) == 1 or 5 * backwards >= len(fronts) or min(small, ended) * 2 >= len(fronts)


def _find_heads(lines: Sequence[Line], times: int) -> frozenset[str]:
    total = len(lines)
    heads = [line.head for line in lines if line.head]
    names = {kind: [head.name for head in heads if head.kind == kind] for kind in KINDS}
    far, near, inside, bold = (names[kind] for kind in KINDS)
    kinds = set()
    first = bool(lines) and lines[0].head is not None and lines[0].head.kind != "near"
    if (len(far) > 1 or first) and _is_many(len(far), total, 50):
        kinds.add("far")
    recur = len(set(near)) < len(near) or _is_many(len(near), total, 3)
    if not kinds and len(near) > 1 and recur and _is_many(len(near), total, 10):
        kinds.add("near")
    if len(set(inside)) < len(inside) and _is_many(len(inside), total, 2):
        kinds.add("inside")
    stars = sum(line.head is not None and line.text.lstrip().startswith("**") for line in lines)
    plain = sum(len(names[kind]) for kind in kinds) + len(bold) - stars
    if _is_many(len(bold), total, 20) and len(bold) >= times + 2 * plain:
        kinds.add("bold")
    return frozenset(kinds)


def _find_names_behind(lines: Sequence[Line], fronts: Sequence[Line]) -> bool:
    """Whether the times at the beginning of lines have a name behind them, and the text below."""
    below = dict(zip((line.number for line in lines), lines[1:], strict=False))
    names = [
        name
        for line in fronts
        if line.front and looks_like_name(name := clean_name(line.front.text))
        if (text := below.get(line.number)) and not (text.front or text.alone)
    ]
    recur = len(set(names)) < len(names) or _is_many(len(names), len(lines), 3)
    return len(names) > 1 and recur and 2 * len(names) >= len(fronts)


def _find_names_alone(lines: Sequence[Line], times: Sequence[Line]) -> frozenset[int]:
    """The lines with the name to a time beside it and text below, if nearly all times have one."""
    at_time = {line.number for line in times}
    timed = [line.number in at_time for line in lines]
    places = [place for place, is_time in enumerate(timed) if is_time]
    for name, text, apart in ((-1, 1, -2), (1, 2, -1)):
        inside = [at for at in places if at + name >= 0 and at + text < len(lines)]
        free = [at for at in inside if at + apart < 0 or not timed[at + apart]]
        beside = [lines[at + name] for at in free if not timed[at + text]]
        found = _find_names(beside)
        names = {*found.values()}
        # Without capitals, as in Chinese, any short line looks like a name.
        recur = len(names) < len(found) or all(name != name.lower() for name in names)
        if len(found) > 1 and recur and 5 * len(found) >= 4 * len(times):
            return frozenset(found)
    return frozenset()


def _find_names_above(lines: Sequence[Line]) -> frozenset[int]:
    """The lines that hold the name above a paragraph, if nearly all begin with one of several."""
    numbers = {line.number for line in lines}
    heads = [line for line in lines if line.number - 1 not in numbers]
    found = _find_names(line for line in heads if line.number + 1 in numbers)
    names = {*found.values()}
    recur = 1 < len(names) <= len(found) // 2 and any(name != name.lower() for name in names)
    return frozenset(found if recur and 5 * len(found) >= 4 * len(heads) else ())


def _find_names(lines: Iterable[Line]) -> dict[int, str]:
    names = {line.number: clean_name(line.text) for line in lines}
    return {number: name for number, name in names.items() if looks_like_name(name)}


def _is_panel(alone: Sequence[Line], lines: Sequence[Line]) -> bool:
    """Whether lone times are those of a panel: they run upwards, and begin the text or are many."""
    times: list[Line] = []
    for line in alone:
        if not times or line.number > times[-1].number + 1:
            times.append(line)
    starts = [line.alone.start for line in times if line.alone]
    if not starts or 5 * sum(after < before for before, after in pairwise(starts)) > len(starts):
        return False
    several, above = len(starts) > 1, lines.index(times[0])
    zero, near = starts[0] == 0, above < _MOST_ABOVE and starts[0] < _OPENING
    if above == 0 or zero or (several and near):
        numbers = {line.number for line in lines}
        apart = all(line.number - 1 not in numbers for line in times)
        return _is_many(len(times), len(lines), 5) or (apart and (several or zero))
    return len(starts) > 2 and _is_many(len(times), len(lines), 3)
