"""Published data: the shapes of `docs/format.md`, which are public interface."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from build_tools.model import Correction, Doubt, Entry, Mention, Transcript, Turn
from build_tools.render.markdown import page_address, plain_text

_encode = json.JSONEncoder(ensure_ascii=False).encode


def _render_json(value: object) -> str:
    return _lay_out(value, "\n") + "\n"


def _lay_out(value: object, line: str) -> str:
    """As `json.dumps` with an indent of one, which would be ten times as slow."""
    if not isinstance(value, dict | list) or not value:
        return _encode(value)
    inner = f"{line} "
    if isinstance(value, dict):
        pairs = (f"{_encode(key)}: {_lay_out(item, inner)}" for key, item in value.items())
        return f"{{{inner}{f',{inner}'.join(pairs)}{line}}}"
    return f"[{inner}{f',{inner}'.join(_lay_out(item, inner) for item in value)}{line}]"


def _seconds(milliseconds: int | None) -> int | None:
    return None if milliseconds is None else milliseconds // 1000


def render_transcript(transcript: Transcript) -> str:
    """`transcripts/<slug>/transcript.json`."""
    edition, source = transcript.edition, transcript.source
    return _render_json(
        {
            "slug": edition.slug,
            "title": edition.title,
            "date": edition.date,
            "event": edition.event or None,
            "speakers": dict(edition.speakers),
            "source": {
                "file": edition.source_file,
                "sha256": source.sha256,
                "words": len(source.words),
            },
            "chapters": _chapters(transcript),
            "turns": [
                _turn(transcript, turn, following)
                for turn, following in zip(
                    transcript.turns, [*transcript.turns[1:], None], strict=False
                )
            ],
        }
    )


def _chapters(transcript: Transcript) -> list[dict[str, Any]]:
    first_words = {stretch.chapter: stretch for stretch in reversed(transcript.stretches)}
    return [
        {
            "title": chapter.title,
            "id": transcript.chapter_ids[number],
            "line": transcript.source.cue_at(first_words[number].first_word).line
            if number in first_words
            else None,
        }
        for number, chapter in enumerate(transcript.edition.chapters)
    ]


def _turn(transcript: Transcript, turn: Turn, following: Turn | None) -> dict[str, Any]:
    source = transcript.source
    cue = source.cue_at(turn.first_word)
    end = source.cue_at(following.first_word).start if following else None
    texts = (
        transcript.said[stretch.said_start : stretch.said_end]
        for stretch in transcript.stretches[turn.stretches.start : turn.stretches.stop]
    )
    return {
        "id": cue.address,
        "line": cue.line,
        "time": _seconds(cue.start),
        "end": _seconds(end),
        "speaker": turn.speaker or None,
        "chapter": turn.chapter + 1,
        "heard": source.slice(turn.first_word, turn.end_word),
        "text": " ".join(" ".join(texts).split()),
    }


def render_corrections(corrections: Iterable[Correction]) -> str:
    """`data/corrections.json`."""
    return _render_json(
        [
            {
                "transcript": correction.transcript,
                "line": correction.line,
                "time": _seconds(correction.time),
                "speaker": correction.speaker or None,
                "heard": correction.heard,
                "corrected": correction.said,
                "kind": correction.kind.value,
                "conjecture": correction.conjecture,
                "reason": plain_text(correction.footnotes[0].reason),
                "url": page_address(f"transcripts/{correction.transcript}.md", correction.address),
            }
            for correction in corrections
        ]
    )


def render_doubts(doubts: Iterable[Doubt]) -> str:
    """`data/doubts.json`."""
    return _render_json(
        [
            {
                "transcript": doubt.transcript,
                "line": doubt.line,
                "time": _seconds(doubt.time),
                "speaker": doubt.speaker or None,
                "words": doubt.words,
                "question": doubt.question,
                "url": page_address(f"transcripts/{doubt.transcript}.md", doubt.address),
            }
            for doubt in doubts
        ]
    )


def render_glossary(
    entries: Iterable[Entry],
    mentions: Mapping[str, Sequence[tuple[Transcript, Sequence[Mention]]]],
) -> str:
    """`data/glossary.json`; `mentions` by the entry's slug."""
    return _render_json(
        [
            {
                "term": entry.term,
                "kind": entry.kind,
                "short": entry.short,
                "also": list(entry.also),
                "see": list(entry.see),
                "url": page_address(entry.path),
                "mentions": [
                    _mention(transcript, mention)
                    for transcript, found in mentions.get(entry.slug, ())
                    for mention in found
                ],
            }
            for entry in entries
        ]
    )


def _mention(transcript: Transcript, mention: Mention) -> dict[str, Any]:
    cue = transcript.source.cue_at(mention.word)
    return {
        "transcript": transcript.edition.slug,
        "line": cue.line,
        "time": _seconds(cue.start),
        "speaker": transcript.stretches[mention.stretch].speaker or None,
        "url": page_address(transcript.edition.path, cue.address),
    }
