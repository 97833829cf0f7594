"""Makes the pictures of `docs/contributing.md` anew: `python -m tests.pictures`.

They are taken of this site as a fork publishes it, in Chromium, so that they show what readers see.
"""

import base64
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import FloatRect, Locator, Page, sync_playwright

from tests.chromium import FLAGS, HOW_TO, find_chromium
from tests.reading import Servers, wait_until_at_rest
from tests.site_html import ROOT, build_site, copy_project

ASSETS = ROOT / "docs" / "assets"
PAGE = "transcripts/vivatech-2024/"
# The paragraph with the name that the first collection began with.
PARAGRAPH = '.sic-turn:has(ins[data-heard="Ola"])'
# Narrow enough to be read on a telephone, where a picture is half as wide.
WIDTH, HEIGHT = 560, 900
MARGIN = 12
QUALITY = 22
LARGEST = 40_000


class Picture(NamedTuple):
    """A picture's file, and the function that makes a page show its parts."""

    name: str
    show: Callable[[Page], list[Locator]]


def _show_pencil(page: Page) -> list[Locator]:
    pencil = page.locator("a.md-content__button").first
    # A ring that is no part of the page: the pencil is small, and grey.
    pencil.evaluate("e => e.style.cssText += 'outline:3px solid #d32f2f;border-radius:50%'")
    return [pencil, page.locator("article h1"), page.locator("article .sic-facts")]


def _show_suggest(page: Page) -> list[Locator]:
    paragraph = _bring_up(page)
    paragraph.locator("a.sic-at").hover()
    return [_shown_card(page), paragraph.locator("a.sic-at")]


def _show_note(page: Page) -> list[Locator]:
    paragraph = _bring_up(page)
    paragraph.locator('sup[id^="fnref:olah"] a').hover()
    return [_shown_card(page), paragraph]


PICTURES = (
    Picture("contributing-pencil.webp", _show_pencil),
    Picture("contributing-suggest.webp", _show_suggest),
    Picture("contributing-note.webp", _show_note),
)


def _bring_up(page: Page) -> Locator:
    paragraph = page.locator(PARAGRAPH)
    paragraph.evaluate("e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 200)")
    wait_until_at_rest(page)
    return paragraph


def _shown_card(page: Page) -> Locator:
    card = page.locator(".sic-card")
    card.wait_for(state="visible")
    wait_until_at_rest(page)
    return card


def take_picture(page: Page, parts: list[Locator]) -> bytes:
    """The area of the screen from the first part to the last, across the page."""
    boxes: list[FloatRect] = [box for part in parts if (box := part.bounding_box())]
    top = max(min(box["y"] for box in boxes) - MARGIN, 0)
    bottom = min(max(box["y"] + box["height"] for box in boxes) + MARGIN, HEIGHT)
    clip = {"x": 0, "y": top, "width": WIDTH, "height": bottom - top, "scale": 1.5}
    scroll: float = page.evaluate("scrollY")
    clip["y"] += scroll
    session = page.context.new_cdp_session(page)
    shot = session.send(
        "Page.captureScreenshot", {"format": "webp", "quality": QUALITY, "clip": clip}
    )
    return base64.b64decode(shot["data"])


def main() -> None:
    """Writes all pictures; exits with status 1 where one is larger than a page should ask for."""
    chromium = find_chromium()
    if not chromium:
        sys.exit(HOW_TO)
    servers = Servers()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        environment = {"GITHUB_REPOSITORY": "someone/talks"}
        site = build_site(
            copy_project(ROOT, Path(folder) / "site"), "mkdocs", environment=environment
        )
        browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS])
        context = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=1
        )
        for picture in PICTURES:
            page = context.new_page()
            page.goto(servers.serve(site).address(PAGE))
            data = take_picture(page, picture.show(page))
            (ASSETS / picture.name).write_bytes(data)
            print(f"{picture.name}: {len(data):,} bytes")
            if len(data) > LARGEST:
                sys.exit(f"{picture.name} is larger than {LARGEST:,} bytes: show less, or lower")
        browser.close()
    servers.stop()


if __name__ == "__main__":
    main()
