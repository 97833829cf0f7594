"""The sources are held fixed: their digests, and nothing that is no file of the project's own."""

import shutil
import subprocess
from collections.abc import Mapping

import pytest

from build_tools.reading.sums import SUMS, check_sums
from tests.project import EDITION, SOURCE, Project
from tests.trees import check_tree, edition_file, tree

HELD = f"docs/{SUMS}"


def problems(project: Project) -> list[str]:
    run = project.run("check")
    assert run.status == 1
    assert project.run("build").status == 1
    return run.errors.splitlines()[:-1]


def test_sums_are_published_and_known_to_sha256sum(project: Project) -> None:
    assert project.built()[SUMS].decode() == project.read(HELD)
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    if shutil.which("sha256sum"):
        subprocess.run(command, cwd=project.folder / "docs/sources", check=True)


def test_a_changed_source_is_a_problem_and_no_mark_is_proposed(project: Project) -> None:
    changed = project.read(SOURCE).replace("everybody", "nobody")
    project.write({SOURCE: changed.encode()}, sealed=False)
    assert problems(project)[0] == f"{HELD}:1:1: the source “paris-2024.txt” was changed"
    assert len(problems(project)) == 2
    assert "::notice" not in project.run("check", "--format", "github").output
    project.run("mark", "docs/transcripts", "--review", "review.json")
    assert '"suggestions": []' in project.read("review.json")
    before = project.read(EDITION)
    assert project.run("mark", "docs/transcripts").status == 1
    assert project.read(EDITION) == before


def test_the_same_word_changed_in_source_and_edition_is_a_problem(project: Project) -> None:
    for path in (SOURCE, EDITION):
        changed = project.read(path).replace("Good morning, everybody", "Good morning, nobody")
        project.write({path: changed.encode()}, sealed=False)
    assert problems(project)[0] == f"{HELD}:1:1: the source “paris-2024.txt” was changed"


def test_a_missing_and_an_unlisted_source_are_problems(project: Project) -> None:
    (project.folder / SOURCE).rename(project.folder / "docs/sources/lyon.txt")
    digest = project.read(HELD).split()[0]
    told = "\n".join(problems(project))
    assert f"{HELD}:1:1: the source “paris-2024.txt” is not there" in told
    assert f"{HELD}:2:1: the source “lyon.txt” is not listed" in told
    assert f"    add a line: {digest}  lyon.txt" in told


def test_sources_without_sums_are_a_problem_with_a_command_that_helps(project: Project) -> None:
    (project.folder / HELD).unlink()
    what, remedy = problems(project)
    assert what == f"{HELD}:1:1: the digests of the sources are missing"
    subprocess.run(remedy.removeprefix("    run: "), shell=True, cwd=project.folder, check=True)
    assert project.run("check").status == 0


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("nonsense\n", "this is no line of sha256sum"),
        ("0" * 64 + "  a.txt\n" + "1" * 64 + "  a.txt\n", "“a.txt” is listed twice"),
        ("# a comment\n", ""),
        ("0" * 64 + " *a.txt\n", ""),
    ],
)
def test_each_line_is_read_as_sha256sum_reads_it(lines: str, told: str) -> None:
    files: Mapping[str, bytes] = {SUMS: lines.encode(), "sources/a.txt": b"so"}
    found = [one.what for one in check_sums(files, lambda _: "0" * 64, "docs")]
    assert (told in found) == bool(told)


def test_an_import_lists_its_source(project: Project) -> None:
    listed = project.read(HELD)
    project.write({"talk.txt": b"0:00\nHello.\n0:05\nYes.\n"})
    assert project.run("import", "talk.txt", "--date", "2024").status == 0
    assert project.read(HELD).startswith(listed)
    assert project.read(HELD).endswith("  talk.txt\n")
    assert project.run("check").status == 0


@pytest.mark.parametrize("link", ["docs/assets/e.txt", "docs/transcripts/more", "docs/gone.md"])
def test_a_link_below_docs_is_a_problem_and_never_followed(project: Project, link: str) -> None:
    place = project.folder / link
    place.parent.mkdir(exist_ok=True)
    place.symlink_to("nowhere" if "gone" in link else project.folder.parent)
    assert problems(project)[0].startswith(f"{link}:1:1: this is a symbolic link")
    (project.folder / "docs/.#index.md").symlink_to("an editor's lock")
    place.unlink()
    assert project.run("check").status == 0


@pytest.mark.parametrize("name", ["con.md", "assets/aux.svg", "assets/COM1", "glossary/nul.md"])
def test_no_file_has_the_name_of_a_device_on_windows(name: str) -> None:
    told = [f"{one.place.path}: {one.what}" for one in check_tree({name: b""})]
    assert any("is the name of a device on Windows" in one for one in told)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("policy.md", "policy/index.md"),
        ("about.md", "about/README.md"),
        ("about.html", "about.md"),
        ("assets/A.txt", "assets/a.txt"),
    ],
)
def test_two_files_for_one_address_are_a_problem(one: str, other: str) -> None:
    told = [(found.place.path, found.what) for found in check_tree({one: b"", other: b""})]
    pairs = [
        (f"docs/{a}", f"docs/{b} has the same address") for a, b in ((one, other), (other, one))
    ]
    assert len(set(pairs) & set(told)) == 1


def test_furniture_is_checked_against_the_length_of_the_source() -> None:
    ranges = '"furniture": [' + '"2-999999", ' * 99 + '"7-999999"]'
    text = edition_file("We did not lie.\n").replace('"furniture": []', ranges)
    files = tree({"sources/talk.txt": "We did not lie.\n", "transcripts/talk.md": text})
    assert [one.what for one in check_tree(files)] == ["the source has no line 2"]
