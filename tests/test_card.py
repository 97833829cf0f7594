"""A card shows what can be shown, costs a picture once, and is the same picture each time."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from build_tools.mentions import compile_matcher
from build_tools.model import Example, Masthead
from build_tools.plan import plan_site
from build_tools.render.card import HEIGHT, WIDTH, draw_card, make_card
from build_tools.render.drawing import Card, draw_sign, font, has_letter
from build_tools.talk import find_in_transcript
from tests.trees import compile_faithful, talk_tree

NOWHERE = Masthead("Talks", "", "")
EXAMPLE = Example("one of us, Chris", "Ola", "Olah", ", helped to invent the field")
PLAIN = Card("Talks", "A talk", "A fair", "22 May 2024", ("Ann Lee", "Bo Berg"), EXAMPLE, "9 words")
PAPER, PENCIL = (253, 251, 247), (155, 28, 44)
LINE = (84, 410, WIDTH, 520)


def picture(card: Card) -> Image.Image:
    return Image.open(BytesIO(draw_card(card))).convert("RGB")


def card_of(body: str) -> Card:
    transcript = compile_faithful(body)
    return make_card(transcript, find_in_transcript(transcript, compile_matcher(())), NOWHERE)


def test_a_card_is_a_png_of_the_size_that_is_asked_for() -> None:
    data = draw_card(PLAIN)
    with Image.open(BytesIO(data)) as image:
        assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT)) == ("PNG", (1200, 630))
    assert len(data) < 60_000


def test_a_card_says_what_the_transcript_is() -> None:
    card = card_of(
        "**Ann:** so\n\n**Bo:** I am Bo {~~burg~>Berg~~}[^a], and you?\n\n[^a]: name: He is."
    )
    assert card == Card(
        "Talks",
        "A talk",
        "",
        "22 May 2024",
        ("Bo Berg", "Ann Lee"),
        Example("I am Bo", "burg", "Berg", ", and you?"),
        "7 words · 1 correction, all marked",
    )


@pytest.mark.parametrize(
    ("marks", "heard"),
    [
        ("{~~won~>one~~}[^h] {~~ola~>Olah~~}[^n] {~~bird~>Berg~~}[^n]", "bird"),
        ("{~~won~>one~~}[^h] {~~ola~>Olah~~}[^n]", "ola"),
        ("{~~maybe~>Berg~~}[^c] {~~won~>one~~}[^h]", "won"),
        (f"{{~~{'long ' * 9}~>short~~}}[^h] {{--so--}}[^h] {{~~won~>one~~}}[^h]", "won"),
        ("{++dropped++}[^h] {--so--}[^h] so {~~maybe~>Berg~~}[^c]", None),
    ],
)
def test_the_example_is_a_speakers_name_or_another_or_what_there_is(
    marks: str, heard: str | None
) -> None:
    notes = "[^h]: homophone: So.\n[^n]: name: So.\n[^c]: name?: So.\n"
    used = "\n".join(line for line in notes.splitlines() if line[:4] in marks)
    example = card_of(f"**Bo:** well {marks} then\n\n{used}\n").example
    assert (example.heard if example else None) == heard


def test_the_same_card_is_the_same_bytes() -> None:
    first = draw_card(PLAIN)
    draw_card.cache_clear()
    font.cache_clear()
    has_letter.cache_clear()
    draw_sign.cache_clear()
    assert draw_card(PLAIN) == first


def test_a_card_that_was_drawn_is_not_drawn_again() -> None:
    tree = talk_tree("**Ann:** so")
    plan_site(tree)
    before = draw_card.cache_info()
    plan_site(tree)
    after = draw_card.cache_info()
    assert (after.hits - before.hits, after.misses - before.misses) == (2, 0)


@pytest.mark.parametrize(
    "text", ["大会", "مؤتمر", "כנס", "สวัสดี", "😀", "\u202eevil", "e\u0335vil", "a\x1bb", "\ufffd"]
)
def test_what_the_fonts_cannot_write_leaves_no_empty_boxes(text: str) -> None:
    assert draw_card(PLAIN._replace(event=text)) == draw_card(PLAIN._replace(event=""))
    assert draw_card(PLAIN._replace(speakers=("Ann Lee", text, "Bo Berg"))) == draw_card(PLAIN)
    unwritten = PLAIN._replace(example=EXAMPLE._replace(said=text))
    assert draw_card(unwritten) == draw_card(PLAIN._replace(example=None))
    assert draw_card(PLAIN._replace(site=text)) == draw_card(PLAIN._replace(site=""))
    # The day takes the place of a title, and is not said twice.
    dated = PLAIN._replace(title="22 May 2024", date="")
    assert draw_card(PLAIN._replace(title=text)) == draw_card(dated)


@pytest.mark.parametrize("title", ["Zoë naïve l’été İstanbul Straße", "Škoda – Łódź …", "Ω и Ж"])
def test_letters_of_many_languages_are_written(title: str) -> None:
    assert draw_card(PLAIN._replace(title=title)) != draw_card(PLAIN._replace(title=""))


@pytest.mark.parametrize(
    "title", ["so " * 4, "so long " * 12, "a title of very many words " * 90, "W" * 5000]
)
def test_a_title_of_any_length_keeps_to_the_card(title: str) -> None:
    image = picture(PLAIN._replace(title=title.strip(), example=None))
    margins = [
        image.crop(box)
        for box in ((0, 0, 80, HEIGHT), (WIDTH - 80, 0, WIDTH, HEIGHT), (0, 0, WIDTH, 60))
    ]
    assert [margin.getcolors() for margin in margins] == [
        [(margin.width * margin.height, PAPER)] for margin in margins
    ]


def test_a_long_title_takes_the_room_of_the_example() -> None:
    long = PLAIN._replace(title="a title of rather many words " * 6)
    assert draw_card(long) == draw_card(long._replace(example=None))
    assert draw_card(PLAIN) != draw_card(PLAIN._replace(example=None))


def test_a_line_is_red_under_what_was_said_and_grey_through_what_was_heard() -> None:
    shown = picture(PLAIN).crop(LINE)
    bare = picture(PLAIN._replace(example=None)).crop(LINE)
    red = sum(n for n, colour in shown.getcolors(1 << 20) or () if colour == PENCIL)
    assert red > 100 + sum(n for n, colour in bare.getcolors(1 << 20) or () if colour == PENCIL)
