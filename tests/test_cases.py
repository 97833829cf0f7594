"""Every case of `tests/cases/*.md`; its id is its file and line."""

from collections import Counter
from pathlib import Path

import pytest

from build_tools.authoring.mark.marking import mark_editions
from tests.cases import EXPECTED, Case, check_case, read_cases
from tests.pages import parse_html, render_html

FILES = sorted((Path(__file__).parent / "cases").glob("*.md"))
CASES = [case for path in FILES for case in read_cases(path)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    check_case(case)


@pytest.mark.parametrize("case", [case for case in CASES if case.path.stem == "escaping"], ids=str)
def test_escaped_text_is_shown_as_it_stands_and_is_nothing_else(case: Case) -> None:
    (text,) = case.texts("text")
    shown = parse_html(render_html(case.expected[0].content))
    assert shown.text.replace("’", "'").split() == text.replace("’", "'").split()
    assert [element.tag for element in shown.elements] == ["p"]


def test_no_wrong_edit_gets_a_mark_to_accept() -> None:
    right = "Ola"  # the one edit of the page that a mark mends
    for case in (case for case in CASES if case.path.stem == "advice"):
        for _, marking in mark_editions(case.corpus):
            marks = [mark.edit.written for mark in marking.marks]
            assert not [mark for mark in marks if right not in mark], case


def test_every_kind_of_block_is_used() -> None:
    used = {block.name for case in CASES for block in case.expected}
    assert {name for name in EXPECTED if "." not in name} <= used


def test_no_case_stands_twice() -> None:
    given = Counter(tuple((block.name, block.content) for block in case.given) for case in CASES)
    assert not [blocks for blocks, number in given.items() if number > 1]


def test_a_case_that_expects_something_else_fails(tmp_path: Path) -> None:
    path = tmp_path / "wrong.md"
    path.write_text("```text\nIt’s so.\n```\n\n```words\nits so\n```\n", encoding="utf-8")
    (case,) = read_cases(path)
    with pytest.raises(AssertionError, match=r"wrong\.md:5: words"):
        check_case(case)


def test_a_problem_that_a_case_does_not_expect_fails_it(tmp_path: Path) -> None:
    path = tmp_path / "wrong.md"
    path.write_text(
        "```edition\nSo {++it++} is.\n```\n\n```said\nSo it is.\n```\n", encoding="utf-8"
    )
    (case,) = read_cases(path)
    with pytest.raises(AssertionError, match="has no footnote"):
        check_case(case)
