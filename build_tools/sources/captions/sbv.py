"""SubViewer as YouTube writes it: `0:00:00.378,0:00:11.378` above the text."""

from __future__ import annotations

import re

from build_tools.sources.captions.blocks import UNTIMED, parse_captions, voice_cues
from build_tools.sources.labels import name_cues
from build_tools.sources.raw import RawSource, UnknownFile

_CLOCK = r"[0-9]{1,4}:[0-9]{2}:[0-9]{2}[.,][0-9]{1,3}"
_TIMES = re.compile(rf"[ \t]*(?P<start>{_CLOCK})[ \t]*,[ \t]*(?P<end>{_CLOCK})[ \t]*(?P<behind>)\Z")


def recognise_sbv(file: UnknownFile) -> str:
    """Why a file is SubViewer, or ""."""
    times = file.count_lines(_TIMES, one_in=4)
    return f"it has {times} lines of two times with a comma between them" if times else ""


def read_sbv(content: str) -> RawSource:
    """A cue for each line of times; `[br]` separates two lines of a caption."""
    above, captions = parse_captions(content, _TIMES)
    cues = list(voice_cues(UNTIMED, above))
    for caption in captions:
        cues += voice_cues(caption, caption.lines)
    return RawSource(name_cues(cue._replace(text=cue.text.replace("[br]", "\n")) for cue in cues))
