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

    A string may also end in `s` or be a duration of ISO 8601, both in seconds.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        duration = _DURATION.fullmatch(value)
        if duration:
            hours, minutes, seconds = (Decimal(part or 0) for part in duration.group(1, 2, 3))
            return _round_time(((hours * 60 + minutes) * 60 + seconds) * 1000)
        match = _NUMBER.fullmatch(value.strip())
        value = Decimal(match["number"]) if match else None
    if isinstance(value, int | float):
        value = Decimal(str(value))
    if not isinstance(value, Decimal) or not value.is_finite():
        return None
    # Compare before multiplying: a large exponent would make any number of digits.
    return _round_time(value * 1000 / per_second) if 0 <= value <= _LONGEST * per_second else None


def count_time(value: object, per_second: int) -> int | None:
    """The milliseconds of a number, of a text with one, of a clock or of `seconds` and `nanos`."""
    if isinstance(value, str):
        time = count_milliseconds(value, per_second)
        return parse_full_clock(value) if time is None else time
    if not isinstance(value, dict):
        return count_milliseconds(value, per_second)
    # Either may be missing if it is zero.
    seconds, nanos = value.get("seconds"), value.get("nanos")
    # JavaScript writes an integer of 64 bits as two halves.
    seconds = seconds.get("low") if isinstance(seconds, dict) else seconds
    if seconds is None and nanos is None:
        return None
    whole = count_milliseconds(0 if seconds is None else seconds)
    return add_milliseconds(whole, count_milliseconds(0 if nanos is None else nanos, 1_000_000_000))


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


def _round_time(milliseconds: Decimal) -> int | None:
    return round(milliseconds) if milliseconds <= _LONGEST else None
