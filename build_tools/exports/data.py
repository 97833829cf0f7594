"""Published data: the shapes of `docs/data.md`, which are public interface."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from io import StringIO
from itertools import zip_longest
from typing import Any, cast

from build_tools.exports import shapes
from build_tools.exports.shapes import Shape
from build_tools.model.extract import Mentioned
from build_tools.model.glossary import Entry
from build_tools.model.transcript import (
    Errors,
    Mention,
    Remark,
    Transcript,
    Turn,
    WordErrors,
)
from build_tools.text.urls import page_address
from build_tools.text.wording import plain_text
from build_tools.text.words import find_keys

_encode = json.JSONEncoder(ensure_ascii=False).encode


def _render_json(value: object) -> str:
    return _indent_json(value, "\n") + "\n"


# How a line begins inside the list of an entry's mentions.
_IN_MENTIONS = "\n   "


class _Rendered(str):
    """Members of a list that are JSON already."""

    __slots__ = ()


@cache
def _flat_encoder(line: str) -> json.JSONEncoder:
    return json.JSONEncoder(ensure_ascii=False, separators=(f",{line}", ": "))


def _indent_json(value: object, line: str) -> str:
    """As `json.dumps` with an indent of one, which would be ten times as slow."""
    if isinstance(value, _Rendered):
        return value
    if isinstance(value, Shape):
        value = vars(value)
    if not isinstance(value, dict | list) or not value:
        return _encode(value)
    inner = f"{line} "
    if not any(map(_is_nested, value.values() if isinstance(value, dict) else value)):
        # The library's own encoder does it when it is told what stands between members.
        flat = _flat_encoder(inner).encode(value)
        return f"{flat[0]}{inner}{flat[1:-1]}{line}{flat[-1]}"
    if isinstance(value, dict):
        pairs = (f"{_encode(key)}: {_indent_json(item, inner)}" for key, item in value.items())
        return f"{{{inner}{f',{inner}'.join(pairs)}{line}}}"
    return f"[{inner}{f',{inner}'.join(_indent_json(item, inner) for item in value)}{line}]"


def _is_nested(member: object) -> bool:
    """Whether a member may stand on several lines."""
    return isinstance(member, dict | list | _Rendered | Shape)


def _seconds(milliseconds: int | None) -> int | None:
    return None if milliseconds is None else milliseconds // 1000


def _exact_seconds(milliseconds: int | None) -> float | None:
    """Seconds to the millisecond; whole ones without a fraction."""
    return milliseconds / 1000 if milliseconds and milliseconds % 1000 else _seconds(milliseconds)


def render_transcript(transcript: Transcript, errors: Errors) -> str:
    """`transcripts/<slug>/transcript.json`."""
    edition, source = transcript.edition, transcript.source
    return _render_json(
        shapes.TranscriptShape(
            slug=edition.slug,
            title=edition.title,
            date=edition.date,
            event=edition.event or None,
            speakers=dict(edition.speakers),
            source=shapes.SourceShape(
                file=edition.source.file,
                sha256=source.sha256,
                words=len(source.words),
                furniture=[
                    shapes.FurnitureShape(line=cue.line, text=" ".join(cue.text.split()))
                    for cue in source.furniture
                ],
            ),
            chapters=list(_chapters(transcript)),
            turns=[_turn(transcript, *turns) for turns in _with_following(transcript)],
            errors=_errors(errors),
        )
    )


def _with_following(transcript: Transcript) -> Iterator[tuple[Turn, Turn | None]]:
    """Each turn with the one behind it, at whose beginning it ends."""
    return zip_longest(transcript.turns, transcript.turns[1:])


def _errors(errors: Errors) -> shapes.ErrorsShape:
    return shapes.ErrorsShape(
        all=shapes.WordErrorsShape(**_counts(errors.all)),
        certain=shapes.WordErrorsShape(**_counts(errors.certain)),
        speakers=[
            shapes.SpeakerErrorsShape(speaker=name, **_counts(found))
            for name, found in errors.speakers
        ],
        kinds=[
            shapes.KindErrorsShape(kind=kind.value, **_counts(found))
            for kind, found in errors.kinds
        ],
    )


def _counts(errors: WordErrors) -> dict[str, Any]:
    return {**errors._asdict(), "rate": None if errors.rate is None else round(errors.rate, 6)}


def _chapters(transcript: Transcript) -> Iterator[shapes.ChapterShape]:
    first_words = {paragraph.chapter: paragraph for paragraph in reversed(transcript.paragraphs)}
    for number, chapter in enumerate(transcript.edition.chapters):
        first = first_words.get(number)
        yield shapes.ChapterShape(
            title=chapter.title,
            id=transcript.chapter_ids[number],
            line=transcript.source.cue_at(first.first_word).line if first else None,
        )


def _turn(transcript: Transcript, turn: Turn, following: Turn | None) -> shapes.TurnShape:
    cue = transcript.source.cue_at(turn.first_word)
    first, last = (transcript.paragraphs[turn.paragraphs[end]] for end in (0, -1))
    # A turn without a word has no word's address.
    spoken = turn.first_word < turn.end_word
    return shapes.TurnShape(
        id=transcript.source.address_at(turn.first_word) if spoken else cue.address,
        line=cue.line,
        time=_seconds(cue.start),
        end=_seconds(_end(transcript, following)),
        speaker=turn.speaker or None,
        chapter=turn.chapter + 1,
        heard=transcript.source.slice(turn.first_word, turn.end_word),
        text=" ".join(transcript.said[first.said_start : last.said_end].split()),
    )


def _end(transcript: Transcript, following: Turn | None) -> int | None:
    return transcript.source.cue_at(following.first_word).start if following else None


def render_turns(transcripts: Iterable[Transcript]) -> str:
    """`data/turns.jsonl`: every turn of every transcript, one on a line.

    Times are to the millisecond, where those of `transcript.json` are the seconds of addresses.
    """
    return "".join(
        _encode(vars(_turn_row(transcript, *turns))) + "\n"
        for transcript in transcripts
        for turns in _with_following(transcript)
    )


def _turn_row(transcript: Transcript, turn: Turn, following: Turn | None) -> shapes.TurnRowShape:
    shown = _turn(transcript, turn, following)
    start = transcript.source.cue_at(turn.first_word).start
    exact = {"time": _exact_seconds(start), "end": _exact_seconds(_end(transcript, following))}
    return shapes.TurnRowShape(
        transcript=transcript.edition.slug,
        **vars(shown) | exact,
        chapter_title=transcript.edition.chapters[turn.chapter].title or None,
        words=len(find_keys(shown.text)),
    )


def render_csv_errors(found: Iterable[tuple[str, Errors]]) -> str:
    """`data/errors.csv`: the recogniser's word errors by transcript, by speaker and by kind.

    `found` are those of each transcript, by its slug.
    """
    return _render_csv(
        shapes.ErrorRowShape, (row for slug, errors in found for row in _error_rows(slug, errors))
    )


def _error_rows(slug: str, errors: Errors) -> Iterator[shapes.ErrorRowShape]:
    counted: list[tuple[shapes.Counted, str | None, WordErrors]] = [
        ("all", None, errors.all),
        ("certain", None, errors.certain),
        *(("speaker", name, found) for name, found in errors.speakers),
        *(("kind", kind.value, found) for kind, found in errors.kinds),
    ]
    for of, name, found in counted:
        yield shapes.ErrorRowShape(transcript=slug, of=of, name=name, **_counts(found))


# What begins a cell that a spreadsheet calculates, behind blanks that it skips.
_CALCULATED = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


def _write_exactly(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _write_inert(value: object) -> object:
    """The cell with an apostrophe before text that a spreadsheet would calculate."""
    dangerous = isinstance(value, str) and _CALCULATED.match(value)
    return f"'{value}" if dangerous else _write_exactly(value)


def _render_csv(
    shape: type[Shape],
    records: Iterable[Shape],
    write_cell: Callable[[object], object] = _write_exactly,
) -> str:
    """A table as RFC 4180 has it, with a line of names at its head.

    Cells hold exactly what the data hold; those that begin with `=` are not changed for the sake
    of programs that would calculate them.
    """
    written = StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(field.name for field in fields(shape))
    writer.writerows(map(write_cell, vars(record).values()) for record in records)
    return written.getvalue()


def render_json_corrections(corrections: Iterable[Remark]) -> str:
    """`data/corrections.json`."""
    return _render_json([_correction(correction) for correction in corrections])


def render_csv_corrections(corrections: Iterable[Remark]) -> str:
    """`data/corrections.csv`: the same as a table."""
    return _render_csv(shapes.CorrectionShape, map(_correction, corrections))


def render_csv_spreadsheet(corrections: Iterable[Remark]) -> str:
    """`data/corrections-spreadsheet.csv`: the same for programs that calculate cells."""
    return _render_csv(shapes.CorrectionShape, map(_correction, corrections), _write_inert)


def _correction(correction: Remark) -> shapes.CorrectionShape:
    return shapes.CorrectionShape(
        transcript=correction.transcript,
        line=correction.line,
        time=_seconds(correction.time),
        speaker=correction.speaker or None,
        heard=correction.heard,
        corrected=correction.said,
        kind=correction.kind.value,
        conjecture=correction.conjecture,
        reason=plain_text(correction.footnotes[0].reason),
        url=page_address(f"transcripts/{correction.transcript}.md", correction.address),
    )


def render_json_doubts(doubts: Iterable[Remark]) -> str:
    """`data/doubts.json`."""
    return _render_json([_doubt(doubt) for doubt in doubts])


def _doubt(doubt: Remark) -> shapes.DoubtShape:
    return shapes.DoubtShape(
        transcript=doubt.transcript,
        line=doubt.line,
        time=_seconds(doubt.time),
        speaker=doubt.speaker or None,
        words=doubt.said,
        question=doubt.question,
        url=page_address(f"transcripts/{doubt.transcript}.md", doubt.address),
    )


def render_glossary(entries: Iterable[Entry], mentions: Mapping[str, Sequence[Mentioned]]) -> bytes:
    """`data/glossary.json`; `mentions` by the entry's slug, a transcript each."""
    # Entry by entry: bytes take half the room of text, and of mentions there are very many.
    return join_lists(
        _render_json([_entry(entry, mentions.get(entry.slug, ()))]).encode() for entry in entries
    )


def _entry(entry: Entry, mentions: Iterable[Mentioned]) -> shapes.EntryShape:
    return shapes.EntryShape(
        term=entry.term,
        kind=entry.kind,
        short=entry.short,
        also=list(entry.also),
        see=list(entry.see),
        url=page_address(entry.path),
        mentions=cast(
            "list[shapes.MentionShape]",
            [_Rendered(bytes(found.data), "utf-8") for found in mentions],
        ),
    )


def render_json_mentions(transcript: Transcript, found: Iterable[Mention]) -> str:
    """The lines of `data/glossary.json` for an entry's mentions in one transcript."""
    page = page_address(transcript.edition.path)
    return f",{_IN_MENTIONS}".join(
        [_indent_json(_mention(transcript, mention, page), _IN_MENTIONS) for mention in found]
    )


def join_lists(lists: Iterable[bytes]) -> bytes:
    """Rendered lists as one."""
    items = b",\n".join(one[len(b"[\n") : -len(b"\n]\n")] for one in lists if one != b"[]\n")
    return b"[\n%s\n]\n" % items if items else b"[]\n"


def join_tables(names: str, tables: Iterable[bytes]) -> bytes:
    """Rendered tables as one; `names` is such a table without a record."""
    head = names.encode()
    return b"".join((head, *(table.removeprefix(head) for table in tables)))


def _mention(transcript: Transcript, mention: Mention, page: str) -> shapes.MentionShape:
    cue = transcript.source.cue_at(mention.word)
    return shapes.MentionShape(
        transcript=transcript.edition.slug,
        line=cue.line,
        time=_seconds(cue.start),
        speaker=transcript.paragraphs[mention.paragraph].speaker or None,
        url=f"{page}#{transcript.source.address_at(mention.word)}",
    )
