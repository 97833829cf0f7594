"""A collection built in parts: put side by side they are the site that one build makes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pathspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_tools.corpus import read_tree
from build_tools.parts import WHOLE, FilesOfPart, Part, list_exclusions, parse_part
from build_tools.plan import plan_site
from build_tools.site import build_site, compile_part
from tests.pages import ROOT, real_site
from tests.project import EDITION, Project
from tests.site_html import copy_project, run_python

PARTS = tuple(Part(number, 3) for number in (1, 2, 3))
SITE_URL = {"SIC_SITE_URL": "https://talks.example/"}
# What a search reads is all that every part has of its own.
INDEX = "pagefind/"


@pytest.mark.parametrize(
    "text", ["", "3", "3/", "/3", "0/3", "4/3", "-1/3", "1/3/5", "a/b", "1.0/2"]
)
def test_what_names_no_part_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="write 3/16 for the third of sixteen"):
        parse_part(text)


def test_a_part_is_named_as_it_is_written() -> None:
    assert parse_part("3/16") == Part(3, 16)
    assert str(Part(3, 16)) == "3/16"


@given(st.text(), st.integers(1, 40))
def test_a_file_belongs_to_one_part(path: str, of: int) -> None:
    owners = sum(Part(number, of).owns(path) for number in range(1, of + 1))
    assert owners == (of if path.startswith("assets/") else 1)


@pytest.mark.parametrize("part", PARTS)
def test_a_transcript_and_what_is_beside_it_keep_together(part: Part) -> None:
    page = part.owns("transcripts/talk.md")
    assert part.owns("transcripts/talk/card.png") is page
    assert part.owns("transcripts/talk/talk.epub") is page


def test_of_other_parts_there_are_names() -> None:
    files = {"glossary/a.md": b"A", "glossary/b.md": b"B", "assets/sic.css": b"{}"}
    shared = [dict(FilesOfPart(files, Part(number, 2))) for number in (1, 2)]
    assert [sorted(part) for part in shared] == [sorted(files)] * 2
    assert sorted(part["glossary/a.md"] for part in shared) == [b"", b"A"]
    assert [part["assets/sic.css"] for part in shared] == [b"{}"] * 2
    assert dict(FilesOfPart(files, WHOLE)) == files


def test_a_name_is_no_pattern() -> None:
    assert "!/sources/a\\*b\\[c\\]\\ d.txt\n" in list_exclusions(WHOLE, ["sources/a*b[c] d.txt"])


def test_pages_below_one_at_the_top_can_be_another_parts() -> None:
    paths = ["corrections.md", *(f"corrections/talk-{number}.md" for number in range(20)), "CNAME"]
    left_out = [
        pathspec.GitIgnoreSpec.from_lines(list_exclusions(part, paths).splitlines())
        for part in PARTS
    ]
    for path in paths:
        owned = [part.owns(path) for part in PARTS]
        assert [not spec.match_file(path) for spec in left_out] == owned, path
    assert {part for part in PARTS for path in paths if part.owns(path)} == set(PARTS)


def test_each_part_has_something_of_the_real_collection() -> None:
    paths = real_site().keys()
    for part in PARTS:
        assert sum(part.owns(path) for path in paths) > len(paths) / 6


# Whole sites -------------------------------------------------------------------------------------


def read_site(folder: Path) -> dict[str, bytes]:
    tree = read_tree(folder)
    return {path: content for path, content in tree.items() if not path.startswith(INDEX)}


def run_part(project: Path, part: Part, *arguments: str) -> str:
    command = ("-m", "build_tools", "build", "--part", str(part), *arguments)
    return run_python(project, *command, environment=SITE_URL)


def test_parts_side_by_side_are_the_site_of_one_build(tmp_path: Path) -> None:
    project, caches, union = (tmp_path / name for name in ("project", "caches", "union"))
    copy_project(ROOT, project)
    home = project / "docs/index.md"
    home.write_text(
        home.read_text("utf-8").replace("---\n", "---\nsearch_by: pagefind\n", 1), "utf-8"
    )
    run_python(project, "-m", "build_tools", "build", "--site", environment=SITE_URL)
    whole = read_site(project / "site")
    for generated in ("build", ".cache", "site"):
        shutil.rmtree(project / generated)

    # Each machine begins with nothing and hands on what it kept.
    for part in PARTS:
        run_part(project, part)
        assert not (project / "build").exists()
        (project / ".cache").mkdir(exist_ok=True)
        shutil.copytree(project / ".cache", caches, dirs_exist_ok=True)
        shutil.rmtree(project / ".cache")

    for part in PARTS:
        shutil.copytree(caches, project / ".cache")
        printed = run_part(project, part, "--site")
        assert "excluded from the built site" not in printed
        own = read_site(project / "site")
        assert own.items() <= whole.items(), part
        assert sum(path.endswith(".html") for path in own) < len(read_tree(ROOT / "docs")) / 2
        shutil.copytree(project / "site", union, dirs_exist_ok=True)
        for generated in ("build", ".cache", "site"):
            shutil.rmtree(project / generated)
    assert read_site(union) == whole
    indexes = sorted(path.parent.name for path in union.glob("pagefind/*/pagefind.js"))
    assert indexes == [str(part.number) for part in PARTS]


def test_what_other_machines_compiled_is_not_compiled_again(project: Project) -> None:
    cache, output = project.folder / "caches", project.folder / "build/docs"
    parts = [Part(number, 2) for number in (1, 2)]
    compiled = [compile_part(project.folder / "docs", cache, part).compiled for part in parts]
    assert sorted(compiled) == [(), ("paris-2024",)]
    plan, _ = build_site(project.folder / "docs", output, cache=cache, part=parts[0])
    assert plan.compiled == ()


def test_a_part_of_another_number_is_written_anew(project: Project) -> None:
    cache, output = project.folder / ".cache/sic", project.folder / "build/docs"
    files = plan_site(read_tree(project.folder / "docs")).files
    for part in (Part(1, 2), Part(2, 2), WHOLE, Part(1, 2)):
        _, written = build_site(project.folder / "docs", output, cache=cache, part=part)
        assert written.written != ()
        assert read_tree(output) == dict(FilesOfPart(files, part))


def test_a_mistake_in_a_part_is_said_by_its_machine(project: Project) -> None:
    part = next(part for part in PARTS if part.owns(EDITION.removeprefix("docs/")))
    project.replace(EDITION, "Good morning, everybody.", "Good evening, everybody.")
    result = project.run("build", "--part", str(part))
    assert result.status == 1
    assert "paris-2024.md" in result.errors
    assert "build/docs/ stays as it was" in result.errors


@pytest.mark.parametrize("arguments", [("--offline",), ("--site", "--engine", "zensical")])
def test_parts_are_for_a_server_and_made_by_mkdocs(
    project: Project, arguments: tuple[str, ...]
) -> None:
    result = project.run("build", "--part", "1/2", *arguments)
    assert result.status == 2
    assert "--part is for sites that MkDocs makes and a server publishes" in result.errors
