"""Milliseconds to the text of a clock, and back."""

# What a clock looks like in the files of others, for the patterns of readers: hours and a fraction
# are optional, a comma may stand for the point, and frames may follow. In running text, seconds
# have two digits.
STRICT_CLOCK = r"(?:[0-9]{1,4}:)?[0-9]{1,3}:[0-9]{2}(?:[.,][0-9]{1,9})?"
CLOCK = r"(?:[0-9]{1,4}:)?[0-9]{1,3}:[0-9]{1,2}(?::[0-9]{2,3})?(?:[.,][0-9]{1,9})?"
# What stands between the beginning and the end of a caption.
ARROW = r"[ \t\f]*(?:[-–—=]{1,3}[ ]?>|--?&gt;|[→⟶➔➡])[ \t\f]*"
_DIGITS = {
    zero + digit: str(digit) for zero in (0x660, 0x6F0, 0x966, 0xFF10) for digit in range(10)
} | {0x66B: ".", 0xFF0E: ".", 0xFF0C: ",", 0xFF1A: ":"}


def write_digits(text: str) -> str:
    """The text, as long as before, with ASCII digits for Arabic, Devanagari and full-width ones."""
    return text if text.isascii() else text.translate(_DIGITS)


def parse_clock(text: str) -> int:
    """Milliseconds of `MM:SS` or `H:MM:SS`, with or without a fraction of a second.

    The frames of `H:MM:SS:FF` are dropped: files do not say how many make a second. Three digits
    behind a colon are milliseconds.
    """
    whole, _, fraction = write_digits(text).replace(",", ".").partition(".")
    seconds = 0
    parts = whole.split(":")
    for part in parts[:3]:
        seconds = seconds * 60 + int(part)
    fraction = fraction or "".join(part for part in parts[3:] if len(part) == 3)
    return seconds * 1000 + int(fraction[:3].ljust(3, "0"))


def render_clock(milliseconds: int) -> str:
    """`MM:SS`, or `H:MM:SS` from the first hour on."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def render_timestamp(milliseconds: int, point: str = ".") -> str:
    """`HH:MM:SS.mmm`, as captions have it; SubRip has a comma for the point."""
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{thousandths:03}"
