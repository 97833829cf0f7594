"""What a search over many transcripts finds, as the small pages that Pagefind reads.

A record for each passage would make the list of all records, which every reader fetches, the
greater part of a query; one for each transcript would find words together that are an hour apart.
So a record is a stretch: what one speaker says in a chapter, and in further ones while it is short.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple

from build_tools.model.transcript import Passage
from build_tools.pages.markdown import NOT_SEARCHED
from build_tools.pages.search import clean, list_blocks

# By what can be filtered, as pages and indexes name it.
FILTERS = ("speaker", "transcript", "year")

# At the end of a chapter a stretch of so many words is long enough.
_LONG_ENOUGH = 500
# Between the chapters of a stretch, each after the address at which it begins.
_BETWEEN = " ¶ "

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_VOID = frozenset(("br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
# Behind any other a word ends.
_INLINE = frozenset(
    (
        *("a", "abbr", "b", "cite", "code", "del", "em", "i", "ins", "mark", "q", "s", "small"),
        *("span", "strong", "sub", "u"),
    )
)
_NOT_READ = frozenset(("script", "style", "svg", "template"))
# The theme's links beside headings and at the top of a page.
_CONTROLS = frozenset(("headerlink", "md-content__button"))


class Stretch(NamedTuple):
    """Passages of one speaker in one transcript, in order."""

    passages: tuple[Passage, ...]

    @property
    def place(self) -> str:
        """Where its record stands: below the page of its transcript."""
        first = self.passages[0]
        return f"transcripts/{first.transcript}/{first.address}/index.html"


def gather_stretches(passages: Iterable[Passage]) -> Iterator[Stretch]:
    """The stretches of all transcripts; those of one are to come one after another."""
    transcript = ""
    open_stretches: dict[str, list[Passage]] = {}
    for passage in passages:
        if passage.transcript != transcript:
            yield from map(_close, open_stretches.values())
            transcript, open_stretches = passage.transcript, {}
        begun = open_stretches.get(passage.speaker)
        if begun and begun[-1].chapter != passage.chapter and _is_long(begun):
            yield _close(begun)
            begun = None
        if begun is None:
            begun = open_stretches[passage.speaker] = []
        begun.append(passage)
    yield from map(_close, open_stretches.values())


def _close(passages: list[Passage]) -> Stretch:
    return Stretch(tuple(passages))


def _is_long(passages: list[Passage]) -> bool:
    return sum(len(passage.said.split()) for passage in passages) >= _LONG_ENOUGH


def render_stretch(stretch: Stretch) -> str:
    """The page of a stretch: an anchor before each passage, and by what it can be filtered."""
    first = stretch.passages[0]
    chapters = []
    for before, passage in zip((None, *stretch.passages), stretch.passages, strict=False):
        if not before or before.chapter != passage.chapter:
            title = clean(passage.chapter).replace("¶", "")
            chapters.append(f"{passage.address} {title}".strip())
    head = _attribute("meta", "chapters", _BETWEEN.join(chapters))
    for name, value in list_filters(first):
        head += _attribute("filter", name, value)
    said = "".join(
        f'<span id="{passage.address}"></span>{escape(_one_line(passage))} '
        for passage in stretch.passages
    )
    return _page(f"{head}<div>{said}</div>")


def _one_line(passage: Passage) -> str:
    # Where Pagefind finds a blank without width, it takes nothing else for the end of a word.
    return " ".join(list_blocks(passage)).replace("\u200b", "")


def list_filters(passage: Passage) -> Iterator[tuple[str, str]]:
    """By what a passage can be filtered; nothing where nobody knows it."""
    values = (clean(passage.speaker), clean(passage.title), clean(passage.date)[:4])
    return ((name, value) for name, value in zip(FILTERS, values, strict=True) if value)


def _attribute(kind: str, name: str, value: str) -> str:
    # The value is an attribute of its own, so that nothing in it means anything to Pagefind.
    return f'<i data-pagefind-{kind}="{name}[data-is]" data-is="{escape(value)}"></i>'


def _page(body: str) -> str:
    return f"<!doctype html><html><body>{body}</body></html>"


def render_page(html: str) -> str:
    """A built page as a record: its headings and words, but for what is not to be searched.

    Where nothing is left of it, there is no record, and this is "".
    """
    article = _Article()
    article.feed(html)
    article.close()
    title, said = clean(article.title), "".join(article.said)
    return _page(_attribute("meta", "title", title) + said) if title else ""


class _Article(HTMLParser):
    """Reads the headings and the text of the article of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.said: list[str] = []
        # The tags that are open inside the article, each with whether it is left out.
        self._open: list[tuple[str, bool]] = []
        self._left_out = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if not (self._open or tag == "article"):
            return
        if tag in _VOID:
            self.said.append(" ")
            return
        heading = tag in _HEADINGS
        if heading:
            # What is not searched of a page ends with the next heading.
            self._left_out = NOT_SEARCHED in values
        out = (
            self._is_out()
            or tag in _NOT_READ
            or not _CONTROLS.isdisjoint(values.get("class", "").split())
            or (NOT_SEARCHED in values and not heading)
        )
        self._open.append((tag, out))
        if heading and not self._is_silent():
            self.said.append(f'<{tag} id="{escape(values.get("id", ""))}">')

    def handle_endtag(self, tag: str) -> None:
        if not any(tag == name for name, _ in self._open):
            return
        while self._open:
            name, _ = self._open.pop()
            if name in _HEADINGS and not self._is_silent():
                self.said.append(f"</{name}>")
            if name == tag:
                break
        self.said.append(" " if tag not in _INLINE else "")

    def handle_data(self, data: str) -> None:
        if not self._open or self._is_silent():
            return
        if any(name == "h1" for name, _ in self._open):
            self.title += data
        self.said.append(escape(data))

    def _is_out(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def _is_silent(self) -> bool:
        return self._left_out or self._is_out()
