"""A collection of one's own: from an empty folder, over files of five formats, to a site."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from build_tools.build.plan import check_tree, plan_site
from build_tools.build.site import read_docs
from tests.project import Project

NAME, LICENCE = 'Talks & "tales"', "CC BY-SA 4.0"

FILES = {
    "2026-01-10-first.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Good morning.\n",
    "2026-01-11-second.srt": "1\n00:00:01,000 --> 00:00:02,000\nGood evening.\n",
    "2026-01-12-third.json": (
        '{"text": "Good night.", "language": "en",'
        ' "segments": [{"id": 0, "start": 0.5, "end": 1.5, "text": " Good night."}]}'
    ),
    "2026-01-13-fourth.txt": "[00:00:05] Bo: Good day to you.\n[00:00:09] Ann: And to you.\n",
    "2026-01-14-fifth.txt": "0:00\nGood afternoon\n0:04\nto all of you\n",
}


@pytest.fixture
def collection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A new collection, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    done = Project(tmp_path).run("new", "talks", "--name", NAME, "--licence", LICENCE)
    assert done.status == 0, done.errors
    monkeypatch.chdir(tmp_path / "talks")
    return Project(tmp_path / "talks")


def run_engine(collection: Project, engine: str, *options: str) -> str:
    """The output of a whole build by the collection's own program; fails if the build does."""
    done = subprocess.run(
        [sys.executable, "-m", "build_tools", "build", "--site", "--engine", engine, *options],
        cwd=collection.folder,
        env=os.environ | {"PYTHONPATH": str(collection.folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_sample_is_right_and_shows_every_kind_of_mark(collection: Project) -> None:
    tree = read_docs(collection.folder / "docs")
    assert check_tree(tree) == ()
    counts = plan_site(tree).counts
    assert (counts.transcripts, counts.corrections, counts.doubts, counts.entries) == (1, 4, 1, 2)
    sample = collection.read("docs/transcripts/mending-a-bridge.md")
    assert [mark for mark in ("{~~", "{--", "{==", ": note:") if mark not in sample] == []


def test_the_sample_goes_as_the_guide_says(collection: Project) -> None:
    for line in re.findall(r"(?m)^rm (.+)$", collection.read("docs/own-collection.md")):
        for path in line.split():
            (collection.folder / path).unlink()
    tree = read_docs(collection.folder / "docs")
    assert (check_tree(tree), plan_site(tree).counts.transcripts) == ((), 0)


def test_nothing_of_another_collection_comes_along(collection: Project) -> None:
    folders = ("transcripts", "sources", "glossary", "then-and-now")
    content = {
        path.name for folder in folders for path in (collection.folder / "docs" / folder).glob("*")
    }
    assert content == {
        *("mending-a-bridge.vtt", "mending-a-bridge.md", "ines-calder.md", "scour.md", "index.md"),
        *("mending-a-bridge-b.srt", "mending-a-bridge-c.json", "mending-a-bridge-d.txt"),
        "SHA256SUMS",
    }
    assert not (collection.folder / "tests").exists()
    links = re.findall(
        r"\]\((docs/[^)#]+)", collection.read("README.md") + collection.read("SECURITY.md")
    )
    assert links
    assert all((collection.folder / path).is_file() for path in links)
    assert (collection.folder / "docs/assets/sic.css").is_file()
    assert not (collection.folder / "docs/assets/card.png").exists()


def test_name_and_licence_stand_where_readers_see_them(collection: Project) -> None:
    config = collection.read("mkdocs.yml")
    top = "\n".join(line for line in config.splitlines() if line.startswith(("site_name", "copy")))
    assert yaml.safe_load(top) == {
        "site_name": "Talks &amp; &quot;tales&quot;",
        "copyright": f"Annotations {LICENCE}; the words belong to those who spoke them",
    }
    assert "# Talks &amp; &quot;tales&quot;" in collection.read("docs/index.md")
    assert LICENCE in collection.read("docs/policy.md")
    assert f'licence: "{LICENCE}"' in collection.read("docs/index.md")
    assert "Amodei" not in collection.read("README.md") + collection.read("docs/index.md")


@pytest.mark.engine
@pytest.mark.parametrize("engine", ["mkdocs", "zensical"])
def test_collection_builds_at_once(collection: Project, engine: str) -> None:
    assert "site: site/index.html" in run_engine(collection, engine)
    page = collection.folder / "site/transcripts/mending-a-bridge/index.html"
    text = page.read_text("utf-8")
    assert "Ines Calder" in text
    assert _UNCHANGED in run_engine(collection, engine)
    page.write_text("of another hand", encoding="utf-8")
    assert _UNCHANGED not in run_engine(collection, engine)
    assert page.read_text("utf-8") == text
    assert _UNCHANGED not in run_engine(collection, engine, "--fresh")
    config = collection.folder / "mkdocs.yml"
    config.write_text(config.read_text("utf-8") + "\n", encoding="utf-8")
    assert _UNCHANGED not in run_engine(collection, engine)


_UNCHANGED = "nothing changed since it was made"


@pytest.mark.engine
def test_files_of_five_formats_become_a_site(collection: Project) -> None:
    for name, text in FILES.items():
        (collection.folder / name).write_text(text, encoding="utf-8")
        done = collection.run("import", name)
        assert done.status == 0, done.errors
    assert collection.run("check").status == 0
    run_engine(collection, "mkdocs")
    listed = collection.read("site/transcripts/index.html")
    slugs = [name.rsplit(".", 1)[0] for name in FILES]
    assert [slug for slug in slugs if f'href="{slug}/"' not in listed] == []
    assert "Good day to you." in collection.read("site/transcripts/2026-01-13-fourth/index.html")


@pytest.mark.parametrize("there", ["a file", "a folder with something in it"])
def test_existing_files_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: str) -> None:
    monkeypatch.chdir(tmp_path)
    kept = tmp_path / "talks" if there == "a file" else tmp_path / "talks" / "kept.txt"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("kept", encoding="utf-8")
    done = Project(tmp_path).run("new", "talks")
    assert done.status == 1
    assert "talks is there already: name a folder that is new or empty" in done.errors
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [kept]


def test_an_installation_alone_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("build_tools.authoring.new.collection.CHECKOUT", tmp_path / "site-packages")
    done = Project(tmp_path).run("new", "talks")
    assert done.status == 1
    assert "run sic new from a checkout of Sic" in done.errors
    assert not (tmp_path / "talks").exists()
