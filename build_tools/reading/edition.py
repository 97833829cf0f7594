"""An edition file as a value: its front matter, its chapters and turns, its footnotes."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from build_tools.model.edition import (
    UNKNOWN_VOICE,
    Chapter,
    Edition,
    EditionHead,
    Evidence,
    Footnote,
    Kind,
    Mark,
    Paragraph,
    Span,
)
from build_tools.model.front_matter import list_fields
from build_tools.model.text import Parsed, Problem, Text, hide_unread
from build_tools.reading.critic import parse_spans
from build_tools.reading.front_matter import read_fields
from build_tools.reading.remains import find_remains
from build_tools.sources.charset import ENCODINGS, known_encoding
from build_tools.sources.formats import FORMATS
from build_tools.text.language import is_language
from build_tools.text.nearness import KnownNames

# How many characters of a wrong language tag a problem shows.
_LONGEST_SHOWN = 60
# What stands for required fields that are wrong or missing: no file and no format has the name.
_UNKNOWN = {"title": "?", "date": "2000", "source": {"file": "?", "format": "?"}}
# Each pattern has one way to match a line, so that no file can make the search quadratic.
_LABEL = r"\[\^ (?P<label> [^\]\[\s]{1,100} ) \]:"
# A footnote: its label, and its body to the last indented line.
_DEFINITION = rf"^ {_LABEL} [ \t]* (?P<body> [^\n]* (?: \n [ \t]+ \S [^\n]* )* )"
DEFINITION = re.compile(_DEFINITION, re.VERBOSE | re.MULTILINE)
# A footnote, a heading, or lines up to one of these or to a blank line.
_BLOCK = re.compile(
    rf"""
    {_DEFINITION}
    | ^ (?P<signs> \#{{1,6}} ) [ \t]+ (?P<title> [^\n]* )
    | ^ [^\S\n]*+ \S [^\n]*
      (?: \n (?! \[\^ [^\]\[\s]{{1,100}} \]: | \#\#[ \t] ) [^\S\n]*+ \S [^\n]* )*
    """,
    re.VERBOSE | re.MULTILINE,
)
_CLOSING_SIGNS = re.compile(r"(?:^|(?<=[ \t]))\#+$")
_TURN = re.compile(
    r"""
    \*\* (?P<name> [^*\n]{1,100}? ) :\*\* (?P<notes> (?: \[\^ [^\]\[\s]{1,100} \] )*+ )
    (?: [ \t]+ | (?=\n) | $ )
    """,
    re.VERBOSE,
)
_CALL = re.compile(r"\[\^([^\]]+)\]")
_REASON = re.compile(
    r"(?P<kind>[^\W\d_]+)(?P<conjecture>\?)?(?:,[ ]*(?P<evidence>(?!here[ ])[^\W\d_]+))?"
    r"(?P<here_only>,[ ]*here[ ]only)?:\s*(?P<reason>(?=[^\w]*\w))?"
)
_QUOTED_LINE = re.compile(r"^>[ \t]?(?P<words>[^\n]*)", re.MULTILINE)
_KINDS = {kind.value: kind for kind in Kind}
_EVIDENCE = {evidence.value: evidence for evidence in Evidence}
_CORRECTION_KINDS = ", ".join(kind for kind in Kind if kind.corrects_words)


def parse_edition(slug: str, text: Text) -> Parsed[Edition]:
    """The edition that a file holds, without wrong fields of its head, and all problems."""
    fields, wrong, head = read_fields(text, EditionHead, _UNKNOWN)
    speakers = fields.speakers if head.values and "speakers" not in wrong else None
    body = Body(text, head.body, speakers)
    content = text.content.encode("utf-8", "surrogateescape")
    blob = b"blob %d\0%b" % (len(content), content)
    edition = Edition(
        **list_fields(fields),
        slug=slug,
        text=text,
        digest=hashlib.sha1(blob, usedforsecurity=False).hexdigest(),
        introduction=tuple(body.introduction),
        chapters=body.chapters,
        footnotes=tuple(body.footnotes),
        offsets=head.offsets,
    )
    found = (*head.problems, *body.problems, *check_footnotes(edition, body))
    return Parsed(edition, hide_unread((*found, *_check_head(edition, wrong))))


def _check_head(edition: Edition, wrong: frozenset[str]) -> Iterator[Problem]:
    """Fields whose right values are listed elsewhere: languages, formats, encodings."""
    if not is_language(edition.lang):
        what = f"“lang”: “{edition.lang[:_LONGEST_SHOWN]}” is no language's tag"
        remedy = "write a language's tag, such as ar, pt-BR or zh-Hant"
        yield edition.problem(("lang",), what, remedy)
    for path, source in edition.sources.items():
        if path[0] not in wrong and source.format not in FORMATS:
            what = f"“{source.format}” is no format of sources"
            remedy = f"{KnownNames(FORMATS).ask(source.format)}sic formats lists all of them"
            yield edition.problem((*path, "format"), what, remedy)
        if source.encoding and not known_encoding(source.encoding):
            what = f"“{source.encoding}” is no encoding that is known here"
            remedy = f"known encodings: {', '.join(ENCODINGS)}"
            yield edition.problem((*path, "encoding"), what, remedy)


class Body:
    """The body of an edition, and what is wrong with it: unread lines, footnotes without a kind."""

    def __init__(self, text: Text, start: int, speakers: Mapping[str, str] | None) -> None:
        """Read what begins at an offset; `speakers` is None where the head does not tell them."""
        self.text, self.speakers = text, speakers
        self.near_speakers = KnownNames(speakers or ())
        self.introduction: list[Paragraph] = []
        # The chapters, and the paragraphs of each.
        self.read_chapters: list[tuple[Chapter, list[Paragraph]]] = []
        self.footnotes: list[Footnote] = []
        self.kindless: set[str] = set()
        self.problems: list[Problem] = []
        self._read(start)
        pairs = self.read_chapters
        self.chapters = tuple(replace(one, paragraphs=tuple(own)) for one, own in pairs)
        remains = find_remains(text, start)
        better = {problem.place.line for problem in remains}
        kept = (one for one in self.problems if not (one.unread and one.place.line in better))
        self.problems = [*remains, *kept]
        unread = [problem.place.line for problem in self.problems if problem.unread]
        lines = text.content.split("\n") if unread else []
        self.unread = "\n".join(lines[number - 1] for number in unread)

    def _read(self, start: int) -> None:
        content = self.text.content
        blocks = list(_BLOCK.finditer(content, start))
        # Speech begins at the first heading or turn; without either, at the top.
        opens = (one for one in blocks if one["signs"] or _TURN.match(content, *one.span()))
        speech_from = next((one.start() for one in opens), 0)
        for block, before in zip(blocks, [None, *blocks], strict=False):
            if before and block.start() == before.end() + 1:
                self._check_blank(before, block)
            begin, end = block.span()
            if block["label"]:
                self._read_definition(block)
            elif block["signs"]:
                self._read_heading(block)
            elif content.startswith(">", begin):
                self._read_summary(begin, end)
            elif begin < speech_from:
                plain = self._keep_plain(self._read_spans(begin, end), "the introduction")
                self.introduction.append(Paragraph(begin, "", plain))
            else:
                self._read_paragraph(begin, end)

    def _check_blank(self, before: re.Match[str], block: re.Match[str]) -> None:
        if not (before["label"] and block["label"]):
            # Nobody knows whether it is speech or goes on with the footnote.
            unread = block[0].count("\n") + 1 if before["label"] else 0
            what = "a blank line is missing above this line"
            remedy = "put one between headings, paragraphs and footnotes; or indent a line that "
            remedy += "belongs to the footnote above it"
            self._problem(block.start(), what, remedy, unread=unread)

    def _read_heading(self, heading: re.Match[str]) -> None:
        title = _CLOSING_SIGNS.sub("", heading["title"].strip()).strip()
        if heading["signs"] != "##" or not title:
            what = "a chapter's heading has two number signs and a title"
            self._problem(heading.start(), what, "write ## title")
        self.read_chapters.append((Chapter(heading.start(), title, ()), []))

    def _read_summary(self, begin: int, end: int) -> None:
        """A quotation block directly below a heading is the editor's summary of the chapter."""
        chapter, paragraphs = self.read_chapters[-1] if self.read_chapters else (None, [])
        if not chapter or chapter.summary or paragraphs:
            what = "a summary stands directly below its chapter's heading, and once"
            self._problem(begin, what, r"move it there; write \> for a sign that was said")
            return
        spans: list[Span] = []
        for line in _QUOTED_LINE.finditer(self.text.content, begin, end):
            spans += self._read_spans(line.start("words"), line.end("words"), speech=False)
            spans.append(Span(line.end(), Mark.PLAIN, " ", " "))
        plain = self._keep_plain(spans, "a summary")
        self.read_chapters[-1] = (replace(chapter, summary=plain), paragraphs)

    def _keep_plain(self, spans: Sequence[Span], what: str) -> tuple[Span, ...]:
        remedy = "write its text plainly, with links and *titles* at most"
        for span in spans:
            if span.mark is not Mark.PLAIN:
                self._problem(span.offset, f"{what} holds a mark or a footnote", remedy)
        return tuple(span for span in spans if span.mark is Mark.PLAIN)

    def _read_paragraph(self, begin: int, end: int) -> None:
        if not self.read_chapters:
            self.read_chapters.append((Chapter(begin, "", ()), []))
        turn = _TURN.match(self.text.content, begin, end)
        name, notes, start = (turn["name"], turn["notes"], turn.end()) if turn else ("", "", begin)
        known = self.speakers
        if name and known is not None and name not in known and name != UNKNOWN_VOICE:
            hint = self.near_speakers.ask(name, "**{}:**")
            remedy = f"{hint}{'else ' * bool(hint)}add {name} under speakers: in the front matter"
            if not known:
                remedy += f", as speakers: {{{name}: full name}}"
            self._problem(begin, f"“{name}” is not declared as a speaker", remedy)
        spans, calls = self._read_spans(start, end), tuple(_CALL.findall(notes))
        self.read_chapters[-1][1].append(Paragraph(begin, name, spans, calls))

    def _read_spans(self, start: int, end: int, *, speech: bool = True) -> tuple[Span, ...]:
        spans, problems = parse_spans(self.text, start, end, speech=speech)
        self.problems.extend(problems)
        return spans

    def _read_definition(self, block: re.Match[str]) -> None:
        label, offset, start = block["label"], block.start(), block.start("body")
        reason = _REASON.match(block["body"])
        kind = _KINDS.get(reason["kind"]) if reason else None
        evidence = _EVIDENCE.get(reason["evidence"] or "") if reason else None
        conjecture = bool(reason and reason["conjecture"])
        here_only = bool(reason and reason["here_only"])
        if problem := _check_reason(label, reason, kind, evidence):
            self._problem(offset, *problem)
        elif kind and kind.corrects_words and not (conjecture or evidence):
            conjecture = True
            what = f"footnote {label} names no evidence: it is published as a conjecture"
            remedy = f"write {kind}, record: for a name or fact on record, or {kind}?: "
            self._problem(offset, what, f"{remedy}for a conjecture", warning=True)
        if not kind:
            self.kindless.add(label)
        spans = self._read_spans(start + (reason.end() if reason else 0), block.end(), speech=False)
        told = (kind or Kind.NOTE, conjecture, self._keep_plain(spans, "a footnote"))
        self.footnotes.append(Footnote(label, offset, *told, here_only, evidence))

    def _problem(
        self, offset: int, what: str, remedy: str, *, unread: int = 0, warning: bool = False
    ) -> None:
        problem = self.text.problem(offset, what, remedy, unread=unread, warning=warning)
        self.problems.append(problem)


def _check_reason(
    label: str, reason: re.Match[str] | None, kind: Kind | None, evidence: Evidence | None
) -> tuple[str, str] | None:
    wanted = f"write [^{label}]: kind, evidence: reason; "
    kinds, all_evidence = f"kinds: {', '.join(_KINDS)}", f"evidence: {', '.join(_EVIDENCE)}"
    if not reason:
        what = f"footnote {label} has no kind or no reason"
        return what, f"{wanted}{kinds}; {all_evidence}"
    if not kind:
        hint = KnownNames(_KINDS).ask(reason["kind"]) or wanted
        return f"“{reason['kind']}” is no kind of footnote", f"{hint}{kinds}"
    if reason["reason"] is None:
        remedy = f"say in a sentence what a reader can check: [^{label}]: {reason[0].strip()} …"
        return f"footnote {label} has no reason", remedy
    name = reason["evidence"]
    if kind is Kind.NOTE and (reason["conjecture"] or name):
        return "a note is no conjecture", "write note: and say in it what is uncertain"
    if name and not evidence:
        return f"“{name}” is no evidence", f"{KnownNames(_EVIDENCE).ask(name)}{all_evidence}"
    if evidence and not reason["conjecture"] and not evidence.can_be_plain:
        what = f"footnote {label}: {evidence.meaning} can only make a conjecture"
        return what, f"write {kind}?, {name}: or give evidence of the kind record or elsewhere"
    return None


def check_footnotes(edition: Edition, body: Body) -> Iterator[Problem]:
    """Every mark has its reason, every footnote its place, and each kind stands where it may."""
    text, footnotes = edition.text, dict[str, Footnote]()
    for footnote in edition.footnotes:
        if footnotes.setdefault(footnote.label, footnote) is not footnote:
            what = f"footnote {footnote.label} is defined twice"
            yield text.problem(footnote.offset, what, "rename one of the two, or put them together")
    known, used = KnownNames(footnotes), set[str]()
    readable = {label: one for label, one in footnotes.items() if label not in body.kindless}
    # A footnote on the line of another problem is not checked: it may belong to a broken mark.
    broken = frozenset(problem.place.line for problem in body.problems)
    # What may have footnotes behind it: the names of turns, as plain spans, and marks.
    called = [
        span
        for one in edition.paragraphs
        for span in (Span(one.offset, Mark.PLAIN, "", "", one.notes), *one.spans)
        if span.notes or span.mark is not Mark.PLAIN
    ]
    for span in called:
        used.update(span.notes)
        if not (broken and text.place(span.offset).line in broken):
            for label in span.notes:
                if label not in footnotes and f"[^{label}]" not in body.unread:
                    hint = known.ask(label, "[^{}]")
                    remedy = f"{hint}{'else ' * bool(hint)}add a line [^{label}]: kind, evidence: "
                    what = f"footnote {label} is not defined"
                    yield text.problem(span.offset, what, f"{remedy}reason")
            yield from _check_kinds(text, span, readable)
    for label, footnote in footnotes.items():
        if label not in used and label not in body.unread:
            remedy = f"put [^{label}] behind its mark, or take the footnote out"
            yield text.problem(footnote.offset, f"footnote {label} is never used", remedy)


def _check_kinds(text: Text, span: Span, footnotes: Mapping[str, Footnote]) -> Iterator[Problem]:
    behind = [footnotes[label] for label in span.notes if label in footnotes]
    for label, kind in ((footnote.label, footnote.kind) for footnote in behind):
        what = remedy = ""
        if span.mark is Mark.PLAIN and kind is not Kind.SPEAKER:
            what = f"footnote {label} behind a name says nothing of who speaks"
            remedy = f"write [^{label}]: speaker: reason, or move it behind a word"
        elif span.mark is not Mark.PLAIN and kind is Kind.SPEAKER:
            what = f"footnote {label} says who speaks, and stands behind no name"
            remedy = f"write it directly behind the name of a turn: **Name:**[^{label}]"
        elif span.mark is Mark.NOTE and kind.corrects_words:
            what = f"footnote {label} is the reason of a correction, and there is no mark before it"
            remedy = f"write the mark directly before [^{label}], or begin the footnote with note:"
        if what:
            yield text.problem(span.offset, what, remedy)
    correction = f"the correction of “{' '.join((span.heard or span.said).split())}”"
    if span.mark is Mark.CHANGE and not span.notes:
        remedy = "write [^why] directly behind the mark and add a line "
        remedy += "[^why]: kind, evidence: reason"
        yield text.problem(span.offset, f"{correction} has no footnote", remedy)
    elif span.mark is Mark.CHANGE and behind and all(one.kind is Kind.NOTE for one in behind):
        remedy = f"give the footnote a kind of correction: {_CORRECTION_KINDS}"
        yield text.problem(span.offset, f"{correction} has a note and no reason", remedy)
