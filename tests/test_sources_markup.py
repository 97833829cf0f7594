"""Readers of HTML and XML: each text of a file stands in one cue, or is told of as left out."""

import re
from collections import Counter
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_tools.model.source import Cue
from build_tools.sources.captions.html import read_hypertranscript, read_podcast_html
from build_tools.sources.captions.timed_xml import read_ttml, read_youtube_xml
from build_tools.sources.raw import LeftOut, RawSource, UnreadableSourceError
from build_tools.sources.readers import READERS, recognise_formats
from build_tools.text.words import find_keys

RECOGNISED = ("podcast-html", "hypertranscript", "youtube-xml", "ttml")


def recognised(content: str) -> list[str]:
    """The formats in HTML or XML that a text is recognised as."""
    return [fit.name for fit in recognise_formats("talk", content) if fit.name in RECOGNISED]


def keys_of(source: RawSource) -> Counter[str]:
    """The words of cues, their speakers and the texts that are left out."""
    names = {cue.speaker for cue in source.cues}
    told = [cue.text for cue in source.cues] + [left.text for left in source.left_out]
    return Counter(key for text in (*told, *names) for key in find_keys(text))


# The Podcast Namespace --------------------------------------------------------------------------

PODCAST = """<!DOCTYPE html>
<html><head><title>Episode 1</title><style>p { color: red }</style></head><body>
<cite>Ann Lee:</cite>
<time>0:00</time>
<p>It&#39;s <b>Bo</b>&amp;me.<br>So.</p>
<p>And   more</p>
<cite>Bo:</cite> <time>1:00:05</time> <p>Yes &lt;b> no.</p>
Stray words
<time>noon</time>
<cite>Cy:</cite>
<!-- a comment -->
</body></html>
"""


def test_podcast_html_gives_a_cue_for_each_paragraph() -> None:
    source = read_podcast_html(PODCAST)
    assert source.cues == (
        Cue(1, 0, "It's Bo&me.", None, "Ann Lee"),
        Cue(2, None, "So.", None, "Ann Lee"),
        Cue(3, None, "And more", None, "Ann Lee"),
        Cue(4, 3_605_000, "Yes <b> no.", None, "Bo"),
        Cue(5, None, "Stray words", None, "Bo"),
        Cue(6, None, "noon", None, "Bo"),
    )
    assert source.left_out == (
        LeftOut(1, "Episode 1", "no speech: <title>"),
        LeftOut(1, "p { color: red }", "no speech: <style>"),
        LeftOut(7, "Cy", "a name after which nothing is said"),
    )


def test_podcast_html_may_lack_what_closes_its_elements() -> None:
    source = read_podcast_html("<cite>Ann:<time>0:05<p>One<p>two<cite>Bo:</cite><p>three")
    assert [(cue.start, cue.text, cue.speaker) for cue in source.cues] == [
        (5000, "One", "Ann"),
        (None, "two", "Ann"),
        (None, "three", "Bo"),
    ]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<p>a <![CDATA[b &amp; c]]> d</p>", "a b & c d"),
        ("<p>a<!-- <p>no --> b</p>", "a b"),
        ("<p>a<!-- b <!-- c --> d</p>", "a d"),
        ("<p>a <!-- b", "a <!-- b"),
        ("<p>a < b <c", "a < b <c"),
        ('<p title="a > \'b">c', "c"),
        ('<p title="a>c', '<p title="a>c'),
        ("<?xml version='1.0'?><!doctype html><p>a", "a"),
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


# Hypertranscripts -------------------------------------------------------------------------------


def test_hypertranscript_words_are_phrased_by_paragraph() -> None:
    source = read_hypertranscript(
        """<article><h3>Talk</h3><p>
        <span data-m="0" data-d="0" class="speaker">[Ann Lee] </span>
        <span data-m="880" data-d="120">I </span><span data-m="1000" data-d="90">do</span>n't.
        <a data-m="1100">So </a></p><p><span data-m="x">well</span></p></article>"""
    )
    assert source.cues == (
        Cue(1, None, "Talk"),
        Cue(2, 880, "I don't.", 1090, "Ann Lee"),
        Cue(3, 1100, "So", None, "Ann Lee"),
        Cue(4, None, "well", None, "Ann Lee"),
    )
    assert source.left_out == ()


# YouTube ----------------------------------------------------------------------------------------


def test_youtube_transcript_is_escaped_twice() -> None:
    source = read_youtube_xml(
        """<?xml version="1.0" encoding="utf-8" ?><transcript>
        <text start="0" dur="1.54">it&amp;#39;s &amp;lt;i&amp;gt;not&amp;lt;/i&amp;gt;</text>
        <text start="1.5" dur="5"></text>
        <text start="1.54">R&amp;amp;D &lt;i>so &lt; b&amp;nbsp;c</text></transcript>"""
    )
    assert source.cues == (Cue(1, 0, "it's not", 1540), Cue(3, 1540, "R&D so < b c"))
    assert source.left_out == ()


def test_youtube_timed_text_has_two_more_shapes() -> None:
    source = read_youtube_xml('<timedtext><text t="5" d="10">Hi</text></timedtext>')
    assert source.cues == (Cue(1, 5, "Hi", 15),)
    source = read_youtube_xml(
        """<timedtext format="3"><head><wp id="0"/></head><body><w t="0" id="1"/>
        <p t="80" d="4000" w="1"><s ac="1">it's</s><s t="200"> so</s>.</p>
        <p t="90" a="1">
</p><p t="100">Bo</p>lost</body></timedtext>"""
    )
    assert source.cues == (Cue(1, 80, "it's so.", 4080), Cue(3, 100, "Bo"))
    assert source.left_out == (LeftOut(0, "lost", "it stands outside the captions"),)


# TTML -------------------------------------------------------------------------------------------


def ttml(body: str, attributes: str = "", head: str = "") -> str:
    spaces = (
        'xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" '
        'xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xmlns:podcasts="http://podcasts.apple.com/x"'
    )
    return f"<tt {spaces} {attributes}><head>{head}</head><body>{body}</body></tt>"


@pytest.mark.parametrize(
    ("written", "attributes", "milliseconds"),
    [
        ("00:00:01.500", "", 1500),
        ("01:00:00", "", 3_600_000),
        ("00:00:01:15", "", 1500),
        ("00:00:01:15", 'ttp:frameRate="25"', 1600),
        ("00:00:10:00", 'ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"', 10_000),
        ("30f", 'ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"', 1001),
        ("15000000t", 'ttp:tickRate="10000000"', 1500),
        ("15t", 'ttp:tickRate="0"', 15_000),
        ("1.5s", "", 1500),
        ("1500ms", "", 1500),
        ("2m", "", 120_000),
        ("1h", "", 3_600_000),
        ("1.34", "", 1340),
        ("1:02.5", "", 62_500),
        ("wallclock(0)", "", None),
        ("-1s", "", None),
        ("", "", None),
    ],
)
def test_ttml_has_many_times(written: str, attributes: str, milliseconds: int | None) -> None:
    (cue,) = read_ttml(ttml(f'<div><p begin="{written}">Hi</p></div>', attributes)).cues
    assert cue.start == milliseconds


def test_ttml_paragraphs_are_cues() -> None:
    source = read_ttml(
        ttml(
            """<metadata>Not said</metadata><div begin="10s">
            <p begin="1s" dur="2s" ttm:agent="a1">One<br/><span>two</span> three.</p>
            <p begin="4s" end="5s"/>
            <p ttm:agent="SPEAKER_2"><span>Four</span></p></div>""",
            head='<ttm:agent xml:id="a1"><ttm:name>Ann Lee</ttm:name></ttm:agent>',
        )
    )
    assert source.cues == (
        Cue(1, 11_000, "One two three.", 13_000, "Ann Lee"),
        Cue(2, 10_000, "Four", None, "SPEAKER_2"),
    )
    assert source.left_out == (LeftOut(0, "Ann Lee Not said", "it stands outside the captions"),)


def test_ttml_of_apple_has_a_time_on_every_word_and_no_blanks() -> None:
    words = "".join(
        f'<span podcasts:unit="word" begin="{second}.5" end="{second}.9">{word}</span>'
        for second, word in enumerate(["Hi", "there.", "So", "well"], 61)
    )
    sentence = f'<span podcasts:unit="sentence" begin="61.5" end="64.9">{words}</span>'
    source = read_ttml(
        ttml(f'<p begin="1:01.500" end="1:04.900" ttm:agent="SPEAKER_1">{sentence}</p>')
    )
    assert source.cues == (
        Cue(1, 61_500, "Hi there.", 62_900, "SPEAKER_1"),
        Cue(2, 63_500, "So well", 64_900, "SPEAKER_1"),
    )


def test_ttml_of_a_song_counts_its_times_from_the_start() -> None:
    spans = (
        '<div begin="9.5" end="20"><p begin="9.5" end="11"><span begin="9.5">Hi</span></p></div>'
    )
    source = read_ttml(ttml(spans, 'xmlns:itunes="http://music.apple.com/x" itunes:timing="Word"'))
    assert [cue.start for cue in source.cues] == [9500]


# Every format -----------------------------------------------------------------------------------

SAMPLES = {
    "podcast-html": PODCAST,
    "hypertranscript": '<p><span data-m="0">Hi</span></p>',
    "youtube-xml": '<?xml version="1.0"?><transcript><text start="0">Hi</text></transcript>',
    "ttml": '<?xml version="1.0"?><tt:tt xmlns:tt="http://www.w3.org/ns/ttml"><tt:p>Hi</tt:p></tt:tt>',
}


@pytest.mark.parametrize("form", RECOGNISED)
def test_each_format_is_recognised_as_itself_alone(form: str) -> None:
    assert recognised(SAMPLES[form]) == [form]
    assert READERS[form].read(SAMPLES[form]).cues


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


@pytest.mark.parametrize("form", ["youtube-xml", "ttml"])
def test_depth_is_no_matter(form: str) -> None:
    root, piece = ("tt", "p") if form == "ttml" else ("transcript", "text")
    deep = "<s>" * 100_000 + "Hi" + "</s>" * 100_000
    (cue,) = READERS[form].read(f"<{root}><{piece}>{deep}</{piece}></{root}>").cues
    assert cue.text == "Hi"


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
