"""Milliseconds to the text of a clock, and back."""

from __future__ import annotations


def parse_clock(text: str) -> int:
    """Milliseconds of `MM:SS` or `H:MM:SS`.

    >>> parse_clock("03:07"), parse_clock("1:00:02")
    (187000, 3602000)
    """
    seconds = 0
    for part in text.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds * 1000


def render_clock(milliseconds: int) -> str:
    """`MM:SS`, or `H:MM:SS` from the first hour on.

    >>> render_clock(187000), render_clock(3602000)
    ('03:07', '1:00:02')
    """
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"
