"""Bad input, end to end: problems with places and remedies, status 1, and the last build unchanged.

Each test breaks one thing in a small valid project and runs the command.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.project import EDITION, ENTRY, SOURCE, Project
from tests.test_golden import unpack_books

OTHER_ENTRY = "docs/glossary/interpretability.md"
STAYS = "build/docs/ stays as it was"


def expect_problems(project: Project, expected: str) -> None:
    """Asserts that `check` and `build` report exactly this, fail, and keep the last build.

    `expected` has two lines for each problem: place and problem, and the remedy.
    """
    before = project.built()
    number = sum(not line.startswith("    ") for line in expected.splitlines())
    count = f"{number} problem{'s' * (number > 1)}"
    checked, built = project.run("check"), project.run("build")
    assert checked.errors.splitlines()[:-1] == expected.splitlines()
    assert checked.errors.splitlines()[-1].startswith(f"{count} in ")
    assert built.errors == f"{expected}\n{count}; {STAYS}\n"
    assert (checked.status, built.status) == (1, 1)
    assert (checked.output, built.output) == ("", "")
    assert project.built() == before


def expect_warnings(project: Project, expected: str) -> None:
    """Asserts that `check` and `build` report exactly this and succeed."""
    checked, built = project.run("check"), project.run("build")
    assert checked.errors == built.errors == expected
    assert (checked.status, built.status) == (0, 0)
    assert checked.output == "fine: every word is accounted for\n"


class Mistake(NamedTuple):
    """A change to one file, and the problems that are reported in it."""

    name: str
    path: str
    diff: str
    problems: str

    def side(self, sign: str) -> str:
        """The removed or the added lines of the change."""
        return "\n".join(line[1:] for line in self.diff.splitlines() if line[0] == sign)


_MISTAKE = re.compile(
    r"""
    ^\#\#[ ](?P<name>[^\n]+)\n\n (?P<path>docs/[^\n]+)\n\n
    ```diff\n (?P<diff>(?:[-+][^\n]*\n)+) ```\n\n
    ```text\n (?P<problems>.+?) \n```$
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
PAGE = Path(__file__).with_name("mistakes.md").read_text(encoding="utf-8")
MISTAKES = [Mistake(**match.groupdict()) for match in _MISTAKE.finditer(PAGE)]


def test_every_mistake_of_the_page_is_read() -> None:
    assert len(MISTAKES) == PAGE.count("\n## ") == len({mistake.name for mistake in MISTAKES})


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_mistake_is_reported_and_changes_nothing(project: Project, mistake: Mistake) -> None:
    project.replace(mistake.path, mistake.side("-"), mistake.side("+"))
    lines = mistake.problems.splitlines()
    placed = (line if line.startswith("    ") else f"{mistake.path}:{line}" for line in lines)
    expect_problems(project, "\n".join(placed))


def test_empty_source(project: Project) -> None:
    project.write({SOURCE: b""})
    expect_problems(project, f"{SOURCE}:1:1: the source is empty\n    put the transcript in")


@pytest.mark.parametrize("path", [SOURCE, EDITION, ENTRY])
def test_file_that_is_not_utf8(project: Project, path: str) -> None:
    text = project.read(path)
    begin = text.index("Chris")
    line_start = text.rfind("\n", 0, begin) + 1
    line, column = text.count("\n", 0, begin) + 1, begin - line_start + 2
    broken = text.encode().replace(b"Chris", "é".encode() + b"\xe9", 1)
    project.write({path: broken})
    checked = project.run("check")
    assert checked.status == 1
    assert checked.errors.startswith(
        f"{path}:{line}:{column}: the file is not UTF-8: byte 0xe9\n    save it as UTF-8"
    )


@pytest.mark.parametrize(
    ("path", "what", "remedy"),
    [
        *(
            (
                f"docs/{folder}/{name}.md",
                f"“{name}” is no name for a page's address",
                "name the file with a-z, 0-9 and single hyphens, such as vivatech-2024",
            )
            for folder in ("transcripts", "glossary")
            for name in ("paris 2024", "paris.2024", "Paris", "paris_2024", "paris--2024", "pâris")
        ),
        (
            "docs/sources/paris 2024.txt",
            "“paris 2024.txt” is no name for a file's address",
            "name the file with a-z, 0-9 and single hyphens, such as vivatech-2024",
        ),
        (
            "docs/transcripts/paris/2024.md",
            "transcripts/ has no folders",
            "move it to docs/transcripts/",
        ),
        ("docs/glossary/a/b.md", "glossary/ has no folders", "move it to docs/glossary/"),
        (
            "docs/transcripts/paris.markdown",
            "transcripts/ holds Markdown files alone",
            "move it out of docs/transcripts/",
        ),
        (
            "docs/sources/paris.html",
            "“paris.html” has no ending known of sources",
            "save it as text, with one of .txt .srt .vtt .sbv .json .csv .tsv .docx",
        ),
        (
            "docs/sources/paris.md",
            "“paris.md” has no ending known of sources",
            "save it as text, with one of .txt .srt .vtt .sbv .json .csv .tsv .docx",
        ),
    ],
)
def test_name_that_is_no_address(project: Project, path: str, what: str, remedy: str) -> None:
    before = project.built()
    project.write({path: b"Text.\n"})
    built = project.run("build")
    assert f"{path}:1:1: {what}\n    {remedy}\n" in built.errors
    assert built.status == 1
    assert project.built() == before


def test_problems_of_several_files_are_all_reported_in_one_run(project: Project) -> None:
    project.replace(EDITION, "almost since", "nearly since")
    project.replace(EDITION, "[^google]: name, record: The company.", "[^google]: The company.")
    project.replace(ENTRY, "kind: person", "kind: persn")
    project.replace(OTHER_ENTRY, "short: Finding", "shrt: Finding")
    project.write({"docs/glossary/nameless.md": b"Nothing.\n"})
    checked = project.run("check")
    assert [line for line in checked.errors.splitlines() if not line.startswith("    ")] == [
        f"{ENTRY}:3:1: “kind”: “persn” has not the right shape",
        f"{ENTRY}:6:7: see: “interpretability” is no entry's term",
        f"{OTHER_ENTRY}:1:1: “short” is missing from the front matter",
        f"{OTHER_ENTRY}:4:1: “shrt” is no key of this front matter",
        "docs/glossary/nameless.md:1:1: the front matter is missing",
        f"{EDITION}:18:17: the source says “almost” (line 2, 00:03), the edition “nearly”",
        f"{EDITION}:27:1: footnote google has no kind or no reason",
        "7 problems in 4 files",
    ]
    assert checked.status == 1


def test_problems_of_one_file_stand_in_the_order_of_their_places(project: Project) -> None:
    project.replace(EDITION, "[^when]: note:", "[^when]: nte:")
    project.replace(EDITION, "**Sorkin:**", "**Srkin:**")
    project.replace(EDITION, "(#t7-2)", "(#t9)")
    places = [
        tuple(map(int, line.split(":")[1:3]))
        for line in project.run("check").errors.splitlines()
        if line.startswith(EDITION)
    ]
    assert places == sorted(places)
    assert len(places) == 3


def test_first_build_that_fails_makes_nothing(project: Project) -> None:
    for path in sorted((project.folder / "build").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    project.replace(EDITION, "almost since", "since")
    assert project.run("build").status == 1
    assert project.built() == {}


def test_ordinary_speech_with_a_colon_is_no_turn(project: Project) -> None:
    page = project.built()["transcripts/paris-2024.md"].decode()
    assert "NASA: we have a problem." in page
    assert '"speaker": "NASA"' not in page
    data = json.loads(project.built()["transcripts/paris-2024/transcript.json"])
    assert [turn["speaker"] for turn in data["turns"]] == ["Sorkin", "Amodei"]


def test_source_with_a_byte_order_mark_is_kept_and_said(project: Project) -> None:
    project.write({SOURCE: b"\xef\xbb\xbf" + project.read(SOURCE).encode()})
    expect_warnings(
        project,
        f"{SOURCE}:1:1: warning: the source begins with a byte order mark\n"
        "    kept as it is; nothing to do\n",
    )
    assert project.built()["sources/paris-2024.txt"].startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("line_end", [b"\r\n", b"\r"])
def test_source_with_carriage_returns_is_kept_and_said(project: Project, line_end: bytes) -> None:
    data = project.read(SOURCE).encode().replace(b"\n", line_end)
    sources = (project.read(SOURCE).encode(), data)
    old, new = (hashlib.sha256(one).hexdigest().encode() for one in sources)
    before = project.built()["transcripts/paris-2024.md"].replace(old, new)
    project.write({SOURCE: data})
    expect_warnings(
        project,
        f"{SOURCE}:1:1: warning: the source ends its lines with carriage returns\n"
        "    kept as it is; nothing to do\n",
    )
    assert project.built()["sources/paris-2024.txt"] == data
    assert project.built()["transcripts/paris-2024.md"] == before


def test_source_whose_time_runs_backwards_is_kept_and_said(project: Project) -> None:
    project.replace(SOURCE, "00:12I", "00:02I")
    expect_warnings(
        project,
        f"{SOURCE}:5:1: warning: time runs backwards: from 00:07 to 00:02\n"
        "    kept as it is; compare the recording\n",
    )


@pytest.mark.parametrize("path", [EDITION, ENTRY])
def test_edition_or_entry_saved_on_windows_is_as_good(project: Project, path: str) -> None:
    before = project.built()
    project.write({path: b"\xef\xbb\xbf" + project.read(path).encode().replace(b"\n", b"\r\n")})
    expect_warnings(project, "")
    assert project.built() == before


def test_edition_without_a_line_end_at_its_end_is_as_good(project: Project) -> None:
    before = project.built()
    project.write({EDITION: project.read(EDITION).rstrip().encode()})
    expect_warnings(project, "")
    # It is another version, as every change makes one.
    version = re.compile(rb"\b[0-9a-f]{10}(?:[0-9a-f]{30})?\b")
    built, expected = (
        {path: version.sub(b"", data) for path, data in files.items()}
        for files in map(unpack_books, (project.built(), before))
    )
    assert built == expected


# No traceback -------------------------------------------------------------------------------------

STRANGE = {
    "nothing": "",
    "a line end": "\n",
    "one line of hyphens": "---",
    "two lines of hyphens": "---\n---",
    "front matter alone": "---\ntitle: A\n---",
    "a zero byte": "\0",
    "a zero byte in the front matter": "---\ntitle: a\0b\n---\n",
    "line separators of Unicode": "---\ntitle: a\u2028b\x85c\n---\n\u2028\u2029\x85\x0b\x0c\x1c",
    "right to left": "---\ntitle: \u202eabc\n---\n\u202eabc\u2066",
    "an alias": "---\ntitle: &a b\nevent: *a\n---\n",
    "a bomb of aliases": "---\na: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n---\n",
    "types": "---\ntitle: !!bool x\n---\n",
    "a type of Python": "---\ntitle: !!python/object/apply:os.getcwd []\n---\n",
    "a timestamp that is none": "---\ntitle: !!timestamp x\n---\n",
    "a day that is none": "---\ndate: 2024-13-45\n---\n",
    "an escape of half a character": '---\ntitle: "\\ud800"\n---\n',
    "a key of half a character": '---\n"\\ud800": x\n---\n',
    "an escape beyond Unicode": '---\ntitle: "\\U99999999"\n---\n',
    "a number without end": f"---\ntitle: {'9' * 6000}\n---\n",
    "a number without end in sixteens": f"---\ntitle: 0x{'f' * 6000}\n---\n",
    "furniture without end": f"---\nsource: {{furniture: [{'9' * 6000}, 0x{'f' * 6000}]}}\n---\n",
    "not a number": "---\ntitle: .nan\ndate: .inf\n---\n",
    "a list as a key": "---\n? [a, b]\n: c\n---\n",
    "an empty key": "---\n: c\n---\n",
    "merged keys": "---\n<<: {title: a}\n---\n",
    "two documents": "---\ntitle: a\n...\n--- b\n---\n",
    "lists in lists": f"---\ntitle: {'[' * 5000}\n---\n",
    "a tab": "---\n\ttitle: a\n---\n",
    "stars": "---\ntitle: a\n---\n" + "*" * 5001,
    "brackets": "---\ntitle: a\n---\n" + "[" * 3000 + "](" * 3000,
    "openings": "---\ntitle: a\n---\n" + "{~~{++{--{==" * 500,
    "closings": "---\ntitle: a\n---\n" + "~>~~}++}--}==}{>><<}" * 500,
    "a label without end": f"---\ntitle: a\n---\nSo.[^{'a' * 5000}]\n\n[^{'a' * 5000}]: note: b\n",
    "labels without end": "---\ntitle: a\n---\n" + "[^" * 3000,
    "backslashes": "---\ntitle: a\n---\n" + "\\" * 5001,
    "number signs": "---\ntitle: a\n---\n## " + "# " * 2000 + "\n\n#\n\n##\n\n####### a\n",
    "a heading of blanks": "---\ntitle: a\n---\n## a" + " " * 50_000 + "b\n",
    "a line of blanks": "---\ntitle: a\n---\n" + " " * 200_000 + "\n",
    "names without end": "---\ntitle: a\n---\n" + "**a" * 3000 + ":**",
}


@pytest.mark.slow
@pytest.mark.parametrize("path", [EDITION, ENTRY])
@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_strange_file_ends_in_problems_alone(project: Project, path: str, text: str) -> None:
    before = project.built()
    project.write({path: text.encode()})
    built = project.run("build")
    assert built.status == 1
    assert built.errors.startswith((EDITION, ENTRY))
    assert built.errors.endswith(f"{STAYS}\n")
    assert all(len(line) < 3000 for line in built.errors.splitlines())
    assert project.built() == before


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_strange_source_ends_in_problems_and_no_traceback(project: Project, text: str) -> None:
    project.write({SOURCE: text.encode()})
    checked = project.run("check")
    assert checked.status == 1
    assert checked.errors


@pytest.mark.slow
@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_strange_page_is_published_or_refused(project: Project, text: str) -> None:
    before = project.built()
    project.write({"docs/then-and-now/strange.md": text.encode()})
    built = project.run("build")
    assert built.status == (1 if built.errors else 0)
    assert (project.built() == before) is bool(built.errors)
