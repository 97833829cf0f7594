"""First editions: they pass the check as they stand, and say what the file says."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from build_tools.authoring.import_.draft import Head, render_draft
from build_tools.authoring.import_.intake import Intake, Request, plan_intake
from build_tools.build.plan import plan_site
from build_tools.model.edition import UNKNOWN_VOICE
from build_tools.model.source import Cue
from build_tools.model.text import Problem, ProblemsFoundError, Text
from build_tools.reading.edition import parse_edition
from build_tools.reading.tree import SourcedEdition, read_edition
from build_tools.sources.formats import FORMATS
from build_tools.sources.raw import CHAPTER, LeftOut
from build_tools.sources.source import compile_source
from build_tools.text.characters import blank_misplaced
from build_tools.text.words import find_keys
from tests.foreign import DOCUMENTS, WRITTEN, Foreign, Said, talks
from tests.test_laws import noise
from tests.test_sources_json import SPEECH
from tests.trees import check_tree
from tests.tries import tries

law = tries(25)


def take_in(content: str | bytes, *, name: str = "talk.txt", form: str = "") -> Intake:
    data = content if isinstance(content, bytes) else content.encode()
    return plan_intake(Request(name, data, slug="talk", date="2024-05-22", format=form))


def errors_of(files: Mapping[str, bytes]) -> list[Problem]:
    return [problem for problem in check_tree(files) if not problem.warning]


def edition_of(intake: Intake) -> SourcedEdition:
    """The draft with its source, which alone tells which names in brackets are words."""
    sourced = read_edition("talk", intake.files, "docs").value
    assert sourced
    return sourced


def words_of(intake: Intake) -> tuple[str, ...]:
    return edition_of(intake).rejected.words.keys


def head(title: str) -> Head:
    return {"title": title, "date": "2024", "source": {"file": "talk.txt", "format": "plain"}}


def draft(cues: Iterable[Cue], *, chapters: Iterable[LeftOut] = (), title: str = "A talk") -> str:
    """The body of the first edition of some cues."""
    source = compile_source("docs/sources/talk.txt", b"", cues, frozenset())
    text = render_draft(source, head(title), chapters)
    return text.split("---\n", 2)[2].strip()


def read_talk(foreign: Foreign, talk: tuple[Said, ...]) -> Intake:
    if foreign.recurring:
        assume(len({said.speaker for said in talk}) < len(talk))
    # A tag in its captions is one, however often it is escaped.
    assume(foreign.form != "youtube-xml" or not any("<" in said.text for said in talk))
    return take_in(foreign.write(talk), name=foreign.name, form=foreign.form)


def without_notation(foreign: Foreign, talk: tuple[Said, ...]) -> tuple[Said, ...]:
    """The talk with another word for each that the format itself would take for notation."""

    def is_notation(place: int, token: str) -> bool:
        if foreign.form in ("dialogue", "html") and token == "12:30":
            return True
        if foreign.form == "dialogue" and place == 0 and not token.strip("#"):
            return True
        # This format joins signs to the word before them, and joined they are an arrow.
        if foreign.form == "speechmatics" and set(token) & set("<>"):
            return True
        return place == 0 and token == "**Ann:**"

    def replace_tokens(tokens: tuple[str, ...]) -> tuple[str, ...]:
        named = enumerate(tokens)
        return tuple("so" if is_notation(place, token) else token for place, token in named)

    return tuple(said._replace(tokens=replace_tokens(said.tokens)) for said in talk)


@law
@given(talk=talks())
@pytest.mark.parametrize("foreign", WRITTEN, ids=lambda foreign: foreign.form)
def test_every_word_of_every_format_is_in_its_first_edition(
    foreign: Foreign, talk: tuple[Said, ...]
) -> None:
    talk = without_notation(foreign, talk)
    intake = read_talk(foreign, talk)
    assume(not intake.source.get("furniture"))
    assert errors_of(intake.files) == []
    assert words_of(intake) == find_keys(" ".join(said.text for said in talk))
    if foreign.speakers:
        labels = {speaker["label"] for speaker in intake.account["speakers"]}
        assert labels == {said.speaker for said in talk}
        assert set(edition_of(intake).edition.speakers.values()) == labels
    plan_site(intake.files, exports=False)


# These write a piece without a voice.
VOICED = ("vtt", "whisper", "podcast-json", "ttml")


@law
@given(talk=talks(), silent=st.sets(st.integers(0, 7)))
@pytest.mark.parametrize(
    "foreign", [one for one in WRITTEN if one.speakers], ids=lambda foreign: foreign.form
)
def test_who_says_what_is_kept(foreign: Foreign, talk: tuple[Said, ...], silent: set[int]) -> None:
    if foreign.form in VOICED:
        talk = tuple(
            said._replace(speaker="") if number in silent else said
            for number, said in enumerate(talk)
        )
    talk = without_notation(foreign, talk)
    intake = read_talk(foreign, talk)
    assume(not intake.source.get("furniture"))
    edition = edition_of(intake).edition
    labels = {**edition.speakers, "": "", UNKNOWN_VOICE: ""}
    speaker, heard = "", []
    for paragraph in edition.paragraphs:
        speaker = paragraph.speaker or speaker
        keys = find_keys("".join(span.heard for span in paragraph.spans))
        heard += [(labels[speaker], key) for key in keys]
    assert heard == [(said.speaker, key) for said in talk for key in find_keys(said.text)]


MARKS = (
    *("WEBVTT", "NOTE x", "STYLE", "1", "2", "00:00:01.000 --> 00:00:02.000", "00:05", "[00:05] "),
    *("0:00:00.378,0:00:11.378", "<v Ann>", "</v>", "<i>", "&amp;", "&#13;", "&#55296;", "{\\an8}"),
    *("Ann: ", "Bo: ", "**Ann:** ", "**Bo**: ", ">> ", "- ", "Ann Lee  0:01", "[Bo] 14:03:22"),
    *("start\tend\ttext", "0\t1\tyes", "speaker,words", '"', "a,b", "---", "## A", "# B", "-->"),
    *("\n", "\n", "\n", "\n\n", " ", "\t", "\r\n", "\x00", "\x0c", "\u2028", "\ufeff"),
)
foreign_noise = st.lists(
    st.sampled_from(MARKS) | noise | st.sampled_from(("alpha", "beta", "gamma")), max_size=14
).map("".join)


@tries(200)
@given(content=foreign_noise, form=st.sampled_from(list(FORMATS)))
def test_whatever_a_file_holds_its_first_edition_passes_or_it_is_refused(
    form: str, content: str
) -> None:
    try:
        intake = take_in(content, form=form)
    except ProblemsFoundError:
        return
    assert errors_of(intake.files) == []
    assert len(words_of(intake)) == intake.account["words"]["out"]


LONE_WORDS = ("alpha", "beta", "gamma", "delta", "word")
PIECES = st.sampled_from(
    (*MARKS[:4], *(f"{mark}" for mark in MARKS if "\n" in mark or mark in ("- ", ">> ", "-->")))
) | st.sampled_from([f" {word} " for word in LONE_WORDS])


@tries(200)
@given(
    content=st.lists(PIECES, min_size=1, max_size=20).map("".join),
    form=st.sampled_from([form for form in FORMATS if not form.startswith("rolling")]),
)
def test_a_word_of_the_file_is_speech_or_is_said_to_be_left_out(form: str, content: str) -> None:
    try:
        intake = take_in(content, form=form)
    except ProblemsFoundError:
        return
    out = [key for piece in intake.left_out for key in find_keys(piece.text)]
    kept = [*words_of(intake), *out]
    for word in LONE_WORDS:
        assert kept.count(word) == find_keys(content).count(word)


def _texts(value: object) -> Iterator[tuple[Any, str | int]]:
    """Every text of a JSON value, as what holds it and under which name or number."""
    members = value.items() if isinstance(value, dict) else enumerate(value)  # type: ignore[arg-type]
    for name, member in members:
        if isinstance(member, dict | list):
            yield from _texts(member)
        elif isinstance(member, str) and name in SPEECH:
            yield value, name


def _with_stray(content: str, number: int) -> str:
    """A document with a word more, somewhere among its texts."""
    if content.startswith("{"):
        value = json.loads(content)
        owner, name = (places := list(_texts(value)))[number % len(places)]
        owner[name] += " stray "
        return json.dumps(value)
    ends = [match.end() for match in re.finditer(">", content)]
    end = ends[number % len(ends)]
    return f"{content[:end]} stray {content[end:]}"


@law
@given(talk=talks(), number=st.integers(0, 1000))
@pytest.mark.parametrize("foreign", DOCUMENTS, ids=lambda foreign: foreign.form)
def test_a_word_that_a_document_has_anywhere_is_speech_or_is_said_to_be_left_out(
    foreign: Foreign, talk: tuple[Said, ...], number: int
) -> None:
    try:
        intake = take_in(_with_stray(foreign.write(talk), number), form=foreign.form)
    except ProblemsFoundError:
        return
    told = [*words_of(intake), *(key for piece in intake.left_out for key in find_keys(piece.text))]
    told += {key for one in intake.account["speakers"] for key in find_keys(one["label"])}
    assert "stray" in told


@law
@given(
    labels=st.lists(st.text(min_size=1, max_size=130), min_size=1, max_size=5),
    titles=st.lists(st.text(max_size=20), max_size=3),
    title=st.text(min_size=1, max_size=20).map(
        lambda text: " ".join(blank_misplaced(text).split()) or "x"
    ),
)
def test_whatever_speakers_and_chapters_are_called(
    labels: list[str], titles: list[str], title: str
) -> None:
    names = [" ".join(label.split()) for label in labels]
    cues = [Cue(n, None, f"word {n}", None, name) for n, name in enumerate(names, 1)]
    data = "\n".join(cue.text for cue in cues).encode()
    source = compile_source("docs/sources/talk.txt", data, cues, frozenset())
    chapters = [LeftOut(number, title, CHAPTER) for number, title in enumerate(titles, 1)]
    text = render_draft(source, head(title), chapters)
    files = {"sources/talk.txt": data, "transcripts/talk.md": text.encode()}
    assert errors_of(files) == []
    edition = parse_edition("talk", Text("docs/transcripts/talk.md", text)).value
    assert edition
    assert edition.title == " ".join(blank_misplaced(title).split())
    assert len(edition.speakers) == len({name for name in names if name})


def test_no_paragraph_grows_without_end() -> None:
    words = " ".join(f"w{number}" for number in range(1000))
    paragraphs = draft([Cue(1, None, words)]).split("\n\n")
    assert max(len(paragraph.split()) for paragraph in paragraphs) == 180
    sentences = " ".join("So it is and so it goes." for _ in range(100))
    paragraphs = draft([Cue(1, None, sentences)]).split("\n\n")
    assert {len(paragraph.split()) for paragraph in paragraphs[:-1]} == {91}


def test_chapters_are_those_of_the_file() -> None:
    cues = (Cue(1, 0, "One."), Cue(3, 1000, "Two."), Cue(5, 2000, "Three."))
    titles = ((2, "# Second #"), (4, "Third"), (9, "No"))
    chapters = [LeftOut(line, title, CHAPTER) for line, title in titles]
    assert draft(cues, chapters=chapters) == (
        "## Beginning\n\nOne.\n\n## Second\n\nTwo.\n\n## Third\n\nThree."
    )
    assert "##" not in draft(cues)


def test_a_chapter_says_again_who_speaks() -> None:
    cues = (Cue(1, 0, "One.", None, "Ann"), Cue(3, 1000, "Two.", None, "Ann"))
    body = draft(cues, chapters=(LeftOut(1, "A", CHAPTER), LeftOut(2, "B", CHAPTER)))
    assert body == "## A\n\n**Ann:** One.\n\n## B\n\n**Ann:** Two."


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("a * b ** c", r"a \* b \*\* c"),
        ("[Music] [^x] [a](b)", r"[Music] \[^x] [a\](b)"),
        ("{~~a~>b~~} {++c++}", r"\{\~~a\~>b\~~\} \{++c++\}"),
        ("a \\* b", r"a \\\* b"),
        ("# one", r"\# one"),
        ("> one", r"\> one"),
        ("1. one", r"1\. one"),
        ("- one", "**?:** one"),
        ("+ one", r"\+ one"),
        ("-one 1.5 is", "-one 1.5 is"),
        ("<b>x</b> < y", r"\<b>x\</b> < y"),
        ("**Ann:** hello", r"\*\*Ann:\*\* hello"),
    ],
)
def test_signs_that_would_be_marks_are_escaped(said: str, written: str) -> None:
    assert draft([Cue(1, None, said)]) == written


def test_two_labels_are_two_speakers() -> None:
    long = "x" * 120
    cues = [
        Cue(n, None, f"Word {n}.", None, label)
        for n, label in enumerate(("A*", "A∗", f"{long}1", f"{long}2", "Ann: Lee"), 1)
    ]
    source = compile_source("docs/sources/talk.txt", b"", cues, frozenset())
    text = render_draft(source, head("A talk"))
    edition = parse_edition("talk", Text("docs/transcripts/talk.md", text)).value
    assert edition
    # A name has at most 40 characters.
    assert list(edition.speakers.values()) == [cue.speaker[:40] for cue in cues]
    assert len(edition.speakers) == len(cues)
