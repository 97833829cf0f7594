"""Pages of then-and-now/: what they quote is what a transcript says, and nothing else is alive."""

from time import process_time

import pytest

from build_tools.build.plan import plan_site
from build_tools.checks.corpus import parse_corpus
from tests.hostile import HOSTILE, check_inert
from tests.pages import parse_page
from tests.trees import edition_file, theme_file, tree

BODY = """\
## On

**Ann:** One {~~too~>two~~}[^n] three,
“four”. {++Then++}[^n] five {--uh --}[^n]six.

**Bo:** Seven {~~ate nine~>eight~~}[^n] ten.

[^n]: homophone, record: It counts.
"""
SOURCE = "one too\nthree four five uh six\nseven ate nine ten\n"
FILES = {"sources/talk.txt": SOURCE, "transcripts/talk.md": edition_file(BODY)}
PAGE = "then-and-now/numbers.md"


def problems(page: str, body: str = BODY) -> list[str]:
    """What is wrong with a page that quotes the transcript “talk”, without the places."""
    files = {**FILES, "transcripts/talk.md": edition_file(body), PAGE: theme_file("Numbers", page)}
    return [problem.what for problem in parse_corpus(tree(files)).problems]


def published(page: str, body: str = BODY) -> str:
    """The page below its head."""
    files = {**FILES, "transcripts/talk.md": edition_file(body), PAGE: theme_file("Numbers", page)}
    return plan_site(tree(files)).files[PAGE].decode().partition("\n---\n\n")[2]


@pytest.mark.parametrize(
    ("line", "said", "by", "address"),
    [
        ("talk #l1w1 … #l2w1", "One two three", "Ann", "l1"),
        ("talk #l1w2 … #l2w2", "two three, ‘four’.", "Ann", "l1w2"),
        ("talk #l2w2 … #l2w3", "‘four’. Then five", "Ann", "l2w2"),
        ("talk #l2w3 … #l2w5", "five six.", "Ann", "l2w3"),
        ("talk #l3w3 … #l3w4", "eight ten.", "Bo", "l3w3"),
        ("talk.md#l3w1 ... #l3w2", "Seven eight", "Bo", "l3"),
        ("talk #l3", "Seven eight ten.", "Bo", "l3"),
        ("talk #l1 “two” … #l2 “four”", "two three, ‘four’.", "Ann", "l1w2"),
        ('talk #l1w1 "One too" … #l2w1 "two three"', "One two three", "Ann", "l1"),
        ("talk #l3w1 … #l3w3 “seven ate nine”", "Seven eight", "Bo", "l3"),
    ],
)
def test_a_passage_is_put_in_as_it_stands(line: str, said: str, by: str, address: str) -> None:
    link = f"[{by}, May 2024](../transcripts/talk.md#{address})"
    assert published(f"> {line}\n") == f"> “{said}”\n>\n> {link}\n"


def test_german_marks_stay_whole_and_become_inner_ones() -> None:
    german = BODY.replace("“four”", "„four“")
    assert "> “two three, ‚four‘.”\n" in published("> talk #l1w2 … #l2w2\n", german)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("talk #l1w3 … #l2", "talk has no address #l1w3"),
        ("talk #l1 … #l4w1", "talk has no address #l4w1"),
        ("talk #l2w2 … #l2w1", "#l2w1 stands before #l2w2"),
        ("talk #l2 … #l3", "Ann and Bo speak in this passage"),
        ("talk #l1w1 “two” … #l2w1", "at #l1w1 stands “One two three”, not “two”"),
        ("talk #l1 … #l2w2 “five”", "at #l2w2 stands “One two three, “four”.”, not “five”"),
        ("walk #l1 … #l2", "there is no transcript “walk”"),
    ],
)
def test_a_passage_that_is_not_there_is_a_problem(line: str, what: str) -> None:
    assert problems(f"> {line}\n") == [what]


@pytest.mark.parametrize("page", HOSTILE["quoted by hand"])
def test_a_quotation_by_hand_is_a_problem(page: str) -> None:
    assert "this quotation does not say what it quotes, or from where" in problems(page)


def test_a_passage_has_a_greatest_length() -> None:
    words = " ".join(["so"] * 501)
    files = {
        "sources/talk.txt": words,
        "transcripts/talk.md": edition_file(f"**Ann:** {words}\n"),
        PAGE: theme_file("Numbers", "> talk #l1\n"),
    }
    found = [problem.what for problem in parse_corpus(tree(files)).problems]
    assert found == ["this passage has 501 words; 500 are quoted at most"]


def test_a_right_correction_of_any_quoted_word_is_no_problem() -> None:
    page = "> talk #l1 “One too three” … #l2 “five uh six”\n\n> talk #l3w1 “Seven” … #l3 “ten”\n"
    for word in ("One", "three", "four", "five", "six", "Seven", "ten"):
        body = BODY.replace(word, f"{{~~{word}~>other~~}}[^n]", 1)
        assert problems(page, body) == []
        assert "other" in published(page, body)


# Phrases ----------------------------------------------------------------------------------------

SAID = "(../transcripts/talk.md#l1)"
MARKS = (
    *("“{}”", '"{}"', "‘{}’", "'{}'", "«{}»", "„{}“", "»{}«", "‹{}›", "‚{}‘", "「{}」", "＂{}＂"),
    *('“{}"', "”{}”", "″{}″", "＇{}＇"),
)
PLACES = (
    *("She counts [{}]{} things.\n", "   [{}]{}\n", "- [{}]{}\n", "- things\n    - [{}]{}\n"),
    *("1. [{}]{}\n", "## [{}]{}\n", "[**{}**]{}\n", "**[{}]{}**\n", "*[{}]{}*\n", "{} ([Ann]{})\n"),
    *("[Ann, 2024]{}: {}\n", "She said *{}* — [2024]{}.\n"),
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("marks", MARKS)
def test_words_quoted_beside_a_link_are_said_there(place: str, marks: str) -> None:
    def write(words: str) -> str:
        parts = (marks.format(words), SAID)
        return place.format(*(parts[::-1] if place.startswith("[Ann") else parts))

    assert problems(write("one two" + (" " if "#" in place else "\n") + "three")) == []
    assert problems(write("two one")) == ["nobody says “two one” in talk"]
    assert problems(write("four")) == ["“four” does not begin at #l1"]


@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "«{}»", "**“{}”**", '- "{}"', '    "{}"', "“{}"])
def test_words_quoted_without_a_link_are_said_in_a_transcript_of_the_page(marks: str) -> None:
    page = f"> talk #l1w1 … #l1w2\n\nShe counts:\n\n{marks}\n"
    assert problems(page.format("one two three")) == []
    assert problems(page.format("three two")) == []
    what = "nobody says “three two one” in the transcripts that this page quotes"
    assert problems(page.format("three two one")) == [what]
    elsewhere = marks.format("three two one")
    assert problems(f"{page.format('one')}\n{elsewhere} ([Bo](https://example.org/))\n") == []


def test_a_link_inside_quoted_words_is_held_to_them() -> None:
    assert problems(f"“one [two]{SAID} three”\n") == []
    assert problems(f"“one [two]{SAID} four”\n") == ["nobody says “one two four” in talk"]


@pytest.mark.parametrize(
    ("link", "wrong"),
    [
        *(("[Bo Berg]", True), ("[Bo, May 2024]", True), ("[Berg: “one two”]", True)),
        *(("[Ann Lee]", False), ("[Ann and Bo]", False), ("[Bo's turn]", False)),
        ("[“one two”]", False),
    ],
)
def test_the_name_beside_a_place_is_that_of_who_speaks_there(link: str, wrong: bool) -> None:
    assert problems(f"So {link}{SAID}.\n") == ["at #l1 Ann speaks, not Bo"] * wrong


def test_an_address_of_a_word_is_held_to_the_word() -> None:
    assert problems("[“two three”](../transcripts/talk.md#l1w2)\n") == []
    assert problems("[“two three”](../transcripts/talk.md#l1w3)\n") == [
        "“two three” does not begin at #l1w3"
    ]
    assert problems("[so](../transcripts/talk.md#l9w1)\n") == [
        "the link “../transcripts/talk.md#l9w1” leads to no address of that transcript"
    ]


# Nothing alive ----------------------------------------------------------------------------------

FRAMES = ("{}", "   {}", "- {}", "- so\n\n    {}", "1. {}", "## {}", "So *so* {} so.", "    {}")


@pytest.mark.parametrize("text", HOSTILE["alive"])
def test_what_could_come_alive_is_a_problem(text: str) -> None:
    for frame in FRAMES if "\n" not in text and text != "***" else FRAMES[:1]:
        found = problems(frame.format(text) + "\n")
        assert any("other than plain Markdown" in what for what in found), frame
    assert problems(f"> {text}\n")


@pytest.mark.parametrize("text", HOSTILE["inert"])
def test_what_is_published_is_inert(text: str) -> None:
    assert problems(f"{text}\n") == []
    files = {**FILES, PAGE: theme_file("Numbers", f"{text}\n")}
    check_inert({PAGE: parse_page(plan_site(tree(files)).files[PAGE])})


def test_headings_paragraphs_lists_and_titles_are_published() -> None:
    page = "# One\nText\nof *two* lines.\n- a\n  b\n- c\n    1) d\n\n+ e\n> talk #l3\n"
    page += "[**f**](https://x.org/)\n"
    assert published(page) == (
        "# One\n\nText of <em>two</em> lines.\n\n- a b\n- c\n    1. d\n\n+ e\n\n"
        "> “Seven eight ten.”\n>\n> [Bo, May 2024](../transcripts/talk.md#l3)\n\n"
        "[<em>f</em>](https://x.org/)\n"
    )


def test_a_link_to_no_page_is_a_problem() -> None:
    assert problems("[so](../glossary/nowhere.md)\n") == [
        "the link “../glossary/nowhere.md” leads to no page"
    ]


def test_a_head_that_could_end_an_attribute_is_a_problem() -> None:
    files = {"then-and-now/x.md": "---\ntitle: '\"><script>'\n---\n# X\n"}
    assert [problem.what for problem in parse_corpus(tree(files)).problems]


def test_a_transcript_that_is_not_faithful_makes_no_quotation_wrong() -> None:
    files = {
        **FILES,
        "sources/talk.txt": SOURCE + "and more\n",
        PAGE: theme_file("Numbers", "> talk #l9 … #l1\n"),
    }
    found = [problem.place.path for problem in parse_corpus(tree(files)).problems]
    assert found == ["docs/transcripts/talk.md"]


@pytest.mark.parametrize(
    "text",
    [
        *("“" * 50_000, " '" * 50_000, "‘" * 50_000, "[" * 50_000, f"[“one two”]{SAID}" * 2_000),
        *("“one” [" * 10_000 + "]" * 10_000, "- " * 50_000, ">" * 50_000),
        "> talk #l1 “a” … #l2 “b”\n" * 3_000,
    ],
)
def test_a_hostile_page_takes_time_by_its_length(text: str) -> None:
    begin = process_time()
    problems(text)
    assert process_time() - begin < 5
