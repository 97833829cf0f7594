"""MkDocs and Zensical make the same site of the same pages, and nothing of it asks another host."""

import gzip
import json
import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

from build_tools.build.engine import CARD, engine_environment, site_url
from build_tools.build.rendering import ENGINES
from tests.pages import CHAPTER_ADDRESS, Element, parse_html
from tests.project import seal
from tests.reading import Reader, Servers, wait_until_ready
from tests.site_html import (
    PAGES,
    REPOSITORY,
    ROOT,
    Page,
    Site,
    article_links,
    build_site,
    internal_links,
)
from tests.test_export_words import VERIFY

pytestmark = pytest.mark.engine

BOTH = pytest.mark.parametrize("made", ["mkdocs_site", "zensical_site"])
PUBLISHED = pytest.mark.parametrize("made", ["mkdocs_published", "zensical_published"])

# Zensical's theme puts the aim of "Skip to content" into the article, an empty link; Material
# aims at the first heading. It is all that differs between the articles.
SKIP = "__skip"

# A server shows it in place of a page that is not there.
NOT_FOUND = "404.html"

ENGINE_SAYS = re.compile(
    r"""
    (?:mkdocs|zensical):\ renders\ .*
    | Build\ started
    | Build\ finished\ in\ .*
    | No\ issues\ found
    """,
    re.VERBOSE,
)
FOREIGN_STYLE = re.compile(r"url\(\s*[\"']?(?:https?:)?//[^)]*|@import[^;]*//[^;]*")
FOREIGN_SCRIPT = re.compile(
    r"(?:\bimport|\bimportScripts|\bfrom)\s*\(?\s*[\"'`](?:https?:)?//.{40}"
)
ADDRESS = re.compile(CHAPTER_ADDRESS)
PLUGINS = re.compile(r"^plugins:\n(?: .*\n|\n)*", re.MULTILINE)
RIGHT_TO_LEFT = ROOT / "tests/corpora/right-to-left/docs"
LANGUAGES = {"muqabala": "ar", "sicha": "he"}


def differences(ours: Site, theirs: Site, part: Callable[[str, Page], object]) -> list[str]:
    """The pages whose articles differ in a part, with both where it begins to differ."""
    return [
        f"{name}: {part(name, page)!r:.200} / {part(name, theirs.pages[name])!r:.200}"
        for name, page in ours.pages.items()
        if part(name, page) != part(name, theirs.pages[name])
    ]


def article_text(_: str, page: Page) -> str:
    return page.text


def article_ids(_: str, page: Page) -> tuple[str, ...]:
    return tuple(name for name in page.article_ids if name != SKIP)


def page_names(project: Path) -> Iterator[str]:
    """The paths of the pages of build/docs/ in a site."""
    pages = project / "build" / "docs"
    for path in pages.rglob("*.md"):
        name = path.relative_to(pages).with_suffix("")
        folder = name.parent if name.name == "index" else name
        yield (folder / "index.html").as_posix()


@BOTH
def test_every_compiled_page_and_no_other_is_in_the_site(built_site: Site) -> None:
    assert set(built_site.pages) == {*page_names(built_site.folder.parent), NOT_FOUND}
    assert not [name for name, page in built_site.pages.items() if len(page.text.split()) < 10]


@pytest.mark.parametrize("part", [article_text, article_ids, article_links])
def test_articles_of_both_engines_are_the_same(
    part: Callable[[str, Page], object], mkdocs_site: Site, zensical_site: Site
) -> None:
    assert set(mkdocs_site.pages) == set(zensical_site.pages)
    assert differences(mkdocs_site, zensical_site, part) == []


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_other_languages_run_their_way(engine: str, new_project: Callable[[str], Path]) -> None:
    project = new_project(f"{engine}-right-to-left")
    for folder in ("sources", "transcripts"):
        shutil.copytree(RIGHT_TO_LEFT / folder, project / "docs" / folder, dirs_exist_ok=True)
    seal(project / "docs")
    site = build_site(project, engine).folder / "transcripts"
    for slug, lang in LANGUAGES.items():
        assert VERIFY.check_page(site / slug / "index.html", [site.parent / "sources"])[1] == []
        page = parse_html((site / slug / "index.html").read_text(encoding="utf-8"))
        theirs = [element for element in page.elements if is_spoken(element)]
        assert {"h1", "h2", "p"} == {element.tag for element in theirs}
        for element in theirs:
            assert (element.attributes.get("lang"), element.attributes.get("dir")) == (lang, "rtl")
    page = parse_html((site / "vivatech-2024/index.html").read_text(encoding="utf-8"))
    said = [element for element in page.elements if {"lang", "dir"} & element.attributes.keys()]
    assert {element.tag for element in said} <= {"html", "body"}


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_a_german_site_is_german_and_proved(
    engine: str, new_project: Callable[[str], Path]
) -> None:
    project = new_project(f"{engine}-german")
    shutil.copytree(ROOT / "tests/corpora/german/docs", project / "docs", dirs_exist_ok=True)
    seal(project / "docs")
    site = build_site(project, engine).folder
    missing = (site / "404.html").read_text(encoding="utf-8")
    assert '<html lang="de"' in missing
    assert "<h1>Diese Seite gibt es nicht</h1>" in missing
    page = site / "transcripts/bruecke/index.html"
    assert VERIFY.check_page(page, [site / "sources"])[1] == []


def is_spoken(element: Element) -> bool:
    """Whether a title, a chapter or a paragraph of speech is the transcript's own."""
    address = element.attributes.get("id", "")
    heading = element.tag == "h1" or (element.tag == "h2" and bool(ADDRESS.fullmatch(address)))
    return heading or bool(element.classes & {"sic-turn", "sic-on", "sic-lead"})


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_no_page_needs_a_plugin(
    engine: str, new_project: Callable[[str], Path], mkdocs_site: Site
) -> None:
    project = new_project(f"{engine}-without-plugins")
    config = project / "mkdocs.yml"
    bare, found = PLUGINS.subn("plugins: []\n", config.read_text(encoding="utf-8"))
    assert found == 1
    assert "hooks:" not in bare
    config.write_text(bare, encoding="utf-8")
    assert differences(mkdocs_site, build_site(project, engine), article_text) == []


@BOTH
def test_the_engine_has_nothing_to_say(built_site: Site) -> None:
    assert [line for line in built_site.said if not ENGINE_SAYS.fullmatch(line)] == []
    assert built_site.said


def find_dead_links(site: Site) -> set[str]:
    """The links without a file, or without their place on its page."""
    return {
        f"{page}: {written}"
        for page, written, target in internal_links(site)
        if not (site.folder / target.path).is_file()
        or (target.path in site.pages and not has_address(site.pages[target.path], target.fragment))
    }


@BOTH
def test_every_link_and_address_leads_somewhere(built_site: Site) -> None:
    assert find_dead_links(built_site) == set()


def has_address(page: Page, fragment: str) -> bool:
    """Whether a page has an address, or the theme gives it one."""
    return not fragment or fragment in page.ids or fragment.startswith("__")


@BOTH
def test_an_address_stands_once_on_a_page(built_site: Site) -> None:
    twice = {
        f"{name}: {address}"
        for name, page in built_site.pages.items()
        for address in page.article_ids
        if page.ids.count(address) > 1
    }
    assert twice == set()
    # Nor does a link stand within a link.
    assert {
        name: page.nested_links for name, page in built_site.pages.items() if page.nested_links
    } == {}


@BOTH
def test_no_page_takes_anything_from_another_host(built_site: Site) -> None:
    foreign = {
        f"{name}: <{reference.tag} {reference.attribute}={reference.url}>"
        for name, page in built_site.pages.items()
        for reference in page.references
        if reference.tag != "a" and re.match(r"\s*(?:\w+:)?//", reference.url)
    }
    assert foreign == set()


@BOTH
def test_no_style_or_script_takes_anything_from_another_host(built_site: Site) -> None:
    styles = {path.name: path.read_text("utf-8") for path in built_site.folder.rglob("*.css")}
    scripts = {path.name: path.read_text("utf-8") for path in built_site.folder.rglob("*.js")}
    for name, page in built_site.pages.items():
        styles[name] = "\n".join(page.styles)
        scripts[name] = "\n".join(page.scripts)
    assert {name: found for name in styles if (found := FOREIGN_STYLE.findall(styles[name]))} == {}
    assert {
        name: found for name in scripts if (found := FOREIGN_SCRIPT.findall(scripts[name]))
    } == {}
    ours = sorted((built_site.folder / "assets").glob("*.[cj]s*"))
    assert len(ours) > 1
    assert [path.name for path in ours if "://" in path.read_text("utf-8")] == []


@PUBLISHED
def test_the_pencil_opens_the_file_that_the_page_is_made_of(built_site: Site) -> None:
    pencils = {
        name: [link.url for link in page.references if link.rel == "edit"]
        for name, page in built_site.pages.items()
    }
    assert pencils.pop(NOT_FOUND) == []
    docs = built_site.folder.parent / "docs"
    for name, links in pencils.items():
        assert len(links) == 1, name
        path = links[0].removeprefix(f"{REPOSITORY}/edit/main/docs/")
        assert (docs / path).is_file(), links
        assert name in {
            Path(path).with_suffix(".html").as_posix(),
            Path(path).with_suffix("").joinpath("index.html").as_posix(),
        }


@PUBLISHED
def test_a_transcripts_pencil_opens_its_edition(built_site: Site) -> None:
    editions = (built_site.folder.parent / "docs" / "transcripts").glob("[!i]*.md")
    for slug in (path.stem for path in editions):
        page = built_site.pages[f"transcripts/{slug}/index.html"]
        pencils = [link.url for link in page.references if link.rel == "edit"]
        assert pencils == [f"{REPOSITORY}/edit/main/docs/transcripts/{slug}.md"]


@PUBLISHED
def test_canonical_addresses_are_those_of_the_site(built_site: Site) -> None:
    canonical = {
        name: [link.url for link in page.references if link.rel == "canonical"]
        for name, page in built_site.pages.items()
        if name != NOT_FOUND
    }
    assert canonical == {name: [PAGES + name.removesuffix("index.html")] for name in canonical}


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, ""),
        ({"GITHUB_REPOSITORY": "Someone/talks"}, PAGES),
        ({"SIC_SITE_URL": PAGES}, PAGES),
        ({"SIC_SITE_URL": PAGES.rstrip("/")}, PAGES),
        ({"SIC_SITE_URL": PAGES, "GITHUB_REPOSITORY": "Other/site"}, PAGES),
    ],
)
def test_site_addresses_end_in_a_slash(environment: dict[str, str], address: str) -> None:
    assert site_url(environment) == address
    assert site_url(environment, offline=True) == ""


def said_in_head(site: Site, name: str) -> dict[str, list[str]]:
    """The metadata in the head of a page, by name."""
    return _read_head(site.folder, name)


@cache
def _read_head(folder: Path, name: str) -> dict[str, list[str]]:
    html = (folder / name).read_text("utf-8").partition("</head>")[0]
    said: dict[str, list[str]] = {}
    for element in parse_html(html).elements:
        values = element.attributes
        key = values.get("property") or values.get("name", "")
        if key.startswith(("og:", "twitter:")):
            said.setdefault(key, []).append(values["content"])
        elif values.get("rel") in {"canonical", "alternate"}:
            address = urljoin(PAGES + name, values["href"])
            said.setdefault(values["rel"], []).append(address)
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    return {**said, "linked data": found}


def test_engines_say_the_same_to_machines(mkdocs_published: Site, zensical_published: Site) -> None:
    for name in mkdocs_published.pages:
        assert said_in_head(mkdocs_published, name) == said_in_head(zensical_published, name), name


@PUBLISHED
def test_every_page_can_be_shown_with_the_card(built_site: Site) -> None:
    for name in built_site.pages.keys() - {NOT_FOUND}:
        said = said_in_head(built_site, name)
        assert [len(said.get(key, ())) for key in IN_HEAD] == [1] * len(IN_HEAD), name
        assert all(said[key][0] for key in IN_HEAD), name
        assert said["og:url"] == said["canonical"]
        assert said["og:type"] == ["website" if name == "index.html" else "article"]
        assert said["og:image"] == [f"{PAGES}{CARD}"]
        assert said["twitter:card"] == ["summary_large_image"]
    assert (built_site.folder / CARD).is_file()


def test_a_site_without_a_card_names_none(tmp_path: Path) -> None:
    assert engine_environment(tmp_path, docs=tmp_path, offline=False)["SIC_CARD"] == ""
    (tmp_path / CARD).parent.mkdir()
    (tmp_path / CARD).touch()
    assert engine_environment(tmp_path, docs=tmp_path, offline=False)["SIC_CARD"] == CARD


IN_HEAD = (
    *("og:site_name", "og:type", "og:title", "og:description", "og:url", "og:image"),
    *("og:image:width", "og:image:height", "og:image:alt", "twitter:card"),
)


@PUBLISHED
def test_pages_describe_themselves(built_site: Site) -> None:
    for name in built_site.pages.keys() - {NOT_FOUND}:
        described = [json.loads(text) for text in said_in_head(built_site, name)["linked data"]]
        wanted = re.fullmatch(r"(?:(?:transcripts|glossary)/[^/]+/)?index\.html", name) is not None
        assert [value["@id"] for value in described] == (
            [PAGES + name.removesuffix("index.html")] if wanted else []
        )


@PUBLISHED
def test_the_longest_page_stays_small_enough_for_a_slow_line(built_site: Site) -> None:
    pages = (built_site.folder / name for name in built_site.pages)
    longest = max(pages, key=lambda path: path.stat().st_size)
    assert len(gzip.compress(longest.read_bytes(), 6)) < 110_000


@PUBLISHED
def test_the_feeds_are_there_and_every_page_names_them(built_site: Site) -> None:
    for name in built_site.pages.keys() - {NOT_FOUND}:
        feeds = said_in_head(built_site, name)["alternate"]
        assert feeds == [f"{PAGES}feed.xml", f"{PAGES}corrections.xml"]
    for feed in ("feed.xml", "corrections.xml"):
        assert f"{PAGES}transcripts/" in (built_site.folder / feed).read_text("utf-8")


@PUBLISHED
def test_the_sitemap_has_the_address_of_every_page_and_no_day(built_site: Site) -> None:
    sitemap = (built_site.folder / "sitemap.xml").read_text("utf-8")
    assert sorted(re.findall(r"<loc>(.*?)</loc>", sitemap)) == sorted(
        PAGES + name.removesuffix("index.html") for name in built_site.pages if name != NOT_FOUND
    )
    assert "lastmod" not in sitemap
    robots = (built_site.folder / "robots.txt").read_text("utf-8")
    assert f"Sitemap: {PAGES}sitemap.xml" in robots.splitlines()


@BOTH
def test_files_for_machines_are_published_as_they_were_made(built_site: Site) -> None:
    compiled = built_site.folder.parent / "build/docs"
    made = [path for path in compiled.rglob("*") if path.suffix in {".txt", ".png", ".json"}]
    assert {"robots.txt", "transcript.txt"} <= {path.name for path in made}
    for path in made:
        published = built_site.folder / path.relative_to(compiled)
        assert published.read_bytes() == path.read_bytes(), path


@BOTH
def test_without_an_address_pages_say_nothing_to_machines(built_site: Site) -> None:
    for name in built_site.pages:
        assert said_in_head(built_site, name) == {"linked data": []}
    assert not (built_site.folder / "feed.xml").exists()
    needing = {
        f"{name}: {reference.url}"
        for name, page in built_site.pages.items()
        for reference in page.references
        if reference.rel in {"canonical", "edit"}
    }
    assert needing == set()


@pytest.mark.browser
@PUBLISHED
def test_a_published_site_asks_no_host(built_site: Site, servers: Servers, reader: Reader) -> None:
    page = reader.open(servers.serve(built_site))
    expect(page.locator(".md-header .md-source")).to_be_visible()
    wait_until_ready(page)
