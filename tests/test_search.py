"""The search dialog in a real Chromium: from a word, as said or as heard, to the line of it."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from build_tools.pages.search import SPEECH, join_speech, render_speech
from tests.reading import Door, Reader, Servers, wait_until_at_rest, wait_until_ready
from tests.site_html import Site
from tests.test_ranking import HOSTILE, PASSAGE

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
ONE_ENGINE = pytest.mark.parametrize("door", [("mkdocs_site", "http")], indirect=True)
WIDTHS = pytest.mark.parametrize("width", [1280, 390])
PAGE = "transcripts/vivatech-2024/"

# The view lies below the header and above the lower edge of the window.
IN_VIEW = """element => {
  const { top, bottom, height } = element.getBoundingClientRect()
  const header = document.querySelector(".md-header").getBoundingClientRect().bottom
  return height > 0 && top >= header && bottom <= innerHeight
}"""


def search(page: Page, words: str) -> Locator:
    """The results for words, or for more words, typed letter after letter."""
    box = page.get_by_role("textbox", name="Search")
    if not box.is_visible():
        page.get_by_role("button", name="Search").click()
    box.press_sequentially(words)
    return results_of(page)


def results_of(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Search").get_by_role("listitem")


def count_of(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Search").get_by_role("status")


def group_of(page: Page, name: str) -> Locator:
    return page.get_by_role("list", name=name).get_by_role("listitem")


@DOORS
@pytest.mark.parametrize(
    ("words", "width"), [("Amadei", 1280), ("Amade", 390), ("please welcome Amodei", 390)]
)
def test_a_name_is_found_as_said_and_as_heard_and_the_line_is_shown(
    words: str, width: int, door: Door, reader: Reader
) -> None:
    page = reader.open(door, width=width)
    result = search(page, words).filter(has_text="please welcome").first
    # The results of the first letters are there before those of all.
    last = words.split()[-1]
    expect(result.get_by_role("link")).to_have_attribute("href", re.compile(rf"{last}\w*#"))
    for part in ("Emcee", "01:23", "Building at the Frontier", "The announcer introduces"):
        expect(result).to_contain_text(part)
    if words == "Amadei":
        expect(result).to_contain_text("Heard: Amadei")
    result.get_by_role("link").click()
    page.wait_for_url(re.compile("#t83$"))
    assert page.url.split("?")[0] == door.address(PAGE)
    word = page.locator('ins[data-heard="Amadei"]')
    expect(word.locator("mark")).to_be_visible()
    page.wait_for_function(IN_VIEW, arg=word.element_handle())


@DOORS
def test_every_kind_of_result_leads_to_its_page(door: Door, reader: Reader) -> None:
    page = reader.open(door, "policy/")
    search(page, "copyright")
    expect(count_of(page)).to_have_text(re.compile(r"^\d+ results$"))
    headings = page.get_by_role("dialog").get_by_role("heading")
    expect(headings).to_have_text(["Entries", "Said", "Then and now"])
    for group, start in (("Entries", "glossary/"), ("Then and now", "then-and-now/")):
        url = str(group_of(page, group).get_by_role("link").first.evaluate("link => link.href"))
        address, _, anchor = url.split("?")[0].partition("#")
        assert address.startswith(door.base + start)
        path = address.removeprefix(door.base)
        built = door.site.pages[path + "index.html" if door.ending == "/" else path]
        assert not anchor or anchor in built.ids


@OVER_HTTP
def test_in_a_long_paragraph_the_word_itself_comes_into_view(door: Door, reader: Reader) -> None:
    page = reader.open(door, "transcripts/logan-bartlett-2023/?h=obviously#l867", width=390)
    paragraph = page.locator(".sic-turn, .sic-on").filter(has=page.locator("#l867"))
    last = paragraph.inner_text().split()[-1].strip(".,?!”…")
    page.goto(door.address("transcripts/logan-bartlett-2023/") + f"?h={last}#l867")
    mark = paragraph.locator("mark").filter(has_text=last).first
    page.wait_for_function(IN_VIEW, arg=mark.element_handle())


@OVER_HTTP
def test_nothing_is_fetched_before_the_first_search(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    wait_until_ready(page)
    assert not [url for url in asked if re.search(r"/search/|search-|search\.json", url)]
    page.keyboard.press("/")
    expect(page.get_by_role("textbox", name="Search")).to_be_focused()
    page.keyboard.type("interpretability")
    expect(results_of(page).first).to_be_visible()
    assert [url for url in asked if url.endswith(SPEECH)]
    for name in ("search_index.json", "search.json"):
        assert not list(door.site.folder.rglob(name))


@ONE_ENGINE
def test_results_are_narrowed_by_speaker_and_talk(door: Door, reader: Reader) -> None:
    page = reader.open(door)
    search(page, "model")
    heads = results_of(page).locator("b")
    for speaker, talk in (("Sorkin", "Building at the Frontier"), ("Bartlett", "The Logan")):
        chip = page.get_by_role("group", name="Speaker").get_by_role("button", name=speaker)
        chip.click()
        expect(heads.first).to_contain_text(f"{speaker},")
        expect(chip).to_be_focused()
        expect(chip).to_have_attribute("aria-pressed", "true")
        assert all(head.startswith(f"{speaker},") for head in heads.all_inner_texts())
        expect(results_of(page).locator("small").first).to_contain_text(talk)
        chip.click()
        expect(chip).to_have_attribute("aria-pressed", "false")


@ONE_ENGINE
def test_the_keyboard_is_enough(door: Door, reader: Reader) -> None:
    page = reader.open(door)
    links = search(page, "interpretability").locator("> a")
    expect(count_of(page)).to_have_text(re.compile(r"^[1-9]\d+ results$"))
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


@ONE_ENGINE
def test_there_are_more_results_and_there_may_be_none(door: Door, reader: Reader) -> None:
    page = reader.open(door)
    search(page, "")
    # One query: the results of the first letters cannot replace those of all.
    page.get_by_role("textbox", name="Search").fill("model")
    expect(count_of(page)).to_have_text("More than 80 results")
    said = group_of(page, "Said")
    expect(said).to_have_count(8)
    own = page.locator("section").filter(has=page.get_by_role("list", name="Said"))
    own.get_by_role("button", name="More results").click()
    expect(said).to_have_count(16)
    expect(said.nth(8).get_by_role("link")).to_be_focused()
    page.get_by_role("textbox", name="Search").fill('"no such words"')
    expect(count_of(page)).to_have_text("Nothing found")
    expect(results_of(page)).to_have_count(0)


@ONE_ENGINE
def test_the_button_and_the_results_fit_a_narrow_screen(door: Door, reader: Reader) -> None:
    page = reader.open(door, width=320)
    fits = "document.documentElement.scrollWidth <= 320"
    assert page.evaluate(fits)
    expect(search(page, "interpretability").first).to_be_visible()
    assert page.evaluate(fits)


def test_untrusted_text_is_shown_as_text(
    mkdocs_site: Site, tmp_path: Path, servers: Servers, reader: Reader
) -> None:
    folder = tmp_path / "site"
    shutil.copytree(mkdocs_site.folder, folder)
    named = replace(PASSAGE, transcript="vivatech-2024", title=HOSTILE, speaker=HOSTILE)
    hostile = replace(named, chapter=f"quagga {HOSTILE}", questions=(f"A quagga? {HOSTILE}",))
    (folder / SPEECH).write_bytes(join_speech([render_speech([hostile])]))
    page = reader.open(servers.serve(Site(folder, mkdocs_site.pages, ())))
    page.on("dialog", lambda dialog: reader.troubles.append(f"dialog: {dialog.message}"))
    shown = search(page, "quagga")
    expect(shown).to_have_count(2)
    expect(shown.last.locator("b")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(shown.last.locator("small")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(shown.last.locator(".sic-in-note")).to_contain_text("<img src=x onerror=alert(1)>")
    assert shown.locator("img, svg, script").count() == 0


@OVER_HTTP
@WIDTHS
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_accepts_the_results(scheme: str, width: int, door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE, width=width, scheme=scheme)
    page.emulate_media(reduced_motion="reduce")
    expect(search(page, "responsible scaling").nth(5)).to_be_attached()
    wait_until_at_rest(page)
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["target"]) for rule in found] == []


@OVER_HTTP
def test_every_section_that_is_searched_is_there(door: Door, reader: Reader) -> None:
    page = reader.open(door)
    pages = page.evaluate("async () => (await window.sicIndex.read('pages')).pages")
    for path, sections in pages:
        folder = f"{path}/".removesuffix("index/")
        ids = door.site.pages[f"{folder}index.html"].ids
        assert [anchor for anchor, _, _ in sections if anchor and anchor not in ids] == [], path
