"""The inline language of editions and entries: CriticMarkup, footnotes, links and emphasis.

There is nothing else in it. HTML, entities and every other construct of Markdown are plain text
here and are escaped on the page, so what a stranger writes cannot become markup.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from build_tools.model.edition import Mark, NonSpeech, Span
from build_tools.model.text import Parsed, Problem, Text
from build_tools.text.words import find_keys

_DELIMITER = r"(?: \{~~ | ~> | ~~\} | \{\+\+ | \+\+\} | \{-- | --\} | \{== | ==\} | \{>> | <<\} )"
# What stands in a mark ends at any delimiter, and labels and targets have a greatest length, so
# that a hostile file cannot make the search for their end quadratic.
_INSIDE = rf"(?: \\. | (?! {_DELIMITER} ) . )*+"
_TOKEN = re.compile(
    # A blank before the name keeps it from joining two words.
    rf"""
      (?<! [^\s—“"(] ) \[ (?P<non_speech> {"|".join(NonSpeech)} ) \] (?! \( )
    | \{{~~ (?P<heard> {_INSIDE} ) ~> (?P<said> {_INSIDE} ) ~~\}}
    | \{{\+\+ (?P<added> {_INSIDE} ) \+\+\}}
    | \{{-- (?P<rejected> {_INSIDE} ) --\}}
    | \{{== (?P<doubted> {_INSIDE} ) ==\}} \{{>> (?P<question> {_INSIDE} ) <<\}}
    | (?P<delimiter> {_DELIMITER} )"""
    r"""
    | \\ [!-/:-@\[-`{-~]
    | \[\^ (?P<note> [^\]\[\s]{1,100} ) \]
    | (?P<label> (?: \[\^ (?! [^\]\[\s]{1,100} \] ) )+ )
    | (?P<work> \[@ [^\]\[\s]{1,100} \] (?! \( ) )
    | (?P<bracket> \[+ (?! \^ ) )
    | \]\( (?P<target> [^()\s]{0,2000} ) \)
    | (?P<bold> \*\*+ )
    | (?P<star> \* )
    """,
    re.VERBOSE | re.DOTALL,
)
# One of these begins every token; to look for them is ten times as fast.
_SIGN = re.compile(r"[\\{~+\-=<\[\]*]")
# The target of words that shall be no mention: [Chris](-).
_UNLINKED = "-"
_SYNTAX = re.compile(r"[\\*\[\]{}~]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ADDITION, _REJECTION, _DOUBT = "{++said++}", "{--heard--}", "{==words==}{>>question<<}"
_MARKS = ("{~~heard~>said~~}", _ADDITION, _REJECTION, _DOUBT)
# How far behind its paragraph the end of a mark is looked for.
_FARTHEST = 5000
# The most problems that are reported of one paragraph.
_MOST_REPORTED = 1000
# The name of a turn in the middle of a paragraph, or with its colon behind the stars.
_BOLD_NAME = re.compile(r"\*\*(?:(?P<inside>[^*:\n]{1,40}):\*\*|(?P<before>[^*:\n]{1,40})\*\*:)")


def unescape(text: str) -> str:
    r"""The text without its backslashes before punctuation: `\*` is a star."""
    return _ESCAPE.sub(r"\1", text) if "\\" in text else text


def escape_signs(text: str) -> str:
    """The text with a backslash before every sign of this language."""
    return _SYNTAX.sub(r"\\\g<0>", text)


def find_escapes(text: str, start: int, end: int) -> Iterator[int]:
    """The offset of each backslash in a slice that escapes the sign behind it."""
    return (match.start() for match in _ESCAPE.finditer(text, start, end))


def parse_spans(
    text: Text, start: int, end: int, *, bold_is_emphasis: bool = False, speech: bool = False
) -> Parsed[tuple[Span, ...]]:
    """The slice of a file as spans; non-speech in brackets has a meaning in `speech` alone."""
    reader = _Reader(text, end, bold_is_emphasis)
    reader.read(start, speech)
    return Parsed(tuple(_join_notes(reader.spans)), tuple(reader.problems))


def _tokens(content: str, start: int, end: int) -> Iterator[re.Match[str]]:
    while sign := _SIGN.search(content, start, end):
        token = _TOKEN.match(content, sign.start(), end)
        start = token.end() if token else sign.end()
        if token and token.lastgroup:
            yield token


class _Reader:
    def __init__(self, text: Text, end: int, bold_is_emphasis: bool) -> None:
        self.text, self.end, self.bold_is_emphasis = text, end, bold_is_emphasis
        self.spans: list[Span] = []
        self.problems: list[Problem] = []
        self.star: int | None = None
        self.bold = False
        # The marks of which a half has been reported, and the end is still to come.
        self.broken: set[str] = set()
        # The number of the span of the bracket with which the next link would begin.
        self.opened: int | None = None

    def read(self, position: int, speech: bool) -> None:
        for token in _tokens(self.text.content, position, self.end):
            if token.lastgroup == "non_speech" and not speech:
                continue
            begin = token.end() - 1 if token.lastgroup == "bracket" else token.start()
            self._words(position, begin)
            position = token.end()
            match token.lastgroup:
                case "said" | "added" | "rejected":
                    self._change(token)
                case "question":
                    self._doubt(token)
                case "delimiter":
                    self._broken_mark(token)
                case "note":
                    self._add(Span(begin, Mark.NOTE, "", "", (token["note"],)))
                case "non_speech":
                    kind = NonSpeech(token["non_speech"])
                    self._add(Span(begin, Mark.NON_SPEECH, "", "", non_speech=kind))
                case "bracket":
                    self.opened = len(self.spans)
                    self._words(begin, position)
                case _:
                    self._other(token)
        self._words(position, self.end)
        if self.star is not None:
            remedy = r"write *words* inside one paragraph, or \* for a star that was said"
            self._problem(self.star, "a star opens emphasis that nothing closes", remedy)

    def _other(self, token: re.Match[str]) -> None:
        offset = token.start()
        if token.lastgroup == "target":
            self._link(token)
        elif token.lastgroup == "work":
            self._words(offset, token.end())
        elif token.lastgroup == "label":
            what = "a footnote's label is one word in closed brackets, of 100 signs at most"
            remedy = r"write [^why]; \[^ for the signs themselves"
            self._problem(offset, what, remedy, unread=1)
            self._words(offset, token.end())
        elif token.lastgroup == "bold" and not self.bold_is_emphasis:
            self.bold = not self.bold
            if self.bold:
                what = "bold type is kept for the name of a speaker at the beginning of a turn"
                found = _BOLD_NAME.match(self.text.content, offset)
                name = (found["inside"] or found["before"]) if found else "Name"
                remedy = f"write **{name}:** after a blank line, colon inside; *words* for a title"
                self._problem(offset, what, remedy, unread=1)
        else:
            self.star = offset if self.star is None else None

    def _words(self, start: int, end: int) -> None:
        if start < end:
            words = unescape(self.text.content[start:end])
            self._add(Span(start, Mark.PLAIN, words, words))

    def _broken_mark(self, token: re.Match[str]) -> None:
        """Reports a sign without its mark, but no further part of a mark that was reported."""
        sign, offset = token[0], token.start()
        whole = next(mark for mark in _MARKS if sign in mark)
        opens = whole.startswith(sign)
        end = self._find_beyond(sign, whole[-3:]) if opens else 0
        if end:
            unread = self.text.content.count("\n", offset, end) + 1
            what = "this mark goes on over the end of its paragraph"
            remedy = "a mark holds no blank line: end it before that, and begin another behind it"
            self._problem(offset, what, remedy, unread=unread)
        elif opens or whole not in self.broken:
            what = f"“{sign}” has no partner, or another mark stands between the two"
            self._problem(offset, what, f"write the mark whole: {whole}", unread=1)
        (self.broken.discard if whole.endswith(sign) else self.broken.add)(whole)

    def _find_beyond(self, sign: str, closing: str) -> int:
        content, limit = self.text.content, self.end + _FARTHEST
        again = content.find(sign, self.end, limit)
        return max(content.find(closing, self.end, limit if again < 0 else again), 0)

    def _check_inside(self, token: re.Match[str]) -> None:
        for inner in _tokens(self.text.content, token.start() + 3, token.end() - 3):
            if inner.lastgroup in ("note", "target", "star", "bold"):
                what = "a footnote, a link or a star stands inside a mark"
                remedy = r"put the mark inside: *[{~~heard~>said~~}[^why]](target)*; \* for a star"
                self._problem(inner.start(), what, remedy)

    def _doubt(self, token: re.Match[str]) -> None:
        self._check_inside(token)
        words, question = unescape(token["doubted"]), " ".join(unescape(token["question"]).split())
        if not find_keys(words) or not question:
            what = "this doubt holds no word, or asks nothing"
            self._problem(token.start(), what, f"write {_DOUBT}")
        self._add(Span(token.start(), Mark.DOUBT, words, words, (), question))

    def _change(self, token: re.Match[str]) -> None:
        self._check_inside(token)
        offset, kind = token.start(), token.lastgroup
        heard = unescape(token["heard"] or token["rejected"] or "")
        said = unescape(token["said"] or token["added"] or "")
        heard_keys, said_keys = find_keys(heard), find_keys(said)
        if kind != "added" and not heard_keys:
            remedy = f"{_ADDITION} puts in a word that was dropped"
            self._problem(offset, "this mark rejects no word", remedy)
        if kind != "rejected" and not said_keys:
            remedy = f"{_REJECTION} takes out a word not spoken"
            self._problem(offset, "this mark puts no word in", remedy)
        if heard_keys and heard_keys == said_keys:
            what = f"both sides of this mark have the same words: “{said.strip()}”"
            no_mark = "punctuation, capitals and hyphens need no mark"
            self._problem(offset, what, f"{no_mark}: write the words as you want them")
        for name in NonSpeech:
            if name.written in said and name not in heard.lower():
                what = f"{name.written} in this mark is a word that somebody said"
                self._problem(offset, what, f"write {name.written} outside, where it is no word")
        self._add(Span(offset, Mark.CHANGE, heard, said))

    def _link(self, token: re.Match[str]) -> None:
        if self.opened is None:
            remedy = r"write [words](target), never one link inside another; \] for a bracket"
            self._problem(token.start(), "this closes a link that nothing opened", remedy)
            return
        bracket, *inside = self.spans[self.opened :]
        del self.spans[self.opened :]
        self.opened = None
        target = unescape(token["target"])
        if not target or not "".join(span.said for span in inside).strip():
            what = "this link has no words or no target"
            self._problem(bracket.offset, what, "write [words](target)")
        bare = target == _UNLINKED
        own = "" if bare else target
        self.spans += (span._replace(target=own, unlinked=bare) for span in inside)

    def _add(self, span: Span) -> None:
        self.spans.append(span if self.star is None else span._replace(emphasis=True))

    def _problem(self, offset: int, what: str, remedy: str, *, unread: int = 0) -> None:
        if len(self.problems) < _MOST_REPORTED:
            self.problems.append(self.text.problem(offset, what, remedy, unread=unread))


def _join_notes(spans: list[Span]) -> list[Span]:
    """Footnotes written directly behind a change or a doubt belong to it; others stand alone."""
    joined: list[Span] = []
    for is_note, group in groupby(spans, key=lambda span: span.mark is Mark.NOTE):
        if is_note and joined and joined[-1].mark in (Mark.CHANGE, Mark.DOUBT):
            notes = tuple(label for span in group for label in span.notes)
            joined[-1] = joined[-1]._replace(notes=notes)
        else:
            joined += group
    return joined
