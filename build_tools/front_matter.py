"""The YAML head of editions and entries as checked fields, each problem at its line.

python-frontmatter parts head and body. It takes an unterminated head for text, lets the last of
two equal keys win, and YAML 1.1 reads `12:30` as 750 and `no` as false; so the head is looked at
before and the fields after, against what stands in the file.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple, TypeVar

import yaml
from frontmatter.default_handlers import YAMLHandler
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

from build_tools.model import Problem, Text

_OPENING = re.compile(r"-{3,}[ \t]*\n")
_CLOSING = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)


class Fields(BaseModel):
    """Fields of a head: types are not bent into one another, and unknown keys are problems."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _iso_date(value: object) -> object:
    # YAML reads an unquoted day as a date; as text it says the same.
    return value.isoformat() if type(value) is datetime.date else value


_Line = Annotated[str, Field(min_length=1, pattern=r"^\S[^\n]*$")]
Day = Annotated[str, BeforeValidator(_iso_date), Field(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")]


class SourceFields(Fields):
    """`source:` of an edition."""

    file: _Line
    format: _Line
    furniture: list[int | _Line] = []
    note: _Line | None = None


class EditionFields(Fields):
    """The head of an edition."""

    title: _Line
    date: Day
    event: _Line | None = None
    description: _Line | None = None
    source: SourceFields
    speakers: dict[_Line, _Line] = {}


class ReferenceFields(Fields):
    """One of an entry's `sources:`."""

    title: _Line
    author: _Line | None = None
    publisher: _Line | None = None
    date: Day | None = None
    url: Annotated[str, Field(pattern=r"^https://[^\s<>\"'()]+$")] | None = None


class EntryFields(Fields):
    """The head of a glossary entry."""

    term: _Line
    kind: _Line
    short: Annotated[_Line, Field(max_length=240)]
    also: list[_Line] = []
    see: list[_Line] = []
    sources: list[ReferenceFields] = []


class Head(NamedTuple):
    """The fields as YAML read them, where the body begins, and a place for every key."""

    values: dict[str, Any]
    body: int
    offsets: dict[tuple[str | int, ...], int]
    problems: tuple[Problem, ...]


def parse_head(text: Text) -> Head:
    """A file's head, read but not yet checked against the fields that it should have."""
    content = text.content
    opening = _OPENING.match(content)
    if not opening:
        return Head({}, 0, {}, (text.problem(0, "the front matter is missing", _REMEDY_HEAD),))
    closing = _CLOSING.search(content, opening.end())
    if not closing:
        return Head(
            {},
            len(content),
            {},
            (
                text.problem(
                    0, "the front matter has no end", "close it with a line --- of its own"
                ),
            ),
        )
    yaml_text = YAMLHandler().split(content)[0].lstrip("\n")
    start = content.index(yaml_text, opening.end() - 1)
    try:
        # An alias can make a small file a huge value; nobody needs one here.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(yaml_text)):
            raise yaml.YAMLError("an alias (*name) stands in it")
        node = yaml.compose(yaml_text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(yaml_text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return Head({}, closing.end(), {}, (_yaml_problem(text, start, error),))
    if not isinstance(node, yaml.MappingNode):
        what = "the front matter has no keys"
        return Head({}, closing.end(), {}, (text.problem(start, what, _REMEDY_HEAD),))
    offsets = {path: start + mark for path, mark in _offsets(node, ())}
    problems = tuple(
        text.problem(
            start + mark, f"“{key}” stands twice in the front matter", "keep one of the two"
        )
        for key, mark in _duplicates(node)
    )
    return Head(values, closing.end(), offsets, problems)


_REMEDY_HEAD = "begin the file with a line ---, lines such as title: …, and a line ---"


FieldsT = TypeVar("FieldsT", bound=Fields)


def check_fields(
    text: Text, head: Head, fields: type[FieldsT]
) -> tuple[FieldsT | None, list[Problem]]:
    """The head as `fields`, or None and what is wrong with it."""
    try:
        return fields.model_validate(head.values), []
    except ValidationError as error:
        return None, [_field_problem(text, head, fields, details) for details in error.errors()]


def _yaml_problem(text: Text, start: int, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error).splitlines()[0]
    offset = start + (mark.index if mark else 0)
    return text.problem(
        min(offset, len(text.content)),
        f"the front matter is not YAML: {what}",
        "put a value with a colon, a quote or a bracket in it between double quotes",
    )


def _offsets(
    node: yaml.Node, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, str(key.value)), key.start_mark.index
            yield from _offsets(value, (*path, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*path, number), value.start_mark.index
            yield from _offsets(value, (*path, number))


def _duplicates(node: yaml.Node) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if str(key.value) in seen:
                yield str(key.value), key.start_mark.index
            seen.add(str(key.value))
            yield from _duplicates(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _duplicates(value)


def _field_problem(text: Text, head: Head, fields: type[Fields], details: ErrorDetails) -> Problem:
    path = details["loc"]
    offset = next(
        (head.offsets[path[:n]] for n in range(len(path), 0, -1) if path[:n] in head.offsets), 0
    )
    name = ".".join(str(part) for part in path if part not in ("int", "constrained-str", "[key]"))
    kind = details["type"]
    if kind == "missing":
        return text.problem(offset, f"“{name}” is missing from the front matter", f"add {name}: …")
    if kind == "extra_forbidden":
        known = _keys(fields, path)
        near = process.extractOne(str(path[-1]), known, score_cutoff=60)
        hint = f"did you mean {near[0]}? " if near else ""
        return text.problem(
            offset, f"“{name}” is no key of this front matter", f"{hint}known: {', '.join(known)}"
        )
    written = _written(text, offset)
    if kind.endswith("_type") and not isinstance(details["input"], (list, dict, type(None))):
        read = f"{details['input']!r}".lower()
        return text.problem(
            offset,
            f"“{name}”: YAML reads {written} as {read}, and a text is wanted",
            f'put it in quotes: "{written}"',
        )
    return text.problem(offset, f"“{name}”: {_reason(details)}", _remedy(kind, str(path[-1])))


def _keys(fields: type[Fields], path: tuple[str | int, ...]) -> list[str]:
    nested: dict[str, type[Fields]] = {"source": SourceFields, "sources": ReferenceFields}
    inside = nested.get(str(path[0])) if len(path) > 1 else None
    return list((inside or fields).model_fields)


def _written(text: Text, offset: int) -> str:
    line = text.content[offset : text.content.find("\n", offset)]
    return re.sub(r"^[\w-]+:\s*", "", line).split(" #")[0].strip() or "nothing"


def _reason(details: ErrorDetails) -> str:
    value = details["input"]
    match details["type"]:
        case "string_too_long":
            return f"{len(value)} characters, and at most {details['ctx']['max_length']} fit"
        case "string_too_short":
            return "nothing is written"
        case "string_pattern_mismatch":
            return f"“{value}” has not the right shape"
        case _ if value is None:
            return "nothing is written"
        case _:
            return str(details["msg"])


def _remedy(kind: str, name: str) -> str:
    if name == "date":
        return "write a day as 2024-05-22, a month as 2024-05, or a year in quotes"
    if name == "url":
        return "write an address that begins with https://"
    if kind == "string_too_long":
        return "say it shorter"
    if kind == "list_type":
        return "write a list: [one, two]"
    if kind in ("dict_type", "model_type"):
        return "write its own keys below it, indented"
    return "write a text on one line"
