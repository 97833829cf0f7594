"""What holds for every source and every edition, told by examples that nobody chose."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from build_tools.corpus import read_tree
from build_tools.edition import parse_edition, reject_marks
from build_tools.fidelity import check_fidelity
from build_tools.glossary import parse_entry
from build_tools.model import Problem, ProblemsFoundError, Text
from build_tools.site import check_tree, plan_site
from build_tools.sources import FORMATS, parse_source
from build_tools.words import find_keys
from tests.generated import Generated, editions
from tests.pages import ROOT, parse_page
from tests.project import EDITION, ENTRY, SOURCE, small_tree
from tests.trees import read_edition, read_source

law = settings(
    deadline=None, derandomize=False, suppress_health_check=[HealthCheck.too_slow], max_examples=1500
)


@law
@given(editions())
def test_rejecting_the_marks_of_an_edition_gives_the_words_of_its_source(made: Generated) -> None:
    edition = read_edition(made.edition)
    assert find_keys(reject_marks(edition).heard) == made.keys
    source = read_source(made.source, form=made.form, furniture=made.furniture)
    assert tuple(word.key for word in source.words) == made.keys
    assert check_fidelity(edition, source) == ()


@law
@given(editions())
def test_a_faithful_edition_passes_the_check_and_compiles(made: Generated) -> None:
    assert [problem for problem in check_tree(made.tree) if not problem.warning] == []
    plan = plan_site(made.tree)
    assert plan.counts.words == len(made.keys)


@law
@given(editions())
def test_the_page_holds_the_words_as_said_in_their_order(made: Generated) -> None:
    page = parse_page(plan_site(made.tree).files["transcripts/talk.md"])
    assert find_keys(page.speech) == made.said_keys


@law
@given(editions())
def test_time_never_runs_backwards_where_it_does_not_in_the_source(made: Generated) -> None:
    turns = json.loads(plan_site(made.tree).files["transcripts/talk/transcript.json"])["turns"]
    for turn, following in pairwise(turns):
        assert turn["line"] <= following["line"]
        if made.form == "clock":
            assert turn["time"] <= turn["end"] == following["time"]
        else:
            assert turn["time"] is turn["end"] is None
