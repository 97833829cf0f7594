"""Published data: a public interface, whose every field `docs/data.md` lists."""

import csv
import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

from pydantic_core import to_json

from build_tools.model.edition import Edition
from build_tools.model.extract import Mentioned
from build_tools.model.glossary import Entry
from build_tools.model.transcript import (
    Findings,
    Mention,
    Remark,
    Transcript,
    Turn,
    WordErrors,
)
from build_tools.text.urls import page_address, resolve_identifier
from build_tools.text.wording import plain_text
from build_tools.text.words import find_keys
from build_tools.transcript.layout import Layout

Record = dict[str, Any]


def render_json(value: object) -> str:
    """A value as JSON, indented, with a final newline."""
    return f"{to_json(value, indent=1).decode()}\n"


def _seconds(milliseconds: int | None) -> int | None:
    return None if milliseconds is None else milliseconds // 1000


def _exact_seconds(milliseconds: int | None) -> float | None:
    """Seconds to the millisecond; whole ones without a fraction."""
    return milliseconds / 1000 if milliseconds and milliseconds % 1000 else _seconds(milliseconds)


# Transcripts ------------------------------------------------------------------------------------


def render_transcript(layout: Layout) -> str:
    """`transcripts/<slug>/transcript.json`."""
    transcript, errors = layout.transcript, layout.findings.errors
    edition, source = transcript.edition, transcript.source
    furniture = [{"line": cue.line, "text": " ".join(cue.text.split())} for cue in source.furniture]
    record = {
        "slug": edition.slug,
        "title": edition.title,
        "date": edition.date,
        "lang": edition.lang,
        "event": edition.event or None,
        "version": {"date": edition.changed or None, "digest": edition.digest},
        "contributors": edition.contributors,
        "recorded": _recorded(edition),
        "recordings": [
            {"address": one.address, "kind": one.kind or None, "size": one.size or None}
            for one in edition.recording
        ],
        "speakers": dict(edition.speakers),
        "source": {
            "file": edition.source.file,
            "sha256": source.sha256,
            "words": len(source.words),
            "furniture": furniture,
        },
        "chapters": list(_chapters(transcript)),
        "turns": [
            _turn(transcript, turn, end) | _non_speech(transcript, turn)
            for turn, end in _with_ends(transcript)
        ],
        "errors": {
            "all": _counts(errors.all),
            "certain": _counts(errors.certain),
            "speakers": [{"speaker": name, **_counts(found)} for name, found in errors.speakers],
            "kinds": [{"kind": kind.value, **_counts(found)} for kind, found in errors.kinds],
        },
    }
    return render_json(record)


_RECORDED = ("podcast", "show_notes", "place", "interviewer", "rights", "identifier")


def _recorded(edition: Edition) -> Record:
    """What an archive or a podcast says of the recording; {} where it says nothing."""
    facts = {name: getattr(edition, name) for name in _RECORDED if getattr(edition, name)}
    facts |= {"episode": int(edition.episode)} if edition.episode else {}
    resolved = resolve_identifier(edition.identifier)
    return facts | ({"identifier_url": resolved} if resolved else {})


def _with_ends(transcript: Transcript) -> Iterator[tuple[Turn, int | None]]:
    """Each turn with the time at which the next one begins."""
    cue_at = transcript.source.cue_at
    ends = [cue_at(turn.first_word).start for turn in transcript.turns[1:]]
    return zip(transcript.turns, [*ends, None], strict=True)


def _counts(errors: WordErrors) -> Record:
    return {**errors._asdict(), "rate": None if errors.rate is None else round(errors.rate, 6)}


def _chapters(transcript: Transcript) -> Iterator[Record]:
    first_words = {one.chapter: one.first_word for one in reversed(transcript.paragraphs)}
    for number, chapter in enumerate(transcript.edition.chapters):
        first = first_words.get(number)
        line = None if first is None else transcript.source.cue_at(first).line
        yield {"title": chapter.title, "id": transcript.chapter_ids[number], "line": line}


def _turn(transcript: Transcript, turn: Turn, end: int | None) -> Record:
    cue = transcript.source.cue_at(turn.first_word)
    first, last = (transcript.paragraphs[turn.paragraphs[edge]] for edge in (0, -1))
    # A turn without a word has no word's address.
    spoken = turn.first_word < turn.end_word
    return {
        "id": transcript.source.address_at(turn.first_word) if spoken else cue.address,
        "line": cue.line,
        "time": _seconds(cue.start),
        "end": _seconds(end),
        "speaker": turn.speaker or None,
        "chapter": turn.chapter + 1,
        "heard": transcript.source.slice(turn.first_word, turn.end_word),
        "text": " ".join(transcript.said[first.said_start : last.said_end].split()),
    }


def _non_speech(transcript: Transcript, turn: Turn) -> Record:
    """What is no speech in a turn, each behind a number of words of its `text`; {} without any."""
    own, starts = turn.paragraphs, transcript.said_words.starts
    first = bisect_left(starts, transcript.paragraphs[own.start].said_start)
    spans = (placed for one in transcript.paragraphs[own.start : own.stop] for placed in one.spans)
    places = ((placed.span.non_speech, placed.said_start) for placed in spans)
    found = [
        {"kind": kind, "words": bisect_left(starts, at) - first} for kind, at in places if kind
    ]
    return {"non_speech": found} if found else {}


def render_turns(transcript: Transcript) -> str:
    """The lines of a transcript in `data/turns.jsonl`, one for each turn.

    Times are to the millisecond, where those of `transcript.json` are the seconds of addresses.
    """
    rows = (_turn_row(transcript, *turn) for turn in _with_ends(transcript))
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _turn_row(transcript: Transcript, turn: Turn, end: int | None) -> Record:
    shown = _turn(transcript, turn, end)
    start = transcript.source.cue_at(turn.first_word).start
    exact = {"time": _exact_seconds(start), "end": _exact_seconds(end)}
    return {
        "transcript": transcript.edition.slug,
        **shown | exact,
        "chapter_title": transcript.edition.chapters[turn.chapter].title or None,
        "words": len(find_keys(shown["text"])),
    }


# Lists of the collection ------------------------------------------------------------------------

_COLUMNS = b"transcript,line,time,speaker,heard,corrected,kind,conjecture,evidence,reason,url\r\n"


def render_lists(findings: Findings) -> dict[str, str]:
    """The part of a transcript in each list, by its path below the site's top."""
    corrections = [_correction(one) for one in findings.corrections]
    doubts = [
        {**_remark(one), "words": one.said, "question": one.question, "url": _address(one)}
        for one in findings.doubts
    ]
    return {
        "data/corrections.csv": _render_rows(corrections),
        "data/corrections-spreadsheet.csv": _render_rows(corrections, _write_inert),
        "data/corrections.json": render_json(corrections),
        "data/doubts.json": render_json(doubts),
    }


def join_lists(path: str, parts: Iterable[bytes]) -> bytes:
    """A list of the collection, of the parts of all transcripts."""
    return _COLUMNS + b"".join(parts) if path.endswith(".csv") else _join_json(parts)


def _join_json(lists: Iterable[bytes]) -> bytes:
    items = b",\n".join(one[len(b"[\n") : -len(b"\n]\n")] for one in lists if one != b"[]\n")
    return b"[\n%s\n]\n" % items if items else b"[]\n"


# What begins a cell that a spreadsheet calculates, behind blanks that it skips.
_CALCULATED = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


def _write_exactly(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _write_inert(value: object) -> object:
    """The cell with an apostrophe before text that a spreadsheet would calculate."""
    dangerous = isinstance(value, str) and _CALCULATED.match(value)
    return f"'{value}" if dangerous else _write_exactly(value)


def _render_rows(
    records: Iterable[Record], write_cell: Callable[[object], object] = _write_exactly
) -> str:
    """Rows of a table as RFC 4180 has it; cells hold exactly what the data hold."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerows(map(write_cell, record.values()) for record in records)
    return written.getvalue()


def _correction(correction: Remark) -> Record:
    return {
        **_remark(correction),
        "heard": correction.heard,
        "corrected": correction.said,
        "kind": correction.kind.value,
        "conjecture": correction.conjecture,
        "evidence": correction.footnotes[0].evidence,
        "reason": plain_text(correction.footnotes[0].reason),
        "url": _address(correction),
    }


def _remark(remark: Remark) -> Record:
    return {
        "transcript": remark.transcript,
        "line": remark.line,
        "time": _seconds(remark.time),
        "speaker": remark.speaker or None,
    }


def _address(remark: Remark) -> str:
    return page_address(f"transcripts/{remark.transcript}.md", remark.address)


# The glossary -----------------------------------------------------------------------------------

_NO_MENTIONS = b'"mentions": []'


def render_glossary(entries: Iterable[Entry], mentions: Mapping[str, Sequence[Mentioned]]) -> bytes:
    """`data/glossary.json`; `mentions` by the entry's slug, a transcript each."""
    # Entry by entry: bytes take half the room of text, and of mentions there are very many.
    return _join_json(_render_entry(entry, mentions.get(entry.slug, ())) for entry in entries)


def _render_entry(entry: Entry, mentions: Sequence[Mentioned]) -> bytes:
    """An entry as a list, with its mentions, which are rendered already."""
    record = {
        "term": entry.term,
        "kind": entry.kind,
        "short": entry.short,
        "also": entry.also,
        "see": entry.see,
        "url": page_address(entry.path),
        "mentions": [],
    }
    rendered = render_json([record]).encode()
    if not mentions:
        return rendered
    found = b",\n".join(bytes(one.data) for one in mentions)
    # No text in JSON has the bytes that are replaced, for its quotation marks are escaped.
    return rendered.replace(_NO_MENTIONS, b"%s\n%s\n  ]" % (_NO_MENTIONS[:-1], found))


def render_mentions(transcript: Transcript, found: Iterable[Mention]) -> str:
    """The lines of `data/glossary.json` for an entry's mentions in one transcript."""
    rendered = render_json([_mention(transcript, mention) for mention in found])
    return "\n".join(f"  {line}" for line in rendered.split("\n")[1:-2])


def _mention(transcript: Transcript, mention: Mention) -> Record:
    cue = transcript.source.cue_at(mention.word)
    return {
        "transcript": transcript.edition.slug,
        "line": cue.line,
        "time": _seconds(cue.start),
        "speaker": transcript.paragraphs[mention.paragraph].speaker or None,
        "url": page_address(transcript.edition.path, transcript.source.address_at(mention.word)),
    }
