"""Frequencies of English words, and words that the lists lack."""

import pytest

from build_tools.text.frequencies import read_frequencies

ENGLISH = read_frequencies()


def test_common_words_are_commoner_than_rare_ones() -> None:
    assert ENGLISH.per_million("the") > ENGLISH.per_million("glad") > ENGLISH.per_million("clawed")
    assert ENGLISH.per_million("enthropic") == 0


@pytest.mark.parametrize(
    "word", ["favorite", "analyze", "practiced", "counselor", "skepticism", "airplane", "favourite"]
)
def test_both_sides_of_the_ocean_are_known(word: str) -> None:
    assert ENGLISH.knows(word)


@pytest.mark.parametrize(
    "word", ["roadmap", "unintuitive", "customizability", "dysregulated", "rereading"]
)
def test_words_made_of_words_are_known(word: str) -> None:
    assert ENGLISH.knows(word)


@pytest.mark.parametrize("word", ["enthropic", "nanowatts", "congamous", "qxz", "", "road" * 1000])
def test_non_words_are_unknown(word: str) -> None:
    assert not ENGLISH.knows(word)


def test_other_languages_are_not_covered() -> None:
    assert ENGLISH.covers(["so", "we", "built", "a", "model", "and", "it", "works"])
    assert not ENGLISH.covers("wir haben also ein Modell gebaut und es geht".lower().split())
    assert not ENGLISH.covers([])
