"""The offline build: a folder that opens by double click, and the same in a zip."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from build_tools.build.engine import write_archive
from tests.site_html import Site, build_site, resolve

pytestmark = pytest.mark.engine

BOTH = pytest.mark.parametrize("made", ["mkdocs_offline", "zensical_offline"])


def archive_of(site: Site) -> Path:
    return site.folder.parent / "site-offline.zip"


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def zipped(archive: Path) -> dict[str, bytes]:
    """Every file in an archive, by its path there."""
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@BOTH
def test_a_folder_and_a_zip_are_made(built_site: Site) -> None:
    project = built_site.folder.parent
    assert (project / "site-offline" / "index.html").is_file()
    assert zipfile.is_zipfile(project / "site-offline.zip")
    assert not (project / "site").exists()


@BOTH
def test_the_zip_holds_every_file_of_the_folder(built_site: Site) -> None:
    wanted = {
        f"site-offline/{name}": content for name, content in files_of(built_site.folder).items()
    }
    assert zipped(archive_of(built_site)) == wanted


@BOTH
def test_a_build_in_another_place_gives_the_same_zip(
    made: str, built_site: Site, new_project: Callable[[str], Path]
) -> None:
    elsewhere = build_site(new_project(f"{made}-again"), made.partition("_")[0], offline=True)
    assert files_of(elsewhere.folder) == files_of(built_site.folder)
    assert archive_of(elsewhere).read_bytes() == archive_of(built_site).read_bytes()


@BOTH
def test_the_zip_does_not_depend_on_the_times_of_files(built_site: Site) -> None:
    first = archive_of(built_site).read_bytes()
    for path in built_site.folder.rglob("*.html"):
        os.utime(path, (10**9, 10**9))
    assert write_archive(built_site.folder).read_bytes() == first


@BOTH
def test_every_page_is_linked_as_a_file_beside_it(built_site: Site) -> None:
    for name, page in built_site.pages.items():
        for reference in page.references:
            target = resolve(name, reference.url)
            if target:
                parts = urlsplit(reference.url)
                assert not parts.scheme
                assert not parts.path.startswith("/"), (name, reference)
                assert not parts.path.endswith("/"), (name, reference)
                assert (built_site.folder / target.path).is_file(), (name, reference)


@BOTH
def test_every_address_in_the_pages_is_there(built_site: Site) -> None:
    dead = {
        f"{name}: {reference.url}"
        for name, page in built_site.pages.items()
        for reference in page.references
        if (target := resolve(name, reference.url))
        and target.fragment
        and not target.fragment.startswith("__")
        and target.fragment not in built_site.pages[target.path].ids
    }
    assert dead == set()


@BOTH
def test_no_file_names_the_folder_that_it_was_made_in(built_site: Site) -> None:
    here = str(built_site.folder.parent).encode()
    assert [name for name, content in files_of(built_site.folder).items() if here in content] == []
