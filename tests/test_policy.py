"""The Content-Security-Policy of each page: what it allows, and that pages work with it."""

import re
from pathlib import Path

import pytest

from build_tools.build.rendering import make_policy, write_policies
from tests.reading import Door, Reader, Servers, wait_until_ready
from tests.site_html import Site
from tests.test_search import results_of

HEAD = '<html><head><meta charset="utf-8"><script>a()</script></head><body>'
# A page of each kind, for readers over HTTP.
KINDS = (
    *("", "transcripts/", "transcripts/vivatech-2024/", "glossary/", "glossary/anthropic/"),
    *("then-and-now/regulation/", "corrections/", "doubts/", "downloads/", "data/"),
)


def rules(policy: str) -> dict[str, str]:
    return dict(rule.split(" ", 1) for rule in policy.split("; "))


def test_only_the_engines_own_scripts_may_run() -> None:
    """A script in an article, which contributors write, gets no digest."""
    plain = rules(make_policy(f"{HEAD}<article></article>"))
    assert plain["script-src"].count("sha256-") == 1
    evil = "<article><script>b()</script></article><style>c{}</style></article>"
    assert rules(make_policy(HEAD + evil)) == plain
    data = '<script type="application/json">{}</script><script src="x.js"></script>'
    assert rules(make_policy(HEAD + data)) == plain
    assert "unsafe-inline" not in make_policy(HEAD + evil)
    assert rules(make_policy(HEAD, ["a{}"]))["style-src"].count("sha256-") == 1


def test_hosts_are_named_only_where_a_player_is_set() -> None:
    assert "frame-src" not in make_policy(HEAD)
    assert "media-src" not in make_policy(HEAD)
    audio = rules(make_policy(f'{HEAD}<audio controls src="https://a.example/x.mp3"></audio>'))
    assert (audio["media-src"], "frame-src" in audio) == ("'self' blob: https://a.example", False)
    frame = rules(make_policy(f'{HEAD}<p data-player="https://v.example/embed/1"></p>'))
    assert frame["frame-src"] == "https://v.example"
    assert frame["media-src"] == "'self' blob: https://v.example"
    assert "'wasm-unsafe-eval'" in make_policy(HEAD, wasm=True)
    assert "'wasm-unsafe-eval'" not in make_policy(HEAD)


def test_the_policy_stands_before_everything_that_runs(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(HEAD, "utf-8")
    (tmp_path / "b.html").write_text("<p>no head", "utf-8")
    write_policies(tmp_path, ["a.html", "b.html"], wasm=False, offline=False)
    head, bare = ((tmp_path / name).read_text("utf-8") for name in ("a.html", "b.html"))
    assert head.index("charset") < head.index("Content-Security-Policy") < head.index("<script>")
    assert bare.startswith("<meta http-equiv")


@pytest.mark.engine
@pytest.mark.parametrize(
    "made", ["mkdocs_site", "zensical_site", "mkdocs_offline", "zensical_offline"]
)
def test_every_page_has_a_policy_and_no_style_in_its_html(built_site: Site) -> None:
    for path in built_site.folder.rglob("*.html"):
        page = path.read_text("utf-8")
        assert page.count('http-equiv="Content-Security-Policy"') == 1, path
        assert page.index("charset") < 1024, path
        assert not re.search(r"<[^>]*\s(style|on\w+)=", page.partition("</head>")[2]), path


@pytest.mark.engine
@pytest.mark.browser
@pytest.mark.parametrize(
    "made", ["mkdocs_site", "zensical_site", "mkdocs_offline", "zensical_offline"]
)
def test_no_page_breaks_its_policy(
    made: str, built_site: Site, servers: Servers, reader: Reader
) -> None:
    """The reader fixture fails for any error in the console."""
    door = servers.serve(built_site)
    if made.endswith("offline"):
        door = Door(built_site, f"{built_site.folder.as_uri()}/", ".html")
    for url in KINDS:
        page = reader.open(door, url)
        wait_until_ready(page)
        assert page.locator(".md-header").evaluate("one => getComputedStyle(one).position")
    page.keyboard.press("/")
    page.get_by_role("textbox", name="Search").fill("interpretability")
    results_of(page).first.wait_for()
