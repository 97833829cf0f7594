"""The map of a conversation as SVG, and tables: shares of the speakers, errors of the recogniser.

The x axis is time, or words for a source without times. All text is in the caption and in a table,
since the drawing is stretched to the width of the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from build_tools.model.edition import UNKNOWN_LABEL, Mark
from build_tools.model.transcript import Errors, Transcript
from build_tools.pages.markdown import NOT_SEARCHED, escape_html
from build_tools.transcript.statements import render_rate

_WIDTH = 1000
_LANE = 14
_GAP = 4
# The width of a tick and of the shortest turn, still visible on a narrow screen.
_NARROWEST = 2.0


def render_map(transcript: Transcript) -> str:
    """The map and a table in HTML; "" for a transcript without chapters or speakers."""
    speakers = list(transcript.edition.speakers)
    if speakers and _words_by_speaker(transcript)[""]:
        speakers.append("")
    if not speakers or not any(chapter.title for chapter in transcript.edition.chapters):
        return ""
    locate = _locator(transcript)
    ticks = (len(speakers) + 1) * (_LANE + _GAP)
    height = ticks + _LANE + _GAP
    named = 'role="group" aria-label="Map of the conversation"'
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {height}" preserveAspectRatio="none" {named}>',
        *_draw_chapters(transcript, locate, height),
        *_draw_turns(transcript, locate, speakers),
        *_draw_ticks(transcript, locate, ticks),
        f'<rect class="sic-here" y="0" width="3" height="{height}" x="-9"/>',
        "</svg>",
    ]
    # In results of a search, its names and figures would run together.
    return (
        f'<figure class="sic-map" {NOT_SEARCHED}="">{"".join(parts)}'
        f"<figcaption>{_caption(transcript, speakers)}</figcaption></figure>\n"
        + _render_speaker_shares(transcript, speakers)
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
    size = f'width="{max(width, _NARROWEST):.1f}" height="{height}"'
    return f'<rect class="sic-{style}" x="{left:.1f}" y="{top}" {size}/>'


def _caption(transcript: Transcript, speakers: list[str]) -> str:
    words = _words_by_speaker(transcript)
    total = max(sum(words.values()), 1)
    shares = (
        f"<bdi>{escape_html(name or UNKNOWN_LABEL)}</bdi> {100 * words[name] / total:.0f}%"
        for name in speakers
    )
    keys = [(f"lane-{number % 4}", share) for number, share in enumerate(shares)]
    keys += [("tick-correction", "corrections"), ("tick-doubt", "doubts")]
    shown = (f'<span class="sic-key sic-{style}"></span>{what}' for style, what in keys)
    measure = "time" if transcript.source.cues[0].start is not None else "words"
    return " ".join(f"<span>{key}</span>" for key in (*shown, f"by {measure}"))


def _render_speaker_shares(transcript: Transcript, speakers: Sequence[str]) -> str:
    """The words of each speaker in each chapter, as a table."""
    rows = []
    for number, chapter in enumerate(transcript.edition.chapters):
        words = _words_by_speaker(transcript, number)
        title = escape_html(chapter.title or "Beginning")
        address = transcript.chapter_ids[number]
        cells = (f"{words[name]:,}" for name in speakers)
        rows.append(_render_row(f'<a href="#{address}">{title}</a>', cells))
    heads = ("Chapter", *(escape_html(name or UNKNOWN_LABEL) for name in speakers))
    return _render_details("Who speaks how much", "Words by chapter and speaker", heads, rows)


def _words_by_speaker(transcript: Transcript, chapter: int | None = None) -> Counter[str]:
    """The number of words of each speaker, "" for an unknown one, in one chapter or in all."""
    words: Counter[str] = Counter()
    for turn in transcript.turns:
        if chapter is None or turn.chapter == chapter:
            words[turn.speaker] += turn.end_word - turn.first_word
    return words


def render_errors(errors: Errors) -> str:
    """The recogniser's errors by speaker and by kind, as a table; "" if it made none."""
    if not errors.all.total:
        return ""
    counts = (
        ("All that was said", errors.all),
        *errors.speakers,
        *((f"Marked as {kind.value}", found) for kind, found in errors.kinds),
    )
    rows = []
    for name, found in counts:
        cells = (f"{found.words:,}", f"{found.total:,}", render_rate(found))
        rows.append(_render_row(f"<bdi>{escape_html(name)}</bdi>", cells))
    summary, caption = "How wrong the recogniser was", "Word errors that are corrected"
    return _render_details(summary, caption, ("Of", "Words", "Errors", "Rate"), rows)


def _render_row(head: str, cells: Iterable[str]) -> str:
    return f'<tr><th scope="row">{head}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _render_details(summary: str, caption: str, heads: Iterable[str], rows: Iterable[str]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    return (
        f'<details class="sic-shares" {NOT_SEARCHED}=""><summary>{summary}</summary>'
        f'<table class="sic-share-table"><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></details>\n\n"
    )
