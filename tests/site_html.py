"""Built sites: how they are made for the tests, and their pages as values."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from build_tools.pages.assets import is_module, render_asset

ROOT = Path(__file__).parent.parent
# Variables that the site generators read; a test machine's own addresses are removed.
PROJECT = ("docs", "theme", "mkdocs.yml")
OUR_ENVIRONMENT = ("SIC_", "GITHUB_", "SOURCE_DATE_EPOCH", "PYTHONPATH")
# A fork's address, with its owner's capitals.
REPOSITORY = "https://github.com/Someone/talks"
PAGES = "https://someone.github.io/talks/"
NO_HOST = "http://site.invalid/"
# Our style sheets, scripts and their modules as they are written, by their path in docs/.
ASSETS = {
    path.relative_to(ROOT / "docs").as_posix(): path.read_bytes()
    for path in sorted((ROOT / "docs/assets").rglob("*"))
    if path.is_file()
}


def published_assets() -> dict[str, bytes]:
    """The files of `docs/assets` as the build publishes them."""
    return {path: render_asset(ASSETS, path) for path in ASSETS if not is_module(path)}


class Reference(NamedTuple):
    """An address in a page, and the tag that it stands in."""

    tag: str
    attribute: str
    url: str
    rel: str
    in_article: bool


class Page(NamedTuple):
    """A page of a site; `text` is its article's without tags, white space folded."""

    text: str
    ids: tuple[str, ...]
    article_ids: tuple[str, ...]
    references: tuple[Reference, ...]
    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    nested_links: tuple[str, ...]


class Site(NamedTuple):
    """A built site, its pages by their path in it, and what the engine said while it made them."""

    folder: Path
    pages: Mapping[str, Page]
    said: tuple[str, ...]


class Target(NamedTuple):
    """The target of a link in its own site."""

    path: str
    fragment: str


class _PageParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.in_article = False
        self.open_link = ""
        self.inside = ""
        self.text: list[str] = []
        self.ids: list[str] = []
        self.article_ids: list[str] = []
        self.references: list[Reference] = []
        self.verbatim: dict[str, list[str]] = {"script": [], "style": []}
        self.nested_links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.in_article |= tag == "article"
        self._take_ids(values)
        self._take_references(tag, values)
        if tag == "a":
            if self.open_link:
                self.nested_links.append(self.open_link)
            self.open_link = self.get_starttag_text() or "<a>"
        if tag in self.verbatim:
            self.inside = tag

    def _take_ids(self, values: Mapping[str, str]) -> None:
        if "id" in values:
            self.ids.append(values["id"])
            if self.in_article:
                self.article_ids.append(values["id"])

    def _take_references(self, tag: str, values: Mapping[str, str]) -> None:
        for attribute in ("href", "src", "srcset", "data", "poster", "action"):
            if attribute in values:
                self.references.append(
                    Reference(
                        tag, attribute, values[attribute], values.get("rel", ""), self.in_article
                    )
                )
        if "style" in values:
            self.verbatim["style"].append(values["style"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self.in_article = False
        if tag == "a":
            self.open_link = ""
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.verbatim[self.inside].append(data)
        elif self.in_article:
            self.text.append(data)

    def page(self) -> Page:
        return Page(
            " ".join("".join(self.text).split()),
            tuple(self.ids),
            tuple(self.article_ids),
            tuple(self.references),
            tuple(self.verbatim["script"]),
            tuple(self.verbatim["style"]),
            tuple(self.nested_links),
        )


def parse_page(html: str) -> Page:
    """A page from its HTML.

    >>> parse_page('<p>no</p><article><h1 id="x">A <b>talk</b></h1></article>').text
    'A talk'
    """
    parser = _PageParser()
    parser.feed(html)
    parser.close()
    return parser.page()


def read_pages(folder: Path) -> dict[str, Page]:
    """Every page of a built site by its path there."""
    return {
        path.relative_to(folder).as_posix(): parse_page(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.html"))
    }


def resolve(page: str, url: str) -> Target | None:
    """The target of a page's link in the site, or None for a link to another site.

    >>> resolve("glossary/x/index.html", "../../transcripts/y/#t1")
    Target(path='transcripts/y/index.html', fragment='t1')
    >>> resolve("x.html", "#t1"), resolve("x.html", "mailto:someone@example.org")
    (Target(path='x.html', fragment='t1'), None)
    """
    whole = urljoin(NO_HOST + page, url)
    if not whole.startswith(NO_HOST):
        return None
    parts = urlsplit(whole)
    path = unquote(parts.path).removeprefix("/")
    if not path or path.endswith("/"):
        path += "index.html"
    return Target(path, unquote(parts.fragment))


def article_links(name: str, page: Page) -> tuple[str | Target, ...]:
    """The targets of an article's links; engines write one address in different ways."""
    return tuple(
        resolve(name, reference.url) or reference.url
        for reference in page.references
        if reference.in_article
    )


def internal_links(site: Site) -> Iterator[tuple[str, str, Target]]:
    """Every address in a page that does not leave the site: page, as written, where it leads."""
    for name, page in site.pages.items():
        for reference in page.references:
            target = resolve(name, reference.url)
            if target and reference.rel != "canonical":
                yield name, reference.url, target


def project_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a build: this process's without its addresses, with additions."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(OUR_ENVIRONMENT)}
    return {**kept, "PYTHONPATH": str(ROOT), **(environment or {})}


def copy_project(source: Path, folder: Path) -> Path:
    """A new folder with all that a site is made of."""
    folder.mkdir(parents=True)
    for name in PROJECT:
        if (source / name).is_dir():
            shutil.copytree(source / name, folder / name)
        else:
            shutil.copy(source / name, folder / name)
    return folder


def run_python(project: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """All that `python …` prints in a project; it must end well."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env=project_environment(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, (
        f"{' '.join(arguments)} ended with {done.returncode}\n{done.stdout}"
    )
    return done.stdout


def build_site(
    project: Path,
    engine: str,
    *,
    offline: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Site:
    """The site that `sic build` makes of a project."""
    arguments = ["-m", "build_tools", "build", "--engine", engine]
    arguments += ["--offline"] if offline else ["--site"]
    folder = project / ("site-offline" if offline else "site")
    lines = run_python(project, *arguments, environment=environment).splitlines()
    compiled = next(number for number, line in enumerate(lines) if line.startswith("build/docs:"))
    assert lines[-1].startswith("site: ")
    return Site(folder, read_pages(folder), tuple(lines[compiled + 1 : -1]))
