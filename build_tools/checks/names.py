"""Names of files: whether each can be an address, and whether the build writes to the same path."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from build_tools.checks.summary import CorpusSummary
from build_tools.model.text import Place, Problem

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Sources are published byte for byte: no browser may run one, and no site generator render one.
SOURCE_SUFFIXES = (".txt", ".srt", ".vtt", ".sbv", ".json", ".csv", ".tsv")
_SLUG_REMEDY = "name the file with a-z, 0-9 and single hyphens, such as vivatech-2024"
_FOLDERS = ("transcripts", "glossary", "then-and-now")
# Folders and pages of the build, some of which it writes only for large collections.
_MADE_FOLDERS = ("data", "corrections", "doubts", "downloads")
_MADE_PAGES = {"transcripts": ("by-year", "by-speaker"), "glossary": ("by-kind",)}


def check_names(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a problem for each file whose name or folder cannot be published."""
    root = corpus.root
    for path in corpus.paths:
        pure = PurePosixPath(path)
        folder = pure.parts[0] if len(pure.parts) > 1 else ""
        place = Place(f"{root}/{path}", 1)
        if folder in _FOLDERS and pure.suffix == ".md":
            if len(pure.parts) > 2:
                yield Problem(place, f"{folder}/ has no folders", f"move it to {root}/{folder}/")
            elif not SLUG.fullmatch(pure.stem):
                yield Problem(place, f"“{pure.stem}” is no name for a page's address", _SLUG_REMEDY)
            elif pure.stem in _MADE_PAGES.get(folder, ()):
                what = f"the build makes pages below {folder}/{pure.stem}/"
                yield Problem(place, what, f"give it another name, such as {pure.stem}-2")
        elif pure.parts[0] in _MADE_FOLDERS:
            what = f"{pure.parts[0]}/ is made by the build"
            yield Problem(place, what, f"call it {root}/assets/{pure.name}")
        elif folder in _FOLDERS:
            what = f"{folder}/ holds Markdown files alone"
            yield Problem(place, what, f"move it out of {root}/{folder}/")
        elif folder == "sources" and pure.suffix.lower() not in SOURCE_SUFFIXES:
            what = f"“{pure.name}” has no ending known of sources"
            yield Problem(place, what, f"save it as text, with one of {' '.join(SOURCE_SUFFIXES)}")
        elif folder == "sources" and not SLUG.fullmatch(pure.stem.replace(".", "-").lower()):
            yield Problem(place, f"“{pure.name}” is no name for a file's address", _SLUG_REMEDY)
