"""Pagefind, run as a separate program: its queries fetch only a part of a large index."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from build_tools.build.output import EngineError
from build_tools.model.site import Search
from build_tools.model.transcript import Passage
from build_tools.pages import search

# Words of transcripts above which the first result of the built-in search takes longer than a
# second, and blocks a page opened as a file: docs/performance.md has the figures.
LARGE = 300_000

# Below the root of the site.
FOLDER = Path("pagefind")

# Pagefind's own search boxes.
_NOT_NEEDED = ("*-ui.*", "pagefind-highlight.js")

_LANGUAGE = re.compile(r"<html[^>]*\slang=[\"']?(?P<lang>[a-zA-Z-]+)")

_FAILED = (
    "Pagefind failed with status {status}; see what it says above. Where it says nothing, it may "
    "have had too little memory: write search_by: built-in into the front matter of docs/index.md"
)


def choose_search(wanted: Search, words: int, *, offline: bool = False) -> Search:
    """The search of a site with a number of words: the wanted one where it works."""
    # Pagefind needs requests, which browsers refuse to pages opened as files.
    if offline and wanted is not Search.BUILT_IN:
        return Search.NONE if words > LARGE else Search.BUILT_IN
    large = words > LARGE if wanted is Search.AUTO else wanted is Search.PAGEFIND
    return Search.PAGEFIND if large else Search.BUILT_IN


def write_pagefind(site: Path, passages: Iterable[Passage]) -> None:
    """Writes Pagefind's index of a site's passages and other pages, or raises EngineError."""
    target = site / FOLDER
    with tempfile.TemporaryDirectory() as folder:
        records = Path(folder)
        # Pagefind writes no index without a record, and the search box needs one.
        _write(records / "404.html", "<!doctype html><html><body></body></html>")
        filters = _write_records(site, records, passages)
        # The language of the site; transcripts in other languages share its index.
        found = _LANGUAGE.search((site / "404.html").read_text(encoding="utf-8"))
        command = [sys.executable, "-m", "pagefind", "--quiet"]
        command += ["--force-language", found["lang"] if found else "en"]
        command += ["--site", str(records), "--output-path", str(target)]
        if status := subprocess.run(command, check=False).returncode:
            raise EngineError(_FAILED.format(status=status))
    for path in (path for pattern in _NOT_NEEDED for path in target.glob(pattern)):
        path.unlink()
    text = json.dumps(filters, ensure_ascii=False, separators=(",", ":"))
    _write(target / "filters.json", text + "\n")


def _write_records(site: Path, records: Path, passages: Iterable[Passage]) -> dict[str, list[str]]:
    """Writes a small page for each record; returns the values of each filter."""
    found = set[str]()
    filters = {name: set[str]() for name in search.FILTERS}
    for record in search.group_passages(passages):
        first = record.passages[0]
        found.add(f"transcripts/{first.transcript}/index.html")
        for name, value in search.list_filters(first):
            filters[name].add(value)
        _write(records / record.path, search.render_record(record))
    for page in site.rglob("index.html"):
        path = page.relative_to(site).as_posix()
        text = "" if path in found else search.render_page_record(page.read_text(encoding="utf-8"))
        if text:
            _write(records / path, text)
    return {name: sorted(values) for name, values in filters.items()}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
