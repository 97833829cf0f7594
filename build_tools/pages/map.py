"""The map of a conversation: who speaks when, its chapters, corrections and doubts, as SVG.

Its width is true to time, or to words where there are no times. It holds no text that would be
squeezed with it; what it shows stands below it in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from itertools import pairwise

from build_tools.model.edition import Mark
from build_tools.model.transcript import Transcript

_WIDTH = 1000
_LANE = 14
_GAP = 4
# Its names and figures run together where a search would show them.
_NOT_SEARCHED = 'data-search-exclude=""'
# A tick and the shortest turn can still be seen on a narrow screen.
_NARROWEST = 2.0


def render_map(transcript: Transcript) -> str:
    """A figure in HTML for the head of a transcript; "" for one without chapters or speakers."""
    speakers = list(transcript.edition.speakers)
    if not speakers or not any(chapter.title for chapter in transcript.edition.chapters):
        return ""
    place = _places(transcript)
    lanes = len(speakers) + 2
    height = lanes * (_LANE + _GAP)
    named = 'role="group" aria-label="Map of the conversation"'
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {height}" preserveAspectRatio="none" {named}>',
        *_chapters(transcript, place, height),
        *_turns(transcript, place, speakers),
        *_ticks(transcript, place, top=(lanes - 1) * (_LANE + _GAP)),
        f'<rect class="sic-here" y="0" width="3" height="{height}" x="-9"/>',
        "</svg>",
    ]
    return (
        f'<figure class="sic-map" {_NOT_SEARCHED}>{"".join(parts)}'
        f"<figcaption>{_caption(transcript, speakers)}</figcaption></figure>\n"
        f'<details class="sic-shares" {_NOT_SEARCHED}><summary>Who speaks how much</summary>'
        f"{_shares(transcript, speakers)}</details>\n\n"
    )


def _places(transcript: Transcript) -> Callable[[int], float]:
    """Where the n-th word stands on the map, from 0 to its width."""
    source = transcript.source
    first, last = source.cues[0].start, source.cues[-1].start
    if first is None or last is None or last <= first:
        words = max(len(source.words), 1)
        return lambda word: _WIDTH * min(word, words) / words
    # The last cue has no end in the source; it is drawn as long as cues are on average.
    whole = (last - first) * len(source.cues) / max(len(source.cues) - 1, 1)

    def place(word: int) -> float:
        if word >= len(source.words):
            return _WIDTH
        start = source.cue_at(word).start
        return _WIDTH * ((first if start is None else start) - first) / whole

    return place


def _chapters(transcript: Transcript, place: Callable[[int], float], height: int) -> Iterator[str]:
    first_words = {
        paragraph.chapter: paragraph.first_word for paragraph in reversed(transcript.paragraphs)
    }
    edges = [(number, place(word)) for number, word in sorted(first_words.items())]
    for (number, left), (_, right) in pairwise([*edges, (-1, float(_WIDTH))]):
        title = transcript.edition.chapters[number].title
        label = _attribute(title or "Beginning")
        yield (
            f'<a href="#{transcript.chapter_ids[number]}" aria-label="{label}">'
            f"<title>{label}</title>"
            f'<rect class="sic-ground" x="{left:.1f}" y="0" width="{_width(left, right)}"'
            f' height="{height}"/>'
            f'<rect class="sic-chapter" x="{left:.1f}" y="0" width="{_width(left, right, 2)}"'
            f' height="{_LANE}"/></a>'
        )


def _turns(
    transcript: Transcript, place: Callable[[int], float], speakers: list[str]
) -> Iterator[str]:
    for turn in transcript.turns:
        if turn.speaker in speakers:
            lane = speakers.index(turn.speaker)
            left, right = place(turn.first_word), place(turn.end_word)
            yield (
                f'<rect class="sic-lane-{lane % 4}" x="{left:.1f}"'
                f' y="{(lane + 1) * (_LANE + _GAP)}" width="{_width(left, right)}"'
                f' height="{_LANE}"/>'
            )


def _ticks(transcript: Transcript, place: Callable[[int], float], top: int) -> Iterator[str]:
    for occurrence in transcript.occurrences:
        kind = {Mark.CHANGE: "correction", Mark.DOUBT: "doubt"}.get(occurrence.placed.span.mark)
        if kind:
            left = place(occurrence.word)
            yield (
                f'<rect class="sic-tick-{kind}" x="{left:.1f}" y="{top}"'
                f' width="{_NARROWEST}" height="{_LANE}"/>'
            )


def _width(left: float, right: float, gap: float = 0) -> str:
    return f"{max(right - left - gap, _NARROWEST):.1f}"


def _caption(transcript: Transcript, speakers: list[str]) -> str:
    words = _words_by_speaker(transcript)
    total = max(sum(words.values()), 1)
    keys = [
        f'<span class="sic-key sic-lane-{number % 4}"></span>'
        f"<bdi>{_attribute(name)}</bdi>"
        f" {100 * words.get(name, 0) / total:.0f}%"
        for number, name in enumerate(speakers)
    ]
    keys.append('<span class="sic-key sic-tick-correction"></span>corrections')
    keys.append('<span class="sic-key sic-tick-doubt"></span>doubts')
    measure = "time" if transcript.source.cues[0].start is not None else "words"
    return f"{' '.join(f'<span>{key}</span>' for key in keys)} <span>by {measure}</span>"


def _words_by_speaker(transcript: Transcript, chapter: int | None = None) -> dict[str, int]:
    words: dict[str, int] = {}
    for turn in transcript.turns:
        if chapter is None or turn.chapter == chapter:
            words[turn.speaker] = words.get(turn.speaker, 0) + turn.end_word - turn.first_word
    return words


def _shares(transcript: Transcript, speakers: list[str]) -> str:
    rows = []
    for number, chapter in enumerate(transcript.edition.chapters):
        words = _words_by_speaker(transcript, number)
        cells = "".join(f"<td>{words.get(name, 0):,}</td>" for name in speakers)
        address = transcript.chapter_ids[number]
        title = _attribute(chapter.title or "Beginning")
        rows.append(f'<tr><th scope="row"><a href="#{address}">{title}</a></th>{cells}</tr>')
    heads = "".join(f'<th scope="col">{_attribute(name)}</th>' for name in speakers)
    return (
        '<table class="sic-share-table"><caption>Words by chapter and speaker</caption>'
        f'<thead><tr><th scope="col">Chapter</th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _attribute(text: str) -> str:
    """Text for raw HTML: this block is not read as Markdown, so HTML's own signs are enough."""
    return escape(" ".join(text.split()))
