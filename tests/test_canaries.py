"""No string of `tests/cases/xss.txt` runs or asks for anything, wherever in a collection it stands.

The pages are looked at by a browser, which knows better than any parser of ours what would run.
"""

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser, Page, expect

from build_tools.build.plan import plan_site
from tests.canaries import Strewn, read_canaries, read_visible_canaries, strew
from tests.hostile import check_inert
from tests.pages import make_stub, mkdocs_config, named_in_nav, parse_page
from tests.project import seal
from tests.reading import Door, Reader, Servers, choose_way, wait_until_at_rest
from tests.site_html import ROOT, Site, build_site, copy_project
from tests.test_golden import SITE
from tests.test_search import count_of, search
from tests.trees import check_tree

# Whatever runs, and whatever stands in a page that could, is said in the console as an error, and
# those a reader notes. It looks at each element when it comes into a page, and again as it changes.
WATCH = r"""(() => {
  const say = (...what) => console.error("found:", ...what)
  for (const name of ["canary", "alert", "confirm", "prompt", "print", "open"])
    window[name] = (...given) => say(name, ...given)
  const FOREIGN = /^(object|embed|applet|frame(set)?|marquee|math|audio|video|portal|xss|base)$/i
  const WHERE = "href src action formaction data poster ping background xlink:href".split(" ")
  const look = element => {
    const text = element.cloneNode(false).outerHTML
    if (FOREIGN.test(element.localName)) say("element", text)
    for (const name of element.getAttributeNames())
      if (name.startsWith("on") || name === "srcdoc") say("attribute", text)
    if (/canary|evil/.test(element.getAttribute("style"))) say("style", text)
    for (const name of WHERE) {
      const value = element.getAttribute(name)
      if (value === null || value === "javascript:void(0)") continue
      if (!/^(https?|file|blob):$/.test(new URL(value, location).protocol)) say("address", text)
    }
    const runs = element.localName === "script" && element.type !== "application/ld+json"
    if (runs && element.textContent.includes("canary")) say("script", element.textContent)
  }
  const lookBelow = node => {
    if (node.nodeType !== Node.ELEMENT_NODE) return
    look(node)
    node.querySelectorAll("*").forEach(look)
  }
  new MutationObserver(records => {
    for (const { type, target, addedNodes } of records)
      type === "attributes" ? look(target) : addedNodes.forEach(lookBelow)
  }).observe(document, { childList: true, subtree: true, attributes: true })
})()"""
# Each card is shown, one after another, as a reader shows it who goes through the page by keys.
SHOW_CARDS = """() => {
  let shown = 0
  const opens = "a.footnote-ref, a.sic-term, :is(.sic-turn, .sic-on) > .sic-at"
  for (const link of document.querySelectorAll(`article :is(${opens})`)) {
    link.focus({ preventScroll: true })
    shown += document.getElementById("sic-card")?.hidden === false
  }
  return shown
}"""
SELECT = """([from, to]) => {
  const turns = document.querySelectorAll("article .sic-turn")
  getSelection().setBaseAndExtent(turns[from], 0, turns[to], turns[to].childNodes.length)
}"""
POLLUTED = "() => Object.keys(Object.prototype).length + Object.keys(Array.prototype).length"


@pytest.fixture(scope="session")
def strewn() -> Strewn:
    """The collection in whose every field the strings stand."""
    return strew()


def test_there_are_many_strings_and_no_two_alike() -> None:
    strings = read_canaries()
    assert len(set(strings)) == len(strings) >= 200


@pytest.mark.slow
def test_fields_of_text_take_every_string(strewn: Strewn) -> None:
    strings = len(read_visible_canaries())
    open_to_all = [field for field, count in strewn.taken.items() if count >= strings]
    assert len(open_to_all) >= 25
    for field in strewn.refused:
        assert strewn.taken[field] + strewn.refused[field] == strings
    assert not [problem for problem in check_tree(strewn.tree) if not problem.warning]


@pytest.mark.parametrize("folder", ["transcripts", "glossary", "sources", "then-and-now"])
def test_no_string_is_the_name_of_a_file(folder: str) -> None:
    names = [
        f"{folder}/{text}.{'md' if folder != 'sources' else 'txt'}"
        for text in read_canaries()
        if not re.fullmatch("[A-Za-z]+" if folder == "sources" else "[a-z]+", text)
    ]
    refused = {
        problem.place.path.removeprefix("docs/")
        for problem in check_tree(dict.fromkeys(names, b""))
        if not problem.warning
    }
    assert set(names) <= refused


@pytest.mark.slow
def test_every_file_is_whole_and_holds_nothing_alive(strewn: Strewn) -> None:
    # A title is one line, and the check holds it to that.
    strings = " ".join(" ".join(read_visible_canaries()).split())
    home = f"---\n{json.dumps({'title': strings, 'description': strings})}\n---\n"
    files = plan_site({**strewn.tree, "index.md": home.encode()}, site_url=SITE).files
    seen = set()
    for path in files:
        if (path != "index.md" and path not in strewn.tree) or path.endswith(".md"):
            seen.add(check_file(path, files[path]))
    assert seen >= {".csv", ".epub", ".json", ".md", ".xml"}


def check_file(path: str, data: bytes) -> str:
    """Looks at a file by its ending, which it gives."""
    ending = Path(path).suffix
    if ending == ".md" and path != "index.md":
        check_inert({path: parse_page(data)})
    elif ending in (".json", ".jsonld"):
        json.loads(data)
    elif ending == ".jsonl":
        assert [json.loads(line) for line in data.splitlines()]
    elif ending in (".xml", ".xhtml", ".svg", ".opf", ".ncx", ".html"):
        check_xml(path, data)
    elif ending in (".epub", ".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            assert {check_file(name, opened.read(name)) for name in opened.namelist()}
    elif ending == ".csv":
        rows = list(csv.reader(io.StringIO(data.decode())))
        assert len({len(row) for row in rows}) == 1, path
    return ending


def check_xml(path: str, data: bytes) -> None:
    for element in ET.fromstring(data).iter():
        tag = str(element.tag).rpartition("}")[2]
        assert tag not in ("script", "iframe", "object", "embed", "foreignObject"), (path, tag)
        for name, value in element.attrib.items():
            own = name.rpartition("}")[2]
            assert not own.startswith("on"), (path, tag, name)
            address = own in ("href", "src") and re.match(
                r"\s*([a-z][a-z0-9+.-]*):", value, re.IGNORECASE
            )
            assert not address or address[1] in ("https", "mailto", "tag", "urn"), (path, value)


def make_project(folder: Path, tree: Mapping[str, bytes]) -> Path:
    """A project with this collection in the place of ours."""
    copy_project(ROOT, folder)
    docs = folder / "docs"
    for own in docs.iterdir():
        if own.is_dir() and own.name != "assets":
            shutil.rmtree(own)
        elif own.is_file() and own.name != "verify.py":
            own.unlink()
    listed = {path: make_stub(title) for title, path in named_in_nav(mkdocs_config()["nav"])}
    for path, data in {**listed, **tree}.items():
        (docs / path).parent.mkdir(parents=True, exist_ok=True)
        (docs / path).write_bytes(data)
    seal(docs)
    return folder


DOORS = [("mkdocs", "http"), ("zensical", "files")]


@pytest.fixture(scope="session", params=DOORS, ids="-".join)
def strewn_door(
    strewn: Strewn,
    servers: Servers,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Door:
    """The collection as a reader comes to it."""
    engine, by = request.param
    project = make_project(tmp_path_factory.mktemp("strewn") / "project", strewn.tree)
    site = build_site(project, engine, offline=by == "files", environment={"SIC_SITE_URL": SITE})
    return servers.serve(site) if by == "http" else Door(site, f"{site.folder.as_uri()}/", ".html")


@pytest.mark.browser
def test_no_page_ever_runs_a_string(strewn_door: Door, browser: Browser, reader: Reader) -> None:
    page = reader.open(strewn_door, "transcripts/")
    page.context.add_init_script(WATCH)
    page.on("dialog", lambda dialog: reader.troubles.append(f"dialog: {dialog.message}"))
    for path in pages_of(strewn_door.site):
        page.goto(f"{strewn_door.base}{path}")
        expect(page.locator("article h1").first).to_be_visible()
        if path.startswith("transcripts/") and page.locator(".sic-turn").count():
            read_every_way(page)
        assert page.evaluate(POLLUTED) == 0
        assert page.url.split("?")[0] == f"{strewn_door.base}{path}"
        assert not reader.troubles, path


def pages_of(site: Site) -> Iterator[str]:
    """The pages that show anything of the collection."""
    for path in site.pages:
        if path.startswith(("transcripts/", "glossary/", "then-and-now/")) or path in (
            "corrections.html",
            "corrections/index.html",
            "doubts.html",
            "doubts/index.html",
            "downloads.html",
            "downloads/index.html",
        ):
            yield path


def read_every_way(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate(SHOW_CARDS) > 10
    for way in ("As heard", "Clean", "Corrected"):
        choose_way(page, way)
    page.keyboard.press("t")
    page.locator(".sic-find input").fill("<img src=x onerror=canary(1)>")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    turns = page.locator(".sic-turn").count()
    page.evaluate(SELECT, [0, min(turns - 1, 40)])
    page.locator(".sic-quote:not(#sic-card)").first.wait_for()
    for act in page.locator(".sic-quote:not(#sic-card) button").all():
        act.click()


@pytest.mark.browser
@pytest.mark.parametrize("words", ["canary", "img onerror", "script", "__proto__", '"><img src=x'])
def test_search_results_run_nothing(words: str, strewn_door: Door, reader: Reader) -> None:
    page = reader.open(strewn_door, "transcripts/")
    page.context.add_init_script(WATCH)
    page.reload()
    results = search(page, words)
    expect(count_of(page)).to_have_text(re.compile(r"^(Nothing found|(More than )?\d+ results?)$"))
    if words in ("canary", "script"):
        expect(results.first).to_be_visible()
    wait_until_at_rest(page)


@pytest.mark.browser
@pytest.mark.parametrize("part", ["?q=", "?h=", "?read=", "#", "?x=&h=canary#"])
def test_an_address_with_a_string_is_inert(part: str, strewn_door: Door, reader: Reader) -> None:
    # Zensical's theme looks for whatever stands behind the sign as for an id, between quotes.
    reader.overlooked = "is not a valid selector"
    page = reader.open(strewn_door, "transcripts/")
    page.context.add_init_script(WATCH)
    for text in ("<img src=x onerror=canary(1)>", "javascript:canary(1)", '"><script>canary(1)'):
        page.goto(strewn_door.address("transcripts/talk-0/") + part + quote(text))
        expect(page.locator("article h1").first).to_be_visible()
