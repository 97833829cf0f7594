"""What only looks like a mark or a footnote, and what to write instead."""

import re

from build_tools.model.edition import Kind
from build_tools.model.text import Problem, Text
from build_tools.text.nearness import KnownNames

# Every repetition is possessive or short, so that no file can make a search quadratic.
_WHOLE = re.compile(
    r"\{ (?: ~~ (?!~) .* (?<! (?<!\\) ~ ) ~> (?![>~]) .* ~~"
    r"| \+\+ .* \+\+ | -- .* -- | == .* == | >> .* << ) \}",
    re.VERBOSE | re.DOTALL,
)
_ARROW = re.compile(r"(?:~*>|~*&gt;|-+>|=>|→)")
# Other signs in braces are text of an editor's own, or of a programming language.
_WORDS = re.compile(r"[\w\s,.?!'’~–—>-]+")
_SIGNS = " \t\n~–—-+="
_TEMPLATES = {"~": "{{~~{}~>said~~}}", "+": "{{++{}++}}", "=": "{{=={}==}}"}
_TEMPLATES |= dict.fromkeys("-–—", "{{--{}--}}")
_PATTERNS = (
    # The first sign comes first, so that a text is scanned for it at once. An escaped sign behind a
    # full-width brace, which needs no escape, is text.
    re.compile(
        r"[{｛](?<![\\{｛].)[{｛]*+(?!(?<=｛)\\)(?P<braced>(?:\\.|[^{}\\｛｝]){0,400}+)[}｝]++",
        re.DOTALL,
    ),
    re.compile(
        r"[(\[~](?<![\\{~｛].)(?:(?<=~)~|(?<!~)~~)"
        r"(?P<struck>[^~{}｛｝\n]{1,100}(?:~>[^~{}｛｝\n]{1,100})?)~~[)\]]?(?![~>}｝])"
    ),
    # A footnote directly behind a mark.
    re.compile(
        r"""
        (?<= [~+<-] [~+<-] \} )
        (?: \( \^ (?P<round> [^()\s]{1,100} ) \) | \[ (?P<square> [^\[\]\s^]{1,100} ) \^? \] (?!\()
          | \^ \[ (?P<reason> [^\[\]]{1,300} ) \] | [ \t]+ \[\^ (?P<spaced> [^\[\]\s]{1,100} ) \] )
        """,
        re.VERBOSE,
    ),
    re.compile(
        rf"^(?!\[\^[^\]\[\s]+\]:)[ \t]*+\[\^(?P<label>[^\]\[\s]{{1,100}})\][ \t]*+:?[ \t]*+"
        rf"(?P<told>(?:{'|'.join(Kind)})\b[^\n]*)",
        re.MULTILINE,
    ),
    re.compile(r"^#{2,6}(?P<title>[^#\s][^\n]*)", re.MULTILINE),
)
# What the author of each means; a footnote by default.
_MEANT = {"braced": "mark", "struck": "mark", "title": "heading"}
_DEFINED = re.compile(r"^\[\^(?P<label>[^\]\[\s]{1,100})\]:", re.MULTILINE)
_MOST_REPORTED = 1000


def find_remains(text: Text, start: int) -> tuple[Problem, ...]:
    """What only looks like a mark or a footnote behind an offset; its line cannot be read."""
    labels = KnownNames(match["label"] for match in _DEFINED.finditer(text.content, start))
    found: list[Problem] = []
    end = 0
    matches = (match for one in _PATTERNS for match in one.finditer(text.content, start))
    for match in sorted(matches, key=re.Match.start):
        if match.start() < end or _may_have_any_sign(text.content, match.start()):
            continue
        if remedy := _find_remedy(match, labels):
            meant = _MEANT.get(match.lastgroup or "", "footnote")
            what = f"“{_shorten(match[0])}” is no {meant}"
            found.append(text.problem(match.start(), what, f"write {remedy}", unread=1))
            end = match.end()
    return tuple(found[:_MOST_REPORTED])


def _may_have_any_sign(content: str, offset: int) -> bool:
    """Whether an offset is in a heading or in the name of a turn, where nothing is a mark."""
    line = content[content.rfind("\n", 0, offset) + 1 : offset]
    rest = content[offset : offset + 400]
    in_name = line.startswith("**") and ":**" not in line and ":**" in rest.partition("\n")[0]
    return in_name or line.startswith("## ")


def _find_remedy(match: re.Match[str], labels: KnownNames) -> str:
    """What to write instead of something; "" if it is right."""
    match match.lastgroup:
        case "braced":
            return _explain_braced(match)
        case "struck":
            return _make_mark(match[0].strip("()[]")) + _reference(match)
        case "round" | "square" | "spaced":
            label = match[match.lastgroup]
            return f"[^{labels.find_near(label) or label}] directly behind the mark"
        case "reason":
            return f"[^why], and on a line of its own below: [^why]: {match['reason']}"
        case "told":
            return _shorten(f"[^{match['label']}]: {match['told']}")
    return f"## {match['title']}"


def _explain_braced(match: re.Match[str]) -> str:
    if _WHOLE.fullmatch(match[0]):
        return ""
    if mark := _make_mark(match["braced"]):
        return mark + _reference(match)
    if match[0][0] == "｛" or not _WORDS.fullmatch(match["braced"]):
        return ""
    words = " ".join(match["braced"].strip(f"{_SIGNS}>").split())
    return f"{words or 'the words'} without braces, or \\{{ for a brace that was said"


def _make_mark(inner: str) -> str:
    """The mark that its signs or its arrow suggest; "" where nothing does."""
    arrow = _ARROW.search(inner)
    parts = [inner[: arrow.start()], inner[arrow.end() :]] if arrow else [inner]
    if not arrow and inner.lstrip().startswith("~"):
        parts = [part for part in inner.split("~") if part.strip()]
    words = [" ".join(part.strip(_SIGNS).split()) for part in parts]
    if len(words) == 2 and all(words):
        return f"{{~~{words[0]}~>{words[1]}~~}}"
    if arrow and any(words):
        return f"{{--{words[0]}--}}" if words[0] else f"{{++{words[1]}++}}"
    template = _TEMPLATES.get(inner.strip()[:1], "")
    return template.format(words[0]) if words and words[0] else ""


def _reference(match: re.Match[str]) -> str:
    if match[0][1:2] == "=":
        return "{>>question<<}"
    return "" if match.string.startswith("[^", match.end()) else "[^why]"


def _shorten(words: str) -> str:
    shown = " ".join(words.split())
    return shown if len(shown) <= 120 else f"{shown[:60]} … {shown[-50:]}"
