"""Cases written in Markdown: fenced blocks that are given, and blocks that must come of them.

`docs/format.md`, `docs/data.md` and `tests/cases/*.md` are read alike. The name of a block says
what it is. A case is a run of given blocks and the expected blocks behind it; a heading ends it
too. A problem that a case does not expect under `problems` fails it, so a case that expects nothing
is one without problems.

`python -m tests.cases FILE…` writes what comes out into the expected blocks of the files: read the
difference before you believe it.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from build_tools.authoring.import_.intake import Request, plan_intake
from build_tools.build.plan import plan_site
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.model.edition import Edition
from build_tools.model.text import Problem, ProblemsFoundError, Text
from build_tools.model.transcript import Transcript
from build_tools.pages.markdown import as_line, escape
from build_tools.reading.edition import parse_edition
from build_tools.reading.rejection import reject_marks
from build_tools.reading.works import WORKS
from build_tools.sources.formats import FORMATS
from build_tools.text.wording import plain_text
from build_tools.text.words import find_keys
from build_tools.transcript.mentions import compile_matcher, find_mentions
from build_tools.transcript.remarks import find_corrections, find_doubts
from build_tools.transcript.statements import quote_reading
from tests.pages import parse_page
from tests.trees import check_tree

ROOT = Path(__file__).parent.parent
_FENCE = re.compile(
    r"^(?P<fence>`{3,}|~{3,})(?P<name>[a-z.-]+)\n(?P<content>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_HEADING = re.compile(r"^#+ (?P<title>.+)$", re.MULTILINE)

EDITION, SOURCE, THEME = "transcripts/talk.md", "sources/talk.txt", "then-and-now/theme.md"
# Texts of witnesses, by the names of their blocks.
WITNESSES = {f"witness-{letter}": f"sources/witness-{letter}.txt" for letter in "bcd"}
SPEAKERS = "  Sorkin: Andrew Ross Sorkin\n  Amodei: Dario Amodei\n"
# A second transcript, for cases that link to it.
_EARLIER = {
    "sources/earlier.txt": "We began\nwith neurons\nand circuits.\n",
    "transcripts/earlier-talk.md": """---
title: An earlier talk
date: 2023-10-06
source: {file: earlier.txt, format: plain}
---

We began with neurons and circuits.
""",
}


class Block(NamedTuple):
    """A fenced block: its name, its text, the line where its fence stands, and its slice."""

    name: str
    content: str
    line: int
    start: int
    end: int


@dataclass(frozen=True)
class Case:
    """Given blocks and expected ones, and what comes of the given ones."""

    path: Path
    given: list[Block] = field(default_factory=list)
    expected: list[Block] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.path.name}:{self.given[0].line}"

    def texts(self, name: str) -> list[str]:
        """The given blocks of a name."""
        return [block.content for block in self.given if block.name == name]

    def ends_before(self, name: str) -> bool:
        """Whether a given block of this name belongs to another case."""
        names = {block.name for block in self.given}
        again = name in names and name != "entry"
        return bool(self.expected) or again or (name in SOURCES and "edition" in names)

    @cached_property
    def head_lines(self) -> int:
        """How many lines of front matter were put before the body of an edition."""
        edition = self.texts("edition")
        return 0 if not edition or edition[0].startswith("---") else _head(self).count("\n")

    @cached_property
    def tree(self) -> Mapping[str, bytes]:
        """The files that the given blocks are, and those that they go without saying."""
        files: dict[str, str] = {}
        for form in SOURCES:
            files.update((SOURCE, text) for text in self.texts(form))
        for text in self.texts("edition"):
            edition = (_head(self) if self.head_lines else "") + text
            files[EDITION] = edition
            parsed = parse_edition("talk", Text("", edition))
            files.setdefault(SOURCE, reject_marks(parsed.value).heard)
        for text in self.texts("file"):
            files[EDITION] = text
            parsed = parse_edition("talk", Text("", text))
            if parsed.problems:
                files.setdefault(SOURCE, reject_marks(parsed.value).heard)
        files.update((_entry_path(text), text) for text in self.texts("entry"))
        files.update((THEME, text) for text in self.texts("theme"))
        files.update((WORKS, text) for text in self.texts("works"))
        files.update((path, text) for name, path in WITNESSES.items() for text in self.texts(name))
        for text in self.texts("terms"):
            files.update(_entries(text))
        if any("earlier-talk" in text for text in files.values()):
            files.update(_EARLIER)
        return {path: text.encode() for path, text in files.items()}

    @cached_property
    def corpus(self) -> Corpus:
        """The tree, read."""
        return parse_corpus(self.tree)

    @cached_property
    def edition(self) -> Edition:
        """The edition of the case, faithful or not."""
        text = Text(f"docs/{EDITION}", self.tree[EDITION].decode())
        return parse_edition("talk", text).value

    @cached_property
    def transcript(self) -> Transcript:
        """The edition of the case, laid against its source."""
        transcripts = {item.edition.slug: item for item in self.corpus.transcripts}
        assert "talk" in transcripts, f"{self}: the edition is not faithful to its source"
        return transcripts["talk"]

    def published(self, name: str) -> str:
        """A file of the compiled site."""
        return plan_site(self.tree).files[name].decode()


def _head(case: Case) -> str:
    form = next((form for form in SOURCES if case.texts(form)), "plain")
    return (
        "---\ntitle: A talk\ndate: 2024-05-22\n"
        f"source:\n  file: talk.txt\n  format: {form}\nspeakers:\n{SPEAKERS}---\n"
    )


def _entry_path(text: str) -> str:
    match = re.search(r"^term: (?P<term>.+)$", text, re.MULTILINE)
    slug = "-".join(re.findall(r"[a-z0-9]+", match["term"].lower())) if match else ""
    return f"glossary/{slug or 'entry'}.md"


def _entries(terms: str) -> Iterator[tuple[str, str]]:
    for line in terms.splitlines():
        term, _, also = line.partition(": ")
        names = json.dumps([name for name in also.split(", ") if name])
        head = f"term: {json.dumps(term)}\nkind: concept\nshort: What it is.\nalso: {names}"
        yield _entry_path(f"term: {term}"), f"---\n{head}\n---\nWhat it is.\n"


def _squeeze(paragraphs: str) -> str:
    lines = (" ".join(paragraph.split()) for paragraph in paragraphs.split("\n\n"))
    return "\n\n".join(line for line in lines if line)


def _words(case: Case) -> str:
    return " ".join(find_keys(case.texts("text")[0]))


def _escaped(case: Case) -> str:
    return as_line(escape(case.texts("text")[0].rstrip("\n")))


def _problems(case: Case) -> str:
    own = EDITION if EDITION in case.tree else next(iter(case.tree))
    return "\n".join(
        _shown(problem, f"docs/{own}", case.head_lines) for problem in check_tree(case.tree)
    )


def _shown(problem: Problem, own: str, head_lines: int) -> str:
    path, line, column = problem.place
    place = f"{line - head_lines}:{column}" if path == own else f"{path}:{line}:{column}"
    if path == own and line <= head_lines:
        place = "front matter"
    warning = "warning: " if problem.warning else ""
    what = re.sub(
        rf"{re.escape(own)}:(?P<line>\d+)",
        lambda match: f"line {int(match['line']) - head_lines}",
        problem.what,
    )
    return f"{place}: {warning}{what}\n    {problem.remedy}"


def _speech(case: Case) -> str:
    return "\n".join(
        f"#{turn['id']} {turn['speaker'] or 'nobody'}: {turn['text']}"
        for turn in json.loads(_transcript_json(case))["turns"]
    )


def _addresses(case: Case) -> str:
    return "\n".join(
        f"#{cue.address} {cue.text}".replace("\n", " ") for cue in case.transcript.source.cues
    )


def _chapters(case: Case) -> str:
    return "\n".join(
        f"#{address} {chapter.title}".rstrip()
        for address, chapter in zip(case.transcript.chapter_ids, case.edition.chapters, strict=True)
    )


def _corrections(case: Case) -> str:
    return "\n".join(
        f"#{item.address} {item.kind.value}{'?' * item.conjecture}: "
        f"{item.heard or '—'} → {item.said or '—'}"
        for item in find_corrections(case.transcript)
    )


def _doubts(case: Case) -> str:
    doubts = find_doubts(case.transcript)
    return "\n".join(f"#{doubt.address} {doubt.said}: {doubt.question}" for doubt in doubts)


def _mentions(case: Case) -> str:
    terms = {entry.slug: entry.term for entry in case.corpus.entries}
    found = find_mentions(case.transcript, compile_matcher(case.corpus.entries))
    return "\n".join(
        f"{' '.join(case.transcript.said[mention.start : mention.end].split())} → "
        f"{terms[mention.entry]}"
        for mention in found
    )


_LINK = re.compile(
    r"\[(?P<words>[^\]]*)\]\((?P<target>[^ )]+)[^)]*\)(?!\{[^}]*(?:\.sic-at|\.sic-speaker))"
)


def _links(case: Case) -> str:
    """The links of a page's speech, but for those of addresses, speakers and notes."""
    _, _, page = case.published(EDITION).partition("{ .sic-tally }\n")
    page, _, _ = page.partition("## About this text")
    page = re.sub(r"^\[[\d?]+\]\(#fnref:.*?\)", "", page, flags=re.MULTILINE)
    return "\n".join(f"{link['words']} → {link['target']}" for link in _LINK.finditer(page))


def _notes(case: Case) -> str:
    """The notes of a page as published, without the number before them."""
    return "\n".join(re.findall(r'role="note">.*?</a> (.*)</p>', case.published(EDITION)))


def _introduction(case: Case) -> str:
    return _squeeze(
        "\n\n".join(
            "".join(span.said for span in paragraph.spans)
            for paragraph in case.edition.introduction
        )
    )


def _summaries(case: Case) -> str:
    return "\n".join(
        f"{chapter.title}: {plain_text(chapter.summary)}" for chapter in case.edition.chapters
    )


def _apparatus(case: Case) -> str:
    transcript = case.transcript
    return "\n".join(
        f"#{transcript.source.address_at(entry.first)} "
        + ", ".join(f"{''.join(letters)} {quote_reading(text)}" for letters, text in entry.readings)
        for entry in transcript.apparatus
    )


def _footnotes(case: Case) -> str:
    return "\n".join(
        f"{note.label}: {note.kind.value}{'?' * note.conjecture}{', here only' * note.here_only}: "
        f"{plain_text(note.reason)}"
        for note in case.edition.footnotes
    )


def _transcript_json(case: Case) -> str:
    return case.published("transcripts/talk/transcript.json")


def _utterances(case: Case) -> str:
    """The speech of an edition as TEI, without what stands around it."""
    document = case.published("transcripts/talk/talk.tei.xml")
    indent = "\n    "
    utterances = document[document.index(f"{indent}<u") : document.rindex("</u>")] + "</u>"
    return utterances.replace(indent, "\n")


def _draft(case: Case) -> str:
    """What an import makes of a file whose name stands above it, and what it leaves out."""
    name, _, content = case.texts("import")[0].partition("\n")
    try:
        intake = plan_intake(Request(name, content.encode(), "talk", date="2024-05-22"))
    except ProblemsFoundError as error:
        return "\n".join(f"refused: {one.what}\n    {one.remedy}" for one in error.problems)
    body = intake.files[intake.edition].decode().split("---\n", 2)[2]
    account = intake.account
    pieces = "".join(f"left out: {one.text.strip()}: {one.why}\n" for one in intake.left_out)
    tags = "".join(f"tag: {tag}, {n}\n" for tag, n in account["tags_left_out"].items())
    times = f"times: {account['times']['used']}\n" * (account["times"]["used"] > 0)
    return f"{body.strip()}\n\n{pieces}{tags}{times}"


SOURCES = tuple(FORMATS)
GIVEN = (
    *SOURCES,
    "import",
    "text",
    "edition",
    "file",
    "entry",
    "terms",
    "theme",
    "works",
    *WITNESSES,
)
EXPECTED: dict[str, Callable[[Case], str]] = {
    "draft": _draft,
    "words": _words,
    "escaped": _escaped,
    "problems": _problems,
    "summaries": _summaries,
    "heard": lambda case: _squeeze(reject_marks(case.edition).heard),
    "said": lambda case: _squeeze(case.transcript.said),
    "shown": lambda case: _squeeze(parse_page(case.published(EDITION)).speech),
    "turns": _speech,
    "addresses": _addresses,
    "chapters": _chapters,
    "corrections": _corrections,
    "doubts": _doubts,
    "footnotes": _footnotes,
    "apparatus": _apparatus,
    "introduction": _introduction,
    "mentions": _mentions,
    "links": _links,
    "notes": _notes,
    "sources": lambda case: (
        case.published("glossary/claude.md").partition("## Sources\n")[2].partition("\n## ")[0]
    ),
    "transcript.json": _transcript_json,
    "tei": _utterances,
    "quoting": lambda case: case.published(THEME).partition("\n---\n")[2],
    "talk.vtt": lambda case: case.published("transcripts/talk/talk.vtt"),
    "talk.srt": lambda case: case.published("transcripts/talk/talk.srt"),
    "talk.podcast.json": lambda case: case.published("transcripts/talk/talk.podcast.json"),
    "talk.chapters.json": lambda case: case.published("transcripts/talk/talk.chapters.json"),
    "corrections.json": lambda case: case.published("data/corrections.json"),
    "glossary.json": lambda case: case.published("data/glossary.json"),
    "doubts.json": lambda case: case.published("data/doubts.json"),
    "turns.jsonl": lambda case: case.published("data/turns.jsonl"),
    "corrections.csv": lambda case: case.published("data/corrections.csv").replace("\r\n", "\n"),
    "transcript.md": lambda case: case.published("transcripts/talk/transcript.md.txt"),
}


def read_cases(path: Path) -> list[Case]:
    """The cases of a file in order."""
    text = path.read_text(encoding="utf-8")
    blocks = list(_blocks(text))
    inside = [(block.start, block.end) for block in blocks]
    breaks = [
        match.start()
        for match in _HEADING.finditer(text)
        if not any(start <= match.start() < end for start, end in inside)
    ]
    cases: list[Case] = []
    before = 0
    for block in blocks:
        new_section = any(before <= heading < block.start for heading in breaks)
        if block.name in GIVEN and (new_section or not cases or cases[-1].ends_before(block.name)):
            cases.append(Case(path))
        assert cases, f"{path}:{block.line}: a block of what is expected, and nothing was given"
        (cases[-1].given if block.name in GIVEN else cases[-1].expected).append(block)
        before = block.end
    return cases


def _blocks(text: str) -> Iterator[Block]:
    for match in _FENCE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        name = match["name"]
        assert name in GIVEN or name in EXPECTED, f"line {line}: no block is called {name}"
        yield Block(name, match["content"], line, match.start("content"), match.end("content"))


def check_case(case: Case) -> None:
    """Asserts that what comes of a case is what it expects."""
    assert case.expected or case.tree, f"{case}: nothing is expected of this case"
    for block in case.expected:
        outcome = EXPECTED[block.name](case).strip("\n")
        wanted = block.content.strip("\n")
        where = f"{case.path.name}:{block.line}: {block.name}"
        if block.name.endswith(".json"):
            assert json.loads(outcome) == json.loads(wanted), where
        else:
            assert outcome == wanted, where
    if case.tree and not any(block.name == "problems" for block in case.expected):
        problems = _problems(case)
        assert not problems, f"{case}: problems that the case does not expect:\n{problems}"


def accept_cases(path: Path) -> None:
    """Writes what comes of each case into its expected blocks; JSON that holds stays as it is."""
    text = path.read_text(encoding="utf-8")
    blocks = ((case, block) for case in read_cases(path) for block in case.expected)
    for case, block in sorted(blocks, key=lambda item: -item[1].start):
        outcome = EXPECTED[block.name](case).strip("\n")
        if not (block.name.endswith(".json") and _same_json(block.content, outcome)):
            text = f"{text[: block.start]}{outcome}\n{text[block.end :]}"
    path.write_text(text, encoding="utf-8")


def _same_json(one: str, other: str) -> bool:
    return bool(one.strip()) and bool(json.loads(one) == json.loads(other))


def main(paths: Iterable[str]) -> None:
    """Accepts what comes of the cases of some files."""
    for path in paths:
        accept_cases(Path(path).resolve())


if __name__ == "__main__":
    main(sys.argv[1:])
