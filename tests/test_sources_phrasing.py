"""Words one by one into cues, and the clocks of files."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_tools.model.source import Cue
from build_tools.sources.json.phrasing import group_words, interleave_tracks, phrase_words
from build_tools.sources.times import count_milliseconds, parse_full_clock
from build_tools.text.words import find_keys

PIECES = st.text(st.sampled_from("ab'3.,5 —“日"), max_size=4)


def phrases(text: str, *, spoken: str = "", pauses: dict[int, int] | None = None) -> list[str]:
    """The cues' texts of pieces with a bar between them, half a second each."""
    words = []
    now = 0
    for number, piece in enumerate(text.split("|")):
        now += (pauses or {}).get(number, 0)
        words.append(Cue(0, now, piece, now + 500))
        now += 500
    return [cue.text for cue in phrase_words(words, spoken)]


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        *(("One|two.|Three", ["One two.", "Three"]), ("One|two.”|Three", ["One two.”", "Three"])),
        *(("One| |two|.| |Three", ["One two.", "Three"]), ("今日は。|行く", ["今日は。", "行く"])),
        *(("—|One", ["— One"]), ("", []), ("—|...", [])),
        ("|".join(["a"] * 31), [" ".join("a" * 15), " ".join("a" * 15), "a"]),
    ],
)
def test_a_cue_ends_with_a_sentence_or_after_fifteen_words(text: str, cues: list[str]) -> None:
    assert phrases(text) == cues


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        *(("Version| |3|.|8| |now", ["Version 3.8 now"]), ("1|,000|,000", ["1,000,000"])),
        *(("1.|000", ["1.000"]), ("Yes|.| |“|No|.|”", ["Yes.", "“No.”"]), ("—|One", ["—One"])),
    ],
)
def test_no_cue_begins_inside_a_word(text: str, cues: list[str]) -> None:
    assert phrases(text, spoken=text.replace("|", "")) == cues


def test_a_cue_ends_with_a_pause_of_a_second() -> None:
    assert phrases("a|b|c", pauses={1: 999, 2: 1000}) == ["a b", "c"]


def test_a_cue_ends_with_the_speaker() -> None:
    words = [Cue(0, 0, "a", 1, "A"), Cue(0, 1, "b", 2, "B"), Cue(0, None, "c", None, "B")]
    assert phrase_words(words) == (Cue(1, 0, "a", 1, "A"), Cue(2, 1, "b c", 2, "B"))


def test_a_word_without_a_time_goes_on_with_the_cue() -> None:
    words = [Cue(0, None, "a"), Cue(0, 5, "b", 6), Cue(0, None, "c")]
    assert phrase_words(words) == (Cue(1, 5, "a b c", 6),)


@pytest.mark.parametrize(
    ("words", "text", "laid"),
    [
        (["Hi", "Ann"], "“Hi,” Ann!", ["“Hi,” ", "Ann!"]),
        (["Hi", "Ann"], "Hi “Ann”", ["Hi ", "“Ann”"]),
        *((["can", "'t"], " can't ", [" can", "'t "]), (["a"], "apple a", [])),
        *((["Hi"], "Hi Ann", []), (["Hi", "Ann"], "Hi", []), (["Hi"], "", []), ([], "Hi", [])),
    ],
)
def test_words_are_written_as_in_the_text(words: list[str], text: str, laid: list[str]) -> None:
    found = group_words([Cue(0, None, word) for word in words], text)
    assert [word.text for word in found] == laid


@given(
    pieces=st.lists(PIECES, max_size=40), pauses=st.dictionaries(st.integers(0, 40), st.just(2000))
)
def test_cues_have_the_words_of_their_pieces(pieces: list[str], pauses: dict[int, int]) -> None:
    text = "".join(pieces)
    own = phrases("|".join(pieces), spoken=text, pauses=pauses)
    glued = [key for cue in own for key in find_keys(cue)]
    apart = [key for piece in pieces for key in find_keys(piece)]
    assert glued in (list(find_keys(text)), apart)


@given(
    pieces=st.lists(PIECES.filter(lambda piece: bool(find_keys(piece))), min_size=1, max_size=40)
)
def test_words_that_a_text_has_are_its_own(pieces: list[str]) -> None:
    text = " ".join(pieces)
    keys = [key for cue in phrases("|".join(pieces), spoken=text) for key in find_keys(cue)]
    assert keys == list(find_keys(text))


def test_tracks_are_interleaved_by_start_and_keep_their_order() -> None:
    tracks = {
        "Left": [Cue(1, 0, "a"), Cue(2, None, "b"), Cue(3, 5, "c", None, "Ann")],
        "Right": [Cue(1, 0, "d"), Cue(2, 4, "e")],
    }
    cues, left_out, *_ = interleave_tracks(tracks)
    assert [(cue.line, cue.text, cue.speaker) for cue in cues] == [
        *((1, "a", "Left"), (2, "b", "Left"), (3, "d", "Right"), (4, "e", "Right")),
        (5, "c", "Left, Ann"),
    ]
    assert left_out == ()


def test_one_track_keeps_its_order_and_has_no_name() -> None:
    cues, *_ = interleave_tracks({"Left": [Cue(1, 9, "a"), Cue(2, 5, "b")]})
    assert [(cue.start, cue.speaker) for cue in cues] == [(9, ""), (5, "")]


@given(starts=st.lists(st.lists(st.none() | st.integers(0, 9), max_size=6), min_size=2, max_size=3))
def test_no_cue_is_lost_between_tracks(starts: list[list[int | None]]) -> None:
    tracks = {
        f"Track {number}": [
            Cue(place, start, f"w{number}x{place}") for place, start in enumerate(track)
        ]
        for number, track in enumerate(starts)
    }
    cues, *_ = interleave_tracks(tracks)
    assert Counter(cue.text for cue in cues) == Counter(
        cue.text for track in tracks.values() for cue in track
    )


@pytest.mark.parametrize(
    ("value", "per_second", "milliseconds"),
    [
        *((Decimal("1.22"), 1, 1220), (Decimal("8.0005"), 1, 8000), (Decimal("0.0005"), 1, 0)),
        *((0.1 + 0.2, 1, 300), (1437, 1000, 1437), (Decimal("15900000.0"), 10_000_000, 1590)),
        *(("0.94", 1, 940), ("12.900s", 1, 12900), (" 12 ", 1, 12000), ("PT0.07S", 1, 70)),
        *(("PT1H2M3.5S", 1, 3_723_500), ("PT", 1, None), ("-1", 1, None), ("1e3", 1, None)),
        *(("٣", 1, None), ("9" * 20, 1, None), (True, 1, None), (None, 1, None)),
        *((Decimal("NaN"), 1, None), (Decimal("Infinity"), 1, None), (Decimal("-0.5"), 1, None)),
        *((Decimal("1E+999999"), 1, None), (Decimal("1E-999999"), 1, 0), (10**400, 1, None)),
        ([], 1, None),
    ],
)
def test_times_are_milliseconds(value: object, per_second: int, milliseconds: int | None) -> None:
    assert count_milliseconds(value, per_second) == milliseconds


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        *(("0:05", 5000), ("75:00", 4_500_000), ("00:00:06,000", 6000), ("1:02:03.25", 3_723_250)),
        *(("1:02:03:04", 3_723_000), ("5", None), ("0:5:", None), ("", None)),
    ],
)
def test_clocks_of_files(text: str, milliseconds: int | None) -> None:
    assert parse_full_clock(text) == milliseconds
