"""Published data: a public interface, whose every field `docs/data.md` lists."""

import csv
import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

from pydantic_core import to_json

from build_tools.model.edition import Edition
from build_tools.model.extract import Mentioned
from build_tools.model.glossary import Entry
from build_tools.model.transcript import Findings, Mention, Remark, Transcript, Turn, WordErrors
from build_tools.text.urls import page_address, resolve_identifier
from build_tools.text.wording import plain_text
from build_tools.text.words import find_keys
from build_tools.transcript.layout import Layout

Record = dict[str, Any]
_COLUMNS = b"transcript,line,time,speaker,heard,corrected,kind,conjecture,evidence,reason,url\r\n"
# What begins a cell that a spreadsheet calculates, behind blanks that it skips.
_CALCULATED = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_NO_MENTIONS = b'"mentions": []'


def render_json(value: object) -> str:
    """A value as JSON, indented, with a final newline."""
    return f"{to_json(value, indent=1).decode()}\n"


def _seconds(milliseconds: int | None, *, exact: bool = False) -> float | None:
    """Whole seconds, or exact ones, which have a fraction only where it is not 0."""
    if milliseconds is None:
        return None
    return milliseconds / 1000 if exact and milliseconds % 1000 else milliseconds // 1000


def render_transcript(layout: Layout) -> str:
    """`transcripts/<slug>/transcript.json`."""
    transcript, errors = layout.transcript, layout.findings.errors
    edition, source = transcript.edition, transcript.source
    chapters = zip(transcript.chapter_ids, edition.chapters, strict=True)
    places = reversed(transcript.paragraphs)
    lines = {place.chapter: source.cue_at(place.first_word).line for place in places}
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
            "furniture": [
                {"line": cue.line, "text": " ".join(cue.text.split())} for cue in source.furniture
            ],
        },
        "chapters": [
            {"title": chapter.title, "id": name, "line": lines.get(number)}
            for number, (name, chapter) in enumerate(chapters)
        ],
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


def _recorded(edition: Edition) -> Record:
    """What an archive or a podcast says of the recording; {} where it says nothing."""
    names = ("podcast", "show_notes", "place", "interviewer", "rights", "identifier")
    facts = {name: getattr(edition, name) for name in names}
    facts["episode"] = int(edition.episode or 0)
    facts["identifier_url"] = resolve_identifier(edition.identifier)
    return {name: fact for name, fact in facts.items() if fact}


def _with_ends(transcript: Transcript) -> Iterator[tuple[Turn, int | None]]:
    """Each turn with the time at which the next one begins."""
    cue_at = transcript.source.cue_at
    ends = [cue_at(turn.first_word).start for turn in transcript.turns[1:]]
    return zip(transcript.turns, [*ends, None], strict=True)


def _counts(errors: WordErrors) -> Record:
    rate = round(errors.total / errors.words, 6) if errors.words else None
    return {**errors._asdict(), "rate": rate}


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
    found = [
        {"kind": kind, "words": bisect_left(starts, placed.said_start) - first}
        for paragraph in transcript.paragraphs[own.start : own.stop]
        for placed in paragraph.spans
        if (kind := placed.span.non_speech)
    ]
    return {"non_speech": found} if found else {}


def render_turns(transcript: Transcript) -> str:
    """The lines of a transcript in `data/turns.jsonl`; times are to the millisecond."""
    lines = []
    for turn, end in _with_ends(transcript):
        row = {"transcript": transcript.edition.slug, **_turn(transcript, turn, end)}
        row["time"] = _seconds(transcript.source.cue_at(turn.first_word).start, exact=True)
        row["end"] = _seconds(end, exact=True)
        row["chapter_title"] = transcript.edition.chapters[turn.chapter].title or None
        row["words"] = len(find_keys(row["text"]))
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    return "".join(lines)


def render_lists(findings: Findings) -> dict[str, str]:
    """The part of a transcript in each list, by its path below the site's top."""
    corrections, doubts = list[Record](), list[Record]()
    for one in findings.corrections:
        reason, record = one.footnotes[0], Record(heard=one.heard, corrected=one.said)
        record |= {"kind": one.kind.value, "conjecture": one.conjecture}
        record |= {"evidence": reason.evidence, "reason": plain_text(reason.reason)}
        corrections.append(_remark(one, record))
    for doubt in findings.doubts:
        record = Record(words=doubt.said, question=doubt.question)
        doubts.append(_remark(doubt, record))
    return {
        "data/corrections.csv": _render_rows(corrections),
        "data/corrections-spreadsheet.csv": _render_rows(corrections, inert=True),
        "data/corrections.json": render_json(corrections),
        "data/doubts.json": render_json(doubts),
    }


def _place(transcript: str, line: int, time: int | None, speaker: str) -> Record:
    facts = {"transcript": transcript, "line": line, "time": _seconds(time)}
    return {**facts, "speaker": speaker or None}


def _remark(remark: Remark, record: Record) -> Record:
    place = _place(remark.transcript, remark.line, remark.time, remark.speaker)
    url = page_address(f"transcripts/{remark.transcript}.md", remark.address)
    return {**place, **record, "url": url}


def _render_rows(records: Iterable[Record], *, inert: bool = False) -> str:
    """Rows as RFC 4180 has them; `inert` cells begin with ' where a spreadsheet would calculate."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    for record in records:
        cells = [str(one).lower() if isinstance(one, bool) else one for one in record.values()]
        if inert:
            cells = [f"'{cell}" if _CALCULATED.match(str(cell)) else cell for cell in cells]
        writer.writerow(cells)
    return written.getvalue()


def join_lists(path: str, parts: Iterable[bytes]) -> bytes:
    """A list of the collection, of the parts of all transcripts."""
    return _COLUMNS + b"".join(parts) if path.endswith(".csv") else _join_json(parts)


def _join_json(lists: Iterable[bytes]) -> bytes:
    items = b",\n".join(one[len(b"[\n") : -len(b"\n]\n")] for one in lists if one != b"[]\n")
    return b"[\n%s\n]\n" % items if items else b"[]\n"


def render_glossary(
    entries: Iterable[Entry], mentions: Mapping[str, Sequence[tuple[Edition, Mentioned]]]
) -> bytearray:
    """`data/glossary.json`; `mentions` by the entry's slug, a transcript each."""
    # There are so many mentions that nothing is copied.
    rendered = bytearray()
    for entry in entries:
        record = {name: getattr(entry, name) for name in ("term", "kind", "short", "also", "see")}
        record |= {"url": page_address(entry.path), "mentions": []}
        # No text in JSON has the bytes that are cut out: its quotation marks are escaped.
        before, _, behind = render_json([record]).encode().partition(_NO_MENTIONS)
        rendered += (b",\n" if rendered else b"[\n") + before[len(b"[\n") :] + _NO_MENTIONS[:-1]
        found = mentions.get(entry.slug, ())
        for number, (_, one) in enumerate(found):
            rendered += b",\n" if number else b"\n"
            rendered += bytes(one.data)
        rendered += (b"\n  ]" if found else b"]") + behind[: -len(b"\n]\n")]
    rendered += b"\n]\n" if rendered else b"[]\n"
    return rendered


def render_mentions(transcript: Transcript, found: Iterable[Mention]) -> str:
    """The lines of `data/glossary.json` for an entry's mentions in one transcript."""
    source, records = transcript.source, []
    for mention in found:
        cue, speaker = source.cue_at(mention.word), transcript.paragraphs[mention.paragraph].speaker
        place = _place(transcript.edition.slug, cue.line, cue.start, speaker)
        url = page_address(transcript.edition.path, source.address_at(mention.word))
        records.append({**place, "url": url})
    return "\n".join(f"  {line}" for line in render_json(records).split("\n")[1:-2])
