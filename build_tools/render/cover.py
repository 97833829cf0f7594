"""The cover of a book: what it is, who speaks, and a correction as the pages show one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw

from build_tools.model import Masthead
from build_tools.render.drawing import (
    INK,
    LONGEST,
    PAPER,
    PENCIL,
    QUIET,
    SANS,
    SANS_BOLD,
    TITLE_FACES,
    Card,
    draw_runs,
    draw_sign,
    draw_title,
    draw_words,
    find_face,
    font,
    join_facts,
    lay_out,
    pack,
    set_title,
    wrap,
)
from build_tools.render.markdown import one_line

WIDTH, HEIGHT = 1200, 1800

_MARGIN = 120
_MEASURE = WIDTH - 2 * _MARGIN
_SIGN = 84
_TITLE_TOP = 430
_TITLE_ROOM = 640
_TITLE_SIZES = (140, 124, 110, 98, 88, 78, 68, 58)
_FACT_SIZE, _FACT_LINES = 46, 4
_EXAMPLE_SIZE, _EXAMPLE_LINES = 46, 3


def make_collection_card(card: Card, masthead: Masthead) -> Card:
    """What stands on the cover of the collection: its name, and below it what it is."""
    name = one_line(masthead.name)
    return card._replace(site="", title=name, speakers=(one_line(masthead.description),))


@lru_cache(maxsize=1024)
def draw_cover(card: Card) -> bytes:
    """The cover as a PNG of 1200 by 1800; a preview that compiles again draws none twice."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 27, HEIGHT), fill=PENCIL)
    image.paste(draw_sign(_SIGN), (_MARGIN, _MARGIN))
    name = _MARGIN + _SIGN + 28, _MARGIN + _SIGN / 2
    draw_words(pen, name, card.site, (SANS_BOLD,), 48, INK, _MEASURE - _SIGN - 28)
    title = set_title(card, _TITLE_SIZES, _TITLE_ROOM, _MEASURE)
    below = draw_title(pen, title, _MARGIN, _TITLE_TOP) + 70
    for line in _wrap_facts(card.speakers):
        draw_words(pen, (_MARGIN, below), line, (SANS,), _FACT_SIZE, INK, _MEASURE)
        below += 64
    occasion = (card.event, card.date if find_face(card.title, TITLE_FACES) else "")
    draw_words(pen, (_MARGIN, below + 16), join_facts(occasion), (SANS,), 38, QUIET, _MEASURE)
    _draw_foot(pen, card)
    return pack(image)


def _wrap_facts(facts: Sequence[str]) -> list[str]:
    """A few lines, broken between facts; what is left over goes onto the last, where it is cut."""
    shown = [fact[:LONGEST] for fact in facts if join_facts([fact])]
    parts = [*(f"{fact} ·" for fact in shown[:-1]), *shown[-1:]]
    lines = wrap(
        parts if len(parts) > 1 else " ".join(parts).split(), font(SANS, _FACT_SIZE), _MEASURE
    )
    kept, rest = lines[: _FACT_LINES - 1], lines[_FACT_LINES - 1 :]
    return [line for line in (*kept, " ".join(rest)) if line]


def _draw_foot(pen: ImageDraw.ImageDraw, card: Card) -> None:
    """A correction as the pages show one, and what it all comes to."""
    example = []
    if card.example:
        example = lay_out(card.example, _EXAMPLE_SIZE, _MEASURE, _EXAMPLE_LINES)
    base = HEIGHT - _MARGIN - 84 - 68 * (len(example) - 1)
    for line in example:
        draw_runs(pen, line, _MARGIN, base, _EXAMPLE_SIZE)
        base += 68
    place = _MARGIN, HEIGHT - _MARGIN - 14
    draw_words(pen, place, card.proof, (SANS,), 34, QUIET, _MEASURE)
