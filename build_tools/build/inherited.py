"""The program's files that a collection inherits: configuration, theme, scripts and guides."""

import re
from collections.abc import Mapping
from pathlib import Path

# A wheel holds a copy, which setup.py makes; in a checkout they stand at the top.
PROGRAM = Path(__file__).parents[1] / "inherited"
PROGRAM = PROGRAM if PROGRAM.is_dir() else Path(__file__).parents[2]
CONFIG, THEME = Path("mkdocs.yml"), Path("theme")
_BASE = PROGRAM / CONFIG
# Files and folders below docs/ that a collection has unless it has its own; the card shows a name.
_GUIDES = ("contributing.md", "format.md", "data.md", "own-collection.md", "threats.md")
_DOCS = ("assets", "verify.py", *_GUIDES)
_OF_SIC = "docs/assets/card.png"
# What setup.py puts into a wheel.
PACKAGED = ("mkdocs.yml", "theme", *(f"docs/{path}" for path in _DOCS))
_INHERITS = re.compile(r"^INHERIT: !ENV SIC_CONFIG\s*$", re.MULTILINE)


def list_files(top: Path = PROGRAM) -> list[str]:
    """The paths below the top of all files that are inherited, in order."""
    places = (place for item in PACKAGED for place in (top / item, *(top / item).rglob("*")))
    found = {place.relative_to(top).as_posix() for place in places if place.is_file()}
    return sorted(found - {_OF_SIC})


def list_inherited() -> Mapping[str, Path]:
    """Each file below docs/ that the collection here inherits, by its path in the tree."""
    if len(list_configs()) == 1:
        return {}
    paths = (path for path in list_files() if path.startswith("docs/"))
    return {path.removeprefix("docs/"): PROGRAM / path for path in paths}


def list_configs() -> tuple[Path, ...]:
    """The configuration of the collection here, behind the one that it inherits, if it does."""
    inherits = CONFIG.is_file() and _INHERITS.search(CONFIG.read_text("utf-8"))
    return (_BASE, CONFIG) if inherits else (CONFIG,)


def configure() -> dict[str, str]:
    """The variables of the environment by which mkdocs.yml finds what it inherits."""
    theme = THEME if THEME.is_dir() else PROGRAM / THEME
    return {"SIC_CONFIG": str(_BASE), "SIC_THEME_DIR": str(theme.absolute())}
