"""What the pictures of a transcript have in common: its facts, its letters, its inks.

They have the look of the pages: ink on paper, and the red of a proof-reader's pencil under what was
corrected. The letters are those of two openly licensed fonts; what neither of them can write is
left out, since a row of empty boxes says nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from io import BytesIO
from typing import NamedTuple

from font_source_sans_pro import font_files_otf as sans_files
from font_source_serif_pro import font_files_otf as serif_files
from PIL import Image, ImageColor, ImageDraw, ImageFont

from build_tools.model import Example

PAPER, INK, QUIET, PENCIL = "#fdfbf7", "#1d1b18", "#6a6258", "#9b1c2c"
# Flat ground and the shades of three inks at the edges of letters: more colours show nothing more,
# and to look for the best ones costs ten times what all the drawing does.
_SHADES = 21

# The same fonts in the other format count some advances wrongly, those of “ and … among them.
SERIF, SERIF_BOLD = serif_files["SourceSerifPro"], serif_files["SourceSerifProSemibold"]
SANS, SANS_BOLD = sans_files["SourceSansPro"], sans_files["SourceSansProSemibold"]
TITLE_FACES = (SERIF_BOLD, SANS_BOLD)

# Nothing longer is drawn, so that a title without end costs no more than one that fills a card.
LONGEST = 240
LEADING = 1.14


class Card(NamedTuple):
    """What a picture says; what is "" or None is left out."""

    site: str
    title: str
    event: str = ""
    date: str = ""
    speakers: tuple[str, ...] = ()
    example: Example | None = None
    proof: str = ""


@cache
def draw_sign(size: int) -> Image.Image:
    """The sign of the site, as in its favicon; drawn large, since shapes have no soft edges."""
    unit = 7
    image = Image.new("RGB", (32 * unit, 32 * unit), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, 32 * unit - 1, 32 * unit - 1), radius=6 * unit, fill=PENCIL)
    for shift in (0, 9):
        slash = ((9 + shift, 21), (13 + shift, 10), (17 + shift, 10), (14 + shift, 21))
        pen.polygon([(x * unit, y * unit) for x, y in slash], fill=PAPER)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def pack(image: Image.Image) -> bytes:
    """A picture as a PNG."""
    packed = BytesIO()
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(packed, "PNG")
    return packed.getvalue()


@cache
def _palette() -> Image.Image:
    """The shades from the paper to each ink."""
    paper = ImageColor.getrgb(PAPER)
    values = [
        round(ground + (full - ground) * shade / (_SHADES - 1))
        for ink in (INK, QUIET, PENCIL)
        for shade in range(_SHADES)
        for ground, full in zip(paper, ImageColor.getrgb(ink), strict=True)
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette(values)
    return palette


# Titles -----------------------------------------------------------------------------------------


class Title(NamedTuple):
    """The lines of a title in the font that they fit; `whole` says that nothing was cut."""

    font: ImageFont.FreeTypeFont
    lines: list[str]
    whole: bool


def set_title(card: Card, sizes: Sequence[int], room: float, measure: float) -> Title:
    """The title, or the date where it cannot be written, as large as it goes into the room."""
    face = find_face(card.title, TITLE_FACES)
    words = (card.title if face else card.date)[:LONGEST].split()
    for size in sizes:
        chosen = font(face or SERIF_BOLD, size)
        lines = wrap(words, chosen, measure)
        most = max(1, int(room / (size * LEADING)))
        whole = len(lines) <= most and all(chosen.getlength(line) <= measure for line in lines)
        if whole:
            break
    return Title(chosen, lines if whole else _cut(lines, chosen, most, measure), whole)


def draw_title(pen: ImageDraw.ImageDraw, title: Title, left: float, top: float) -> float:
    """Draws a title and gives the height below it."""
    for line in title.lines:
        pen.text((left, top), line, INK, title.font, anchor="la")
        top += round(title.font.size * LEADING)
    return top


# Corrections ------------------------------------------------------------------------------------


class Run(NamedTuple):
    """Words of one manner on one line."""

    words: str
    manner: str
    width: float


# Words on either side of a correction: as many as leave it on so many lines.
_AROUND = (7, 6, 5, 4, 3, 2, 1, 0)


def lay_out(example: Example, size: int, measure: float, most: int) -> list[list[Run]]:
    """The lines of an example, or none where the font cannot write it."""
    if not all(find_face(text, (SERIF,)) for text in example):
        return []
    layouts = (_break(_pieces(example, around), size, measure) for around in _AROUND)
    return next((lines for lines in layouts if len(lines) <= most), [])


def _pieces(example: Example, around: int) -> Iterator[tuple[str, str]]:
    """The words of an example, each with its manner; some cling to the word before them."""
    before, after = example.before.split(), example.after.split()
    if len(before) > around:
        yield "…", "plain"
    yield from ((word, "plain") for word in before[max(0, len(before) - around) :])
    yield example.heard, "heard"
    yield example.said, "said"
    clings = bool(after) and not example.after[0].isspace()
    if clings:
        yield after[0], "clings"
    yield from ((word, "plain") for word in after[clings : clings + around])
    if len(after) > clings + around:
        yield " …", "clings"


def _break(pieces: Iterable[tuple[str, str]], size: int, measure: float) -> list[list[Run]]:
    """Lines of words that stand together, each as full as it goes."""
    letters = font(SERIF, size)
    space = letters.getlength(" ")
    groups: list[list[Run]] = []
    for words, manner in pieces:
        run = Run(words, manner, letters.getlength(words))
        if manner == "clings":
            groups[-1].append(run)
        else:
            groups.append([run])
    lines: list[list[Run]] = [[]]
    used = 0.0
    for group in groups:
        width = sum(run.width for run in group)
        if lines[-1] and used + space + width > measure:
            lines.append([])
            used = 0
        used += width + (space if lines[-1] else 0)
        lines[-1] += group
    return lines


def draw_runs(
    pen: ImageDraw.ImageDraw, runs: Sequence[Run], left: float, base: int, size: int
) -> None:
    """A line of an example: what was heard is struck through, what was said has a red line."""
    letters = font(SERIF, size)
    space = letters.getlength(" ")
    for number, run in enumerate(runs):
        if number and run.manner != "clings":
            left += space
        colour = QUIET if run.manner == "heard" else INK
        pen.text((left, base), run.words, colour, letters, anchor="ls")
        if run.manner == "heard":
            pen.rectangle((left - 2, base - 12, left + run.width + 2, base - 10), fill=QUIET)
        if run.manner == "said":
            pen.rectangle((left, base + 7, left + run.width, base + 10), fill=PENCIL)
        left += run.width


# Letters ----------------------------------------------------------------------------------------


def draw_words(
    pen: ImageDraw.ImageDraw,
    place: tuple[float, float],
    words: str,
    faces: Sequence[str],
    size: int,
    colour: str,
    room: float,
) -> float:
    """Words on one line, whose middle is at a height; gives how wide they are."""
    face = find_face(words, faces)
    if not face:
        return 0
    letters = font(face, size)
    line = _shorten(words[:LONGEST], letters, room)
    pen.text(place, line, colour, letters, anchor="lm")
    return letters.getlength(line)


def join_facts(facts: Iterable[str]) -> str:
    """Those facts that can be written."""
    return " · ".join(fact[:LONGEST] for fact in facts if fact and find_face(fact, (SANS,)))


@cache
def font(path: str, size: int) -> ImageFont.FreeTypeFont:
    """A font's letters in a size."""
    # The other way to lay out letters leans on a library that not every machine has.
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def find_face(text: str, faces: Sequence[str]) -> str:
    """The first of some fonts that can write all of a text, or ""."""
    letters = set(text[:LONGEST]) - {" "}
    return next((face for face in faces if all(has_letter(face, sign) for sign in letters)), "")


@lru_cache(maxsize=4096)
def has_letter(path: str, letter: str) -> bool:
    """Whether a font has a letter: what it has not, it draws as it draws what is no letter.

    Marks that go onto the letter before them, and signs that turn the direction, are beyond a
    plain row of letters.
    """
    if unicodedata.category(letter)[0] in "MC":
        return False
    letters = font(path, 24)
    return bytes(letters.getmask(letter)) != bytes(letters.getmask("\uffff"))


def wrap(words: Sequence[str], letters: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Words in lines, each as full as it goes."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else ""
        if lines and letters.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def _cut(
    lines: Sequence[str], letters: ImageFont.FreeTypeFont, most: int, room: float
) -> list[str]:
    """So many lines at the most, the last with an ellipsis where something is missing."""
    kept = list(lines[:most])
    kept[-1] += "…" if len(lines) > most else ""
    return [_shorten(line, letters, room) for line in kept]


def _shorten(line: str, letters: ImageFont.FreeTypeFont, room: float) -> str:
    if letters.getlength(line) <= room:
        return line
    while line and letters.getlength(f"{line}…") > room:
        line = line[:-1]
    return f"{line.rstrip(' …')}…"
