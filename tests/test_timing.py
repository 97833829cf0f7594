"""Corrected words in the source's cues: every word once, in order, in time, in rows that fit."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given

from build_tools.checks.corpus import parse_corpus
from build_tools.model.transcript import Caption, Mention, Transcript
from build_tools.reading.tree import read_tree
from build_tools.sources.cue_times import has_times
from build_tools.text.words import find_keys, is_unspaced
from build_tools.transcript.mentions import compile_matcher, find_mentions
from build_tools.transcript.timing import WIDEST, make_captions, measure, time_chapters
from tests.generated import Generated, editions
from tests.pages import ROOT
from tests.test_laws import law
from tests.trees import compile_text, edition_file, entry_file, tree

TWO = "00:01We met Chris\n00:05Ola in Paris.\n00:09Then we left.\n"


def shown(source: str, body: str, form: str = "clock") -> list[tuple[int, int, str]]:
    """The captions of a transcript: seconds, and the rows parted by a stroke."""
    return [
        (caption.start, caption.end, " | ".join(row.text for row in caption.rows))
        for caption in make_captions(compile_text(source, body, form=form))
    ]


def words_of(captions: tuple[Caption, ...]) -> tuple[str, ...]:
    return find_keys("\n".join(row.text for caption in captions for row in caption.rows))


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        (
            "**Ann:** We met Chris {~~Ola~>Olah~~}[^a] in Paris. Then we left.",
            ["We met Chris", "Olah in Paris.", "Then we left."],
        ),
        (
            "**Ann:** We met {~~Chris Ola~>Chris Olah, the man~~}[^a] in Paris. Then we left.",
            ["We met Chris Olah, the man", "in Paris.", "Then we left."],
        ),
        (
            "**Ann:** We met {~~Chris Ola in Paris~>him in Nice~~}[^a]. Then we left.",
            ["We met him", "in Nice.", "Then we left."],
        ),
        (
            "**Ann:** We met Chris {~~Ola in Paris. Then we left~>there~~}[^a].",
            ["We met Chris", "there."],
        ),
        (
            "**Ann:** We met Chris{-- Ola in Paris--}[^a]. Then we left.",
            ["We met Chris.", "Then we left."],
        ),
        (
            "**Ann:** We met Chris {++today++}[^a] Ola in Paris. Then we left.",
            ["We met Chris today", "Ola in Paris.", "Then we left."],
        ),
        (
            "**Ann:** We met Chris Ola in Paris.\n\n**Bo:** {++And++}[^a] then we left.",
            ["We met Chris", "Ola in Paris.", "And then we left."],
        ),
        (
            "**Ann:** {++So++}[^a] we met Chris Ola in “Paris.” “Then” we left.",
            ["So we met Chris", "Ola in “Paris.”", "“Then” we left."],
        ),
    ],
)
def test_words_stand_in_the_cues_of_what_was_heard(body: str, texts: list[str]) -> None:
    noted = body + "\n\n[^a]: garble, record: He says so.\n"
    assert [text for _, _, text in shown(TWO, noted)] == texts


def test_a_cue_whose_words_another_took_over_lasts_on() -> None:
    body = (
        "**Ann:** We met {~~Chris Ola in Paris~>her~~}[^a]. Then we left.\n\n"
        "[^a]: garble, record: So.\n"
    )
    assert shown(TWO, body)[0] == (1000, 9000, "We met her.")


def test_cue_without_speech_is_silence() -> None:
    body = (
        "**Ann:** We met Chris{-- Ola in Paris--}[^a]. Then we left.\n\n[^a]: garble, record: So.\n"
    )
    assert shown(TWO, body)[:2] == [(1000, 5000, "We met Chris."), (9000, 10000, "Then we left.")]


def test_where_nothing_was_said_nothing_is_shown() -> None:
    assert (
        shown("00:01um\n", "**Ann:** {--um--}[^a]\n\n[^a]: repetition, record: He is silent.\n")
        == []
    )


@law
@given(editions())
def test_every_word_stands_once_and_in_order(made: Generated) -> None:
    transcript = parse_corpus(made.tree).transcripts[0]
    captions = make_captions(transcript)
    assert bool(captions) == (has_times(transcript.source) and bool(made.said_keys))
    if captions:
        assert words_of(captions) == made.shown_keys


def check_times(captions: tuple[Caption, ...]) -> None:
    """No caption is empty, inverted, or begins before the one before it has ended."""
    assert all(caption.start < caption.end for caption in captions)
    assert all(one.end <= following.start for one, following in pairwise(captions))


def check_rows(captions: tuple[Caption, ...]) -> None:
    """At most two rows of 42 characters, unless longer text cannot be split."""
    for caption in captions:
        assert 1 <= len(caption.rows) <= 2 or caption.end - caption.start < len(caption.rows)
        for row in caption.rows:
            assert row.text == row.text.strip() != ""
            width = measure(row.text) + row.named * (measure(row.speaker) + 2)
            parts = row.text.split()
            assert width <= WIDEST or len(parts) == 1, row


@law
@given(editions())
def test_no_caption_is_empty_or_overlaps(made: Generated) -> None:
    captions = make_captions(parse_corpus(made.tree).transcripts[0])
    check_times(captions)
    check_rows(captions)


def test_cues_that_share_a_time_share_a_caption() -> None:
    source = """WEBVTT

00:01.000 --> 00:03.000
<v Ann>Is it so?</v> <v Bo>Yes.</v>

00:03.000 --> 00:02.000
Then

00:04.000 --> 00:06.000
we left.
"""
    captions = make_captions(
        compile_text(source, "**Ann:** Is it so?\n\n**Bo:** Yes. Then we left.", form="vtt")
    )
    assert [(one.start, one.end) for one in captions] == [(1000, 3000), (3000, 4000), (4000, 6000)]
    assert [(row.speaker, row.named, row.text) for row in captions[0].rows] == [
        ("Ann", True, "Is it so?"),
        ("Bo", True, "Yes."),
    ]


def test_only_overlaps_of_the_source_stay() -> None:
    source = "WEBVTT\n\n00:01.000 --> 00:05.000\nOne\n\n00:03.000 --> 00:06.000\ntwo.\n"
    assert shown(source, "One two.", "vtt") == [(1000, 5000, "One"), (3000, 6000, "two.")]


def test_untimed_words_join_their_neighbour() -> None:
    source = "above\n00:01We met\n00:05and left.\nAnd so on.\n"
    captions = shown(source, "Above we met and left. And so on.")
    assert [text for _, _, text in captions] == ["Above we met", "and left. And so on."]


def test_most_cues_have_a_time_or_there_is_no_caption() -> None:
    assert shown("one\ntwo\n00:05three\n", "One two three.") == []
    assert shown("one two three\n", "One two three.", "plain") == []


def test_the_last_cue_lasts_as_long_as_it_takes_to_say() -> None:
    assert shown("00:01Yes.\n", "Yes.") == [(1000, 2000, "Yes.")]
    words = "seven words that take a while to say"
    assert shown(f"00:01{words}\n", words) == [(1000, 1000 + 60 * len(words), words)]


def test_a_cue_that_is_too_short_to_be_parted_stays_whole() -> None:
    text = " ".join(["word"] * 40)
    source = f"WEBVTT\n\n00:01.000 --> 00:01.001\n{text}\n"
    captions = make_captions(compile_text(source, text, form="vtt"))
    assert [(one.start, one.end) for one in captions] == [(1000, 1001)]
    assert words_of(captions) == ("word",) * 40


def test_no_part_of_a_cue_flashes_by() -> None:
    source = "WEBVTT\n\n00:01.000 --> 00:05.000\nAnd that is how we came to be what we are. Yes.\n"
    body = "**Ann:** And that is how we came to be what we are.\n\n**Bo:** Yes."
    captions = make_captions(
        compile_text(
            source.replace(" Yes", "\nNo. Yes"),
            body.replace("**Bo:**", "**Bo:** No.\n\n**Ann:**"),
            form="vtt",
        )
    )
    assert [caption.end - caption.start >= 800 for caption in captions] == [True] * len(captions)
    assert len(captions) > 1


def test_chapters_begin_with_their_first_word() -> None:
    chapters = ("One", "**Ann:** We met Chris Ola in", "Two", "Paris. Then", "None", "", "Last")
    body = "## {}\n\n{}\n\n## {}\n\n{}\n\n## {}\n\n{}\n\n## {}\n\nwe left.".format(*chapters)
    times = time_chapters(compile_text(TWO, body, form="clock"))
    assert times[0] == 1000
    assert times[1] is not None
    assert 5000 < times[1] < 9000
    assert times[2] is None
    assert times[3] is not None
    assert times[3] > 9000
    untimed = compile_text("We met.", "## One\n\nWe met.")
    assert time_chapters(untimed) == (None,)


def find_rows(captions: tuple[Caption, ...]) -> list[int]:
    """For each word in order, the number of the row in which it stands."""
    rows = [row.text for caption in captions for row in caption.rows]
    return [number for number, text in enumerate(rows) for _ in find_keys(text)]


def test_a_real_transcript_is_whole_in_time_and_in_rows() -> None:
    corpus = parse_corpus(read_tree(ROOT / "docs"))
    transcript = next(t for t in corpus.transcripts if t.edition.slug == "vivatech-2024")
    mentions = find_mentions(transcript, compile_matcher(corpus.entries))
    captions = make_captions(transcript, mentions)
    assert words_of(captions) == tuple(word.key for word in transcript.said_words)
    check_times(captions)
    check_rows(captions)
    assert {cue.start for cue in transcript.source.cues} <= {one.start for one in captions}
    # A name stands in one row, unless the source itself parts it between two cues.
    rows = find_rows(captions)
    parted = [
        transcript.said[mention.start : mention.end]
        for mention in mentions
        if len({rows[word] for word in words_within(transcript, mention)}) > 1
    ]
    assert parted == []


def words_within(transcript: Transcript, mention: Mention) -> Iterator[int]:
    """The words of a mention, by their number, up to where the source begins another cue."""
    inside = [
        number
        for number, word in enumerate(transcript.said_words)
        if mention.start <= word.start < mention.end
    ]
    heard = [transcript.word_at(mention.paragraph, transcript.said_words[n].start) for n in inside]
    cues = [transcript.source.cue_of_word[word] for word in heard]
    return (number for number, cue in zip(inside, cues, strict=True) if cue == cues[0])


@pytest.mark.parametrize(
    "name", ["Andrew Ross Sorkin", "Dario Amodei", "the three laws of robotics"]
)
def test_a_name_is_not_parted(name: str) -> None:
    """Wherever in the line it stands; the speakers' names and what the glossary has."""
    entry = entry_file("the three laws of robotics")
    for before in range(12):
        text = f"{'so it ' * before}is {name}, and on we go, as {name} would have it, to the end."
        head = edition_file(
            f"**Sorkin:** {text}",
            form="clock",
            speakers={"Sorkin": "Andrew Ross Sorkin", "Amodei": "Dario Amodei"},
        )
        corpus = parse_corpus(
            tree(
                {
                    "sources/talk.txt": f"00:01{text}\n",
                    "transcripts/talk.md": head,
                    "glossary/laws.md": entry,
                }
            )
        )
        transcript = corpus.transcripts[0]
        mentions = find_mentions(transcript, compile_matcher(corpus.entries))
        captions = make_captions(transcript, mentions)
        check_rows(captions)
        rows = [row.text for caption in captions for row in caption.rows]
        assert sum(row.count(name) for row in rows) == 2, rows


def test_scripts_without_blanks_are_broken_between_their_characters() -> None:
    sentence = "人工知能の研究は「とても」速く進んでいる。" * 4
    captions = make_captions(compile_text(f"00:01{sentence}\n", sentence, form="clock"))
    check_times(captions)
    for caption in captions:
        for row in caption.rows:
            assert measure(row.text) <= WIDEST
            assert not row.text.startswith(("。", "」"))
            assert not row.text.endswith("「")
    assert any(is_unspaced(row.text[0]) for one in captions for row in one.rows)
    assert words_of(captions) == find_keys(sentence)


def test_a_word_that_is_longer_than_a_row_is_not_parted() -> None:
    word = "https://example.org/" + "a" * 60
    captions = make_captions(
        compile_text(f"00:01See {word} there.\n", f"See {word} there.", form="clock")
    )
    assert [row.text for one in captions for row in one.rows] == ["See", word, "there."]
