"""Types of the fields that front matter may have, each with the remedy for a wrong value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, ConfigDict, Field, WrapValidator

# The keys, and the numbers of list items, that lead to a value.
FieldPath = tuple[str | int, ...]
# Where in the file each key or list item begins.
Offsets = Mapping[FieldPath, int]
# A key without a value counts as left out.
_OR_EMPTY = WrapValidator(lambda one, check: "" if one in ("", "~", "null") else check(one))
Line = Annotated[str, Field(min_length=1, pattern=r"^\S[^\n]*$")]
OptionalLine = Annotated[Line, _OR_EMPTY]
# Themes of site generators read the head of a page that is published as it stands, and escape
# nothing.
InertLine = Annotated[str, Field(min_length=1, pattern=r"^[^\s<>\"&][^\n<>\"&]*$")]
OptionalInertLine = Annotated[InertLine, _OR_EMPTY]
DAY = "write a day as 2024-05-22, a month as 2024-05, or a year as 2024"
WHOLE_DAY = "write a whole day, such as 2024-05-22; updated is never before published"
OptionalWebAddress = Annotated[str, Field(pattern=r"^https://[^\s<>\"'()]+$"), _OR_EMPTY]
OptionalNumber = Annotated[str, Field(pattern=r"^[0-9]{1,6}$"), _OR_EMPTY]
OptionalLines = Annotated[str, Field(pattern=r"^\S[\s\S]*$"), _OR_EMPTY]
_Count = Annotated[int, Field(ge=0, lt=1_000_000)]
Anchors = Mapping[_Count, _Count]
LINES = "write lines and ranges of lines: [1-5, 368]"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """The fields of a file's front matter, or of a part of it; any other key is a problem."""

    __pydantic_config__ = ConfigDict(extra="forbid")
    # What to write in place of a wrong value, by its key, `*.key` inside another.
    remedies: ClassVar[Mapping[str, str]] = {}


def list_fields(values: FrontMatter) -> dict[str, Any]:
    """The fields by name, to make a value that has more than these."""
    return {field.name: getattr(values, field.name) for field in fields(values)}


def find_innermost(offsets: Offsets, path: FieldPath) -> FieldPath:
    """The path of a key or list item that a file has, or of the innermost one around it."""
    around = (path[:length] for length in range(len(path), 0, -1))
    return next((outer for outer in around if outer in offsets), ())


def find_offset(offsets: Offsets, path: FieldPath) -> int:
    """The offset of a key or list item, or of the innermost one around it; 0 without any."""
    return offsets.get(find_innermost(offsets, path), 0)


def parse_range(written: str) -> tuple[int, int]:
    """The first and the last number of a range, or of a number alone."""
    first, _, last = written.partition("-")
    return int(first), int(last or first)


def expand_ranges(ranges: Iterable[str], last: int = 999_999) -> frozenset[int]:
    """The numbers, up to the last one there is, that numbers and ranges of numbers name."""
    numbers: set[int] = set()
    reached = 0
    # In order, so that ranges that overlap are expanded once.
    for first, end in sorted(map(parse_range, ranges)):
        numbers.update(range(max(first, reached + 1), min(end, last) + 1))
        reached = max(reached, end)
    return frozenset(numbers)


def _check_range(written: str) -> str:
    first, last = parse_range(written)
    if last < first:
        raise ValueError(f"the range {written} runs backwards")
    return written


def _check_day(value: str) -> str:
    try:
        date.fromisoformat(value + "2000-01-01"[len(value) :])
    except ValueError:
        raise ValueError(f"there is no such day as {value}") from None
    return value


Day = Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}){0,2}$"), AfterValidator(_check_day)]
OptionalDay = Annotated[Day, _OR_EMPTY]
OptionalWholeDay = Annotated[Day, Field(pattern="^.{10}$"), _OR_EMPTY]
_LineRange = Annotated[
    str, Field(pattern=r"^[1-9][0-9]{0,5}(-[1-9][0-9]{0,5})?$"), AfterValidator(_check_range)
]
LineRanges = tuple[_LineRange, ...]
