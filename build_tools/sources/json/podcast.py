"""The JSON and the HTML of the Podcast Namespace.

{"version": "1.0.0", "segments": [
    {"speaker": "Ann", "startTime": 0.5, "endTime": 0.75, "body": "I"}]}

<cite>Ann:</cite> <time>0:00</time> <p>I&#39;m here.</p>
"""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.sources.json.document import clean_label, find_field, find_list, open_document
from build_tools.sources.json.phrasing import clean_text, cue_each, phrase_words, read_word
from build_tools.sources.markup import NO_SPEECH, parse_html
from build_tools.sources.raw import LeftOut, RawCue, RawSource
from build_tools.sources.times import parse_full_clock
from build_tools.text.words import find_keys

# These elements stand inside a paragraph; all others begin a new piece.
_INLINE_NAMES = "a abbr b bdi bdo em i mark q s small span strong sub sup u wbr"
_INLINE = frozenset(_INLINE_NAMES.split())
_SPECIAL = NO_SPEECH | {"cite", "time"}


def is_podcast_json(value: object) -> bool:
    """Whether a JSON value has segments with a body."""
    return any(find_field(piece, "body") is not None for piece in find_list(value, "segments")) or (
        find_field(value, "segments") == [] and find_field(value, "version") is not None
    )


def read_podcast_json(content: str) -> RawSource:
    """One cue a segment; cues made of the segments if most of them are single words."""
    has = "“segments” with a “body”"
    document = open_document(content, is_podcast_json, "a podcast's host", has)
    segments = find_list(document.value, "segments")
    document.take_all(segments, "body")
    words = [read_word(segment, "body", start="startTime", end="endTime") for segment in segments]
    counts = [len(find_keys(word.text)) for word in words]
    single, longer = counts.count(1), sum(count > 1 for count in counts)
    return document.close(phrase_words(words) if single > longer else cue_each(words))


def is_podcast_html(content: str) -> bool:
    """Whether a file has the elements of such a transcript."""
    return all(tag in content for tag in ("<cite", "<time", "<p"))


def read_podcast_html(content: str) -> RawSource:
    """One cue a paragraph, with the time before it and the last name.

    A text outside all paragraphs is a cue too.
    """
    cues: list[RawCue] = []
    left_out: list[LeftOut] = []
    name = unused_name = ""
    time: int | None = None
    for element, text in (*_find_texts(content), ("cite", "")):
        line = len(cues) + 1
        clock = parse_full_clock(text)
        if element == "cite":
            if find_keys(unused_name):
                left_out.append(LeftOut(line, unused_name, "a name after which nothing is said"))
            name = unused_name = clean_label(text)
        elif element == "time" and clock is not None:
            time = clock
        elif find_keys(text) and element in NO_SPEECH:
            left_out.append(LeftOut(line, text, f"no speech: <{element}>"))
        elif find_keys(text):
            cues.append(RawCue(line, time, text, None, name))
            time, unused_name = None, ""
    return RawSource(tuple(cues), tuple(left_out))


def _find_texts(content: str) -> Iterator[tuple[str, str]]:
    """Each run of text without tags of its own, with the special element around it, or ""."""
    element = ""
    texts: list[str] = []
    for piece in parse_html(content):
        if not piece.tag:
            texts.append(piece.text)
        elif piece.tag not in _INLINE:
            yield element, clean_text("".join(texts))
            texts.clear()
            element = piece.tag if piece.tag in _SPECIAL and not piece.ends else ""
    yield element, clean_text("".join(texts))
