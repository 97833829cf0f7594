"""What describes the published data to programs: JSON Schemas, and a Frictionless Data Package."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel, TypeAdapter

from build_tools.licences import find_licence
from build_tools.model import Edition, Masthead, Portion
from build_tools.render.markdown import one_line
from build_tools.render.shapes import (
    CorrectionShape,
    DoubtShape,
    EntryShape,
    ErrorRowShape,
    TranscriptShape,
    TurnRecordShape,
)

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PROFILE = "https://datapackage.org/profiles/2.0/"
# What was said is its speakers'; no licence of ours can say more of it.
_WORDS = {
    "name": "other-closed",
    "title": "The words as spoken belong to their speakers and publishers; shown for study",
}

# By its path below data/, what a file of JSON holds; a list of the shape, or one of it.
SCHEMAS: Mapping[str, Any] = {
    "transcript": TranscriptShape,
    "corrections": list[CorrectionShape],
    "glossary": list[EntryShape],
    "doubts": list[DoubtShape],
    "turn": TurnRecordShape,
}


class _Table(NamedTuple):
    """A file of records, and what they are; `spoken` says that it holds words of the speakers."""

    path: str
    title: str
    shape: type[BaseModel]
    keys: Sequence[str] = ()
    spoken: bool = True


# Turns have no key: several may begin in one line of a source, and share its address.
_TABLES = (
    _Table("turns.jsonl", "Every turn of every transcript", TurnRecordShape),
    _Table("corrections.csv", "Every correction", CorrectionShape),
    _Table("corrections.json", "Every correction", CorrectionShape),
    _Table("doubts.json", "What is still in doubt", DoubtShape),
    _Table("glossary.json", "Terms explained, and where they are said", EntryShape, ("url",)),
    _Table("errors.csv", "Word errors of the recognisers", ErrorRowShape, spoken=False),
)
_MEDIA = {"jsonl": "application/jsonl", "csv": "text/csv", "json": "application/json"}


def render_schema(name: str, masthead: Masthead) -> str:
    """`data/schemas/<name>.schema.json`: a JSON Schema, by its name in SCHEMAS."""
    schema = TypeAdapter(SCHEMAS[name]).json_schema()
    path = f"data/schemas/{name}.schema.json"
    named = {"$id": masthead.url + path} if masthead.url else {}
    return _render({"$schema": _DRAFT, **named, **schema})


def render_data_package(
    masthead: Masthead, editions: Sequence[Edition], files: Mapping[str, Portion]
) -> str:
    """`data/datapackage.json`; `files` are those it describes, by path below the site's top."""
    changed = max((edition.updated or edition.published for edition in editions), default="")
    licence = _license(masthead)
    package: dict[str, object] = {
        "$schema": f"{_PROFILE}datapackage.json",
        "name": "annotated-transcripts",
        "title": one_line(masthead.name),
        "description": one_line(masthead.description) or None,
        "homepage": masthead.url or None,
        "created": f"{changed}T00:00:00Z" if changed else None,
        "licenses": [licence],
        "sources": [{"title": one_line(edition.title)} for edition in editions] or None,
        # A list without any object has no fields to be held to.
        "resources": [
            _resource(table, data, licence)
            for table in _TABLES
            if (data := bytes(files[f"data/{table.path}"])) != b"[]\n"
        ],
    }
    return _render({key: value for key, value in package.items() if value is not None})


def _license(masthead: Masthead) -> dict[str, str]:
    """A licence as Frictionless has it, which spells it in the American way."""
    licence = find_licence(masthead.licence)
    described = {"name": licence.identifier, "path": licence.url, "title": licence.title}
    return {key: value for key, value in described.items() if value}


def _resource(table: _Table, data: bytes, licence: dict[str, str]) -> dict[str, object]:
    name, _, form = table.path.partition(".")
    schema: dict[str, object] = {
        "$schema": f"{_PROFILE}tableschema.json",
        "fields": list(_fields(table.shape)),
    }
    if table.keys:
        schema["primaryKey"] = list(table.keys)
    return {
        "$schema": f"{_PROFILE}dataresource.json",
        "name": f"{name}-{form}",
        "type": "table",
        "path": table.path,
        "title": table.title,
        "format": form,
        "mediatype": _MEDIA[form],
        "encoding": "utf-8",
        **_sums(form, data),
        "licenses": [licence, _WORDS] if table.spoken else [licence],
        "schema": schema,
    }


def _sums(form: str, data: bytes) -> dict[str, object]:
    """Size and checksum of a table, but of JSON, of which frictionless counts no bytes."""
    if form == "json":
        return {}
    return {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}


def _fields(shape: type[BaseModel]) -> Iterator[dict[str, object]]:
    """The fields of a shape as Table Schema has them, made from its JSON Schema."""
    schema = shape.model_json_schema()
    for name, described in schema["properties"].items():
        choices = described.get("anyOf", [described])
        optional = any(choice.get("type") == "null" for choice in choices)
        kept = next(choice for choice in choices if choice.get("type") != "null")
        field = {"name": name, "type": kept["type"], "description": described["description"]}
        if "unit" in described:
            field["unit"] = described["unit"]
        constraints = {
            rule: kept.get(rule, described.get(rule))
            for rule in _CONSTRAINTS
            if rule in kept or rule in described
        }
        # In a table of text an empty cell is none, whether it is said to be so or not.
        if not optional and kept["type"] != "string":
            constraints = {"required": True, **constraints}
        if constraints:
            field["constraints"] = constraints
        yield field


# Rules that JSON Schema and Table Schema call alike.
_CONSTRAINTS = ("enum", "minimum", "pattern", "maxLength")


def _render(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
