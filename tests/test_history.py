"""What changed in each edition, from the repository in which docs/ stands."""

import re
import shutil
import subprocess
from pathlib import Path
from unittest.mock import Mock

import pytest

from build_tools.build import history
from build_tools.build.cache import Memory
from build_tools.build.history import read_histories
from build_tools.build.plan import Plan, plan_site
from build_tools.build.site import build_site
from build_tools.model.edition import Change
from build_tools.reading.tree import read_tree
from tests.project import Project
from tests.trees import talk_tree

PAGE = "transcripts/talk.md"
HOSTILE = "A <b>*change*</b> {~~of~>in~~} [x](javascript:alert(1)) \u202e\x07 & { .sic-version }"


def git(folder: Path, *arguments: str) -> str:
    command = ("git", "-c", "user.name=Ann", "-c", "user.email=ann@example.org", *arguments)
    return subprocess.run(command, cwd=folder, capture_output=True, check=True, text=True).stdout


def commit(folder: Path, subject: str) -> None:
    git(folder, "add", "docs")
    git(folder, "commit", "-q", "--allow-empty", "-m", subject, "--date", "2026-11-29T12:00:00Z")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with one talk, which was changed once."""
    folder = tmp_path / "project"
    git(tmp_path, "init", "-q", "project")
    for text, subject in (("We said.", "First"), ("So we said.", HOSTILE)):
        Project(folder).write({f"docs/{path}": data for path, data in talk_tree(text).items()})
        commit(folder, subject)
    # What people set in Git changes no page.
    git(folder, "config", "diff.relative", "true")
    git(folder, "config", "i18n.logOutputEncoding", "UTF-16")
    return folder


def build(project: Path) -> tuple[Plan, list[str], bytes]:
    """What a build plans, what it writes, and the talk's page."""
    output = project / "build/docs"
    plan, written = build_site(project / "docs", output, cache=project / ".cache/sic")
    return plan, sorted(written.written), (output / PAGE).read_bytes()


def test_the_page_lists_its_versions_and_the_words_of_commits_are_inert(project: Path) -> None:
    text = build(project)[2].decode()
    digest = git(project, "hash-object", f"docs/{PAGE}").strip()
    assert f"\nVersion {digest[:10]}.\n{{ .sic-version }}\n" in text
    listed = text[text.index('<details class="sic-history">') : text.index("</ul></details>")]
    assert "What changed: 2 versions" in listed
    assert listed.index(digest[:10]) < listed.index("First")
    assert "&lt;b&gt;*change*" in listed
    assert "\u202e" not in listed
    assert text.count("sic-history") == 1
    assert set(re.findall(r"<(\w+)", listed)) == {"details", "summary", "ul", "li", "code"}


def test_without_its_whole_history_a_page_is_as_without_any(project: Path, tmp_path: Path) -> None:
    bare = plan_site(read_tree(project / "docs")).files[PAGE]
    assert b"sic-history" not in bare
    assert build(project)[2] != bare
    git(tmp_path, "clone", "-q", "--depth", "1", project.as_uri(), "shallow")
    shutil.copytree(project / "docs", tmp_path / "plain/docs")
    for name in ("shallow", "plain"):
        assert build(tmp_path / name)[2] == bare


def test_a_commit_compiles_nothing_again(project: Path) -> None:
    build(project)
    commit(project, "Something else")
    plan, written, _ = build(project)
    assert (plan.compiled, written) == ((), [])
    Project(project).replace(f"docs/{PAGE}", "So we", "So, we")
    assert build(project)[0].compiled == ("talk",)
    commit(project, "A comma")
    plan, written, page = build(project)
    assert (plan.compiled, written) == ((), [PAGE])
    assert b"A comma" in page


def test_one_process_reads_the_log_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, store = Mock(wraps=history._run_git), Memory()
    monkeypatch.setattr(history, "_run_git", run)
    found = [read_histories(project / "docs", store) for _ in range(2)]
    assert [call.args[1] for call in run.mock_calls] == ["rev-parse", "log", "rev-parse"]
    assert found[0] == found[1]
    assert [one.subject for one in found[0]["talk"]][1:] == ["First"]
    assert found[0]["talk"][0] == Change("2026-11-29", *found[0]["talk"][0][1:])


def test_git_that_fails_or_is_missing_has_no_history(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(project))
    assert read_histories(project / "docs", Memory()) == {}
