"""`robots.txt` and `llms.txt`: what there is, with addresses that lead to it."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

from build_tools.build.plan import plan_site
from build_tools.metadata.crawlers import render_llms, render_robots
from build_tools.model.site import SiteIdentity
from tests.pages import ROOT, mkdocs_config, real_site
from tests.test_golden import SITE
from tests.trees import edition_file, read_edition, talk_tree

LINK = re.compile(r"^- \[(?P<title>(?:[^\\\]]|\\.)+)\]\((?P<target>[^)\s]+)\): .+$")


def test_robots_may_read_everything() -> None:
    assert render_robots(SiteIdentity("Talks", "", "")) == "User-agent: *\nAllow: /\n"


def test_robots_are_shown_the_sitemap_where_the_site_has_an_address() -> None:
    assert render_robots(SiteIdentity("Talks", "", SITE)).endswith(
        f"\nSitemap: {SITE}sitemap.xml\n"
    )


@pytest.mark.parametrize("site_url", ["", SITE])
def test_every_link_of_llms_leads_to_a_file_of_the_site(site_url: str) -> None:
    files = real_site(site_url)
    lines = files["llms.txt"].decode().splitlines()
    targets = [match["target"] for line in lines if (match := LINK.match(line))]
    assert len(targets) == sum(line.startswith("- ") for line in lines)
    assert sum(target.endswith("transcript.txt") for target in targets) == 2
    for target in targets:
        path = urljoin(SITE, target).removeprefix(SITE)
        assert path in files or f"{path.removesuffix('/')}.md" in files, target
        assert target.startswith(site_url)


def test_llms_has_the_shape_that_its_readers_look_for() -> None:
    text = render_llms(SiteIdentity("Talks", "Of things.", ""), [], ())
    assert re.findall(r"^(?:# |> |## ).*$", text, re.MULTILINE) == [
        "# Talks",
        "> Of things.",
        "## Data",
    ]


def test_the_newest_talk_is_the_first() -> None:
    editions = [
        read_edition(edition_file("**Ann:** so", title=slug, date=date), slug=slug)
        for slug, date in (("old", "2023"), ("new", "2024-05-22"), ("older", "2022-01"))
    ]
    titles = [
        match["title"]
        for line in render_llms(SiteIdentity("Talks", "", ""), editions, ()).splitlines()
        if (match := LINK.match(line)) and "transcript.txt" in line
    ]
    assert titles == ["new", "old", "older"]


def test_a_title_neither_ends_its_link_nor_its_line() -> None:
    file = edition_file("**Ann:** so", title="a](b) [c \\", description="x\x85## y\u2028- z")
    text = render_llms(SiteIdentity("Talks", "", ""), [read_edition(file)], ())
    assert r"- [a\](b) \[c \\](transcripts/talk/transcript.txt): " in text
    assert "x ## y - z\n" in text


@pytest.mark.parametrize("path", ["robots.txt", "llms.txt", "feed.xml"])
def test_a_file_by_hand_stands_in_place_of_a_made_one(path: str) -> None:
    files = plan_site({**talk_tree("**Ann:** so"), path: b"by hand"}, site_url=SITE).files
    assert files[path] == b"by hand"


def test_the_home_page_says_what_mkdocs_calls_the_site() -> None:
    head = (ROOT / "docs/index.md").read_text(encoding="utf-8").split("---\n")[1].splitlines()
    assert f"title: {mkdocs_config()['site_name']}" in head
    assert f"description: {mkdocs_config()['site_description']}" in head
