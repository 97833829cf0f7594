"""The cover of a book as SVG: text in lines, in whatever fonts the reading program has."""

import textwrap
import unicodedata

from build_tools.text.language import runs_right_to_left
from build_tools.text.wording import one_line
from build_tools.text.xml import block, element, render_xml

WIDTH, HEIGHT = 1200, 1800
_PAPER, _INK, _QUIET, _PENCIL = "#fdfbf7", "#1d1b18", "#6a6258", "#9b1c2c"
_BAR, _MARGIN, _LEADING = 28, 120, 1.2
_TITLE_SIZES = (130, 104, 82, 64)
_SERIF = '"Source Serif 4", Charter, Georgia, serif'
_SANS = '"Source Sans 3", Helvetica, Arial, sans-serif'


def render_cover(title: str, lang: str, speakers: str, occasion: str = "", site: str = "") -> str:
    """The cover as SVG of 1200 by 1800, without texts that are empty.

    `lang` is the language of the title; a title from right to left turns the cover round.
    """
    rtl = runs_right_to_left(lang)
    size = {"width": str(WIDTH), "height": str(HEIGHT)}
    bar = {"x": str(WIDTH - _BAR if rtl else 0), "width": str(_BAR), "height": str(HEIGHT)}
    drawn = [element("rect", size | {"fill": _PAPER}), element("rect", bar | {"fill": _PENCIL})]
    start = {"x": str(WIDTH - _MARGIN if rtl else _MARGIN), "direction": "rtl" if rtl else ""}
    title, top = one_line(title), _MARGIN
    fitting = (one for one in _TITLE_SIZES if " ".join(_wrap(title, one, 700)) == title)
    # By row of text: its size, the height for it, the space behind it, and its font.
    for text, points, room, gap, family, weight, fill in (
        (site, 48, 60, 252, _SANS, "600", _INK),
        (title, next(fitting, _TITLE_SIZES[-1]), 700, 60, _SERIF, "600", _INK),
        (speakers, 46, 340, 30, _SANS, "", _INK),
        (occasion, 38, 140, 0, _SANS, "", _QUIET),
    ):
        font = {"font-size": str(points), "font-family": family}
        for line in _wrap(text, points, room):
            place = start | {"y": str(top + points)} | font
            drawn.append(element("text", place | {"font-weight": weight, "fill": fill}, line))
            top += round(points * _LEADING)
        top += gap
    view = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {WIDTH} {HEIGHT}"}
    return render_xml(block("svg", view | size | {"xml:lang": lang}, *drawn))


def _wrap(text: str, size: int, room: int) -> list[str]:
    """The lines of a text that fit a height; a longer text ends in an ellipsis."""
    # Signs of Chinese, Japanese and Korean are as wide as the font is high.
    wide = any(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    width = int((WIDTH - 2 * _MARGIN) / size / (1 if wide else 0.55))
    wrapper = textwrap.TextWrapper(width, max_lines=int(room / size / _LEADING), placeholder="…")
    wrapper.break_on_hyphens = False
    return wrapper.wrap(one_line(text))
