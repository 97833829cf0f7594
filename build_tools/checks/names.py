"""Names of files: whether each can be an address, and whether the build writes to the same path."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from build_tools.checks.summary import CorpusSummary
from build_tools.model.text import Place, Problem
from build_tools.reading.sums import SUMS

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Sources are published byte for byte: no browser may run one, and no site generator render one.
SOURCE_SUFFIXES = (".txt", ".srt", ".vtt", ".sbv", ".json", ".csv", ".tsv", ".docx")
# Browsers run what stands in these; the site's own scripts and pictures are in assets/.
_RUN = (".htm", ".html", ".js", ".mjs", ".svg", ".wasm", ".xht", ".xhtml", ".xml", ".xsl")
_TOP_FILES = ("corrections.xml", "feed.xml", "sitemap.xml")
_SLUG_REMEDY = "name the file with a-z, 0-9 and single hyphens, such as vivatech-2024"
_FOLDERS = ("transcripts", "glossary", "then-and-now")
# Folders and pages of the build, some of which it writes only for large collections.
_MADE_FOLDERS = ("data", "corrections", "doubts", "downloads")
_MADE_PAGES = {"transcripts": ("by-year",), "glossary": ("by-kind",)}
_PAGE_SUFFIXES = (".md", ".html")
# Names of the page at the top of a folder; MkDocs takes a README for one.
_TOP = ("index", "readme")
# Names that Windows keeps for devices, whatever their ending.
_DEVICE = re.compile(r"(?i)(?:^|/)((?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?:\.[^/]*)?)(?:/|$)")


def check_names(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a problem for each file whose name or folder cannot be published."""
    addresses: dict[str, str] = {}
    for path in corpus.paths:
        place = Place(f"{corpus.root}/{path}", 1)
        if device := _DEVICE.search(path):
            what = f"“{device[1]}” is the name of a device on Windows, where no file can have it"
            yield Problem(place, what, "give it another name")
        elif problem := _check_folder(path, corpus.root):
            yield Problem(place, *problem)
        other = addresses.setdefault(_find_address(path), path)
        if other != path:
            what = f"{corpus.root}/{other} has the same address"
            yield Problem(place, what, "keep one of the two, or rename it")


def _find_address(path: str) -> str:
    """Where a file is published, as file systems see it that do not tell capitals apart."""
    pure = PurePosixPath(path.casefold())
    if pure.suffix not in _PAGE_SUFFIXES:
        return str(pure)
    return str(pure.parent if pure.stem in _TOP else pure.with_suffix(""))


def _check_folder(path: str, root: str) -> tuple[str, str] | None:
    pure = PurePosixPath(path)
    folder = pure.parts[0] if len(pure.parts) > 1 else ""
    if folder in _FOLDERS and pure.suffix == ".md":
        return _check_page(pure, folder, root)
    if pure.parts[0] in _MADE_FOLDERS:
        return f"{pure.parts[0]}/ is made by the build", f"call it {root}/assets/{pure.name}"
    if folder in _FOLDERS:
        return f"{folder}/ holds Markdown files alone", f"move it out of {root}/{folder}/"
    if folder == "sources" and path != SUMS:
        return _check_source(pure)
    if pure.suffix.lower() in _RUN and folder != "assets" and path not in _TOP_FILES:
        remedy = f"write a page as .md; scripts and pictures of the site are in {root}/assets/"
        return f"browsers run what stands in “{pure.name}”", remedy
    return None


def _check_page(pure: PurePosixPath, folder: str, root: str) -> tuple[str, str] | None:
    if len(pure.parts) > 2:
        return f"{folder}/ has no folders", f"move it to {root}/{folder}/"
    if not SLUG.fullmatch(pure.stem):
        return f"“{pure.stem}” is no name for a page's address", _SLUG_REMEDY
    if pure.stem in _MADE_PAGES.get(folder, ()):
        what = f"the build makes pages below {folder}/{pure.stem}/"
        return what, f"give it another name, such as {pure.stem}-2"
    return None


def _check_source(pure: PurePosixPath) -> tuple[str, str] | None:
    if pure.suffix.lower() not in SOURCE_SUFFIXES:
        remedy = f"save it as text, with one of {' '.join(SOURCE_SUFFIXES)}"
        return f"“{pure.name}” has no ending known of sources", remedy
    if not SLUG.fullmatch(pure.stem.replace(".", "-").lower()):
        return f"“{pure.name}” is no name for a file's address", _SLUG_REMEDY
    return None
