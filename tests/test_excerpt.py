"""A preview of some transcripts: they stand there with what they lean on, and nothing else does."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from build_tools.build.output import write_tree
from build_tools.build.plan import plan_site
from build_tools.build.serve import read_excerpt
from build_tools.model.text import ProblemsFoundError
from tests.project import Project
from tests.trees import edition_file, entry_file, theme_file, tree


def quoting(slug: str) -> str:
    return theme_file("Names", f"> {slug} #l1w1 … #l1w3\n")


FILES = {
    "index.md": "# Home\n\n[One](transcripts/one.md), [two](transcripts/two.md)\n",
    **{f"sources/{slug}.txt": f"{slug} is here with Ola\n" for slug in ("one", "two", "three")},
    "transcripts/index.md": "# Transcripts\n",
    "transcripts/one.md": edition_file(
        "**Ann:** One is [here](two.md#l1) with [Ola](three.md).\n", file="one.txt"
    ),
    "transcripts/two.md": edition_file("**Ann:** Two is here with Ola.\n", file="two.txt"),
    "transcripts/three.md": edition_file("**Ann:** Three is here with Ola.\n", file="three.txt"),
    "glossary/here.md": entry_file("here", "Not [there](there.md).\n"),
    "glossary/there.md": entry_file("there"),
    "then-and-now/first.md": quoting("one"),
    "then-and-now/second.md": quoting("two"),
}


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A collection of three transcripts; the working directory holds it."""
    monkeypatch.chdir(tmp_path)
    write_tree(tree(FILES), tmp_path / "docs")
    return tmp_path / "docs"


def plan(docs: Path, *slugs: str) -> tuple[Mapping[str, bytes], Mapping[str, bytes]]:
    excerpt, left_out = read_excerpt(docs, slugs)
    return excerpt, plan_site(excerpt, left_out=left_out, exports=False).files


def problems(docs: Path, *slugs: str) -> Sequence[str]:
    with pytest.raises(ProblemsFoundError) as raised:
        plan(docs, *slugs)
    return [problem.what for problem in raised.value.problems]


def pages(files: Mapping[str, bytes], folder: str) -> Sequence[str]:
    return sorted(path for path in files if path.startswith(folder) and path.endswith(".md"))


def test_only_the_transcripts_named_are_read_and_shown(docs: Path) -> None:
    excerpt, files = plan(docs, "one")
    assert {path for path in excerpt if path.startswith(("sources/", "transcripts/"))} == {
        *("sources/one.txt", "transcripts/index.md", "transcripts/one.md")
    }
    assert pages(files, "transcripts/") == ["transcripts/index.md", "transcripts/one.md"]
    assert pages(files, "then-and-now/") == ["then-and-now/first.md", "then-and-now/index.md"]
    _, both = plan(docs, "one", "two")
    assert pages(both, "transcripts/")[1:] == ["transcripts/one.md", "transcripts/two.md"]
    assert len(pages(both, "then-and-now/")) == 3


def test_a_link_that_leads_nowhere_is_a_problem_all_the_same(docs: Path) -> None:
    path = docs / "transcripts/one.md"
    path.write_text(path.read_text().replace("three.md", "four.md"), encoding="utf-8")
    assert problems(docs, "one") == ["the link “four.md” leads to no page"]


def test_a_source_that_is_missing_is_a_problem_all_the_same(docs: Path) -> None:
    (docs / "sources/one.txt").unlink()
    assert problems(docs, "one") == ["the source “one.txt” is not in docs/sources/"]


def test_unknown_transcript_gets_the_nearest_as_a_hint(docs: Path) -> None:
    done = Project(docs.parent).run("serve", "thre")
    assert done.status == 2
    assert "there is no transcript “thre”: did you mean three?" in done.errors
