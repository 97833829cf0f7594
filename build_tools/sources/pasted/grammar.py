"""Name, time and text of a line, in any order and with the usual punctuation.

`[0:05] Ann: text`, `0:05 - Ann`, `Ann  0:05`, `Ann | 0:05`, `**Ann (0:05):** text`, `Ann (Acme)
0:05`, `Ann: [0:05] text`, `Ann 1 minute 9 seconds`, `[0:05 --> 0:09] text`, `text #00:00:09-2#`.
"""

import re
from typing import NamedTuple

from build_tools.sources.labels import looks_like_name
from build_tools.text.timecode import ARROW, CLOCK, STRICT_CLOCK, parse_clock, write_digits

_UNTIL = rf"(?:{ARROW}|[ \t]*[-–—]{{1,3}}[ \t]*)"
_HALF = r"(?:[ ]?[AaPp][Mm]\b)?"
_BOX = rf"\\?[\[(][ ]?{CLOCK}{_HALF}(?:{_UNTIL}{CLOCK}{_HALF})?[ ]?\\?[\])]|\#{CLOCK}(?:-[0-9])?\#"
_BARE = rf"{STRICT_CLOCK}{_HALF}(?:{_UNTIL}{STRICT_CLOCK}{_HALF})?(?![0-9:])"
_IN_WORDS = (
    r"(?=[0-9])(?:[0-9]{1,3}[ ]hours?(?:,?[ ]|\b))?(?:[0-9]{1,4}[ ]minutes?(?:,?[ ]|\b))?"
    r"(?:[0-9]{1,4}[ ]seconds?)?"
)
_ALONE = re.compile(
    rf"[ \t]*(?:\#{{1,6}}[ \t]+)?(?P<time>{_BOX}|{_BARE}|{CLOCK}{_UNTIL}{CLOCK})[ \t]*\Z"
)
_WORDS_ALONE = re.compile(rf"[ \t]*(?P<time>{_IN_WORDS})[ \t]*\Z")
_FRONT = re.compile(rf"""(?x)
    [ \t]* (?: [-*•] [ \t]+ )? (?P<time> (?P<box> {_BOX} ) | {_BARE} (?=[ \t]) )
    (?: [ \t]* [-–—:|] (?=[ \t]) )? [ \t]*""")
_BEHIND = re.compile(rf"(?:(?<=\s)|(?=[\[(#\\])|\A)(?P<time>(?P<box>{_BOX})|{_BARE})\s*\Z")
_LONGEST_TIME = 40
# A star is taken out of a head before it is matched.
_HEAD = re.compile(rf"""(?x)
    [ \t]* (?: \#{{1,6}} [ \t]+ )?
    (?: \[ (?P<boxed> [^\]\n]{{1,100}} ) \] | (?P<name> [^\s:\[(|] [^\n:\[(|\t]{{0,99}}? ) )
    (?: [ ] \( [^()\n:0-9]{{1,60}} \) )?                                        # a company
    (?: (?P<colon> [ ]? : )? [ \t]* (?P<box> {_BOX} ) (?: [ ]? (?P<after> : ) [ \t]* | [ \t]+ | \Z )
    | [ \t]+ (?P<inside> {STRICT_CLOCK} ) [ \t]+ (?=\S)
    | (?P<far> :[ ]++ | [ ]{{2,}}+ | [ ]*+\t[ \t]*+ | (?<=\]) [ ] ) (?P<bare> {_BARE} ) [ \t]* \Z
    | (?P<near> [ ] (?: [-–—|,] [ ] )? | , [ ] | [ ]?[|][ ]? )
      (?P<last> {_BARE} | {_IN_WORDS} ) (?<![ ]) [ \t]* \Z
    )""")
_BOLD = re.compile(r"[ \t]*\*\*(?P<name>[^*\n:(\[]{1,100})(?::[ ]*\*\*|\*\*[ ]*:)[ \t]*")
_BOLD_TIME = re.compile(r"[ \t]*(?:[-*•][ \t]+)?\*\*[\[(]?[0-9]")
_DIGIT = re.compile(r"\d")
_EMPHASIS = re.compile(rf"(?<![\w*_])[*_`]({_BOX}|{CLOCK})[*_`](?![\w*_])")
_LONGEST = 300
_UNITS = {"h": 3_600_000, "m": 60_000, "s": 1000}
_CLOCKS = re.compile(rf"(?P<clock>{CLOCK})(?:-(?P<tenth>[0-9])(?=\#))?[ ]?(?P<half>[AaPp][Mm])?")
_NOON = 43_200_000

# A name is far from its times, or only a blank or another sign of speech parts them; a time and
# speech are on its line; or it is bold and has no times.
KINDS = ("far", "near", "inside", "bold")


class Span(NamedTuple):
    """The times that a line holds; `end` may be unknown."""

    start: int
    end: int | None


class Head(NamedTuple):
    """A name at the beginning of a line, the times beside it, the text behind, and its kind."""

    name: str
    span: Span | None
    text: str
    kind: str


class Beside(NamedTuple):
    """Times at one end of a line, whether in brackets (at its end no parentheses), and the text."""

    span: Span
    boxed: bool
    text: str


def clean_name(text: str) -> str:
    """A name alone on a line without blanks, stars, a colon and a company in parentheses."""
    name = " ".join(text.replace("**", "").split()).removesuffix(":")
    return re.sub(r" \([^()\n:]{1,60}\)\Z", "", name)


def unescape(text: str) -> str:
    """A text without the backslashes with which Markdown escapes signs."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def parse_alone(line: str, *, in_words: bool = False) -> Span | None:
    """The times of a line that holds nothing else; `in_words` they are as `1 minute, 9 seconds`."""
    match = (_WORDS_ALONE if in_words else _ALONE).match(_shorten(line))
    return _parse_span(match["time"]) if match else None


def parse_front(line: str) -> Beside | None:
    """The times with which a line begins, and the text behind them."""
    line = line.replace("**", "", 2) if _BOLD_TIME.match(line) else line
    match = _FRONT.match(_shorten(line))
    return match and Beside(_parse_span(match["time"]), bool(match["box"]), line[match.end() :])


def parse_behind(line: str) -> Beside | None:
    """The times with which a line ends, and the text before them."""
    line = line.rstrip()
    first = max(len(line) - _LONGEST_TIME, 0)
    match = _BEHIND.search(_shorten(line[first:]))
    if not match:
        return None
    boxed = (match["box"] or "")[:1] in ("[", "#")
    return Beside(_parse_span(match["time"]), boxed, line[: first + match.start()])


def _shorten(line: str) -> str:
    """The beginning of a line, which holds all names and times; "" if it has no digit."""
    if not _DIGIT.search(line):
        return ""
    line = _EMPHASIS.sub(r" \1 ", line.rstrip())
    return write_digits(line if len(line) <= _LONGEST else line[:_LONGEST] + "\0")


def parse_head(line: str) -> Head | None:
    """The name with which a line begins, if a time follows it or if it is bold."""
    bold = line.lstrip().startswith("**")
    plain = line.replace("**", "", 2) if bold else line
    match = _HEAD.match(_shorten(plain))
    if match:
        name = plain[slice(*match.span("boxed" if match["boxed"] else "name"))]
        name = " ".join(name.split()).removesuffix(":").strip('"“”')
        time = match["box"] or match["bare"] or match["last"] or match["inside"]
        rest = plain[match.end() :]
        spoken = bool(rest.strip()) and not (match["colon"] or match["after"] or bold)
        if looks_like_name(name):
            kind = "inside" if spoken else "near" if match["near"] else "far"
            return Head(name, _parse_span(time), rest, kind)
    if label := _BOLD.match(line):
        return Head(" ".join(label["name"].split()), None, line[label.end() :], "bold")
    return None


def _parse_span(time: str) -> Span:
    if parts := re.findall(r"([0-9]+) ([hms])", time):
        return Span(sum(int(number) * _UNITS[unit] for number, unit in parts), None)
    times = []
    for match in _CLOCKS.finditer(time):
        clock = parse_clock(match["clock"]) + 100 * int(match["tenth"] or 0)
        half = (match["half"] or "").lower()
        times.append(clock % _NOON + _NOON * (half == "pm") if half else clock)
    return Span(times[0], times[1] if len(times) > 1 else None)
