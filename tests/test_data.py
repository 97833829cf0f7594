"""Published data: its keys and their order are public interface, and it says what the pages say."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given

from build_tools.build.plan import plan_site
from build_tools.checks.corpus import parse_corpus
from build_tools.model.transcript import Transcript
from build_tools.reading.tree import read_tree
from build_tools.text.words import find_keys
from tests.generated import Generated, editions
from tests.pages import ROOT, Page, parse_page
from tests.test_laws import law

CORPORA = Path(__file__).parent / "corpora"
ALL_DOCS = {path.name: path / "docs" for path in sorted(CORPORA.iterdir())} | {
    "the collection": ROOT / "docs"
}

CONTRACT = ("data/corrections.json", "data/doubts.json", "data/glossary.json")
TRANSCRIPT = (
    *("slug", "title", "date", "lang", "event", "version", "contributors", "recorded"),
    *("recordings", "speakers", "source", "chapters", "turns", "errors"),
)
SOURCE = ("file", "sha256", "words", "furniture")
CHAPTER = ("title", "id", "line")
TURN = ("id", "line", "time", "end", "speaker", "chapter", "heard", "text")
CORRECTION = (
    *("transcript", "line", "time", "speaker", "heard", "corrected", "kind", "conjecture"),
    *("evidence", "reason", "url"),
)
ENTRY = ("term", "kind", "short", "also", "see", "url", "mentions")
MENTION = ("transcript", "line", "time", "speaker", "url")
DOUBT = ("transcript", "line", "time", "speaker", "words", "question", "url")


class Published(NamedTuple):
    """The published data of a tree: transcripts, JSON files, and the ids of its pages."""

    transcripts: tuple[Transcript, ...]
    texts: Mapping[str, str]
    values: Mapping[str, Any]
    pages: Mapping[str, Page]

    @property
    def places(self) -> set[str]:
        """The address of every page, and of every id on one."""
        return {
            f"{path.removesuffix('.md')}/{anchor}"
            for path, page in self.pages.items()
            for anchor in ("", *(f"#{name}" for name in page.ids))
        }


def publish(tree: Mapping[str, bytes]) -> Published:
    files = plan_site(tree).files
    texts = {
        path: data.decode()
        for path, data in files.items()
        if path in CONTRACT or path.endswith("/transcript.json")
    }
    return Published(
        parse_corpus(tree).transcripts,
        texts,
        {path: json.loads(text) for path, text in texts.items()},
        {path: parse_page(data) for path, data in files.items() if path.endswith(".md")},
    )


@cache
def published_docs(name: str) -> Published:
    return publish(read_tree(ALL_DOCS[name]))


@pytest.fixture(params=ALL_DOCS)
def published(request: pytest.FixtureRequest) -> Published:
    """The data of each corpus and of the collection itself."""
    return published_docs(str(request.param))


def check_keys(value: Mapping[str, object], *keys: str) -> None:
    assert tuple(value) == keys


def test_the_files_are_those_of_the_contract(published: Published) -> None:
    slugs = [transcript.edition.slug for transcript in published.transcripts]
    assert sorted(published.texts) == sorted(
        [*(f"transcripts/{slug}/transcript.json" for slug in slugs), *CONTRACT]
    )


def test_keys_stand_in_the_order_of_the_contract(published: Published) -> None:
    for path, value in published.values.items():
        if path.endswith("/transcript.json"):
            check_keys(value, *TRANSCRIPT)
            check_keys(value["source"], *SOURCE)
            for chapter in value["chapters"]:
                check_keys(chapter, *CHAPTER)
            for turn in value["turns"]:
                check_keys(turn, *TURN, *["non_speech"] * ("non_speech" in turn))
    for correction in published.values["data/corrections.json"]:
        check_keys(correction, *CORRECTION)
    for doubt in published.values["data/doubts.json"]:
        check_keys(doubt, *DOUBT)
    for entry in published.values["data/glossary.json"]:
        check_keys(entry, *ENTRY)
        for mention in entry["mentions"]:
            check_keys(mention, *MENTION)


def test_files_are_utf_8_with_one_newline_at_the_end(published: Published) -> None:
    for path, text in published.texts.items():
        assert text.endswith(("}\n", "]\n")), path
        assert "\\u" not in text.replace("\\\\u", ""), path
        assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n", path


def test_lists_stand_in_one_order(published: Published) -> None:
    slugs = sorted(transcript.edition.slug for transcript in published.transcripts)
    for path in ("data/corrections.json", "data/doubts.json"):
        places = [(item["transcript"], item["line"]) for item in published.values[path]]
        assert places == sorted(places), path
    urls = [entry["url"] for entry in published.values["data/glossary.json"]]
    assert urls == sorted(urls)
    for entry in published.values["data/glossary.json"]:
        found = [(slugs.index(item["transcript"]), item["line"]) for item in entry["mentions"]]
        assert found == sorted(found)


def walk_urls(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (str(value["url"]),) if "url" in value else ()
        for inner in value.values():
            yield from walk_urls(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk_urls(inner)


@pytest.mark.slow
def test_every_url_is_a_page_or_an_id_on_one(published: Published) -> None:
    for path, value in published.values.items():
        assert [url for url in walk_urls(value) if url not in published.places] == [], path
        if path.endswith("/transcript.json"):
            page = published.pages[f"transcripts/{value['slug']}.md"]
            for item in (*value["chapters"], *value["turns"]):
                assert item["id"] in page.ids, item


def test_words_lines_and_times_are_those_of_source_and_edition(published: Published) -> None:
    for transcript in published.transcripts:
        value = published.values[f"transcripts/{transcript.edition.slug}/transcript.json"]
        check_words(value, transcript)
        check_places(value, transcript)
        assert Path(transcript.source.path).name == value["source"]["file"]


def check_words(value: Mapping[str, Any], transcript: Transcript) -> None:
    heard = " ".join(turn["heard"] for turn in value["turns"])
    text = " ".join(turn["text"] for turn in value["turns"])
    assert find_keys(heard) == tuple(word.key for word in transcript.source.words)
    assert find_keys(text) == tuple(word.key for word in transcript.said_words)
    assert value["source"]["words"] == len(transcript.source.words)


def check_places(value: Mapping[str, Any], transcript: Transcript) -> None:
    """Lines and times of turns are those of the source."""
    starts = {cue.line: cue.start for cue in transcript.source.cues}
    for shown, turn in zip(value["turns"], transcript.turns, strict=True):
        assert transcript.source.find_word(shown["id"]) == turn.first_word
        start = starts[shown["line"]]
        assert shown["time"] == (None if start is None else start // 1000)
        assert value["chapters"][shown["chapter"] - 1]
    assert value["turns"][-1]["end"] is None


def test_the_source_is_named_by_the_sum_of_its_bytes() -> None:
    bytes_of_source = (CORPORA / "minimal/docs/sources/talk.txt").read_bytes()
    value = published_docs("minimal").values["transcripts/talk/transcript.json"]
    assert value["source"]["sha256"] == hashlib.sha256(bytes_of_source).hexdigest()


def test_corrections_of_the_data_are_the_marks_of_the_pages(published: Published) -> None:
    for transcript in published.transcripts:
        slug = transcript.edition.slug
        page = published.pages[f"transcripts/{slug}.md"]
        corrections = [
            item
            for item in published.values["data/corrections.json"]
            if item["transcript"] == slug and item["kind"] != "speaker"
        ]
        heard = [
            element.attributes["data-heard"] for element in page.elements if element.tag == "ins"
        ]
        assert [item["heard"] for item in corrections] == heard
        for item in corrections:
            assert item["heard"] or item["corrected"]
            assert item["reason"]


@law
@given(editions())
def test_generated_data_hold_the_words_and_the_ids_of_their_page(made: Generated) -> None:
    published = publish(made.tree)
    value = published.values["transcripts/talk/transcript.json"]
    check_words(value, published.transcripts[0])
    ids = published.pages["transcripts/talk.md"].ids
    for item in (*value["chapters"], *value["turns"]):
        assert item["id"] in ids
    for path in published.values:
        assert set(walk_urls(published.values[path])) <= published.places
