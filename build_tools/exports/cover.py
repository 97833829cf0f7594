"""The cover of a book as SVG: text in lines, in whatever fonts the reading program has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from build_tools.exports.markup import block, element, render_xml
from build_tools.text.language import runs_right_to_left
from build_tools.text.wording import one_line

WIDTH, HEIGHT = 1200, 1800
_PAPER, _INK, _QUIET, _PENCIL = "#fdfbf7", "#1d1b18", "#6a6258", "#9b1c2c"
_BAR, _MARGIN = 28, 120
_MEASURE = WIDTH - 2 * _MARGIN
_LEADING = 1.2
_TITLE_TOP, _TITLE_ROOM = 430, 700
_TITLE_SIZES = (130, 104, 82, 64)
_FACT_SIZE, _FACT_LINES = 46, 6
_SERIF = '"Source Serif 4", Charter, Georgia, serif'
_SANS = '"Source Sans 3", Helvetica, Arial, sans-serif'

# A line may be broken before a piece: at a space, and between the signs of Chinese and Japanese.
_PIECE = re.compile(r" ?(?:[\u2e80-\u9fff][\u3001\u3002\u300d\u300f]*|[^ \u2e80-\u9fff]+)")


class Cover(NamedTuple):
    """The text of a cover; empty text is left out. `lang` is the language of the title."""

    title: str
    lang: str
    speakers: str
    occasion: str = ""
    site: str = ""


class _Font(NamedTuple):
    size: int
    fill: str
    family: str = _SANS
    weight: str = ""


def render_cover(cover: Cover) -> str:
    """The cover as SVG of 1200 by 1800; a title from right to left turns it round."""
    rtl = runs_right_to_left(cover.lang)
    drawn = block(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {HEIGHT}",
            "width": str(WIDTH),
            "height": str(HEIGHT),
            "xml:lang": cover.lang,
        },
        element("rect", {"width": str(WIDTH), "height": str(HEIGHT), "fill": _PAPER}),
        element(
            "rect",
            {
                "x": str(WIDTH - _BAR if rtl else 0),
                "width": str(_BAR),
                "height": str(HEIGHT),
                "fill": _PENCIL,
            },
        ),
    )
    place = {"x": str(WIDTH - _MARGIN if rtl else _MARGIN), "direction": "rtl" if rtl else ""}
    for line, base, style in _place_lines(cover):
        own = {"y": str(base), "font-size": str(style.size), "font-family": style.family}
        ink = {"font-weight": style.weight, "fill": style.fill}
        drawn.append(element("text", place | own | ink, line))
        drawn[-1].tail = "\n"
    return render_xml(drawn)


def _place_lines(cover: Cover) -> Iterator[tuple[str, int, _Font]]:
    """The lines of a cover from top to bottom, each with its baseline."""
    yield from _stack(_wrap(cover.site, 48, 1), _MARGIN, _Font(48, _INK, _SANS, "600"))
    size, title = _fit_title(one_line(cover.title))
    yield from _stack(title, _TITLE_TOP, _Font(size, _INK, _SERIF, "600"))
    top = _TITLE_TOP + round(len(title) * size * _LEADING) + 60
    speakers = _wrap(cover.speakers, _FACT_SIZE, _FACT_LINES)
    yield from _stack(speakers, top, _Font(_FACT_SIZE, _INK))
    top += round(len(speakers) * _FACT_SIZE * _LEADING) + 30
    yield from _stack(_wrap(cover.occasion, 38, 3), top, _Font(38, _QUIET))


def _stack(lines: Sequence[str], top: int, style: _Font) -> Iterator[tuple[str, int, _Font]]:
    for number, line in enumerate(lines):
        yield line, top + round(style.size * (1 + number * _LEADING)), style


def _fit_title(title: str) -> tuple[int, list[str]]:
    """The largest size in which a title fits without a cut, and its lines."""
    pieces = _PIECE.findall(title)
    for size in _TITLE_SIZES:
        lines = _wrap(title, size, int(_TITLE_ROOM / (size * _LEADING)))
        uncut = all(_measure(piece.strip()) * size <= _MEASURE for piece in pieces)
        if uncut and "".join(lines).replace(" ", "") == title.replace(" ", ""):
            break
    return size, lines


def _wrap(text: str, size: int, most: int) -> list[str]:
    """The lines of a text, at most `most`; a text that is longer ends in an ellipsis."""
    lines: list[str] = []
    for piece in _break_words(one_line(text), _MEASURE / size):
        if len(lines) > most:
            break
        if lines and _measure(lines[-1] + piece) * size <= _MEASURE:
            lines[-1] += piece
        else:
            lines.append(piece.strip())
    if len(lines) > most:
        lines[most - 1 :] = [f"{lines[most - 1]}…"]
    return lines


def _break_words(text: str, room: float) -> Iterator[str]:
    """The pieces of a text, each with the space before it, cut where one is wider than a line."""
    for match in _PIECE.finditer(text):
        piece, start, width = match[0], 0, 0.0
        for end, sign in enumerate(piece):
            width += _measure_sign(sign)
            if width > room:
                yield piece[start:end]
                start, width = end, _measure_sign(sign)
        yield piece[start:]


def _measure(text: str) -> float:
    """An estimate of a text's width, in its font's size: readers have different fonts."""
    return sum(map(_measure_sign, text))


def _measure_sign(sign: str) -> float:
    if unicodedata.category(sign) in ("Mn", "Mc", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(sign) in "WF" or sign in "MWmw—…":
        return 1
    return 0.75 if sign.isupper() else 0.55
