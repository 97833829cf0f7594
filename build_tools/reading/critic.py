"""The inline language of editions and entries: CriticMarkup, footnotes, links and emphasis.

There is nothing else in it. HTML, entities and every other construct of Markdown are plain text
here and are escaped on the page, so what a stranger writes cannot become markup.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile

from build_tools.model.edition import Mark, NonSpeech, Span
from build_tools.model.text import Parsed, Problem, Text
from build_tools.text.words import find_keys

# Labels and targets have a greatest length, so that a hostile file cannot make the search for
# their end quadratic.
_TOKEN = re.compile(
    # A blank before the name keeps it from joining two words.
    rf"""(?<! [^\s—“"(] ) \[ (?P<non_speech> {"|".join(NonSpeech)} ) \] (?! \( ) |"""
    r"""
      \\ [!-/:-@\[-`{-~]
    | (?P<delimiter> \{~~ | ~> | ~~\} | \{\+\+ | \+\+\} | \{-- | --\} | \{== | ==\} | \{>> | <<\} )
    | \[\^ (?P<note> [^\]\[\s]{1,100} ) \]
    | (?P<label> (?: \[\^ (?! [^\]\[\s]{1,100} \] ) )+ )
    | (?P<bracket> \[+ (?! \^ ) )
    | \]\( (?P<target> [^()\s]{0,2000} ) \)
    | (?P<bold> \*\*+ )
    | (?P<star> \* )
    """,
    re.VERBOSE,
)
# One of these begins every token; to look for them is ten times as fast.
_SIGN = re.compile(r"[\\{~+\-=<\[\]*]")
# The target of words that shall be no mention: [Chris](-).
_UNLINKED = "-"
_SYNTAX = re.compile(r"[\\*\[\]{}~]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")

_ADDITION, _REJECTION, _DOUBT = "{++said++}", "{--heard--}", "{==words==}{>>question<<}"
# The delimiters that must follow an opening sign, and the syntax of the whole mark.
_MARKS = {
    "{~~": (("~>", "~~}"), "{~~heard~>said~~}"),
    "{++": (("++}",), _ADDITION),
    "{--": (("--}",), _REJECTION),
    "{==": (("==}", "{>>", "<<}"), _DOUBT),
}
_HALVES = {sign: whole for opening, (rest, whole) in _MARKS.items() for sign in (opening, *rest)}

# A name that looks like that of a turn, and stands elsewhere or has its colon outside.
_NAME = re.compile(r"\*\*(?:(?P<inside>[^*\n:]{1,100}):\*\*|(?P<outside>[^*\n:]{1,100})\*\*:)")
# How far behind its paragraph the end of a mark is looked for.
_FARTHEST = 5000
_TWO_MARKS = "a mark holds no blank line: end it before that, and begin another behind it"

# The most problems that are reported of one paragraph.
_MOST_REPORTED = 1000


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
    """The slice of a file as spans; a mark that is not whole is a problem.

    The name of what is no speech, in brackets, has a meaning in `speech` alone.
    """
    if start < end and not _SIGN.search(text.content, start, end):
        words = text.content[start:end]
        return Parsed((Span(start, Mark.PLAIN, words, words),), ())
    reader = _Reader(text, end, bold_is_emphasis)
    tokens = _tokens(text.content, start, end)
    reader.read(start, [one for one in tokens if speech or one.lastgroup != "non_speech"])
    return Parsed(tuple(_join_notes(reader.spans)), tuple(reader.problems))


def _tokens(content: str, start: int, end: int) -> Iterator[re.Match[str]]:
    while sign := _SIGN.search(content, start, end):
        token = _TOKEN.match(content, sign.start(), end)
        start = token.end() if token else sign.end()
        if token and token.lastgroup:
            yield token


class _Reader:
    """Goes through a paragraph's tokens once, collecting spans and problems."""

    def __init__(self, text: Text, end: int, bold_is_emphasis: bool) -> None:
        self.text, self.end, self.bold_is_emphasis = text, end, bold_is_emphasis
        self.spans: list[Span] = []
        self.problems: list[Problem] = []
        self.star: int | None = None
        self.bold = False
        # The bracket with which the next link would begin, and the number of its span. Only the
        # last of several brackets can begin a link; the others are plain text.
        self.bracket: int | None = None
        self.opened = 0
        # Signs of a mark that has been reported already.
        self.reported: set[int] = set()

    def read(self, position: int, tokens: list[re.Match[str]]) -> None:
        number = 0
        while number < len(tokens):
            token, number = tokens[number], number + 1
            if token.lastgroup == "bracket":
                self.bracket = token.end() - 1
                continue
            self._plain(position, token.start())
            position = token.end()
            match token.lastgroup:
                case "delimiter":
                    number += self._mark(token, tokens, number)
                    position = tokens[number - 1].end()
                case "note" | "non_speech":
                    self._wordless(token)
                case "label":
                    what = "a footnote's label is one word in closed brackets, of 100 signs at most"
                    remedy = r"write [^why]; \[^ for the signs themselves"
                    self._problem(token.start(), what, remedy, unread=1)
                    self._add(Span(token.start(), Mark.PLAIN, token[0], token[0]))
                case "target":
                    self._link(token)
                case "bold" if not self.bold_is_emphasis:
                    self._bold(token)
                case _:
                    self.star = token.start() if self.star is None else None
        self._plain(position, self.end)
        if self.star is not None:
            remedy = r"write *words* inside one paragraph, or \* for a star that was said"
            self._problem(self.star, "a star opens emphasis that nothing closes", remedy)

    def _plain(self, start: int, end: int) -> None:
        if self.bracket is not None and start <= self.bracket < end:
            self._words(start, self.bracket)
            self.opened = len(self.spans)
            self._words(self.bracket, self.bracket + 1)
            start = self.bracket + 1
        self._words(start, end)

    def _words(self, start: int, end: int) -> None:
        if start < end:
            words = unescape(self.text.content[start:end])
            self._add(Span(start, Mark.PLAIN, words, words))

    def _wordless(self, token: re.Match[str]) -> None:
        span = Span(token.start(), Mark.NOTE, "", "")
        if token["note"]:
            self._add(span._replace(notes=(token["note"],)))
        else:
            kind = NonSpeech(token["non_speech"])
            self._add(span._replace(mark=Mark.NON_SPEECH, non_speech=kind))

    def _bold(self, token: re.Match[str]) -> None:
        self.bold = not self.bold
        if self.bold:
            name = _NAME.match(self.text.content, token.start(), self.end)
            what = "bold type is kept for the speaker's name at the beginning of a turn"
            remedy = "begin a turn with **Name:** after a blank line; write *words* for a title"
            if name:
                what = "a turn begins after a blank line, with name and colon between the stars"
                remedy = f"write **{name['inside'] or name['outside']}:** after a blank line"
            self._problem(token.start(), what, remedy, unread=bool(name))

    def _mark(self, opening: re.Match[str], tokens: list[re.Match[str]], following: int) -> int:
        """Reads the mark that a delimiter opens; gives the number of tokens that it took."""
        sign, offset = opening[0], opening.start()
        if sign not in _MARKS:
            if offset not in self.reported:
                what = f"“{sign}” has no partner"
                self._problem(offset, what, _whole(_HALVES[sign]), unread=1)
            return 0
        wanted, whole = _MARKS[sign]
        found: list[re.Match[str]] = []
        inside = []
        for token in map(tokens.__getitem__, range(following, len(tokens))):
            inside.append(token)
            if token.lastgroup == "delimiter":
                found.append(token)
                if token[0] != wanted[len(found) - 1] or len(found) == len(wanted):
                    break
        if tuple(token[0] for token in found) != wanted:
            nested = found and found[-1][0] in _MARKS
            lacks = f"“{sign}” has no partner"
            what = "marks are nested, or this one has no end" if nested else lacks
            end = self._find_beyond(sign)
            if end and not nested:
                unread = self.text.place(end).line - self.text.place(offset).line + 1
                what, remedy = "this mark goes on over the end of its paragraph", _TWO_MARKS
                self._problem(offset, what, remedy, unread=unread)
            else:
                self._problem(offset, what, _whole(whole), unread=1)
            self._pass_over(sign, map(tokens.__getitem__, range(following, len(tokens))))
            return 0
        for token in inside:
            self._check_inside(token)
        if sign == "{==" and found[0].end() != found[1].start():
            self._problem(offset, "a doubt's question stands directly behind it", _whole(whole))
        cuts = [offset + len(sign), *(edge for token in found for edge in token.span())]
        parts = [self.text.content[a:b] for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
        self._whole_mark(offset, sign, [unescape(part) for part in parts])
        return len(inside)

    def _find_beyond(self, sign: str) -> int:
        """Where a mark of this paragraph ends in a later one; 0 if it does not."""
        limit, closing = self.end + _FARTHEST, _MARKS[sign][0][-1]
        end = self.text.content.find(closing, self.end, limit)
        again = self.text.content.find(sign, self.end, limit)
        return end if end >= 0 and not 0 <= again < end else 0

    def _check_inside(self, token: re.Match[str]) -> None:
        if token.lastgroup in ("note", "target"):
            remedy = "put the footnote behind the mark, and the mark inside the link's brackets"
            self._problem(token.start(), "a footnote or a link stands inside a mark", remedy)
        elif token.lastgroup in ("star", "bold"):
            remedy = r"put the mark between the stars: *{~~heard~>said~~}*; \* for a star"
            self._problem(token.start(), "a star stands inside a mark", remedy)

    def _pass_over(self, sign: str, tokens: Iterable[re.Match[str]]) -> None:
        """Remembers the other signs of a broken mark, up to where another one opens."""
        delimiters = (token for token in tokens if token.lastgroup == "delimiter")
        for token in takewhile(lambda token: token[0] in _MARKS[sign][0], delimiters):
            self.reported.add(token.start())

    def _whole_mark(self, offset: int, sign: str, parts: list[str]) -> None:
        if sign == "{==":
            words, question = parts[0], " ".join(parts[2].split())
            if not find_keys(words):
                self._problem(offset, "this doubt holds no word", _whole(_DOUBT))
            if not question:
                self._problem(offset, "this doubt asks nothing", _whole(_DOUBT))
            self._add(Span(offset, Mark.DOUBT, words, words, (), question))
            return
        heard = "" if sign == "{++" else parts[0]
        said = "" if sign == "{--" else parts[-1]
        heard_keys, said_keys = find_keys(heard), find_keys(said)
        if sign != "{++" and not heard_keys:
            remedy = f"{_ADDITION} puts in a word that was dropped"
            self._problem(offset, "this mark rejects no word", remedy)
        if sign != "{--" and not said_keys:
            remedy = f"{_REJECTION} takes out a word not spoken"
            self._problem(offset, "this mark puts no word in", remedy)
        if heard_keys and heard_keys == said_keys:
            what = f"both sides of this mark have the same words: “{said.strip()}”"
            no_mark = "punctuation, capitals and hyphens need no mark"
            self._problem(offset, what, f"{no_mark}: write the words as you want them")
        for kind in NonSpeech:
            if kind.written in said and kind not in heard.lower():
                what = f"{kind.written} in this mark is a word that somebody said"
                self._problem(offset, what, f"write {kind.written} outside, where it is no word")
        self._add(Span(offset, Mark.CHANGE, heard, said))

    def _link(self, token: re.Match[str]) -> None:
        if self.bracket is None:
            remedy = r"write [words](target), never one link inside another; \] for a bracket"
            self._problem(token.start(), "this closes a link that nothing opened", remedy)
            return
        opened, self.bracket = self.opened, None
        inside = self.spans[opened + 1 :]
        target = unescape(token["target"])
        offset = self.spans[opened].offset
        del self.spans[opened:]
        if not "".join(span.said for span in inside).strip():
            self._problem(offset, "this link has no words", "write [words](target)")
        if not target:
            self._problem(offset, "this link has no target", "write [words](target)")
        bare = target == _UNLINKED
        own = "" if bare else target
        self.spans += (span._replace(target=own, unlinked=bare) for span in inside)

    def _add(self, span: Span) -> None:
        self.spans.append(span if self.star is None else span._replace(emphasis=True))

    def _problem(self, offset: int, what: str, remedy: str, *, unread: int = 0) -> None:
        if len(self.problems) < _MOST_REPORTED:
            self.problems.append(self.text.problem(offset, what, remedy, unread=unread))


def _whole(mark: str) -> str:
    return f"write the mark whole, inside one paragraph: {mark}"


def _join_notes(spans: list[Span]) -> list[Span]:
    """Footnotes written directly behind a change or a doubt belong to it; others stand alone."""
    joined: list[Span] = []
    notes: list[str] = []
    for span in spans:
        marked = joined and joined[-1].mark in (Mark.CHANGE, Mark.DOUBT)
        if span.mark is Mark.NOTE and marked:
            notes += span.notes
            continue
        _add_notes(joined, notes)
        notes = []
        joined.append(span)
    _add_notes(joined, notes)
    return joined


def _add_notes(spans: list[Span], notes: list[str]) -> None:
    if notes:
        spans[-1] = spans[-1]._replace(notes=(*spans[-1].notes, *notes))
