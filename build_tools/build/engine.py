"""The site generators, run as separate programs and never imported."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from build_tools.build.cache import CACHE, make_key, version_key
from build_tools.build.output import (
    EngineError,
    claim,
    lock,
    put_in_place,
    remove_leftovers,
    stage,
    stamp_files,
)
from build_tools.build.pagefind import write_pagefind
from build_tools.build.policy import write_policies
from build_tools.model.site import Search
from build_tools.model.transcript import Passage
from build_tools.pages.search import SPEECH

SITE = Path("site")
OFFLINE_SITE = Path("site-offline")
CONFIG = Path("mkdocs.yml")
THEME = Path("theme")
OUTPUT = Path("build/docs")
# The picture that social media show beside a link; optional.
CARD = "assets/card.png"

ENGINES = {
    # Without --quiet: --strict counts only the warnings that MkDocs prints.
    "mkdocs": ["-m", "mkdocs", "build", "--strict"],
    "zensical": ["-m", "zensical", "build", "--strict"],
}

# Archives must not depend on the clock: every member gets the first day that zip knows.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def run_engine(
    engine: str,
    passages: Iterable[Passage],
    *,
    search: Search = Search.BUILT_IN,
    offline: bool = False,
    fresh: bool = False,
) -> str:
    """Makes the site of build/docs/ and returns its path; if anything fails, the old one stays.

    The generator does not run if the site is already what it would make, unless it is `fresh`.
    """
    target = OFFLINE_SITE if offline else SITE
    place = target.absolute()
    archive = target.with_suffix(".zip")
    opened = f", to be opened by double click, and the same in {archive}"
    made = f"{target}/index.html{opened if offline else ' (sic serve shows it in a browser)'}"
    digest = CACHE.with_name(f"{place.name}.digest")
    # No other build may replace the pages while the generator reads them.
    with lock(OUTPUT), claim(place):
        remove_leftovers(place)
        key = _digest_inputs(engine, engine_environment(SITE, offline=offline, search=search))
        same = digest.is_file() and digest.read_text("utf-8") == _digest_site(key, place)
        if same and not fresh and (archive.is_file() or not offline):
            return f"{made}; nothing changed since it was made"
        with stage(place) as beside:
            site = beside / place.name
            environment = engine_environment(site, offline=offline, search=search)
            command = [sys.executable, *ENGINES[engine], "--config-file", str(CONFIG)]
            if status := subprocess.run(command, env=environment, check=False).returncode:
                raise EngineError(f"{engine} failed with status {status}; see what it says above")
            if not (site / "404.html").is_file():
                raise EngineError(f"{engine} made no 404.html; see what it says above")
            write_search(site, passages, search)
            write_policies(site, wasm=search is Search.PAGEFIND, offline=offline)
            # A generator's own sitemap says that every page changed on the day of the build. Pages
            # opened as files have no crawlers, and the links of 404.html begin at a server's root.
            of_server = ("robots.txt", "404.html") if offline else ()
            for name in ("sitemap.xml.gz", "sitemap.xml", "search.json", *of_server):
                (site / name).unlink(missing_ok=True)
            if (ours := OUTPUT / "sitemap.xml").is_file():
                shutil.copyfile(ours, site / "sitemap.xml")
            if offline:
                put_in_place(write_archive(site), archive)
            put_in_place(site, place)
        # Without the digest, the next build runs the generator.
        with suppress(OSError):
            digest.unlink(missing_ok=True)
            with digest.open("x", encoding="utf-8") as file:
                file.write(_digest_site(key, place))
    return made


# What may name an environment variable or a file in the configuration.
_NAME = re.compile(r"[\w./-]+")


def _digest_inputs(engine: str, environment: Mapping[str, str]) -> str:
    """A digest of everything that turns pages into a site, and of the stamps of the pages."""
    config = CONFIG.read_text("utf-8") if CONFIG.is_file() else ""
    names = sorted({*_NAME.findall(config), "SOURCE_DATE_EPOCH"})
    # Files that it names are hooks, say, or a configuration that it inherits.
    files = [path for path in (*map(Path, names), *sorted(THEME.rglob("*"))) if path.is_file()]
    return make_key(
        *(version_key(), engine, config, repr([environment.get(name) for name in names])),
        *(part for path in files for part in (path.as_posix(), path.read_bytes())),
        repr(sorted(stamp_files(OUTPUT).items())),
    )


def _digest_site(key: str, place: Path) -> str:
    """A digest of what a site was made of and of the stamps of its files."""
    return make_key(key, repr(sorted(stamp_files(place).items())))


def site_addresses(environment: Mapping[str, str]) -> dict[str, str]:
    """The addresses of the site and its repository, as mkdocs.yml reads them.

    `SIC_SITE_URL` and `SIC_REPO_URL` win over GitHub's own variables, by which a fork gets its own
    addresses without configuration. Elsewhere they are empty. The site's address ends in a slash.
    """
    repository = environment.get("GITHUB_REPOSITORY", "")
    owner, _, name = repository.partition("/")
    server = environment.get("GITHUB_SERVER_URL", "https://github.com")
    host = f"{owner.lower()}.github.io"
    pages = f"https://{host}/" + (f"{name}/" if name.lower() != host else "")
    site_url = environment.get("SIC_SITE_URL") or (pages if repository else "")
    repo_url = environment.get("SIC_REPO_URL") or (f"{server}/{repository}" if repository else "")
    return {
        "SIC_SITE_URL": site_url and site_url.rstrip("/") + "/",
        "SIC_REPO_URL": repo_url,
        "SIC_REPO_NAME": "/".join(repo_url.rstrip("/").split("/")[-2:]) if repo_url else "",
        "SIC_EDIT_URI": "edit/main/docs/" if repo_url else "",
    }


def site_url(environment: Mapping[str, str], *, offline: bool = False) -> str:
    """The address of the site, "" if it is unknown or the site is opened as files."""
    return "" if offline else site_addresses(environment)["SIC_SITE_URL"]


def engine_environment(
    target: Path, *, offline: bool, docs: Path = OUTPUT, search: Search = Search.BUILT_IN
) -> dict[str, str]:
    """The environment that mkdocs.yml reads; `docs` is the folder of the pages."""
    return {
        **os.environ,
        # An offline site has no links that need the network.
        **site_addresses({} if offline else os.environ),
        "SIC_DOCS_DIR": str(docs),
        "SIC_CARD": CARD if (docs / CARD).is_file() else "",
        "SIC_SITE_DIR": str(target),
        "SIC_DIRECTORY_URLS": str(not offline).lower(),
        "SIC_SEARCH": search.value,
        # Silences an advertisement that Material prints.
        "NO_MKDOCS_2_WARNING": "1",
        # The same state must give the same bytes on any day.
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "315532800"),
        "PYTHONUTF8": "1",
    }


def write_search(site: Path, passages: Iterable[Passage], search: Search) -> None:
    """Adds Pagefind's index to a site that is searched by it."""
    if search is Search.PAGEFIND:
        write_pagefind(site, passages)
    if search is not Search.BUILT_IN:
        (site / SPEECH).unlink(missing_ok=True)


def write_archive(folder: Path) -> Path:
    """Writes the folder as a zip beside it; the same files give the same bytes."""
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
