"""The body of an edition: its chapters and turns, its footnotes, block by block."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from build_tools.model.edition import (
    UNKNOWN_VOICE,
    Chapter,
    Evidence,
    Footnote,
    Kind,
    Mark,
    Paragraph,
    Span,
)
from build_tools.model.text import Problem, Text
from build_tools.reading.critic import parse_spans
from build_tools.reading.remains import find_remains
from build_tools.text.nearness import KnownNames

# Each pattern has one way to match a line, so that no file can make the search quadratic.
# Lines between blank lines.
BLOCK = re.compile(r"^[^\S\n]*\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*", re.MULTILINE)
_HEADING = re.compile(r"(?P<signs>\#{1,6})[ \t]+(?P<title>[^\n]*)")
_CLOSING_SIGNS = re.compile(r"(?:^|(?<=[ \t]))\#+$")
_TURN = re.compile(
    r"""
    \*\* (?P<name> [^*\n]{1,100}? ) :\*\* (?P<notes> (?: \[\^ [^\]\[\s]{1,100} \] )*+ )
    (?: [ \t]+ | (?=\n) | $ )
    """,
    re.VERBOSE,
)
_CALL = re.compile(r"\[\^([^\]]+)\]")
# A footnote: its label, and its body to the last indented line.
DEFINITION = re.compile(
    r"""
    ^ \[\^ (?P<label> [^\]\[\s]{1,100} ) \]: [ \t]*
    (?P<body> [^\n]* (?: \n [ \t]+ \S [^\n]* )* )
    """,
    re.VERBOSE | re.MULTILINE,
)
_REASON = re.compile(
    r"(?P<kind>[^\W\d_]+)(?P<conjecture>\?)?(?:,[ ]*(?P<evidence>(?!here[ ])[^\W\d_]+))?"
    r"(?P<here_only>,[ ]*here[ ]only)?:\s*(?P<reason>(?=\S))?"
)
_LOOSE_REASON = re.compile(r"(?P<kind>[^\W\d_]+\??)[,;. ]*(?P<evidence>[^\W\d_]+)?\s*:")
_QUOTED_LINE = re.compile(r"^>[ \t]?(?P<words>[^\n]*)", re.MULTILINE)
_KINDS = {kind.value: kind for kind in Kind}
_EVIDENCE = {evidence.value: evidence for evidence in Evidence}
# A first edition of the longest source that is read has fewer, a heading above each cue included.
_MOST_BLOCKS = 250_000
# How many of the declared speakers a problem names.
_MOST_SPEAKERS_SHOWN = 30
_ALL_KINDS = f"kinds: {', '.join(_KINDS)}; evidence: {', '.join(_EVIDENCE)}"


class Body(NamedTuple):
    """The body of an edition.

    `kindless` are labels of footnotes whose kind cannot be read, `unread` are lines that cannot be.
    """

    introduction: tuple[Paragraph, ...]
    chapters: tuple[Chapter, ...]
    footnotes: tuple[Footnote, ...]
    kindless: frozenset[str]
    unread: str
    problems: tuple[Problem, ...]


def parse_body(text: Text, start: int, speakers: Mapping[str, str] | None) -> Body:
    """The body that begins at an offset; `speakers` is None where the head does not tell them."""
    reader = _BodyReader(text, speakers)
    reader.read(start)
    remains = find_remains(text, start)
    better = {problem.place.line for problem in remains}
    found = (one for one in reader.problems if not (one.unread and one.place.line in better))
    problems = (*remains, *found)
    unread = [problem for problem in problems if problem.unread]
    lines = text.content.split("\n") if unread else []
    pairs = zip(reader.chapters, reader.paragraphs, strict=True)
    return Body(
        tuple(reader.introduction),
        tuple(replace(chapter, paragraphs=tuple(own)) for chapter, own in pairs),
        tuple(reader.footnotes),
        frozenset(reader.kindless),
        "\n".join(lines[problem.place.line - 1] for problem in unread),
        problems,
    )


class _BodyReader:
    """Reads a body block by block, collecting what it holds and what is wrong."""

    def __init__(self, text: Text, speakers: Mapping[str, str] | None) -> None:
        self.text, self.speakers = text, speakers
        self.near_speakers = KnownNames(speakers or ())
        self.introduction: list[Paragraph] = []
        self.chapters: list[Chapter] = []
        # The paragraphs of each chapter.
        self.paragraphs: list[list[Paragraph]] = []
        self.footnotes: list[Footnote] = []
        self.kindless: set[str] = set()
        self.problems: list[Problem] = []

    def read(self, start: int) -> None:
        content = self.text.content
        blocks = [match.span() for match in BLOCK.finditer(content, start)]
        if len(blocks) > _MOST_BLOCKS:
            has = f"{len(blocks)} paragraphs, headings and notes"
            what = f"the edition has {has}; {_MOST_BLOCKS} fit"
            self._problem(blocks[_MOST_BLOCKS][0], what, "give each talk an edition of its own")
            return
        # Speech begins at the first heading or turn; without either, at the top.
        opens = (
            _HEADING.match(content, *block) or _TURN.match(content, *block) for block in blocks
        )
        speech_from = next((opening.start() for opening in opens if opening), 0)
        for begin, end in blocks:
            if content.startswith("[^", begin) and DEFINITION.match(content, begin, end):
                self._read_definitions(begin, end)
            elif heading := _HEADING.match(content, begin, end):
                self._read_heading(heading, end)
            elif content.startswith(">", begin):
                self._read_summary(begin, end)
            elif begin < speech_from:
                self.introduction.append(self._read_spans(begin, begin, end, ""))
            else:
                self._read_paragraph(begin, end)

    def _open_chapter(self, offset: int, title: str) -> None:
        self.chapters.append(Chapter(offset, title, ()))
        self.paragraphs.append([])

    def _read_heading(self, heading: re.Match[str], end: int) -> None:
        offset = heading.start()
        if heading["signs"] != "##":
            self._problem(offset, "a chapter's heading has two number signs", "write ## title")
        title = _CLOSING_SIGNS.sub("", heading["title"].strip()).strip()
        if not title:
            self._problem(offset, "this chapter has no title", "write ## title")
        self._open_chapter(offset, title)
        if heading.end() < end:
            what = "text follows a heading without a blank line"
            self._problem(heading.end() + 1, what, "put a blank line below the heading")
            self._read_paragraph(heading.end() + 1, end)

    def _read_summary(self, begin: int, end: int) -> None:
        """A quotation block directly below a heading is the editor's summary of the chapter."""
        if not self.chapters or self.chapters[-1].summary or self.paragraphs[-1]:
            what = "a summary stands directly below its chapter's heading, and once"
            self._problem(begin, what, r"move it there; write \> for a sign that was said")
            return
        spans: list[Span] = []
        for line in _QUOTED_LINE.finditer(self.text.content, begin, end):
            found, problems = parse_spans(self.text, line.start("words"), line.end("words"))
            self.problems.extend(problems)
            spans += [*found, Span(line.end(), Mark.PLAIN, " ", " ")]
        plain = self._keep_plain(spans, "a summary")
        self.chapters[-1] = replace(self.chapters[-1], summary=plain)

    def _keep_plain(self, spans: Sequence[Span], what: str) -> tuple[Span, ...]:
        """The plain spans; every other one is a problem."""
        remedy = "write its text plainly, with links and *titles* at most"
        for span in spans:
            if span.mark is not Mark.PLAIN:
                self._problem(span.offset, f"{what} holds a mark or a footnote", remedy)
        return tuple(span for span in spans if span.mark is Mark.PLAIN)

    def _read_paragraph(self, begin: int, end: int) -> None:
        if not self.chapters:
            self._open_chapter(begin, "")
        turn = _TURN.match(self.text.content, begin, end)
        name = turn["name"] if turn else ""
        known = self.speakers is None or name in self.speakers or name == UNKNOWN_VOICE
        if turn and self.speakers is not None and not known:
            self._unknown_speaker(begin, name, self.speakers)
        start = turn.end() if turn else begin
        if late := DEFINITION.search(self.text.content, start, end):
            what = "a footnote follows text without a blank line"
            self._problem(late.start(), what, f"put a blank line above [^{late['label']}]:")
        read = self._read_spans(begin, start, late.start() if late else end, name)
        notes = tuple(_CALL.findall(turn["notes"])) if turn else ()
        self.paragraphs[-1].append(replace(read, notes=notes))
        if late:
            self._read_definitions(late.start(), end)

    def _unknown_speaker(self, offset: int, name: str, speakers: Mapping[str, str]) -> None:
        hint = self.near_speakers.ask(name, "**{}:**")
        known = ", ".join(islice(speakers, _MOST_SPEAKERS_SHOWN))
        known += ", …" * (len(speakers) > _MOST_SPEAKERS_SHOWN)
        remedy = f"{hint}{'else ' * bool(hint)}add {name} under speakers: in the front matter"
        remedy += f"; there: {known}" if known else f", as speakers: {{{name}: full name}}"
        self._problem(offset, f"“{name}” is not declared as a speaker", remedy)

    def _read_spans(self, offset: int, start: int, end: int, name: str) -> Paragraph:
        spans, problems = parse_spans(self.text, start, end, speech=True)
        self.problems.extend(problems)
        return Paragraph(offset, name, spans)

    def _read_definitions(self, begin: int, end: int) -> None:
        position = begin
        while match := DEFINITION.match(self.text.content, position, end):
            self._read_definition(match)
            position = match.end() + 1
        if position < end:
            what = "text follows a footnote without a blank line"
            remedy = "put a blank line between them, or indent a line that belongs to the footnote"
            unread = self.text.content.count("\n", position, end) + 1
            self.problems.append(self.text.problem(position, what, remedy, unread=unread))
            if self.chapters:
                self._read_paragraph(position, end)

    def _read_definition(self, match: re.Match[str]) -> None:
        label, offset = match["label"], match.start()
        reason = _REASON.match(match["body"])
        kind = _KINDS.get(reason["kind"]) if reason else None
        if problem := _check_reason(match, reason, kind):
            self._problem(offset, *problem)
        if not kind:
            self.kindless.add(label)
        start = match.start("body") + (reason.end() if reason else 0)
        spans, problems = parse_spans(self.text, start, match.end())
        self.problems.extend(problems)
        plain = self._keep_plain(spans, "a footnote")
        evidence = _EVIDENCE.get(reason["evidence"] or "") if reason else None
        conjecture = bool(reason and reason["conjecture"])
        here_only = bool(reason and reason["here_only"])
        kind = kind or Kind.NOTE
        if kind.corrects_words and not (conjecture or evidence or problem):
            conjecture = True
            what = f"footnote {label} names no evidence: it is published as a conjecture"
            record = f"{kind}, record: for a name or fact on record"
            remedy = f"write {record}, or {kind}?: for a conjecture"
            self.problems.append(self.text.problem(offset, what, remedy, warning=True))
        self.footnotes.append(Footnote(label, offset, kind, conjecture, plain, here_only, evidence))

    def _problem(self, offset: int, what: str, remedy: str) -> None:
        self.problems.append(self.text.problem(offset, what, remedy))


def _check_reason(
    match: re.Match[str], reason: re.Match[str] | None, kind: Kind | None
) -> tuple[str, str] | None:
    """What is wrong with the kind and the reason of a footnote, and its remedy."""
    label, loose = match["label"], _LOOSE_REASON.match(match["body"])
    wanted = f"[^{label}]: kind, evidence: reason"
    evidence = (loose and loose["evidence"]) or "record"
    if loose and not kind and loose["kind"].lower().rstrip("?") in _KINDS:
        ground = ", ".join(part.lower() for part in loose.groups() if part)
        what = "kind and evidence are small words with a comma between them"
        if evidence.lower() in _EVIDENCE:
            return what, f"write [^{label}]: {ground}: {match['body'][loose.end() :].strip()}"
    if not reason:
        return f"footnote {label} has no kind or no reason", f"write {wanted}; {_ALL_KINDS}"
    if not kind:
        hint = KnownNames(_KINDS).ask(reason["kind"])
        hint = hint or f"write {wanted}; "
        return f"“{reason['kind']}” is no kind of footnote", f"{hint}kinds: {', '.join(_KINDS)}"
    if reason["reason"] is None:
        written = reason[0].strip()
        remedy = f"say in a sentence what a reader can check: [^{label}]: {written} …"
        return f"footnote {label} has no reason", remedy
    if kind is Kind.NOTE and (reason["conjecture"] or reason["evidence"]):
        return "a note is no conjecture", "write note: and say in it what is uncertain"
    return _check_evidence(label, reason) if reason["evidence"] else None


def _check_evidence(label: str, reason: re.Match[str]) -> tuple[str, str] | None:
    """What is wrong with the evidence of a correction, and its remedy."""
    kind, name = reason["kind"], reason["evidence"]
    evidence = _EVIDENCE.get(name)
    if not evidence:
        hint = KnownNames(_EVIDENCE).ask(name)
        return f"“{name}” is no evidence", f"{hint}evidence: {', '.join(_EVIDENCE)}"
    if not reason["conjecture"] and not evidence.can_be_plain:
        what = f"footnote {label}: {evidence.meaning} can only make a conjecture"
        return what, f"write {kind}?, {name}: or give evidence of the kind record or elsewhere"
    return None
