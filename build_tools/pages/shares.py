"""Tables that open on a transcript's page: shares of the speakers, and errors of the recogniser."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from build_tools.model.transcript import Errors, Transcript
from build_tools.pages.markdown import NOT_SEARCHED, escape_html
from build_tools.transcript.statements import render_rate


def render_speaker_shares(transcript: Transcript, speakers: Sequence[str]) -> str:
    """The words of each speaker in each chapter, as a table."""
    rows = []
    for number, chapter in enumerate(transcript.edition.chapters):
        words = words_by_speaker(transcript, number)
        title = escape_html(chapter.title or "Beginning")
        address = transcript.chapter_ids[number]
        cells = (f"{words.get(name, 0):,}" for name in speakers)
        rows.append(_render_row(f'<a href="#{address}">{title}</a>', cells))
    heads = ("Chapter", *map(escape_html, speakers))
    caption = "Words by chapter and speaker"
    return _render_details("Who speaks how much", caption, heads, rows)


def words_by_speaker(transcript: Transcript, chapter: int | None = None) -> dict[str, int]:
    """The number of words of each speaker, in one chapter or in all."""
    words: dict[str, int] = {}
    for turn in transcript.turns:
        if chapter is None or turn.chapter == chapter:
            words[turn.speaker] = words.get(turn.speaker, 0) + turn.end_word - turn.first_word
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
    rows = [
        _render_row(
            f"<bdi>{escape_html(name)}</bdi>",
            (f"{found.words:,}", f"{found.total:,}", render_rate(found)),
        )
        for name, found in counts
    ]
    heads = ("Of", "Words", "Errors", "Rate")
    return _render_details(
        "How wrong the recogniser was", "Word errors that are corrected", heads, rows
    )


def _render_row(head: str, cells: Iterable[str]) -> str:
    return f'<tr><th scope="row">{head}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _render_details(summary: str, caption: str, heads: Iterable[str], rows: Iterable[str]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    return (
        f'<details class="sic-shares" {NOT_SEARCHED}=""><summary>{summary}</summary>'
        f'<table class="sic-share-table"><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></details>\n\n"
    )
