"""The search index of a site generator, with passages in the place of a transcript's chapters."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import Any

from build_tools.model.edition import Kind
from build_tools.model.transcript import Passage
from build_tools.text.wording import plain_text, render_address

# What an index holds; both engines make HTML of a document's title, text and path.
Document = dict[str, Any]

_Render = Callable[[Passage, str], Document]
_Prepare = Callable[[Iterable[Document]], Iterator[Document]]

_SENTENCE_END = re.compile(r"(?<=[.?!…])\s|(?<=[.?!…][”’)])\s")
_NOT_SHOWN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def render_index(index: str, passages: Iterable[Passage]) -> str:
    """The index of MkDocs Material or of Zensical, with passages for what it has of transcripts.

    Raises ValueError for an index of neither shape.
    """
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
        page, sign, _ = document["location"].partition("#")
        if sign and page in by_page and document["title"] != title:
            continue
        documents.append(document)
        if not sign:
            title = document["title"]
            documents += [render(passage, page) for passage in by_page.get(page, ())]
    return json.dumps({**parsed, shape: documents}, ensure_ascii=False, separators=(",", ":"))


def _with_heads(documents: Iterable[Document]) -> Iterator[Document]:
    """The documents, the one of a page and that of the heading with its title being one.

    Zensical would show them as two results. Material shows them as one, and counts words in the
    text of a page for more than words in a paragraph.
    """
    page: Document | None = None
    for document in documents:
        location, sign, _ = document["location"].partition("#")
        if page and sign and (location, document["title"]) == (page["location"], page["title"]):
            yield {**page, "text": " ".join((document["text"], page["text"])).strip()}
            page = None
            continue
        if page:
            yield page
        page = None if sign else document
        if sign:
            yield document
    if page:
        yield page


def _material_document(passage: Passage, page: str) -> Document:
    """A result stands below the title of its page, so that its own need not name it."""
    return {
        "location": f"{page}#{passage.address}",
        "title": " · ".join(filter(None, (_render_place(passage), _render(passage.chapter)))),
        "text": _render_text(passage),
    }


def _zensical_document(passage: Passage, page: str) -> Document:
    """A result stands alone, with its path below it.

    What is found in a title comes before all that is found in a path: a speaker's name in the title
    would put each of his paragraphs before the entry about him.
    """
    return {
        "location": f"{page}#{passage.address}",
        "level": 2,
        "title": _render(passage.chapter or passage.title),
        "text": _render_text(passage),
        "path": [_render(passage.title), _render_place(passage)],
        "tags": [],
    }


# Under which name an index has its documents, how one is made, and what becomes of the others.
_SHAPES: dict[str, tuple[_Render, _Prepare]] = {
    "docs": (_material_document, iter),
    "items": (_zensical_document, _with_heads),
}


def _render_place(passage: Passage) -> str:
    place = render_address(passage.time, passage.address)
    return ", ".join(filter(None, (_render(passage.speaker), place)))


def _render_text(passage: Passage) -> str:
    """Each sentence in a paragraph of its own: a theme shows those in which it finds words."""
    return "".join(f"<p>{_render(block)}</p>" for block in list_blocks(passage))


def list_blocks(passage: Passage) -> list[str]:
    """What is found of a passage, as text: its sentences, as said and heard, and the editor's."""
    said = "".join(
        f"{piece.said} (heard: {piece.heard})".lstrip() if piece.heard else piece.said
        for piece in passage.pieces
    )
    blocks = _SENTENCE_END.split(clean(said))
    blocks += [f"{_kind(note.kind)}: {plain_text(note.reason)}" for note in passage.footnotes]
    blocks += [f"Doubt: {question}" for question in passage.questions]
    if passage.summary:
        blocks.append(f"In brief: {plain_text(passage.summary)}")
    return blocks


def clean(text: str) -> str:
    """A text on one line, without what no page can show."""
    return _NOT_SHOWN.sub(" ", text).strip()


def _kind(kind: Kind) -> str:
    return f"Correction, {kind.value}" if kind.is_correction else kind.label


def _render(text: str) -> str:
    # Zensical knows these three character references and no other.
    return escape(clean(text), quote=False)
