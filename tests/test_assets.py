"""Style sheets and scripts go out joined; everything else goes out as it is."""

import gzip
import re
from pathlib import PurePosixPath

import pytest

from build_tools.pages.assets import is_module, render_asset
from tests.site_html import ASSETS, ROOT, published_assets

SCRIPTS = [path for path in ASSETS if path.endswith(".js")]
JOINED = [path for path in SCRIPTS if b'from "./' in ASSETS[path] and not is_module(path)]
# In our own words: nothing at the top of a module but imports, constants and what runs at once.
TOP_NAMES = re.compile(
    r"^(?:export )?(?:const|let|class|(?:async )?function\*?) ([{\[][^=]*|\w+)", re.MULTILINE
)
IMPORT = re.compile(r'^(?:import \{ ([^{}]*) \} from|@import) "\./([^"]+)";?$', re.MULTILINE)


def test_modules_stand_once_and_before_what_needs_them() -> None:
    tree = {
        "assets/a.js": b'/* Why */\nimport { b } from "./scripts/b.js"\n'
        b'import {\n  c,\n} from "./scripts/c.js"\n\nb(c)\n',
        "assets/scripts/b.js": b'import { c } from "./c.js"\nexport const b = x => c + x\n',
        "assets/scripts/c.js": b"/* Two\n   lines */\nexport let c = `  /* ${1} */`\n",
    }
    assert render_asset(tree, "assets/a.js").decode() == (
        ';(() => {\n"use strict"\nlet c = `  /* ${1} */`\nconst b = x => c + x\nb(c)\n})()\n'
    )


def test_a_style_sheet_has_its_parts_in_the_order_of_its_imports() -> None:
    tree = {
        "assets/a.css": b'@import "./styles/z.css";\r\n@import "./styles/b.css";\r\n',
        "assets/styles/b.css": b"/* Why */\np {\n}\n",
        "assets/styles/z.css": b"a {\n}\n",
    }
    assert render_asset(tree, "assets/a.css") == b"a {\n}\np {\n}\n"


@pytest.mark.parametrize(
    ("path", "written"),
    [
        *(("assets/a.js", b"/* Why */\na  =  1\n"), ("assets/a.js", b"\xff\xfe  1")),
        ("assets/a.js", b'import { a } from "./scripts/missing.js"\n'),
        *(("assets/a.css", b"/* Why */\np  {}\n"), ("assets/a.svg", b"<svg>  </svg>\n")),
        *(("sources/a.js", b'import { a } from "./scripts/a.js"\n'), ("index.md", b"# Home\n\n\n")),
    ],
)
def test_all_else_goes_out_as_it_is(path: str, written: bytes) -> None:
    assert render_asset({path: written, "sources/scripts/a.js": b"1"}, path) == written


def test_modules_are_published_only_inside_others() -> None:
    published = published_assets()
    assert {"assets/sic.js", "assets/sic.css", "assets/favicon.svg"} <= published.keys()
    assert not [path for path in published if path.startswith(("assets/scripts", "assets/styles"))]


def list_modules(path: str, found: dict[str, str]) -> dict[str, str]:
    """The text of a script and of all that it imports, each once."""
    found[path] = ASSETS[path].decode()
    for _, needed in IMPORT.findall(found[path]):
        module = (PurePosixPath(path).parent / needed).as_posix()
        if module not in found:
            list_modules(module, found)
    return found


@pytest.mark.parametrize("path", JOINED)
def test_joined_modules_share_a_scope_without_a_clash(path: str) -> None:
    written = TOP_NAMES.findall("\n".join(list_modules(path, {}).values()))
    names = re.findall(r"\w+", " ".join(written))
    assert names
    assert len(names) == len(set(names))
    assert not re.search(r"^(import|export) ", render_asset(ASSETS, path).decode(), re.MULTILINE)


@pytest.mark.parametrize("path", SCRIPTS)
def test_a_module_imports_what_is_exported_under_its_own_name(path: str) -> None:
    text = ASSETS[path].decode()
    imports = IMPORT.findall(text)
    assert len(imports) == len(re.findall(r"^import ", text, re.MULTILINE))
    for names, needed in imports:
        other = ASSETS[(PurePosixPath(path).parent / needed).as_posix()].decode()
        for name in names.replace(",", " ").split():
            assert re.search(rf"^export (const|let) {re.escape(name)}\b", other, re.MULTILINE), name


def test_every_module_is_in_use() -> None:
    used = {
        (PurePosixPath(path).parent / needed).as_posix()
        for path, data in ASSETS.items()
        if path.endswith((".js", ".css"))
        for _, needed in IMPORT.findall(data.decode())
    }
    assert used == {path for path in ASSETS if is_module(path)}


def test_scripts_know_the_units_of_addresses() -> None:
    """One place in the scripts, and none beside it."""
    rule = ASSETS["assets/scripts/addresses.js"].decode()
    assert 'const UNITS = { t: "second", l: "line", p: "piece" }' in rule
    others = [ASSETS[path].decode() for path in SCRIPTS if not path.endswith("/addresses.js")]
    assert not [text for text in others if re.search(r"\[id\^=|#t\(|\.sic-turn, \.sic-on", text)]


@pytest.mark.parametrize(
    ("names", "most"),
    [
        (("sic.css", "sic.js", "search.js"), 24 * 1024),
        # Loaded when a reader searches, comes from a search, searches a large collection, corrects.
        *((("search-dialog.js",), 8 * 1024), (("search-landing.js",), 2 * 1024)),
        (("search-remote.js",), 3 * 1024),
        (("correcting.js", "correcting.css"), 7 * 1024),
    ],
)
def test_own_assets_stay_small(names: tuple[str, ...], most: int) -> None:
    parts = [gzip.compress(render_asset(ASSETS, f"assets/{name}"), 9) for name in names]
    assert sum(map(len, parts)) <= most


def test_styles_are_of_classes_that_the_build_or_a_script_writes() -> None:
    styles = "".join(data.decode() for path, data in ASSETS.items() if path.endswith(".css"))
    sources = [*(ROOT / "build_tools").rglob("*.py"), *(ROOT / "docs").glob("*.md")]
    written = "".join(path.read_text(encoding="utf-8") for path in sources)
    written += "".join(ASSETS[path].decode() for path in SCRIPTS)
    words = set(re.findall(r"[\w-]+", written))
    # Of kinds, lanes and their like, only the second half stands there.
    named = set(re.findall(r"\.(sic-[\w-]+)", styles))
    assert {name for name in named if not words & {name, name.rpartition("-")[2]}} == set()
    assert set(re.findall(r"var\((--sic-\w+)", styles)) <= set(re.findall(r"(--sic-\w+):", styles))
