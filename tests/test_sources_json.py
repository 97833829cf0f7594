"""Readers of JSON: each word of a file is in one cue, or is reported as left out."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_tools.sources.json.document import parse_json
from build_tools.sources.json.reader import VENDORS
from build_tools.sources.raw import RawSource, UnreadableSourceError
from build_tools.sources.readers import READERS
from build_tools.sources.source import parse_source
from build_tools.text.words import find_keys

RECOGNISED = {name: vendor.is_own for name, vendor in VENDORS.items() if vendor.has}
# The fields in which the formats have words.
SPEECH = frozenset(
    {"body", "content", "display", "itn", "lexical", "maskedITN", "punctuated_word"}
    | {"text", "transcript", "utf8", "value", "word"}
)
Cue = tuple[int, int | None, int | None, str, str]


def read(form: str, document: object) -> RawSource:
    return READERS[form].read(json.dumps(document))


def cues_of(source: RawSource) -> list[Cue]:
    return [(cue.line, cue.start, cue.end, cue.speaker, cue.text) for cue in source.cues]


def whys_of(source: RawSource) -> list[tuple[str, str]]:
    return [
        (left.text, left.why + f": “{left.where}”" * bool(left.where)) for left in source.left_out
    ]


def find_speech(value: object, name: str = "", *, listed: bool = False) -> Iterator[str]:
    """Every text of a document in a field of speech or in a list."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from find_speech(member, key)
    elif isinstance(value, list):
        for member in value:
            yield from find_speech(member, name, listed=name != "models")
    elif isinstance(value, str) and (listed or name in SPEECH):
        yield value


def assert_conserved(form: str, document: object) -> None:
    """Asserts that cues and left-out texts hold each word as often as the document does."""
    source = read(form, document)
    told = [cue.text for cue in source.cues] + [left.text for left in source.left_out]
    assert Counter(key for text in told for key in find_keys(text)) == Counter(
        key for text in find_speech(document) for key in find_keys(text)
    )


_CASE = re.compile(
    r"""
    ^```(?P<form>[a-z-]+)\n (?P<document>[\[{].+?) \n```\n\n
    ```(?P<joined>joined-)?cues\n (?P<cues>.+?) \n```$
    (?:\n\n```left-out\n (?P<left_out>.+?) \n```$)?
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
PAGE = Path(__file__).with_name("json_sources.md").read_text(encoding="utf-8")
CASES = list(_CASE.finditer(PAGE))


def test_every_case_of_the_page_is_read() -> None:
    assert len(CASES) == len(re.findall("^```(?:joined-)?cues$", PAGE, re.MULTILINE))
    assert {case["form"] for case in CASES} == VENDORS.keys()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"line-{line_of(case)}")
def test_case_of_the_page(case: re.Match[str]) -> None:
    source = read(case["form"], json.loads(case["document"]))
    assert cues_of(source) == read_rows(case["cues"])
    assert whys_of(source) == read_rows(case["left_out"] or "")
    if not case["joined"]:
        assert_conserved(case["form"], json.loads(case["document"]))


def line_of(case: re.Match[str]) -> int:
    return PAGE.count("\n", 0, case.start()) + 1


def read_rows(text: str) -> list[tuple[Any, ...]]:
    return [tuple(json.loads(line)) for line in text.splitlines()]


WHISPER: dict[str, Any] = json.loads(
    next(case["document"] for case in CASES if case["form"] == "whisper")
)


def test_word_segments_that_repeat_are_told_as_such() -> None:
    words = [{"word": "Hi"}, {"word": "there."}]
    document = {"segments": [{"text": "Hi there."}], "word_segments": words}
    with pytest.raises(UnreadableSourceError):
        read("whisper", document)
    document["segments"][0]["speaker"] = "SPEAKER_00"
    assert whys_of(read("whisper", document)) == [
        ("Hi there.", "the same words once more: “word_segments[].word”")
    ]


@pytest.mark.parametrize(
    ("start", "milliseconds"),
    [
        *(("12.900s", 12900), ({"seconds": "12", "nanos": 900000000}, 12900)),
        *(({"seconds": 12}, 12000), ({"nanos": 900000000}, 900)),
        ({"seconds": {"low": 12, "high": 0, "unsigned": False}, "nanos": 0}, 12000),
        *(({}, None), (None, None), ("-1s", None)),
    ],
)
def test_google_times_have_many_shapes(start: object, milliseconds: int | None) -> None:
    words = [{"startTime": start, "word": "Hi"}]
    document = {"results": [{"alternatives": [{"transcript": "Hi.", "words": words}]}]}
    (cue,) = read("google", document).cues
    assert (cue.start, cue.text) == (milliseconds, "Hi.")


# Every format -----------------------------------------------------------------------------------

DEEPGRAM_GUESS = {"transcript": "Hi", "words": [{"word": "hi", "start": 0.0}]}
SAMPLES: dict[str, object] = {
    "whisper": WHISPER,
    "whisper-cpp": {"transcription": [{"text": "Hi", "offsets": {"from": 0, "to": 5}}]},
    "deepgram": {"metadata": {}, "results": {"channels": [{"alternatives": [DEEPGRAM_GUESS]}]}},
    "assemblyai": {"audio_duration": 1, "text": "Hi", "words": [{"text": "Hi", "start": 0}]},
    "aws": {"results": {"transcripts": [], "items": [{"alternatives": [{"content": "Hi"}]}]}},
    "rev": {"monologues": [{"speaker": 0, "elements": [{"type": "text", "value": "Hi"}]}]},
    "google": {"results": [{"alternatives": [{"transcript": "Hi", "words": []}]}]},
    "azure": {"recognizedPhrases": [{"nBest": [{"display": "Hi"}]}]},
    "speechmatics": {"results": [{"type": "word", "alternatives": [{"content": "Hi"}]}]},
    "podcast-json": {"version": "1.0.0", "segments": [{"body": "Hi"}]},
    "youtube-json": {"events": [{"tStartMs": 0, "segs": [{"utf8": "Hi"}]}]},
}


@pytest.mark.parametrize("form", RECOGNISED)
def test_each_format_is_recognised_as_itself_alone(form: str) -> None:
    value = parse_json(json.dumps(SAMPLES[form]))
    assert [name for name, fits in RECOGNISED.items() if fits(value)] == [form]


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, 1, "text", [], {}, [[]], {"results": None}, {"words": []}, {"segments": {}}),
        *({"results": []}, {"results": {"channels": 1}}, {"metadata": {}}, {"events": []}),
    ],
)
@pytest.mark.parametrize("form", VENDORS)
def test_other_json_is_refused(form: str, value: object) -> None:
    assert form == "json" or not RECOGNISED[form](parse_json(json.dumps(value)))
    with pytest.raises(UnreadableSourceError, match=r"this is not what .* is missing"):
        read(form, value)


@pytest.mark.parametrize("form", RECOGNISED)
def test_a_file_without_words_has_no_cues(form: str) -> None:
    empty = json.loads(json.dumps(SAMPLES[form]), object_hook=_silence)
    assert read(form, empty) == RawSource(())


def _silence(members: dict[str, Any]) -> dict[str, Any]:
    silent = {key for key, text in members.items() if key in SPEECH and isinstance(text, str)}
    return members | dict.fromkeys(silent, "")


@pytest.mark.parametrize("form", VENDORS)
@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        ("", 1, "the file is not JSON: Expecting value, at character 1 of the line"),
        ('{\n"text": "Hi', 2, "the file is not JSON: Unterminated string .* at character 9"),
        ('{"text": "a", "text": "b"}', 1, "an object has “text” twice, with different values"),
        ("[" * 100_000 + "]" * 100_000, 1, "the file is nested more than 100 deep"),
        ("[" * 200 + "]" * 200, 1, "the file is nested more than 100 deep"),
    ],
)
def test_invalid_json_has_its_place(form: str, content: str, line: int, what: str) -> None:
    with pytest.raises(UnreadableSourceError, match=what) as error:
        READERS[form].read(content)
    assert error.value.line == line
    assert error.value.remedy


@pytest.mark.parametrize(
    ("written", "text"),
    # Half a character is marked; a number without quotation marks is a word.
    [(r'"a\ud800b \ud83d\ude00"', "a\ufffdb 😀"), ("1984", "1984")],
)
def test_text_is_what_a_file_can_hold(written: str, text: str) -> None:
    (cue,) = READERS["whisper"].read(f'[{{"start": 0, "text": {written}}}]').cues
    assert cue.text == text
    cue.text.encode()


@pytest.mark.parametrize(
    "time",
    ["NaN", "Infinity", "-1", "1e999999999", "1e" + "9" * 30, "true", "[]", "9" * 5000, '"soon"'],
)
def test_invalid_time_is_none(time: str) -> None:
    (cue,) = READERS["whisper"].read(f'[{{"start": {time}, "text": "Hi"}}]').cues
    assert (cue.start, cue.text) == (None, "Hi")


def test_words_in_unknown_places_are_told() -> None:
    document = {**WHISPER, "summary": "They meet.", "notes": ["Good"], "state": "done"}
    assert [left[1] for left in whys_of(read("whisper", document))[2:]] == [
        "other words than those taken for speech: “summary”",
        "other words than those taken for speech: “notes[]”",
    ]


def test_times_that_run_backwards_stay_and_are_told() -> None:
    data = b'[{"start": 9, "end": 8, "text": "One so"}, {"start": 5, "text": "two so"}]'
    source, (problem,) = parse_source("docs/sources/talk.json", data, "whisper", frozenset())
    assert [(cue.start, cue.end, cue.address) for cue in source.cues] == [
        (9000, 8000, "t9"),
        (5000, None, "t5"),
    ]
    assert (problem.place.line, problem.warning) == (1, True)
    assert problem.what == "time runs backwards in piece 2: from 00:09 to 00:05"


# Documents with anything in them ----------------------------------------------------------------

WORDS = st.sampled_from(
    (*("well", "it's", "Olah", "thinks", "we", "can't"), *("4.5", "10,000", "R&D", "日本"), "naïve")
)
TEXTS = st.one_of(
    st.just(""),
    st.sampled_from(["...", " ", "\n", "—"]),
    st.lists(WORDS, min_size=1, max_size=4).map(lambda words: " " + " ".join(words) + "."),
)
ODD: st.SearchStrategy[Any] = st.one_of(
    *(st.none(), st.booleans(), st.floats(), st.integers(), st.just([])),
    st.sampled_from(["", "1.5", "x"]),
)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


def lists(member: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[list[Any]]:
    return st.lists(member | ODD, min_size=least, max_size=4)


TIMED = {"start": ODD, "end": ODD, "speaker": ODD}
WORD = some(word=WORDS, punctuated_word=WORDS, **TIMED)
TEXT_WORD = some(text=WORDS, **TIMED)
GUESSES = lists(
    some(transcript=TEXTS, words=lists(some(word=WORDS, startTime=ODD, speakerTag=ODD)))
)
ITEMS = lists(
    some(start_time=ODD, end_time=ODD, speaker_label=ODD, alternatives=lists(some(content=WORDS)))
)
SENTENCES = lists(some(speaker=ODD, sentences=lists(some(text=TEXTS))))
DEEPGRAM = some(transcript=TEXTS, words=lists(WORD), paragraphs=some(paragraphs=SENTENCES))
ELEMENT = some(value=WORDS.map(" {} ".format), ts=ODD, end_ts=ODD)
SPOKEN = some(content=WORDS, speaker=ODD)
NOTATIONS = some(display=TEXTS, lexical=TEXTS, itn=TEXTS)
DOCUMENTS: dict[str, st.SearchStrategy[Any]] = {
    "whisper": some(
        text=TEXTS,
        segments=lists(some(text=TEXTS, words=lists(WORD), **TIMED)),
        word_segments=lists(WORD),
        words=lists(WORD),
    ),
    "whisper-cpp": some(transcription=lists(some(text=TEXTS, offsets=ODD, timestamps=ODD))),
    "deepgram": some(
        results=some(
            channels=lists(some(alternatives=lists(DEEPGRAM))),
            utterances=lists(some(transcript=TEXTS, words=lists(WORD), **TIMED)),
        )
    ),
    "assemblyai": some(
        text=TEXTS,
        audio_duration=st.just(1),
        words=lists(TEXT_WORD),
        utterances=lists(some(text=TEXTS, words=lists(TEXT_WORD), **TIMED)),
    ),
    "aws": some(
        results=some(
            transcripts=lists(some(transcript=TEXTS)),
            items=ITEMS,
            speaker_labels=some(segments=lists(some(start_time=ODD, items=ITEMS))),
            channel_labels=some(channels=lists(some(channel_label=ODD, items=ITEMS))),
        )
    ),
    "rev": some(monologues=lists(some(speaker=ODD, elements=lists(ELEMENT)))),
    "google": some(results=lists(some(alternatives=GUESSES, channelTag=ODD))),
    "azure": some(
        recognizedPhrases=lists(some(nBest=lists(NOTATIONS), channel=ODD, offsetInTicks=ODD)),
        combinedRecognizedPhrases=lists(NOTATIONS),
    ),
    "speechmatics": some(
        results=lists(some(type=st.just("word"), start_time=ODD, alternatives=lists(SPOKEN)))
    ),
    "podcast-json": some(
        version=st.just("1.0.0"), segments=lists(some(body=TEXTS, startTime=ODD, speaker=ODD))
    ),
    "json": some(
        text=TEXTS,
        items=lists(
            some(content=TEXTS, begin=ODD, speaker=ODD, words=lists(WORD), alternatives=GUESSES)
        ),
        words=lists(TEXT_WORD),
    ),
    "youtube-json": some(
        events=lists(some(tStartMs=ODD, dDurationMs=ODD, segs=lists(some(utf8=TEXTS))))
    ),
}


@pytest.mark.parametrize("form", VENDORS)
@given(data=st.data())
def test_every_word_is_in_one_cue_or_left_out(form: str, data: st.DataObject) -> None:
    document = data.draw(DOCUMENTS[form])
    if form == "json" or RECOGNISED[form](parse_json(json.dumps(document))):
        with suppress(*[UnreadableSourceError] * (form == "json")):
            assert_conserved(form, document)


NAMES = st.sampled_from(
    ["results", "segments", "text", "words", "start", "alternatives", "channels", "events"]
)
ANYTHING = st.recursive(
    ODD | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@given(document=ANYTHING)
def test_no_json_at_all_ends_a_reader_otherwise_than_by_refusing(document: object) -> None:
    for form in VENDORS:
        try:
            read(form, document)
        except UnreadableSourceError:
            continue
