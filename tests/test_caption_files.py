"""Captions as files: valid to others' judges, inert, and the same when they come back."""

import json
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import pairwise
from typing import NamedTuple

import pysubs2
import pytest
import webvtt
from defusedxml.ElementTree import fromstring
from hypothesis import assume, given
from playwright.sync_api import Browser

from build_tools.authoring.import_.intake import Request, plan_intake
from build_tools.build.plan import plan_site
from build_tools.checks.corpus import parse_corpus
from build_tools.exports.captions import (
    find_unclear_names,
    render_chapters,
    render_segments,
    render_subrip,
    render_webvtt,
)
from build_tools.model.site import SiteIdentity
from build_tools.model.transcript import Caption, Row, Transcript
from build_tools.reading.tree import read_tree
from build_tools.sources.readers import READERS
from build_tools.text.words import find_keys
from build_tools.transcript.timing import WIDEST, make_captions
from tests import foreign
from tests.generated import Generated, editions
from tests.pages import ROOT, real_site
from tests.trees import compile_text, edition_file, talk_tree, tree
from tests.tries import tries

HERE = "transcripts/talk/talk"
FORMATS = ("vtt", "srt", "podcast.json")
TIMED = (*FORMATS, "chapters.json")


class Shown(NamedTuple):
    """A caption as another program has it, or the key of a word in one that we have."""

    speaker: str
    text: str
    start: int
    end: int


def comes_back(name: str, content: bytes) -> list[Shown]:
    """The words of a file's first edition, as `sic import` makes it."""
    intake = plan_intake(Request(name, content, slug="talk", date="2024-05-22"))
    corpus = parse_corpus(intake.files)
    assert [problem for problem in corpus.problems if not problem.warning] == []
    transcript = corpus.transcripts[0]
    speakers = [
        one.speaker for one in transcript.paragraphs for _ in range(one.first_word, one.end_word)
    ]
    cues = [transcript.source.cues[cue] for cue in transcript.source.cue_of_word]
    assert len(speakers) == len(cues) == len(transcript.said_words)
    return [
        Shown(speaker, word.key, cue.start or 0, cue.end or 0)
        for word, speaker, cue in zip(transcript.said_words, speakers, cues, strict=True)
    ]


def in_captions(captions: tuple[Caption, ...]) -> Iterator[Shown]:
    for caption in captions:
        for row in caption.rows:
            for key in find_keys(row.text):
                yield Shown(row.speaker, key, caption.start, caption.end)


def in_segments(content: bytes) -> Iterator[Shown]:
    for segment in json.loads(content)["segments"]:
        start, end = (round(segment[key] * 1000) for key in ("startTime", "endTime"))
        for key in find_keys(segment["body"]):
            yield Shown(segment.get("speaker", ""), key, start, end)


@pytest.fixture(scope="module")
def vivatech() -> Transcript:
    corpus = parse_corpus(read_tree(ROOT / "docs"))
    return next(t for t in corpus.transcripts if t.edition.slug == "vivatech-2024")


def published(form: str) -> bytes:
    """A file of the talk that has times."""
    return real_site()[f"transcripts/vivatech-2024/vivatech-2024.{form}"]


@pytest.mark.parametrize("form", FORMATS)
def test_captions_come_back(form: str, vivatech: Transcript) -> None:
    content = published(form)
    words = comes_back(f"talk.{form}", content)
    assert [word.text for word in words] == list(vivatech.said_words.keys)
    assert [word.speaker for word in words] == [
        stretch.speaker
        for stretch in vivatech.paragraphs
        for word in vivatech.said_words
        if stretch.said_start <= word.start < stretch.said_end
    ]
    if form == "podcast.json":
        assert words == list(in_segments(content))
    else:
        assert {word[2:] for word in words} == {word[2:] for word in judged(form, content)}
    assert {cue.start for cue in vivatech.source.cues} <= {word.start for word in words}


def judged(form: str, content: bytes) -> list[Shown]:
    """The captions of a file as a reader has them that is not ours."""
    if form in ("ass", "srt"):
        events = pysubs2.SSAFile.from_string(content.decode(), format_=form)
        return [Shown("", event.plaintext, event.start, event.end) for event in events]
    captions = webvtt.from_string(content.decode()).captions
    times = [[at.in_milliseconds() for at in (one.start_time, one.end_time)] for one in captions]
    return [
        Shown(one.voice or "", one.text, *time) for one, time in zip(captions, times, strict=True)
    ]


@tries(150)
@given(editions())
def test_export_is_read_back_unchanged(made: Generated) -> None:
    transcript = parse_corpus(made.tree).transcripts[0]
    files = plan_site(made.tree).files
    captions = make_captions(transcript)
    assert (f"{HERE}.vtt" in files) == bool(captions)
    if not captions:
        assert not any(path.endswith(f".{form}") for form in TIMED for path in files)
        return
    wanted = list(in_captions(captions))
    assert [word.text for word in wanted] == list(made.shown_keys)
    assert comes_back("talk.vtt", files[f"{HERE}.vtt"]) == wanted
    # A reader cannot recognise a name that occurs once, among captions without a speaker.
    srt = comes_back("talk.srt", files[f"{HERE}.srt"])
    assert [word.text for word in srt] == list(made.shown_keys)
    assert {word[2:] for word in srt} == {one[2:] for one in judged("srt", files[f"{HERE}.srt"])}
    everybody = {stretch.speaker for stretch in transcript.paragraphs}
    if not find_unclear_names(make_captions(transcript, (), everybody)):
        assert [word.speaker for word in srt] == [word.speaker for word in wanted]
    # To a reader, whole seconds of two minutes a word are milliseconds.
    if all(one.end - one.start < 120_000 for one in captions):
        segments = comes_back("talk.json", files[f"{HERE}.podcast.json"])
        exported = list(in_segments(files[f"{HERE}.podcast.json"]))
        assert [word[:2] for word in segments] == [word[:2] for word in exported]
        bodies = [s["body"] for s in json.loads(files[f"{HERE}.podcast.json"])["segments"]]
        # It joins segments into cues if most of them are single words.
        if 2 * sum(len(find_keys(body)) == 1 for body in bodies) <= len(bodies):
            assert segments == exported


@tries(100)
@given(talk=foreign.talks())
@pytest.mark.parametrize("form", ["ass", "vtt"])
def test_others_read_the_words_and_times_we_read(form: str, talk: tuple[foreign.Said, ...]) -> None:
    content = next(one for one in foreign.WRITTEN if one.form == form).write(talk)
    ours = READERS[form].read(content).cues
    # webvtt-py leaves references as they are, and ends a cue at an arrow in its text.
    assume(not any("-->" in said.text for said in talk))
    read = unescape if form == "vtt" else str
    assert [(cue.start, cue.end, find_keys(cue.text)) for cue in ours] == [
        (one.start, one.end, find_keys(read(one.text))) for one in judged(form, content.encode())
    ]


def test_others_read_what_we_wrote(vivatech: Transcript) -> None:
    own = tuple(word.key for word in vivatech.said_words)
    vtt, srt = (judged(form, published(form)) for form in ("vtt", "srt"))
    assert find_keys("\n".join(one.text for one in vtt)) == own
    named = find_keys("\n".join(one.text for one in srt))
    # SubRip has nowhere to put a name but among the words.
    names = {key for short in vivatech.edition.speakers for key in find_keys(short)}
    assert len(named) > len(own)
    assert [key for key in named if key not in names] == [key for key in own if key not in names]
    for captions in (vtt, srt):
        assert all(one.start < one.end for one in captions)
        assert all(one.end <= two.start for one, two in pairwise(captions))
        assert all(len(row) <= WIDEST for one in captions for row in one.text.split("\n"))


HOSTILE = [
    *("a < b > c & d", "00:00:01.000 --> 00:00:02.000", "00:01 -> 00:02 and so on"),
    *("<v Ann>who</v> <i>is</i> </script> <00:01.000>now", "&lt;b&gt; &amp; &#65; AT&T"),
    *("{\\an8} NOTE STYLE WEBVTT 1984", "NASA: we have a problem", "Ann Lee: so she says"),
    *("**Bo:** he says", "张三：一 二", "1984", "a\u2028b\x85c\x1dd\x0be"),
]


@pytest.mark.parametrize("speaker", ["", "Ann", "Ann Lee-Meyer", "A & B <c> -->", "he said"])
def test_speech_is_never_notation(speaker: str) -> None:
    captions: list[Caption] = []
    for number, text in enumerate(HOSTILE * 2):
        first = Row(speaker, bool(speaker) and number % 4 == 0, text)
        rows = (first, Row(speaker, False, text))
        captions.append(Caption(1000 * number, 1000 * number + 900, rows))
    said = [key for text in HOSTILE * 2 for key in find_keys(text) * 2]
    vtt = render_webvtt(captions).encode()
    words = comes_back("talk.vtt", vtt)
    assert [word.text for word in words] == said
    assert {word.speaker for word in words} == {" ".join(speaker.split())}
    assert [one[2:] for one in judged("vtt", vtt)] == [one[:2] for one in captions]
    srt = render_subrip(captions).encode()
    assert [word.text for word in comes_back("talk.srt", srt)] == said
    # To this judge every line with two clocks in it is one of times.
    timeless = [one for one in captions if "00:00:01" not in one.rows[0].text]
    srt = render_subrip(timeless).encode()
    assert [one[2:] for one in judged("srt", srt)] == [one[:2] for one in timeless]
    assert [word.text for word in comes_back("t.json", render_segments(captions).encode())] == said


@pytest.mark.browser
def test_a_browser_shows_what_we_wrote(browser: Browser) -> None:
    """The parser of WebVTT that readers have: its cues are ours, in text, voice and time."""
    ours, said = published("vtt"), [" ".join(text.split()) for text in HOSTILE]
    rows = ((1000 * n, (Row("A & B <c>", True, text),)) for n, text in enumerate(said))
    captions = [Caption(start, start + 900, row) for start, row in rows]
    page = browser.new_page()
    shown = page.evaluate(READ_TRACK, ours.decode())
    assert [Shown(*one) for one in shown] == judged("vtt", ours)
    read = [one[:2] for one in page.evaluate(READ_TRACK, render_webvtt(captions))]
    assert read == [["A & B <c>", text] for text in said]
    page.close()


READ_TRACK = """async (text) => {
    const video = document.createElement("video"), track = document.createElement("track");
    track.src = URL.createObjectURL(new Blob([text], {type: "text/vtt"}));
    track.default = true;
    const loaded = new Promise((resolve, reject) => {
        Object.assign(track, {onload: resolve, onerror: reject});
    });
    video.append(track);
    document.body.append(video);
    track.track.mode = "showing";
    await loaded;
    return [...track.track.cues].map((cue) => {
        const nodes = cue.getCueAsHTML(), voice = nodes.querySelector("[title]")?.title ?? "";
        const times = [cue.startTime, cue.endTime].map((time) => Math.round(time * 1000));
        return [voice, nodes.textContent, ...times];
    });
}"""


# Podcasts ---------------------------------------------------------------------------------------

# The Podcast Namespace's schemas of both: the type of each key, and the required ones.
SEGMENT = {"speaker": str, "startTime": float, "endTime": float, "body": str}
CHAPTERS = {"version": str, "title": str, "podcastName": str, "description": str, "chapters": list}
CHAPTER = {"startTime": float, "title": str, "url": str}


def check_shape(value: dict[str, object], shape: Mapping[str, type], needed: set[str]) -> None:
    assert needed <= value.keys() <= shape.keys()
    assert all(type(item) is shape[key] for key, item in value.items())


def test_podcast_players_get_segments_and_chapters() -> None:
    segments = json.loads(published("podcast.json"))
    assert segments.keys() == {"version", "segments"}
    assert segments["version"] == "1.0.0"
    for segment in segments["segments"]:
        check_shape(segment, SEGMENT, {"startTime", "endTime", "body"})
        assert segment["startTime"] < segment["endTime"]
    assert all(one["endTime"] <= two["startTime"] for one, two in pairwise(segments["segments"]))
    chapters = json.loads(published("chapters.json"))
    check_shape(chapters, CHAPTERS, {"version", "chapters"})
    assert chapters["version"] == "1.2.0"
    for chapter in chapters["chapters"]:
        check_shape(chapter, CHAPTER, {"startTime", "title"})
    assert all(one["startTime"] < two["startTime"] for one, two in pairwise(chapters["chapters"]))


def test_chapters_say_where_they_stand_where_that_is_known() -> None:
    body = "**Ann:** One.\n\n## Next\n\nTwo."
    transcript = compile_text("00:01One.\n00:05Two.\n", body, form="clock")
    nowhere = json.loads(render_chapters(transcript, SiteIdentity("", "", "")) or "")
    assert nowhere["chapters"] == [{"startTime": 5.0, "title": "Next"}]
    site = SiteIdentity("", "", "https://example.org/")
    (chapter,) = json.loads(render_chapters(transcript, site) or "")["chapters"]
    assert chapter["url"] == "https://example.org/transcripts/talk/#t5"


def test_the_feed_of_a_podcast_gets_lines_for_each_episode_with_times() -> None:
    # The second has no times, and the third no podcast.
    heads = {"first": 'podcast: A & "B"\nepisode: 7\n', "second": "podcast: A\n", "third": ""}
    files = {f"sources/{slug}.txt": "00:01We met.\n" for slug in heads}
    files["sources/second.txt"] = "We met.\n"
    for slug, head in heads.items():
        form = "plain" if slug == "second" else "clock"
        body = edition_file("## One <b>\n\nWe met.", title="T & <i>", file=f"{slug}.txt", form=form)
        files[f"transcripts/{slug}.md"] = body.replace("source:", f"{head}source:", 1)
    planned = plan_site(tree(files), site_url="https://example.org/").files
    (item,) = fromstring(planned["data/podcast.xml"]).iter("item")
    beside = "https://example.org/transcripts/first/first"
    said = {".vtt": "text/vtt", ".srt": "application/x-subrip", ".podcast.json": "application/json"}
    chapters = {"url": f"{beside}.chapters.json", "type": "application/json+chapters"}
    texts = [{"url": beside + end, "type": kind, "language": "en"} for end, kind in said.items()]
    assert [(line.tag.split("}")[-1], line.text or line.attrib) for line in item] == [
        *(("title", "T & <i>"), ("episode", "7")),
        *(*(("transcript", text) for text in texts), ("chapters", chapters)),
    ]
    paths = {line.attrib["url"].removeprefix("https://example.org/") for line in item[2:]}
    assert paths <= planned.keys()
    assert "data/podcast.xml" not in plan_site(tree(files)).files


def test_an_untimed_transcript_has_none_of_these_files() -> None:
    beside = "transcripts/logan-bartlett-2023/"
    own = [path for path in real_site() if path.startswith(beside)]
    assert beside + "transcript.json" in own
    assert not any(path.endswith(f".{form}") for form in TIMED for path in own)


def test_a_talk_without_titled_chapters_has_no_chapters() -> None:
    made = plan_site(talk_tree("We met.", source="00:01We met.\n", form="clock")).files
    assert [form for form in TIMED if f"{HERE}.{form}" in made] == list(FORMATS)
