"""A collection of one's own: from an empty folder, over files of five formats, to a site."""

import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from build_tools.authoring.new.collection import render_collection
from build_tools.build.inherited import list_configs, list_inherited
from build_tools.build.plan import plan_site
from build_tools.build.rendering import is_divisible
from build_tools.build.site import read_docs
from build_tools.model.site import DEFAULT_LICENCE
from tests.pages import ROOT
from tests.project import Project
from tests.test_serve import serve
from tests.trees import check_tree

NAME, LICENCE = 'Talks & "tales"', "CC BY-SA 4.0"

FILES = {
    "2026-01-10-first.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Good morning.\n",
    "2026-01-11-second.srt": "1\n00:00:01,000 --> 00:00:02,000\nGood evening.\n",
    "2026-01-12-third.json": """{"text": "Good night.", "language": "en",
 "segments": [{"id": 0, "start": 0.5, "end": 1.5, "text": " Good night."}]}""",
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


def run(command: Sequence[str], folder: Path, **more: str) -> str:
    """The output of a program that finds this checkout only if told; fails if the program does."""
    environment = {key: text for key, text in os.environ.items() if key != "PYTHONPATH"} | more
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run_engine(collection: Project, engine: str, *options: str) -> str:
    """The output of a whole build of a collection."""
    command = [sys.executable, "-m", "build_tools", "build", "--site", "--engine", engine]
    return run([*command, *options], collection.folder, PYTHONPATH=str(ROOT))


def test_sample_is_right_and_shows_every_kind_of_mark(collection: Project) -> None:
    tree = read_docs(collection.folder / "docs")
    assert check_tree(tree) == ()
    counts = plan_site(tree).counts
    assert counts == {**counts, "transcripts": 1, "corrections": 4, "doubts": 1, "entries": 2}
    sample = collection.read("docs/transcripts/mending-a-bridge.md")
    assert [mark for mark in ("{~~", "{--", "{==", ": note:") if mark not in sample] == []


def test_the_sample_goes_as_the_guide_says(collection: Project) -> None:
    guide = (ROOT / "docs/own-collection.md").read_text("utf-8")
    for path in " ".join(re.findall(r"(?m)^rm (.+)$", guide)).split():
        (collection.folder / path).unlink()
    tree = read_docs(collection.folder / "docs")
    assert (check_tree(tree), plan_site(tree).counts["transcripts"]) == ((), 0)


def test_nothing_of_another_collection_comes_along(collection: Project) -> None:
    folders = ("transcripts", "sources", "glossary", "then-and-now")
    assert {path.name for folder in folders for path in Path("docs", folder).glob("*")} == {
        *("mending-a-bridge.vtt", "mending-a-bridge.md", "ines-calder.md", "scour.md", "index.md"),
        *("mending-a-bridge-b.srt", "mending-a-bridge-c.json", "mending-a-bridge-d.txt"),
        "SHA256SUMS",
    }
    top = {path.name for path in collection.folder.iterdir()}
    assert top == {".gitattributes", ".github", ".gitignore", "README.md", "docs", "mkdocs.yml"}
    inherited = list_inherited()
    assert {"assets/sic.js", "verify.py", "format.md"} <= inherited.keys()
    assert "assets/card.png" not in inherited


def test_a_file_of_ones_own_wins_over_one_that_is_inherited(collection: Project) -> None:
    collection.write({"docs/verify.py": b"own", "docs/assets/styles/theme.css": b"own"})
    tree = read_docs(Path("docs"))
    assert (tree["verify.py"], tree["assets/styles/theme.css"]) == (b"own", b"own")
    assert list(tree) == sorted(tree)
    collection.write({"mkdocs.yml": f"{collection.read('mkdocs.yml')}plugins: [tags]\n".encode()})
    assert is_divisible("mkdocs", list_configs()[:1])
    assert not is_divisible("mkdocs", list_configs())


def test_the_template_is_what_a_new_collection_is() -> None:
    files = (path for path in (ROOT / "template").rglob("*") if path.is_file())
    found = {path.relative_to(ROOT / "template").as_posix(): path.read_bytes() for path in files}
    assert found == render_collection("Our talks", DEFAULT_LICENCE)


HOMES = {
    "stated": ("---\ntitle: A\nformat: 1\n---\n# A\n", None),
    "not stated": ("---\ntitle: A\n---\n# A\n", "---\nformat: 1\ntitle: A\n---\n# A\n"),
    "without a head": ("# A\n\nformat: 7 \n", "---\nformat: 1\n---\n# A\n\nformat: 7 \n"),
}


@pytest.mark.parametrize("case", HOMES)
def test_upgrade_states_the_format_and_says_so(collection: Project, case: str) -> None:
    home, after = HOMES[case]
    collection.write({"docs/index.md": home.encode()})
    run = collection.run("upgrade")
    told = "docs/index.md states format: 1\nformat 1: 1 file changed\n"
    assert run.output == (told if after else "nothing to change: format 1\n")
    assert collection.read("docs/index.md") == (after or home)
    assert collection.run("upgrade").output == "nothing to change: format 1\n"


def test_another_format_is_a_problem_that_names_the_remedy(collection: Project) -> None:
    collection.replace("docs/index.md", "format: 1", "format: 2")
    run = collection.run("check")
    assert "“format”: “2” has not the right shape" in run.errors
    assert "run sic upgrade; if it is newer, install a newer Sic" in run.errors
    assert collection.run("upgrade").status == 1
    assert "format: 2" in collection.read("docs/index.md")


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
    assert re.search(r"(?m)^format: 1$", collection.read("docs/index.md"))
    assert "Amodei" not in collection.read("README.md") + collection.read("docs/index.md")


@pytest.mark.engine
@pytest.mark.parametrize("engine", ["mkdocs", "zensical"])
def test_collection_builds_at_once(collection: Project, engine: str) -> None:
    assert "site: site/index.html" in run_engine(collection, engine)
    page = "site/transcripts/mending-a-bridge/index.html"
    text = collection.read(page)
    assert "Ines Calder" in text
    assert _UNCHANGED in run_engine(collection, engine)
    collection.write({page: b"of another hand"})
    assert _UNCHANGED not in run_engine(collection, engine)
    assert collection.read(page) == text
    assert _UNCHANGED not in run_engine(collection, engine, "--fresh")
    collection.write({"mkdocs.yml": f"{collection.read('mkdocs.yml')}\n".encode()})
    assert _UNCHANGED not in run_engine(collection, engine)


def test_odd_names_stay_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = Project(tmp_path).run("new", "my talks", "--name", "A {licence}", "--licence", " ")
    assert "next:   cd 'my talks' && sic serve" in done.output
    home = (tmp_path / "my talks/docs/index.md").read_text(encoding="utf-8")
    assert 'title: "A {licence}"\ndescription: ' in home
    assert f'licence: "{DEFAULT_LICENCE}"' in home
    assert render_collection("{name}", "")["mkdocs.yml"].count(b"{name}") == 1


_UNCHANGED = "nothing changed since it was made"


@pytest.mark.parametrize("there", ["a file", "a folder with something in it"])
def test_existing_files_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: str) -> None:
    monkeypatch.chdir(tmp_path)
    kept = tmp_path / "talks" if there == "a file" else tmp_path / "talks" / "kept.txt"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("kept", encoding="utf-8")
    done = Project(tmp_path).run("new", "talks")
    told = "talks is there already: name a folder that is new or empty"
    assert (done.status, told in done.errors) == (1, True)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [kept]


@pytest.fixture(scope="module")
def sic(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The command of a wheel, in an empty environment that borrows this one's other libraries."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "setup.py", "-q", "egg_info", "--egg-base", str(folder)]
    build += ["build", "--build-base", str(folder / "build")]
    run([*build, "bdist_wheel", "--bdist-dir", str(folder / "all"), "-d", str(folder)], ROOT)
    (wheel,) = folder.glob("*.whl")
    place = folder / "environment"
    run([sys.executable, "-m", "venv", "--without-pip", str(place)], folder)
    pip = [sys.executable, "-m", "pip", "--python", str(place), "install", "--quiet"]
    run([*pip, "--no-index", "--no-deps", "--no-warn-script-location", str(wheel)], folder)
    (libraries,) = place.glob("[Ll]ib/**/site-packages")
    # An editable installation is not found so, as Python reads no .pth file of a borrowed folder.
    (libraries / "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return str(next(place.glob("*/sic*")))


@pytest.mark.engine
def test_a_wheel_alone_makes_a_site_from_nothing(sic: str, tmp_path: Path) -> None:
    run([sic, "new", "talks", "--name", NAME], tmp_path)
    folder, talks = tmp_path / "talks", Project(tmp_path / "talks")
    talks.write({name: text.encode() for name, text in FILES.items()})
    for name in FILES:
        run([sic, "import", name], folder)
    assert "fine" in run([sic, "check"], folder)
    run([sic, "build", "--site"], folder)
    listed = talks.read("site/transcripts/index.html")
    assert [name for name in FILES if f'/transcripts/{Path(name).stem}/"' not in listed] == []
    assert "Good day to you." in talks.read("site/transcripts/2026-01-13-fourth/index.html")
    assert "use strict" in talks.read("site/assets/sic.js")
    run([sys.executable, "site/verify.py", "site"], folder)


@pytest.mark.engine
def test_a_file_shows_on_a_page_without_a_collection(sic: str, tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write({"my talk.vtt": FILES["2026-01-10-first.vtt"].encode()})
    environment = {key: text for key, text in os.environ.items() if key != "PYTHONPATH"}
    with serve(project, [sic, "serve", "my talk.vtt"], environment) as preview:
        preview.wait_for("transcripts/my-talk/", lambda shown: "Good morning." in shown)
    assert list(tmp_path.iterdir()) == [tmp_path / "my talk.vtt"]
