"""Bytes to text: UTF-8 unless a byte order mark or the front matter names another encoding.

The text of a Word document is that of its paragraphs.
"""

import codecs
import io
import zipfile
import zlib
from contextlib import suppress
from xml.etree.ElementTree import Element

from build_tools.model.text import Parsed, Place, Problem, Text
from build_tools.sources.markup import find_attribute, local_name, parse_xml
from build_tools.sources.raw import UnreadableSourceError

# A front matter may name these encodings, in which transcripts are met. Python's other codecs, some
# of which decode no text, are not for a stranger's file.
ENCODINGS = (
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
    *("cp437", "cp850", "cp852", "cp866", "cp874", "cp932", "cp949", "cp950"),
    *(f"cp{number}" for number in range(1250, 1259)),
    *(f"iso8859-{number}" for number in range(1, 17) if number != 12),
    *("koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"),
    *("gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "iso2022_jp"),
)
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    **dict.fromkeys((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE), "utf-32"),
    **dict.fromkeys((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE), "utf-16"),
}
_KNOWN = {codecs.lookup(name).name: name for name in ENCODINGS}
_PART, _REMEDY = "word/document.xml", "save it as .docx or as text (.txt)"
# A day of speech has a tenth; a small archive can hold any number of bytes.
_MOST_BYTES = 30_000_000
# The same text box in an older notation, deleted words, and the codes of fields.
_SKIPPED = frozenset(("Fallback", "delText", "instrText", "pPr"))
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def known_encoding(name: str) -> str:
    """The name in ENCODINGS of the encoding that a name means; "" for an unknown one."""
    try:
        return _KNOWN.get(codecs.lookup(name).name, "")
    except (LookupError, ValueError):
        return ""


def marked_encoding(data: bytes) -> str:
    """The encoding that a byte order mark at the top names, or ""."""
    return next((name for mark, name in _MARKS.items() if data.startswith(mark)), "")


def unmarked_utf16(data: bytes) -> str:
    """The UTF-16 encoding of bytes without a byte order mark, or "".

    Blanks and line ends have a zero byte in UTF-16, and no text has one in UTF-8. All zeros must be
    on the same side, and the bytes must decode.
    """
    for name, high in (("utf-16-le", 1), ("utf-16-be", 0)):
        if 0 in data[high::2] and 0 not in data[1 - high :: 2] and len(data) % 2 == 0:
            with suppress(UnicodeDecodeError):
                data.decode(name)
                return name
    return ""


def decode_text(path: str, data: bytes, *, kept: bool = False, encoding: str = "") -> Parsed[Text]:
    """The text of a file without its byte order mark, with a line feed for every line end.

    A file is UTF-8 unless `encoding` says otherwise. If its bytes are `kept`, published as they
    are, a byte order mark may name an encoding too, and each change is a warning.
    """
    codec = known_encoding(encoding) or (kept and marked_encoding(data)) or "utf-8"
    if kept and data.startswith(b"PK\x03\x04"):
        try:
            return Parsed(Text(path, _read_docx(data)), ())
        except UnreadableSourceError as error:
            problem = Problem(Place(path, error.line), error.what, error.remedy)
            return Parsed(Text(path, ""), (problem,))
    try:
        content = data.decode(codec)
    except UnicodeDecodeError as error:
        before = Text(path, _normalise_lines(data[: error.start].decode(codec, errors="replace")))
        keep = "; or keep it, and say its encoding in the front matter: encoding: cp1252"
        what = f"the file is not {codec.upper()}: byte 0x{data[error.start]:02x}"
        remedy = "save it as UTF-8" + keep * kept
        return Parsed(Text(path, ""), (before.problem(len(before.content), what, remedy),))
    text = Text(path, _normalise_lines(content))
    changes = {
        "the source begins with a byte order mark": data.startswith(codecs.BOM_UTF8),
        "the source ends its lines with carriage returns": "\r" in content,
    }
    warned = (what for what, changed in changes.items() if kept and changed)
    remedy = "kept as it is; nothing to do"
    return Parsed(text, tuple(text.problem(0, what, remedy, warning=True) for what in warned))


def _normalise_lines(content: str) -> str:
    content = content.removeprefix("\ufeff")
    # Searching for one character is much faster than for two.
    return content.replace("\r\n", "\n").replace("\r", "\n") if "\r" in content else content


def _read_docx(data: bytes) -> str:
    """A line for each paragraph, break or row; headings have signs of Markdown, cells tabs."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(_PART) as part:
            xml = part.read(_MOST_BYTES + 1)
    except (KeyError, OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error):
        what = "the file is an archive without the text of a Word document"
        raise UnreadableSourceError(1, what, _REMEDY) from None
    if len(xml) > _MOST_BYTES:
        what = "the file is a Word document with more text than a talk has"
        raise UnreadableSourceError(1, what, _REMEDY)
    return _read_part(parse_xml(xml.decode("utf-8", "replace")))


def _read_part(element: Element) -> str:
    name = local_name(element.tag)
    if name in _SKIPPED:
        return ""
    cells = [cell for cell in element if local_name(cell.tag) == "tc"] if name == "tr" else []
    if len(cells) > 1:
        return "\t".join(" ".join(_read_part(cell).split()) for cell in cells) + "\n"
    text = (element.text or "") if name == "t" else _SIGNS.get(name, "")
    text += "".join(map(_read_part, element))
    if name != "p":
        return text
    style = element.find("./{*}pPr/{*}pStyle")
    heading = "" if style is None else find_attribute(style, "val")
    return f"{'# ' if heading == 'Title' else '## ' * heading.startswith('Heading')}{text}\n"
