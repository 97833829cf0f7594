"""`sic suggest` as its users run it: the list, the objects, and the questions of a review."""

import json
import re
from pathlib import Path
from unittest.mock import Mock

import pytest
from click.testing import CliRunner

from build_tools.cli import main
from tests.project import EDITION, ENTRY, SOURCE, Project, Run

_PROSE = "So we went there and it was a long way, and then they said that it would be fine."
_LOOP = "so so so so so so so so"
# Names that no list has are seldom errors; these tests want one.
_ALL = ("--least", "0.3")
_MORE = f"It was so {_LOOP} enough that Mister Zqorvath knew."


@pytest.fixture
def talk(project: Project) -> Project:
    """The small project with more speech in it, in which three errors are not marked."""
    heard = f"00:08{_PROSE}\n00:09Chris Ola came.\n00:10{_MORE}\n"
    project.replace(SOURCE, "00:12I worked at", f"{heard}00:12I worked at")
    project.replace(EDITION, "I worked at", f"{_PROSE} Chris Ola came. {_MORE}\n\nI worked at")
    assert project.run("check").status == 0
    return project


def review(answers: str, *options: str) -> Run:
    """A review in which these keys are typed, a line each."""
    command = ["suggest", "paris-2024", "--review", *_ALL, *options]
    result = CliRunner().invoke(main, command, input=answers, catch_exceptions=False)
    return Run(result.exit_code, result.stdout, result.stderr)


def test_suggestion_in_full(talk: Project) -> None:
    run = talk.run("suggest", EDITION, "--limit", "1")
    assert (run.status, run.output.startswith(f"{EDITION}:")) == (0, True)
    assert "99% “Ola” was corrected to “Olah” at transcripts/paris-2024.md#t7" in run.output
    for told in ("[Ola] came", "(line 6, 00:09)", "{~~Ola~>Olah~~}[^olah]"):
        assert told in run.output
    assert run.output.endswith("1 suggestion\n")


def test_json_is_a_list_of_objects(talk: Project) -> None:
    run = talk.run("suggest", "paris-2024", "--json", *_ALL)
    listed = json.loads(run.output)
    found = [(item["heard"], item["said"]) for item in listed]
    assert found == [("Ola", "Olah"), (_LOOP, ""), ("Zqorvath", None)]
    keys = "path line column source_line time before heard after said kind grade why likelihood"
    assert list(listed[0]) == [*keys.split(), "mark", "footnote"]
    first = listed[0]
    edition = talk.read(EDITION).split("\n")
    assert edition[first["line"] - 1][first["column"] - 1 :].startswith("Ola came")
    assert (first["path"], first["source_line"], first["time"]) == (EDITION, 6, 9)
    assert first["before"].endswith("Chris")
    assert listed[2]["mark"].startswith("{==Zqorvath==}{>>")


@pytest.mark.parametrize(("limit", "number"), [("0", 0), ("2", 2), ("99", 3)])
def test_limit_leaves_the_likeliest(talk: Project, limit: str, number: int) -> None:
    run = talk.run("suggest", "paris-2024", "--json", "--limit", limit, *_ALL)
    assert len(json.loads(run.output)) == number


_OLAH = "Chris {~~Ola~>Olah~~}[^olah] came"
_HORVATH = "{~~Zqorvath~>Horvath~~}[^"


def test_accepted_marks_are_written_and_pass_the_check(talk: Project) -> None:
    run = review("y\ny\ny\n")
    written = talk.read(EDITION)
    assert (run.status, run.output.splitlines()[-1]) == (0, f"{EDITION}: 3 marks written")
    marks = (f"so {{--{_LOOP}--}}[^repetition] enough", "Mister {==Zqorvath==}{>>")
    for text in (_OLAH, *marks, "[^repetition]: repetition?, grammar: "):
        assert text in written
    assert written.count("[^olah]: ") == 1
    assert talk.run("check").status == 0
    assert [path.name for path in Path("docs/transcripts").iterdir()] == ["paris-2024.md"]


def test_line_ends_of_the_file_stay_as_they_are(talk: Project) -> None:
    talk.write({EDITION: talk.read(EDITION).replace("\n", "\r\n").encode("utf-8-sig")})
    assert review("y\ny\ny\n").status == 0
    written = (talk.folder / EDITION).read_bytes()
    assert written.startswith(b"\xef\xbb\xbf---\r\n")
    assert written.count(b"\n") == written.count(b"\r\n")
    assert talk.run("check").status == 0


def test_unwritable_edition_stays(talk: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before = talk.read(EDITION)
    full = OSError(28, "No space left on device", EDITION)
    monkeypatch.setattr(Path, "replace", Mock(side_effect=full))
    run = review("y\nq\n")
    assert (run.status, talk.read(EDITION)) == (1, before)
    assert f"{EDITION}: No space left on device" in run.errors
    assert [path.name for path in Path("docs/transcripts").iterdir()] == ["paris-2024.md"]


@pytest.mark.parametrize("answers", ["n\nn\nn\n", "\n\n\n"])
def test_refused_ones_are_not_written(talk: Project, answers: str) -> None:
    before, run = talk.read(EDITION), review(answers)
    told = run.output.splitlines()[-1]
    assert (run.status, told, talk.read(EDITION)) == (0, "nothing was changed", before)


@pytest.mark.parametrize(
    ("answers", "written", "told"),
    [
        *((ending, (_OLAH, _LOOP), "") for ending in ("y\nq\n", "y\n")),
        (
            "n\nn\ne\nHorvath\nHis name on the programme.\n",
            (_HORVATH, ": name: His name on the programme."),
            "",
        ),
        # An edit that would not pass, and a wrong answer, are asked for again.
        ("n\nn\ne\n~~}\nNo word.\nHorvath\nHis name.\n", (_HORVATH,), ""),
        ("perhaps\ny\nq\n", (), "1 mark written"),
        # Whatever is typed, the edition passes.
        *(
            (f"n\nn\ne\n{typed}\nA *reason* [^x] {{++.\n", (), "")
            for typed in ("a~>b", "{~~x", "*[y](z)", "<b>", "[^olah]", "b~~}")
        ),
    ],
)
def test_what_is_accepted_or_typed_is_written_and_passes(
    talk: Project, answers: str, written: tuple[str, ...], told: str
) -> None:
    run = review(answers)
    assert (run.status, told in run.output) == (0, True)
    assert [text for text in written if text not in talk.read(EDITION)] == []
    assert talk.run("check").status == 0


def test_words_called_right_are_not_asked_about_again(talk: Project) -> None:
    run = review("s\ns\nn\n", "--by", "Ann")
    assert "docs/decisions.csv: 1 decision written" in run.output
    header, decision = talk.read("docs/decisions.csv").splitlines()
    assert header == "form,decision,who,date,place"
    assert re.fullmatch(r"zqorvath,no,Ann,\d{4}-\d\d-\d\d,", decision)
    listed = json.loads(talk.run("suggest", "paris-2024", "--json", *_ALL).output)
    assert [item["heard"] for item in listed] == ["Ola", _LOOP]
    assert review("n\n").status == 0
    assert talk.read("docs/decisions.csv").count("\n") == 3


_PLACE = "transcripts/paris-2024.md#t10w4"
_UNSURE = "zqorvath,unsure,Ann,"


@pytest.mark.parametrize(
    ("answers", "marks", "decisions", "told"),
    [
        ("y\nq\n", 2, [], "1 right, 2 left"),
        ("n\nq\n", 0, ["ola,no,Ann,"], "1 not an error, 2 left"),
        ("y\nu\nu\nn\ny\nq\n", 1, ["ola,no,Ann,"], "1 right, 1 not an error, 1 left"),
        ("p\ny\nn\nq\n", 1, ["ola,no,Ann,transcripts/paris-2024.md#t12w4"], "2 left"),
        ("p\nu\nn\nn\nc\n", 0, ["ola,no,Ann,", f"{_LOOP},no,Ann,{_PLACE}", _UNSURE], "0 left"),
        ("s\nc\nq\n", 0, [f"{_LOOP},unsure,Ann,{_PLACE}"], "1 cannot tell, 1 skipped, 1 left"),
    ],
)
def test_review_decides_once_for_all_places(
    talk: Project, answers: str, marks: int, decisions: list[str], told: str
) -> None:
    for path in (SOURCE, EDITION):
        talk.replace(path, "I worked at", "I met Chris Ola. I worked at")
    talk.replace(EDITION, "\nsource:", "\nrecording: https://example.org/a.mp3\nsource:")
    before = talk.read(EDITION).count("}[^")
    run = review(answers, "--by", "Ann")
    assert "1 of 3: right?" in run.output
    assert "listen from 00:04: https://example.org/a.mp3#t=4\n" in run.output
    assert told in run.output
    written = talk.read("docs/decisions.csv") if decisions else ""
    lines = [re.sub(r"\d{4}-\d\d-\d\d,", "", line) for line in written.splitlines()[1:]]
    assert lines == decisions
    assert talk.read(EDITION).count("}[^") == before + marks
    assert talk.run("check").status == 0
    again, other = review("q\n", "--by", "Ann"), review("s\n" * 9, "--by", "Bob")
    unsure = any("unsure" in line for line in decisions)
    assert ("1 suggestion left out: you could not tell" in again.output) == unsure
    assert ("Ann could not tell on 20" in other.output) == unsure


@pytest.mark.parametrize("line", ["Ola", "Ola,perhaps,Ann,2026-11-30", ",no,Ann,2026-11-30", '"'])
def test_line_that_is_no_decision_is_a_problem(talk: Project, line: str) -> None:
    talk.write({"docs/decisions.csv": f"form,decision,who,date\n{line}\n".encode()})
    run, told = talk.run("check"), "docs/decisions.csv:2:1: this line is no decision"
    assert (run.status, told in run.errors) == (1, True)


def test_check_warns_of_no_word_called_right(talk: Project) -> None:
    assert "“Ola” stands here" in talk.run("check").errors
    talk.write({"docs/decisions.csv": b"form,decision,who,date\nola,no,Ann,2026-11-30\n"})
    assert "“Ola” stands here" not in talk.run("check").errors


def test_files_of_other_recognisers_are_witnesses(talk: Project) -> None:
    read = talk.read(SOURCE).replace("fine", "vine")
    talk.write({"b.txt": read.replace("Mister", "Sister").encode(), "c.txt": read.encode()})
    for name in ("b.txt", "c.txt"):
        assert talk.run("import", "--witness", "paris-2024", name).status == 0
    listed = json.loads(talk.run("suggest", "paris-2024", "--json", *_ALL).output)
    found = {item["heard"]: item for item in listed}
    assert (found["fine"]["said"], found["fine"]["grade"]) == ("vine", "witnesses agree")


@pytest.mark.parametrize(
    ("engine", "expected"),
    [
        ("whisper", "Olah, Google, Chris Olah, interpretability, Andrew Ross Sorkin, Dario Amodei"),
        ("hotwords", "Olah Google Chris Olah interpretability Andrew Ross Sorkin Dario Amodei"),
        ("deepgram", "keyterm=Olah&keyterm=Google&keyterm=Chris%20Olah&keyterm=interpretability"),
        ("assemblyai", '{"word_boost": ["Olah", "Google", "Chris Olah", "interpretability"'),
        ("aws", "Phrase\tIPA\tSoundsLike\tDisplayAs\nOlah\t\t\tOlah\nGoogle\t\t\tGoogle\n"),
    ],
)
def test_vocabulary_has_the_form_of_an_engine(talk: Project, engine: str, expected: str) -> None:
    assert talk.run("vocabulary", "--for", engine).output.startswith(expected)


_NOTE = "[^olah]: name, record: He writes his name Olah.\n"


@pytest.mark.parametrize(
    ("slug", "old", "new", "told"),
    [
        (
            "pariss-2024",
            "",
            "",
            ("there is no transcript “pariss-2024”", "did you mean paris-2024?"),
        ),
        ("paris-2024", "Chris Ola came", "Chris Olah came", ("the source says “Ola”",)),
        ("paris-2024", _NOTE, "", ("footnote olah is not defined", "put this right first")),
    ],
)
def test_unknown_transcript_or_wrong_edition_is_told(
    talk: Project, slug: str, old: str, new: str, told: tuple[str, ...]
) -> None:
    if old:
        talk.replace(EDITION, old, new)
    run = talk.run("suggest", slug)
    assert (run.status, run.output) == (1, "")
    assert [text for text in told if text not in run.errors] == []


def test_problems_of_other_files_are_no_hindrance(talk: Project) -> None:
    talk.replace(ENTRY, "kind: person", "kind: persn")
    assert talk.run("suggest", "paris-2024").status == 0


def test_wrong_usage_has_status_2(talk: Project) -> None:
    assert talk.run("suggest", "paris-2024", "--json", "--review").status == 2
    assert talk.run("suggest").status == 2


def test_folder_without_docs_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    run = Project(empty).run("suggest", "paris-2024")
    assert (run.status, "there is no such folder" in run.errors) == (1, True)


def test_terminal_is_safe_from_what_a_file_says(talk: Project) -> None:
    talk.replace(ENTRY, "also: [Olah]", 'also: [Olah, "Mister\\e[31m Zqorvat"]')
    assert "\x1b" not in talk.run("suggest", "paris-2024").output
