"""Quotations on pages of then-and-now/, held to the words of the transcripts."""

from __future__ import annotations

import pytest

from build_tools.checks.corpus import parse_corpus
from tests.trees import edition_file, tree

BODY = "## On\n\n**Ann:** One {~~too~>two~~}[^n] three.\n\n[^n]: homophone: It counts.\n"
HEAD = "---\ntitle: Numbers\n---\n# Numbers\n\n"


def problems(page: str) -> list[str]:
    """The problems of a page that quotes the transcript “talk”, without places."""
    files = {
        "sources/talk.txt": "one too\nthree\n",
        "transcripts/talk.md": edition_file(BODY),
        "then-and-now/numbers.md": HEAD + page,
    }
    return [problem.what for problem in parse_corpus(tree(files)).problems]


@pytest.mark.parametrize(
    "page",
    [
        "> “One two three.”\n>\n> [Ann](../transcripts/talk.md#l1)\n",
        "> “three”\n>\n> [Ann](../transcripts/talk.md#l2)\n",
        "She counts [“two three”](../transcripts/talk.md#l1) things.\n",
        "> “One\n> two”\n>\n> [Ann](../transcripts/talk.md#l1)\n",
    ],
)
def test_spoken_words_can_be_quoted(page: str) -> None:
    assert problems(page) == []


@pytest.mark.parametrize(
    ("page", "what"),
    [
        (
            "> “One too three.”\n>\n> [Ann](../transcripts/talk.md#l1)\n",
            "nobody says “One too three.” in talk",
        ),
        ("> “three”\n>\n> [Ann](../transcripts/talk.md#l1)\n", "“three” does not begin at #l1"),
        (
            "She counts [“three two”](../transcripts/talk.md#l1) things.\n",
            "nobody says “three two” in talk",
        ),
        ("> “One”\n>\n> [Ann](../transcripts/walk.md#l1)\n", "there is no transcript “walk”"),
        ("> One two three.\n", "this quotation does not say what it quotes, or from where"),
    ],
)
def test_words_not_spoken_there_are_a_problem(page: str, what: str) -> None:
    assert problems(page) == [what]


@pytest.mark.parametrize(
    "page",
    [
        "<script>alert(1)</script>\n",
        "<!-- hidden -->\n",
        "[words](javascript:alert(1))\n",
        "[words](javascript&#58;alert(1))\n",
        "[words](//example.org/x)\n",
        "![picture](data:image/png;base64,x)\n",
        "[words][ref]\n\n[ref]: javascript:alert(1)\n",
        "# Heading { onclick=alert(1) }\n",
        "<https://example.org>\n",
    ],
)
def test_active_content_is_a_problem(page: str) -> None:
    assert any("other than plain Markdown" in what for what in problems(page))


@pytest.mark.parametrize("page", ["1 < 2, and 3 > 2.\n", "[a](https://example.org/?a=b&c=d)\n"])
def test_plain_markdown_is_no_problem(page: str) -> None:
    assert problems(page) == []


def test_a_head_that_could_end_an_attribute_is_a_problem() -> None:
    files = {"then-and-now/x.md": "---\ntitle: '\"><script>'\n---\n# X\n"}

    assert [problem.what for problem in parse_corpus(tree(files)).problems]


def test_a_transcript_that_is_not_faithful_makes_no_quotation_wrong() -> None:
    files = {
        "sources/talk.txt": "one too\nthree\nand four\n",
        "transcripts/talk.md": edition_file(BODY),
        "then-and-now/numbers.md": HEAD
        + "> “One two three.”\n>\n> [Ann](../transcripts/talk.md#l1)\n",
    }
    found = [problem.place.path for problem in parse_corpus(tree(files)).problems]

    assert found == ["docs/transcripts/talk.md"]
