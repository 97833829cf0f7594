"""Captions as files: WebVTT with voices, and SubRip with names where a speaker begins.

A row has no line end and a caption no empty row. No words of a speaker read as times, a tag or a
name.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from build_tools.model.site import SITE_LANGUAGE
from build_tools.model.transcript import Caption
from build_tools.sources.labels import find_labels
from build_tools.text.timecode import render_timestamp
from build_tools.text.wording import one_line
from build_tools.text.words import find_words

_SPECIAL = re.compile(r"[&<>]|\{(?=\\)")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "{": "&#123;"}
# SubRip has no escapes: a blank parts what a player would take for notation.
_NOTATION = re.compile(r"(?<=-)>|<(?=[A-Za-z0-9/!:])|\{(?=\\)|&(?=#?\w+;)")
# Beside a blank, an angle that is no word would be one.
_ANGLES = {"<": "‹", ">": "›"}
_COLON = re.compile(r"[:：]|(?<=>)(?= )")
# Invisible; behind a colon or `<ann>` it keeps the words before it from being read as a name.
_JOINER = "\u2060"


def render_webvtt(captions: Sequence[Caption], lang: str = SITE_LANGUAGE) -> str:
    """`<slug>.vtt`: the voice of every caption, and the language if it is not the site's."""
    voiced = any(row.speaker for caption in captions for row in caption.rows)
    blocks = ["WEBVTT" if lang == SITE_LANGUAGE else f"WEBVTT\nLanguage: {lang}"]
    for caption in captions:
        lines = [f"{render_timestamp(caption.start)} --> {render_timestamp(caption.end)}"]
        for speaker, rows in groupby(caption.rows, key=lambda row: row.speaker):
            text = "\n".join(_escape(row.text if voiced else _guard(row.text)) for row in rows)
            lines.append(f"<v {_escape(speaker)}>{text}</v>" if speaker else text)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _escape(text: str) -> str:
    return _SPECIAL.sub(lambda sign: _ESCAPES[sign[0]], one_line(text))


def render_subrip(captions: Sequence[Caption]) -> str:
    """`<slug>.srt`; a dash stands for an unknown voice, and for names that look like words."""
    blocks, unclear = [], find_unclear_names(captions)
    for number, caption in enumerate(captions, 1):
        times = f"{render_timestamp(caption.start, ',')} --> {render_timestamp(caption.end, ',')}"
        blocks.append("\n".join((str(number), times, *_rows(caption, unclear))))
    return "\n\n".join(blocks) + "\n"


def _rows(caption: Caption, unclear: frozenset[str] = frozenset()) -> Iterator[str]:
    for row in caption.rows:
        text = _part_notation(one_line(row.text))
        if row.named and row.speaker and row.speaker not in unclear:
            yield f"{one_line(row.speaker)}: {text}"
        else:
            yield _guard(f"- {text}" if row.named else text)


def _part_notation(text: str) -> str:
    words = frozenset(find_words(text).starts) if _NOTATION.search(text) else frozenset()

    def part(sign: re.Match[str]) -> str:
        angle = None if sign.start() in words else _ANGLES.get(sign[0])
        return angle or f"{sign[0]} "

    return _NOTATION.sub(part, text)


def _guard(text: str) -> str:
    """A row that cannot be read as one that begins with a speaker's name."""
    # A label that stands at the head of every row is one.
    if not _COLON.search(text) or not find_labels((text, text)):
        return text
    return _COLON.sub(lambda sign: ":"[: len(sign[0])] + _JOINER, text, count=1)


def find_unclear_names(captions: Sequence[Caption]) -> frozenset[str]:
    """The speakers whose names a reader of SubRip would take for words that were said."""
    labels = find_labels(row for caption in captions for row in _rows(caption))
    speakers = {row.speaker for caption in captions for row in caption.rows if row.named}
    return frozenset(name for name in speakers if one_line(name) not in labels)
