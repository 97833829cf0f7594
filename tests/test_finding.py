"""The script's search box: words, chapters, entries and addresses."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from playwright.sync_api import Locator, Page, expect

from tests.reading import Door, Reader, seldom_named, wait_until_at_rest
from tests.site_html import REPOSITORY, ROOT
from tests.test_reading_aids import FAKE_CLIPBOARD, violations

pytestmark = pytest.mark.browser

EVERYWHERE = pytest.mark.parametrize(
    ("door", "width"),
    [
        (("mkdocs_site", "http"), 1280),
        (("zensical_site", "http"), 390),
        (("mkdocs_offline", "files"), 390),
        (("zensical_offline", "files"), 1280),
    ],
    indirect=["door"],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else str(value),
)
HTTP = pytest.mark.parametrize("door", [("mkdocs_site", "http")], indirect=True)
PUBLISHED = pytest.mark.parametrize(
    "door",
    [("mkdocs_published", "http"), ("zensical_published", "http")],
    indirect=True,
    ids=lambda door: door[0],
)
PAGE, LONG = "transcripts/vivatech-2024/", "transcripts/logan-bartlett-2023/"

MARKED = """name => [...(CSS.highlights.get(name) ?? [])].map(range => {
  const copy = document.createRange()
  copy.setStart(range.startContainer, range.startOffset)
  copy.setEnd(range.endContainer, range.endOffset)
  return copy.toString()
})"""
# Between the lower edge of what stays at the top and that of the window.
CURRENT_IS_CLEAR = """() => {
  const [range] = CSS.highlights.get("sic-current")
  const copy = document.createRange()
  copy.setStart(range.startContainer, range.startOffset)
  const { top, bottom } = copy.getBoundingClientRect()
  const bar = document.querySelector(".sic-bar").getBoundingClientRect()
  return top >= bar.bottom && bottom <= innerHeight
}"""
# The words of paragraphs as they are shown, straight apostrophes, small letters, one blank.
SHOWN = """() => [...document.querySelectorAll(".sic-turn, .sic-on")].map(paragraph => {
  const copy = paragraph.cloneNode(true)
  const clean = document.querySelector("article").dataset.read === "clean"
  copy.querySelectorAll(".sic-at, .sic-speaker, sup").forEach(part => part.remove())
  if (clean) copy.querySelectorAll(".sic-f").forEach(part => part.remove())
  return copy.textContent.replaceAll("’", "'").replace(/\\s+/g, " ").toLowerCase()
})"""
LAYOUT_SHIFT = """window.shift = 0
new PerformanceObserver(list => list.getEntries().forEach(entry => {
  if (!entry.hadRecentInput) window.shift += entry.value
})).observe({ type: "layout-shift", buffered: true })"""
LONGEST_HANDLER = """words => Math.max(...words.map(word => {
  const input = document.querySelector(".sic-find input")
  input.value = word
  const before = performance.now()
  input.dispatchEvent(new Event("input"))
  return performance.now() - before
}))"""


def find(page: Page, words: str) -> Locator:
    """Opens the search by its key, types, and gives its count."""
    page.keyboard.press("t")
    page.get_by_role("textbox", name="Find in this transcript").fill(words)
    return page.locator(".sic-find output")


@EVERYWHERE
def test_words_are_found_counted_and_shown_in_turn(door: Door, width: int, reader: Reader) -> None:
    page = reader.open(door, PAGE, width=width)
    times = " | ".join(page.evaluate(SHOWN)).count("that's")
    count = find(page, "THAT’S")
    expect(count).to_have_text(f"1 of {times}")
    assert {word.casefold() for word in page.evaluate(MARKED, "sic-found")} == {"that’s"}
    box = page.get_by_role("textbox", name="Find in this transcript")
    for key, place in (("Enter", 2), ("Enter", 3), ("Shift+Enter", 2)):
        box.press(key)
        expect(count).to_have_text(f"{place} of {times}")
        assert page.evaluate(CURRENT_IS_CLEAR)
    page.get_by_role("button", name="Next").click()
    expect(count).to_have_text(re.compile("^3 of"))
    box.fill("no such words")
    expect(count).to_have_text("Not found")
    box.press("Escape")
    expect(box).to_be_hidden()
    assert page.evaluate(MARKED, "sic-found") == []
    expect(page.get_by_role("button", name="Find", exact=True)).to_be_focused()


@HTTP
def test_words_are_found_across_marks_and_only_as_they_are_read(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    mark = page.locator('ins[data-heard="Ola"]')
    before = mark.evaluate("mark => mark.previousSibling.textContent.trim().split(/\\s+/).at(-1)")
    count = find(page, f"{before} Ôláh")
    expect(count).to_have_text("1 of 1")
    box = page.get_by_role("textbox", name="Find in this transcript")
    page.locator(".sic-ways label").nth(1).click()
    expect(count).to_have_text("Not found")
    box.fill(f"{before} ola")
    expect(count).to_have_text("1 of 1")
    # A filler is words as heard, and is not there in a clean reading; names and signs never are.
    box.fill("um")
    for number in (0, 2):
        page.locator(".sic-ways label").nth(number).click()
        expected = " | ".join(page.evaluate(SHOWN)).count("um")
        expect(count).to_have_text(re.compile(rf"of {expected}$"))


@HTTP
def test_words_of_one_speaker_are_found_alone(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    turns = door.data(f"{PAGE}transcript.json")["turns"]
    count = find(page, "anthropic")
    for name in ("Sorkin", "Amodei"):
        page.get_by_role("combobox", name="Speaker").select_option(name)
        said = sum(t["text"].casefold().count("anthropic") for t in turns if t["speaker"] == name)
        expect(count).to_have_text(re.compile(rf"of {said}$"))


@HTTP
def test_without_highlights_the_match_is_selected(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    page.add_init_script("Object.defineProperty(CSS, 'highlights', { value: undefined })")
    page.reload()
    find(page, "interpretability")
    page.keyboard.press("Enter")
    assert page.evaluate("getSelection().toString()").casefold() == "interpretability"


@HTTP
def test_finding_in_the_longest_transcript_keeps_up_with_typing(door: Door, reader: Reader) -> None:
    page = reader.open(door, LONG)
    find(page, "e")
    # How long is for a benchmark to say; that no letter costs a second pass over the page is here.
    page.evaluate("""() => {
      window.walks = 0
      const walk = document.createTreeWalker
      document.createTreeWalker = (...given) => (window.walks++, walk.apply(document, given))
    }""")
    assert page.evaluate(LONGEST_HANDLER, ["e", "th", "the", "model"]) < 1_000
    assert page.evaluate("window.walks") == 0


@EVERYWHERE
def test_keys_lead_from_chapter_to_chapter(door: Door, width: int, reader: Reader) -> None:
    page = reader.open(door, PAGE, width=width)
    chapters = door.data(f"{PAGE}transcript.json")["chapters"]
    for key, number in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(page).to_have_url(door.address(f"{PAGE}#{chapters[number]['id']}"))
        title = chapters[number]["title"].replace("'", "’")
        heading = page.get_by_role("heading", name=title)
        expect(heading).to_be_focused()
        expect(heading).to_be_in_viewport()
    url = page.url
    page.keyboard.press("Control+j")
    find(page, "")
    page.keyboard.type("jkt")
    expect(page.get_by_role("textbox", name="Find in this transcript")).to_have_value("jkt")
    assert page.url == url
    page.keyboard.press("Escape")
    for _ in chapters:
        page.keyboard.press("j")
    expect(page.get_by_role("heading", name="Corrections and notes")).to_be_focused()


@HTTP
def test_the_keys_are_said_where_they_work(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    page.get_by_role("button", name="Marks").first.click()
    sheet = page.get_by_role("dialog", name="Marks")
    expect(sheet).to_contain_text("next and previous chapter")
    sheet.get_by_text("Terms").click()
    expect(page.locator("article")).to_have_attribute("data-hide", "terms")
    page.reload()
    expect(page.locator("article")).to_have_attribute("data-hide", "terms")


@EVERYWHERE
def test_an_address_offers_what_can_be_done_there(door: Door, width: int, reader: Reader) -> None:
    page = reader.open(door, PAGE, width=width)
    page.evaluate(FAKE_CLIPBOARD)
    address = page.locator(".sic-turn > a.sic-at").nth(2)
    address.hover()
    card = page.locator(".sic-card")
    expect(card).to_be_visible()
    copies, play, suggest = card.get_by_role("button").all()
    card.get_by_text("Copy link").click()
    expect(copies).to_have_text("Copied")
    assert page.evaluate("window.copied") == address.evaluate("link => link.href")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    # By keyboard: Tab goes into the card and out of it to what follows the paragraph's stop.
    address.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(card).to_be_visible()
    page.keyboard.press("Tab")
    expect(copies).to_be_focused()
    for button in (play, suggest):
        page.keyboard.press("Tab")
        expect(button).to_be_focused()
    page.keyboard.press("Tab")
    # What follows may be an address, which has a card of its own.
    expect(address).not_to_have_attribute("aria-describedby", "sic-card")
    assert address.evaluate("""link => {
      const paragraph = link.closest("p")
      const now = document.activeElement
      return !paragraph.contains(now)
        && Boolean(paragraph.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING)
        && document.querySelector("article").contains(now)
    }""")
    # Without a repository the form gives a text to send; the focus comes back.
    address.focus()
    suggest.click()
    form = page.get_by_role("dialog", name="Suggest a correction")
    form.get_by_label("What was said?").press("Home")
    page.keyboard.type("Indeed ")
    form.get_by_label("The sentence asks").check()
    form.get_by_label("Why?").fill("Sense asks for it")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    form.get_by_role("button", name="Copy as a letter").click()
    expect(form.get_by_role("status")).to_contain_text("Copied")
    assert "[^indeed]: dropout?, grammar: Sense asks for it." in page.evaluate("window.copied")
    page.keyboard.press("Escape")
    expect(address).to_be_focused()


@PUBLISHED
def test_a_paragraph_can_be_reported_however_long_it_is(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    turn = next(t for t in door.data(f"{PAGE}transcript.json")["turns"] if "Olah" in t["text"])
    paragraph = page.locator('.sic-turn:has(ins[data-heard="Ola"])')
    paragraph.locator("a.sic-at").hover()
    page.locator(".sic-card").get_by_text("Suggest a correction").click()
    link = page.get_by_role("dialog").get_by_text("Describe it in your own words")
    url = str(link.get_attribute("href"))
    assert url.startswith(f"{REPOSITORY}/issues/new?")
    asked = {name: value for name, (value,) in parse_qs(urlsplit(url).query).items()}
    assert asked.pop("template") == "correction.yml"
    form = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/correction.yml").read_text("utf-8"))
    assert set(asked) <= {field.get("id") for field in form["body"]}
    assert asked["transcript"] == "Building at the Frontier"
    assert asked["speaker"].endswith(turn["speaker"])
    assert asked["place"].endswith(f"/{PAGE}#{turn['id']}")
    words = asked["words"].removesuffix(" …")[:200].replace("’", "'")
    assert turn["text"].replace("’", "'").startswith(words)
    page.keyboard.press("Escape")
    paragraph = page.locator(".sic-turn").nth(2)
    paragraph.evaluate("element => element.append(' слово'.repeat(3000))")
    paragraph.locator("a.sic-at").hover()
    expect(paragraph.locator("a.sic-at")).to_have_attribute("aria-describedby", "sic-card")
    page.locator(".sic-card").get_by_text("Suggest a correction").click()
    url = str(link.get_attribute("href"))
    assert 5_000 < len(url) <= 6_000
    assert parse_qs(urlsplit(url).query)["words"][0].endswith("слово …")


@EVERYWHERE
def test_the_glossary_is_filtered_three_ways(door: Door, width: int, reader: Reader) -> None:
    page = reader.open(door, "glossary/", width=width)
    entries = door.data("data/glossary.json")
    shown = page.locator("h2.sic-kind + ul > li:visible")
    count = page.locator(".sic-sift output")
    expect(shown).to_have_count(len(entries))
    person = seldom_named(door)
    page.get_by_role("textbox", name="Find an entry").fill(person["term"].upper())
    expect(page.locator("h2.sic-kind:visible")).to_have_count(1)
    expect(shown.first).to_contain_text(person["term"])
    page.get_by_role("button", name="Models").click()
    expect(count).to_have_text("No entry fits")
    expect(page.locator("h2.sic-kind:visible")).to_have_count(0)
    # Other names of an entry are found as well.
    page.get_by_role("button", name="Models").click()
    page.get_by_role("textbox", name="Find an entry").fill("rlhf")
    expect(shown).to_have_text(re.compile("^reinforcement learning from human feedback"))
    page.get_by_role("textbox", name="Find an entry").fill("")
    page.get_by_role("button", name="Models").click()
    models = [entry for entry in entries if entry["kind"] == "model"]
    expect(count).to_have_text(f"{len(models)} of {len(entries)} entries")
    page.get_by_role("button", name="Models").click()
    letters = {entry["term"][0].upper() for entry in entries}
    for letter in "AQXZ":
        buttons = page.get_by_role("button", name=letter, exact=True)
        expect(buttons).to_have_count(int(letter in letters))
    page.get_by_role("button", name="A", exact=True).click()
    expect(shown).to_have_count(sum(entry["term"][0].upper() == "A" for entry in entries))
    expect(page.get_by_role("button", name="A", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    # The register is filtered by kind, certainty and evidence.
    page = reader.open(door, "corrections/", width=width)
    made = [one for one in door.data("data/corrections.json") if one["evidence"] == "sound"]
    page.get_by_role("button", name="sound and sense").click()
    expect(page.locator("tbody tr:visible")).to_have_count(len(made))
    page.get_by_role("button", name="certain", exact=True).click()
    expect(page.locator(".sic-sift output")).to_have_text("No correction fits")
    expect(page.locator("h2:visible")).to_have_count(0)


@EVERYWHERE
def test_nothing_moves_while_a_page_loads(door: Door, width: int, reader: Reader) -> None:
    page = reader.open(door, width=width)
    page.add_init_script(LAYOUT_SHIFT)
    for url in (PAGE, LONG, "glossary/", "corrections/"):
        page.goto(door.address(url))
        wait_until_at_rest(page)
        assert page.evaluate("window.shift") < 0.02, url


@HTTP
def test_axe_finds_nothing_in_what_opens(door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE)
    find(page, "model")
    expect(page.locator(".sic-find output")).to_contain_text("of")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator(".sic-turn > a.sic-at").nth(1).hover()
    expect(page.locator(".sic-card")).to_be_visible()
    assert violations(page) == []
