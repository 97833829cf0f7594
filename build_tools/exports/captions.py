"""Captions as files, and what players of podcasts read; no words read as times, a tag or a name."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from build_tools.exports.data import render_json
from build_tools.model.extract import TranscriptExtract
from build_tools.model.site import SITE_LANGUAGE, SiteIdentity
from build_tools.model.transcript import Caption, Transcript
from build_tools.sources.labels import find_labels
from build_tools.text.catalogue import tr
from build_tools.text.timecode import render_timestamp
from build_tools.text.urls import page_address
from build_tools.text.wording import one_line
from build_tools.text.words import find_words
from build_tools.text.xml import Xml, block, element, indent, render_xml
from build_tools.transcript.timing import time_chapters

_SPECIAL = re.compile(r"[&<>]|\{(?=\\)")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "{": "&#123;"}
# SubRip has no escapes: a blank parts what a player would take for notation.
_NOTATION = re.compile(r"(?<=-)>|<(?=[A-Za-z0-9/!:])|\{(?=\\)|&(?=#?\w+;)")
# Beside a blank, an angle that is no word would be one.
_ANGLES = {"<": "‹", ">": "›"}
_COLON = re.compile(r"[:：]|(?<=>)(?= )")
# Invisible; behind a colon or `<ann>` it keeps the words before it from being read as a name.
_JOINER = "\u2060"
# The lines of an episode by the ends of the files that they name.
_LINES = {
    ".vtt": ("podcast:transcript", "text/vtt"),
    ".srt": ("podcast:transcript", "application/x-subrip"),
    ".podcast.json": ("podcast:transcript", "application/json"),
    ".chapters.json": ("podcast:chapters", "application/json+chapters"),
}
_MERGE = "Copy the lines podcast:transcript and podcast:chapters into the items of your own feed."


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


def render_segments(captions: Iterable[Caption]) -> str:
    """`<slug>.podcast.json`, version 1.0.0; voices share a caption's time by their length."""
    segments: list[dict[str, Any]] = []
    for caption in captions:
        groups = groupby(caption.rows, key=lambda row: row.speaker)
        voices = [(speaker, " ".join(row.text for row in rows)) for speaker, rows in groups]
        length, lasts = sum(len(text) for _, text in voices), caption.end - caption.start
        said = 0
        for speaker, text in voices:
            begins, said = said, said + len(text)
            times = [caption.start + lasts * at // length for at in (begins, said)]
            segment = {"speaker": speaker} if speaker else {}
            start, end = (time / 1000 for time in times)
            segments.append({**segment, "startTime": start, "endTime": end, "body": text})
    return render_json({"version": "1.0.0", "segments": segments})


def render_chapters(transcript: Transcript, masthead: SiteIdentity) -> str | None:
    """`<slug>.chapters.json`, version 1.2.0; None where no chapter has a title."""
    edition, times = transcript.edition, time_chapters(transcript)
    if not any(chapter.title for chapter in edition.chapters):
        return None
    head = {"version": "1.2.0", "title": edition.title, "podcastName": edition.podcast}
    head["description"] = edition.description
    chapters: list[dict[str, Any]] = []
    for chapter, time, address in zip(edition.chapters, times, transcript.chapter_ids, strict=True):
        if chapter.title and time is not None:
            page = masthead.url and masthead.url + page_address(edition.path, address)
            fields = {"startTime": time / 1000, "title": chapter.title}
            chapters.append(fields | ({"url": page} if page else {}))
    return render_json({**{key: text for key, text in head.items() if text}, "chapters": chapters})


def render_feed_lines(extracts: Iterable[TranscriptExtract], masthead: SiteIdentity) -> str | None:
    """`data/podcast.xml`, the lines that a feed lacks; None without an address or episodes."""
    items = []
    for extract in extracts:
        edition, lines = extract.edition, list[Xml]()
        for download in extract.downloads if edition.podcast else ():
            for end, (tag, media) in _LINES.items():
                if download.path.endswith(end):
                    language = edition.lang if tag == "podcast:transcript" else ""
                    address = {"url": masthead.url + download.path, "type": media}
                    lines.append(element(tag, address | {"language": language}))
        if lines:
            head = {"title": edition.title, "podcast:episode": edition.episode}
            said = (element(tag, {}, one_line(text)) for tag, text in head.items() if text)
            items.append(block("item", {}, *said, *lines))
    if not items or not masthead.url:
        return None
    facts = {"title": masthead.name, "link": masthead.url, "description": tr(_MERGE)}
    head_of = (element(tag, {}, one_line(text)) for tag, text in facts.items())
    channel = block("channel", {}, *head_of, *items)
    space = {"version": "2.0", "xmlns:podcast": "https://podcastindex.org/namespace/1.0"}
    return render_xml(indent(block("rss", space, channel)))
