"""The map of a conversation: who speaks when, its chapters, corrections and doubts, as SVG.

The x axis is time, or words for a source without times. All text is in the caption and in a table,
since the drawing is stretched to the width of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from build_tools.model.edition import Mark
from build_tools.model.transcript import Transcript
from build_tools.pages.markdown import NOT_SEARCHED, escape_html
from build_tools.pages.shares import render_speaker_shares, words_by_speaker

_WIDTH = 1000
_LANE = 14
_GAP = 4
# The width of a tick and of the shortest turn, still visible on a narrow screen.
_NARROWEST = 2.0


def render_map(transcript: Transcript) -> str:
    """The map and a table in HTML; "" for a transcript without chapters or speakers."""
    speakers = list(transcript.edition.speakers)
    if not speakers or not any(chapter.title for chapter in transcript.edition.chapters):
        return ""
    locate = _locator(transcript)
    lanes = len(speakers) + 2
    height = lanes * (_LANE + _GAP)
    named = 'role="group" aria-label="Map of the conversation"'
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {height}" preserveAspectRatio="none" {named}>',
        *_draw_chapters(transcript, locate, height),
        *_draw_turns(transcript, locate, speakers),
        *_draw_ticks(transcript, locate, top=(lanes - 1) * (_LANE + _GAP)),
        f'<rect class="sic-here" y="0" width="3" height="{height}" x="-9"/>',
        "</svg>",
    ]
    # In results of a search, its names and figures would run together.
    return (
        f'<figure class="sic-map" {NOT_SEARCHED}="">{"".join(parts)}'
        f"<figcaption>{_caption(transcript, speakers)}</figcaption></figure>\n"
        + render_speaker_shares(transcript, speakers)
    )


def _locator(transcript: Transcript) -> Callable[[int], float]:
    """The function from the number of a word to its place on the map, from 0 to `_WIDTH`."""
    source = transcript.source
    first, last = source.cues[0].start, source.cues[-1].start
    if first is None or last is None or last <= first:
        words = max(len(source.words), 1)
        return lambda word: _WIDTH * min(word, words) / words
    # The last cue has no end in the source: draw it with the average length of a cue.
    whole = (last - first) * len(source.cues) / max(len(source.cues) - 1, 1)

    def locate(word: int) -> float:
        if word >= len(source.words):
            return _WIDTH
        start = source.cue_at(word).start
        return _WIDTH * ((first if start is None else start) - first) / whole

    return locate


def _draw_chapters(
    transcript: Transcript, locate: Callable[[int], float], height: int
) -> Iterator[str]:
    first_words = {one.chapter: one.first_word for one in reversed(transcript.paragraphs)}
    edges = [(number, locate(word)) for number, word in sorted(first_words.items())]
    for (number, left), (_, right) in pairwise([*edges, (-1, float(_WIDTH))]):
        label = escape_html(transcript.edition.chapters[number].title or "Beginning")
        yield (
            f'<a href="#{transcript.chapter_ids[number]}" aria-label="{label}">'
            f"<title>{label}</title>{_rectangle('ground', left, 0, right - left, height)}"
            f"{_rectangle('chapter', left, 0, right - left - 2)}</a>"
        )


def _draw_turns(
    transcript: Transcript, locate: Callable[[int], float], speakers: list[str]
) -> Iterator[str]:
    for turn in transcript.turns:
        if turn.speaker in speakers:
            lane = speakers.index(turn.speaker)
            left, right = locate(turn.first_word), locate(turn.end_word)
            yield _rectangle(f"lane-{lane % 4}", left, (lane + 1) * (_LANE + _GAP), right - left)


def _draw_ticks(transcript: Transcript, locate: Callable[[int], float], top: int) -> Iterator[str]:
    for occurrence in transcript.occurrences:
        kind = {Mark.CHANGE: "correction", Mark.DOUBT: "doubt"}.get(occurrence.placed.span.mark)
        if kind:
            yield _rectangle(f"tick-{kind}", locate(occurrence.word), top, 0)


def _rectangle(style: str, left: float, top: int, width: float, height: int = _LANE) -> str:
    shown = max(width, _NARROWEST)
    return (
        f'<rect class="sic-{style}" x="{left:.1f}" y="{top}" width="{shown:.1f}"'
        f' height="{height}"/>'
    )


def _caption(transcript: Transcript, speakers: list[str]) -> str:
    words = words_by_speaker(transcript)
    total = max(sum(words.values()), 1)
    shares = (f"{100 * words.get(name, 0) / total:.0f}%" for name in speakers)
    keys = [
        (f"lane-{number % 4}", f"<bdi>{escape_html(name)}</bdi> {share}")
        for number, (name, share) in enumerate(zip(speakers, shares, strict=True))
    ]
    keys += [("tick-correction", "corrections"), ("tick-doubt", "doubts")]
    shown = (
        f'<span><span class="sic-key sic-{style}"></span>{what}</span>' for style, what in keys
    )
    measure = "time" if transcript.source.cues[0].start is not None else "words"
    return f"{' '.join(shown)} <span>by {measure}</span>"
