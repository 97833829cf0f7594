"""Text, counts, dates, times and shares as readers see them."""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from babel.core import Locale
from babel.dates import format_skeleton
from babel.numbers import format_decimal, format_percent

from build_tools.model.address import parse_address
from build_tools.model.edition import Span
from build_tools.model.site import SITE_LANGUAGE
from build_tools.text.catalogue import current, site_language, tr, tr_count
from build_tools.text.timecode import render_clock

# The calendar of Python names months in the language of the machine.
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# Characters that YAML forbids or that Python-Markdown reserves.
_FORBIDDEN = r"\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
# A single blank is common and needs no replacement, so it does not match.
_BLANKS = re.compile(rf"(?:[^\S\ ]|[{_FORBIDDEN}]|\ (?=[\s{_FORBIDDEN}]))[\s{_FORBIDDEN}]*")
# Words a minute of an unhurried reader.
_PACE = 225


def join_blanks(text: str) -> str:
    """Text with one blank for each run of blanks and of characters forbidden in YAML or XML."""
    # Printable text has no other blanks than spaces; most texts have no two side by side.
    text = text.replace("\n", " ")
    return text if text.isprintable() and "  " not in text else _BLANKS.sub(" ", text)


def one_line(text: str) -> str:
    """Text on one line, without characters forbidden in YAML or XML."""
    return join_blanks(text).strip()


def plain_text(spans: Iterable[Span]) -> str:
    """The words of spans on one line, without markup."""
    return " ".join("".join(span.said for span in spans).split())


def render_date(date: str) -> str:
    """A date of any precision in words: `22 May 2024`."""
    return _render_date(date, current().locale) if "-" in date else date


# Many pages show the same few dates.
@lru_cache(maxsize=1024)
def _render_date(date: str, locale: Locale) -> str:
    skeleton = "yMMMMd" if len(date) > len("2024-05") else "yMMMM"
    return format_skeleton(skeleton, datetime.fromisoformat(f"{date}-01"[:10]), locale=locale)


def render_moment(date: str) -> str:
    """The moment at which a date of any precision begins, in RFC 3339."""
    return f"{date}{'0000-01-01'[len(date) :]}T00:00:00Z"


def render_address(time: int | None, address: str) -> str:
    """The text of a link to an address: its time, or the number of its line or piece."""
    if time is not None:
        return render_clock(time)
    parsed = parse_address(address)
    return tr(f"{parsed.unit} {{number}}", number=parsed.number) if parsed else address


def render_place(time: int | None, address: str) -> str:
    """The time of an address, or its number alone."""
    parsed = parse_address(address)
    return str(parsed.number) if time is None and parsed else render_address(time, address)


def say_counted(noun: str) -> tuple[str, str, str]:
    """The sentences for none of a noun, for one and for several."""
    plural = "entries" if noun == "entry" else f"{noun}s"
    return f"no {plural}", f"{{count}} {noun}", f"{{count}} {plural}"


def render_count(number: int, counted: str) -> str:
    """A number with its noun."""
    none, one, many = say_counted(counted)
    return tr_count(number, one, many, count=render_number(number)) if number else tr(none)


def render_number(number: float) -> str:
    """A number with its thousands parted: `4,438`."""
    english = site_language() == SITE_LANGUAGE
    return f"{number:,}" if english else format_decimal(number, locale=current().locale)


def render_minutes(words: int) -> str:
    """The time in which so many words are read.

    >>> render_minutes(4438), render_minutes(20), render_minutes(20838)
    ('20 min', '1 min', '1 h 33 min')
    """
    hours, minutes = divmod(max(round(words / _PACE), 1), 60)
    duration = "{hours} h {minutes} min" if hours else "{minutes} min"
    return tr(duration, hours=hours, minutes=minutes)


def render_share(part: int, whole: int) -> str:
    """A part of a whole in percent, rounded down, so that only the whole is 100%.

    >>> render_share(1, 3), render_share(999, 1000), render_share(7, 7), render_share(1, 1000)
    ('33%', '99%', '100%', 'less than 1%')
    """
    percent = 100 * part // whole
    return render_percent(percent) if percent or not part else tr("less than 1%")


def render_percent(percent: int) -> str:
    """A whole number of percent: `33%`."""
    return format_percent(percent / 100, locale=current().locale)


def render_size(size: int) -> str:
    """A number of bytes in a readable unit."""
    if size < 1000:
        return render_count(size, "byte")
    if size < 999_500:
        return f"{size / 1000:.0f} kB"
    return f"{render_number(round(size / 1_000_000, 1))} MB"
