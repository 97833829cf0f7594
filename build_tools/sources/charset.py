"""Bytes to text: UTF-8 unless the bytes or the front matter say otherwise, and never a guess."""

from __future__ import annotations

import codecs

# Encodings that a front matter may name: those in which transcripts are met. Python knows codecs
# that are no encodings of text too, and a stranger's file has no business with them.
ENCODINGS = (
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
    *("cp437", "cp850", "cp852", "cp866", "cp874", "cp932", "cp949", "cp950"),
    *(f"cp{number}" for number in range(1250, 1259)),
    *(f"iso8859-{number}" for number in range(1, 17) if number != 12),
    *("koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"),
    *("gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "iso2022_jp"),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KNOWN = {codecs.lookup(name).name: name for name in ENCODINGS}


def known_encoding(name: str) -> str:
    """The encoding that a name means, by its name in ENCODINGS; "" for one that is not known.

    >>> known_encoding("Windows-1252"), known_encoding("latin1"), known_encoding("rot13")
    ('cp1252', 'iso8859-1', '')
    """
    try:
        return _KNOWN.get(codecs.lookup(name).name, "")
    except (LookupError, ValueError):
        return ""


def marked_encoding(data: bytes) -> str:
    """The encoding that a byte order mark at the top names, or ""."""
    return next((name for mark, name in _MARKS if data.startswith(mark)), "")


def unmarked_utf16(data: bytes) -> str:
    """Which UTF-16 bytes are that carry no mark, by the zeros that every blank and line end has.

    It is no guess: text in UTF-8 holds no zero byte, and both the order and the decoding must fit.
    """
    for name, high in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros, others = data[high::2].count(0), data[1 - high :: 2].count(0)
        if zeros and not others and len(data) % 2 == 0:
            try:
                data.decode(name)
            except UnicodeDecodeError:
                continue
            return name
    return ""
