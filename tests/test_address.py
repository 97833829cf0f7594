"""Addresses: every address that is made is recognised, and scripts know every sort."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_tools.model.address import (
    ADDRESS,
    UNITS,
    WORD_ADDRESS,
    Address,
    parse_address,
    split_address,
)
from build_tools.sources.formats import FORMATS
from tests.pages import ROOT


@given(
    st.sampled_from(sorted(UNITS.values())), st.integers(0), st.integers(1), st.integers(1, 999_999)
)
def test_an_address_is_read_from_its_text(unit: str, number: int, repeat: int, word: int) -> None:
    address = Address(unit, number, repeat, word)
    assert parse_address(str(address)) == address
    assert re.fullmatch(ADDRESS, str(address))
    assert bool(re.fullmatch(WORD_ADDRESS, str(address))) == (word > 1)
    assert split_address(str(address)) == (str(Address(unit, number, repeat)), word)


@pytest.mark.parametrize(
    "text",
    [
        *("", "t", "t1-", "x1", "t1x", "1", "t٣", "chapter-1"),
        *("l3w", "l3w0", "l3w02", "l3w2-2", "l3w٣"),
    ],
)
def test_what_is_no_address_is_not_recognised(text: str) -> None:
    assert parse_address(text) is None
    assert not re.fullmatch(ADDRESS, text)


def test_every_format_counts_in_a_unit_that_has_a_letter() -> None:
    for form in FORMATS.values():
        assert parse_address(str(Address(form.unit, 1))) == Address(form.unit, 1)


def test_scripts_know_every_sort_of_address() -> None:
    script = (ROOT / "docs/assets/scripts/addresses.js").read_text(encoding="utf-8")
    (units,) = re.findall(r"^const UNITS = \{ (.*) \}$", script, re.MULTILINE)
    assert dict(re.findall(r'(\w): "(\w+)"', units)) == UNITS
    (pattern,) = re.findall(r"^const ADDRESS = /\^(.*)\$/$", script, re.MULTILINE)
    names = ["t187", "l309w14", "t439-2w7", "p3w2", "l3w1", "l3w01", "l3-", "x3", "chapter-2"]
    for name in names:
        assert bool(re.fullmatch(pattern, name, re.ASCII)) == bool(parse_address(name)), name
