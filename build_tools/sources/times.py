"""Times as files write them, in milliseconds; None for any other value."""

import re
from decimal import Decimal, InvalidOperation

from build_tools.text.timecode import CLOCK, parse_clock

# Ten thousand hours: a greater number is not a time.
_LONGEST = 36_000_000_000

_NUMBER = re.compile(r"(?P<number>[0-9]{1,20}(?:\.[0-9]{1,20})?)s?")
_CLOCK = re.compile(CLOCK)
_DURATION = re.compile(
    r"PT(?=.)(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,9}(?:\.[0-9]{1,20})?)S)?"
)


def count_milliseconds(value: object, per_second: int = 1) -> int | None:
    """The milliseconds of a number, or of a string with one, in units of 1 / `per_second` seconds.

    A string may also end in `s`, or be a clock or a duration of ISO 8601. An object may have
    `seconds` and `nanos`, either of which is missing if it is zero.
    """
    if isinstance(value, dict):
        # JavaScript writes an integer of 64 bits as two halves.
        seconds, nanos = value.get("seconds"), value.get("nanos")
        seconds = seconds.get("low") if isinstance(seconds, dict) else seconds
        if seconds is None and nanos is None:
            return None
        parts = (0 if part is None else part for part in (seconds, nanos))
        whole, rest = map(count_milliseconds, parts, (1, 1_000_000_000))
        return add_milliseconds(whole, rest)
    if isinstance(value, str):
        if (clock := parse_full_clock(value)) is not None:
            return clock
        if duration := _DURATION.fullmatch(value):
            hours, minutes, seconds = (Decimal(part or 0) for part in duration.group(1, 2, 3))
            value, per_second = (hours * 60 + minutes) * 60 + seconds, 1
        else:
            match = _NUMBER.fullmatch(value.strip())
            value = Decimal(match["number"]) if match else None
    elif isinstance(value, int | float) and not isinstance(value, bool):
        value = Decimal(str(value))
    if not isinstance(value, Decimal) or not value.is_finite():
        return None
    # Compare before multiplying: a large exponent would make any number of digits.
    fits = 0 <= value <= _LONGEST * per_second
    time = round(value * 1000 / per_second) if fits else _LONGEST + 1
    return time if time <= _LONGEST else None


def parse_full_clock(text: str) -> int | None:
    """The milliseconds of `M:SS` or `H:MM:SS`, with or without a fraction of a second."""
    return parse_clock(text) if _CLOCK.fullmatch(text.strip()) else None


def add_milliseconds(start: int | None, duration: int | None) -> int | None:
    """The end of an interval; None if its start or duration is unknown."""
    return None if start is None or duration is None else start + duration


def read_number(text: str) -> Decimal | None:
    """A number of JSON as a decimal; None if its exponent is too large."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
