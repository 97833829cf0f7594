"""Fixtures that several test modules share."""

import contextlib
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.project import Project, small_tree

pytest.register_assert_rewrite("tests.cases")

# Nothing here depends on how busy the machine is.
settings.register_profile("sic", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# A tenth of the examples, for `make quick`.
settings.register_profile("quick", settings.get_profile("sic"), max_examples=10)
settings.load_profile("sic")


@pytest.fixture(scope="session")
def small_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small project in which all is well, built once for all tests."""
    folder = tmp_path_factory.mktemp("small")
    with contextlib.chdir(folder):
        project = Project(folder)
        project.write(small_tree())
        built = project.run("build")
        assert built.status == 0, built
    return folder


@pytest.fixture
def project(small_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A copy of the small project; the command runs in it."""
    shutil.copytree(small_project, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)
