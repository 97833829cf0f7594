"""Markdown for pages; text of other people always goes through `escape` or `escape_html`."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape as _escape_signs
from itertools import groupby
from operator import attrgetter

from build_tools.model.edition import Paragraph, Span
from build_tools.text.catalogue import site_language, tr
from build_tools.text.language import runs_right_to_left
from build_tools.text.urls import escape_target, from_top, page_address
from build_tools.text.wording import join_blanks

# Every sign that opens anything in Markdown or in an extension of either engine, and the signs that
# end an attribute.
_SPECIAL = re.compile(r"""[\\`*_{}\[\]<>&~^|"\#/:]""")
# The start of a line that opens a list, a heading or a box; brackets are escaped already.
_OPENS_LINE = re.compile(r"[ ]?(?:[-+=:!?]|\d+[.)])")
# An exclamation mark that would make an image of the link after it.
_OPENS_IMAGE = re.compile(r"!(?=\[(?!\^))")
# In an address, what HTML would read as a character reference: `?a=1&lt;=2`. Python-Markdown loses
# its place in the page at an unfinished one, `&#1a`.
_REFERENCE = re.compile(r"&(?=\#|[0-9a-zA-Z]+;)")
# A link that `link` made, without a title.
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")
# Stand before the path, from the site's top, of a page or file to which finished HTML links, and
# before the slug of an entry whose short text a title has.
_TOP, _SHORT = "\1", "\2"
_UNFINISHED = re.compile(
    rf"""{_TOP} (?<= href="{_TOP} ) ( [^"#]* ) | {_SHORT} ( [a-z0-9-]+ ) (?= " )""".encode(),
    re.VERBOSE,
)
_NAMED = {"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;"}

# A quotation mark of prose, or what keeps those inside it: front matter as MkDocs reads it, a block
# of code, inline code, a tag, an address, attributes.
_QUOTE = re.compile(
    r"""
      \A \ufeff?--- [ \t]*\r?\n .*? \n (?: --- | \.\.\. ) [ \t]*\r?\n
    | ^ [ ]* (?P<fence> `{3,} | ~{3,} ) .*? (?: \n [ ]* (?P=fence) | \Z ) [^\n]* | ^ [ ]{4} [^\n]*
    | (?P<ticks> `+ ) [^\n]*? (?P=ticks) | < [^<>\n]* > | \] \( [^()\n]* \) | \]: [^\n]*
    | \{ [^{}\n]* \}
    | ' | (?P<closing> (?<= [^\s(\[—–*_>-] ) " | " (?= [\s.,;:!?)\]] | \Z ) ) | "
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
# By whether the words and the site run from right to left.
_DIRECTIONS = {(True, False): ' dir="rtl"', (False, True): ' dir="ltr"'}


def escape(text: str) -> str:
    """Text as inert Markdown on one line: every special sign becomes a character reference.

    Apostrophes are curly: with an extension for them, engines would read every page twice.

    >>> escape("*a* <b> R&D's")
    '&#42;a&#42; &lt;b&gt; R&amp;D’s'
    """
    return escape_value(text.replace("'", "’"))


def escape_value(text: str) -> str:
    """Text for an attribute: as `escape` gives it, with its own apostrophes."""
    return _SPECIAL.sub(_special, join_blanks(text))


def curl_quotes(page: str) -> str:
    r"""A page written by hand, with curly quotation marks in its prose, but where it is indented.

    >>> print(curl_quotes('It\'s **"so"**, "*a*" `"x"` [a](b "c")\n\n    if "":'))
    It’s **“so”**, “*a*” `"x"` [a](b "c")
    <BLANKLINE>
        if "":
    """
    return _QUOTE.sub(_curl, page)


def _curl(match: re.Match[str]) -> str:
    sign = match[0]
    return "’" if sign == "'" else ("”" if match["closing"] else "“") if sign == '"' else sign


def escape_html(text: str) -> str:
    """Text on one line for a block of raw HTML, which only a line break could end."""
    return _escape_signs(" ".join(text.split()))


def escape_label(text: str) -> str:
    """Text as `escape_html` gives it, with the curly apostrophes that Markdown gets."""
    return escape_html(text.replace("'", "’"))


def as_line(markdown: str) -> str:
    """Escaped text and the build's markup as a line that opens no block, with links, not images."""
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


def link(words: str, target: str, title: str = "", attributes: str = "", *, entry: str = "") -> str:
    """A link; `words` are Markdown, target and title are plain text.

    `finish_page` adds to the title the short text of the entry with the slug `entry`.

    >>> print(link("words", "page.md", "what 'it' is (or 'was')"))
    [words](page.md "what 'it' is (or 'was'&#41;")
    """
    told = escape_title(title) + (_SHORT + entry if entry else "")
    quoted = f' "{told}"' if told else ""
    inside = escape_target(target)
    if "&" in inside:
        inside = _REFERENCE.sub("&amp;", inside)
    return f"[{words}]({inside}{quoted})" + (f"{{ {attributes} }}" if attributes else "")


def escape_title(text: str) -> str:
    """Text for the title of a link: Python-Markdown ends a link at a parenthesis in its title."""
    return escape_value(text).replace(")", "&#41;")


def link_from_top(words: str, target: str, style: str = "", data: str = "") -> str:
    """A link to a page or a file by its path from the site's top, as HTML for `finish_page`."""
    opening = f'<a class="{style}"' if style else "<a"
    return f'{opening} href="{_TOP}{target}"{data}>{words}</a>'


def as_html(line: str, page: str = "") -> str:
    """Escaped text and links on a page as HTML for `finish_page`: engines render it fastest.

    The links have no titles and no attributes.
    """

    def write(found: re.Match[str]) -> str:
        words, target = found.groups()
        if not target.startswith(("#", "https:", "http:")):
            return link_from_top(words, from_top(target, page))
        target = target.replace("&amp;", "&").replace("&", "&amp;")
        return f'<a href="{target}">{words}</a>'

    return _LINK.sub(write, line)


def render_list(items: str) -> str:
    """Items that begin with <li> and have no end tag, which engines would read too, as a list."""
    return f"<ul>\n{as_html(items)}</ul>\n\n"


def finish_page(page: bytes, path: str, offline: bool, shorts: Mapping[bytes, bytes]) -> bytes:
    r"""The page at a path with the links of its HTML final; offline, they lead to files.

    `shorts` are short texts of entries, as in the title of a link, by slug.

    >>> [finish_page(b'<a href="\1a/b.md#c">', "a/d.md", one, {}) for one in (False, True)]
    [b'<a href="../../a/b/#c">', b'<a href="../a/b.html#c">']
    >>> finish_page(b"\1a/b.md", "a/d.md", False, {})
    b'\x01a/b.md'
    >>> finish_page(b'[a](b "A: \2a")', "a/d.md", False, {b"a": b"a letter"})
    b'[a](b "A: a letter")'
    """
    up = "../" * (path if offline else page_address(path)).count("/")

    # Lists lead to the same few pages again and again.
    @cache
    def finish_path(target: bytes) -> bytes:
        shown = target.decode()
        ending = shown.removesuffix(".md") + ".html" * shown.endswith(".md")
        return (up + (ending if offline else page_address(shown))).encode()

    def finish(found: re.Match[bytes]) -> bytes:
        return shorts.get(found[2], found[0]) if found[2] else finish_path(found[1])

    return _UNFINISHED.sub(finish, page)


def language_attributes(lang: str) -> str:
    """The attributes of a block in a language, after a blank; "" for the site's, and for "".

    >>> language_attributes("he"), language_attributes("fr"), language_attributes("en")
    (' lang="he" dir="rtl"', ' lang="fr"', '')
    """
    own = site_language()
    if lang in ("", own):
        return ""
    turned = runs_right_to_left(lang), runs_right_to_left(own)
    return f' lang="{lang}"' + _DIRECTIONS.get(turned, "")


def quote(text: str) -> str:
    """Text of other people in the quotation marks of the site's language."""
    return tr("“{words}”", words=escape(text))


def in_language(markdown: str, lang: str) -> str:
    """Words inside a line of the site's language, with their own language and direction."""
    attributes = language_attributes(lang)
    return f"<bdi{attributes}>{markdown}</bdi>" if attributes and markdown else markdown


def in_either(markdown: str, lang: str) -> str:
    """The editor's words in either language; their letters decide the direction."""
    return markdown if lang in ("", site_language()) else f"<bdi>{markdown}</bdi>"


def render_head(
    title: str, description: str = "", extra: Mapping[str, object] | None = None
) -> str:
    """A page's front matter, with HTML as title and description: no engine's theme escapes them."""
    fields: dict[str, object] = {"title": _escape_field(title)}
    if description:
        fields["description"] = _escape_field(description)
    fields.update(extra or {})
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
    return "\n".join(["---", *lines, "---", "", ""])


def _escape_field(text: str) -> str:
    # Zensical looks for links in front matter too, and warns of their targets.
    return re.sub(r'[<>&"]|(?<=\])\(', _reference, join_blanks(text))


def render_plain(spans: Iterable[Span], *, written_in: str = "") -> str:
    """Spans without marks; links at the top of the site are relative to the page `written_in`."""
    pieces = []
    for target, run in groupby(spans, key=attrgetter("target")):
        said = ((escape(span.said), span.emphasis) for span in run)
        words = "".join(f"<em>{text}</em>" if emphasis else text for text, emphasis in said)
        pieces.append(link(words, from_top(target, written_in)) if target else words)
    return as_line("".join(pieces).strip())


def render_paragraphs(paragraphs: Iterable[Paragraph], attributes: str = "") -> str:
    """Paragraphs without marks, each followed by a blank line."""
    behind = f"\n{{: {attributes} }}" if attributes else ""
    return "".join(f"{render_plain(paragraph.spans)}{behind}\n\n" for paragraph in paragraphs)
