"""Small docs/ trees as values, for tests that need a file to be read, checked or compiled."""

import json
import re
from collections.abc import Iterable, Mapping

from build_tools.build.compile import find_in_transcript
from build_tools.checks.corpus import parse_corpus
from build_tools.model.edition import Edition
from build_tools.model.glossary import Entry
from build_tools.model.source import Source
from build_tools.model.text import Problem, Text
from build_tools.model.transcript import Transcript
from build_tools.reading.edition import parse_edition
from build_tools.reading.glossary import parse_entry
from build_tools.reading.rejection import reject_marks
from build_tools.sources.source import parse_source
from build_tools.transcript.alignment import compile_transcript
from build_tools.transcript.layout import Layout, lay_out
from build_tools.transcript.mentions import compile_matcher

SPEAKERS = {"Ann": "Ann Lee", "Bo": "Bo Berg"}
# Characters that YAML requires escaped.
_NOT_IN_YAML = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def edition_file(
    body: str,
    *,
    title: str = "A talk",
    date: str = "2024-05-22",
    event: str = "",
    description: str = "",
    lang: str = "",
    recording: str = "",
    file: str = "talk.txt",
    form: str = "plain",
    furniture: Iterable[int] = (),
    note: str = "",
    speakers: Mapping[str, str] = SPEAKERS,
    reviewer: str = "",
    reviewed: str = "1-2",
    engine: str = "",
) -> str:
    """An edition's file; JSON strings are YAML strings, whatever stands in them."""
    source: dict[str, object] = {"file": file, "format": form, "furniture": list(furniture)}
    if note:
        source["note"] = note
    head: dict[str, object] = {"title": title, "date": date}
    optional = {"event": event, "description": description, "lang": lang, "recording": recording}
    head |= {key: value for key, value in optional.items() if value}
    head |= {"source": source, "speakers": dict(speakers)}
    if reviewer:
        head["reviewed"] = [{"lines": [reviewed], "by": reviewer, "date": "2026-11-20"}]
    if engine:
        head["witnesses"] = {"B": {"file": "b.txt", "format": "plain", "engine": engine}}
    return _head(head) + "\n" + body


def entry_file(
    term: str,
    body: str = "What it is.\n",
    *,
    kind: str = "concept",
    short: str = "What it is.",
    also: Iterable[str] = (),
    see: Iterable[str] = (),
    sources: Iterable[Mapping[str, str]] = (),
) -> str:
    """An entry's file."""
    head: dict[str, object] = {"term": term, "kind": kind, "short": short}
    head |= {"also": list(also), "see": list(see), "sources": [dict(source) for source in sources]}
    return _head(head) + "\n" + body


def theme_file(title: str, body: str, *, description: str = "", entries: Iterable[str] = ()) -> str:
    """A theme's file."""
    head = {"title": title, "description": description, "entries": list(entries)}
    return _head({key: value for key, value in head.items() if value}) + "\n" + body


def _head(fields: Mapping[str, object]) -> str:
    lines = [f"{key}: {_quote(value)}" for key, value in fields.items()]
    return "\n".join(["---", *lines, "---", ""])


def _quote(value: object) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return _NOT_IN_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def tree(files: Mapping[str, str]) -> dict[str, bytes]:
    """Texts as a tree."""
    return {path: text.encode() for path, text in files.items()}


def check_tree(tree: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """Every problem and warning of a tree, in order of place."""
    return parse_corpus(tree).problems


def read_edition(text: str, *, slug: str = "talk") -> Edition:
    """The edition of a file that can be read; problems of its marks are not looked at."""
    edition = parse_edition(slug, Text(f"docs/transcripts/{slug}.md", text)).value
    assert edition
    return edition


def read_source(text: str, *, form: str = "plain", furniture: Iterable[int] = ()) -> Source:
    """The source that a text is."""
    path = "docs/sources/talk.txt"
    return parse_source(path, text.encode(), form, frozenset(furniture)).value


def read_entry(text: str, *, slug: str) -> Entry:
    """The entry of a file that can be read."""
    parsed = parse_entry(slug, Text(f"docs/glossary/{slug}.md", text))
    assert parsed.value
    assert not parsed.problems
    return parsed.value


def talk_tree(body: str, *entries: str, source: str = "", form: str = "plain") -> dict[str, bytes]:
    """A transcript and entries; without a source, it is one that the edition is faithful to."""
    text = edition_file(body, form=form)
    files = {
        "sources/talk.txt": source or reject_marks(read_edition(text)).heard,
        "transcripts/talk.md": text,
    }
    files |= {f"glossary/entry-{number}.md": entry for number, entry in enumerate(entries, 1)}
    return tree(files)


def compile_text(source: str, body: str, *, form: str = "plain") -> Transcript:
    """A transcript of a source's text and the body of its edition."""
    return compile_transcript(
        read_edition(edition_file(body, form=form)), read_source(source, form=form)
    )


def compile_faithful(body: str) -> Transcript:
    """The transcript of the body of an edition and of a source to which it is faithful."""
    return compile_text(reject_marks(read_edition(edition_file(body))).heard, body)


def lay_out_with(transcript: Transcript, *entries: Entry) -> Layout:
    """The layout of a transcript in which entries are found."""
    return lay_out(transcript, find_in_transcript(transcript, compile_matcher(entries)))
