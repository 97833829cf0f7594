"""The picture that stands for a transcript where somebody passes on its address.

It has the look of the pages: ink on paper, and the red of a proof-reader's pencil under what was
corrected. Its letters are those of two openly licensed fonts; what neither of them can write is
left out, since a row of empty boxes says nothing.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from io import BytesIO
from typing import NamedTuple

from font_source_sans_pro import font_files_otf as sans_files
from font_source_serif_pro import font_files_otf as serif_files
from PIL import Image, ImageColor, ImageDraw, ImageFont

from build_tools.model import Example, Extract, Findings, Kind, Masthead, Occurrence, Transcript
from build_tools.render.markdown import one_line, render_count, render_date
from build_tools.words import find_keys

# The size that those ask for who show such pictures.
WIDTH, HEIGHT = 1200, 630

_PAPER, _INK, _QUIET = "#fdfbf7", "#1d1b18", "#6a6258"
_RULE, _PENCIL = "#e4ddd2", "#9b1c2c"
# Flat ground, a rule, and so many shades of each of three inks: more colours show nothing more.
_SHADES = 20

_MARGIN = 84
_MEASURE = WIDTH - 2 * _MARGIN
_TITLE_TOP = 158
_TITLE_SIZES = (88, 80, 72, 64, 58, 52, 46)
_LEADING = 1.14
# Nothing longer is drawn, so that a title without end costs no more than one that fills the card.
_LONGEST = 240
_LONGEST_MARK = 28

# The same fonts in the other format count some advances wrongly, those of “ and … among them.
_SERIF, _SERIF_BOLD = serif_files["SourceSerifPro"], serif_files["SourceSerifProSemibold"]
_SANS, _SANS_BOLD = sans_files["SourceSansPro"], sans_files["SourceSansProSemibold"]
_TITLE_FACES = (_SERIF_BOLD, _SANS_BOLD)


class Card(NamedTuple):
    """What a card says; what is "" or None is left out."""

    site: str
    title: str
    event: str = ""
    date: str = ""
    speakers: tuple[str, ...] = ()
    example: Example | None = None
    proof: str = ""


def make_card(transcript: Transcript, findings: Findings, masthead: Masthead) -> Card:
    """The card of a transcript."""
    edition = transcript.edition
    return Card(
        site=one_line(masthead.name),
        title=one_line(edition.title),
        # What kind of thing a podcast is need not be said; its name is mostly the title's.
        event=one_line("" if edition.podcast else edition.event),
        date=render_date(edition.date),
        speakers=_speakers(transcript),
        example=find_example(transcript),
        proof=_proof(len(transcript.source.words), len(findings.corrections)),
    )


def make_site_card(masthead: Masthead, transcripts: Sequence[Extract]) -> Card:
    """The card of every page that has none of its own, with an example of the newest talk."""
    newest = max(
        transcripts,
        key=lambda transcript: (transcript.edition.date, transcript.edition.slug),
        default=None,
    )
    return Card(
        site=one_line(masthead.name),
        title=one_line(masthead.description or masthead.name),
        example=newest.example if newest else None,
        proof=_proof(
            sum(transcript.words for transcript in transcripts),
            sum(transcript.corrections for transcript in transcripts),
        ),
    )


def _proof(words: int, corrections: int) -> str:
    marked = ", all marked" if corrections else ""
    return f"{render_count(words, 'word')} · {render_count(corrections, 'correction')}{marked}"


def _speakers(transcript: Transcript) -> tuple[str, ...]:
    """The speakers' full names, who said most first."""
    names = dict(transcript.edition.speakers)
    words: Counter[str] = Counter()
    for turn in transcript.turns:
        words[turn.speaker] += turn.end_word - turn.first_word
    return tuple(one_line(names[name]) for name, _ in words.most_common() if name in names)


def find_example(transcript: Transcript) -> Example | None:
    """The first correction that shows well: a speaker's name, or another name, or anything."""
    footnotes = {note.label: note for note in transcript.edition.footnotes}
    speakers = {word for _, name in transcript.edition.speakers for word in find_keys(name)}
    found: dict[int, Occurrence] = {}
    for occurrence in transcript.occurrences:
        span = occurrence.span
        reason = next(
            (footnotes[label] for label in span.notes if footnotes[label].kind is not Kind.NOTE),
            None,
        )
        lengths = len(span.heard), len(span.said)
        if not reason or reason.conjecture or not 0 < min(lengths) <= max(lengths) <= _LONGEST_MARK:
            continue
        ranks = (speakers.issuperset(find_keys(span.said)), True)
        found.setdefault(ranks.index(True) if reason.kind is Kind.NAME else len(ranks), occurrence)
    return _example(transcript, found[min(found)]) if found else None


def _example(transcript: Transcript, occurrence: Occurrence) -> Example:
    span, stretch = occurrence.span, transcript.stretches[occurrence.stretch]
    begin, end = occurrence.said_start, occurrence.said_start + len(span.said)
    first = max(stretch.said_start, begin - _LONGEST)
    before = transcript.said[first:begin]
    if first > stretch.said_start:
        before = before.partition(" ")[2]
    after = transcript.said[end : min(stretch.said_end, end + _LONGEST)]
    clings = after[:1].strip()
    return Example(
        one_line(before),
        one_line(span.heard),
        one_line(span.said),
        one_line(after) if clings else f" {one_line(after)}",
    )


# Drawing ----------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def draw_card(card: Card) -> bytes:
    """The card as a PNG of 1200 by 630; a preview that compiles again draws no card twice."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    image.paste(_draw_sign(), (_MARGIN, 66))
    _draw_head(pen, card)
    example = _lay_out(card.example) if card.example else []
    title = _set_title(card, example)
    if not title.whole:
        # A title that needs it takes the room of the example.
        example = []
        title = _set_title(card, example)
    _draw_title(pen, card, title)
    _draw_foot(pen, card, example)
    packed = BytesIO()
    # To look for the best colours of each card would cost more than all the rest.
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(packed, "PNG")
    return packed.getvalue()


@cache
def _palette() -> Image.Image:
    """The colours of every card: the paper, the rule, and each ink on the paper by degrees."""
    paper, rule, *inks = (
        ImageColor.getrgb(name) for name in (_PAPER, _RULE, _INK, _QUIET, _PENCIL)
    )
    shades = [
        round(ground + (full - ground) * degree / _SHADES)
        for ink in inks
        for degree in range(1, _SHADES + 1)
        for ground, full in zip(paper, ink, strict=False)
    ]
    image = Image.new("P", (1, 1))
    image.putpalette([*paper, *rule, *shades])
    return image


@cache
def _draw_sign() -> Image.Image:
    """The sign of the site, as in its favicon; drawn large, since shapes have no soft edges."""
    unit = 7
    image = Image.new("RGB", (32 * unit, 32 * unit), _PAPER)
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, 32 * unit - 1, 32 * unit - 1), radius=6 * unit, fill=_PENCIL)
    for shift in (0, 9):
        slash = ((9 + shift, 21), (13 + shift, 10), (17 + shift, 10), (14 + shift, 21))
        pen.polygon([(x * unit, y * unit) for x, y in slash], fill=_PAPER)
    return image.resize((_SIGN, _SIGN), Image.Resampling.LANCZOS)


_SIGN = 52


def _draw_head(pen: ImageDraw.ImageDraw, card: Card) -> None:
    """The site's name, and opposite it where and when the talk was."""
    middle = 66 + _SIGN / 2
    left: float = _MARGIN + _SIGN + 20
    half = _MEASURE / 2 - _SIGN - 20
    left += _draw_words(pen, (left, middle), card.site, (_SANS_BOLD,), 34, _INK, half)
    occasion = _join((card.date if _face(card.title, _TITLE_FACES) else "", card.event))
    room = WIDTH - _MARGIN - left - 40
    start = WIDTH - _MARGIN - min(room, _font(_SANS, 30).getlength(occasion))
    _draw_words(pen, (start, middle), occasion, (_SANS,), 30, _QUIET, room)


def _join(facts: Iterable[str]) -> str:
    """Those facts that can be written."""
    return " · ".join(fact[:_LONGEST] for fact in facts if fact and _face(fact, (_SANS,)))


class _Title(NamedTuple):
    """The lines of a title in the font that they fit; `whole` says that nothing was cut."""

    font: ImageFont.FreeTypeFont
    lines: list[str]
    whole: bool


def _set_title(card: Card, example: Sequence[Sequence[_Run]]) -> _Title:
    """The title, or the date where it cannot be written, as large as it goes above the foot."""
    face = _face(card.title, _TITLE_FACES)
    words = (card.title if face else card.date)[:_LONGEST].split()
    room = _foot_top(example) - 40 - _TITLE_TOP - (70 if _join(card.speakers) else 0)
    for size in _TITLE_SIZES:
        font = _font(face or _SERIF_BOLD, size)
        lines = _wrap(words, font, _MEASURE)
        most = max(1, int(room / (size * _LEADING)))
        whole = len(lines) <= most and all(font.getlength(line) <= _MEASURE for line in lines)
        if whole:
            break
    return _Title(font, lines if whole else _cut(lines, font, most, _MEASURE), whole)


def _draw_title(pen: ImageDraw.ImageDraw, card: Card, title: _Title) -> None:
    """The title, and below it who speaks."""
    top: float = _TITLE_TOP
    for line in title.lines:
        pen.text((_MARGIN, top), line, _INK, title.font, anchor="la")
        top += round(title.font.size * _LEADING)
    speakers = _join(card.speakers)
    _draw_words(pen, (_MARGIN, top + 44), speakers, (_SANS,), 34, _INK, _MEASURE)


def _foot_top(example: Sequence[Sequence[_Run]]) -> int:
    return HEIGHT - 96 - 56 * len(example) - (8 if example else 0)


def _draw_foot(pen: ImageDraw.ImageDraw, card: Card, example: Sequence[Sequence[_Run]]) -> None:
    """A correction as the pages show one, and what it all comes to, beside a red bar."""
    top, bottom = _foot_top(example), HEIGHT - 66
    pen.rectangle((_MARGIN, top, _MARGIN + 4, bottom), fill=_PENCIL)
    base = top + 36
    for line in example:
        _draw_runs(pen, line, _MARGIN + 30, base)
        base += 56
    place = _MARGIN + 30, bottom - 15
    _draw_words(pen, place, card.proof, (_SANS,), 28, _QUIET, _MEASURE - 30)


class _Run(NamedTuple):
    """Words of one manner on one line."""

    words: str
    manner: str
    width: float


_EXAMPLE_SIZE = 38
# Words on either side of a correction: as many as leave it on so many lines.
_AROUND = (7, 6, 5, 4, 3, 2, 1, 0)
_EXAMPLE_LINES = 2


def _lay_out(example: Example) -> list[list[_Run]]:
    """The lines of an example, or none where the font cannot write it."""
    if not all(_face(text, (_SERIF,)) for text in example):
        return []
    layouts = (_break(_pieces(example, around)) for around in _AROUND)
    return next((lines for lines in layouts if len(lines) <= _EXAMPLE_LINES), [])


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


def _break(pieces: Iterable[tuple[str, str]]) -> list[list[_Run]]:
    """Lines of words that stand together, each as full as it goes."""
    font = _font(_SERIF, _EXAMPLE_SIZE)
    space = font.getlength(" ")
    groups: list[list[_Run]] = []
    for words, manner in pieces:
        run = _Run(words, manner, font.getlength(words))
        if manner == "clings":
            groups[-1].append(run)
        else:
            groups.append([run])
    lines: list[list[_Run]] = [[]]
    used = 0.0
    for group in groups:
        width = sum(run.width for run in group)
        if lines[-1] and used + space + width > _MEASURE - 30:
            lines.append([])
            used = 0
        used += width + (space if lines[-1] else 0)
        lines[-1] += group
    return lines


def _draw_runs(pen: ImageDraw.ImageDraw, runs: Sequence[_Run], left: float, base: int) -> None:
    font = _font(_SERIF, _EXAMPLE_SIZE)
    space = font.getlength(" ")
    for number, run in enumerate(runs):
        if number and run.manner != "clings":
            left += space
        colour = _QUIET if run.manner == "heard" else _INK
        pen.text((left, base), run.words, colour, font, anchor="ls")
        if run.manner == "heard":
            pen.rectangle((left - 2, base - 12, left + run.width + 2, base - 10), fill=_QUIET)
        if run.manner == "said":
            pen.rectangle((left, base + 7, left + run.width, base + 10), fill=_PENCIL)
        left += run.width


def _draw_words(
    pen: ImageDraw.ImageDraw,
    place: tuple[float, float],
    words: str,
    faces: Sequence[str],
    size: int,
    colour: str,
    room: float,
) -> float:
    """Words on one line, whose middle is at a height; gives how wide they are."""
    face = _face(words, faces)
    if not face:
        return 0
    font = _font(face, size)
    line = _shorten(words[:_LONGEST], font, room)
    pen.text(place, line, colour, font, anchor="lm")
    return font.getlength(line)


# Letters ----------------------------------------------------------------------------------------


@cache
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    # The other way to lay out letters leans on a library that not every machine has.
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def _face(text: str, faces: Sequence[str]) -> str:
    """The first of some fonts that can write all of a text, or ""."""
    letters = set(text[:_LONGEST]) - {" "}
    return next((face for face in faces if all(_has(face, letter) for letter in letters)), "")


@lru_cache(maxsize=4096)
def _has(path: str, letter: str) -> bool:
    """Whether a font has a letter: what it has not, it draws as it draws what is no letter.

    Marks that go onto the letter before them, and signs that turn the direction, are beyond a
    plain row of letters.
    """
    if unicodedata.category(letter)[0] in "MC":
        return False
    font = _font(path, 24)
    return bytes(font.getmask(letter)) != bytes(font.getmask("\uffff"))


def _wrap(words: Sequence[str], font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Words in lines, each as full as it goes."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else ""
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def _cut(lines: Sequence[str], font: ImageFont.FreeTypeFont, most: int, room: float) -> list[str]:
    """So many lines at the most, the last with an ellipsis where something is missing."""
    kept = list(lines[:most])
    kept[-1] += "…" if len(lines) > most else ""
    return [_shorten(line, font, room) for line in kept]


def _shorten(line: str, font: ImageFont.FreeTypeFont, room: float) -> str:
    if font.getlength(line) <= room:
        return line
    while line and font.getlength(f"{line}…") > room:
        line = line[:-1]
    return f"{line.rstrip(' …')}…"
