"""Lines of a text that stand around its speech, and what they say about the talk."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import NamedTuple

from build_tools.sources.captions.subtitles import BROKEN_TIMES
from build_tools.sources.labels import looks_like_name
from build_tools.sources.pasted.grammar import (
    clean_name,
    parse_alone,
    parse_front,
    parse_head,
    unescape,
)
from build_tools.sources.raw import CHAPTER, LeftOut

_HEADING = re.compile(r"[ \t]{0,3}(?P<signs>#{1,6})[ \t]+(?P<title>\S[^\n]*)")
# Before every line of a quotation, but `>>` marks another speaker; of a court's page, its number.
_QUOTED = re.compile(r"[ \t]{0,3}>(?:[ \t]|(?!>)|\Z)[ \t]?")
_NUMBERED = re.compile(r"[ \t]*(?P<number>[0-9]{1,2})(?:[ ]{2,}|[ ](?=[A-Z])|\Z)")
_EMPHASISED = re.compile(
    r"\A\s*(?P<stars>\*{1,3}|_{1,3})(?=\S)(?P<text>[^*_]*[.?!…][”\"']?)(?P=stars)\s*\Z"
)
_RULE = re.compile(r"[ \t]*(?:[-*_=~#•·][ \t]*){3,200}\Z")
_LINK_TEXT = r"(?:\[[^\[\]\n]{0,80}\]|\\.|[^\]\\\n]){0,300}"
_LINK = rf"!?\[{_LINK_TEXT}\]\([^()\s]{{1,500}}(?:[ ]\"[^\"\n]{{0,300}}\")?\)"
_LINKS = re.compile(
    rf"[ \t]*(?:[-*•][ \t]+)?(?:https?://\S+|{_LINK}(?:[ \t|·•,-]{{0,9}}{_LINK})*)[ \t|]*\Z"
)
_PAGE = re.compile(
    r"[^\d\n]{0,80}\b(?:page|p\.|seite|página)[ ](?P<number>\d{1,4})\b[^\n]{0,80}", re.IGNORECASE
)
_PAGE_ALONE = re.compile(r"[-–—]?[ ]?(?P<number>\d{1,4})[ ]?[-–—]?")
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
    r"""(?x) (?:Meeting|Transcription)[ ]ended[ ]after[ ]\d.* | tactiq\.io[ ].*
    | .{1,60}[ ](?:started|stopped)[ ]transcription\Z | Detect(?:ing|ed)[ ]language\b.*
    | (?:Copyright|©|\(c\))[ ].{0,80}(?:19|20)\d\d\b.*
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
_TITLE_LINE = re.compile(r"(?![^:]{1,60}: )[^a-z].{0,98}[^.?!…,;:]")
_FIELD = re.compile(r"(?P<key>[A-Za-z][A-Za-z _-]{1,20}):[ \t]*(?P<value>[^\n]*)")
_ITEM = re.compile(r"[ \t]*-[ \t]+(?P<value>[^\n:]{1,100})\Z")
_FIELDS = {
    **dict.fromkeys(("title", "episode_title", "meeting_title"), "title"),
    **dict.fromkeys(("date", "published", "pubdate", "publish_date", "recorded", "aired"), "date"),
    **dict.fromkeys(("speakers", "participants", "attendees", "hosts", "guests"), "speakers"),
    **dict.fromkeys(("language", "lang"), "lang"),
    **dict.fromkeys(("location", "place", "duration", "episode", "url", "source", "topic"), ""),
}
# Without a fence these are labels of speakers.
_FENCED = dict.fromkeys(("host", "guest", "speaker", "interviewer", "interviewee"), "speakers")
_QUOTES = " \t\"'"
_NAMES_TRANSCRIPT = " - Transcript"
_TITLE, _BUTTON = "the file's title", "a button of the page"
_LONGEST_FRONT_MATTER, _LONGEST_TITLE, _MOST_ABOVE = 200, 100, 20


class Surroundings(NamedTuple):
    """The lines that are no speech by number, and the fields of the front matter.

    `fields` has `title`, `date`, `lang` and `speakers`, a name a line. `lines` have no signs of
    quotation or emphasis and no `numbers` of a court's lines; `unwrapped` tells whether signs or
    numbers went, which may be words.
    """

    pieces: Mapping[int, LeftOut]
    fields: Mapping[str, str]
    lines: tuple[str, ...]
    numbers: tuple[LeftOut, ...]
    unwrapped: bool

    @property
    def spoken(self) -> dict[int, str]:
        """The lines that may be speech, by number."""
        numbered = enumerate(self.lines, 1)
        return {n: line for n, line in numbered if line.strip() and n not in self.pieces}


@lru_cache(maxsize=4)
def find_surroundings(content: str) -> Surroundings:
    """What stands around the speech of a text; it depends on the text alone."""
    written = content.split("\n")
    unwrapped, numbers = _unwrap_page(_unwrap_quotation(written))
    texts = [*unwrapped]
    lines = [line.strip() for line in texts]
    fields: dict[str, str] = {}
    pieces = dict(_find_front_matter(lines, fields)) or _find_attendees(lines, fields)
    for number, line in enumerate(lines, 1):
        if line and number not in pieces and (why := _describe_line(line, fields)):
            pieces[number] = why
    # Names as headings come again and again.
    chapters = {n: lines[n - 1].strip("# ") for n, why in pieces.items() if why == CHAPTER}
    names = {name for name in chapters.values() if looks_like_name(name)}
    if len(names) > 1 and names == {*chapters.values()} and 3 * len(names) <= 2 * len(chapters):
        for number, name in chapters.items():
            del pieces[number]
            lines[number - 1] = texts[number - 1] = f"**{name}:**"
    pieces |= _find_buttons(lines) | _find_page_numbers(lines) | _find_repeated(lines)
    rest = {n: line for n, line in enumerate(lines, 1) if line and n not in pieces}
    # Below a title stands speech.
    titles = [number for number, why in pieces.items() if why == _TITLE]
    if titles and titles[0] > max(rest, default=0):
        rest[titles[0]] = lines[titles[0] - 1]
        del pieces[titles[0]]
        fields.pop("title")
    pieces |= dict((*_find_opening(rest, fields), *_find_panel_titles(rest)))
    found = {n: LeftOut(n, lines[n - 1], why) for n, why in sorted(pieces.items())}
    # The signs around a sentence in italics or bold, such as a question.
    for number in rest.keys() - found.keys():
        texts[number - 1] = _EMPHASISED.sub(r"\g<text>", texts[number - 1])
    return Surroundings(found, fields, tuple(texts), numbers, unwrapped != written)


def _unwrap_quotation(lines: list[str]) -> list[str]:
    """The lines without the signs of a quotation, if it holds nearly all of them."""
    told = [line for line in lines if line.strip() and not _HEADING.match(line)]
    quoted = sum(_QUOTED.match(line) is not None for line in told)
    if quoted < 3 or 10 * quoted < 9 * len(told):
        return lines
    return _unwrap_quotation([_QUOTED.sub("", line, count=1) for line in lines])


def _unwrap_page(lines: list[str]) -> tuple[list[str], tuple[LeftOut, ...]]:
    """The lines without the numbers of nearly all of them, which begin anew on each page."""
    met = {n: line for n, text in enumerate(lines) if (line := _NUMBERED.match(text))}
    pairs = pairwise(int(line["number"]) for line in met.values())
    follow = 1 + sum(after == before + 1 or after == 1 < before for before, after in pairs)
    if len(met) < 4 or 10 * follow < 8 * sum(map(bool, map(str.strip, lines))):
        return lines, ()
    shown = [line[met[n].end() :] if n in met else line for n, line in enumerate(lines)]
    numbers = " ".join(line["number"] for line in met.values())
    return shown, (LeftOut(1 + min(met), numbers, "the numbers of lines"),)


def _describe_line(line: str, fields: dict[str, str]) -> str:
    """Why a line is no speech, or ""; the first title becomes that of the talk."""
    alone, heading = parse_alone(line), _HEADING.match(line)
    if BROKEN_TIMES.match(line) and not alone:
        return "times that cannot be read"
    heading = None if alone or parse_head(line) else heading
    title = unescape(heading["title"]).strip("# \t") if heading else line
    why = next((why for form, why in _KINDS if form.match(title)), "")
    if not heading or why:
        return why
    if title.casefold() in _BUTTON_TEXTS:
        return _BUTTON
    is_title = len(heading["signs"]) == 1 and fields.setdefault("title", title) == title
    return _TITLE if is_title else CHAPTER


def _find_front_matter(lines: list[str], fields: dict[str, str]) -> Iterator[tuple[int, str]]:
    """The lines of the front matter, or of `Key: value` at the top; `fields` gets what they say."""
    first = next((n for n, line in enumerate(lines) if line), 0)
    fence, top = "", lines[first:]
    if top[0] in ("---", "+++"):
        fence = top[0]
        if fence not in top[1:_LONGEST_FRONT_MATTER]:
            return
        top = top[: top.index(fence, 1) + 1]
    elif block := _find_block(top):
        fence, top = "\n", block
        if not _FIELD.match(top[0]):
            fields["title"] = top[0]
    kinds = _FIELDS | _FENCED if fence else _FIELDS
    key = ""
    for number, line in enumerate(top, first + 1):
        field, item = _FIELD.match(line.replace(" = ", ": ")), _ITEM.match(line)
        name = _key_of(line) or key
        if not fence and (name not in _FIELDS if line else key):
            return
        key = name
        value = field["value"] if field else item["value"] if item else ""
        kind = kinds.get(key, "")
        if kind == "speakers":
            names = [name.strip(_QUOTES) for name in re.split(r"[,;]", value.strip("[]"))]
            fields[kind] = "\n".join([*fields.get(kind, "").split("\n"), *names]).strip()
        elif kind and value:
            fields.setdefault(kind, value.strip(_QUOTES))
        if line:
            yield number, "the file's front matter"


def _find_block(top: list[str]) -> list[str]:
    """The lines up to the first empty one, if they are a title and fields of a talk."""
    block = list(takewhile(bool, top[:_LONGEST_FRONT_MATTER]))
    keys = [_key_of(line) for line in block]
    known = _FIELDS.keys() | _FENCED.keys()
    titled = len(block) > 1 and (keys[0] in known or _TITLE_LINE.fullmatch(block[0]))
    return block if titled and {*keys[1:]} <= known and {*keys[1:]} & _FIELDS.keys() else []


def _key_of(line: str) -> str:
    field = _FIELD.match(line.replace(" = ", ": "))
    return re.sub(r"[ -]", "_", field["key"].casefold()) if field else ""


def _find_attendees(lines: list[str], fields: dict[str, str]) -> dict[int, str]:
    """The lines above a transcript of Google Meet: the meeting, and a list of who attended."""
    top = {line: n for n, line in enumerate(lines[:_LONGEST_FRONT_MATTER], 1) if line}
    above = [line for line in top if top[line] < top.get("Transcript", 0)]
    if "Attendees" in above[1:3]:
        names = ",".join(above[above.index("Attendees") + 1 :]).split(",")
        fields["speakers"] = "\n".join(name.strip() for name in names)
        title = re.split(r" [-–(]", above[0])[0]
    else:
        named = [n for n, line in enumerate([*top][:2], 1) if line.endswith(_NAMES_TRANSCRIPT)]
        above = [*top][: max(named, default=0)]
        title = "".join(above[-1:]).removesuffix(_NAMES_TRANSCRIPT)
    if above:
        fields["title"], fields["date"] = title, above[0].replace("/", "-")
    return dict.fromkeys((top[line] for line in above), "the meeting and its attendees")


def _find_buttons(lines: list[str]) -> dict[int, str]:
    filled = [number for number, line in enumerate(lines, 1) if line]
    edges = {*filled[:6], *filled[-3:]}
    found = (n for n in edges if lines[n - 1].casefold().rstrip(":") in _BUTTON_TEXTS)
    pieces = dict.fromkeys(found, _BUTTON)
    if filled and _RECORDING.fullmatch(lines[filled[0] - 1]):
        pieces[filled[0]] = "the name of the recording"
    return pieces


def _find_page_numbers(lines: list[str]) -> dict[int, str]:
    """Headers and footers of pages: lines that recur with the number of the next page."""
    pieces = dict[int, str]()
    # Somebody may count, line by line: numbers alone have other lines between them.
    for form, least, steps, apart in ((_PAGE, 2, (0, 1), 1), (_PAGE_ALONE, 3, (1,), 2)):
        found = {n: page for n, line in enumerate(lines, 1) if (page := form.fullmatch(line))}
        counts = [int(page["number"]) for page in found.values()]
        counted = all(after - before in steps for before, after in pairwise(counts))
        texts = {re.sub(r"\d+", "0", page[0]) for page in found.values()}
        parted = all(after - before >= apart for before, after in pairwise(found))
        if len(found) >= least and len(texts) == 1 and counted and parted:
            pieces |= dict.fromkeys(found, "the header or footer of a page")
    return pieces


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


def _find_opening(lines: Mapping[int, str], fields: dict[str, str]) -> Iterator[tuple[int, str]]:
    """The lines above the first one with a name and a time, if the file has several such lines."""
    heads = {n: kind for n, line in lines.items() if (kind := _find_turn(line))}
    far = [number for number, kind in heads.items() if kind == "far"]
    firsts, one_in = (far, 10) if len(far) > 1 else ([*heads], 4)
    first = min(firsts, default=0)
    above = {number: line for number, line in lines.items() if number < first}
    spoken = any(parse_alone(line) or line.startswith("**") for line in above.values())
    if len(firsts) < 2 or one_in * len(firsts) < len(lines) or spoken or len(above) > _MOST_ABOVE:
        return
    titles = [line for line in above.values() if _TITLE_LINE.fullmatch(line)]
    # Sentences may be speech without a time.
    if above and (firsts is far or len(titles) == len(above)):
        if [*above.values()][:1] == titles[:1]:
            fields.setdefault("title", titles[0])
        fields.setdefault("date", " ".join(above.values()).replace("/", "-"))
        yield from ((number, "stands above the first speaker") for number in above)


def _find_turn(line: str) -> str:
    """How a line names a speaker and a time, or ""."""
    head, front = parse_head(line), parse_front(line)
    if head and head.span:
        return head.kind
    name = clean_name(front.text.partition(":")[0]) if front else ""
    return "near" if looks_like_name(name) else ""


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
    for *_, last in [*opening, *twos]:
        if len(lines[last]) <= _LONGEST_TITLE:
            yield last, CHAPTER
