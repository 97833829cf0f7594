"""What only looks like a mark or a footnote, and what to write instead."""

import re
from collections.abc import Callable

from build_tools.model.edition import Kind
from build_tools.model.text import Problem, Text
from build_tools.text.nearness import KnownNames

# Every repetition is possessive or short, so that no file can make a search quadratic.
# An escaped sign behind a full-width brace, which needs no escape, is text.
_BRACED = re.compile(
    r"(?<![\\{｛])[{｛]++(?!(?<=｛)\\)(?P<inner>(?:\\.|[^{}\\｛｝]){0,400}+)[}｝]++", re.DOTALL
)
_WHOLE = re.compile(
    r"\{ (?: ~~ (?!~) .* (?<! (?<!\\) ~ ) ~> (?![>~]) .* ~~"
    r"| \+\+ .* \+\+ | -- .* -- | == .* == | >> .* << ) \}",
    re.VERBOSE | re.DOTALL,
)
_ARROW = re.compile(r"(?:~*>|~*&gt;|-+>|=>|→)")
# Other signs in braces are text of an editor's own, or of a programming language.
_WORDS = re.compile(r"[\w\s,.?!'’~–—>-]+")
_SIGNS = " \t\n~–—-+="
_OPENINGS = {"+": "{{++{}++}}", **dict.fromkeys("-–—", "{{--{}--}}"), "=": "{{=={}==}}"}
_OPENINGS["~"] = "{{~~{}~>said~~}}"
_BARE = re.compile(
    r"(?<![\\{~｛])[(\[]?~~(?P<inner>[^~{}｛｝\n]{1,100}(?:~>|->|=>|→)[^~{}｛｝\n]{1,100})~~[)\]]?"
)
_STRUCK = re.compile(r"(?<![\\{~｛])~~(?P<words>[^~{}｛｝\n]{1,100})~~(?![~>}｝])")
_REFERENCE = re.compile(
    r"""
    (?<= [~+<-] [~+<-] \} )
    (?: \( \^ (?P<round> [^()\s]{1,100} ) \) | \[ (?P<square> [^\[\]\s^]{1,100} ) \^? \] (?!\()
      | \^ \[ (?P<reason> [^\[\]]{1,300} ) \] | [ \t]+ \[\^ (?P<spaced> [^\[\]\s]{1,100} ) \] )
    """,
    re.VERBOSE,
)
_DEFINED = re.compile(r"^\[\^(?P<label>[^\]\[\s]{1,100})\]:", re.MULTILINE)
_DEFINITION = re.compile(
    rf"^(?!\[\^[^\]\[\s]+\]:)[ \t]*+\[\^(?P<label>[^\]\[\s]{{1,100}})\][ \t]*+:?[ \t]*+"
    rf"(?P<reason>(?:{'|'.join(Kind)})\b[^\n]*)",
    re.MULTILINE,
)
_HEADING = re.compile(r"^#{2,6}(?P<title>[^#\s][^\n]*)", re.MULTILINE)
_MOST_REPORTED = 1000

# What is wrong, and what to write.
_Advice = tuple[str, str]


def find_remains(text: Text, start: int) -> tuple[Problem, ...]:
    """What only looks like a mark or a footnote behind an offset; its line cannot be read."""
    labels = KnownNames(match["label"] for match in _DEFINED.finditer(text.content, start))
    found: list[Problem] = []
    end = 0
    matches = (
        (match.start(), number, match.end(), explain(match, labels))
        for number, (pattern, explain) in enumerate(_PATTERNS)
        for match in pattern.finditer(text.content, start)
    )
    for begin, _, until, advice in sorted(matches, key=lambda match: match[:2]):
        if advice and begin >= end and not _may_have_any_sign(text.content, begin):
            found.append(text.problem(begin, *advice, unread=1))
            end = until
    return tuple(found[:_MOST_REPORTED])


def _may_have_any_sign(content: str, offset: int) -> bool:
    """Whether an offset is in a heading or in the name of a turn, where nothing is a mark."""
    line, rest = content[:offset].rpartition("\n")[2], content[offset : offset + 400]
    in_name = line.startswith("**") and ":**" not in line and ":**" in rest.partition("\n")[0]
    return in_name or line.startswith("## ")


def _explain_braced(match: re.Match[str], _: KnownNames) -> _Advice | None:
    if _WHOLE.fullmatch(match[0]):
        return _explain_half(match)
    mark = _make_mark(match["inner"])
    remedy = f"write {mark}{_reference(match)}"
    if not mark and (match[0][0] == "｛" or not _WORDS.fullmatch(match["inner"])):
        return None
    if not mark:
        words = " ".join(match["inner"].strip(f"{_SIGNS}>").split())
        remedy = f"write {words or 'the words'} without braces, or \\{{ for a brace that was said"
    return f"“{_shorten(match[0])}” is no mark", remedy


def _explain_half(match: re.Match[str]) -> _Advice | None:
    """A doubt without a question, a question without words."""
    content, shown = match.string, _shorten(match[0])
    if match[0][1] == "=" and not content[match.end() :][:4].strip().startswith("{>>"):
        return "this doubt asks nothing", f"write {shown}{{>>question<<}}"
    before = content[max(0, match.start() - 4) : match.start()].rstrip()
    if match[0][1] == ">" and not before.endswith("==}"):
        what = "a question stands directly behind the words that it asks about"
        return what, f"write {{==words==}}{shown}"
    return None


def _explain_bare(match: re.Match[str], _: KnownNames) -> _Advice:
    what = f"“{_shorten(match[0])}” is no mark without braces"
    return what, f"write {_make_mark(match['inner'])}{_reference(match)}"


def _explain_struck(match: re.Match[str], _: KnownNames) -> _Advice:
    words = match["words"]
    remedy = f"write {{~~{words}~>said~~}}[^why]; or {{--{words}--}}[^why], if nothing was said"
    return f"“{match[0]}” is struck out, and no mark", remedy


def _explain_reference(match: re.Match[str], labels: KnownNames) -> _Advice:
    shown = match[0].strip()
    if match["spaced"]:
        what = "a blank stands between the mark and its footnote"
        return what, f"write {shown} directly behind the mark"
    what = f"“{_shorten(shown)}” is no footnote"
    if match["reason"]:
        remedy = f"write [^why], and on a line of its own below: [^why]: {match['reason']}"
        return what, remedy
    label = match["round"] or match["square"]
    return what, f"write [^{labels.find_near(label) or label}]"


def _explain_definition(match: re.Match[str], _: KnownNames) -> _Advice:
    written = f"[^{match['label']}]: {match['reason']}"
    return "this line is no footnote", f"write {_shorten(written)}"


def _explain_heading(match: re.Match[str], _: KnownNames) -> _Advice:
    what = "a blank stands behind the signs of a heading"
    return what, f"write ## {match['title']}"


_PATTERNS: tuple[
    tuple[re.Pattern[str], Callable[[re.Match[str], KnownNames], _Advice | None]], ...
] = (
    (_BRACED, _explain_braced),
    (_BARE, _explain_bare),
    (_STRUCK, _explain_struck),
    (_REFERENCE, _explain_reference),
    (_DEFINITION, _explain_definition),
    (_HEADING, _explain_heading),
)


def _make_mark(inner: str) -> str:
    """The mark that its signs or its arrow suggest; "" where nothing does.

    >>> [_make_mark(inner) for inner in ("~a->b~", "~~a~~b~~", "—a—", "+a+", "a")]
    ['{~~a~>b~~}', '{~~a~>b~~}', '{--a--}', '{++a++}', '']
    """
    arrow = _ARROW.search(inner)
    parts = [inner[: arrow.start()], inner[arrow.end() :]] if arrow else [inner]
    if not arrow and inner.lstrip().startswith("~"):
        parts = [part for part in inner.split("~") if part.strip()]
    words = [" ".join(part.strip(_SIGNS).split()) for part in parts]
    if len(words) == 2 and all(words):
        return f"{{~~{words[0]}~>{words[1]}~~}}"
    if arrow and any(words):
        return f"{{--{words[0]}--}}" if words[0] else f"{{++{words[1]}++}}"
    template = _OPENINGS.get(inner.strip()[:1], "")
    return template.format(words[0]) if words and words[0] else ""


def _reference(match: re.Match[str]) -> str:
    if match[0][1:2] == "=":
        return "{>>question<<}"
    return "" if match.string.startswith("[^", match.end()) else "[^why]"


def _shorten(words: str) -> str:
    shown = " ".join(words.split())
    return shown if len(shown) <= 120 else f"{shown[:60]} … {shown[-50:]}"
