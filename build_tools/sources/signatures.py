"""Formats that no reader takes, known by their first bytes or by the shape of their lines.

Their notation would be published as speech; a refusal says what to export instead.
"""

import re
from collections import Counter
from contextlib import suppress

from build_tools.sources.json.document import parse_json
from build_tools.sources.raw import UnreadableSourceError
from build_tools.text.timecode import ARROW

# What a file is, and what to give instead.
Foreign = tuple[str, str]

_CAPTIONS = "export WebVTT (.vtt) or SubRip (.srt) from the program that made it"
_TEXT = "save it as plain text (.txt, UTF-8), or export captions (.vtt, .srt)"
_COLUMNS = "name the columns start, end, speaker and text in its first line, or export captions"
_ELAN = "in ELAN: File, Export As, Subtitles Text (.srt)"
_JSON_REMEDY = "save once more what the recogniser gave; perhaps the download was cut off"
_JSON_OTHER = "export the recogniser's own JSON, WebVTT (.vtt) or SubRip (.srt)"
_MEDIA = "import the transcript of the recording, not the recording"
_BYTES = (
    (rb"PK\x03\x04(?s:.{0,200})opendocument.text", "an OpenDocument text (.odt)", _TEXT),
    (rb"PK\x03\x04(?s:.{0,4000})xl/", "an Excel workbook (.xlsx)", "save it as CSV (UTF-8)"),
    (rb"\xd0\xcf\x11\xe0", "an old Word or Office document (.doc)", _TEXT),
    (rb"%PDF", "a PDF", "copy its text into a file (.txt, UTF-8)"),
    (rb"\{\\rtf", "Rich Text (RTF)", _TEXT),
    (rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!", "a compressed archive", "unpack it first"),
    (rb"ID3|\xff[\xfb\xf3\xf2]|RIFF|OggS|fLaC|\x1aE\xdf\xa3|(?s:.{4})ftyp", "a recording", _MEDIA),
    (rb"(?s:.{3})STL\d\d\.\d\d", "EBU STL captions", _CAPTIONS),
    (rb"\x89PNG|GIF8|\xff\xd8\xff", "a picture", "type or recognise its text first"),
    (rb"SQLite format 3", "a database", _TEXT),
)
_STARTS = (
    (r"<SAMI", "SAMI captions", _CAPTIONS),
    (r"Scenarist_SCC", "SCC captions of American television", _CAPTIONS),
    (r"\[INFORMATION\]", "SubViewer 2 captions", _CAPTIONS),
    (r"#EXTM3U", "a playlist (M3U8)", "download the captions that it lists, and import those"),
    (r"File type = \"oo|\"ooTextFile", "a TextGrid of Praat", "in ELAN, import it and export .srt"),
    (r"@(?:UTF8|Begin|Font)\b", "a CHAT transcript of CLAN", "export .srt with CLAN's CHAT2SRT"),
    (r"(?:<\?xml[^<]{0,200})?<ANNOTATION_DOCUMENT", "an ELAN file (.eaf)", _ELAN),
    (r"<!doctype html|<html", "a web page (HTML)", "copy its text into a file (.txt)"),
    (r"<\?xml|<!doctype|<[a-z]+:?[a-z]+[ >]", "XML or HTML of a kind unknown here", _TEXT),
    (r"From: |Received: |MIME-Version: ", "an e-mail", _TEXT),
)
# Of these shapes a line in so many is, at least.
_LINES = (
    (2, r"\{\d+\}\{\d*\}", "MicroDVD captions, which count frames", _CAPTIONS),
    (2, r"\[\d+\]\[\d*\]", "MPL2 captions", _CAPTIONS),
    (4, r"\d\d:\d\d:\d\d[:;]\d\d[ \t]+[0-9a-f]{4}\b", "SCC captions", _CAPTIONS),
    (3, r"</?[a-zA-Z][^<>\n]{0,300}>", "HTML or XML", "copy its text into a file (.txt)"),
    (2, r"\w[\w \[\].:]{0,40} ?= ?\S", "a list of fields, such as a TextGrid of Praat", _CAPTIONS),
    (
        2,
        r"[\[{]?\s*\"[^\"\n]{1,60}\"\s*:|[\[\]{}],?\s*$",
        "JSON that is damaged or cut off",
        _JSON_REMEDY,
    ),
    (2, r"\"(?:[^\"\n]|\"\")*\"[,;\t]|(?:[^\n\",;]*[,;]){3,40}\"", "a table (CSV)", _COLUMNS),
    (8, rf"[\d:.,; \t]*\d{ARROW}\d[\d:.,; \t]*$", "captions whose times cannot be read", _CAPTIONS),
)
_JSON_START = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[{\[\"\]])")


def describe_bytes(data: bytes) -> Foreign | None:
    """What a file is by its first bytes, if it is no text."""
    start = data[:5000].lstrip()
    return next(((what, remedy) for sign, what, remedy in _BYTES if re.match(sign, start)), None)


def describe_text(content: str, *, tabular: bool) -> Foreign | None:
    """What a text is, if it is no speech; a `tabular` text may be a table with any columns."""
    lines = [line for line in content.split("\n") if line.strip()]
    if _JSON_START.match(content):
        with suppress(UnreadableSourceError):
            parse_json(content)
            return "JSON in which no list of speech with texts and times is known", _JSON_OTHER
        return "JSON that is damaged, or ends in the middle", _JSON_REMEDY
    for pattern, what, remedy in _STARTS:
        if re.match(pattern, content.lstrip(), re.IGNORECASE):
            return what, remedy
    for one_in, pattern, what, remedy in _LINES:
        shape = re.compile(rf"[ \t]*(?:{pattern})")
        count = sum(shape.match(line) is not None for line in lines)
        if count > 1 and one_in * count >= len(lines):
            return what, remedy
    for sign, least in (("\t", 1), (";", 2), ("|", 2), (",", 4)):
        signs, times = Counter(line.count(sign) for line in [*lines, ""]).most_common(1)[0]
        if tabular and signs >= least and times > 3 and 10 * times >= 9 * len(lines):
            return "a table whose columns have unknown names", _COLUMNS
    return None
