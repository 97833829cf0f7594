"""A cover shows what can be shown, costs a picture once, and is the same picture each time."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from build_tools.model import Masthead
from build_tools.plan import plan_site
from build_tools.render.cover import HEIGHT, WIDTH, draw_cover, make_collection_card
from build_tools.render.drawing import Card, draw_sign, font, has_letter
from tests.books import open_book
from tests.test_card import EXAMPLE, PAPER, PENCIL, PLAIN
from tests.trees import talk_tree


def picture(card: Card) -> Image.Image:
    return Image.open(BytesIO(draw_cover(card))).convert("RGB")


def test_a_cover_is_a_small_portrait() -> None:
    data = draw_cover(PLAIN)
    with Image.open(BytesIO(data)) as image:
        assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT)) == ("PNG", (1200, 1800))
    assert len(data) < 60_000


def test_the_same_cover_is_the_same_bytes() -> None:
    first = draw_cover(PLAIN)
    for cached in (draw_cover, font, has_letter, draw_sign):
        cached.cache_clear()
    assert draw_cover(PLAIN) == first


def test_a_cover_that_was_drawn_is_not_drawn_again_and_is_in_the_book() -> None:
    tree = talk_tree("**Ann:** so")
    plan_site(tree)
    before = draw_cover.cache_info()
    files = plan_site(tree).files
    after = draw_cover.cache_info()
    assert (after.hits - before.hits, after.misses - before.misses) == (2, 0)
    covers = {
        open_book(files[path]).members["EPUB/cover.png"]
        for path in ("transcripts/talk/talk.epub", "data/collection.epub")
    }
    assert len(covers) == 2


def test_the_collection_has_its_name_on_the_cover_and_says_what_it_is() -> None:
    card = make_collection_card(PLAIN, Masthead("Talks", "Talks of things.", ""))
    assert card == PLAIN._replace(site="", title="Talks", speakers=("Talks of things.",))


@pytest.mark.parametrize("text", ["大会", "مؤتمر", "😀", "\u202eevil", "a\x1bb"])
def test_what_the_fonts_cannot_write_leaves_no_empty_boxes(text: str) -> None:
    assert draw_cover(PLAIN._replace(event=text)) == draw_cover(PLAIN._replace(event=""))
    several = PLAIN._replace(speakers=("Ann Lee", text, "Bo Berg"))
    assert draw_cover(several) == draw_cover(PLAIN)
    dated = PLAIN._replace(title="22 May 2024", date="")
    assert draw_cover(PLAIN._replace(title=text)) == draw_cover(dated)


@pytest.mark.parametrize("title", ["so " * 4, "a title of very many words " * 90, "W" * 5000])
@pytest.mark.parametrize("speakers", [(), ("Ann Lee",) * 40, ("W" * 5000,)])
def test_words_of_any_length_keep_to_the_cover(title: str, speakers: tuple[str, ...]) -> None:
    image = picture(PLAIN._replace(title=title.strip(), speakers=speakers))
    for box in ((40, 0, 110, HEIGHT), (WIDTH - 110, 0, WIDTH, HEIGHT), (40, 1320, WIDTH, 1360)):
        part = image.crop(box)
        assert part.getcolors() == [(part.width * part.height, PAPER)]


def test_a_line_is_red_under_what_was_said() -> None:
    box = (60, 1300, WIDTH, HEIGHT)
    shown, bare = (
        picture(PLAIN._replace(example=example)).crop(box) for example in (EXAMPLE, None)
    )
    red = [
        sum(number for number, colour in part.getcolors(1 << 20) or () if colour == PENCIL)
        for part in (shown, bare)
    ]
    assert red[0] > red[1] + 100
