"""Addresses: every address that is made is recognised, and scripts know every sort."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_tools.model.address import (
    UNITS,
    Address,
    make_address,
    make_chapter_address,
    parse_address,
)
from build_tools.sources.formats import FORMATS
from tests.pages import ROOT

SCRIPTS = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "docs/assets").rglob("*.js"))
}
# How a script asks for the first letter of an id: in a selector, in a pattern, by itself.
LETTERS = re.compile(r"""\[id\^="(\w)"\]|\[([a-z]{2,})\]\\d|#([a-z])\(?\\d|\bid\[0\] === "(\w)\"""")


@given(st.sampled_from(sorted(UNITS.values())), st.integers(0), st.integers(1))
def test_an_address_comes_back_from_its_text(unit: str, number: int, repeat: int) -> None:
    address = Address(unit, number, repeat)
    assert parse_address(str(address)) == address


@pytest.mark.parametrize("text", ["", "t", "t1-", "x1", "t1x", "1", "t٣", make_chapter_address(1)])
def test_invalid_address_is_not_recognised(text: str) -> None:
    assert parse_address(text) is None


def test_every_format_counts_in_a_unit_that_has_a_letter() -> None:
    for form in FORMATS.values():
        assert parse_address(str(make_address(None, form.unit, 1))) == Address(form.unit, 1)


def test_scripts_know_every_sort_of_address() -> None:
    known = {
        line: {letter for letters in LETTERS.findall(line) for letter in "".join(letters)}
        for script in SCRIPTS.values()
        for line in script.splitlines()
        if LETTERS.search(line)
    }
    assert set().union(*known.values()) == set(UNITS)
    # A line that asks for times alone is about the recording; any other must know all.
    others = {line: letters for line, letters in known.items() if letters != {"t"}}
    for line, letters in others.items():
        named = {letter for letter, unit in UNITS.items() if f'"{unit}"' in line}
        assert letters | named == set(UNITS), line
