"""The YAML front matter of a file as checked fields, each problem at its line.

python-frontmatter splits it from the body and loads it. Alone it would take front matter without
an end for text and let the last of two equal keys win, and YAML 1.1 reads `12:30` as 750 and `no`
as false. So the YAML is checked before it is loaded, and the fields after. Aliases, tags and deep
nesting are refused, as each of them can exhaust or crash a reader.
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

from build_tools.model.front_matter import (
    Day,
    FieldPath,
    FrontMatter,
    LineRanges,
    Offsets,
    OptionalDay,
    OptionalWholeDay,
    Remedy,
    find_offset,
)
from build_tools.model.text import Problem, Text
from build_tools.text.nearness import KnownNames
from build_tools.text.wording import MONTHS

# The front matter of a talk with a thousand speakers has a sixth of this.
LONGEST_HEAD = 250_000
# The front matter of this project nests three deep: `sources:`, one of them, its fields.
_DEEPEST = 6
_LONGEST_NUMBER = 30
# How many characters of a wrong value a problem shows.
_LONGEST_SHOWN = 60
_BOUNDARY = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)
_LINE = re.compile(
    r"^(?P<indent>[ \t]*+)(?:- )?(?:(?P<key>[\w-]{1,40}):(?P<blank>[ \t]|$)?)?(?P<value>[^\n]*)$",
    re.MULTILINE,
)
_COLON = re.compile(r":(?:\s|$)")
_COMMENT = re.compile(r"[ \t]+#\S")
_QUOTED = re.compile(r"""(?:"(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+')(?:\s*|\s+#.*)""")
_SURROGATE = re.compile("[\ud800-\udfff]")
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


class Head(NamedTuple):
    """The fields as YAML reads them, where the body begins; offset and text of every value."""

    values: dict[str, Any]
    body: int
    offsets: Offsets
    written: Mapping[FieldPath, str]
    problems: tuple[Problem, ...]


class _Loader(yaml.CSafeLoader):
    """Loads dates and endless numbers as the text that they are, and every key as text."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                key.tag = "tag:yaml.org,2002:str"
        return super().construct_mapping(node, deep)


def _construct_number(loader: _Loader, node: yaml.ScalarNode) -> object:
    if len(node.value) > _LONGEST_NUMBER:
        return node.value
    try:
        if node.tag.endswith(":int"):
            return loader.construct_yaml_int(node)
        return loader.construct_yaml_float(node)
    except ValueError:  # `0b_` only looks like a number
        return node.value


_Loader.yaml_implicit_resolvers = {
    sign: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:timestamp"]
    for sign, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_constructor("tag:yaml.org,2002:int", _construct_number)
_Loader.add_constructor("tag:yaml.org,2002:float", _construct_number)
_HANDLER = YAMLHandler(fm_boundary=_BOUNDARY)


def parse_head(text: Text, skeleton: str = _REMEDY_HEAD) -> Head:
    """A file's front matter, loaded but not yet checked against the fields that it should have."""
    content = text.content
    if not _HANDLER.detect(content):
        return _unreadable(0, text.problem(0, "the front matter is missing", skeleton))
    try:
        yaml_text, rest = _HANDLER.split(content)
    except ValueError:
        what, remedy = "the front matter has no end", "close it with a line --- of its own"
        return _unreadable(len(content), text.problem(0, what, remedy))
    body = len(content) - len(rest)
    if body > LONGEST_HEAD:
        what = f"the front matter has {body} characters, and {LONGEST_HEAD} fit"
        remedy = "write lines of the source as ranges: [1-5, 368]; what is told goes below the head"
        return _unreadable(body, text.problem(LONGEST_HEAD, what, remedy))
    return _load_head(text, yaml_text.removeprefix("\n"), content.find("\n") + 1, body)


def _load_head(text: Text, yaml_text: str, start: int, body: int) -> Head:
    """The front matter whose YAML begins at an offset of the file."""
    try:
        if forbidden := _find_forbidden(yaml_text):
            what, mark = forbidden
            return _unreadable(body, text.problem(start + mark, what, _REMEDY_YAML))
        node = yaml.compose(yaml_text, Loader=_Loader)
        if not isinstance(node, yaml.MappingNode):
            problem = text.problem(0, "the front matter has no keys", _REMEDY_HEAD)
            return _unreadable(body, problem)
        values = _HANDLER.load(yaml_text, Loader=_Loader)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        return _unreadable(body, _yaml_problem(text, start, _explain(yaml_text) or error))
    offsets: dict[FieldPath, int] = {}
    written: dict[FieldPath, str] = {}
    problems = []
    for path, mark, value, again in _list_values(node, ()):
        if again:
            what = f"“{path[-1]}” stands twice in the front matter"
            problems.append(text.problem(start + mark, what, "keep one of the two"))
        if isinstance(value, yaml.ScalarNode) and _COMMENT.match(yaml_text, value.end_mark.index):
            what = f"YAML leaves out what stands behind # in “{path[-1]}”"
            problems.append(text.problem(start + mark, what, "put the whole value in quotes"))
        offsets[path] = start + mark
        written[path] = yaml_text[value.start_mark.index : value.end_mark.index].strip()
    return Head(values, body, offsets, written, tuple(problems))


def _unreadable(body: int, problem: Problem) -> Head:
    return Head({}, body, {}, {}, (problem,))


def _explain(yaml_text: str) -> Exception | None:
    """The error of the parser written in Python, which is slow and has the plainer messages."""
    try:
        for _ in yaml.parse(yaml_text, Loader=yaml.SafeLoader):
            pass
    except (yaml.YAMLError, OverflowError, ValueError) as error:
        return error
    return None


def _find_slip(text: Text, start: int, error: int) -> Problem | None:
    """The first line up to an error that people write so, and YAML reads otherwise."""
    end = text.content.find("\n", error)
    for match in _LINE.finditer(text.content, start, len(text.content) if end < 0 else end):
        key, value = match["key"], match["value"].strip()
        if match[0].startswith(("<<<<<<<", "=======", ">>>>>>>")):
            what = f"the line {match[0][:7]} is left of a merge conflict"
            return text.problem(match.start(), what, "keep the right lines, and take it out")
        if "\t" in match["indent"]:
            what = f"a tab stands before “{key or value}”"
            return text.problem(match.start(), what, "write two blanks in its place")
        if key and not match["blank"] and value and not value.startswith("//"):
            what = f"a blank is missing behind “{key}:”"
            return text.problem(match.start(), what, f"write {key}: {value}")
        quoted = value[:1] in ('"', "'")
        inner = value[1:] if value.rfind('"') == 0 else value
        written = inner.replace("\\", "\\\\").replace('"', '\\"')
        if key and quoted and not _QUOTED.fullmatch(value):
            what = f"the quotation marks of “{key}” do not stand around its whole value"
            return text.problem(match.start(), what, f'write {key}: "{written}"')
        if key and not quoted and value[:1] not in ("[", "{", "|", ">") and _COLON.search(value):
            what = f"the value of “{key}” holds a colon"
            return text.problem(match.start(), what, f'write {key}: "{written}"')
    return None


def _yaml_problem(text: Text, start: int, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error).splitlines()[0]
    if not isinstance(error, yaml.YAMLError):
        what = "a sign in it cannot be read"
    offset = min(start + (mark.index if mark else 0), len(text.content))
    if isinstance(error, yaml.YAMLError) and (slip := _find_slip(text, start, offset)):
        return slip
    if "expected <block end>" in what or "mapping values" in what:
        what = "the front matter has a line that is not indented as those beside it"
        remedy = "indent keys that belong together alike; below speakers: two blanks, no hyphen"
        return text.problem(offset, what, remedy)
    return text.problem(offset, f"the front matter is not YAML: {what}", _REMEDY_YAML)


def _find_forbidden(yaml_text: str) -> tuple[str, int] | None:
    """The first thing that is refused in front matter, and where it stands."""
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


def _list_values(
    node: yaml.Node, path: FieldPath
) -> Iterator[tuple[FieldPath, int, yaml.Node, bool]]:
    """Every value below a node: its path, where it begins, its node, and if its key is repeated."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            yield (*path, name), key.start_mark.index, value, name in seen
            yield from _list_values(value, (*path, name))
            seen.add(name)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*path, number), value.start_mark.index, value, False
            yield from _list_values(value, (*path, number))


HeadT = TypeVar("HeadT", bound=FrontMatter)


def check_fields(
    text: Text, head: Head, form: type[HeadT]
) -> tuple[HeadT | None, tuple[Problem, ...]]:
    """The front matter as a value of `form`, or None and what is wrong with it."""
    try:
        return _make_validator(form).validate_python(head.values), ()
    except ValidationError as error:
        return None, tuple(_field_problem(text, head, form, one) for one in error.errors())


def keep_right_fields(
    head: Head, form: type[HeadT], unknown: Mapping[str, object]
) -> tuple[HeadT, frozenset[str]]:
    """The front matter as a value of `form`, and the keys of wrong fields, which are left out.

    `unknown` has values for the required fields that are wrong or missing.
    """
    validator = _make_validator(form)
    try:
        return validator.validate_python(head.values), frozenset()
    except ValidationError as error:
        found = error.errors()
    wrong = frozenset(str(one["loc"][0]) for one in found if one["type"] != _UNEXPECTED)
    right = {key: value for key, value in head.values.items() if key not in wrong}
    return validator.validate_python({**unknown, **right}, extra="ignore"), wrong


_VALIDATORS: dict[type[FrontMatter], TypeAdapter[Any]] = {}


def _make_validator(form: type[HeadT]) -> TypeAdapter[HeadT]:
    if form not in _VALIDATORS:
        _VALIDATORS[form] = TypeAdapter(form)
    return _VALIDATORS[form]


def _field_problem(
    text: Text, head: Head, form: type[FrontMatter], details: ErrorDetails
) -> Problem:
    kind = details["type"]
    path = tuple(part for part in details["loc"] if part != "[key]")
    offset = find_offset(head.offsets, path)
    name, last = ".".join(str(part) for part in path), str(path[-1])
    if kind == "missing":
        return text.problem(offset, f"“{name}” is missing from the front matter", f"add {last}: …")
    if kind == _UNEXPECTED:
        what = f"“{name}” is no key of this front matter"
        return text.problem(offset, what, _suggest_key(form, path))
    declared = find_type(form, path)
    # The file has no keys for the parts of a value that is written as one.
    written_as = (path[:length] for length in range(len(path), 0, -1))
    shown = next((one for one in written_as if one in head.offsets), path)
    name = ".".join(map(str, shown))
    read_otherwise = kind == "string_type" and isinstance(details["input"], (bool, int, float))
    if read_otherwise and declared != LineRanges:
        written, read = head.written.get(path, ""), f"{details['input']!r}".lower()
        read = "a number" if read == written else read
        what = f"“{name}”: YAML reads {written} as {read}, and a text is wanted"
        return text.problem(offset, what, f'put it in quotes: "{written}"')
    day = (
        find_day(str(details["input"])) if declared in (Day, OptionalDay, OptionalWholeDay) else ""
    )
    remedy = day and f"write {last}: {day}"
    remedy = remedy or find_remedy(declared) or _REMEDIES.get(kind, "write a text on one line")
    return text.problem(offset, f"“{name}”: {_explain_value(details)}", remedy)


SHORT_MONTHS = tuple(month[:3].lower() for month in MONTHS)
_PARTS = re.compile(r"\d+|[^\W\d_]{3,}")


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
    """The keys that may stand where a path leads, the nearest one first."""
    inner = _find_form(find_type(form, path[:-1])) or form
    keys = [field.name for field in fields(inner)]
    return f"{KnownNames(keys).ask(str(path[-1]))}known: {', '.join(keys)}"


def find_type(form: type[FrontMatter], path: FieldPath) -> object:
    """The declared type of the field to which a path leads, or of the one that holds the value."""
    declared: object = form
    for key in path:
        inner = _find_form(declared) if isinstance(key, str) else None
        if inner:
            declared = get_type_hints(inner, include_extras=True).get(str(key), declared)
    return declared


def _find_form(declared: object) -> type[FrontMatter] | None:
    """The front matter of which a type is, or is a list."""
    if isinstance(declared, type) and issubclass(declared, FrontMatter):
        return declared
    return next(filter(None, map(_find_form, get_args(declared))), None)


def find_remedy(declared: object) -> str:
    """What to write in place of a wrong value of a type; "" where it does not say."""
    metadata = getattr(declared, "__metadata__", ())
    return next((item.text for item in metadata if isinstance(item, Remedy)), "")


def _explain_value(details: ErrorDetails) -> str:
    value = details["input"]
    if value is None or value == "":
        return "nothing is written"
    match details["type"]:
        case "string_too_long":
            return f"{len(value)} characters, and at most {details['ctx']['max_length']} fit"
        case "string_pattern_mismatch":
            shown = " ".join(str(value).split())
            shown = f"“{shown[:_LONGEST_SHOWN]}{'…' * (len(shown) > _LONGEST_SHOWN)}”"
            if re.match(r"\s|.*\n", value):
                return f"{shown} begins with a blank or has more than one line"
            return f"{shown} has not the right shape"
        case "value_error":
            return str(details["ctx"]["error"])
    wanted = {"string_type": "a text is", "tuple_type": "a list is"}
    return f"{wanted.get(details['type'], 'keys with values are')} wanted"
