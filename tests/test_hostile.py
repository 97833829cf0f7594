"""Input is inert: whatever strangers write into a field reaches the pages as text alone."""

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
import yaml

from build_tools.build.plan import plan_site
from build_tools.model.text import ProblemsFoundError, Text
from build_tools.reading.edition import parse_edition
from build_tools.text.characters import find_misplaced
from tests.hostile import (
    CLEAN,
    ENTRY,
    ENTRYS,
    HOSTILE,
    SHOWN,
    TALK,
    WITH_BACKSLASHES,
    Built,
    as_shown,
    backslashed,
    build,
    build_what_can_be,
    check_inert,
    make_tree,
    shape,
)
from tests.pages import ROOT, Page, mkdocs_config, named_in_nav, parse_html
from tests.site_html import ASSETS, copy_project, run_python
from tests.test_golden import SITE
from tests.trees import edition_file

PAYLOADS: tuple[str, ...] = tuple(one for group in HOSTILE["payloads"].values() for one in group)
# Each takes several sites; `make quick` tries one payload of forty.
SITES = [
    pytest.param(payload, id=payload, marks=[pytest.mark.slow] if number % 40 else [])
    for number, payload in enumerate(PAYLOADS)
]


def feed_tags(built: Built, path: str) -> list[str]:
    return [element.tag for element in ET.fromstring(built.files[path]).iter()]


CLEAN_BUILT = build({})
CLEAN_PAGES = CLEAN_BUILT.pages
CLEAN_KINDS = {kind for page in CLEAN_PAGES.values() for kind in shape(page)}
# A link whose first word has its address elsewhere.
CLEAN_KINDS.add(("a", ("class", "href", "title")))


def test_the_clean_tree_shows_every_field() -> None:
    assert make_tree(CLEAN) == make_tree({})
    check_inert(CLEAN_PAGES)
    for path, fields in SHOWN.items():
        for field in fields:
            assert CLEAN[field] in as_shown(CLEAN_PAGES[path].text), (path, field)


@pytest.mark.parametrize("payload", SITES)
def test_a_payload_changes_no_element_of_any_page_and_stays_readable(payload: str) -> None:
    written = {
        field: backslashed(payload) if field in WITH_BACKSLASHES else payload
        for field in CLEAN
        if field not in ("label", "target", "url", "recording", "lang")
    }
    edition, entry = (
        build_what_can_be({name: text for name, text in written.items() if own == (name in ENTRYS)})
        for own in (False, True)
    )
    built_fields = {field for built in edition + entry for field in built.written}
    if [*find_misplaced(payload)]:
        assert not built_fields
        return
    # Fields without a grammar are plain text, and so is text with backslashes.
    # Words in quotation marks that nobody says stop a page of then and now.
    stopped = {"theme_body"} if {*payload} & {*"\"'"} else set[str]()
    assert set(WITH_BACKSLASHES) - stopped <= built_fields
    for built in edition + entry:
        check_inert(built.pages)
        for path, page in built.pages.items():
            assert shape(page) == shape(CLEAN_PAGES[path]), path
        for path, names in SHOWN.items():
            for name in built.written.keys() & set(names):
                assert as_shown(payload) in as_shown(built.pages[path].text), (path, name)
        check_heads(built)
        for feed in ("feed.xml", "corrections.xml"):
            assert feed_tags(built, feed) == feed_tags(CLEAN_BUILT, feed)


def check_heads(built: Built) -> None:
    """Themes put a page's title and description into their HTML as they find them."""
    written = {**CLEAN, **built.written}
    for path, names in ((TALK, ("title", "description")), (ENTRY, ("term", "short"))):
        head = yaml.safe_load(built.files[path].decode().split("---\n")[1])
        for key, name in zip(("title", "description"), names, strict=True):
            assert not parse_html(head[key]).elements
            assert '"' not in head[key]
            assert as_shown(html.unescape(head[key])) == as_shown(written[name])
        check_script(head["linked_data"])
        described = json.loads(head["linked_data"])
        assert (described["name"], described["description"]) == tuple(
            written[name] for name in names
        )


def check_script(text: str) -> None:
    """Nothing in an element <script> ends it or begins anything, whatever parser reads it."""
    assert not re.search(r"[^ -~]|[<>&]", text)


@pytest.mark.parametrize("payload", SITES)
def test_a_payload_that_is_not_escaped_adds_no_kind_of_element(payload: str) -> None:
    written = dict.fromkeys(CLEAN, payload) | {"lang": CLEAN["lang"]}
    written["url"] = written["recording"] = f"https://example.org/{payload}"
    for built in build_what_can_be(written):
        check_inert(built.pages)
        for path, page in built.pages.items():
            # A page of then and now may have headings and lists of its own.
            own = {"h6", "ol", "li"} if path.startswith("then-and-now/") else set[str]()
            assert {kind for kind in shape(page) if kind[0] not in own} <= CLEAN_KINDS, path


@pytest.mark.parametrize("target", HOSTILE["targets"])
def test_a_link_leads_to_https_or_to_a_page_of_the_site_or_stops_the_build(target: str) -> None:
    for field in ("target", "url", "recording"):
        for text in (target, backslashed(target)):
            for built in build_what_can_be({field: text}):
                check_inert(built.pages)


@pytest.mark.parametrize(
    "target",
    ['https://example.org/"onclick=alert`1`', "https://example.org/<script>", "https://e.org/'x'"],
)
def test_a_target_cannot_end_its_attribute(target: str) -> None:
    pages = build({"target": target}).pages
    check_inert(pages)
    assert shape(pages[TALK]) == shape(CLEAN_PAGES[TALK])


@pytest.mark.parametrize("recording", HOSTILE["recordings"])
def test_a_recording_is_the_address_of_its_link(recording: str) -> None:
    page = build({"recording": recording}).pages[TALK]
    check_inert({TALK: page})
    assert shape(page) == shape(CLEAN_PAGES[TALK])
    (link,) = page.links_of("sic-recording")
    assert unquote(link.target) == unquote(recording)


def test_last_of_many_brackets_begins_the_link() -> None:
    text = edition_file("[[ [so [[it](https://example.org/) [^[^is\n")
    edition, problems = parse_edition("talk", Text("talk.md", text))
    assert edition
    spans = edition.paragraphs[0].spans
    assert "".join(span.said for span in spans) == "[[ [so [it [^[^is"
    assert [span.said for span in spans if span.target] == ["it"]
    assert len(problems) == 1


def test_sign_that_ends_links_is_inert_in_a_title() -> None:
    short = "It is (or 'was') so."
    page = build({"short": short, "speech": "the Gizmo"}).pages[TALK]
    assert f"Gizmo: {short}" in {element.attributes.get("title") for element in page.elements}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_invalid_language_stops_the_build(payload: str) -> None:
    for lang in (payload, f"he-{payload}", f'he" {payload}'):
        with pytest.raises(ProblemsFoundError):
            build({"lang": lang})


@pytest.mark.parametrize("path", HOSTILE["paths"])
def test_a_file_whose_name_could_make_it_a_page_of_its_own_stops_the_build(path: str) -> None:
    files = {**make_tree({}), path: b"<script>alert(1)</script>"}
    with pytest.raises(ProblemsFoundError) as caught:
        plan_site(files)
    assert f"docs/{path}" in {problem.place.path for problem in caught.value.problems}


ALL = " ".join(
    (
        "<script>alert(1)</script>",
        "</title><img src=x onerror=alert(1)>",
        '" onmouseover=alert(1) x="\'',
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "{ onclick=alert(1) } [words](javascript:alert(1)) words",
    )
)


NO_TEXT = (
    *("label", "target", "url", "recording", "lang", "speaker", "also"),
    *("theme", "theme_description"),
)


@pytest.mark.engine
@pytest.mark.parametrize("engine", ["mkdocs", "zensical"])
def test_engines_give_a_hostile_tree_a_clean_ones_elements(engine: str, tmp_path: Path) -> None:
    hostile = {
        # No two fields alike, or an entry's name would be mentioned in the others.
        field: f"{backslashed(ALL) if field in WITH_BACKSLASHES else ALL} {field}"
        for field in CLEAN
        if field not in NO_TEXT
    }
    # A name holds no more than a name does.
    hostile |= {"speaker": "<img src=x onerror=alert`1`>", "speaker_name": '" onclick="x" &lt'}
    hostile["recording"] = "https://example.org/}{:onclick=alert`1`}[^x]&quot;_a_&lt;b"
    shapes = []
    for name, written in (("clean", {}), ("hostile", hostile)):
        pages = run_engine(engine, make_tree(written), tmp_path / name)
        assert {"transcripts/talk/index.html", "glossary/gizmo/index.html"} <= pages.keys()
        shapes.append({path: shape(page) for path, page in pages.items()})
    assert shapes[0] == shapes[1]
    tags = {element for page in shapes[0].values() for element in page}
    assert {("meta", ("content", "property")), ("script", ("type",))} <= tags


def run_engine(engine: str, files: Mapping[str, bytes], folder: Path) -> dict[str, Page]:
    """The whole pages that a site generator makes of a tree, themes, heads and all."""
    copy_project(ROOT, folder)
    listed = {path: f"# {title}\n".encode() for title, path in named_in_nav(mkdocs_config()["nav"])}
    for path, data in plan_site({**ASSETS, **listed, **files}, site_url=SITE).files.items():
        (folder / "build/docs" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "build/docs" / path).write_bytes(data)
    environment = {"SIC_SITE_URL": SITE}
    run_python(
        folder, "-m", engine, "build", "--config-file", "mkdocs.yml", environment=environment
    )
    site = folder / "site"
    return {
        path.relative_to(site).as_posix(): parse_html(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
    }
