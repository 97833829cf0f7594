"""Readers of a built site: how they come to it, and what they may never meet there."""

import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.site_html import Site

# The scripts of the theme and ours have run: ours is the last, and notes the page's own address.
_READY = """() => document.readyState === "complete" &&
  document.querySelector("article[data-address]") !== null"""

# Nothing moves or fades, inside the dialogs of themes neither, and all of it has been drawn.
_AT_REST = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
  const inner = [...document.querySelectorAll("*")].map(element => element.shadowRoot)
  const moving = [document, ...inner.filter(Boolean)].flatMap(root => root.getAnimations())
  const passing = moving.filter(one => one.effect?.getComputedTiming().endTime !== Infinity)
  done(passing.every(one => one.playState !== "running") && document.fonts.status === "loaded")
})))"""


def add_style(page: Page, css: str) -> None:
    """Adds a style sheet as scripts may under the policy of a page, which allows no inline one."""
    page.evaluate(
        """css => {
          const sheet = new CSSStyleSheet()
          sheet.replaceSync(css)
          document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
        }""",
        css,
    )


def wait_until_ready(page: Page) -> None:
    """Waits until a page is loaded and its scripts have run."""
    page.wait_for_function(_READY)


def wait_until_at_rest(page: Page) -> None:
    """Waits until a page is ready, drawn, and no animation of it runs."""
    wait_until_ready(page)
    page.wait_for_function(_AT_REST)


def choose_way(page: Page, way: str) -> None:
    """Reads on in another way, chosen in the sheet of marks."""
    page.keyboard.press("?")
    page.get_by_text(way, exact=True).click()
    page.keyboard.press("Escape")


class Door(NamedTuple):
    """How a reader comes to a site: where it begins, and what the address of a page ends with."""

    site: Site
    base: str
    ending: str

    def address(self, url: str) -> str:
        """The page that is published as `url`, with its fragment.

        >>> Door(Site(Path("site"), {}, ()), "file:///x/", ".html").address("transcripts/y/#t1")
        'file:///x/transcripts/y.html#t1'
        """
        path, sign, fragment = url.partition("#")
        if self.ending == ".html":
            section = f"{path}index.html"
            path = section if section in self.site.pages else path.removesuffix("/") + ".html"
        return f"{self.base}{path}{sign}{fragment}"

    def data(self, path: str) -> Any:
        """The data published as `path`."""
        return json.loads((self.site.folder / path).read_text(encoding="utf-8"))


class Reader:
    """Opens pages, each in a new window, and notes what no reader may meet."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.troubles: list[str] = []
        self.overlooked: str | None = None
        """Part of the text of errors that are known and not ours. They may come at any later
        moment, so they are told beforehand and not taken out of the list afterwards."""

    def open(
        self,
        door: Door,
        url: str = "",
        *,
        width: int = 1280,
        scheme: str = "light",
        js: bool = True,
        touch: bool = False,
    ) -> Page:
        """The page published as `url`, loaded."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=js,
            has_touch=touch,
        )
        context.set_default_timeout(60_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: self._note_foreign(door, request.url))
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self._note_error(f"script: {error}"))
        page.goto(door.address(url))
        return page

    def _note_foreign(self, door: Door, url: str) -> None:
        if not url.startswith((door.base, "data:", "blob:")):
            self.troubles.append(f"asks {url}")

    def _note_error(self, error: str) -> None:
        if self.overlooked is None or self.overlooked not in error:
            self.troubles.append(error)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note_error(f"console: {message.text} {message.location['url']}")

    def close(self) -> None:
        for context in self.contexts:
            context.close()


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and prints nothing."""

    def log_message(self, *_: object) -> None:
        pass


class Servers:
    """Serves sites over HTTP, each from the first time that it is asked for."""

    def __init__(self) -> None:
        self.running: dict[Path, ThreadingHTTPServer] = {}

    def serve(self, site: Site) -> Door:
        """The site over HTTP."""
        if site.folder not in self.running:
            handler = partial(QuietHandler, directory=str(site.folder))
            server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.running[site.folder] = server
        return Door(site, f"http://127.0.0.1:{self.running[site.folder].server_port}/", "/")

    def stop(self) -> None:
        for server in self.running.values():
            server.shutdown()
            server.server_close()


def seldom_named(door: Door) -> dict[str, Any]:
    """The entry of a person whom the transcripts name least often."""
    people: list[dict[str, Any]] = [
        entry
        for entry in door.data("data/glossary.json")
        if entry["kind"] == "person" and entry["mentions"]
    ]
    return min(people, key=lambda entry: len(entry["mentions"]))
