"""The map of a conversation: true to time or words, inert, and said in words too."""

import xml.etree.ElementTree as ET

import pytest

from build_tools.pages.map import render_map
from tests.trees import compile_text

TIMED = "00:00one two\n00:30three four\n00:40five six\n01:00seven eight\n"
BODY = (
    "## First\n\n**Ann:** One two.\n\n**Bo:** Three four.\n\n"
    "## Second\n\n**Ann:** Five six seven eight.\n"
)
PLAIN = "one two\nthree four\nfive six\nseven eight\n"


def shapes(source: str, body: str, *, form: str) -> list[tuple[str, float, float]]:
    """The rectangles of a map: class, place and width, in thousandths of the whole."""
    figure = render_map(compile_text(source, body, form=form)).split("<figcaption>")[0]
    svg = ET.fromstring(figure[figure.index("<svg") :])
    return [
        (rect.get("class", ""), float(rect.get("x", "")), float(rect.get("width", "")))
        for rect in svg.iter("rect")
    ]


def lanes(found: list[tuple[str, float, float]], lane: str) -> list[tuple[float, float]]:
    """The place and width of one lane's rectangles."""
    return [(x, width) for name, x, width in found if name == lane]


def test_the_width_of_a_turn_is_true_to_time() -> None:
    found = shapes(TIMED, BODY, form="clock")

    # Four cues in 60 s; the last is drawn as long as the others are on average, so 80 s in all.
    assert lanes(found, "sic-lane-0") == [(0.0, 375.0), (500.0, 500.0)]
    assert lanes(found, "sic-lane-1") == [(375.0, 125.0)]


def test_without_times_the_width_of_a_turn_is_true_to_words() -> None:
    found = shapes(PLAIN, BODY, form="plain")

    assert lanes(found, "sic-lane-0") == [(0.0, 250.0), (500.0, 500.0)]
    assert lanes(found, "sic-lane-1") == [(250.0, 250.0)]


def test_corrections_and_doubts_stand_at_their_words() -> None:
    body = (
        "## First\n\n**Ann:** One {~~two~>too~~}[^n].\n\n**Bo:** Three {==four==}{>>Or for?<<}.\n\n"
        "**Ann:** Five six seven eight.\n\n[^n]: homophone, record: It is also.\n"
    )
    found = shapes(PLAIN, body, form="plain")

    assert [x for x, _ in lanes(found, "sic-tick-correction")] == [125.0]
    assert [x for x, _ in lanes(found, "sic-tick-doubt")] == [375.0]


def test_every_chapter_is_a_link_with_a_name() -> None:
    figure = render_map(compile_text(PLAIN, BODY))

    assert '<a href="#l1" aria-label="First">' in figure
    assert '<a href="#l3" aria-label="Second">' in figure


def test_the_table_says_the_same_in_words() -> None:
    table = render_map(compile_text(PLAIN, BODY)).split("<details")[1]

    assert '<a href="#l1">First</a></th><td>2</td><td>2</td>' in table
    assert '<a href="#l3">Second</a></th><td>4</td><td>0</td>' in table


@pytest.mark.parametrize("title", ['"><script>alert(1)</script>', "<img src=x onerror=alert(1)>"])
def test_a_hostile_title_is_text(title: str) -> None:
    figure = render_map(compile_text(PLAIN, BODY.replace("First", title)))

    assert "<script" not in figure
    assert "<img" not in figure


@pytest.mark.parametrize("body", ["One two three four five six seven eight.\n"])
def test_speech_without_chapters_has_no_map(body: str) -> None:
    assert render_map(compile_text(PLAIN, body)) == ""
