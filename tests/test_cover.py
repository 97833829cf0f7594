"""A cover says what a book is, within its margins, in the direction of its language."""

from xml.etree import ElementTree as ET

import pytest

from build_tools.build.plan import plan_site
from build_tools.exports.epub import HEIGHT, WIDTH, render_cover
from tests.books import open_book
from tests.test_golden import SITE
from tests.trees import talk_tree

PLAIN = {
    "title": "A talk",
    "lang": "en",
    "speakers": "Ann Lee · Bo Berg",
    "occasion": "A fair · 22 May 2024",
    "site": "Talks",
}


def lines_of(cover: str) -> list[ET.Element]:
    return list(ET.fromstring(cover).iter("{http://www.w3.org/2000/svg}text"))


def words_of(cover: str) -> list[str | None]:
    return [line.text for line in lines_of(cover)]


def test_a_cover_says_what_the_book_is_and_leaves_out_what_is_empty() -> None:
    assert words_of(render_cover(**PLAIN)) == [
        "Talks",
        "A talk",
        "Ann Lee · Bo Berg",
        "A fair · 22 May 2024",
    ]
    assert words_of(render_cover("Talks", "en", "")) == ["Talks"]


def test_a_book_has_a_cover_that_the_package_names() -> None:
    files = plan_site(talk_tree("**Ann:** so"), site_url=SITE).files
    book = open_book(files["transcripts/talk/talk.epub"])
    (item,) = (node for node in book.package.iter() if node.get("properties") == "cover-image")
    assert (item.get("href"), item.get("media-type")) == ("cover.svg", "image/svg+xml")
    assert b">A talk</text>" in book.members["EPUB/cover.svg"]


def test_a_title_from_right_to_left_begins_at_the_right() -> None:
    left, right = (
        {
            (line.get("x"), line.get("direction"))
            for line in lines_of(render_cover(**PLAIN | {"lang": lang}))
        }
        for lang in ("en", "he")
    )
    assert (left, right) == ({("120", None)}, {(str(WIDTH - 120), "rtl")})


@pytest.mark.parametrize("text", ["</text><script>x()</script>", 'a" & b', "a\x1bb"])
def test_any_text_is_only_text(text: str) -> None:
    cover = render_cover(text, "en", text, text, text)
    said = text.replace("\x1b", " ")
    assert words_of(cover) == [said] * 4


@pytest.mark.parametrize(
    "title", ["so " * 4, "a title of very many words " * 90, "W" * 5000, "大会" * 400]
)
@pytest.mark.parametrize("speakers", ["", "Ann Lee · " * 40, "W" * 5000])
def test_words_of_any_length_keep_to_the_cover(title: str, speakers: str) -> None:
    texts = {"title": title, "speakers": speakers, "occasion": speakers}
    cover = render_cover(**PLAIN | texts)
    lines = lines_of(cover)
    bases = [int(line.get("y", "")) for line in lines]
    assert bases == sorted(set(bases))
    assert bases[-1] < HEIGHT - 120
    assert all(len(line.text or "") * int(line.get("font-size", "")) < 2600 for line in lines)


def test_a_title_is_broken_between_words_and_is_smaller_the_longer_it_is() -> None:
    title = "The history of the institutions that look after the bridges of the county"
    drawn = lines_of(render_cover(**PLAIN | {"title": title}))
    lines = [line for line in drawn if "Serif" in str(line.attrib)]
    assert " ".join(line.text or "" for line in lines) == title
    usual = lines_of(render_cover(**PLAIN))[1]
    assert int(lines[0].get("font-size", "")) < int(usual.get("font-size", ""))
    assert "".join(str(word) for word in words_of(render_cover("大会" * 9, "zh", ""))) == "大会" * 9
