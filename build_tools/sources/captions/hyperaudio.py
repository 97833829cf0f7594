"""Hypertranscripts: HTML with a time on every word.

<p><span data-m="0" data-d="0" class="speaker">[Ann] </span>
   <span data-m="880" data-d="120">I </span><span data-m="1000" data-d="90">do </span></p>
"""

from __future__ import annotations

from build_tools.sources.json.document import clean_label
from build_tools.sources.json.phrasing import TimedWord, number_cues, phrase_words
from build_tools.sources.markup import NO_SPEECH, Markup, parse_html
from build_tools.sources.raw import LeftOut, RawCue, RawSource
from build_tools.sources.times import add_milliseconds, count_milliseconds
from build_tools.text.words import find_keys

_INLINE_NAMES = "a b em i mark s small span strong sub sup u"
_INLINE = frozenset(_INLINE_NAMES.split())


def is_hypertranscript(content: str) -> bool:
    """Whether a file has words with times in milliseconds."""
    return "data-m=" in content


def read_hypertranscript(content: str) -> RawSource:
    """Cues made of the words of each paragraph; a word may have no time."""
    parser = _HypertranscriptParser()
    for piece in parse_html(content):
        parser.add(piece)
    parser.end_paragraph()
    return RawSource(number_cues(parser.cues), tuple(parser.left_out))


class _HypertranscriptParser:
    """The state of a parse: the speaker, the time of the word, the paragraph so far."""

    def __init__(self) -> None:
        self.cues: list[RawCue] = []
        self.left_out: list[LeftOut] = []
        self._words: list[TimedWord] = []
        self._word = TimedWord("")
        self._names_speaker = False
        self._inside = ""

    def add(self, piece: Markup) -> None:
        """Add a tag or a text."""
        if not piece.tag:
            self._add_text(piece.text)
        elif piece.tag not in _INLINE:
            self.end_paragraph()
            self._inside = piece.tag if piece.tag in NO_SPEECH and not piece.ends else ""
        elif "data-m" in piece.attributes:
            self._names_speaker = "speaker" in piece.attributes.get("class", "").split()
            start = count_milliseconds(piece.attributes["data-m"], per_second=1000)
            length = count_milliseconds(piece.attributes.get("data-d"), per_second=1000)
            self._word = TimedWord("", start, add_milliseconds(start, length), self._word.speaker)
        elif piece.ends and piece.tag in ("a", "span"):
            self._names_speaker = False
            self._word = TimedWord("", speaker=self._word.speaker)

    def end_paragraph(self) -> None:
        """Add the cues of the words so far."""
        self.cues += phrase_words(self._words)
        self._words.clear()

    def _add_text(self, text: str) -> None:
        if self._inside:
            if find_keys(text):
                line = len(self.cues) + 1
                self.left_out.append(LeftOut(line, text, f"no speech: <{self._inside}>"))
        elif self._names_speaker and find_keys(text):
            self._word = self._word._replace(speaker=clean_label(text.strip(" []():\n")))
        else:
            self._words.append(self._word._replace(text=text))
