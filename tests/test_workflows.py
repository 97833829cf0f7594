"""GitHub workflows: permissions, trusted input, and the text of reviews."""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
WORKFLOWS = {path.name: path for path in sorted((ROOT / ".github/workflows").glob("*.yml"))}
TEMPLATE = ROOT / "template/.github/workflows/publish.yml"
EVERY = pytest.mark.parametrize("path", [*WORKFLOWS.values(), TEMPLATE], ids=lambda path: path.name)
OWN_WORKFLOWS = {f"uses: ./.github/workflows/{name}" for name in WORKFLOWS}
PINNED = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")

# The only code of ours that a token may write beside, and where it comes from.
REVIEW = "python3 -m build_tools.authoring.mark.pull_request"
DEFAULT_BRANCH = {
    "ref": "${{ github.event.repository.default_branch }}",
    "persist-credentials": False,
}


def read_workflow(path: Path) -> dict[Any, Any]:
    value: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return value


def jobs_that_write(workflow: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    """The jobs whose token may write something; those of the whole workflow where it says so."""
    for job in workflow["jobs"].values():
        permissions = job.get("permissions", workflow.get("permissions"))
        rights = permissions.values() if isinstance(permissions, dict) else [permissions]
        guarded = job.get("if") == "github.event_name != 'pull_request'"
        if not guarded and not {None, "write-all", "write"}.isdisjoint(rights):
            yield job


def steps(workflow: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    """Every step of every job; a job that is another workflow has none here."""
    for job in workflow["jobs"].values():
        yield from job.get("steps", ())


def triggers(workflow: dict[Any, Any]) -> set[str]:
    """The events that start a workflow; YAML reads the key `on` as true."""
    return set(workflow[True])


@EVERY
def test_every_step_is_pinned_short_and_free_of_expressions_and_tokens(path: Path) -> None:
    lines = [line.strip(" -") for line in path.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        if line.startswith("uses:"):
            assert PINNED.fullmatch(line) or line in OWN_WORKFLOWS
    workflow = read_workflow(path)
    assert "defaults" not in workflow
    for step in steps(workflow):
        assert "shell" not in step
        assert "${{" not in step.get("run", "")
        assert len(step.get("run", "").splitlines()) <= 9
        if "checkout" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


@EVERY
def test_no_workflow_lends_its_rights_to_a_pull_request(path: Path) -> None:
    workflow = read_workflow(path)
    assert "pull_request_target" not in triggers(workflow)
    assert workflow["permissions"]
    if not {"pull_request", "workflow_call"}.isdisjoint(triggers(workflow)):
        assert list(jobs_that_write(workflow)) == []
    for job in jobs_that_write(workflow):
        assert "uses" not in job
        for step in job["steps"]:
            if "checkout" in step.get("uses", ""):
                assert step["with"] == DEFAULT_BRANCH
            else:
                lines = step.get("run", "").splitlines()
                assert lines == [REVIEW] or {line.split()[0] for line in lines} <= {"git", "gh"}


def test_only_what_passed_the_checks_is_published() -> None:
    assert triggers(read_workflow(WORKFLOWS["check.yml"])) == {"pull_request", "workflow_call"}
    for file, last in (("publish.yml", "deploy"), ("release.yml", "publish")):
        jobs = read_workflow(WORKFLOWS[file])["jobs"]
        assert list(jobs) == ["check", "build", last]
        assert jobs["check"] == {"uses": "./.github/workflows/check.yml"}
        for job, needed in (("build", "check"), (last, "build")):
            assert jobs[job]["needs"] == needed
            succeeded = f"${{{{ !cancelled() && needs.{needed}.result == 'success' }}}}"
            assert jobs[job]["if"] == succeeded


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    command = ["git", *identity, "-c", "commit.gpgsign=false", *arguments]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return run.stdout.strip()


def compare(folder: Path, base: str) -> str:
    """The output of the job `scope` for the commits since a base."""
    job = read_workflow(WORKFLOWS["check.yml"])["jobs"]["scope"]
    (step,) = (step for step in job["steps"] if step.get("id") == "compare")
    output = folder.parent / "output"
    output.unlink(missing_ok=True)
    environment = os.environ | {"BASE": base, "GITHUB_OUTPUT": str(output)}
    command = ["bash", "-e", "-c", step["run"]]
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    return output.read_text()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        *((["docs/transcripts/talk.md"], "false"), (["docs/new/page.md"], "false"), ([], "false")),
        *((["docs/format.md"], "true"), (["docs/assets/sic.js"], "true")),
        *((["docs/verify.py"], "true"), (["build_tools/text/words.py"], "true")),
        *((["docs/index.md", "mkdocs.yml"], "true"), (["docs.md"], "true")),
    ],
    ids=str,
)
def test_a_change_in_docs_runs_no_tests(tmp_path: Path, changed: list[str], expected: str) -> None:
    folder = tmp_path / "repository"
    for path in ("tests/test_words.py", "docs/format.md", *changed):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("before\n")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "before")
    base = git(folder, "rev-parse", "HEAD")
    for path in changed:
        (folder / path).write_text("after\n")
    git(folder, "commit", "--quiet", "--all", "--allow-empty", "--message", "after")
    assert compare(folder, base) == f"program={expected}\n"
    for unknown in ("", "0" * 40):
        assert compare(folder, unknown) == "program=true\n"
    git(folder, "rm", "-r", "--quiet", "tests")
    assert compare(folder, base) == "program=false\n"


def test_the_tests_of_the_program_run_on_every_python_that_it_supports() -> None:
    job = read_workflow(WORKFLOWS["check.yml"])["jobs"]["program"]
    assert (job["needs"], job["if"]) == ("scope", "needs.scope.outputs.program == 'true'")
    assert job["steps"][-1] == {"run": ".ci/run"}
    assert job["strategy"]["matrix"] == {"python": ["3.11", "3.12", "3.13", "3.14"]}


def report(folder: Path, base: str, **environment: str) -> tuple[int, str, str]:
    """The status, the problems and the report of a change that is the last commit."""
    summary = folder.parent / "summary"
    summary.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-I", ROOT / "build_tools/authoring/mark/changes.py", base],
        cwd=folder,
        env=os.environ | {"GITHUB_STEP_SUMMARY": str(summary)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, summary.read_text(encoding="utf-8")


def commit(folder: Path, files: dict[str, str | None]) -> str:
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        if text is not None:
            place.write_text(text, encoding="utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "a change")
    return git(folder, "rev-parse", "HEAD")


ONE, TWO = (f"{digit * 64}  {name}.txt\n" for digit, name in (("1", "one"), ("2", "two")))
SEALED = "docs/sources/SHA256SUMS"


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A repository with two sources and an edition."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet")
    files = {"docs/sources/one.txt": "so it is\n", "docs/sources/two.txt": "so\n"}
    commit(folder, {**files, SEALED: ONE + TWO, "docs/transcripts/one.md": "so it is\n"})
    return folder


def test_new_sources_are_fine_and_what_else_happens_to_one_is_a_problem(history: Path) -> None:
    base = git(history, "rev-parse", "HEAD")
    three = ONE + TWO + f"{'3' * 64}  three.txt\n"
    commit(history, {"docs/sources/three.txt": "new\n", SEALED: three})
    status, problems, summary = report(history, base)
    assert (status, problems) == (0, "")
    assert "    docs/sources/three.txt\n" in summary
    base = commit(history, {"docs/sources/two.txt": None, SEALED: three.replace(TWO, "")})
    status, problems, _ = report(history, f"{base}~")
    assert status == 1
    assert "::error file=docs/sources/two.txt,line=1::a source was removed" in problems
    assert f"::error file={SEALED},line=1::a line was changed or taken out" in problems
    assert report(history, f"{base}~", MAY_REMOVE="true")[:2] == (0, "")
    commit(history, {"docs/sources/one.txt": "so it was\n"})
    status, problems, summary = report(history, base, MAY_REMOVE="true")
    assert (status, problems.count("::error")) == (1, 1)
    assert "::error file=docs/sources/one.txt,line=1::a source was changed" in problems
    assert "so it [-is-]{+was+}" in summary


def test_no_attribute_hides_a_change_and_no_character_hides_in_it(history: Path) -> None:
    base = git(history, "rev-parse", "HEAD")
    text = "---\nsource:\n  format: plain\n---\nso\u200bit \u202eis\n"
    commit(history, {".gitattributes": "* -diff\n", "docs/transcripts/one.md": text})
    _, _, summary = report(history, base)
    assert "so⟨U+200B⟩it" in summary
    assert "⟨U+202E⟩is" in summary
    assert "{+  format: plain+}" in summary
    assert summary.index("{+* -diff+}") < summary.index("format: plain")
    assert "a stranger's" in summary


def test_what_is_cut_is_said(history: Path) -> None:
    base = git(history, "rev-parse", "HEAD")
    commit(history, {"docs/transcripts/one.md": "so it goes on\n" * 40_000})
    _, _, summary = report(history, base)
    assert len(summary) < 1_000_000
    assert re.search(r"Cut here: [0-9,]+ of [0-9,]+ characters are not shown", summary)


# The review --------------------------------------------------------------------------------------

SHA = "a" * 40
EDITION = "docs/transcripts/talk.md"
# A fake of GitHub's CLI: it answers from a file and keeps posts.
GH = """\
#!{python}
import json, os, pathlib, sys
folder = pathlib.Path(os.environ["ANSWERS"])
path = next(part for part in sys.argv if part.startswith("repos/"))
with open(folder / "asked", "a") as asked:
    asked.write(" ".join(sys.argv[1:]) + "\\n")
if "POST" in sys.argv:
    (folder / "posted").write_bytes(sys.stdin.buffer.read())
elif path.endswith("/zip"):
    sys.stdout.buffer.write((folder / "zip").read_bytes())
else:
    answers = json.loads((folder / "answers").read_text())
    print(json.dumps(answers[path.removeprefix("repos/o/r/")]))
"""


def suggestion(first: int = 2, last: int = 2, *lines: str, path: str = EDITION) -> dict[str, Any]:
    more: dict[str, Any] = {"rest": [], "footnotes": []}
    return {"path": path, "first": first, "last": last, "lines": [*lines] or ["a line"], **more}


def run_review(
    folder: Path,
    content: bytes,
    *,
    head: str = SHA,
    reviews: list[Any] | None = None,
    patch: str = "@@ -1 +1,3 @@\n a\n+b\n c",
) -> tuple[dict[str, Any] | None, subprocess.CompletedProcess[str]]:
    """The review posted for an artifact, or None, and the run of the script."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("suggestions.json", content)
    (folder / "zip").write_bytes(packed.getvalue())
    repository = {"repo": {"full_name": "o/r"}}
    answers = {
        "actions/runs/7/artifacts": {
            "artifacts": [
                {"name": "preview", "id": 1, "size_in_bytes": 9},
                {"name": "suggestions", "id": 2, "size_in_bytes": len(packed.getvalue())},
            ]
        },
        "pulls": [{"number": 5, "head": {"sha": head}, "base": repository}],
        "pulls/5/reviews": reviews or [],
        "pulls/5/files": [{"filename": EDITION, "patch": patch}, {"filename": "picture.png"}],
    }
    (folder / "answers").write_text(json.dumps(answers))
    gh = folder / "gh"
    gh.write_text(GH.format(python=sys.executable))
    gh.chmod(0o755)
    (job,) = read_workflow(WORKFLOWS["review.yml"])["jobs"].values()
    _, step = job["steps"]
    assert step["run"] == REVIEW
    environment = {
        "REPOSITORY": "o/r",
        "RUN": "7",
        "HEAD_SHA": SHA,
        "HEAD_OWNER": "ann",
        "HEAD_BRANCH": "x; $(rm)",
        "ANSWERS": str(folder),
        "GH_TOKEN": "none",
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
    }
    assert set(step["env"]) == set(environment) - {"ANSWERS", "PATH"}
    # Nothing is installed where it runs: without `site` there is the standard library alone.
    run = subprocess.run(
        [sys.executable, "-S", *REVIEW.split()[1:]],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    posted = folder / "posted"
    return (json.loads(posted.read_text()) if posted.exists() else None), run


def artifact(*suggestions: object) -> bytes:
    return json.dumps({"suggestions": suggestions}).encode()


def test_lines_that_the_pull_request_shows_are_suggestions(tmp_path: Path) -> None:
    given = artifact(suggestion(2, 2, "one"), suggestion(1, 3, "1", "2", "3"), suggestion(3, 4))
    posted, run = run_review(tmp_path, given)
    assert run.returncode == 0, run.stderr
    assert posted
    assert (posted["event"], posted["commit_id"]) == ("COMMENT", SHA)
    first, second = posted["comments"]
    assert first["body"].endswith(":\n\n```suggestion\none\n```")
    assert (first["path"], first["line"], first["side"]) == (EDITION, 2, "RIGHT")
    assert "start_line" not in first
    assert (second["start_line"], second["start_side"], second["line"]) == (1, "RIGHT", 3)


def test_mark_and_footnote_are_one_suggestion_where_the_paragraph_is_shown(tmp_path: Path) -> None:
    more = {"rest": ["c"], "footnotes": ["[^b]: garble?, sound:"]}
    given = [suggestion(line, line, "{~~a~>b~~}[^b]") | more for line in (2, 3, 9)]
    posted, _ = run_review(tmp_path, artifact(*given))
    assert posted
    whole, parted = posted["comments"]
    block = "{~~a~>b~~}[^b]\nc\n\n[^b]: garble?, sound:\n```"
    assert (whole["start_line"], whole["line"]) == (2, 3)
    assert whole["body"].endswith(f":\n\n```suggestion\n{block}")
    assert parted["line"] == 3
    assert parted["body"].endswith("around it:\n\n```\n[^b]: garble?, sound:\n```")


def test_the_pull_request_is_the_one_of_the_event(tmp_path: Path) -> None:
    run_review(tmp_path, artifact(suggestion()))
    asked = (tmp_path / "asked").read_text()
    assert "--method GET repos/o/r/pulls -f state=open -f head=ann:x; $(rm)\n" in asked
    assert asked.splitlines()[-1] == "api --method POST repos/o/r/pulls/5/reviews --input -"


@pytest.mark.parametrize(
    ("content", "others"),
    [
        *((artifact(), {}), (artifact(suggestion()), {"head": "b" * 40})),
        (
            artifact(suggestion()),
            {"reviews": [{"commit_id": SHA, "user": {"login": "github-actions[bot]"}}]},
        ),
    ],
)
def test_nothing_is_posted_twice(tmp_path: Path, content: bytes, others: dict[str, Any]) -> None:
    posted, run = run_review(tmp_path, content, **others)
    assert (posted, run.returncode, run.stdout) == (None, 0, "nothing to suggest\n")


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\xff", b"[" * 100_000, b"null", b"[]", b'{"suggestions": 1}'),
        *(b'{"suggestions": []}x', b'{"suggestions": [], "number": 6}'),
    ],
)
def test_invalid_artifact_is_refused(tmp_path: Path, content: bytes) -> None:
    posted, run = run_review(tmp_path, content)
    assert posted is None
    assert run.stderr.startswith("the artifact ")
    assert run.returncode == 1


def test_a_suggestion_that_is_none_is_left_out(tmp_path: Path) -> None:
    hostile: list[object] = [
        *(None, 1, [], {}, suggestion() | {"body": "x"}, suggestion() | {"lines": "text"}),
        *(suggestion(path="../x.md"), suggestion(path="docs/transcripts/`x`.md")),
        *(suggestion(path=f"{EDITION}\n"), suggestion(path=".github/workflows/check.yml")),
        *(suggestion(0, 1), suggestion(3, 2), suggestion(1, 90), suggestion() | {"first": True}),
        *(suggestion() | {"first": "1"}, suggestion() | {"first": 1.5}, suggestion(1, 10**9)),
        *(suggestion(2, 2, "a\nb"), suggestion(2, 2, "\u202e"), suggestion(2, 2, "\x1b[2J")),
        *(suggestion(2, 2, "x" * 5001), suggestion(2, 2, *["x"] * 41)),
        *(suggestion() | {"lines": []}, suggestion() | {"lines": [1]}),
        *(suggestion() | {"rest": ["\n"]}, suggestion() | {"footnotes": ["x"] * 41}),
    ]
    posted, run = run_review(tmp_path, artifact(*hostile, suggestion(2, 2, "good")))
    assert run.returncode == 0, run.stderr
    assert posted
    (comment,) = posted["comments"]
    assert comment["body"].endswith(":\n\n```suggestion\ngood\n```")
    assert "`docs" not in posted["body"]


@pytest.mark.parametrize("ticks", [3, 4, 30])
def test_no_text_ends_the_fence_around_it(tmp_path: Path, ticks: int) -> None:
    line = f"{'`' * ticks} @everyone ![x](https://example.org/) <img src=x>"
    posted, _ = run_review(tmp_path, artifact(suggestion(2, 2, line)))
    assert posted
    longer = "`" * (ticks + 1)
    assert posted["comments"][0]["body"].endswith(f"\n{longer}suggestion\n{line}\n{longer}")


def test_a_review_has_an_end(tmp_path: Path) -> None:
    posted, _ = run_review(tmp_path, artifact(*[suggestion()] * 120))
    assert posted
    assert len(posted["comments"]) == 30
