"""Words that sound alike by their spelling."""

import pytest

from build_tools.text.sounds import sound_distance, sound_key, spelling_likeness


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("Amade", "Amodei"),
        ("Amadei", "Amodei"),
        ("Ola", "Olah"),
        ("clawed", "Claude"),
        ("right", "Wright"),
        ("open AI", "OpenAI"),
        ("José", "Jose"),
    ],
)
def test_words_that_sound_alike_share_a_key(heard: str, said: str) -> None:
    assert sound_key(heard) == sound_key(said)
    assert sound_distance(heard, said) == 0


@pytest.mark.parametrize(
    ("heard", "said", "distance"),
    [("enthropping", "Anthropic", 1), ("Bakeman Freed", "Bankman-Fried", 1), ("box", "Vox", 1)],
)
def test_words_that_nearly_sound_alike_are_near(heard: str, said: str, distance: int) -> None:
    assert sound_distance(heard, said) == distance


def test_numbers_sound_like_themselves_alone() -> None:
    assert sound_key("GPT 3") != sound_key("GPT 4")


def test_words_in_other_letters_are_their_own_keys() -> None:
    assert sound_key("Москва") == "москва"
    assert sound_key("東京") != sound_key("京都")


@pytest.mark.parametrize("nothing", ["", "—", "a", "'"])
def test_words_without_consonants_have_a_key(nothing: str) -> None:
    assert sound_distance(nothing, nothing) == 0


def test_key_of_an_endless_word_has_an_end() -> None:
    assert len(sound_key("bd" * 100_000)) <= 60


def test_spelling_is_compared_by_letters() -> None:
    assert spelling_likeness("Red Point's", "Redpoints") == 1
    assert spelling_likeness("cat", "dog") == 0
