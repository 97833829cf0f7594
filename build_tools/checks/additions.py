"""What stands in an edition, is no word of its source, and gets no mark; and what to write."""

import re
from typing import NamedTuple

from build_tools.model.edition import Edition, NonSpeech
from build_tools.text.characters import REMEDY_MISPLACED, find_misplaced

_CONFLICT_LINE = re.compile(r"^(?:<{7}|={7}|>{7})(?:[ ][^\n]*)?$", re.MULTILINE)
# What people write in place of each.
_NON_SPEECH = {
    NonSpeech.LAUGHTER: r"laugh(?:s|ter|ing)?|chuckles?|😂|🤣",
    NonSpeech.APPLAUSE: r"applau(?:se|ds?|ding)|cheer(?:s|ing)|clapping|👏",
    NonSpeech.PAUSE: r"pauses?|silence",
    NonSpeech.CROSSTALK: r"cross-?talk",
    NonSpeech.INAUDIBLE: r"inaudible|unclear|unintelligible|indistinct",
}
_ALL_NON_SPEECH = ", ".join(kind.written for kind in NonSpeech)
_TIME = re.compile(r"\d{1,3}:\d\d(?::\d\d)?(?:[.,]\d+)?")
_MARKUP = re.compile(
    r"<!--.*?-->|</?[a-zA-Z][^<>\n]{0,200}>|&(?:[a-zA-Z]{2,10}|#x?[\da-fA-F]{1,6});", re.DOTALL
)
# A bracket directly before words, and one behind them that ends no link.
_OPENING = re.compile(r"[(\[]\s*\Z")
_CLOSING = re.compile(r"(?:(?!\n\n)[^)\]]){0,200}[)\]](?!\()", re.DOTALL)
_ARROW = re.compile(r"(?P<before>[\w'’-]+)\s*(?:->|=>|→|/|~>)\s*$")
_NAME = r"(?:[^\W\d_][\w.'’-]*(?:[ ][\w.'’-]+){0,3})"
_LABEL = re.compile(
    rf"""
    (?: [-*•>] [ ]+ )? [*_\[]{{0,2}} (?P<name> {_NAME} ) (?: [ ] \( \w+ \) )?
    [*_\]]{{0,3}} (?P<colon> :? ) [*_\]]{{0,3}} (?= \s | $ )
    """,
    re.VERBOSE,
)
_MARK = "{~~heard~>said~~}[^why]"
Advice = tuple[int, str, str]
# What a clean reading hides, and words that two people spell in two ways.
_FILLERS = frozenset(("um", "uh", "er", "erm", "hmm", "mm", "like", "you know", "i mean"))
_SPELLINGS = (
    *({"okay", "ok"}, {"gonna", "going to"}, {"wanna", "want to"}, {"gotta", "got to"}),
    *({"kinda", "kind of"}, {"sorta", "sort of"}, {"yeah", "yes"}, {"cause", "because"}),
    *({"percent", "%"}, {"alright", "all right"}),
)
# So often the same change is no mishearing but a rule of the editor's own.
_RULE = 3


class Addition(NamedTuple):
    """Words of an edition that its source lacks, as a slice of the file."""

    edition: Edition
    start: int
    end: int

    @property
    def content(self) -> str:
        """The whole file."""
        return self.edition.text.content

    @property
    def words(self) -> str:
        """The words as they stand in the file."""
        return self.content[self.start : self.end]

    @property
    def line_start(self) -> int:
        """The offset of the line in which the words begin."""
        return self.content.rfind("\n", 0, self.start) + 1

    @property
    def bracketed(self) -> str:
        """The words with the brackets around them; the words alone without any."""
        opening = _OPENING.search(self.content, self.line_start, self.start)
        closing = _CLOSING.match(self.content, self.end)
        found = opening and closing and self.content[opening.start() : closing.end()]
        return found or self.words


def explain_addition(addition: Addition) -> Advice | None:
    """The place of what is no word, what is wrong with it, and what to write; None for words."""
    explanations = (_conflict, _misplaced, _markup, _time, _speaker, _arrow, _non_speech)
    return next(filter(None, (explain(addition) for explain in explanations)), None)


def _conflict(addition: Addition) -> Advice | None:
    before = addition.content[max(0, addition.start - 20_000) : addition.start]
    opened = before.rfind("\n<<<<<<< ")
    line = _CONFLICT_LINE.match(addition.content, addition.line_start)
    if not line and opened <= before.rfind("\n>>>>>>> "):
        return None
    what = "two versions of a passage stand here, between the lines of a merge conflict"
    remedy = "keep the right version; take out the lines <<<<<<<, ======= and >>>>>>>"
    return addition.start, what, remedy


def _misplaced(addition: Addition) -> Advice | None:
    for offset, name in find_misplaced(addition.words):
        what = f"the character {name} has no place here"
        return addition.start + offset, what, REMEDY_MISPLACED
    return None


def _time(addition: Addition) -> Advice | None:
    what = f"“{addition.bracketed}” is a time, and was not said"
    remedy = "take it out: the page has the times of the source"
    return (addition.start, what, remedy) if _TIME.fullmatch(addition.words) else None


def _markup(addition: Addition) -> Advice | None:
    begin, end = max(0, addition.start - 200), addition.end + 200
    for match in _MARKUP.finditer(addition.content, begin, end):
        if match.start() <= addition.end and match.end() > addition.start:
            what = f"“{match[0][:60]}” is HTML, which has no meaning here"
            remedy = f"take it out; a correction is {_MARK}, a doubt {{==words==}}{{>>question<<}}"
            return match.start(), what, remedy
    return None


def _speaker(addition: Addition) -> Advice | None:
    match = _LABEL.match(addition.content, addition.line_start)
    if not match or match.end() < addition.start:
        return None
    name, shown = match["name"], match[0].strip()
    both, wanted = addition.edition.speakers.items(), name.casefold()
    known = [one for one, full in both if wanted in (one.casefold(), full.casefold())]
    if known and (match["colon"] or "[" in shown or "*" in shown):
        remedy = f"write **{known[0]}:** after a blank line"
    elif match["colon"] and name[0].isupper():
        remedy = f"write **{name}:** after a blank line, and add {name} under speakers: in the "
        remedy += "front matter; or **?:** for an unknown voice"
    else:
        return None
    return addition.start, f"“{shown}” looks like the name of a speaker, and was not said", remedy


def _arrow(addition: Addition) -> Advice | None:
    words = addition.words.lstrip("→ ")
    first = addition.content.rfind(words, addition.line_start, addition.end)
    match = _ARROW.search(addition.content, addition.line_start, first)
    if not match or "\n" in words or not words:
        return None
    remedy = f"write {{~~{match['before']}~>{words}~~}}[^why]"
    return match.start(), "an arrow or a slash makes no correction", remedy


def _non_speech(addition: Addition) -> Advice | None:
    shown, bare = addition.bracketed, addition.bracketed.strip("()[]*♪ ")
    signs = not any(sign.isalnum() or sign.isascii() for sign in addition.words.replace(" ", ""))
    if shown == bare and not signs:
        return None
    what = f"“{shown[:60]}” is the editor's, and the source lacks it"
    remedy = "write a note: word[^id], and below [^id]: note: …; a correction is "
    remedy += f"{_MARK}; besides words there are only {_ALL_NON_SPEECH}"
    if signs:
        remedy = f"take it out; if it was spoken, write {{++{addition.words}++}}[^why]"
    for kind, form in _NON_SPEECH.items():
        if re.fullmatch(form, bare, re.IGNORECASE):
            remedy = f"write {kind.written}, with a blank before it"
    return addition.start, what, remedy


def explain_rule(source: tuple[str, ...], edition: tuple[str, ...], times: int) -> str:
    """What to write if a change made several times is one of style; "" if it may be none."""
    one, other = " ".join(source), " ".join(edition)
    if times >= _RULE and one in _FILLERS and not other:
        return f"put “{one}” back everywhere: the page hides such words in its clean reading"
    if times >= _RULE and {one, other} in _SPELLINGS:
        return f"put “{one}” back everywhere: an edition keeps how the source spells a word"
    return ""
