"""Corpora, compiled and compared with their expected output, file by file.

Four are compared whole; together they have every kind of published file. Each of the others is
compared in the files that show what it is there for: those that its `expected` folder holds.
`pytest tests/test_golden.py --accept` writes down what comes out now: read the difference.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from build_tools.build.plan import plan_site
from build_tools.reading.tree import read_tree
from tests.books import open_book
from tests.pages import parse_page
from tests.trees import check_tree

CORPORA = Path(__file__).parent / "corpora"
NAMES = sorted(path.name for path in CORPORA.iterdir())
WHOLE = ("every-mark", "german", "linked", "right-to-left")
SITE = "https://example.org/talks/"


def check_expected(docs: Path, expected: Path, *, accept: bool, whole: bool = True) -> None:
    """Compares what a folder compiles to with the files of another, or writes those.

    Where it is not `whole`, only the files that the other folder holds already are looked at.
    """
    made = unpack_books(plan_site(read_tree(docs), site_url=SITE).files)
    if not whole:
        under_test = read_tree(expected).keys()
        assert under_test
        made = {path: data for path, data in made.items() if path in under_test}
    if accept:
        shutil.rmtree(expected, ignore_errors=True)
        for path, data in made.items():
            (expected / path).parent.mkdir(parents=True, exist_ok=True)
            (expected / path).write_bytes(data)
    wanted = read_tree(expected)
    assert sorted(made.keys() - wanted.keys()) == [], "made, but not expected"
    assert sorted(wanted.keys() - made.keys()) == [], "expected, but not made"
    for path, data in wanted.items():
        assert made[path].decode().splitlines() == data.decode().splitlines(), path
        assert made[path] == data, path


def unpack_books(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with each book as a folder of its texts: so a difference can be read.

    Its style is no matter of a corpus.
    """
    texts = {path: data for path, data in files.items() if not path.endswith(".epub")}
    books = {path: _texts(files[path]) for path in files.keys() - texts.keys()}
    return texts | {f"{path}/{name}": data for path in books for name, data in books[path].items()}


def _texts(book: bytes) -> dict[str, bytes]:
    members = open_book(book).members
    return {name: data for name, data in members.items() if not name.endswith(".css")}


@pytest.mark.parametrize("name", NAMES)
def test_a_corpus_compiles_to_what_is_expected(name: str, pytestconfig: pytest.Config) -> None:
    accept = bool(pytestconfig.getoption("--accept"))
    corpus = CORPORA / name
    check_expected(corpus / "docs", corpus / "expected", accept=accept, whole=name in WHOLE)


def test_the_whole_corpora_have_every_kind_of_file() -> None:
    """A format that none of them publishes would be compared nowhere."""
    made = {name: plan_site(read_tree(CORPORA / name / "docs")).files for name in NAMES}
    kinds = {name: {"".join(Path(path).suffixes) for path in made[name]} for name in NAMES}
    assert set().union(*kinds.values()) == set().union(*(kinds[name] for name in WHOLE))


@pytest.mark.parametrize("name", NAMES)
def test_a_corpus_has_no_problem_and_no_id_twice(name: str) -> None:
    docs = read_tree(CORPORA / name / "docs")
    assert [problem for problem in check_tree(docs) if not problem.warning] == []
    for path, data in plan_site(docs).files.items():
        if path.endswith(".md"):
            ids = parse_page(data).ids
            assert sorted(set(ids)) == sorted(ids), path


def small_corpus(folder: Path) -> tuple[Path, Path]:
    shutil.copytree(CORPORA / "minimal/docs", folder / "docs")
    check_expected(folder / "docs", folder / "expected", accept=True)
    return folder / "docs", folder / "expected"


def test_a_file_expected_but_not_made_fails(tmp_path: Path) -> None:
    docs, expected = small_corpus(tmp_path)
    (expected / "more.md").write_text("# More\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="expected, but not made"):
        check_expected(docs, expected, accept=False)


def test_a_file_made_but_not_expected_fails(tmp_path: Path) -> None:
    docs, expected = small_corpus(tmp_path)
    (docs / "more.md").write_text("# More\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="made, but not expected"):
        check_expected(docs, expected, accept=False)


def test_a_byte_that_differs_fails(tmp_path: Path) -> None:
    docs, expected = small_corpus(tmp_path)
    page = expected / "transcripts/talk.md"
    page.write_bytes(page.read_bytes() + b"\n")
    with pytest.raises(AssertionError, match=r"transcripts/talk\.md"):
        check_expected(docs, expected, accept=False)


def test_a_part_is_compared_in_the_files_that_are_there(tmp_path: Path) -> None:
    docs, expected = small_corpus(tmp_path)
    page = expected / "transcripts/talk.md"
    for path in expected.rglob("*"):
        if path.is_file() and path != page:
            path.unlink()
    check_expected(docs, expected, accept=False, whole=False)
    check_expected(docs, expected, accept=True, whole=False)
    assert list(read_tree(expected)) == ["transcripts/talk.md"]
    page.write_bytes(page.read_bytes() + b"\n")
    with pytest.raises(AssertionError, match=r"transcripts/talk\.md"):
        check_expected(docs, expected, accept=False, whole=False)
    (expected / "more.md").write_text("# More\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="expected, but not made"):
        check_expected(docs, expected, accept=False, whole=False)


def test_accepted_output_passes(tmp_path: Path) -> None:
    docs, expected = small_corpus(tmp_path)
    (docs / "more.md").write_text("# More\n", encoding="utf-8")
    check_expected(docs, expected, accept=True)
    check_expected(docs, expected, accept=False)
