"""Pagefind, run as a separate program: its queries fetch only a part of a large index."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from build_tools.build.output import EngineError
from build_tools.model.site import SITE_LANGUAGE, Search
from build_tools.model.transcript import Passage
from build_tools.pages import search
from build_tools.text.catalogue import writing_in

# Words of transcripts above which readers would wait for the index of all speech:
# docs/performance.md has the figures.
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
    large = words > LARGE if offline or wanted is Search.AUTO else wanted is Search.PAGEFIND
    if wanted is Search.BUILT_IN or not large:
        return Search.BUILT_IN
    # Pagefind needs requests, which browsers refuse to pages opened as files.
    return Search.NONE if offline else Search.PAGEFIND


def write_pagefind(site: Path, passages: Iterable[Passage]) -> None:
    """Writes Pagefind's index of a site's passages, or raises EngineError."""
    target = site / FOLDER
    # The language of the site; transcripts in other languages share its index.
    found = _LANGUAGE.search((site / "404.html").read_text(encoding="utf-8"))
    lang = found["lang"] if found else SITE_LANGUAGE
    with tempfile.TemporaryDirectory() as folder, writing_in(lang):
        records = Path(folder)
        # Pagefind writes no index without a record, and the search dialog needs one.
        (records / "404.html").write_text("<!doctype html><html><body></body></html>")
        for record in search.group_passages(passages):
            place = records / "transcripts" / record[0].transcript / record[0].address
            place.mkdir(parents=True, exist_ok=True)
            (place / "index.html").write_text(search.render_record(record), encoding="utf-8")
        command = [sys.executable, "-m", "pagefind", "--quiet", "--force-language", lang]
        command += ["--site", str(records), "--output-path", str(target)]
        if status := subprocess.run(command, check=False).returncode:
            raise EngineError(_FAILED.format(status=status))
    for path in (path for pattern in _NOT_NEEDED for path in target.glob(pattern)):
        path.unlink()
