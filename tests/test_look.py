"""How a page looks: its measure, on paper, enlarged, and from right to left."""

import pytest
from playwright.sync_api import Page, expect

from tests.reading import Door, Reader

pytestmark = pytest.mark.browser

HTTP = pytest.mark.parametrize("door", [("mkdocs_site", "http")], indirect=True)
PUBLISHED = pytest.mark.parametrize("door", [("mkdocs_published", "http")], indirect=True)
PAGE = "transcripts/vivatech-2024/"

# Signs in full lines of the text; a paragraph's last line is not full.
SIGNS_A_LINE = """() => {
  const lines = []
  for (const paragraph of [...document.querySelectorAll(".sic-on")].slice(0, 30)) {
    const own = new Map()
    const texts = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
      const text = texts.currentNode
      if (text.parentElement.closest(".sic-at, sup")) continue
      const range = document.createRange()
      for (let at = 0; at < text.length; at++) {
        range.setStart(text, at)
        range.setEnd(text, at + 1)
        const box = range.getBoundingClientRect()
        const line = Math.round(box.bottom / 12)
        if (box.width) own.set(line, (own.get(line) ?? 0) + 1)
      }
    }
    lines.push(...[...own.values()].slice(0, -1))
  }
  return lines.reduce((sum, signs) => sum + signs, 0) / lines.length
}"""
NOTES_LAST = """() => {
  const last = [...document.querySelectorAll(".sic-turn, .sic-on")].at(-1)
  return document.querySelector(".sic-note").getBoundingClientRect().top
    > last.getBoundingClientRect().bottom
}"""
CONTENT = (
    """([selector, side]) => getComputedStyle(document.querySelector(selector), side).content"""
)


def content(page: Page, selector: str, side: str) -> str:
    return str(page.evaluate(CONTENT, [selector, side]))


@HTTP
def test_a_line_has_about_66_signs(door: Door, reader: Reader) -> None:
    assert 62 <= reader.open(door, PAGE).evaluate(SIGNS_A_LINE) <= 70


@PUBLISHED
def test_on_paper_addresses_are_written_and_no_controls(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    expect(page.locator(".sic-bar")).to_be_attached()
    page.emulate_media(media="print")
    for chrome in (".sic-bar", ".md-header", ".md-footer", ".md-sidebar", ".headerlink"):
        assert page.locator(f"{chrome}:visible").count() == 0, chrome
    canonical = page.locator("link[rel=canonical]").get_attribute("href")
    assert str(canonical).endswith(f"/talks/{PAGE}")
    assert content(page, "article", "::before") == f'"{canonical}"'
    expect(page.locator(".sic-at").first).to_be_visible()
    assert page.evaluate(NOTES_LAST)
    page.goto(door.address("glossary/ai-agent/"))
    outside = page.locator('article a[href^="http"]:not(.md-icon)').first
    assert str(outside.get_attribute("href")) in str(
        outside.evaluate("link => getComputedStyle(link, '::after').content")
    )


@HTTP
def test_enlarged_four_times_nothing_stands_before_the_text(door: Door, reader: Reader) -> None:
    page = reader.open(door, f"{PAGE}#t1324", width=320)
    page.set_viewport_size({"width": 320, "height": 200})
    page.evaluate("scrollBy(0, 300)")
    page.wait_for_function("""() => [10, 60, 100, 190].every(y =>
      document.elementFromPoint(160, y).closest("article") &&
      !document.elementFromPoint(160, y).closest(".sic-bar"))""")


@HTTP
def test_from_right_to_left_addresses_stand_in_the_right_margin(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    paragraph = page.locator(".sic-turn").nth(2)
    paragraph.evaluate("element => { element.dir = 'rtl' }")
    text, address = paragraph.bounding_box(), paragraph.locator("a.sic-at").bounding_box()
    assert text
    assert address
    assert address["x"] >= text["x"] + text["width"]
    paragraph.locator("a.sic-at").hover()
    card = page.locator(".sic-card")
    expect(card).to_be_visible()
    box = card.bounding_box()
    assert box
    assert box["x"] + box["width"] <= 1280


@HTTP
def test_a_wide_table_keeps_its_headings_on_a_narrow_screen(door: Door, reader: Reader) -> None:
    page = reader.open(door, "performance/", width=390)
    wide = page.locator("article table:has(td:nth-child(5)[align]) thead")
    expect(wide.first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    register = reader.open(door, "corrections/", width=390)
    expect(register.locator("article thead").first).to_be_hidden()
