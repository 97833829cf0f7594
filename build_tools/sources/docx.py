"""The text of a Word document, as Word itself, Teams and Rev write transcripts."""

import io
import zipfile
import zlib
from xml.etree.ElementTree import Element

from build_tools.sources.markup import find_attribute, local_name, parse_xml
from build_tools.sources.raw import UnreadableSourceError

_PART = "word/document.xml"
# A day of speech has a tenth; a small archive can hold any number of bytes.
_MOST_BYTES = 30_000_000
# The same text box in an older notation, deleted words, and the codes of fields.
_SKIPPED = frozenset(("Fallback", "delText", "instrText", "pPr"))
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def is_archive(data: bytes) -> bool:
    """Whether bytes are an archive, such as a Word document."""
    return data.startswith(b"PK\x03\x04")


def read_docx(data: bytes) -> str:
    """A line for each paragraph and each break in it; headings begin with signs of Markdown.

    Raises UnreadableSourceError.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(_PART) as part:
            xml = part.read(_MOST_BYTES + 1)
    except (KeyError, OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error):
        raise _refuse("an archive without the text of a Word document") from None
    if len(xml) > _MOST_BYTES:
        raise _refuse("a Word document with more text than a talk has")
    text: list[str] = []
    ahead: list[Element | str] = [parse_xml(xml.decode("utf-8", "replace"))]
    while ahead:
        element = ahead.pop()
        if isinstance(element, str):
            text.append(element)
            continue
        name = local_name(element.tag)
        if name in _SKIPPED:
            continue
        if name == "p":
            text.append(_find_heading(element))
            ahead.append("\n")
        text.append((element.text or "") if name == "t" else _SIGNS.get(name, ""))
        ahead.extend(reversed(element))
    return "".join(text)


def _find_heading(paragraph: Element) -> str:
    """The signs of a heading before a paragraph with the style of one."""
    found = paragraph.find("./{*}pPr/{*}pStyle")
    style = "" if found is None else find_attribute(found, "val")
    return "# " if style == "Title" else "## " if style.startswith("Heading") else ""


def _refuse(what: str) -> UnreadableSourceError:
    return UnreadableSourceError(1, f"the file is {what}", "save it as .docx or as text (.txt)")
