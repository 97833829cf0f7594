"""The YAML head of editions and entries as checked fields, each problem at its line.

python-frontmatter parts head and body. It takes an unterminated head for text, lets the last of
two equal keys win, and YAML 1.1 reads `12:30` as 750 and `no` as false; so the head is looked at
before and the fields after, against what stands in the file. YAML's rarer arts (aliases, tags,
nesting without end) serve nobody here, and each has its way to exhaust or to crash a reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, NamedTuple, TypeVar

import yaml
from frontmatter.default_handlers import YAMLHandler
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails

from build_tools.model.site import WISHES, Search
from build_tools.model.text import Problem, Text
from build_tools.text.language import SITE_LANGUAGE, is_language
from build_tools.text.nearness import KnownNames

_OPENING = re.compile(r"-{3,}[ \t]*\n")
_CLOSING = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)
# Of a talk with a thousand speakers it has a sixth of this.
LONGEST_HEAD = 250_000


class Fields(BaseModel):
    """Fields of a head: types are not bent into one another, and unknown keys are problems."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _real_day(value: str) -> str:
    try:
        date.fromisoformat(value + "2000-01-01"[len(value) :])
    except ValueError:
        raise ValueError(f"there is no such day as {value}") from None
    return value


def _known_language(value: str) -> str:
    if not is_language(value):
        raise ValueError(f"“{value[:_SHOWN]}” is no language's tag")
    return value


def _known_search(value: str) -> str:
    names = [search.value for search in WISHES]
    if value not in names:
        raise ValueError(f"“{value}” is none of {', '.join(names)}")
    return value


def _number_as_text(value: object) -> object:
    return str(value) if type(value) is int else value


_Line = Annotated[str, Field(min_length=1, pattern=r"^\S[^\n]*$")]
Day = Annotated[
    str,
    Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"),
    AfterValidator(_real_day),
]
_WholeDay = Annotated[
    str,
    BeforeValidator(_number_as_text),
    Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    AfterValidator(_real_day),
]
_Address = Annotated[str, Field(pattern=r"^https://[^\s<>\"'()]+$")]
_Lines = Annotated[
    str,
    BeforeValidator(_number_as_text),
    Field(pattern=r"^[1-9][0-9]{0,5}(-[1-9][0-9]{0,5})?$"),
]


class SourceFields(Fields):
    """`source:` of an edition."""

    file: _Line
    format: _Line
    encoding: _Line | None = None
    furniture: list[_Lines] = []
    note: _Line | None = None


class TimingFields(Fields):
    """`timing:` of an edition."""

    file: _Line
    format: _Line
    encoding: _Line | None = None
    furniture: list[_Lines] = []


class ReviewFields(Fields):
    """One of an edition's `reviewed:`."""

    lines: list[_Lines]
    by: _Line
    date: Day


class EditionFields(Fields):
    """The head of an edition."""

    title: _Line
    date: Day
    event: _Line | None = None
    podcast: _Line | None = None
    description: _Line | None = None
    lang: Annotated[_Line, AfterValidator(_known_language)] = SITE_LANGUAGE
    recording: _Address | None = None
    published: _WholeDay | None = None
    updated: _WholeDay | None = None
    source: SourceFields
    timing: TimingFields | None = None
    reviewed: list[ReviewFields] = []
    speakers: dict[_Line, _Line] = {}

    @field_validator("updated")
    @classmethod
    def _not_before_published(cls, updated: str | None, info: ValidationInfo) -> str | None:
        published = info.data.get("published")
        if updated and published and updated < published:
            raise ValueError(f"{updated} is before {published}, the day it was published")
        return updated


class ReferenceFields(Fields):
    """One of an entry's `sources:`."""

    title: _Line
    author: _Line | None = None
    publisher: _Line | None = None
    date: Day | None = None
    url: _Address | None = None


class EntryFields(Fields):
    """The head of a glossary entry."""

    term: _Line
    kind: _Line
    short: Annotated[_Line, Field(max_length=240)]
    also: list[_Line] = []
    see: list[_Line] = []
    sources: list[ReferenceFields] = []


# A page that is published as it stands has its head read by themes that escape nothing.
_InertLine = Annotated[str, Field(min_length=1, pattern=r"^[^\s<>\"&][^\n<>\"&]*$")]


class ThemeFields(Fields):
    """The head of a page of then-and-now/."""

    title: _InertLine
    description: _InertLine | None = None
    entries: list[_Line] = []


class HomeFields(Fields):
    """What is read of the head of the home page, which may say more to a theme."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    title: _Line | None = None
    description: _Line | None = None
    licence: _Line | None = None
    # Not `search`, which is a theme's own word for how it searches this page.
    search_by: Annotated[_Line, AfterValidator(_known_search)] = Search.AUTO.value


class Head(NamedTuple):
    """The fields as YAML read them, where the body begins, and a place for every key.

    `written` is each value as it stands in the file.
    """

    values: dict[str, Any]
    body: int
    offsets: dict[tuple[str | int, ...], int]
    written: dict[tuple[str | int, ...], str]
    problems: tuple[Problem, ...]


class _Loader(yaml.CSafeLoader):
    """YAML without its dates and its endless numbers: both stay the text that they are."""


def _number(loader: _Loader, node: yaml.ScalarNode) -> object:
    if len(node.value) > _LONGEST_NUMBER:
        return node.value
    try:
        if node.tag.endswith(":int"):
            return loader.construct_yaml_int(node)
        return loader.construct_yaml_float(node)
    except ValueError:  # `0b_` has the looks of a number alone
        return node.value


_LONGEST_NUMBER = 30
_Loader.yaml_implicit_resolvers = {
    sign: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:timestamp"]
    for sign, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_constructor("tag:yaml.org,2002:int", _number)
_Loader.add_constructor("tag:yaml.org,2002:float", _number)


def parse_head(text: Text) -> Head:
    """A file's head, read but not yet checked against the fields that it should have."""
    content = text.content
    opening = _OPENING.match(content)
    if not opening:
        return _unreadable(0, text.problem(0, "the front matter is missing", _REMEDY_HEAD))
    closing = _CLOSING.search(content, opening.end())
    if not closing:
        what = "the front matter has no end"
        remedy = "close it with a line --- of its own"
        return _unreadable(len(content), text.problem(0, what, remedy))
    if closing.end() > LONGEST_HEAD:
        what = f"the front matter has {closing.end()} characters, and {LONGEST_HEAD} fit"
        remedy = "write lines of the source as ranges: [1-5, 368]; what is told goes below the head"
        return _unreadable(closing.end(), text.problem(LONGEST_HEAD, what, remedy))
    yaml_text = YAMLHandler().split(content)[0].lstrip("\n")
    start = content.index(yaml_text, opening.end() - 1)
    try:
        forbidden = _find_forbidden(yaml_text)
        if forbidden:
            return _unreadable(
                closing.end(), text.problem(start + forbidden[1], forbidden[0], _REMEDY_YAML)
            )
        node = yaml.compose(yaml_text, Loader=_Loader)
        values = _construct(node) if isinstance(node, yaml.MappingNode) else {}
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        plainer = _explain(yaml_text) or error
        return _unreadable(closing.end(), _yaml_problem(text, start, plainer))
    if not isinstance(node, yaml.MappingNode):
        what = "the front matter has no keys"
        return _unreadable(closing.end(), text.problem(0, what, _REMEDY_HEAD))
    nodes = list(_nodes(node, ()))
    offsets = {path: start + mark for path, mark, _ in nodes}
    written = {
        path: yaml_text[value.start_mark.index : value.end_mark.index].strip()
        for path, _, value in nodes
    }
    problems = tuple(
        text.problem(
            start + mark, f"“{key}” stands twice in the front matter", "keep one of the two"
        )
        for key, mark in _duplicates(node)
    )
    return Head(values, closing.end(), offsets, written, problems)


def _explain(yaml_text: str) -> Exception | None:
    """What the parser written in Python says of a text: it is slow, and its words are plainer."""
    try:
        for _ in yaml.parse(yaml_text, Loader=yaml.SafeLoader):
            pass
    except (yaml.YAMLError, OverflowError, ValueError) as error:
        return error
    return None


def _construct(node: yaml.MappingNode) -> dict[str, Any]:
    """What a node says; keys are the texts that stand there, `no` and `2024` among them."""
    for mapping in _mappings(node):
        for key, _ in mapping.value:
            if isinstance(key, yaml.ScalarNode):
                key.tag = "tag:yaml.org,2002:str"
    values: dict[str, Any] = _Loader("").construct_document(node)
    return values


def _mappings(node: yaml.Node) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from _mappings(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _mappings(value)


def _unreadable(body: int, problem: Problem) -> Head:
    return Head({}, body, {}, {}, (problem,))


# The heads of this project nest three deep: `sources:`, one of them, its fields.
_DEEPEST = 6


def _find_forbidden(yaml_text: str) -> tuple[str, int] | None:
    """The first thing in a head that nobody needs there, and where it stands."""
    depth = 0
    for event in yaml.parse(yaml_text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        what = ""
        if isinstance(event, yaml.AliasEvent):
            what = "a star begins this value, which YAML takes for a reference to another"
        elif getattr(event, "tag", None):
            what = "an exclamation mark begins this value, which YAML takes for a type"
        elif depth > _DEEPEST:
            what = "the front matter nests lists and keys too deep"
        elif isinstance(event, yaml.ScalarEvent) and _SURROGATE.search(event.value):
            what = "an escape in this value is half a character"
        if what:
            return what, event.start_mark.index if event.start_mark else 0
    return None


_REMEDY_YAML = "put a value that holds a colon, a quote, a star or a bracket between double quotes"
_SURROGATE = re.compile("[\ud800-\udfff]")
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
    if not isinstance(error, yaml.YAMLError):
        what = "a sign in it cannot be read"
    offset = start + (mark.index if mark else 0)
    return text.problem(
        min(offset, len(text.content)),
        f"the front matter is not YAML: {what}",
        _REMEDY_YAML,
    )


def _nodes(
    node: yaml.Node, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], int, yaml.Node]]:
    """Every value below a node: its path, where its key or itself begins, and its own node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, str(key.value)), key.start_mark.index, value
            yield from _nodes(value, (*path, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*path, number), value.start_mark.index, value
            yield from _nodes(value, (*path, number))


def _duplicates(node: yaml.Node) -> Iterator[tuple[str, int]]:
    for mapping in _mappings(node):
        seen: set[str] = set()
        for key, _ in mapping.value:
            if str(key.value) in seen:
                yield str(key.value), key.start_mark.index
            seen.add(str(key.value))


def _field_problem(text: Text, head: Head, fields: type[Fields], details: ErrorDetails) -> Problem:
    kind = details["type"]
    path = tuple(part for part in details["loc"] if part != "[key]")
    known = next((path[:n] for n in range(len(path), 0, -1) if path[:n] in head.offsets), ())
    offset = head.offsets.get(known, 0)
    name = ".".join(str(part) for part in path)
    last = str(path[-1])
    if kind == "missing":
        return text.problem(offset, f"“{name}” is missing from the front matter", f"add {last}: …")
    if kind == "extra_forbidden":
        keys = _keys(fields, path)
        near = KnownNames(keys).find_near(last)
        hint = f"did you mean {near}? " if near else ""
        return text.problem(
            offset, f"“{name}” is no key of this front matter", f"{hint}known: {', '.join(keys)}"
        )
    read_otherwise = kind == "string_type" and isinstance(details["input"], (bool, int, float))
    if read_otherwise and not _LINES_OF_SOURCE.intersection(path):
        written, read = head.written.get(known, ""), f"{details['input']!r}".lower()
        read = "a number" if read == written else read
        return text.problem(
            offset,
            f"“{name}”: YAML reads {written} as {read}, and a text is wanted",
            f'put it in quotes: "{written}"',
        )
    return text.problem(offset, f"“{name}”: {_reason(details)}", _remedy(kind, path))


def _keys(fields: type[Fields], path: tuple[str | int, ...]) -> list[str]:
    nested: dict[str, type[Fields]] = {
        "source": SourceFields,
        "timing": TimingFields,
        "sources": ReferenceFields,
        "reviewed": ReviewFields,
    }
    inside = nested.get(str(path[0])) if len(path) > 1 else None
    return list((inside or fields).model_fields)


# Keys whose values are numbers and ranges of the source's lines.
_LINES_OF_SOURCE = {"furniture", "lines"}
# Of a wrong value, so many characters are shown.
_SHOWN = 60


def _reason(details: ErrorDetails) -> str:
    value = details["input"]
    if value is None or value == "":
        return "nothing is written"
    match details["type"]:
        case "string_too_long":
            return f"{len(value)} characters, and at most {details['ctx']['max_length']} fit"
        case "string_pattern_mismatch":
            shown = " ".join(str(value).split())
            shown = f"“{shown[:_SHOWN]}{'…' * (len(shown) > _SHOWN)}”"
            if re.match(r"\s|.*\n", value):
                return f"{shown} begins with a blank or has more than one line"
            return f"{shown} has not the right shape"
        case "value_error":
            return str(details["ctx"]["error"])
        case "string_type":
            return "a text is wanted"
        case "list_type":
            return "a list is wanted"
        case _:
            return "keys with values are wanted"


def _remedy(kind: str, path: tuple[str | int, ...]) -> str:
    name = str(path[-1])
    if name == "date":
        return "write a day as 2024-05-22, a month as 2024-05, or a year in quotes"
    if name in ("published", "updated"):
        return "write a whole day, such as 2024-05-22; updated is never before published"
    if name == "lang":
        return "write a language's tag, such as ar, pt-BR or zh-Hant"
    if name in ("url", "recording"):
        return "write an address that begins with https://"
    if _LINES_OF_SOURCE.intersection(path):
        return "write lines and ranges of lines: [1-5, 368]"
    if kind == "string_too_long":
        return "say it shorter"
    if name == "search_by":
        return "write auto, or nothing, and the size of the collection decides"
    if kind == "list_type":
        return "write a list: [one, two]"
    if kind in ("dict_type", "model_type"):
        return "write its own keys below it, indented"
    return "write a text on one line"
