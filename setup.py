"""Puts the files that collections inherit into the wheel; pyproject.toml has everything else."""

import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

TOP = Path(__file__).parent
sys.path.insert(0, str(TOP))

from build_tools.build.inherited import list_files  # noqa: E402 - a build has no such path before


class BuildWithInherited(build_py):
    """Copies the files into the package `build_tools`, unless it is installed editable."""

    def run(self) -> None:
        """Builds, then copies."""
        super().run()
        if self.editable_mode:
            return
        for path in list_files(TOP):
            target = Path(self.build_lib) / "build_tools/inherited" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(TOP / path, target)


setup(cmdclass={"build_py": BuildWithInherited})
