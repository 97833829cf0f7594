"""Excessive input is refused with a remedy, and work grows linearly with a file's length."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from build_tools.authoring.import_ import intake
from build_tools.authoring.import_.intake import Request, plan_intake
from build_tools.model.text import Problem, ProblemsFoundError, Text
from build_tools.reading import critic, front_matter, theme
from build_tools.reading.edition import parse_edition
from build_tools.reading.theme import parse_theme
from build_tools.sources import labels, readers
from build_tools.sources.labels import find_labels
from build_tools.sources.pasted import dialogue
from build_tools.sources.readers import recognise_formats
from build_tools.sources.source import parse_source
from build_tools.text import differences, words
from build_tools.text.differences import find_differences
from build_tools.text.words import find_keys, find_words
from build_tools.transcript.mentions import compile_matcher, find_mentions
from tests.trees import compile_faithful, edition_file, entry_file, read_entry, theme_file

PATH = "docs/sources/talk.txt"


def problems_of_import(content: str) -> list[str]:
    request = Request("talk.txt", content.encode(), date="2024-05-22")
    with pytest.raises(ProblemsFoundError) as raised:
        plan_intake(request)
    return [str(problem) for problem in raised.value.problems]


def problems_of_source(content: str) -> tuple[Problem, ...]:
    source, problems = parse_source(PATH, content.encode(), "plain", frozenset())
    assert not source.cues
    return problems


def test_a_source_has_so_many_lines_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_MOST_CUES", 3)
    assert parse_source(PATH, b"a\n\nb\n\nc\n", "plain", frozenset()).problems == ()
    (problem,) = problems_of_source("a\nb\nc\n\nd\n")
    assert problem.what == "the source has 4 lines of speech, and 3 fit"
    assert problem.remedy == "give each talk a file of its own"
    assert "the source has 4 lines of speech, and 3 fit" in problems_of_import("a\nb\nc\nd\n")[0]


def test_a_source_has_so_many_words_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_MOST_WORDS", 3)
    assert parse_source(PATH, b"one two three", "plain", frozenset()).problems == ()
    (problem,) = problems_of_source("a b c d")
    assert problem.what == "the source has 4 words, and 3 fit"
    assert "the source has 4 words, and 3 fit" in problems_of_import("a b c d")[0]


def test_a_head_has_so_many_characters_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    text = Text("talk.md", edition_file("a\n"))
    length = text.content.index("\n---\n") + len("\n---")
    monkeypatch.setattr(front_matter, "LONGEST_HEAD", length)
    assert parse_edition("talk", text).problems == ()
    monkeypatch.setattr(front_matter, "LONGEST_HEAD", length - 1)
    parsed = parse_edition("talk", text)
    assert parsed.value.title == "?"
    assert [problem.what for problem in parsed.problems] == [
        f"the front matter has {length} characters, and {length - 1} fit"
    ]


def test_an_import_whose_head_would_be_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = "".join(f"Ann {letter}: so it is\n" for letter in "ABCDEFGH")
    monkeypatch.setattr(intake, "LONGEST_HEAD", 150)
    (problem,) = problems_of_import(talk)
    assert "so many speakers" in str(problem)
    assert "--format plain takes nothing for a name" in problem


def test_problems_of_one_paragraph_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(critic, "_MOST_REPORTED", 3)
    text = Text("talk.md", edition_file("a {++ " * 5 + "\n\n" + "a {++ " * 5))
    assert len(parse_edition("talk", text).problems) == 6


def test_problems_of_a_page_full_of_mistakes_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "_MOST_REPORTED", 3)
    text = Text("then.md", theme_file("Then", "{ a }\n" * 5))
    assert len(parse_theme("then", text).problems) == 3


def count_calls(
    monkeypatch: pytest.MonkeyPatch, module: object, name: str, function: Callable[..., object]
) -> list[str]:
    """The first arguments of later calls of a function."""
    called: list[str] = []

    def record(text: str, *rest: object) -> object:
        called.append(text)
        return function(text, *rest)

    monkeypatch.setattr(module, name, record)
    return called


def test_a_label_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    called = count_calls(monkeypatch, labels, "looks_like_name", labels.looks_like_name)
    assert find_labels(["Ann: a", "Bo: b", "c"] * 50) == {"Ann", "Bo"}
    assert called == ["Ann", "Bo"]


def test_lines_of_a_document_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    called = count_calls(monkeypatch, dialogue, "_find_shapes", dialogue._find_shapes)
    assert recognise_formats("t", '[\n{"text": "so",\n"start": 1}]')[0] == "whisper"
    assert called == []


def test_a_word_is_folded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    called = count_calls(monkeypatch, words, "word_key", words.word_key)
    assert find_keys("語İ " * 50) == ("語", "İ") * 50
    assert find_words("語İ " * 50).keys == ("語", "İ") * 50
    assert sorted(called) == ["İ", "İ", "語", "語"]


KEYS = st.lists(st.sampled_from("abcd"), max_size=60)


def change(heard: Sequence[str], source: Sequence[str]) -> list[str]:
    """The words heard with every difference replaced by what the source has there."""
    changed: list[str] = []
    position = 0
    for first, end, source_first, source_end in find_differences(heard, source):
        changed += [*heard[position:first], *source[source_first:source_end]]
        position = end
    return [*changed, *heard[position:]]


@given(heard=KEYS, source=KEYS)
@pytest.mark.parametrize("stretch", [1, 4, 16])
def test_long_texts_have_all_differences(stretch: int, heard: list[str], source: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(differences, "_LONGEST", 10)
        patch.setattr(differences, "_STRETCH", stretch)
        assert change(heard, source) == source


def test_a_few_changes_of_a_long_text_are_all_found(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = [f"w{number * number % 997}" for number in range(3000)]
    source = [*heard[:700], "new", *heard[700:1500], *heard[1510:2400], "other", *heard[2401:]]
    whole = find_differences(heard, source)
    monkeypatch.setattr(differences, "_LONGEST", 1000)
    monkeypatch.setattr(differences, "_STRETCH", 200)
    assert find_differences(heard, source) == whole
    assert len(whole) == 3


def test_aligning_long_texts_costs_their_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs: list[int] = []
    opcodes = Levenshtein.opcodes

    def record(heard: Sequence[str], source: Sequence[str]) -> object:
        pairs.append(len(heard) * len(source))
        return opcodes(heard, source)

    monkeypatch.setattr(differences, "_LONGEST", 100)
    monkeypatch.setattr(differences, "_STRETCH", 40)
    monkeypatch.setattr(Levenshtein, "opcodes", record)
    find_differences([f"a{number}" for number in range(4000)], ["b", "c"] * 2000)
    assert sum(pairs) <= 4 * 4000 * 40


def test_each_mention_of_a_paragraph_full_of_marks_has_its_word() -> None:
    transcript = compile_faithful(
        "**Ann:** " + "*Olah* {~~Ola~>Olah~~}[^a] " * 50 + "\n\n[^a]: name, record: a"
    )
    matcher = compile_matcher([read_entry(entry_file("Olah"), slug="olah")])
    mentions = find_mentions(transcript, matcher)
    assert [mention.word for mention in mentions] == list(range(100))


@pytest.mark.parametrize(
    ("form", "longest", "problem"),
    [
        ("So it is.[^{}]", 100, "a footnote's label is one word in closed brackets"),
        ("So [it]({}) is.", 2000, "-"),
    ],
)
def test_a_label_and_a_target_have_a_greatest_length(form: str, longest: int, problem: str) -> None:
    for length, found in ((longest, False), (longest + 1, True)):
        content = form.format("a" * length)
        spans, problems = critic.parse_spans(Text("talk.md", content), 0, len(content))
        assert any(one.what.startswith(problem) for one in problems) is (found and "[^" in form)
        assert any(span.notes or span.target for span in spans) is not found
