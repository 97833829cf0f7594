"""A transcript and its chapters for podcast players, in the JSON of the Podcast Namespace."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from build_tools.exports.data import render_json
from build_tools.model.site import SiteIdentity
from build_tools.model.transcript import Caption, Transcript
from build_tools.text.urls import page_address
from build_tools.transcript.timing import time_chapters


def render_segments(captions: Iterable[Caption]) -> str:
    """`<slug>.podcast.json`, version 1.0.0: a segment for each voice of each caption."""
    segments = [segment for caption in captions for segment in _segments(caption)]
    return render_json({"version": "1.0.0", "segments": segments})


def _segments(caption: Caption) -> Iterator[dict[str, Any]]:
    """The segments of a caption, which share its time by the length of what they say."""
    voices = [
        (speaker, " ".join(row.text for row in rows))
        for speaker, rows in groupby(caption.rows, key=lambda row: row.speaker)
    ]
    length = sum(len(text) for _, text in voices)
    said, lasts = 0, caption.end - caption.start
    for speaker, text in voices:
        begins, said = said, said + len(text)
        segment: dict[str, Any] = {"speaker": speaker} if speaker else {}
        segment["startTime"] = (caption.start + lasts * begins // length) / 1000
        segment["endTime"] = (caption.start + lasts * said // length) / 1000
        yield {**segment, "body": text}


def render_chapters(transcript: Transcript, masthead: SiteIdentity) -> str:
    """`<slug>.chapters.json`, version 1.2.0."""
    edition, times = transcript.edition, time_chapters(transcript)
    head = {
        "version": "1.2.0",
        "title": edition.title,
        "podcastName": edition.podcast,
        "description": edition.description,
    }
    chapters: list[dict[str, Any]] = []
    for chapter, time, address in zip(edition.chapters, times, transcript.chapter_ids, strict=True):
        if chapter.title and time is not None:
            page = masthead.url + page_address(edition.path, address) if masthead.url else ""
            fields = {"startTime": time / 1000, "title": chapter.title, "url": page}
            chapters.append({key: value for key, value in fields.items() if value != ""})
    return render_json({**{key: text for key, text in head.items() if text}, "chapters": chapters})
