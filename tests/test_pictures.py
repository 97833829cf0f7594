"""The pictures of the contributor's page: there, small, and told in words where they are shown."""

import re

from tests.pictures import ASSETS, LARGEST, PICTURES
from tests.site_html import ROOT

SHOWN = re.compile(r"!\[(?P<told>[^\]]+)\]\(assets/(?P<name>[\w.-]+)\)")


def test_every_picture_is_small_and_every_one_shown_is_made() -> None:
    page = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
    shown = {match["name"]: match["told"] for match in SHOWN.finditer(page)}
    assert sorted(shown) == sorted(picture.name for picture in PICTURES)
    for name, told in shown.items():
        assert len(told) > 40
        data = (ASSETS / name).read_bytes()
        assert data[8:12] == b"WEBP"
        assert len(data) <= LARGEST
