"""The search of a large collection, in a real Chromium: Pagefind asked for by a small one."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Response, expect

from build_tools.build.engine import write_search
from build_tools.build.pagefind import LARGE, choose_search, write_pagefind
from build_tools.build.plan import plan_site
from build_tools.build.site import read_docs
from build_tools.model.site import Search
from build_tools.model.transcript import Passage, Piece
from tests.reading import Door, Reader, Servers, wait_until_ready
from tests.site_html import ROOT, Site, build_site

PAGE = "transcripts/vivatech-2024/"
ENGINES = ("mkdocs", "zensical")


@pytest.fixture(scope="module", params=ENGINES)
def site(request: pytest.FixtureRequest, new_project: Callable[[str], Path]) -> Site:
    """This project, had it asked for Pagefind."""
    project = new_project(f"pagefind-{request.param}")
    home = project / "docs/index.md"
    text = home.read_text(encoding="utf-8")
    home.write_text(text.replace("---\n", "---\nsearch_by: pagefind\n", 1), encoding="utf-8")
    return build_site(project, request.param)


@pytest.fixture
def door(site: Site, servers: Servers) -> Door:
    return servers.serve(site)


@pytest.fixture(scope="module")
def passages() -> tuple[Passage, ...]:
    return tuple(plan_site(read_docs(ROOT / "docs"), exports=False).passages)


def search(page: Page, words: str) -> Locator:
    """The results for words, typed letter after letter."""
    page.keyboard.press("/")
    page.get_by_role("textbox", name="Search").press_sequentially(words)
    return results_of(page)


def results_of(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Search").get_by_role("listitem")


def count_of(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Search").get_by_role("status")


def choose(page: Page, filter_name: str, value: str) -> None:
    summary = page.locator(".sic-search summary")
    if not page.locator(".sic-search details[open]").count():
        summary.click()
    page.get_by_label(filter_name, exact=True).select_option(value)


def watch(page: Page) -> list[Response]:
    """The responses that a page receives from now on."""
    sent: list[Response] = []
    page.on("response", lambda answer: sent.append(answer))
    return sent


# Which search ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "words", "online", "offline"),
    [
        (Search.AUTO, LARGE, Search.BUILT_IN, Search.BUILT_IN),
        (Search.AUTO, LARGE + 1, Search.PAGEFIND, Search.NONE),
        (Search.PAGEFIND, LARGE, Search.PAGEFIND, Search.BUILT_IN),
        (Search.PAGEFIND, LARGE + 1, Search.PAGEFIND, Search.NONE),
        (Search.BUILT_IN, LARGE + 1, Search.BUILT_IN, Search.BUILT_IN),
    ],
)
def test_the_size_decides_unless_the_collection_does(
    wanted: Search, words: int, online: Search, offline: Search
) -> None:
    assert choose_search(wanted, words) is online
    assert choose_search(wanted, words, offline=True) is offline


# A query -----------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize(
    ("words", "width"), [("Amadei", 1280), ("Amad", 390), ("please welcome Amodei", 390)]
)
def test_a_name_is_found_as_said_and_as_heard_and_the_line_is_shown(
    words: str, width: int, door: Door, reader: Reader
) -> None:
    page = reader.open(door, width=width)
    result = search(page, words).filter(has_text="please welcome").first
    for part in ("Emcee, 01:23", "The announcer introduces", "Building at the Frontier", "2024"):
        expect(result).to_contain_text(part)
    expect(result.locator("mark").first).to_be_visible()
    result.get_by_role("link").first.click()
    page.wait_for_url(re.compile("#t83$"))
    assert page.url.split("?")[0] == door.address(PAGE)
    word = page.locator('ins[data-heard="Amadei"]')
    expect(word.locator("mark")).to_be_visible()
    expect(word).to_be_in_viewport()


@pytest.mark.browser
def test_the_button_and_the_results_fit_a_narrow_screen(door: Door, reader: Reader) -> None:
    page = reader.open(door, width=320)
    fits = "document.documentElement.scrollWidth <= 320"
    expect(page.get_by_role("button", name="Search")).to_be_visible()
    assert page.evaluate(fits)
    expect(search(page, "interpretability").first).to_be_visible()
    assert page.evaluate(fits)


@pytest.mark.browser
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
    link = search(page, words).first.get_by_role("link")
    expect(link).to_contain_text(first)
    assert re.search("/(glossary|then-and-now)/", str(link.get_attribute("href")))


@pytest.mark.browser
def test_lists_that_repeat_transcripts_are_not_searched(door: Door, reader: Reader) -> None:
    page = reader.open(door)
    results = search(page, "He writes his name Amodei")
    expect(results.first).to_be_visible()
    found = [str(link.get_attribute("href")) for link in results.get_by_role("link").all()]
    assert not [url for url in found if re.search("/(corrections|doubts)/.*#", url)]


@pytest.mark.browser
def test_a_query_fetches_little_and_no_query_nothing(door: Door, reader: Reader) -> None:
    page = reader.open(door)
    sent = watch(page)
    page.reload()
    wait_until_ready(page)
    assert sent
    asked = re.compile(r"/pagefind/|search_index|search\.json")
    assert [answer.url for answer in sent if asked.search(answer.url)] == []
    sent.clear()
    expect(search(page, "interpretability").first).to_be_visible()
    assert sum(len(answer.body()) for answer in sent) < 250_000
    kinds = [answer.url.rpartition(".")[2] for answer in sent]
    assert kinds.count("pf_fragment") <= 10
    assert kinds.count("pf_index") <= 2
    assert not {"pf_filter", "html"} & set(kinds)
    assert not list(door.site.folder.glob("search/search_index.*"))


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "value", "shown", "not_shown"),
    [
        ("Speaker", "Sorkin", "Sorkin,", "Amodei,"),
        ("Transcript", "The Logan Bartlett Show", "The Logan Bartlett Show", "Building at"),
        ("Year", "2024", "· 2024", "· 2023"),
    ],
)
def test_results_are_filtered(
    name: str, value: str, shown: str, not_shown: str, door: Door, reader: Reader
) -> None:
    page = reader.open(door)
    results = search(page, "model")
    expect(results.filter(has_text=not_shown).first).to_be_attached()
    before = count_of(page).inner_text()
    choose(page, name, value)
    expect(count_of(page)).not_to_have_text(before)
    expect(results.first).to_be_visible()
    heads = [result.locator("b, small").all_inner_texts() for result in results.all()]
    assert heads
    assert all(shown in " ".join(head) for head in heads)


@pytest.mark.browser
def test_the_keyboard_is_enough(door: Door, reader: Reader) -> None:
    page = reader.open(door)
    results = search(page, "interpretability")
    expect(count_of(page)).to_have_text(re.compile(r"^\d+ results$"))
    links = results.locator("> a")
    box = page.get_by_role("textbox", name="Search")
    for key, focused in (
        ("ArrowDown", links.nth(0)),
        ("ArrowDown", links.nth(1)),
        ("ArrowUp", links.nth(0)),
        ("ArrowUp", box),
    ):
        page.keyboard.press(key)
        expect(focused).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    page.keyboard.press("s")
    expect(box).to_be_focused()
    expect(box).to_have_value("interpretability")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("h=.*interpretability"))


@pytest.mark.browser
def test_there_are_more_results_and_there_may_be_none(door: Door, reader: Reader) -> None:
    page = reader.open(door)
    results = search(page, "model")
    expect(results).to_have_count(10)
    page.get_by_role("button", name="More results").click()
    expect(results).to_have_count(20)
    page.get_by_role("textbox", name="Search").fill('"no such words"')
    expect(count_of(page)).to_have_text("Nothing found")
    expect(results).to_have_count(0)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, width: int, door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE, width=width, scheme=scheme)
    page.emulate_media(reduced_motion="reduce")
    for opened in (False, True):
        if opened:
            expect(search(page, "scaling").nth(5)).to_be_attached()
            page.locator(".sic-search summary").click()
            expect(page.get_by_label("Year", exact=True)).to_be_visible()
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["target"]) for rule in found] == []


HOSTILE = (
    "<img src=x onerror=alert(1)>&lt;svg onload=alert(2)&gt;</i></p>\"'<script>alert(3)</script>"
)


@pytest.mark.browser
def test_untrusted_text_is_shown_as_text(
    site: Site, tmp_path: Path, servers: Servers, reader: Reader
) -> None:
    folder = tmp_path / "site"
    shutil.copytree(site.folder, folder)
    shutil.rmtree(folder / "pagefind")
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
    write_search(folder, [passage], Search.PAGEFIND)
    page = reader.open(servers.serve(Site(folder, site.pages, ())))
    page.on("dialog", lambda dialog: reader.troubles.append(f"dialog: {dialog.message}"))
    result = search(page, "quagga").first
    expect(result.locator("b")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(result.locator("small")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(result.locator("p").first).to_contain_text("&lt;svg onload=alert(2)&gt;")
    choose(page, "Speaker", HOSTILE)
    expect(count_of(page)).to_have_text("1 result")
    assert page.locator(".sic-search").locator("img, svg, script").count() == 0


# Files -------------------------------------------------------------------------------------------


def files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


@pytest.mark.engine
def test_all_but_filters_and_the_list_of_records_is_the_same_again(
    site: Site, passages: tuple[Passage, ...], tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    shutil.copytree(site.folder, folder)
    before = dict(files_of(folder / "pagefind"))
    shutil.rmtree(folder / "pagefind")
    write_pagefind(folder, passages)
    # Pagefind writes the values of a filter in the order of a hash.
    unsettled = re.compile(r"pf_filter$|pf_meta$|pagefind-entry\.json$")
    after = dict(files_of(folder / "pagefind"))
    assert {name: data for name, data in before.items() if not unsettled.search(name)} == {
        name: data for name, data in after.items() if not unsettled.search(name)
    }
    assert json.loads(after["filters.json"])["year"] == ["2023", "2024"]


@pytest.mark.browser
def test_a_large_copy_says_why_it_has_no_search(site: Site, tmp_path: Path, reader: Reader) -> None:
    page = reader.open(Door(site, site.folder.as_uri(), "/"), "/index.html")
    page.keyboard.press("/")
    expect(page.get_by_role("dialog", name="Search")).to_contain_text("too large to be searched")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Search")).to_be_hidden()
