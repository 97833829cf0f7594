r"""Advanced SubStation: `Dialogue: 0,0:00:01.00,0:00:02.50,Default,Ann,0,0,0,,{\an8}One\Ntwo`."""

import re

from build_tools.model.source import Cue
from build_tools.sources.raw import LeftOut, RawSource, UnknownFile
from build_tools.sources.times import parse_full_clock
from build_tools.text.words import has_word

_EVENT = re.compile(r"(?P<kind>Dialogue|Comment|Format):[ \t]*(?P<fields>[^\n]*)")
_USUAL = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
# A comment in braces, codes in braces, and a drawing until the codes that end it.
_BRACES = re.compile(r"\{(?P<inside>[^{}\n]*)\}")
_DRAWING = re.compile(r"\\p[1-9]")
_ENDS_DRAWING = re.compile(r"\\p0")


def recognise_ass(file: UnknownFile) -> bool:
    """Whether a file is Advanced SubStation."""
    head = any(line.startswith("[Script Info]") for line in file.lines[:5])
    events = sum(_EVENT.match(line) is not None for line in file.lines)
    return head or (events > 0 and 4 * events >= len(file.lines))


def read_ass(content: str) -> RawSource:
    """A cue for each line of dialogue; comments are left out."""
    names = _split(_USUAL)
    inside_events = "[Events]" not in content
    cues: list[Cue] = []
    left_out: list[LeftOut] = []
    for number, line in enumerate(content.split("\n"), 1):
        inside_events = line.strip() == "[Events]" or (inside_events and not line.startswith("["))
        event = _EVENT.match(line.lstrip())
        if not event:
            continue
        if event["kind"] == "Format":
            names = _split(event["fields"]) if inside_events else names
            continue
        fields = dict(zip(names, event["fields"].split(",", len(names) - 1), strict=False))
        if event["kind"] == "Comment":
            left_out.append(LeftOut(number, fields.get("text", ""), "a comment"))
            continue
        text, comments = _split_codes(fields.get("text", ""))
        left_out += (LeftOut(number, comment, "a comment") for comment in comments)
        start, end = (parse_full_clock(fields.get(name, "")) for name in ("start", "end"))
        speaker = fields.get("name", fields.get("actor", ""))
        cues.append(Cue(number, start, text, end, " ".join(speaker.split())))
    return RawSource(tuple(cues), tuple(piece for piece in left_out if has_word(piece.text)))


def _split(fields: str) -> list[str]:
    return [name.strip().casefold() for name in fields.split(",")]


def _split_codes(text: str) -> tuple[str, list[str]]:
    """A text without its codes and drawings, and the comments among the codes."""
    shown, *pieces = _BRACES.split(text)
    comments: list[str] = []
    drawing = False
    for inside, behind in zip(pieces[::2], pieces[1::2], strict=True):
        if "\\" not in inside:
            comments.append(inside)
        elif _DRAWING.search(inside) or _ENDS_DRAWING.search(inside):
            drawing = _DRAWING.search(inside) is not None
        shown += "" if drawing else behind
    said = shown.replace("\\N", "\n").replace("\\n", " ").replace("\\h", " ")
    return said, comments
