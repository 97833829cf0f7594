"""`docs/verify.py`, the second prover, finds every changed word and no other."""

import hashlib
import json
import random
import re
import subprocess
import sys
import zipfile
from collections import Counter
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest

from build_tools.authoring.import_.intake import Request, plan_intake
from build_tools.checks.corpus import parse_corpus
from build_tools.model.edition import NonSpeech
from build_tools.model.text import ProblemsFoundError
from tests.cases import read_cases
from tests.site_html import ROOT, Site
from tests.test_export_words import EXPORTS, TALKS, VERIFY, page_words, read_words

PROOF = '<p class="sic-proof"'
PLAIN = "One of us, Chris Ola, paid $5.\nIt’s 3.5k, not\nthe the end.\n"
HIDDEN = '<span class="sic-non-speech"><span class="sic-hidden">no words: </span>'
NON_SPEECH = f"{HIDDEN}&#91;laughter&#93;</span>"
SPEECH = (
    '<p class="sic-turn"><a class="sic-at" href="#l1" id="l1">1</a> '
    '<span class="sic-speaker">Ann</span> One of us, <a class="sic-term" href="x">Chris '
    '<ins class="sic-name" data-heard="Ola">Olah</ins></a>,<sup id="fnref:a"><a '
    'class="footnote-ref sic-fix" href="#fn:a">1</a></sup> paid $5. '
    f'{NON_SPEECH} <span id="l2"></span>It\'s 3.5k, not '
    '<span id="l3"></span>the<ins class="sic-repetition" data-heard="the"></ins><sup id="fnref:b">'
    '<a class="footnote-ref" href="#fn:b">2</a></sup> end.</p>'
)
NOTES = (
    '<p class="sic-note sic-fix" id="fn:a" role="note">heard as <del>Ola</del></p>'
    '<p class="sic-note" id="fn:b" role="note"><del>the</del></p>'
    '<h2 id="about-this-text">About this text</h2><p>Never heard.</p>'
)


def set_digest(page: str, source: bytes) -> str:
    """Return a page that has the digest of a changed source: then the words alone can tell."""
    digest = hashlib.sha256(source).hexdigest()
    return re.sub(r'data-sha256="[^"]*"', f'data-sha256="{digest}"', page)


def check(
    folder: Path, *, source: str = PLAIN, kind: str = "plain", page: str = SPEECH
) -> list[str]:
    """Return the problems of a small page and its source."""
    (folder / "sources").mkdir(exist_ok=True)
    (folder / "sources/talk.txt").write_bytes(source.encode())
    digest = hashlib.sha256(source.encode()).hexdigest()
    facts = f'{PROOF} data-source="talk.txt" data-format="{kind}" data-sha256="{digest}"'
    (folder / "talk.html").write_text(
        f"<article>{facts} data-names='[]'>.</p>{page}{NOTES}", "utf-8"
    )
    problems: list[str] = VERIFY.check_page(folder / "talk.html", [folder / "sources"])[1]
    return problems


def run(*arguments: Path | str) -> subprocess.CompletedProcess[str]:
    command: list[Path | str] = [sys.executable, "-I", ROOT / "docs/verify.py", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("plain", PLAIN),
        ("clock", "00:01One of us, Chris Ola,\n00:03paid $5. It's 3.5k, not\n1:00:05the the end."),
        ("vtt", ("WEBVTT\n\nNOTE no word\n\n1\n00:01.000 --> 00:02.000\n<v Ann>One of <c>us</c>, "
                "Chris\nOla, paid $5.\n\n00:02.000 --> 00:03.000\nIt's 3.5k, not the the end.\n")),
        ("srt", ("1\n00:00:01,000 --> 00:00:02,000\n<i>One</i> of us, Chris\nOla, paid $5.\n\n2\n"
                "00:00:02,000 --> 00:00:03,000\nIt's 3.5k, not the the end.\n")),
        ("whisper", '{"text": "One of us, Chris Ola, paid $5. It\\u2019s 3.5k, not the the end."}'),
    ],
)  # fmt: skip
def test_each_format_is_read(tmp_path: Path, kind: str, source: str) -> None:
    assert check(tmp_path, kind=kind, source=source) == []
    assert check(tmp_path, kind=kind, source=source.replace("end", "and")) != []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        *((f"{HIDDEN}&#91;", HIDDEN), ("&#91;laughter", "&#91;Ola"), ("laughter", "laughter so")),
        *(("no words: ", "no, "), ("&#91;laughter&#93;", "<b></b>"), ("sic-hidden", "sic-f")),
        ("paid $5", "paid -$5"),
        ("paid $5", "paid $.5"),
        ("paid $5", "paid $5％"),
        ("3.5k", "3-5k"),
        ("One of us", "One of u\u200bs"),
        ("One of us", "One of <b>us</b>"),
        ("One of us", '<span hidden="">One</span> of us'),
        ("One of us", '<span style="x">One</span> of us'),
        (" One of us", "<!-- x --> One of us"),
        ("</ins></a>", "</ins>s</a>"),
        ('data-heard="Ola"', 'data-heard="Olla"'),
        ('href="#fn:a"', 'href="#fn:b"'),
        (">1</a></sup>", ">never</a></sup>"),
        (">1</a> ", ">never</a> "),
        ("</p>", "</p><p>Never.</p>"),
        ("</p>", "</p><div>Never.</div>"),
        ("</p>", '</p><p class="sic-on">Never.</p>'),
    ],
)
def test_misleading_differences_are_found(tmp_path: Path, right: str, wrong: str) -> None:
    assert right in SPEECH
    assert check(tmp_path, page=SPEECH.replace(right, wrong)) != []


def test_other_names_of_no_speech_are_listed_in_other_languages(tmp_path: Path) -> None:
    german = SPEECH.replace("no words: ", "keine Worte: ").replace("laughter", "Lachen")
    assert "[Lachen] has no place" in "".join(check(tmp_path, page=german))
    page = tmp_path / "talk.html"
    text = page.read_text("utf-8").replace("<del>Ola", '<del><bdi lang="he" dir="rtl">Ola</bdi>')
    page.write_text(f'<html lang="de" class="x">{text}', "utf-8")
    line, problems = VERIFY.check_page(page, [tmp_path / "sources"])
    assert (problems, "undone; as no words: Lachen" in line) == ([], True)


def test_the_names_of_what_is_no_speech_are_those_of_editions() -> None:
    assert f"(?:{'|'.join(NonSpeech)})" in VERIFY.PIECE


def test_words_left_out_are_shown(tmp_path: Path) -> None:
    """A line that is no speech stands on the page with its words."""
    out = '<details class="sic-furniture"><ol><li value="4">So it is.</li></ol></details>'
    facts = "' data-furniture=\"4\"'>"
    for shown, right in ((out, True), (out.replace("is", "was"), False), ("", False)):
        check(tmp_path, source=f"{PLAIN}so it is")
        page = tmp_path / "talk.html"
        text = page.read_text("utf-8").replace("'[]'>", f"'[]' {facts[2:]}", 1)
        page.write_text(text + shown, "utf-8")
        assert (VERIFY.check_page(page, [tmp_path / "sources"])[1] == []) is right


def test_the_command_says_where_the_first_difference_is(tmp_path: Path) -> None:
    assert check(tmp_path, page=SPEECH.replace(", not", ", never")) == [
        (
            "#l2, line 2: the page has “paid $ 5 it's 3.5k never the the end”, "
            "the source “paid $ 5 it's 3.5k not the the end”"
        )
    ]
    ran = run(tmp_path)
    assert ran.returncode == 1
    assert "14 ≠ 14 words, 2 corrections undone: DIFFERENT\n  #l2, line 2:" in ran.stdout
    assert check(tmp_path) == []
    assert run(tmp_path / "talk.html", "--sources", tmp_path / "sources").returncode == 0
    assert "A word is a run of letters" in run("--help").stdout
    (tmp_path / "talk.html").unlink()
    assert run(tmp_path).returncode == 1


def test_checksums_hold_each_file(tmp_path: Path) -> None:
    assert check(tmp_path) == []
    sums, digest = tmp_path / "sources/SHA256SUMS", hashlib.sha256(PLAIN.encode()).hexdigest()
    sums.write_text(f"{digest}  talk.txt\n")
    assert run(tmp_path).returncode == 0
    for wrong in (f"{digest}  other.txt\n", f"{'0' * 64}  talk.txt\n", ""):
        sums.write_text(wrong)
        assert run(tmp_path).returncode == 1


@pytest.mark.engine
@pytest.mark.parametrize("made", ["mkdocs_site", "zensical_site", "zensical_offline"])
def test_both_talks_are_equal(built_site: Site) -> None:
    ran = run(built_site.folder)
    assert ran.returncode == 0, ran.stdout
    assert "4,438 = 4,438 words, 15 corrections undone; 13 left out: equal" in ran.stdout


# Changed words ----------------------------------------------------------------------------------

# A token of a file: markup to skip, or a word of speech.
NAME = r'<(?:a|span) class="sic-speaker.*?</(?:a|span)>'
MARKUP = rf"{NAME}|<(sic|surplus|note|sup)\b.*?</\1>|<[^>]*>|&\w+;"
WORD = rf"(?s:{MARKUP})|\b(?P<word>[A-Za-z]{{2,}})\b"
SPEECH_IN = {
    ".html": r'(?m)^<p class="sic-(?:turn|on)">.*\n(.*)</p>$',
    ".vtt": r"(?m)^(?!WEBVTT|\d\d:)(.+)$",
    ".srt": r"(?m)^(?:- )?(?:\w+: )?((?!\d\d:|\d+$).+)$",
    "podcast.json": r'"body": "(.*)"',
    "transcript.json": r'"text": "(.*)"',
    ".tei.xml": r'(?s)<seg type="paragraph">(.*?)</seg>',
    ".xhtml": r'<p class="(?:turn|on)"[^>]*>(?:<b.*?</b> )?(?:<span.*?</span> )?(.*?)</p>',
    ".txt": r"(?m)^(?:\d[\d:]*\d\d)?(.{60,})$",
    "transcript.txt": r"(?m)^(?:\w+: )?((?!This is the corrected).{60,})$",
    "transcript.md.txt": r"(?m)^(?:\*\*\w+:\*\* )?((?!description).{90,})$",
}


def change_word(name: str, text: str, chance: random.Random) -> str:
    """Return a text in which a word of speech is changed, dropped, or said twice."""
    ends = [end for end in SPEECH_IN if name.endswith(end)]
    spans = [found.span(1) for found in re.finditer(SPEECH_IN[max(ends, key=len)], text)]
    start, end = chance.choice([span for span in spans for _ in range(span[1] - span[0] > 30)])
    words = [word for word in re.finditer(WORD, text[start:end]) if word["word"]]
    word = chance.choice(words)
    said = word["word"]
    new = chance.choice([f"{said}s", "", f"{said} {said}", "never"])
    return text[: start + word.start()] + new + text[start + word.end() :]


def change_file(name: str, data: bytes, chance: random.Random) -> bytes:
    """Return the bytes of an export in which a word of speech is changed."""
    if not name.endswith(".epub"):
        return change_word(name, data.decode(), chance).encode()
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as book, zipfile.ZipFile(out, "w") as new:
        names = book.namelist()
        chapter = chance.choice([path for path in names if "/chapter-" in path])
        for path in names:
            text = book.read(path)
            new.writestr(path, change_file(path, text, chance) if path == chapter else text)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.engine
def test_a_changed_word_is_found_wherever_it_is(mkdocs_site: Site, tmp_path: Path) -> None:
    chance, missed, tried = random.Random(13), [], Counter[str]()
    kinds = [(talk, name) for talk in (*TALKS, *TALKS[:1] * 4) for name in ("page", "source")]
    kinds += EXPORTS
    for number in range(200):
        talk, name = kinds[number % len(kinds)]
        folder = mkdocs_site.folder / "transcripts" / talk
        page = (folder / "index.html").read_text("utf-8")
        source = (mkdocs_site.folder / f"sources/{talk}.txt").read_bytes()
        new = page
        if name == "page":
            new = change_word("index.html", page, chance)
        elif name == "source":
            source = change_file(".txt", source, chance)
        if name in ("page", "source"):
            # The checksum is that of the changed source, so that only its words can tell.
            path = tmp_path / "transcripts" / talk / "index.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(set_digest(new, source), "utf-8")
            (path.parent / "transcript.json").write_bytes((folder / "transcript.json").read_bytes())
            (tmp_path / f"{talk}.txt").write_bytes(source)
            found = bool(VERIFY.check_page(path, [tmp_path])[1])
        else:
            data = change_file(name, (folder / name).read_bytes(), chance)
            found = read_words(talk, name, data) != page_words(page)
        tried[name] += 1
        missed += [] if found else [(number, talk, name)]
    assert sum(tried.values()) == 200
    assert missed == []


def test_what_was_imported_is_read_by_the_checker_too() -> None:
    formats = set()
    for case in read_cases(ROOT / "tests/cases/imports.md"):
        name, _, content = case.texts("import")[0].partition("\n")
        with suppress(ProblemsFoundError):
            files = plan_intake(Request(name, content.encode(), "talk", date="2024-05-22")).files
            found = parse_corpus({path.removeprefix("docs/"): one for path, one in files.items()})
            [(edition, source)] = found.editions
            assert source
            names = [cue.speaker for cue in source.cues if cue.speaker]
            facts = {"format": edition.source.format, "names": json.dumps(names)}
            facts |= {"furniture": ",".join(edition.source.furniture), "lang": edition.lang}
            data, ours = files[f"sources/{edition.source.file}"], list(source.words.keys)
            forms = (VERIFY.COLON, f"{VERIFY.COLON}|{VERIFY.DASH}")
            several = [list(map(str, VERIFY.read_source(data, facts, form)[0])) for form in forms]
            read = several[several[0] != ours]
            rest = iter(read)
            others = facts["format"] not in VERIFY.EXACT and all(word in rest for word in ours)
            assert read == ours or others, (str(case), ours, read)
            formats.add(facts["format"])
    assert formats > {*VERIFY.EXACT} - {"clock"}
