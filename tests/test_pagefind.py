"""The search of a large collection, in a real Chromium: Pagefind asked for by a small one."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response, expect

from build_tools.build.pagefind import LARGE, choose_search, write_pagefind
from build_tools.build.plan import plan_site
from build_tools.build.site import read_docs
from build_tools.model.site import Search
from build_tools.model.transcript import Passage, Piece
from tests.reading import Door, Reader, Servers, wait_until_ready
from tests.site_html import ROOT, Site, build_site
from tests.test_ranking import HOSTILE, PASSAGE
from tests.test_search import count_of, group_of, results_of, search

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
    return tuple(plan_site(read_docs(ROOT / "docs"), exports=False).fetch_passages())


def watch(page: Page) -> list[Response]:
    """The responses that a page receives from now on."""
    sent: list[Response] = []
    page.on("response", lambda answer: sent.append(answer))
    return sent


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


@pytest.mark.browser
@pytest.mark.parametrize(
    ("words", "width"), [("Amadei", 1280), ("Amad", 390), ("please welcome Amodei", 390)]
)
def test_a_name_is_found_as_said_and_as_heard_and_the_line_is_shown(
    words: str, width: int, door: Door, reader: Reader
) -> None:
    page = reader.open(door, width=width)
    result = search(page, words).filter(has_text="please welcome").first
    for part in ("Emcee, 01:23", "The announcer introduces", "Building at the Frontier · 2024"):
        expect(result).to_contain_text(part)
    expect(result.locator("mark").first).to_be_visible()
    result.get_by_role("link").first.click()
    page.wait_for_url(re.compile("#t83$"))
    assert page.url.split("?")[0] == door.address(PAGE)
    word = page.locator('ins[data-heard="Amadei"]')
    expect(word.locator("mark")).to_be_visible()
    expect(word).to_be_in_viewport()


@pytest.mark.browser
def test_entries_come_from_the_index_and_tolerate_an_edit(door: Door, reader: Reader) -> None:
    page = reader.open(door)
    results = search(page, "skaling laws")
    expect(results.first).to_contain_text("scaling laws")
    assert "/glossary/scaling-laws/" in str(results.first.get_by_role("link").get_attribute("href"))
    page.get_by_role("textbox", name="Search").fill("responsible scaling")
    headings = page.get_by_role("dialog").get_by_role("heading")
    expect(headings).to_have_text(["Entries", "Said", "Then and now", "About this site"])
    expect(group_of(page, "Said")).to_have_count(8)


@pytest.mark.browser
def test_a_query_fetches_little_and_no_query_nothing(door: Door, reader: Reader) -> None:
    page = reader.open(door)
    sent = watch(page)
    page.reload()
    wait_until_ready(page)
    assert sent
    asked = re.compile(r"/pagefind/|/search/|search-|search\.json")
    assert [answer.url for answer in sent if asked.search(answer.url)] == []
    sent.clear()
    # All at once: who types slowly asks for parts of words too.
    page.get_by_role("button", name="Search").click()
    page.get_by_role("textbox", name="Search").fill("interpretability")
    expect(results_of(page).first).to_be_visible()
    assert sum(len(answer.body()) for answer in sent if "/pagefind/" in answer.url) < 250_000
    kinds = [answer.url.rpartition(".")[2] for answer in sent]
    assert kinds.count("pf_fragment") <= 10
    assert kinds.count("pf_index") <= 2
    assert "html" not in kinds
    assert [path.name for path in door.site.folder.glob("search/*")] == ["pages.js"]


@pytest.mark.browser
def test_results_are_narrowed_by_speaker_and_talk(door: Door, reader: Reader) -> None:
    page = reader.open(door)
    search(page, "model")
    heads = results_of(page).locator("b")
    page.get_by_role("group", name="Speaker").get_by_role("button", name="Sorkin").click()
    expect(heads.first).to_contain_text("Sorkin,")
    assert all(head.startswith("Sorkin,") for head in heads.all_inner_texts())
    page.get_by_role("group", name="Speaker").get_by_role("button", name="Sorkin").click()
    page.get_by_role("group", name="Talk").get_by_role("button", name="Logan").click()
    expect(results_of(page).locator("small").first).to_have_text("The Logan Bartlett Show · 2023")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, width: int, door: Door, reader: Reader) -> None:
    page = reader.open(door, PAGE, width=width, scheme=scheme)
    page.emulate_media(reduced_motion="reduce")
    for opened in (False, True):
        if opened:
            expect(search(page, "scaling").nth(5)).to_be_attached()
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["target"]) for rule in found] == []


@pytest.mark.browser
def test_untrusted_text_is_shown_as_text(
    site: Site, tmp_path: Path, servers: Servers, reader: Reader
) -> None:
    folder = tmp_path / "site"
    shutil.copytree(site.folder, folder)
    shutil.rmtree(folder / "pagefind")
    named = replace(PASSAGE, transcript="vivatech-2024", title=HOSTILE, speaker=HOSTILE)
    said = (Piece(f"A quagga. {HOSTILE} ", HOSTILE), Piece(HOSTILE))
    passage = replace(named, chapter=f"quagga {HOSTILE}", pieces=said, questions=(HOSTILE,))
    write_pagefind(folder, [passage])
    page = reader.open(servers.serve(Site(folder, site.pages, ())))
    page.on("dialog", lambda dialog: reader.troubles.append(f"dialog: {dialog.message}"))
    result = search(page, "quagga").first
    expect(result.locator("b")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(result.locator("small")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(result.locator("p").first).to_contain_text("<img src=x onerror=alert(1)>")
    expect(count_of(page)).to_have_text("1 result")
    assert page.locator(".sic-search").locator("img, svg, script").count() == 0


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


@pytest.mark.browser
def test_a_large_copy_says_why_it_has_no_search(site: Site, reader: Reader) -> None:
    # A site made for a server asks for its font before a page needs it; browsers refuse this here.
    reader.overlooked = ".woff2"
    page = reader.open(Door(site, site.folder.as_uri(), "/"), "/index.html")
    expect(search(page, "scaling laws").first).to_contain_text("scaling laws")
    expect(page.get_by_role("dialog", name="Search")).to_contain_text("too large to search")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Search")).to_be_hidden()
