"""Makes a new collection: the program and a sample, without this collection's content."""

import json
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from build_tools.build.output import OutputError, write_tree
from build_tools.pages.markdown import escape as escape_markdown

# The checkout of the running program.
CHECKOUT = Path(__file__).parents[3]
_STARTER = Path(__file__).parent / "starter"
_COPIED = (
    *("build_tools", "theme", "docs/assets", "requirements/mkdocs.txt"),
    *("requirements/zensical.txt", "docs/format.md", "docs/data.md", "docs/contributing.md"),
    *("docs/own-collection.md", "docs/architecture.md", "docs/performance.md", "docs/threats.md"),
    *("docs/verify.py", ".github/ISSUE_TEMPLATE", ".github/PULL_REQUEST_TEMPLATE.md"),
    *(".github/workflows/check.yml", ".github/workflows/review.yml", ".github/workflows/apply.yml"),
    *(".github/workflows/publish.yml", ".github/workflows/dates.yml", ".github/dependabot.yml"),
    *(".gitattributes", ".gitignore", "LICENSE", "CODE_OF_CONDUCT.md", "Makefile", "SECURITY.md"),
    *("mkdocs.yml", "pyproject.toml"),
)
# The card shows the name of this collection.
_NOT_COPIED = "docs/assets/card.png"
_IN_NAV = re.compile(r"^ *- [^:\n]+: (?P<page>[a-z/-]+\.md)\n", re.MULTILINE)


def make_collection(target: Path, name: str, licence: str) -> tuple[str, ...]:
    """Writes a collection to a new or empty folder, whole or not at all; returns its paths."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise OutputError(f"{target} is there already: name a folder that is new or empty")
    missing = next((path for path in _COPIED if not (CHECKOUT / path).exists()), None)
    if missing:
        what = f"a collection takes {missing} with it, which is not installed here"
        raise OutputError(f"{what}: run sic new from a checkout of Sic")
    files = dict(sorted({**dict(_copied_files()), **dict(_starter_files(name, licence))}.items()))
    config = _configure(files["mkdocs.yml"].decode(), name, licence)
    # The navigation loses the pages that a new collection lacks.
    config = _IN_NAV.sub(lambda item: item[0] if f"docs/{item['page']}" in files else "", config)
    files["mkdocs.yml"] = config.encode()
    write_tree(files, target)
    return tuple(files)


def _copied_files() -> Iterator[tuple[str, bytes]]:
    for item in _COPIED:
        path = CHECKOUT / item
        for file in sorted(path.rglob("*")) if path.is_dir() else (path,):
            name = file.relative_to(CHECKOUT).as_posix()
            if file.is_file() and "__pycache__" not in file.parts and name != _NOT_COPIED:
                yield name, file.read_bytes()


def _starter_files(name: str, licence: str) -> Iterator[tuple[str, bytes]]:
    for file in sorted(path for path in _STARTER.rglob("*") if path.is_file()):
        text = file.read_text(encoding="utf-8")
        text = text.replace("{name}", escape_markdown(name))
        text = text.replace("{licence_field}", json.dumps(licence, ensure_ascii=False))
        text = text.replace("{licence}", escape_markdown(licence))
        yield file.relative_to(_STARTER).as_posix(), text.encode()


def _configure(config: str, name: str, licence: str) -> str:
    """mkdocs.yml with another name; values are escaped, since themes insert them as HTML."""
    settings = {
        "site_name": name,
        "site_description": "Transcripts in which every correction is marked and explained",
        "copyright": f"Annotations {licence}; the words belong to those who spoke them",
    }
    for key, value in settings.items():
        line = f"{key}: {json.dumps(escape(value), ensure_ascii=False)}".replace("\\", r"\\")
        config = re.sub(rf"^{key}: .*$", line, config, flags=re.MULTILINE)
    return config
