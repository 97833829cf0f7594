"""The YAML front matter of a file as checked fields, each problem at its line.

python-frontmatter splits it from the body and loads it, every value as the text that is written:
YAML 1.1 reads `12:30` as 750 and `no` as false. Alone it would take front matter without an end for
text and let the last of two equal keys win, so the YAML is checked before it is loaded, and the
fields after. Aliases, tags and deep nesting are refused, as each can exhaust or crash a reader.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, NamedTuple, TypeVar, get_args, get_type_hints

import yaml
from frontmatter.default_handlers import YAMLHandler
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from build_tools.model import front_matter as head_fields
from build_tools.model.front_matter import FieldPath, FrontMatter, Offsets, find_innermost
from build_tools.model.text import Problem, Text
from build_tools.text.nearness import KnownNames
from build_tools.text.wording import MONTHS

# The front matter of a talk with a thousand speakers has a sixth of this.
LONGEST_HEAD = 250_000
# The front matter of this project nests three deep: `sources:`, one of them, its fields.
_DEEPEST = 6
# How many characters of a wrong value a problem shows.
_LONGEST_SHOWN = 60
_BOUNDARY = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)
_KEY = r"^[ ]*(?:-[ ])?(?P<key>[\w-]{1,40}):"
# A value that its quotation marks enclose whole; a comment may follow.
_QUOTED = r"""(?:"(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+')(?:\s*|\s+#.*)"""
# Lines that people write so and YAML reads otherwise, with what is wrong and what to write.
_SLIPS = {
    r"^(?P<sign><{7}|={7}|>{7})": (
        "the line {sign} is left of a merge conflict",
        "keep the right lines, and take it out",
    ),
    r"^[ ]*\t\s*(?P<key>[^\s:]*)": ("a tab stands before “{key}”", "write two blanks in its place"),
    rf"{_KEY}(?P<value>(?!//)\S.*)": ("a blank is missing behind “{key}:”", "write {key}: {value}"),
    rf"{_KEY}\s+(?!{_QUOTED}$)(?P<value>[\"'].*)": (
        "the quotation marks of “{key}” do not stand around its whole value",
        'write {key}: "{written}"',
    ),
    rf"{_KEY}\s+(?P<value>(?![\[{{|>\"']).*:(?:\s.*)?)$": (
        "the value of “{key}” holds a colon",
        'write {key}: "{written}"',
    ),
}
_COMMENT = re.compile(r"[ \t]+#\S")
# The name of pydantic for an unknown key.
_UNEXPECTED = "unexpected_keyword_argument"
_REMEDY_YAML = "put a value that holds a colon, a quote, a star or a bracket between double quotes"
# What to write in place of a wrong value, by the name of pydantic for the problem.
_REMEDIES = {
    "string_too_long": "say it shorter",
    "tuple_type": "write a list: [one, two]",
    **dict.fromkeys(("dict_type", "dataclass_type"), "write its own keys below it, indented"),
}
_REMEDY_HEAD = "begin the file with a line ---, lines such as title: …, and a line ---"
_HANDLER = YAMLHandler(fm_boundary=_BOUNDARY)
HeadT = TypeVar("HeadT", bound=FrontMatter)
_VALIDATORS: dict[type[FrontMatter], TypeAdapter[Any]] = {}
SHORT_MONTHS = tuple(month[:3].lower() for month in MONTHS)
_PARTS = re.compile(r"\d+|[^\W\d_]{3,}")


class Head(NamedTuple):
    """The fields as YAML reads them, where the body begins, and where each field does."""

    values: dict[str, Any]
    body: int
    offsets: Offsets
    problems: tuple[Problem, ...]


def parse_head(text: Text, skeleton: str = _REMEDY_HEAD) -> Head:
    """A file's front matter, loaded but not yet checked against the fields that it should have."""
    content = text.content
    if not _HANDLER.detect(content):
        return _unreadable(text, 0, 0, "the front matter is missing", skeleton)
    try:
        yaml_text, rest = _HANDLER.split(content)
    except ValueError:
        what, remedy = "the front matter has no end", "close it with a line --- of its own"
        return _unreadable(text, len(content), 0, what, remedy)
    body, start = len(content) - len(rest), content.find("\n") + 1
    if body > LONGEST_HEAD:
        what = f"the front matter has {body} characters, and {LONGEST_HEAD} fit"
        remedy = "write lines of the source as ranges: [1-5, 368]; what is told goes below the head"
        return _unreadable(text, body, LONGEST_HEAD, what, remedy)
    yaml_text = yaml_text.removeprefix("\n")
    try:
        if forbidden := _find_forbidden(yaml_text):
            return _unreadable(text, body, start + forbidden[1], forbidden[0], _REMEDY_YAML)
        node = yaml.compose(yaml_text, Loader=yaml.CBaseLoader)
        if not isinstance(node, yaml.MappingNode):
            return _unreadable(text, body, 0, "the front matter has no keys", _REMEDY_HEAD)
        values = _HANDLER.load(yaml_text, Loader=yaml.CBaseLoader)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        return Head({}, body, {}, (_yaml_problem(text, start, error),))
    offsets: dict[FieldPath, int] = {}
    problems = []
    for path, mark, value in _list_values(node, ()):
        if path in offsets:
            what = f"“{path[-1]}” stands twice in the front matter"
            problems.append(text.problem(start + mark, what, "keep one of the two"))
        if isinstance(value, yaml.ScalarNode) and _COMMENT.match(yaml_text, value.end_mark.index):
            what = f"YAML leaves out what stands behind # in “{path[-1]}”"
            problems.append(text.problem(start + mark, what, "put the whole value in quotes"))
        offsets[path] = start + mark
    return Head(values, body, offsets, tuple(problems))


def _unreadable(text: Text, body: int, offset: int, what: str, remedy: str) -> Head:
    return Head({}, body, {}, (text.problem(offset, what, remedy),))


def _yaml_problem(text: Text, start: int, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    offset = min(start + (mark.index if mark else 0), len(text.content))
    if not isinstance(error, yaml.YAMLError):
        return text.problem(offset, "a sign in the front matter cannot be read", _REMEDY_YAML)
    if slip := _find_slip(text, start, offset):
        return slip
    what = getattr(error, "problem", None) or str(error).splitlines()[0]
    if "mapping values" in what or "expected key" in what:
        what = "the front matter has a line that is not indented as those beside it"
        remedy = "indent keys that belong together alike; below speakers: two blanks, no hyphen"
        return text.problem(offset, what, remedy)
    return text.problem(offset, f"the front matter is not YAML: {what}", _REMEDY_YAML)


def _find_slip(text: Text, start: int, error: int) -> Problem | None:
    """The first line up to an error that people write so, and YAML reads otherwise."""
    head = text.content[start:error] + text.content[error:].partition("\n")[0]
    for line in head.splitlines(keepends=True):
        for pattern, (what, remedy) in _SLIPS.items():
            if found := re.match(pattern, line.rstrip()):
                told = found.groupdict("")
                value = told.get("value", "")
                inner = value[1:] if value.rfind('"') == 0 else value
                told["written"] = inner.replace("\\", "\\\\").replace('"', '\\"')
                return text.problem(start, what.format(**told), remedy.format(**told))
        start += len(line)
    return None


def _find_forbidden(yaml_text: str) -> tuple[str, int] | None:
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
        if what:
            return what, event.start_mark.index if event.start_mark else 0
    return None


def _list_values(node: yaml.Node, path: FieldPath) -> Iterator[tuple[FieldPath, int, yaml.Node]]:
    """Every value below a node: its path, and where its key or the item of a list begins."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            yield inner, key.start_mark.index, value
            yield from _list_values(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*path, number), value.start_mark.index, value
            yield from _list_values(value, (*path, number))


def read_fields(
    text: Text, form: type[HeadT], unknown: Mapping[str, object], skeleton: str = _REMEDY_HEAD
) -> tuple[HeadT, frozenset[str], Head]:
    """The front matter as a `form` without wrong fields, or with `unknown` ones; their keys."""
    if form not in _VALIDATORS:
        _VALIDATORS[form] = TypeAdapter(form)
    head, validator = parse_head(text, skeleton), _VALIDATORS[form]
    try:
        return validator.validate_python(head.values), frozenset(), head
    except ValidationError as error:
        found = error.errors()
    # Of a head that cannot be read nothing else is said.
    told = found if head.values else ()
    problems = (*head.problems, *(_field_problem(text, head, form, one) for one in told))
    wrong = frozenset(str(one["loc"][0]) for one in found if one["type"] != _UNEXPECTED)
    right = {key: value for key, value in head.values.items() if key not in wrong}
    fields = validator.validate_python({**unknown, **right}, extra="ignore")
    return fields, wrong, head._replace(problems=problems)


def _field_problem(
    text: Text, head: Head, form: type[FrontMatter], details: ErrorDetails
) -> Problem:
    kind = details["type"]
    path = tuple(part for part in details["loc"] if part != "[key]")
    # The file has no keys for the parts of a value that is written as one.
    shown = find_innermost(head.offsets, path)
    offset, last = head.offsets.get(shown, 0), str(path[-1])
    if kind == "missing":
        what = f"“{_name_field(path)}” is missing from the front matter"
        return text.problem(offset, what, f"add {last}: …")
    name = _name_field(shown)
    if kind == _UNEXPECTED:
        what = f"“{name}” is no key of this front matter"
        return text.problem(offset, what, _suggest_key(form, path))
    keys = [part for part in path if isinstance(part, str)]
    own = form.remedies.get(f"*.{keys[-1]}" if keys[1:] else "") or form.remedies.get(keys[0])
    remedy = own or _REMEDIES.get(kind, "write a text on one line")
    day = find_day(str(details["input"])) if kind == "string_pattern_mismatch" else ""
    if day and own in (head_fields.DAY, head_fields.WHOLE_DAY):
        remedy = f"write {last}: {day}"
    return text.problem(offset, f"“{name}”: {_explain_value(details)}", remedy)


def _name_field(path: FieldPath) -> str:
    parts = [f"item {part + 1}" if isinstance(part, int) else part for part in path]
    in_list = any(isinstance(part, int) for part in path)
    return " of ".join(parts[::-1]) if in_list else ".".join(parts)


def find_day(written: str) -> str:
    """The day that a text names in one way alone, as 2024-05-22; "" without one.

    >>> [find_day(text) for text in ("22.5.2024", "May 22nd, 2024", "5/22/2024", "5/6/2024")]
    ['2024-05-22', '2024-05-22', '2024-05-22', '']
    """
    parts = _PARTS.findall(written.lower()[:40])
    months = [SHORT_MONTHS.index(part[:3]) + 1 for part in parts if part[:3] in SHORT_MONTHS]
    numbers = [int(part) for part in parts if part.isdecimal()][:3]
    year = next((number for number in numbers if number > 1000), 0)
    rest = [number for number in numbers if number != year]
    if months and len(rest) == 1:
        month, day = months[0], rest[0]
    elif months or len(rest) != 2:
        return ""
    elif numbers[0] == year or rest[1] > 12:
        month, day = rest
    elif rest[0] > 12 or "." in written:
        day, month = rest
    else:
        return ""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _suggest_key(form: type[FrontMatter], path: FieldPath) -> str:
    inner = get_type_hints(form, include_extras=True).get(str(path[0])) if path[1:] else None
    keys = [field.name for field in fields(_find_form(inner) or form)]
    return f"{KnownNames(keys).ask(str(path[-1]))}known: {', '.join(keys)}"


def _find_form(declared: object) -> type[FrontMatter] | None:
    if isinstance(declared, type) and issubclass(declared, FrontMatter):
        return declared
    return next(filter(None, map(_find_form, get_args(declared))), None)


def _explain_value(details: ErrorDetails) -> str:
    value = details["input"]
    if value == "":
        return "nothing is written"
    match details["type"]:
        case "string_too_long":
            return f"{len(value)} characters, and at most {details['ctx']['max_length']} fit"
        case "string_pattern_mismatch":
            shown = " ".join(str(value).split())
            more = "…" * (len(shown) > _LONGEST_SHOWN)
            return f"“{shown[:_LONGEST_SHOWN]}{more}” has not the right shape"
        case "value_error":
            return str(details["ctx"]["error"])
    wanted = {"string_type": "a text is", "tuple_type": "a list is"}
    return f"{wanted.get(details['type'], 'keys with values are')} wanted"
