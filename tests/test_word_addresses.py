"""Every address of a word leads to it: what lights up begins with the word."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from build_tools.build.compile import find_in_transcript
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.model.address import parse_address, split_address
from build_tools.model.edition import Mark
from build_tools.model.theme import Quotation
from build_tools.model.transcript import Findings, Transcript
from build_tools.reading.tree import read_tree
from build_tools.text.urls import page_address
from build_tools.text.words import find_keys, find_words
from build_tools.transcript.mentions import compile_matcher
from tests.pages import ROOT
from tests.reading import Door, Reader, wait_until_ready

BROWSER = pytest.mark.browser
HTTP = pytest.mark.parametrize("door", [("mkdocs_site", "http")], indirect=True)
SLUGS = ["logan-bartlett-2023", "vivatech-2024"]
# The page of each runs through all its addresses; these stand for the words that nothing links to.
EVERY = 29

# What lights up at each address, as said and as heard, whether it begins with a mark, and the
# address of its first word again.
LIGHT_UP = """async addresses => {
  const { begin } = await import("/modules/page.js")
  const { addressOf, rangeOf } = await import("/modules/words.js")
  begin()
  return addresses.map(address => {
    const range = rangeOf(address)
    if (!range) return null
    const { startContainer: node, startOffset: offset } = range
    const mark = node.nodeType === Node.ELEMENT_NODE
    const copy = range.cloneContents()
    for (const note of copy.querySelectorAll("sup")) note.remove()
    const said = copy.textContent
    for (const mark of copy.querySelectorAll("ins")) mark.replaceWith(` ${mark.dataset.heard} `)
    return { said, heard: copy.textContent, mark, again: mark || addressOf(node, offset) }
  })
}"""
# Of each paragraph: where its label leads, the first id in it, the heading above it, its speech.
PARAGRAPHS = """() => [...document.querySelectorAll(".sic-turn, .sic-on")].map(paragraph => {
  const copy = paragraph.cloneNode(true)
  for (const added of copy.querySelectorAll("sup, .sic-at, .sic-speaker")) added.remove()
  for (const mark of copy.querySelectorAll("ins")) mark.replaceWith(` ${mark.dataset.heard} `)
  const label = paragraph.querySelector(".sic-at")
  const headings = [...document.querySelectorAll("h2[id]")].filter(
    heading => heading.compareDocumentPosition(paragraph) & Node.DOCUMENT_POSITION_FOLLOWING)
  return [label.hash.slice(1), label.id, headings.at(-1)?.id ?? "", copy.textContent]
})"""
LIT = """() => [...CSS.highlights.get("sic-lit") ?? []].map(range => range.toString()).join(" ")"""


@cache
def corpus() -> Corpus:
    """This repository's own collection."""
    return parse_corpus(read_tree(ROOT / "docs"))


@cache
def compiled(slug: str) -> tuple[Transcript, Findings]:
    """A transcript of the collection, and everything found in it."""
    (transcript,) = (one for one in corpus().transcripts if one.edition.slug == slug)
    return transcript, find_in_transcript(transcript, compile_matcher(corpus().entries))


def serve_modules(page: Page) -> None:
    """Gives a page the modules that its script was joined from."""

    def serve(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        route.fulfill(path=ROOT / "docs/assets/scripts" / name, content_type="text/javascript")

    page.route("**/modules/*.js", serve)


def light_up(page: Page, addresses: list[str]) -> dict[str, Any]:
    """What lights up at each address."""
    serve_modules(page)
    return dict(zip(addresses, page.evaluate(LIGHT_UP, addresses), strict=True))


def linked_words(slug: str) -> Iterator[tuple[str, str, str]]:
    """Each address of a correction, doubt, mention and quotation, its words, and all as heard."""
    transcript, findings = compiled(slug)
    source = transcript.source
    for (span, *_), _, word in transcript.occurrences:
        if span.mark is not Mark.NOTE:
            yield source.address_at(word), span.said, span.heard
    for mention in findings.mentions:
        yield source.address_at(mention.word), transcript.said[mention.start : mention.end], ""
    for theme in corpus().themes:
        for one in theme.cited:
            if one.transcript == slug and isinstance(one, Quotation):
                first = source.find_word(one.first)
                assert first is not None
                yield source.address_at(first), "", source.words.keys[first]


@BROWSER
@HTTP
@pytest.mark.parametrize("slug", SLUGS)
def test_words_that_are_linked_light_up(slug: str, door: Door, reader: Reader) -> None:
    linked = list(linked_words(slug))
    page = reader.open(door, f"transcripts/{slug}/")
    assert (
        page.evaluate(
            "names => names.filter(name => !document.getElementById(name))",
            [address for address, *_ in linked],
        )
        == []
    )
    lit = light_up(page, [address for address, *_ in linked])
    wrong = [
        (address, said, lit[address])
        for address, said, heard in linked
        if not lit[address]
        or not contains(find_keys(lit[address]["said"]), find_keys(said))
        or not contains(find_keys(lit[address]["heard"]), find_keys(heard))
    ]
    assert wrong == []


def contains(keys: tuple[str, ...], part: tuple[str, ...]) -> bool:
    """Whether some words have others among them, in one piece."""
    starts = range(len(keys) - len(part) + 1)
    return any(keys[start : start + len(part)] == part for start in starts)


@BROWSER
@HTTP
@pytest.mark.parametrize("slug", SLUGS)
def test_words_that_are_not_linked_are_counted(slug: str, door: Door, reader: Reader) -> None:
    source = compiled(slug)[0].source
    keys = source.words.keys
    numbers = range(0, len(keys), EVERY)
    page = reader.open(door, f"transcripts/{slug}/")
    lit = light_up(page, [source.address_at(number) for number in numbers])
    for number, (address, found) in zip(numbers, lit.items(), strict=True):
        # Nothing is left of a sentence that ends with words left out.
        if found is None:
            assert compiled(slug)[0].heard_words.keys[number] == keys[number]
            continue
        heard = find_keys(found["heard"])
        skipped = next(
            skip
            for skip in range(20)
            if heard[skip : skip + 5] == keys[number : number + len(heard[skip : skip + 5])]
        )
        assert skipped == 0 or found["mark"], (address, found)
        assert found["again"] in (True, address), (address, found)
    assert sum(found is None for found in lit.values()) < 3


@BROWSER
@HTTP
@pytest.mark.parametrize("slug", SLUGS)
def test_every_label_leads_to_its_paragraph(slug: str, door: Door, reader: Reader) -> None:
    transcript = compiled(slug)[0]
    page = reader.open(door, f"transcripts/{slug}/")
    paragraphs = page.evaluate(PARAGRAPHS)
    assert len(paragraphs) == len(transcript.paragraphs)
    for place, (address, own, heading, heard) in zip(
        transcript.paragraphs, paragraphs, strict=True
    ):
        assert address in (own, heading)
        assert transcript.source.find_word(address) == place.first_word
        words = transcript.source.words.keys[place.first_word : place.end_word]
        assert find_keys(heard) == words
    last = paragraphs[-1]
    page.locator(f'a.sic-at[href="#{last[0]}"]').click()
    expect(page.locator(":is(.sic-turn, .sic-on):has(:target) .sic-at")).to_have_id(last[0])
    expect(page.locator("article[data-lit]")).to_have_count(0)


@BROWSER
@HTTP
def test_data_have_the_addresses_of_words(door: Door) -> None:
    for slug in SLUGS:
        transcript, findings = compiled(slug)
        page = page_address(transcript.edition.path)
        for path, addresses in (
            ("corrections", [one.address for one in findings.corrections]),
            ("doubts", [one.address for one in findings.doubts]),
        ):
            urls = [one["url"] for one in door.data(f"data/{path}.json")]
            own = [url for url in urls if url.startswith(page)]
            assert own == [f"{page}#{address}" for address in addresses]
        mentioned = {
            mention["url"]
            for entry in door.data("data/glossary.json")
            for mention in entry["mentions"]
            if mention["url"].startswith(page)
        }
        found = (transcript.source.address_at(mention.word) for mention in findings.mentions)
        assert mentioned == {f"{page}#{address}" for address in found}
        turns = door.data(f"{page}transcript.json")["turns"]
        assert [turn["id"] for turn in turns] == [
            transcript.source.address_at(turn.first_word) for turn in transcript.turns
        ]


@BROWSER
@HTTP
@pytest.mark.parametrize(
    ("address", "target", "lit"),
    [
        ("l310w4", "l310w4", "So there’s potential"),
        # No page links to these.
        ("l310w7", "l310w7", "that the Anthropic"),
        ("l311w3", "l311w3", "depending on how it all plays out."),
        # The word that is not there leads to its line.
        ("l310w40", "l310", "to FTX, right?"),
    ],
)
def test_links_light_words(address: str, target: str, lit: str, door: Door, reader: Reader) -> None:
    page = reader.open(door, f"transcripts/logan-bartlett-2023/#{address}")
    wait_until_ready(page)
    expect(page.locator(f"#{target}")).to_have_count(1)
    assert page.evaluate(LIT).startswith(lit)
    expect(page.locator(":is(.sic-turn, .sic-on):has(:target)")).to_be_in_viewport()
    assert page.url.endswith(f"#{target}")


@BROWSER
@HTTP
def test_scripts_read_addresses_and_words_as_the_build_does(door: Door, reader: Reader) -> None:
    page = reader.open(door, "")
    serve_modules(page)
    names = ["t187", "t187-2", "l309w14", "t439-2w7", "p3w2", "l3w1", "l3w01", "x3", "chapter-2"]
    read = page.evaluate(
        """async names => {
          const { parseAddress } = await import("/modules/addresses.js")
          return names.map(parseAddress).map(one => [one.unit ?? null, one.line, one.word])
        }""",
        names,
    )
    for name, (unit, line, word) in zip(names, read, strict=True):
        parsed = parse_address(name)
        assert unit == (parsed.unit if parsed else None)
        assert not parsed or (line, word) == split_address(name)
    texts = [
        "can’t .5 it's 4.5%—over-the-top R&D -5 $5 x < y -$.5 1,000 10^6 5′ 6″ 1:30 … ~|`",
        "漢字かな mixed กข e\u0301t\u00e9 ٣٫٤ ５％ o'clock' 'tis a--b – 5",
        *(one.heard.replace("\n", " ") for one in corpus().transcripts),
    ]
    found = page.evaluate(
        """async texts => {
          const { findWords } = await import("/modules/words.js")
          return texts.map(text => findWords(text).map(word => word[0]))
        }""",
        texts,
    )
    for text, words in zip(texts, found, strict=True):
        assert words == [text[word.start : word.end] for word in find_words(text)]


def test_the_example_on_the_home_page_is_quoted_from_its_lines() -> None:
    home = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^(.*)\n\{ \.sic-example \}$", home, re.MULTILINE)
    _, slug, address, words = re.split(r"^\[\w+\]\(transcripts/(.+?)\.md#(\w+)\)\{.*?\} ", example)
    words = re.sub(r"\[\^\w+\]|<[^>]*>|\]\(.*?\)\{.*?\}|\[", "", words)
    transcript = compiled(slug)[0]
    first = transcript.source.find_word(address)
    assert first is not None
    keys, shown = find_keys(words), transcript.said_words
    (begins,) = (at for at in range(len(shown)) if shown.keys[at : at + len(keys)] == keys)
    starts = [place.said_start for place in transcript.paragraphs]
    offset = shown.starts[begins]
    assert transcript.word_at(bisect_right(starts, offset) - 1, offset) == first
    last = transcript.source.cue_at(first + len(find_keys(words)) - 1).line
    begin = transcript.source.cue_at(first).line
    said = (
        f"lines {begin} and {last} of [{transcript.edition.title}](transcripts/{slug}.md#{address})"
    )
    assert said in home
