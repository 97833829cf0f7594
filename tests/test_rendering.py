"""Sites of which only changed pages are rendered, held against sites that are rendered whole."""

from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest

from build_tools.build import rendering
from build_tools.build.rendering import divide, exclude_others, find_ids, is_divisible
from build_tools.build.site import read_docs
from tests.benchmarks.talks import make_tree, write_collection
from tests.project import Project
from tests.trees import check_tree

_TALK, _NEW = "transcripts/mending-a-bridge.md", "glossary/footbridge.md"
_BRIDGE = (
    "---\nterm: footbridge\nalso: [foot-bridges]\nkind: concept\nshort: For feet.\n---\nIt is.\n"
)


def add_files(docs: Path) -> None:
    """Adds a file that MkDocs never publishes, and one beside those of Pagefind."""
    for folder in ("templates", "pagefind"):
        (docs / folder).mkdir()
        (docs / folder / "note.txt").write_text("Keep this.", "utf-8")


def add_style(docs: Path) -> None:
    """Puts a style sheet in place of the one that is inherited."""
    (docs / "assets").mkdir()
    (docs / "assets/sic.css").write_text("p { color: red }\n", encoding="utf-8")


# What is changed below docs/, and how many of how many pages are rendered then.
_STEPS: tuple[tuple[str, Callable[[Path], object], str], ...] = (
    ("nothing", lambda docs: None, "15 of 15"),
    (
        "an entry",
        lambda docs: edit(docs / "glossary/scour.md", "An entry says", "It says"),
        "1 of 15",
    ),
    (
        "a tooltip",
        lambda docs: edit(docs / "glossary/scour.md", "The washing", "Washing"),
        "4 of 15",
    ),
    ("a comma", lambda docs: edit(docs / _TALK, "me is", "me, is"), "3 of 15"),
    ("an entry more", lambda docs: (docs / _NEW).write_text(_BRIDGE, "utf-8"), "4 of 16"),
    ("by hand", lambda docs: edit(docs / "policy.md", "# Editorial", "# The"), "1 of 16"),
    ("an entry less", lambda docs: (docs / _NEW).unlink(), "15 of 15"),
    ("files in two odd folders", add_files, "0 of 15"),
    ("one less", lambda docs: (docs / "templates/note.txt").unlink(), "15 of 15"),
    ("a style", add_style, "0 of 15"),
)


def edit(path: Path, old: str, new: str) -> None:
    """Replaces the first place of a text in a file."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def collection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A new collection, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    assert Project(tmp_path).run("new", "talks").status == 0
    monkeypatch.chdir(tmp_path / "talks")
    return Project(tmp_path / "talks")


def read_site(collection: Project) -> dict[str, bytes]:
    """All files of the site in place."""
    site = collection.folder / "site"
    return {str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*.*")}


@pytest.mark.engine
def test_what_changed_is_rendered_and_the_site_is_as_if_all_were(
    collection: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, change, rendered in _STEPS:
        change(collection.folder / "docs")
        with monkeypatch.context() as patch:
            patch.setattr(rendering, "_MOST_BYTES", 10_000)
            done = collection.run("build", "--site", "--jobs", "2")
        assert (done.status, done.errors) == (0, "")
        assert f"mkdocs: renders {rendered} pages" in done.output, name
        partly = read_site(collection)
        assert collection.run("build", "--site", "--fresh", "--jobs", "1").status == 0
        assert partly == read_site(collection), name


@pytest.mark.engine
def test_links_to_places_that_went_are_told(collection: Project) -> None:
    docs = collection.folder / "docs"
    edit(docs / "index.md", "transcripts/index.md)", "policy.md#how-it-is-proved)")
    assert collection.run("build", "--site").status == 0
    before = read_site(collection)
    edit(docs / "policy.md", "## How it is proved", "## The proof")
    done = collection.run("build", "--site")
    assert done.status == 1
    assert "not there, 2:\n    index.html: policy/#how-it-is-proved" in done.errors
    assert read_site(collection) == before


def test_pages_are_shared_by_their_size() -> None:
    sizes = {"a.md": 5, "b.md": 4, "c.md": 1, "d.md": 1}
    assert divide(sizes, 2) == [["a.md", "c.md"], ["b.md", "d.md"]]
    assert exclude_others(["b.md", "x/a [1].md"], pages_only=False) == "/**\n!/b.md\n!/x/a??1?.md"


def test_places_have_an_id_or_the_name_of_a_link() -> None:
    page = '<a id=one name="two"><a href="#x" name=three><p id="four"><meta name="five">'
    assert find_ids(page) == {"one", "two", "three", "four"}


def test_the_collection_of_the_benchmark_is_right(tmp_path: Path) -> None:
    pages = ((f"{folder}/index.md", b"# All\n") for folder in ("glossary", "transcripts"))
    write_collection(chain(pages, make_tree(2)), tmp_path)
    assert [problem for problem in check_tree(read_docs(tmp_path)) if not problem.warning] == []


@pytest.mark.parametrize(
    ("old", "new", "divisible"),
    [
        ("Home", "Start", True),
        ("Home: index.md", "index.md", False),
        ("- Editorial policy: policy.md", "- policy.md", False),
        ("nav:", "not_nav:", False),
        ("  - search:", "  - tags\n  - search:", False),
        ("plugins:", "hooks: [one.py]\nplugins:", False),
    ],
)
def test_pages_are_divisible_where_none_can_show_the_title_of_another(
    old: str, new: str, divisible: bool, tmp_path: Path
) -> None:
    config = tmp_path / "mkdocs.yml"
    config.write_text(Path("mkdocs.yml").read_text("utf-8"), "utf-8")
    edit(config, old, new)
    assert is_divisible("mkdocs", [config]) is divisible
