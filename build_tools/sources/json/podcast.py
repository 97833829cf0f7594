"""The JSON and the HTML of the Podcast Namespace.

{"version": "1.0.0", "segments": [
    {"speaker": "Ann", "startTime": 0.5, "endTime": 0.75, "body": "I"}]}

<cite>Ann:</cite> <time>0:00</time> <p>I&#39;m here.</p>
"""

from __future__ import annotations

from build_tools.sources.json.document import clean_label, find_field, find_list, open_document
from build_tools.sources.json.phrasing import clean_text, cue_each, phrase_words, read_word
from build_tools.sources.markup import NO_SPEECH, Markup, parse_html
from build_tools.sources.raw import LeftOut, RawCue, RawSource
from build_tools.sources.times import parse_full_clock
from build_tools.text.words import find_keys

# These elements stand inside a paragraph; all others begin a new piece.
_INLINE_NAMES = "a abbr b bdi bdo em i mark q s small span strong sub sup u wbr"
_INLINE = frozenset(_INLINE_NAMES.split())


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
    reading = _PodcastReading()
    for piece in parse_html(content):
        reading.read(piece)
    reading.end_piece()
    reading.end_name()
    return RawSource(tuple(reading.cues), tuple(reading.left_out))


class _PodcastReading:
    """The state of a read: the speaker, the time of the next cue, the text so far."""

    def __init__(self) -> None:
        self.cues: list[RawCue] = []
        self.left_out: list[LeftOut] = []
        self._inside = ""
        self._name = ""
        self._unused_name = ""
        self._time: int | None = None
        self._texts: list[str] = []

    def read(self, piece: Markup) -> None:
        """Add a tag or a text."""
        if piece.tag in _INLINE:
            return
        if not piece.tag:
            self._texts.append(piece.text)
            return
        self.end_piece()
        begins = not piece.ends and (piece.tag in ("cite", "time") or piece.tag in NO_SPEECH)
        self._inside = piece.tag if begins else ""

    def end_piece(self) -> None:
        """Make the text so far a name, a time, a cue or left out, as its element says."""
        text = clean_text("".join(self._texts))
        self._texts.clear()
        clock = parse_full_clock(text)
        if self._inside == "cite":
            self.end_name()
            self._name = self._unused_name = clean_label(text)
        elif self._inside == "time" and clock is not None:
            self._time = clock
        elif find_keys(text) and self._inside in NO_SPEECH:
            why = f"no speech: <{self._inside}>"
            self.left_out.append(LeftOut(len(self.cues) + 1, text, why))
        elif find_keys(text):
            line = len(self.cues) + 1
            self.cues.append(RawCue(line, self._time, text, None, self._name))
            self._time, self._unused_name = None, ""

    def end_name(self) -> None:
        """Leave out a name without speech after it."""
        if find_keys(self._unused_name):
            why = "a name after which nothing is said"
            self.left_out.append(LeftOut(len(self.cues) + 1, self._unused_name, why))
        self._unused_name = ""
