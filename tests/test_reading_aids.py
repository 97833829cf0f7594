"""The script's additions to a page: ways to read, notes by keyboard, map, quotes, suggestions."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from build_tools.text.words import find_keys
from tests.reading import Door, Reader, add_style, choose_way, wait_until_at_rest

pytestmark = pytest.mark.browser

HTTP = pytest.mark.parametrize("door", [("mkdocs_site", "http")], indirect=True)
BOTH_ENGINES = pytest.mark.parametrize(
    "door",
    [("mkdocs_site", "http"), ("zensical_site", "http")],
    indirect=True,
    ids=lambda door: door[0],
)
PUBLISHED = pytest.mark.parametrize("door", [("mkdocs_published", "http")], indirect=True)
PAGE = "transcripts/vivatech-2024/"

SELECT = """selector => {
  const range = document.createRange()
  range.selectNodeContents(document.querySelector(selector))
  getSelection().removeAllRanges()
  getSelection().addRange(range)
}"""
# innerText omits hidden text, as a reader's copy does.
SHOWN = """() => [...document.querySelectorAll(".sic-turn, .sic-on")]
  .map(paragraph => paragraph.innerText).join(" ")"""
FAKE_CLIPBOARD = """Object.defineProperty(navigator, "clipboard", {
  value: { writeText: async text => { window.copied = text } },
})"""


def violations(page: Page, *rules: str) -> list[tuple[str, list[str]]]:
    """The findings of axe by all or some of its rules: the rule and the first element."""
    options = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    found = Axe().run(page, options=options).response["violations"]
    return [(rule["id"], rule["nodes"][0]["target"]) for rule in found]


def expect_one_tab_stop(stops: Locator) -> None:
    """Tab reaches only the first of several links."""
    assert stops.count() > 2
    order = stops.evaluate_all("stops => stops.map(stop => stop.tabIndex)")
    assert order == [0] + [-1] * (stops.count() - 1)


@BOTH_ENGINES
def test_a_clean_reading_hides_fillers_and_changes_no_more(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    # A clean reading has no signs of notes.
    add_style(page, "sup { display: none }")
    before = find_keys(page.evaluate(SHOWN))
    choose_way(page, "Clean")
    after = iter(find_keys(page.evaluate(SHOWN)))
    gaps_and_fillers = str(page.locator(".sic-facts").get_attribute("data-fillers")).split()
    letters = sum(int(count.removesuffix("u")) for count in gaps_and_fillers[1::2])
    hidden = "".join("".join(page.locator(".sic-f").all_text_contents()).split())
    assert len(hidden) == letters > 200
    rest = next(after, None)
    for word in before:
        if word == rest:
            rest = next(after, None)
    assert rest is None
    for way in ("As heard", "Corrected"):
        choose_way(page, way)
    assert find_keys(page.evaluate(SHOWN)) == before


@BOTH_ENGINES
def test_the_chosen_way_can_be_linked_and_stays_on_pages(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    choose_way(page, "As heard")
    assert page.url.endswith("?read=heard")
    expect(page.locator("body > span[role=status]")).to_contain_text("As heard")
    page.goto(door.address("transcripts/logan-bartlett-2023/"))
    expect(page.locator("article")).to_have_attribute("data-read", "heard")
    page.goto(door.address(PAGE) + "?read=clean")
    expect(page.locator("article")).to_have_attribute("data-read", "clean")


@HTTP
def test_the_ways_to_read_are_chosen_by_arrow_keys(door: Door, reader: Reader) -> None:
    page = reader.open(door, f"{PAGE}#t1324")
    page.locator(".sic-ways input:checked").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("article")).to_have_attribute("data-read", "heard")
    expect(page.locator(".sic-bar")).to_be_in_viewport()


@HTTP
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_paragraph_is_one_tab_stop_and_arrows(direction: str, door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    paragraph = page.locator(".sic-turn:has(.footnote-ref)").first
    paragraph.evaluate("(element, dir) => { element.dir = dir }", direction)
    expect_one_tab_stop(paragraph.locator("a"))
    expect(paragraph.locator("a").first).to_have_class("sic-at")
    ahead, back = ("ArrowRight", "ArrowLeft")[:: 1 if direction == "ltr" else -1]
    stops = paragraph.locator("a")
    stops.first.focus()
    page.keyboard.press(ahead)
    expect(stops.nth(1)).to_be_focused()
    # The links of its notes come last.
    page.keyboard.press("End")
    expect(page.locator(".sic-note a:focus")).to_have_count(1)
    page.keyboard.press("Home")
    page.keyboard.press(ahead)
    page.keyboard.press(back)
    expect(stops.first).to_be_focused()
    # That key with Alt is the browser's own.
    page.keyboard.press(f"Alt+{ahead}")
    expect(stops.first).to_be_focused()


@HTTP
def test_the_map_is_one_tab_stop_and_arrows_go_on(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    stops = page.locator(".sic-map a")
    expect_one_tab_stop(stops)
    stops.first.focus()
    for key, there in (("ArrowRight", 1), ("End", stops.count() - 1), ("Home", 0)):
        page.keyboard.press(key)
        expect(stops.nth(there)).to_be_focused()


@HTTP
def test_escape_closes_a_note_and_leaves_the_reader_there(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    sign = page.locator("a.footnote-ref").first
    sign.focus()
    page.keyboard.press("Enter")
    card = page.locator(".sic-card")
    expect(card).to_be_visible()
    expect(sign).to_have_attribute("aria-describedby", "sic-card")
    page.keyboard.press("Tab")
    expect(card.locator("a").first).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(sign).to_be_focused()
    page.keyboard.press("Enter")
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(sign).to_be_focused()


@HTTP
@pytest.mark.parametrize("width", [1280, 390])
def test_the_map_leads_to_chapters_and_shows_place(width: int, door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE, width=width)
    chapters = door.data(f"{PAGE}transcript.json")["chapters"]
    link = page.locator(".sic-map a").nth(5)
    assert link.text_content() == chapters[5]["title"].replace("'", "’")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=chapters[5]["title"])).to_be_in_viewport()
    own = link.locator("rect")
    page.wait_for_function(
        """([left, width]) => {
          const x = Number(document.querySelector(".sic-here").getAttribute("x"))
          return x >= left - 1 && x <= left + width + 1
        }""",
        arg=[float(str(own.get_attribute(name))) for name in ("x", "width")],
    )


@BOTH_ENGINES
def test_a_time_between_two_cues_leads_to_the_first(door: Door, reader: Reader) -> None:
    page = reader.open(door, f"{PAGE}#t190")
    expect(page).to_have_url(door.address(f"{PAGE}#t187"))


@HTTP
def test_the_address_of_a_paragraph_copies_itself(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    page.evaluate(FAKE_CLIPBOARD)
    address = page.locator("a.sic-at").nth(3)
    address.click()
    expect(address).to_have_class(re.compile("sic-copied"))
    assert page.evaluate("window.copied") == address.evaluate("link => link.href")


@HTTP
def test_a_selection_is_quoted_with_speaker_date_and_address(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    page.evaluate(FAKE_CLIPBOARD)
    page.evaluate(SELECT, '.sic-turn:has(ins[data-heard="Ola"])')
    bar = page.get_by_role("toolbar", name="Quote the selection")
    turn = next(
        turn for turn in door.data(f"{PAGE}transcript.json")["turns"] if "Olah" in turn["text"]
    )
    first = turn["text"].split(". ")[0].replace("'", "’")
    for button, wanted in (
        (
            "Quote",
            (first, "Dario Amodei", "Building at the Frontier", "2024-05-22", "corrected from"),
        ),
        ("Markdown", ("> " + first, f"{PAGE}#{turn['id']})")),
        ("BibTeX", ("@misc{amodei2024", "date = {2024-05-22}", f"{PAGE}#{turn['id']}")),
    ):
        bar.get_by_text(button, exact=True).click()
        copied = page.evaluate("window.copied")
        for part in wanted:
            assert part in copied
        assert not re.search(r"\d\d:\d\d|\d\s*$", copied.split("(")[0])


@HTTP
@pytest.mark.parametrize(
    "url",
    [
        *("", "transcripts/", PAGE, f"{PAGE}?read=heard", f"{PAGE}?read=clean"),
        *("then-and-now/scaling-policy/", "glossary/", "glossary/responsible-scaling-policy/"),
        *("corrections/", "doubts/", "contributing/", "format/"),
    ],
)
def test_axe_finds_nothing(url: str, door: Door, reader: Reader) -> None:
    page = reader.open(door, url)
    wait_until_at_rest(page)
    assert violations(page) == []
    # The dark scheme has the same elements in other colours.
    add_style(page, "* { transition: none !important }")
    page.evaluate("document.body.dataset.mdColorScheme = 'slate'")
    assert violations(page, "color-contrast") == []
