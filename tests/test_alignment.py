"""An edition aligned with its source: paragraphs, turns and chapters at their places."""

import pytest
from hypothesis import given

from build_tools.model.transcript import PlacedParagraph, Transcript
from build_tools.transcript.alignment import compile_transcript
from tests.generated import Generated, editions
from tests.test_laws import law
from tests.trees import compile_faithful, compile_text, read_edition, read_source


@law
@given(editions())
def test_paragraphs_stand_at_their_places_in_both_texts(made: Generated) -> None:
    transcript = compile_transcript(
        read_edition(made.edition),
        read_source(made.source, form=made.form, furniture=made.furniture),
    )
    for paragraph in transcript.paragraphs:
        heard = "".join(placed.span.heard for placed in paragraph.spans)
        said = "".join(placed.span.said for placed in paragraph.spans)
        assert transcript.said[paragraph.said_start : paragraph.said_end] == said
        assert transcript.heard.startswith(heard, paragraph.heard_start)
        assert _find_words(transcript, paragraph, len(heard)) == list(
            range(paragraph.first_word, paragraph.end_word)
        )


def _find_words(transcript: Transcript, paragraph: PlacedParagraph, length: int) -> list[int]:
    begin, end = paragraph.heard_start, paragraph.heard_start + length
    starts = enumerate(transcript.heard_words.starts)
    return [number for number, start in starts if begin <= start < end]


def test_a_turn_ends_where_a_speaker_is_named_or_a_chapter_begins() -> None:
    body = (
        "**Ann:** One two.\n\nThree.\n\n**Ann:** Four.\n\n## Two\n\nFive.\n\n**Bo:** Six.\n\nSeven."
    )
    transcript = compile_faithful(body)
    assert [
        (turn.speaker, turn.chapter, list(turn.paragraphs), turn.first_word, turn.end_word)
        for turn in transcript.turns
    ] == [
        ("Ann", 0, [0, 1], 0, 3),
        ("Ann", 0, [2], 3, 4),
        ("Ann", 1, [3], 4, 5),
        ("Bo", 1, [4, 5], 5, 7),
    ]


def test_a_mark_belongs_to_the_word_at_its_start_or_to_the_last_of_its_paragraph() -> None:
    body = (
        "One {~~two~>too~~}[^a] three {++so++}[^a].\n\n"
        "{++Well++}[^a] four.\n\n[^a]: name, record: So."
    )
    occurrences = compile_faithful(body).occurrences
    assert [(found.paragraph, found.word) for found in occurrences] == [(0, 1), (0, 2), (1, 3)]


@pytest.mark.parametrize(
    ("chapters", "expected"),
    [
        (["one two three four", "five six"], ["t0", "t9"]),
        (["one two", "three\n\nfour five six"], ["t0", "t0w3"]),
        (["one two", "three four", "five six"], ["t0", "chapter-2", "t9"]),
        (["one two three four five", "six"], ["t0", "chapter-2"]),
    ],
)
def test_a_chapter_has_its_first_cues_address(chapters: list[str], expected: list[str]) -> None:
    body = "\n\n".join(f"## Chapter\n\n{words}" for words in chapters)
    transcript = compile_text("00:00one two three four\n00:09five six", body, form="clock")
    assert list(transcript.chapter_ids) == expected
