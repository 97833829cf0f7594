"""Readers of HTML and XML: each text of a file stands in one cue, or is told of as left out."""

import re
from collections import Counter
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_tools.sources.captions.html import read_hypertranscript, read_podcast_html
from build_tools.sources.captions.timed_xml import read_ttml, read_youtube_xml
from build_tools.sources.raw import RawSource, UnreadableSourceError
from build_tools.sources.readers import READERS, recognise_formats
from build_tools.text.words import find_keys
from tests.test_sources_json import cues_of, read_rows

RECOGNISED = ("podcast-html", "hypertranscript", "youtube-xml", "ttml")


def recognised(content: str) -> list[str]:
    """The formats in HTML or XML that a text is recognised as."""
    return [form for form in recognise_formats("talk", content) if form in RECOGNISED]


def keys_of(source: RawSource) -> Counter[str]:
    """The words of cues, their speakers and the texts that are left out."""
    names = {cue.speaker for cue in source.cues}
    told = [cue.text for cue in source.cues] + [left.text for left in source.left_out]
    return Counter(key for text in (*told, *names) for key in find_keys(text))


# Files as they are -----------------------------------------------------------------------------

_CASE = re.compile(
    r"^```(?P<form>[a-z-]+)\n(?P<content><.+?)\n```\n\n```cues\n(?P<cues>.+?)\n```$"
    r"(?:\n\n```left-out\n(?P<left_out>.+?)\n```$)?",
    re.MULTILINE | re.DOTALL,
)
PAGE = Path(__file__).with_name("markup_sources.md").read_text(encoding="utf-8")
CASES = list(_CASE.finditer(PAGE))


def test_every_case_of_the_page_is_read() -> None:
    assert len(CASES) == len(re.findall("^```cues$", PAGE, re.MULTILINE))
    assert {case["form"] for case in CASES} == set(RECOGNISED)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"character-{case.start()}")
def test_case_of_the_page_is_recognised_and_read(case: re.Match[str]) -> None:
    assert recognised(case["content"]) == [case["form"]]
    source = READERS[case["form"]].read(case["content"])
    assert cues_of(source) == read_rows(case["cues"])
    left_out = [(left.line, left.text, left.why) for left in source.left_out]
    assert left_out == read_rows(case["left_out"] or "")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        *(("<p>a <![CDATA[b &amp; c]]> d</p>", "a b & c d"), ("<p>a<!-- <p>no --> b</p>", "a b")),
        *(("<p>a<!-- b <!-- c --> d</p>", "a d"), ("<p>a <!-- b", "a <!-- b")),
        *(("<p>a < b <c", "a < b <c"), ('<p title="a > \'b">c', "c")),
        *(('<p title="a>c', '<p title="a>c'), ("<?xml version='1.0'?><!doctype html><p>a", "a")),
        ("<P CLASS=x>a</P >", "a"),
    ],
)
def test_invalid_tag_is_text(content: str, text: str) -> None:
    (cue,) = read_podcast_html(content).cues
    assert cue.text == text


def test_text_of_a_script_is_never_speech() -> None:
    source = read_podcast_html("<script>if (a<b) { '<p>no</p>' }</SCRIPT><p>yes<style>p<p>")
    assert [cue.text for cue in source.cues] == ["yes"]
    assert [left.text for left in source.left_out] == ["if (a<b) { '<p>no</p>' }", "p<p>"]


@given(content=st.text(st.sampled_from("<>= px/"), max_size=80))
def test_no_word_outside_a_tag_is_lost(content: str) -> None:
    shown = keys_of(read_podcast_html(content))
    # A sign alone is a word too, but the tags around it decide whether it is alone.
    outside, said, everything = (
        Counter(key for key in keys if key.isalpha())
        for keys in (
            find_keys(re.sub(r"<[^<>]*>", " ", content)),
            shown.elements(),
            find_keys(content),
        )
    )
    assert outside <= said <= everything


def ttml(body: str, attributes: str = "") -> str:
    spaces = 'xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"'
    return f"<tt {spaces} {attributes}><head></head><body>{body}</body></tt>"


@pytest.mark.parametrize(
    ("written", "attributes", "milliseconds"),
    [
        *(("00:00:01.500", "", 1500), ("01:00:00", "", 3_600_000), ("00:00:01:15", "", 1500)),
        ("00:00:01:15", 'ttp:frameRate="25"', 1600),
        ("00:00:10:00", 'ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"', 10_000),
        ("30f", 'ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"', 1001),
        *(("15000000t", 'ttp:tickRate="10000000"', 1500), ("15t", 'ttp:tickRate="0"', 15_000)),
        *(("1.5s", "", 1500), ("1500ms", "", 1500), ("2m", "", 120_000), ("1h", "", 3_600_000)),
        *(("1.34", "", 1340), ("1:02.5", "", 62_500)),
        ("wallclock(0)", "", None),
        ("-1s", "", None),
        ("", "", None),
    ],
)
def test_ttml_has_many_times(written: str, attributes: str, milliseconds: int | None) -> None:
    (cue,) = read_ttml(ttml(f'<div><p begin="{written}">Hi</p></div>', attributes)).cues
    assert cue.start == milliseconds


@pytest.mark.parametrize("content", ["", "Hi", "<p>Hi</p>", "<transcripts>", "<ttx>", "{}"])
def test_other_texts_are_not_recognised(content: str) -> None:
    assert not recognised(content)


@pytest.mark.parametrize("form", ["youtube-xml", "ttml"])
@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        ("", 1, "the file is not XML: no element found, at character 1"),
        ("<a>\n<b></a>", 2, "the file is not XML: mismatched tag, at character 6"),
        ("<a>Hi</a>", 1, "this is not what .* writes: .* is missing"),
        ("<a>" * 100_000 + "</a>" * 100_000, 1, "the file is nested more than 100 deep"),
        ('<!DOCTYPE a [<!ENTITY b "bbb">]><a>&b;</a>', 1, "the file declares entities of its own"),
        (
            '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            1,
            "the file declares entities of its own",
        ),
    ],
)
def test_invalid_xml_has_its_place(form: str, content: str, line: int, what: str) -> None:
    with pytest.raises(UnreadableSourceError, match=what) as error:
        READERS[form].read(content)
    assert error.value.line == line
    assert error.value.remedy


@pytest.mark.parametrize("form", RECOGNISED)
@given(content=st.text(st.sampled_from("<>/!-[]&;#\"' =abcdeimprstxCDAT\n"), max_size=60))
def test_no_text_ends_a_reader_otherwise_than_by_refusing(form: str, content: str) -> None:
    try:
        READERS[form].read(content)
    except UnreadableSourceError:
        return


TEXTS = st.lists(
    st.sampled_from(["well", "it's", "R&D", "<b>", "4.5", "日本", "", "—"]), max_size=4
).map(" ".join)
TAG = re.compile(r"</?b>")


@given(texts=st.lists(TEXTS, max_size=6), stray=TEXTS)
def test_every_word_of_captions_is_in_one_cue_or_left_out(texts: list[str], stray: str) -> None:
    said = "".join(f'<text start="{n}">{escape(text)}</text>' for n, text in enumerate(texts))
    source = read_youtube_xml(f"<transcript>{said}{escape(stray)}</transcript>")
    expected = [TAG.sub(" ", text) for text in texts] + [stray]
    assert keys_of(source) == Counter(key for text in expected for key in find_keys(text))


@given(texts=st.lists(TEXTS, max_size=6), stray=TEXTS)
def test_every_word_of_timed_text_is_in_one_cue_or_left_out(texts: list[str], stray: str) -> None:
    said = "".join(f'<p begin="{n}s">{escape(text)}<span/></p>' for n, text in enumerate(texts))
    source = read_ttml(ttml(said + escape(stray)))
    expected = Counter(key for text in (*texts, stray) for key in find_keys(text))
    assert keys_of(source) == expected


@given(
    pieces=st.lists(
        st.tuples(st.sampled_from(["p", "div", "time", "cite", "title", "i", "h1"]), TEXTS),
        max_size=8,
    )
)
def test_every_word_of_a_page_is_in_one_cue_or_left_out(pieces: list[tuple[str, str]]) -> None:
    names = [text for tag, text in pieces if tag == "cite"]
    if len(set(names)) < len(names):
        return
    content = "".join(f"<{tag}>{escape(text)}</{tag}> " for tag, text in pieces)
    source = read_podcast_html(content)
    assert keys_of(source) == Counter(key for _, text in pieces for key in find_keys(text))


def test_readers_are_those_of_the_table() -> None:
    readers = (read_podcast_html, read_hypertranscript, read_youtube_xml, read_ttml)
    assert tuple(READERS[form].read for form in RECOGNISED) == readers
