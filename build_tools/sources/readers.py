"""The readers of all formats, and which of them a file is for.

Every word of a text is in a cue or reported as left out; text that no reader understands is speech.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import NamedTuple

from build_tools.sources.captions import ass, html
from build_tools.sources.captions.subtitles import SRT, VTT
from build_tools.sources.captions.timed_xml import TTML, YOUTUBE, read_ttml, read_youtube_xml
from build_tools.sources.formats import FORMATS
from build_tools.sources.json.document import Document, parse_json
from build_tools.sources.json.reader import VENDORS, Vendor, is_any, read_any, value_of
from build_tools.sources.labels import name_cues
from build_tools.sources.markup import parse_xml
from build_tools.sources.pasted import dialogue, table
from build_tools.sources.raw import RawSource, UnknownFile, UnreadableSourceError
from build_tools.text.words import find_keys

# A whole day of speech has fewer, even with a line for every breath.
_MOST_CUES, _MOST_WORDS = 100_000, 250_000


class FormatReader(NamedTuple):
    """Whether a file is of a format, and what a text of that format holds.

    `labelled` says that names of speakers may stand before the text of its cues.
    """

    recognise: Callable[[UnknownFile], bool]
    read: Callable[[str], RawSource]
    labelled: bool = False


def _of_vendor(vendor: Vendor, *, labelled: bool) -> FormatReader:
    return FormatReader(lambda file: vendor.is_own(file.document), vendor.read, labelled)


def _tagged(
    is_own: Callable[[str], object], read: Callable[[str], RawSource], *, labelled: bool = True
) -> FormatReader:
    """The reader of a format in HTML or XML, which its tags tell."""

    def recognise(file: UnknownFile) -> bool:
        return file.content.lstrip().startswith("<") and bool(is_own(file.content))

    return FormatReader(recognise, read, labelled)


def _parse_xml(content: str) -> Document:
    return Document(value_of(parse_xml(content)))


def _is_xml(content: str) -> bool:
    with suppress(UnreadableSourceError):
        return content.lstrip().startswith("<?xml") and is_any(_parse_xml(content))
    return False


def _read_html(content: str) -> RawSource:
    form, text, around = _find_html(content)
    raw = READERS[form or "plain"].read(text)
    return raw._replace(left_out=(*around.left_out, *raw.left_out))


def _find_html(content: str) -> tuple[str, str, RawSource]:
    """The format of the lines of HTML, or "", and these lines."""
    around = html.split_lines(content)
    text = "\n".join(cue.text for cue in around.cues)
    file = UnknownFile("", text, tuple(text.split("\n")))
    names = ("table", "clock", "dialogue", "names")
    return next((name for name in names if READERS[name].recognise(file)), ""), text, around


# In the order of FORMATS.
READERS = {
    **{
        name: _of_vendor(vendor, labelled=name in ("youtube-json", "json"))
        for name, vendor in VENDORS.items()
    },
    "youtube-xml": _tagged(YOUTUBE.match, read_youtube_xml),
    "ttml": _tagged(TTML.match, read_ttml),
    "podcast-html": _tagged(html.PODCAST.match, html.read_podcast_html, labelled=False),
    "hypertranscript": _tagged(html.HYPERTRANSCRIPT.search, html.read_hypertranscript),
    "html": _tagged(lambda text: html.is_html(text) and _find_html(text)[0], _read_html),
    "xml": _tagged(_is_xml, lambda content: read_any(_parse_xml(content))),
    "ass": FormatReader(ass.recognise_ass, ass.read_ass, labelled=True),
    "rolling-vtt": FormatReader(VTT.recognise_rolling, VTT.read_rolling),
    "vtt": FormatReader(VTT.recognise, VTT.read, labelled=True),
    "rolling-srt": FormatReader(SRT.recognise_rolling, SRT.read_rolling),
    "srt": FormatReader(SRT.recognise, SRT.read, labelled=True),
    "table": FormatReader(table.recognise_table, table.read_table, labelled=True),
    "clock": FormatReader(dialogue.recognise_clock, dialogue.read_clock),
    "dialogue": FormatReader(dialogue.recognise_dialogue, dialogue.read_dialogue, labelled=True),
    "names": FormatReader(dialogue.recognise_named, dialogue.read_named, labelled=True),
    "plain": FormatReader(dialogue.recognise_plain, dialogue.read_plain),
}


def recognise_formats(name: str, content: str) -> tuple[str, ...]:
    """Every format that a file fits, in the order of FORMATS; none for an unknown format."""
    document = None
    if content.lstrip()[:1] in ("{", "["):
        with suppress(UnreadableSourceError):
            document = parse_json(content)
    spoken = tuple(line for line in content.split("\n") if line.strip())
    file = UnknownFile(name.lower(), content, spoken, document)
    # The lines of a large document would take seconds.
    names = READERS if document is None else VENDORS
    return tuple(name for name in names if READERS[name].recognise(file))


def read_cues(format_name: str, content: str, labels: Mapping[str, str] | None = None) -> RawSource:
    """Everything that a format's reader finds in a text; raises UnreadableSourceError.

    `labels` tells which words before a colon are speakers, and which, with "", are none. A text
    with more cues or words than any recording has is refused.
    """
    reader = READERS[format_name]
    raw = reader.read(content)
    apart = [cue._replace(speaker="") for cue in raw.cues if cue.line in raw.apart]
    spoken = (cue for cue in raw.cues if cue.line not in raw.apart)
    named = name_cues(spoken, labels, seek=reader.labelled)
    raw = raw._replace(cues=tuple(sorted((*named, *apart), key=lambda cue: cue.line)))
    unit = f"{FORMATS[format_name].unit}s of speech"
    _limit(sum(bool(cue.text.strip()) for cue in raw.cues), unit, _MOST_CUES)
    # A text has at most as many words as characters: few texts need their words counted.
    if len(content) > _MOST_WORDS:
        _limit(sum(len(find_keys(cue.text)) for cue in raw.cues), "words", _MOST_WORDS)
    return raw


def _limit(count: int, of: str, most: int) -> None:
    if count > most:
        what = f"the source has {count} {of}, and {most} fit"
        raise UnreadableSourceError(1, what, "give each talk a file of its own")
