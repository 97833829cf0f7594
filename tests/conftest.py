"""Fixtures that several test modules share."""

from __future__ import annotations

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


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A small project in which all is well, built; the command runs in it."""
    monkeypatch.chdir(tmp_path)
    project = Project(tmp_path)
    project.write(small_tree())
    built = project.run("build")
    assert built.status == 0, built
    return project
