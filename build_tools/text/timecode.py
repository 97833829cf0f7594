"""Milliseconds to the text of a clock, and back."""

# What a clock looks like in the files of others, for the patterns of readers: hours and a fraction
# are optional, and a comma may stand for the point.
CLOCK = r"(?:[0-9]{1,4}:)?[0-9]{1,3}:[0-9]{2}(?:[.,][0-9]{1,6})?"


def parse_clock(text: str) -> int:
    """Milliseconds of `MM:SS` or `H:MM:SS`, with or without a fraction of a second.

    >>> parse_clock("03:07"), parse_clock("1:00:02"), parse_clock("00:00:01,5")
    (187000, 3602000, 1500)
    """
    whole, _, fraction = text.replace(",", ".").partition(".")
    seconds = 0
    for part in whole.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds * 1000 + int(fraction[:3].ljust(3, "0"))


def render_clock(milliseconds: int) -> str:
    """`MM:SS`, or `H:MM:SS` from the first hour on.

    >>> render_clock(187000), render_clock(3602000)
    ('03:07', '1:00:02')
    """
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def render_timestamp(milliseconds: int, point: str = ".") -> str:
    """`HH:MM:SS.mmm`, as captions have it; SubRip has a comma for the point.

    >>> render_timestamp(3602005), render_timestamp(187000, ",")
    ('01:00:02.005', '00:03:07,000')
    """
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{thousandths:03}"
