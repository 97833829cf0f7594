"""What searches read: the index of a site generator with passages, and records for Pagefind."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from html.parser import HTMLParser
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from build_tools.model.transcript import Passage
from build_tools.pages.markdown import NOT_SEARCHED
from build_tools.text.wording import plain_text, render_address

# An entry of an index; both engines read its title, text and path as HTML.
Document = dict[str, Any]

_RenderPassage = Callable[[Passage, str], Document]
_Prepare = Callable[[Iterable[Document]], Iterable[Document]]

_SENTENCE_END = re.compile(r"(?<=[.?!…])\s|(?<=[.?!…][”’)])\s")
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def render_index(index: str, passages: Iterable[Passage]) -> str:
    """The index of Material or Zensical with passages for chapters; ValueError for any other."""
    parsed = json.loads(index)
    shape = next((name for name in _SHAPES if name in parsed), "")
    if not shape:
        raise ValueError(f"it has neither of {' and '.join(_SHAPES)}")
    by_page: dict[str, list[Passage]] = {}
    for passage in passages:
        for ending in ("/", ".html"):
            by_page.setdefault(f"transcripts/{passage.transcript}{ending}", []).append(passage)
    render, prepare = _SHAPES[shape]
    documents: list[Document] = []
    title = ""
    for document in prepare(parsed[shape]):
        page, hash_sign, _ = document["location"].partition("#")
        if hash_sign and page in by_page and document["title"] != title:
            continue
        documents.append(document)
        if not hash_sign:
            title = document["title"]
            documents += [render(passage, page) for passage in by_page.get(page, ())]
    return json.dumps({**parsed, shape: documents}, ensure_ascii=False, separators=(",", ":"))


def _join_titles(documents: Iterable[Document]) -> Iterable[Document]:
    """The documents, with each page's joined to that of the heading that has the page's title.

    Zensical would show them as two results; Material shows them as one, and ranks it higher.
    """
    joined: list[Document] = []
    for before, document in pairwise(({}, *documents)):
        page, hash_sign, _ = document["location"].partition("#")
        if hash_sign and (before.get("location"), before.get("title")) == (page, document["title"]):
            joined[-1] = {**before, "text": f"{document['text']} {before['text']}".strip()}
        else:
            joined.append(document)
    return joined


def _material_document(passage: Passage, page: str) -> Document:
    """A document without the page's title, since Material shows results below that title."""
    return {
        "location": f"{page}#{passage.address}",
        "title": " · ".join(filter(None, (_render_speaker(passage), _to_html(passage.chapter)))),
        "text": _render_text(passage),
    }


def _zensical_document(passage: Passage, page: str) -> Document:
    """A document whose path has the page's title, since Zensical shows each result alone.

    A speaker in the title would rank all their paragraphs before the entry about them.
    """
    return {
        "location": f"{page}#{passage.address}",
        "level": 2,
        "title": _to_html(passage.chapter or passage.title),
        "text": _render_text(passage),
        "path": [_to_html(passage.title), _render_speaker(passage)],
        "tags": [],
    }


# By the name of an index's list of documents: how to render a passage, how to prepare the others.
_SHAPES: dict[str, tuple[_RenderPassage, _Prepare]] = {
    "docs": (_material_document, iter),
    "items": (_zensical_document, _join_titles),
}


def _render_speaker(passage: Passage) -> str:
    place = render_address(passage.time, passage.address)
    return ", ".join(filter(None, (_to_html(passage.speaker), place)))


def _render_text(passage: Passage) -> str:
    """A paragraph for each sentence, since themes show the paragraphs that have the words."""
    return "".join(f"<p>{_to_html(block)}</p>" for block in list_blocks(passage))


def list_blocks(passage: Passage) -> list[str]:
    """The texts of a passage: its sentences, as said and heard, and the editor's notes."""
    said = "".join(
        f"{piece.said} (heard: {piece.heard})".lstrip() if piece.heard else piece.said
        for piece in passage.pieces
    )
    blocks = _SENTENCE_END.split(join_printable(said))
    for kind, reason in ((note.kind, plain_text(note.reason)) for note in passage.footnotes):
        label = f"Correction, {kind.value}" if kind.is_correction else kind.label
        blocks.append(f"{label}: {reason}")
    blocks += [f"Doubt: {question}" for question in passage.questions]
    if passage.summary:
        blocks.append(f"In brief: {plain_text(passage.summary)}")
    return blocks


def join_printable(text: str) -> str:
    """A text on one line, without characters that no page can show."""
    return _UNPRINTABLE.sub(" ", text).strip()


def _to_html(text: str) -> str:
    # Zensical decodes these three character references and no others.
    return escape(join_printable(text), quote=False)


# Pagefind ----------------------------------------------------------------------------------------
#
# A record for each passage would make the list of records, which every reader fetches, the greater
# part of a query; a record for each transcript would join words that are an hour apart. So a record
# is the speech of one speaker in a chapter, and in further chapters while it is short.

# Names of the filters in pages and indexes.
FILTERS = ("speaker", "transcript", "year")

# Words from which on a record ends with its chapter.
_LONG_ENOUGH = 500
# Separates the chapters of a record, each an address and a title.
_SEPARATOR = " ¶ "
_PAGE = "<!doctype html><html><body>{}</body></html>"

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_VOID = frozenset(("br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
# The end of any other element ends a word.
_INLINE = {"a", "abbr", "b", "cite", "code", "del", "em", "i", "ins", "mark", "q", "s", "small"}
_INLINE |= {"span", "strong", "sub", "u"}
_SKIPPED = frozenset(("script", "style", "svg", "template"))
# The theme's links beside headings and at the top of a page.
_CONTROLS = frozenset(("headerlink", "md-content__button"))


class SpeechRecord(NamedTuple):
    """Passages of one speaker in one transcript, in order."""

    passages: tuple[Passage, ...]

    @property
    def path(self) -> str:
        """The path of its page, below that of its transcript."""
        first = self.passages[0]
        return f"transcripts/{first.transcript}/{first.address}/index.html"


def group_passages(passages: Iterable[Passage]) -> Iterator[SpeechRecord]:
    """The records of all transcripts; passages of one transcript must come one after another."""
    for _, of_transcript in groupby(passages, key=lambda passage: passage.transcript):
        growing: dict[str, list[Passage]] = {}
        for passage in of_transcript:
            own = growing.setdefault(passage.speaker, [])
            chapter_ends = own and own[-1].chapter != passage.chapter
            if chapter_ends and sum(len(one.said.split()) for one in own) >= _LONG_ENOUGH:
                yield SpeechRecord(tuple(own))
                own.clear()
            own.append(passage)
        yield from (SpeechRecord(tuple(own)) for own in growing.values())


def render_record(record: SpeechRecord) -> str:
    """The page of a record: its passages, each after an anchor, and the values of its filters."""
    first = record.passages[0]
    chapters = []
    said = ""
    for _, in_chapter in groupby(record.passages, key=lambda passage: passage.chapter):
        own = list(in_chapter)
        title = join_printable(own[0].chapter).replace("¶", "")
        chapters.append(f"{own[0].address} {title}".strip())
        for passage in own:
            # In a text with a zero-width space, Pagefind ends words at nothing else.
            text = escape(" ".join(list_blocks(passage)).replace("\u200b", ""))
            said += f'<span id="{passage.address}"></span>{text} '
    head = _attribute("meta", "chapters", _SEPARATOR.join(chapters))
    head += "".join(_attribute("filter", name, value) for name, value in list_filters(first))
    return _PAGE.format(f"{head}<div>{said}</div>")


def list_filters(passage: Passage) -> Iterator[tuple[str, str]]:
    """The known filter values of a passage, each with the filter's name."""
    found = zip(FILTERS, (passage.speaker, passage.title, passage.date[:4]), strict=True)
    return ((name, shown) for name, value in found if (shown := join_printable(value)))


def _attribute(kind: str, name: str, value: str) -> str:
    # A separate attribute, so that Pagefind interprets no character of the value.
    return f'<i data-pagefind-{kind}="{name}[data-is]" data-is="{escape(value)}"></i>'


def render_page_record(html: str) -> str:
    """A built page as a record: its headings and searchable words; "" if it has no title."""
    article = _Article()
    article.feed(html)
    article.close()
    title = join_printable(article.title)
    head = _attribute("meta", "title", title)
    return _PAGE.format(head + "".join(article.pieces)) if title else ""


class _Article(HTMLParser):
    """A parser of a page's article: its headings and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.pieces: list[str] = []
        # The tags that are open inside the article, each with whether its text is skipped.
        self._open: list[tuple[str, bool]] = []
        self._section_skipped = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        inside = self._open or tag == "article"
        if not inside or tag in _VOID:
            self.pieces.append(" " if inside else "")
            return
        skipped = tag in _SKIPPED or not _CONTROLS.isdisjoint(values.get("class", "").split())
        if tag in _HEADINGS:
            # A heading that is not searched hides its section, up to the next heading.
            self._section_skipped = NOT_SEARCHED in values
        else:
            skipped |= NOT_SEARCHED in values
        self._open.append((tag, skipped or self._is_skipped()))
        if tag in _HEADINGS and not self._is_silent():
            self.pieces.append(f'<{tag} id="{escape(values.get("id", ""))}">')

    def handle_endtag(self, tag: str) -> None:
        if not any(tag == name for name, _ in self._open):
            return
        while self._open:
            name, _ = self._open.pop()
            if name in _HEADINGS and not self._is_silent():
                self.pieces.append(f"</{name}>")
            if name == tag:
                break
        self.pieces.append(" " if tag not in _INLINE else "")

    def handle_data(self, data: str) -> None:
        if not self._open or self._is_silent():
            return
        if any(name == "h1" for name, _ in self._open):
            self.title += data
        self.pieces.append(escape(data))

    def _is_skipped(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def _is_silent(self) -> bool:
        return self._section_skipped or self._is_skipped()
