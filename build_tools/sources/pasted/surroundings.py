"""Lines of a text that stand around its speech, and what they say about the talk."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from build_tools.sources.captions.subtitles import BROKEN_TIMES
from build_tools.sources.pasted.grammar import parse_alone, parse_head, unescape
from build_tools.sources.raw import CHAPTER, LeftOut

_HEADING = re.compile(r"[ \t]{0,3}(?P<signs>#{1,6})[ \t]+(?P<title>\S[^\n]*)")
_RULE = re.compile(r"[ \t]*(?:[-*_=~#•·][ \t]*){3,200}\Z")
_LINK_TEXT = r"(?:\[[^\[\]\n]{0,80}\]|\\.|[^\]\\\n]){0,300}"
_LINK = rf"!?\[{_LINK_TEXT}\]\([^()\s]{{1,500}}(?:[ ]\"[^\"\n]{{0,300}}\")?\)"
_LINKS = re.compile(rf"[ \t]*(?:[-*•][ \t]+)?{_LINK}(?:[ \t|·•,-]{{0,9}}{_LINK})*[ \t|]*\Z")
_PAGE = re.compile(
    r"[^\d\n]{0,80}\b(?:page|p\.|seite|página)[ ](?P<number>\d{1,4})\b[^\n]{0,80}", re.IGNORECASE
)
_BUTTONS = """
    transcript|audio transcript|show transcript|hide transcript|search transcript|search in video|
    chapters|english|sync to video time|
    follow along using the transcript.|english (auto-generated)|copy link|share|
    copy transcript|download transcript|show less|show more|subscribe|table of contents|
    transcribed by https://otter.ai|
    this editable transcript was computer generated and might contain errors. people can also
    change the text after it was created.
"""
_BUTTON_TEXTS = frozenset(" ".join(text.split()) for text in _BUTTONS.split("|"))
# What programs write around the speech: of a meeting, of lyrics and of recognisers.
_NOTICES = re.compile(
    r"""(?x) Meeting[ ]ended[ ]after[ ]\d.* | .{1,60}[ ](?:started|stopped)[ ]transcription\Z
    | \[(?:ti|ar|al|by|au|offset|length|re|ve|la|tool):[^\]]*\]\Z | whisper_\w+:.*"""
)
_RECORDING = re.compile(r"[^:;/]{1,100}\.(?:aac|flac|m4a|mov|mp[34]|ogg|wav|webm)")
# Code of pages in Markdown: of components, of templates, comments and tags that hold no text.
_CODE = re.compile(
    r"""(?x) import[ ].{1,100}[ ]from[ ]['"][^'"]{1,200}['"];?\Z | <!--.*-->\Z
    | \{\{[<%].*[%>]\}\}\Z | \{%.*%\}\Z
    | (?:</?(?:audio|br|details|div|hr|iframe|img|p|section|source|video)\b[^<>]*>\s*)+\Z
    | <summary>[^<>]*</summary>\Z"""
)
_KINDS = (
    (_RULE, "a rule"),
    (_LINKS, "links"),
    (_NOTICES, "a notice of the program"),
    (_CODE, "code of the page"),
)
_FIELD = re.compile(r"(?P<key>[A-Za-z][A-Za-z _-]{1,20}):[ \t]*(?P<value>[^\n]*)")
_ITEM = re.compile(r"[ \t]*-[ \t]+(?P<value>[^\n:]{1,100})\Z")
_FIELDS = {
    **dict.fromkeys(("title", "episode_title"), "title"),
    **dict.fromkeys(("date", "published", "pubdate", "publish_date", "recorded", "aired"), "date"),
    **dict.fromkeys(("speakers", "participants", "attendees", "hosts", "guests"), "speakers"),
    **dict.fromkeys(("language", "lang"), "lang"),
    **dict.fromkeys(("location", "place", "duration", "episode", "url", "source", "topic"), ""),
}
# Without a fence these are labels of speakers.
_FENCED = dict.fromkeys(("host", "guest", "speaker", "interviewer", "interviewee"), "speakers")
_LONGEST_FRONT_MATTER, _LONGEST_TITLE, _MOST_ABOVE = 200, 100, 20


class Surroundings(NamedTuple):
    """The lines that are no speech by number, and the fields of the front matter.

    `fields` has `title`, `date`, `lang` and `speakers`, the names of these a line each.
    """

    pieces: Mapping[int, LeftOut]
    fields: Mapping[str, str]


@lru_cache(maxsize=4)
def find_surroundings(content: str) -> Surroundings:
    """What stands around the speech of a text; it depends on the text alone."""
    lines = [line.strip() for line in content.split("\n")]
    fields: dict[str, str] = {}
    pieces = dict(_find_front_matter(lines, fields)) or _find_attendees(lines, fields)
    for number, line in enumerate(lines, 1):
        heading = _HEADING.match(line)
        if number in pieces or not line:
            continue
        if heading and not (parse_alone(line) or parse_head(line)):
            title = unescape(heading["title"]).strip("# \t")
            is_title = len(heading["signs"]) == 1 and fields.setdefault("title", title) == title
            pieces[number] = "the file's title" if is_title else CHAPTER
        elif BROKEN_TIMES.match(line) and not parse_alone(line):
            pieces[number] = "times that cannot be read"
        elif why := next((why for form, why in _KINDS if form.match(line)), ""):
            pieces[number] = why
    pieces |= _find_buttons(lines) | _find_page_numbers(lines) | _find_repeated(lines)
    rest = {n: line for n, line in enumerate(lines, 1) if line and n not in pieces}
    pieces |= dict((*_find_opening(rest), *_find_panel_titles(rest)))
    found = {n: LeftOut(n, lines[n - 1], why) for n, why in sorted(pieces.items())}
    return Surroundings(found, fields)


def _find_front_matter(lines: list[str], fields: dict[str, str]) -> Iterator[tuple[int, str]]:
    """The lines of the front matter, or of `Key: value` at the top; `fields` gets what they say."""
    first = next((n for n, line in enumerate(lines) if line), 0)
    fence, top = "", lines[first:]
    if top[0] in ("---", "+++"):
        fence = top[0]
        if fence not in top[1:_LONGEST_FRONT_MATTER]:
            return
        top = top[: top.index(fence, 1) + 1]
    kinds = _FIELDS | _FENCED if fence else _FIELDS
    key = ""
    for number, line in enumerate(top, first + 1):
        field, item = _FIELD.match(line.replace(" = ", ": ")), _ITEM.match(line)
        name = re.sub(r"[ -]", "_", field["key"].casefold()) if field else key
        if not fence and (name not in _FIELDS if line else key):
            return
        key = name
        value = field["value"] if field else item["value"] if item else ""
        kind = kinds.get(key, "")
        if kind == "speakers":
            names = [_unquote(name) for name in re.split(r"[,;]", value.strip("[]"))]
            fields[kind] = "\n".join([*fields.get(kind, "").split("\n"), *names]).strip()
        elif kind and value:
            fields.setdefault(kind, _unquote(value))
        if line:
            yield number, "the file's front matter"


def _find_attendees(lines: list[str], fields: dict[str, str]) -> dict[int, str]:
    """The lines above a transcript of Google Meet: the meeting, and a list of who attended."""
    top = {line: n for n, line in enumerate(lines[:_LONGEST_FRONT_MATTER], 1) if line}
    head, *listed = [line for line in top if top[line] < top.get("Transcript", 0)] or [""]
    if "Attendees" not in listed[:2]:
        return {}
    names = ",".join(listed[listed.index("Attendees") + 1 :]).split(",")
    fields["speakers"] = "\n".join(name.strip() for name in names)
    fields["title"], fields["date"] = re.split(r" [-–(]", head)[0], head.replace("/", "-")
    return dict.fromkeys((top[line] for line in (head, *listed)), "the meeting and its attendees")


def _unquote(value: str) -> str:
    return value.strip().strip("\"'").strip()


def _find_buttons(lines: list[str]) -> dict[int, str]:
    filled = [number for number, line in enumerate(lines, 1) if line]
    edges = {*filled[:6], *filled[-3:]}
    found = (number for number in edges if lines[number - 1].casefold() in _BUTTON_TEXTS)
    pieces = dict.fromkeys(found, "a button of the page")
    if filled and _RECORDING.fullmatch(lines[filled[0] - 1]):
        pieces[filled[0]] = "the name of the recording"
    return pieces


def _find_page_numbers(lines: list[str]) -> dict[int, str]:
    """Headers and footers of pages: lines that recur with the number of the next page."""
    found = {n: page for n, line in enumerate(lines, 1) if (page := _PAGE.fullmatch(line))}
    counts = [int(page["number"]) for page in found.values()]
    counted = all(after - before in (0, 1) for before, after in pairwise(counts))
    texts = {re.sub(r"\d+", "0", page[0]) for page in found.values()}
    fits = len(found) > 1 and len(texts) == 1 and counted
    return dict.fromkeys(found if fits else (), "the header or footer of a page")


def _find_repeated(lines: list[str]) -> dict[int, str]:
    """Lines that say what is beside them: a time in words, and the initials above a name."""
    filled = [(0, ""), *((n, line) for n, line in enumerate(lines, 1) if line), (0, "")]
    found = {}
    for (_, above), (number, line), (_, below) in zip(filled, filled[1:], filled[2:], strict=False):
        said = parse_alone(line, in_words=True)
        times = {time.start for text in (above, below) if said and (time := parse_alone(text))}
        if said and said.start in times:
            found[number] = "the time beside it, in words"
        elif len(line) > 1 and line.isupper() and line == "".join(w[0] for w in below.split()):
            found[number] = "the initials of the name below it"
    return found


def _find_opening(lines: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    """The lines above the first line with a name and a time, if the file has several such lines."""
    heads = [n for n, line in lines.items() if (head := parse_head(line)) and head.kind == "far"]
    if len(heads) > 1 and 10 * len(heads) >= len(lines):
        above = [number for number in lines if number < heads[0]]
        spoken = any(parse_alone(lines[n]) or lines[n].startswith("**") for n in above)
        if len(above) <= _MOST_ABOVE and not spoken:
            yield from ((number, "stands above the first speaker") for number in above)


def _find_panel_titles(lines: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    """The second lines below times, or one above the first, if nearly all times have one line."""
    groups: list[list[int]] = [[]]
    below_time = False
    for number, line in lines.items():
        # The line directly below a time is speech, even if it is a time.
        below_time = not below_time and parse_alone(line) is not None
        if below_time:
            groups.append([])
        else:
            groups[-1].append(number)
    first, *timed = groups
    ones = sum(len(group) == 1 for group in timed)
    twos = [group for group in timed[:-1] if len(group) == 2]
    if ones < 3 * len(twos) or any(len(group) > 2 for group in timed):
        twos = []
    opening = [first] if len(first) == 1 and 2 * ones > len(timed) else []
    for group in [*opening, *twos]:
        if len(lines[group[-1]]) <= _LONGEST_TITLE:
            yield group[-1], CHAPTER
