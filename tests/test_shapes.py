"""`docs/data.md` lists every field of the published data as the shapes have it.

`pytest tests/test_shapes.py --accept` writes the tables down.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pydantic import TypeAdapter

from build_tools.exports.shapes import SCHEMAS, ErrorRowShape
from tests.pages import ROOT

PAGE = ROOT / "docs/data.md"
HEADING = "## Fields of the tables\n"
INTRODUCTION = """
A field of a list's items is written `list[].field`.
Where a field is none, JSON has `null` and CSV an empty cell.
"""
COLUMNS = "| field | type | unit | what it is |\n|---|---|---|---|\n"
FILES = {
    "transcripts/<slug>/transcript.json": SCHEMAS["transcript"],
    "data/turns.jsonl": SCHEMAS["turn"],
    "data/corrections.json` and `data/corrections.csv": SCHEMAS["corrections"],
    "data/doubts.json": SCHEMAS["doubts"],
    "data/glossary.json": SCHEMAS["glossary"],
    "data/errors.csv": ErrorRowShape,
}


def list_fields(
    schema: Mapping[str, Any], shapes: Mapping[str, Any], path: str = ""
) -> Iterator[tuple[str, str, str, str]]:
    """Path, type, unit and meaning of each field of a schema, those of inner shapes included."""
    for name, field in schema["properties"].items():
        choices = field.get("anyOf", [field])
        kept = next(choice for choice in choices if choice.get("type") != "null")
        inner = kept.get("items", kept)
        listed = "[]" if kept.get("type") == "array" else ""
        form = "list" if listed else kept.get("type", "object")
        form += " or none" if len(choices) > 1 else ""
        if "enum" in kept:
            form += ": " + ", ".join(f"`{value}`" for value in kept["enum"])
        yield f"{path}{name}", form, kept.get("unit", ""), field["description"]
        if "$ref" in inner:
            shape = shapes[inner["$ref"].rpartition("/")[2]]
            yield from list_fields(shape, shapes, f"{path}{name}{listed}.")


def render_tables() -> str:
    pieces = [HEADING, INTRODUCTION]
    for title, shape in FILES.items():
        schema = TypeAdapter(shape).json_schema()
        shapes = schema.get("$defs", {})
        top = shapes[schema["items"]["$ref"].rpartition("/")[2]] if "items" in schema else schema
        pieces.append(
            f"\n### `{title}`\n\n| field | type | unit | what it is |\n|---|---|---|---|\n"
        )
        pieces += [
            f"| `{path}` | {form} | {unit} | {meaning} |\n"
            for path, form, unit, meaning in list_fields(top, shapes)
        ]
    return "".join(pieces)


def test_the_page_lists_every_field(pytestconfig: pytest.Config) -> None:
    text = PAGE.read_text(encoding="utf-8")
    section = re.search(rf"^{HEADING}(?:(?!## ).*\n)*", text, re.MULTILINE)
    assert section
    if pytestconfig.getoption("--accept"):
        PAGE.write_text(text.replace(section[0], render_tables()), encoding="utf-8")
    else:
        assert section[0].rstrip("\n") == render_tables().rstrip("\n")
