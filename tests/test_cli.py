"""The command line: what it says, where it says it, and how it ends."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from unittest.mock import Mock

import pytest

from build_tools.cli.printing import _tick
from tests.project import EDITION, ENTRY, SOURCE, Project, small_tree

ROOT = Path(__file__).parent.parent
COMMANDS = (
    *("check", "build", "serve", "import", "formats"),
    *("mark", "suggest", "vocabulary", "new", "upgrade"),
)
FINE = "fine: every word is accounted for\n"
STATUSES = "Exit status: 0 fine, 1 problems found, 2 wrong usage."


def run_program(
    folder: Path, *arguments: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """`python -m build_tools` as a program of its own."""
    return subprocess.run(
        [sys.executable, "-m", "build_tools", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        capture_output=True,
        check=False,
    )


# Help -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_teaches_the_commands(project: Project, option: str) -> None:
    run = project.run(option)
    assert run.status == 0
    assert run.errors == ""
    for command in COMMANDS:
        assert re.search(rf"^  sic {command} ", run.output, re.MULTILINE)
    assert "sic check         what is wrong, and what to write instead" in run.output
    assert STATUSES in run.output


def test_without_arguments_the_command_says_what_to_do_next(project: Project) -> None:
    told = [project.run()]
    (project.folder / EDITION).unlink()
    told.append(project.run())
    shutil.rmtree(project.folder / "docs")
    told.append(project.run())
    assert {run.status for run in told} == {0}
    for run, wanted in zip(told, ("sic check", "sic import FILE", "sic new FOLDER"), strict=True):
        assert wanted in run.output


def list_modules(statement: str, *arguments: str) -> set[str]:
    """The names of all modules that a statement imports in a program of its own."""
    code = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); "
    command = [sys.executable, "-c", code + statement, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    return set(run.stderr.decode().split())


@pytest.mark.parametrize(
    ("arguments", "rooms", "most"),
    [
        (["--help"], {"build", "cli", "model"}, 30),
        (["formats"], {"build", "cli", "model", "sources"}, 30),
    ],
)
def test_help_and_formats_import_little(arguments: list[str], rooms: set[str], most: int) -> None:
    imported = list_modules("from build_tools.cli import main; main()", *arguments)
    own = {name.split(".")[1] for name in imported if name.startswith("build_tools.")}
    assert own == rooms
    heavy = {"pydantic", "mkdocs", "symspellpy", "rapidfuzz", "multiprocessing"}
    assert imported & heavy == set()
    assert len(imported - list_modules("import click, yaml")) <= most


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_a_command_does_and_how_it_ends(project: Project, command: str) -> None:
    run = project.run(command, "--help")
    assert run.status == 0
    assert run.output.startswith(f"Usage: main {command} [OPTIONS]")
    assert f"\n  sic {command}" in run.output
    assert STATUSES in run.output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_explained(project: Project, command: str) -> None:
    text = project.run(command, "--help").output.partition("Options:\n")[2]
    options = [pair for pair in pairwise([*text.splitlines(), ""]) if pair[0].startswith("  -")]
    assert options
    for line, below in options:
        assert re.search(r"\S  +\S", line.strip()) or below.startswith("      ")


def test_version_is_that_of_the_package() -> None:
    version = metadata.version("sic-transcripts")
    run = run_program(ROOT, "--version")
    assert (run.stdout.decode(), run.returncode) == (f"sic, version {version}\n", 0)


def test_a_terminal_is_told_what_takes_over_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    _tick("at work", Mock(wait=Mock(side_effect=[False, False, True])))
    _tick("at rest", Mock(wait=Mock(side_effect=[True])))
    assert capsys.readouterr().err == f"\rat work … 1 s\rat work … 2 s\r{' ' * 13}\r"


# Exit status ------------------------------------------------------------------------------------


def test_status_is_0_where_all_is_well(project: Project) -> None:
    assert project.run("check") == (0, FINE, "")
    assert project.run("build").status == 0


def test_status_is_1_where_there_are_problems(project: Project) -> None:
    project.replace(EDITION, "almost since", "since")
    assert project.run("check").status == 1
    assert project.run("build").status == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("chekc",), "No such command 'chekc'"),
        (("check", "--fast"), "No such option"),
        (("check", "--format", "xml"), "'xml' is not one of"),
        (("check", "docs/nothing.md"), "docs/nothing.md: there is no such file or folder"),
        (("check", "README.md"), "README.md: not in docs/, and nothing else is checked"),
        (("mark",), "Missing argument 'PATHS...'"),
        (("mark", "docs/nothing.md"), "docs/nothing.md: there is no such file or folder"),
        (("mark", "paris-2024"), f"no such file or folder; write {EDITION}"),
        (("mark", ENTRY), f"{ENTRY}: not an edition; those are in docs/transcripts/"),
        (("build", "--engine", "jekyll"), "'jekyll' is not one of"),
        (("build", "docs"), "unexpected extra argument"),
        (("serve", "--port", "many"), "'many' is not a valid integer"),
        (("serve", EDITION), "did you mean paris-2024?"),
    ],
)
def test_wrong_usage_has_status_2(project: Project, arguments: tuple[str, ...], said: str) -> None:
    project.write({"README.md": b"Text.\n"})
    run = project.run(*arguments)
    assert run.status == 2
    assert run.output == ""
    assert said in run.errors
    assert "Usage: main" in run.errors


@pytest.mark.parametrize("command", ["check", "build"])
def test_folder_without_docs_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    run = Project(tmp_path).run(command)
    assert run.status == 1
    assert run.errors.startswith("docs:1:1: there is no such folder\n    run sic where docs/ is\n")
    assert list(tmp_path.iterdir()) == []


def test_unwritable_output_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    project = Project(tmp_path)
    project.write({**small_tree(), "build": b"a file where the folder is to be"})
    run = project.run("build")
    assert run.status == 1
    assert "cannot be written" in run.errors
    assert "build/docs/ stays as it was" in run.errors
    assert project.read("build") == "a file where the folder is to be"


@pytest.mark.parametrize("folder", ["data", "corrections", "doubts", "downloads"])
def test_folder_that_the_build_makes_is_not_for_hands(project: Project, folder: str) -> None:
    project.write({f"docs/{folder}/2024.md": b"[]"})
    assert project.run("check").errors == (
        f"docs/{folder}/2024.md:1:1: {folder}/ is made by the build\n"
        "    call it docs/assets/2024.md\n"
        "1 problem in 1 file\n"
    )


@pytest.mark.parametrize(
    ("old", "new"), [(EDITION, "docs/transcripts/by-year.md"), (ENTRY, "docs/glossary/by-kind.md")]
)
def test_name_that_the_build_uses_names_no_page(project: Project, old: str, new: str) -> None:
    name = Path(new).stem
    project.write({new: project.read(old).encode().replace(b"](chris-olah.md)", b"](by-kind.md)")})
    errors = project.run("check").errors
    assert f"{new}:1:1: the build makes pages below {Path(new).parent.name}/{name}/" in errors
    assert f"give it another name, such as {name}-2" in errors


# Where things are said --------------------------------------------------------------------------


def test_results_go_to_the_output_and_problems_to_the_errors(project: Project) -> None:
    run = project.run("build")
    assert run.errors == ""
    assert run.output.splitlines()[0] == (
        "1 transcript, 34 words, 3 corrections, 1 doubt, 2 entries, 2 mentions"
    )
    assert re.fullmatch(
        r"build/docs: 0 files written, 0 removed, \d+ unchanged, in \d+\.\d\d s",
        run.output.splitlines()[1],
    )
    project.replace(ENTRY, "kind: person", "kind: persn")
    run = project.run("build")
    assert run.output == ""
    assert run.errors.startswith(f"{ENTRY}:3:1: ")


def test_warnings_are_said_beside_the_results(project: Project) -> None:
    project.write({SOURCE: project.read(SOURCE).encode().replace(b"\n", b"\r\n")})
    run = project.run("check")
    assert (run.status, run.output) == (0, FINE)
    assert run.errors.startswith(f"{SOURCE}:1:1: warning: ")


# Paths ------------------------------------------------------------------------------------------


def break_two_files(project: Project) -> None:
    project.replace(EDITION, "almost since", "since")
    project.replace(ENTRY, "kind: person", "kind: persn")


@pytest.mark.parametrize(
    ("paths", "reported"),
    [
        *((paths, [ENTRY, EDITION]) for paths in ((), ("docs",), ("docs/",), (".",), ("..",))),
        *((("docs/glossary",), [ENTRY]), (("docs/transcripts/../glossary",), [ENTRY])),
        *(((EDITION,), [EDITION]), ((f"./{EDITION}",), [EDITION])),
        ((ENTRY, EDITION), [ENTRY, EDITION]),
        *(((SOURCE,), []), (("docs/glossary/interpretability.md",), [])),
    ],
)
def test_check_reports_paths(project: Project, paths: tuple[str, ...], reported: list[str]) -> None:
    break_two_files(project)
    run = project.run("check", *paths)
    places = [line for line in run.errors.splitlines() if line.startswith("docs/")]
    assert [place.split(":")[0] for place in places] == reported
    assert run.status == (1 if reported else 0)


def test_absolute_paths_are_as_good(project: Project) -> None:
    break_two_files(project)
    run = project.run("check", str(project.folder / EDITION))
    assert run.errors.endswith("1 problem in 1 file\n")
    assert ENTRY not in run.errors


# Annotations for pull requests ------------------------------------------------------------------


def test_format_github_prints_an_annotation_for_each_problem(project: Project) -> None:
    break_two_files(project)
    run = project.run("check", "--format", "github")
    assert run.status == 1
    kind = "kinds: concept, person, organisation, model, work, event"
    word = "the source says “almost” (line 2, 00:03), and the edition leaves it out"
    write = "put it back, or write {--almost--}[^why] and give the reason in [^why]"
    assert run.output.splitlines() == [
        f"::error file={ENTRY},line=3,col=1::“kind”: “persn” has not the right shape%0A{kind}",
        f"::error file={EDITION},line=18,col=17::{word}%0A{write}",
    ]
    assert run.errors == "2 problems in 2 files\n"


def test_format_github_lists_all_in_the_summary_and_annotates_what_is_shown(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = {"GITHUB_STEP_SUMMARY": str(project.folder / "summary"), "HEAD_SHA": "abc"}
    for name, value in {**summary, "GITHUB_REPOSITORY": "o/r"}.items():
        monkeypatch.setenv(name, value)
    project.write({SOURCE: b"\xef\xbb\xbf" + project.read(SOURCE).encode()})
    for number in range(12):
        project.write({f"docs/glossary/a-{number:02}.md": b"Text | <b> @x.\n"})
    project.replace(EDITION, "almost since", "`|<b>|` [a](b) since")
    run = project.run("check", "--format", "github")
    assert [line[:8] for line in run.output.splitlines()] == ["::error "] * 10
    rows = project.read("summary").split("|---|---|---|\n")[1].splitlines()
    assert len(rows) == 15
    assert all(row.count("|") == 4 for row in rows)
    assert any(f"/o/r/blob/abc/{EDITION}?plain=1#L18) |" in row for row in rows[:-1])
    assert f"/o/r/blob/abc/{SOURCE}?plain=1#L1) |" in rows[-1]
    assert "<b>" not in "".join(rows)
    project.write({f"docs/glossary/{'b' * 200}-{n}.md": b"Text.\n" for n in range(700)})
    project.run("check", "--format", "github")
    assert len(project.read("summary")) < 350_000
    assert project.read("summary").endswith(" more problems; run sic check\n")


def test_format_github_prints_warnings_as_warnings(project: Project) -> None:
    project.write({SOURCE: b"\xef\xbb\xbf" + project.read(SOURCE).encode()})
    mark = "the source begins with a byte order mark%0Akept as it is; nothing to do"
    run = project.run("check", "--format", "github")
    assert run.output == f"::warning file={SOURCE},line=1,col=1::{mark}\n{FINE}"
    assert (run.status, run.errors) == (0, "")


def test_format_github_escapes_what_could_be_another_command(project: Project) -> None:
    project.replace(ENTRY, "kind: person", 'kind: "100%\\n::error::x\\r%0A"')
    project.write({"docs/glossary/a,b:c%\n::error::x.md": b"Text.\n"})
    run = project.run("check", "--format", "github")
    commands = run.output.splitlines()
    assert all(line.startswith("::error file=docs/glossary/") for line in commands)
    assert f"::error file={ENTRY},line=3,col=1::" in run.output
    assert "100%25 ::error::x %250A" in run.output
    assert "file=docs/glossary/a%2Cb%3Ac%25 %3A%3Aerror%3A%3Ax.md,line=1,col=1::" in run.output


# Marks ------------------------------------------------------------------------------------------

MARKED = f"""\
{EDITION}: 2 marks, 2 footnotes to fill
    {EDITION}:30:1: [^nearly]: garble?, sound: …
    {EDITION}:31:1: [^earlier]: garble?, sound: …
"""


def edit_plainly(project: Project) -> None:
    project.replace(EDITION, "almost since", "nearly since")
    project.replace(EDITION, "before.[^when]", "earlier.[^when]")


def test_mark_makes_marks_of_plain_edits_and_says_what_to_fill(project: Project) -> None:
    edit_plainly(project)
    run = project.run("mark", EDITION)
    assert (run.status, run.errors) == (0, "")
    assert run.output == MARKED
    text = project.read(EDITION)
    assert "So, {~~almost~>nearly~~}[^nearly] since" in text
    assert "{~~before~>earlier~~}[^earlier].[^when]" in text
    check = project.run("check")
    assert check.status == 1
    assert check.errors == (
        f"{EDITION}:30:1: footnote nearly has no reason\n"
        "    say in a sentence what a reader can check: [^nearly]: garble?, sound: …\n"
        f"{EDITION}:31:1: footnote earlier has no reason\n"
        "    say in a sentence what a reader can check: [^earlier]: garble?, sound: …\n"
        "2 problems in 1 file\n"
    )


def test_mark_changes_nothing_the_second_time(project: Project) -> None:
    edit_plainly(project)
    project.run("mark", "docs/transcripts")
    before = project.read(EDITION)
    run = project.run("mark", "docs/transcripts")
    assert run.output.startswith(f"{EDITION}: nothing to mark, 2 footnotes to fill\n")
    assert project.read(EDITION) == before


def test_mark_leaves_line_ends_and_everything_else_as_they_are(project: Project) -> None:
    edit_plainly(project)
    text = project.read(EDITION).encode().replace(b"\n", b"\r\n")
    project.write({EDITION: b"\xef\xbb\xbf" + text})
    assert project.run("mark", EDITION).status == 0
    expected = text.replace(b"nearly", b"{~~almost~>nearly~~}[^nearly]")
    expected = expected.replace(b"earlier.[^when]", b"{~~before~>earlier~~}[^earlier].[^when]")
    expected = expected.removesuffix(b"\r\n")
    expected += b"\r\n[^nearly]: garble?, sound:\r\n[^earlier]: garble?, sound:\r\n"
    assert (project.folder / EDITION).read_bytes() == b"\xef\xbb\xbf" + expected


def test_mark_writes_nothing_where_the_form_of_an_edition_is_broken(project: Project) -> None:
    edit_plainly(project)
    project.replace(EDITION, "~>Google~~}", "~>Google~~")
    before = project.read(EDITION)
    run = project.run("mark", EDITION)
    assert (run.status, run.output) == (1, "")
    assert "“{~~” has no partner, or another mark stands between the two" in run.errors
    assert run.errors.endswith("1 problem; nothing was written\n")
    assert project.read(EDITION) == before


def test_mark_says_what_cannot_be_read_or_written(project: Project) -> None:
    project.replace(EDITION, "title: A talk in Paris\n", "")
    run = project.run("mark", EDITION)
    assert run.status == 1
    assert "“title” is missing from the front matter" in run.errors
    project.replace(EDITION, "date: ", "title: A talk in Paris\ndate: ")
    project.replace(EDITION, "file: paris-2024.txt", "file: paris-2025.txt")
    run = project.run("mark", EDITION)
    assert run.status == 1
    assert "the source “paris-2025.txt” is not in docs/sources/" in run.errors
    project.replace(EDITION, "file: paris-2025.txt", "file: paris-2024.txt")
    run = project.run("mark", EDITION, "--review", "nowhere/review.json")
    assert run.status == 1
    assert run.errors.startswith("nowhere/review.json: No such file or directory\n    free some")


def test_marks_are_suggested_by_whole_lines(project: Project) -> None:
    edit_plainly(project)
    before = project.read(EDITION)
    run = project.run("mark", "docs/transcripts", "--review", "review.json")
    assert (run.status, run.output) == (0, "review.json: 1 edition to mark\n")
    assert project.read(EDITION) == before
    suggestions = json.loads(project.read("review.json"))["suggestions"]
    lines = before.split("\n")
    for one in reversed(suggestions):
        assert one["path"] == EDITION
        rest = lines[one["last"] : one["last"] + len(one["rest"])]
        assert one["rest"] == rest
        end = one["last"] + len(rest)
        lines[one["first"] - 1 : end] = [*one["lines"], *rest, "", *one["footnotes"]]
    project.write({EDITION: "\n".join(lines).encode()})
    marked = project.run("mark", EDITION).output
    assert marked.startswith(f"{EDITION}: nothing to mark, 2 footnotes to fill\n")
    assert (suggestions[0]["first"], suggestions[0]["last"]) == (18, 18)
    assert [one["footnotes"] for one in suggestions] == [
        [f"[^{word}]: garble?, sound:"] for word in ("nearly", "earlier")
    ]


# Control characters -----------------------------------------------------------------------------

CONTROLS = {
    "a clear screen": "\x1b[2J",
    "a title of the window": "\x1b]0;x\x07",
    "a bell": "\a",
    "a backspace": "\b",
    "a carriage return": "\r",
    "a delete": "\x7f",
    "an eight-bit control": "\x9b2J",
    "right to left": "\u202e",
    "an isolate": "\u2066",
    "a line separator": "\u2028",
    "nothing to see": "\u200b",
}


@pytest.mark.parametrize("style", ["text", "github"])
@pytest.mark.parametrize("signs", CONTROLS.values(), ids=CONTROLS.keys())
def test_control_characters_reach_no_terminal(project: Project, signs: str, style: str) -> None:
    project.replace(EDITION, "[^olah]: name, record:", f"[^olah{signs}]: name, record:")
    project.replace(EDITION, "(#t7-2)", f"(x{signs}.md)" if signs.isprintable() else "(x.md)")
    project.write({f"docs/glossary/a{signs}b.md": b"Text.\n"})
    run = project.run("check", "--format", style)
    assert run.status == 1
    printed = (run.output + run.errors).replace("\n", "")
    assert [sign for sign in printed if not sign.isprintable()] == []


def test_messages_about_endless_words_have_an_end(project: Project) -> None:
    project.replace(EDITION, "almost since", f"{'a' * 100_000} since")
    run = project.run("check")
    assert run.status == 1
    assert max(len(line) for line in run.errors.splitlines()) < 2100


# As a program -----------------------------------------------------------------------------------


def test_package_runs_as_a_program(project: Project) -> None:
    run = run_program(project.folder, "check")
    assert (run.returncode, run.stdout.decode(), run.stderr) == (0, FINE, b"")


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_terminal_of_any_encoding_is_served(project: Project, encoding: str) -> None:
    project.replace(EDITION, "almost since", "漢字 since")
    for style in ("text", "github"):
        run = run_program(
            project.folder,
            *("check", "--format", style),
            environment={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        )
        assert run.returncode == 1
        assert b"Traceback" not in run.stderr
        assert EDITION.encode() in run.stdout + run.stderr


def test_problems_of_the_real_collection_are_none() -> None:
    run = run_program(ROOT, "check")
    assert run.returncode == 0, run.stderr.decode()


def test_a_preview_on_a_taken_port_ends_at_once_and_says_so(project: Project) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = project.run("serve", "--port", str(port))

    assert done.status == 1
    assert f"port {port} cannot be listened on: choose another with --port" in done.errors
