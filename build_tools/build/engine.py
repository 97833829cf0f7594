"""Makes the site of the compiled pages: what is rendered, what is kept, and what is added."""

import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from build_tools.build import output, pagefind, rendering
from build_tools.build.cache import CACHE, make_key, version_key
from build_tools.build.inherited import configure, list_configs
from build_tools.exports.epub import write_member
from build_tools.model.site import Search
from build_tools.model.text import Text
from build_tools.model.transcript import Passage
from build_tools.pages.search import SPEECH
from build_tools.reading.home import HOME, parse_home
from build_tools.text.catalogue import tr, writing_in

SITE = Path("site")
OFFLINE_SITE = Path("site-offline")
OUTPUT = Path("build/docs")
# The picture that social media show beside a link; optional.
CARD = "assets/card.png"
# What may name an environment variable or a file in the configuration.
_NAME = re.compile(r"[\w./-]+")


class _Record(NamedTuple):
    """A site as it was made: a digest of its inputs, and the stamps of its pages and of its own."""

    key: str = ""
    pages: Mapping[str, output.Stamp] = {}
    site: Mapping[str, output.Stamp] = {}


_RECORD: TypeAdapter[_Record] = TypeAdapter(_Record)


def run_engine(
    engine: str,
    fetch_passages: Callable[[], Iterable[Passage]],
    *,
    search: Search = Search.BUILT_IN,
    offline: bool = False,
    fresh: bool = False,
    jobs: int = 1,
) -> str:
    """Makes the site of build/docs/ and returns its path; if anything fails, the old one stays.

    Unless it is to be `fresh`, MkDocs renders only what changed since it made the site in place.
    """
    target = OFFLINE_SITE if offline else SITE
    place, archive = target.absolute(), target.with_suffix(".zip")
    opened = f", to be opened by double click, and the same in {archive}"
    made = f"{target}/index.html{opened if offline else ' (sic serve shows it in a browser)'}"
    record, wasm = CACHE.with_name(f"{place.name}.json"), search is Search.PAGEFIND
    before = _Record()
    # No other build may replace the pages while the generator reads them.
    with output.lock(OUTPUT), output.claim(place):
        output.remove_leftovers(place)
        environment = engine_environment(SITE, offline=offline, search=search)
        key = _digest_inputs(engine, environment)
        pages = output.stamp_files(OUTPUT)
        with suppress(OSError, ValueError):
            before = _RECORD.validate_json(record.read_bytes())
        known = before.key == key and before.site == output.stamp_files(place) and not fresh
        if known and before.pages == pages and (archive.is_file() or not offline):
            return f"{made}; nothing changed since it was made"
        divisible = rendering.is_divisible(engine, list_configs())
        # Unchanged pages may link to a file that was removed.
        known = known and divisible and not before.pages.keys() - pages
        changed = {path for path, _ in pages.items() - before.pages.items()} if known else None
        with output.stage(place) as beside:
            new = beside / place.name
            environment["SIC_SITE_DIR"] = str(new)
            sizes = {path: stamp[0] for path, stamp in pages.items()}
            most = jobs if divisible else None
            rendering.render_pages(engine, environment, sizes, changed=changed, jobs=most)
            rendered = [path for path in output.list_files(new) if path.endswith(".html")]
            rendering.write_policies(new, rendered, wasm=wasm, offline=offline)
            kept = {*before.site} if known else set[str]()
            if wasm:
                kept = {path for path in kept if not path.startswith(f"{pagefind.FOLDER}/")}
                pagefind.write_pagefind(new, fetch_passages())
            _replace_generated(new, search, offline=offline)
            # Nothing is written from here on: most files are those of the site in place.
            site = output.complete(new, place, kept)
            rendered = [path for path in rendered if (site / path).is_file()]
            rendering.require_anchors(site, rendered, place)
            if offline:
                output.put_in_place(write_archive(site), archive)
            output.put_in_place(site, place)
        # Without the record, the next build renders everything.
        with suppress(OSError):
            record.unlink(missing_ok=True)
            record.write_bytes(_RECORD.dump_json(_Record(key, pages, output.stamp_files(place))))
    return made


def _replace_generated(site: Path, search: Search, *, offline: bool) -> None:
    """Removes what is not needed, and puts our sitemap in place of the generator's."""
    # A generator's own sitemap says that every page changed on the day of the build. Pages
    # opened as files have no crawlers, and the links of 404.html begin at a server's root.
    of_server = ("robots.txt", "404.html") if offline else ()
    of_search = () if search is Search.BUILT_IN else (SPEECH,)
    # Source maps of the theme are for its developers; they are a megabyte.
    for path in site.glob("assets/**/*.map"):
        path.unlink()
    for name in ("sitemap.xml.gz", "sitemap.xml", "search.json", *of_server, *of_search):
        (site / name).unlink(missing_ok=True)
    if (ours := OUTPUT / "sitemap.xml").is_file():
        shutil.copyfile(ours, site / "sitemap.xml")


def _digest_inputs(engine: str, environment: Mapping[str, str]) -> str:
    configs = [path for path in list_configs() if path.is_file()]
    config = "\n".join(path.read_text("utf-8") for path in configs)
    names = sorted({*_NAME.findall(config), "SOURCE_DATE_EPOCH"})
    theme = sorted(Path(environment["SIC_THEME_DIR"]).rglob("*"))
    # Files that it names are hooks, say, or a configuration that it inherits.
    files = [path for path in (*map(Path, names), *theme) if path.is_file()]
    return make_key(
        *(version_key(), engine, config, repr([environment.get(name) for name in names])),
        *(part for path in files for part in (path.as_posix(), path.read_bytes())),
    )


def site_addresses(environment: Mapping[str, str]) -> dict[str, str]:
    """The addresses of the site, with a slash, and its repository, as mkdocs.yml reads them.

    `SIC_SITE_URL` and `SIC_REPO_URL` win over GitHub's own variables, which give a fork its own.
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
    home = docs / HOME
    content = home.read_text("utf-8", "replace") if home.is_file() else ""
    lang = parse_home(Text(HOME, content), "")[0].lang
    begin = (
        "The address may be mistyped, or the page has another one now. Search for what you want, "
        "or begin here"
    )
    with writing_in(lang):
        return {
            **os.environ,
            # An offline site has no links that need the network.
            **site_addresses({} if offline else os.environ),
            **configure(),
            "SIC_DOCS_DIR": str(docs),
            "SIC_CARD": CARD if (docs / CARD).is_file() else "",
            "SIC_SITE_DIR": str(target),
            "SIC_DIRECTORY_URLS": str(not offline).lower(),
            "SIC_SEARCH": search.value,
            "SIC_LANG": lang,
            # The sentences of the theme.
            "SIC_TEXT_MISSING": tr("There is no such page"),
            "SIC_TEXT_BEGIN": tr(begin),
            "SIC_TEXT_TRANSCRIPTS": tr("Transcripts"),
            "SIC_TEXT_CORRECTIONS": tr("Corrections"),
            "SIC_EXCLUDED": "",
            # Silences an advertisement that Material prints.
            "NO_MKDOCS_2_WARNING": "1",
            # The same state must give the same bytes on any day.
            "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "315532800"),
            "PYTHONUTF8": "1",
        }


def write_archive(folder: Path) -> Path:
    """Writes the folder as a zip beside it; the same files give the same bytes."""
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as zipped:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                write_member(zipped, path.relative_to(folder.parent).as_posix(), path.read_bytes())
    return archive
