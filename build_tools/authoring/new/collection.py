"""A collection of one's own: the program, a sample, and none of another collection's content."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from html import escape
from pathlib import Path

from build_tools.build.output import write_tree
from build_tools.pages.markdown import escape as escape_markdown

# The folder of the program that runs, with all that a collection takes from it.
CHECKOUT = Path(__file__).parents[3]
_STARTER = Path(__file__).parent / "starter"
_TAKEN = (
    *(
        "build_tools",
        "theme",
        "docs/assets",
        "requirements/mkdocs.txt",
        "requirements/zensical.txt",
    ),
    *("docs/format.md", "docs/data.md", "docs/contributing.md", "docs/own-collection.md"),
    *("docs/architecture.md", "docs/performance.md"),
    *(".github/ISSUE_TEMPLATE", ".github/PULL_REQUEST_TEMPLATE.md", ".github/dependabot.yml"),
    *(".github/workflows/check.yml", ".github/workflows/review.yml"),
    *(
        ".github/workflows/publish.yml",
        ".gitattributes",
        ".gitignore",
        "LICENSE",
        "CODE_OF_CONDUCT.md",
    ),
    *("Makefile", "SECURITY.md", "mkdocs.yml", "pyproject.toml"),
)
# The card shows the name of the collection that it was made for.
_LEFT = "docs/assets/card.png"
_IN_NAV = re.compile(r"^ *- [^:\n]+: (?P<page>[a-z/-]+\.md)\n", re.MULTILINE)
_SETTING = r"^{}: .*$"


class NewCollectionError(Exception):
    """A collection cannot be made there, or from here; the message says what to do."""


def make_collection(target: Path, name: str, licence: str) -> tuple[str, ...]:
    """Makes a collection in a folder that is new or empty, whole or not at all; gives its files."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise NewCollectionError(f"{target} is there already: name a folder that is new or empty")
    missing = next((path for path in _TAKEN if not (CHECKOUT / path).exists()), None)
    if missing:
        raise NewCollectionError(
            f"a collection takes {missing} with it, which is not installed here: "
            "run sic new from a checkout of Sic"
        )
    files = dict(sorted({**dict(_taken()), **dict(_started(name, licence))}.items()))
    config = _configure(files["mkdocs.yml"].decode(), name, licence)
    # Pages of the first collection that a new one has not are not in its navigation.
    config = _IN_NAV.sub(lambda item: item[0] if f"docs/{item['page']}" in files else "", config)
    files["mkdocs.yml"] = config.encode()
    write_tree(files, target)
    return tuple(files)


def _taken() -> Iterator[tuple[str, bytes]]:
    for item in _TAKEN:
        path = CHECKOUT / item
        for file in sorted(path.rglob("*")) if path.is_dir() else (path,):
            name = file.relative_to(CHECKOUT).as_posix()
            if file.is_file() and "__pycache__" not in file.parts and name != _LEFT:
                yield name, file.read_bytes()


def _started(name: str, licence: str) -> Iterator[tuple[str, bytes]]:
    for file in sorted(path for path in _STARTER.rglob("*") if path.is_file()):
        text = file.read_text(encoding="utf-8")
        text = text.replace("{name}", escape_markdown(name))
        text = text.replace("{licence_field}", json.dumps(licence, ensure_ascii=False))
        text = text.replace("{licence}", escape_markdown(licence))
        yield file.relative_to(_STARTER).as_posix(), text.encode()


def _configure(config: str, name: str, licence: str) -> str:
    """mkdocs.yml under another name; the themes put these values into their HTML as they are."""
    settings = {
        "site_name": name,
        "site_description": "Transcripts in which every correction is marked and explained",
        "copyright": f"Annotations {licence}; the words belong to those who spoke them",
    }
    for key, value in settings.items():
        line = f"{key}: {json.dumps(escape(value), ensure_ascii=False)}"
        # A function, since a backslash in a name means nothing here.
        config = re.sub(_SETTING.format(key), partial(_as_it_is, line), config, flags=re.MULTILINE)
    return config


def _as_it_is(line: str, _: re.Match[str]) -> str:
    return line
