"""The Markdown that pages are made of; whatever a stranger wrote goes through `escape`."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote

from build_tools.address import parse_address
from build_tools.language import SITE_LANGUAGE, runs_right_to_left
from build_tools.model import Paragraph, Span
from build_tools.timecode import render_clock

# Every sign that opens anything in Markdown or in an extension that either engine may have on, and
# the signs that end an attribute.
_SPECIAL = re.compile(r"""[\\`*_{}\[\]<>&~^|"\#/:]""")
# What would make a list, a heading or a box of the line that it opens, or an image of the link of
# ours that follows; brackets of strangers are escaped already.
_OPENS_LINE = re.compile(r"[ ]?(?:[-+=:!?]|\d+[.)])")
_OPENS_IMAGE = re.compile(r"!(?=\[(?!\^))")
# Blanks, and the characters that YAML does not allow or that Python-Markdown keeps for itself.
# A single blank is what it is to become, and so common that it is passed over.
_NO_SPACE = r"\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
_BLANKS = re.compile(rf"(?:[^\S\ ]|[{_NO_SPACE}]|\ (?=[\s{_NO_SPACE}]))[\s{_NO_SPACE}]*")
# In an address, what HTML would take for a character reference: `?a=1&lt;=2`.
_REFERENCE = re.compile(r"&(?=\#?[0-9a-zA-Z]+;)")
# On a heading or an element: both engines leave out of their search what says again what stands
# elsewhere.
NOT_SEARCHED = "data-search-exclude"
_SAFE_IN_TARGET = "/:#?&=%+,;@!$*~.-_"
_SAFE_TARGET = re.compile(rf"[a-zA-Z0-9{re.escape(_SAFE_IN_TARGET)}]*")


def escape(text: str) -> str:
    """Text as inert Markdown on one line: every special sign becomes a character reference.

    >>> escape('*a* <b> R&D')
    '&#42;a&#42; &lt;b&gt; R&amp;D'
    """
    return _SPECIAL.sub(_special, join_blanks(text))


_NAMED = {"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;"}


def join_blanks(text: str) -> str:
    r"""Text with one blank for each run of blanks and of what neither YAML nor XML may hold.

    >>> join_blanks(" A talk,\n\x00 *here* ")
    ' A talk, *here* '
    """
    # What can be printed has no blanks but plain ones, and most texts no two side by side.
    text = text.replace("\n", " ")
    return text if text.isprintable() and "  " not in text else _BLANKS.sub(" ", text)


def one_line(text: str) -> str:
    r"""Text as it stands, on one line, without the characters that neither YAML nor XML may hold.

    >>> one_line(" A talk,\n\x00 *here* ")
    'A talk, *here*'
    """
    return join_blanks(text).strip()


def as_line(markdown: str) -> str:
    """Escaped text and our own markup as a line that is a paragraph, with links that are links.

    >>> as_line("1. Wow![&lt;](x.md)")
    '1&#46; Wow&#33;[&lt;](x.md)'
    """
    if opening := _OPENS_LINE.match(markdown):
        markdown = _reference(opening) + markdown[opening.end() :]
    return _OPENS_IMAGE.sub(_reference, markdown) if "![" in markdown else markdown


def _special(match: re.Match[str]) -> str:
    """A slash is special between two others, a colon before two."""
    if match[0] in "/:":
        start, text = match.start(), match.string
        parts_slashes = text.startswith("///", start - 1) if start and match[0] == "/" else False
        if not parts_slashes and not text.startswith("://", start):
            return match[0]
    return _reference(match)


def _reference(match: re.Match[str]) -> str:
    before, sign = match[0][:-1], match[0][-1]
    return before + (_NAMED.get(sign) or f"&#{ord(sign)};")


def escape_target(target: str) -> str:
    """A link's target with nothing in it that could end the target.

    >>> escape_target('https://example.org/a"b<c>')
    'https://example.org/a%22b%3Cc%3E'
    """
    return target if _SAFE_TARGET.fullmatch(target) else quote(target, safe=_SAFE_IN_TARGET)


def link(words: str, target: str, title: str = "", attributes: str = "") -> str:
    """A link; `words` are Markdown already, target and title are not.

    >>> print(link("words", "page.md", "what 'it' is (or 'was')"))
    [words](page.md "what 'it' is (or 'was'&#41;")
    """
    # Python-Markdown ends a link at an apostrophe and a parenthesis, in its title too.
    quoted = f' "{escape(title).replace(")", "&#41;")}"' if title else ""
    inside = escape_target(target)
    if "&" in inside:
        inside = _REFERENCE.sub("&amp;", inside)
    return f"[{words}]({inside}{quoted})" + (f"{{ {attributes} }}" if attributes else "")


def language_attributes(lang: str) -> str:
    """What says of a block that it is in a language, a blank before it; "" for the site's own.

    >>> language_attributes("he"), language_attributes("fr"), language_attributes("en")
    (' lang="he" dir="rtl"', ' lang="fr"', '')
    """
    if lang == SITE_LANGUAGE:
        return ""
    return f' lang="{lang}"' + (' dir="rtl"' if runs_right_to_left(lang) else "")


def in_language(markdown: str, lang: str) -> str:
    """Words inside a line of the site's: those of another language, with their own direction.

    >>> in_language("&lt;שלום&gt;", "he")
    '<bdi lang="he" dir="rtl">&lt;שלום&gt;</bdi>'
    """
    attributes = language_attributes(lang)
    return f"<bdi{attributes}>{markdown}</bdi>" if attributes and markdown else markdown


def in_either(markdown: str, lang: str) -> str:
    """The editor's own words on a transcript: in its language or the site's, as they begin.

    >>> in_either("Bonjour", "fr"), in_either("Hello", "en")
    ('<bdi>Bonjour</bdi>', 'Hello')
    """
    return markdown if lang == SITE_LANGUAGE else f"<bdi>{markdown}</bdi>"


def render_head(
    title: str, description: str = "", extra: Mapping[str, object] | None = None
) -> str:
    """A page's front matter; JSON strings are YAML strings.

    The themes of both engines put title and description into their HTML as they are, so here stands
    HTML already.
    """
    fields: dict[str, object] = {"title": _escape_html(title)}
    if description:
        fields["description"] = _escape_html(description)
    fields.update(extra or {})
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
    return "\n".join(["---", *lines, "---", "", ""])


def _escape_html(text: str) -> str:
    # Zensical looks for links in front matter too, and may miss what they lead to.
    return re.sub(r'[<>&"]|(?<=\])\(', _reference, _BLANKS.sub(" ", text))


def render_plain(spans: Iterable[Span], *, written_in: str = "") -> str:
    """Spans without marks: the text of introductions, entries and reasons, with links and titles.

    `written_in` is the page whose links they are, where they are shown on one at the top of the
    site instead.
    """
    pieces = []
    for span in spans:
        words = escape(span.said)
        if span.emphasis:
            words = f"<em>{words}</em>"
        pieces.append(link(words, from_top(span.target, written_in)) if span.target else words)
    return as_line("".join(pieces).strip())


def from_top(target: str, written_in: str) -> str:
    """Where a link leads that is written in a page, said as from the top of the site.

    >>> from_top("talk.md#l5", "transcripts/other.md"), from_top("#l5", "transcripts/talk.md")
    ('transcripts/talk.md#l5', 'transcripts/talk.md#l5')
    """
    if not written_in or target.startswith("https://"):
        return target
    if target.startswith("#"):
        return written_in + target
    return posixpath.normpath(posixpath.join(posixpath.dirname(written_in), target))


def render_paragraphs(paragraphs: Iterable[Paragraph], attributes: str = "") -> str:
    """Paragraphs without marks, each followed by a blank line."""
    behind = f"\n{{: {attributes} }}" if attributes else ""
    return "".join(f"{render_plain(paragraph.spans)}{behind}\n\n" for paragraph in paragraphs)


def plain_text(spans: Iterable[Span]) -> str:
    """The words of spans without any markup, on one line."""
    return " ".join("".join(span.said for span in spans).split())


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


# The same few are shown on many pages.
@lru_cache(maxsize=1024)
def render_date(date: str) -> str:
    """A date of any precision for people.

    >>> render_date("2024-05-22"), render_date("2024-05"), render_date("2024")
    ('22 May 2024', 'May 2024', '2024')
    """
    parts = date.split("-")
    if len(parts) > 1 and 1 <= int(parts[1]) <= 12:
        parts[1] = _MONTHS[int(parts[1]) - 1]
    if len(parts) > 2:
        parts[2] = str(int(parts[2]))
    return " ".join(reversed(parts))


def render_moment(date: str) -> str:
    """A date of any precision as the moment in which it begins, for those who know nothing vaguer.

    >>> render_moment("2024-05-22"), render_moment("2024")
    ('2024-05-22T00:00:00Z', '2024-01-01T00:00:00Z')
    """
    return f"{date}{'0000-01-01'[len(date) :]}T00:00:00Z"


def page_address(path: str, anchor: str = "") -> str:
    """The address of a page, or of a place on it, below the site's own, wherever that stands.

    >>> page_address("glossary/ftx.md"), page_address("transcripts/talk.md", "t187")
    ('glossary/ftx/', 'transcripts/talk/#t187')
    >>> page_address("transcripts/index.md"), page_address("index.md")
    ('transcripts/', '')
    """
    if path == "index.md" or path.endswith("/index.md"):
        page = path.removesuffix("index.md")
    else:
        page = f"{path.removesuffix('.md')}/" if path.endswith(".md") else path
    return page + (f"#{anchor}" if anchor else "")


def render_address(time: int | None, address: str) -> str:
    """How an address is shown: its time, or the number of its line or piece.

    >>> render_address(187000, "t187"), render_address(None, "l586"), render_address(None, "p7-2")
    ('03:07', 'line 586', 'piece 7')
    """
    if time is not None:
        return render_clock(time)
    parsed = parse_address(address)
    return f"{parsed.unit} {parsed.number}" if parsed else address


def render_count(number: int, singular: str, plural: str = "") -> str:
    """A number with its noun.

    >>> render_count(1, "doubt"), render_count(4438, "word"), render_count(0, "entry", "entries")
    ('1 doubt', '4,438 words', 'no entries')
    """
    noun = singular if number == 1 else plural or f"{singular}s"
    return f"{number:,} {noun}" if number else f"no {noun}"


def render_share(part: int, whole: int) -> str:
    """A part of a whole in percent, rounded down: all of it is all of it.

    >>> render_share(1, 3), render_share(999, 1000), render_share(7, 7), render_share(1, 1000)
    ('33%', '99%', '100%', 'less than 1%')
    """
    percent = 100 * part // whole
    return f"{percent}%" if percent or not part else "less than 1%"


def render_size(size: int) -> str:
    """A number of bytes as people say it.

    >>> render_size(999), render_size(24_123), render_size(2_480_000)
    ('999 bytes', '24 kB', '2.5 MB')
    """
    if size < 1000:
        return render_count(size, "byte")
    return f"{size / 1000:.0f} kB" if size < 999_500 else f"{size / 1_000_000:.1f} MB"
