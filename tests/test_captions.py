"""Captions as they are met: malformed blocks, tags, names and rolls; no word is ever dropped."""

import pytest

from build_tools.model.source import Cue
from build_tools.sources.captions.cue_text import decode_references, parse_voices, plain_cue_text
from build_tools.sources.labels import find_labels, looks_like_name, name_cues, split_label
from build_tools.sources.raw import RawSource
from build_tools.sources.readers import read_cues, recognise_formats

TIMES = "00:00:01.000 --> 00:00:02.000"


def read(content: str, form: str = "vtt") -> RawSource:
    return read_cues(form, content)


def said(content: str, form: str = "vtt") -> list[tuple[int, str]]:
    """The line and the text of each cue."""
    return [(cue.line, cue.text) for cue in read(content, form).cues]


# Text -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("one <00:00:01.500>two<c> three</c>", "one two three"),
        ("<c.colorE5E5E5>one</c> <i>two</i> <b><u>three</u></b>", "one two three"),
        ("<ruby>漢<rt>kan</rt></ruby>", "漢kan"),
        ("<lang en-GB>one</lang> <font color='red'>two</font>", "one two"),
        ("one<br><br/>two", "one\n\ntwo"),
        ("{\\an8}one {\\pos(1,2)}two {three}", "one two {three}"),
        ("x < y and y > z", "x < y and y > z"),
        ("a <verb> of <speech>", "a <verb> of <speech>"),
        ("<v Ann", "<v Ann"),
        ("a < b", "a < b"),
        ("<i>unclosed", "unclosed"),
        ("&lt;i&gt;one&lt;/i&gt;", "<i>one</i>"),
        ("AT&T, R&D, &amp;c. &nbsp;&#8212;&#x2014;", "AT&T, R&D, &c. \xa0——"),
        ("&notaname; &copy &#0;&#xD800;&#x110000;", "&notaname; &copy \ufffd\ufffd\ufffd"),
    ],
)
def test_notation_goes_and_words_stay(written: str, text: str) -> None:
    assert plain_cue_text(written) == text


@pytest.mark.parametrize(
    ("written", "voices"),
    [
        ("<v Ann Lee>one", [(0, "Ann Lee", "one")]),
        ("<v.loud.first Ann>one</v> <v Bo>two</v>", [(0, "Ann", "one"), (0, "Bo", "two")]),
        ("zero <v Ann>one\n<v Bo>two", [(0, "", "zero"), (0, "Ann", "one"), (1, "Bo", "two")]),
        ("<v >one", [(0, "", "one")]),
        ("<v>one", [(0, "", "one")]),
        ("<v Zo&euml;>one", [(0, "Zoë", "one")]),
        ("<v Doe, John>one", [(0, "Doe, John", "one")]),
        ("<v Ann>\n\none", [(2, "Ann", "one")]),
        ("<v Ann></v>", []),
    ],
)
def test_voices_of_a_cue(written: str, voices: list[tuple[int, str, str]]) -> None:
    assert [tuple(voice) for voice in parse_voices(written)] == voices


def test_a_reference_is_decoded_once() -> None:
    assert decode_references("&amp;lt;i&amp;gt;") == "&lt;i&gt;"


# Blocks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "cues"),
    [
        (f"WEBVTT\n\n{TIMES}\none", [(4, "one")]),
        (f"WEBVTT\n{TIMES}\none", [(3, "one")]),
        (f"{TIMES}\none", [(2, "one")]),
        (f"WEBVTT\n\n{TIMES}\none\n{TIMES}\ntwo", [(4, "one"), (6, "two")]),
        (f"WEBVTT\n\n{TIMES}\n{TIMES}\none", [(5, "one")]),
        (f"WEBVTT\n\n{TIMES}\none\n \ntwo", [(4, "one\n \ntwo")]),
        (
            f"WEBVTT\n\n{TIMES}\none\n\ntwo\nthree\n\n{TIMES}\nfour",
            [(4, "one"), (6, "two\nthree"), (10, "four")],
        ),
        (f"WEBVTT\n\n{TIMES}\n\none\n\n{TIMES}\ntwo", [(5, "one"), (8, "two")]),
        (f"WEBVTT\n\n{TIMES}\none -->\n--> two", [(4, "one -->\n--> two")]),
        (f"WEBVTT\n\n{TIMES}\n02:34.567 --> that is when", [(4, "02:34.567 --> that is when")]),
        (f"WEBVTT\n\n{TIMES}\n10:30 Meeting: yes", [(4, "10:30 Meeting: yes")]),
        ("WEBVTT\n\n00:01 --> 02:12\none", [(4, "one")]),
        ("WEBVTT\n\n100:00:01.000 --> 100:00:02.000\none", [(4, "one")]),
        ("WEBVTT\n\n00:00:09.000 --> 00:00:00.000\none", [(4, "one")]),
        (f"WEBVTT\n\n{TIMES} align:middle line:0 D:vertical\none", [(4, "one")]),
        (f"WEBVTT\n\n7\n{TIMES}\n7\n\n8\n{TIMES}\n1984\n", [(5, "7"), (9, "1984")]),
    ],
)
def test_webvtt_keeps_what_is_said(content: str, cues: list[tuple[int, str]]) -> None:
    assert said(content) == cues


@pytest.mark.parametrize(
    ("content", "left_out"),
    [
        (f"WEBVTT a talk\nKind: captions\n\n{TIMES}\none", ["a talk", "Kind: captions"]),
        (f"WEBVTT\n\nNOTE\nby hand\n\nNOTE two\n\n{TIMES}\none", ["by hand", "two"]),
        (f"WEBVTT\n\nSTYLE\n::cue {{}}\n\nREGION\nid:x\n\n{TIMES}\none", ["::cue {}", "id:x"]),
        (f"WEBVTT\n\nintro\n{TIMES}\none", ["intro"]),
        (f"WEBVTT\n\n{TIMES} and so on\none", ["and so on"]),
        (f"WEBVTT\n\nREGION: id=a width=40%\n\n{TIMES}\none", [": id=a width=40%"]),
        (f"WEBVTT\n\n00::00 --> 00:1.0\n\n{TIMES}\none", ["00::00 --> 00:1.0"]),
        (f"WEBVTT\n\n{TIMES}\none\n\nNOTE two\n\n3\n", ["two", "3"]),
    ],
)
def test_webvtt_says_what_it_leaves_out(content: str, left_out: list[str]) -> None:
    source = read(content)
    assert [piece.text.strip() for piece in source.left_out] == left_out
    assert [cue.text for cue in source.cues] == ["one"]
    assert all(piece.why for piece in source.left_out)


SRT = "00:00:01,000 --> 00:00:02,000"


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        (f"1\n{SRT}\none\n\n2\n{SRT}\ntwo", ["one", "two"]),
        (f"{SRT}\none\n\n{SRT}\ntwo", ["one", "two"]),
        (f"1\n{SRT}\none\n2\n{SRT}\ntwo", ["one", "two"]),
        (f"1\n{SRT}\nIn\n1984\n\n2\n{SRT}\ntwo", ["In\n1984", "two"]),
        (f"1\n{SRT}\nIn\n1984\n{SRT}\ntwo", ["In\n1984", "two"]),
        (f"1\n{SRT}\n2\n\n2\n{SRT}\n3", ["2", "3"]),
        (f"0\n{SRT}\none\n\n0\n{SRT}\ntwo\n\n9\n{SRT}\nthree", ["one", "two", "three"]),
        (f"1\n{SRT}\none\n\nmore\n\n2\n{SRT}\ntwo", ["one\n\nmore", "two"]),
        ("1\n00:00:01.000 --> 00:00:02.000 X1:1 X2:2 Y1:3 Y2:4\none", ["one"]),
        ("1\n0:0:1,5 -> 0:0:2,5\none", ["one"]),
        ("1\n٠٠:٠٠:٠١,٥ → ٠٠:٠٠:٠٢,٥\none", ["one"]),
        (f"1\n{SRT}\none\n\n2\n00: 01 --> 00: 02\ntwo", ["one\n\n2\ntwo"]),
        (f"1\n{SRT}\n<i>one</i> &amp; {{\\an8}}two", ["one & two"]),
        (f"before\n\n1\n{SRT}\none", ["before", "one"]),
        (f"1\n{SRT}\n\n2\n{SRT}\ntwo", ["two"]),
        (f"1\n{SRT}\n♪ la ♪", ["♪ la ♪"]),
    ],
)
def test_subrip_keeps_what_is_said(content: str, texts: list[str]) -> None:
    assert [cue.text for cue in read(content, "srt").cues] == texts


# Names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        *((name, True) for name in ("Ann", "Ann Lee", "SPEAKER_00", "Speaker 1", "O'Neil", "Zoë")),
        *((name, True) for name in ("Doe, John", "Dr. Lee", "Ludwig van Beethoven", "陈伟")),
        *((name, True) for name in ("(المشروع)", "Ann & Bo", "Q")),
        *((name, False) for name in ("10", "10:30", "Meeting", "he said", "He said that", "So")),
        *((name, False) for name in ("Is it?", "", "A B C D E F G", "http", "He thought.")),
    ],
)
def test_labels_that_look_like_names(name: str, is_one: bool) -> None:
    assert looks_like_name(name) is is_one


@pytest.mark.parametrize(
    ("lines", "labels"),
    [
        (["Ann: one", "Bo: two"], {"Ann", "Bo"}),
        (["Ann: one", "two", "three", "Ann: four", "five", "six"], {"Ann"}),
        (["one", "NASA: two", "three"], set()),
        (["Will: you", "they will", "x", "y", "z", "Will: me"], set()),
        (["Q: a", "x", "q", "y", "z", "Q: b"], {"Q"}),
        ([">> Ann: one", "- Bo: two"], {"Ann", "Bo"}),
        (["M: you", "I'm here", "x", "at 2 p.m. y", "z", "M: me"], {"M"}),
        (["Meeting: one", "Meeting: two"], set()),
        (["10:30 one", "10:31 two"], set()),
        (["**Ann:** one", "**Bo**: two"], {"Ann", "Bo"}),
        (["张三：一", "李四：二"], {"张三", "李四"}),
        (["Ann:one", "Bo:two"], set()),
        (["stokes: one", "nick (Name): two", "A | Co: x"] * 3, {"stokes", "nick (Name)", "A | Co"}),
        ([*["stokes: one"] * 9, "two"], {"stokes"}),
        ([*["stokes: one"] * 8, "two", "three"], set()),
        (["one", ">>Ann: two", "three", "- Bo: four", "five"], {"Ann"}),
    ],
)
def test_labels_of_a_file(lines: list[str], labels: set[str]) -> None:
    assert find_labels(lines) == labels


def test_rest_of_a_label_is_the_text() -> None:
    assert split_label(">> Ann  Lee:  one: two", frozenset({"Ann Lee"})) == ("Ann Lee", "one: two")


def test_a_cue_in_which_two_speak_is_two() -> None:
    content = f"1\n{SRT}\nAnn: one\nBo: two\nmore\n\n2\n{SRT}\nAnn:\n\n3\n{SRT}\nthree"
    cues = [(cue.line, cue.speaker, cue.text) for cue in read(content, "srt").cues if cue.text]
    assert cues == [(3, "Ann", "one"), (4, "Bo", "two\nmore"), (13, "Ann", "three")]


@pytest.mark.parametrize(
    ("texts", "told", "speakers"),
    [
        # A name goes on until the next sign of a change where most changes have a label.
        ("Ann: a|b|Bo: c|d|Ann: e|- f|Bo: g|h", {}, "Ann Ann Bo Bo Ann ? Bo Bo"),
        ("Ann: a|- b|- c|d|>> e|- f|Bo: g|Ann: h|i|Bo: j|- k", {}, "Ann ? ? ? ? ? Bo Ann ? Bo ?"),
        # The same name again and again stands at no changes.
        ("Ann: one|two|Ann: three|four|Ann: five|six", {}, "Ann ? Ann ? Ann ?"),
        (f"Ann: one|{'so ' * 700}|Bo: two|three", {}, "Ann ? Bo ?"),
        (f"{'Ann: one|Bo: two|' * 9}{'so ' * 1600}", {}, "Ann Bo " * 9 + "?"),
        ("Ann: one|Bo: two >> three|Ann: x", {}, "Ann Bo ? Ann"),
        # A word that may be a name ends the turn before it.
        ("Ann: a|b|c|Bo: d|e|Ann: f|g|Bo: h|Max: i|j|k", {}, "Ann Ann Ann Bo Bo Ann Ann Bo ? ? ?"),
        ("Ann: a|Bo: b|Max: i|Ann: c|d|Bo: e", {"Max": ""}, "Ann Bo Bo Ann Ann Bo"),
        ("one|stokes: two|x: three|four", {"stokes": "Kim"}, "? stokes stokes stokes"),
    ],
)
def test_nobody_speaks_who_is_not_known_to(texts: str, told: dict[str, str], speakers: str) -> None:
    cues = [Cue(number, 0, text) for number, text in enumerate(texts.split("|"), 1)]
    assert [cue.speaker or "?" for cue in name_cues(cues, told)] == speakers.split()


def test_a_cue_of_no_voice_has_none_of_another() -> None:
    cues = [Cue(1, 0, "- one", 0, "Ann"), Cue(2, 1, "two"), Cue(3, 2, "a\n- b", 0, "Bo")]
    named = [(cue.line, cue.speaker, cue.text) for cue in name_cues(cues)]
    assert named == [(1, "Ann", "- one"), (2, "", "two"), (3, "Bo", "a"), (4, "", "- b")]


# Rolls ------------------------------------------------------------------------------------------


Screen = tuple[int, int, str]
A_ROLL = ((0, 999, "a"), (999, 2000, "a\nb"), (2000, 3000, "a\nb\nc"), (3000, 4000, "b\nc\nd"))


@pytest.mark.parametrize(
    ("screens", "texts"),
    [
        (A_ROLL, ["a", "b", "c", "d"]),
        # After a silence the same line is said again, and so is one alone that has not moved up.
        (((0, 1000, "a"), (5000, 6000, "a\nb")), ["a", "a\nb"]),
        (((0, 1000, " \na"), (1000, 2000, "a")), ["a", "a"]),
        (((0, 1000, " \na"), (1000, 2000, "a\n ")), ["a"]),
        (((0, 1000, " \na"), (1000, 1010, "a")), ["a"]),
        # A row that was not shown before is new wherever it stands.
        (((0, 1000, "a"), (1000, 1010, "b"), (1010, 2000, "c\nd")), ["a", "b", "c\nd"]),
    ],
)
def test_rows_that_roll_are_said_once(screens: tuple[Screen, ...], texts: list[str]) -> None:
    content = "WEBVTT\n\n" + "\n".join(
        f"00:00:{begin / 1000:06.3f} --> 00:00:{end / 1000:06.3f}\n{rows}\n"
        for begin, end, rows in screens
    )
    assert [cue.text for cue in read(content, "rolling-vtt").cues] == texts


def test_songs_do_not_roll() -> None:
    song = "".join(
        f"00:00:0{n}.000 --> 00:00:0{n + 1}.000\nla la\nla {'la' if n % 2 else 'lu'}\n\n"
        for n in range(8)
    )
    assert read("WEBVTT\n\n" + song).cues
    assert recognise_formats("song.vtt", "WEBVTT\n\n" + song)[0] == "vtt"
