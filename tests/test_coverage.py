"""Coverage: how much has been compared with the recording, by whom, and the rest."""

from collections.abc import Sequence

import pytest

from build_tools.build.plan import plan_site
from build_tools.model.transcript import Coverage
from build_tools.transcript.alignment import compile_transcript
from build_tools.transcript.remarks import find_coverage
from tests.project import EDITION, Project
from tests.trees import edition_file, read_edition, read_source

SOURCE = "00:01One two three\n00:05four\n00:09—\n00:11five six seven eight\n"
WORDS = "One two three four five six seven eight."


def reviewed(*lines: str) -> str:
    """An edition of which Ann has read these lines, each list at once."""
    items = "".join(f"  - {{lines: [{item}], by: Ann Lee, date: 2026-11-20}}\n" for item in lines)
    head = f"reviewed:\n{items}---\n\n## One" if items else "---\n\n## One"
    return edition_file(f"\n{WORDS}\n", form="clock").replace("---\n\n", head + "\n\n", 1)


def coverage(*lines: str) -> Coverage:
    edition = read_edition(reviewed(*lines))
    return find_coverage(compile_transcript(edition, read_source(SOURCE, form="clock")))


@pytest.mark.parametrize(
    ("lines", "words", "gaps"),
    [
        ([], 0, [(1, 4)]),
        (["1"], 3, [(2, 4)]),
        (["2"], 1, [(1, 1), (4, 4)]),
        (["2, 4"], 5, [(1, 1)]),
        (["1-2", "2-4"], 8, []),
        (["3"], 0, [(1, 4)]),
    ],
)
def test_words_of_reviewed_lines_are_counted_and_the_rest_is_left(
    lines: Sequence[str], words: int, gaps: Sequence[tuple[int, int]]
) -> None:
    found = coverage(*lines)
    assert found.words == words
    assert [(first.line, last.line) for first, last in found.gaps] == gaps


def pages(*lines: str) -> dict[str, str]:
    tree = {"sources/talk.txt": SOURCE.encode(), "transcripts/talk.md": reviewed(*lines).encode()}
    files = plan_site(tree).files
    return {path: data.decode() for path, data in files.items() if path.endswith((".md", ".xml"))}


def test_pages_say_how_much_is_read_and_by_whom() -> None:
    made = pages("1-2", "1], level: validated, by: Bo Dorn, date: 2026-11-24} #")
    said = "50% of it has been read against the recording: Ann Lee (20 November 2026); "
    said += "37% of it was validated by a second person: Bo Dorn (24 November 2026)."
    assert said in made["transcripts/talk.md"]
    assert "50% read against the recording, 37% validated" in made["transcripts/index.md"]
    assert '<li><a href="../transcripts/talk/#t11">00:11</a> to 00:11\n' in made["doubts.md"]
    (tei,) = (text for path, text in made.items() if path.endswith("tei.xml"))
    assert "lines 1 validated against the recording by Bo Dorn" in tei


def test_pages_say_that_nothing_is_read() -> None:
    made = pages()
    assert "Not yet checked against the recording." in made["transcripts/talk.md"]
    assert "read against" not in made["transcripts/index.md"]
    assert '<li><a href="../transcripts/talk/#t1">00:01</a> to 00:11\n' in made["doubts.md"]


def test_nothing_is_asked_of_readers_where_all_is_read() -> None:
    made = pages("1-4")
    assert "100% of it has been read" in made["transcripts/talk.md"]
    assert made["doubts.md"].endswith("Nothing is in doubt at present.\n")


def test_easiest_part_comes_first() -> None:
    body = WORDS.replace("two", "{==two==}{>>What did she count?<<}").replace(
        "seven", "{==seven==}{>>Was it “heaven”?<<}"
    )
    tree = {
        "sources/talk.txt": SOURCE.encode(),
        "transcripts/talk.md": edition_file(f"## One\n\n{body}\n", form="clock").encode(),
    }
    page = plan_site(tree).files["doubts.md"].decode()
    asked = ["heaven", "What did she count", "Read it against the recording"]
    assert sorted(asked, key=page.index) == asked


_LINE = "lines: [1], by: Ann, date: 2026-11"


@pytest.mark.parametrize(
    ("review", "problem"),
    [
        (
            "{lines: [2-1], by: Ann, date: 2026-11-20}",
            "the range 2-1 runs backwards\n    write lines and ranges of lines: [1-5, 368]",
        ),
        (
            "{lines: [9], by: Ann, date: 2026-11-20}",
            "the source has no line 9\n    its last line is 6",
        ),
        (
            "{lines: [one], by: Ann, date: 2026-11-20}",
            "write lines and ranges of lines: [1-5, 368]",
        ),
        ("{lines: [1], date: 2026-11-20}", "“by of item 1 of reviewed” is missing"),
        (
            "{lines: [1], by: Ann, date: 2026-11-20, level: proofread}",
            "write level: validated, or leave it out",
        ),
        (
            "{lines: [2], by: Ann, date: 2026-11-20, level: validated}",
            "Ann validates line 2, and nobody else has read it before\n    a second person ",
        ),
        (
            f"{{{_LINE}}}, {{{_LINE.lower()}, level: validated}}",
            "ann validates line 1, and nobody else has read it before",
        ),
        ("{lines: [1], by: Ann, day: 2026}", "“day of item 1 of reviewed” is no key"),
    ],
)
def test_a_review_that_cannot_be_is_a_problem(project: Project, review: str, problem: str) -> None:
    project.replace(EDITION, "speakers:", f"reviewed: [{review}]\nspeakers:")
    done = project.run("check")
    assert done.status == 1
    assert problem in done.errors
