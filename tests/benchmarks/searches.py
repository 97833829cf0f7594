"""The cost of a search for a reader, with our own index and with Pagefind; prints a table.

    python -m tests.benchmarks.searches [--sizes 10,100] [--shuffle]

The site around it is the real one, so that nobody has to wait for a thousand pages: only what is
searched is that of a larger collection. Bytes are all that a first query fetches, scripts included,
of a server that compresses text, as public ones do. Seconds are by the clock, from the opening of
the page to the first result, with no line between server and reader; a busy machine makes them
longer. The freeze is the longest task during which the page answered nothing.
"""

import gzip
import os
import platform
import random
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import click
from playwright.sync_api import Browser, Request, sync_playwright

from build_tools.build.cache import Memory
from build_tools.build.engine import write_search
from build_tools.build.plan import plan_site
from build_tools.model.site import Search
from build_tools.model.transcript import Passage, Piece
from build_tools.pages.search import SPEECH, join_speech, render_speech
from tests.benchmarks.talks import make_tree
from tests.chromium import FLAGS, HOW_TO, find_chromium
from tests.reading import QuietHandler
from tests.site_html import ROOT, build_site, copy_project

# A name, a term of several words, an ordinary word, and a word of every talk.
QUERIES = ("amodei", "responsible scaling", "interpretability", "people think")
_COMPRESSED = (".html", ".js", ".json", ".css", ".svg", ".xml", ".txt")
# The timeout for the first result, in seconds.
_PATIENCE = 300.0
# A task longer than 50 ms counts as long.
_WATCH_TASKS = """
window.longest = 0
new PerformanceObserver(list => {
  for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration)
}).observe({ entryTypes: ["longtask"] })
"""
_OF_SEARCH = re.compile(r"/pagefind/|search")
_RESULT = ".sic-search li a"


class Handler(QuietHandler):
    """Serves files as public hosts do, text compressed."""

    def do_GET(self) -> None:  # noqa: N802
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if path.suffix not in _COMPRESSED or not path.is_file():
            super().do_GET()
            return
        content = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class Query(NamedTuple):
    """The cost of a first query: bytes received, seconds to a result, longest freeze in ms."""

    size: int
    seconds: float
    freeze: float


class Row(NamedTuple):
    """A search of a collection: what it holds on the disk, what it took to make, and queries."""

    transcripts: int
    search: str
    on_disk: int
    made: float
    queries: tuple[Query, ...]


def make_passages(transcripts: int, *, shuffle: bool) -> list[Passage]:
    """The passages of a large collection; shuffled, no two transcripts say the same."""
    tree = dict(make_tree(transcripts))
    passages = list(plan_site(tree, exports=False, store=Memory()).passages)
    return [_shuffled(number, one) for number, one in enumerate(passages)] if shuffle else passages


def _shuffled(number: int, passage: Passage) -> Passage:
    words = passage.said.split()
    random.Random(number).shuffle(words)
    heard = tuple(Piece(" ", word) for word in passage.heard)
    return passage.__class__(
        *(passage.transcript, passage.title, passage.date, passage.chapter, passage.speaker),
        *(passage.address, passage.line, passage.time, (Piece(" ".join(words)), *heard)),
    )


def ask(browser: Browser, address: str, words: str) -> Query:
    """A reader who comes for the first time, and searches at once."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(_PATIENCE * 1000)
    page.add_init_script(_WATCH_TASKS)
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    started = time.perf_counter()
    page.goto(address, wait_until="domcontentloaded")
    page.keyboard.press("/")
    page.keyboard.type(words, delay=60)
    page.locator(_RESULT).first.wait_for(state="attached")
    seconds = time.perf_counter() - started
    page.wait_for_timeout(1500)
    freeze = float(page.evaluate("window.longest"))
    answered = [request for request in finished if _OF_SEARCH.search(request.url)]
    size = 0
    if address.startswith("http"):
        size = sum(request.sizes()["responseBodySize"] for request in answered)
    page.context.close()
    return Query(size, seconds, freeze)


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of a site while it is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def measure(
    browser: Browser, site: Path, passages: Sequence[Passage], search: Search, name: str
) -> Row:
    """A site with a search of passages, and what readers wait for."""
    started = time.perf_counter()
    if search is Search.BUILT_IN:
        by_transcript = groupby(passages, key=lambda passage: passage.transcript)
        spoken = (render_speech(tuple(own)) for _, own in by_transcript)
        (site / SPEECH).write_bytes(join_speech(spoken))
    write_search(site, passages, search)
    made = time.perf_counter() - started
    folder = site / ("pagefind" if search is Search.PAGEFIND else "search")
    on_disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if name.endswith("files"):
        queries = [ask(browser, f"{site.as_uri()}/index.html", words) for words in QUERIES]
    else:
        with served(site) as address:
            queries = [ask(browser, address, words) for words in QUERIES]
    transcripts = len({passage.transcript for passage in passages})
    return Row(transcripts, name, on_disk, made, tuple(queries))


_COLUMNS = ("transcripts", "search", "on the disk", "made in", *(f"“{words}”" for words in QUERIES))


def render_row(row: Row) -> str:
    """The row, as Markdown."""
    cells = [f"{row.transcripts:,}", row.search, f"{row.on_disk / 1e6:.1f} MB", f"{row.made:.0f} s"]
    for query in row.queries:
        size = f"{query.size / 1000:,.0f} kB, " if query.size else ""
        cells.append(f"{size}{query.seconds:.1f} s, {query.freeze:.0f} ms")
    return f"| {' | '.join(cells)} |"


def make_sites(folder: Path) -> dict[str, tuple[Search, Path]]:
    """The real site by each search, made once, to be copied."""
    made: dict[str, tuple[Search, Path]] = {}
    for name, search, offline in (
        ("built-in", Search.BUILT_IN, False),
        ("Pagefind", Search.PAGEFIND, False),
        ("built-in, from files", Search.BUILT_IN, True),
    ):
        project = copy_project(ROOT, folder / f"project-{len(made)}")
        home = project / "docs/index.md"
        text = home.read_text(encoding="utf-8")
        home.write_text(
            text.replace("---\n", f"---\nsearch_by: {search.value}\n", 1), encoding="utf-8"
        )
        made[name] = (search, build_site(project, "mkdocs", offline=offline).folder)
    return made


@click.command()
@click.option("--sizes", default="10,100", show_default=True, help="Numbers of transcripts.")
@click.option("--shuffle", is_flag=True, help="Shuffle the words of each paragraph.")
@click.option("--only", default="", help="Only searches whose name begins so.")
def main(sizes: str, shuffle: bool, only: str) -> None:
    """Measures collections of the sizes given."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print(f"| {' | '.join(_COLUMNS)} |\n|{'--:|' * len(_COLUMNS)}")
    path = find_chromium()
    if not path:
        raise click.ClickException(HOW_TO)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        sites = make_sites(Path(made))
        for size in sizes.split(","):
            passages = make_passages(int(size), shuffle=shuffle)
            for name, (search, site) in sites.items():
                if not name.startswith(only):
                    continue
                copy = Path(made) / "measured"
                shutil.copytree(site, copy)
                try:
                    print(render_row(measure(browser, copy, passages, search, name)), flush=True)
                finally:
                    shutil.rmtree(copy)
        browser.close()


if __name__ == "__main__":
    main()
