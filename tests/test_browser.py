"""A reader's way through the site in a real Chromium, over HTTP and from the file system."""

import re
from statistics import mean
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from build_tools.text.words import find_keys
from tests.reading import Door, Reader, Servers, choose_way, seldom_named, wait_until_ready
from tests.site_html import ROOT, Site

pytestmark = pytest.mark.browser

HTTP, FILES = ("mkdocs_site", "http"), ("mkdocs_offline", "files")
DOORS = pytest.mark.parametrize("door", [HTTP, FILES], indirect=True, ids=lambda door: door[1])
WIDTHS = pytest.mark.parametrize("width", [1280, 390])
TRANSCRIPTS = pytest.mark.parametrize(
    "slug",
    sorted(
        path.stem for path in (ROOT / "docs" / "transcripts").glob("*.md") if path.stem != "index"
    ),
)

IS_IN_VIEW = """element => {
  const box = element.getBoundingClientRect()
  const header = document.querySelector(".md-header")
  const fixed = getComputedStyle(header).position === "sticky"
  return box.top >= (fixed ? header.getBoundingClientRect().bottom : 0) && box.top < innerHeight
}"""

SPOKEN = """() => [...document.querySelectorAll(".sic-turn, .sic-on")].map(paragraph => {
  const copy = paragraph.cloneNode(true)
  copy.querySelectorAll(".sic-at, .sic-speaker, .footnote-ref").forEach(sign => sign.remove())
  return copy.textContent
}).join(" ")"""

# The last insertion before a footnote sign, in its paragraph.
WORD_BEFORE = """sign => [...sign.closest("p").querySelectorAll("ins")]
  .filter(word => word.compareDocumentPosition(sign) & Node.DOCUMENT_POSITION_FOLLOWING)
  .at(-1).textContent"""

FITS = "width => document.documentElement.scrollWidth <= width"

# The background of an element: the first colour that is not transparent, from it upwards.
BACKGROUND = """element => {
  for (; element; element = element.parentElement) {
    const colour = getComputedStyle(element).backgroundColor
    if (colour !== "rgba(0, 0, 0, 0)") return colour
  }
  return "none"
}"""


def some_correction(door: Door) -> dict[str, Any]:
    """A correction that has words on both sides."""
    corrections: list[dict[str, Any]] = door.data("data/corrections.json")
    return next(item for item in corrections if item["heard"] and item["corrected"])


def with_id(page: Page, address: str) -> Locator:
    return page.locator(f'[id="{address}"]')


def said_words(page: Page) -> tuple[str, ...]:
    """The words of a transcript's paragraphs, without their addresses, names and signs."""
    return find_keys(str(page.evaluate(SPOKEN)))


def expect_in_view(target: Locator) -> None:
    """Waits until something stands below the header and above the lower edge of the window."""
    expect(target).to_be_attached()
    target.page.wait_for_function(IS_IN_VIEW, arg=target.element_handle())


# Words light up as a highlight of the page; they begin in the element or behind it.
LIT = """element => {
  const [range] = CSS.highlights.get("sic-lit") ?? []
  const behind = Node.DOCUMENT_POSITION_FOLLOWING
  return range && Boolean(element.compareDocumentPosition(range.startContainer) & behind)
}"""


def expect_highlighted(target: Locator) -> None:
    """The target of a link, or the words behind it, do not look like the page around them."""
    page = target.page
    if target.evaluate(BACKGROUND) == page.locator("article").evaluate(BACKGROUND):
        page.wait_for_function(LIT, arg=target.element_handle())


def expect_title(page: Page, title: str) -> None:
    expect(page.locator("article h1")).to_contain_text(title)


def brightness(page: Page, selector: str, of: str) -> float:
    """How bright a colour of an element is, from black, 0, to white, 1."""
    colour = page.locator(selector).evaluate(f"element => getComputedStyle(element).{of}")
    return mean(int(number) for number in re.findall(r"\d+", colour)[:3]) / 255


@DOORS
@WIDTHS
def test_pages_open_with_no_error_and_no_request(door: Door, width: int, reader: Reader) -> None:
    for url in ("", some_correction(door)["url"], seldom_named(door)["url"]):
        page = reader.open(door, url, width=width)
        expect(page.locator("article h1")).to_be_visible()
        wait_until_ready(page)


@DOORS
@WIDTHS
def test_a_footnote_is_reached_and_left(door: Door, width: int, reader: Reader) -> None:
    page = reader.open(door, some_correction(door)["url"], width=width)
    sign = page.locator("a.footnote-ref").first
    note = with_id(page, str(sign.get_attribute("href")).removeprefix("#"))
    sign.click()
    expect(page.locator(":target")).to_have_id(str(note.get_attribute("id")))
    expect_in_view(note)
    note.locator('a[href^="#fnref"]').click()
    expect(page.locator(":target a.footnote-ref")).to_have_text(sign.inner_text())
    expect_in_view(sign)


@DOORS
@WIDTHS
@pytest.mark.parametrize("by", ["hover", "focus"])
def test_a_correction_says_what_was_heard(by: str, door: Door, width: int, reader: Reader) -> None:
    page = reader.open(door, some_correction(door)["url"], width=width)
    note = page.locator(".sic-note:has(del)").filter(has_text="heard as").first
    label = str(note.get_attribute("id")).removeprefix("fn:")
    sign = with_id(page, f"fnref:{label}").locator("a")
    heard, said = note.locator("del").first.inner_text(), sign.evaluate(WORD_BEFORE)
    corrections = door.data("data/corrections.json")
    assert (heard, said) in {(item["heard"], item["corrected"]) for item in corrections}
    if by == "hover":
        sign.hover()
    else:
        sign.focus()
    card = page.locator(".sic-card")
    expect(card).to_be_visible()
    expect(card).to_contain_text(f"heard as {heard}")


@DOORS
def test_a_touch_opens_a_footnote_in_its_place(door: Door, reader: Reader) -> None:
    url = some_correction(door)["url"]
    page = reader.open(door, url, width=390, touch=True)
    sign = page.locator("a.footnote-ref").first
    note = with_id(page, str(sign.get_attribute("href")).removeprefix("#"))
    sign.tap()
    expect(page.locator(".sic-card")).to_contain_text(note.locator("strong").inner_text())
    expect(page).to_have_url(door.address(url))
    page.locator(".sic-card").get_by_text("All corrections and notes").tap()
    expect_in_view(note)


@DOORS
@TRANSCRIPTS
def test_read_as_heard_a_page_has_its_sources_words(slug: str, door: Door, reader: Reader) -> None:
    turns = door.data(f"transcripts/{slug}/transcript.json")["turns"]
    page = reader.open(door, f"transcripts/{slug}/")
    for way, part in (("As heard", "heard"), ("Corrected", "text")):
        choose_way(page, way)
        assert said_words(page) == find_keys(" ".join(turn[part] for turn in turns))


@DOORS
@WIDTHS
def test_a_term_shows_its_meaning_and_its_entry(door: Door, width: int, reader: Reader) -> None:
    person = seldom_named(door)
    page = reader.open(door, person["mentions"][0]["url"], width=width)
    address = person["url"].removesuffix("/")
    term = page.locator(f'a.sic-term[href*="{address.removeprefix("glossary/")}"]').first
    term.hover()
    expect(page.locator(".sic-card")).to_contain_text(person["short"])
    term.click()
    expect_title(page, person["term"])
    expect(page).to_have_url(door.address(person["url"]))


@DOORS
@WIDTHS
def test_a_mention_leads_to_its_line_in_full_view(door: Door, width: int, reader: Reader) -> None:
    person = seldom_named(door)
    mention = person["mentions"][0]["url"]
    address = mention.partition("#")[2]
    page = reader.open(door, person["url"], width=width)
    page.locator(f'article a.sic-at[href$="#{address}"]').first.click()
    expect(page).to_have_url(door.address(mention))
    expect_in_view(with_id(page, address))
    expect_highlighted(with_id(page, address))


@WIDTHS
@TRANSCRIPTS
def test_every_kind_of_address_is_shown_where_it_leads(
    slug: str, width: int, mkdocs_site: Site, servers: Servers, reader: Reader
) -> None:
    door = servers.serve(mkdocs_site)
    data = door.data(f"transcripts/{slug}/transcript.json")
    chapter = data["chapters"][-1]["id"]
    turn = next(turn["id"] for turn in data["turns"] if turn["chapter"] and turn["id"] != chapter)
    page = reader.open(door, f"transcripts/{slug}/", width=width)
    line = str(page.locator(".sic-on > span[id]").last.get_attribute("id"))
    # Each in a window of its own, as links arrive: while the theme brings its table of contents to
    # the chapter, for half a second, Chromium may not go where it is sent next.
    for address in (chapter, turn, line):
        page = reader.open(door, f"transcripts/{slug}/#{address}", width=width)
        expect_in_view(with_id(page, address))
        expect_highlighted(with_id(page, address))


@DOORS
@TRANSCRIPTS
def test_without_script_every_word_can_be_read(slug: str, door: Door, reader: Reader) -> None:
    data = door.data(f"transcripts/{slug}/transcript.json")
    page = reader.open(door, f"transcripts/{slug}/", js=False)
    assert said_words(page) == find_keys(" ".join(turn["text"] for turn in data["turns"]))
    for parts in (".sic-turn, .sic-on", "ins:not(:empty)", ".sic-note", "a.footnote-ref"):
        every = page.locator(parts)
        assert every.count() > 0
        assert every.and_(page.locator(":visible")).count() == every.count()


@DOORS
def test_without_script_footnotes_and_links_work(door: Door, reader: Reader) -> None:
    person = seldom_named(door)
    page = reader.open(door, person["mentions"][0]["url"], js=False)
    sign = page.locator("a.footnote-ref").first
    note = with_id(page, str(sign.get_attribute("href")).removeprefix("#"))
    sign.click()
    expect_in_view(note)
    note.locator('a[href^="#fnref"]').click()
    expect_in_view(sign)
    page.locator(f'a.sic-term[title$="{person["short"]}"]').first.click()
    expect_title(page, person["term"])
    page.locator("article a.sic-at").first.click()
    expect_in_view(page.locator(":target"))


def one_of_each_kind(site: Site) -> list[str]:
    """The pages with no other above them, every transcript, and the first of each section."""
    first: dict[str, str] = {}
    for name in site.pages:
        section, *below = name.split("/")
        alone = len(below) < 2 or section == "transcripts"
        first.setdefault(name if alone else section, name.removesuffix("index.html"))
    return sorted(first.values())


def fits(page: Page, width: int) -> bool:
    """Whether the page has no sideways scrolling after animations end."""
    page.set_viewport_size({"width": width, "height": 800})
    try:
        page.wait_for_function(FITS, arg=width, timeout=2_000)
    except PlaywrightTimeout:
        return False
    return True


def test_pages_fit_into_their_window(mkdocs_site: Site, servers: Servers, reader: Reader) -> None:
    door = servers.serve(mkdocs_site)
    page = reader.open(door)
    wide = []
    for url in one_of_each_kind(mkdocs_site):
        page.goto(door.base + url)
        wide += [f"{url} at {width}" for width in (320, 390, 1280) if not fits(page, width)]
    assert wide == []


def test_light_and_dark_have_colours(mkdocs_site: Site, servers: Servers, reader: Reader) -> None:
    door = servers.serve(mkdocs_site)
    url = some_correction(door)["url"]
    light, dark = (reader.open(door, url, scheme=scheme) for scheme in ("light", "dark"))
    assert brightness(light, "body", of="backgroundColor") > 0.9
    assert brightness(light, ".md-content", of="color") < 0.3
    assert brightness(dark, "body", of="backgroundColor") < 0.15
    assert brightness(dark, ".md-content", of="color") > 0.7
