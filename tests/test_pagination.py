"""Lists of any length: every page light, every row on one of them, every link right."""

import gzip
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect

from build_tools.build.cache import Memory
from build_tools.build.compile import CompilerSettings
from build_tools.build.engine import run_engine
from build_tools.build.output import write_tree
from build_tools.build.plan import Files, plan_entries, plan_lists, plan_site
from build_tools.build.rendering import ENGINES
from build_tools.build.site import build_site
from build_tools.build.transcripts import TranscriptCompiler
from build_tools.exports.table import Collection
from build_tools.model.extract import TranscriptExtract
from build_tools.model.site import SiteIdentity
from build_tools.model.text import Text
from build_tools.pages import pagination
from build_tools.pages.pagination import Item, Listing, group_by_year, plan_listing
from build_tools.reading.tree import SiteContent, parse_site_content
from build_tools.text.urls import page_address
from tests.large import many_talks
from tests.pages import ROOT, make_stub, parse_page, render_html
from tests.project import seal
from tests.reading import Reader, Servers
from tests.site_html import REPOSITORY, Site, published_assets, read_pages
from tests.test_engines import find_dead_links
from tests.test_laws import law

TALKS = 40
LISTS = ("transcripts/index.md", "glossary/index.md", "corrections.md", "doubts.md", "downloads.md")
PARTS = ("corrections/", "doubts/", "downloads/", "transcripts/by-", "glossary/")
URL = "https://example.org/"
LINK = re.compile(r'href="(?!https:)([^"]*)')
ROW = re.compile(r"^(?:<tr><td>|<li>|- |### ).*$", re.MULTILINE)
# Limits for the download of an article and for its layout; the theme's part is 4 kB.
LIGHT, ROWS = 56_000, 5_000
DATES = st.dates().map(str) | st.integers(1990, 1992).map(str) | st.sampled_from(["1990-05"])


def is_listed(path: str) -> bool:
    """Whether a page is a list, a section of one, or an entry's."""
    return path in LISTS or (path.endswith(".md") and path.startswith(PARTS))


def rows(path: str, page: bytes) -> Iterator[str]:
    """The rows of a page, each with where it leads from the top of the site."""
    for row in ROW.findall(page.decode()):
        yield LINK.sub(lambda link: os.path.normpath(f"{page_address(path)}/{link[1]}"), row)


def plan(room: int) -> dict[str, bytes]:
    """All files of a collection whose pages have so much room."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pagination, "PAGE_SIZE", room)
        return dict(plan_site(many_talks(TALKS, TALKS), site_url=URL).files)


@cache
def whole() -> Mapping[str, bytes]:
    return plan(10**9)


@cache
def divided() -> Mapping[str, bytes]:
    return plan(2_000)


# Contents of pages --------------------------------------------------------------------------------


def test_a_list_that_has_room_stands_on_its_own_page() -> None:
    assert {path for path in whole() if is_listed(path)} == {
        *LISTS,
        *(path for path in many_talks(TALKS, TALKS) if path.startswith("glossary/")),
    }


@pytest.mark.parametrize("path", [*LISTS, "glossary/loom.md"])
def test_every_row_of_a_list_stands_on_one_of_its_sections(path: str) -> None:
    folder = path.removesuffix("index.md").removesuffix(".md").rstrip("/") + "/"
    below = [name for name in divided() if name == path or name.startswith(folder)]
    pages = [name for name in below if name.endswith(".md") and (name == path or is_listed(name))]
    assert len(pages) > 4
    found = Counter(row for name in pages for row in rows(name, divided()[name]))
    wanted = list(rows(path, whole()[path]))
    assert len(wanted) >= TALKS
    assert Counter(wanted) == {row: found[row] for row in set(wanted)}


def test_the_kinds_of_a_glossary_are_on_its_overview_whatever_its_length() -> None:
    kinds = {"concepts", "people"}
    assert kinds <= set(parse_page(whole()["glossary/index.md"]).ids)
    assert kinds <= set(parse_page(divided()["glossary/index.md"]).ids)
    # Each entry's page leads there, even where all are of one kind; then its pages have numbers.
    files = {
        path: data.replace(b'"person"', b'"concept"') for path, data in many_talks(1, 80).items()
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pagination, "PAGE_SIZE", 1_000)
        made = plan_site(files, exports=False).files
        assert "concepts" in parse_page(made["glossary/index.md"]).ids
        assert {"glossary/by-kind/concepts.md", "glossary/by-kind/concepts/2.md"} < set(made)


def test_a_page_of_a_section_says_where_it_stands() -> None:
    page = parse_page(divided()["corrections/by-year/2022/3.md"])
    text = page.text.replace("¶", "").split("\n")
    assert [line for line in text if line][:3] == [
        "Corrections",
        "Corrections: 2022, page 3",
        "2 transcripts, 4 corrections.",
    ]
    assert [link.target for link in page.links][-2:] == ["2.md", "../2021.md"]


def test_the_newest_stand_first_on_the_pages_of_a_year() -> None:
    pages = ("2022.md", "2022/2.md", "2022/3.md")
    listed = b"".join(divided()[f"corrections/by-year/{page}"] for page in pages).decode()
    months = [int(number) % 12 for number in re.findall(r'talk-(\d+)/">', listed)]
    assert months == sorted(months, reverse=True)
    assert len(months) == TALKS / 5


HOSTILE = (
    "<script>alert(1)</script>",
    "[words](javascript:alert(1))",
    "](javascript:a()) {onclick=b}",
    '" onmouseover="alert(1)',
    "| words | ***words***",
    "{: style=position:fixed } words",
    "///Footnotes Go Here///",
)


@pytest.mark.parametrize("payload", HOSTILE)
def test_untrusted_text_is_text_on_every_section(payload: str) -> None:
    files = many_talks(12, 24)
    written = json.dumps(payload)[1:-1].encode()
    for path, data in files.items():
        if path.startswith("transcripts/"):
            files[path] = re.sub(rb"Talk \*(?=\d)|Ann Lee|(?<=Bo )", lambda _: written, data)
        elif path.startswith("glossary/thing"):
            files[path] = data.replace(b"What it is.", written, 1).replace(b" thing", written, 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pagination, "PAGE_SIZE", 900)
        made = plan_site(files, exports=False).files
        pages = {path: parse_page(made[path]) for path in made if is_listed(path)}
    assert len(pages) > 80
    shown = " ".join(payload.split())
    assert sum(shown in page.text for page in pages.values()) > 20
    for path, page in pages.items():
        assert not {"script", "img"} & {element.tag for element in page.elements}, path
        attributes = {name for element in page.elements for name in element.attributes}
        assert not {name for name in attributes if name.startswith("on")} | attributes & {"style"}
        assert not [link.target for link in page.links if link.target.startswith("javascript")]


# How much is on a page --------------------------------------------------------------------------


@cache
def one_extract() -> TranscriptExtract:
    tree = many_talks(1)
    entries = parse_site_content(tree, "docs").entries
    settings = CompilerSettings("docs", entries, SiteIdentity("Talks", "", URL))
    (compiled,) = TranscriptCompiler(tree, settings, (), Memory()).compile_all()
    assert compiled.extract
    return compiled.extract


@cache
def many_entries() -> tuple[Mapping[str, bytes], SiteContent]:
    tree = many_talks(0, 6_000)
    return tree, parse_site_content(tree, "docs")


def another(number: int, date: str) -> TranscriptExtract:
    """An extract as of another talk, with many more rows."""
    one, slug = one_extract(), f"talk-{number:05}"

    def renamed(data: bytes, times: int) -> bytes:
        data = data.replace(b"talk-0000", slug.encode())
        row = ROW.search(data.decode().replace("### [", ""))
        return data + (row[0].encode() + b"\n") * times if row else data

    edition = replace(
        one.edition,
        slug=slug,
        title=f"Talk {number}",
        date=date,
        text=Text(f"docs/transcripts/{slug}.md", ""),
        speakers={"Host": "Ann Lee", "Guest": f"Bo {number}"},
    )
    return one._replace(
        edition=edition,
        lists={path: renamed(bytes(data), 20) for path, data in one.lists.items()},
        mentioned={
            entry: found._replace(page=renamed(bytes(found.page), 5))
            for entry, found in one.mentioned.items()
        },
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("talks", "dates"),
    [
        (1_500, "{year}-{month:02}-11"),
        # Only the year is known, and it is the same.
        (3_000, "2024"),
        (3_000, "2024-05-22"),
    ],
)
def test_no_page_is_heavy_whatever_the_size_of_the_collection(talks: int, dates: str) -> None:
    tree, apparatus = many_entries()
    extracts = [
        another(number, dates.format(year=2000 + number % 25, month=number % 12 + 1))
        for number in range(talks)
    ]
    content = apparatus._replace(masthead=SiteIdentity("Talks", "", URL))
    collection = Collection(extracts, content, lambda: ())
    pages = plan_lists(tree, collection, ())
    files = Files({**pages, **{path: page for path, _, page in plan_entries(collection, {})}})
    heaviest: tuple[int, bytes] = (0, b"")
    for page in files.values():
        heaviest = max(heaviest, (len(page), page))
        assert len(ROW.findall(page.decode())) + page.count(b"\n## ") < ROWS
    html = render_html(heaviest[1].decode())
    assert len(gzip.compress(html.encode(), 9)) < LIGHT
    assert html.count("<a ") < ROWS


@law
@given(st.lists(st.tuples(DATES, st.integers(1, 900)), min_size=1, max_size=60, unique_by=repr))
def test_every_item_is_on_one_section_that_has_room_for_it(drawn: list[tuple[str, int]]) -> None:
    items = [
        Item(f"<{number}>".encode() + b"x" * size, group_by_year(date), order=date)
        for number, (date, size) in enumerate(drawn)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pagination, "PAGE_SIZE", 1_000)
        own, sections = plan_listing(Listing("list.md", "A list", items, "entry"))
        pages = {"list.md": own(), **{path: make() for path, make in sections.items()}}
    assert "list.md" not in sections
    for number, item in enumerate(items):
        leaves = [path for path, page in pages.items() if bytes(item.body) in page]
        assert len(leaves) == 1, number
    for page in pages.values():
        held = [item for item in items if bytes(item.body) in page]
        assert len(held) <= 1 or sum(len(item.body) for item in held) <= 1_000
    # From the first page all others are reached.
    reached, ahead = set(), ["list.md"]
    while ahead:
        path = ahead.pop()
        if path not in reached:
            reached.add(path)
            ahead += [
                os.path.normpath(Path(path).parent / target.partition("#")[0])
                for target in re.findall(r"\]\(([^)\s]*)", pages[path].decode())
            ]
    assert reached == set(pages)


# Pages that are rewritten -------------------------------------------------------------------------


def test_a_change_is_written_where_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pagination, "PAGE_SIZE", 2_000)
    docs, output, cache_folder = tmp_path / "docs", tmp_path / "out", tmp_path / "cache"
    write_tree(many_talks(TALKS, TALKS), docs)
    seal(docs)
    build_site(docs, output, URL, cache=cache_folder)
    path = docs / "transcripts/talk-0007.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("They draw.", "They attract."), encoding="utf-8")
    plan, written = build_site(docs, output, URL, cache=cache_folder)
    assert plan.compiled == ("talk-0007",)
    named = {
        name
        for name in written.written
        if name.endswith(".md") and not name.startswith("transcripts/talk-0007")
    }
    # Its files to take away are of another size now.
    assert named == {"corrections/by-year/2022.md", "downloads/by-year/2022/3.md"}


# In a site --------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=sorted(ENGINES))
def divided_site(request: pytest.FixtureRequest, new_project: Callable[[str], Path]) -> Site:
    """A site whose lists are divided; its engine is strict, and calls a dead link an error."""
    project = new_project(f"{request.param}-divided")
    config = (project / "mkdocs.yml").read_text(encoding="utf-8")
    nav = re.findall(r"(?<=: )[a-z/-]+\.md$", config, re.MULTILINE)
    pages = {**dict.fromkeys(nav, make_stub("A page")), **divided()}
    pages |= published_assets()
    pages["verify.py"] = (ROOT / "docs/verify.py").read_bytes()
    # All entries have room by their names alone.
    pages |= {path: data for path, data in plan(3_500).items() if path.startswith("glossary/")}
    write_tree(pages, project / "build/docs")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        patch.setenv("SIC_REPO_URL", REPOSITORY)
        run_engine(request.param, tuple)
    return Site(project / "site", read_pages(project / "site"), ())


@pytest.mark.engine
def test_every_link_of_divided_lists_leads_somewhere(divided_site: Site) -> None:
    assert len(divided_site.pages) > 150
    assert find_dead_links(divided_site) == set()


@pytest.mark.engine
def test_no_page_names_all_others(divided_site: Site) -> None:
    for name in ("policy", "corrections/by-year/2022/2", "transcripts/talk-0000"):
        page = divided_site.pages[f"{name}/index.html"]
        beside = [one for one in page.references if one.tag == "a" and not one.in_article]
        assert 10 < len(beside) < 60, name


@pytest.mark.engine
def test_generated_page_has_no_edit_link(divided_site: Site) -> None:
    pencils = {
        name
        for name, page in divided_site.pages.items()
        if any(one.rel == "edit" for one in page.references)
    }
    assert {"corrections/index.html", "transcripts/talk-0000/index.html"} < pencils
    assert not any(re.search(r"/by-|^corrections/talk", name) for name in pencils)


@pytest.mark.browser
@pytest.mark.engine
def test_entries_of_a_kind_are_filtered(
    divided_site: Site, servers: Servers, reader: Reader
) -> None:
    page = reader.open(servers.serve(divided_site), "glossary/by-kind/concepts/")
    page.locator(".sic-sift input").fill("m-2")
    expect(page.locator(".sic-sift output")).to_have_text(re.compile("^3 of "))
    expect(page.locator("h2.sic-kind:visible")).to_have_text(re.compile("Concepts"))
    expect(page.locator("h2.sic-kind ~ ul > li:visible")).to_have_count(3)
