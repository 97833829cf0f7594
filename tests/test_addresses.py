"""Addresses never break: no edit of an edition moves, doubles or removes one."""

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_tools.build.plan import plan_site
from build_tools.model.edition import Edition, Mark
from build_tools.model.front_matter import expand_ranges
from build_tools.reading.tree import read_tree
from build_tools.text.words import find_keys
from tests.generated import Generated, edits, sources
from tests.pages import ROOT, Page, parse_page
from tests.test_laws import law
from tests.trees import check_tree, edition_file, read_edition, tree

TALK = "transcripts/talk.md"


def read_ids(page: Page) -> frozenset[str]:
    """The ids of a page's cues; none of the page's ids stands in it twice."""
    assert [name for name, times in Counter(page.ids).items() if times > 1] == []
    return frozenset(page.cue_ids)


def dead_addresses(page: Page) -> list[str]:
    """The visible addresses of a page that lead to none of its ids."""
    links = [link.target.removeprefix("#") for link in page.links_of("sic-at")]
    return [name for name in links if name not in page.ids]


# The real editions, edited at random --------------------------------------------------------------

SEED = 1838
ROUNDS = 3
EDITS = 150


class Edit(NamedTuple):
    """A slice of a file, and what an editor puts in its place."""

    start: int
    end: int
    text: str


def possible_edits(edition: Edition) -> Iterator[Edit]:
    """Every way to break, join and retitle paragraphs, turns and chapters that changes no word."""
    text = edition.text.content
    for chapter in edition.chapters:
        end_of_heading = text.index("\n\n", chapter.offset) + 2
        yield Edit(chapter.offset, end_of_heading, "## Another title\n\n")
        if not chapter.summary and chapter is not edition.chapters[0]:
            yield Edit(chapter.offset, end_of_heading, "")
        for _, paragraph in pairwise(chapter.paragraphs):
            if not paragraph.speaker and text.startswith("\n\n", paragraph.offset - 2):
                yield Edit(paragraph.offset - 2, paragraph.offset, "\n")
        for paragraph in chapter.paragraphs:
            for span in paragraph.spans:
                plain = span.mark is Mark.PLAIN and not span.target and not span.emphasis
                if plain and text.startswith(span.said, span.offset):
                    for blank in re.finditer(r"[ \n](?=\w)", span.said):
                        start = span.offset + blank.start()
                        yield Edit(start, start + 1, "\n\n")
                        yield Edit(start, start + 1, "\n\n## A new chapter\n\n")
                        yield Edit(start, start + 1, f"\n\n**{list(edition.speakers)[-1]}:** ")


def edit_at_random(chance: random.Random, edition: Edition) -> str:
    """The edition's file after many edits; where two would overlap, the later one is left out."""
    by_kind: dict[str, list[Edit]] = {}
    for edit in possible_edits(edition):
        by_kind.setdefault(edit.text, []).append(edit)
    chosen = {
        edit
        for kind in by_kind.values()
        for edit in chance.sample(kind, min(len(kind), EDITS // len(by_kind)))
    }
    text = edition.text.content
    free_from = len(text)
    for edit in sorted(chosen, reverse=True):
        if edit.end <= free_from:
            text = text[: edit.start] + edit.text + text[edit.end :]
            free_from = edit.start
    return text


@cache
def real_docs() -> Mapping[str, bytes]:
    return read_tree(ROOT / "docs")


@cache
def real_editions() -> dict[str, Edition]:
    return {
        path: read_edition(data.decode(), slug=Path(path).stem)
        for path, data in real_docs().items()
        if path.startswith("transcripts/") and path.endswith(".md") and "index" not in path
    }


def real_pages(docs: Mapping[str, bytes]) -> dict[str, Page]:
    files = plan_site(docs).files
    return {path: parse_page(files[path]) for path in real_editions()}


@cache
def pages_as_they_are() -> dict[str, Page]:
    return real_pages(real_docs())


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(ROUNDS))
def test_no_edit_of_the_real_editions_moves_doubles_or_removes_an_address(turn: int) -> None:
    chance = random.Random(f"{SEED} {turn}")
    edited = {path: edit_at_random(chance, item) for path, item in real_editions().items()}
    pages = real_pages({**real_docs(), **tree(edited)})
    for path, before in pages_as_they_are().items():
        assert len(pages[path].links_of("sic-at")) != len(before.links_of("sic-at"))
        assert read_ids(pages[path]) == read_ids(before)
        assert dead_addresses(pages[path]) == []


@pytest.mark.slow
def test_every_cue_of_the_real_sources_that_holds_speech_has_its_address() -> None:
    for path, edition in real_editions().items():
        source = real_docs()[f"sources/{edition.source.file}"].decode()
        furniture = expand_ranges(edition.source.furniture)
        expected = cue_addresses(source, edition.source.format, furniture)
        page = pages_as_they_are()[path]
        assert read_ids(page) == expected
        assert dead_addresses(page) == []


def cue_addresses(source: str, form: str, furniture: frozenset[int]) -> frozenset[str]:
    """The addresses of a source by the words of the contract, found without its readers."""
    seen: Counter[int] = Counter()
    addresses = []
    for number, line in enumerate(source.split("\n"), 1):
        clock = re.match(r"(?:(\d+):)?(\d\d?):(\d\d)", line) if form == "clock" else None
        if not find_keys(line[clock.end() :] if clock else line):
            continue
        address = f"l{number}"
        if clock:
            hours, minutes, seconds = (int(part or 0) for part in clock.groups())
            time = hours * 3600 + minutes * 60 + seconds
            seen[time] += 1
            address = f"t{time}" if seen[time] == 1 else f"t{time}-{seen[time]}"
        if number not in furniture:
            addresses.append(address)
    return frozenset(addresses)


@law
@given(sources().flatmap(lambda source: st.tuples(edits(source), edits(source))))
def test_all_editions_of_a_source_have_its_addresses(made: tuple[Generated, Generated]) -> None:
    pages = [parse_page(plan_site(one.tree).files[TALK]) for one in made]
    expected = cue_addresses(made[0].source, made[0].form, frozenset(made[0].furniture))
    for page in pages:
        assert read_ids(page) == expected
        assert dead_addresses(page) == []


# Cases --------------------------------------------------------------------------------------------

CUT_OFF = "07:19we began with\n07:19two cues in\n07:19one second\n07:21and went on\n"


WAYS_TO_BREAK = (
    "We began with two cues in one second and went on.",
    "We began\n\nwith two\n\ncues in one\n\nsecond and\n\nwent on.",
    "## A\n\nWe began with two\n\n## B\n\ncues in\n\n## C\n\none second and went on.",
    "**Ann:** We began with\n\n**Bo:** two cues in\n\n**Ann:** one second\n\nand went on.",
    "*We began with two cues* in [one second and](https://example.org/) went on.",
    "We began {==with two==}{>>so?<<} {~~cues in one second and~>queues~~}[^why] went on.",
    "{--We began with two cues in one second and went--}[^why] on.",
    "## A\n\n## B\n\nWe began with two cues in one second and went on.\n\n## C",
)


@pytest.mark.parametrize("body", WAYS_TO_BREAK)
def test_cues_of_one_second_have_an_address_each_wherever_the_editor_breaks(body: str) -> None:
    footnote = "\n\n[^why]: garble, record: So." if "[^why]" in body else ""
    files = {
        "sources/talk.txt": CUT_OFF,
        TALK: edition_file(body + footnote, form="clock"),
        "glossary/cue.md": "---\nterm: two cues in one\nkind: concept\nshort: Cues.\n---\n",
    }
    page = parse_page(plan_site(tree(files)).files[TALK])
    assert read_ids(page) == {"t439", "t439-2", "t439-3", "t441"}
    assert page.cue_ids == ["t439", "t439-2", "t439-3", "t441"]
    assert dead_addresses(page) == []


def test_a_line_that_is_declared_to_be_furniture_moves_no_other_address() -> None:
    body = "We began with one second and went on."
    files = {"sources/talk.txt": CUT_OFF, TALK: edition_file(body, form="clock", furniture=[2])}
    page = parse_page(plan_site(tree(files)).files[TALK])
    assert page.cue_ids == ["t439", "t439-3", "t441"]


def test_a_link_to_an_address_holds_when_its_line_becomes_the_head_of_a_chapter() -> None:
    source = "one\ntwo\nthree\n"
    for body in ("one [two](#l3) three", "one [two](#l3)\n\n## Chapter\n\nthree"):
        files = tree({"sources/talk.txt": source, TALK: edition_file("## First\n\n" + body)})
        assert check_tree(files) == ()
        page = parse_page(plan_site(files).files[TALK])
        assert "l3" in page.ids
