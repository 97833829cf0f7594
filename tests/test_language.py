"""Tags of languages: which are known, and which way a language is written."""

import pytest

from build_tools.text.language import is_language, runs_right_to_left
from tests.trees import edition_file, read_edition


@pytest.mark.parametrize(
    "tag", ["en", "ar", "pt-BR", "zh-Hant", "zh-Hant-TW", "es-419", "ckb", "de-1996", "ca-valencia"]
)
def test_tag_of_a_language(tag: str) -> None:
    assert is_language(tag)


@pytest.mark.parametrize(
    "tag",
    [
        *(
            *("", "e", "EN", "english", "gr", "xx", "pt-br", "pt_BR", "zh-hant", "en-", "-en"),
            "en--GB",
        ),
        *("en GB", "en\n", "en-x-private", "i-klingon", "ar\u202e", "én", 'ar"', "en-" + "a" * 999),
    ],
)
def test_no_tag_of_a_language(tag: str) -> None:
    assert not is_language(tag)


@pytest.mark.parametrize(
    "tag",
    [
        *("ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv", "ckb", "iw", "prs", "arb", "syr"),
        *("ar-EG", "az-Arab", "lad-Hebr", "ku-Syrc", "en-Thaa", "nqo", "ff-Nkoo", "uz-Arab-AF"),
    ],
)
def test_right_to_left(tag: str) -> None:
    assert is_language(tag)
    assert runs_right_to_left(tag)


@pytest.mark.parametrize(
    "tag", ["en", "fr", "zh-Hant", "ar-Latn", "ug-Cyrl", "yi-Latn", "el", "xx"]
)
def test_left_to_right(tag: str) -> None:
    assert not runs_right_to_left(tag)


def test_an_edition_says_nothing_of_itself_unless_it_is_written() -> None:
    edition = read_edition(edition_file("We met.\n"))
    assert (edition.lang, edition.recording) == ("en", ())
    assert (edition.published, edition.updated) == ("", "")


def test_an_edition_says_what_is_written() -> None:
    text = edition_file("We met.\n").replace(
        'title: "A talk"',
        "title: A talk\nlang: pt-BR\nrecording: https://example.org/v?a=1&b=_2_\n"
        "published: 2026-11-22\nupdated: 2026-11-22",
    )
    edition = read_edition(text)
    recording = (("https://example.org/v?a=1&b=_2_", "", 0),)
    assert (edition.lang, edition.recording) == ("pt-BR", recording)
    assert (edition.published, edition.updated) == ("2026-11-22", "2026-11-22")
