"""The sites that the tests look at, each built once in a run of tests, and their readers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.chromium import FLAGS, HOW_TO, find_chromium
from tests.reading import Door, Reader, Servers
from tests.site_html import PAGES, REPOSITORY, ROOT, Site, build_site, copy_project

# Whatever a page asks for elsewhere is seen and reported, and goes nowhere.
NO_NETWORK = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@pytest.fixture(scope="session")
def new_project(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Makes copies of this project, all of one state of it."""
    folder = tmp_path_factory.mktemp("projects")
    state = copy_project(ROOT, folder / "state")
    return lambda name: copy_project(state, folder / name)


@pytest.fixture(scope="session")
def mkdocs_site(new_project: Callable[[str], Path]) -> Site:
    """The output of `sic build --site`."""
    return build_site(new_project("mkdocs"), "mkdocs")


@pytest.fixture(scope="session")
def zensical_site(new_project: Callable[[str], Path]) -> Site:
    """The output of `sic build --site --engine zensical`."""
    return build_site(new_project("zensical"), "zensical")


@pytest.fixture(scope="session")
def mkdocs_offline(new_project: Callable[[str], Path]) -> Site:
    """The output of `sic build --offline`."""
    return build_site(new_project("mkdocs-offline"), "mkdocs", offline=True)


@pytest.fixture(scope="session")
def zensical_offline(new_project: Callable[[str], Path]) -> Site:
    """The output of `sic build --offline --engine zensical`."""
    return build_site(new_project("zensical-offline"), "zensical", offline=True)


@pytest.fixture(scope="session")
def mkdocs_published(new_project: Callable[[str], Path]) -> Site:
    """The site as GitHub's own runner makes it for a fork."""
    environment = {"GITHUB_REPOSITORY": "Someone/talks"}
    return build_site(new_project("mkdocs-published"), "mkdocs", environment=environment)


@pytest.fixture(scope="session")
def zensical_published(new_project: Callable[[str], Path]) -> Site:
    """The site with both addresses given by hand."""
    environment = {"SIC_SITE_URL": PAGES, "SIC_REPO_URL": REPOSITORY}
    return build_site(new_project("zensical-published"), "zensical", environment=environment)


@pytest.fixture
def built_site(made: str, request: pytest.FixtureRequest) -> Site:
    """The one of the sites above that a test's parameter names."""
    site = request.getfixturevalue(made)
    assert isinstance(site, Site)
    return site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium that knows no other host."""
    path = find_chromium()
    if not path:
        pytest.fail(HOW_TO, pytrace=False)
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=[*FLAGS, NO_NETWORK])
        yield chromium
        chromium.close()


@pytest.fixture
def reader(browser: Browser) -> Iterator[Reader]:
    """A reader, who at the end of a test has met no error and no request to another host."""
    visitor = Reader(browser)
    yield visitor
    visitor.close()
    assert visitor.troubles == []


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Serves sites until the end of all tests."""
    running = Servers()
    yield running
    running.stop()


@pytest.fixture
def door(request: pytest.FixtureRequest, servers: Servers) -> Door:
    """How the reader of a test comes to the site."""
    made, by = request.param
    site = request.getfixturevalue(made)
    assert isinstance(site, Site)
    if by == "http":
        return servers.serve(site)
    return Door(site, f"{site.folder.as_uri()}/", ".html")
