"""Readers of JSON: each word of a file stands in one cue, or is told of as left out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_tools.sources.captions.youtube import is_youtube_json, read_youtube_json
from build_tools.sources.json.assemblyai import is_assemblyai, read_assemblyai
from build_tools.sources.json.aws import is_aws, read_aws
from build_tools.sources.json.azure import is_azure, read_azure
from build_tools.sources.json.deepgram import is_deepgram, read_deepgram
from build_tools.sources.json.document import parse_json
from build_tools.sources.json.google import is_google, read_google
from build_tools.sources.json.podcast import is_podcast_json, read_podcast_json
from build_tools.sources.json.rev import is_rev, read_rev
from build_tools.sources.json.speechmatics import is_speechmatics, read_speechmatics
from build_tools.sources.json.whisper import is_whisper, read_whisper
from build_tools.sources.json.whisper_cpp import is_whisper_cpp, read_whisper_cpp
from build_tools.sources.raw import RawSource, UnreadableSourceError
from build_tools.sources.readers import READERS
from build_tools.sources.source import parse_source
from build_tools.text.words import find_keys

RECOGNISED: dict[str, Callable[[object], bool]] = {
    "whisper": is_whisper,
    "whisper-cpp": is_whisper_cpp,
    "deepgram": is_deepgram,
    "assemblyai": is_assemblyai,
    "aws": is_aws,
    "rev": is_rev,
    "google": is_google,
    "azure": is_azure,
    "speechmatics": is_speechmatics,
    "podcast-json": is_podcast_json,
    "youtube-json": is_youtube_json,
}
# Where the formats that are read here have words.
SPEECH = frozenset(
    [
        "body",
        "content",
        "display",
        "itn",
        "lexical",
        "maskedITN",
        "punctuated_word",
        "text",
        "transcript",
        "utf8",
        "value",
        "word",
    ]
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
    """Every text of a document that stands where such files have words, or in a list."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from find_speech(member, key)
    elif isinstance(value, list):
        for member in value:
            yield from find_speech(member, name, listed=name != "models")
    elif isinstance(value, str) and (listed or name in SPEECH):
        yield value


def assert_conserved(form: str, document: object) -> None:
    """Cues and what is left out have the document's words between them, each as often as it."""
    source = read(form, document)
    told = [cue.text for cue in source.cues] + [left.text for left in source.left_out]
    assert Counter(key for text in told for key in find_keys(text)) == Counter(
        key for text in find_speech(document) for key in find_keys(text)
    )


# Whisper ----------------------------------------------------------------------------------------

WHISPER: dict[str, Any] = {
    "text": " Welcome back. Python 3 .8",
    "segments": [
        {
            "id": 0,
            "seek": 0,
            "start": 1.22,
            "end": 7.98,
            "text": " Welcome back.",
            "tokens": [50364, 4027],
            "temperature": 0.0,
            "words": [
                {"word": " Welcome", "start": 1.22, "end": 1.84, "probability": 0.78},
                {"word": " back.", "start": 1.84, "end": 1.84, "probability": 0.99},
            ],
        },
        {"id": 1, "start": 7.98, "end": 7.98, "text": ""},
        {"id": 2, "start": 8.005, "end": 9.1, "text": " Python 3 .8"},
    ],
    "language": "en",
}


def test_whisper_gives_a_cue_for_each_segment_as_it_is_written() -> None:
    source = read("whisper", WHISPER)
    assert cues_of(source) == [
        (1, 1220, 7980, "", "Welcome back."),
        (3, 8005, 9100, "", "Python 3 .8"),
    ]
    assert whys_of(source) == [
        ("Welcome back. Python 3 .8".join([" ", ""]), "the same words once more: “text”"),
        (" Welcome  back.", "some of the words once more: “segments[].words[].word”"),
    ]


def test_faster_whisper_is_a_list_of_segments() -> None:
    source = read(
        "whisper", [{"start": 0, "end": 2.5, "text": " Hi."}, {"start": 2.5, "text": "Bo"}]
    )
    assert cues_of(source) == [(1, 0, 2500, "", "Hi."), (2, 2500, None, "", "Bo")]


def test_whisperx_may_lack_any_of_a_words_fields_and_repeats_its_words() -> None:
    words = [{"word": "Hi"}, {"word": "there.", "start": 0.5, "end": 0.9, "speaker": "SPEAKER_01"}]
    document = {
        "segments": [
            {"start": 0.1, "end": 0.9, "text": " Hi there.", "speaker": "SPEAKER_00"},
            {"text": "In 1984.", "words": words},
        ],
        "word_segments": [{"word": "Hi"}, *words, {"word": "In"}, {"word": "1984."}],
        "language": "en",
    }
    source = read("whisper", document)
    assert cues_of(source) == [
        (1, 100, 900, "SPEAKER_00", "Hi there."),
        (2, 500, 900, "SPEAKER_01", "In 1984."),
    ]
    assert whys_of(source) == [
        ("Hi there.", "some of the words once more: “segments[].words[].word”"),
        ("Hi there. In 1984.", "the same words once more: “word_segments[].word”"),
        ("Hi", "other words than those taken for speech: “word_segments[].word”"),
    ]
    assert_conserved("whisper", document)


def test_word_segments_that_repeat_are_told_as_such() -> None:
    document = {
        "segments": [{"text": "Hi there."}],
        "word_segments": [{"word": "Hi"}, {"word": "there."}],
    }
    with pytest.raises(UnreadableSourceError):
        read("whisper", document)
    document["segments"][0]["speaker"] = "SPEAKER_00"
    assert whys_of(read("whisper", document)) == [
        ("Hi there.", "the same words once more: “word_segments[].word”")
    ]


def test_a_segment_without_a_text_has_its_words() -> None:
    words = [{"word": "Hi", "start": 1, "end": 2}, {"word": "there", "end": 3}]
    source = read("whisper", {"segments": [{"start": None, "words": words, "text": ""}]})
    assert cues_of(source) == [(1, 1000, 3000, "", "Hi there")]
    assert source.left_out == ()


def test_words_without_segments_are_written_as_the_text_writes_them() -> None:
    document = {
        "text": "“Hi,” she said. It’s 3 .8, over-the-top.",
        "words": [
            {"word": word, "start": number, "end": number + 0.5}
            for number, word in enumerate(
                ["Hi", "she", "said", "It’s", "3", "8", "over", "the", "top"]
            )
        ],
    }
    assert cues_of(read("whisper", document)) == [
        (1, 0, 2500, "", "“Hi,” she said."),
        (2, 3000, 8500, "", "It’s 3 .8, over-the-top."),
    ]


def test_text_alone_has_no_times() -> None:
    assert cues_of(read("whisper", {"text": "Hi there. Bo."})) == [
        (1, None, None, "", "Hi there."),
        (2, None, None, "", "Bo."),
    ]


def test_chunks_have_both_times_in_a_pair() -> None:
    document = {
        "text": " Hi. Bo",
        "chunks": [
            {"timestamp": [0.0, 4.2], "text": " Hi."},
            {"timestamp": [4.2, None], "text": " Bo"},
        ],
    }
    assert cues_of(read("whisper", document)) == [
        (1, 0, 4200, "", "Hi."),
        (2, 4200, None, "", "Bo"),
    ]


# whisper.cpp ------------------------------------------------------------------------------------


def test_whisper_cpp_leaves_pieces_of_words_out() -> None:
    document = {
        "systeminfo": "AVX = 1 | NEON = 0",
        "model": {"type": "base"},
        "transcription": [
            {
                "timestamps": {"from": "00:00:00,000", "to": "00:00:06,000"},
                "offsets": {"from": 0, "to": 6000},
                "text": " Mechanistic interpretability.",
                "tokens": [
                    {"text": "[_BEG_]", "id": 50363},
                    {"text": " Mech", "offsets": {"from": 0, "to": 100}, "t_dtw": -1},
                    {"text": "anistic"},
                    {"text": " interpret"},
                    {"text": "ability"},
                    {"text": "."},
                ],
            },
            {
                "timestamps": {"from": "00:01:06,250", "to": "01:00:00.5"},
                "text": "",
                "speaker": "?",
            },
            {
                "timestamps": {"from": "00:01:06,250", "to": "01:00:00.5"},
                "text": "Bo",
                "speaker": "0",
            },
        ],
    }
    source = read("whisper-cpp", document)
    assert cues_of(source) == [
        (1, 0, 6000, "", "Mechanistic interpretability."),
        (3, 66250, 3_600_500, "Speaker 0", "Bo"),
    ]
    assert whys_of(source) == [
        (
            " Mechanistic interpretability",
            "some of the words once more: “transcription[].tokens[].text”",
        )
    ]


# Deepgram ---------------------------------------------------------------------------------------


def deepgram(*channels: list[tuple[str, float, int | None]]) -> dict[str, Any]:
    """A document of words with start and speaker, a list for each channel."""
    return {
        "metadata": {"request_id": "a-b", "models": ["c-d"]},
        "results": {
            "channels": [
                {
                    "alternatives": [
                        {
                            "transcript": " ".join(text for text, _, _ in words),
                            "words": [
                                {
                                    "word": text.strip(".,?").lower(),
                                    "start": start,
                                    "end": start + 0.25,
                                    "punctuated_word": text,
                                    **({} if speaker is None else {"speaker": speaker}),
                                }
                                for text, start, speaker in words
                            ],
                        }
                    ]
                }
                for words in channels
            ]
        },
    }


def test_deepgram_words_are_taken_once() -> None:
    document = deepgram([("Hello,", 0.08, 0), ("Ann.", 0.5, 0), ("Yes?", 0.75, 1), ("No", 2.0, 1)])
    alternative = document["results"]["channels"][0]["alternatives"][0]
    alternative["paragraphs"] = {
        "transcript": "\nSpeaker 0: Hello, Ann.\n\nSpeaker 1: Yes? No",
        "paragraphs": [{"sentences": [{"text": "Hello, Ann.", "start": 0.08, "end": 0.75}]}],
    }
    document["results"]["utterances"] = [{"transcript": "Hello, Ann. Yes? No", "speaker": 0}]
    source = read("deepgram", document)
    assert cues_of(source) == [
        (1, 80, 750, "Speaker 0", "Hello, Ann."),
        (2, 750, 1000, "Speaker 1", "Yes?"),
        (3, 2000, 2250, "Speaker 1", "No"),
    ]
    assert [left.why.partition(":")[0] for left in source.left_out] == [
        "the same words once more",
        "the same words once more",
        "the same words once more",
        "other words than those taken for speech",
        "some of the words once more",
        "the same words once more",
    ]
    assert_conserved("deepgram", document)


def test_deepgram_channels_are_one_conversation() -> None:
    document = deepgram(
        [("Hello.", 0.0, None), ("Fine.", 4.0, None)], [("Hi.", 2.0, None), ("Bye.", 6.0, None)]
    )
    assert [
        (cue.line, cue.start, cue.speaker, cue.text) for cue in read("deepgram", document).cues
    ] == [
        (1, 0, "Channel 0", "Hello."),
        (2, 2000, "Channel 1", "Hi."),
        (3, 4000, "Channel 0", "Fine."),
        (4, 6000, "Channel 1", "Bye."),
    ]


def test_a_channel_that_only_repeats_is_left_out() -> None:
    document = deepgram([("Hello.", 0.0, None)], [("Hello.", 0.0, None)])
    source = read("deepgram", document)
    assert [cue.text for cue in source.cues] == ["Hello."]
    assert ("Hello.", "Channel 1 says the same as another channel") in whys_of(source)
    assert_conserved("deepgram", document)


def test_deepgram_without_words_has_its_sentences_or_its_transcript() -> None:
    sentences = [{"text": "Hi Ann.", "start": 0.5, "end": 1}, {"text": "So.", "start": 1, "end": 2}]
    alternative: dict[str, Any] = {
        "transcript": "Hi Ann. So.",
        "paragraphs": {"paragraphs": [{"speaker": 1, "sentences": sentences}]},
    }
    document = {"results": {"channels": [{"alternatives": [alternative]}]}}
    assert cues_of(read("deepgram", document)) == [
        (1, 500, 1000, "Speaker 1", "Hi Ann."),
        (2, 1000, 2000, "Speaker 1", "So."),
    ]
    del alternative["paragraphs"]
    assert [cue.text for cue in read("deepgram", document).cues] == ["Hi Ann.", "So."]


def test_deepgram_with_utterances_alone() -> None:
    document = {
        "results": {"channels": [], "utterances": [{"start": 1, "end": 2, "transcript": "Hi."}]}
    }
    assert cues_of(read("deepgram", document)) == [(1, 1000, 2000, "", "Hi.")]


# AssemblyAI -------------------------------------------------------------------------------------


def test_assemblyai_counts_milliseconds() -> None:
    words = [
        {"text": "Smoke", "start": 1437, "end": 1597, "speaker": "A"},
        {"text": "rises.", "start": 1597, "end": 2000, "speaker": "A"},
        {"text": "Yes.", "start": 2100, "end": 2200, "speaker": "B"},
    ]
    document: dict[str, Any] = {
        "id": "x",
        "status": "completed",
        "audio_duration": 281,
        "text": "Smoke rises. Yes.",
        "words": words,
        "utterances": None,
    }
    expected = [(1, 1437, 2000, "A", "Smoke rises."), (2, 2100, 2200, "B", "Yes.")]
    assert cues_of(read("assemblyai", document)) == expected
    document["utterances"] = [
        {"text": "Smoke rises.", "start": 1437, "end": 2000, "speaker": "A", "words": words[:2]},
        {"text": "Yes.", "start": 2100, "end": 2200, "speaker": "B", "words": words[2:]},
    ]
    assert_conserved("assemblyai", document)
    del document["words"]
    assert cues_of(read("assemblyai", document)) == expected
    del document["utterances"]
    assert [cue[3:] for cue in cues_of(read("assemblyai", document))] == [
        ("", "Smoke rises."),
        ("", "Yes."),
    ]


def test_assemblyai_takes_what_says_more() -> None:
    document = {"audio_url": "x", "text": "One two three", "words": [{"text": "One", "start": 5}]}
    source = read("assemblyai", document)
    assert [cue.text for cue in source.cues] == ["One two three"]
    assert whys_of(source) == [("One", "some of the words once more: “words[].text”")]


# Amazon Transcribe ------------------------------------------------------------------------------


def aws_item(content: str, start: str = "", end: str = "", **more: object) -> dict[str, object]:
    times = {"start_time": start, "end_time": end} if start else {}
    kind = "pronunciation" if start else "punctuation"
    return {
        **times,
        "type": kind,
        "alternatives": [{"content": content, "confidence": "0.9"}],
        **more,
    }


def aws(*items: dict[str, object], transcript: str = "", **more: object) -> dict[str, Any]:
    return {"results": {"transcripts": [{"transcript": transcript}], "items": list(items), **more}}


def test_aws_numbers_are_strings_and_punctuation_has_no_time() -> None:
    document = aws(
        aws_item("Hola", "0.94", "1.51"),
        aws_item("."),
        aws_item("¿"),
        aws_item("Qué", "1.6", "1.8"),
        aws_item("?"),
        transcript="Hola. ¿Qué?",
    )
    assert cues_of(read("aws", document)) == [
        (1, 940, 1510, "", "Hola."),
        (2, 1600, 1800, "", "¿Qué?"),
    ]
    document["results"]["transcripts"] = []
    assert [cue.text for cue in read("aws", document).cues] == ["Hola.¿ Qué?"]


def test_aws_speakers_are_found_by_time() -> None:
    labels = {
        "speakers": 1,
        "segments": [
            {
                "start_time": "0.0",
                "end_time": "1.0",
                "speaker_label": "spk_0",
                "items": [{"start_time": "0.1", "end_time": "0.4", "speaker_label": "spk_0"}],
            },
            {"start_time": "1.0", "end_time": "3.0", "speaker_label": "spk_1"},
        ],
    }
    items = (
        aws_item("One", "0.1", "0.4"),
        aws_item(","),
        aws_item("two", "1.2", "1.4"),
        aws_item("three", "1.5", "1.6", speaker_label="spk_2"),
        aws_item("four", "9.5", "9.6"),
    )
    assert [
        (cue.speaker, cue.text) for cue in read("aws", aws(*items, speaker_labels=labels)).cues
    ] == [("spk_0", "One,"), ("spk_1", "two"), ("spk_2", "three"), ("", "four")]


def test_aws_channels_are_one_conversation() -> None:
    first, second = [aws_item("One", "0.1", "0.4")], [aws_item("two", "0.2", "0.4")]
    channels = [
        {"channel_label": "ch_0", "items": first},
        {"channel_label": "ch_1", "items": second},
    ]
    document = aws(*first, *second, transcript="One two", channel_labels={"channels": channels})
    source = read("aws", document)
    assert [(cue.speaker, cue.text) for cue in source.cues] == [("ch_0", "One"), ("ch_1", "two")]
    assert_conserved("aws", document)


def test_aws_guesses_beyond_the_first_are_told_as_such() -> None:
    item = aws_item("Olah", "0.1", "0.4")
    item["alternatives"] = [{"content": "Olah"}, {"content": "Ola"}]
    source = read("aws", aws(item, transcript="Olah"))
    assert [cue.text for cue in source.cues] == ["Olah"]
    assert whys_of(source) == [
        ("Olah", "the same words once more: “results.transcripts[].transcript”"),
        ("Ola", "another guess at what was said: “results.items[].alternatives[2…].content”"),
    ]


# Rev.ai -----------------------------------------------------------------------------------------


def rev_elements(text: str) -> list[dict[str, object]]:
    """Elements of a text written with a bar between them, a tenth of a second a word."""
    return [
        {"type": "text", "value": piece, "ts": number / 10, "end_ts": number / 10 + 0.1}
        if find_keys(piece)
        else {"type": "punct", "value": piece}
        for number, piece in enumerate(text.split("|"))
    ]


def test_rev_elements_are_glued_as_they_stand() -> None:
    document = {
        "monologues": [
            {"speaker": 0, "elements": rev_elements("Python| |3|.|8|, |over|-|the|-|top|.| |So")},
            {
                "speaker": 1,
                "speaker_info": {"id": "1", "display_name": "Ann Lee"},
                "elements": rev_elements("Yes|."),
            },
        ]
    }
    source = read("rev", document)
    assert cues_of(source) == [
        (1, 0, 1100, "Speaker 0", "Python 3.8, over-the-top."),
        (2, 1300, 1400, "Speaker 0", "So"),
        (3, 0, 100, "Ann Lee", "Yes."),
    ]
    assert source.left_out == ()


def test_rev_elements_without_blanks_are_words_all_the_same() -> None:
    (cue,) = read("rev", {"monologues": [{"elements": rev_elements("Python|is|here|.")}]}).cues
    assert cue.text == "Python is here."


# Google -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "milliseconds"),
    [
        ("12.900s", 12900),
        ({"seconds": "12", "nanos": 900000000}, 12900),
        ({"seconds": 12}, 12000),
        ({"nanos": 900000000}, 900),
        ({"seconds": {"low": 12, "high": 0, "unsigned": False}, "nanos": 0}, 12000),
        ({}, None),
        (None, None),
        ("-1s", None),
    ],
)
def test_google_times_have_many_shapes(start: object, milliseconds: int | None) -> None:
    words = [{"startTime": start, "word": "Hi"}]
    document = {"results": [{"alternatives": [{"transcript": "Hi.", "words": words}]}]}
    (cue,) = read("google", document).cues
    assert (cue.start, cue.text) == (milliseconds, "Hi.")


def google_result(transcript: str, start: float, tag: int = 0) -> dict[str, Any]:
    words = [
        {"word": word, "startOffset": f"{start}s", "endOffset": f"{start}s", "speakerTag": tag}
        for word in transcript.split()
    ]
    return {"alternatives": [{"transcript": transcript, "words": words}]}


def test_google_results_follow_one_another_and_other_guesses_are_left_out() -> None:
    document = {"response": {"results": [google_result("Hi there.", 1), google_result("Bo.", 2)]}}
    document["response"]["results"][0]["alternatives"].append({"transcript": "High there."})
    source = read("google", document)
    assert cues_of(source) == [(1, 1000, 1000, "", "Hi there."), (2, 2000, 2000, "", "Bo.")]
    assert (
        "High there.",
        "another guess at what was said: “response.results[].alternatives[2…].transcript”",
    ) in whys_of(source)
    assert_conserved("google", document)


def test_google_tells_speakers_apart_in_the_last_result_for_all() -> None:
    first, second = google_result("Hi there.", 1), google_result("Yes.", 3)
    last = {
        "alternatives": [
            {
                "words": [
                    *google_result("Hi there.", 1, 1)["alternatives"][0]["words"],
                    *google_result("Yes.", 3, 2)["alternatives"][0]["words"],
                ]
            }
        ]
    }
    document = {"results": [first, second, last]}
    assert cues_of(read("google", document)) == [
        (1, 1000, 1000, "Speaker 1", "Hi there."),
        (2, 3000, 3000, "Speaker 2", "Yes."),
    ]
    assert_conserved("google", document)


def test_google_without_words_has_its_transcripts() -> None:
    document = {"results": [{"alternatives": [{"transcript": "Hi there."}]}]}
    assert cues_of(read("google", document)) == [(1, None, None, "", "Hi there.")]


def test_google_channels_are_one_conversation() -> None:
    results = [
        {**google_result("Hi.", 1), "channelTag": 1},
        {**google_result("Bye.", 5), "channelTag": 1},
        {**google_result("Well.", 3), "channelTag": 2},
    ]
    assert [(cue.speaker, cue.text) for cue in read("google", {"results": results}).cues] == [
        ("Channel 1", "Hi."),
        ("Channel 2", "Well."),
        ("Channel 1", "Bye."),
    ]


# Azure ------------------------------------------------------------------------------------------


def test_azure_counts_ticks_and_writes_each_phrase_four_times() -> None:
    guess = {
        "lexical": "twenty five people",
        "itn": "25 people",
        "maskedITN": "25 people",
        "display": "25 people.",
    }
    phrases = [
        {
            "offsetInTicks": 700000.0,
            "durationInTicks": 15900000.0,
            "speaker": 1,
            "nBest": [guess, {"display": "20 people."}],
        },
        {"offset": "PT1M1.5S", "duration": "PT0.5S", "nBest": [{"display": "Yes."}]},
        {"recognitionStatus": "Failure"},
    ]
    document = {
        "recognizedPhrases": phrases,
        "combinedRecognizedPhrases": [{"display": "25 people. Yes."}],
    }
    source = read("azure", document)
    assert cues_of(source) == [
        (1, 70, 1660, "Speaker 1", "25 people."),
        (2, 61500, 62000, "", "Yes."),
    ]
    assert_conserved("azure", document)


def test_azure_fast_transcription_counts_milliseconds() -> None:
    phrase = {"offsetMilliseconds": 40, "durationMilliseconds": 960, "text": "Hi."}
    document = {"combinedPhrases": [{"text": "Hi."}], "phrases": [phrase]}
    assert cues_of(read("azure", document)) == [(1, 40, 1000, "", "Hi.")]


# Speechmatics -----------------------------------------------------------------------------------


def test_speechmatics_words_of_both_versions() -> None:
    results: list[dict[str, Any]] = [
        {
            "type": kind,
            "start_time": start,
            "end_time": end,
            "alternatives": [{"content": text, "speaker": who}],
        }
        for kind, text, start, end, who in [
            ("word", "Hi", 0.1, 0.5, "S1"),
            ("punctuation", ".", 0.5, 0.5, "S1"),
            ("word", "Yes", 0.6, 0.9, "S2"),
        ]
    ]
    results[0]["alternatives"].append({"content": "High"})
    source = read("speechmatics", {"format": "2.9", "results": results})
    assert cues_of(source) == [(1, 100, 500, "S1", "Hi."), (2, 600, 900, "S2", "Yes")]
    assert whys_of(source) == [
        ("High", "another guess at what was said: “results[].alternatives[2…].content”")
    ]
    document = {
        "job": {"lang": "en"},
        "speakers": [
            {"duration": "1.00", "name": "F4", "time": "13.00"},
            {"name": "M1", "time": "14.00"},
        ],
        "words": [
            {"duration": "0.18", "name": "There", "time": "13.05"},
            {"duration": "0.00", "name": ".", "time": "13.23"},
            {"duration": "0.20", "name": "So", "time": "14.00"},
            {"name": "early", "time": "1.00"},
        ],
    }
    assert cues_of(read("speechmatics", document)) == [
        (1, 13050, 13230, "F4", "There."),
        (2, 14000, 14200, "M1", "So"),
        (3, 1000, None, "", "early"),
    ]


# The Podcast Namespace --------------------------------------------------------------------------


def test_podcast_segments_are_cues() -> None:
    segments = [
        {"speaker": "Ann Lee", "startTime": 0.5, "endTime": 2, "body": "I am\nhere.\n"},
        {"startTime": 2, "body": "So is Bo."},
    ]
    source = read("podcast-json", {"version": "1.0.0", "segments": segments})
    assert cues_of(source) == [
        (1, 500, 2000, "Ann Lee", "I am here."),
        (2, 2000, None, "", "So is Bo."),
    ]


def test_podcast_segments_of_one_word_become_sentences() -> None:
    segments = [
        {"speaker": "Ann", "startTime": number / 2, "endTime": number / 2 + 0.5, "body": body}
        for number, body in enumerate(["I", "am", "here", ".", "", "So", "is Bo\n"])
    ]
    source = read("podcast-json", {"version": "1.0.0", "segments": segments})
    assert cues_of(source) == [
        (1, 0, 1500, "Ann", "I am here."),
        (2, 2500, 3500, "Ann", "So is Bo"),
    ]


# YouTube ----------------------------------------------------------------------------------------


def test_youtube_segments_are_glued_as_they_stand() -> None:
    events = [
        {"tStartMs": 0, "dDurationMs": 9000, "id": 1, "wpWinPosId": 1},
        {
            "tStartMs": 80,
            "dDurationMs": 4000,
            "segs": [{"utf8": "it's"}, {"utf8": " so", "tOffsetMs": 200}],
        },
        {"tStartMs": 4000, "dDurationMs": 80, "aAppend": 1, "segs": [{"utf8": "\n"}]},
        {"tStartMs": 2080, "dDurationMs": 4000, "segs": [{"utf8": "over"}, {"utf8": "there"}]},
    ]
    source = read("youtube-json", {"wireMagic": "pb3", "events": events})
    assert cues_of(source) == [(2, 80, 4080, "", "it's so"), (4, 2080, 6080, "", "overthere")]


# Every format -----------------------------------------------------------------------------------

SAMPLES: dict[str, object] = {
    "whisper": WHISPER,
    "whisper-cpp": {"transcription": [{"text": "Hi", "offsets": {"from": 0, "to": 5}}]},
    "deepgram": deepgram([("Hi", 0.0, 0)]),
    "assemblyai": {"audio_duration": 1, "text": "Hi", "words": [{"text": "Hi", "start": 0}]},
    "aws": aws(aws_item("Hi", "0.0", "0.1"), transcript="Hi"),
    "rev": {"monologues": [{"speaker": 0, "elements": rev_elements("Hi")}]},
    "google": {"results": [google_result("Hi", 1)]},
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
        {"results": [{"alternatives": [{"transcript": "Hi", "timestamps": [["Hi", 0, 1]]}]}]},
    ],
)
@pytest.mark.parametrize("form", RECOGNISED)
def test_other_json_is_refused(form: str, value: object) -> None:
    assert not RECOGNISED[form](parse_json(json.dumps(value)))
    with pytest.raises(UnreadableSourceError, match=r"this is not what .* is missing"):
        read(form, value)


@pytest.mark.parametrize("form", RECOGNISED)
def test_a_file_without_words_has_no_cues(form: str) -> None:
    empty = json.loads(json.dumps(SAMPLES[form]), object_hook=_silence)
    assert read(form, empty) == RawSource(())


def _silence(members: dict[str, Any]) -> dict[str, Any]:
    return {
        key: "" if key in SPEECH and isinstance(text, str) else text
        for key, text in members.items()
    }


@pytest.mark.parametrize("form", RECOGNISED)
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
def test_what_is_no_json_has_its_place(form: str, content: str, line: int, what: str) -> None:
    with pytest.raises(UnreadableSourceError, match=what) as error:
        READERS[form].read(content)
    assert error.value.line == line
    assert error.value.remedy


def test_half_a_character_is_marked() -> None:
    (cue,) = read_whisper(r'[{"start": 0, "text": "a\ud800b \ud83d\ude00"}]').cues
    assert cue.text == "a\ufffdb 😀"
    cue.text.encode()


def test_a_number_without_quotation_marks_is_a_word() -> None:
    (cue,) = read_whisper('[{"start": 0, "text": 1984}]').cues
    assert cue.text == "1984"


@pytest.mark.parametrize(
    "time",
    ["NaN", "Infinity", "-1", "1e999999999", "1e" + "9" * 30, "true", "[]", "9" * 5000, '"soon"'],
)
def test_what_is_no_time_is_none(time: str) -> None:
    (cue,) = read_whisper(f'[{{"start": {time}, "text": "Hi"}}]').cues
    assert (cue.start, cue.text) == (None, "Hi")


def test_words_in_unknown_places_are_told() -> None:
    document = {**WHISPER, "summary": "They meet.", "notes": ["Good"], "state": "done"}
    assert [left[1] for left in whys_of(read("whisper", document))[2:]] == [
        "other words than those taken for speech: “summary”",
        "other words than those taken for speech: “notes[]”",
    ]


def test_times_that_run_backwards_stay_and_are_told() -> None:
    data = b'[{"start": 9, "end": 8, "text": "One"}, {"start": 5, "text": "two"}]'
    source, (problem,) = parse_source("docs/sources/talk.json", data, "whisper", frozenset())
    assert [(cue.start, cue.end, cue.address) for cue in source.cues] == [
        (9000, 8000, "t9"),
        (5000, None, "t5"),
    ]
    assert (problem.place.line, problem.warning) == (1, True)
    assert problem.what == "time runs backwards in piece 2: from 00:09 to 00:05"


# Documents with anything in them ----------------------------------------------------------------

WORDS = st.sampled_from(
    [
        "well",
        "it's",
        "Olah",
        "thinks",
        "we",
        "can't",
        "4.5",
        "10,000",
        "R&D",
        "日本",
        "naïve",
        "50%",
    ]
)
TEXTS = st.one_of(
    st.just(""),
    st.sampled_from(["...", " ", "\n", "—"]),
    st.lists(WORDS, min_size=1, max_size=4).map(lambda words: " " + " ".join(words) + "."),
)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.integers(),
    st.sampled_from(["", "1.5", "x"]),
    st.just([]),
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
            channels=lists(
                some(
                    alternatives=lists(
                        some(
                            transcript=TEXTS,
                            words=lists(WORD),
                            paragraphs=some(
                                paragraphs=lists(
                                    some(speaker=ODD, sentences=lists(some(text=TEXTS)))
                                )
                            ),
                        )
                    )
                )
            ),
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
    "rev": some(
        monologues=lists(
            some(
                speaker=ODD,
                elements=lists(some(value=WORDS.map(" {} ".format), ts=ODD, end_ts=ODD)),
            )
        )
    ),
    "google": some(results=lists(some(alternatives=GUESSES, channelTag=ODD))),
    "azure": some(
        recognizedPhrases=lists(some(nBest=lists(NOTATIONS), channel=ODD, offsetInTicks=ODD)),
        combinedRecognizedPhrases=lists(NOTATIONS),
    ),
    "speechmatics": some(
        results=lists(
            some(
                type=st.just("word"),
                start_time=ODD,
                alternatives=lists(some(content=WORDS, speaker=ODD)),
            )
        )
    ),
    "podcast-json": some(
        version=st.just("1.0.0"), segments=lists(some(body=TEXTS, startTime=ODD, speaker=ODD))
    ),
    "youtube-json": some(
        events=lists(some(tStartMs=ODD, dDurationMs=ODD, segs=lists(some(utf8=TEXTS))))
    ),
}


@pytest.mark.parametrize("form", RECOGNISED)
@given(data=st.data())
def test_every_word_is_in_one_cue_or_left_out(form: str, data: st.DataObject) -> None:
    document = data.draw(DOCUMENTS[form])
    if RECOGNISED[form](parse_json(json.dumps(document))):
        assert_conserved(form, document)


NAMES = st.sampled_from(
    ["results", "segments", "text", "words", "start", "alternatives", "channels", "events"]
)
ANYTHING = st.recursive(
    ODD | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "results",
                    "segments",
                    "text",
                    "words",
                    "start",
                    "alternatives",
                    "channels",
                    "events",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(document=ANYTHING)
def test_no_json_at_all_ends_a_reader_otherwise_than_by_refusing(document: object) -> None:
    for form in RECOGNISED:
        try:
            read(form, document)
        except UnreadableSourceError:
            continue


def test_readers_are_those_of_the_table() -> None:
    readers = (
        *(read_whisper, read_whisper_cpp, read_deepgram, read_assemblyai, read_aws, read_rev),
        *(read_google, read_azure, read_speechmatics, read_podcast_json, read_youtube_json),
    )
    assert tuple(READERS[form].read for form in RECOGNISED) == readers
