"""A room imports only rooms below it, and no import makes a circle: read from every import."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

import build_tools

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "build_tools"

# From top to bottom.
ROOMS = (
    *("cli", "authoring", "build", "exports", "pages", "metadata"),
    *("checks", "transcript", "reading", "sources", "text", "model"),
)
# Nothing of ours runs inside a site generator, so that it can be exchanged.
ENGINES = {"mkdocs", "material", "zensical"}


class Import(NamedTuple):
    """An import of a module: its full name and its line."""

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


def goes_up(found: Import) -> bool:
    """Whether an import leads to a room above its own."""
    importer, imported = (name.split(".")[1] for name in (found.importer, found.imported))
    return ROOMS.index(importer) > ROOMS.index(imported)


def test_every_module_stands_in_a_room() -> None:
    rooms = {name.split(".")[1] for name in MODULES if "." in name} - {"__main__"}
    assert rooms == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_room_imports_rooms_below_it_only(room: str) -> None:
    own = [found for found in OWN_IMPORTS if found.importer.split(".")[1:2] == [room]]
    assert [str(found) for found in own if goes_up(found)] == []


def test_no_imports_make_a_circle() -> None:
    graph: dict[str, set[str]] = {}
    for found in OWN_IMPORTS:
        graph.setdefault(found.importer, set()).add(found.imported)
    assert set(TopologicalSorter(graph).static_order()) >= graph.keys()


def test_package_itself_imports_nothing() -> None:
    assert [found for found in IMPORTS if found.importer == "build_tools"] == []
    assert [found for found in IMPORTS if found.imported == "build_tools"] == []


def test_only_commands_import_when_they_run() -> None:
    hidden = []
    for name, path in MODULES.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        top = {id(node) for node in tree.body}
        hidden += [
            f"{name}, line {node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in top
        ]
    assert [place for place in hidden if not place.startswith("build_tools.cli")] == []


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
    modules = MODULES.keys() - {"build_tools.__main__"}
    program = f"import sys; {missing}; import {', '.join(sorted(modules))}"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_architecture_page_has_every_room_in_order() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)/` \|", page, re.MULTILINE)
    assert listed == list(ROOMS)


def test_architecture_page_names_every_module() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)/` \|(.*)$", page, re.MULTILINE))
    modules = {name for name, path in MODULES.items() if path.name != "__init__.py"}
    missing = [
        name
        for name in sorted(modules - {"build_tools.__main__"})
        if f"`{name.split('.')[-1]}`" not in rows[name.split(".")[1]]
    ]
    assert missing == []


def test_package_docstring_lists_the_rooms() -> None:
    lines = [line[4:] for line in (build_tools.__doc__ or "").splitlines() if line[:4] == "    "]
    assert [line.split()[0] for line in lines] == list(ROOMS)


@pytest.mark.parametrize(
    ("importer", "source", "wrong"),
    [
        ("build_tools.text.words", "from build_tools.model.text import Word", False),
        ("build_tools.model.text", "from build_tools.text.words import find_words", True),
        ("build_tools.model.text", "def f():\n    import build_tools.text.words", True),
        ("build_tools.text.words", "if TYPE_CHECKING:\n    import build_tools.build.site", True),
        ("build_tools.pages.page", "from build_tools.pages.entry import render_entry", False),
        ("build_tools.pages.page", "from build_tools.exports import epub", True),
        ("build_tools.exports.epub", "from build_tools.pages.markdown import escape", False),
        ("build_tools.sources.json.reader", "from build_tools.reading import critic", True),
    ],
)
def test_imports_that_go_up_are_found(importer: str, source: str, wrong: bool) -> None:
    assert any(goes_up(found) for found in read_imports(importer, source)) is wrong
