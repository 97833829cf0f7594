"""The picture that stands for a transcript where somebody passes on its address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw

from build_tools.model import Example, Extract, Findings, Kind, Masthead, Occurrence, Transcript
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
    Run,
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
)
from build_tools.render.markdown import one_line, render_count, render_date
from build_tools.words import find_keys

# The size that those ask for who show such pictures.
WIDTH, HEIGHT = 1200, 630

_MARGIN = 84
_MEASURE = WIDTH - 2 * _MARGIN
_SIGN = 52
_TITLE_TOP = 158
_TITLE_SIZES = (88, 80, 72, 64, 58, 52, 46)
_EXAMPLE_SIZE = 38
_EXAMPLE_LINES = 2
_LONGEST_MARK = 28


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
    first = max(stretch.said_start, begin - LONGEST)
    before = transcript.said[first:begin]
    if first > stretch.said_start:
        before = before.partition(" ")[2]
    after = transcript.said[end : min(stretch.said_end, end + LONGEST)]
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
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    image.paste(draw_sign(_SIGN), (_MARGIN, 66))
    _draw_head(pen, card)
    example = []
    if card.example:
        example = lay_out(card.example, _EXAMPLE_SIZE, _MEASURE - 30, _EXAMPLE_LINES)
    title = set_title(card, _TITLE_SIZES, _title_room(card, example), _MEASURE)
    if not title.whole:
        # A title that needs it takes the room of the example.
        example = []
        title = set_title(card, _TITLE_SIZES, _title_room(card, example), _MEASURE)
    below = draw_title(pen, title, _MARGIN, _TITLE_TOP)
    speakers = join_facts(card.speakers)
    draw_words(pen, (_MARGIN, below + 44), speakers, (SANS,), 34, INK, _MEASURE)
    _draw_foot(pen, card, example)
    return pack(image)


def _draw_head(pen: ImageDraw.ImageDraw, card: Card) -> None:
    """The site's name, and opposite it where and when the talk was."""
    middle = 66 + _SIGN / 2
    left: float = _MARGIN + _SIGN + 20
    half = _MEASURE / 2 - _SIGN - 20
    left += draw_words(pen, (left, middle), card.site, (SANS_BOLD,), 34, INK, half)
    occasion = join_facts((card.date if find_face(card.title, TITLE_FACES) else "", card.event))
    room = WIDTH - _MARGIN - left - 40
    start = WIDTH - _MARGIN - min(room, font(SANS, 30).getlength(occasion))
    draw_words(pen, (start, middle), occasion, (SANS,), 30, QUIET, room)


def _title_room(card: Card, example: Sequence[Sequence[Run]]) -> int:
    return _foot_top(example) - 40 - _TITLE_TOP - (70 if join_facts(card.speakers) else 0)


def _foot_top(example: Sequence[Sequence[Run]]) -> int:
    return HEIGHT - 96 - 56 * len(example) - (8 if example else 0)


def _draw_foot(pen: ImageDraw.ImageDraw, card: Card, example: Sequence[Sequence[Run]]) -> None:
    """A correction as the pages show one, and what it all comes to, beside a red bar."""
    top, bottom = _foot_top(example), HEIGHT - 66
    pen.rectangle((_MARGIN, top, _MARGIN + 4, bottom), fill=PENCIL)
    base = top + 36
    for line in example:
        draw_runs(pen, line, _MARGIN + 30, base, _EXAMPLE_SIZE)
        base += 56
    place = _MARGIN + 30, bottom - 15
    draw_words(pen, place, card.proof, (SANS,), 28, QUIET, _MEASURE - 30)
