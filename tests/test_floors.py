"""Imports go down only: the floors of the house, held by reading every import."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import build_tools

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "build_tools"

# From top to bottom. What stands on one floor knows nothing of its neighbours.
FLOORS = """\
cli
serve collection pull_request
excerpt
site engine intake
plan
workshop
talk lists
exports
corpus suggest pagefind
fidelity marking elsewhere fillers transcript mentions kinship links quotations render
bounds draft oddities error_rates timing borrowing
edition glossary theme home
critic front_matter phrases rows cue_times differences kinds sources
words sounds frequencies timecode language licences nearness cache
model output processes address
"""
# Inside the two packages: the modules that the others there stand on; each tuple is a
# floor of its own, from top to bottom.
INSIDE = {
    "cli": (("printing",),),
    "render": (
        ("cover",),
        ("downloads", "epub", "first_mentions"),
        ("citation", "conversation_map", "dividing", "search"),
        ("markdown", "shapes"),
    ),
    "sources": (
        ("rolling", "labels", "document", "markup", "phrasing"),
        ("captions",),
        ("cue_text",),
        ("raw", "charset", "times"),
    ),
    "suggest": (("evidence",),),
}
# Nothing of ours runs inside a site generator, so that it can be exchanged.
ENGINES = {"mkdocs", "material", "zensical"}


class Import(NamedTuple):
    """What a module imports, by its whole name, and where."""

    importer: str
    imported: str
    line: int

    def __str__(self) -> str:
        return f"{self.importer}, line {self.line}, imports {self.imported}"


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def read_imports(name: str, source: str) -> Iterator[Import]:
    """Every import of a module, those in functions and under TYPE_CHECKING included."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (Import(name, alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}, line {node.lineno}: imports are written out"
            module = node.module or ""
            for alias in node.names:
                whole = f"{module}.{alias.name}"
                yield Import(name, whole if whole in MODULES else module, node.lineno)


IMPORTS = [
    found
    for name, path in MODULES.items()
    for found in read_imports(name, path.read_text(encoding="utf-8"))
]
OWN_IMPORTS = [found for found in IMPORTS if found.imported.split(".")[0] == "build_tools"]


def floor_of(name: str) -> int:
    """The number of a module's floor from the top; its package's, where it stands in one."""
    member = name.split(".")[1]
    return next(n for n, floor in enumerate(FLOORS.splitlines()) if member in floor.split())


def wrong_way(found: Import) -> bool:
    """Whether an import goes up, or to a neighbour of the same floor."""
    importer, imported = found.importer.split("."), found.imported.split(".")
    if importer[1:2] == imported[1:2]:
        return goes_astray_inside(importer, imported)
    return floor_of(found.importer) >= floor_of(found.imported)


def goes_astray_inside(importer: list[str], imported: list[str]) -> bool:
    """Whether an import within a package goes up, or sideways among the modules of a table."""
    below = INSIDE[importer[1]]
    if len(importer) == 2:
        return False
    if len(imported) == 2:
        return True
    floors = {name: number for number, floor in enumerate(below) for name in floor}
    return floors.get(imported[2], -1) <= floors.get(importer[2], -1)


def test_every_module_stands_on_one_floor() -> None:
    listed = FLOORS.split()
    assert len(listed) == len(set(listed))
    members = {name.split(".")[1] for name in MODULES if "." in name} - {"__main__"}
    assert set(listed) == members


@pytest.mark.parametrize("name", sorted(MODULES.keys() - {"build_tools", "build_tools.__main__"}))
def test_module_imports_downward_only(name: str) -> None:
    assert [
        str(found) for found in OWN_IMPORTS if found.importer == name and wrong_way(found)
    ] == []


def test_package_itself_imports_nothing() -> None:
    assert [found for found in IMPORTS if found.importer == "build_tools"] == []
    assert [found for found in IMPORTS if found.imported == "build_tools"] == []


def test_no_import_hides_in_a_function_or_behind_type_checking() -> None:
    hidden = []
    for name, path in MODULES.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        top = {id(node) for node in tree.body}
        hidden += [
            f"{name}, line {node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in top
        ]
    assert hidden == []


def test_nothing_imports_a_site_generator() -> None:
    found = [item for item in IMPORTS if item.imported.split(".")[0] in ENGINES]
    dynamic = [
        name
        for name, path in MODULES.items()
        if re.search(r"import_module|__import__|runpy", path.read_text(encoding="utf-8"))
    ]
    assert (found, dynamic) == ([], [])


def test_package_can_be_imported_where_no_site_generator_is_installed() -> None:
    missing = f"sys.modules.update(dict.fromkeys({sorted(ENGINES)}))"
    program = f"import sys; {missing}; import build_tools.cli"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_architecture_page_quotes_the_floors() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    assert f"```text\n{FLOORS}```" in page


def test_architecture_page_has_a_line_for_every_module() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    table = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    missing = [
        name
        for name in FLOORS.split()
        if not any(f"`{name}`" in cell or f"`{name}/`" in cell for cell in table)
    ]
    assert missing == []


def test_package_docstring_quotes_the_floors() -> None:
    lines = [line[4:] for line in (build_tools.__doc__ or "").splitlines() if line[:4] == "    "]
    assert [line.split("  ")[0] for line in lines] == FLOORS.splitlines()


@pytest.mark.parametrize(
    ("importer", "source", "wrong"),
    [
        ("build_tools.words", "from build_tools.model import Word", False),
        ("build_tools.model", "from build_tools.words import find_words", True),
        ("build_tools.model", "def f():\n    from build_tools.words import find_words", True),
        ("build_tools.words", "if TYPE_CHECKING:\n    import build_tools.site", True),
        ("build_tools.links", "from build_tools.mentions import check_forms", True),
        ("build_tools.site", "from build_tools.render import data", False),
        ("build_tools.links", "from build_tools.render import data", True),
        ("build_tools.render.page", "from build_tools.render.markdown import escape", False),
        ("build_tools.render.page", "from build_tools.render.entry import render_entry", True),
        ("build_tools.render.markdown", "from build_tools.render import page", True),
        ("build_tools.render.epub", "from build_tools.render.markdown import one_line", False),
        ("build_tools.render.markdown", "from build_tools.render import epub", True),
        ("build_tools.sources", "from build_tools.sources.clock import read_clock", False),
        ("build_tools.sources.clock", "from build_tools.sources import FORMATS", True),
        ("build_tools.sources.document", "from build_tools.sources.raw import RawCue", False),
        ("build_tools.sources.document", "from build_tools.sources.markup import Markup", True),
        ("build_tools.sources.raw", "from build_tools.sources.document import Document", True),
        ("build_tools.sources.rev", "from build_tools.sources.aws import read_aws", True),
    ],
)
def test_imports_that_go_the_wrong_way_are_found(importer: str, source: str, wrong: bool) -> None:
    (found,) = read_imports(importer, source)
    assert wrong_way(found) is wrong
