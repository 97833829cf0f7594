"""Transcripts in HTML: hypertranscripts, and those of the Podcast Namespace.

<p><span data-m="0" data-d="0" class="speaker">[Ann] </span>
   <span data-m="880" data-d="120">I </span><span data-m="1000" data-d="90">do </span></p>

<cite>Ann:</cite> <time>0:00</time> <p>I&#39;m here.</p>
"""

import re
from collections.abc import Iterable, Iterator

from build_tools.model.source import Cue
from build_tools.sources.json.document import clean_label
from build_tools.sources.json.phrasing import clean_text, number_cues, phrase_words
from build_tools.sources.markup import NO_SPEECH, Markup, parse_html
from build_tools.sources.raw import CHAPTER, LeftOut, RawSource
from build_tools.sources.times import add_milliseconds, count_milliseconds, parse_full_clock
from build_tools.text.words import find_keys

PODCAST = re.compile(r"(?s)(?=.*<cite)(?=.*<time)(?=.*<p)")
HYPERTRANSCRIPT = re.compile("data-m=")
# The special element around a text, or "", and the text.
Piece = tuple[str, str]
# These elements stand inside a paragraph; all others begin a new piece.
_INLINE_NAMES = "a abbr b bdi bdo em i mark q s small span strong sub sup u wbr"
_INLINE = frozenset(_INLINE_NAMES.split())
_BLOCKS = "html head body main article section div p h1 h2 h3 ul ol li dl table meta link style"
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
# Parts of a page around its article.
_PAGE = frozenset(("nav", "header", "footer", "aside", "button"))
_CELLS, _ROWS = frozenset(("td", "th")), frozenset(("tr", "table"))
_SPECIAL = NO_SPEECH | _HEADINGS | {"cite", "time"}


def read_hypertranscript(content: str) -> RawSource:
    """Cues made of the words of each paragraph; a word may have no time."""
    cues: list[Cue] = []
    left_out: list[LeftOut] = []
    words: list[Cue] = []
    word, names_speaker, inside = Cue(0, None, ""), False, ""
    for piece in (*parse_html(content), Markup("p", ends=True)):
        if piece.tag and piece.tag not in _INLINE:
            cues += phrase_words(words)
            words.clear()
            inside = piece.tag if piece.tag in NO_SPEECH and not piece.ends else ""
        elif "data-m" in piece.attributes:
            names_speaker = "speaker" in piece.attributes.get("class", "").split()
            times = (piece.attributes.get(name) for name in ("data-m", "data-d"))
            start, length = (count_milliseconds(time, per_second=1000) for time in times)
            word = Cue(0, start, "", add_milliseconds(start, length), word.speaker)
        elif piece.ends and piece.tag in ("a", "span"):
            names_speaker, word = False, Cue(0, None, "", speaker=word.speaker)
        elif piece.tag or inside:
            if find_keys(piece.text):
                left_out.append(LeftOut(len(cues) + 1, piece.text, f"no speech: <{inside}>"))
        elif names_speaker and find_keys(piece.text):
            word = word._replace(speaker=clean_label(piece.text.strip(" []():\n")))
        else:
            words.append(word._replace(text=piece.text))
    return RawSource(number_cues(cues), tuple(left_out))


def read_podcast_html(content: str) -> RawSource:
    """One cue a paragraph or other text, with the time before it and the last name."""
    cues: list[Cue] = []
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
        elif find_keys(text) and element in NO_SPEECH | _PAGE:
            left_out.append(LeftOut(line, text, f"no speech: <{element}>"))
        elif find_keys(text):
            cues.append(Cue(line, time, text, None, name))
            time, unused_name = None, ""
    return RawSource(tuple(cues), tuple(left_out))


def is_html(content: str) -> bool:
    """Whether a file begins as HTML does."""
    first = next((piece.tag for piece in parse_html(content[:2000]) if piece.tag), "")
    return first in _BLOCKS.split() or content.lstrip()[:9].casefold() == "<!doctype"


def split_lines(content: str) -> RawSource:
    """The lines of HTML as a browser shows them as cues, its chapters, and what is no speech.

    Tabs part the cells of a row.
    """
    cues: list[Cue] = []
    left_out: list[LeftOut] = []
    for element, text in _join_cells(_find_texts(content)):
        line = len(cues) + 1
        if text and element in _HEADINGS | NO_SPEECH | _PAGE:
            why = CHAPTER if element in _HEADINGS else f"no speech: <{element}>"
            left_out.append(LeftOut(line, text, why))
        elif text.strip():
            cues.append(Cue(line, None, text))
    return RawSource(tuple(cues), tuple(left_out))


def _join_cells(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The texts, with those of each cell and the cells of each row joined."""
    cells: list[str] = []
    for element, text in (*pieces, ("table", "")):
        if text and (not cells or element in NO_SPEECH):
            yield element, text
        elif text:
            cells[-1] = f"{cells[-1]} {text}".strip()
        elif element in _CELLS:
            cells.append("")
        elif element in _ROWS:
            yield "", "\t".join(cells)
            cells.clear()


def _find_texts(content: str) -> Iterator[Piece]:
    """Each run of text with the special element around it, or ""; a row or cell begins with ""."""
    element = around = ""
    texts: list[str] = []
    lined = False
    for piece in parse_html(content):
        if piece.tag in _PAGE and around in ("", piece.tag):
            around = "" if piece.ends else piece.tag
        lined = lined if piece.tag != "pre" else not piece.ends
        if not piece.tag:
            *lines, last = piece.text.split("\n") if lined else [piece.text]
            for line in lines:
                yield element, clean_text("".join([*texts, line]))
                texts.clear()
            texts.append(last)
        elif piece.tag not in _INLINE:
            yield element, clean_text("".join(texts))
            texts.clear()
            element = piece.tag if piece.tag in _SPECIAL and not piece.ends else around
            if piece.tag in _ROWS or (piece.tag in _CELLS and not piece.ends):
                yield piece.tag, ""
    yield element, clean_text("".join(texts))
