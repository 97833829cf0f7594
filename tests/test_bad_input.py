"""Bad input, end to end: a place, what is wrong, what to write; status 1; the last build untouched.

Each test takes a small project in which all is well, breaks one thing in it and runs the command.
"""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from tests.project import EDITION, ENTRY, SOURCE, Project

OTHER_ENTRY = "docs/glossary/interpretability.md"
KINDS = "kinds: name, term, homophone, number, dropout, repetition, garble, cutoff, note"
STAYS = "build/docs/ stays as it was"


def expect_problems(project: Project, expected: str) -> None:
    """Asserts that `check` and `build` say exactly this, fail, and leave the last build alone.

    `expected` has a line for what is wrong, with its place, and a line for the remedy.
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
    """Asserts that `check` and `build` say exactly this, and that all is well."""
    checked, built = project.run("check"), project.run("build")
    assert checked.errors == built.errors == expected
    assert (checked.status, built.status) == (0, 0)
    assert checked.output == "fine: every word is accounted for\n"


class Mistake(NamedTuple):
    """A text put in the place of another in one file, and what is said of it there."""

    name: str
    path: str
    old: str
    new: str
    expected: str


MISTAKES = (
    Mistake(
        "an unknown search",
        "docs/index.md",
        "# Home",
        "---\ntitle: Home\nsearch_by: google\n---\n# Home",
        "3:1: “search_by”: “google” is none of auto, built-in, pagefind\n"
        "    write auto, or nothing, and the size of the collection decides",
    ),
    Mistake(
        "a changed word",
        EDITION,
        "So, almost since",
        "So, nearly since",
        "18:17: the source says “almost” (line 2, 00:03), the edition “nearly”\n"
        "    write {~~almost~>nearly~~}[^why] and give the reason in [^why]",
    ),
    Mistake(
        "a missing word",
        EDITION,
        "almost since",
        "since",
        "18:17: the source says “almost” (line 2, 00:03), and the edition leaves it out\n"
        "    put it back, or write {--almost--}[^why] and give the reason in [^why]",
    ),
    Mistake(
        "an extra word",
        EDITION,
        "since the founding",
        "since the very founding",
        "18:34: the edition says “very”, and the source does not (line 2, 00:03)\n"
        "    take it out, or write {++very++}[^why] and give the reason in [^why]",
    ),
    Mistake(
        "a moved word",
        EDITION,
        "almost since the founding, one of us, Chris {~~Ola~>Olah~~}[^olah], helped to",
        "since the founding, one of us, Chris {~~Ola~>Olah~~}[^olah], helped almost to",
        "18:17: the source says “almost” (line 2, 00:03), and the edition leaves it out\n"
        "    put it back, or write {--almost--}[^why] and give the reason in [^why]\n"
        "18:85: the edition says “almost”, and the source does not (line 3, 00:07); "
        "the words stand at line 2, 00:03\n"
        "    put them back where they were said",
    ),
    Mistake(
        "a mark without its partner",
        EDITION,
        "{--with--}",
        "{--with",
        "21:43: marks are nested, or this one has no end\n"
        "    write the mark whole, inside one paragraph: {--heard--}",
    ),
    Mistake(
        "a mark's end without its beginning",
        EDITION,
        "{--with--}",
        "with--}",
        "21:47: “--}” has no partner\n    write the mark whole, inside one paragraph: {--heard--}",
    ),
    Mistake(
        "a mark without its arrow",
        EDITION,
        "{~~Ola~>Olah~~}",
        "{~~Ola->Olah~~}",
        "18:61: “{~~” has no partner\n"
        "    write the mark whole, inside one paragraph: {~~heard~>said~~}\n"
        "18:69: the edition says “Olah”, and the source does not (line 3, 00:07)\n"
        "    take it out, or write {++Olah++}[^why] and give the reason in [^why]",
    ),
    Mistake(
        "nested marks",
        EDITION,
        "{~~goggle~>Google~~}",
        "{~~goggle~>{++the++}[^twice] Google~~}",
        "21:13: marks are nested, or this one has no end\n"
        "    write the mark whole, inside one paragraph: {~~heard~>said~~}\n"
        "21:42: the edition says “Google”, and the source does not (line 5, 00:12)\n"
        "    take it out, or write {++Google++}[^why] and give the reason in [^why]\n"
        "21:48: “~~}” has no partner\n"
        "    write the mark whole, inside one paragraph: {~~heard~>said~~}",
    ),
    Mistake(
        "an empty mark",
        EDITION,
        "{--with--}[^twice] with",
        "{----}[^twice] with with",
        "21:43: this mark rejects no word\n    {++said++} puts in a word that was dropped",
    ),
    Mistake(
        "a doubt without its question",
        EDITION,
        "{>>Which one?<<}",
        "{>><<}",
        "21:67: this doubt asks nothing\n"
        "    write the mark whole, inside one paragraph: {==words==}{>>question<<}",
    ),
    Mistake(
        "a correction without a footnote",
        EDITION,
        "Olah~~}[^olah]",
        "Olah~~}",
        "18:61: the correction of “Ola” has no footnote\n"
        "    write [^why] directly behind the mark and add a line [^why]: kind: reason\n"
        "26:1: footnote olah is never used\n"
        "    put [^olah] behind its mark, or take the footnote out",
    ),
    Mistake(
        "a footnote without a kind",
        EDITION,
        "[^olah]: name: He",
        "[^olah]: He",
        f"26:1: footnote olah has no kind or no reason\n    write [^why]: kind: reason; {KINDS}",
    ),
    Mistake(
        "a footnote that is never used",
        EDITION,
        "before.[^when]",
        "before.",
        "29:1: footnote when is never used\n"
        "    put [^when] behind its mark, or take the footnote out",
    ),
    Mistake(
        "a footnote that is not defined",
        EDITION,
        "[^when]: note: From 2015 to 2016.\n",
        "",
        "22:8: footnote when is not defined\n    add a line [^when]: kind: reason",
    ),
    Mistake(
        "an unknown kind",
        EDITION,
        "[^google]: name:",
        "[^google]: nmae:",
        f"27:1: “nmae” is no kind of footnote\n    did you mean name? {KINDS}",
    ),
    Mistake(
        "an unknown speaker",
        EDITION,
        "**Amodei:**",
        "**Amodi:**",
        "18:1: “Amodi” is not declared as a speaker\n"
        "    did you mean **Amodei:**? "
        "declared under speakers: in the front matter: Sorkin, Amodei",
    ),
    Mistake(
        "no front matter",
        EDITION,
        "---\ntitle: A talk in Paris",
        "title: A talk in Paris",
        "1:1: the front matter is missing\n"
        "    begin the file with a line ---, lines such as title: …, and a line ---",
    ),
    Mistake(
        "front matter without end",
        EDITION,
        "Dario Amodei\n---\n",
        "Dario Amodei\n",
        "1:1: the front matter has no end\n    close it with a line --- of its own",
    ),
    Mistake(
        "front matter that is not YAML",
        EDITION,
        "title: A talk in Paris",
        "title: Paris: a talk",
        "2:13: the front matter is not YAML: mapping values are not allowed here\n"
        "    put a value that holds a colon, a quote, a star or a bracket between double quotes",
    ),
    Mistake(
        "a duplicate key",
        EDITION,
        "date: 2024-05-22",
        "date: 2024-05-22\ntitle: Again",
        "4:1: “title” stands twice in the front matter\n    keep one of the two",
    ),
    Mistake(
        "an unknown key",
        EDITION,
        "date: 2024-05-22",
        "date: 2024-05-22\nevnt: A fair",
        "4:1: “evnt” is no key of this front matter\n"
        "    did you mean event? known: title, date, event, podcast, description, lang, recording, "
        "published, updated, source, timing, reviewed, speakers",
    ),
    Mistake(
        "a language by its name",
        EDITION,
        "date: 2024-05-22",
        "date: 2024-05-22\nlang: french",
        "4:1: “lang”: “french” is no language's tag\n"
        "    write a language's tag, such as ar, pt-BR or zh-Hant",
    ),
    Mistake(
        "a language that nobody speaks",
        EDITION,
        "date: 2024-05-22",
        "date: 2024-05-22\nlang: xx-FR",
        "4:1: “lang”: “xx-FR” is no language's tag\n"
        "    write a language's tag, such as ar, pt-BR or zh-Hant",
    ),
    Mistake(
        "Norwegian",
        EDITION,
        "date: 2024-05-22",
        "date: 2024-05-22\nlang: no",
        '4:1: “lang”: YAML reads no as false, and a text is wanted\n    put it in quotes: "no"',
    ),
    Mistake(
        "a recording that is no https address",
        EDITION,
        "date: 2024-05-22",
        "date: 2024-05-22\nrecording: http://example.org/talk",
        "4:1: “recording”: “http://example.org/talk” has not the right shape\n"
        "    write an address that begins with https://",
    ),
    Mistake(
        "a day of publication that is a year",
        EDITION,
        "date: 2024-05-22",
        "date: 2024-05-22\npublished: 2024",
        "4:1: “published”: “2024” has not the right shape\n"
        "    write a whole day, such as 2024-05-22; updated is never before published",
    ),
    Mistake(
        "a change on a day that is not",
        EDITION,
        "date: 2024-05-22",
        "date: 2024-05-22\nupdated: 2024-02-30",
        "4:1: “updated”: there is no such day as 2024-02-30\n"
        "    write a whole day, such as 2024-05-22; updated is never before published",
    ),
    Mistake(
        "a change before there was anything to change",
        EDITION,
        "date: 2024-05-22",
        "date: 2024-05-22\nupdated: 2024-05-31\npublished: 2024-06-01",
        "4:1: “updated”: 2024-05-31 is before 2024-06-01, the day it was published\n"
        "    write a whole day, such as 2024-05-22; updated is never before published",
    ),
    Mistake(
        "a time as a title",
        EDITION,
        "title: A talk in Paris",
        "title: 12:30",
        "2:1: “title”: YAML reads 12:30 as 750, and a text is wanted\n"
        '    put it in quotes: "12:30"',
    ),
    Mistake(
        "a no as a title",
        EDITION,
        "title: A talk in Paris",
        "title: no",
        '2:1: “title”: YAML reads no as false, and a text is wanted\n    put it in quotes: "no"',
    ),
    Mistake(
        "an unknown kind of entry",
        ENTRY,
        "kind: person",
        "kind: persn",
        "3:1: “persn” is no kind of entry\n"
        "    did you mean person? kinds: concept, person, organisation, model, work, event",
    ),
    Mistake(
        "no front matter in an entry",
        ENTRY,
        "---\nterm",
        "term",
        "1:1: the front matter is missing\n"
        "    begin the file with a line ---, lines such as title: …, and a line ---",
    ),
    Mistake(
        "two entries that claim one name",
        OTHER_ENTRY,
        "kind: concept",
        "kind: concept\nalso: [OLAH]",
        "4:8: “OLAH” is claimed by Chris Olah (docs/glossary/chris-olah.md) too\n"
        "    leave the name to one of the two entries",
    ),
    Mistake(
        "a dead link",
        EDITION,
        "(#t7-2)",
        "(../glossary/interpretabilty.md)",
        "19:22: the link “../glossary/interpretabilty.md” leads to no page\n"
        "    did you mean ../glossary/interpretability.md?",
    ),
    Mistake(
        "a dead address",
        EDITION,
        "(#t7-2)",
        "(#t8)",
        "19:22: the link “#t8” leads to no address of that transcript\n    the nearest is #t7",
    ),
    Mistake(
        "a dead link in an entry",
        OTHER_ENTRY,
        "(chris-olah.md)",
        "(chris-ola.md)",
        "6:17: the link “chris-ola.md” leads to no page\n    did you mean chris-olah.md?",
    ),
    Mistake(
        "a reference to no entry",
        ENTRY,
        "see: [interpretability]",
        "see: [interpretabilty]",
        "6:7: see: “interpretabilty” is no entry's term\n    did you mean interpretability?",
    ),
    Mistake(
        "a link that may run",
        EDITION,
        "(#t7-2)",
        "(javascript:x)",
        "19:22: the link “javascript:x” is neither an https address nor a page of this site\n"
        "    write https://… or a relative path such as other-transcript.md#l586",
    ),
    Mistake(
        "a source that is missing",
        EDITION,
        "file: paris-2024.txt",
        "file: pairs-2024.txt",
        "5:3: the source “pairs-2024.txt” is not in docs/sources/\n    there are: paris-2024.txt",
    ),
    Mistake(
        "a source in another folder",
        EDITION,
        "file: paris-2024.txt",
        "file: ../index.md",
        "5:3: the source “../index.md” is not in docs/sources/\n    there are: paris-2024.txt",
    ),
    Mistake(
        "an unknown format",
        EDITION,
        "format: clock",
        "format: clocks",
        "6:3: “clocks” is no format of sources\n"
        "    did you mean clock? sic formats lists all of them",
    ),
    Mistake(
        "furniture that is not there",
        EDITION,
        "format: clock",
        "format: clock\n  furniture: [99]",
        "7:3: the source has no line 99\n    its last line is 6",
    ),
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_mistake_is_reported_in_its_place_and_changes_nothing(
    project: Project, mistake: Mistake
) -> None:
    project.replace(mistake.path, mistake.old, mistake.new)
    lines = mistake.expected.splitlines()
    placed = (line if line.startswith("    ") else f"{mistake.path}:{line}" for line in lines)
    expect_problems(project, "\n".join(placed))


def test_no_name_of_a_mistake_stands_twice() -> None:
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES)


def test_empty_source(project: Project) -> None:
    project.write({SOURCE: b""})
    expect_problems(project, f"{SOURCE}:1:1: the source is empty\n    put the transcript in")


def test_source_without_a_word(project: Project) -> None:
    project.write({SOURCE: b"\n00:05\n...\n"})
    expect_problems(
        project, f"{SOURCE}:1:1: the source holds no word of speech\n    put the transcript in"
    )


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
            "save it as text, with one of .txt .srt .vtt .sbv .json .csv .tsv",
        ),
        (
            "docs/sources/paris.md",
            "“paris.md” has no ending known of sources",
            "save it as text, with one of .txt .srt .vtt .sbv .json .csv .tsv",
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
    project.replace(EDITION, "[^google]: name: The company.", "[^google]: The company.")
    project.replace(ENTRY, "kind: person", "kind: persn")
    project.replace(OTHER_ENTRY, "short: Finding", "shrt: Finding")
    project.write({"docs/glossary/nameless.md": b"Nothing.\n"})
    checked = project.run("check")
    assert [line for line in checked.errors.splitlines() if not line.startswith("    ")] == [
        f"{ENTRY}:3:1: “persn” is no kind of entry",
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


# What is no mistake -----------------------------------------------------------------------------


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
    before = project.built()["transcripts/paris-2024.md"]
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
    assert project.built() == before


# Nothing may end in a traceback -----------------------------------------------------------------

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


@pytest.mark.parametrize("path", [EDITION, ENTRY])
@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_strange_file_ends_in_problems_and_not_in_a_traceback(
    project: Project, path: str, text: str
) -> None:
    before = project.built()
    project.write({path: text.encode()})
    built = project.run("build")
    assert built.status == 1
    assert built.errors.startswith((EDITION, ENTRY))
    assert built.errors.endswith(f"{STAYS}\n")
    assert all(len(line) < 3000 for line in built.errors.splitlines())
    assert project.built() == before


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_strange_source_ends_in_problems_and_not_in_a_traceback(
    project: Project, text: str
) -> None:
    project.write({SOURCE: text.encode()})
    checked = project.run("check")
    assert checked.status == 1
    assert checked.errors


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_strange_page_is_published_or_refused(project: Project, text: str) -> None:
    before = project.built()
    project.write({"docs/then-and-now/strange.md": text.encode()})
    built = project.run("build")
    assert built.status == (1 if built.errors else 0)
    assert (project.built() == before) is bool(built.errors)
