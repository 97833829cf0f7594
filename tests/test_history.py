"""What changed in each edition, from the repository in which docs/ stands."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import build_tools.build.history
from build_tools.build.cache import Memory
from build_tools.build.history import parse_histories, read_histories
from build_tools.build.plan import Plan, plan_site
from build_tools.build.site import build_site
from build_tools.model.edition import Change
from build_tools.reading.tree import read_tree
from tests.trees import talk_tree

PAGE = "transcripts/talk.md"
HOSTILE = "A <b>*change*</b> {~~of~>in~~} [x](javascript:alert(1)) \u202e\x07 & { .sic-version }"


def git(folder: Path, *arguments: str) -> str:
    own = (
        "-c",
        "user.name=Ann",
        "-c",
        "user.email=ann@example.org",
        "-c",
        "init.defaultBranch=main",
    )
    command = ("git", *own, *arguments)
    return subprocess.run(command, cwd=folder, capture_output=True, check=True, text=True).stdout


def commit(folder: Path, subject: str) -> None:
    git(folder, "add", "docs")
    git(folder, "commit", "-q", "--allow-empty", "-m", subject, "--date", "2026-11-29T12:00:00Z")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with one talk, which was changed once."""
    folder = tmp_path / "project"
    for text, subject in (("We said.", "First"), ("So we said.", HOSTILE)):
        for path, data in talk_tree(text).items():
            (folder / "docs" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "docs" / path).write_bytes(data)
        sums = subprocess.run(
            ["sha256sum", "talk.txt"], cwd=folder / "docs/sources", capture_output=True, check=True
        )
        (folder / "docs/sources/SHA256SUMS").write_bytes(sums.stdout)
        if not (folder / ".git").exists():
            git(folder, "init", "-q")
        commit(folder, subject)
    # What people set in Git changes no page.
    git(folder, "config", "diff.relative", "true")
    git(folder, "config", "i18n.logOutputEncoding", "UTF-16")
    return folder


def build(project: Path) -> tuple[Plan, list[str]]:
    plan, written = build_site(
        project / "docs", project / "build/docs", cache=project / ".cache/sic"
    )
    return plan, sorted(written.written)


def page(project: Path) -> bytes:
    return (project / "build/docs" / PAGE).read_bytes()


def test_the_page_lists_its_versions_and_the_words_of_commits_are_inert(project: Path) -> None:
    build(project)
    text = page(project).decode()
    digest = git(project, "hash-object", f"docs/{PAGE}").strip()
    assert f"\nVersion {digest[:10]}.\n{{ .sic-version }}\n" in text
    history = text[text.index('<details class="sic-history">') : text.index("</ul></details>")]
    assert "What changed: 2 versions" in history
    assert history.index(digest[:10]) < history.index("First")
    assert "&lt;b&gt;*change*" in history
    assert "\u202e" not in history
    assert text.count("sic-history") == 1
    assert set(re.findall(r"<(\w+)", history)) == {"details", "summary", "ul", "li", "code"}


def test_without_its_whole_history_a_page_is_as_without_any(project: Path, tmp_path: Path) -> None:
    bare = plan_site(read_tree(project / "docs")).files[PAGE]
    assert b"sic-history" not in bare
    build(project)
    assert page(project) != bare
    git(tmp_path, "clone", "-q", "--depth", "1", project.as_uri(), "shallow")
    shutil.copytree(project / "docs", tmp_path / "plain/docs")
    for name in ("shallow", "plain"):
        build(tmp_path / name)
        assert page(tmp_path / name) == bare


def test_a_commit_compiles_nothing_again(project: Path) -> None:
    build(project)
    commit(project, "Something else")
    plan, written = build(project)
    assert (plan.compiled, written) == ((), [])
    edition = project / "docs" / PAGE
    edition.write_text(edition.read_text("utf-8").replace("So we", "So, we"), "utf-8")
    assert build(project)[0].compiled == ("talk",)
    commit(project, "A comma")
    plan, written = build(project)
    assert (plan.compiled, written) == ((), [PAGE])
    assert b"A comma" in page(project)


def test_one_process_reads_the_log_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def count(folder: Path, *arguments: str) -> str:
        calls.append(arguments[0])
        return run(folder, *arguments)

    run = build_tools.build.history._run_git
    monkeypatch.setattr(build_tools.build.history, "_run_git", count)
    store = Memory()
    found = [parse_histories(read_histories(project / "docs", store)) for _ in range(2)]
    assert calls == ["rev-parse", "log", "rev-parse"]
    assert found[0] == found[1]
    assert [one.subject for one in found[0]["talk"]][1:] == ["First"]
    assert found[0]["talk"][0] == Change("2026-11-29", *found[0]["talk"][0][1:])


def test_git_that_fails_or_is_missing_has_no_history(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(project))
    assert parse_histories(read_histories(project / "docs", Memory())) == {}
