"""Searching in a real Chromium: from a word, as said or as heard, to the line where it stands."""

import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from build_tools.build.engine import write_search
from build_tools.model.transcript import Passage, Piece
from tests.reading import Door, Reader, Servers, wait_until_at_rest
from tests.site_html import Site

pytestmark = pytest.mark.browser

DOORS = pytest.mark.parametrize(
    "door",
    [
        ("mkdocs_site", "http"),
        ("mkdocs_offline", "files"),
        ("zensical_site", "http"),
        ("zensical_offline", "files"),
    ],
    indirect=True,
    ids=["mkdocs-http", "mkdocs-files", "zensical-http", "zensical-files"],
)
OVER_HTTP = pytest.mark.parametrize(
    "door",
    [("mkdocs_site", "http"), ("zensical_site", "http")],
    indirect=True,
    ids=["mkdocs", "zensical"],
)
WIDTHS = pytest.mark.parametrize("width", [1280, 390])
PAGE = "transcripts/vivatech-2024/"

# The view lies below the header and above the lower edge of the window.
IN_VIEW = """element => {
  const { top, bottom, height } = element.getBoundingClientRect()
  const header = document.querySelector(".md-header").getBoundingClientRect().bottom
  return height > 0 && top >= header && bottom <= innerHeight
}"""


def search(page: Page, words: str) -> Locator:
    """The results for words, or for more words, typed letter after letter, in either theme."""
    button = page.get_by_role("button", name="Search")
    box = page.locator("input.md-search__input, input[role=combobox]")
    if button.count() and not box.is_visible():
        button.click()
    elif not box.is_visible():
        page.locator(".md-header [for=__search]").first.click()
    box.press_sequentially(words)
    return page.locator("a.md-search-result__link, [role=option]")


def results_with(results: Locator, *texts: str) -> Locator:
    """Those of the results that show all these texts."""
    for text in texts:
        results = results.filter(has_text=text)
    return results


def result_of(page: Page, result: Locator) -> str:
    """All that a result shows, in Material with the page below which it stands."""
    group = page.locator(".md-search-result__item").filter(has=result)
    above = group.locator("h1").first.inner_text() if group.count() else ""
    return f"{above} {result.inner_text()}"


@DOORS
@pytest.mark.parametrize(
    ("words", "width"), [("Amadei", 1280), ("Amad", 390), ("please welcome Amodei", 390)]
)
def test_a_name_is_found_as_said_and_as_heard_and_the_line_is_shown(
    words: str, width: int, door: Door, reader: Reader
) -> None:
    page = reader.open(door, width=width)
    result = results_with(search(page, words), "please welcome", "Amadei").first
    expect(result).to_be_visible()
    shown = result_of(page, result)
    for part in ("Emcee", "01:23", "Building at the Frontier", "The announcer introduces"):
        assert part in shown
    result.click()
    page.wait_for_url(re.compile("#t83$"))
    assert page.url.split("?")[0] == door.address(PAGE)
    word = page.locator('ins[data-heard="Amadei"]')
    expect(word.locator("mark")).to_be_visible()
    page.wait_for_function(IN_VIEW, arg=word.element_handle())


@OVER_HTTP
def test_in_a_long_paragraph_the_word_itself_comes_into_view(door: Door, reader: Reader) -> None:
    page = reader.open(door, "transcripts/logan-bartlett-2023/?h=obviously#l867", width=390)
    paragraph = page.locator(".sic-turn, .sic-on").filter(has=page.locator("#l867"))
    last = paragraph.inner_text().split()[-1].strip(".,?!”…")
    page.goto(door.address("transcripts/logan-bartlett-2023/") + f"?h={last}#l867")
    mark = paragraph.locator("mark").filter(has_text=last).first
    page.wait_for_function(IN_VIEW, arg=mark.element_handle())


@OVER_HTTP
@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Amodei", "Amodei"),
        ("scaling laws", "scaling laws"),
        ("responsible scaling", "Responsible Scaling Policy"),
        ("Anthropic", "Anthropic"),
        ("interpretability", "nterpretability"),
    ],
)
def test_an_entry_comes_before_the_places_where_it_is_said(
    words: str, first: str, door: Door, reader: Reader
) -> None:
    page = reader.open(door)
    results = search(page, words)
    expect(results.first).to_contain_text(first)
    assert re.search("/(glossary|then-and-now)/", str(results.first.get_attribute("href")))


@OVER_HTTP
def test_lists_that_repeat_transcripts_are_not_searched(door: Door, reader: Reader) -> None:
    page = reader.open(door)
    results = search(page, "He writes his name Amodei")
    expect(results_with(results, "He writes his name").first).to_be_attached()
    found = [str(result.get_attribute("href")) for result in results.all()]
    assert not [url for url in found if re.search("/(corrections|doubts)/.*#", url)]
    assert not [url for url in found if url.endswith("#corrections-and-notes")]


HOSTILE = "<img src=x onerror=alert(1)>&lt;svg onload=alert(2)&gt;</p><script>alert(3)</script>"


@pytest.mark.parametrize("made", ["mkdocs_site", "zensical_site"])
def test_untrusted_text_is_shown_as_text(
    built_site: Site, tmp_path: Path, servers: Servers, reader: Reader
) -> None:
    folder = tmp_path / "site"
    shutil.copytree(built_site.folder, folder)
    passage = Passage(
        transcript="vivatech-2024",
        title=HOSTILE,
        date="2024",
        chapter=f"quagga {HOSTILE}",
        speaker=HOSTILE,
        address="t187",
        line=1,
        time=187_000,
        pieces=(Piece(f"A quagga. {HOSTILE} ", HOSTILE), Piece(HOSTILE)),
        questions=(HOSTILE,),
    )
    write_search(folder, [passage])
    page = reader.open(servers.serve(Site(folder, built_site.pages, ())))
    page.on("dialog", lambda dialog: reader.troubles.append(f"dialog: {dialog.message}"))
    # A theme puts marks of its own between the signs of what it finds.
    for words in ("quagga", " src alert onload"):
        results = search(page, words)
        shown = results_with(results, "quagga").first
        expect(shown).to_contain_text("<img src=x onerror=alert(1)>")
        expect(shown).to_contain_text("&lt;svg onload=alert(2)&gt;")
        assert shown.locator("img, svg, script").count() == 0


@OVER_HTTP
@WIDTHS
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("url", ["", PAGE])
def test_axe_finds_nothing_while_results_are_shown(
    url: str, scheme: str, width: int, door: Door, reader: Reader
) -> None:
    page = reader.open(door, url, width=width, scheme=scheme)
    page.emulate_media(reduced_motion="reduce")
    results = search(page, "responsible scaling")
    expect(results.nth(5)).to_be_attached()
    wait_until_at_rest(page)
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["target"]) for rule in found] == []
