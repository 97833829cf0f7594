"""A transcript as a room to read in: the talk comes first, and the reader's place is kept."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.reading import Door, Reader, add_style, wait_until_at_rest, wait_until_ready

pytestmark = pytest.mark.browser

HTTP = pytest.mark.parametrize("door", [("mkdocs_site", "http")], indirect=True)
EVERYWHERE = pytest.mark.parametrize(
    "door",
    [("mkdocs_site", "http"), ("zensical_site", "http"), ("mkdocs_offline", "files")],
    indirect=True,
    ids="-".join,
)
PAGES = pytest.mark.parametrize(
    "url", ["transcripts/vivatech-2024/", "transcripts/logan-bartlett-2023/"]
)
PAGE = "transcripts/vivatech-2024/"

FIRST_TURN = "() => document.querySelector('.sic-turn').getBoundingClientRect().top + scrollY"
# The paragraph in the middle of the window, and where it stands there.
HERE = """() => {
  const paragraph = document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest("p")
  const top = Math.round(paragraph?.getBoundingClientRect().top)
  return [paragraph?.textContent.slice(0, 60), top, document.body.scrollHeight]
}"""
# Browsers bring a reader back to the place when all is laid out, at no moment they tell.
# Within a line if the page is taller or shorter: a font that comes too late is not used there, and
# lines break elsewhere.
IS_HERE = f"""([text, top, height]) => {{
  const [now, there, tall] = ({HERE})()
  return now === text && Math.abs(there - top) < (tall === height ? 1 : 28)
}}"""
MARKED = """title => document.querySelector(".sic-bar summary").textContent.startsWith(title) &&
  document.querySelector(".sic-bar [aria-current] a").textContent === title"""
BESIDE = """() => [...document.querySelectorAll(".sic-note")].every(note => {
  const box = note.getBoundingClientRect()
  return box.left > document.querySelector(".sic-turn").getBoundingClientRect().right
    && box.right <= innerWidth
})"""
# The widest white between two paragraphs that follow one another.
WIDEST_GAP = """() => {
  const parts = ".sic-turn, .sic-on, article > h2, .sic-themes, .sic-summary"
  const boxes = [...document.querySelectorAll(parts)].map(part => part.getBoundingClientRect())
  const about = document.getElementById("about-this-text").getBoundingClientRect().top
  const speech = boxes.filter(box => box.top < about)
  return Math.max(...speech.slice(1).map((box, number) => box.top - speech[number].bottom))
}"""
TAB_STOPS = """() => [...document.querySelectorAll("a[href], button, input, summary, [tabindex]")]
  .filter(part => part.tabIndex >= 0 && part.checkVisibility({ visibilityProperty: true }))
  .filter(part => document.querySelector(".sic-turn").compareDocumentPosition(part)
    & Node.DOCUMENT_POSITION_PRECEDING).length"""


@EVERYWHERE
@PAGES
@pytest.mark.parametrize(("width", "js"), [(390, True), (1280, True), (1280, False)])
def test_the_talk_comes_first(width: int, js: bool, url: str, door: Door, reader: Reader) -> None:
    page = reader.open(door, url, width=width, js=js)
    assert page.evaluate(FIRST_TURN) <= 560


@EVERYWHERE
@pytest.mark.parametrize("js", [True, False])
def test_notes_stand_beside_words_without_holes(js: bool, door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE, js=js)
    assert page.evaluate(BESIDE)
    assert page.evaluate(WIDEST_GAP) < 50


@HTTP
@PAGES
@pytest.mark.parametrize("width", [390, 1280])
def test_the_chosen_chapter_is_marked(width: int, url: str, door: Door, reader: Reader) -> None:
    page = reader.open(door, url, width=width)
    page.emulate_media(reduced_motion="reduce")
    for chapter in page.locator(".sic-actions .sic-chapters a").all():
        page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
        page.locator(".sic-actions summary").click()
        title = str(chapter.text_content())
        chapter.click()
        page.wait_for_function(MARKED, arg=title)


@HTTP
@pytest.mark.parametrize("width", [390, 1280])
def test_reload_and_back_keep_the_place(width: int, door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE, width=width)
    there = door.address("doubts/")
    for depth in (2_000, 6_000, 9_000):
        wait_until_at_rest(page)
        page.evaluate("top => scrollTo({ top, behavior: 'instant' })", depth)
        wait_until_at_rest(page)
        here = page.evaluate(HERE)
        for leave_and_return in (page.reload, lambda: (page.goto(there), page.go_back())):
            leave_and_return()
            page.wait_for_function(IS_HERE, arg=here)
            wait_until_at_rest(page)
            assert page.evaluate(IS_HERE, here)


@HTTP
def test_a_tap_on_a_term_or_a_marked_word_opens_one_card(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE, width=390, touch=True)
    card = page.locator(".sic-card")
    page.locator("a.sic-term:has(ins)", has_text="Amodei").first.tap()
    expect(card).to_contain_text("heard as")
    expect(card).to_contain_text("Full entry")
    expect(page).to_have_url(door.address(PAGE))
    box = card.bounding_box()
    assert box
    assert round(box["y"] + box["height"]) == 800
    page.locator(".sic-doubt").first.tap()
    expect(card).to_contain_text("Doubt")
    expect(card).not_to_contain_text("Full entry")


@HTTP
def test_a_mention_leads_to_the_next(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    page.locator('a.sic-term[href*="/anthropic/"]').first.hover()
    card = page.locator(".sic-card")
    expect(card).to_contain_text("1 of ")
    card.get_by_role("button", name="Next mention").click()
    expect(card).to_contain_text("2 of ")


@HTTP
def test_clean_hides_marks_and_notes(door: Door, reader: Reader) -> None:
    page = reader.open(door, f"{PAGE}?read=clean")
    wait_until_ready(page)
    for part in (".sic-note", ".sic-turn sup"):
        expect(page.locator(part).first).to_be_hidden()
    expect(page.locator(".sic-doubt").first).to_have_css("background-color", "rgba(0, 0, 0, 0)")


@HTTP
def test_a_reader_who_returns_is_offered_the_place(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    page.locator(".sic-at").nth(30).scroll_into_view_if_needed()
    page.wait_for_function("() => Object.keys(localStorage).some(key => key.startsWith('sic-at:'))")
    page.goto(door.address("glossary/"))
    page.goto(door.address(PAGE))
    offer = page.locator(".sic-return a")
    expect(offer).to_have_text(re.compile(r"Continue at \d\d:\d\d"))
    assert page.evaluate("scrollY") == 0
    offer.click()
    expect(page.locator(".sic-bar")).to_be_visible()


@HTTP
def test_an_entry_offers_the_way_back(door: Door, reader: Reader) -> None:
    page = reader.open(door, f"{PAGE}#t764")
    wait_until_ready(page)
    page.locator("a.sic-term:visible", has_text="Taylor Swift").click()
    back = page.locator(".sic-return a")
    expect(back).to_contain_text("Back to")
    back.click()
    expect(page.locator(".sic-bar summary")).to_contain_text("In the style of another artist")


@HTTP
@pytest.mark.parametrize("hash_", ["t190", "t=190", "t3:10", "t=3m10s", "t=190s", "t=0:03:10"])
def test_times_of_every_habit_lead_to_their_cue(hash_: str, door: Door, reader: Reader) -> None:
    page = reader.open(door, f"{PAGE}#{hash_}")
    expect(page).to_have_url(door.address(f"{PAGE}#t187"))


@HTTP
def test_the_words_that_were_heard_are_found_too(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    heard = str(
        page.locator('ins[data-heard]:not([data-heard=""])').first.get_attribute("data-heard")
    )
    page.keyboard.press("t")
    page.get_by_role("textbox", name="Find in this transcript").fill(heard)
    expect(page.locator(".sic-find output")).to_have_text(re.compile(r"^1 of \d+$"))


@HTTP
def test_few_tab_stops_stand_before_the_speech(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    wait_until_ready(page)
    assert page.evaluate(TAB_STOPS) < 30


@HTTP
def test_text_of_twice_the_size_fits(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE, width=390)
    add_style(page, "html { font-size: 250% !important }")
    page.wait_for_function("() => document.documentElement.scrollWidth <= 390")


@HTTP
@pytest.mark.parametrize("url", ["", "glossary/", "404.html", "policy/", PAGE])
def test_text_keeps_away_from_the_edge(url: str, door: Door, reader: Reader) -> None:
    page: Page = reader.open(door, "", width=320)
    for width in (320, 390, 600):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(door.base + url)
        assert page.locator("article h1").evaluate("h1 => h1.getBoundingClientRect().left") >= 10


@HTTP
def test_a_wrong_address_leads_on(door: Door, reader: Reader) -> None:
    page = reader.open(door)
    page.goto(f"{door.base}404.html")
    page.locator("article").get_by_role("link", name="Glossary").click()
    expect(page.locator("article h1")).to_contain_text("Glossary")


@HTTP
def test_speech_is_on_the_first_sheet_of_paper(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE, width=720)
    sheets: Any = page.pdf(format="A4")
    assert 0 < len(re.findall(rb"/Type\s*/Page[^s]", sheets)) <= 16
    page.emulate_media(media="print")
    assert page.evaluate(FIRST_TURN) < 500
    for part in (".sic-actions", ".sic-downloads", ".sic-map"):
        expect(page.locator(part).first).to_be_hidden()
