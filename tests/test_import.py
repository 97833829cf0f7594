"""`sic import` as its users run it: what it says, what it writes, and what it refuses."""

import hashlib
import io
import json
import os
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from build_tools.authoring.import_.intake import find_date, write_intake
from build_tools.cli import main
from build_tools.model.text import ProblemsFoundError
from build_tools.sources.charset import ENCODINGS
from build_tools.sources.formats import FORMATS
from build_tools.sources.readers import recognise_formats
from build_tools.transcript.guess_kind import make_slug
from tests.foreign import WRITTEN, Foreign, Said
from tests.project import SUMS, Project, Run
from tests.test_draft import take_in, words_of

VTT = """WEBVTT - Paris

NOTE by hand

00:00:00.000 --> 00:00:02.000
<v Ann Lee>Hello there.

00:00:02.000 --> 00:00:04.000
<v Bo>Hello, Zoë.
"""
TALK = (
    Said(0, 3, "Ann Lee", ("Hello", "there.")),
    Said(3, 5, "Bo", ("And", "hello", "to", "you.")),
    Said(5, 9, "Ann Lee", ("We", "begin.")),
)


def take(project: Project, *arguments: str, name: str = "talk.vtt", data: bytes = b"") -> Run:
    project.write({name: data or VTT.encode()})
    return project.run("import", name, *arguments)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with nothing in its docs/."""
    (tmp_path / "docs").mkdir()
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


# Written files ------------------------------------------------------------------------------------


def test_source_is_kept_byte_for_byte_and_the_edition_passes_the_check(empty: Project) -> None:
    run = take(empty, "--date", "2024-05-22", "--slug", "paris", "--title", "A talk: “Paris”")
    assert run.status == 0
    assert empty.read("docs/sources/paris.vtt") == VTT
    assert (
        empty.read("docs/transcripts/paris.md")
        == """---
title: "A talk: “Paris”"
date: 2024-05-22
source:
  file: paris.vtt
  format: vtt
speakers:
  Ann Lee: Ann Lee
  Bo: Bo
---

**Ann Lee:** Hello there.

**Bo:** Hello, Zoë.
"""
    )
    assert empty.run("check") == (0, "fine: every word is accounted for\n", "")
    assert empty.run("build").status == 0


def test_every_word_is_accounted_for_in_the_report(empty: Project) -> None:
    assert (
        take(empty, "--date", "2024", "--slug", "paris").output
        == """\
format: vtt (WebVTT: captions, and transcripts of Zoom and Teams)
encoding: utf-8
language: nothing in the file tells it, so English is assumed: --lang
words: 7 came in, 4 went out, 3 left out
left out: the file's header: 1 word in 1 place
    line 1: - Paris
left out: a comment (NOTE): 2 words in 1 place
    line 3: by hand
words under a name: 4 in the file, 4 in the edition
speaker: Ann Lee, 1 cue
speaker: Bo, 1 cue
times: 2 in the file, 2 used
title: Talk, from the file's name
date: 2024, from --date
written: docs/sources/paris.vtt
written: docs/transcripts/paris.md
next: sic check; sic serve; then names, chapters and corrections in the edition
"""
    )


def test_the_account_is_there_as_data(empty: Project) -> None:
    vtt = VTT.replace("Hello there.", '<font color="red big">Hello</font> there.')
    account = json.loads(take(empty, "--json", "--date", "2024", data=vtt.encode()).output)
    assert account["words"] == {"in": 7, "out": 4}
    assert account["words_with_speaker"] == {"source": 4, "edition": 4}
    assert account["speakers"][0] == {"label": "Ann Lee", "cues": 1, "words": 2, "once": False}
    assert account["times"] == {"source": 2, "used": 2}
    assert account["tags_left_out"] == {"font": 1}
    assert account["title"] == {"value": "Talk", "why": "the file's name"}
    assert [(piece["why"], piece["words"]) for piece in account["left_out"]] == [
        ("the file's header", 1),
        ("a comment (NOTE)", 2),
    ]
    assert account["written"] == ["sources/talk.vtt", "transcripts/talk.md"]


TABLE = """Number;Title;Published;Guests;Summary;Audio URL
1;The mill;2024-05-01;Ida Lund;All about it.;https://example.org/a.mp3
12;The wheel;2024-05-08;Rolf Ek, Bo Ek;;http://example.org/b.mp3
"""
FEED = """<?xml version="1.0"?><rss xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:p="https://podcastindex.org/namespace/1.0"><channel><title>Mills &amp; more</title>
<item><title>The mill</title><i:episode>1</i:episode>
<pubDate>Wed, 01 May 2024 10:00:00 +0000</pubDate>
<description><![CDATA[<p>All <b>about</b> it.</p>]]></description>
<enclosure url="https://example.org/a.mp3" /><p:person role="guest">Ida Lund</p:person></item>
<item><title>The wheel</title><i:episode>12</i:episode><pubDate>Wed, 08 May 2024 10:00:00 +0000
</pubDate><enclosure url="http://example.org/b.mp3" /></item></channel></rss>
"""
EPISODES = {
    "files/ep01.txt": b"Ida: Welcome.\nBo: Thanks.\nIda: Sit down.\nBo: I do.\n",
    "files/2024-05-08 ep 12.txt": b"Rolf: It turns.\nBo: It does.\nRolf: Well.\nBo: So.\n",
    "files/notes.txt": b"Buy bread.",
}


def test_a_row_of_a_table_without_its_file_is_told(empty: Project) -> None:
    table = "file,title,date\nep01.txt,The mill,2024-05-01\nep02.txt,The weir,2024-05-08\n"
    empty.write({"files/ep01.txt": EPISODES["files/ep01.txt"], "list.csv": table.encode()})
    run = empty.run("import", "--table", "list.csv", "files")
    assert (run.status, run.errors) == (0, "list.csv: no file of files fits “The weir”\n")


@pytest.mark.parametrize(("option", "listed"), [("--table", TABLE), ("--feed", FEED)])
def test_all_episodes_are_taken_in_at_once(empty: Project, option: str, listed: str) -> None:
    empty.write({**EPISODES, "list": listed.encode()})
    run = empty.run("import", option, "list", "files")
    assert run.status == 0
    assert run.errors == "files/notes.txt: no single episode of list fits\n"
    edition = empty.read("docs/transcripts/the-mill.md")
    podcast = 'podcast: "Mills & more"\nepisode: "1"\n' * (option == "--feed")
    assert edition.startswith(f"---\ntitle: The mill\ndate: 2024-05-01\n{podcast}description: ")
    assert "All about it." in edition
    assert 'recording: "https://example.org/a.mp3"\n' in edition
    assert "  Ida: Ida Lund\n" in edition
    assert "recording" not in empty.read("docs/transcripts/the-wheel.md")
    assert empty.run("check").status == 0
    again = empty.run("import", option, "list", "files")
    assert again.output.count("was taken in before") == 2


def test_nothing_is_written_unless_every_episode_can_be(empty: Project) -> None:
    table = "file,title\nep01.txt,The mill\n2024-05-08 ep 12.txt,The mill\nnotes.txt,Bread\n"
    empty.write({**EPISODES, "list.csv": table.encode()})
    run = empty.run("import", "--table", "list.csv", "files")
    assert run.status == 1
    assert "files/ep01.txt:1:1: the date is unknown" in run.errors
    assert not (empty.folder / "docs/transcripts").exists()
    run = empty.run("import", "--table", "list.csv", "docs")
    assert "list.csv:1:1: names no episode of a file in docs" in run.errors


def word_document(body: str) -> bytes:
    archive = io.BytesIO()
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", f'<w:document xmlns:w="{space}">{body}</w:document>')
    return archive.getvalue()


def run_of(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


# As Teams writes it, with a heading, a deleted word and the code of a field.
WORD = f"""<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>{run_of("Grinding")}</w:p>
<w:p>{run_of("Ida Lund")}{run_of("   0:03")}<w:r><w:br/></w:r>{run_of("Welcome &amp;")}
{run_of(" hello.")}<w:r><w:delText>gone</w:delText><w:instrText>PAGE</w:instrText></w:r></w:p>
<w:p>{run_of("Rolf Ek   1:07")}<w:r><w:br/></w:r>{run_of("We grind.")}</w:p>
<w:p>{run_of("Ida Lund   1:09")}<w:r><w:br/></w:r>{run_of("When?")}</w:p>"""


def test_word_documents_are_read(empty: Project) -> None:
    data = word_document(WORD)
    run = take(empty, "--date", "2024", name="talk.docx", data=data)
    assert (run.status, run.errors) == (0, "")
    body = empty.read("docs/transcripts/talk.md").split("---\n", 2)[2]
    assert body == (
        "\n## Grinding\n\n**Ida Lund:** Welcome & hello.\n\n**Rolf Ek:** We grind.\n\n"
        "**Ida Lund:** When?\n"
    )
    assert (empty.folder / "docs/sources/talk.docx").read_bytes() == data
    assert empty.run("check").status == 0


@pytest.mark.parametrize("row", ["{}", "0:0{n}|{}", "{}|0:0{n} - 0:0{n}", "{n}|0:0{n}:00|{}"])
def test_rows_of_a_table_in_word_are_cues(row: str) -> None:
    rows = [row.format(t, n=n) for n, t in enumerate(("Ida|We\ngrind.", "Bo|So.", "Ida|Yes."), 1)]
    cells = ["".join(f"<w:tc>{run_of(cell)}</w:tc>" for cell in one.split("|")) for one in rows]
    body = "".join(f"<w:tr>{row_cells}</w:tr>" for row_cells in cells)
    intake = take_in(word_document(body), name="t.docx")
    speakers = [(one["label"], one["cues"]) for one in intake.account["speakers"]]
    assert speakers == [("Ida", 2), ("Bo", 1)]
    assert words_of(intake) == ("we", "grind", "so", "yes")


def test_name_date_and_title_are_those_of_the_file(empty: Project) -> None:
    run = take(empty, name="Zoë_at Paris-2024-05-22 [dQw4w9WgXcQ].en.vtt")
    assert run.status == 0
    text = empty.read("docs/transcripts/zoe-at-paris-2024-05-22.md")
    assert text.startswith("---\ntitle: Zoë at Paris\ndate: 2024-05-22\nlang: en\n")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        *(("talk.srt", "t.srt"), ("talk.html", "t.html.txt"), ("talk.md", "t.md.txt")),
        *(("talk", "t.txt"), ("talk.JSON", "t.json"), ("talk.a b", "t.txt")),
    ],
)
def test_a_source_is_kept_under_an_inert_ending(empty: Project, name: str, kept: str) -> None:
    assert take(empty, "--date", "2024", "--slug", "t", name=name).status == 0
    assert {path.name for path in (empty.folder / "docs/sources").iterdir()} == {kept, SUMS}
    assert empty.run("check").status == 0


def test_standard_input_is_a_file_too(empty: Project) -> None:
    arguments = ["import", "-", "--slug", "panel", "--date", "2024-05"]
    assert CliRunner().invoke(main, arguments, input="0:00\nHello.\n0:05\nYes.\n").exit_code == 0
    assert "Hello.\nYes." in empty.read("docs/transcripts/panel.md")
    assert empty.read("docs/sources/panel.txt") == "0:00\nHello.\n0:05\nYes.\n"


# Refused input ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "large"])
def test_what_is_no_file_of_a_sensible_size_is_refused_unread(empty: Project, kind: str) -> None:
    place = empty.folder / "talk.txt"
    if kind == "folder":
        place.mkdir()
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "large":
        with place.open("wb") as file:
            file.truncate(60_000_000)
    run = empty.run("import", "/dev/zero" if kind == "device" else "talk.txt", "--date", "2024")
    told = "larger than 50 MB" if kind == "large" else "is no file"
    assert told in run.errors
    assert run.status == 1
    assert list((empty.folder / "docs").iterdir()) == []


@pytest.mark.parametrize("there", ["docs/sources/paris.vtt", "docs/transcripts/paris.md"])
def test_nothing_is_overwritten_and_nothing_is_written_by_half(empty: Project, there: str) -> None:
    empty.write({there: b"mine"}, sealed=False)
    empty.write({"docs/sources/SHA256SUMS": b""}, sealed=False)
    run = take(empty, "--date", "2024", "--slug", "paris")
    assert (run.status, run.output) == (1, "")
    assert f"{there}:1:1: the file is there already, and nothing is overwritten" in run.errors
    assert "--slug" in run.errors
    files = [path for path in (empty.folder / "docs").rglob("*.*") if path.is_file()]
    assert [path.read_bytes() for path in files] == [b"mine"]


def test_a_failure_leaves_neither_file(empty: Project) -> None:
    intake = take_in(VTT)
    docs = empty.folder / "docs"
    (docs / "sources").mkdir()
    (docs / "transcripts").write_text("somebody else's")
    with pytest.raises(FileExistsError):
        write_intake(intake.files, docs)
    left = [path for path in docs.rglob("*") if path.is_file()]
    assert [path.read_text() for path in left] == ["somebody else's"]


def test_somebody_must_say_when_it_was_held(empty: Project) -> None:
    run = take(empty)
    assert run.status == 1
    assert "add --date 2024-05-22" in run.errors
    assert list((empty.folder / "docs").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("t.vtt", b"WEBVTT\n\nNOTE nothing\n", "holds no word of speech"),
        ("t.srt", b"1\n00:00:01,000 --> 00:00:02,000\n\n", "holds no word of speech"),
        ("t.txt", b"", "no format that is known"),
        ("t.txt", "Zoë".encode("cp1252"), "the file is not UTF-8: byte 0xeb"),
        ("ё.txt", b"Hello", "“” is no name for a page's address"),
        ("talk.docx", b"PK\x03\x04 cut off", "an archive without the text of a Word document"),
        ("t.docx", word_document(f"<w:t>{'a' * 31_000_000}</w:t>"), "more text than a talk has"),
        ("talk.docx", word_document("<w:p>"), "the file is not XML"),
        ("down/loads/t.vtt", b"WEBVTT\n", "t.vtt:1:1: the file, read as vtt, holds no word"),
        ("no.vtt", None, "no.vtt:1:1: cannot be read: No such file or directory"),
    ],
    ids=range(10),
)
def test_file_without_words_is_an_error(
    empty: Project, name: str, data: bytes | None, what: str
) -> None:
    if data is not None:
        empty.write({name: data})
    run = empty.run("import", name, "--date", "2024")
    assert (run.status, run.output) == (1, "")
    assert run.errors.startswith(f"{name}:")
    assert what in run.errors
    assert ("--encoding" in run.errors) == ("is not UTF-8" in what)
    assert run.errors.endswith("nothing was written\n")
    assert list((empty.folder / "docs").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--date", "May"), "write a day as 2024-05-22"),
        (("--encoding", "rot13"), "rot13 is not known"),
        (("--format", "docx"), "is not one of"),
        # Options that would be ignored.
        (("--witness", "a", "--table", "talk.vtt"), "leave out --table"),
        (("--witness", "a", "--again", "--slug", "b"), "leave out --slug, --again"),
        (("--engine", "Vosk"), "add --witness SLUG"),
    ],
)
def test_wrong_usage(empty: Project, arguments: tuple[str, ...], said: str) -> None:
    run = take(empty, *arguments)
    assert run.status == 2
    assert said in run.errors


# Formats ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("foreign", WRITTEN, ids=lambda foreign: foreign.form)
def test_every_format_is_told_by_name_and_content(foreign: Foreign) -> None:
    recognised = recognise_formats(foreign.name, foreign.write(TALK))
    assert recognised[0] == foreign.form


def test_every_format_is_tested() -> None:
    assert {foreign.form for foreign in WRITTEN} == set(FORMATS)


def test_formats_are_listed(empty: Project) -> None:
    lines = empty.run("formats").output.splitlines()
    assert [line.split()[0] for line in lines] == list(FORMATS)


WORDS = ("Welcome to the mill.", "We grind on Mondays.", "Every Monday?", "Nearly.", "So it is.")
ZIP = b"PK\x03\x04\x14\x00\x06\x00"


@pytest.mark.parametrize(
    ("name", "data", "what", "remedy"),
    [
        ("t.docx", ZIP + b"_rels/.rels\xff", "an archive without the text", "as text (.txt)"),
        ("t.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word", "plain text"),
        ("t.rtf", b"{\\rtf1\\ansi Welcome to the mill.\\par}", "Rich Text", "plain text"),
        ("t.mp3", b"ID3\x03\x00\xff\xfb", "a recording", "the transcript"),
        ("t.pdf", b"%PDF-1.7\n\xff", "a PDF", "copy its text"),
        ("t.smi", b"<SAMI>\n<BODY><SYNC Start=0><P>So it is.\n", "SAMI", ".srt"),
        ("t.sub", b"{0}{25}Welcome\n{26}{60}to the mill.\n", "MicroDVD", ".srt"),
        ("t.txt", b"[0][25]Welcome\n[26][60]to the mill.\n", "MPL2", ".srt"),
        ("t.scc", b"Scenarist_SCC V1.0\n\n00:00:00:00\t9420 94ad\n", "SCC", ".srt"),
        ("t.scc", b"00:00:00;00\t9420 94ad\n\n00:00:01;00\t942c\n", "SCC", ".srt"),
        ("t.TextGrid", b'File type = "ooTextFile"\nObject class = "T"\n', "TextGrid", ".srt"),
        ("t.cha", b"@UTF8\n@Begin\n*IDA:\tso it is .\n", "CHAT", "CHAT2SRT"),
        ("t.eaf", b'<?xml version="1.0"?>\n<ANNOTATION_DOCUMENT>\n', "ELAN", "Export As"),
        ("t.xml", b"<Trans><Turn>So it is.</Turn></Trans>", "XML", "plain text"),
        ("t.html", b"<!doctype html><p>Hello", "a web page", "copy its text"),
        ("t.html", b"Ida\n<p>Welcome</p>\n<p>to the mill.</p>\n", "HTML", "copy its text"),
        ("t.m3u8", b"#EXTM3U\n#EXTINF:6,\na.vtt\n", "a playlist", "import those"),
        ("t.json", b'{"text": "Welcome", "segments": [{"sta', "ends in the middle", "once more"),
        ("t.json", b'  "text": "Welcome",\n  "start": 1\n', "cut off", "once more"),
        ("t.json", b'{"a": 1}', "no list of speech", "WebVTT"),
        ("t.txt", b"W\0e\0l\0c\0o\0m\0e\0 \0I\0d\0a", "10 of its 21 bytes are zero", "once more"),
        ("t.jsonl", b'{"a": "Welcome"}\n{"a": "to the mill"}\n', "JSON in which", "own JSON"),
        ("t.csv", b'"Note","Role"\n"So, it is.","Ida"\n"Yes.","Rolf"\n', "a table", "the columns"),
        ("t.tsv", b"".join(b"%d\tIda\tSo it is\n" % n for n in range(5)), "a table", "the columns"),
        ("t.srt", b"1\n00: 1 --> 00: 2\nAnd\n\n2\n00: 3 --> 00: 4\nSo.\n", "times cannot", ".vtt"),
    ],
)
def test_others_are_refused(empty: Project, name: str, data: bytes, what: str, remedy: str) -> None:
    empty.write({name: data})
    run = empty.run("import", name, "--date", "2024", "--slug", "t")
    assert (run.status, run.output) == (1, "")
    assert what in run.errors
    assert remedy in run.errors
    assert "--encoding" not in run.errors
    assert list((empty.folder / "docs").iterdir()) == []
    if data.isascii() and not data.startswith((b"%PDF", b"{\\rtf")):
        run = empty.run("import", name, "--date", "2024", "--slug", "t", "--format", "plain")
        assert run.status == 0
        assert "0 left out" in run.output


@pytest.mark.parametrize(
    "sign", ["{", "[", "<", "@", "*", '"', "#", "1", "- ", ">> ", "Ida = ", "a | b"]
)
def test_speech_is_not_taken_for_another_format(sign: str) -> None:
    lines = [*WORDS[:2], f"{sign}{WORDS[2]}", *WORDS[3:], "[Music]", "So, {so} it <b>is</b>."]
    assert take_in("\n".join(lines)).account["format"]["name"] == "plain"


# What a file says of the talk --------------------------------------------------------------------

AROUND = """---
title: "The mill"
date: October 2, 2023
speakers:
  - Ida Lund
  - Rolf Ek
language: German
---
# The mill
[Home](https://example.org) | [About](https://example.org/about)

## Grinding

**Ida:** Welcome.

Page 1 of 2

**Rolf:** We grind.

* * *

## Mending

**Ida:** Who mends it?

Page 2 of 2
Transcribed by https://otter.ai
"""


def test_what_stands_around_the_speech_fills_the_front_matter(empty: Project) -> None:
    run = take(empty, "--slug", "mill", name="t.md", data=AROUND.encode())
    assert run.status == 0
    assert (
        empty.read("docs/transcripts/mill.md")
        == """---
title: The mill
date: 2023-10-02
lang: de
source:
  file: mill.md.txt
  format: dialogue
  furniture: [2-7, 9-10, 12, 16, 22, 26-27]
speakers:
  Ida: Ida Lund
  Rolf: Rolf Ek
---

## Grinding

**Ida:** Welcome.

**Rolf:** We grind.

## Mending

**Ida:** Who mends it?
"""
    )
    assert empty.run("check").status == 0
    assert "language: de, since the file says so" in run.output


@pytest.mark.parametrize(
    ("name", "data", "tag"),
    [
        ("t.vtt", "WEBVTT\nLanguage: ar\n\n00:00.000 --> 00:01.000\nHello\n", "ar"),
        ("t.ar.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n", "ar"),
        ("t.json", '{"language": "german", "segments": [{"start": 0, "text": "x"}]}', "de"),
        ("t.txt", "مرحبا بكم في المطحنة القديمة", "ar"),
        ("t.txt", "Ми мелемо щопонеділка і завжди її", "uk"),
        ("t.txt", "月曜日に粉を挽きますと言いました", "ja"),
        ("t.txt", "Wir mahlen am Montag, und das ist nicht alles, der Müller ist auch alt", "de"),
        ("t.txt", "Hello", ""),
    ],
)
def test_language_of_a_file(name: str, data: str, tag: str) -> None:
    intake = take_in(data, name=name)
    assert intake.account["language"]["tag"] == tag
    assert (f"\nlang: {tag}\n" in intake.files[intake.edition].decode()) == bool(tag)


def test_language_is_told_and_a_doubt_about_it(empty: Project) -> None:
    run = take(empty, "--date", "2024", "--lang", "Arabic")
    assert "language: ar, since --lang says so\n" in run.output
    data = "Мы мелем по понедельникам".encode()
    run = take(empty, "--date", "2024", name="t.txt", data=data)
    assert "language: ru, since its letters are Cyrillic; this is a guess: --lang\n" in run.output
    assert "is no language" in take(empty, "--lang", "xyzzy").errors


# Letters ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_utf8_and_utf16_are_told_by_bytes_or_mark(empty: Project, codec: str, ends: str) -> None:
    run = take(empty, "--date", "2024", data=VTT.replace("\n", ends).encode(codec))
    assert run.status == 0
    assert "words: 7 came in, 4 went out" in run.output
    text = empty.read("docs/transcripts/talk.md")
    assert "**Bo:** Hello, Zoë." in text
    assert ("encoding: " + codec in text) == (codec in ("utf-16-le", "utf-16-be"))
    assert empty.run("check").status == 0


@pytest.mark.parametrize("codec", ENCODINGS)
def test_other_letters_are_read_as_the_import_was_told(empty: Project, codec: str) -> None:
    data = VTT.replace("ë", "e").encode(codec)
    assert take(empty, "--date", "2024", "--encoding", codec, data=data).status == 0
    assert empty.run("check").status == 0


def test_legacy_letters_are_never_guessed(empty: Project) -> None:
    data = VTT.encode("cp1252")
    run = take(empty, "--date", "2024", data=data)
    assert run.status == 1
    assert "say what it is: --encoding cp1252" in run.errors
    run = take(empty, "--date", "2024", "--encoding", "Windows-1252", data=data)
    assert run.status == 0
    assert "  encoding: cp1252\n" in empty.read("docs/transcripts/talk.md")
    assert "Zoë" in empty.read("docs/transcripts/talk.md")


def test_a_spoken_repetition_is_never_collapsed() -> None:
    talk = [Said(n, n + 1, "", ("no", "no")) for n in range(4)]
    rolling = next(foreign for foreign in WRITTEN if foreign.form == "rolling-vtt")
    intake = take_in(rolling.write(talk), name="talk.vtt")
    assert intake.account["format"]["name"] == "rolling-vtt"
    assert words_of(intake) == ("no",) * 8
    again = [piece for piece in intake.left_out if piece.is_repeated]
    assert len(again) == 7
    assert all(piece.text == "no no" for piece in again)


def test_a_control_character_in_a_file_reaches_no_terminal(empty: Project) -> None:
    data = b"WEBVTT\n\nNOTE \x1b[31mred\n\n00:00.000 --> 00:01.000\nHello\n"
    assert "\x1b" not in take(empty, "--date", "2024", data=data).output


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        *(("Zoë & Bo", "zoe-bo"), ("漢字", ""), ("A—B_c", "a-b-c"), ("  ", "")),
        # File systems take names of 255 bytes at most.
        *(("so it is " * 40, "-".join(["so-it-is"] * 11)), ("a" * 400, "a" * 100)),
    ],
)
def test_slug_of_a_title(title: str, slug: str) -> None:
    assert make_slug(title, 100) == slug


@pytest.mark.parametrize(
    ("name", "day"),
    [
        *(("2024-05-22 talk.vtt", "2024-05-22"), ("talk_2024_05_22.vtt", "2024-05-22")),
        *(("talk.2024.05.22.vtt", "2024-05-22"), ("GMT20240522-talk.vtt", "2024-05-22")),
        *(("2024-02-30.vtt", ""), ("talk-2024.vtt", ""), ("120240522.vtt", "")),
        ("2024-05-22/talk.vtt", ""),
    ],
)
def test_day_of_a_name(name: str, day: str) -> None:
    assert find_date(name) == day


def test_both_files_are_there_already(empty: Project) -> None:
    intake = take_in(VTT)
    write_intake(intake.files, empty.folder / "docs")
    with pytest.raises(ProblemsFoundError) as raised:
        write_intake(intake.files, empty.folder / "docs")
    assert len(raised.value.problems) == 2


STOKES = "WEBVTT\n\n" + "\n".join(
    f"00:0{n}.000 --> 00:0{n + 1}.000\n{'stokes: ' * (n % 3 == 0)}so it is\n" for n in range(9)
)
ANSWER = ("--speaker", "stokes=Kim Stokes")


def test_words_before_a_colon_are_told_and_can_be_named_later(empty: Project) -> None:
    run = take(empty, "--date", "2024", data=STOKES.encode())
    assert '3 cues begin with “stokes:”: --speaker "stokes=Stokes"\n' in run.output
    assert "speaker: " not in run.output

    run = empty.run("import", "--again", "docs/sources/talk.vtt", *ANSWER)
    assert "speaker: stokes, 3 cues\nspeaker: unknown, 18 words that" in run.output
    assert ", from the edition\n" in run.output
    assert "from --title" not in run.output
    edition = empty.read("docs/transcripts/talk.md")
    assert "  labels:\n    stokes: Kim Stokes\nspeakers:\n  Kim Stokes: Kim Stokes\n" in edition
    assert edition.count("**Kim Stokes:** so it is\n\n**?:** so it is\nso it is") == 3
    assert empty.run("check").status == 0
    assert empty.run("build").status == 0

    again = empty.run("import", "--again", "talk.vtt", "--speaker", "stokes=", "--title", "A talk")
    assert again.status == 0
    edition = empty.read("docs/transcripts/talk.md")
    assert edition.startswith("---\ntitle: A talk\n")
    assert "**" not in edition

    empty.replace("docs/transcripts/talk.md", "A talk", "The talk")
    empty.replace("docs/transcripts/talk.md", "---\n\nstokes: so", "---\n\nStokes: so")
    assert empty.run("import", "--again", "talk.vtt", *ANSWER).status == 1
    assert "Kim" not in empty.read("docs/transcripts/talk.md")


def test_names_are_asked_for_in_a_terminal(empty: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("build_tools.cli.intake.is_terminal", lambda: True)
    empty.write({"talk.vtt": STOKES.encode()})
    arguments = ["import", "talk.vtt", "--date", "2024"]
    result = CliRunner().invoke(main, arguments, input="Kim Stokes\n")
    assert "3 cues begin with “stokes:”. Who speaks (nothing: these are words)?" in result.output
    assert "**Kim Stokes:** so it is" in empty.read("docs/transcripts/talk.md")


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--speaker", "stokes"), "write “label=Name”"),
        (("--speaker", "stokes=Who? *"), "“Who? *” is no name"),
        (("--speaker", "ann=Ann"), "no speaker is called “ann”"),
        (("--again",), "the file was not taken in before"),
    ],
)
def test_an_answer_to_no_question(empty: Project, arguments: tuple[str, ...], what: str) -> None:
    run = take(empty, "--date", "2024", *arguments, data=STOKES.encode())
    assert run.status > 0
    assert what in run.errors
    assert not (empty.folder / "docs/sources").exists()


def test_a_label_met_once_is_told(empty: Project) -> None:
    data = b"Ann: one.\nBo: two.\nSpoiler: not so.\nAnn: when?\nBo: in frost.\n"
    run = take(empty, "--date", "2024", name="talk.txt", data=data)
    told = "speaker: Spoiler, 1 cue; the file has this label once: --speaker "
    assert f'{told}"Spoiler=" if it is no name\n' in run.output


def test_the_same_file_again_is_passed_over(empty: Project) -> None:
    assert take(empty, "--date", "2024-05-22").status == 0
    edition = "docs/transcripts/talk.md"
    empty.replace(edition, "Hello there.", "Hello, there.")
    before = empty.read(edition)
    run = take(empty, "--date", "2024-05-22")
    assert run == (0, f"talk.vtt was taken in before, as {edition}\n", "")
    assert empty.read(edition) == before
    assert take(empty, "--date", "2024-05-22", data=VTT.encode() + b"\n").status == 1


# Files that have pieces instead of lines --------------------------------------------------------

PIECES = (
    b'{"text": "Hi there. www.example.org", "segments": [\n'
    b'{"start": 0, "end": 1, "text": " Hi there."}, {"text": "Well."},\n'
    b'{"start": 2, "end": 3, "text": " www.example.org"}]}'
)


def test_furniture_of_a_document_is_counted_in_pieces(empty: Project) -> None:
    assert take(empty, "--date", "2024", name="talk.json", data=PIECES).status == 0
    edition = "docs/transcripts/talk.md"
    empty.replace(edition, "  format: whisper\n", "  format: whisper\n  furniture: [3]\n")
    empty.replace(edition, "www.example.org", "")
    assert empty.run("check").status == 0
    text = empty.read(edition)
    for number in (4, 9):
        empty.replace(edition, "furniture: [3]", f"furniture: [3, {number}]")
        run = empty.run("check")
        assert run.status == 1
        assert f"the source has no piece {number}" in run.errors
        assert "its last piece is 3" in run.errors
        empty.write({edition: text.encode()})


def test_a_changed_word_of_a_document_stands_in_a_piece(empty: Project) -> None:
    take(empty, "--date", "2024", name="talk.json", data=PIECES)
    empty.replace("docs/transcripts/talk.md", "Well.", "Will.")
    assert "the source says “Well” (piece 2), the edition “Will”" in empty.run("check").errors
    empty.replace("docs/transcripts/talk.md", "Will.", "{==Well==}{>>Will?<<}.")
    assert empty.run("build").status == 0
    assert '<a href="../transcripts/talk/#p2">piece 2</a>' in empty.built()["doubts.md"].decode()


def test_repeated_speech_is_no_alarm(empty: Project) -> None:
    data = b'{"text": "Hi there.", "segments": [{"start": 0, "end": 1, "text": " Hi there."}]}'
    output = take(empty, "--date", "2024", name="talk.json", data=data).output
    assert (
        """\
words: 4 came in, 2 went out, 2 left out
    those left out are the same speech once more: nothing of it is missing
left out: the same words once more: 2 words in 1 place
    “text”: 2 words
"""
        in output
    )


# Pages that must not come to life ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["talk.html", "talk.xml", "talk.ttml", "talk.svg", "talk.JSON"])
def test_a_page_is_published_as_a_text(empty: Project, name: str) -> None:
    data = b"<cite>Ann:</cite><time>0:01</time><p>Hi</p><script>alert(1)</script>"
    empty.write({"docs/doubts.md": b"# Doubts\n"})
    assert take(empty, "--date", "2024", name=name, data=data).status == 0
    assert empty.run("check").status == 0
    assert empty.run("build").status == 0
    sources = {path: kept for path, kept in empty.built().items() if path.startswith("sources/")}
    digest, _ = sources.pop("sources/SHA256SUMS").decode().split("  ")
    assert digest == hashlib.sha256(data).hexdigest()
    assert list(sources.values()) == [data]
    assert all(path.endswith((".txt", ".json")) for path in sources)


# Witnesses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_further_recognisers_become_witnesses(empty: Project, line_end: str) -> None:
    take(empty, "--date", "2024-05-22", "--slug", "paris", "--title", "Paris")
    path = "docs/transcripts/paris.md"
    content = empty.read(path).replace("speakers:", "# ours\nspeakers:").replace("\n", line_end)
    empty.write({path: content.encode()})
    told = ("--engine", 'Vo"sk: 3', "--date", "2024-06-01")
    run = take(empty, "--witness", "paris", *told, name="b.vtt", data=VTT.encode() + b"\n")
    assert run.output.endswith(f"witness B of {path}\nnext: sic suggest paris\n")
    take(empty, "--witness", "paris", name="c.txt", data=b"Hello there. Hello, Zoe.\n")
    block = """witnesses:
  B:
    file: paris-b.vtt
    format: vtt
    engine: "Vo\\"sk: 3"
    date: 2024-06-01
  C:
    file: paris-c.txt
    format: plain
---
"""
    assert empty.read(path).split("Bo: Bo\n")[1].startswith(block)
    assert (b"\r\n" in (empty.folder / path).read_bytes()) is (line_end == "\r\n")
    assert empty.read("docs/sources/paris-b.vtt") == f"{VTT}\n"
    assert empty.run("check").output == "fine: every word is accounted for\n"


def test_parts_that_a_witness_lacks_are_told(empty: Project) -> None:
    lines = [f"{word} we said it, and then we went on.\n".encode() for word in ("Bo", "Jo", "Al")]
    take(empty, "--date", "2024", "--slug", "a", name="a.txt", data=b"".join(lines))
    run = take(empty, "--witness", "a", name="b.txt", data=lines[0] + lines[2])
    assert "it lacks: 9 words from line 2 on\n" in run.output


def test_two_files_of_one_recogniser_are_told(empty: Project) -> None:
    def write(*wrong: int) -> bytes:
        words = (f"Word{'x' * (number in wrong)}{number}" for number in range(300))
        return "\n".join(words).encode()

    take(empty, "--date", "2024", "--slug", "a", name="a.txt", data=write())
    take(empty, "--witness", "a", name="b.txt", data=write(*range(0, 300, 10)))
    alone = take(empty, "--witness", "a", name="c.txt", data=write(*range(1, 300, 10)))
    assert "warning" not in alone.errors
    run = take(empty, "--witness", "a", "--json", name="d.txt", data=write(7, *range(0, 300, 10)))
    told = "warning: witness D has 99.5 % of the words of B, and its errors"
    assert (told in run.errors, told in empty.run("check").errors) == (True, True)
    account = json.loads(run.output)
    assert (account["witness"], account["lacks"], account["words"]["in"]) == ("D", [], 300)


@pytest.mark.parametrize(
    ("slug", "data", "head", "expected"),
    [
        ("nix", b"Hello there.\n", "", "there is no edition nix"),
        ("", b"Hello there.\n", "", "there is no edition"),
        ("paris", VTT.encode(), "", "witness B is the same text as A"),
        ("paris", b"Of ships, of shoes, of sealing wax.\n", "", "less than half of its words"),
        ("paris", b"\0\1\2", "", "d.txt:1:1"),
        ("paris", b"Hello there.\n", "witnesses: {B: {file: paris.vtt, format: vtt}}\n", "shape"),
    ],
)
def test_no_witness_is_taken_in(
    empty: Project, slug: str, data: bytes, head: str, expected: str
) -> None:
    take(empty, "--date", "2024-05-22", "--slug", "paris", "--title", "Paris")
    empty.replace("docs/transcripts/paris.md", "speakers:", f"{head}speakers:")
    before = empty.read("docs/transcripts/paris.md")
    run = take(empty, "--witness", slug, name="d.txt", data=data)
    assert expected in run.errors
    assert run.errors.endswith("nothing was written\n")
    assert run.status == 1
    assert empty.read("docs/transcripts/paris.md") == before
    names = {path.name for path in (empty.folder / "docs/sources").iterdir()}
    assert names == {"paris.vtt", "SHA256SUMS"}
