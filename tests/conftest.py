"""Fixtures that several test modules share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project import Project, small_tree

pytest.register_assert_rewrite("tests.cases")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A small project in which all is well, built; the command runs in it."""
    monkeypatch.chdir(tmp_path)
    project = Project(tmp_path)
    project.write(small_tree())
    built = project.run("build")
    assert built.status == 0, built
    return project
