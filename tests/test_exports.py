"""Files to take away: each valid by somebody else's judge, and each comes back as it went out."""

import csv
import io
import json
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

import jiwer
import pytest
from bibtexparser.entrypoint import parse_string
from hypothesis import given
from markdown_it import MarkdownIt

from build_tools.build.plan import plan_site
from build_tools.checks.corpus import parse_corpus
from build_tools.exports.table import COLLECTION_EXPORTS, EXPORTS
from build_tools.reading.tree import read_tree
from build_tools.text.words import find_keys
from tests.books import open_book
from tests.generated import Generated, editions
from tests.pages import ROOT, parse_page, real_site
from tests.project import Project
from tests.test_golden import SITE
from tests.test_laws import law
from tests.trees import check_tree, entry_file, read_edition, talk_tree

BODY = (
    '**Ann:** =1+1 said "Ola", one, two.\n\nWe {~~herd~>heard~~}[^a] {++it++}[^b].\n\n'
    "## The *end* of 1. things\n\n**Bo:** {--so--}[^c] it is.\n\n"
    '[^a]: homophone, record: ="So", and\n[^b]: dropout?: So.\n[^c]: repetition, record: So.'
)


@cache
def collection() -> Mapping[str, bytes]:
    return real_site(SITE)


def turn_rows(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["data/turns.jsonl"].decode().splitlines()]


@pytest.mark.parametrize(
    ("source", "form", "addresses"),
    [
        ('{"text": "we have dem here."}', "whisper", ["p1"]),
        ("we have\n\ndem here\n", "plain", ["l1", "l3"]),
        ("00:01we have\n00:01dem here\n", "clock", ["t1", "t1-2"]),
    ],
)
def test_turns_have_the_addresses_of_their_lines(
    source: str, form: str, addresses: list[str]
) -> None:
    body = "**Ann:** We have\n\n**Bo:** {~~dem~>them~~}[^n] here.\n\n[^n]: name, record: So."
    one = body.replace("\n\n**Bo:**", "") if form == "whisper" else body
    files = plan_site(talk_tree(one, source=source, form=form)).files
    value = json.loads(files["transcripts/talk/transcript.json"])
    assert [turn["id"] for turn in value["turns"]] == addresses


@pytest.mark.parametrize(
    ("licence", "url"),
    [("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"), ("Our <own> terms", "")],
)
def test_everything_says_the_licence_of_the_home_page(licence: str, url: str) -> None:
    home = f"---\ntitle: Talks\nlicence: {licence}\n---\n# Talks\n".encode()
    files = plan_site({**talk_tree(BODY, entry_file("Ola")), "index.md": home}, site_url=SITE).files
    book = open_book(files["transcripts/talk/talk.epub"]).members
    texts = {path: data for path, data in files.items() if path.endswith((".md", ".json", ".bib"))}
    other = b"CC BY 4.0", b"CC-BY-4.0", b"licenses/by/4.0"
    said = {**texts, **{f"book/{name}": data for name, data in book.items()}}
    assert [path for path, data in said.items() if any(name in data for name in other)] == []
    assert (b"license" in files["transcripts/talk.md"]) == bool(url)
    assert url.encode() in files["transcripts/talk.md"]
    shown = licence.replace("<", "&lt;").replace(">", "&gt;")
    assert f"licensed {shown}".encode() in b"".join(book.values())
    assert f"annotations {shown}".encode() in files["downloads.md"]


def test_a_licence_that_is_no_text_is_a_problem_of_the_home_page() -> None:
    tree = {**talk_tree(BODY, entry_file("Ola")), "index.md": b"---\nlicence: [a]\n---\n"}
    (problem,) = check_tree(tree)
    assert str(problem.place) == "docs/index.md:2:1"
    assert problem.what == "“licence”: a text is wanted"


def test_the_table_of_corrections_is_exact_whatever_cells_begin_with() -> None:
    files = plan_site(talk_tree(BODY)).files
    table = files["data/corrections.csv"].decode()
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    values = json.loads(files["data/corrections.json"])
    assert rows[0]["reason"] == '="So", and'
    assert '"=""So"", and"' in table
    assert table.count("\r\n") == table.count("\n") == 4
    assert rows == [{key: as_cell(value) for key, value in item.items()} for item in values]


def test_no_cell_of_the_table_for_spreadsheets_is_calculated() -> None:
    table = plan_site(talk_tree(BODY)).files["data/corrections-spreadsheet.csv"].decode()
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert rows[0]["reason"] == '\'="So", and'
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@\t" and cell]


def as_cell(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


@pytest.mark.slow
def test_turns_come_back_with_their_words_speakers_and_times() -> None:
    source = "00:03.250we met Ola\n00:05and so on\n"
    body = "**Ann:** We met Ola.\n\n**Bo:** And so on."
    files = plan_site(talk_tree(body, source=source.replace(".250", ""), form="clock")).files
    first, second = turn_rows(files)
    assert (first["time"], first["end"], first["speaker"]) == (3, 5, "Ann")
    assert (second["time"], second["end"], second["words"]) == (5, None, 3)
    for transcript in parse_corpus(read_tree(ROOT / "docs")).transcripts:
        slug = transcript.edition.slug
        turns = [turn for turn in turn_rows(collection()) if turn["transcript"] == slug]
        assert [turn["speaker"] for turn in turns] == [turn.speaker for turn in transcript.turns]
        heard, said = (" ".join(turn[key] for turn in turns) for key in ("heard", "text"))
        assert find_keys(heard) == tuple(word.key for word in transcript.source.words)
        assert find_keys(said) == tuple(word.key for word in transcript.said_words)
        assert sum(turn["words"] for turn in turns) == len(transcript.said_words)


# Markdown ---------------------------------------------------------------------------------------


def clean_markdown(files: Mapping[str, bytes], slug: str = "talk") -> str:
    return files[f"transcripts/{slug}/transcript.md.txt"].decode()


def check_comes_back(files: Mapping[str, bytes], slug: str, said: tuple[str, ...]) -> None:
    """Reads clean Markdown as an edition, and as CommonMark."""
    markdown = clean_markdown(files, slug)
    head = "---\nsource: {file: talk.txt, format: plain}\n"
    again = read_edition(markdown.replace("---\n", head, 1))
    texts = ("".join(span.said for span in each.spans) for each in again.paragraphs)
    assert find_keys("\n".join(texts)) == said
    _, _, body = markdown.removeprefix("---\n").partition("---\n")
    tokens = MarkdownIt("commonmark").parse(body)
    kinds = {token.type for token in tokens}
    assert kinds <= {
        *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline")
    }
    for token in tokens:
        inside = {child.type for child in token.children or ()}
        assert inside <= {"text", "strong_open", "strong_close", "text_special"}, token.content


@law
@given(editions())
def test_clean_markdown_is_an_edition_of_the_same_words(made: Generated) -> None:
    check_comes_back(plan_site(made.tree).files, "talk", made.said_keys)


@pytest.mark.slow
def test_clean_markdown_of_the_collection_comes_back() -> None:
    for transcript in parse_corpus(read_tree(ROOT / "docs")).transcripts:
        keys = tuple(word.key for word in transcript.said_words)
        check_comes_back(collection(), transcript.edition.slug, keys)


def test_the_marked_edition_is_the_edition() -> None:
    for path in (ROOT / "docs/transcripts").glob("[!i]*.md"):
        assert collection()[f"transcripts/{path.stem}/edition.md.txt"] == path.read_bytes()


# How wrong --------------------------------------------------------------------------------------


def test_word_errors_are_what_jiwer_says_of_the_whole_transcript() -> None:
    for transcript in parse_corpus(read_tree(ROOT / "docs")).transcripts:
        path = f"transcripts/{transcript.edition.slug}/transcript.json"
        errors = json.loads(collection()[path])["errors"]
        said = " ".join(word.key for word in transcript.said_words)
        # Another spelling is no error.
        spans = [placed for one in transcript.paragraphs for placed in (*one.spans, None)]
        texts = [
            "\n"
            if placed is None
            else placed.span.said
            if placed.reason and placed.reason.kind == "spelling"
            else placed.span.heard
            for placed in spans
        ]
        heard = " ".join(find_keys("".join(texts)))
        whole = jiwer.process_words(said, heard)
        assert errors["all"] == {
            "words": len(transcript.said_words),
            "substitutions": whole.substitutions,
            "deletions": whole.deletions,
            "insertions": whole.insertions,
            "rate": round(whole.wer, 6),
        }
        keys = ("substitutions", "deletions", "insertions")
        for key in keys:
            assert sum(part[key] for part in errors["speakers"]) == errors["all"][key]
        # One count's misheard word may be another's dropped word and added word.
        by_kind = sum(part[key] for part in errors["kinds"] for key in keys)
        assert by_kind == sum(errors["all"][key] for key in keys)
        assert sum(part["words"] for part in errors["speakers"]) == errors["all"]["words"]
        assert errors["certain"]["rate"] < errors["all"]["rate"]


@law
@given(editions())
def test_no_paragraph_wise_count_is_less_than_the_whole(made: Generated) -> None:
    errors = json.loads(plan_site(made.tree).files["transcripts/talk/transcript.json"])["errors"]
    keys = ("substitutions", "deletions", "insertions")
    total = sum(errors["all"][key] for key in keys)
    (transcript,) = parse_corpus(made.tree).transcripts
    heard = " ".join(word.key for word in transcript.source.words)
    whole = jiwer.process_words(" ".join(made.said_keys), heard)
    assert whole.substitutions + whole.deletions + whole.insertions <= total
    assert total <= sum(part[key] for part in errors["kinds"] for key in keys)


def test_the_page_says_how_wrong_the_recogniser_was() -> None:
    page = parse_page(collection()["transcripts/vivatech-2024.md"])
    said = "Corrected: about 1 word in 246 (1 in 633 without the conjectures)."
    assert said in page.text


# Citations --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title", ["A talk", "R&D, 100% {of} \\it $x_1$ #1 ~^", "@misc{a, b = {c}}"]
)
def test_bibtex_is_one_entry_whatever_the_title_holds(title: str) -> None:
    tree = {"index.md": f"---\ntitle: {json.dumps(title)}\n---\n".encode(), **talk_tree(BODY)}
    files = plan_site(tree, site_url=SITE).files
    for path, keys in (
        ("transcripts/talk/citation.bib", ["talk"]),
        ("data/citation.bib", ["collection", "talk"]),
    ):
        library = parse_string(files[path].decode())
        assert library.failed_blocks == []
        assert [entry.key for entry in library.entries] == keys
        assert len(library.blocks) == len(keys)
    fields = library.entries_dict["talk"].fields_dict
    assert fields["author"].value == "{Ann Lee} and {Bo Berg}"
    assert fields["url"].value == f"{SITE}transcripts/talk/"


def test_the_repository_says_how_to_cite_it() -> None:
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"\nversion: {project['version']}\n" in cited


# Links to exports ---------------------------------------------------------------------------------


# Made where an episode has times.
OF_PODCASTS = {"data/podcast.xml"}


def test_every_row_is_listed_on_the_page_and_in_the_list() -> None:
    files = collection()
    listed = {link.target for link in parse_page(files["downloads.md"]).links}
    wanted = {row.file for row in COLLECTION_EXPORTS} - OF_PODCASTS
    assert {f"../{path}" for path in wanted} <= listed
    for slug in ("vivatech-2024", "logan-bartlett-2023"):
        links = {link.target for link in parse_page(files[f"transcripts/{slug}.md"]).links}
        for row in EXPORTS:
            path = f"transcripts/{slug}/{row.file.format(slug=slug)}"
            assert (path in files) == (f"../{path}" in listed) == (f"../../{path}" in links), path


def test_a_quick_build_leaves_out_what_is_not_of_the_contract(project: Project) -> None:
    whole = set(project.built())
    project.run("build", "--no-exports")
    quick = set(project.built())
    left_out = {row.file for row in COLLECTION_EXPORTS if not row.contract} - OF_PODCASTS
    left_out |= {
        "transcripts/paris-2024/" + row.file.format(slug="paris-2024")
        for row in EXPORTS
        if not row.contract
    }
    assert whole - quick == left_out
    assert "turns.jsonl" not in project.read("build/docs/downloads.md")
    assert "data/glossary.json" in quick
