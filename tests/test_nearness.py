"""Hints for wrong names, and how many of them a file full of wrong names gets."""

from build_tools.checks.links import Addresses, find_broken_links
from build_tools.checks.summary import Link
from build_tools.model.text import Place, Text, _line_starts
from build_tools.reading.edition import parse_edition
from build_tools.text.nearness import KnownNames
from tests.trees import edition_file


def test_a_near_name_is_found_whatever_its_case_and_a_far_one_is_not() -> None:
    known = KnownNames(["Dario Amodei", "Chris Olah"])
    assert known.find_near("chris ola") == "Chris Olah"
    assert known.find_near("somebody") == ""


def test_many_wrong_names_get_so_many_hints_and_no_more() -> None:
    known = KnownNames(f"name {number}" for number in range(1000))
    hints = [known.find_near(f"nam {number}") for number in range(1000)]
    assert all(hints[:200])
    assert not any(hints[200:])


def test_long_text_is_no_typing_mistake() -> None:
    assert KnownNames(["a" * 1000]).find_near("a" * 999) == ""
    assert KnownNames(["a" * 100]).find_near("a" * 1000) == ""


def test_wrong_links_get_so_many_hints_and_no_more() -> None:
    anchors = " ".join(f"l{number}" for number in range(2000))
    addresses = Addresses(frozenset(["transcripts/a.md"]), {"transcripts/a.md": anchors})
    links = [Link(f"#l{number}", Place("a", 1)) for number in range(2000, 4000)]
    problems = list(find_broken_links("transcripts/a.md", links, addresses))
    assert len(problems) == 1000
    assert [problem.remedy for problem in problems].count("the nearest is #l1999") == 1000


def test_the_lines_of_a_file_are_counted_once_for_all_of_its_problems() -> None:
    before = _line_starts.cache_info().misses
    text = Text("talk.md", edition_file("so ** it ** is\n\n" * 500))
    assert len(parse_edition("talk", text).problems) == 500
    assert _line_starts.cache_info().misses == before + 1


def test_places_are_lines_and_columns_from_one() -> None:
    text = Text("a", "one\n\ntwo")
    assert [text.place(offset)[1:] for offset in (0, 3, 4, 5, 8)] == [
        *((1, 1), (1, 4), (2, 1), (3, 1), (3, 4))
    ]
