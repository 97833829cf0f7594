"""`robots.txt`, and files by hand in place of made ones."""

import pytest

from build_tools.build.plan import plan_site
from build_tools.metadata.feeds import render_robots
from build_tools.model.site import SiteIdentity
from tests.pages import ROOT, mkdocs_config
from tests.test_golden import SITE
from tests.trees import talk_tree


def test_robots_may_read_everything() -> None:
    assert render_robots(SiteIdentity("Talks", "", "")) == "User-agent: *\nAllow: /\n"


def test_robots_are_shown_the_sitemap_where_the_site_has_an_address() -> None:
    assert render_robots(SiteIdentity("Talks", "", SITE)).endswith(
        f"\nSitemap: {SITE}sitemap.xml\n"
    )


@pytest.mark.parametrize("path", ["robots.txt", "feed.xml"])
def test_a_file_by_hand_stands_in_place_of_a_made_one(path: str) -> None:
    files = plan_site({**talk_tree("**Ann:** so"), path: b"by hand"}, site_url=SITE).files
    assert files[path] == b"by hand"


def test_the_home_page_says_what_mkdocs_calls_the_site() -> None:
    head = (ROOT / "docs/index.md").read_text(encoding="utf-8").split("---\n")[1].splitlines()
    assert f"title: {mkdocs_config()['site_name']}" in head
    assert f"description: {mkdocs_config()['site_description']}" in head
