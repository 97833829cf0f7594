"""The map of a conversation: true to time or words, inert, and said in words too."""

import re
import xml.etree.ElementTree as ET

import pytest

from build_tools.pages.map import render_map, render_shares
from tests.trees import compile_text

TIMED = "00:00one two\n00:30three four\n00:40five six\n01:00seven eight\n"
BODY = (
    "## First\n\n**Ann:** One two.\n\n**Bo:** Three four.\n\n"
    "## Second\n\n**Ann:** Five six seven eight.\n"
)
PLAIN = "one two\nthree four\nfive six\nseven eight\n"


def lanes(source: str, body: str, lane: str, *, form: str) -> list[tuple[int, int]]:
    """The place and width of the bars of one row, in thousandths of the whole."""
    figure = render_map(compile_text(source, body, form=form)).split("<figcaption>")[0]
    svg = ET.fromstring(figure[figure.index("<svg") :])
    (path,) = (path for path in svg.iter("path") if path.get("class") == lane)
    bars = re.findall(r"M(\d+) \d+h(\d+)v", path.get("d", ""))
    return [(int(left), int(width)) for left, width in bars]


def test_the_width_of_a_turn_is_true_to_time() -> None:
    # Four cues in 60 s; the last is drawn as long as the others are on average, so 80 s in all.
    assert lanes(TIMED, BODY, "sic-lane-0", form="clock") == [(0, 375), (500, 500)]
    assert lanes(TIMED, BODY, "sic-lane-1", form="clock") == [(375, 125)]


def test_without_times_the_width_of_a_turn_is_true_to_words() -> None:
    assert lanes(PLAIN, BODY, "sic-lane-0", form="plain") == [(0, 250), (500, 500)]
    assert lanes(PLAIN, BODY, "sic-lane-1", form="plain") == [(250, 250)]


def test_corrections_and_doubts_stand_at_their_words() -> None:
    body = (
        "## First\n\n**Ann:** One {~~two~>too~~}[^n].\n\n**Bo:** Three {==four==}{>>Or for?<<}.\n\n"
        "**Ann:** Five six seven eight.\n\n[^n]: homophone, record: It is also.\n"
    )
    assert lanes(PLAIN, body, "sic-tick-correction", form="plain") == [(125, 2)]
    assert lanes(PLAIN, body, "sic-tick-doubt", form="plain") == [(375, 2)]


def test_every_chapter_is_a_link_with_a_name() -> None:
    figure = render_map(compile_text(PLAIN, BODY))

    assert '<a href="#l1"><title>First</title>' in figure
    assert '<a href="#l3"><title>Second</title>' in figure


def test_its_ends_have_their_times() -> None:
    figure = render_map(compile_text(TIMED, BODY, form="clock"))

    assert "<span>00:00</span><output></output><span>01:00</span>" in figure


def test_the_table_says_the_same_in_words() -> None:
    table = render_shares(compile_text(PLAIN, BODY))

    assert '<a href="#l1">First</a><td>2<td>2</tr>' in table
    assert '<a href="#l3">Second</a><td>4<td>0</tr>' in table


@pytest.mark.parametrize("title", ['"><script>alert(1)</script>', "<img src=x onerror=alert(1)>"])
def test_a_hostile_title_is_text(title: str) -> None:
    transcript = compile_text(PLAIN, BODY.replace("First", title))
    figure = render_map(transcript) + render_shares(transcript)

    assert "<script" not in figure
    assert "<img" not in figure


@pytest.mark.parametrize("body", ["One two three four five six seven eight.\n"])
def test_speech_without_chapters_has_no_map(body: str) -> None:
    assert render_map(compile_text(PLAIN, body)) == ""
