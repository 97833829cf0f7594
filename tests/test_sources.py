"""Readers of sources: no word is dropped, and every cue has an address made from the file alone."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_tools.sources.charset import decode_text
from build_tools.sources.formats import FORMATS
from build_tools.sources.pasted.dialogue import read_clock, read_plain
from build_tools.sources.readers import READERS
from build_tools.sources.source import parse_source
from build_tools.text.words import find_keys
from tests.trees import read_source

PATH = "docs/sources/talk.txt"
LINES = st.lists(
    st.text(st.sampled_from("aé1:05 ,—'’<{*漢%\t"), max_size=12), min_size=1, max_size=8
)


def clock_cue(line: str) -> tuple[int | None, str]:
    """The start and the text of a file's only line."""
    (cue,) = read_clock(line).cues
    return cue.start, cue.text


@pytest.mark.parametrize(
    ("line", "start", "text"),
    [
        *(("00:00Good morning.", 0, "Good morning."), ("03:07Ola", 187_000, "Ola")),
        *(("3:07Ola", 187_000, "Ola"), ("59:59Ola", 3_599_000, "Ola")),
        *(("75:00Ola", 4_500_000, "Ola"), ("1:00:02Ola", 3_602_000, "Ola")),
        *(("01:00:02Ola", 3_602_000, "Ola"), ("100:00:00Ola", 360_000_000, "Ola")),
        *(("00:053 million", 5_000, "3 million"), ("00:0510,000 of them", 5_000, "10,000 of them")),
        *(("1:00:021984", 3_602_000, "1984"), ("00:05 Ola", 5_000, " Ola"), ("00:05", 5_000, "")),
        *(("00:05:", 5_000, ":"), ("Ola", None, "Ola"), (" 00:05Ola", None, " 00:05Ola")),
        *(("0:5Ola", None, "0:5Ola"), ("125:07Ola", None, "125:07Ola"), ("", None, "")),
    ],
)
def test_clock_reads_a_line(line: str, start: int | None, text: str) -> None:
    assert clock_cue(line) == (start, text)


def test_clock_gives_a_line_without_a_time_that_of_the_line_above() -> None:
    cues = read_clock("One\n00:05two\nthree\n\n00:09four").cues
    assert [(cue.line, cue.start, cue.text) for cue in cues] == [
        *((1, None, "One"), (2, 5_000, "two"), (3, 5_000, "three"), (4, 5_000, "")),
        (5, 9_000, "four"),
    ]


def test_plain_takes_every_line_as_it_is() -> None:
    cues = read_plain("One\n\n00:05two").cues
    assert [cue[:3] for cue in cues] == [(1, None, "One"), (2, None, ""), (3, None, "00:05two")]


def test_every_format_says_what_it_reads() -> None:
    assert all(form.description for form in FORMATS.values())
    assert list(READERS) == list(FORMATS)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("00:05One\n00:05two\n00:05three\n00:06four", ["t5", "t5-2", "t5-3", "t6"]),
        ("00:05One\n\n—\n00:05two", ["t5", "t5-2"]),
        ("One\n00:05two\nthree", ["l1", "t5", "t5-2"]),
        ("00:09One\n00:05two\n00:09three", ["t9", "t5", "t9-2"]),
    ],
)
def test_every_cue_with_a_word_has_an_address_of_its_own(text: str, addresses: list[str]) -> None:
    assert [cue.address for cue in read_source(text, form="clock").cues] == addresses


@pytest.mark.parametrize("form", ["clock", "plain"])
@pytest.mark.parametrize("furniture", [{1}, {2}, {3}, {1, 2}, {2, 3}])
def test_furniture_moves_no_address(form: str, furniture: set[int]) -> None:
    text = "00:05One\n00:05two\n00:05three\n00:07four"
    every = {cue.line: cue.address for cue in read_source(text, form=form).cues}
    source = read_source(text, form=form, furniture=furniture)
    fewer = {cue.line: cue.address for cue in source.cues}
    assert fewer == {line: address for line, address in every.items() if line not in furniture}


def test_words_know_their_cues() -> None:
    source = read_source("00:05One two\n00:07three", form="clock")
    assert [word.key for word in source.words] == ["one", "two", "three"]
    assert [source.cue_at(number).address for number in range(4)] == ["t5", "t5", "t7", "t7"]
    assert {word: cue.address for word, cue in source.first_words().items()} == {0: "t5", 2: "t7"}


@pytest.mark.parametrize(
    ("first", "end", "text"),
    [
        *((0, 1, "One,"), (0, 2, "One, two!”"), (1, 3, "two!” Three ("), (2, 4, "Three (four).")),
        *((0, 4, "One, two!” Three (four)."), (2, 2, "")),
    ],
)
def test_slice_of_a_source_has_its_last_punctuation(first: int, end: int, text: str) -> None:
    source = read_source("“One, two!”\nThree (four).")
    assert source.slice(first, end) == text


def test_time_that_runs_backwards_is_a_warning_at_its_line() -> None:
    _, problems = parse_source(PATH, b"00:09One\n\n00:05two\n00:04three", "clock", frozenset())
    assert [(str(item.place), item.what, item.warning) for item in problems] == [
        (f"{PATH}:3:1", "time runs backwards: from 00:09 to 00:05", True),
        (f"{PATH}:4:1", "time runs backwards: from 00:05 to 00:04", True),
    ]


def test_time_of_furniture_does_not_run() -> None:
    data = b"00:09Advertisement\n00:05One\n00:06two"
    assert parse_source(PATH, data, "clock", frozenset({1})).problems == ()


def test_time_that_stands_still_is_no_warning() -> None:
    assert parse_source(PATH, b"00:05One\n00:05two", "clock", frozenset()).problems == ()


def test_checksum_is_that_of_the_bytes() -> None:
    for data in (b"One\n", b"One\r\n", b"\xef\xbb\xbfOne\n"):
        source = parse_source(PATH, data, "plain", frozenset()).value
        assert source.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        *((b"One\ntwo", ["One", "two"]), (b"One\r\ntwo\r\n", ["One", "two", ""])),
        *((b"One\rtwo", ["One", "two"]), (b"\xef\xbb\xbfOne", ["One"])),
        ("One\u2028two\x0bthree\x85four".encode(), ["One\u2028two\x0bthree\x85four"]),
    ],
)
def test_line_ends_are_those_that_editors_show(data: bytes, lines: list[str]) -> None:
    assert decode_text(PATH, data).value.content.split("\n") == lines


def test_bytes_that_are_not_utf8_have_their_place() -> None:
    text, (problem,) = decode_text(PATH, "Zoë\nZo".encode() + b"\xeb")
    assert text.content == ""
    assert problem.place == (PATH, 2, 3)
    assert problem.what == "the file is not UTF-8: byte 0xeb"


@given(lines=LINES)
@pytest.mark.parametrize("form", ["clock", "plain"])
def test_no_reader_drops_a_word(form: str, lines: list[str]) -> None:
    cues = READERS[form].read("\n".join(lines)).cues
    assert [cue.line for cue in cues] == list(range(1, len(lines) + 1))
    for cue, line in zip(cues, lines, strict=True):
        assert line.endswith(cue.text)
        time = line.removesuffix(cue.text)
        assert time == "" or (form == "clock" and set(time) <= set("0123456789:"))


@given(lines=LINES)
def test_words_of_a_source_are_those_of_its_cues(lines: list[str]) -> None:
    source = read_source("\n".join(lines), form="clock")
    texts = [cue.text for cue in read_clock("\n".join(lines)).cues]
    assert [word.key for word in source.words] == [key for text in texts for key in find_keys(text)]
    assert all(a <= b for a, b in pairwise(source.cue_of_word))
    assert len({cue.address for cue in source.cues}) == len(source.cues)
