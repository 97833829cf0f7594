"""The site generators, run as programs of their own: nothing here imports one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from build_tools.build.output import claim, hold, put_in_place, stage, tidy
from build_tools.build.pagefind import PagefindError, write_pagefind
from build_tools.model.site import Search
from build_tools.model.transcript import Passage
from build_tools.pages.search import render_index

SITE = Path("site")
OFFLINE_SITE = Path("site-offline")
CONFIG = Path("mkdocs.yml")
OUTPUT = Path("build/docs")
# The picture of the site, shown with links to its pages; a collection need not have one.
CARD = "assets/card.png"

ENGINES = {
    # Not with --quiet: what MkDocs does not print it does not count, and --strict lets it pass.
    "mkdocs": ["-m", "mkdocs", "build", "--strict"],
    "zensical": ["-m", "zensical", "build", "--strict"],
}

# Where MkDocs Material and Zensical write what their search reads; from the file system it reads a
# script with the same.
_INDEXES = (Path("search/search_index.json"), Path("search.json"))

# What no archive may depend on is the clock: every member gets the first day that zip knows.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


class EngineError(Exception):
    """A site generator failed or is not installed; the message says what to do."""


def run_engine(
    engine: str,
    passages: Iterable[Passage],
    *,
    search: Search = Search.BUILT_IN,
    offline: bool = False,
) -> str:
    """Makes the site of build/docs/ and says where it is to be found.

    Its search finds `passages`. It is made beside its place: where anything fails, the site that
    was there stays.
    """
    target = OFFLINE_SITE if offline else SITE
    place = target.absolute()
    # Nobody else may exchange the pages while the generator reads them.
    with hold(OUTPUT), claim(place):
        tidy(place)
        with stage(place) as beside:
            site = beside / place.name
            _generate(engine, site, search, offline=offline)
            write_search(site, passages, search)
            _put_sitemap(site)
            if offline:
                _remove_server_files(site)
                put_in_place(write_archive(site), target.with_suffix(".zip"))
            put_in_place(site, place)
    if not offline:
        return f"{target}/index.html (sic serve shows it in a browser)"
    archive = target.with_suffix(".zip")
    return f"{target}/index.html, to be opened by double click, and the same in {archive}"


def _generate(engine: str, site: Path, search: Search, *, offline: bool) -> None:
    environment = engine_environment(site, offline=offline, search=search)
    command = [sys.executable, *ENGINES[engine], "--config-file", str(CONFIG)]
    status = subprocess.run(command, env=environment, check=False).returncode
    if status:
        raise EngineError(f"{engine} failed with status {status}; see what it says above")
    if not (site / "404.html").is_file():
        raise EngineError(f"{engine} made no 404.html; see what it says above")


def site_addresses(environment: Mapping[str, str]) -> dict[str, str]:
    """Where the site and its repository are: the one place that says so.

    `SIC_SITE_URL` and `SIC_REPO_URL` win; on GitHub its own variables say the rest, so a fork
    publishes and links rightly as it is. Elsewhere there are no such links. The site's address
    ends in a slash, whoever gave it.
    """
    repository = environment.get("GITHUB_REPOSITORY", "")
    owner, _, name = repository.partition("/")
    server = environment.get("GITHUB_SERVER_URL", "https://github.com")
    pages = f"https://{owner.lower()}.github.io/"
    if name.lower() != f"{owner.lower()}.github.io":
        pages += f"{name}/"
    site_url = environment.get("SIC_SITE_URL") or (pages if repository else "")
    repo_url = environment.get("SIC_REPO_URL") or (f"{server}/{repository}" if repository else "")
    return {
        "SIC_SITE_URL": site_url and site_url.rstrip("/") + "/",
        "SIC_REPO_URL": repo_url,
        "SIC_REPO_NAME": "/".join(repo_url.rstrip("/").split("/")[-2:]) if repo_url else "",
        "SIC_EDIT_URI": "edit/main/docs/" if repo_url else "",
    }


def site_url(environment: Mapping[str, str], *, offline: bool = False) -> str:
    """Where the site will stand, or "" where nobody knows; a reader of files needs no address."""
    return "" if offline else site_addresses(environment)["SIC_SITE_URL"]


def engine_environment(
    target: Path, *, offline: bool, docs: Path = OUTPUT, search: Search = Search.BUILT_IN
) -> dict[str, str]:
    """What mkdocs.yml reads from the environment; `docs` are the pages to make a site of."""
    built_in = search is Search.BUILT_IN
    return {
        **os.environ,
        # What needs the network is of no use to a reader of files.
        **site_addresses({} if offline else os.environ),
        "SIC_DOCS_DIR": str(docs),
        "SIC_CARD": CARD if (docs / CARD).is_file() else "",
        "SIC_SITE_DIR": str(target),
        "SIC_OFFLINE": str(offline).lower(),
        "SIC_DIRECTORY_URLS": str(not offline).lower(),
        "SIC_BUILT_IN_SEARCH": str(built_in).lower(),
        # Its script says itself where it cannot search.
        "SIC_SEARCH": "built-in" if built_in else "pagefind",
        # Material prints an advertisement for its successor's engine; it is no problem of ours.
        "NO_MKDOCS_2_WARNING": "1",
        # The build's date would differ between two builds of one state.
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "315532800"),
        "PYTHONUTF8": "1",
    }


def write_search(
    site: Path,
    passages: Iterable[Passage],
    search: Search = Search.BUILT_IN,
) -> None:
    """Makes a built site find passages."""
    if search is Search.BUILT_IN:
        _put_into_index(site, passages)
    elif search is Search.PAGEFIND:
        try:
            write_pagefind(site, passages)
        except PagefindError as error:
            raise EngineError(str(error)) from error


def _put_into_index(site: Path, passages: Iterable[Passage]) -> None:
    for path in (site / name for name in _INDEXES):
        if not path.is_file():
            continue
        try:
            index = render_index(path.read_text(encoding="utf-8"), passages)
        except ValueError as error:
            raise EngineError(
                f"{path} is no search index that sic knows: {error}; "
                "install the versions that requirements/ names"
            ) from error
        path.write_bytes(index.encode())
        script = path.with_suffix(".js")
        if script.is_file():
            script.write_bytes(f"var __index = {index}".encode())


def _put_sitemap(site: Path) -> None:
    # A generator's own says that every page changed on the day of the build.
    (site / "sitemap.xml.gz").unlink(missing_ok=True)
    (site / "sitemap.xml").unlink(missing_ok=True)
    ours = OUTPUT / "sitemap.xml"
    if ours.is_file():
        shutil.copyfile(ours, site / "sitemap.xml")


def _remove_server_files(site: Path) -> None:
    # A reader of files needs nothing for crawlers, and no page for what a server did not find, the
    # links of which begin at the root of a server.
    for name in ("robots.txt", "404.html"):
        (site / name).unlink(missing_ok=True)


def write_archive(folder: Path) -> Path:
    """The folder as a zip beside it, the same bytes for the same files."""
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = (Path(folder.name) / path.relative_to(folder)).as_posix()
                member = zipfile.ZipInfo(name, _ZIP_EPOCH)
                member.external_attr = 0o644 << 16
                member.compress_type = zipfile.ZIP_DEFLATED
                zipped.writestr(member, path.read_bytes())
    return archive
