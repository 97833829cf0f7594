"""Laws of every source and every edition, tested with generated examples."""

import json
import os
import random
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_tools.build.plan import plan_site
from build_tools.checks.fidelity import check_fidelity
from build_tools.model.text import Problem, ProblemsFoundError, Text
from build_tools.reading.edition import parse_edition
from build_tools.reading.glossary import parse_entry
from build_tools.reading.rejection import reject_marks
from build_tools.reading.tree import SourcedEdition, read_tree
from build_tools.sources.formats import FORMATS
from build_tools.sources.source import parse_source
from build_tools.text.words import find_keys
from tests.generated import Generated, editions
from tests.pages import ROOT, parse_page, real_site
from tests.project import EDITION, ENTRY, SOURCE, small_tree
from tests.trees import check_tree, read_edition, read_source
from tests.tries import tries

law = tries(100)


@law
@given(editions())
def test_rejecting_the_marks_of_an_edition_gives_the_words_of_its_source(made: Generated) -> None:
    edition = read_edition(made.edition)
    assert find_keys(reject_marks(edition).heard) == made.keys
    source = read_source(made.source, form=made.form, furniture=made.furniture)
    assert tuple(word.key for word in source.words) == made.keys
    assert check_fidelity(SourcedEdition(edition, source)) == ()


@law
@given(editions())
def test_a_faithful_edition_passes_the_check_and_compiles(made: Generated) -> None:
    assert [problem for problem in check_tree(made.tree) if not problem.warning] == []
    plan = plan_site(made.tree)
    assert plan.counts["words"] == len(made.keys)


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


@law
@given(editions(), st.randoms(use_true_random=False))
def test_the_order_of_a_tree_changes_no_byte(made: Generated, chance: random.Random) -> None:
    tree = {**small_docs(), **made.tree}
    paths = list(tree)
    chance.shuffle(paths)
    shuffled = {path: tree[path] for path in paths}
    assert list(plan_site(shuffled).files.items()) == list(plan_site(tree).files.items())
    assert plan_site(shuffled).warnings == plan_site(tree).warnings


def test_the_order_of_a_tree_changes_no_problem() -> None:
    tree = {path: data.replace(b"goggle", b"giggle") for path, data in small_docs().items()}
    tree |= {"glossary/a.md": b"", "glossary/b.md": tree["glossary/chris-olah.md"]}
    assert check_tree(dict(reversed(tree.items()))) == check_tree(tree)


def small_docs() -> dict[str, bytes]:
    return {path.removeprefix("docs/"): data for path, data in small_tree().items()}


BUILD = """
import sys
from pathlib import Path
from build_tools.build.site import build_site
build_site(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.slow
def test_hash_seed_and_working_directory_change_no_byte(tmp_path: Path) -> None:
    trees = []
    for seed, folder, docs in (("0", ROOT, "docs"), ("1", tmp_path, str(ROOT / "docs"))):
        output = tmp_path / seed
        subprocess.run(
            [sys.executable, "-c", BUILD, docs, str(output)],
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            check=True,
        )
        trees.append(read_tree(output))
    assert len(trees[0]) > len(list((ROOT / "docs/transcripts").iterdir()))
    assert trees[0] == trees[1]


@pytest.mark.slow
def test_no_path_of_the_machine_and_no_day_of_the_build_is_in_the_output() -> None:
    files = real_site()
    for path, data in files.items():
        assert str(ROOT).encode() not in data, path


# Whatever a file holds, there are problems and no exception --------------------------------------

FRAGMENTS = (
    *("---\n", "---", "\n---\n", "\n\n", "\n", " ", "\t", "\r\n", "\r", "\ufeff", "\x00", "\x0c"),
    *("\u2028", "\x85", "\x1c", "\ud7ff", "\uffff", "\U0010ffff"),
    *("title: x\n", "title: [\n", "title:\n", "date: 2024-02-30\n", "date: 12:30\n", "x: &a *a\n"),
    *("? [a]\n: b\n", "!!int x\n", "!!bool x\n", "!!python/name:os.system\n", "<<: 1\n", "{}\n"),
    *(
        '"\\ud800"',
        '"\\U06369374"',
        '"\\x7f"',
        "0b_",
        "9" * 5000,
        "1e999999",
        ".inf",
        "2024-01-01 00:00:00 +99:99",
    ),
    *("source:\n", "  file: talk.txt\n", "  format: clock\n", "  furniture: [1-9999999999999]\n"),
    *("speakers: {1: a}\n", "speakers: {? {a: b} : c}\n", "also: [[a]]\n", "see: {a}\n", "- " * 50),
    *("{~~", "~>", "~~}", "{++", "++}", "{--", "--}", "{==", "==}", "{>>", "<<}", "{~~a~>b~~}"),
    *(
        *("[^a]", "[^a]: name, record: b", "[^a]:", "[", "](", "](x)", ")", "*", "**", "**Ann:** "),
        "**x:**",
    ),
    *("## ", "##", "# x", "\\", "\\\\", "> ", ">", "word", "’", "日本", "00:00", "99:99:99", "1:2"),
    *("[a](b.md#t1)", "[a](#t1)", "[a](//)", "[a](..)", "[a](:)", "[a](%)", "[a](?)", "[a](\\))"),
)
noise = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=5), max_size=12).map("".join)
FILES = (SOURCE, EDITION, ENTRY)


@st.composite
def damaged_trees(draw: st.DrawFn) -> dict[str, bytes]:
    """A tree that was all right, one file of it with noise put into it or in its place."""
    tree = small_docs()
    path = draw(st.sampled_from(FILES)).removeprefix("docs/")
    data = tree[path]
    begin = draw(st.integers(0, len(data)))
    end = draw(st.integers(begin, min(len(data), begin + 20)))
    put_in = draw(noise.map(str.encode) | st.binary(max_size=8))
    whole = draw(st.integers(0, 3)) == 0
    tree[path] = put_in if whole else data[:begin] + put_in + data[end:]
    return tree


many = tries(400)


@many
@given(damaged_trees())
def test_a_damaged_tree_compiles_or_is_told_by_its_problems(tree: dict[str, bytes]) -> None:
    problems = check_tree(tree)
    if all(problem.warning for problem in problems):
        assert plan_site(tree).warnings == problems
    else:
        with pytest.raises(ProblemsFoundError):
            plan_site(tree)
    for problem in problems:
        check_place(problem, tree)


def check_place(problem: Problem, tree: dict[str, bytes]) -> None:
    path, line, column = problem.place
    text = tree[path.removeprefix("docs/")].decode(errors="replace").removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert 1 <= line <= len(lines)
    assert 1 <= column <= len(lines[line - 1]) + 1
    assert problem.what
    assert problem.remedy


@many
@given(noise)
def test_reading_noise_raises_nothing(text: str) -> None:
    parse_edition("talk", Text("docs/transcripts/talk.md", text))
    parse_entry("entry", Text("docs/glossary/entry.md", text))
    for form in FORMATS:
        parse_source("docs/sources/talk.txt", text.encode(), form, frozenset())


@many
@given(st.binary(max_size=60) | noise.map(str.encode))
def test_reading_any_bytes_as_a_source_raises_nothing(data: bytes) -> None:
    for form in FORMATS:
        source, problems = parse_source("docs/sources/talk.txt", data, form, frozenset())
        assert source.words or problems


def test_an_escape_beyond_the_last_character_is_a_problem() -> None:
    text = Text("docs/transcripts/talk.md", '---\ntitle: "\\U06369374"\n---\nSo.\n')
    (problem,) = parse_edition("talk", text).problems
    assert problem.place.line <= 3
    assert "not YAML" in problem.what
